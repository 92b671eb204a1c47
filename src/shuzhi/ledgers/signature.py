"""Who sealed an edition: an Ed25519 signature over the bytes of its manifest.

A signature says that the holder of a key sealed these bytes; whose key it is, the reader must know
from elsewhere. Checking it needs only the standard library: see verify_edition.py.
"""

import json
import os
from collections.abc import Mapping
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from shuzhi.errors import InputRefused, UserError
from shuzhi.ledgers.manifest import MANIFEST, SIGNATURE, canonical_json

_ALGORITHM = "Ed25519"
_FIELDS = {"algorithm", "public_key", "signature"}


def write_key_pair(private: Path) -> Path:
    """The file of the new public key, `private` with .pub after it: 64 hexadecimal digits.

    `private` holds the private key as PEM (PKCS 8), readable by its owner alone.
    Raises: UserError where one of the two files is there already or cannot be written.
    """
    public = private.with_name(f"{private.name}.pub")
    key = Ed25519PrivateKey.generate()
    pem = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    if os.path.lexists(public):
        raise UserError(f"{public} is there already and is not changed; choose another name")
    _write_new(private, pem, mode=0o600)
    _write_new(public, f"{key.public_key().public_bytes_raw().hex()}\n".encode(), mode=0o644)
    return public


def sign_manifest(folder: Path, private: Path) -> None:
    """Nothing; afterwards `folder` holds the signature of its manifest beside it.

    Raises: UserError where `private` is no Ed25519 private key in PEM.
    """
    key = _read_private(private)
    content = {
        "algorithm": _ALGORITHM,
        "public_key": key.public_key().public_bytes_raw().hex(),
        "signature": key.sign((folder / MANIFEST).read_bytes()).hex(),
    }
    (folder / SIGNATURE).write_bytes(canonical_json(content))


def read_signer(folder: Path) -> str:
    """The public key (64 hexadecimal digits) that signed the edition. Missing: '', unsigned.

    Raises: InputRefused where there is a signature that does not hold.
    """
    path = folder / SIGNATURE
    if not os.path.lexists(path):
        return ""
    try:
        content = _parse(path.read_bytes())
        public = Ed25519PublicKey.from_public_bytes(bytes.fromhex(content["public_key"]))
        public.verify(bytes.fromhex(content["signature"]), (folder / MANIFEST).read_bytes())
    except (OSError, ValueError, TypeError, AttributeError, InvalidSignature) as error:
        raise InputRefused(
            f"{path} is no signature of this edition; take the edition from a copy"
        ) from error
    return content["public_key"].lower()


def refuse_other_signer(folder: Path, public: Path) -> None:
    """Raises: InputRefused where the edition is unsigned, or signed by another key than the one
    in the file `public`."""
    wanted = public.read_text("ascii", errors="replace").strip().lower()
    signer = read_signer(folder)
    if signer != wanted:
        found = f"signed by {signer}" if signer else "not signed"
        raise InputRefused(
            f"{folder} is {found}, not by the key in {public}; ask who sealed it, by a way you "
            "trust, and compare the keys"
        )


def _parse(written: bytes) -> Mapping[str, str]:
    content = json.loads(written)
    if set(content) != _FIELDS or content["algorithm"] != _ALGORITHM:
        raise ValueError("another kind of signature")
    return dict(content)


def _read_private(path: Path) -> Ed25519PrivateKey:
    try:
        key = serialization.load_pem_private_key(path.read_bytes(), password=None)
    except (ValueError, TypeError) as error:
        raise UserError(
            f"{path} is no private key without password (PEM); make one with shuzhi key FILE"
        ) from error
    if not isinstance(key, Ed25519PrivateKey):
        raise UserError(f"{path} is no Ed25519 key; make one with shuzhi key FILE")
    return key


def _write_new(path: Path, content: bytes, mode: int) -> None:
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
    except FileExistsError:
        raise UserError(
            f"{path} is there already and is not changed; choose another name"
        ) from None
