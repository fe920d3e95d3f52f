"""Forms about plans: what to change before it is planned."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, Final

import discord
from typing_extensions import override

from bot.modal import Failed, Form
from bot.planning.drafts import Draft
from bot.replies import AnyInteraction
from bot.texts.escape import plain
from bot.texts.language import Language
from bot.texts.wording import Wording
from scheduler.plans import LONGEST_MIN, TOPIC_LENGTH, PlanRefused
from scheduler.when.reading import LONGEST_TEXT

ZONE_LENGTH: Final = 60
"""Characters of a time zone's name; the longest that there is has 32."""


@dataclass(frozen=True, slots=True)
class Typed:
    """What somebody typed about a plan."""

    topic: str
    when: str
    minutes: int
    zone: str


class PlanForm(Form):
    """Topic, time, length and clock of a plan, as they are so far."""

    def __init__(
        self,
        words: Wording,
        reader: Language,
        draft: Draft,
        submit: Callable[[AnyInteraction, Typed], Awaitable[None]],
        failed: Failed,
    ) -> None:
        super().__init__(words.say(reader, "plan.form.title"), failed)
        self._submit = submit
        plan = draft.plan
        for name, most, given in (
            ("when", LONGEST_TEXT, draft.when),
            ("topic", TOPIC_LENGTH, plan.topic),
            ("minutes", 4, str(plan.minutes)),
            ("zone", ZONE_LENGTH, plan.zone),
        ):
            label = words.say(reader, f"plan.form.{name}")
            self.line(name, label, max_length=most, default=given, custom_id=name)

    @override
    async def on_submit(self, interaction: discord.Interaction[Any]) -> None:
        typed = self.typed()
        minutes = typed["minutes"].strip()
        if not minutes.isdecimal():
            raise PlanRefused("plan.length", n=LONGEST_MIN)
        await self._submit(
            interaction,
            Typed(
                plain(typed["topic"], TOPIC_LENGTH),
                typed["when"],
                int(minutes),
                typed["zone"].strip(),
            ),
        )
