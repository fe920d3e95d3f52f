"""The report of a rehearsal on the console."""

import io

import pytest
from rich.console import Console

from bot.afterwards import exports
from bot.rehearsal.expectation import Outcome, SpaceTruth
from bot.rehearsal.outcome import of_space
from bot.rehearsal.rehearsal import Played, Staged
from bot.rehearsal.report import show
from bot.rehearsal.scenario import find, load
from moderation.store import guilds, nudges, spurts, transcripts
from tests.bot.page.sample import GUILD, fill

CARLA, DORA = 3, 4


@pytest.fixture
def db(db, track):
    """Give a Space of two with sound and words, one with words, one with neither."""
    fill(db, track)
    guilds.saw_member(db, GUILD, CARLA, "Carla [red]", 1000.0)
    guilds.saw_member(db, GUILD, DORA, "Dora", 1000.0)
    talked = [spurts.SpurtRow(CARLA, 6.0, 7.0), spurts.SpurtRow(DORA, 8.0, 10.0)]
    spurts.record(db, 1, talked)
    said = transcripts.NewUtterance(
        uid="c", user_id=CARLA, start=6.0, end=7.0, text="[bold] words"
    )
    transcripts.record(db, 1, said, 1010.0)
    return db


def printed(db, tmp_path):
    """Return the report, a list of lines."""
    kept = exports.read(db, 1)
    path = find(None)
    seen = of_space(kept, nudges.read(db, 1), None)
    truth = SpaceTruth(talk_s={"Ana": 3.1}, lines={})
    outcome = Outcome(spaces={"budget": seen}, truth={"budget": truth})
    console = Console(file=io.StringIO(), width=100)
    show(
        Staged(load(path), path, tmp_path),
        Played((("budget", kept),), outcome, (), (), 1.0),
        console,
    )
    return console.file.getvalue().splitlines()


def test_it_says_what_is_kept_of_each_voice(db, tmp_path):
    """Who allowed words only, or nothing, has no more than that."""
    lines = printed(db, tmp_path)

    assert [line.split() for line in lines if "%" in line] == [
        ["Ana", "3.0", "3.1", "43%", "1", "sound", "and", "words"],
        ["Dora", "2.0", "–", "29%", "1", "nothing", "but", "how", "long"],
        ["Ben", "<i>", "1.0", "–", "14%", "1", "sound", "and", "words"],
        ["Carla", "[red]", "1.0", "–", "14%", "1", "words", "only"],
    ]


def test_words_are_never_markup(db, tmp_path):
    """What somebody said stands there as they said it."""
    assert "   0:06  Carla [red]: [bold] words" in printed(db, tmp_path)


def test_nudges_are_named_in_words(db, tmp_path):
    """With their second, and whom they are about."""
    fresh = nudges.NewNudge(
        space_id=1,
        rule="silent_guest",
        step="host",
        at=1030.0,
        user_id=DORA,
        evidence={},
    )
    nudges.record(db, fresh)

    assert "  nudge at 0:30: silent guest (Dora)" in printed(db, tmp_path)
