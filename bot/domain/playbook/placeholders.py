"""Placeholders that nothing stands for, in a playbook as it was read."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from bot.domain.errors import nearest
from bot.domain.playbook.filling import Placeholder, placeholders
from bot.domain.playbook.plain import Names, Path, at, declared_if_any, items, mapping


@dataclass(frozen=True)
class Misplaced:
    """A placeholder that means nothing where it stands."""

    path: Path
    message: str


def misplaced(document: Mapping[str, object]) -> Iterator[Misplaced]:
    """Keys that an environment does not define, inputs that a plan does not have or has two kinds of."""
    environments = {
        name: frozenset(map(str, mapping(values)))
        for name, values in mapping(document.get("environments")).items()
    }
    for name, values in mapping(document.get("environments")).items():
        for key, value in mapping(values).items():
            for one in placeholders(str(value)):
                message = f"{one} is not filled in here; write the value itself"
                yield Misplaced(("environments", name, key), message)
    yield from _same_everywhere(document)
    rehearsed = str(at(document, "rehearsal", "environment"))
    for index, compared in enumerate(items(at(document, "rehearsal", "compare"))):
        for one in placeholders(str(at(compared, "url") or "")):
            place: Path = ("rehearsal", "compare", index, "url")
            if one.origin == "input":
                yield Misplaced(place, f"{one} may not stand here; only an environment's values may")
            elif rehearsed in environments:
                yield from _unknown(place, one, {rehearsed: environments[rehearsed]})
    for plan_id, plan in mapping(document.get("plans")).items():
        inputs = declared_if_any(mapping(plan), "inputs")
        for path, text in _parameters(("plans", plan_id), plan):
            for one in placeholders(text):
                known = environments if one.origin == "environment" else {"": inputs}
                yield from _unknown(path, one, known)


def _unknown(path: Path, one: Placeholder, known: Mapping[str, Names]) -> Iterator[Misplaced]:
    every = sorted({name for names in known.values() for name in names or ()})
    alike = nearest(one.name, every)
    hint = f"; did you mean {alike}?" if alike and alike != one.name else ""
    for where, names in known.items():
        if names is None or one.name in names:
            continue
        if one.origin == "environment":
            yield Misplaced(path, f"environment “{where}” has no “{one.name}”, which {one} stands for{hint}")
        else:
            yield Misplaced(path, f"no input “{one.name}” of this plan{hint or '; declare it in its inputs'}")


def _same_everywhere(document: Mapping[str, object]) -> Iterator[Misplaced]:
    """A run may go on with another plan, with what was typed for both: one id has one meaning."""
    first: dict[object, tuple[str, object]] = {}
    for plan_id, plan in mapping(document.get("plans")).items():
        for index, one in enumerate(items(at(plan, "inputs"))):
            name = at(one, "id")
            before, same = first.setdefault(name, (plan_id, one))
            if name is not None and before != plan_id and same != one:
                message = f"plan “{before}” declares input “{name}” otherwise; give one of them another id"
                yield Misplaced(("plans", plan_id, "inputs", index, "id"), message)


def _parameters(path: Path, plan: object) -> Iterator[tuple[Path, str]]:
    for index, stage in enumerate(items(at(plan, "stages"))):
        for number, step in enumerate(items(at(stage, "steps"))):
            place: Path = (*path, "stages", index, "steps", number)
            yield from _texts((*place, "with"), at(step, "with"))
            yield from _texts((*place, "undo", "with"), at(step, "undo", "with"))


def _texts(path: Path, value: object) -> Iterator[tuple[Path, str]]:
    if isinstance(value, str):
        yield path, value
    for key, one in mapping(value).items():
        yield from _texts((*path, key), one)
    for index, one in enumerate(items(value)):
        yield from _texts((*path, index), one)
