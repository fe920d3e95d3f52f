"""What Discord refuses in an application command (Discord, "Application Commands").

A name and a description have the same limits in every language; 8000 characters a
command, the longest localization counting.
"""

import re
from typing import Any

from bot.rehearsal.standin.form import Form
from bot.rehearsal.standin.refusals import Fault
from bot.rehearsal.standin.wire import Json

CHAT_INPUT, USER, MESSAGE = 1, 2, 3
SUBCOMMAND, GROUP = 1, 2
STRING, INTEGER, CHANNEL, NUMBER = 3, 4, 7, 10
NAME = re.compile(r"[-_'\w]{1,32}")
MOST_OPTIONS = 25
MOST_CHOICES = 25
MOST_CHARACTERS = 8000
LOCALIZED = ("name", "description")
LOCALES = frozenset(
    (
        *("bg", "cs", "da", "de", "el", "en-GB", "en-US", "es-419", "es-ES", "fi"),
        *("fr", "hi", "hr", "hu", "id", "it", "ja", "ko", "lt", "nl", "no", "pl"),
        *("pt-BR", "ro", "ru", "sv-SE", "th", "tr", "uk", "vi", "zh-CN", "zh-TW"),
    )
)
ONLY_FOR = {
    "choices": {STRING, INTEGER, NUMBER},
    "autocomplete": {STRING, INTEGER, NUMBER},
    "min_value": {INTEGER, NUMBER},
    "max_value": {INTEGER, NUMBER},
    "min_length": {STRING},
    "max_length": {STRING},
    "channel_types": {CHANNEL},
    "options": {SUBCOMMAND, GROUP},
}
"""Field of an option → the types of option that can have it."""

Path = tuple[str | int, ...]


def faults(body: Json, path: Path) -> list[Fault]:
    """Return what is wrong with a command."""
    form = Form(body, path)
    kind = body.get("type") or CHAT_INPUT
    options = body.get("options") or []
    if kind == CHAT_INPUT:
        _check_words(form, named=True)
        wrong = form.faults + _options(options, (*path, "options"), GROUP)
    else:
        form.text("name", least=1, most=32, required=True)
        _check_localized(form, "name", 32, None)
        for key, value in (
            ("description", body.get("description")),
            ("options", options),
        ):
            if value:
                words = f"Context menu commands cannot have {key}"
                form.fault(
                    key, f"APPLICATION_COMMAND_CONTEXT_MENU_{key.upper()}", words
                )
        wrong = form.faults
    if _longest(body) > MOST_CHARACTERS:
        words = f"Command exceeds maximum size of {MOST_CHARACTERS}"
        wrong.append(Fault(path, "APPLICATION_COMMAND_TOO_LARGE", words))
    return wrong


def _check_words(form: Form, *, named: bool) -> None:
    """Check a name and a description in every language."""
    form.text("description", least=1, most=100, required=True)
    _check_localized(form, "description", 100, None)
    name = form.text("name", least=1, most=32, required=True)
    if named and name and not _is_name(name):
        _bad_name(form, "name")
    _check_localized(form, "name", 32, NAME)


def _check_localized(
    form: Form, key: str, most: int, pattern: re.Pattern[str] | None
) -> None:
    field = f"{key}_localizations"
    for locale, text in (form.body.get(field) or {}).items():
        if locale not in LOCALES:
            form.fault(field, "BASE_TYPE_CHOICES", f"There is no locale {locale}.")
        elif not 1 <= len(text or "") <= most:
            words = f"{locale}: Must be between 1 and {most} in length."
            form.fault(field, "BASE_TYPE_BAD_LENGTH", words)
        elif pattern is not None and not _is_name(text):
            _bad_name(form, field)


def _is_name(text: str) -> bool:
    return NAME.fullmatch(text) is not None and text == text.lower()


def _bad_name(form: Form, key: str) -> None:
    words = "Command name is invalid"
    form.fault(key, "APPLICATION_COMMAND_INVALID_NAME", words)


