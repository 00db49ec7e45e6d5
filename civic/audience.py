"""Whom something is for, and why somebody in it is not written to: nobody is skipped silently."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal

ALL: Final = "all"
TERRITORY: Final = "territory"
GROUP: Final = "group"

NOT_AGREED: Final = "not_agreed"
UNREACHABLE: Final = "unreachable"
MUTED: Final = "muted"
SKIP_REASONS: Final = (NOT_AGREED, UNREACHABLE, MUTED)


class BadAudience(ValueError):
    """What was given is not an audience."""


@dataclass(frozen=True, slots=True)
class Audience:
    """Everybody, a territory with what is below it, or a working group."""

    kind: Literal["all", "territory", "group"]
    id: int | None = None

    def as_json(self) -> dict[str, Any]:
        """The form votes and calls keep."""
        return {"kind": self.kind} if self.id is None else {"kind": self.kind, "id": self.id}


def parse(value: Any) -> Audience:
    """An audience from its JSON form. Raises BadAudience for anything else."""
    if not isinstance(value, Mapping):
        raise BadAudience("an audience is an object")
    kind = value.get("kind")
    if kind == ALL:
        if set(value) != {"kind"}:
            raise BadAudience("everybody takes no id")
        return Audience("all")
    if kind not in (TERRITORY, GROUP) or set(value) != {"kind", "id"}:
        raise BadAudience("an audience is everybody, a territory or a group")
    number = value["id"]
    if isinstance(number, bool) or not isinstance(number, int) or number < 1:
        raise BadAudience("the id of an audience is a positive number")
    return Audience("territory" if kind == TERRITORY else "group", number)


def includes(
    audience: Audience,
    *,
    territory_id: int | None,
    group_ids: Collection[int],
    below: Collection[int] = (),
) -> bool:
    """Whether a person is in an audience.

    `below` holds the ids of the audience's territory and of everything under it.
    """
    if audience.kind == ALL:
        return True
    if audience.kind == GROUP:
        return audience.id in group_ids
    return territory_id is not None and (territory_id == audience.id or territory_id in below)


@dataclass(frozen=True, slots=True)
class Listener:
    """What decides whether somebody is written to: consent, reach, and their own wish."""

    privacy_version: int | None
    reachable: bool
    calls: bool


def skip_reason(listener: Listener) -> str | None:
    """Why a call is not sent to somebody, or None when it is.

    Consent comes first: of somebody who never gave it, nothing else is told.
    """
    if listener.privacy_version is None:
        return NOT_AGREED
    if not listener.calls:
        return MUTED
    if not listener.reachable:
        return UNREACHABLE
    return None
