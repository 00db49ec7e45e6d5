"""Whatever a person does, the turn answers: what is asked, what was wrong and what to do, or a
quiet where a word would be noise. What was given before is never lost to what comes after."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from flows import albums, captions, edits, moves, opening, screen
from flows.context import Context
from flows.declare import Flow
from flows.given import Content, Document, Edited, Given, Go, Photo, Tap, Typed
from flows.phrase import N_, Phrase, lines, say
from flows.question import Going, Part, Quiet, Refused, unusable
from flows.replies import closed, complain, finish, quiet, reply, toast
from flows.state import CHANGE, REVIEW, State, load, loads, refit
from flows.steps import is_rest, taken
from flows.talk import END, Talk
from flows.tokens import base36, check_serial, read
from flows.turn import Turn

__all__ = [
    "advance",
    "begin",
    "begun",
    "follows",
    "held",
    "is_for",
    "loads",
    "resume",
    "shows_keys",
    "story",
]

ELSEWHERE = N_("That button belongs to an earlier conversation.")
OLD = N_("That button is from before. Please use the last message.")
ANSWERED = N_("That question is behind us. To change it, go back or wait for the summary.")
EMPTIED = N_("There is nothing left to choose from there, so let us go on.")
CHANGED = N_("This form changed while you were away. I kept what still fits.")


def begin(
    flow: Flow,
    context: Context,
    serial: str,
    prefilled: Mapping[str, Any] | None = None,
    suggested: Mapping[str, Any] | None = None,
    *,
    sent: Content | None = None,
    keyboard: bool = False,
) -> Turn:
    """Start a conversation. `serial` (at most 8 plain characters) tells its buttons from others'.

    prefilled: JSON answers not asked for again, if they fit. suggested: JSON answers shown as
    ticked when their question is asked. sent: what the person had sent already; what is no answer
    yet is told at its question. keyboard: another conversation's reply keyboard is showing
    (`shows_keys`), to be taken away. ValueError for a bad serial.
    """
    talk = Talk(flow, State(check_serial(serial), keys=keyboard), context)
    opening.prefill(talk, prefilled or {})
    for name, value in (suggested or {}).items():
        question = flow.questions.get(name)
        if question and name not in talk.state.answers:
            talk.state.parts[name] = question.seed(value)
    told = [] if sent is None else opening.laid(talk, sent)
    return _opened(talk, told)


def _opened(talk: Talk, told: list[Phrase]) -> Turn:
    """The first that a conversation says: what it is, and what has to be said of what is known."""
    talk.settle()
    flow = talk.flow
    head: list[Phrase] = [say(N_("<b>{title}</b>"), title={"key": flow.title})]
    if flow.intro:
        head.append({"key": flow.intro})
    for name, value in talk.state.answers.items():
        remark = flow.questions[name].remark(value, talk.context)
        if remark is not None:
            head.append(remark)
    head += told
    return closed(talk) or reply(talk, screen.asked(talk, head))


def advance(flow: Flow, state: Any, given: Given, context: Context) -> Turn:
    """One turn: the state (as JSON), what the person did, and what comes of it.

    The state given is never changed; where nothing changed, the turn's state is that very object.
    """
    turn = _advance(flow, state, given, context)
    if not turn.messages and turn.state is not None and turn.state == state:
        return Turn(state, [], turn.toast)
    return turn


def _advance(flow: Flow, state: Any, given: Given, context: Context) -> Turn:
    talk, notice, gone = _open(flow, state, context)
    if gone:
        talk.settle()
        if talk.state.at == END or not _heard(talk, given):
            return _elsewhere(talk, notice)
    return _told(talk, _taken(talk, given), notice)


def _taken(talk: Talk, given: Given) -> Turn:
    match given:
        case Tap():
            return _tapped(talk, given.token)
        case Go():
            if given.where == "resume":
                return _ask_again(talk)
            return moves.move(talk, given.where)
        case Edited():
            return edits.edited(talk, given.given)
        case _:
            if isinstance(given, Typed) and (moved := moves.worded(talk, given.text)):
                return moved
            if is_rest(talk, given):
                return quiet(talk)
            talk.state.leaving = False
            if not captions.apart(talk, given):
                return _received(talk, given)
            return _taken_apart(talk, given)


def _taken_apart(talk: Talk, given: Content) -> Turn:
    """What comes of something with words: of the words first, then of itself."""
    said = captions.keep(talk, given)
    why = unusable(given).why
    if talk.state.at == END:
        return finish(talk, [screen.warned(why)], always=True)
    if talk.question is None:
        turn = albums.lent(talk, given) or complain(talk, why)
    else:
        turn = _received(talk, given)
    return _told(talk, turn, said)


def _received(talk: Talk, given: Content) -> Turn:
    """What comes of a message itself, whatever was written with it."""
    if isinstance(given, Photo | Document) and (late := albums.late(talk, given)):
        return late
    question = talk.question
    if question is None:
        return albums.lent(talk, given) or moves.refused_here(talk, given)
    return taken(talk, question.take(given, talk.part, talk.context), given)


def resume(
    flow: Flow,
    state: Any,
    context: Context,
    *,
    prefilled: Mapping[str, Any] | None = None,
    keyboard: bool = False,
) -> Turn:
    """Ask again what was being asked: after hours, after a restart, or taken up once more.

    prefilled: it was only offered until now, so it says what it is; JSON answers not asked for.
    keyboard: another conversation's reply keyboard is showing, to be taken away.
    """
    if keyboard and isinstance(state, dict):
        state = {**state, "keys": True}
    talk, notice, gone = _open(flow, state, context)
    if gone:
        talk.settle()
        return _elsewhere(talk, notice)
    if prefilled is not None:
        opening.prefill(talk, prefilled)
        return _told(talk, _opened(talk, []), notice)
    return _told(talk, _ask_again(talk), notice)


def is_for(state: Any, token: str) -> bool:
    """Whether a button's token belongs to this conversation."""
    pressed = read(token)
    return bool(pressed and isinstance(state, dict) and pressed.serial == state.get("serial"))


