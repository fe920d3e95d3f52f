"""Whether an utterance sells something: cues in English and Spanish, and links.

Weak cues count only together; a strong one is enough. The host's own links count as
promotion wherever their name is said.
"""

import re
from collections.abc import Iterable
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


def _any(cues: str) -> re.Pattern[str]:
    return re.compile("|".join(rf"(?<!\w)(?:{cue})" for cue in cues.split("\n") if cue))


STRONG: Final = _any(_STRONG)
WEAK: Final = _any(_WEAK)


def is_promotion(text: str, links: Iterable[str] = ()) -> bool:
    """Return whether ``text`` promotes: a strong cue, two weak ones, or a link."""
    folded = fold(text)
    if STRONG.search(folded):
        return True
    if len({match.group() for match in WEAK.finditer(folded)}) >= 2:
        return True
    return any(name in folded for name in map(site, links) if name)


def site(link: str) -> str:
    """Return the host name of a link as it would be said, without ``www.``."""
    match = _SITE.match(link.casefold())
    return match["host"] if match else ""
