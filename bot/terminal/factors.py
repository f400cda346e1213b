"""`switchback factors`: people's second factors, given by an administrator who vouches for them."""

import io
from typing import Annotated

import segno
import typer

from bot.app import second_factors
from bot.domain.errors import RefusedError
from bot.domain.messages.timeline import in_utc
from bot.domain.second_factor import SecondFactorRecord
from bot.services.second_factors import Enrolled
from bot.services.seed_cipher import SeedCipher
from bot.settings import Settings
from bot.system import SystemClock
from bot.terminal.account import administrator
from bot.terminal.ending import Json, ended, fail, say_json

app = typer.Typer(help="Second factors: codes that only a person has.", no_args_is_help=True)
UserId = Annotated[str, typer.Argument(help="The person's Slack user id, such as U0123.")]


@app.command("enrol")
def enrol(
    user_id: UserId,
    name: Annotated[str, typer.Option(help="Who that is.")],
    vouch: Annotated[str | None, typer.Option(help="The id again, where nobody can be asked.")] = None,
    replace: Annotated[bool, typer.Option("--replace", help="In place of the one they have.")] = False,
    as_json: Json = False,
) -> None:
    """Enrol a person whom you vouch for. What their authenticator needs is shown this once."""
    again = vouch
    if again is None and not as_json:
        asked = f"You vouch that {name} is {user_id} and sits here. Type their id again"
        again = typer.prompt(asked, err=True)
    if again != user_id:
        what = f"Nobody was enrolled: {again or 'nothing'} is not {user_id}"
        fail(RefusedError(what, do="Type the same id twice; with --json, by --vouch"), as_json=as_json)
    made = ended(_enrol(user_id, name, replace=replace), as_json=as_json)
    if as_json:
        say_json({**_body(made.record), "secret": made.secret, "uri": made.uri})
        return
    typer.echo(_picture(made.uri))
    typer.echo(f"{made.uri}\nTo be typed where it cannot be scanned: {made.secret}\n")
    typer.echo(f"It is not shown again. Now try it: switchback factors test {user_id} CODE")


@app.command("list")
def listing(as_json: Json = False) -> None:
    """Who has one."""
    found = ended(_found(), as_json=as_json)
    if as_json:
        say_json([_body(one) for one in found])
    elif not found:
        typer.echo("Nobody has a second factor yet.")
    for one in found if not as_json else ():
        typer.echo(_line(one))


@app.command("remove")
def remove(user_id: UserId, as_json: Json = False) -> None:
    """Take a person's away; they cannot approve then where a code is asked for."""
    ended(_remove(user_id), as_json=as_json)
    if as_json:
        say_json({"user_id": user_id, "removed": True})
    else:
        typer.echo(f"{user_id} has no second factor any more.")


@app.command("test")
def try_code(
    user_id: UserId,
    code: Annotated[str, typer.Argument(help="What their authenticator shows.")],
    as_json: Json = False,
) -> None:
    """Try a code; it is used up. Exit status 1 when it is not right."""
    ended(_test(user_id, code), as_json=as_json)
    if as_json:
        say_json({"user_id": user_id, "right": True})
    else:
        typer.echo(f"✅ The code of {user_id} is right. The next approval takes the next code.")


@app.command("new-key")
def new_key() -> None:
    """Print a new key for SWITCHBACK_FACTOR_KEY. Without it, what is kept cannot be read any more."""
    typer.echo(SeedCipher.new_key())


async def _enrol(user_id: str, name: str, *, replace: bool) -> Enrolled:
    async with second_factors(Settings.load()) as factors:
        return await factors.enrol(user_id, name=name, replace=replace, by=administrator())


async def _found() -> tuple[SecondFactorRecord, ...]:
    async with second_factors(Settings.load()) as factors:
        return await factors.all()


async def _remove(user_id: str) -> None:
    async with second_factors(Settings.load()) as factors:
        await factors.remove(user_id, by=administrator())


async def _test(user_id: str, code: str) -> None:
    async with second_factors(Settings.load()) as factors:
        await factors.test(user_id, code, by=administrator())


def _picture(uri: str) -> str:
    """The address as a QR code of a terminal's characters."""
    drawn = io.StringIO()
    segno.make(uri, error="l").terminal(out=drawn, compact=True)
    return drawn.getvalue()


def _line(one: SecondFactorRecord) -> str:
    state = "✅"
    if one.locked_until is not None and one.locked(SystemClock().now()):
        state = f"❌ locked until {in_utc(one.locked_until)},"
    return f"{one.user_id}  {one.name}  {state} enrolled {in_utc(one.enrolled_at)} by {one.enrolled_by.name}"


def _body(one: SecondFactorRecord) -> dict[str, object]:
    locked = one.locked(SystemClock().now())
    return {
        "user_id": one.user_id,
        "name": one.name,
        "enrolled_at": one.enrolled_at.isoformat(),
        "enrolled_by": one.enrolled_by.name,
        "locked_until": one.locked_until.isoformat() if locked and one.locked_until else None,
    }
