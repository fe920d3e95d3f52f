"""The buttons with which members ask to be reminded."""

from collections.abc import Sequence

from bot.client import Press
from bot.planning import remembering
from bot.planning.card import DIRECT, FORGET, REMIND
from bot.planning.planner import Planner
from bot.planning.remembering import OFFSETS
from bot.planning.reminder import WHEN
from bot.presses import Answers
from bot.replies import AnyInteraction, answer, change, language, patiently
from bot.texts.wording import Wording
from scheduler.plans import Plan
from scheduler.reminders import Place, Wish

PLACES = {REMIND: Place.THREAD, DIRECT: Place.DM, WHEN: None}
"""Where each button wants the reminders; None leaves that as it is."""


class PlanPresses:
    """Takes the buttons whose verb is about a member's reminders."""

    def __init__(self, planner: Planner, words: Wording) -> None:
        self._planner = planner
        self._words = words

    def answers(self) -> Answers:
        """Return what they do."""
        return dict.fromkeys((*PLACES, OFFSETS, FORGET), self._press)

    async def _press(self, interaction: AnyInteraction, press: Press) -> None:
        plan_id, user_id = press.space_id, interaction.user.id
        if press.verb == FORGET:
            forgotten = self._planner.forget(plan_id, user_id)
            there = await patiently(interaction, forgotten)
            key = "plan.will_not_remind" if there else "plan.nothing_to_forget"
            await answer(interaction, self._words.say(language(interaction), key))
            return
        if press.verb == OFFSETS:
            offsets_s = remembering.chosen(press.arg)
            work = self._planner.choose(plan_id, user_id, offsets_s)
        else:
            place = PLACES[press.verb]
            work = self._planner.remind(plan_id, user_id, place)
        anew = press.verb != OFFSETS
        asked = await patiently(interaction, work, in_place=not anew)
        await self._say(interaction, *asked, anew=anew)

    async def _say(
        self,
        interaction: AnyInteraction,
        plan: Plan,
        wishes: Sequence[Wish],
        *,
        anew: bool,
    ) -> None:
        """Say what a member has asked for; a choice changes the answer it is in."""
        reader, now = language(interaction), self._planner.now()
        text = remembering.text(self._words, reader, plan, wishes, now)
        offered = self._planner.settings.choices_min
        view = remembering.menu(self._words, reader, plan, wishes, offered, now)
        if anew:
            await answer(interaction, text, view)
        else:
            await change(interaction, text, view)
