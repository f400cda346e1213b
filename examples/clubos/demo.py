"""Clubos in `make demo`: both systems, and both again in staging, two days after a cutover."""

from examples.demo_example import EXAMPLES, DemoExample, Place, script
from examples.demo_processes import Part

PORTS = {
    "CLUBOS_LEGACY_PORT": 8731,
    "CLUBOS_NEW_PORT": 8732,
    "CLUBOS_STAGING_LEGACY_PORT": 8741,
    "CLUBOS_STAGING_NEW_PORT": 8742,
}
# Those whose approval takes a code: the managers at the cutover, the board at a rollback in grace.
PEOPLE = {
    "U0MGRA": "Lee Chen",
    "U0MGRB": "Priya Nair",
    "U0CHAIR": "Ruth Abel",
    "U0BOARDB": "Tomas Weiss",
    "U0BOARDC": "Ines Faria",
    "U0BOARDD": "Joan Muir",
    "U0BOARDE": "Hal Brandt",
}


def _parts(place: Place) -> list[Part]:
    def part(name: str) -> Part:
        setting = f"CLUBOS_{name.upper()}_PORT"
        listening = ("--port", str(place.ports[setting]), "--data", str(place.playbook / "data"))
        command = script("clubos", f"{name}_service.py", *listening)
        return Part(name, command, f"{place.url(setting)}/health", needed=False)

    staging = script(
        "clubos",
        "staging.py",
        *("--data", str(place.playbook / "staging")),
        *("--legacy-port", str(place.ports["CLUBOS_STAGING_LEGACY_PORT"])),
        *("--new-port", str(place.ports["CLUBOS_STAGING_NEW_PORT"])),
    )
    # The new system comes last of the two.
    staged = f"{place.url('CLUBOS_STAGING_NEW_PORT')}/health"
    return [part("legacy"), part("new"), Part("staging", staging, staged, needed=False)]


def _try_first(place: Place) -> str:
    new = place.url("CLUBOS_NEW_PORT")
    return f"""\
  Try first, as Sam Okafor, the operator on call; the club is in its shadow phase:
    1. /reconcile clubos      eight of nine checks fail, by seeded discrepancies
       curl -X PUT {new}/admin/sync -d '{{"kind": "full"}}'
                              a full sync; reconcile again, and one is left: failed sync jobs stay failed
    2. /gates clubos          what is missing before the cutover, and whose it is; sign and vote by button
    3. /switchback phase clubos    what leaving the shadow phase needs
    4. /rollback clubos rehearse   back after a cutover, for real in staging, with an export of what was
                              written; and forward again
    5. /cutover clubos phase       asks to leave the shadow phase; nobody can approve it while
                              something is missing"""


CLUBOS = DemoExample(
    name="clubos",
    ports=PORTS,
    data={"data": ("--variant", "shadow"), "staging": ("--variant", "after-cutover", "--members", "400")},
    parts=_parts,
    try_first=_try_first,
    copied=("documents",),
    seed=EXAMPLES / "clubos" / "workspace.yml",
    people=PEOPLE,
)
