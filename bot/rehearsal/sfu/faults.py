"""What goes wrong on the network between the voice server and its clients.

One frozen value says everything; the voice server draws every decision from one random
generator seeded by it, so that a run with the same seed loses the same packets.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Reconnect:
    """The voice server closes the clients' voice websockets."""

    at: float
    """Seconds after the first client was ready."""
    code: int = 4015
    """Close code: 4015 may resume, 4006/4009 need a new session, 4014 is a kick."""


@dataclass(frozen=True, slots=True)
class Faults:
    """The faults of one voice server; the default is a network as it usually is."""

    seed: int = 1
    loss: float = 0.0
    """Share of packets lost, 0..1."""
    reorder: float = 0.0
    """Share of packets sent after their successor, 0..1."""
    duplicate: float = 0.0
    """Share of packets sent twice, 0..1."""
    jitter_ms: float = 0.0
    """Largest extra delay of a packet in ms (uniform from 0)."""
    burst_every_s: float = 0.0
    """Every so many seconds the link stalls and then delivers at once; 0 = never."""
    burst_ms: float = 0.0
    """Length of such a stall in ms."""
    padding_share: float = 0.05
    """Share of packets with RTP padding, 0..1."""
    extension: bool = True
    """Whether packets carry header extensions (audio level, and others by chance)."""
    noise: bool = False
    """Whether RTCP, video and junk datagrams are mixed in."""
    speaking_delay_s: float = 0.0
    """How long op 5 comes after the first packet of a speaker."""
    speaking_never: bool = False
    """Whether op 5 is never sent for scripted members."""
    malformed_proposal_at: float | None = None
    """Seconds after the first client was ready: one op 27 that nobody can process."""
    reconnects: tuple[Reconnect, ...] = ()
    udp_timeout_s: float | None = 60.0
    """Forwarding to a client stops that long after its last datagram; None = never.
    Who only listens has been left without sound after one to nine minutes."""
