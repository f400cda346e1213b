"""Seeds of second factors as they are kept: encrypted with a key of the environment, each for its person."""

from cryptography.fernet import Fernet, InvalidToken

from bot.domain.errors import RefusedError, SettingsError

KEY_NAME = "SWITCHBACK_FACTOR_KEY"
_HOW = "Make a key with `switchback factors new-key`, and give it to the bot and the terminal"


class SeedCipher:
    """Encrypts and decrypts. Neither the key nor a seed is ever in an error."""

    def __init__(self, key: str | None) -> None:
        """Raises SettingsError for what is no key."""
        try:
            self._fernet = None if key is None else Fernet(key)
        except ValueError:
            raise SettingsError(f"{KEY_NAME} is not a key", do=_HOW) from None

    def encrypted(self, seed: str, *, person: str) -> str:
        """A person's seed, to be kept. Raises RefusedError without a key."""
        return self._opened().encrypt(f"{person}\n{seed}".encode()).decode()

    def decrypted(self, kept: str, *, person: str) -> str:
        """The seed again. Raises RefusedError without its key, and for a seed that is another person's."""
        try:
            owner, _, seed = self._opened().decrypt(kept.encode()).decode().partition("\n")
        except InvalidToken:
            what = f"The second factor of {person} was kept with another key than {KEY_NAME} is now"
            raise RefusedError(what, field="code", do=_again(person)) from None
        if owner != person:
            what = f"What is kept as the second factor of {person} is somebody else's"
            raise RefusedError(what, field="code", do=_again(person))
        return seed

    def _opened(self) -> Fernet:
        if self._fernet is None:
            what = f"Second factors cannot be used: {KEY_NAME} is not set"
            raise RefusedError(what, field="code", do=_HOW)
        return self._fernet


def _again(person: str) -> str:
    return f"Have them enrolled again: switchback factors enrol {person} --replace"
