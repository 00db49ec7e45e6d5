"""An edited message edits the answer it gave or the photo it brought, or tries again what was
refused. A live location that moves is not an edit: its first point was the answer."""

from __future__ import annotations

from flows import captions, screen, shots
from flows.given import Content, Typed
from flows.phrase import Phrase, say
from flows.question import Answered, Refused
from flows.replies import closed, kept_old, quiet, reply
from flows.steps import taken
from flows.talk import Talk
from flows.turn import Turn


def edited(talk: Talk, given: Content) -> Turn:
    """What comes of an edited message."""
    if (turn := shots.replaced(talk, given)) is not None:
        return turn
    state, questions, number = talk.state, talk.flow.questions, given.message_id
    words = captions.as_words(given)
    if not isinstance(words, Typed):
        return quiet(talk)
    # What is written with a photo answers a text, whatever the photo answers.
    written = words is given
    sources = [n for n in talk.relevant() if state.sources.get(n) == number]
    name = next((n for n in sources if written or questions[n].listens), None)
    if name is None or (name == state.at and name not in state.answers):
        asked = talk.question
        tried = name is not None or state.refused == number
        if asked is None or not tried or not (written or asked.listens):
            return quiet(talk)
        part = {} if asked.listens else talk.part
        return taken(talk, asked.take(words, part, talk.context), words)
    question = questions[name]
    whole = given if question.holds_words(given) else words
    match question.take(whole, {}, talk.context):
        case Answered(value):
            if value == state.answers.get(name):
                return quiet(talk)
            why: Phrase | None = talk.complaint(name, value)
            if why is not None:
                return kept_old(talk, name, why)
        case Refused(why):
            return kept_old(talk, name, why)
        case _:
            return quiet(talk)
    talk.keep(name, value, number)
    state.last = None
    head: list[Phrase] = [say(shots.CHANGED, answer=question.brief(value, talk.context))]
    remark = question.remark(value, talk.context)
    if remark is not None:
        head.append(remark)
    if talk.question is None or state.at not in talk.relevant():
        talk.settle()
    replaces = not state.keys
    return closed(talk, head) or reply(talk, screen.asked(talk, head, replaces=replaces))
