"""The stand-in as a whole: one world behind one TLS port and one plain port.

Edge and composition root of this package. Both ports serve the HTTP API, the gateway
and files; the TLS one also fronts the voice servers, the plain one the control.
"""

import ssl
import tempfile
from pathlib import Path
from types import TracebackType
from typing import Self

import aiohttp
from aiohttp import web

from bot.clock import Clock, SteadyClock
from bot.errors import UsageError
from bot.rehearsal.standin import tls
from bot.rehearsal.standin.connector import HOST, loopback
from bot.rehearsal.standin.control import Control
from bot.rehearsal.standin.gateway.gateway import Gateway
from bot.rehearsal.standin.gateway.session import Session
from bot.rehearsal.standin.limits import Buckets
from bot.rehearsal.standin.members.errors import MemberError
from bot.rehearsal.standin.members.member import ScriptedMember
from bot.rehearsal.standin.received import Received
from bot.rehearsal.standin.rest.api import Api
from bot.rehearsal.standin.seed import Seed, build
from bot.rehearsal.standin.settings import StandInSettings
from bot.rehearsal.standin.sightings import Sightings
from bot.rehearsal.standin.upkeep import Upkeep
from bot.rehearsal.standin.voice_desk import VoiceDesk
from bot.rehearsal.standin.wire import Json
from bot.rehearsal.standin.world.channels import ChannelType

LAST_VOICE_VERSION = 8
VOICE_HOST = "voice1.discord.media:443"
"""Where clients that came by Discord's own names find every voice server."""


