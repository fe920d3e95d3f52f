"""What ``bot.voice`` leans on inside discord.py and davey.

A new version fails here, by name, and not in a room.
"""

import inspect

import davey
import discord
import pytest
from discord import voice_state
from discord.gateway import DiscordVoiceWebSocket
from discord.voice_state import ConnectionFlowState, SocketReader, VoiceConnectionState

from bot.voice.client import ReceivingClient
from bot.voice.connection import VoiceConnection
from bot.voice.gateway import VoiceGateway
from bot.voice.handshake import Handshake, IdleReader


def test_the_version_that_was_read():
    """Every override was written against this source; read the new one, then pin."""
    assert discord.__version__ == "2.7.1"


OVERRIDDEN = [
    (Handshake, VoiceConnectionState, "_create_socket"),
    (Handshake, VoiceConnectionState, "_connect_websocket"),
    (Handshake, VoiceConnectionState, "_inner_connect"),
    (VoiceConnection, VoiceConnectionState, "_poll_voice_ws"),
    (Handshake, VoiceConnectionState, "reinit_dave_session"),
    (VoiceConnection, VoiceConnectionState, "voice_server_update"),
    (VoiceConnection, VoiceConnectionState, "voice_state_update"),
    (VoiceConnection, VoiceConnectionState, "soft_disconnect"),
    (VoiceConnection, VoiceConnectionState, "disconnect"),
    (ReceivingClient, discord.VoiceClient, "send_audio_packet"),
    (VoiceGateway, DiscordVoiceWebSocket, "poll_event"),
    (VoiceGateway, DiscordVoiceWebSocket, "received_message"),
    (VoiceGateway, DiscordVoiceWebSocket, "received_binary_message"),
    (VoiceGateway, DiscordVoiceWebSocket, "discover_ip"),
    (VoiceGateway, DiscordVoiceWebSocket, "close"),
]


@pytest.mark.parametrize(("ours", "theirs", "name"), OVERRIDDEN)
def test_an_overridden_method(ours, theirs, name):
    """It is still there and is called with the same arguments."""
    before = list(inspect.signature(getattr(theirs, name)).parameters)

    assert name in vars(ours)
    assert list(inspect.signature(getattr(ours, name)).parameters) == before


CALLED = [
    (VoiceConnectionState, "_connect"),
    (VoiceConnectionState, "_handshake_websocket"),
    (VoiceConnectionState, "_recover_from_invalid_commit"),
    (VoiceConnectionState, "_voice_connect"),
    (VoiceConnectionState, "_wait_for_state"),
    (VoiceConnectionState, "create_connection_state"),
    (DiscordVoiceWebSocket, "from_connection_state"),
    (DiscordVoiceWebSocket, "send_binary"),
    (DiscordVoiceWebSocket, "speak"),
    (DiscordVoiceWebSocket, "send_transition_ready"),
]


@pytest.mark.parametrize(("owner", "name"), CALLED)
def test_a_method_that_is_called(owner, name):
    """It is still there."""
    assert callable(getattr(owner, name, getattr(discord.VoiceClient, name, None)))


def test_the_fields_of_a_connection():
    """``__init__`` still sets them, and the reader is only ever asked for this."""
    source = inspect.getsource(VoiceConnectionState.__init__)
    fields = [
        "dave_session",
        "dave_protocol_version",
        "dave_pending_transitions",
        "dave_downgraded",
        "_expecting_disconnect",
        "_disconnected",
        "_runner",
        "_connector",
        "_socket_reader",
        "socket",
        "ip",
        "ws",
    ]
    asked = {
        name
        for name in dir(SocketReader)
        if f"_socket_reader.{name}(" in inspect.getsource(voice_state)
    }

    assert [f for f in fields if f"self.{f}" not in source] == []
    assert asked - {"register", "unregister"} <= set(dir(IdleReader))


def test_the_fields_of_a_websocket():
    """A hello sets the first one, and only a hello does."""
    made = inspect.getsource(DiscordVoiceWebSocket.__init__)
    acts = inspect.getsource(DiscordVoiceWebSocket.received_message)

    fields = ["_keep_alive", "seq_ack", "secret_key", "_close_code"]
    assert [f for f in fields if f"self.{f}" not in made] == []
    assert acts.count("self._keep_alive = ") == 1


def test_the_states_of_a_handshake():
    """The names by which moves and reconnects are told apart."""
    names = {state.name for state in ConnectionFlowState}

    assert names >= {
        "disconnected",
        "set_guild_voice_state",
        "got_voice_server_update",
        "got_both_voice_updates",
        "websocket_connected",
        "connected",
    }


def test_the_words_of_davey():
    """Its errors name the reason only in their text."""
    session = davey.DaveSession(1, 1, 2)
    assert session.status == davey.SessionStatus.inactive

    with pytest.raises(ValueError, match="NoDecryptorForUser"):
        session.decrypt(5, davey.MediaType.audio, bytes(40))
    with pytest.raises(ValueError):  # noqa: PT011 (any text: what counts is the type)
        session.process_commit(b"no commit")
    with pytest.raises(ValueError):  # noqa: PT011 (likewise)
        session.set_external_sender(b"")
