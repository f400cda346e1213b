"""The adapters by kind, found through the entry-point group `switchback.actions`."""

from collections.abc import Iterable, Mapping
from importlib.metadata import entry_points

from bot.domain.errors import SettingsError, UnknownNameError
from bot.ports.action import Action, Parameters

GROUP = "switchback.actions"


class ActionRegistry:
    """Adapters by kind. Registering a kind twice raises SettingsError."""

    def __init__(self, actions: Iterable[Action[Parameters]]) -> None:
        self._actions: dict[str, Action[Parameters]] = {}
        for action in actions:
            if action.kind in self._actions:
                raise SettingsError(
                    f"Two adapters call themselves “{action.kind}”",
                    do="Uninstall one of the packages that register it",
                )
            self._actions[action.kind] = action

    @classmethod
    def installed(cls) -> "ActionRegistry":
        """Every adapter that an installed package registers."""
        return cls(entry.load()() for entry in sorted(entry_points(group=GROUP), key=lambda e: e.name))

    def get(self, kind: str) -> Action[Parameters]:
        """The adapter of a kind. Raises UnknownNameError."""
        if kind not in self._actions:
            raise UnknownNameError("adapter", kind, self._actions)
        return self._actions[kind]

    def parameters(self) -> Mapping[str, type[Parameters]]:
        """Each kind's model of parameters."""
        return {kind: action.parameters for kind, action in self._actions.items()}
