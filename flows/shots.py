"""A photo put in the place of one that was sent, by editing its message, is put in its place here.

Which message a kept photo came with is remembered beside the answers, by the photo's own number.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from flows import screen
from flows.given import Content, Document, Photo
from flows.phrase import N_, say
from flows.question import Answered, Going, Refused
from flows.replies import kept_old, reply
from flows.talk import Talk
from flows.turn import Turn

CHANGED = N_("✓ Changed: {answer}")


def remember(talk: Talk, given: Content | None) -> None:
    """Which message this photo came with; photos that are kept no more are forgotten."""
    shots = talk.state.shots
    if isinstance(given, Photo | Document):
        shots[given.unique_id] = given.message_id
    if not shots:
        return
    kept = {photo.get("unique_id") for _, photos in _lists(talk) for photo in photos}
    talk.state.shots = {number: message for number, message in shots.items() if number in kept}


def replaced(talk: Talk, given: Content) -> Turn | None:
    """What comes of the edit of a message that a kept photo came with; None for any other edit, or
    where the photo is still the same."""
    shots = talk.state.shots
    old = next((one for one, message in shots.items() if message == given.message_id), None)
    if old is None or getattr(given, "unique_id", None) == old:
        return None
    name, photos = next((n, p) for n, p in _lists(talk) if any(o["unique_id"] == old for o in p))
    question = talk.flow.questions[name]
    match question.take(given, {}, talk.context):
        case Answered([new]) | Going({"photos": [new]}):
            pass
        case Refused(why):
            return kept_old(talk, name, why)
        case _:
            return None
    others = [photo for photo in photos if photo["unique_id"] != new["unique_id"]]
    changed = [new if photo["unique_id"] == old else photo for photo in others]
    if photos is talk.state.answers.get(name):
        talk.state.answers[name] = changed
    if name in talk.state.parts:
        talk.state.parts[name] = {**talk.state.parts[name], "photos": changed}
    remember(talk, given)
    talk.state.last = None
    told = say(CHANGED, answer=question.brief(changed, talk.context))
    return reply(talk, screen.asked(talk, [told], replaces=not talk.state.keys))


def _lists(talk: Talk) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """The photos that are kept, by question: those of an answer, or those half given to one."""
    state = talk.state
    for name in talk.flow.questions:
        given = state.parts.get(name, {}).get("photos", state.answers.get(name))
        if isinstance(given, list) and all(isinstance(o, dict) and "unique_id" in o for o in given):
            yield name, given
