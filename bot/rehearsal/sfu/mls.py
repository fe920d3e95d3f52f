"""The few MLS messages that a delivery service reads and writes.

Only what crosses the voice gateway: key packages and commits are read as far as the
service must understand them, proposals are written by its external sender, a welcome is
narrowed to one member. No group secret is ever known here, so no MLS library is needed.

The words are those of RFC 9420; sections are named where a layout comes from one.
"""

from __future__ import annotations

import hashlib
import struct
from dataclasses import dataclass

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from bot.rehearsal.sfu.errors import MlsError

MLS_1_0 = 1
P256_SUITE = 2  # MLS_128_DHKEMP256_AES128GCM_SHA256_P256
PUBLIC_MESSAGE = 1
BASIC_CREDENTIAL = 1
FROM_MEMBER, FROM_EXTERNAL = 1, 2
PROPOSAL, COMMIT = 2, 3
ADD, REMOVE = 1, 3
BY_REFERENCE = 2
LEAF_IN_KEY_PACKAGE, LEAF_IN_COMMIT = 1, 3


def vector(body: bytes) -> bytes:
    """Prefix ``body`` with its length as a variable-size integer (section 2.1.2)."""
    size = len(body)
    if size < 1 << 6:
        return bytes([size]) + body
    if size < 1 << 14:
        return struct.pack(">H", size | 0x4000) + body
    if size < 1 << 30:
        return struct.pack(">I", size | 0x8000_0000) + body
    raise MlsError(f"a vector of {size} bytes does not fit")


class Reader:
    """Reads the presentation language of section 2.1; raises MlsError at the end."""

    def __init__(self, data: bytes, at: int = 0) -> None:
        self.data = data
        self.at = at

    @property
    def ended(self) -> bool:
        """Whether nothing is left."""
        return self.at >= len(self.data)

    def take(self, size: int) -> bytes:
        """Take the next ``size`` bytes."""
        end = self.at + size
        if end > len(self.data):
            raise MlsError("the message is cut off")
        taken = self.data[self.at : end]
        self.at = end
        return taken

    def number(self, size: int) -> int:
        """Take an unsigned big-endian integer of ``size`` bytes."""
        return int.from_bytes(self.take(size), "big")

    def vector(self) -> bytes:
        """Take a vector with a variable-size length."""
        first = self.number(1)
        more = (1, 2, 4, 8)[first >> 6] - 1
        if more == 7:
            raise MlsError("a vector length has the reserved prefix")
        size = first & 0x3F
        for _ in range(more):
            size = size << 8 | self.number(1)
        return self.take(size)

    def expect(self, size: int, value: int, what: str) -> None:
        """Take an integer that must have this value."""
        seen = self.number(size)
        if seen != value:
            raise MlsError(f"{what} is {seen}, not {value}")


@dataclass(frozen=True, slots=True)
class KeyPackage:
    """What one client offers to be added with (section 10)."""

    raw: bytes
    """The KeyPackage itself, without an MLSMessage header (as op 26 carries it)."""
    user_id: int
    reference: bytes
    """KeyPackageRef, 32 bytes: names its owner's secrets in a welcome."""


@dataclass(frozen=True, slots=True)
class Commit:
    """A member's commit, as far as a delivery service understands it (12.4)."""

    raw: bytes
    """The whole MLSMessage."""
    epoch: int
    leaf: int
    """The committer's leaf index."""
    references: tuple[bytes, ...]
    """ProposalRefs in the order in which they apply."""


@dataclass(frozen=True, slots=True)
class SignedProposal:
    """A proposal of the external sender, ready to be delivered."""

    message: bytes
    """MLSMessage, PublicMessage form."""
    reference: bytes
    """ProposalRef, 32 bytes (section 5.2)."""


class ExternalSender:
    """The voice gateway's own signing key, which every group accepts (12.1.8)."""

    def __init__(self) -> None:
        self._key = ec.generate_private_key(ec.SECP256R1())
        point = self._key.public_key().public_bytes(
            Encoding.X962, PublicFormat.UncompressedPoint
        )
        # As recorded from Discord: the identity is one zero byte.
        self.package = (
            vector(point) + struct.pack(">H", BASIC_CREDENTIAL) + vector(b"\x00")
        )

    def propose_add(
        self, group: int, epoch: int, package: KeyPackage
    ) -> SignedProposal:
        """Propose that the owner of ``package`` joins."""
        return self._sign(group, epoch, struct.pack(">H", ADD) + package.raw)

    def propose_remove(self, group: int, epoch: int, leaf: int) -> SignedProposal:
        """Propose that the member at ``leaf`` goes."""
        return self._sign(group, epoch, struct.pack(">HI", REMOVE, leaf))

    def _sign(self, group: int, epoch: int, proposal: bytes) -> SignedProposal:
        framed = (
            vector(struct.pack(">Q", group))
            + struct.pack(">QBI", epoch, FROM_EXTERNAL, 0)
            + vector(b"")
            + bytes([PROPOSAL])
            + proposal
        )
        form = struct.pack(">H", PUBLIC_MESSAGE)
        version = struct.pack(">H", MLS_1_0)
        # Section 6.1: an external sender signs no GroupContext and adds no membership
        # tag, which is why the service needs to know nothing of the group's state.
        signature = self._key.sign(
            _signed_content("FramedContentTBS", version + form + framed),
            ec.ECDSA(hashes.SHA256()),
        )
        content = form + framed + vector(signature)
        return SignedProposal(
            version + content, _reference("MLS 1.0 Proposal Reference", content)
        )


