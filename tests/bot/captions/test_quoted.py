"""What of a message of captions is gone, by what was noted and by the words."""

from dataclasses import replace

import pytest

from bot.captions.quoted import Gone, corrected, forgotten, holders, without
from moderation.store.caption_lines import NOBODY, CaptionLine
from moderation.store.transcripts import REDACTED

ANA, LUIS = 1, 2
LEFT = "Call me at █████"
GONE = Gone(1, "Ana", 0.0, ("Call me at 555, please.", "Yes."), LEFT)


@pytest.mark.parametrize(
    ("message", "left"),
    [
        ("Ana: Call me at 555, please.", f"Ana: {LEFT}"),
        (
            "Luis: Hello.\nAna: Yes.\nLuis: Bye.",
            f"Luis: Hello.\nAna: {LEFT}\nLuis: Bye.",
        ),
        # She was called otherwise then; a word that many say is not hers alone.
        ("Anita: Call me at 555, please.", f"Anita: {LEFT}"),
        ("Luis: Yes.", "Luis: Yes."),
        ("Luis: She said: Yes.", "Luis: She said: Yes."),
        ("Ana: Call me at 556, please.", "Ana: Call me at 556, please."),
    ],
)
def test_a_caption_is_known_by_its_words_and_its_name(message, left):
    """Other lines of the same message stay as they are."""
    assert without(message, GONE) == left


def test_words_are_known_as_captions_write_them():
    """Harmless there: without markup and pings, and a long line in pieces."""
    said = "*Call* @everyone " + "and on " * 120
    gone = replace(GONE, wordings=(said,), left="█████")
    pieces = [
        "Ana: \\*Call\\* @\u200beveryone " + "and on " * 83,
        "Ana: " + "and on " * 37,
    ]

    left = without("\n".join(piece.strip() for piece in pieces), gone)

    assert left == "Ana: █████\nAna: █████"


@pytest.mark.parametrize(
    ("message", "left"),
    [
        ("Ana: Yes.", ""),
        ("Luis: Hello.\nAna: Yes.\nLuis: Yes.", "Luis: Hello.\nLuis: Yes."),
        ("Anita: Call me at 555, please.\nLuis: Hi.", "Luis: Hi."),
        ("Ana: That is somebody else.", "Ana: That is somebody else."),
    ],
)
def test_a_member_who_is_erased_leaves_no_line(message, left):
    """Not even their name; others' lines of the same message stay."""
    assert forgotten([message], GONE) == [left]


def test_names_of_before_are_known_by_what_is_surely_theirs():
    """Members rename themselves; a short line under a name of theirs goes, too."""
    before = ["Anita: Yes.\nLuis: Yes.", "Anita: Call me at 555, please.", "Ana: Yes."]

    assert forgotten(before, GONE) == ["Luis: Yes.", "", ""]


def owners(*users, stale=()):
    """Return what was noted of a message: of each line whose, and which utterance."""
    return [
        CaptionLine(number, user, f"{user}-{number}" if user else "", number in stale)
        for number, user in enumerate(users)
    ]


def test_lines_are_noted_by_their_words_where_nothing_was_noted():
    """Those of others are nobody's: they may be anybody's."""
    gone = replace(GONE, user_id=ANA, uid="1-0")

    found = holders("Luis: Hi.\nAnita: Call me at 555, please.\nAna: No.", gone)

    assert found == [(NOBODY, ""), (ANA, "1-0"), (NOBODY, "")]


def test_a_noted_line_becomes_what_the_record_has():
    """Whatever it reads, under the name that it stands under; others stay."""
    message = "Luis: Yes.\nAna: Yes.\nAnita: Yes."
    noted = owners(LUIS, ANA, ANA, stale=(1, 2))

    left = corrected(message, noted, {"1-1": ("Ana", LEFT), "1-2": ("Ana", REDACTED)})

    assert left == f"Luis: Yes.\nAna: {LEFT}\nAnita: {REDACTED}"
    assert corrected(left, noted, {"1-1": ("Ana", LEFT)}) == left


def test_a_noted_line_that_the_record_has_no_more_is_redacted_whole():
    """Not even a name with a colon leaves words behind."""
    message = "Ana: the 2nd: Yes."

    assert corrected(message, owners(ANA, stale=[0]), {}) == f"Ana: {REDACTED}"
    assert (
        corrected(message, owners(ANA, stale=[0]), {"1-0": ("Ana: the 2nd", LEFT)})
        == f"Ana: the 2nd: {LEFT}"
    )


def test_a_line_in_pieces_is_corrected_piece_by_piece():
    """What is left goes where the line was; places that it does not fill are said."""
    piece = CaptionLine(0, ANA, "a", is_stale=True)
    noted = [piece, replace(piece, number=1), replace(piece, number=2)]
    left = "one " * 160

    text = corrected("Ana: x\nAna: y\nAna: z", noted, {"a": ("Ana", left)})

    first, second, third = text.split("\n")
    assert f"{first} {second.removeprefix('Ana: ')}" == f"Ana: {left.strip()}"
    assert third == f"Ana: {REDACTED}"


def test_what_does_not_fit_into_its_message_is_redacted_whole():
    """An edit made the line longer than Discord takes."""
    message = "\n".join(["Luis: " + "x" * 590] * 3 + ["Ana: y"])
    noted = owners(LUIS, LUIS, LUIS, ANA, stale=[3])

    text = corrected(message, noted, {"1-3": ("Ana", "z" * 500)})

    assert text.endswith(f"x\nAna: {REDACTED}")


def test_another_message_than_was_noted_is_not_touched():
    """Nobody knows which of its lines it would be."""
    assert corrected("Ana: Yes.", owners(ANA, LUIS, stale=[0]), {}) is None


def test_noted_lines_of_a_member_go_without_their_words():
    """Retention took the words; nobody else who said the same loses a line."""
    nameless = replace(GONE, name="", wordings=(), user_id=ANA)
    messages = ["Luis: Yes.\nAna: Yes.\nEva: No.", "Ana: Bye.", "Luis: Ana: Yes."]
    noted = [owners(LUIS, ANA, 3), owners(ANA), owners(LUIS)]

    left = forgotten(messages, nameless, noted)

    assert left == ["Luis: Yes.\nEva: No.", "", "Luis: Ana: Yes."]


def test_lines_that_were_taken_out_are_not_taken_out_again():
    """A process was killed between the message and the note: others' lines stay."""
    gone = replace(GONE, user_id=ANA)

    left = forgotten(["Luis: Yes.\nAnita: Yes."], gone, [owners(LUIS, ANA, 3)])

    assert left == ["Luis: Yes.\nAnita: Yes."]


def test_lines_that_are_nobodys_are_known_by_their_words():
    """Of a message of before it was noted where one of its lines stands."""
    gone = replace(GONE, user_id=ANA)

    left = forgotten(["Luis: Yes.\nAna: Yes."], gone, [owners(LUIS, NOBODY)])

    assert left == ["Luis: Yes."]
