"""What the page shows of one Space, gathered from the record.

Pure but for ``gather``, which is run inside ``Store.read``.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlite_utils import Database

from bot.page import sounds
from bot.page.aims import aims
from bot.page.colours import colour
from bot.page.curve import Curve, curve
from bot.page.deletions import Deletion, days_between, deletions
from bot.page.drift import Drift, drift
from bot.page.lines import UNKNOWN, Line, transcript
from bot.page.losses import LostTrack, lost_tracks, unrecorded_from
from bot.page.marks import Mark, marks
from bot.talk.recall import counted
from media.intervals import Intervals, seconds
from moderation.store import (
    drift_scores,
    guilds,
    journal,
    missed,
    nudges,
    passes,
    redactions,
    spaces,
    spurts,
    tracks,
    transcripts,
    word_deletions,
)
from moderation.store.nudges import NudgeRow
from moderation.store.passes import PassRow
from moderation.store.spaces import SpaceRow
from moderation.store.spurts import SpurtRow
from moderation.store.tracks import TrackRow
from moderation.store.transcripts import UtteranceRow
from moderation.store.word_deletions import WordDeletionRow
from moderation.talktime.figures import Interruption, TalkFigures


@dataclass(frozen=True, slots=True)
class Speaker:
    """One voice of the Space."""

    user_id: int
    name: str
    seconds: float
    share: float
    """Of all talk, 0..1."""

    longest_s: float
    """Their longest turn, with its pauses."""

    talk: Intervals
    """What ``seconds`` counts, seconds of the Space."""

    turns: Intervals
    cut_in: Sequence[Interruption]
    """Where they cut somebody short."""

    by_role: Mapping[str, Intervals]
    """Their talk in each role."""

    colour: str
    """On the page: ``#rrggbb``."""


@dataclass(frozen=True, slots=True)
class Review:
    """One Space on the page."""

    space: SpaceRow
    seconds: float
    """How long it lasted; for a live one, until the last thing heard."""

    speakers: Sequence[Speaker]
    """Who talked most first."""

    together: Intervals
    """When two or more talked."""

    silence: Intervals
    """When nobody did."""

    listening: Sequence[tuple[str, Intervals]]
    """Who was there and not deafened, and when; who listened longest first."""

    lines: Sequence[Line]
    final: PassRow | None
    """The better pass after the Space; None where none is wanted."""

    nudges: Sequence[NudgeRow]
    tracks: Sequence[TrackRow]
    names: Mapping[int, str]
    unrecorded_from: Sequence[float] = ()
    """Seconds of the Space at which recording failed: the disk refused, as a rule."""

    lost_tracks: Sequence[LostTrack] = ()
    """Tracks of single speakers that failed."""

    deletions: Sequence[Deletion] = ()
    """Sound that is gone or is to go."""

    forgotten: WordDeletionRow | None = None
    """What is on record of a transcript whose time was over."""

    kept_until: float | None = None
    """When the sound that is there goes, Unix seconds; None where there is none."""

    listeners: Curve | None = None
    """How many listened when; None where nobody did."""

    drift: Drift | None = None
    """How near the talk was to its topic; None where nothing was judged."""

    marks: Sequence[Mark] = ()
    """Moments that members marked, in order."""

    withheld: frozenset[int] = frozenset()
    """Files that still hold, or may hold, what was redacted."""

    @property
    def lacks_mix_alone(self) -> bool:
        """Say whether what is withheld is the mix, and no voice."""
        held = [one.kind for one in self.tracks if one.id in self.withheld]
        return bool(held) and set(held) == {"mix"}

    @property
    def sounds(self) -> list[TrackRow]:
        """The files that may be listened to."""
        return [one for one in self.tracks if one.id not in self.withheld]

    @property
    def sound_gone_at(self) -> float | None:
        """Return when the last of the sound went, Unix seconds; None: not all has."""
        if not all(one.is_gone for one in self.deletions):
            return None
        return max((one.at for one in self.deletions), default=None)

    @property
    def forgotten_days(self) -> int:
        """Return whole days from the end until the words went."""
        if self.forgotten is None:
            return 0
        return days_between(self.space, self.forgotten.at)

    @property
    def mix(self) -> TrackRow | None:
        """The mixed file, once it is rendered."""
        return next((one for one in self.tracks if one.kind == "mix"), None)

    @property
    def wordless(self) -> list[str]:
        """Speakers of whom there is no line, where there are lines of others."""
        return self._others({line.user_id for line in self.lines})

    @property
    def soundless(self) -> list[str]:
        """Speakers of whom there is no track, where there are tracks of others.

        Of whom it failed, more is said in ``lost_tracks``.
        """
        there = {one.user_id for one in self.tracks if one.user_id}
        gone = {one.name for one in self.deletions}
        those = self._others(
            there and there | {one.user_id for one in self.lost_tracks}
        )
        return [name for name in those if name not in gone]

    def _others(self, those: set[int]) -> list[str]:
        if not those:
            return []
        return [one.name for one in self.speakers if one.user_id not in those]


