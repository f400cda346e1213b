"""People, user groups and channels of a workspace."""

from dataclasses import dataclass

from bot.sandbox.json_values import JsonObject
from bot.sandbox.seed import Seed, SeedPerson, SeedUsergroup


@dataclass(frozen=True, kw_only=True)
class Channel:
    """A channel, or a direct message with the app when `im_user` is set."""

    id: str
    name: str
    topic: str = ""
    archived: bool = False
    im_user: str | None = None


class Directory:
    """Looks up who and what there is. Direct messages exist once they were opened."""

    def __init__(self, *, seed: Seed) -> None:
        self.seed = seed
        self.people = {person.id: person for person in seed.people}
        self.usergroups = {group.id: group for group in seed.usergroups}
        self._channels = {
            channel.id: Channel(
                id=channel.id,
                name=channel.name,
                topic=channel.topic,
                archived=channel.archived,
            )
            for channel in seed.channels
        }

    def person(self, user_id: str) -> SeedPerson | None:
        """A member by id; the app's own user is none."""
        return self.people.get(user_id)

    def usergroup(self, group_id: str) -> SeedUsergroup | None:
        """A user group by id."""
        return self.usergroups.get(group_id)

    def channels(self) -> list[Channel]:
        """Every channel and every direct message that was opened."""
        return list(self._channels.values())

    def channel(self, reference: str) -> Channel | None:
        """A channel by id, `#name` or name; a person's id or D… id is their direct message."""
        if reference in self._channels:
            return self._channels[reference]
        user_id = f"U{reference[1:]}" if reference.startswith("D") else reference
        if user_id in self.people:
            return self.open_im(user_id)
        name = reference.removeprefix("#")
        return next((c for c in self._channels.values() if c.name == name and c.im_user is None), None)

    def open_im(self, user_id: str) -> Channel:
        """The direct message between the app and a person."""
        channel_id = f"D{user_id[1:]}"
        return self._channels.setdefault(
            channel_id, Channel(id=channel_id, name="directmessage", im_user=user_id)
        )

    def user_object(self, user_id: str) -> JsonObject | None:
        """A member as Slack's user object, the app's own user included."""
        person = self.people.get(user_id)
        if person is None and user_id != self.seed.bot_user_id:
            return None
        name = person.username if person else self.seed.app_name.lower()
        real_name = person.name if person else self.seed.app_name
        profile: JsonObject = {
            "title": person.title if person else "",
            "real_name": real_name,
            "display_name": real_name,
            "real_name_normalized": real_name,
            "email": f"{name}@{self.seed.team_domain}.example" if person else None,
            "team": self.seed.team_id,
        }
        return {
            "id": user_id,
            "team_id": self.seed.team_id,
            "name": name,
            "deleted": False,
            "real_name": real_name,
            "tz": "Europe/Berlin",
            "tz_label": "Central European Time",
            "tz_offset": 3600,
            "profile": profile,
            "is_admin": False,
            "is_owner": False,
            "is_restricted": False,
            "is_ultra_restricted": False,
            "is_bot": person is None,
            "is_app_user": False,
            "updated": 0,
        }
