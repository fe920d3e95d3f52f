"""Transcripts as JSON."""

import contextlib
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from media.transcript import Line, TranscriptError, from_json, lines, to_json
from media.utterance import Grade, Utterance, Word


def test_what_is_written_can_be_read():
    """A transcript keeps names, times, words and where it came from."""
    said = [
        Line(
            "Ana",
            1.0,
            2.5,
            "Hola.",
            "es",
            (Word("Hola.", 1.0, 1.5, 0.9),),
            0.9,
            "1-1000",
            Grade.FINAL,
        )
    ]

    assert from_json(to_json(said, title="Budget")) == said


def test_lines_have_names_and_are_in_order():
    """People who have no name keep their number."""
    first = Utterance("1-0", 1, 0.0, 2.0, "One.", "en")
    second = Utterance("2-1000", 2, 1.0, 2.0, "Two.", "en")

    assert [(x.speaker, x.text) for x in lines([second, first], {1: "Ana"})] == [
        ("Ana", "One."),
        ("2", "Two."),
    ]


def test_segments_of_other_tools_are_read():
    """What Whisper tools write as segments is a transcript too."""
    text = json.dumps({"segments": [{"start": 0, "end": 1.5, "text": " hi "}]})

    assert from_json(text) == [Line("", 0.0, 1.5, "hi")]


BAD = [
    ("{", "not JSON"),
    ("3", "no list"),
    ('{"schema": "other"}', "another schema"),
    ('{"version": 9, "utterances": []}', "another version"),
    ("[3]", "utterance 1: not an object"),
    ('[{"start": 0, "end": 1}]', "utterance 1: no text"),
    ('[{"text": "a", "start": "x", "end": 1}]', "start is not a number"),
    ('[{"text": "a", "start": true, "end": 1}]', "start is not a number"),
    ('[{"text": "a", "start": 2, "end": 1}]', "ends before it starts"),
    ('[{"text": "a", "start": -1, "end": 1}]', "start is negative"),
    ('[{"text": "a", "start": NaN, "end": 1}]', "not a finite number"),
]


@pytest.mark.parametrize(("text", "says"), BAD)
def test_what_is_no_transcript_is_named(text, says):
    """The error says which utterance and why, in one line."""
    with pytest.raises(TranscriptError, match=says) as caught:
        from_json(text)

    assert "\n" not in str(caught.value)


json_values = st.recursive(
    st.none() | st.booleans() | st.floats() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["utterances", "text", "start", "end", "words", "version"]),
            inner,
            max_size=5,
        )
    ),
)


@given(json_values)
def test_any_json_ends_in_lines_or_one_error(value):
    """No document makes the reader fail in another way."""
    with contextlib.suppress(TranscriptError):
        assert isinstance(from_json(json.dumps(value)), list)
