"""``/privacy erase``: what will be deleted and what stays, a yes or a no, and the end.

Rules: nothing is deleted before the button that says so is pressed; a button knows when
it was shown, so one that is old, pressed twice or pressed after a restart is answered
truly. The answer to the asking becomes the news that it is done; where it cannot any
more, the person is written to.
"""

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import discord
from sqlite_utils import Database

from bot.client import Press
from bot.faults import FAULTS, named, passes
from bot.house import House
from bot.panel.buttons import SpaceButton, row
from bot.presses import Answers
from bot.privacy.eraser import Eraser
from bot.privacy.remains import UNCHANGED
from bot.privacy.spaces import Spaces
from bot.refusals import Impossible
from bot.replies import AnyInteraction, answer, change, defer, language, patiently
from bot.rooms.consent import VERSION
from bot.texts.language import Language
from bot.texts.wording import Params
from media.consent import Consent
from moderation import traces
from moderation.store import consents, takeout
from moderation.store.consents import ConsentRow
from moderation.store.erasure import guild
from moderation.store.erasure import rows as erasures
from moderation.store.erasure.rows import ErasureRow

log = logging.getLogger(__name__)

ERASE, KEEP = "erase", "erase_not"
"""Verbs of the two buttons; what they carry in place of a Space is the member."""

SHOWN_S: Final = 600.0
"""Seconds for which a question can be answered: counts change."""

ANSWERABLE_S: Final = 840.0
"""Seconds for which an answer can be edited (Discord: 15 minutes)."""

GOES: Final = (
    "tracks",
    "said",
    "talk",
    "spaces",
    "floor_requests",
    "questions",
    "reminders",
    "others",
)
STAYS: Final = ("consents", "cases", "mutes", "plans", "series", "shared")
"""Names of texts, in the order in which they are listed."""

SHARED: Final = ("rules_written", "templates", "campaigns", "webhooks")
"""Sections of a copy whose words are the server's, whoever wrote them."""

ALWAYS: Final = ("proof", "posted", "downloaded")
"""What stays of everybody."""


@dataclass(frozen=True, slots=True)
class Outlook:
    """What an erasure would come to."""

    goes: Mapping[str, int]
    stays: Mapping[str, int]
    open_spaces: int


