"""The buttons' declarations: what a tap carries, at most 64 bytes, read back by its type.

Nothing in a tap is trusted: it names what it is about, and the action asks the database who may.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Annotated

from aiogram.filters.callback_data import CallbackData
from pydantic import Field

from flows.tokens import base36

Number = Annotated[int, Field(ge=0, le=2**31 - 1)]
"""What a row's number can be: a forged greater one is no button of ours, and asks no database."""


class FlowTap(CallbackData, prefix="f"):
    """A button of a guided flow; the token is the engine's own."""

    token: str


class Menu(CallbackData, prefix="m"):
    """Open something: `what` names it, `about` its number or payload."""

    what: str
    about: str = ""


class Consent(CallbackData, prefix="c"):
    """The answer to the privacy text of `version`; `then` is what they were about to do."""

    yes: bool
    version: Number
    then: str = ""


class Language(CallbackData, prefix="l"):
    """A language was chosen."""

    code: str


class Draft(CallbackData, prefix="d"):
    """A half-finished flow: `do` is go_on or discard; `serial` names which."""

    do: str
    serial: str


class ReportTap(CallbackData, prefix="r"):
    """A button of a report's card; `word` is what it was shown with.

    move (to "before.after"), take (from whom), give ("holder.person"), assign (a page of
    colleagues), privacy (public or private), hide (from which state), answer, ask, note, after,
    expected, merge, categorize, locate, redact, ban, lift, unname, history (before which event),
    originals, photos, place, card, more, back.
    """

    do: str
    report: Number
    word: str = ""


class BanTap(CallbackData, prefix="b"):
    """The list of who may not write: lift ends the ban of a person."""

    do: str
    person: Number


class NeighbourTap(CallbackData, prefix="n"):
    """A button of a report as neighbours read it: photos, place, add, join, leave, mended,
    withdraw, private or public; `word` answers what was asked back."""

    do: str
    report: Number
    word: str = ""


class OfferTap(CallbackData, prefix="t"):
    """The answer to "shall I make a report of it?": yes (about `category`), other or no."""

    do: str
    category: Number = 0


class AskedTap(CallbackData, prefix="j"):
    """What one sent is the answer to what the team asked about this report: `do` is add."""

    do: str
    report: Number


class VerdictTap(CallbackData, prefix="v"):
    """The answer to "was it fixed?": yes, no or unsure; photo adds one to it. `asking` is which
    repair it was asked about."""

    do: str
    report: Number
    asking: Number


class FollowTap(CallbackData, prefix="y"):
    """What somebody follows: territory and category begin or end it, on page `page` of the list;
    drop ends the follow of this number."""

    do: str
    about: Number
    page: Number = 0


class Page(CallbackData, prefix="p"):
    """Another page of a list, put in place of the one that stands."""

    what: str
    number: Number


class Wish(CallbackData, prefix="w"):
    """Something a person wants to be told or not: calls, reminders, news, follow_ups, digest,
    place, quiet (hours "21-7"), from (the hour they begin)."""

    what: str
    value: str


class MeetingTap(CallbackData, prefix="g"):
    """A button under a meeting: yes, maybe, no, show, place for anybody; who, move, cancel, off for
    its leader."""

    do: str
    meeting: Number


class GroupTap(CallbackData, prefix="k"):
    """A button of a working group: join, leave, chat for anybody; lead, call, meetings, write,
    members, link for who leads it."""

    do: str
    group: Number


class CallTap(CallbackData, prefix="a"):
    """A button of a call's preview or status: send, discard, stop."""

    do: str
    call: Number


class RoleTap(CallbackData, prefix="o"):
    """Roles: gestor and leader (of group `about`) invite, withdraw takes open invitations back; ask
    and end are about role `about`."""

    do: str
    about: Number = 0


class TrayTap(CallbackData, prefix="q"):
    """The team's queue as it is to be shown: the whole choice travels in every button.

    `screen` is list, filter, place, kind or state; 0 and "" leave a question open. `age` may be the
    moment since which it was told (told_since).
    """

    screen: str = "list"
    territory: Number = 0
    category: Number = 0
    state: str = ""
    age: str = ""
    whose: str = ""
    order: str = ""
    page: Number = 0


def told_since(moment: datetime) -> str:
    """A moment, to the minute, as the age in a button of the queue."""
    return "+" + base36(int(moment.timestamp()) // 60)


def since_of(age: str) -> datetime | None:
    """The moment that an age names, if it names one."""
    if not re.fullmatch(r"\+[0-9a-z]{1,6}", age):
        return None
    return datetime.fromtimestamp(int(age[1:], 36) * 60, UTC)


class StaffTap(CallbackData, prefix="s"):
    """The team's own group: link and keep, asked for in that very group; ask, stay and off are
    about the group of this number."""

    do: str
    group: Number = 0


class TemplateTap(CallbackData, prefix="e"):
    """A ready answer: `do` is send, or own for one's own words; `template` names it in few bytes;
    `to` is the state of the report for which it was offered."""

    do: str
    report: Number
    template: str = ""
    to: str = ""


class ExportTap(CallbackData, prefix="x"):
    """A file of reports as it is to be made: the whole choice travels in every button.

    `screen` is choice, begin (the same on a card of its own), state, period, kind or place, or the
    format to make it in; 0 and "" leave a question open.
    """

    screen: str = "choice"
    state: str = "all"
    period: str = "30"
    category: Number = 0
    territory: Number = 0
    private: bool = False
    names: bool = False
    age: str = ""
    whose: str = ""
    joined: bool = False
    page: Number = 0


class DataTap(CallbackData, prefix="z"):
    """What is kept of whoever taps: `do` is copy, ask, sure or erase; `asked` is when the last
    question was put, in minutes of the epoch."""

    do: str
    asked: Number = 0
