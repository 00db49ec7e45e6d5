"""The turns there are: a reply, a toast, a quiet, an end."""

from __future__ import annotations

from flows import screen
from flows.phrase import N_, Phrase, lines, say
from flows.talk import END, Talk
from flows.turn import Cancelled, Finished, Message, Turn


def reply(talk: Talk, messages: list[Message], toast: Phrase | None = None) -> Turn:
    """The conversation goes on with these messages."""
    return Turn(talk.state.dump(talk.flow), messages, toast)


def toast(talk: Talk, text: Phrase) -> Turn:
    """A word over the chat; nothing changes."""
    return Turn(talk.state.dump(talk.flow), [], text)


def quiet(talk: Talk) -> Turn:
    """Nothing to say."""
    return Turn(talk.state.dump(talk.flow))


def finish(talk: Talk, head: list[Phrase] | None = None, *, always: bool = False) -> Turn:
    """It is done: the answers and the record. What the person hears, the action says; `head` is
    said before it where a reply keyboard has to be taken away, or `always`."""
    answers = {name: talk.state.answers.get(name) for name in talk.relevant()}
    messages = []
    if talk.state.keys:
        messages.append(Message(lines(head or [say(N_("All right."))]), clears_keys=True))
    elif always and head:
        messages.append(Message(lines(head)))
    outcome = Finished(talk.flow.name, answers, talk.flow.record(answers))
    return Turn(None, messages, None, outcome)


def closed(talk: Talk, head: list[Phrase] | None = None) -> Turn | None:
    """The finished turn, if nothing is left to ask and there is no review."""
    return finish(talk, head) if talk.state.at == END else None


def discard(talk: Talk) -> Turn:
    """The person let it go."""
    text = say(N_("Cancelled. Nothing was kept."))
    gone = Message(text, clears_keys=talk.state.keys)
    return Turn(None, [gone], None, Cancelled(talk.flow.name))


def onward(
    talk: Talk, echo: Phrase | None, remark: Phrase | None = None, *, replaces: bool = False
) -> Turn:
    """To the next question, the review or the end; `echo` tells the answer just taken, `remark` is
    what must be said of it."""
    stale = talk.settle()
    # The review tells every answer: the last one need not be told twice.
    told = talk.question is None and talk.state.at != END and not talk.state.keys
    head: list[Phrase] = [] if echo is None or told else [echo]
    if remark is not None:
        head.append(remark)
    if stale:
        head.append(screen.warned(say(STALE)))
    return closed(talk, head) or reply(talk, screen.asked(talk, head, replaces=replaces))


def complain(talk: Talk, why: Phrase) -> Turn:
    """What was wrong and what to do, with the question once more."""
    return reply(talk, screen.asked(talk, [screen.warned(why)]))


def kept_old(talk: Talk, name: str, why: Phrase) -> Turn:
    """The complaint about an edit; the answer, if there is one, stays as it was."""
    if name not in talk.state.answers:
        return complain(talk, why)
    return complain(talk, say(N_("{why} Your previous answer stays."), why=why))


KEPT_FOR = N_("✓ Kept for its question: {answer}")
STALE = N_("One of your answers is no longer possible. Please answer it again.")
