"""The new system's chatbot: answers what the club's documentation says, and keeps what it was asked.

GET /chatbot/health, GET /chatbot/answer?topic=registration.
"""

from pathlib import Path

from aiohttp import web

from examples.clubos.club import written
from examples.clubos.serving import NOW, connected

DOCUMENTATION = Path(__file__).parent / "documents" / "faq.md"


def answers(text: str) -> dict[str, str]:
    """The documentation by topic: each second-level heading, with what stands below it."""
    parts = [part.partition("\n") for part in text.split("\n## ")[1:]]
    return {heading.strip().lower(): " ".join(rest.split()) for heading, _, rest in parts}


async def health(_request: web.Request) -> web.Response:
    """Up, and how many topics of the documentation it knows."""
    return web.json_response({"status": "ok", "topics": len(_documentation())})


async def answer(request: web.Request) -> web.Response:
    """What the documentation says about a topic; 404 when it says nothing."""
    topic = request.query.get("topic", "").lower()
    known = _documentation()
    with connected(request, "new", writing=True) as connection:
        connection.execute(
            "INSERT INTO chatbot_interactions (at, topic, answered) VALUES (?, ?, ?)",
            (written(request.app[NOW]()), topic, topic in known),
        )
    if topic not in known:
        return web.json_response({"error": "ask an operator", "topics": sorted(known)}, status=404)
    return web.json_response({"topic": topic, "answer": known[topic]})


def _documentation() -> dict[str, str]:
    return answers(DOCUMENTATION.read_text(encoding="utf-8"))


def routes(app: web.Application) -> None:
    """Add it to the service."""
    app.router.add_get("/chatbot/health", health)
    app.router.add_get("/chatbot/answer", answer)