def read_key_package(raw: bytes) -> KeyPackage:
    """Read a bare KeyPackage and verify its signature, as the real gateway does."""
    reader = Reader(raw)
    reader.expect(2, MLS_1_0, "the key package's version")
    reader.expect(2, P256_SUITE, "the key package's cipher suite")
    reader.vector()  # init_key
    key, identity = _read_leaf(reader, LEAF_IN_KEY_PACKAGE)
    reader.vector()  # extensions
    signed = raw[: reader.at]
    signature = reader.vector()
    if not reader.ended:
        raise MlsError("bytes follow the key package")
    if len(identity) != 8:
        raise MlsError("the credential is not a user id of 8 bytes")
    try:
        public = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), key)
        public.verify(
            signature,
            _signed_content("KeyPackageTBS", signed),
            ec.ECDSA(hashes.SHA256()),
        )
    except (InvalidSignature, ValueError) as error:
        raise MlsError("the key package's signature is wrong") from error
    return KeyPackage(
        raw,
        int.from_bytes(identity, "big"),
        _reference("MLS 1.0 KeyPackage Reference", raw),
    )


def read_commit(blob: bytes) -> tuple[Commit, bytes]:
    """Split the body of op 28 into its commit and the welcome (or b"") behind it."""
    reader = Reader(blob)
    reader.expect(2, MLS_1_0, "the commit's version")
    reader.expect(2, PUBLIC_MESSAGE, "the commit's form")
    reader.vector()  # group_id
    epoch = reader.number(8)
    reader.expect(1, FROM_MEMBER, "the commit's sender type")
    leaf = reader.number(4)
    reader.vector()  # authenticated_data
    reader.expect(1, COMMIT, "the content type")
    proposals = Reader(reader.vector())
    references: list[bytes] = []
    while not proposals.ended:
        proposals.expect(1, BY_REFERENCE, "a proposal's form")
        references.append(proposals.vector())
    if reader.number(1):  # an UpdatePath follows
        _read_leaf(reader, LEAF_IN_COMMIT)
        reader.vector()
    for _ in range(3):  # signature, confirmation tag, membership tag
        reader.vector()
    return Commit(blob[: reader.at], epoch, leaf, tuple(references)), blob[reader.at :]


def narrow_welcome(welcome: bytes, reference: bytes) -> bytes:
    """Keep of a welcome only the secrets of one key package (12.4.3.1)."""
    reader = Reader(welcome)
    suite = reader.take(2)
    secrets = Reader(reader.vector())
    group_info = reader.vector()
    while not secrets.ended:
        start = secrets.at
        owner = secrets.vector()
        secrets.vector()  # kem_output
        secrets.vector()  # ciphertext
        if owner == reference:
            kept = secrets.data[start : secrets.at]
            return suite + vector(kept) + vector(group_info)
    raise MlsError("the welcome has no secrets for a member that the commit adds")


def _read_leaf(reader: Reader, source: int) -> tuple[bytes, bytes]:
    """Read a LeafNode (7.2); return its signature key and its identity."""
    reader.vector()  # encryption_key
    key = reader.vector()
    reader.expect(2, BASIC_CREDENTIAL, "the credential type")
    identity = reader.vector()
    for _ in range(5):  # capabilities
        reader.vector()
    reader.expect(1, source, "the leaf node's source")
    if source == LEAF_IN_KEY_PACKAGE:
        reader.take(16)  # lifetime
    else:
        reader.vector()  # parent_hash
    reader.vector()  # extensions
    reader.vector()  # signature
    return key, identity


def _reference(label: str, value: bytes) -> bytes:
    """RefHash of section 5.2."""
    return hashlib.sha256(vector(label.encode()) + vector(value)).digest()


def _signed_content(label: str, content: bytes) -> bytes:
    """SignContent of section 5.1.2."""
    return vector(b"MLS 1.0 " + label.encode()) + vector(content)
