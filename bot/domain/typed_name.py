"""The typed confirmation: the migration's name, exactly so, for what changes the world."""

from bot.domain.errors import RefusedError


def must_be_typed(migration: str, typed: str) -> None:
    """Raises RefusedError, at the field `name`, for anything but the migration's name."""
    if typed.strip() != migration:
        raise RefusedError(f"Type {migration}, exactly so", field="name")
