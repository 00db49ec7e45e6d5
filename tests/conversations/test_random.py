"""Whoever does whatever, in any order: they get an answer, and there is always a way on and out.

People of every role and language do random things through the real dispatcher and the simulator.
After each gesture the house is judged (see Talker), and no error may be logged. RANDOM=500 asks
for that many conversations instead of the few that fit into a minute.
"""

from __future__ import annotations

import asyncio
import logging
import os
import shutil
import tempfile
from collections.abc import Coroutine
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    precondition,
    rule,
    run_state_machine_as_test,
)

from bot.house import House
from courier.limits import Limits
from simulator.chats import Private
from simulator.errors import ActError
from simulator.seen import Seen
from tests.conversations.conftest import ADMIN, Town, found_town, open_town
from tests.conversations.talker import Talker

COMMANDS = (
    "/start", "/menu", "/ayuda", "/idioma", "/avisos", "/reportar", "/misreportes", "/grupos",
    "/votar", "/bandeja", "/liderar", "/invitar", "/roles", "/convocar", "/cancelar", "/zz",
)  # fmt: skip
WORDS = (
    "hola", "sí", "no", "1", "2", "atrás", "saltar", "cancelar", "listo", "enviar", "cambiar",
    "El poste de la esquina está apagado desde el lunes.", "Calle 5 con 8, frente a la tienda",
    "15/5 18:30", "mañana 6pm", "30", "opción uno\nopción dos", "<b>{x}</b>", "مرحبا", "😀" * 20,
    "a" * 5000, "\u200b",
)  # fmt: skip
POINTS = ((4.6, -74.1), (0.0, 0.0), (90.0, 180.0))
JUMPS = (1.0, 65.0, 60 * 25.0, 60 * 24 * 8.0, 60 * 24 * 29.0)
"""Minutes of town time: within a question, a nudge, a reminder, a vote's end, a follow-up."""

who = st.integers(0, 5)
which = st.integers(0, 40)


