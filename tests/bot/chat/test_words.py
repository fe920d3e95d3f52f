"""What members type."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.chat.words import Said, Verb, parse


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("q+", Said(Verb.ASK)),
        ("Q+ to the seeds", Said(Verb.ASK, None, "the seeds")),
        ("q+ las semillas", Said(Verb.ASK, None, "las semillas")),
        ("palabra", Said(Verb.ASK, "es")),
        ("Palabra: las elecciones", Said(Verb.ASK, "es", "las elecciones")),
        ("qq+ one word on that", Said(Verb.REPLY, None, "one word on that")),
        ("réplica: no es así", Said(Verb.REPLY, "es", "no es así")),
        ("q-", Said(Verb.WITHDRAW)),
        ("ya no", Said(Verb.WITHDRAW, "es")),
        ("q- later", Said(Verb.LATER, "en")),
        ("luego", Said(Verb.LATER, "es")),
        ("q?", Said(Verb.QUEUE)),
        ("cola", Said(Verb.QUEUE, "es")),
        ("? why now", Said(Verb.QUESTION, None, "why now")),
        ("pregunta: ¿por qué?", Said(Verb.QUESTION, "es", "¿por qué?")),
        ("topic?", Said(Verb.TOPIC, "en")),
        ("¿Tiempo?", Said(Verb.TIME, "es")),
        ("¿quién?", Said(Verb.WHO, "es")),
        ("marca", Said(Verb.MARK, "es")),
        ("quiero hablar", Said(Verb.ASK, "es")),
        ("¿Puedo decir algo?", Said(Verb.ASK, "es")),
        ("No quiero hablar", Said(Verb.WITHDRAW, "es")),
        ("I'd like to say something", Said(Verb.ASK, "en")),
        ("I don’t want to speak any more", Said(Verb.WITHDRAW, "en")),
        ("how long have I talked?", Said(Verb.TIME, "en")),
        ("¿Cuánto tiempo he hablado?", Said(Verb.TIME, "es")),
        ("who is next?", Said(Verb.QUEUE, "en")),
        ("¿Quién es el siguiente?", Said(Verb.QUEUE, "es")),
        ("who's speaking", Said(Verb.WHO, "en")),
        ("what is the topic?", Said(Verb.TOPIC, "en")),
        ("¿De qué se habla?", Said(Verb.TOPIC, "es")),
        ("me bajo", Said(Verb.STEP_DOWN, "es")),
        ("I accept", Said(Verb.ACCEPT, "en")),
        ("no, gracias", Said(Verb.DECLINE, "es")),
        ("not now", Said(Verb.DECLINE, "en")),
        ("+1 min", Said(Verb.MORE)),
        ("un minuto más, por favor", Said(Verb.MORE, "es")),
        ("Can I have one more minute?", Said(Verb.MORE, "en")),
        ("+1 #3", Said(Verb.VOTE, None, "3")),
        ("voto 12", Said(Verb.VOTE, None, "12")),
        ("Estoy en contra.", Said(Verb.SIDE, "es", "against")),
        ("for", Said(Verb.SIDE, "en", "for")),
        ("¿Qué puedo hacer?", Said(Verb.HELP, "es")),
        ("how do I ask?", Said(Verb.HELP, "en")),
        ("q +", Said(Verb.ASK)),
        ("Q + the seeds", Said(Verb.ASK, None, "the seeds")),
        ("q -", Said(Verb.WITHDRAW)),
        ("q ?", Said(Verb.QUEUE)),
        ("✋", Said(Verb.ASK)),
        ("🙋🏽‍♀️ about water", Said(Verb.ASK, None, "about water")),
        ("Raise hand", Said(Verb.ASK, "en")),
        ("let me speak", Said(Verb.ASK, "en")),
        ("Could I add something?", Said(Verb.ASK, "en")),
        ("quiero la palabra", Said(Verb.ASK, "es")),
        ("¿Podría preguntar algo?", Said(Verb.ASK, "es")),
        ("mano arriba", Said(Verb.ASK, "es")),
        ("no quiero la palabra", Said(Verb.WITHDRAW, "es")),
        ("I don't want to add something", Said(Verb.WITHDRAW, "en")),
        ("baja mi mano", Said(Verb.WITHDRAW, "es")),
        ("¿Me toca?", Said(Verb.QUEUE, "es")),
        ("", None),
        ("good evening", None),
        ("the garden at home wants to grow", None),
    ],
)
def test_a_line_addressed_to_the_bot(text, said):
    """Short commands and plain sentences mean the same, in both languages."""
    assert parse(text, addressed=True) == said


@pytest.mark.parametrize(
    "text",
    [
        "later",
        "✋",
        "q + r = 5",
        "cola",
        "time",
        "tiempo",
        "quiero hablar",
        "I want to talk",
        "mark",
        "for",
        "a favor",
        "more time",
        "no, gracias",
    ],
)
def test_ordinary_talk_is_no_command(text):
    """What was not addressed to the bot must carry a sign that talk has not."""
    assert parse(text, addressed=False) is None


@pytest.mark.parametrize("text", ["q+", "q-", "q?", "time?", "palabra: la luz"])
def test_signs_work_without_an_address(text):
    """The short commands of old need no mention where content may be read."""
    assert parse(text, addressed=False) is not None


def test_a_long_sentence_is_talk():
    """A wish to speak is short."""
    assert parse("I want to speak " + "and then " * 20, addressed=True) is None


@given(st.text(max_size=300), st.booleans())
def test_anything_can_be_typed(text, addressed):
    """No text is an error, and a note is one line of the text itself."""
    said = parse(text, addressed=addressed)

    assert said is None or "\n" not in said.note
