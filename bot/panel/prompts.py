"""Messages that ask somebody something: an invitation, the consent round.

An invitation's message is kept in the record, so that it can be taken away by a later
process; its buttons carry whom it is for.
"""

import contextlib
from collections.abc import Collection, Mapping, Sequence

import discord

from bot.client import Press
from bot.panel.buttons import SpaceButton, row
from bot.rooms.parts import Parts
from moderation import effects as fx
from moderation.events import Answer
from moderation.floor import Invitation
from moderation.settings import RoomKind
from moderation.store import posts

Style = discord.ButtonStyle

INVITATION = "invitation"

ANSWER_STYLES = {
    Answer.ACCEPTED: Style.success,
    Answer.LATER: Style.secondary,
    Answer.DECLINED: Style.secondary,
}


class Prompts:
    """Asks the members of one Space."""

    def __init__(self, parts: Parts) -> None:
        self._parts = parts
        self._asked: set[int] = set()

    async def invite(self, effect: fx.PromptInvitation) -> None:
        """Ask a member whether they take the floor."""
        parts = self._parts
        buttons = [
            SpaceButton(
                Press("answer", parts.space_id, f"{effect.user_id}.{answer.value}"),
                parts.say(f"button.{answer.value}"),
                style=ANSWER_STYLES[answer],
            )
            for answer in effect.answers
        ]
        text = parts.say(
            "line.invited_stage"
            if parts.venue.kind is RoomKind.STAGE
            else "line.invited",
            {"user_id": effect.user_id, "until_at": effect.until},
        )
        if effect.note:
            text += "\n" + parts.say("line.invited_note", {"note": effect.note})
        message = await parts.venue.channel.send(
            text,
            view=row(*buttons),
            allowed_mentions=discord.AllowedMentions(
                users=[discord.Object(effect.user_id)]
            ),
        )
        space_id, kind = parts.space_id, _invitation(effect.user_id)
        await parts.house.store.write(
            lambda db: posts.keep(db, space_id, kind, message.channel.id, message.id)
        )

    async def drop(self, user_id: int) -> None:
        """Take an invitation away: answered, withdrawn or expired."""
        parts, kind = self._parts, _invitation(user_id)
        kept = await parts.house.store.read(
            lambda db: posts.of_space(db, parts.space_id)
        )
        if kind not in kept:
            return
        message = parts.venue.channel.get_partial_message(kept[kind].message_id)
        with contextlib.suppress(discord.NotFound):
            await message.delete()
        await parts.house.store.write(lambda db: posts.forget(db, parts.space_id, kind))

    async def ask_consent(self, user_ids: Sequence[int]) -> None:
        """Ask what may be done with voices, each member once."""
        parts = self._parts
        unasked = [user_id for user_id in user_ids if user_id not in self._asked]
        if not unasked:
            return
        self._asked.update(unasked)
        button = SpaceButton(
            Press("consent", parts.space_id),
            parts.say("button.consent"),
            style=Style.primary,
        )
        names = " ".join(f"<@{user_id}>" for user_id in unasked[:20])
        await parts.venue.channel.send(
            parts.say("line.consent_asked") + (f"\n{names}" if names else ""),
            view=row(button),
            allowed_mentions=discord.AllowedMentions.none(),
        )


def after_restart(
    invitations: Mapping[int, Invitation], kept: Collection[str]
) -> list[fx.Effect]:
    """Return what makes the prompts that are posted those that should be.

    A process may have died before it posted one, or took one away. ``kept`` are the
    kinds of the Space's posts.
    """
    unasked: list[fx.Effect] = [
        fx.PromptInvitation(one.user_id, one.by, one.until, one.note)
        for one in invitations.values()
        if _invitation(one.user_id) not in kept
    ]
    asked = (kind.partition(" ") for kind in kept)
    over = (int(user) for what, _, user in asked if what == INVITATION)
    dropped = (fx.DropInvitation(user) for user in over if user not in invitations)
    return [*unasked, *dropped]


def _invitation(user_id: int) -> str:
    """Return the kind of post that invites a member."""
    return f"{INVITATION} {user_id}"
