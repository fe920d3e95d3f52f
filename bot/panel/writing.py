"""Buttons that ask for words: a report, a question, the reason of a sanction."""

from collections.abc import Callable, Mapping

from bot.door import Door
from bot.modal import Failed
from bot.panel.forms import Filled, Form, Wanted
from bot.refusals import Impossible
from bot.replies import AnyInteraction, language
from bot.rooms.room import Room
from moderation.events import (
    Event,
    MemberBanned,
    MemberNoted,
    MemberRemoved,
    MemberWarned,
    QuestionAsked,
    ReportFiled,
)
from moderation.questions import QUESTION_LIMIT

REASON_LIMIT = 300
"""Characters of a reason that a form takes."""

WITH_REASON: Mapping[str, Callable[[int, int, str], Event]] = {
    "warn": lambda by, user, words: MemberWarned(by, user, words),
    "remove": lambda by, user, words: MemberRemoved(by, user, words),
    "ban": lambda by, user, words: MemberBanned(by, user, reason=words),
    "person_note": lambda by, user, words: MemberNoted(by, user, words),
}
"""What is done to a member with a few words: actor, member, words."""


class Writing:
    """Opens forms, and hands in what they come back with."""

    def __init__(self, door: Door, failed: Failed) -> None:
        self._door = door
        self._failed = failed

    async def report(self, interaction: AnyInteraction, room: Room, _: str) -> None:
        """Ask whom a report is about, and why."""
        wanted = Wanted(
            self._word(interaction, "button.report"),
            self._word(interaction, "form.report_why"),
            REASON_LIMIT,
            needed=False,
            person=self._word(interaction, "form.report_whom"),
        )

        async def filed(sent: AnyInteraction, filled: Filled) -> None:
            if filled.user_id is None:
                raise Impossible("nobody_chosen")
            about = ReportFiled(sent.user.id, filled.user_id, filled.words)
            await self._door.act(sent, about, room)

        await Form(wanted, filed, self._failed).show(interaction)

    async def question(self, interaction: AnyInteraction, room: Room, _: str) -> None:
        """Ask for a question in writing."""
        wanted = Wanted(
            self._word(interaction, "button.question"),
            self._word(interaction, "form.question"),
            QUESTION_LIMIT,
        )

        async def asked(sent: AnyInteraction, filled: Filled) -> None:
            await self._door.act(sent, QuestionAsked(sent.user.id, filled.words), room)

        await Form(wanted, asked, self._failed).show(interaction)

    async def reason(
        self, interaction: AnyInteraction, room: Room, verb: str, user_id: int
    ) -> None:
        """Ask why something is done to a member, and do it."""
        private = verb == "person_note"
        wanted = Wanted(
            self._word(interaction, f"button.{verb}"),
            self._word(interaction, "form.for_staff" if private else "form.reason"),
            REASON_LIMIT,
            needed=private,
        )

        async def done(sent: AnyInteraction, filled: Filled) -> None:
            event = WITH_REASON[verb](sent.user.id, user_id, filled.words)
            await self._door.act(sent, event, room)

        await Form(wanted, done, self._failed).show(interaction)

    def _word(self, interaction: AnyInteraction, key: str) -> str:
        return self._door.wording.say(language(interaction), key)
