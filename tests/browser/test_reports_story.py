"""A report's whole life on the page: told, joined, worked on, fixed, doubted, and taken out.

PICTURES=folder keeps a picture of each main moment there, sharp enough for a phone: the guides' own
are made so.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from actions import (
    figures,
    follow_ups,
    mornings,
    nearby,
    periods,
    report_views,
    report_words,
    team_card,
)
from bot import demo
from handlers import casework_forms, exports, menu, my_data, notices, tray
from handlers import follow_ups as follow_up_desk
from handlers.reports import JOINED
from handlers.templates import OWN_WORDS
from tests.browser.conftest import PageOf
from tests.browser.neighbour import Neighbour, either, words
from tests.browser.villa import SAME, Open, jumps, open_town, tells_something_new

STORY = "Hay un hueco hondo frente a la panadería y las motos se caen."
AGAIN = "El hueco de la panadería está cada vez más grande."
CATEGORY = "Huecos y vías"
SPOT = (0.45, 0.38)
HEARD = "Done. The person who reported will read it."


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Open]:
    """The demo, as it runs in an empty folder."""
    with open_town(tmp_path_factory.mktemp("story")) as opened:
        yield opened


def test_from_there_is_a_hole_to_it_is_fixed(town: Open, page_of: PageOf) -> None:
    page = page_of(
        town.url,
        width=1640,
        height=1120,
        people=[demo.VECINA.id, demo.OTHER_VECINA.id, demo.GESTORA.id, demo.OTHER_GESTORA.id],
    )
    rosa, carmen, marta, lucia = (
        Neighbour(page, one.id)
        for one in (demo.VECINA, demo.OTHER_VECINA, demo.GESTORA, demo.OTHER_GESTORA)
    )
    code = tells(rosa)
    joins(carmen, code)
    takes(marta, lucia, code)
    plans(marta, code)
    mends(marta)
    closes_another(marta)
    looks_at_all(marta)
    reads_it(rosa, carmen, code)
    wakes_up(page, marta)
    jumps(page, "jump_month")
    judges(rosa, carmen, code)
    chooses(rosa)
    goes(carmen, code)


def tells(rosa: Neighbour) -> str:
    """By button, words, map and photo; returns the report's code."""
    begins(rosa)
    rosa.says(STORY)
    rosa.hears("Where is it?")
    rosa.shares_spot(*SPOT)
    tells_something_new(rosa)
    rosa.sends_photo()
    rosa.hears("1 de 3 fotos")
    rosa.taps("Done")
    rosa.hears("Shall I send it?")
    rosa.taps("✅ Send the report")
    found = re.search(r"R-\d+", rosa.reads("R-1").inner_text())
    assert found is not None
    return found[0]


def begins(who: Neighbour) -> None:
    """Starts the bot, agrees and says what it is about."""
    who.starts()
    who.taps(menu.REPORT)
    who.taps("I agree")
    who.hears("What is it about?")
    who.taps(CATEGORY)
    who.hears("Tell us in your own words what is happening.")


def joins(carmen: Neighbour, code: str) -> None:
    """Somebody else begins to tell the same, sees it and joins."""
    begins(carmen)
    carmen.says(AGAIN)
    carmen.hears("Where is it?")
    carmen.shares_spot(*SPOT)
    assert code in carmen.waits_for(SAME)
    expect(carmen.phone.get_by_test_id("photo").last).to_be_visible()
    carmen.keeps_picture("cerca")
    carmen.phone.get_by_role(
        "button",
        name=re.compile(
            f"{re.escape(words(nearby.JOIN_ONE))}|{re.escape(words(nearby.JOIN, code=code))}"
        ),
    ).first.click()
    carmen.reads(JOINED, code=code)


def takes(marta: Neighbour, lucia: Neighbour, code: str) -> None:
    """One card in each chat of the team: taken here, it is taken there."""
    card = marta.hears(code)
    marta.keeps_picture("tarjeta")
    marta.taps(team_card.TAKE, card)
    lucia.opens(demo.STAFF_TITLE)
    expect(lucia.hears(code)).to_contain_text("Marta")
    lucia.keeps_picture("equipo")
    marta.taps(team_card.MORE, marta.hears(code))
    marta.sees(team_card.NOTE)
    marta.keeps_picture("tarjeta-mas")
    marta.taps(team_card.BACK, marta.hears(code))


def plans(marta: Neighbour, code: str) -> None:
    """A change brings the town's ready answers; a day is announced with its reason."""
    marta.taps(report_words.MOVES["planned"], marta.hears(team_card.HAS_IT, person="Marta"))
    marta.sees(OWN_WORDS)
    marta.keeps_picture("respuestas")
    marta.taps("📨 Enviar: Ya está programado")
    marta.hears("📨 Enviada a quienes esperan")
    marta.taps(team_card.MORE, marta.hears(team_card.HAS_IT, person="Marta"))
    marta.sees("📆 Expected date")
    marta.taps("📆 Expected date")
    marta.hears("On which day will <b>{code}</b> be done?", code=code)
    marta.says("18/12")
    marta.hears("Why that day? Say it in a sentence or two: those who wait will read it.")
    marta.says("Ese día llega el asfalto.")
    marta.hears("Shall I tell those who wait for it?")
    marta.keeps_picture("fecha")
    marta.taps("📆 Tell them")
    marta.hears("Done. Those who wait for it will hear.")


