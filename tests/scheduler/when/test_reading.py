"""Reading times: two languages, and every trap of the calendar."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduler.when.reading import read
from scheduler.when.zones import NotATimeError

MADRID = ZoneInfo("Europe/Madrid")
NOW = datetime(2026, 11, 22, 18, 0, tzinfo=MADRID)
"""A Sunday evening."""


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("el jueves a las 8", "2026-11-26 20:00"),
        ("El JUEVES a las 8 de la mañana", "2026-11-26 08:00"),
        ("jueves 20h", "2026-11-26 20:00"),
        ("jueves 20:30h", "2026-11-26 20:30"),
        ("el próximo jueves a las ocho y media de la tarde", "2026-11-26 20:30"),
        ("el jueves que viene a las 19:30", "2026-11-26 19:30"),
        ("mañana a las 9", "2026-11-23 21:00"),
        ("mañana por la mañana a las 9", "2026-11-23 09:00"),
        ("mañana a las 9 de la mañana", "2026-11-23 09:00"),
        ("pasado mañana a las siete menos cuarto", "2026-11-24 18:45"),
        ("hoy a las 21:15", "2026-11-22 21:15"),
        ("esta noche a las 10", "2026-11-22 22:00"),
        ("30 de noviembre a las 7 de la tarde", "2026-11-30 19:00"),
        ("el 3 de enero de 2027 a las 12", "2027-01-03 12:00"),
        ("en 10 minutos", "2026-11-22 18:10"),
        ("dentro de dos horas", "2026-11-22 20:00"),
        ("en media hora", "2026-11-22 18:30"),
        ("en una semana", "2026-11-29 18:00"),
        ("30/11 a mediodía", "2026-11-30 12:00"),
        ("next friday 19:30", "2026-11-27 19:30"),
        ("friday at 7pm", "2026-11-27 19:00"),
        ("this wednesday at 11am", "2026-11-25 11:00"),
        ("tomorrow 8 pm", "2026-11-23 20:00"),
        ("tomorrow at noon", "2026-11-23 12:00"),
        ("day after tomorrow at 6:45 p.m.", "2026-11-24 18:45"),
        ("tonight at 9", "2026-11-22 21:00"),
        ("nov 30 7pm", "2026-11-30 19:00"),
        ("November 30th, 2026 at 19:00", "2026-11-30 19:00"),
        ("30th of november 8 in the evening", "2026-11-30 20:00"),
        ("2026-12-01 08:05", "2026-12-01 08:05"),
        ("01/12/2026 18:00", "2026-12-01 18:00"),
        ("12/31 9pm", "2026-12-31 21:00"),
        ("in 2 hours", "2026-11-22 20:00"),
        ("in an hour", "2026-11-22 19:00"),
        ("in half an hour", "2026-11-22 18:30"),
        ("21:00", "2026-11-22 21:00"),
        ("17:00", "2026-11-23 17:00"),
        ("sunday 17:00", "2026-11-29 17:00"),
        ("sunday 19:00", "2026-11-22 19:00"),
        ("22 de noviembre 19:00", "2026-11-22 19:00"),
        ("21 nov 19:00", "2027-11-21 19:00"),
        ("monday midnight", "2026-11-23 00:00"),
        ("20.12. 19 Uhr", "2026-12-20 19:00"),
        ("20.12. 19:30", "2026-12-20 19:30"),
        ("20.12 19.30", "2026-12-20 19:30"),
        ("19.30 20.12.", "2026-12-20 19:30"),
        ("el 20.12 a las 7", "2026-12-20 19:00"),
        ("8.10", "2026-11-22 20:10"),
        ("lunes 8.10", "2026-11-23 20:10"),
        ("tmrw 8pm", "2026-11-23 20:00"),
        ("tomorrow evening at 8", "2026-11-23 20:00"),
        ("friday night 9pm", "2026-11-27 21:00"),
        ("hoy noche 21:00", "2026-11-22 21:00"),
        ("half past eight tomorrow", "2026-11-23 20:30"),
        ("tomorrow 8 o\u2019clock", "2026-11-23 20:00"),
        ("tonight at 12", "2026-11-23 00:00"),
        ("esta noche a las 12", "2026-11-23 00:00"),
        ("tonight at midnight", "2026-11-23 00:00"),
        ("mañana a las 12 de la noche", "2026-11-24 00:00"),
        ("a la 1 de la noche", "2026-11-23 01:00"),
        ("friday at 24:00", "2026-11-28 00:00"),
        ("el 30 a las 8", "2026-11-30 20:00"),
        ("30th at 8pm", "2026-11-30 20:00"),
        ("Saturday, November 28, 2026 at 8:00 PM", "2026-11-28 20:00"),
        ("sábado, 28 de noviembre de 2026, 20:00", "2026-11-28 20:00"),
        ("sábado 28 a las 20:00", "2026-11-28 20:00"),
        ("in 2 days at 8pm", "2026-11-24 20:00"),
        ("dentro de 3 días a las 20h", "2026-11-25 20:00"),
        ("in a week at 21:00", "2026-11-29 21:00"),
        ("in 1.5 hours", "2026-11-22 19:30"),
        ("in 1h30", "2026-11-22 19:30"),
        ("in 1 hour and 30 minutes", "2026-11-22 19:30"),
        ("in an hour and a half", "2026-11-22 19:30"),
        ("en hora y media", "2026-11-22 19:30"),
        ("90 min", "2026-11-22 19:30"),
        ("2026-12-01T20:05", "2026-12-01 20:05"),
        ("2026-12-01T20:05:00Z", "2026-12-01 21:05"),
        ("2026-12-01 20:05:00", "2026-12-01 20:05"),
        ("tomorrow 20:00 UTC", "2026-11-23 21:00"),
        ("20:00 utc+2", "2026-11-22 19:00"),
        ("tomorrow 8pm GMT-5", "2026-11-24 02:00"),
        ("<t:1796000000:F>", "2026-11-30 01:53"),
        ("<t:1796000000>", "2026-11-30 01:53"),
    ],
)
def test_times_as_people_type_them(text, expected):
    """A day and an hour in either language, in any usual form and order."""
    assert f"{read(text, NOW, MADRID).at:%Y-%m-%d %H:%M}" == expected


@pytest.mark.parametrize(
    ("text", "others"),
    [
        ("el jueves a las 8", ["2026-11-26 08:00"]),
        ("jueves 20:00", []),
        ("thursday at 08:00", []),
        ("monday at 11", ["2026-11-23 23:00"]),
        ("next friday 19:30", ["2026-12-04 19:30"]),
        ("1/12 20:00", ["2027-01-12 20:00"]),
        ("saturday at midnight", ["2026-11-29 00:00"]),
        ("mañana a las 12 de la noche", ["2026-11-23 00:00"]),
        ("20.12. 20:00", []),
        ("tomorrow 8pm", []),
        ("en 10 minutos", []),
    ],
)
def test_other_meanings_are_offered(text, others):
    """What is ambiguous is said to be, so that the confirm card can ask."""
    found = read(text, NOW, MADRID).others

    assert [f"{at:%Y-%m-%d %H:%M}" for at in found][: len(others)] == others
    assert bool(found) == bool(others)


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("", "when.unknown"),
        ("soon", "when.unknown"),
        ("el jueves", "when.no_hour"),
        ("tomorrow", "when.no_hour"),
        ("31 de febrero a las 8", "when.no_such_day"),
        ("2026-02-30 20:00", "when.no_such_day"),
        ("31/04/2027 20:00", "when.no_such_day"),
        ("hoy a las 25:00", "when.no_such_hour"),
        ("hoy a las 20:75", "when.no_such_hour"),
        ("hoy a las 17:00", "when.past"),
        ("2025-11-30 19:00", "when.past"),
        ("el jueves a las 8 en casa de Ana", "when.unknown"),
        ("every thursday at 8pm", "when.unknown"),
        ("2027-03-28 02:30", "when.skipped"),
        ("tomorrow evening", "when.no_hour"),
        ("el 30", "when.no_hour"),
        ("20.12.", "when.no_hour"),
        ("<t:1500000000:R>", "when.past"),
        ("<t:99999999999:R>", "when.no_such_day"),
        ("8pm CET", "when.other_clock"),
        ("tomorrow at 8 EST", "when.other_clock"),
        ("mañana a las 8 hora de Madrid", "when.other_clock"),
        ("20:00 utc+15", "when.unknown"),
        ("friday 28 november 20:00", "when.other_weekday"),
        ("tomorrow 20:00-21:00", "when.range"),
        ("tomorrow 8-9pm", "when.range"),
        ("8pm - 9pm", "when.range"),
        ("mañana de 20:00 a 21:00", "when.range"),
    ],
)
def test_what_is_no_time_says_why(text, key):
    """Half a time, an impossible or a past one is refused with its reason."""
    with pytest.raises(NotATimeError) as caught:
        read(text, NOW, MADRID)

    assert caught.value.key == key


def test_skipped_hour_offers_the_first_one_after():
    """At two o'clock in March clocks go to three; 2:30 never shows."""
    with pytest.raises(NotATimeError) as caught:
        read("2027-03-28 02:30", NOW, MADRID)

    instead = datetime.fromtimestamp(caught.value.params["instead_at"], MADRID)
    assert f"{instead:%H:%M}" == "03:00"


