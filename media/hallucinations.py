"""Sentences that Whisper writes when nobody said them, per language.

Rule 1: the model learned from subtitles, so what it invents on silence, music and
noise are the credits and farewells of videos.
Rule 2: a phrase is *certain* when nobody says it in a conversation (credits), and
*doubtful* when people do say it ("thank you"); a doubtful phrase is only invented
where the sound speaks against it, which the caller knows.
Rule 3: credits are invented in other languages than the one that is spoken, so every
list is held against every text; a doubtful phrase only against its own language's.
Rule 4: pure. Case, accents and punctuation do not matter.
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
    "ca": (
        r"(subtitols|subtitulat)( \w+){0,4} per .*",
        r"(moltes )?gracies per (veure|mirar)( el| aquest)?( video)?.*",
        r"subscri(u te|viu vos)( al (meu |nostre )?canal)?.*",
        r"(musica|aplaudiments|rialles|silenci)",
    ),
    "gl": (
        r"(subtitulos|subtitulado)( \w+){0,4} por .*",
        r"(moitas )?grazas por ver( o| este)?( video)?.*",
        r"(subscribete|suscribete)( (ao|a) (meu |mina |nosa )?canle?)?.*",
        r"(musica|aplausos|risas|silencio)",
    ),
    "eu": (
        r"azpitituluak.*",
        r"(eskerrik asko|mila esker) (bideoa )?(ikusteagatik|ikusteagatik denoi)",
        r"harpidetu( (nire|gure) kanal(era|ean))?",
        r"(musika|txaloak|barreak|isiltasuna)",
    ),
    "pt": (
        r"(legendas?|legendado)( \w+){0,2} (por|pela|pelo) .*",
        r"(muito )?obrigad[oa] por (assistir|ver|terem? (assistido|visto)).*",
        r"(se )?inscrev(a se|am se|a|am)( (no|ao|em) (meu |nosso )?canal)?",
        r"(deixe|deem?) (o |um |seu )?(like|gosto|joinha).*",
        r"ate (o|ao) proximo (video|episodio)",
        r"(musica|aplausos|risos|silencio)",
    ),
    "fr": (
        r"sous titr(es|age)( \w+){0,4} par .*",
        r"sous titrage (st|fr|societe|mfp|radio).*",
        r"merci (beaucoup )?d avoir (regarde|suivi) (cette|la) video.*",
        r"(abonnez vous|abonne toi)( a (ma|la|notre) chaine.*)?",
        r"n oubliez pas de (vous abonner|liker).*",
        r"a (tres )?bientot (pour|dans) (une |la )?(nouvelle|prochaine) video",
        r"(musique|applaudissements|rires|silence)",
    ),
    "it": (
        r"sottotitoli( \w+){0,3} (a cura di|creati da|dalla comunita) ?.*",
        r"grazie (a tutti )?per (la visione|aver guardato|aver visto).*",
        r"iscri(viti|vetevi) al( mio| nostro)? canale.*",
        r"(lasciate|metti|mettete) (un )?(like|mi piace).*",
        r"(musica|applausi|risate|silenzio)",
    ),
    "de": (
        r"untertitel(ung)?( \w+){0,3} (zdf|ard|wdr|ndr|swr|funk|amara)( .*)?",
        r"(vielen )?dank(e)? (furs|fur s|fur das) (zuschauen|zusehen|ansehen).*",
        r"(bitte )?abonnier(t|en sie|e)( (meinen|unseren|den) kanal)?",
        r"bis zum nachsten video( dann)?",
        r"(musik|applaus|lachen|gelachter|stille)",
    ),
}
"""Also in every other language that a speaker can be recognised in."""

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
    "ca": (r"(moltes )?gracies", r"(adeu|si|no|be|val|hola|eh|ah)"),
    "gl": (r"(moitas )?grazas", r"(adeus|si|non|ben|vale|ola|eh|ah)"),
    "eu": (r"(eskerrik asko|mila esker)", r"(agur|bai|ez|kaixo|ba|eh|ah)"),
    "pt": (r"(muito )?obrigad[oa]", r"(tchau|adeus|sim|nao|ok|ola|ah|eh|e)"),
    "fr": (r"merci( beaucoup)?", r"(au revoir|salut|oui|non|ok|bon|ah|euh|eh)"),
    "it": (r"grazie( mille| a tutti)?", r"(ciao|si|no|ok|bene|ah|eh|e)"),
    "de": (
        r"(vielen dank|danke( schon)?)",
        r"(bis zum nachsten mal|tschuss|ja|nein|ok|gut|so|ah|ahm|hm)",
    ),
}

LANGUAGES = _CERTAIN.keys() & _DOUBTFUL.keys()
"""Languages that have both lists, ISO 639-1."""

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


def is_stock_phrase(text: str) -> bool:
    """Say whether the whole of ``text`` is a credit or farewell of a video.

    In whatever language: credits are invented in the wrong one too.
    """
    plain = folded(text)
    return any(pattern.fullmatch(plain) for pattern in _CERTAIN_RE.values())


def is_doubtful(text: str, language: str) -> bool:
    """Say whether ``text`` is what Whisper also writes when it hears nothing.

    A language without a list is held against all of them.
    """
    plain = folded(text)
    own = _DOUBTFUL_RE.get(language)
    patterns = _DOUBTFUL_RE.values() if own is None else (own,)
    return not plain or any(pattern.fullmatch(plain) for pattern in patterns)
