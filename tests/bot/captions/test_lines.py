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
    """A page is full before the next begins, and says how many lines end in it."""
    many = [said(f"{'word ' * 60}{n}", float(n)) for n in range(40)]

    found = list(pages(many, NAMES))

    assert "\n".join(page.text for page in found) == "\n".join(
        line(one, NAMES) for one in many
    )
    assert all(len(page.text) <= LIMIT for page in found)
    assert [one for page in found for one in page.lines] == many
    assert [page.ended for page in found][-1] == 40
    assert list(pages([], NAMES)) == []


def test_a_long_utterance_keeps_every_word_in_the_history():
    """It goes on in another line of the same speaker, on the next page if need be."""
    words = [f"word{n}" for n in range(900)]

    found = list(pages([said("Before."), said(" ".join(words), 2.0)], NAMES))
    lines = "\n".join(page.text for page in found).split("\n")

    assert all(one.startswith("Ana: ") for one in lines)
    assert " ".join(one.removeprefix("Ana: ") for one in lines[1:]).split() == words
    assert len(found) > 1
    assert [page.ended for page in found] == [1] * (len(found) - 1) + [2]
    assert [len(page.lines) for page in found] == [
        len(page.text.split("\n")) for page in found
    ]


def test_names_of_any_length_and_direction_stay_in_their_place():
    """A turned name turns nothing after it; a long one is cut."""
    turned = {1: "\u202eanA\u2066", 2: "x" * 200}

    assert line(said("\u0645\u0631\u062d\u0628\u0627."), turned) == (
        "anA: \u0645\u0631\u062d\u0628\u0627."
    )
    assert len(line(said("Hi.", user_id=2), turned)) < 60
