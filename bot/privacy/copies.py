"""``/privacy export``: everything that is kept of the person who asks, to them alone.

Rules: read on the record's own threads and packed on another, so that nobody waits;
one copy at a time is made, because it may read hours of sound, and it is sent beside
the next; what was packed is deleted when it is sent, or at the next start.
"""

import asyncio
import contextlib
import logging
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

import discord

from bot.afterwards.sound import TRACKS
from bot.house import House
from bot.privacy.archive import Packed, pack
from bot.refusals import Impossible
from bot.replies import AnyInteraction, answer, defer, language
from bot.texts.wording import Params
from moderation.store import audit, takeout
from moderation.store.takeout import Takeout

log = logging.getLogger(__name__)

EXPORTED: Final = "privacy.export"
"""The audit's action."""

PREFIX: Final = ".copy-"
"""Beginning of the names of folders in which copies are packed."""


class Copies:
    """Makes and sends members' copies."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._asked: set[tuple[int, int]] = set()
        self._one_at_a_time = asyncio.Lock()

    async def tidy(self) -> None:
        """Delete what a killed process was packing."""
        await asyncio.to_thread(_tidy, self._house.folder)

    async def give(self, interaction: AnyInteraction) -> None:
        """Answer with the person's copy. Raises ``Impossible``."""
        if interaction.guild_id is None:
            raise Impossible("only_in_guild")
        whose = (interaction.guild_id, interaction.user.id)
        if whose in self._asked:
            raise Impossible("copy_under_way")
        self._asked.add(whose)
        try:
            await defer(interaction)
            with _folder(self._house.folder) as folder:
                async with self._one_at_a_time:
                    packed = await self._pack(interaction, whose, folder)
                await self._send(interaction, packed)
            await self._note(whose, len(packed.parts))
        finally:
            self._asked.discard(whose)

    async def _pack(
        self, interaction: AnyInteraction, whose: tuple[int, int], folder: Path
    ) -> Packed:
        house, (guild_id, user_id) = self._house, whose
        found = await house.store.read(lambda db: takeout.read(db, guild_id, user_id))
        now = house.clock.now()
        asked = {"guild_id": guild_id, "user_id": user_id, "made_at": now}
        reader = language(interaction)
        packed = await asyncio.to_thread(
            pack,
            folder,
            found,
            await asyncio.to_thread(_tracks, found, user_id),
            house.wording.catalogue.text(reader, "privacy.copy.about"),
            limit=interaction.filesize_limit,
            asked=asked,
        )
        if not packed.is_whole:
            raise Impossible("copy_too_large")
        return packed

    async def _note(self, whose: tuple[int, int], parts: int) -> None:
        guild_id, user_id = whose
        deed = audit.AuditRow(
            guild_id=guild_id,
            actor_id=user_id,
            action=EXPORTED,
            at=self._house.clock.now(),
        )
        await self._house.store.write(lambda db: audit.record(db, deed))
        log.info("guild %s: a copy in %s parts", guild_id, parts)

    async def _send(self, interaction: AnyInteraction, packed: Packed) -> None:
        reader, words = language(interaction), self._house.wording
        many = len(packed.parts)
        for number, part in enumerate(packed.parts, 1):
            params: Params = {"number": number, "n": many}
            key = "privacy.copy.sent" if number == 1 else "privacy.copy.more"
            text = words.say(reader, key, params)
            if number == many and packed.left_out:
                left: Params = {"n": packed.left_out}
                text += "\n" + words.say(reader, "privacy.copy.left_out", left)
            await answer(interaction, text, file=discord.File(part))


def _tracks(found: Takeout, user_id: int) -> Mapping[str, Path]:
    """Return the recordings that are there, by their names in the archive."""
    paths = {Path(one.path): one.space_id for one in found.tracks}
    for space_id, folder in found.folders.items():
        # A Space that goes on has its tracks noted when it ends.
        path = Path(folder) / TRACKS / f"{user_id}.opus"
        if path.is_file():
            paths.setdefault(path, space_id)
    return {
        f"tracks/space-{space_id}.opus": path
        for path, space_id in sorted(paths.items(), key=lambda one: one[1])
    }


@contextlib.contextmanager
def _folder(parent: Path) -> Iterator[Path]:
    # Beside the record, not in the system's: nobody else on the machine looks there.
    with tempfile.TemporaryDirectory(dir=parent, prefix=PREFIX) as folder:
        yield Path(folder)


def _tidy(parent: Path) -> None:
    for left in parent.glob(f"{PREFIX}*"):
        shutil.rmtree(left, ignore_errors=True)