def test_repeated_hour_offers_both():
    """In October half past two comes twice, an hour apart."""
    reading = read("2027-10-31 02:30", NOW, MADRID)

    (other,) = reading.others
    assert (other.astimezone(UTC) - reading.at.astimezone(UTC)).seconds == 3600


def test_week_ahead_is_the_same_hour_over_a_change_of_the_clock():
    """*In one week* is a matter of the calendar, *in 168 hours* of the stopwatch."""
    before = datetime(2027, 3, 25, 20, 0, tzinfo=MADRID)

    assert f"{read('in 1 week', before, MADRID).at:%H:%M}" == "20:00"
    assert (
        f"{read('in 168 hours', before, MADRID).at.astimezone(MADRID):%H:%M}" == "20:00"
    )


def test_reader_elsewhere_reads_their_own_clock():
    """Eight in the evening is another instant in Mexico."""
    mexico = read("tomorrow 20:00", NOW, ZoneInfo("America/Mexico_City")).at

    assert mexico.astimezone(UTC) == datetime(2026, 11, 24, 2, 0, tzinfo=UTC)


PIECES = """
el jueves next friday mañana tomorrow hoy a las at 8 20 25 19:30 7pm 31 30/2 29/2 de
febrero nov of in en 10 9999 minutos weeks y media noon 2026-02-30 9999-12-31 3/4
0001-01-01 tonight que viene por la tarde am pasado
20.12. 20.12 utc+2 <t:1796000000:F> night noche the sat 1h30 half past to quarter -
medianoche dia 24:00 and
"""
TYPED = st.lists(st.sampled_from(sorted(set(PIECES.split()))), max_size=7).map(" ".join)


