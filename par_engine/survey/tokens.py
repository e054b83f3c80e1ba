"""Tokens of an online survey: random, handed out once, and known afterwards by their hashes only."""

from __future__ import annotations

import hashlib
import re
import secrets

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