class Errors(logging.Handler):
    """Keeps what was logged as an error."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.told: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.told.append(record.getMessage())


class Conversations(RuleBasedStateMachine):
    """A town with a neighbour of each language, a leader, a gestora, an admin and a group chat."""

    template: Path

    def __init__(self) -> None:
        super().__init__()
        self.runner = asyncio.Runner()
        self.errors = Errors()
        logging.getLogger().addHandler(self.errors)
        self.folder = Path(tempfile.mkdtemp(prefix="random"))
        shutil.copyfile(self.template, self.folder / "town.sqlite")
        self.open = open_town(f"sqlite:///{self.folder / 'town.sqlite'}")
        self.town: Town = self.run(self.open.__aenter__())
        self.people: list[Talker] = self.run(self._move_in())
        self.group = self.town.sim.group(
            "Vecinas",
            admins=[self.people[4].person],
            members=[p.person for p in self.people[:4]],
            bot_admin=True,
        )
        self.run(self.town.quiet())

    def run(self, work: Coroutine[Any, Any, Any]) -> Any:
        """Let the town live until this is done."""
        return self.runner.run(work)

    async def _move_in(self) -> list[Talker]:
        town = self.town
        stranger = town.talker("Ana")
        await stranger.starts()
        return [
            stranger,
            await town.neighbour("Rosa"),
            await town.neighbour("John", "en"),
            await town.leader("João", 1, "pt-br"),
            await town.gestora("Marta"),
            await town.neighbour("Alcaldesa", id=ADMIN),
        ]

    # what people do

    @rule(who=who, text=st.sampled_from(COMMANDS) | st.sampled_from(WORDS) | st.text(max_size=30))
    def says(self, who: int, text: str) -> None:
        text = "".join(c for c in text if c.isprintable() or c == "\n").strip() or "x"
        self.act(who, "says", text)

    @rule(who=who, command=st.sampled_from(COMMANDS))
    def asks(self, who: int, command: str) -> None:
        self.act(who, "says", command)

    @rule(who=who, which=which)
    def taps_the_newest(self, who: int, which: int) -> None:
        self.tap(who, which, newest=1)

    @rule(who=who, which=which)
    def taps_on(self, who: int, which: int) -> None:
        self.tap(who, which, newest=1)

    @rule(who=who, which=which, times=st.integers(1, 3))
    def taps_anything(self, who: int, which: int, times: int) -> None:
        self.tap(who, which, newest=1000, times=times)

    @rule(who=who, which=which)
    def answers(self, who: int, which: int) -> None:
        """What the bot seems to wait for: a key of the keyboard, or a button."""
        if self.people[who].person.keys():
            place = self.town.places()[which % len(self.town.places())]
            try:
                self.act(who, "presses", "📍", place["latitude"], place["longitude"])
            except ActError:
                self.act(who, "says", self.people[who].person.keys()[0])
            return
        self.tap(who, which, newest=1)

    @rule(who=who, text=st.sampled_from(WORDS[-11:]), which=which)
    def writes_and_goes_on(self, who: int, text: str, which: int) -> None:
        self.act(who, "says", text)
        self.tap(who, which, newest=1)

    @rule(who=who, point=st.sampled_from(POINTS), live=st.booleans())
    def shares_a_place(self, who: int, point: tuple[float, float], live: bool) -> None:
        self.act(who, "shares_place", *point, 900 if live else None)

    @rule(who=who, count=st.sampled_from([1, 2, 10]))
    def sends_photos(self, who: int, count: int) -> None:
        self.act(who, "sends_photo", count, "{x} <b>")

    @rule(who=who, verb=st.sampled_from(["sends_voice", "sends_sticker", "sends_contact"]))
    def sends(self, who: int, verb: str) -> None:
        self.act(who, verb)

    @rule(who=who, size=st.sampled_from([100, 31_000_000]), name=st.sampled_from(["a.jpg", "a.x"]))
    def sends_a_file(self, who: int, size: int, name: str) -> None:
        self.act(who, "sends_document", name, size=size)

    @rule(who=who, which=which)
    def forwards(self, who: int, which: int) -> None:
        inbox = self.people[who].person.inbox
        self.act(who, "forwards", inbox[which % len(inbox)])

    @rule(who=who, which=which, text=st.sampled_from(WORDS))
    def edits(self, who: int, which: int, text: str) -> None:
        """An edit of what answers no open question is a quiet."""
        person = self.people[who].person
        own = [s for s in person.inbox if s.data["from"]["id"] == person.id and "text" in s.data]
        if own:
            self.act(who, "edits", own[-1 - which % len(own)], text[:4096], quiet=True)

    @rule(who=who, which=which)
    def deletes(self, who: int, which: int) -> None:
        inbox = self.people[who].person.inbox
        self.act(who, "deletes", inbox[which % len(inbox)], quiet=True)

    @rule(who=who)
    def blocks(self, who: int) -> None:
        self.act(who, "blocks", quiet=True)

    @rule(who=who, payload=st.sampled_from(["", "report", "group-1", "vote-1", "r-1001", "zz"]))
    def starts(self, who: int, payload: str) -> None:
        self.act(who, "starts", payload)

    @rule(who=st.integers(0, 4), text=st.sampled_from([*COMMANDS, "/vincular", "hola"]))
    def says_in_the_group(self, who: int, text: str) -> None:
        self.act_at(self.people[who].at(self.group), "says", text, quiet=True)

    @rule(who=st.integers(0, 4), which=which)
    def taps_in_the_group(self, who: int, which: int) -> None:
        talker = self.people[who].at(self.group)
        self.tap_at(talker, which, newest=5)

    @rule(minutes=st.sampled_from(JUMPS))
    def time_passes(self, minutes: float) -> None:
        self.run(self.town.jump(minutes=minutes))
        self.check()

    @precondition(lambda self: self.town.house.intake.applied > 10)
    @rule()
    def the_bot_is_started_anew(self) -> None:
        self.run(self.anew())
        self.check()

    # how it is done and judged

    async def anew(self) -> None:
        """Stop the bot and start another on the same database."""
        town = self.town
        await town.house.stop()
        town.house = House(town.house.settings, clock=town.clock, limits=Limits.off())
        await town.house.start()
        await town.quiet()

    def act(self, who: int, verb: str, *args: Any, quiet: bool = False, **options: Any) -> None:
        self.act_at(self.people[who], verb, *args, quiet=quiet, **options)

    def act_at(
        self, talker: Talker, verb: str, *args: Any, quiet: bool = False, **options: Any
    ) -> None:
        """One gesture; who makes it gets an answer, unless it may be passed over in quiet."""
        self.unblock(talker, verb)
        try:
            if verb == "says" or verb == "starts":
                self.run(getattr(talker, verb)(*args))
            else:
                self.run(talker.does(verb, *args, **options))
        except ActError:
            # Telegram would not let them either.
            return
        self.check()
        assert quiet or talker.heard(), f"{verb} {args} got no answer"

    def unblock(self, talker: Talker, verb: str) -> None:
        """Who has blocked the bot comes back before doing anything else."""
        chat = talker.person.chat
        if isinstance(chat, Private) and chat.blocked and verb != "blocks":
            talker.person.unblocks()
            self.run(self.town.quiet())

    def tap(self, who: int, which: int, *, newest: int, times: int = 1) -> None:
        self.tap_at(self.people[who], which, newest=newest, times=times)

    def tap_at(self, talker: Talker, which: int, *, newest: int, times: int = 1) -> None:
        """Press one of the buttons of the newest messages that have any."""
        self.unblock(talker, "taps")
        with_buttons = [seen for seen in talker.person.inbox if seen.rows][-newest:]
        buttons = [(s, r, c) for s in with_buttons for r, row in enumerate(s.rows)
                   for c in range(len(row))]  # fmt: skip
        if not buttons:
            return
        seen, row, column = buttons[which % len(buttons)]
        self.run(self._tapped(talker, seen, row, column, times))
        self.check()

    async def _tapped(self, talker: Talker, seen: Seen, row: int, column: int, times: int) -> None:
        button = seen.rows[row][column]
        before = len(talker.person.toasts)
        for _ in range(times):
            talker.person.taps(message=seen, row=row, column=column)
        await self.town.quiet()
        self.town.judge()
        if "callback_data" in button:
            answered = len(talker.person.toasts) - before
            assert answered == times, f"{button} tapped {times} times, answered {answered}"

    def check(self) -> None:
        """No error was logged."""
        told, self.errors.told = self.errors.told, []
        assert not told, told

    def teardown(self) -> None:
        """Everybody can leave what they are in and find the menu."""
        try:
            for talker in self.people:
                self.unblock(talker, "says")
                if not self.town.chat(talker.person).started:
                    continue
                self.run(talker.says("/cancelar"))
                assert talker.heard(), "no way out"
                if talker.reads("Discard") in talker.last.buttons:
                    self.run(talker.taps("Discard", talker.last))
                self.run(talker.says("/menu"))
                assert talker.heard() and talker.heard()[-1].rows, "no way on"
            self.check()
        finally:
            logging.getLogger().removeHandler(self.errors)
            self.run(self.open.__aexit__(None, None, None))
            self.runner.close()
            shutil.rmtree(self.folder, ignore_errors=True)


def test_anybody_does_anything(tmp_path: Path) -> None:
    found_town(f"sqlite:///{tmp_path / 'template.sqlite'}")
    Conversations.template = tmp_path / "template.sqlite"
    asked = os.environ.get("RANDOM")
    run_state_machine_as_test(
        Conversations,
        settings=settings(
            max_examples=int(asked or 12),
            stateful_step_count=40,
            deadline=None,
            database=None,
            derandomize=not asked,
            print_blob=True,
            suppress_health_check=list(HealthCheck),
        ),
    )


pytestmark = pytest.mark.filterwarnings("ignore::hypothesis.errors.HypothesisWarning")
