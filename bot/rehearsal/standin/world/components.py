"""Components of messages and modals: walked through, numbered, and found again.

What Discord refuses in them says ``component_rules``.
"""

from collections.abc import Iterator

from bot.rehearsal.standin.wire import Json

ROW, BUTTON, STRING_SELECT, TEXT_INPUT = 1, 2, 3, 4
SELECTS = frozenset({3, 5, 6, 7, 8})
SECTION, TEXT_DISPLAY, SEPARATOR, CONTAINER, LABEL = 9, 10, 14, 17, 18
LINK = 5
"""The style of a button that opens a page and has no ``custom_id``."""
DEFAULTS: dict[int, Json] = {
    SEPARATOR: {"spacing": 1, "divider": True},
    CONTAINER: {"spoiler": False, "accent_color": None},
    13: {"spoiler": False},
    11: {"spoiler": False},
    **{kind: {"min_values": 1, "max_values": 1} for kind in SELECTS},
}


def every(components: list[Json]) -> Iterator[Json]:
    """Yield all components, outer before inner, in reading order."""
    for one in components:
        yield one
        yield from every(one.get("components") or [])
        for key in ("accessory", "component"):
            if one.get(key):
                yield from every([one[key]])


def numbered(components: list[Json]) -> list[Json]:
    """Return a copy in which each has an ``id`` and its type's defaults."""
    taken = {one["id"] for one in every(components) if one.get("id")}
    fresh = (number for number in range(1, 10_000) if number not in taken)
    return [_number(one, fresh) for one in components]


def _number(component: Json, fresh: Iterator[int]) -> Json:
    made = DEFAULTS.get(component.get("type", 0), {}) | _without_nulls(component)
    made["id"] = component.get("id") or next(fresh)
    if component.get("components"):
        made["components"] = [_number(one, fresh) for one in component["components"]]
    for key in ("accessory", "component"):
        if component.get(key):
            made[key] = _number(component[key], fresh)
    return made


def _without_nulls(part: Json) -> Json:
    kept = {key: one for key, one in part.items() if one is not None}
    if "emoji" in kept:
        kept["emoji"] = _without_nulls(kept["emoji"])
    if "options" in kept:
        kept["options"] = [_without_nulls(one) for one in kept["options"]]
    return kept


def find(components: list[Json], custom_id: str) -> Json | None:
    """Return the component with this ``custom_id``, if there is one."""
    found = (one for one in every(components) if one.get("custom_id") == custom_id)
    return next(found, None)
