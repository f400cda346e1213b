"""Leads through a walk at the terminal: by the answers that were given along, then by the keyboard."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from bot.app import Switchback
from bot.domain.errors import RefusedError, SupersededError, UnknownNameError
from bot.domain.messages.walk import question_facts
from bot.domain.playbook.document import Playbook
from bot.domain.preview import PlanPreview
from bot.domain.run import Run
from bot.domain.start_request import StartRequest
from bot.domain.walk import Walk
from bot.terminal.account import account
from bot.terminal.awaiting import Awaiting, Waiting
from bot.terminal.deciding import Deciding
from bot.terminal.keyboard import BACK, LEAVE, Keyboard
from bot.terminal.preparing import Preparing
from bot.terminal.walk_words import question_lines
from bot.terminal.who_drives import WhoDrives


@dataclass(frozen=True)
class Reached:
    """How far it came: the walk, its preview, the request that waits, and the run when it was started."""

    walk: Walk
    preview: PlanPreview | None = None
    run: Run | None = None
    request: StartRequest | None = None


class Leading:
    """Leads one person, or a script without a keyboard, from the first question to the confirmation.

    `answers` are of a script, by question; `confirm` is the migration's name as it typed it; `waiting` is
    what it wants while approvals are missing.
    """

    def __init__(
        self,
        switchback: Switchback,
        playbook: Playbook,
        *,
        answers: Mapping[str, str],
        confirm: str | None,
        inputs: Mapping[str, str],
        waiting: Waiting,
        who_drives: WhoDrives,
        say: Callable[[str], None],
        keyboard: Keyboard | None,
    ) -> None:
        self._actor = account(switchback.services.catalog, playbook.migration)
        self._services = switchback.services
        self._playbook = playbook
        self._answers = dict(answers)
        self._say = say
        self._keyboard = keyboard
        self._preparing = Preparing(switchback, playbook)
        self._deciding = Deciding(
            switchback,
            playbook,
            confirm=confirm,
            inputs=inputs,
            who_drives=who_drives,
            say=say,
            keyboard=keyboard,
        )
        self._awaiting = Awaiting(
            switchback, playbook, script=waiting, who_drives=who_drives, say=say, keyboard=keyboard
        )

    async def lead(self) -> Reached:
        """From the open walk, or a new one, as far as it goes. Raises what the services raise."""
        walk = await self._open()
        after: Walk | Run | None
        while walk.closed_by is None:
            walk, preview = await self._preparing.prepared(walk)
            try:
                if walk.request is not None:
                    after = await self._awaiting.until_decided(walk.request)
                elif walk.status == "asking":
                    after = await self._asked(walk)
                else:
                    after = await self._deciding.decide(walk, preview)
            except (RefusedError, SupersededError) as error:
                if self._keyboard is None:
                    raise
                self._say(str(error))
                after = await self._services.walks.get(walk.id)
            if after is None:
                return Reached(walk, preview, request=await self._request(walk))
            if isinstance(after, Run):
                return Reached(await self._services.walks.get(walk.id), preview, after)
            walk = after
        return Reached(walk)

    async def _request(self, walk: Walk) -> StartRequest | None:
        return await self._services.start_requests.get(walk.request) if walk.request else None

    async def _open(self) -> Walk:
        try:
            walk = await self._services.walks.open(self._playbook.migration, actor=self._actor)
        except SupersededError as error:
            do = f"Follow it: switchback runs watch {self._playbook.migration}"
            raise SupersededError(error.what, do=do) from None
        for given in walk.answers:
            if self._answers.pop(given.question, given.answer) != given.answer:
                question = self._playbook.decision.rollback.nodes[given.question]
                said = question.answers[given.answer].text
                raise RefusedError(f"{given.by.name} answered “{question.ask}” otherwise: {said}")
        return walk

    async def _asked(self, walk: Walk) -> Walk | None:
        """The walk after an answer or a step back; None when it is left as it is."""
        facts = question_facts(self._playbook, walk)
        given = self._answers.pop(walk.place, None)
        for line in question_lines(facts):
            self._say(line)
        if given is None and self._keyboard is not None:
            typed = await self._keyboard.ask(f"1-{len(facts.answers)} · b back · q leave it:")
            if typed == LEAVE:
                return None
            if typed == BACK:
                return await self._services.walks.step_back(walk.id, version=walk.version, actor=self._actor)
            numbers = {str(number): answer.id for number, answer in enumerate(facts.answers, 1)}
            given = numbers.get(typed)
            if given is None:
                raise RefusedError(f"“{typed}” is none of the answers")
        if given is None:
            known_ids = "|".join(answer.id for answer in facts.answers)
            self._say(f"It waits for an answer: --answer {walk.place}={known_ids}, or in Slack")
            return None
        self._say(f"→ {next(answer.text for answer in facts.answers if answer.id == given)}")
        return await self._services.walks.answer(
            walk.id, version=walk.version, answer=given, actor=self._actor
        )


def known(playbook: Playbook, answers: Mapping[str, str]) -> None:
    """Raises UnknownNameError for a question that the tree does not have, or an answer of it."""
    nodes = playbook.decision.rollback.nodes
    for question, answer in answers.items():
        if question not in nodes:
            raise UnknownNameError("question", question, nodes)
        if answer not in nodes[question].answers:
            raise UnknownNameError(f"answer of “{question}”", answer, nodes[question].answers)
