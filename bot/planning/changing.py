"""Moving and calling off what is planned, by command or by the buttons of reminders."""

from collections.abc import Mapping
from typing import Any

import discord
from typing_extensions import override

from bot.client import Press
from bot.modal import Form
from bot.planning.confirming import Confirming
from bot.planning.deeds import Asker
from bot.planning.planner import Planner
from bot.planning.reminder import AGAIN, CALL_OFF, MOVE
from bot.presses import Answers, OnError
from bot.replies import AnyInteraction, answer, defer, language
from bot.rooms.seeing import is_moderator
from bot.texts.escape import plain
from bot.texts.language import Language
from bot.texts.wording import Params, Wording
from scheduler.plans import Plan
from scheduler.when.reading import LONGEST_TEXT, Reading

REASON_LENGTH = 200
"""Characters of the reason for which a plan is called off."""


class Changing:
    """Takes the buttons with which hosts change a plan."""

    def __init__(
        self,
        planner: Planner,
        confirming: Confirming,
        words: Wording,
        failed: OnError,
    ) -> None:
        self._planner = planner
        self._confirming = confirming
        self._words = words
        self.failed = failed

    async def edit(
        self,
        interaction: AnyInteraction,
        plan_id: int,
        asker: Asker,
        changes: dict[str, Any],
        meant: Reading | None,
    ) -> None:
        """Change one plan and say what is so now. Raises PlanRefused."""
        after = await self._planner.edit(plan_id, asker, changes)
        params: Params = {"topic": after.topic, "starts_at": after.starts_at}
        said: list[tuple[str, Params]] = [("plan.edited", params)]
        for other in meant.others if meant else ():
            said.append(("plan.or_meant", {"when": other.timestamp()}))
        trouble = await self._confirming.show(after.id)
        if trouble is not None:
            said.append((trouble, {}))
        await self._answer(interaction, said)

    async def cancel(
        self,
        interaction: AnyInteraction,
        plan_id: int,
        asker: Asker,
        reason: str,
        *,
        whole: bool = False,
    ) -> None:
        """Call a plan or its series off, and say so. Raises PlanRefused."""
        reason = plain(reason, REASON_LENGTH)
        gone = await self._planner.cancel(plan_id, asker, reason, whole=whole)
        shown = [await self._confirming.show(one.id) for one in gone]
        plan = gone[0] if gone else await self._planner.known(plan_id)
        params: Params = {"topic": plan.topic, "reason": plan.reason}
        troubles = [(key, params) for key in dict.fromkeys(shown) if key is not None]
        await self._answer(interaction, [("plan.cancelled", params), *troubles])

    def answers(self) -> Answers:
        """Return what the buttons of reminders for hosts do."""
        return dict.fromkeys((MOVE, CALL_OFF, AGAIN), self._ask)

    async def _ask(self, interaction: AnyInteraction, press: Press) -> None:
        """Open the form that a button asks for."""
        plan = await self._planner.known(press.space_id)
        if press.verb != AGAIN:
            await self._planner.theirs(plan.id, _asker(interaction, plan))
        form = OneLine(self, language(interaction), press.verb, plan)
        await form.show(interaction)

    async def typed(
        self, interaction: AnyInteraction, verb: str, plan: Plan, line: str
    ) -> None:
        """Do what was typed into the form. Raises PlanRefused or NotATimeError."""
        await defer(interaction)
        asker = _asker(interaction, plan)
        if verb == CALL_OFF:
            await self.cancel(interaction, plan.id, asker, line)
        elif verb == AGAIN:
            await self._confirming.ask_again(interaction, plan, line)
        else:
            meant = self._confirming.read_for(plan, line)
            changes = {"starts_at": meant.at.timestamp()}
            await self.edit(interaction, plan.id, asker, changes, meant)

    def say(self, reader: Language, key: str, params: Params | None = None) -> str:
        """Word a text."""
        return self._words.say(reader, key, params)

    async def _answer(
        self, interaction: AnyInteraction, said: list[tuple[str, Params]]
    ) -> None:
        reader = language(interaction)
        lines = [self._words.say(reader, key, params) for key, params in said]
        await answer(interaction, "\n".join(lines))


class OneLine(Form):
    """A form that asks for one thing about a plan: a time, or a reason."""

    def __init__(
        self, changing: Changing, reader: Language, verb: str, plan: Plan
    ) -> None:
        super().__init__(changing.say(reader, f"plan.form.{verb}"), changing.failed)
        self._changing, self._verb, self._plan = changing, verb, plan
        look: Mapping[str, Any] = {"max_length": LONGEST_TEXT}
        label = "plan.form.when"
        if verb == CALL_OFF:
            look = {"max_length": REASON_LENGTH, "required": False}
            label = "plan.form.reason"
        self.line("line", changing.say(reader, label), custom_id="line", **look)

    @override
    async def on_submit(self, interaction: discord.Interaction[Any]) -> None:
        line = self.typed()["line"]
        await self._changing.typed(interaction, self._verb, self._plan, line)


def _asker(interaction: AnyInteraction, plan: Plan) -> Asker:
    # In a private message there is no guild, and nobody moderates.
    user = interaction.user
    return Asker(user.id, interaction.guild_id or plan.guild_id, is_moderator(user))