@given(st.text(max_size=40) | TYPED)
def test_any_text_is_a_time_ahead_or_refused(text):
    """Nothing that can be typed breaks the reader, and nothing read is over."""
    try:
        reading = read(text, NOW, MADRID)
    except NotATimeError:
        return
    assert reading.at > NOW
    assert all(other > NOW for other in reading.others)


def test_an_hour_alone_is_that_of_the_day_that_is_changed():
    """Moving next week's Space to nine moves it to nine of its own day."""
    day = date(2026, 12, 3)

    assert f"{read('21:00', NOW, MADRID, day).at:%m-%d %H:%M}" == "12-03 21:00"
    assert f"{read('friday 21:00', NOW, MADRID, day).at:%m-%d}" == "11-27"


@pytest.mark.parametrize(
    ("text", "day", "key"),
    [
        ("02:30", date(2027, 3, 28), "when.skipped"),
        ("9:00", date(2026, 11, 2), "when.past"),
    ],
)
def test_an_hour_that_its_day_does_not_have_says_why(text, day, key):
    """It does not roll on to another day."""
    with pytest.raises(NotATimeError) as refused:
        read(text, NOW, MADRID, day)

    assert refused.value.key == key


def test_an_hour_that_autumn_repeats_is_the_first_and_the_other_is_told():
    """02:30 of the day on which clocks go back."""
    found = read("02:30", NOW, MADRID, date(2027, 10, 31))

    assert f"{found.at:%H:%M %Z}" == "02:30 CEST"
    assert "02:30 CET" in [f"{at:%H:%M %Z}" for at in found.others]


@pytest.mark.parametrize("text", ["tonight at 1", "esta noche a la 1"])
def test_who_is_still_up_means_what_is_left_of_the_night(text):
    """At half past midnight *tonight at one* is in half an hour."""
    late = datetime(2026, 11, 23, 0, 30, tzinfo=MADRID)

    assert f"{read(text, late, MADRID).at:%d %H:%M}" == "23 01:00"


def test_tonight_is_over_when_its_hour_is():
    """It is not the same hour of another night."""
    late = datetime(2026, 11, 22, 22, 0, tzinfo=MADRID)

    for text in ("9 tonight", "tonight at 9", "esta noche a las 9"):
        with pytest.raises(NotATimeError) as refused:
            read(text, late, MADRID)
        assert refused.value.key == "when.past"
