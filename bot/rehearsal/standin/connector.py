"""The one seam for a client in this process: an aiohttp connector.

It sends every name to the stand-in and trusts the stand-in's authority; the client
itself, and its idea of Discord's addresses, stay as they are.
"""

import socket
import ssl

import aiohttp
from aiohttp.abc import AbstractResolver, ResolveResult
from typing_extensions import override

HOST = "127.0.0.1"


class LoopbackResolver(AbstractResolver):
    """Finds every name on this machine, at one port."""

    def __init__(self, port: int) -> None:
        self._port = port

    @override
    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        """Return the stand-in's address, whatever the name."""
        found = ResolveResult(
            hostname=host,
            host=HOST,
            port=self._port,
            family=socket.AF_INET,
            proto=socket.IPPROTO_TCP,
            flags=socket.AI_NUMERICHOST,
        )
        return [found]

    @override
    async def close(self) -> None:
        """There is nothing to close."""


def loopback(port: int, context: ssl.SSLContext) -> aiohttp.TCPConnector:
    """Return a connector that reaches the stand-in at a TLS port."""
    return aiohttp.TCPConnector(
        limit=0, ssl=context, resolver=LoopbackResolver(port), use_dns_cache=False
    )
