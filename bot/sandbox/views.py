"""The modals people have open, and their App Homes."""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

from bot.sandbox.block_ids import with_ids
from bot.sandbox.clock import Clock, Ids
from bot.sandbox.input_state import complete_state
from bot.sandbox.json_values import Json, JsonObject, as_object
from bot.sandbox.seed import Seed

#: https://docs.slack.dev/surfaces/modals#view_stack
MOST_STACKED = 3


@dataclass(frozen=True, kw_only=True)
class View:
    """A view as its person has it. `body` is Slack's view object; errors are by block_id."""

    id: str
    user: str
    body: JsonObject
    errors: JsonObject = field(default_factory=dict)

    @property
    def hash(self) -> str:
        """Changes with every change of the view."""
        return str(self.body["hash"])


class ViewStackFullError(Exception):
    """A fourth modal cannot be put on top of three."""


class ViewStore:
    """Stacks of open modals and published homes, by person."""

    def __init__(self, *, clock: Clock, ids: Ids, seed: Seed) -> None:
        self._clock = clock
        self._ids = ids
        self._seed = seed
        self._stacks: dict[str, list[View]] = {}
        self._homes: dict[str, View] = {}
        self._listeners: list[Callable[[str], None]] = []

    def on_change(self, listener: Callable[[str], None]) -> None:
        """Call the listener with the person's id after each change of their modals."""
        self._listeners.append(listener)

    def top(self, user: str) -> View | None:
        """The modal a person sees."""
        stack = self._stacks.get(user)
        return stack[-1] if stack else None

    def home(self, user: str) -> View | None:
        """The home published for a person."""
        return self._homes.get(user)

    def find(self, view_id: str) -> View | None:
        """An open modal or a home by its id."""
        return next((view for view in self._all() if view.id == view_id), None)

    def find_external(self, external_id: str) -> View | None:
        """An open modal or a home by the id the app chose."""
        return next((v for v in self._all() if v.body.get("external_id") == external_id), None)

    def open(self, *, user: str, definition: JsonObject) -> View:
        """Open a modal; it takes the place of any stack the person had open."""
        view = self._new(user=user, definition=definition, below=None)
        self._stacks[user] = [view]
        self._changed(user)
        return view

    def push(self, *, user: str, definition: JsonObject) -> View:
        """Put a modal on top. Raises ViewStackFullError."""
        stack = self._stacks.setdefault(user, [])
        if len(stack) >= MOST_STACKED:
            raise ViewStackFullError
        view = self._new(user=user, definition=definition, below=stack[-1] if stack else None)
        stack.append(view)
        self._changed(user)
        return view

    def update(self, view: View, definition: JsonObject) -> View:
        """Give an open view another definition; what is filled in stays where the input stays."""
        names = ("id", "root_view_id", "previous_view_id")
        kept: JsonObject = {name: view.body[name] for name in names}
        values = as_object(view.body.get("state")).get("values")
        body = {**self._body(definition, values=values), **kept}
        updated = replace(view, body=body, errors={})
        self._replace(updated)
        return updated

    def publish(self, *, user: str, definition: JsonObject) -> View:
        """Set a person's home."""
        known = self._homes.get(user)
        if known is not None:
            return self.update(known, definition)
        self._homes[user] = self._new(user=user, definition=definition, below=None)
        self._changed(user)
        return self._homes[user]

    def fill_in(self, view: View, values: Mapping[str, Json]) -> View:
        """Set what the person filled in."""
        state = {"values": complete_state(view.body.get("blocks"), values)}
        filled = replace(view, body={**view.body, "state": state}, errors={})
        self._replace(filled)
        return filled

    def show_errors(self, view: View, errors: JsonObject) -> None:
        """Show messages at the view's inputs."""
        self._replace(replace(view, errors=errors))

    def close(self, view: View) -> None:
        """Close a modal and those on top of it."""
        stack = self._stacks.get(view.user, [])
        position = next((i for i, other in enumerate(stack) if other.id == view.id), len(stack))
        del stack[position:]
        self._changed(view.user)

    def close_all(self, user: str) -> None:
        """Close a person's whole stack."""
        self._stacks.pop(user, None)
        self._changed(user)

    def clear(self) -> None:
        """Forget every view without telling anyone."""
        self._stacks.clear()
        self._homes.clear()

    def _all(self) -> list[View]:
        return [view for stack in self._stacks.values() for view in stack] + [*self._homes.values()]

    def _new(self, *, user: str, definition: JsonObject, below: View | None) -> View:
        view_id = f"V{self._ids.token()}"
        body = self._body(definition, values=None)
        body["id"] = view_id
        body["previous_view_id"] = below.id if below else None
        body["root_view_id"] = below.body["root_view_id"] if below else view_id
        return View(id=view_id, user=user, body=body)

    def _body(self, definition: JsonObject, *, values: Json) -> JsonObject:
        blocks = with_ids(definition.get("blocks"), ids=self._ids)
        token = hashlib.sha256(self._ids.token().encode()).hexdigest()[:8]
        return {
            "team_id": self._seed.team_id,
            "callback_id": "",
            "private_metadata": "",
            "title": None,
            "submit": None,
            "close": None,
            "clear_on_close": False,
            "notify_on_close": False,
            "external_id": "",
            **definition,
            "blocks": blocks,
            "state": {"values": complete_state(blocks, values)},
            "hash": f"{int(self._clock.now())}.{token}",
            "app_id": self._seed.app_id,
            "app_installed_team_id": self._seed.team_id,
            "bot_id": self._seed.bot_id,
        }

    def _replace(self, view: View) -> None:
        if self._homes.get(view.user, view).id == view.id and view.user in self._homes:
            self._homes[view.user] = view
        stack = self._stacks.get(view.user, [])
        self._stacks[view.user] = [view if other.id == view.id else other for other in stack]
        self._changed(view.user)

    def _changed(self, user: str) -> None:
        for listener in self._listeners:
            listener(user)
