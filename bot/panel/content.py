"""The live panel: what one message shows of a room, and the buttons under it. Pure."""

from collections.abc import Mapping

import discord

from bot.client import Press
from bot.panel.buttons import SpaceButton
from bot.panel.choosing import host_menus, vote_menu
from bot.panel.facts import CALLS, SWITCHES
from bot.panel.health import health_lines, recording_lines, speech_lines
from bot.panel.lines import (
    asked_lines,
    queue_lines,
    stage_lines,
)
from bot.panel.post import Content
from bot.rooms.observation import RoomView
from bot.texts.escape import harmless
from bot.texts.language import Language
from bot.texts.wording import Wording
from moderation.view import Keeping, Phase

Style = discord.ButtonStyle

FIELD_LIMIT = 1024
"""Characters of an embed's field (Discord, "Embed Limits")."""

COLOURS = {Phase.LIVE: 0x3BA55D, Phase.PAUSED: 0xFAA61A, Phase.ENDED: 0x747F8D}

MEMBER_BUTTONS: Mapping[str, discord.ButtonStyle] = {
    "ask": Style.success,
    "withdraw": Style.secondary,
    "queue": Style.secondary,
    "time": Style.secondary,
    "step_down": Style.secondary,
    "question": Style.secondary,
    "consent": Style.primary,
    "report": Style.danger,
}
"""Buttons of the public panel, in order. Discord: five in a row."""

HOST_BUTTONS: Mapping[str, discord.ButtonStyle] = {
    "next": Style.success,
    "rotate": Style.secondary,
    "queue_toggle": Style.secondary,
    "lower_all": Style.secondary,
    "hush": Style.secondary,
    "back": Style.primary,
    "record": Style.secondary,
    "transcript": Style.secondary,
    "more": Style.secondary,
    "end": Style.danger,
}
"""Buttons of the host's private panel, in order."""


def panel(
    words: Wording, language: Language, view: RoomView, note: str = ""
) -> Content:
    """Show the room to everybody; ``note`` is what else they should know."""
    space = view.space
    embed = discord.Embed(
        title=harmless(space.topic, 250) or words.say(language, "panel.no_topic"),
        description=words.say(language, f"panel.{space.phase.value}", _since(view)),
        colour=COLOURS[space.phase],
    )
    if space.phase is Phase.ENDED:
        return Content(embed)
    _floor(embed, words, language, view)
    queue = queue_lines(words, language, view, limit=FIELD_LIMIT)
    _field(embed, _queue_title(words, language, view), queue)
    if space.questions:
        asked = asked_lines(words, language, view)
        _field(embed, words.say(language, "panel.questions"), asked)
    if space.recording is not Keeping.OFF or space.transcript:
        kept = recording_lines(words, language, view)
        _field(embed, words.say(language, "panel.kept"), kept)
    health = health_lines(words, language, view)
    if health or note:
        shown = "\n".join(line for line in (health, note) if line)
        _field(embed, words.say(language, "panel.note"), shown)
    if space.last_key:
        embed.set_footer(text=_footer(words, language, view))
    buttons = _buttons(words, language, view, MEMBER_BUTTONS)
    sides = _sides(words, language, view)
    buttons = (*buttons, *sides, *_claim(words, language, view))
    return Content(embed, buttons, menus=vote_menu(words, language, view))


def host_panel(words: Wording, language: Language, view: RoomView) -> Content:
    """Show the room to those who run it, with what they can do by one press."""
    space = view.space
    embed = discord.Embed(
        title=words.say(language, "panel.host_title"),
        description=words.say(language, f"panel.{space.phase.value}", _since(view)),
        colour=COLOURS[space.phase],
    )
    _floor(embed, words, language, view)
    queue = queue_lines(words, language, view, limit=FIELD_LIMIT)
    _field(embed, _queue_title(words, language, view), queue)
    kept = recording_lines(words, language, view)
    _field(embed, words.say(language, "panel.kept"), kept)
    health = health_lines(words, language, view)
    speech = speech_lines(words, language, view)
    if health or speech:
        shown = "\n".join(line for line in (health, speech) if line)
        _field(embed, words.say(language, "panel.note"), shown)
    buttons = _buttons(words, language, view, HOST_BUTTONS)
    return Content(embed, buttons, menus=host_menus(words, language, view))


def _since(view: RoomView) -> dict[str, str | int | float | None]:
    space = view.space
    return {
        "host_id": space.host_id,
        "opened_at": space.opened_at,
        "length_s": view.now - space.opened_at,
        "n": space.present,
    }


def _floor(
    embed: discord.Embed, words: Wording, language: Language, view: RoomView
) -> None:
    people = {"seats": len(view.space.stage), "cap": view.space.settings.cap}
    title = words.say(language, "panel.stage", people)
    _field(embed, title, stage_lines(words, language, view))


def _queue_title(words: Wording, language: Language, view: RoomView) -> str:
    mode_key = f"mode.{view.space.queue_mode.value}"
    return words.say(language, "panel.queue", {"mode_key": mode_key})


def _field(embed: discord.Embed, name: str, value: str) -> None:
    if len(value) > FIELD_LIMIT:
        value = value[: FIELD_LIMIT - 1].rsplit("\n", 1)[0] + "\n…"
    embed.add_field(name=name[:256], value=value, inline=False)


def _footer(words: Wording, language: Language, view: RoomView) -> str:
    # A footer shows no mentions, so that people are named in it.
    params = {
        name: view.names.get(value, "…")
        if name.endswith("_id") and isinstance(value, int)
        else value
        for name, value in view.space.last_params.items()
    }
    return words.bare(language, view.space.last_key, params)[:2048]


def _sides(
    words: Wording, language: Language, view: RoomView
) -> tuple[SpaceButton, ...]:
    """Return a button for each side of a debate, as many as a row holds."""
    return tuple(
        SpaceButton(
            Press("side", view.space.space_id, str(number)),
            words.say(language, "button.side", {"side": side}),
            row=2,
        )
        for number, side in enumerate(view.space.settings.sides[:5])
    )


def _claim(
    words: Wording, language: Language, view: RoomView
) -> tuple[SpaceButton, ...]:
    """Return the button to take over, while whoever hosts is away."""
    if not view.space.host_away:
        return ()
    press = Press("claim", view.space.space_id)
    label = words.say(language, "button.claim")
    return (SpaceButton(press, label, style=Style.success, row=1),)


def _buttons(
    words: Wording,
    language: Language,
    view: RoomView,
    verbs: Mapping[str, discord.ButtonStyle],
) -> tuple[SpaceButton, ...]:
    space = view.space
    on = {verb: switch.is_on(space) for verb, switch in SWITCHES.items()}
    args = {verb: "off" if on[verb] else "on" for verb in on}
    if space.queue:
        args |= dict.fromkeys(CALLS, str(space.queue[0].user_id))
    return tuple(
        SpaceButton(
            Press(verb, space.space_id, args.get(verb, "")),
            words.say(
                language, f"button.{verb}_off" if on.get(verb) else f"button.{verb}"
            ),
            style=style,
        )
        for verb, style in verbs.items()
    )
