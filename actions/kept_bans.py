"""A ban ends when it ends: whoever erases themselves meanwhile and comes back has it still.

It is kept by a mark of the Telegram number under the secret that is kept outside the database, so
that who holds the database cannot tell whose it is; it is let go of when the ban ends.
"""

from __future__ import annotations

import hmac
from datetime import datetime

from sqlmodel import col, select

from actions.act import Act
from storage import due
from storage.due import Due
from storage.person import Person

KIND = "kept_ban"


def _key(act: Act, telegram_id: int) -> str | None:
    if not act.world.secret:
        return None
    mark = hmac.new(act.world.secret, f"cabildo ban:{telegram_id}".encode(), "sha256")
    return f"{KIND}:{mark.hexdigest()}"


def keep(act: Act, telegram_id: int, until: datetime | None) -> None:
    """Keep a ban of somebody who is about to be erased; without a secret it goes with them."""
    key = _key(act, telegram_id)
    if key is not None and until is not None and until > act.now:
        _take(act, key)
        due.plan(act.session, key, KIND, 0, until)


def give_back(act: Act, person: Person) -> None:
    """Somebody is new here: a ban they left behind is theirs again."""
    key = _key(act, person.telegram_id)
    until = _take(act, key) if key is not None else None
    if until is not None and until > act.now:
        person.banned_until = until


def _take(act: Act, key: str) -> datetime | None:
    """When a kept ban ends, and forget it; None where there is none."""
    row = act.session.exec(select(Due).where(col(Due.key) == key)).first()
    if row is None:
        return None
    until = row.at if row.done_at is None else None
    act.session.delete(row)
    act.session.flush()
    return until
