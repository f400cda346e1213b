"""The command line. Exit statuses: 0 fine, 1 a finding, 2 an error."""

import typer

from bot.terminal import (
    audit,
    doctor,
    follow_ups,
    lint,
    plan,
    reconcile,
    rehearsals,
    rehearse,
    run,
    runs,
    sandbox,
)

app = typer.Typer(
    name="switchback",
    help="Reconcile two systems, decide on the way back, and take it.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
app.command("run")(run.run)
app.command("sandbox")(sandbox.sandbox)
app.command("lint")(lint.lint)
app.command("plan")(plan.plan)
app.command("reconcile")(reconcile.reconcile)
app.command("rehearse")(rehearse.rehearse)
app.add_typer(rehearsals.app, name="rehearsals")
app.add_typer(runs.app, name="runs")
app.add_typer(follow_ups.app, name="follow-ups")
app.add_typer(audit.app, name="audit")
app.command("doctor")(doctor.doctor)


def main() -> None:
    """The entry point `switchback`."""
    app()