def _options(options: list[Json], path: Path, deepest: int) -> list[Fault]:
    """Check options; ``deepest`` is the outermost wrapper that can stand here."""
    wrong: list[Fault] = []
    if len(options) > MOST_OPTIONS:
        words = f"Must be {MOST_OPTIONS} or fewer in length."
        wrong.append(Fault(path, "BASE_TYPE_MAX_LENGTH", words))
    wrapped = {option.get("type") in (SUBCOMMAND, GROUP) for option in options}
    if len(wrapped) > 1:
        words = "Sub-command and sub-command group option types are mutually exclusive"
        code = "APPLICATION_COMMAND_OPTIONS_TYPE_INVALID"
        wrong.append(Fault(path, code, words))
    names = [option.get("name") for option in options]
    optional_seen = False
    for index, option in enumerate(options):
        form = Form(option, (*path, index))
        _check_words(form, named=True)
        if names.index(option.get("name")) < index:
            words = "Option name already exists in command options"
            form.fault("name", "APPLICATION_COMMAND_OPTIONS_NAME_ALREADY_EXISTS", words)
        if option.get("required") and optional_seen:
            words = "Required options must be placed before non-required options"
            code = "APPLICATION_COMMAND_OPTIONS_REQUIRED_INVALID"
            form.fault("required", code, words)
        optional_seen |= not option.get("required")
        _check_option(form, deepest)
        inner = option.get("options") or []
        wrong += form.faults + _choices(option, (*path, index, "choices"))
        wrong += _options(
            inner, (*path, index, "options"), (option.get("type") or 0) - 1
        )
    return wrong


def _check_option(form: Form, deepest: int) -> None:
    option = form.body
    kind = form.choice("type", range(1, 12), required=True) or 0
    if kind in (SUBCOMMAND, GROUP) and kind > deepest:
        words = "Sub-command option types cannot be nested like that"
        form.fault("type", "APPLICATION_COMMAND_OPTIONS_TYPE_INVALID", words)
    for key, kinds in ONLY_FOR.items():
        if option.get(key) not in (None, [], False) and kind not in kinds:
            words = f"An option of type {kind} has no {key}"
            form.fault(key, "APPLICATION_COMMAND_OPTIONS_TYPE_INVALID", words)
    if option.get("choices") and option.get("autocomplete"):
        words = "Autocomplete and choices are mutually exclusive"
        code = "APPLICATION_COMMAND_AUTOCOMPLETE_CHOICES"
        form.fault("autocomplete", code, words)
    if kind == STRING:
        form.integer("min_length", 0, 6000)
        form.integer("max_length", 1, 6000)


def _choices(option: Json, path: Path) -> list[Fault]:
    choices = option.get("choices") or []
    wrong: list[Fault] = []
    if len(choices) > MOST_CHOICES:
        words = f"Must be {MOST_CHOICES} or fewer in length."
        wrong.append(Fault(path, "BASE_TYPE_MAX_LENGTH", words))
    for index, one in enumerate(choices):
        form = Form(one, (*path, index))
        form.text("name", least=1, most=100, required=True)
        _check_localized(form, "name", 100, None)
        value: Any = one.get("value")
        if option.get("type") == STRING:
            form.text("value", least=1, most=100, required=True)
        elif isinstance(value, bool) or not isinstance(value, int | float):
            form.fault("value", "NUMBER_TYPE_COERCE", f'Value "{value}" is no number.')
        wrong += form.faults
    if len({one.get("name") for one in choices}) < len(choices):
        words = "Option choice name already exists"
        code = "APPLICATION_COMMAND_OPTIONS_CHOICE_NAME_ALREADY_EXISTS"
        wrong.append(Fault(path, code, words))
    return wrong


def _longest(body: Json) -> int:
    total = len(str(body.get("value", "")))
    for key in LOCALIZED:
        localized = (body.get(f"{key}_localizations") or {}).values()
        total += max(len(text or "") for text in [body.get(key), *localized])
    inner = [*(body.get("choices") or []), *(body.get("options") or [])]
    return total + sum(map(_longest, inner))
