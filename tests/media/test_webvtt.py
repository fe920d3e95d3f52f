"""WebVTT, written and read."""

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from media.transcript import Line, TranscriptError
from media.webvtt import read, write

words = st.text(st.characters(blacklist_categories=["Cs", "Cc"]), max_size=40)
spoken = st.builds(
    lambda speaker, start, length, text: Line(
        " ".join(speaker.split()),
        start / 1000,
        (start + length) / 1000,
        " ".join(text.split()),
    ),
    words,
    st.integers(0, 400_000_000),
    st.integers(1, 100_000),
    words.filter(lambda text: bool(text.split())),
)


def test_cues_have_their_speaker():
    """Every player shows who said it; an hour has its own field."""
    text = write([Line("Ana", 3661.5, 3663.25, "Hola a todos.")])

    assert text == (
        "WEBVTT\n\n1\n01:01:01.500 --> 01:01:03.250\n<v Ana>Hola a todos.</v>\n"
    )


@given(st.lists(spoken, max_size=6))
def test_what_is_written_can_be_read(lines):
    """Whatever names and words hold, they come back as they were."""
    ordered = sorted(lines, key=lambda line: (line.start, line.end))

    again = read(write(lines))

    assert [(a.speaker, a.text) for a in again] == [
        (line.speaker, line.text) for line in ordered
    ]
    assert [a.start for a in again] == pytest.approx([line.start for line in ordered])


def test_untrusted_text_cannot_leave_its_cue():
    """Tags, arrows and line ends in names and words are only text."""
    nasty = Line("</v><b>Eve", 0.0, 1.0, "a --> b\n\n2\n00:00 <i>&amp;")

    text = write([nasty])
    (line,) = read(text)

    assert text.count("-->") == 1
    assert "<b>" not in text
    assert line.text == "a --> b 2 00:00 <i>&amp;"


def test_an_empty_transcript_is_a_file_with_no_cues():
    """Nobody said anything: still WebVTT."""
    assert read(write([])) == []


def test_files_of_other_tools_are_read():
    """Short times, CRLF, notes, styles, identifiers, settings and tags are all fine."""
    text = (
        "\ufeffWEBVTT - made elsewhere\r\nKind: captions\r\n\r\n"
        "NOTE\r\nnothing --> here\r\n\r\nSTYLE\r\n::cue {}\r\n\r\n"
        "intro\r\n00:01.000 --> 00:02,500 align:start\r\n"
        "<v.loud Ana Sol>Hello <i>all</i></v>\r\n<v Ben>Hi &amp; bye\r\n\r\n"
        "00:03.000 --> 00:04.000\r\nnobody\r\n"
    )

    assert [(line.speaker, line.text, line.start) for line in read(text)] == [
        ("Ana Sol", "Hello all", 1.0),
        ("Ben", "Hi & bye", 1.0),
        ("", "nobody", 3.0),
    ]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "line 1: a WebVTT file begins with WEBVTT"),
        ("1\n00:00:01,000 --> 00:00:02,000\nsrt", "line 1"),
        ("WEBVTT\n\n1\n00:01 --> 00:02\nx", "line 4: times that cannot be read"),
        ("WEBVTT\n\n00:02.000 --> 00:01.000\nx", "line 3: it ends before it starts"),
    ],
)
def test_what_is_no_webvtt_is_named(text, says):
    """The error says which line and why."""
    with pytest.raises(TranscriptError, match=says):
        read(text)


@given(st.text(max_size=200))
def test_reading_any_text_ends_in_lines_or_one_error(text):
    """No input makes the parser fail in another way."""
    with contextlib.suppress(TranscriptError):
        assert isinstance(read("WEBVTT\n" + text), list)
