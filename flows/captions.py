"""Words that come with a photo, a file or a voice note are words all the same: they answer the text
that is asked; where none is, the first text of the conversation, or are added to what it says."""

from __future__ import annotations

from flows import screen
from flows.characters import clean
from flows.given import Content, Document, Photo, Typed, Voice
from flows.phrase import Phrase, lines, say
from flows.question import NO_ROOM, Answered, Refused, Taken
from flows.replies import KEPT_FOR, STALE
from flows.talk import Talk


def caption_of(given: Content) -> str:
    """The words something came with, "" for none."""
    return clean(given.caption or "") if isinstance(given, Photo | Document | Voice) else ""


def as_words(given: Content) -> Content:
    """The words something came with as if they had been written; itself where there are none."""
    caption = caption_of(given)
    return Typed(caption, given.message_id) if caption else given


def apart(talk: Talk, given: Content) -> bool:
    """Whether it came with words that are no part of the answer it may be itself."""
    question = talk.question
    return bool(caption_of(given)) and not (question is not None and question.holds_words(given))


def home(talk: Talk) -> str | None:
    """The question whose answer words may be, whatever is asked."""
    if talk.question is not None and talk.question.listens:
        return talk.state.at
    return next((n for n in talk.relevant() if talk.flow.questions[n].listens), None)


def keep(talk: Talk, given: Content) -> Phrase | None:
    """Keep the words that something came with; what is to be said of them, if anything.

    Where they answer what was asked, the conversation stands at what is asked next.
    """
    name, words = home(talk), as_words(given)
    if name is None or not isinstance(words, Typed):
        return screen.warned(say(NO_ROOM))
    state, question = talk.state, talk.flow.questions[name]
    asked, before = name == state.at, state.answers.get(name)
    state.last = None
    if asked or before is None:
        taken: Taken = question.take(words, state.parts.get(name, {}), talk.context)
    else:
        taken = question.joined(before, words.text)
    why = _kept(talk, name, taken, words)
    if why is None:
        told = question.brief(state.answers[name], talk.context)
        if not asked:
            return say(KEPT_FOR, answer=told)
        stale = talk.settle()
        return lines([screen.took(told), *([screen.warned(say(STALE))] if stale else [])])
    if asked:
        state.refused = words.message_id
        if before is None and name not in state.parts:
            begun = question.tried(words.text, why)
            state.parts[name] = {key: held for key, held in begun.items() if key != "why"}
        return screen.warned(why)
    if before is None and put_off(talk, name, words, why):
        return None
    return screen.warned(why)


def put_off(talk: Talk, name: str, given: Content, why: Phrase) -> bool:
    """Remember, until its question is asked, that what was sent is no answer; False if it cannot
    be. Edited into one, it is the answer."""
    text = clean(given.text) if isinstance(given, Typed) else ""
    part = talk.flow.questions[name].tried(text, why)
    if part:
        talk.state.parts[name] = part
        talk.state.sources[name] = given.message_id
    return bool(part)


def _kept(talk: Talk, name: str, taken: Taken, words: Typed) -> Phrase | None:
    """Keep words if they are an answer; else why they are none."""
    match taken:
        case Answered(value):
            why: Phrase | None = talk.complaint(name, value)
            if why is None:
                talk.keep(name, value, words.message_id)
            return why
        case Refused(why, part):
            if part is not None and name == talk.state.at:
                talk.state.parts[name] = part
            return why
    return say(NO_ROOM)
