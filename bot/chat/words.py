"""What members type: short commands and plain sentences, in both languages.

Pure: text in, one of our own ``Said`` values out, or None where nothing was meant
for the bot. Words are compared without case, accents and final punctuation. Two ways
in, told apart by ``addressed``: a message that mentions the bot may be a plain
sentence; one that does not (the opt-in prefix form) must be a short command, so that
ordinary talk is never taken for one.

The short forms are those of W3C's Zakim: ``q+`` asks for the floor, ``q-`` gives it up.
"""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum

from bot.texts.language import Language


class Verb(Enum):
    """What a member asks for in chat."""

    ASK = "ask"
    REPLY = "reply"
    WITHDRAW = "withdraw"
    LATER = "later"
    QUEUE = "queue"
    QUESTION = "question"
    TOPIC = "topic"
    TIME = "time"
    WHO = "who"
    MARK = "mark"
    STEP_DOWN = "step_down"
    ACCEPT = "accept"
    DECLINE = "decline"
    MORE = "more"
    """One minute more of one's own turn."""
    VOTE = "vote"
    """For the question whose number is the note."""
    SIDE = "side"
    """Of a debate; the note is one of ours, ``for`` or ``against``."""
    HELP = "help"


@dataclass(frozen=True, slots=True)
class Said:
    """One chat command."""

    verb: Verb

    language: Language | None = None
    """The language that the words betray; None where they are the same in both."""

    note: str = ""
    """What follows the command: the note of a floor request, a question."""


NOTE_LIMIT = 140
"""Characters of a note that are kept; the rest of a longer one is cut by the rules."""

_EXACT: Mapping[str, tuple[Verb, Language | None]] = {
    "q+": (Verb.ASK, None),
    "palabra": (Verb.ASK, "es"),
    "pido la palabra": (Verb.ASK, "es"),
    "qq+": (Verb.REPLY, None),
    "replica": (Verb.REPLY, "es"),
    "q-": (Verb.WITHDRAW, None),
    "ya no": (Verb.WITHDRAW, "es"),
    "q- later": (Verb.LATER, "en"),
    "later": (Verb.LATER, "en"),
    "luego": (Verb.LATER, "es"),
    "q?": (Verb.QUEUE, None),
    "vq?": (Verb.QUEUE, None),
    "queue": (Verb.QUEUE, "en"),
    "cola": (Verb.QUEUE, "es"),
    "cola larga": (Verb.QUEUE, "es"),
    "topic": (Verb.TOPIC, "en"),
    "tema": (Verb.TOPIC, "es"),
    "time": (Verb.TIME, "en"),
    "tiempo": (Verb.TIME, "es"),
    "who": (Verb.WHO, "en"),
    "quien": (Verb.WHO, "es"),
    "mark": (Verb.MARK, "en"),
    "marca": (Verb.MARK, "es"),
    "+1 min": (Verb.MORE, None),
    "help": (Verb.HELP, "en"),
    "ayuda": (Verb.HELP, "es"),
}

_SIGNS = re.compile(r"[+?]$|^q-")
"""What sets a command apart from an everyday word when nobody was addressed."""

_WITH_NOTE: tuple[tuple[re.Pattern[str], Verb, Language | None], ...] = (
    (re.compile(r"^qq\+\s+(?:to\s+)?(?P<note>.+)$", re.I), Verb.REPLY, None),
    (re.compile(r"^q\+\s+(?:to\s+)?(?P<note>.+)$", re.I), Verb.ASK, None),
    (re.compile(r"^r[ée]plica\s*:\s*(?P<note>.+)$", re.I), Verb.REPLY, "es"),
    (re.compile(r"^palabra\s*:\s*(?P<note>.+)$", re.I), Verb.ASK, "es"),
    (re.compile(r"^pregunta\s*:\s*(?P<note>.+)$", re.I), Verb.QUESTION, "es"),
    (re.compile(r"^question\s*:\s*(?P<note>.+)$", re.I), Verb.QUESTION, "en"),
    (re.compile(r"^\?\s+(?P<note>.+)$"), Verb.QUESTION, None),
    (re.compile(r"^\+1\s+#?(?P<note>\d{1,3})$"), Verb.VOTE, None),
    (re.compile(r"^vot[eo]\s+#?(?P<note>\d{1,3})$", re.I), Verb.VOTE, None),
)

