"""The throw-away authority: who trusts it gets in, who does not stays out."""

import socket
import ssl
import threading

import pytest

from bot.rehearsal.standin.tls import issue


def shake_hands(certificates, context, name):
    """Return the client's view of the server's certificate."""
    ours, theirs = socket.socketpair()

    def serve():
        with theirs:
            try:
                certificates.server_context().wrap_socket(
                    theirs, server_side=True
                ).close()
            except OSError:
                return

    server = threading.Thread(target=serve)
    server.start()
    try:
        with ours, context.wrap_socket(ours, server_hostname=name) as client:
            return client.getpeercert()
    finally:
        server.join()


@pytest.mark.parametrize(
    "name",
    [
        "discord.com",
        "gateway.discord.gg",
        "cdn.discordapp.com",
        "voice1.discord.media",
        "localhost",
        "127.0.0.1",
    ],
)
def test_the_certificate_is_good_for_discords_names(tmp_path, name):
    """Under strict verification too, which newer Pythons use by default."""
    certificates = issue(tmp_path)
    context = certificates.client_context()
    context.verify_flags |= ssl.VERIFY_X509_STRICT

    assert shake_hands(certificates, context, name)


def test_nobody_trusts_it_who_was_not_told_to(tmp_path):
    """The system's authorities do not know it."""
    certificates = issue(tmp_path)

    with pytest.raises(ssl.SSLCertVerificationError):
        shake_hands(certificates, ssl.create_default_context(), "discord.com")


def test_the_private_key_is_for_its_owner_only(tmp_path):
    """The file with the key is not readable by others."""
    assert issue(tmp_path).chain.stat().st_mode & 0o077 == 0