def closes_another(marta: Neighbour) -> None:
    """One of the past is closed, with a ready reason that is looked over."""
    marta.says("/bandeja")
    marta.hears(tray.OPEN_ONES)
    marta.keeps_picture("bandeja")
    one = marta.phone.get_by_role("button", name=re.compile(r"^Ver R-\d+$")).last
    other = one.inner_text().removeprefix("Ver ")
    one.click()
    # Its card, not the one that stands there already.
    close = marta.page.get_by_role("button", name=words(report_words.MOVES["closed"]))
    card = marta.phone.get_by_test_id("message").filter(has_text=other).filter(has=close).last
    marta.taps(report_words.MOVES["closed"], card)
    marta.taps("It is up to somebody else")
    marta.taps("Aseo Villa Ceiba")
    marta.hears("What shall the person who reported read? Say why, in one or two sentences.")
    marta.taps("Le toca a otra entidad")
    marta.hears("Shall I send it to the person who reported?")
    marta.keeps_picture("cerrar")
    marta.taps("Send")
    # Whoever of the past told it may have left since.
    ends = (HEARD, casework_forms.CANNOT_READ, casework_forms.NOBODY_READS)
    done = marta.phone.get_by_test_id("message").filter(has_text=either(*map(words, ends)))
    expect(done.last).to_be_visible()


def mends(marta: Neighbour) -> None:
    """The work is done."""
    marta.taps(report_words.MOVES["fixed"], marta.hears(team_card.HAS_IT, person="Marta"))


def reads_it(rosa: Neighbour, carmen: Neighbour, code: str) -> None:
    """Both hear that it is fixed; whoever told it looks at the whole of it."""
    fixed = re.escape(words(report_words.CHANGED["fixed"], code=code, category="🚧 " + CATEGORY))
    for who in (rosa, carmen):
        expect(who.phone.get_by_text(re.compile(fixed)).last).to_be_visible()
    rosa.says(f"/reporte {code}")
    rosa.hears(report_views.HISTORY)
    rosa.keeps_picture("detalle")


def wakes_up(page: Page, marta: Neighbour) -> None:
    """The first working morning brings what there is to do; today's has come, if today is one."""
    heard = marta.phone.get_by_test_id("message").filter(
        has_text=words(mornings.GOOD_MORNING, name="Marta")
    )
    before = heard.count()
    # Easter is the longest: from Thursday to Sunday nobody works.
    for _ in range(5):
        jumps(page, "jump_day")
        if heard.count() > before:
            break
    expect(heard).not_to_have_count(before)
    marta.keeps_picture("manana")


def judges(rosa: Neighbour, carmen: Neighbour, code: str) -> None:
    """Both are asked; one says yes, one says no and why, and it is open again."""
    rosa.keeps_picture("se-arreglo", rosa.hears("¿Se arregló?"))
    rosa.taps(follow_ups.IT_WAS)
    rosa.hears(follow_up_desk.THANKS)
    carmen.taps(follow_ups.IT_WAS_NOT)
    carmen.hears("What is still wrong? Write it, send a voice note, or skip.")
    carmen.says("Lo taparon con tierra y la lluvia se la llevó.")
    carmen.skips_to("Do you have photos of how it is now?")
    carmen.taps("Skip")
    carmen.says(f"/reporte {code}")
    carmen.hears(report_words.STATES["received"])


def chooses(rosa: Neighbour) -> None:
    """What she is told."""
    rosa.says("/avisos")
    rosa.hears(notices.NOTICES_TEXT)
    rosa.keeps_picture("avisos")


def looks_at_all(marta: Neighbour) -> None:
    """The queue, what can be had of it in a file, and the figures."""
    marta.says("/bandeja")
    marta.taps(tray.FILTER)
    marta.hears(tray.WHAT_TO_SEE)
    marta.keeps_picture("filtro")
    marta.taps(tray.EXPORT)
    # She administers the town: she may have names.
    marta.sees(exports.NAMES_OUT)
    marta.keeps_picture("exportar")
    marta.says("/cifras")
    marta.hears(figures.TITLE, town="Villa Ceiba")
    marta.taps(periods.PERIODS[periods.QUARTER])
    marta.sees(figures.CHOSEN, period=words(periods.PERIODS[periods.QUARTER]))
    first = marta.hears(figures.BY_CATEGORY)
    expect(first.get_by_test_id("photo")).to_be_visible()
    photo = first.get_by_test_id("photo")
    marta.keeps_picture("cifras", photo)
    marta.keeps_photo("cifras-por-tema", photo)


def goes(carmen: Neighbour, code: str) -> None:
    """Takes out everything about herself, and the report stays without her."""
    carmen.says("/misdatos")
    carmen.taps(my_data.ERASE)
    carmen.sees(my_data.GO_ON)
    carmen.keeps_picture("mis-datos")
    carmen.taps(my_data.GO_ON)
    carmen.taps(my_data.FOR_EVER)
    carmen.waits_for("Listo")
