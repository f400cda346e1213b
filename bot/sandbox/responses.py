"""What the app posts to a response URL."""

from aiohttp import web

from bot.sandbox.app_messages import Content, ContentError, change_as_app, post_as_app
from bot.sandbox.json_values import JsonObject, as_object, as_text, parse
from bot.sandbox.page_api import respond
from bot.sandbox.response_urls import Origin, ResponseUrlError
from bot.sandbox.workspace import Workspace

#: Slack's own examples give these flags as strings.
_YES = (True, "true")


class Responses:
    """Takes answers at response URLs.

    Without `replace_original` or `delete_original` an answer is a new message, and only the
    person sees it unless `response_type` is in_channel:
    https://docs.slack.dev/interactivity/handling-user-interaction#message_responses
    """

    def __init__(self, *, workspace: Workspace) -> None:
        self._workspace = workspace

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """One use of a response URL."""
        try:
            answer = as_object(parse(await request.text()))
        except ValueError:
            return respond({"ok": False, "error": "invalid_payload"}, status=400)
        try:
            origin = self._workspace.response_urls.use(request.match_info["token"])
            self._apply(origin, answer)
        except ResponseUrlError as error:
            return respond({"ok": False, "error": error.code}, status=404)
        except ContentError as error:
            return respond({"ok": False, "error": error.code}, status=400)
        return web.Response(text="ok")

    def _apply(self, origin: Origin, answer: JsonObject) -> None:
        original = (
            self._workspace.messages.find(origin.channel, origin.message_ts) if origin.message_ts else None
        )
        if answer.get("delete_original") in _YES:
            if original is not None:
                self._workspace.messages.remove(original)
            return
        content = Content(
            text=as_text(answer.get("text")),
            blocks=answer.get("blocks"),
            attachments=answer.get("attachments"),
            metadata=answer.get("metadata"),
        )
        if answer.get("replace_original") in _YES and original is not None:
            change_as_app(self._workspace, original, content, keep_missing=False)
            return
        in_channel = answer.get("response_type") == "in_channel"
        thread_ts = as_text(answer.get("thread_ts")) or origin.thread_ts
        post_as_app(
            self._workspace,
            channel=origin.channel,
            content=content,
            thread_ts=thread_ts,
            ephemeral_for=None if in_channel else origin.user,
        )
