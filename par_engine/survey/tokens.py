"""Tokens of an online survey: random, handed out once, and known afterwards by their hashes only."""

from __future__ import annotations

import hashlib
import re
import secrets
from pathlib import Path

from par_engine.base.problems import fail
from par_engine.files.documents import read_bytes, text_of

ALPHABET = "23456789abcdefghjkmnpqrstuvwxyz"  # without 0 o 1 i l, which people mix up on paper
LENGTH = 16
"""Of 31 signs each: 79 bits, so that nobody guesses one."""
_HASH = re.compile(r"[0-9a-f]{64}")


def new_tokens(count: int) -> list[str]:
    """So many different tokens from the system's source of randomness, in an order that says nothing."""
    found: set[str] = set()
    while len(found) < count:
        found.add("".join(secrets.choice(ALPHABET) for _ in range(LENGTH)))
    return sorted(found)


def hash_of(token: str) -> str:
    """SHA-256 of a token: enough to recognise it on a ballot, and no way back to it."""
    return hashlib.sha256(token.encode()).hexdigest()


def token_files(tokens: list[str]) -> dict[str, bytes]:
    """The tokens to hand out, and the hashes to keep; neither has a name, a number or a time."""
    return {
        "tokens.csv": ("token\n" + "".join(f"{token}\n" for token in tokens)).encode(),
        "hashes.txt": "".join(f"{digest}\n" for digest in sorted(map(hash_of, tokens))).encode(),
    }


def read_hashes(path: Path) -> frozenset[bytes]:
    """The hashes of the tokens that were issued."""
    lines = text_of(read_bytes(path), path.name).split()
    for n, line in enumerate(lines, 1):
        if not _HASH.fullmatch(line):
            fail("hash", path.name, n=n)
    return frozenset(bytes.fromhex(line) for line in lines)
