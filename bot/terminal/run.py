"""`switchback run`: the bot."""

import asyncio
import logging

import structlog
import typer

from bot.domain.errors import SwitchbackError
from bot.running import run as run_bot
from bot.settings import Settings
from bot.terminal.ending import fail


def run() -> None:
    """Run the bot until Ctrl-C."""
    try:
        settings = Settings.load()
        _log(settings)
        asyncio.run(run_bot(settings, started=_started))
    except SwitchbackError as error:
        fail(error, as_json=False)


def _started(url: str) -> None:
    typer.echo(f"Switchback is running: {url}")


def _log(settings: Settings) -> None:
    renderer = (
        structlog.processors.JSONRenderer()
        if settings.log == "json"
        else structlog.dev.ConsoleRenderer(colors=False)
    )
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            renderer,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=structlog.PrintLoggerFactory(),
    )
    logging.basicConfig(level=logging.WARNING)
    # Its warnings are of tokens that we give by other ways than the environment.
    # A filter, because Bolt sets the logger's level itself.
    logging.getLogger("slack_bolt.AsyncApp").addFilter(lambda record: record.levelno >= logging.ERROR)
