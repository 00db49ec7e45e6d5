"""An edited message edits the answer it gave, or tries again the one that was refused. A live
location that moves is not an edit: its first point was the answer."""

from __future__ import annotations

from flows import screen
from flows.given import Content, Typed
from flows.phrase import N_, Phrase, say
from flows.question import Answered, Refused
from flows.replies import closed, complain, quiet, reply
from flows.steps import taken
from flows.talk import Talk
from flows.turn import Turn


def edited(talk: Talk, given: Content) -> Turn:
    """What comes of an edited message."""
    state = talk.state
    if not isinstance(given, Typed):
        return quiet(talk)
    number = given.message_id
    name = next((n for n, source in state.sources.items() if source == number), None)
    if name is None:
        question = talk.question
        if question is None or state.refused != number:
            return quiet(talk)
        return taken(talk, question.take(given, talk.part, talk.context), given)
    if name not in talk.relevant():
        return quiet(talk)
    question = talk.flow.questions[name]
    match question.take(given, {}, talk.context):
        case Answered(value):
            if value == state.answers.get(name):
                return quiet(talk)
            why: Phrase | None = talk.complaint(name, value)
            if why is not None:
                return kept_old(talk, why)
        case Refused(why):
            return kept_old(talk, why)
        case _:
            return quiet(talk)
    talk.keep(name, value, number)
    state.last = None
    head: list[Phrase] = [
        say(N_("✓ Changed: {answer}"), answer=question.brief(value, talk.context))
    ]
    remark = question.remark(value, talk.context)
    if remark is not None:
        head.append(remark)
    if talk.question is None or state.at not in talk.relevant():
        talk.settle()
    replaces = not state.keys
    return closed(talk, head) or reply(talk, screen.asked(talk, head, replaces=replaces))


def kept_old(talk: Talk, why: Phrase) -> Turn:
    """The complaint about an edit; the answer stays as it was."""
    return complain(talk, say(N_("{why} Your previous answer stays."), why=why))
