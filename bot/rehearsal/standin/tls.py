"""A throw-away certificate authority, and a certificate for Discord's names.

Edge: makes keys and writes files. The CA's key never leaves memory and is gone with
the process; nobody trusts it who was not told to.
"""

import ssl
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

NAMES = (
    "discord.com",
    "*.discord.com",
    "gateway.discord.gg",
    "*.discord.gg",
    "cdn.discordapp.com",
    "media.discordapp.net",
    "*.discord.media",
    "localhost",
)
ADDRESSES = ("127.0.0.1", "::1")
LASTS = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Certificates:
    """The files of one run."""

    ca: Path
    """PEM of the authority, for clients to trust."""
    chain: Path
    """PEM of the server's certificate and private key."""

    def server_context(self) -> ssl.SSLContext:
        """Return what a TLS server needs."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.chain)
        return context

    def client_context(self) -> ssl.SSLContext:
        """Return what a client that trusts only this authority needs."""
        return ssl.create_default_context(cafile=str(self.ca))


def issue(folder: Path) -> Certificates:
    """Make an authority and a server certificate, and write them into a folder."""
    ca_key, key = (ec.generate_private_key(ec.SECP256R1()) for _ in range(2))
    ca_name = _name("Tertulia stand-in (throw-away CA)")
    ca = _builder(ca_name, ca_name, ca_key.public_key(), ca_key.public_key())
    ca = ca.add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
    ca = ca.add_extension(_usage(signs=True), critical=True)
    leaf = _builder(
        _name("discord.com"), ca_name, key.public_key(), ca_key.public_key()
    )
    alternatives: list[x509.GeneralName] = [x509.DNSName(one) for one in NAMES]
    alternatives += [x509.IPAddress(ip_address(one)) for one in ADDRESSES]
    leaf = leaf.add_extension(x509.SubjectAlternativeName(alternatives), critical=False)
    leaf = leaf.add_extension(
        x509.BasicConstraints(ca=False, path_length=None), critical=True
    )
    leaf = leaf.add_extension(_usage(signs=False), critical=True)
    server = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH])
    leaf = leaf.add_extension(server, critical=False)
    files = Certificates(folder / "ca.pem", folder / "server.pem")
    files.ca.write_bytes(_pem(ca.sign(ca_key, hashes.SHA256())))
    private = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    files.chain.touch(mode=0o600)
    files.chain.write_bytes(_pem(leaf.sign(ca_key, hashes.SHA256())) + private)
    return files


def _name(common_name: str) -> x509.Name:
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common_name)])


def _builder(
    subject: x509.Name,
    issuer: x509.Name,
    key: ec.EllipticCurvePublicKey,
    issuer_key: ec.EllipticCurvePublicKey,
) -> x509.CertificateBuilder:
    now = datetime.now(UTC)
    identifier = x509.SubjectKeyIdentifier.from_public_key(key)
    authority = x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer_key)
    return (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(issuer)
        .public_key(key)
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + LASTS)
        .add_extension(identifier, critical=False)
        .add_extension(authority, critical=False)
    )


def _usage(*, signs: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=True,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        key_cert_sign=signs,
        crl_sign=signs,
        encipher_only=False,
        decipher_only=False,
    )


def _pem(certificate: x509.Certificate) -> bytes:
    return certificate.public_bytes(serialization.Encoding.PEM)
