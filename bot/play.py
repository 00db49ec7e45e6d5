"""A flow in the terminal, word for word as on the phone, with a made-up town and nothing kept."""

from __future__ import annotations

import itertools
import json
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, TextIO
from zoneinfo import ZoneInfo

import locales
from flows import given
from flows.closing import OTHER
from flows.context import Context, HandedList, Option
from flows.engine import advance, begin
from flows.phrase import N_, Phrase, names, say
from flows.ready import MARK
from flows.redact import PICTURE
from flows.registry import FLOWS
from flows.report import ANOTHER
from flows.turn import Cancelled, Finished, Message, Turn

ZONE = "America/Lima"

HELP = N_(
    "Write as you would on the phone; #2 presses the second button. Also: :place -12.05 -77.03, "
    ":photo, :voice 12, :file, :sticker, :edit (your last message), :back, :skip, :cancel."
)


def _options(*rows: tuple[str, str, str, str]) -> list[Option]:
    return [Option(v, names({"es": es, "en": en, "pt_BR": pt})) for v, es, en, pt in rows]


def _barrios(answers: Mapping[str, Any]) -> Sequence[Option]:
    """Where an address may lie; a point says it itself."""
    if "words" not in (answers.get("place") or {}):
        return []
    return _options(
        ("san-roque", "San Roque", "San Roque", "San Roque"),
        ("la-merced", "La Merced", "La Merced", "La Merced"),
    )


def _nearby(answers: Mapping[str, Any]) -> Sequence[Option]:
    """What neighbours have told already: a hole in the street, if that is what it is about."""
    if answers.get("category") != "pothole":
        return []
    return _options(
        ("R-0007", "R-0007, a 80 m", "R-0007, 80 m away", "R-0007, a 80 m"),
        (ANOTHER, "No, es otro", "No, it is another one", "Não, é outro"),
    )


LISTS: dict[str, HandedList] = {
    "categories": _options(
        ("light", "Alumbrado", "Street light", "Iluminação"),
        ("pothole", "Bache", "Pothole", "Buraco"),
        ("rubbish", "Basura", "Rubbish", "Lixo"),
        ("water", "Fuga de agua", "Water leak", "Vazamento de água"),
    ),
    "groups": _options(
        ("1", "Mesa del Agua", "Water group", "Grupo da Água"),
        ("2", "Parques vivos", "Living parks", "Parques vivos"),
        ("3", "Calles seguras", "Safe streets", "Ruas seguras"),
    ),
    "options": _options(
        ("1", "Arreglar el parque", "Repair the park", "Reformar o parque"),
        ("2", "Luces en la avenida", "Lights on the avenue", "Luzes na avenida"),
        ("3", "Un salón comunal", "A community hall", "Um salão comunitário"),
    ),
    "audiences": _options(
        ("all", "Todo el municipio", "The whole town", "Todo o município"),
        ("t:1", "Comuna 1", "Comuna 1", "Comuna 1"),
        ("g:1", "Mesa del Agua", "Water group", "Grupo da Água"),
    ),
    "themes": _options(
        ("water", "Agua", "Water", "Água"),
        ("parks", "Parques", "Parks", "Parques"),
    ),
    "territories": _options(
        ("1", "San Roque", "San Roque", "San Roque"),
        ("2", "La Merced", "La Merced", "La Merced"),
    ),
    "barrios": _barrios,
    "nearby": _nearby,
    "bodies": _options(
        ("1", "Empresa de energía", "Power company", "Empresa de energia"),
        (OTHER, "Otra entidad", "Somebody else", "Outro órgão"),
    ),
    "parts": _options(
        ("w", "Las palabras", "The words", "As palavras"),
        (f"{PICTURE}1", "Foto 1", "Photo 1", "Foto 1"),
    ),
    "people": _options(("1", "Rosa", "Rosa", "Rosa")),
    "ready": [
        Option(
            f"{MARK}1",
            names({"es": "Una visita", "en": "A visit", "pt_BR": "Uma visita"}),
            "Vamos a ir a mirar.",
        ),
    ],
}
PARAMS: dict[str, Any] = {
    "question": names(
        {
            "es": "¿Qué obra va primero?",
            "en": "Which work goes first?",
            "pt_BR": "Qual obra primeiro?",
        }
    ),
    "at_most": 2,
    "code": "R-0042",
    "meeting": names({"es": "El parque", "en": "The park", "pt_BR": "O parque"}),
    "name": "",
    "against": lambda code: None,
}


