"""`switchback run`: the bot."""

import asyncio
import logging
from importlib import import_module

import structlog
import typer

from bot.domain.errors import SwitchbackError
from bot.settings import Settings
from bot.terminal.ending import fail


def run() -> None:
    """Run the bot until Ctrl-C."""
    try:
        settings = Settings.load()
        _log(settings)
        # Bolt and the web server are for the bot alone, and every command would wait for them.
        asyncio.run(import_module("bot.running").run(settings, started=_started))
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
