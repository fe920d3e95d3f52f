"""What of the talk sells something: cues in English and Spanish, and links.

Rule 1: weak cues count only together; a strong one is enough. The host's own links
count as promotion wherever their name is said.
Rule 2: what a host let pass is no promotion for the rest of the Space, in whatever
words of the same cue, nor for what was said before; anything else still is.
"""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from moderation.drift.words import fold

_STRONG: Final = """
use (?:my|our|the) (?:promo |discount |coupon )?code
(?:promo|discount|coupon|referral) code
link in (?:my|the|our) bio
(?:percent|%) (?:off|discount)
sign up (?:now|today|for our|for my)
buy (?:it |them |yours |one )?(?:now|today)
(?:order|subscribe|register|book) (?:now|today)
(?:limited|special|exclusive) (?:time )?offer
money back guarantee
free trial
pre ?order
(?:our|my) sponsor\\b
(?:codigo|cupon) (?:de )?(?:descuento|promocional|promo)
(?:usa|usen|usad|con) (?:mi|nuestro|el) codigo
(?:enlace|link) en (?:la|mi|nuestra) (?:bio|biografia|descripcion)
por ciento de descuento
% de descuento
(?:compra|comprad|compren|compralo|suscribete|suscribanse) (?:ya|ahora|hoy)
(?:registrate|registrense|apuntate|apuntense) (?:ya|ahora|hoy)
oferta (?:especial|limitada|exclusiva|por tiempo)
prueba gratis
(?:nuestro|mi) patrocinador
reserva (?:ya|ahora|tu plaza)
"""

_WEAK: Final = """
discount
subscribe
our (?:product|service|company|course|newsletter|store|shop|website)
my (?:product|service|company|course|newsletter|store|shop|website|book)
on sale
special price
check (?:out|it out)
follow (?:us|me) on
premium plan
pricing
descuento
suscribete|suscribanse|suscribios
nuestr[oa] (?:producto|servicio|empresa|curso|boletin|tienda|web|pagina)
mi (?:producto|servicio|empresa|curso|boletin|tienda|web|pagina|libro)
en oferta
precio especial
sigueme|siguenos|siganme|siganos
plan premium
rebaja(?:s|do)?
"""


_SITE: Final = re.compile(r"(?:\w+://)?(?:www\.)?(?P<host>[^/:?#\s]+\.[^/:?#\s]+)")


@dataclass(frozen=True, slots=True)
class Cue:
    """A phrase that sells, as it was said."""

    phrase: str
    """In small letters, as it is shown to hosts."""

    kind: str
    """What is let pass with it: the pattern it fits, or the link."""

    strong: bool
    """Enough by itself."""


def _patterns(cues: str) -> list[tuple[str, re.Pattern[str]]]:
    return [(cue, re.compile(rf"(?<!\w)(?:{cue})")) for cue in cues.split("\n") if cue]


_CUES: Final = [
    *((cue, pattern, True) for cue, pattern in _patterns(_STRONG)),
    *((cue, pattern, False) for cue, pattern in _patterns(_WEAK)),
]


def cues(text: str, links: Iterable[str] = ()) -> frozenset[Cue]:
    """Return every cue in ``text``, and every one of ``links`` whose name is said."""
    folded = fold(text)
    # Accents go letter by letter, so that what was found can be shown as it was said.
    small = text.casefold()
    shown = small if len(small) == len(folded) else folded
    matches = [
        (match.span(), kind, strong)
        for kind, pattern, strong in _CUES
        for match in pattern.finditer(folded)
    ]
    spans = {span for span, _, _ in matches}
    found = {
        Cue(shown[slice(*span)], kind, strong)
        for span, kind, strong in matches
        if not any(_within(span, other) for other in spans)
    }
    names = (name for name in map(site, links) if name and name in folded)
    return frozenset(found | {Cue(name, name, strong=True) for name in names})


def _within(span: tuple[int, int], other: tuple[int, int]) -> bool:
    """Return whether a match is only a part of another, longer one."""
    return span != other and other[0] <= span[0] and span[1] <= other[1]


def promotes(found: Iterable[Cue]) -> bool:
    """Return whether cues sell: a strong one or a link, or two weak ones."""
    weak = set()
    for cue in found:
        if cue.strong:
            return True
        weak.add(cue.phrase)
    return len(weak) >= 2


def is_promotion(text: str, links: Iterable[str] = ()) -> bool:
    """Return whether ``text`` sells something."""
    return promotes(cues(text, links))


class Promotion:
    """How much of one Space's talk is promotion."""

    def __init__(self) -> None:
        self.words = 0
        """Words heard so far."""
        self._selling: Counter[frozenset[Cue]] = Counter()
        """Words of the utterances that had these cues."""
        self._passed: set[str] = set()

    @property
    def promoting(self) -> int:
        """Return how many of the words are promotion that nobody let pass."""
        counted = ((self._left(found), n) for found, n in self._selling.items())
        return sum(words for found, words in counted if promotes(found))

    def hear(self, text: str, links: Iterable[str] = ()) -> None:
        """Take in one utterance."""
        count = len(text.split())
        self.words += count
        found = cues(text, links)
        if promotes(found):
            self._selling[found] += count

    def let_pass(self) -> None:
        """Count what has sold so far as promotion no more."""
        self._passed |= {cue.kind for found in self._selling for cue in found}

    def phrases(self, count: int = 2) -> tuple[str, ...]:
        """Return the phrases behind most of the promotion, the heaviest first."""
        weight: Counter[str] = Counter()
        for found, words in self._selling.items():
            left = self._left(found)
            if promotes(left):
                weight.update({cue.phrase: words for cue in left})
        ranked = sorted(weight, key=lambda phrase: (-weight[phrase], phrase))
        return tuple(ranked[:count])

    def _left(self, found: frozenset[Cue]) -> list[Cue]:
        return [cue for cue in found if cue.kind not in self._passed]


def site(link: str) -> str:
    """Return the host name of a link as it would be said, without ``www.``."""
    match = _SITE.match(link.casefold())
    return match["host"] if match else ""
