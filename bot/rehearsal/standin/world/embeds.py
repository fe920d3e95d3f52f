"""Rich embeds: their limits, and what Discord makes of them."""

from bot.rehearsal.standin.refusals import Fault
from bot.rehearsal.standin.wire import Json

LIMITS = {"title": 256, "description": 4096}
PARTS = {("footer", "text"): 2048, ("author", "name"): 256}
SHOWN = ("title", "description", "fields", "footer", "author", "image", "thumbnail")
"""One of these an embed must have: a colour alone shows nothing."""
ADDRESSES = (
    ("", ("http", "https")),
    ("author", ("http", "https")),
    ("image", ("http", "https", "attachment")),
    ("thumbnail", ("http", "https", "attachment")),
)
"""Where an ``url`` may stand, and how it may begin."""
MOST_FIELDS = 25
MOST_EMBEDS = 10
MOST_CHARACTERS = 6000


def faults(embeds: list[Json]) -> list[Fault]:
    """Return what is wrong with the embeds of a message."""
    wrong: list[Fault] = []
    if len(embeds) > MOST_EMBEDS:
        words = f"Must be {MOST_EMBEDS} or fewer in length."
        wrong.append(Fault(("embeds",), "BASE_TYPE_MAX_LENGTH", words))
    for index, embed in enumerate(embeds):
        path = ("embeds", index)
        for key, most in LIMITS.items():
            wrong += _too_long((*path, key), embed.get(key), most)
        for (part, key), most in PARTS.items():
            wrong += _too_long((*path, part, key), _part(embed, part, key), most)
        wrong += _address_faults(path, embed)
        if not any(embed.get(key) for key in SHOWN):
            words = "This field is required"
            wrong.append(Fault((*path, "description"), "BASE_TYPE_REQUIRED", words))
        fields = embed.get("fields") or []
        if len(fields) > MOST_FIELDS:
            words = f"Must be {MOST_FIELDS} or fewer in length."
            wrong.append(Fault((*path, "fields"), "BASE_TYPE_MAX_LENGTH", words))
        for place, field in enumerate(fields):
            for key, most in (("name", 256), ("value", 1024)):
                here = (*path, "fields", place, key)
                wrong += _too_long(here, field.get(key), most, required=True)
    if sum(map(size, embeds)) > MOST_CHARACTERS:
        words = f"Embed size exceeds maximum size of {MOST_CHARACTERS}"
        wrong.append(Fault(("embeds",), "MAX_EMBED_SIZE_EXCEEDED", words))
    return wrong


def _address_faults(path: tuple[str | int, ...], embed: Json) -> list[Fault]:
    wrong: list[Fault] = []
    for part, schemes in ADDRESSES:
        url = _part(embed, part, "url") if part else embed.get("url")
        scheme, told, rest = (url or "").partition("://")
        if url and not (told and rest and scheme in schemes):
            words = f"Scheme must be one of {schemes}."
            here = (*path, part, "url") if part else (*path, "url")
            wrong.append(Fault(here, "URL_TYPE_INVALID_SCHEME", words))
    return wrong


def size(embed: Json) -> int:
    """Return how many characters count towards the limit; blanks around do not."""
    parts = [embed.get("title"), embed.get("description")]
    parts += [_part(embed, "footer", "text"), _part(embed, "author", "name")]
    for field in embed.get("fields") or []:
        parts += [field.get("name"), field.get("value")]
    return sum(len((part or "").strip()) for part in parts)


def rich(embeds: list[Json]) -> list[Json]:
    """Return embeds as Discord gives them back."""
    made = []
    for embed in embeds:
        kept = {key: one for key, one in embed.items() if one not in (None, [])}
        kept["type"] = "rich"
        if "fields" in kept:
            kept["fields"] = [{"inline": False} | field for field in kept["fields"]]
        made.append(kept)
    return made


def _part(embed: Json, key: str, inner: str) -> str | None:
    part = embed.get(key)
    return part.get(inner) if isinstance(part, dict) else None


def _too_long(
    path: tuple[str | int, ...], text: str | None, most: int, *, required: bool = False
) -> list[Fault]:
    text = (text or "").strip()
    if not text:
        words = "This field is required"
        return [Fault(path, "BASE_TYPE_REQUIRED", words)] if required else []
    words = f"Must be {most} or fewer in length."
    return [Fault(path, "BASE_TYPE_MAX_LENGTH", words)] if len(text) > most else []
