"""Checks as a playbook declares them."""

from bot.domain.playbook.checks import Check


def declared(**kind: object) -> Check:
    """A check of one kind, with its default tolerance."""
    return Check.model_validate({"id": "c", "title": "C", "owner": "lead", "on_fail": "Look"} | kind)
