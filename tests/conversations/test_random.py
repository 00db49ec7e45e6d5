"""Whoever does whatever, in any order: they get an answer, and there is always a way on and out.

People of every role and language do random things through the real dispatcher and the simulator.
After each gesture the house is judged (see Talker), and no error may be logged. TALKS=500 asks for
that many conversations instead of the few that fit into a minute; ANEW=1 for other ones each time.
"""

from __future__ import annotations

import asyncio
import logging
import os
import random
import shutil
import tempfile
from collections.abc import Coroutine
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, settings
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
ANSWERS = (
    "El poste de la esquina está apagado desde el lunes.", "Opción uno\nOpción dos\nOpción tres",
    "Calle 5 con 8, frente a la tienda", "20/5/2026 18:30", "2", "mañana a las 6 pm",
    "{x} <b>todo</b> está & bien",
)  # fmt: skip
"""What fits some question or other."""
ODD = ("forwards", "edits", "deletes", "blocks", "picture", "file", "album", "walks",
       "sends_voice", "sends_sticker", "sends_contact", "sends_venue")  # fmt: skip
DOORS = ("/reportar", "/grupos", "/votar", "/bandeja", "/liderar", "/invitar", "/convocar",
         "/menu", "/avisos", "/misreportes")  # fmt: skip
WAYS_OUT = ("✖️ Cancel", "⬅️ Back", "⬅️ Menu", "Menu")
POINTS = ((4.6, -74.1), (0.0, 0.0), (90.0, 180.0))
JUMPS = (1.0, 65.0, 60 * 25.0, 60 * 24 * 8.0, 60 * 24 * 29.0)
"""Minutes of town time: within a question, a nudge, a reminder, a vote's end, a follow-up."""

who = st.integers(0, 5)
which = st.integers(0, 40)
choices = st.lists(st.integers(0, 40), min_size=3, max_size=10)


def is_heading(label: str) -> bool:
    """A calendar's month, days of the week and empty places: buttons to look at."""
    return (len(label) <= 2 and not label.isdigit()) or label[-4:].isdigit()


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
        self.spent = 0
        self.pressed: dict[int, tuple[int, str]] = {}
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

    @rule(who=who, which=which, times=st.integers(1, 3))
    def taps_anything(self, who: int, which: int, times: int) -> None:
        self.tap(who, which, newest=1000, times=times)

    @rule(who=who, door=st.sampled_from(DOORS), choices=choices)
    def goes_through(self, who: int, door: str, choices: list[int]) -> None:
        """Open something, and do what the bot seems to wait for."""
        self.act(who, "says", door)
        for choice in choices:
            self.goes_on(who, choice)

    def goes_on(self, who: int, choice: int) -> None:
        """A key of the keyboard, one of the newest message's buttons, or words."""
        talker = self.people[who]
        self.unblock(talker, "says")
        if talker.person.keys():
            places = self.town.places()
            place = places[choice % len(places)]
            key = talker.reads("📍 Send my location")
            self.act(who, "presses", key, place["latitude"], place["longitude"])
            return
        out = {talker.reads(key) for key in WAYS_OUT}
        last = talker.last
        buttons = [label for label in last.buttons if label not in out]
        if buttons:
            # The first button is what most people press: it sends, or goes on.
            label = buttons[0 if choice % 3 == 0 else choice % len(buttons)]
            # Pressed once more it is harmless, and a calendar's heading is no button at all.
            again = self.pressed.get(who) == (last.id, label)
            self.pressed[who] = (last.id, label)
            leads_out = "url" in (last.find(label) or {})
            self.act(who, "taps", label, last, quiet=again or leads_out or is_heading(label))
        elif choice % 4 == 0:
            self.act(who, "sends_photo", 1)
        else:
            self.act(who, "says", ANSWERS[choice % len(ANSWERS)])

    @rule(who=who, odd=st.sampled_from(ODD), which=which)
    def does_something_odd(self, who: int, odd: str, which: int) -> None:
        self.odd(who, odd, which)

    def odd(self, who: int, odd: str, which: int) -> None:
        """What answers no question, or is done to an old message."""
        person = self.people[who].person
        inbox = person.inbox
        message = inbox[which % len(inbox)]
        own = [s for s in inbox if s.data["from"]["id"] == person.id and "text" in s.data]
        match odd:
            case "forwards":
                self.act(who, "forwards", message)
            case "edits" if own:
                # An edit of what answers no open question is a quiet.
                words = WORDS[which % len(WORDS)][:4096]
                self.act(who, "edits", own[-1 - which % len(own)], words, quiet=True)
            case "deletes":
                self.act(who, "deletes", message, quiet=True)
            case "blocks":
                self.act(who, "blocks", quiet=True)
            case "picture":
                self.act(who, "sends_document", "a.jpg", size=100 if which % 2 else 31_000_000)
            case "file":
                self.act(who, "sends_document", "a.x")
            case "edits":
                return
            case "album":
                self.act(who, "sends_photo", 2 + which % 9, "{x} <b>")
            case "walks":
                self.act(who, "shares_place", *POINTS[which % len(POINTS)], 900)
            case _:
                self.act(who, odd, *(POINTS[0] if odd == "sends_venue" else ()))

    @rule(seed=st.integers(0, 2**32))
    def time_is_spent(self, seed: int) -> None:
        """Several people go through conversations, with something odd in between."""
        self.spent += 1
        dice = random.Random(f"{seed} {self.spent}")
        for _ in range(4):
            who = dice.choice((1, 1, 2, 3, 3, 4, 4, 5, 0))
            self.act(who, "says", dice.choice(DOORS))
            for _ in range(dice.randint(3, 12)):
                if dice.random() < 0.06:
                    self.odd(who, dice.choice(ODD), dice.randrange(40))
                elif dice.random() < 0.04:
                    self.tap(dice.randrange(6), dice.randrange(40), newest=1000, times=2)
                else:
                    self.goes_on(who, dice.randrange(40))

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
            if verb in ("says", "starts", "taps", "presses"):
                self.run(getattr(talker, verb)(*args))
            else:
                self.run(talker.does(verb, *args, **options))
        except ActError:
            # Telegram would not let them either.
            return
        self.check()
        answered = bool(talker.heard() or talker.toasted())
        assert quiet or answered, f"{verb} {args} got no answer"

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
    run_state_machine_as_test(
        Conversations,
        settings=settings(
            max_examples=int(os.environ.get("TALKS") or 5),
            stateful_step_count=12,
            deadline=None,
            database=None,
            derandomize=not os.environ.get("ANEW"),
            print_blob=True,
            # Making a failure smaller would take minutes: its seeds repeat it as it was.
            phases=[Phase.explicit, Phase.generate],
            suppress_health_check=list(HealthCheck),
        ),
    )


pytestmark = pytest.mark.filterwarnings("ignore::hypothesis.errors.HypothesisWarning")
