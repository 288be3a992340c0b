"""Sealing: a submission that nobody can read before its run closes, and whose size tells nothing."""

import json
from typing import Any

from nacl.public import PrivateKey, PublicKey, SealedBox

from flows.fields import TextField, WithOptions
from flows.model import Flow

LENGTH_BYTES = 4
ROOM_FOR_THE_REST = 256  # braces, quotation marks, the bucket
ROOM_FOR_A_PSEUDONYM = 96  # 64 hexadecimal digits, and what they are called
MOST_BYTES_PER_SIGN = 6  # a sign outside the basic plane takes four bytes, an escaped control sign six


class DoesNotFit(ValueError):
    """A submission larger than the flow allows; reading the form should have refused it."""


def padded_size(flow: Flow) -> int:
    """The bytes every submission of this flow is padded to: room for the largest one it allows."""
    size = LENGTH_BYTES + ROOM_FOR_THE_REST + (ROOM_FOR_A_PSEUDONYM if flow.series else 0)
    for step in flow.steps:
        for field in step.fields:
            size += len(field.id) + 32
            if isinstance(field, TextField):
                size += field.max_length * MOST_BYTES_PER_SIGN
            if isinstance(field, WithOptions):
                size += sum(len(option.id) + 4 for option in field.options)
    return size


def seal(public_key: bytes, submission: dict[str, Any], size: int) -> bytes:
    """`submission` as JSON, padded to `size` bytes and sealed (X25519, libsodium's sealed box: the sender's key is
    thrown away, so not even the sender can open it)."""
    content = json.dumps(submission, ensure_ascii=False, separators=(",", ":")).encode()
    if len(content) + LENGTH_BYTES > size:
        raise DoesNotFit(f"The submission has {len(content)} bytes; the flow allows {size - LENGTH_BYTES}.")
    padded = (len(content).to_bytes(LENGTH_BYTES, "big") + content).ljust(size, b"\0")
    return SealedBox(PublicKey(public_key)).encrypt(padded)


def open_sealed(private_key: PrivateKey, sealed: bytes) -> dict[str, Any]:
    """The submission in an envelope. Raises nacl.exceptions.CryptoError where it was sealed to another key."""
    padded = SealedBox(private_key).decrypt(sealed)
    length = int.from_bytes(padded[:LENGTH_BYTES], "big")
    submission: dict[str, Any] = json.loads(padded[LENGTH_BYTES : LENGTH_BYTES + length])
    return submission
