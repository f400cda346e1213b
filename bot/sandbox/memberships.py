"""The channels that the app is in: those of the seed, and those that it joined."""

from bot.sandbox.directory import Channel
from bot.sandbox.persistence import Storage
from bot.sandbox.seed import Seed


class Memberships:
    """What the app may read and hears of. It is always in its direct messages."""

    def __init__(self, *, seed: Seed, storage: Storage) -> None:
        self._storage = storage
        self._from_the_start = {channel.id for channel in seed.channels if channel.app_is_member}
        self._joined = self._from_the_start | storage.joined()

    def has(self, channel: Channel) -> bool:
        """Whether the app is in a channel."""
        return channel.im_user is not None or channel.id in self._joined

    def join(self, channel: Channel) -> None:
        """The app is in this channel from now on."""
        self._storage.join(channel.id)
        self._joined.add(channel.id)

    def clear(self) -> None:
        """As it was at the start."""
        self._joined = set(self._from_the_start)
