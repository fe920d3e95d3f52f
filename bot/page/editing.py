"""Changing a transcript: edits with their history, and redactions.

Rule 1: whoever changes a line has to have seen what stands there: an older version is
refused with what stands now.
Rule 2: every change is one row of the audit, in one transaction with it: who, when,
which line, never its words.
Rule 3: a change is a POST of JSON from the page itself. The session's cookie goes with
no other site's requests, no other site can send JSON without being asked whether it
may, and browsers say where a request comes from.
"""

import asyncio
import logging
from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from aiohttp import web
from sqlite_utils import Database

from bot.afterwards.amending import Amendments
from bot.clock import Clock
from bot.page import lines
from bot.page.answers import VIEWER, Answers
from bot.page.elsewhere import Elsewhere
from bot.page.lines import Said
from bot.page.rights import Rights
from bot.page.tickets import Viewer
from bot.texts.escape import plain
from moderation.store import audit, guilds, redactions, spaces, transcripts
from moderation.store.audit import AuditRow
from moderation.store.database import Store, StoreError
from moderation.store.redactions import NothingToRedactError
from moderation.store.transcripts import REDACTED, StaleError

log = logging.getLogger(__name__)

LINE = r"/spaces/{space:\d{1,18}}/lines/{line:\d{1,18}}"

LONGEST = 5000
"""Characters of one line."""


BLOCK = REDACTED[0]
"""What redacted words look like; who types it wants to redact, and would not."""


class _LooksRedactedError(ValueError):
    """An edit covers words that its history would keep."""


class _Deed(NamedTuple):
    """What is to be done to which line, by whom."""

    viewer: Viewer
    space_id: int
    line_id: int
    version: int
    at: float

    def note(self, action: str, **body: Any) -> AuditRow:
        """Return it as the audit keeps it."""
        return AuditRow(
            guild_id=self.viewer.guild_id,
            space_id=self.space_id,
            actor_id=self.viewer.user_id,
            action=action,
            subject=f"utterance {self.line_id}",
            at=self.at,
            body=body,
        )