def shows_keys(state: Any) -> bool:
    """Whether this conversation left a reply keyboard showing."""
    return isinstance(state, dict) and bool(state.get("keys"))


def begun(flow: Flow, state: Any, context: Context) -> bool:
    """Whether something was given that the person would miss."""
    return Talk(flow, load(flow, state), context).begun()


def follows(state: Any, given: Content) -> bool:
    """Whether a photo is of the album this conversation last took from."""
    album = albums.album_of(given)
    taken_from = state.get("album") if isinstance(state, dict) else None
    return album is not None and taken_from is not None and taken_from["id"] == album


def held(flow: Flow, state: Any, name: str) -> Part:
    """What a question holds so far, be it answered or half-answered."""
    kept = load(flow, state)
    value = kept.answers.get(name)
    return kept.parts.get(name, {}) if value is None else flow.questions[name].seed(value)


def story(flow: Flow, state: Any, context: Context) -> Phrase | None:
    """What somebody told so far: the answer to the first text that has one; None for nothing."""
    talk = Talk(flow, load(flow, state), context)
    for name in talk.relevant():
        value = talk.state.answers.get(name)
        if value is not None and flow.questions[name].listens:
            return flow.questions[name].tell(value, talk.context)
    return None


def _open(flow: Flow, raw: Any, context: Context) -> tuple[Talk, Phrase | None, bool]:
    """The conversation, what has to be said of what changed meanwhile, and whether the person has
    to be asked something else than what they were at."""
    state = load(flow, raw)
    talk = Talk(flow, state, context)
    edited = not loads(flow, raw)
    stands = state.at in flow.questions or state.at in (REVIEW, CHANGE)
    lost = edited and stands and refit(flow, raw, state, talk.context)
    question = talk.question
    if question is None:
        gone = not stands or (edited and talk.missing() is not None)
        why = CHANGED if lost or not stands else moves.ONE_MORE
        return talk, say(why) if gone else None, gone
    if state.at in talk.relevant():
        return talk, say(CHANGED) if lost else None, False
    return talk, say(EMPTIED if question.skip_empty and not lost else CHANGED), True


def _elsewhere(talk: Talk, notice: Phrase | None) -> Turn:
    """What is to be asked now, where what was asked is gone."""
    head = [] if notice is None else [notice]
    talk.state.last = None
    return closed(talk, head) or reply(talk, screen.asked(talk, head))


def _heard(talk: Talk, given: Given) -> bool:
    """Whether something means the same, whatever was asked when it was sent."""
    match given:
        case Edited():
            return True
        case Go():
            return given.where == "cancel"
        case Tap() | Typed():
            return False
        case _:
            return any(talk.flow.questions[name].welcomes(given) for name in talk.relevant())


def _told(talk: Talk, turn: Turn, notice: Phrase | None) -> Turn:
    """The turn, beginning with what has to be said."""
    if notice is None or turn.outcome is not None:
        return turn
    if not turn.messages:
        return reply(talk, screen.asked(talk, [notice]), turn.toast)
    first, *rest = turn.messages
    text = lines([notice, "", first.text])
    return replace(turn, messages=[replace(first, text=text, replaces=False), *rest])


def _ask_again(talk: Talk) -> Turn:
    head: list[Phrase] = [say(N_("Let us go on."))]
    if talk.question is None and talk.settle():
        head.append(screen.warned(say(moves.STALE)))
    else:
        talk.go(talk.state.at, changing=talk.state.changing)
    return closed(talk, head) or reply(talk, screen.asked(talk, head))


def _tapped(talk: Talk, token: str) -> Turn:
    state = talk.state
    pressed = read(token)
    if pressed is None or pressed.serial != state.serial:
        return toast(talk, say(ELSEWHERE))
    if token == state.last:
        return quiet(talk)
    if pressed.step is not None:
        if pressed.choice == "on":
            state.last = token
            return _ask_again(talk)
        if pressed.step != base36(state.step):
            return toast(talk, say(OLD))
        turn = moves.pressed(talk, pressed.choice)
    else:
        question = talk.question
        if question is None or pressed.question != state.at:
            return toast(talk, say(ANSWERED))
        state.leaving = False
        result = question.tapped(pressed.choice, talk.part, talk.context)
        if isinstance(result, Refused):
            if result.part is None:
                return toast(talk, result.why)
            # The buttons that stand there are of a list that has changed.
            return reply(talk, screen.asked(talk, [], replaces=True), result.why)
        if isinstance(result, Quiet) or (isinstance(result, Going) and result.part == talk.part):
            return quiet(talk)
        turn = taken(talk, result, None)
    if turn.state is not None and (turn.messages or not turn.toast):
        turn.state["last"] = token
    return turn
