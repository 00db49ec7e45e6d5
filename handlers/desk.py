"""One update's way into a transaction: a handler awaits one `write`, and never sends.

In that transaction the update is marked done; whoever speaks is read there too. A refusal is
said to the person and kept like any other answer.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol, TypeVar

import locales
from actions.act import Act, Refused, actor_of
from actions.world import World
from flows.phrase import N_, Phrase, say
from storage import inbox, parcel
from storage.turn import Toast, Turn
from storage.writer import Writer

T = TypeVar("T")

LONGEST_TOAST = 190
"""Telegram shows 200 characters over the chat; a longer answer is sent as a message."""

AS_YOURSELF = N_(
    "You write here as the group, so I cannot tell who you are. Write to me as yourself, please."
)
WRITE_FIRST = N_("First write to me in private, so that I know you: t.me/{bot}")
IN_PRIVATE = N_("I have written to you in private.")
CANNOT_REACH = N_(
    "I cannot write to you in private. Open t.me/{bot} and press Start: you will find it there."
)


class Voice(Protocol):
    """What nobody must remember: said at once, without a letter."""

    async def answer_tap(
        self, query_id: str, text: Phrase | None, alert: bool, language: str
    ) -> None: ...


@dataclass(slots=True)
class Desk:
    """Where one update is worked on. `chat_id` is where it came from, `user_id` who sent it."""

    writer: Writer
    world: World
    voice: Voice
    spawn: Callable[[Awaitable[None]], None]
    update_id: int
    chat_id: int
    user_id: int
    name: str
    language_code: str | None
    query_id: str | None = None
    attempt: int = 0
    # When it reached the inbox: machine time (epoch s), and town time where that is known.
    received: float | None = None
    received_at: datetime | None = None
    # What to do when an action needs consent first: the private chat's handlers ask for it.
    ask_consent: Callable[[Act, str], None] | None = None
    applied: bool = field(default=False, init=False)

    @property
    def private(self) -> bool:
        """A chat between one person and the bot."""
        return self.chat_id == self.user_id

    async def write(self, work: Callable[[Act], T], *, then: str = "") -> T | None:
        """Run `work` in this update's one transaction; None when it was refused or done before.

        `then` is what they were about to do, taken up again after they gave consent.
        """
        if self.applied:
            raise RuntimeError("a handler writes once")
        result, toast, language = await self.writer.write(lambda turn: self._run(turn, work, then))
        self.applied = True
        if self.query_id is not None:
            self.spawn(
                self.voice.answer_tap(
                    self.query_id,
                    toast.text if toast else None,
                    toast.alert if toast else False,
                    language,
                )
            )
        return result

    def _run(
        self, turn: Turn, work: Callable[[Act], T], then: str
    ) -> tuple[T | None, Toast | None, str]:
        language = locales.match(self.language_code)
        if (turn.again or self.attempt) and not inbox.still_waiting(turn.session, [self.update_id]):
            return None, None, language
        actor = actor_of(turn.session, self.user_id, self.name, language)
        turn.language = actor.language
        if self.private and not actor.reachable and actor.person is not None:
            # They speak to us: whatever failed before, they can be written to again.
            actor.person.reachable = True
        act = Act(turn, actor, self.world, self._received(turn))
        act.saw_them()
        result: T | None = None
        try:
            if self.query_id is not None and not self.user_id:
                raise Refused(say(AS_YOURSELF))
            result = work(act)
        except Refused as refusal:
            self._refuse(act, refusal, then)
        if self.query_id is not None and not self.private and turn.toast is None:
            self._point(act)
        if turn.toast is not None and self.private and self._too_long(act, turn.toast):
            turn.owe(self.chat_id, parcel.message(turn.toast.text))
            turn.toast = None
        turn.done(self.update_id)
        return result, turn.toast, actor.language

    @staticmethod
    def _too_long(act: Act, toast: Toast) -> bool:
        words = locales.sentence(toast.text, act.actor.language, act.town.zone, markup=False)
        return len(words) > LONGEST_TOAST

    def _received(self, turn: Turn) -> datetime | None:
        """Town time at which this reached the inbox; after a restart both clocks ran alike."""
        if self.received_at is not None or self.received is None:
            return self.received_at
        return turn.now - timedelta(seconds=max(0.0, turn.machine - self.received))

    def _refuse(self, act: Act, refusal: Refused, then: str) -> None:
        if refusal.needs_consent and self.private and self.ask_consent is not None:
            self.ask_consent(act, then)
        elif refusal.needs_consent and not self.private:
            # Nothing can be asked of somebody who has never written to us.
            self._say(act, say(WRITE_FIRST, bot=act.world.username))
        else:
            self._say(act, refusal.reason)

    def _say(self, act: Act, text: Phrase) -> None:
        if self.query_id is not None:
            act.turn.answer(text, alert=True)
        else:
            act.turn.owe(self.chat_id, parcel.message(text))

    def _point(self, act: Act) -> None:
        """Tell who tapped in a group that it goes on in private, or why it cannot."""
        if not act.turn.owes(self.user_id):
            return
        if act.actor.reachable:
            act.turn.answer(say(IN_PRIVATE))
        else:
            act.turn.answer(say(CANNOT_REACH, bot=act.world.username), alert=True)
