"""A certificate for this machine's loopback addresses, for clients that insist on https.

The authority that signs it exists only for that: its key is never written down, so nothing else
can ever be signed in its name, and trusting it opens no door to other sites.
"""

from __future__ import annotations

import os
import shutil
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from tempfile import mkdtemp

from seedkit.errors import UsageError

NAMES = ("localhost", "127.0.0.1", "::1")
VALID = timedelta(days=397)  # what browsers take at most
RENEWED = timedelta(days=14)  # so long before it ends
_SKEW = timedelta(days=1)
_CERTIFICATE, _KEY, _AUTHORITY, _BUNDLE = "server.pem", "server.key", "authority.pem", "bundle.pem"


@dataclass(frozen=True, slots=True)
class Certificate:
    """The files of a certificate, in PEM.

    `authority` is what a client must trust; `bundle` holds the public authorities as well, for
    clients that can be given one file only.
    """

    folder: Path

    @property
    def chain(self) -> Path:
        """Return the server's certificate."""
        return self.folder / _CERTIFICATE

    @property
    def key(self) -> Path:
        """Return the server's private key, readable by its owner only."""
        return self.folder / _KEY

    @property
    def authority(self) -> Path:
        """Return the certificate of the authority."""
        return self.folder / _AUTHORITY

    @property
    def bundle(self) -> Path:
        """Return the authority together with the public ones."""
        return self.folder / _BUNDLE


def ensure_certificate(folder: Path, now: datetime) -> Certificate:
    """Return the certificate kept in a folder, made anew when there is none or it ends soon.

    UsageError when the libraries of the extra `tls` are not installed.
    """
    found = Certificate(folder)
    if _is_valid(found, now):
        return found
    folder.parent.mkdir(parents=True, exist_ok=True)
    fresh = Path(mkdtemp(prefix=".tls-", dir=folder.parent))  # 0700: nobody else looks in
    try:
        _issue(Certificate(fresh), now)
        shutil.rmtree(folder, ignore_errors=True)
        fresh.rename(folder)  # all files at once, so that they always belong together
    except OSError:
        if not _is_valid(found, now):  # another process may have been quicker
            raise
    finally:
        shutil.rmtree(fresh, ignore_errors=True)
    return found


def _is_valid(certificate: Certificate, now: datetime) -> bool:
    files = (certificate.chain, certificate.key, certificate.authority, certificate.bundle)
    if not all(file.is_file() for file in files):
        return False
    try:
        from cryptography.x509 import load_pem_x509_certificate
    except ImportError:
        raise _missing() from None
    try:
        until = load_pem_x509_certificate(certificate.chain.read_bytes()).not_valid_after_utc
    except ValueError:
        return False
    return now < until - RENEWED


def _issue(files: Certificate, now: datetime) -> None:
    try:
        import certifi
        import trustme
    except ImportError:
        raise _missing() from None
    authority = trustme.CA(
        path_length=0,
        organization_name="seedkit",
        organization_unit_name="local environment, made on this machine",
    )
    issued = authority.issue_cert(*NAMES, not_before=now - _SKEW, not_after=now + VALID)
    _write(files.key, issued.private_key_pem.bytes())
    _write(files.chain, b"".join(blob.bytes() for blob in issued.cert_chain_pems))
    _write(files.authority, authority.cert_pem.bytes())
    _write(files.bundle, Path(certifi.where()).read_bytes() + authority.cert_pem.bytes())


def _write(path: Path, content: bytes) -> None:
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(content)


def _missing() -> UsageError:
    return UsageError(
        "Serving with TLS needs three more libraries.",
        'Install them with: pip install "seedkit[tls]"',
    )
