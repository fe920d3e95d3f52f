"""The words of a practice's panel, in both languages and at their longest."""

import pytest

from bot.preflight import panel
from bot.preflight.panel import Figures, Seen, Standing, standing
from bot.texts.catalogue import load
from bot.texts.wording import Wording
from media.soundcheck import Measured, judge
from scheduler.preflight.practice import End
from tests.scheduler.preflight.test_readiness import NOW, PLAN

WORDS = Wording(load())
GOOD = Measured(5.0, -20.0, -22.0, 0.0, -60.0, 38.0, 0.0, 2.0)
BAD = Measured(5.0, -40.0, -42.0, 0.2, -45.0, 3.0, 0.2, 80.0)


def figures(measured):
    return Figures(measured, tuple(judge(measured)))


def seen(user_id, found=Standing.MEASURED, measured=GOOD):
    return Seen(user_id, found, figures(measured))


def shown(*people, language="en"):
    return panel.text(WORDS, language, PLAN, people, NOW)


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize("found", list(Standing))
def test_everybody_has_a_line(language, found):
    """However far they are."""
    one = seen(7) if found is Standing.MEASURED else Seen(7, found)

    assert "<@7>" in shown(one, language=language).splitlines()[-1]


def test_level_clipping_and_loss_stand_with_the_name():
    """And advice, only where something is wrong."""
    *_, good, bad = shown(seen(7), seen(8, measured=BAD)).splitlines()

    assert good.startswith("<@7>: **100 of 100.** Level −20.0 LUFS, clipping 0.0 %")
    assert good.endswith("packet loss 0.0 %.")
    assert "lower the input volume" in bad


@pytest.mark.parametrize("language", ["en", "es"])
def test_thirteen_bad_voices_fit_a_message(language):
    """Advice gives way to what is wrong; nobody is left out."""
    people = [seen(10**18 + n, measured=BAD) for n in range(13)]
    text = shown(*people, language=language)

    assert len(text) <= 2000
    assert all(f"<@{one.user_id}>" in text for one in people)


@pytest.mark.parametrize("language", ["en", "es"])
@pytest.mark.parametrize("why", list(End))
def test_every_end_is_explained_and_keeps_the_scores(language, why):
    """The last figures are what people want to read."""
    people = [seen(7), Seen(8, Standing.AWAY)]
    text = panel.over(WORDS, language, "Tea", why, people)

    assert "Tea" in text.splitlines()[0]
    assert text.splitlines()[1].startswith("<@7>: 100")
    assert "<@8>" not in text


def test_a_restart_says_what_the_button_does_not_do():
    """Nobody is to wait for a practice that does not go on."""

    def over(why, *, offered):
        return panel.over(WORDS, "en", "Tea", why, offered=offered).splitlines()

    assert over(End.RESTART, offered=True)[1].startswith("It is not continued")
    assert len(over(End.RESTART, offered=False)) == 1
    assert len(over(End.EMPTY, offered=True)) == 1


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({"here": False}, Standing.AWAY),
        ({"agreed": False}, Standing.WAITING),
        ({"heard": False, "measured": True}, Standing.UNHEARD),
        ({"measured": True, "muted": True}, Standing.MEASURED),
        ({"suppressed": True, "muted": True}, Standing.AUDIENCE),
        ({"muted": True}, Standing.MUTED),
        ({}, Standing.QUIET),
    ],
)
def test_what_stands_in_the_way_first_is_said_first(facts, expected):
    """One thing at a time."""
    usual = {
        "here": True,
        "agreed": True,
        "heard": True,
        "measured": False,
        "muted": False,
        "suppressed": False,
    }

    assert standing(**(usual | facts)) is expected