_SPACED = re.compile(r"^(v?q{1,2}) ([+?-])", re.I)
"""Short commands as the keyboards of phones write them; only when addressed."""

_HAND = re.compile(
    "^[\N{RAISED HAND}\N{HAPPY PERSON RAISING ONE HAND}"
    "\N{RAISED HAND WITH FINGERS SPLAYED}\N{RAISED BACK OF HAND}]"
    "[\U0001f3fb-\U0001f3ff\u200d\u2640\u2642\ufe0f]*(?: (?P<note>.+))?$"
)
"""A hand, of whatever skin and sex; only when addressed."""

_SIDES: Mapping[str, tuple[str, Language]] = {
    "for": ("for", "en"),
    "i am for it": ("for", "en"),
    "i'm for it": ("for", "en"),
    "against": ("against", "en"),
    "i am against it": ("against", "en"),
    "i'm against it": ("against", "en"),
    "a favor": ("for", "es"),
    "estoy a favor": ("for", "es"),
    "en contra": ("against", "es"),
    "estoy en contra": ("against", "es"),
}
"""How a side of a debate is chosen; only when the bot is addressed."""

_PATTERNS: tuple[tuple[str, Verb, Language], ...] = (
    (
        r"^(?:ya )?no quiero (?:hablar|intervenir|decir|preguntar|participar"
        r"|la palabra)|^(?:quitame|sacame|borrame) de la cola"
        r"|^(?:bajo|baja(?:me)?) (?:la|mi) mano|^retiro (?:la|mi) (?:mano|peticion)",
        Verb.WITHDRAW,
        "es",
    ),
    (
        r"\b(?:do not|don't|dont) (?:want|need) to (?:speak|talk|say|add|ask)"
        r"|\b(?:take|remove) me (?:off|from) the (?:queue|list)"
        r"|\blower my hand|\bnever ?mind",
        Verb.WITHDRAW,
        "en",
    ),
    (
        r"\b(?:cuanto (?:tiempo )?(?:he hablado|llevo)|mi tiempo)\b",
        Verb.TIME,
        "es",
    ),
    (
        r"\bhow (?:long|much)(?: time)? (?:have i|did i) (?:talk|spoke|speak|spent)"
        r"|\bmy (?:talk )?time\b",
        Verb.TIME,
        "en",
    ),
    (
        r"\bquien(?:es)? (?:es el siguiente|sigue|va (?:ahora|despues)|espera)"
        r"|\ba quien le toca|\bcuanto me (?:falta|queda)"
        r"|\bcuando me toca|^(?:ya )?me toca\W*$",
        Verb.QUEUE,
        "es",
    ),
    (
        r"\bwho(?:'s| is|s) (?:next|up next|in (?:the )?queue|waiting)"
        r"|\bwhen (?:is it|will it be) my turn|\bhow long do i wait",
        Verb.QUEUE,
        "en",
    ),
    (
        r"\bquien(?:es)? (?:habla|estan? (?:hablando|aqui)|tiene la palabra)",
        Verb.WHO,
        "es",
    ),
    (
        r"\bwho(?:'s| is|s) (?:speaking|talking|here|on (?:the )?(?:stage|floor))",
        Verb.WHO,
        "en",
    ),
    (r"\bcual es el tema|\bde que (?:se habla|hablamos|va)", Verb.TOPIC, "es"),
    (
        r"\bwhat(?:'s| is|s) the topic|\bwhat are we (?:talking|discussing)",
        Verb.TOPIC,
        "en",
    ),
    (
        r"\b(?:quiero|quisiera|querria|puedo|podria|me gustaria|dejame|dejadme) "
        r"(?:hablar|intervenir|decir algo|participar|preguntar algo|la palabra)"
        r"|\bpido (?:la palabra|turno)|\blevanto la mano|\bdame la palabra"
        r"|^mano (?:arriba|levantada)\W*$",
        Verb.ASK,
        "es",
    ),
    (
        r"\b(?:want|would like|'d like|like) to (?:speak|talk|say something)"
        r"|\b(?:want|would like|'d like) to (?:add|ask) something"
        r"|\b(?:can|may|could) i (?:speak|talk|say something|have the floor)"
        r"|\b(?:can|may|could) i (?:add|ask) something"
        r"|\blet me (?:speak|talk|say something)|\brais(?:e|ing) my hand"
        r"|^(?:raise hand|hand up)\W*$",
        Verb.ASK,
        "en",
    ),
    (r"\b(?:me bajo|dejo la palabra|he terminado)\b", Verb.STEP_DOWN, "es"),
    (
        r"\b(?:step(?:ping)? down|i(?:'m| am) done|i have finished)\b",
        Verb.STEP_DOWN,
        "en",
    ),
    (r"\b(?:un minuto|(?:algo de )?tiempo) mas\b|^mas tiempo", Verb.MORE, "es"),
    (r"\b(?:one|a) more minute\b|^(?:one minute more|more time)\b", Verb.MORE, "en"),
    (r"^(?:no,? gracias|ahora no|paso)\b", Verb.DECLINE, "es"),
    (r"^(?:no,? thanks|no,? thank you|not now|i pass)\b", Verb.DECLINE, "en"),
    (r"\bque puedo (?:hacer|decir|escribir)|^como (?:pido|hablo)\b", Verb.HELP, "es"),
    (r"\bwhat can i (?:do|say|type)|^how do i (?:speak|ask)\b", Verb.HELP, "en"),
    (r"^(?:acepto|subo|voy)\b", Verb.ACCEPT, "es"),
    (r"^(?:i accept|accept|coming up|i(?:'m| am) coming)\b", Verb.ACCEPT, "en"),
)
"""Tried in order: refusals stand before wishes, questions before statements."""