def _locate(latitude: float, longitude: float) -> Phrase | None:
    """Two barrios on a square of one degree around Lima."""
    if not (-13 <= latitude <= -12 and -78 <= longitude <= -76):
        return None
    return "San Roque" if longitude < -77 else "La Merced"


def _read(line: str, buttons: list[str], numbers: Iterator[int], last: int) -> given.Given | None:
    """What a line of the terminal does; None for one that means nothing."""
    word, _, rest = line.partition(" ")
    number = next(numbers)
    if word.startswith("#") and word[1:].isdecimal():
        position = int(word[1:]) - 1
        return given.Tap(buttons[position]) if 0 <= position < len(buttons) else None
    match word:
        case ":place":
            try:
                latitude, longitude = (float(part) for part in rest.replace(",", " ").split())
            except ValueError:
                return None
            return given.Located(latitude, longitude, number)
        case ":photo":
            return given.Photo(f"photo{number}", f"p{number}", number)
        case ":voice":
            return given.Voice("voice", f"v{number}", int(rest) if rest.isdecimal() else 5, number)
        case ":file":
            return given.Document("file", f"f{number}", "file.pdf", 1000, "application/pdf", number)
        case ":sticker":
            return given.Other("sticker", number)
        case ":edit":
            return given.Edited(given.Typed(rest, last))
        case ":back":
            return given.Go("back")
        case ":skip":
            return given.Go("skip")
        case ":cancel":
            return given.Go("cancel")
    return given.Typed(line, number)


class Terminal:
    """Shows turns and remembers which buttons there are."""

    def __init__(self, spell: Callable[[Phrase], str], screen: TextIO) -> None:
        self.spell = spell
        self.screen = screen
        self.buttons: list[str] = []

    def show(self, turn: Turn) -> None:
        """All that a turn says."""
        for message in turn.messages:
            self.message(message)
        if turn.toast is not None:
            self.line(f"({self.spell(turn.toast)})")

    def message(self, message: Message) -> None:
        """A message with its buttons numbered, or with its keys; its photos by their names."""
        if message.pictures is not None:
            self.line(f"\n[{len(message.pictures.photos)} 📷]")
            self.line(self.spell(message.pictures.caption))
        self.line("\n" + self.spell(message.text))
        if message.buttons:
            self.buttons = []
        for row in message.buttons:
            shown = []
            for button in row:
                self.buttons.append(str(button.token))
                shown.append(f"[#{len(self.buttons)} {self.spell(button.label)}]")
            self.line("  " + " ".join(shown))
        for keys in message.keys or ():
            self.line("  " + " ".join(f"<{self.spell(key.label)}>" for key in keys))

    def line(self, text: str) -> None:
        """One line."""
        print(text, file=self.screen)


def play(
    flow_name: str,
    language: str = "es",
    *,
    now: datetime | None = None,
    keyboard: TextIO | None = None,
    screen: TextIO | None = None,
) -> dict[str, Any] | None:
    """Hold a conversation in the terminal; prints and gives its answers, None if it was left.

    KeyError for a flow there is not.
    """
    flow = FLOWS[flow_name]

    def spell(phrase: Phrase) -> str:
        return locales.sentence(phrase, language, ZONE, markup=False)

    around = Context(
        now=now or datetime.now(ZoneInfo(ZONE)),
        lists=LISTS,
        spell=spell,
        locate=_locate,
        params=PARAMS,
    )
    terminal = Terminal(spell, screen or sys.stdout)
    terminal.line(spell(say(HELP)))
    turn = begin(flow, around, "play")
    terminal.show(turn)
    numbers = itertools.count(1)
    last = 0
    for line in keyboard or sys.stdin:
        did = _read(line.strip("\n"), terminal.buttons, numbers, last)
        if did is None:
            terminal.line(spell(say(HELP)))
            continue
        if isinstance(did, given.Typed):
            last = did.message_id
        # Between two turns a conversation is only its JSON, here as in the database.
        turn = advance(flow, json.loads(json.dumps(turn.state)), did, around)
        terminal.show(turn)
        if isinstance(turn.outcome, Finished):
            terminal.line(json.dumps(turn.outcome.answers, ensure_ascii=False, indent=2))
            return turn.outcome.answers
        if isinstance(turn.outcome, Cancelled):
            break
    return None
