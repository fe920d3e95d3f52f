"""What Discord refuses in the components of a message or a modal.

Discord, "Component Reference". With flag ``IS_COMPONENTS_V2`` a message is made of
components alone, at most 40 of them with 4000 characters; without it, of at most
five action rows. A modal has one to five labels, texts or rows with a text input.
"""

from collections.abc import Iterator

from bot.rehearsal.standin.refusals import Fault
from bot.rehearsal.standin.wire import Json
from bot.rehearsal.standin.world.components import (
    BUTTON,
    CONTAINER,
    LABEL,
    LINK,
    ROW,
    SECTION,
    SELECTS,
    SEPARATOR,
    STRING_SELECT,
    TEXT_DISPLAY,
    TEXT_INPUT,
    every,
)

Path = tuple[str | int, ...]

PREMIUM = 6
THUMBNAIL, GALLERY, FILE, UPLOAD, RADIO, CHECKBOXES, CHECKBOX = (
    11,
    12,
    13,
    19,
    21,
    22,
    23,
)
MOST_IN_ALL = 40
MOST_TEXT = 4000
MOST_ROWS = 5
MOST_BUTTONS = 5
MOST_OPTIONS = 25

V2_TOP = {ROW, SECTION, TEXT_DISPLAY, GALLERY, FILE, SEPARATOR, CONTAINER}
INPUTS = {TEXT_INPUT, UPLOAD, RADIO, CHECKBOXES, CHECKBOX} | SELECTS
"""What a label can hold."""

HOLDS = {
    ROW: {BUTTON} | SELECTS,
    SECTION: {TEXT_DISPLAY},
    CONTAINER: V2_TOP - {CONTAINER},
}
"""What can stand among the ``components`` of what."""

TEXTS: dict[int, dict[str, tuple[int, int]]] = {
    BUTTON: {"label": (0, 80), "url": (0, 512)},
    TEXT_INPUT: {"placeholder": (0, 100), "value": (0, 4000)},
    TEXT_DISPLAY: {"content": (1, MOST_TEXT)},
    LABEL: {"label": (1, 45), "description": (0, 100)},
    **{kind: {"placeholder": (0, 150)} for kind in SELECTS},
}
"""Type → field → least and most characters; at least 1 means that it must be there."""

OPTION = {"label": (1, 100), "value": (1, 100), "description": (0, 100)}


def of_message(components: list[Json], *, v2: bool) -> list[Fault]:
    """Return what is wrong with the components of a message."""
    path = ("components",)
    wrong = _kinds(components, V2_TOP if v2 else {ROW}, path)
    if not v2 and len(components) > MOST_ROWS:
        wrong += [_length(path, 1, MOST_ROWS)]
    if len(list(every(components))) > MOST_IN_ALL:
        wrong += [_length(path, 1, MOST_IN_ALL)]
    texts = (one for one in every(components) if one.get("type") == TEXT_DISPLAY)
    if sum(len(one.get("content") or "") for one in texts) > MOST_TEXT:
        words = f"Components text exceeds maximum size of {MOST_TEXT}"
        code = "COMPONENT_DISPLAYABLE_TEXT_SIZE_EXCEEDED"
        wrong.append(Fault(path, code, words))
    return wrong + _inside(components, path)


def of_modal(modal: Json, path: Path) -> list[Fault]:
    """Return what is wrong with a modal."""
    wrong = _texts(modal, {"title": (1, 45), "custom_id": (1, 100)}, path)
    components, here = modal.get("components") or [], (*path, "components")
    if not 1 <= len(components) <= MOST_ROWS:
        wrong.append(_length(here, 1, MOST_ROWS))
    wrong += _kinds(components, {ROW, LABEL, TEXT_DISPLAY}, here)
    for index, one in enumerate(components):
        if one.get("type") == ROW:
            inner = one.get("components") or []
            wrong += _kinds(inner, {TEXT_INPUT}, (*here, index, "components"))
        if one.get("type") == LABEL:
            held = one.get("component") or {}
            wrong += _kinds([held], INPUTS, (*here, index, "component"))
    return wrong + _inside(components, here, modal=True)


def _inside(components: list[Json], path: Path, *, modal: bool = False) -> list[Fault]:
    wrong: list[Fault] = []
    seen: set[str] = set()
    for here, one in _walk(components, path):
        wrong += _own(here, one, modal=modal)
        custom_id = one.get("custom_id")
        if custom_id in seen:
            code = "COMPONENT_CUSTOM_ID_DUPLICATED"
            words = "Component custom id cannot be duplicated"
            wrong.append(Fault((*here, "custom_id"), code, words))
        if custom_id is not None:
            seen.add(custom_id)
    return wrong


def _walk(components: list[Json], path: Path) -> Iterator[tuple[Path, Json]]:
    for index, one in enumerate(components):
        here = (*path, index)
        yield here, one
        yield from _walk(one.get("components") or [], (*here, "components"))
        for key in ("accessory", "component"):
            if one.get(key):
                # Of one that stands alone Discord's path has no number.
                cut = len(here) + 1
                for there, it in _walk([one[key]], (*here, key)):
                    yield (*there[:cut], *there[cut + 1 :]), it


def _own(path: Path, one: Json, *, modal: bool) -> list[Fault]:
    kind = one.get("type", 0)
    wrong = _texts(one, TEXTS.get(kind, {}), path)
    if kind in HOLDS and not modal:
        wrong += _children(path, one)
    interactive = kind in INPUTS or (
        kind == BUTTON and one.get("style") not in (LINK, PREMIUM)
    )
    if interactive:
        wrong += _texts(one, {"custom_id": (1, 100)}, path)
    if kind == BUTTON:
        wrong += _button(path, one)
    if kind in SELECTS:
        wrong += _select(path, one)
    if kind == TEXT_INPUT:
        wrong += _text_input(path, one)
    return wrong


