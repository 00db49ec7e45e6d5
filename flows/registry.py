"""Every flow there is, by name: adding one is one line here."""

from __future__ import annotations

from flows.answer import After, Answer, Asking, Note
from flows.ban import Ban
from flows.call import Call
from flows.closing import Closing, Merging
from flows.compose_vote import ComposeVote
from flows.correcting import Categorizing, Locating
from flows.declare import Flow, flow_of
from flows.expected import Expected
from flows.follow_place import FollowPlace
from flows.follow_up import Evidence, NotFixed
from flows.group import Group
from flows.join import Join
from flows.meeting import Meeting
from flows.more import More
from flows.move_meeting import MoveMeeting
from flows.pseudonym import Pseudonym
from flows.redact import Redact
from flows.report import Report
from flows.vote import Vote
from flows.write_members import WriteMembers

DECLARED: tuple[type, ...] = (
    Report,
    Join,
    Vote,
    Meeting,
    MoveMeeting,
    WriteMembers,
    More,
    Group,
    ComposeVote,
    Call,
    Answer,
    Asking,
    Note,
    After,
    Closing,
    Merging,
    Redact,
    Ban,
    Expected,
    Categorizing,
    Locating,
    Pseudonym,
    NotFixed,
    Evidence,
    FollowPlace,
)

FLOWS: dict[str, Flow] = {flow_of[declared].name: flow_of[declared] for declared in DECLARED}


def get(name: str) -> Flow:
    """The flow of this name; KeyError if there is none."""
    return FLOWS[name]
