"""``/check voice``: a few seconds of one's own voice, played back and measured.

Rules: nothing is taken before the member has pressed the button that says what will
happen; only they are kept, only in memory, and only until the figures are made. The
bot has one voice connection in a guild: a check never takes it from a Space, and
gives it up at once when a Space opens.
"""

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import discord

from bot.client import Press
from bot.house import House
from bot.panel.buttons import SpaceButton, row
from bot.presses import Answers
from bot.refusals import Impossible
from bot.replies import AnyInteraction, answer, language
from bot.rooms.rooms import Rooms
from bot.rooms.venue import Venue, venue_of
from bot.texts.language import Language
from bot.texts.wording import Params
from bot.voice.errors import CannotPlay, VoiceError
from bot.voice.link import VoiceLink
from media.consent import Consent
from media.heard import VoicePacket
from media.opus import OpusDecoder
from media.ports import OpusError
from media.soundcheck import Arrival, Finding, Grade, Measured, judge, measure, score
from media.tap import Tap
from moderation.settings import RoomKind
from moderation.store import voice_checks

log = logging.getLogger(__name__)

PLAY, QUIET = "check_play", "check_quiet"
"""Verbs of the two buttons; what they carry in place of a Space is the member."""

_MARKS: Final = {
    Grade.GOOD: "✅",
    Grade.FAIR: "⚠️",
    Grade.BAD: "❌",
    Grade.UNKNOWN: "➖",
}


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one check came to."""

    measured: Measured
    findings: Sequence[Finding]
    trouble: str = ""
    """Why it could not be played back; empty where it was, or nobody asked."""


class VoiceChecks:
    """The checks of every guild, one at a time in each."""

    def __init__(self, rooms: Rooms) -> None:
        self._house = rooms.house
        self._rooms = rooms
        rooms.before(self.give_way)
        self._closed = False
        self._running: dict[int, asyncio.Task[Outcome]] = {}

    async def ask(self, interaction: AnyInteraction) -> None:
        """Say what a check does, and ask; nothing is taken yet."""
        self._place(interaction)
        words, reader = self._house.wording, language(interaction)
        me = interaction.user.id
        buttons = row(
            SpaceButton(
                Press(PLAY, me),
                words.say(reader, "button.check_play"),
                style=discord.ButtonStyle.primary,
            ),
            SpaceButton(Press(QUIET, me), words.say(reader, "button.check_quiet")),
        )
        params: Params = {"length_s": self._house.config.check.record_s}
        await answer(interaction, words.say(reader, "check.ask", params), buttons)

    def answers(self) -> Answers:
        """Return what the two buttons do."""
        return {PLAY: self._begin, QUIET: self._begin}

    async def _begin(self, interaction: AnyInteraction, press: Press) -> None:
        if press.space_id != interaction.user.id:
            raise Impossible("not_your_button")
        await self._check(interaction, play=press.verb == PLAY)

    async def give_way(self, guild_id: int) -> None:
        """End the guild's check, if there is one, and hang up: a Space opens."""
        running = self._running.get(guild_id)
        if running is not None:
            running.cancel()
            await asyncio.wait([running])

    async def close(self) -> None:
        """End every check without a word: the bot stops."""
        self._closed = True
        for guild_id in list(self._running):
            await self.give_way(guild_id)

    def _place(self, interaction: AnyInteraction) -> Venue:
        """Return the channel that a member can be heard in; raises Impossible."""
        guild, member = interaction.guild, interaction.user
        state = member.voice if isinstance(member, discord.Member) else None
        if guild is None or state is None or state.channel is None:
            raise Impossible("check_where")
        venue = venue_of(state.channel)
        if guild.id in self._running:
            raise Impossible("check_running")
        # Also while its connection is lost: the Space comes back to it.
        for room in self._rooms.in_guild(guild.id):
            raise Impossible("check_in_use", space_channel=room.channel_id)
        opening = self._rooms.opening_in(guild.id)
        if opening is not None:
            raise Impossible("check_in_use", space_channel=opening)
        if guild.voice_client is not None:
            raise Impossible("check_running")
        if state.mute or state.self_mute:
            raise Impossible("check_muted")
        if venue.kind is RoomKind.STAGE and state.suppress:
            raise Impossible("check_audience")
        if not venue.channel.permissions_for(guild.me).connect:
            raise Impossible("bot_lacks", permissions="Connect")
        return venue

    async def _check(self, interaction: AnyInteraction, *, play: bool) -> None:
        venue, reader = self._place(interaction), language(interaction)
        guild_id = venue.channel.guild.id
        work = asyncio.ensure_future(self._session(interaction, venue, play=play))
        self._running[guild_id] = work
        try:
            outcome = await asyncio.shield(work)
        except asyncio.CancelledError:
            task = asyncio.current_task()
            if task is not None and task.cancelling():
                work.cancel()
                raise
            if not self._closed:
                await self._show(interaction, "check.gave_way")
            return
        except (VoiceError, OpusError) as error:
            log.warning("voice check: %s", error)
            await self._show(interaction, "check.failed")
            return
        finally:
            self._running.pop(guild_id, None)
        await self._keep(guild_id, interaction.user.id, outcome)
        text = report(self._house, reader, outcome)
        await interaction.edit_original_response(content=text, view=None)

    async def _session(
        self, interaction: AnyInteraction, venue: Venue, *, play: bool
    ) -> Outcome:
        """Join, listen, play back, hang up whatever happens, and measure."""
        length_s = self._house.config.check.record_s
        words, reader = self._house.wording, language(interaction)
        joining = words.say(reader, "check.joining")
        await interaction.response.edit_message(content=joining, view=None)
        tap, me, clock = (
            Tap(interaction.user.id),
            interaction.user.id,
            self._house.clock,
        )
        link = VoiceLink(
            tap, opened_at=clock.now(), clock=clock, on_heard=lambda _: None
        )
        trouble = ""
        try:
            await link.join(venue.channel)
            link.set_consent(me, Consent.AUDIO)
            await self._show(interaction, "check.speak", {"length_s": length_s})
            tap.open()
            await asyncio.sleep(length_s)
            packets = tap.take()
            if play and packets:
                await self._show(interaction, "check.playing")
                trouble = await self._play(link, venue, packets)
        finally:
            await link.leave()
        measured = await asyncio.to_thread(figures, packets)
        return Outcome(measured, judge(measured), trouble)

    async def _play(
        self, link: VoiceLink, venue: Venue, packets: Sequence[VoicePacket]
    ) -> str:
        """Play the sound back; return why it could not be, or nothing."""
        try:
            if venue.kind is RoomKind.STAGE and not venue.audible:
                await venue.step_up()
            await link.play([one.opus for one in packets])
        except CannotPlay as failed:
            return failed.why.value
        except discord.HTTPException as error:
            log.info("voice check: no speaker (code %s)", error.code)
            return "suppressed"
        return ""

    async def _show(
        self, interaction: AnyInteraction, key: str, params: Params | None = None
    ) -> None:
        text = self._house.wording.say(language(interaction), key, params)
        await interaction.edit_original_response(content=text, view=None)

    async def _keep(self, guild_id: int, user_id: int, outcome: Outcome) -> None:
        found = as_kept(user_id, self._house.clock.now(), outcome.findings)
        if outcome.measured.loudness_lufs is not None:
            await self._house.store.write(
                lambda db: voice_checks.keep(db, guild_id, found)
            )


