"""The report in words: every fault has a text, and it fits into a message."""

from dataclasses import replace

import pytest

from bot.outcome.reading import Report
from bot.outcome.words import LIMIT, embed
from bot.texts.catalogue import load
from bot.texts.language import LANGUAGES
from bot.texts.wording import Wording
from moderation.outcome.faults import Outcome, Planned, faults
from moderation.store.spaces import SpaceRow
from moderation.talktime.figures import figures
from moderation.talktime.ledger import TalkLedger
from tests.moderation.outcome.test_faults import GOOD
from tests.moderation.scene import ANN, HOST

ROW = SpaceRow(1, 2, 3, HOST, "stage", "Bees", "en", None, None, 1.8e9, 1.8e9 + 2700)
WORDS = Wording(load())
TALK = figures(TalkLedger(), 1.0)

WORST = Outcome(
    figures=replace(
        GOOD.figures,
        length_s=9000.0,
        top_share=0.9,
        brought=0,
        uncalled=9,
        has_agenda=False,
        has_rules=False,
        new=3,
    ),
    settings=GOOD.settings,
    plan=Planned(45, 0, tuple(range(10**17, 10**17 + 12)), (ANN,), 20, 4),
    drifts=3,
    promotion=0.4,
)


@pytest.mark.parametrize("reader", LANGUAGES)
def test_the_worst_report_fits_into_a_message(reader):
    """Whatever went wrong is said, each with what helps."""
    shown = embed(WORDS, reader, Report(ROW, WORST, 2, TALK, {}))

    lines = [line for line in shown.description.splitlines() if line.startswith("• ")]
    assert len(lines) == len(faults(WORST)) == 12
    assert len(shown.description) <= LIMIT
    assert all(". " in line or "; " in line for line in lines)  # what, and what helps
    assert "{" not in shown.description


@pytest.mark.parametrize("reader", LANGUAGES)
def test_a_good_space_reads_that_it_was(reader):
    """And its figures."""
    shown = embed(WORDS, reader, Report(ROW, GOOD, None, TALK, {}))

    assert "•" not in shown.description
    assert f"<@{HOST}>" in shown.description
    assert "40 %" in shown.description
    assert "45 min" in shown.description


@pytest.mark.parametrize("reader", LANGUAGES)
@pytest.mark.parametrize(
    "outcome",
    [
        replace(GOOD, plan=None, over=False, tested=0),
        replace(GOOD, plan=Planned(45, 0)),
        replace(GOOD, plan=Planned(45, 1), drifts=1),
        replace(
            GOOD,
            plan=None,
            figures=replace(
                GOOD.figures,
                length_s=60.0,
                speakers=(HOST,),
                wait_s=None,
                new=1,
                peak_listeners=1,
                questions=0,
                uncalled=1,
            ),
        ),
        replace(GOOD, figures=replace(GOOD.figures, wait_s=900.0, speakers=())),
        replace(GOOD, plan=None, figures=replace(GOOD.figures, length_s=7200.0)),
    ],
)
def test_every_text_is_there(reader, outcome):
    """A text that is missing would be an error in front of the host."""
    shown = embed(WORDS, reader, Report(ROW, outcome, None, TALK, {}))

    assert shown.description.count("• ") == len(faults(outcome))