class Asking:
    """The question, its buttons, and the news."""

    def __init__(self, house: House, spaces: Spaces, eraser: Eraser) -> None:
        self._house = house
        self._spaces = spaces
        self._eraser = eraser
        eraser.on_done(self.told)
        self._answers: dict[int, tuple[float, AnyInteraction]] = {}
        """Answers that can be edited yet, by erasure, and since when."""

    async def ask(self, interaction: AnyInteraction) -> None:
        """Show what will be deleted and what stays, and ask."""
        guild_id, user_id = _whose(interaction)
        reader, now = language(interaction), self._house.clock.now()
        await defer(interaction)
        last = await self._house.store.read(
            lambda db: erasures.last(db, guild_id, user_id)
        )
        if last is not None and last.done_at is None:
            params: Params = {"asked_at": last.asked_at}
            await self._say(interaction, "privacy.erase.under_way", params)
            return
        seen = await self._house.store.read(lambda db: look(db, guild_id, user_id, now))
        words, at = self._house.wording, str(round(now))
        buttons = row(
            SpaceButton(
                Press(ERASE, user_id, at),
                words.say(reader, "button.erase"),
                style=discord.ButtonStyle.danger,
            ),
            SpaceButton(
                Press(KEEP, user_id, at), words.say(reader, "button.erase_not")
            ),
        )
        await answer(interaction, self._question(reader, seen), buttons)

    def answers(self) -> Answers:
        """Return what the two buttons do."""
        return {ERASE: self._confirm, KEEP: self._keep}

    async def told(self, done: ErasureRow) -> None:
        """Tell whoever asked that everything is erased.

        Where Discord never lets them be told, it is logged. Raises FAULTS that pass.
        """
        reader: Language = "es" if done.language == "es" else "en"
        say = self._house.wording.say
        text = say(reader, "privacy.erase.done")
        unchanged = sum(key.startswith(UNCHANGED) for key in done.counts)
        if unchanged:
            text += " " + say(reader, "privacy.erase.unchanged", {"n": unchanged})
        if not await self._edited(done, text):
            try:
                user = await self._house.client.fetch_user(done.user_id)
                await user.send(text)
            except FAULTS as error:
                if passes(error):
                    raise
                log.warning("erasure %s: not told: %s", done.id, named(error))

    async def _edited(self, done: ErasureRow, text: str) -> bool:
        """Let the answer to the asking be the news, as long as it can be edited."""
        since, interaction = self._answers.pop(done.id, (0.0, None))
        if interaction is None or self._house.clock.now() - since >= ANSWERABLE_S:
            return False
        try:
            await interaction.edit_original_response(content=text, view=None)
        except FAULTS as error:
            log.info("erasure %s: told in private: %s", done.id, named(error))
            return False
        return True

    async def _keep(self, interaction: AnyInteraction, press: Press) -> None:
        _check(interaction, press)
        await self._edit(interaction, "privacy.erase.kept")

    async def _confirm(self, interaction: AnyInteraction, press: Press) -> None:
        _check(interaction, press)
        guild_id, user_id = _whose(interaction)
        store, now = self._house.store, self._house.clock.now()
        last = await store.read(lambda db: erasures.last(db, guild_id, user_id))
        shown_at = float(press.arg)
        if last is not None and last.done_at is None:
            params: Params = {"asked_at": last.asked_at}
            await self._edit(interaction, "privacy.erase.under_way", params)
        elif last is not None and last.asked_at >= shown_at - 1:
            await self._edit(interaction, "privacy.erase.done")
        elif not 0 <= now - shown_at + 1 <= SHOWN_S:
            await self._edit(interaction, "privacy.erase.stale")
        else:
            await self._begin(interaction, (guild_id, user_id), now)

    async def _begin(
        self, interaction: AnyInteraction, whose: tuple[int, int], now: float
    ) -> None:
        work = self._write(whose, now, language(interaction))
        begun = await patiently(interaction, work, in_place=True)
        if begun is None:  # pressed twice, faster than it was written
            params: Params = {"asked_at": now}
            await self._edit(interaction, "privacy.erase.under_way", params)
            return
        self._answers[begun.id] = (now, interaction)
        try:
            await self._edit(interaction, "privacy.erase.begun")
        finally:
            self._eraser.wake()

    async def _write(
        self, whose: tuple[int, int], at: float, reader: Language
    ) -> ErasureRow | None:
        """Put the asking on record; nothing is heard of them before and after it."""
        self._spaces.silence(*whose)
        begun = await self._house.store.write(
            lambda db: begin(db, *whose, at, reader), durable=True
        )
        self._spaces.silence(*whose)  # a room that opened meanwhile read too early
        return begun

    def _question(self, reader: Language, seen: Outlook) -> str:
        say = self._house.wording.say
        goes = [
            say(reader, f"privacy.erase.goes.{key}", {"n": seen.goes[key]})
            for key in GOES
            if seen.goes.get(key)
        ]
        stays = [
            say(reader, f"privacy.erase.stays.{key}", {"n": seen.stays[key]})
            for key in STAYS
            if seen.stays.get(key)
        ]
        stays += [say(reader, f"privacy.erase.stays.{key}") for key in ALWAYS]
        lines = [
            say(reader, "privacy.erase.goes.head" if goes else "privacy.erase.nothing"),
            *goes,
            say(reader, "privacy.erase.stays.head"),
            *stays,
        ]
        if seen.open_spaces:
            params: Params = {"n": seen.open_spaces}
            lines.append(say(reader, "privacy.erase.open", params))
        return "\n".join([*lines, say(reader, "privacy.erase.ask")])

    async def _say(self, interaction: AnyInteraction, key: str, params: Params) -> None:
        text = self._house.wording.say(language(interaction), key, params)
        await answer(interaction, text)

    async def _edit(
        self, interaction: AnyInteraction, key: str, params: Params | None = None
    ) -> None:
        text = self._house.wording.say(language(interaction), key, params)
        await change(interaction, text)


def look(db: Database, guild_id: int, user_id: int, now: float) -> Outlook:
    """Count what would go and what would stay."""
    found = takeout.read(db, guild_id, user_id).rows
    counts = {key: len(found[key]) for key in GOES if key in found}
    counts["tracks"] = sum(one["deleted_at"] is None for one in found["tracks"])
    apart = {
        *GOES,
        "consents",
        "erasures",
        "cases",
        "mutes",
        "wordings",
        "plans",
        "captions",
    }
    rest = {name: rows for name, rows in found.items() if name not in apart}
    counts["others"] = sum(map(len, rest.values()))
    shared = [one for name in SHARED for one in found[name]]
    shared += [one for one in found["events"] if one["event"] in traces.SPACE]
    stays = guild.stays(db, guild_id, user_id, now)
    return Outlook(
        goes=counts,
        stays={**stays, "shared": len(shared)},
        open_spaces=sum(one["ended_at"] is None for one in found["spaces"]),
    )


def begin(
    db: Database, guild_id: int, user_id: int, now: float, reader: Language
) -> ErasureRow | None:
    """Write down that a member asked, and that they allow nothing from now on."""
    counts = look(db, guild_id, user_id, now).goes
    begun = erasures.begin(db, guild_id, user_id, now, reader, counts)
    if begun is not None:
        nothing = ConsentRow(
            guild_id=guild_id,
            user_id=user_id,
            level=int(Consent.NOTHING),
            text_version=VERSION,
            source="erase",
            at=now,
        )
        consents.record(db, nothing)
    return begun


def _whose(interaction: AnyInteraction) -> tuple[int, int]:
    if interaction.guild_id is None:
        raise Impossible("only_in_guild")
    return interaction.guild_id, interaction.user.id


def _check(interaction: AnyInteraction, press: Press) -> None:
    if press.space_id != interaction.user.id:
        raise Impossible("not_your_button")