_SENTENCES = tuple((re.compile(p), verb, lang) for p, verb, lang in _PATTERNS)

_MAX_SENTENCE = 120
"""A sentence longer than this is talk, not a command."""


def parse(text: str, *, addressed: bool) -> Said | None:
    """Return what a message asks of the bot, or None.

    ``text`` comes without the mention or prefix; ``addressed``: it mentioned the bot.
    """
    line = " ".join(text.split())
    if addressed:
        line = _SPACED.sub(r"\1\2", line)
    folded = _fold(line)
    bare = folded.rstrip("?!. ") if folded not in _EXACT else folded
    exact = _EXACT.get(folded) or _EXACT.get(bare)
    if exact and (addressed or _SIGNS.search(folded)):
        return Said(*exact)
    for pattern, verb, language in _WITH_NOTE:
        if match := pattern.match(line):
            return Said(verb, language, match["note"].strip())
    if not addressed or len(folded) > _MAX_SENTENCE:
        return None
    if hand := _HAND.match(line):
        return Said(Verb.ASK, note=(hand["note"] or "").strip())
    if side := _SIDES.get(bare):
        return Said(Verb.SIDE, side[1], side[0])
    for pattern, verb, language in _SENTENCES:
        if pattern.search(folded):
            return Said(verb, language)
    return None


def _fold(text: str) -> str:
    """Return ``text`` lower-case, without accents, opening marks and curly quotes."""
    decomposed = unicodedata.normalize("NFKD", text.replace("’", "'")).casefold()
    return "".join(
        c for c in decomposed if not unicodedata.combining(c) and c not in "¿¡"
    )
