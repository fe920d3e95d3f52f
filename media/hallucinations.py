"""Sentences that Whisper writes when nobody said them, per language.

Rule 1: the model learned from subtitles, so what it invents on silence, music and
noise are the credits and farewells of videos.
Rule 2: a phrase is *certain* when nobody says it in a conversation (credits), and
*doubtful* when people do say it ("thank you"); a doubtful phrase is only invented
where the sound speaks against it, which the caller knows.
Rule 3: pure. Case, accents and punctuation do not matter.
"""

import re
import unicodedata

_CERTAIN: dict[str, tuple[str, ...]] = {
    "en": (
        r"(subtitles?|captions?|transcript(ion)?)( \w+){0,3} by .*",
        r".*\bamara ?org\b.*",
        r".*\bopensubtitles ?org\b.*",
        r"thank(s| you)( (so|very) much)? for watching.*",
        r"(please )?(like and )?subscribe( to (my|our|the) channel)?.*",
        r"(please )?(don t|do not) forget to (like|subscribe).*",
        r"(i ll |we ll )?see you in the next (video|one|episode)",
        r"hit the (like|bell).*",
        r"if you (liked|enjoyed) this video.*",
        r"(c|copyright|©) ?(bbc|20\d\d).*",
        r"the end",
        r"(music|applause|laughter|silence|blank audio|inaudible)",
        r"visit www .*",
    ),
    "es": (
        r"(subtitulos|subtitulado|transcripcion|traduccion)( \w+){0,4} por .*",
        r".*\bamara ?org\b.*",
        r".*\bopensubtitles ?org\b.*",
        r"(muchas )?gracias por ver( el| este| mi)?( video)?.*",
        r"(no (te )?olvid(es|en) (de )?)?(suscribe(te|ros)|suscribirte)"
        r"( a(l| mi| nuestro) canal)?.*",
        r"(dale|denle) (a )?(me gusta|like).*",
        r"(nos vemos|hasta) (en )?el (proximo|siguiente) (video|capitulo)",
        r"si te (ha gustado|gusto) (el|este) video.*",
        r"(mas informacion|visita) (en )?www .*",
        r"(musica|aplausos|risas|silencio)",
        r"fin",
    ),
}

_DOUBTFUL: dict[str, tuple[str, ...]] = {
    "en": (
        r"(okay |ok )?(thanks|thank you)( (so|very) much)?",
        r"(bye )*bye",
        r"you",
        r"(oh|ah|uh|um|hmm|mm)+( (oh|ah|uh|um|hmm|mm))*",
        r"(i m )?sorry",
        r"(yeah|so|okay|ok|right|hello|hi)",
        r"(good ?bye|good night)",
        r"i m going to .{0,3}",
        r"silence",
    ),
    "es": (
        r"(muchas )?gracias",
        r"(adios|chao|hasta luego)",
        r"(ah|eh|oh|mm|hmm|uh)+( (ah|eh|oh|mm|hmm|uh))*",
        r"(si|no|bueno|vale|hola|ok|okay|y|que)",
        r"hasta la proxima",
    ),
}

_NOT_LETTERS = re.compile(r"[^\w©]+")


def _compiled(table: dict[str, tuple[str, ...]]) -> dict[str, re.Pattern[str]]:
    return {lang: re.compile("|".join(phrases)) for lang, phrases in table.items()}


_CERTAIN_RE = _compiled(_CERTAIN)
_DOUBTFUL_RE = _compiled(_DOUBTFUL)


def folded(text: str) -> str:
    """Lower the case, drop accents and punctuation, single the spaces."""
    bare = unicodedata.normalize("NFKD", text.casefold())
    letters = "".join(c for c in bare if not unicodedata.combining(c))
    return " ".join(_NOT_LETTERS.sub(" ", letters).split())


def is_stock_phrase(text: str, language: str) -> bool:
    """Say whether the whole of ``text`` is a credit or farewell of a video.

    An unknown language is held against every list: credits are invented in the
    wrong language too.
    """
    return _matches(_CERTAIN_RE, text, language)


def is_doubtful(text: str, language: str) -> bool:
    """Say whether ``text`` is what Whisper also writes when it hears nothing."""
    return not folded(text) or _matches(_DOUBTFUL_RE, text, language)


def _matches(table: dict[str, re.Pattern[str]], text: str, language: str) -> bool:
    plain = folded(text)
    patterns = [table[language]] if language in table else list(table.values())
    return any(pattern.fullmatch(plain) for pattern in patterns)
