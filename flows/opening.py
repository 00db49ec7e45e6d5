"""What somebody sent before a conversation began is given to it: it is not asked for again, and
what is no answer yet is told at its question, with what is wrong."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flows import albums, captions, screen
from flows.given import Content, Typed, Voice
from flows.phrase import Phrase
from flows.question import Answered, Going, Refused
from flows.talk import Talk


def prefill(talk: Talk, answers: Mapping[str, Any]) -> None:
    """Take answers (JSON) that are known beforehand, where they fit: nobody asks for them."""
    for name, value in answers.items():
        question = talk.flow.questions.get(name)
        if question and name not in talk.state.answers and question.fits(value, talk.context):
            talk.keep(name, value, None)
            talk.state.prefilled.append(name)


def laid(talk: Talk, sent: Content) -> list[Phrase]:
    """Lay what was sent where it belongs; what has to be said of it at once."""
    return [screen.warned(why) for why in (_words(talk, sent), _itself(talk, sent)) if why]


def _words(talk: Talk, sent: Content) -> Phrase | None:
    """The words, or a voice note, as the answer to the first text."""
    name, words = captions.home(talk), captions.as_words(sent)
    if name is None or not isinstance(words, Typed | Voice):
        return None
    question = talk.flow.questions[name]
    whole = sent if question.holds_words(sent) else words
    match question.take(whole, {}, talk.context):
        case Answered(value):
            why: Phrase | None = talk.complaint(name, value)
            if why is None:
                talk.keep(name, value, sent.message_id)
                talk.state.prefilled.append(name)
                return None
        case Refused(why):
            pass
        case _:
            return None
    return None if captions.put_off(talk, name, whole, why) else why


def _itself(talk: Talk, sent: Content) -> Phrase | None:
    """A photo or a location for the question that takes it whenever it comes."""
    for name in talk.relevant():
        question = talk.flow.questions[name]
        if not question.welcomes(sent):
            continue
        match question.take(sent, talk.state.parts.get(name, {}), talk.context):
            case Answered(value):
                talk.keep(name, value, sent.message_id)
            case Going(part):
                talk.state.parts[name] = part
            case Refused(why):
                return why
        albums.note(talk, sent, name)
        break
    return None
