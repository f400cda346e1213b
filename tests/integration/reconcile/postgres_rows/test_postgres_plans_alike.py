"""Random tables: every PostgreSQL plan finds what the obvious comparison and the ordered merge find."""

import random
from dataclasses import dataclass
from typing import Any

import pytest

from bot.domain.playbook.row_checks import Rows
from bot.reconcile.rows.postgres import PostgresPlan
from bot.reconcile.rows.streamed import streamed
from tests.integration.reconcile.postgres_rows.obvious import obvious
from tests.integration.reconcile.postgres_rows.postgres_world import PostgresWorld, by_md5, never

TEXTS = ["", "a", "A", "a ", "é", "e\u0301", "漢🙂", "a|b", "b|c", "NULL", "O'Brien", "back\\slash", "a\tb"]


@dataclass(frozen=True)
class Shape:
    """A kind of table: its key's type, whether an index keeps keys apart, how its keys look."""

    key: str
    constraint: str
    other_key: str = ""


SHAPES = {
    "unique int8": Shape("int8", "PRIMARY KEY (id)"),
    "unique int4 in both": Shape("int4", "PRIMARY KEY (id, part)", "text"),
    "int8 without an index": Shape("int8", ""),
    "int8 with an index and duplicates": Shape("int8", "INDEX"),
    "text": Shape("text", "PRIMARY KEY (id)"),
    "text with NULLs": Shape("text", ""),
    "numeric": Shape("numeric", "UNIQUE (id)"),
    "timestamptz and uuid": Shape("timestamptz", "PRIMARY KEY (id, part)", "uuid"),
    "date without an index": Shape("date", ""),
}
COLUMNS = {
    "name": ("text", "text"),
    "code": ("char(5)", "char(5)"),
    "amount": ("numeric(14,2)", "numeric"),
    "rate": ("float8", "float8"),
    "level": ("int4", "int8"),
    "active": ("text", "boolean"),
    "at": ("timestamptz", "timestamptz"),
    "born": ("date", "date"),
    "seen": ("timestamp", "timestamptz"),
    "notes": ("jsonb", "jsonb"),
    "raw": ("bytea", "bytea"),
}
RULES: dict[str, Any] = {
    "active": {"map": {"A": True, "I": False}},
    "name": {"trim": True, "null_is_empty": True},
    "amount": {"round": 1},
    "code": {"show": True},
    "level": {"show": True},
}


def _value(chance: random.Random, declared: str) -> str | None:
    if chance.random() < 0.1:
        return None
    stamp = f"20{chance.randrange(10, 30)}-03-{chance.randrange(1, 29):02} 12:00:0{chance.randrange(3)}"
    made: dict[str, list[str]] = {
        "text": TEXTS,
        "char": ["A", "AB", "é", ""],
        "numeric": ["1.10", "1.1", "-1.1", "1.15", "1.25", "0", "12345678901.01"],
        "float8": ["0", "-0", "0.1", "NaN", "1e300", "-2.5"],
        "int4": ["0", "1", "-1", "7", str(chance.randrange(1000))],
        "int8": ["0", "1", "-1", "7", str(chance.randrange(1000))],
        "timestamptz": [stamp],
        "timestamp": [stamp],
        "date": [stamp[:10]],
        "jsonb": ['{"a": 1}', '{"a": 1.0}', '{"a": -1}', "[1, 2]", "null"],
        "uuid": [f"6f1c2a52-0000-4000-8000-{chance.randrange(5):012}"],
        "bytea": ["\\x", "\\x00", "\\x00ff"],
        "boolean": ["true", "false"],
    }
    return chance.choice(made[declared.partition("(")[0]])


def _key(chance: random.Random, shape: Shape, number: int) -> str | None:
    match shape.key:
        case "int8" | "int4":
            return str((number - 20) * (2**33 if shape.key == "int8" and number % 7 == 0 else 3))
        case "text":
            return chance.choice(["a-1", "A-2", "é", "a_", ""]) + str(number)
        case "numeric":
            return f"{number}.{'10' if number % 2 else '5'}"
        case "timestamptz":
            return f"2024-01-01 00:00:{number % 60:02}+01"
        case _:
            return f"20{10 + number % 90}-01-01"


