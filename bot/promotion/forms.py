"""Forms: the words of a campaign, and a webhook with its secret.

A secret is typed into a form and not into a command, because commands stay in the
history of whoever types them.
"""

from collections.abc import Awaitable, Callable
from typing import Any

import discord
from typing_extensions import override

from bot.modal import Failed, Form
from bot.replies import AnyInteraction
from bot.texts.language import LANGUAGES, Language
from bot.texts.wording import Wording
from scheduler.campaigns.campaign import HOOK_LENGTH, TEASER_LENGTH, TEASERS, Campaign

Texts = dict[str, str]


class WordsForm(Form):
    """Why people should come, and the teasers, in each language."""

    def __init__(
        self,
        words: Wording,
        reader: Language,
        campaign: Campaign | None,
        submit: Callable[[AnyInteraction, Texts, Texts], Awaitable[None]],
        failed: Failed,
    ) -> None:
        super().__init__(words.say(reader, "promo.form.title"), failed)
        self._submit = submit
        long = discord.TextStyle.paragraph
        for kind, most in (
            ("words", HOOK_LENGTH),
            ("teasers", TEASERS * (TEASER_LENGTH + 1)),
        ):
            for language in LANGUAGES:
                label = words.say(reader, f"promo.form.{kind}_{language}")
                given = _given(campaign, kind, language)
                self.line(
                    f"{kind}.{language}",
                    label,
                    required=False,
                    max_length=most,
                    default=given or None,
                    style=long,
                )

    @override
    async def on_submit(self, interaction: discord.Interaction[Any]) -> None:
        await self._submit(interaction, self.typed("words."), self.typed("teasers."))


class HookForm(Form):
    """Address and secret of an outside tool."""

    def __init__(
        self,
        words: Wording,
        reader: Language,
        submit: Callable[[AnyInteraction, str, str], Awaitable[None]],
        failed: Failed,
        shortest: int,
    ) -> None:
        super().__init__(words.say(reader, "hook.form.title"), failed)
        self._submit = submit
        self.line("url", words.say(reader, "hook.form.url"), max_length=500)
        self.line(
            "secret",
            words.say(reader, "hook.form.secret"),
            min_length=shortest,
            max_length=200,
        )

    @override
    async def on_submit(self, interaction: discord.Interaction[Any]) -> None:
        typed = self.typed()
        await self._submit(interaction, typed["url"].strip(), typed["secret"])


def _given(campaign: Campaign | None, kind: str, language: str) -> str:
    if campaign is None:
        return ""
    if kind == "words":
        return campaign.words.get(language, "")
    return "\n".join(campaign.teasers.get(language, ()))