class Editing:
    """The routes by which moderators change lines."""

    def __init__(
        self,
        store: Store,
        clock: Clock,
        amendments: Amendments,
        rights: Rights,
        elsewhere: Elsewhere | None = None,
    ) -> None:
        """Without ``elsewhere`` nothing of a line is outside of the record."""
        self._elsewhere = elsewhere or Elsewhere(store)
        self._store = store
        self._clock = clock
        self._amendments = amendments
        self._rights = rights
        self._answers = Answers()

    def routes(self) -> list[web.RouteDef]:
        """Return what is to be served."""
        return [
            web.get(f"{LINE}/history", self._history),
            web.post(f"{LINE}/edit", self._edit),
            web.post(f"{LINE}/redact", self._redact),
        ]

    async def may_edit(self, viewer: Viewer) -> bool:
        """Say whether somebody may change lines now.

        A link for one Space, which hosts get for its sound, is for looking only.
        """
        return not viewer.space_id and await self._rights.may_edit(viewer)

    def is_unmixed(self, space_id: int) -> bool:
        """Say whether a Space's mix could not be made anew after a redaction."""
        return self._amendments.is_unmixed(space_id)

    async def _history(self, request: web.Request) -> web.Response:
        viewer, line_id = request[VIEWER], int(request.match_info["line"])
        space_id = int(request.match_info["space"])
        found = await self._find(viewer, space_id, line_id)
        if found is None or not await self.may_edit(viewer):
            raise web.HTTPNotFound
        wordings = await self._store.read(
            lambda db: lines.history(db, viewer.guild_id, line_id)
        )
        return self._answers.page(
            "history.html",
            viewer.language,
            wordings=wordings,
            standing=found.version,
        )

    async def _edit(self, request: web.Request) -> web.Response:
        deed, asked, refused = await self._asked(request)
        if refused is not None:
            return refused
        language, text = deed.viewer.language, asked.get("text")
        if not isinstance(text, str) or len(text) > LONGEST:
            raise web.HTTPBadRequest
        text = plain(text, LONGEST)
        # What would be left counts as redacted, and its history could not be any more.
        if not text.replace(REDACTED, "").strip():
            return self._answers.told(language, "edit.empty", status=400)
        refused = await self._do(deed, lambda db: _edited(db, deed, text))
        if refused is not None:
            return refused
        self._amendments.edited(deed.space_id)
        return await self._stands(deed, "edit.saved")

    async def _redact(self, request: web.Request) -> web.Response:
        deed, asked, refused = await self._asked(request)
        if refused is not None:
            return refused
        part, language = _part(asked), deed.viewer.language
        space = await self._store.read(lambda db: spaces.get(db, deed.space_id))
        busy = self._amendments.is_busy(deed.space_id)
        if space is None or space.ended_at is None or busy:
            return self._answers.told(language, "redact.live", status=409)
        traced = await self._elsewhere.trace(space, deed.line_id)
        refused = await self._do(
            deed, lambda db: _redacted(db, deed, part), stale="redact.stale"
        )
        if refused is not None:
            return refused
        # Captions are where most read the words: they do not wait for files.
        is_settled, is_unquoted = await asyncio.gather(
            self._settle(deed.space_id), self._elsewhere.take_out(traced)
        )
        told = ["redact.done" if is_settled else "redact.unsettled"]
        told += [] if is_unquoted else ["redact.quoted"]
        return await self._stands(deed, *told)

    async def _settle(self, space_id: int) -> bool:
        """Take the words out of files; say whether they are out of all but the mix."""
        try:
            await self._amendments.redacted(space_id)
        except (OSError, StoreError) as error:
            log.error("space %s: not all is redacted: %s", space_id, error)
            return False
        return True

    async def _asked(
        self, request: web.Request
    ) -> tuple[_Deed, Mapping[str, Any], web.Response | None]:
        """Return what is asked, or why it may not be.

        Raises HTTPException for what the page's own script never sends.
        """
        if request.headers.get("Sec-Fetch-Site", "same-origin") != "same-origin":
            raise web.HTTPForbidden
        if request.content_type != "application/json":
            raise web.HTTPUnsupportedMediaType
        try:
            asked = await request.json()
        except (ValueError, LookupError, RecursionError):
            raise web.HTTPBadRequest from None
        if not isinstance(asked, dict) or type(asked.get("version")) is not int:
            raise web.HTTPBadRequest
        viewer = request[VIEWER]
        deed = _Deed(
            viewer,
            int(request.match_info["space"]),
            int(request.match_info["line"]),
            asked["version"],
            self._clock.now(),
        )
        found = await self._find(viewer, deed.space_id, deed.line_id)
        if found is None:
            raise web.HTTPNotFound
        if not await self.may_edit(viewer):
            refused = self._answers.told(viewer.language, "edit.not-yours", status=403)
            return deed, asked, refused
        if found.is_gone:
            return deed, asked, await self._stands(deed, "edit.gone", status=409)
        return deed, asked, None

    async def _do(
        self,
        deed: _Deed,
        change: Callable[[Database], None],
        stale: str = "edit.stale",
    ) -> web.Response | None:
        """Change the record; return why that was refused, if it was."""
        try:
            await self._store.write(change)
        except StaleError:
            return await self._stands(deed, stale, status=409)
        except _LooksRedactedError:
            return self._answers.told(deed.viewer.language, "edit.redacts", status=400)
        except NothingToRedactError:
            return await self._stands(deed, "redact.nothing", status=409)
        except StoreError as error:
            log.error("space %s: a line stays as it is: %s", deed.space_id, error)
            return self._answers.told(deed.viewer.language, "edit.not-kept", status=503)
        return None

    async def _stands(self, deed: _Deed, *keys: str, status: int = 200) -> web.Response:
        """Say ``keys`` and how the line stands now."""
        found = await self._find(deed.viewer, deed.space_id, deed.line_id)
        if found is None:
            raise web.HTTPNotFound
        language = deed.viewer.language
        return self._answers.told(
            language,
            *keys,
            status=status,
            version=found.version,
            text=found.text,
            gone=found.is_gone,
            said=self._answers.fill("said.html", language, said=found),
        )

    async def _find(self, viewer: Viewer, space_id: int, line_id: int) -> Said | None:
        if not viewer.may_see(space_id):
            return None
        return await self._store.read(
            lambda db: lines.find(db, viewer.guild_id, space_id, line_id)
        )


def _edited(db: Database, deed: _Deed, text: str) -> None:
    """Put ``text`` in place of the version that was seen. Raises StaleError.

    And _LooksRedactedError for what would pass for redacted: the history has it yet.
    """
    who, at = deed.viewer, deed.at
    try:
        stands = transcripts.standing(db, deed.line_id, deed.version).text
        if text.count(BLOCK) > stands.count(BLOCK):
            raise _LooksRedactedError
        row = transcripts.edit(db, deed.line_id, deed.version, text, who.user_id, at)
    except StaleError as stale:
        if stale.row.text != text:
            raise
        return  # saved before, and the answer was lost on its way
    if row.version != deed.version:
        _name(db, deed)
        audit.record(db, deed.note("transcript.edit", version=row.version))


def _redacted(db: Database, deed: _Deed, part: tuple[int, int] | None) -> None:
    who, at = deed.viewer, deed.at
    redactions.redact(db, deed.line_id, deed.version, who.user_id, at, part)
    _name(db, deed)
    audit.record(db, deed.note("transcript.redact", part=part is not None))


def _name(db: Database, deed: _Deed) -> None:
    """Note who somebody is whom no room ever saw, so that their deed has a name."""
    who = deed.viewer
    if not guilds.members(db, who.guild_id, [who.user_id]):
        guilds.saw_member(db, who.guild_id, who.user_id, who.name, deed.at)


def _part(asked: Mapping[str, Any]) -> tuple[int, int] | None:
    """Return which characters are asked for; None: the line."""
    if asked.get("part") is None:
        return None
    match asked["part"]:
        case [int(start), int(end)]:
            return start, end
        case _:
            raise web.HTTPBadRequest
