"""The words for times in English and Spanish, accents folded."""

from collections.abc import Mapping
from typing import Final

_WEEKDAYS: Final = (
    "monday mon lunes lun",
    "tuesday tue tues martes",
    "wednesday weds wed miercoles mie",
    "thursday thurs thur thu jueves jue",
    "friday fri viernes vie",
    "saturday sat sabado sab",
    "sunday sun domingo dom",
)

_MONTHS: Final = (
    "january jan enero ene",
    "february feb febrero",
    "march marzo",
    "april apr abril abr",
    "may mayo",
    "june jun junio",
    "july jul julio",
    "august aug agosto ago",
    "september sep sept septiembre setiembre",
    "october oct octubre",
    "november nov noviembre",
    "december dec diciembre dic",
)

_UNITS: Final[Mapping[str, str]] = {
    "minutes": "m min mins minute minutes minuto minutos",
    "hours": "h hr hrs hour hours hora horas",
    "days": "d day days dia dias",
    "weeks": "w week weeks semana semanas",
}

_NUMBERS: Final = (
    "un una uno a an one",
    "dos two",
    "tres three",
    "cuatro four",
    "cinco five",
    "seis six",
    "siete seven",
    "ocho eight",
    "nueve nine",
    "diez ten",
    "once eleven",
    "doce twelve",
)


def _table(rows: tuple[str, ...], first: int) -> dict[str, int]:
    return {
        word: number for number, row in enumerate(rows, first) for word in row.split()
    }


WEEKDAYS: Final[Mapping[str, int]] = _table(_WEEKDAYS, 0)
"""0 is Monday."""

MONTHS: Final[Mapping[str, int]] = _table(_MONTHS, 1)
UNITS: Final[Mapping[str, str]] = {
    word: unit for unit, words in _UNITS.items() for word in words.split()
}
"""Word → argument of ``timedelta``."""

NUMBERS: Final[Mapping[str, int]] = _table(_NUMBERS, 1)
"""Numbers as words. *once* is eleven in Spanish; in English it names no time."""

_FILLERS: Final = """
el la los las a de del en on at the this este esta para por next proximo proxima
que viene siguiente coming hour hours horas hrs hs h uhr o clock oclock dia punto sharp
"""

FILLERS: Final = frozenset(_FILLERS.split())
"""Words that may stand between the others and add nothing by themselves."""


def either(words: Mapping[str, object]) -> str:
    """Return the words as an alternation for a pattern, the longest first."""
    return "|".join(sorted(words, key=len, reverse=True))
