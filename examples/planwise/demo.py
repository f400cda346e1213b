"""Planwise in `make demo`: both systems and their router, twice, the second time for staging."""

from examples.demo_example import DemoExample, Place, script
from examples.demo_processes import Part

PORTS = {
    "PLANWISE_LEGACY_PORT": 8711,
    "PLANWISE_NEW_PORT": 8712,
    "PLANWISE_ROUTER_PORT": 8713,
    "PLANWISE_STAGING_LEGACY_PORT": 8721,
    "PLANWISE_STAGING_NEW_PORT": 8722,
    "PLANWISE_STAGING_ROUTER_PORT": 8723,
}


def _parts(place: Place) -> list[Part]:
    def part(name: str, file: str, *arguments: str) -> Part:
        setting = f"PLANWISE_{name.upper()}_PORT"
        listening = ("--port", str(place.ports[setting]), "--data", str(place.playbook / "data"))
        command = script("planwise", file, *arguments, *listening)
        return Part(name, command, f"{place.url(setting)}/health", needed=False)

    staging = script(
        "planwise",
        "staging.py",
        *("--data", str(place.playbook / "staging")),
        *("--legacy-port", str(place.ports["PLANWISE_STAGING_LEGACY_PORT"])),
        *("--new-port", str(place.ports["PLANWISE_STAGING_NEW_PORT"])),
        *("--router-port", str(place.ports["PLANWISE_STAGING_ROUTER_PORT"])),
    )
    routed = ("--legacy", place.url("PLANWISE_LEGACY_PORT"), "--new", place.url("PLANWISE_NEW_PORT"))
    return [
        part("legacy", "service.py", "legacy"),
        part("new", "service.py", "new"),
        part("router", "router.py", *routed),
        # The router comes last of the three.
        Part("staging", staging, f"{place.url('PLANWISE_STAGING_ROUTER_PORT')}/health", needed=False),
    ]


def _try_first(place: Place) -> str:
    return f"""\
  Try first, as Sam Okafor, the on-call engineer:
    1. /reconcile planwise    the six daily checks; four of them fail, by seeded discrepancies
    2. /rollback planwise     the question appears in #incidents; answer beside the measured values
    3. Look at the preview, press “Roll back planwise…”, type planwise, and watch it run
    4. /rollback planwise rehearse   the same for real in staging, and forward again; then it is signed
  Look from outside:  curl -i {place.url("PLANWISE_ROUTER_PORT")}/employees/count"""


PLANWISE = DemoExample(
    name="planwise",
    ports=PORTS,
    # Staging has few people, and both systems agree about them.
    data={"data": (), "staging": ("--variant", "clean", "--employees", "2000")},
    parts=_parts,
    try_first=_try_first,
)
