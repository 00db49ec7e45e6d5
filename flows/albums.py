"""An album arrives photo by photo and is one answer: its photos are counted in one message, and
those that come late, or are too many, neither answer another question nor are complained of twice.
A photo or a location sent before its turn is kept for its question."""

from __future__ import annotations

from typing import Any

from flows import screen, shots
from flows.given import Content, Document, Photo
from flows.phrase import Phrase, say
from flows.question import Answered, Going, Question, Refused, Taken
from flows.replies import KEPT_FOR, complain, onward, quiet, reply
from flows.state import REVIEW
from flows.talk import Talk
from flows.turn import Turn


def album_of(given: Content | None) -> str | None:
    """The album a photo belongs to."""
    return given.album if isinstance(given, Photo | Document) else None


def follows(talk: Talk, given: Content | None) -> bool:
    """Whether this belongs to the album last taken from."""
    album = album_of(given)
    return album is not None and album == (talk.state.album or {}).get("id")


def note(talk: Talk, given: Content | None, name: str) -> None:
    """Remember which question an album's photos went to, and with which message each came."""
    shots.remember(talk, given)
    album = album_of(given)
    if album is not None and not follows(talk, given):
        talk.state.album = {"id": album, "name": name}


def said(talk: Talk) -> bool:
    """Whether the album was complained of already; from now on it was."""
    album = talk.state.album or {}
    before = bool(album.get("said"))
    talk.state.album = {**album, "said": True}
    return before


def late(talk: Talk, given: Photo | Document) -> Turn | None:
    """A photo of an album whose question was left: added if there is room."""
    if not follows(talk, given):
        return None
    name = (talk.state.album or {})["name"]
    if name == talk.state.at or name not in talk.relevant():
        return quiet(talk) if name not in talk.relevant() else None
    return offered(talk, talk.flow.questions[name], name, given)


def lent(talk: Talk, given: Content) -> Turn | None:
    """A photo or location for a question that is not the one asked; None if there is none."""
    for name in talk.relevant():
        question = talk.flow.questions[name]
        if name == talk.state.at or not question.welcomes(given):
            continue
        if isinstance(talk.state.answers.get(name), dict):
            continue
        return offered(talk, question, name, given)
    return None


def offered(talk: Talk, question: Question, name: str, given: Content) -> Turn:
    """What comes of content given to a question that is not the one asked."""
    state = talk.state
    value = state.answers.get(name)
    part = state.parts.get(name) or (question.seed(value) if value is not None else {})
    again = follows(talk, given)
    result: Taken = question.take(given, part, talk.context)
    kept: Any = None
    match result:
        case Answered(found):
            kept = found
        case Going(more) if more == part and again:
            return quiet(talk)
        case Going(more) if name in state.answers:
            kept = more["photos"]
        case Going(more):
            state.parts[name] = more
        case Refused(why, refused):
            if refused is not None:
                state.parts[name] = refused
            if again and said(talk):
                return quiet(talk)
            note(talk, given, name)
            if album_of(given) is not None:
                said(talk)
            return again_asked(talk, screen.warned(why)) if again else complain(talk, why)
        case _:
            return quiet(talk)
    if kept is not None:
        why_not = talk.complaint(name, kept)
        if why_not is not None:
            return complain(talk, why_not)
        talk.keep(name, kept, given.message_id)
    note(talk, given, name)
    state.last = None
    told = question.brief(kept if kept is not None else state.parts[name]["photos"], talk.context)
    echo = say(KEPT_FOR, answer=told)
    if name in state.answers and state.at == REVIEW:
        return onward(talk, screen.took(told), replaces=again)
    return again_asked(talk, echo, replaces=again)


def again_asked(talk: Talk, head: Phrase, *, replaces: bool = True) -> Turn:
    """The question asked, once more, below a line."""
    return reply(talk, screen.asked(talk, [head], replaces=replaces and not talk.state.keys))
