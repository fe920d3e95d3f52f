"""The MLS codec: what a client sends is read exactly, or refused."""

import davey
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.rehearsal.sfu.errors import MlsError
from bot.rehearsal.sfu.mls import (
    ExternalSender,
    Reader,
    narrow_welcome,
    read_commit,
    read_key_package,
    vector,
)

CHANNEL = 927310423890473011
ANA, BEN = 158049329150427136, 158533742254751744
APPEND = davey.ProposalsOperationType.append


def session(user_id, sender):
    made = davey.DaveSession(1, user_id, CHANNEL)
    made.set_external_sender(sender.package)
    return made


@pytest.fixture(scope="module")
def founding():
    """Return Ana's commit and welcome that add Ben, and his key package."""
    sender = ExternalSender()
    ana, ben = session(ANA, sender), session(BEN, sender)
    package = read_key_package(ben.get_serialized_key_package())
    proposal = sender.propose_add(CHANNEL, 0, package)
    made = ana.process_proposals(APPEND, vector(proposal.message))
    return made.commit, made.welcome, package, proposal


@given(st.binary(max_size=70_000))
@settings(max_examples=20)
def test_vectors_of_every_size(body):
    """What is written as a vector is read back."""
    reader = Reader(vector(body))

    assert reader.vector() == body
    assert reader.ended


def test_the_external_sender_has_the_layout_of_a_recorded_one():
    """Op 25 is a P-256 point, a basic credential and an identity of one zero byte."""
    package = ExternalSender().package

    assert package[:3] == b"\x40\x41\x04"
    assert package[-4:] == b"\x00\x01\x01\x00"
    assert len(package) == 71


def test_a_key_package_names_its_owner():
    """The credential is the user id, 8 bytes big-endian."""
    raw = davey.DaveSession(1, ANA, CHANNEL).get_serialized_key_package()

    assert read_key_package(raw).user_id == ANA


def test_a_commit_is_split_from_its_welcome(founding):
    """Op 28 has no length between commit and welcome: the commit is parsed."""
    raw, welcome, package, proposal = founding

    commit, rest = read_commit(raw + welcome)

    assert commit.raw == raw
    assert rest == welcome
    assert commit.references == (proposal.reference,)
    assert narrow_welcome(rest, package.reference) == welcome


def test_a_welcome_without_secrets_for_the_member(founding):
    """A welcome that leaves out an added member is refused."""
    with pytest.raises(MlsError, match="no secrets"):
        narrow_welcome(founding[1], bytes(32))


@pytest.mark.parametrize("cut", range(0, 300, 7))
def test_a_key_package_cut_off_or_changed(cut):
    """Nothing but a whole, signed key package is taken."""
    raw = bytes(davey.DaveSession(1, ANA, CHANNEL).get_serialized_key_package())
    flipped = bytes([raw[cut] ^ 0x5A])

    for broken in (raw[:cut], raw[:cut] + flipped + raw[cut + 1 :], raw + b"\x00"):
        with pytest.raises(MlsError):
            read_key_package(broken)


@given(st.data())
@settings(max_examples=200)
def test_a_commit_with_changed_bytes(founding, data):
    """Whatever a client sends, the only error is MlsError."""
    raw = bytearray(founding[0] + founding[1])
    for _ in range(data.draw(st.integers(1, 4))):
        raw[data.draw(st.integers(0, len(raw) - 1))] = data.draw(st.integers(0, 255))

    try:
        commit, rest = read_commit(bytes(raw))
    except MlsError:
        return
    assert commit.raw + rest == bytes(raw)
