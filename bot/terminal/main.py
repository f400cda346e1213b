"""The command line. Exit statuses: 0 fine, 1 a finding, 2 an error."""

import typer

from bot.terminal import (
    audit,
    cutover,
    discrepancies,
    discrepancy_saying,
    doctor,
    export,
    factors,
    follow_ups,
    gates,
    lint,
    phase,
    plan,
    reconcile,
    rehearsals,
    rehearse,
    rollback,
    run,
    runs,
    sandbox,
    steering,
    watching,
    ways_on,
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
app.command("phase")(phase.phase)
app.command("reconcile")(reconcile.reconcile)
for saying in (
    discrepancy_saying.explain,
    discrepancy_saying.accept,
    discrepancy_saying.assign,
    discrepancy_saying.comment,
    discrepancy_saying.reopen,
):
    discrepancies.app.command()(saying)
app.add_typer(discrepancies.app, name="discrepancies")
app.command("gates")(gates.gates)
app.command("rollback")(rollback.rollback)
for command in (
    watching.watch,
    steering.pause,
    steering.resume,
    steering.abort,
    steering.note,
    steering.done,
    steering.retry,
    steering.skip,
    steering.mark_done,
    ways_on.emergency,
    ways_on.undo,
    ways_on.back,
):
    runs.app.command()(command)
app.command("cutover")(cutover.cutover)
app.command("rehearse")(rehearse.rehearse)
app.add_typer(rehearsals.app, name="rehearsals")
app.add_typer(runs.app, name="runs")
app.add_typer(follow_ups.app, name="follow-ups")
app.add_typer(factors.app, name="factors")
app.command("export")(export.export)
app.add_typer(audit.app, name="audit")
app.command("doctor")(doctor.doctor)
