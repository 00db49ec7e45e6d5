"""From what a question took to the turn: kept and onward, asked for more, or refused in words."""

from __future__ import annotations

from typing import Any

from flows import albums, screen
from flows.characters import length
from flows.given import Content, Typed
from flows.question import Answered, Going, Quiet, Refused, Taken
from flows.replies import complain, onward, quiet, reply, toast
from flows.talk import Talk
from flows.turn import Turn

# Telegram cuts a text after 4,096 characters, at a space if there is one near.
CUT = 4000


def taken(talk: Talk, result: Taken, given: Content | None) -> Turn:
    """The turn that follows. `given` is None where a button was pressed."""
    state = talk.state
    at = state.at
    follows = albums.follows(talk, given)
    match result:
        case Answered(value):
            why = talk.complaint(at, value)
            if why is not None:
                return refused(talk, why, given)
            moved(talk, given)
            return answered(talk, at, value, given, replaces=follows)
        case Going(part):
            # What changes nothing is answered once: not for each photo of an album.
            if part == state.parts.get(at, {}) and (given is None or follows):
                return quiet(talk)
            moved(talk, given)
            state.parts[at] = part
            albums.note(talk, given, at)
            replaces = given is None or follows
            return reply(talk, screen.asked(talk, [], replaces=replaces))
        case Refused(why, part):
            if given is not None and (lent := albums.lent(talk, given)):
                return lent
            if part is not None:
                state.parts[at] = part
            if follows and albums.said(talk):
                return quiet(talk)
            return refused(talk, why, given)
        case Quiet():
            return quiet(talk)


def moved(talk: Talk, given: Content | None) -> None:
    """Something new was taken: a button pressed before is no longer the last thing done."""
    if given is not None:
        talk.state.last = None
    talk.state.refused = None
    talk.state.cut = False


def answered(
    talk: Talk, name: str, value: Any, given: Content | None, *, replaces: bool = False
) -> Turn:
    """The answer kept, told, and the way onward."""
    talk.keep(name, value, given.message_id if given else None)
    albums.note(talk, given, name)
    question = talk.flow.questions[name]
    echo = screen.took(question.brief(value, talk.context))
    return onward(talk, echo, question.remark(value, talk.context), replaces=replaces)


def is_cut(given: Content) -> bool:
    """Whether a text is so long that Telegram may have cut it in two."""
    return isinstance(given, Typed) and length(given.text) >= CUT


def is_rest(talk: Talk, given: Content) -> bool:
    """Whether this is what Telegram cut from the long text just refused: no answer by itself."""
    state = talk.state
    if not (state.cut and isinstance(given, Typed) and given.message_id - 1 == state.refused):
        return False
    state.refused = given.message_id
    state.cut = is_cut(given)
    return True


def refused(talk: Talk, why: Any, given: Content | None) -> Turn:
    """The complaint: over the chat for a button, else a message with the question."""
    if given is None:
        return toast(talk, why)
    talk.state.last = None
    talk.state.refused = given.message_id
    talk.state.cut = is_cut(given)
    return complain(talk, why)