class StandIn:
    """A loopback Discord."""

    def __init__(
        self,
        seed: Seed | None = None,
        settings: StandInSettings | None = None,
        *,
        clock: Clock | None = None,
    ) -> None:
        self.settings = settings or StandInSettings()
        self.world = build(seed or Seed(), clock or SteadyClock())
        self.sightings = Sightings()
        self.received = Received()
        self.world.watch(self.sightings.see)
        buckets = Buckets(self.settings.limits)
        self.api = Api(self.world, self.token, buckets, self.sightings.see)
        self.voice = VoiceDesk(
            self.world,
            self.settings.voice,
            issue=self._issue,
            on_received=self.received.take,
        )
        self.gateway = Gateway(
            self.world, self.token, self.settings.gateway, self._renew
        )
        self.members = {
            member.user.name: ScriptedMember(self.world, self.voice, member.id)
            for member in self.world.guild.members.values()
            if not member.user.bot
        }
        self.upkeep = Upkeep(self.world, self.gateway.expire)
        self.control = Control(self)
        self._folder: tempfile.TemporaryDirectory[str] | None = None
        self._certificates: tls.Certificates | None = None
        self._runner: web.AppRunner | None = None
        self._ports = (0, 0)

    async def __aenter__(self) -> Self:
        """Start."""
        await self.start()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Stop."""
        await self.stop()

    async def start(self) -> None:
        """Make certificates, listen, and begin.

        Raises:
            UsageError: a port is taken or may not be listened on.

        """
        self._folder = tempfile.TemporaryDirectory(prefix="stand-in-")
        self._certificates = tls.issue(Path(self._folder.name))
        app = web.Application(client_max_size=30 * 1024 * 1024)
        app.router.add_route("*", "/{tail:.*}", self._serve)
        self._runner = web.AppRunner(app, shutdown_timeout=1.0, access_log=None)
        await self._runner.setup()
        context = self._certificates.server_context()
        wanted = self.settings
        await _listen(self._runner, wanted.tls_port, context)
        await _listen(self._runner, wanted.plain_port)
        tls_address, plain_address = self._runner.addresses
        self._ports = (tls_address[1], plain_address[1])
        await self.voice.start()
        self.upkeep.start()

    async def stop(self) -> None:
        """Hang up on everybody and forget everything."""
        await self.upkeep.stop()
        await self.gateway.close(1001)
        await self.voice.stop()
        if self._runner is not None:
            await self._runner.cleanup()
        if self._folder is not None:
            self._folder.cleanup()

    @property
    def token(self) -> str:
        """The bot's token."""
        return self.settings.token

    @property
    def ca(self) -> Path:
        """The PEM file of the authority that clients must trust."""
        return self._issued.ca

    @property
    def tls_port(self) -> int:
        """The TLS port."""
        return self._ports[0]

    @property
    def url(self) -> str:
        """The plain port, as the start of an address."""
        return f"http://{HOST}:{self._ports[1]}"

    @property
    def guild_id(self) -> int:
        """The guild."""
        return self.world.guild.id

    @property
    def text_channel_id(self) -> int:
        """The first text channel."""
        return self._first(ChannelType.TEXT)

    @property
    def stage_channel_id(self) -> int:
        """The first stage channel."""
        return self._first(ChannelType.STAGE)

    @property
    def voice_channel_id(self) -> int:
        """The first voice channel."""
        return self._first(ChannelType.VOICE)

    def member(self, name: str) -> ScriptedMember:
        """Return a scripted member by name.

        Raises:
            MemberError: nobody has that name.

        """
        if name not in self.members:
            known = ", ".join(self.members)
            raise MemberError(f"there is no member {name!r}; there are {known}")
        return self.members[name]

    def member_by_id(self, user_id: int) -> ScriptedMember:
        """Return a scripted member by id.

        Raises:
            MemberError: nobody has that id.

        """
        for member in self.members.values():
            if member.id == user_id:
                return member
        raise MemberError(f"there is no member {user_id}")

    def connector(self) -> aiohttp.TCPConnector:
        """Return what brings a client in this process here; call it in its loop."""
        return loopback(self.tls_port, self._issued.client_context())

    def description(self) -> Json:
        """Return what a client must be told, as ``stand-in --json`` prints it."""
        return {
            "api": f"{self.url}/api",
            "gateway": self.url.replace("http", "ws", 1),
            "ca": str(self.ca),
            "tls_port": self.tls_port,
            "token": self.token,
            "application_id": str(self.world.application_id),
            "guild_id": str(self.guild_id),
            "text_channel_id": str(self.text_channel_id),
            "stage_channel_id": str(self.stage_channel_id),
            "voice_channel_id": str(self.voice_channel_id),
            "members": [
                {"id": str(one.id), "name": one.name} for one in self.members.values()
            ],
            "control": f"{self.url}/control",
        }

    @property
    def _issued(self) -> tls.Certificates:
        if self._certificates is None:
            raise UsageError("the stand-in has not been started")
        return self._certificates

    def _first(self, kind: ChannelType) -> int:
        for channel in self.world.guild.channels.values():
            if channel.type is kind:
                return channel.id
        raise UsageError(f"the guild has no {kind.name.lower()} channel")

    async def _serve(self, request: web.Request) -> web.StreamResponse:
        if request.headers.get("Upgrade", "").lower() == "websocket":
            if _is_voice(request):
                return await self.voice.websocket(request)
            return await self.gateway.handle(request)
        if request.path.startswith("/attachments/"):
            return self._file(request)
        if request.path.startswith("/control") and not request.secure:
            return await self.control.handle(request)
        return await self.api.handle(request)

    def _file(self, request: web.Request) -> web.Response:
        number = request.path.split("/")[3:4]
        known = number and number[0].isdecimal() and int(number[0])
        if not known or known not in self.world.files:
            return web.Response(status=404)
        content_type, content = self.world.files[known]
        return web.Response(body=content, headers={"Content-Type": content_type})

    def _issue(self, session_id: str, ticket: Json) -> None:
        session = self.gateway.sessions.get(session_id)
        if session is not None:
            by_name = session.host.partition(":")[0].endswith("discord.gg")
            endpoint = VOICE_HOST if by_name else f"localhost:{self.tls_port}"
            session.dispatch("VOICE_SERVER_UPDATE", ticket | {"endpoint": endpoint})

    def _renew(self, session: Session, channel_id: int) -> None:
        self.voice.renew(session.id, channel_id)


def _is_voice(request: web.Request) -> bool:
    """Say whether a websocket is meant for a voice server, by host or by version.

    Voice clients name a version up to 8 and, unlike gateway clients, no encoding.
    """
    if request.host.partition(":")[0].endswith("discord.media"):
        return True
    version = request.query.get("v", "")
    old = version.isdecimal() and int(version) <= LAST_VOICE_VERSION
    return old and "encoding" not in request.query


async def _listen(
    runner: web.AppRunner, port: int, context: ssl.SSLContext | None = None
) -> None:
    site = web.TCPSite(runner, HOST, port, ssl_context=context)
    try:
        await site.start()
    except OSError as error:
        words = f"cannot listen on {HOST}:{port}: {error.strerror}; choose another"
        raise UsageError(words) from error
