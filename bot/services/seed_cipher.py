"""Seeds of second factors as they are kept: encrypted with a key of the environment, each for its person."""

from importlib import import_module
from typing import TYPE_CHECKING

from bot.domain.errors import RefusedError, SettingsError

if TYPE_CHECKING:
    from cryptography.fernet import Fernet

# Most commands have no key, and to import it takes a tenth of their start.
_LIBRARY = "cryptography.fernet"

KEY_NAME = "SWITCHBACK_FACTOR_KEY"
_HOW = "Make a key with `switchback factors new-key`, and give it to the bot and the terminal"


class SeedCipher:
    """Encrypts and decrypts. Neither the key nor a seed is ever in an error."""

    def __init__(self, key: str | None) -> None:
        """Raises SettingsError for what is no key."""
        try:
            self._fernet: Fernet | None = None if key is None else import_module(_LIBRARY).Fernet(key)
        except ValueError:
            raise SettingsError(f"{KEY_NAME} is not a key", do=_HOW) from None

    @staticmethod
    def new_key() -> str:
        """A key that nobody has."""
        key: bytes = import_module(_LIBRARY).Fernet.generate_key()
        return key.decode()

    def encrypted(self, seed: str, *, person: str) -> str:
        """A person's seed, to be kept. Raises RefusedError without a key."""
        return self._opened().encrypt(f"{person}\n{seed}".encode()).decode()

    def decrypted(self, kept: str, *, person: str) -> str:
        """The seed again. Raises RefusedError without its key, and for a seed that is another person's."""
        try:
            owner, _, seed = self._opened().decrypt(kept.encode()).decode().partition("\n")
        except import_module(_LIBRARY).InvalidToken:
            what = f"The second factor of {person} was kept with another key than {KEY_NAME} is now"
            raise RefusedError(what, field="code", do=_again(person)) from None
        if owner != person:
            what = f"What is kept as the second factor of {person} is somebody else's"
            raise RefusedError(what, field="code", do=_again(person))
        return seed

    def _opened(self) -> "Fernet":
        if self._fernet is None:
            what = f"Second factors cannot be used: {KEY_NAME} is not set"
            raise RefusedError(what, field="code", do=_HOW)
        return self._fernet


def _again(person: str) -> str:
    return f"Have them enrolled again: switchback factors enrol {person} --replace"
