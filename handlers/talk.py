"""One flow active a person: it is begun, advanced, parked and ended here, inside the turn.

The engine decides what is said; this file only keeps its state, hands it the lists it needs and
turns its messages into letters.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

import locales
from actions.act import CONSENT_FIRST, Act, Refused, require
from actions.buttons import Draft
from actions.personal_data import banned_until
from actions.report_words import QUOTE
from flows import engine
from flows.characters import trim
from flows.context import Context
from flows.given import Content, Given, Go, Tap
from flows.phrase import N_, Phrase, lines, say
from flows.tokens import base36
from flows.turn import Cancelled, Finished, Message, Turn
from handlers.half_done import GO_ON, half_done, known
from handlers.menu import BACK, menu, menu_item
from handlers.packing import pack, pack_pictures
from handlers.registration import FLOWS, About, Ending, Handed, Registration
from storage import conversation, parcel

MOST_PARKED = 3
"""More half-finished flows than these are nobody's plan: the oldest is let go, and told back."""
LONGEST_STORY = 1000
"""Of what is told back, in UTF-16 units."""

OLD_BUTTON = N_("That button is from an earlier conversation. Use /menu to begin anew.")
LET_GO_DONE = N_("Discarded. Nothing of it was kept.")
TOO_MANY = N_(
    "You have several things half-finished, so I let go of the oldest: <b>{title}</b>. "
    "Nothing of it was kept."
)
GONE = N_("That draft is no longer here.")
STAYS = N_("What you have filled in stays here: you can send it after that.")


