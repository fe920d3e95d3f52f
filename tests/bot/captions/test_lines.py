"""Captions as plain text that anybody, and any screen reader, can read."""

from bot.captions.lines import LIMIT, SHOWN, STALE_S, line, newest, pages
from media.utterance import Grade, Utterance

NAMES = {1: "Ana", 2: "*Ben* @everyone"}


def said(text, start=0.0, user_id=1, grade=Grade.LIVE):
    return Utterance(
        f"{user_id}-{start}", user_id, start, start + 1, text, "en", grade=grade
    )


def test_every_line_names_its_speaker():
    """A line read aloud by itself still says whose it is."""
    shown = newest([said("Hello.", 5.0), said("Good.", 1.0, 2)], NAMES, 9.0)

    assert shown[1] == "Ana: Hello."
    assert shown[0].endswith(": Good.")


def test_names_and_words_ping_nobody_and_format_nothing():
    """Both are members' own."""
    shown = line(said("@everyone <@123> **loud** https://x.y", user_id=2), NAMES)

    assert "@everyone" not in shown
    assert "<@" not in shown.replace("\\<", "")
    assert "**" not in shown.replace("\\*", "")


def test_an_uncertain_line_shows_it_and_is_dropped_when_nothing_follows():
    """A line that the model took back must not stand there for ever."""
    unsure = said("I think", 3.0, grade=Grade.PARTIAL)

    assert newest([unsure], NAMES, 5.0) == ["Ana: I think…"]
    assert newest([unsure], NAMES, 5.0 + STALE_S) == []


def test_only_the_newest_lines_stand_and_fit():
    """Few enough to read, short enough for Discord, whatever is said."""
    many = [said(f"Line {n}.", float(n)) for n in range(30)]
    long = [said("x" * 5000, float(n)) for n in range(30)]

    assert newest(many, NAMES, 40.0)[-1] == "Ana: Line 29."
    assert len(newest(many, NAMES, 40.0)) == SHOWN
    assert len("\n".join(newest(long, NAMES, 40.0))) <= LIMIT


def test_the_history_fits_its_messages_and_loses_nothing():
    """A page is full before the next begins."""
    lines = [f"Ana: {'word ' * 60}{n}" for n in range(40)]

    found = list(pages(lines))

    assert "\n".join(found) == "\n".join(lines)
    assert all(len(page) <= LIMIT for page in found)
    assert list(pages([])) == []
