"""The moves every conversation has, by button, by word or by command: back, skip, cancel, keep,
send, change. Each is good for one step, so the same tap twice moves once."""

from __future__ import annotations

from flows import screen, words
from flows.given import Content, Typed
from flows.matching import find
from flows.phrase import N_, Phrase, say
from flows.replies import STALE, complain, discard, finish, onward, reply, toast
from flows.state import CHANGE, REVIEW
from flows.talk import Talk
from flows.tokens import code
from flows.turn import Turn

__all__ = ["STALE", "move", "pressed", "refused_here", "worded"]

FIRST = N_("This is the first question; there is nothing before it.")
NEEDED = N_("This question cannot be skipped.")
ONE_MORE = N_("One more question before it is sent.")
NOT_SENT = N_("It has not been sent yet. Tap “{send}”, or change something first.")


def pressed(talk: Talk, choice: str) -> Turn:
    """A move by its button."""
    if choice[0] == "~":
        return _open_answer(talk, choice[1:])
    return move(talk, choice, tapped=True)


def move(talk: Talk, where: str, *, tapped: bool = False) -> Turn:
    """A move by its name. One that cannot be made says why."""
    match where:
        case "back":
            return _back(talk, tapped)
        case "skip":
            return _skip(talk, tapped)
        case "cancel":
            return _cancel(talk)
        case "drop":
            return discard(talk)
        case "keep" if talk.state.at in talk.state.answers:
            talk.state.parts.pop(talk.state.at, None)
            return onward(talk, None, replaces=tapped)
        case "send" if talk.state.at == REVIEW:
            return _send(talk)
        case "change" if talk.state.at == REVIEW:
            names = talk.relevant()
            if len(names) == 1:
                talk.go(names[0], changing=True)
            else:
                talk.go(CHANGE)
            return reply(talk, screen.asked(talk, [], replaces=tapped))
    return toast(talk, say(N_("That button is no longer in use.")))


def worded(talk: Talk, text: str) -> Turn | None:
    """A move by its word, if the whole text is one and the question has no better use for it."""
    if len(text) > words.LONGEST_WORD:
        return None
    state, context = talk.state, talk.context
    question = talk.question
    if state.leaving:
        if any(words.means(text, w, context) for w in (words.DISCARD, words.CANCEL, words.YES)):
            return discard(talk)
        if words.means(text, words.GO_ON, context) or words.means(text, words.NO, context):
            state.leaving = False
            state.last = None
            return reply(talk, screen.asked(talk, [say(N_("Let us go on."))]))
    if question is not None and question.claims(text, talk.part, context):
        return None
    found = None
    if words.means(text, words.CANCEL, context):
        found = "cancel"
    elif words.means(text, words.BACK, context):
        found = "back"
    elif question is not None:
        present = state.answers.get(state.at)
        if question.optional and words.means(text, words.SKIP, context):
            found = "skip"
        elif present is not None and words.means(text, words.KEEP, context):
            found = "keep"
        elif present is not None and question.optional and words.means(text, words.REMOVE, context):
            found = "skip"
    elif state.at == REVIEW:
        send = words.Words(talk.flow.send, words.SEND.typed)
        if any(words.means(text, w, context) for w in (send, words.SEND, words.YES)):
            found = "send"
        elif words.means(text, words.CHANGE, context):
            found = "change"
    elif words.means(text, words.REVIEW, context):
        found = "back"
    if found is None:
        return None
    state.last = None
    return move(talk, found)


def refused_here(talk: Talk, given: Content) -> Turn:
    """Content at the review or at the list of changes, where only a choice is an answer."""
    talk.state.last = None
    if talk.state.at == REVIEW:
        return complain(talk, say(NOT_SENT, send={"key": talk.flow.send}))
    if isinstance(given, Typed):
        names = talk.relevant()
        spell = talk.context.spell
        labels = [spell(talk.flow.questions[name].label(talk.context)) for name in names]
        position = find(given.text, labels)
        if position is not None:
            talk.go(names[position], changing=True)
            return reply(talk, screen.asked(talk, []))
    return complain(talk, say(N_("I did not find that option. Please choose one of these.")))


def _open_answer(talk: Talk, wanted: str) -> Turn:
    name = next((name for name in talk.relevant() if code(name) == wanted), None)
    if name is None or talk.state.at != CHANGE:
        return toast(talk, say(N_("That button is no longer in use.")))
    talk.go(name, changing=True)
    return reply(talk, screen.asked(talk, [], replaces=True))


def _back(talk: Talk, tapped: bool) -> Turn:
    state = talk.state
    relevant = talk.counted()
    if state.at == CHANGE or state.changing:
        if state.changing:
            state.parts.pop(state.at, None)
        return onward(talk, None, replaces=tapped)
    position = relevant.index(state.at) if state.at in relevant else len(relevant)
    if position == 0:
        return toast(talk, say(FIRST)) if tapped else complain(talk, say(FIRST))
    talk.go(relevant[position - 1])
    return reply(talk, screen.asked(talk, [], replaces=tapped))


def _skip(talk: Talk, tapped: bool) -> Turn:
    state = talk.state
    question = talk.question
    if question is None or not question.optional:
        return toast(talk, say(NEEDED)) if tapped else complain(talk, say(NEEDED))
    talk.keep(state.at, None, None)
    return onward(talk, screen.took(say(N_("Skipped"))))


def _cancel(talk: Talk) -> Turn:
    if talk.state.leaving or not talk.begun():
        return discard(talk)
    talk.state.leaving = True
    return reply(talk, [screen.confirm(talk)])


def _send(talk: Talk) -> Turn:
    if talk.settle():
        head: list[Phrase] = [screen.warned(say(STALE))]
        return reply(talk, screen.asked(talk, head))
    if talk.question is not None:
        return reply(talk, screen.asked(talk, [say(ONE_MORE)]))
    return finish(talk)