class Talk:
    """Somebody's conversation in this turn. `chat_id` is a private chat, so a person's number."""

    def __init__(self, act: Act, chat_id: int) -> None:
        self.act = act
        self.chat_id = chat_id
        if act.turn.waits(conversation.KEEP, "chat", chat_id):
            # Also another turn's of this batch: somebody may tap in a group and write in private.
            act.turn.flush()
        row = conversation.read(act.session, chat_id)
        self._known = row is not None
        self.active: dict[str, Any] | None = known(row[0]) if row else None
        # A flow that this version no longer has cannot be gone on with.
        self.parked: list[dict[str, Any]] = [e for e in row[1] or [] if known(e)] if row else []
        self._serial: int = row[2] if row else 0

    def begin(
        self,
        name: str,
        about: About | None = None,
        prefilled: dict[str, Any] | None = None,
        suggested: dict[str, Any] | None = None,
        sent: Content | None = None,
    ) -> None:
        """Begin a flow, parking the one that is open. Raises Refused for who may not.

        The same flow about the same thing, left half-finished, is taken up instead. `prefilled`
        answers are not asked for, `suggested` ones are shown as chosen already, and what was `sent`
        before is given to it.
        """
        registration = FLOWS[name]
        require(self.act, registration.needs)
        left = self.open_serial(name, about or {})
        if left is not None:
            self.go_on(left, prefilled)
            return
        keyboard = self._park()
        self._serial += 1
        entry: dict[str, Any] = {"name": name, "about": about or {}, "talk": None, "letter": None}
        turn = engine.begin(
            registration.flow_for(self.act),
            self._context(registration, entry["about"]),
            base36(self._serial),
            prefilled,
            suggested,
            sent=sent,
            keyboard=keyboard,
        )
        self._settle(registration, entry, turn)

    def give(self, given: Given) -> bool:
        """Hand the active flow what came; False when none is active."""
        entry = self.active
        if entry is None:
            return False
        registration = FLOWS[entry["name"]]
        context = self._context(registration, entry["about"])
        turn = engine.advance(registration.flow_for(self.act), entry["talk"], given, context)
        self._settle(registration, entry, turn)
        return True

    def tap(self, token: str) -> None:
        """A button of a flow was pressed: the active one's, a parked one's or an old one's."""
        if self.active is not None and engine.is_for(self.active["talk"], token):
            self.give(Tap(token))
            return
        for entry in self.parked:
            if engine.is_for(entry["talk"], token):
                # Pressing a button of what was put aside takes it up again where it was.
                self.go_on(entry["talk"]["serial"])
                return
        self.act.turn.answer(say(OLD_BUTTON))

    def go(self, where: str) -> bool:
        """/cancelar and the like; False when no flow is active."""
        return self.give(Go(where))  # type: ignore[arg-type]

    def go_on(self, serial: str, prefilled: dict[str, Any] | None = None) -> None:
        """Take up a parked flow, or the active one, again; where it was only offered, with what is
        known of it."""
        entry = self._take(serial)
        if entry is None:
            self.act.turn.answer(say(GONE))
            return
        keyboard = self._park()
        registration = FLOWS[entry["name"]]
        require(self.act, registration.needs)
        offered = entry.pop("offered", False)
        turn = engine.resume(
            registration.flow_for(self.act),
            entry["talk"],
            self._context(registration, entry["about"]),
            prefilled=prefilled or {} if offered else None,
            keyboard=keyboard,
        )
        self._settle(registration, entry, turn)

    def open_serial(self, name: str, about: About) -> str | None:
        """The half-finished flow of this name about this very thing, if there is one."""
        for entry in ([self.active] if self.active else []) + self.parked:
            if entry["name"] == name and same(entry["about"], about):
                return str(entry["talk"]["serial"])
        return None

    def discard(self, serial: str) -> None:
        """Let a half-finished flow go; what was parked by it is offered again."""
        standing = self.active
        if self._take(serial) is None:
            self.act.turn.answer(say(GONE))
            return
        keys = standing is not None and engine.shows_keys(standing["talk"])
        if self.active is None and keys:
            # A keyboard is taken away by a message that has no buttons of its own.
            self.act.turn.owe(self.chat_id, parcel.message(say(LET_GO_DONE), clear_keys=True))
            self._end(menu(self.act, greet=False))
            return
        done = parcel.message(say(LET_GO_DONE), [[menu_item(BACK, "menu")]])
        if self.active is None:
            self._end(done)
            return
        self.act.turn.owe(self.chat_id, done)
        self._keep()

    @property
    def left(self) -> dict[str, Any] | None:
        """What is half-finished: the active flow, else the one that was parked last. An offer that
        nobody has answered is not something left."""
        parked = (entry for entry in reversed(self.parked) if not entry.get("offered"))
        return self.active or next(parked, None)

    def set_aside(self, name: str, about: About, sent: Content) -> dict[str, Any]:
        """Begin a flow with what was sent and put it aside: it is only offered, and asks nothing.

        Its entry, in which `show` keeps what is said of it.
        """
        registration = FLOWS[name]
        self._serial += 1
        context = self._context(registration, about)
        turn = engine.begin(
            registration.flow_for(self.act), context, base36(self._serial), sent=sent
        )
        entry = {"name": name, "about": about, "talk": turn.state, "letter": None, "offered": True}
        self.parked.append(entry)
        return entry

    def join(self, given: Content) -> dict[str, Any] | None:
        """Give a photo to the flow put aside that has the rest of its album; its entry."""
        entry = next((e for e in self.parked if engine.follows(e["talk"], given)), None)
        if entry is not None:
            registration = FLOWS[entry["name"]]
            context = self._context(registration, entry["about"])
            flow = registration.flow_for(self.act)
            entry["talk"] = engine.advance(flow, entry["talk"], given, context).state
            self._keep()
        return entry

    def show(self, entry: dict[str, Any], offer: parcel.Parcel) -> None:
        """Say what is offered, in place of what was said of it before."""
        if entry["letter"] is None:
            entry["letter"] = self.act.turn.owe(self.chat_id, offer)
        else:
            entry["letter"] = self.act.turn.replace(self.chat_id, entry["letter"], offer)
        self._keep()

    def decline(self, about: About) -> None:
        """What was only offered is not wanted: nothing of it is kept."""
        wanted = [e for e in self.parked if not e.get("offered") or e["about"] != about]
        if len(wanted) < len(self.parked):
            self.parked = wanted
            self._keep()

    def _take(self, serial: str) -> dict[str, Any] | None:
        if self.active is not None and self.active["talk"]["serial"] == serial:
            entry, self.active = self.active, None
            return entry
        for entry in self.parked:
            if entry["talk"]["serial"] == serial:
                self.parked.remove(entry)
                return entry
        return None

    def _park(self) -> bool:
        """Put the open flow aside; whether it leaves a reply keyboard showing."""
        entry, self.active = self.active, None
        if entry is None:
            return False
        registration = FLOWS[entry["name"]]
        flow, context = registration.flow_for(self.act), self._context(registration, entry["about"])
        if engine.begun(flow, entry["talk"], context):
            self.parked.append(entry)
        while len(self.parked) > MOST_PARKED:
            self._let_go(self.parked.pop(0))
        return engine.shows_keys(entry["talk"])

    def _let_go(self, entry: dict[str, Any]) -> None:
        """Say which flow is let go, and give back what was written in it."""
        registration = FLOWS[entry["name"]]
        flow = registration.flow_for(self.act)
        text: list[Phrase] = [say(TOO_MANY, title=say(flow.title))]
        written = engine.story(flow, entry["talk"], self._context(registration, entry["about"]))
        if isinstance(written, str):
            text.append(say(QUOTE, words=trim(written, LONGEST_STORY)))
        elif written is not None:
            text.append(written)
        self.act.turn.owe(self.chat_id, parcel.message({"lines": text}))

    def _context(self, registration: Registration, about: About) -> Context:
        act, town = self.act, self.act.town
        handed: Handed = registration.hand(act, about)
        language = act.actor.language

        def spell(phrase: Phrase) -> str:
            return locales.sentence(phrase, language, town.zone, markup=False)

        def locate(latitude: float, longitude: float) -> Phrase | None:
            place = town.atlas.locate(latitude, longitude)
            return place.name if place else None

        return Context(
            now=act.now.astimezone(town.zone),
            lists=handed.lists,
            spell=spell,
            locate=locate if town.atlas.has_outlines else None,
            params=handed.params,
        )

    def _settle(self, registration: Registration, entry: dict[str, Any], turn: Turn) -> None:
        if turn.toast is not None:
            self.act.turn.answer(turn.toast)
        if isinstance(turn.outcome, Finished):
            self._finish(registration, entry, turn)
            return
        if isinstance(turn.outcome, Cancelled):
            self._cancel(turn)
            return
        for message in turn.messages:
            entry["letter"] = self._send(entry["letter"], message)
        if turn.state is None:
            self._end(None)
            return
        if turn.state is entry["talk"] and not turn.messages and self.active is entry:
            return
        entry["talk"] = turn.state
        self.active = entry
        self._keep()

    def _cancel(self, turn: Turn) -> None:
        """Say that it is gone, and where else to go: below, where a keyboard is taken away."""
        *_, gone = turn.messages
        for message in turn.messages:
            packed = pack(message)
            if message is gone and not gone.clears_keys and not gone.buttons:
                packed["buttons"] = [[menu_item(BACK, "menu")]]
            self.act.turn.owe(self.chat_id, packed)
        self._end(menu(self.act, greet=False) if gone.clears_keys else None)

    def _finish(self, registration: Registration, entry: dict[str, Any], turn: Turn) -> None:
        assert isinstance(turn.outcome, Finished)
        if not self.act.agreed():
            # The text has changed since they began: what they gave waits for their answer to it.
            raise Refused(say(CONSENT_FIRST), needs_consent=True)
        try:
            ending = registration.finish(self.act, entry["about"], turn.outcome.record)
        except Refused as refusal:
            if refusal.for_now and entry["talk"] is not None:
                self._put_off(entry, refusal)
                return
            ending = Ending(text=refusal.reason)
        for message in turn.messages:
            self._send(entry["letter"], message)
        self._end(self._closing(registration, ending))

    def _put_off(self, entry: dict[str, Any], refusal: Refused) -> None:
        """What was given stays where it was: it may be sent later."""
        serial, reason = entry["talk"]["serial"], refusal.reason
        until = banned_until(self.act)
        if until is not None:
            # A ban can last longer than a draft: this one is as good as touched when it ends.
            entry["until"] = until.isoformat()
            reason = lines([reason, say(STAYS)])
        go_on = parcel.button(say(GO_ON), Draft(do="go_on", serial=serial).pack())
        rows = [[go_on], [menu_item(BACK, "menu")]]
        self.act.turn.owe(self.chat_id, parcel.message(reason, rows))
        self.active = entry
        self._keep()

    def _closing(self, registration: Registration, ending: Ending) -> parcel.Parcel | None:
        if ending.silent:
            return None
        text = ending.text
        if text is None:
            text = say(registration.flow.done or registration.flow.title, **ending.values)
        return parcel.message(text, ending.buttons or [[menu_item(BACK, "menu")]])

    def _end(self, closing: parcel.Parcel | None) -> None:
        self.active = None
        if closing is not None:
            self.act.turn.owe(self.chat_id, closing)
        if self.left is not None:
            self.act.turn.owe(self.chat_id, half_done(self.left))
        self._keep()

    def _send(self, letter: int | None, message: Message) -> int:
        packed = pack(message)
        if message.pictures is not None:
            self.act.turn.owe(self.chat_id, pack_pictures(message.pictures))
        if message.replaces and letter is not None:
            return self.act.turn.replace(self.chat_id, letter, packed)
        return self.act.turn.owe(self.chat_id, packed)

    def _keep(self) -> None:
        held = [e["until"] for e in (self.active, *self.parked) if e is not None and "until" in e]
        values = {
            "active": self.active,
            "parked": self.parked,
            "open": bool(self.active or self.parked),
            "serial": self._serial,
            "touched": max([self.act.now, *map(datetime.fromisoformat, held)]),
            "nudged": None,
        }
        if self._known:
            self.act.turn.share(conversation.KEEP, {"chat": self.chat_id, **values})
        else:
            conversation.insert(self.act.session, {"chat_id": self.chat_id, **values})
            self._known = True


def same(one: About, other: About) -> bool:
    """Whether two conversations are about the same, whatever each has `seen` of it."""
    return {**one, "seen": None} == {**other, "seen": None}