def _children(path: Path, one: Json) -> list[Fault]:
    kind, inner = one["type"], one.get("components") or []
    here = (*path, "components")
    most = {ROW: MOST_BUTTONS, SECTION: 3, CONTAINER: MOST_IN_ALL}[kind]
    if any(other.get("type") in SELECTS for other in inner):
        most = 1
    wrong = _kinds(inner, HOLDS[kind], here)
    if not 1 <= len(inner) <= most:
        wrong.append(_length(here, 1, most))
    if kind == SECTION:
        accessory = one.get("accessory") or {}
        wrong += _kinds([accessory], {BUTTON, THUMBNAIL}, (*path, "accessory"))
    return wrong


def _button(path: Path, one: Json) -> list[Fault]:
    wrong: list[Fault] = []
    style = one.get("style")
    if style not in range(1, 7):
        words = "Value must be one of {1, 2, 3, 4, 5, 6}."
        wrong.append(Fault((*path, "style"), "BASE_TYPE_CHOICES", words))
    if style != PREMIUM and not one.get("label") and not one.get("emoji"):
        words = "A button must have a label or an emoji."
        wrong.append(Fault((*path, "label"), "BASE_TYPE_REQUIRED", words))
    if style == LINK:
        address = str(one.get("url") or "")
        if not address.startswith(("http://", "https://", "discord://")):
            words = "Scheme must be one of ('http', 'https', 'discord')."
            wrong.append(Fault((*path, "url"), "URL_TYPE_INVALID_SCHEME", words))
        if one.get("custom_id"):
            words = "A link has no custom id."
            code = "BUTTON_COMPONENT_CUSTOM_ID_AND_URL"
            wrong.append(Fault((*path, "custom_id"), code, words))
    elif one.get("url"):
        words = "Only a link has an url."
        wrong.append(Fault((*path, "url"), "BASE_TYPE_CHOICES", words))
    return wrong


def _select(path: Path, one: Json) -> list[Fault]:
    wrong: list[Fault] = []
    ranges = {"min_values": (0, MOST_OPTIONS), "max_values": (1, MOST_OPTIONS)}
    for key, (low, high) in ranges.items():
        if one.get(key) is not None and not low <= one[key] <= high:
            words = f"int value should be between {low} and {high}."
            wrong.append(Fault((*path, key), "NUMBER_TYPE_RANGE", words))
    least, most = one.get("min_values", 1), one.get("max_values", 1)
    if least > most:
        words = f"int value should be less than or equal to {most}."
        wrong.append(Fault((*path, "min_values"), "NUMBER_TYPE_MAX", words))
    if one["type"] != STRING_SELECT:
        return wrong
    options, here = one.get("options") or [], (*path, "options")
    if not max(1, most) <= len(options) <= MOST_OPTIONS:
        wrong.append(_length(here, max(1, most), MOST_OPTIONS))
    values: set[str] = set()
    for index, option in enumerate(options):
        wrong += _texts(option, OPTION, (*here, index))
        if option.get("value") in values:
            code = "SELECT_COMPONENT_OPTION_VALUE_DUPLICATED"
            words = "The specified option value is already used"
            wrong.append(Fault((*here, index, "value"), code, words))
        values.add(str(option.get("value")))
    if sum(bool(option.get("default")) for option in options) > most:
        words = f"There are more than {most} defaults."
        wrong.append(Fault(here, "SELECT_COMPONENT_TOO_MANY_DEFAULT_VALUES", words))
    return wrong


def _text_input(path: Path, one: Json) -> list[Fault]:
    wrong: list[Fault] = []
    least, most = one.get("min_length"), one.get("max_length")
    if one.get("style") not in (1, 2):
        words = "Value must be one of {1, 2}."
        wrong.append(Fault((*path, "style"), "BASE_TYPE_CHOICES", words))
    for key, value, low in (("min_length", least, 0), ("max_length", most, 1)):
        if value is not None and not low <= value <= MOST_TEXT:
            words = f"int value should be between {low} and {MOST_TEXT}."
            wrong.append(Fault((*path, key), "NUMBER_TYPE_RANGE", words))
    if most is not None and len(one.get("value") or "") > most:
        words = f"Must be {most} or fewer in length."
        wrong.append(Fault((*path, "value"), "BASE_TYPE_MAX_LENGTH", words))
    return wrong


def _texts(one: Json, limits: dict[str, tuple[int, int]], path: Path) -> list[Fault]:
    wrong: list[Fault] = []
    for key, (least, most) in limits.items():
        text = one.get(key)
        if text is not None and not isinstance(text, str):
            words = "Could not interpret as string."
            wrong.append(Fault((*path, key), "STRING_TYPE_CONVERT", words))
        elif not text and least:
            words = "This field is required"
            wrong.append(Fault((*path, key), "BASE_TYPE_REQUIRED", words))
        elif len(text or "") > most:
            words = f"Must be {most} or fewer in length."
            wrong.append(Fault((*path, key), "BASE_TYPE_MAX_LENGTH", words))
    return wrong


def _kinds(components: list[Json], allowed: set[int], path: Path) -> list[Fault]:
    alone = path[-1] in ("component", "accessory")
    listed = ", ".join(str(one) for one in sorted(allowed))
    words = f'Value of field "type" must be one of ({listed}).'
    return [
        Fault(
            (*path, *(() if alone else (index,)), "type"), "UNION_TYPE_CHOICES", words
        )
        for index, one in enumerate(components)
        if one.get("type") not in allowed
    ]


def _length(path: Path, least: int, most: int) -> Fault:
    words = f"Must be between {least} and {most} in length."
    return Fault(path, "BASE_TYPE_BAD_LENGTH", words)
