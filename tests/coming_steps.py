"""Kinds of steps that the examples use and the product is about to have; its own come first where it does."""

from collections.abc import Mapping

from pydantic import Field

from bot.domain.playbook.schedule import TimeOfDay
from bot.ports.action import Parameters


class _WaitUntil(Parameters):
    at: TimeOfDay
    day: int = Field(default=0, ge=0)


class _ExportSince(Parameters):
    to: str
    url: str


COMING: Mapping[str, type[Parameters]] = {"wait-until": _WaitUntil, "export-since": _ExportSince}
