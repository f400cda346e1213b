"""`switchback export`: the evidence of a migration's decisions, for auditors."""

import hashlib
from pathlib import Path
from typing import Annotated

import typer

from bot.app import load_catalog
from bot.domain.errors import PlaybookError, SettingsError
from bot.domain.evidence_pack import EvidencePack
from bot.engine.registry import ActionRegistry
from bot.services.evidence_packs import evidence_pack
from bot.settings import Settings
from bot.system import SystemClock
from bot.terminal.account import administrator
from bot.terminal.ending import FINDING, Json, ended, reading, say_json
from bot.terminal.evidence_html import evidence_html
from bot.terminal.private_file import private_folder, write_whole


def export(
    migration: Annotated[str, typer.Argument(help="The migration.")],
    cutover: Annotated[bool, typer.Option("--cutover", help="The evidence of its cutover.")] = False,
    out: Annotated[Path, typer.Option(help="The folder that the two files are written to.")] = Path(),
    as_json: Json = False,
) -> None:
    """Write one HTML and one JSON with gates and evidence, votes, decisions, runs, timelines, playbooks and
    the audit log's end. Exit status 1 when the audit log is not whole."""
    if not cutover:
        raise typer.BadParameter("say what is exported: --cutover")
    pack, page, body = ended(_export(migration, out), as_json=as_json)
    problems = list(pack.audit.problems)
    if as_json:
        say_json({"html": str(page), "json": str(body), "whole": not problems, "problems": problems})
    else:
        typer.echo(f"✅ {migration}: {page} and {body.name}")
        if problems:
            typer.echo(f"❌ the audit log is not whole, as both say: {problems[0]}")
    if problems:
        raise typer.Exit(FINDING)


async def _export(migration: str, out: Path) -> tuple[EvidencePack, Path, Path]:
    now, titles = SystemClock().now(), _titles()
    async with reading() as tx:
        pack = await evidence_pack(tx, migration, titles=titles, made_by=administrator().account, at=now)
    private_folder(out)
    name = f"{migration}-evidence-{pack.made_at:%Y%m%dT%H%M%SZ}"
    page, body = out / f"{name}.html", out / f"{name}.json"
    text = pack.model_dump_json(indent=2) + "\n"
    digest = hashlib.sha256(text.encode()).hexdigest()
    write_whole(body, [text])
    write_whole(page, [evidence_html(pack, json_name=body.name, json_digest=digest)])
    return pack, page, body


def _titles() -> dict[str, str]:
    """The migrations and their titles; none where playbooks cannot be read: records are exported without."""
    try:
        catalog = load_catalog(Settings.load(), ActionRegistry.installed())
    except (PlaybookError, SettingsError):
        return {}
    return {loaded.playbook.migration: loaded.playbook.title for loaded in catalog}
