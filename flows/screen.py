"""How a conversation looks: one message a turn, saying what it took, what it asks, and what may
be answered. Telegram keeps a reply keyboard until a message takes it away, and that message can
carry no buttons: so after a place the echo goes out by itself."""

from __future__ import annotations

from flows import words
from flows.characters import length, trim
from flows.phrase import N_, Phrase, lines, say
from flows.state import CHANGE
from flows.talk import Talk
from flows.turn import Button, Key, Message, Pictures

# Telegram takes 4,096 characters; the rest is for questions and names.
REVIEW_BUDGET = 3000


def headed(head: list[Phrase], rest: list[Phrase]) -> Phrase:
    """What was just said, an empty line, and the rest."""
    return lines([*head, "", *rest] if head else rest)


def took(answer: Phrase) -> Phrase:
    """The echo of an answer."""
    return say(N_("✓ {answer}"), answer=answer)


def warned(why: Phrase) -> Phrase:
    """A complaint."""
    return say(N_("⚠️ {why}"), why=why)


def asked(talk: Talk, head: list[Phrase], *, replaces: bool = False) -> list[Message]:
    """The question the conversation stands at, or its review or list of changes."""
    question = talk.question
    if question is None:
        if talk.state.at == CHANGE:
            return changes(talk, head, replaces=replaces)
        return review(talk, head, replaces=replaces)
    state, context = talk.state, talk.context
    look = question.ask(talk.part, context, talk.mark(state.at))
    number, total = talk.progress()
    text = question.says(context)
    if total > 1 and not state.changing:
        text = say(
            N_("<b>{number} of {total}</b> · {question}"),
            number=number,
            total=total,
            question=text,
        )
    rest = [text]
    present = state.answers.get(state.at)
    if present is not None:
        rest.append(say(N_("Now: {answer}"), answer=question.brief(present, context)))
    rest += look.body
    skippable = question.optional and not question.gathered(talk.part)
    hint = N_("<i>{hint} You may skip this.</i>") if skippable else N_("<i>{hint}</i>")
    rest.append(say(hint, hint=look.hint))
    moves: list[tuple[words.Words, str]] = []
    if state.changing or present is not None:
        moves.append((words.KEEP, "keep"))
    if not state.changing and number > 1:
        moves.append((words.BACK, "back"))
    if skippable:
        moves.append((words.SKIP if present is None else words.REMOVE, "skip"))
    moves.append((words.CANCEL, "cancel"))
    if look.keys is None:
        row = [Button(word.phrase, talk.move(move)) for word, move in moves]
        rows = [row] if len(row) < 4 else [row[:1], row[1:]]
        pictures = look.pictures if talk.arrived else None
        buttons = [*look.buttons, *rows]
        return said(talk, head, rest, buttons, replaces=replaces, pictures=pictures)
    state.keys = True
    keys = [*look.keys, [Key(word.phrase) for word, _ in moves]]
    return [Message(headed(head, rest), keys=keys)]


def said(
    talk: Talk,
    head: list[Phrase],
    rest: list[Phrase],
    buttons: list[list[Button]],
    *,
    replaces: bool = False,
    pictures: Pictures | None = None,
) -> list[Message]:
    """A message with buttons, after one that takes a reply keyboard away if one is showing."""
    if not talk.state.keys:
        # Photos come below what stands already, and the question below the photos.
        replaces = replaces and pictures is None
        return [Message(headed(head, rest), buttons, replaces=replaces, pictures=pictures)]
    talk.state.keys = False
    first = lines(head) if head else say(N_("All right."))
    return [Message(first, clears_keys=True), Message(lines(rest), buttons, pictures=pictures)]


def asks(label: Phrase) -> bool:
    """Whether a name in the review is the question itself, which takes no colon after its mark."""
    if not isinstance(label, dict):
        return str(label).endswith("?")
    written = label.get("names", {}).values() or [str(label.get("key", ""))]
    return all(text.endswith("?") for text in written)


def review(talk: Talk, head: list[Phrase], *, replaces: bool = False) -> list[Message]:
    """Every answer by its short name, and what may be done with them."""
    told = []
    for name in talk.relevant():
        question = talk.flow.questions[name]
        answer = question.told(talk.state.answers.get(name), talk.context)
        told.append((question.label(talk.context), answer))
    texts = [length(answer) for _, answer in told if isinstance(answer, str)]
    share = REVIEW_BUDGET // max(1, len(texts)) if sum(texts) > REVIEW_BUDGET else REVIEW_BUDGET
    rest: list[Phrase] = [
        say(
            N_("<b>{label}</b> {answer}") if asks(label) else N_("<b>{label}</b>: {answer}"),
            label=label,
            answer=trim(answer, share) if isinstance(answer, str) else answer,
        )
        for label, answer in told
    ]
    rest += ["", {"key": talk.flow.review or talk.flow.title}]
    buttons = [
        [Button({"key": talk.flow.send}, talk.move("send"))],
        [Button(words.CHANGE.phrase, talk.move("change"))],
        [
            Button(words.BACK.phrase, talk.move("back")),
            Button(words.CANCEL.phrase, talk.move("cancel")),
        ],
    ]
    return said(talk, head, rest, buttons, replaces=replaces)


def changes(talk: Talk, head: list[Phrase], *, replaces: bool = False) -> list[Message]:
    """The answers that may be changed."""
    buttons = [
        [Button(talk.flow.questions[name].label(talk.context), talk.move_to(name))]
        for name in talk.relevant()
    ]
    buttons.append([Button(words.REVIEW.phrase, talk.move("back"))])
    rest: list[Phrase] = [
        say(N_("What would you like to change?")),
        say(N_("<i>{hint}</i>"), hint=say(N_("Tap an option, or write its name or number."))),
    ]
    return said(talk, head, rest, buttons, replaces=replaces)


def confirm(talk: Talk) -> Message:
    """Whether to throw away what was given."""
    return Message(
        say(N_("Discard what you have given so far?")),
        [
            [
                Button(words.DISCARD.phrase, talk.move("drop")),
                Button(words.GO_ON.phrase, talk.move("on")),
            ]
        ],
    )
