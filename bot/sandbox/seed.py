"""Who and what is in a new workspace."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class SeedPerson:
    """A member of the workspace."""

    id: str
    name: str
    title: str

    @property
    def username(self) -> str:
        """The name in Slack's short form: sam.okafor."""
        return self.name.lower().replace(" ", ".")


@dataclass(frozen=True, kw_only=True)
class SeedUsergroup:
    """A user group, with the ids of its members."""

    id: str
    handle: str
    name: str
    members: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class SeedChannel:
    """A public channel. An app that is no member has to join before it can read there."""

    id: str
    name: str
    topic: str = ""
    app_is_member: bool = False
    archived: bool = False


@dataclass(frozen=True, kw_only=True)
class Seed:
    """The first content of a workspace."""

    people: tuple[SeedPerson, ...]
    usergroups: tuple[SeedUsergroup, ...] = ()
    channels: tuple[SeedChannel, ...] = ()
    team_id: str = "T0LOCAL"
    team_name: str = "Local workspace"
    team_domain: str = "local-workspace"
    app_id: str = "A0SWITCH"
    app_name: str = "Switchback"
    bot_user_id: str = "U0BOT"
    bot_id: str = "B0BOT"


DEFAULT_SEED = Seed(
    people=(
        SeedPerson(id="U0ONCALL", name="Sam Okafor", title="on-call engineer"),
        SeedPerson(id="U0SECOND", name="Kim Larsen", title="second engineer"),
        SeedPerson(id="U0DATA", name="Ana Ruiz", title="data lead"),
        SeedPerson(id="U0MGRA", name="Lee Chen", title="manager"),
        SeedPerson(id="U0MGRB", name="Priya Nair", title="manager"),
        SeedPerson(id="U0GUEST", name="Robin Vale", title="no role"),
    ),
    usergroups=(
        SeedUsergroup(
            id="S0ONCALL",
            handle="planwise-oncall",
            name="Planwise on-call",
            members=("U0ONCALL", "U0SECOND"),
        ),
        SeedUsergroup(id="S0DATA", handle="planwise-data", name="Planwise data", members=("U0DATA",)),
        SeedUsergroup(
            id="S0MGMT",
            handle="planwise-managers",
            name="Planwise managers",
            members=("U0MGRA", "U0MGRB"),
        ),
    ),
    channels=(
        SeedChannel(id="C0INCIDENTS", name="incidents", topic="Incidents and rollbacks"),
        SeedChannel(id="C0PARALLEL", name="planwise-parallel-run", topic="Daily comparison of Planwise"),
        SeedChannel(id="C0CUTOVER", name="planwise-cutover", topic="Gates and approvals"),
    ),
)
