"""Context menus: on a person, and on a message.

Each is what a slash command or a button does, with the person or message already
chosen. What takes the floor or the room from somebody for good is not among them: a
menu is too easily hit.
"""

from collections.abc import Awaitable, Callable
from typing import Any

import discord
from discord import app_commands

from bot.casebook import show_history
from bot.clock import Clock
from bot.door import Door
from bot.panel.buttons import row
from bot.panel.facts import MUTE_S
from bot.panel.person import buttons, card
from bot.replies import AnyInteraction, answer, language
from bot.texts.escape import plain
from moderation.events import (
    AgendaItemAdded,
    CohostAdded,
    Demoted,
    Event,
    HandMoved,
    Invited,
    LastWordGiven,
    LinkPinned,
    MemberMuted,
    MemberUnmuted,
    MemberWarned,
    MomentMarked,
    QuestionAsked,
    ReportFiled,
    TopicParked,
)
from moderation.refused import Refused

Member = discord.Member | discord.User
OnMember = Callable[[int, int], Event]
OnMessage = Callable[[int, discord.Message], Event]

QUOTED = 200
"""Characters of a message that a report or an agenda item keeps."""


def menus(door: Door, clock: Clock) -> list[app_commands.ContextMenu]:
    """Return every menu; their names are at ``menus.<key>`` of the catalogues."""
    on_members: dict[str, OnMember] = {
        "invite": lambda by, user: Invited(by, user),
        "first": lambda by, user: HandMoved(by, user, 1),
        "last_word": lambda by, user: LastWordGiven(by, user),
        "demote": lambda by, user: Demoted(by, user),
        "warn": lambda by, user: MemberWarned(by, user),
        "mute": lambda by, user: MemberMuted(by, user, clock.now() + MUTE_S),
        "unmute": lambda by, user: MemberUnmuted(by, user),
        "cohost": lambda by, user: CohostAdded(by, user),
        "report": lambda by, user: ReportFiled(by, user),
    }
    on_messages: dict[str, OnMessage] = {
        "question": lambda _, message: QuestionAsked(
            message.author.id, message.content
        ),
        "park": lambda by, message: TopicParked(by, message.content),
        "pin": lambda by, message: LinkPinned(by, message.jump_url, message.content),
        "agenda": lambda by, message: AgendaItemAdded(
            by, plain(message.content, QUOTED)
        ),
        "mark": lambda by, message: MomentMarked(by, plain(message.content, QUOTED)),
        "report_message": lambda by, message: ReportFiled(
            by, message.author.id, plain(message.content, QUOTED)
        ),
    }
    return [
        *(_member_menu(door, key, fact) for key, fact in on_members.items()),
        _menu(door, "person", _person(door)),
        _menu(door, "history", _history(door)),
        *(_message_menu(door, key, fact) for key, fact in on_messages.items()),
    ]


def _member_menu(door: Door, key: str, fact: OnMember) -> app_commands.ContextMenu:
    async def on_member(interaction: AnyInteraction, member: Member) -> None:
        await door.act(interaction, fact(interaction.user.id, member.id))

    return _menu(door, key, on_member)


def _message_menu(door: Door, key: str, fact: OnMessage) -> app_commands.ContextMenu:
    async def on_message(interaction: AnyInteraction, message: discord.Message) -> None:
        await door.act(interaction, fact(interaction.user.id, message))

    return _menu(door, key, on_message)


def _person(door: Door) -> Callable[..., Awaitable[None]]:
    """Return what shows a member's card to those who run the Space."""

    async def on_member(interaction: AnyInteraction, member: Member) -> None:
        room, reader = door.room(interaction), language(interaction)
        if interaction.user.id not in room.staff():
            raise Refused("right.missing", right_key="right.run_queue")
        view = room.observe()
        text = card(door.wording, reader, view, member.id)
        offered = buttons(door.wording, reader, view, member.id)
        await answer(interaction, text, row(*offered))

    return on_member


def _history(door: Door) -> Callable[..., Awaitable[None]]:
    async def on_member(interaction: AnyInteraction, member: Member) -> None:
        await show_history(door, interaction, member.id)

    return on_member


def _menu(
    door: Door, key: str, callback: Callable[..., Awaitable[Any]]
) -> app_commands.ContextMenu:
    name = door.wording.catalogue.text("en", f"menus.{key}")
    return app_commands.ContextMenu(
        name=name,
        callback=callback,  # type: ignore[arg-type]  # a coroutine function of two
        extras={"key": key},
    )
