"""A ballot is found by its voter's secret mark, and by nobody who only has the database.

The mark is an HMAC of vote and person under a secret kept outside the database: the same person
gets the same mark in a vote (so a changed ballot replaces the first) and another in the next vote.
Each vote keeps a mark of the secret itself: when the secret is lost, that mark no longer agrees
and voting stops, where a new secret would let everybody vote a second time.
"""

from __future__ import annotations

import hmac

SHORTEST = 16
"""Bytes a secret must have at least: 128 bits cannot be tried out."""


class WeakSecret(ValueError):
    """The ballots' secret is too short."""


def _mark(secret: bytes, purpose: str) -> str:
    if len(secret) < SHORTEST:
        raise WeakSecret(f"the secret must have at least {SHORTEST} bytes")
    return hmac.new(secret, purpose.encode(), "sha256").hexdigest()


def voter_key(secret: bytes, vote_id: int, telegram_id: int) -> str:
    """Under which a person's ballot is kept: 64 hexadecimal digits. Raises WeakSecret.

    It is made of the Telegram number, not of our row: erased and come back is one person still.
    """
    return _mark(secret, f"cabildo ballot:{vote_id}:{telegram_id}")


def secret_mark(secret: bytes, vote_id: int) -> str:
    """What a vote keeps to know its secret again; it tells nothing about it. Raises WeakSecret."""
    return _mark(secret, f"cabildo vote:{vote_id}")


def may_cast(secret: bytes | None, vote_id: int, mark: str | None) -> bool:
    """Whether ballots of a vote may be cast or changed under this secret.

    `mark` is the vote's own, or None before its first ballot. Without a secret, or with another
    than the one the vote began under, they may not.
    """
    if secret is None or len(secret) < SHORTEST:
        return False
    return mark is None or hmac.compare_digest(secret_mark(secret, vote_id), mark)
