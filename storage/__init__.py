"""SQLModel tables and the queries that belong to them, a file a noun."""

from sqlmodel import SQLModel

from storage import (
    audit,
    call,
    card,
    conversation,
    due,
    follow,
    group,
    inbox,
    lease,
    letter,
    person,
    redaction,
    report,
    report_event,
    staff,
    support,
    town,
    vote,
)

__all__ = ["METADATA"]

# Importing the modules above is what fills it.
METADATA = SQLModel.metadata
_: tuple[object, ...] = (audit, call, card, conversation, due, follow, group, inbox, lease, letter)
_ += (person, redaction, report, report_event, staff, support, town, vote)