def _tables(chance: random.Random, shape: Shape) -> tuple[list[list[str | None]], list[list[str | None]]]:
    """Mostly the same rows; some changed, some missing, some there twice, some without a key."""
    unique = shape.constraint not in ("", "INDEX")
    legacy: list[list[str | None]] = []
    for number in range(chance.randrange(60)):
        key = [
            _key(chance, shape, number),
            *([_value(chance, shape.other_key) or "x"] if shape.other_key else []),
        ]
        if shape.other_key == "uuid":
            key[1] = f"6f1c2a52-0000-4000-8000-{number:012}"
        row = [*key, *(_value(chance, one) for one, _ in COLUMNS.values())]
        row[len(key) + 5] = chance.choice(["A", "I", "A", "I", "X", None])
        legacy.append(row)
    new = [list(row) for row in legacy if chance.random() > 0.05]
    active = len(legacy[0]) - len(COLUMNS) + 5 if legacy else 0
    for row in new:
        row[active] = {"A": "true", "I": "false"}.get(row[active] or "", row[active] and "true")
        if chance.random() < 0.2:
            column = chance.randrange(len(COLUMNS))
            row[len(row) - len(COLUMNS) + column] = (
                _value(chance, list(COLUMNS.values())[column][1]) if column != 5 else "true"
            )
    legacy = [row for row in legacy if chance.random() > 0.05]
    if not unique:
        legacy += [list(row) for row in legacy if chance.random() < 0.1]
        new += [list(row) for row in new if chance.random() < 0.1]
        for row in [*legacy, *new]:
            if chance.random() < 0.05:
                row[0] = None
    return legacy, new


def _make(world: PostgresWorld, shape: Shape, number: int, tables: tuple[Any, Any]) -> Rows:
    keys = {"id": (shape.key, shape.key), **({"part": (shape.other_key,) * 2} if shape.other_key else {})}
    declared = {**keys, **COLUMNS}
    for place, (side, rows) in enumerate(zip(("legacy", "new"), tables, strict=True)):
        name = f"{side}_{number}"
        columns = ", ".join(f'"{column}" {types[place]}' for column, types in declared.items())
        constraint = "" if shape.constraint == "INDEX" else shape.constraint
        world.run(
            side,  # type: ignore[arg-type]
            f"DROP TABLE IF EXISTS {name}",
            f"CREATE TABLE {name} ({columns}{', ' + constraint if constraint else ''})",
            *([f"CREATE INDEX ON {name} (id)"] if shape.constraint == "INDEX" else []),
        )
        with world.connection(side).cursor() as cursor:  # type: ignore[arg-type]
            cursor.executemany(
                f"INSERT INTO {name} VALUES ({', '.join(['%s'] * len(declared))})".encode(), rows
            )
    return Rows.model_validate(
        {
            "key": list(keys),
            "legacy": {"table": f"legacy_{number}"},
            "new": {"table": f"new_{number}"},
            "columns": RULES,
        }
    )


@pytest.mark.parametrize("shape", SHAPES)
async def test_two_databases_are_compared_as_the_obvious_comparison_does(
    two_databases: PostgresWorld, shape: str
) -> None:
    for seed in range(3):
        chance = random.Random(f"{shape} {seed}")
        rows = _make(two_databases, SHAPES[shape], 0, _tables(chance, SHAPES[shape]))
        wanted = await obvious(two_databases, await two_databases.comparison(rows))
        assert await two_databases.compare(PostgresPlan(otherwise=never), rows) == wanted
        assert await two_databases.compare(PostgresPlan(otherwise=never, agreed=by_md5), rows) == wanted


@pytest.mark.parametrize("shape", SHAPES)
async def test_one_database_is_compared_as_the_obvious_comparison_does(
    one_database: PostgresWorld, shape: str
) -> None:
    for seed in range(3, 6):
        chance = random.Random(f"{shape} {seed}")
        rows = _make(one_database, SHAPES[shape], 0, _tables(chance, SHAPES[shape]))
        wanted = await obvious(one_database, await one_database.comparison(rows))
        assert await one_database.compare(PostgresPlan(otherwise=never), rows) == wanted
        assert await one_database.compare(streamed, rows) == wanted
