"""`switchback sandbox`: a local Slack workspace."""

import asyncio
import signal
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from bot.domain.errors import SettingsError
from bot.sandbox.manifest import ManifestError
from bot.sandbox.seed_file import SeedError, read_seed
from bot.sandbox.server import running_workspace
from bot.sandbox.settings import PortInUseError, WorkspaceSettings
from bot.settings import Settings
from bot.terminal.ending import ended

# In a wheel the manifest is beside the workspace's code, in a checkout it is at the root.
SHIPPED = (Path(__file__).parents[1] / "sandbox" / "manifest.yml", Path(__file__).parents[2] / "manifest.yml")


def sandbox(
    data: Annotated[
        Path | None,
        typer.Option(help="A file that keeps the messages; without it they end with the process."),
    ] = None,
    manifest: Annotated[Path, typer.Option(help="The app's manifest, for its commands and scopes.")] = Path(
        "manifest.yml"
    ),
    seed: Annotated[
        Path | None, typer.Option(help="A YAML file with its people, user groups and channels.")
    ] = None,
    rate_limits: Annotated[bool, typer.Option(help="Limit calls as Slack does.")] = False,
) -> None:
    """Run a local Slack workspace until Ctrl-C, for trying things out. It is no Slack: use it only here."""
    settings = WorkspaceSettings(
        port=Settings.load().sandbox_port,
        manifest_path=next((path for path in (manifest, *SHIPPED) if path.exists()), manifest),
        data_path=data,
        rate_limits=rate_limits,
    )
    ended(_serve(settings, seed))


async def _serve(settings: WorkspaceSettings, seed: Path | None) -> None:
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    try:
        if seed is not None:
            settings = replace(settings, seed=read_seed(seed))
        async with running_workspace(settings) as workspace:
            typer.echo(f"The local workspace is running: {workspace.url}")
            typer.echo(f"SLACK_API_URL={workspace.api_url}")
            typer.echo(f"SLACK_BOT_TOKEN={settings.bot_token} SLACK_APP_TOKEN={settings.app_token}")
            await stop.wait()
    except (PortInUseError, ManifestError, SeedError) as error:
        raise SettingsError(str(error).rstrip(".")) from None