def gather(db: Database, space: SpaceRow) -> Review:
    """Read everything the page shows of ``space``."""
    said = transcripts.read(db, space.id)
    talked = spurts.read(db, space.id)
    recorded = tracks.read(db, space.id)
    files = sounds.offered(recorded)
    sent = nudges.read(db, space.id)
    unsaid = missed.open_ones(db, space.id)
    people = {row.user_id for row in said} | {row.user_id for row in talked}
    people |= {row.user_id for row in unsaid}
    people |= {one.user_id for one in recorded if one.user_id is not None}
    people |= {one.user_id for one in sent if one.user_id is not None}
    happened = journal.read(db, space.id)
    talk = counted(space, happened, talked)
    people |= talk.listening.keys()
    taken = redactions.read(db, space.id)
    people |= {one.by for one in taken}
    lost = lost_tracks(space, happened)
    people |= {one.user_id for one in lost}
    marked = marks(space, happened)
    people |= {one.user_id for one in marked}
    known = guilds.members(db, space.guild_id, people)
    names = {one: known[one].name if one in known else UNKNOWN for one in people}
    voices = speakers(talk, names)
    colours = {one.user_id: one.colour for one in voices}
    lasted = _seconds(space, said, talked)
    return Review(
        space=space,
        seconds=lasted,
        speakers=voices,
        together=talk.double_talk,
        silence=talk.mutual_silence,
        listening=sorted(
            ((names[user], times) for user, times in talk.listening.items()),
            key=lambda one: -seconds(one[1]),
        ),
        lines=transcript(said, unsaid, taken, space.language, names, colours),
        final=passes.get(db, space.id),
        nudges=sent,
        tracks=files,
        names=names,
        unrecorded_from=unrecorded_from(space, happened),
        lost_tracks=lost,
        marks=marked,
        listeners=curve(talk.listening.values(), lasted),
        drift=drift(drift_scores.read(db, space.id), aims(space, happened), lasted),
        forgotten=word_deletions.get(db, space.id),
        deletions=deletions(space, recorded, names),
        kept_until=min(
            (one.expires_at for one in files if one.expires_at), default=None
        ),
        withheld=sounds.withheld(files, taken),
    )


def speakers(talk: TalkFigures, names: Mapping[int, str]) -> list[Speaker]:
    """Return who talked and how much, most first."""
    return [
        Speaker(
            user_id=one.user_id,
            name=names.get(one.user_id, UNKNOWN),
            seconds=one.seconds,
            share=one.share,
            longest_s=one.longest_turn_s,
            talk=one.talk,
            turns=one.turns,
            cut_in=one.interruptions,
            by_role={role.value: times for role, times in one.by_role.items()},
            colour=colour(place),
        )
        for place, one in enumerate(talk.speakers)
    ]


def find(db: Database, guild_id: int, space_id: int) -> Review | None:
    """Return one Space of the guild, or None when it has no such one."""
    space = spaces.get(db, space_id)
    if space is None or space.guild_id != guild_id:
        return None
    return gather(db, space)


def _seconds(
    space: SpaceRow, said: Sequence[UtteranceRow], talked: Sequence[SpurtRow]
) -> float:
    if space.ended_at is not None:
        return space.ended_at - space.opened_at
    return max([row.end for row in said] + [row.end for row in talked], default=0.0)