def as_kept(
    user_id: int, now: float, findings: Sequence[Finding]
) -> voice_checks.VoiceCheckRow:
    """Return what the record keeps of a check: a score and what was wrong."""
    faults = " ".join(
        f"{one.about}:{one.advice}"
        for one in findings
        if one.grade in (Grade.FAIR, Grade.BAD)
    )
    return voice_checks.VoiceCheckRow(user_id, now, score(findings), faults)


def figures(packets: Sequence[VoicePacket]) -> Measured:
    """Decode and measure; takes some 0.1 s for 10 s of sound. Raises OpusError."""
    decoder = OpusDecoder()
    pcm = b"".join(decoder.decode([one.opus]) for one in packets)
    arrivals = [Arrival(one.sequence, one.timestamp, one.arrived_at) for one in packets]
    return measure(pcm, arrivals)


def report(house: House, reader: Language, outcome: Outcome) -> str:
    """Word what was found: a score, and one line with its advice per figure."""
    words, measured = house.wording, outcome.measured
    if measured.loudness_lufs is None:
        return words.say(
            reader, "check.nothing", {"heard": one_digit(measured.heard_s)}
        )
    shown: dict[str, Params] = {
        "level": {
            "lufs": one_digit(measured.loudness_lufs),
            "dbfs": one_digit(measured.level_dbfs),
        },
        "clipping": {"percent": one_digit(100 * (measured.clipped or 0.0))},
        "noise": {
            "dbfs": one_digit(measured.noise_dbfs),
            "snr": one_digit(measured.snr_db),
        },
        "loss": {"percent": one_digit(100 * (measured.loss or 0.0))},
        "jitter": {"ms": one_digit(measured.jitter_ms)},
    }
    lines = [words.say(reader, "check.score", {"n": score(outcome.findings)})]
    for one in outcome.findings:
        unknown = one.grade is Grade.UNKNOWN
        figure = words.say(
            reader,
            f"check.unmeasured.{one.about}" if unknown else f"check.figure.{one.about}",
            {} if unknown else shown[one.about],
        )
        advice = words.say(reader, f"check.advice.{one.about}.{one.advice}")
        lines.append(f"{_MARKS[one.grade]} {figure} {advice}")
    if outcome.trouble:
        lines.append(words.say(reader, f"check.unplayed.{outcome.trouble}"))
    lines.append(words.say(reader, "check.gone"))
    return "\n".join(lines)


def one_digit(figure: float | None) -> str:
    """Return a figure as it is shown: one digit behind the point, a real minus."""
    return "–" if figure is None else f"{figure:.1f}".replace("-", "\N{MINUS SIGN}")
