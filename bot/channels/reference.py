"""References: what a message carries so that a bounce leads back to its delivery, and so that nobody can forge one."""

import hmac
import re

MAC_BYTES = 12
REFERENCE = re.compile(r"(?<![\w.])(\d{1,18})\.([0-9a-f]{24})(?![0-9a-f])")


def make_reference(key: bytes, delivery_id: int, address: str) -> str:
    """'4711.0f3a…': the delivery, and a proof that this server sent it to this address. Nothing personal is in it.
    The address is part of the proof, since SQLite gives the id of a deleted reminder to the next delivery."""
    proof = hmac.digest(key, f"{delivery_id} {address}".encode(), "sha256")[:MAC_BYTES]
    return f"{delivery_id}.{proof.hex()}"


def find_references(text: str) -> list[tuple[int, str]]:
    """Everything in `text` that has the form of a reference: (delivery id, the whole reference)."""
    return [(int(found[1]), found[0]) for found in REFERENCE.finditer(text)]


def is_ours(reference: str, key: bytes, delivery_id: int, address: str) -> bool:
    return hmac.compare_digest(reference, make_reference(key, delivery_id, address))
