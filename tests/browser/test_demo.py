"""The whole demo as somebody new meets it: the command, the page, and a town's life on it."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Locator, Page, expect

from actions import call_words, group_words, meeting_words, report_words, vote_words
from bot import demo
from civic.moments import DAY_BEFORE, HOUR_BEFORE
from handlers import groups as group_desk
from handlers import menu
from handlers import votes as vote_desk
from tests.browser.conftest import PageOf
from tests.browser.neighbour import Neighbour, words
from tests.browser.villa import Open, jumps, open_town, tells_something_new

PARK = "Amigos del Parque Central"
STORY = "El poste de la esquina está apagado desde el lunes."
TOPIC = "Más luz en los senderos del parque"
HALL = "Salón comunal, al lado de la iglesia"
QUESTION = "¿Qué hacemos primero en el Parque Central?"
LIGHT, SHADE, PLAY = (
    "Más luz en los senderos",
    "Árboles y bancas con sombra",
    "Juegos nuevos para los niños",
)
CALL = "El sábado limpiamos el parque. Traiga guantes y agua."
OVERFLOW = "document.documentElement.scrollWidth - innerWidth"
RESTART_MS = 40_000


@pytest.fixture(scope="module")
def villa_ceiba(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Open]:
    """`cabildo demo`, as it runs in an empty folder."""
    with open_town(tmp_path_factory.mktemp("demo")) as opened:
        yield opened


def test_a_town_lives_on_the_page(villa_ceiba: Open, page_of: PageOf) -> None:
    page = page_of(villa_ceiba.url)
    rosa, julian, marta = (
        Neighbour(page, one.id) for one in (demo.VECINA, demo.LEADER_OF_PARK, demo.GESTORA)
    )
    # Setting up takes a while, and says so.
    assert any("180 of 180" in line for line in villa_ceiba.told)

    code = reports_a_street_light(rosa)
    works_on_it(marta, rosa, code)
    joins_the_park(rosa)
    meets_tomorrow(page, julian, rosa)
    changes_her_mind(rosa)
    calls_centro(marta, julian)
    leaves_half_a_report(page, rosa)
    hears_the_result(page, rosa)


def reports_a_street_light(rosa: Neighbour) -> str:
    """By button, words, map and photo; returns the report's code."""
    rosa.starts()
    rosa.taps(menu.REPORT)
    rosa.taps("I agree")
    rosa.hears("What is it about?")
    rosa.taps("Alumbrado público")
    rosa.hears("Tell us in your own words what is happening.")
    rosa.says(STORY)
    rosa.reads("Where is it?")
    rosa.presses("📍 Send my location")
    drawing = rosa.phone.get_by_test_id("town-map")
    box = drawing.bounding_box()
    assert box is not None
    drawing.click(position={"x": box["width"] * 0.45, "y": box["height"] * 0.38})
    expect(rosa.phone.locator(".map-said")).to_have_text("Centro")
    rosa.phone.get_by_test_id("map-send").click()
    expect(rosa.phone.get_by_test_id("place")).to_be_visible()
    rosa.hears("Centro")
    tells_something_new(rosa)
    rosa.sends_photo()
    rosa.hears("1 de 3 fotos")
    rosa.taps("Done")
    rosa.hears("Shall I send it?")
    rosa.taps("✅ Send the report")
    found = re.search(r"R-\d+", rosa.reads("R-1").inner_text())
    assert found is not None
    return found[0]


def works_on_it(marta: Neighbour, rosa: Neighbour, code: str) -> None:
    """The gestora has a card, and what she does with it is heard."""
    card = marta.hears(f"{code} · 💡 Alumbrado público")
    assert STORY in card.inner_text() and "Centro" in card.inner_text()
    marta.taps("Start work", card)
    expect(marta.phone.get_by_test_id("toast").last).to_have_text(words("Done."))
    marta.hears(report_words.STATES["in_progress"])
    marta.taps("Photos", card)
    expect(marta.phone.get_by_test_id("photo")).to_be_visible()
    head = {"code": code, "category": "💡 Alumbrado público"}
    rosa.hears(report_words.CHANGED["in_progress"], **head)


def joins_the_park(rosa: Neighbour) -> None:
    """By the menu; a link of her own lets her into the group's chat."""
    rosa.says("/grupos")
    rosa.hears(group_desk.GROUPS)
    rosa.taps(PARK)
    rosa.taps(group_words.JOIN)
    rosa.taps("🙌 Yes, count me in")
    rosa.hears("Welcome to <b>{group}</b>!", group=PARK)
    rosa.taps(group_words.ENTER)
    expect(rosa.phone.get_by_test_id("toast").last).to_have_text("Te uniste al grupo.")
    rosa.opens("Villa Ceiba")


def meets_tomorrow(page: Page, julian: Neighbour, rosa: Neighbour) -> None:
    """The leader calls a meeting by buttons; two days bring both reminders, each in its hour."""
    julian.taps(menu.MY_GROUPS)
    julian.taps(group_words.CALL_MEETING)
    julian.says(TOPIC)
    julian.taps("Tomorrow")
    julian.taps("18:00")
    julian.taps("18:30")
    julian.hears("Where do you meet?")
    julian.says(HALL)
    julian.taps("📣 Call the meeting")
    told = rosa.hears(meeting_words.NEWS[meeting_words.CALLED], group=PARK)
    assert TOPIC in told.inner_text() and HALL in told.inner_text()
    rosa.taps(meeting_words.LABELS["yes"], told)
    rosa.hears(
        meeting_words.YOUR_ANSWER,
        answer={"key": meeting_words.WORDS["yes"]},
    )
    # In the group's own chat a card counts.
    julian.opens(PARK)
    julian.hears(meeting_words.TALLY, yes=1, maybe=0, no=0)
    julian.opens("Villa Ceiba")
    for day in (1, 2):
        jumps(page, "jump_day")
        if day == 1:
            remembered(rosa, DAY_BEFORE, "18:30")
            heading = words(meeting_words.NEWS[HOUR_BEFORE], group=PARK)
            assert heading not in rosa.phone.inner_text()
    remembered(rosa, HOUR_BEFORE, "17:30")


def remembered(rosa: Neighbour, what: str, at: str) -> None:
    reminder = rosa.hears(meeting_words.NEWS[what], group=PARK)
    expect(reminder.locator(".meta time")).to_have_text(at)


def changes_her_mind(rosa: Neighbour) -> None:
    """Votes for two, then for one of them and another."""
    rosa.says("/votar")
    rosa.taps(vote_desk.VOTE, question=QUESTION)
    rosa.taps(LIGHT)
    rosa.sees(f"✅ {LIGHT}")
    rosa.taps(SHADE)
    rosa.taps("Done ({number})", number=2)
    rosa.taps("🗳 Cast my ballot")
    rosa.hears("Your ballot is in. You may change it until the vote closes.")
    rosa.says("/votar")
    rosa.reads(vote_words.VOTED)
    rosa.taps(vote_desk.CHANGE, question=QUESTION)
    # The first ballot's buttons are still further up: hers are at the bottom.
    rosa.reads("Elija hasta 2")
    rosa.sees(f"✅ {SHADE}")
    rosa.taps(f"✅ {SHADE}")
    rosa.sees("Done ({number})", number=1)
    rosa.taps(PLAY)
    rosa.sees(f"✅ {PLAY}")
    rosa.taps("Done ({number})", number=2)
    assert PLAY in rosa.reads("Your choice").inner_text()
    rosa.taps("🗳 Cast my ballot")
    rosa.reads("Your ballot is in. You may change it until the vote closes.")


def calls_centro(marta: Neighbour, julian: Neighbour) -> None:
    """The gestora sees what people will receive, to how many, and how it went."""
    marta.taps(menu.NEW_CALL)
    marta.says(CALL)
    marta.hears("Does it go with a photo?")
    marta.taps("Skip")
    marta.hears("Whom is it for?")
    marta.taps("· Centro")
    marta.hears(call_words.PREVIEW)
    marta.taps(call_words.SEND)
    received = julian.hears(CALL)
    expect(received.get_by_role("button", name=words(call_words.NO_MORE))).to_be_visible()
    status = marta.hears(call_words.STATES["finished"])
    text = status.inner_text()
    assert "100" in text
    sent, left_out, total = (
        int(text.split(words(key, number=""))[1].split()[0])
        for key in (call_words.SENT, call_words.SKIPPED, call_words.TOTAL)
    )
    assert sent == 3 and sent + left_out == total


def leaves_half_a_report(page: Page, rosa: Neighbour) -> None:
    """The bot is killed in the middle; what she writes meanwhile is answered when it is back."""
    rosa.says("/reportar")
    rosa.reads("What is it about?")
    rosa.taps("Huecos y vías")
    rosa.hears("✓ 🚧 Huecos y vías")
    page.get_by_test_id("bot-kill").click()
    expect(page.get_by_test_id("bot-state")).to_have_text("Bot apagado")
    before = rosa.phone.get_by_test_id("message").count()
    rosa.says("Hay un hueco grande frente a la escuela.")
    expect(rosa.phone.get_by_test_id("message")).to_have_count(before + 1)
    page.get_by_test_id("bot-start").click()
    expect(page.get_by_test_id("bot-state")).to_have_text("Bot encendido")
    expect(rosa.phone.get_by_test_id("reply-keyboard")).to_be_visible(timeout=RESTART_MS)
    rosa.says("Carrera 4 con calle 6")
    rosa.skips_to("Do you have photos of it?")
    rosa.taps("Skip")
    review = rosa.reads("Shall I send it?").inner_text()
    assert "Huecos y vías" in review and "frente a la escuela" in review
    rosa.taps("✅ Send the report")
    rosa.reads("R-1")


def hears_the_result(page: Page, rosa: Neighbour) -> None:
    """The clock closes the vote: words and a picture, and the numbers of the last ballot."""
    jumps(page, "jump_month")
    result = rosa.hears("Votó 1 persona")
    votes = dict(re.findall(r"^(.+): (\d+) votos?$", result.inner_text(), re.MULTILINE))
    assert {label: votes[label] for label in (LIGHT, PLAY, SHADE)} == {
        LIGHT: "1",
        PLAY: "1",
        SHADE: "0",
    }
    picture = result.get_by_test_id("photo").locator("img")
    expect(picture).to_be_visible()
    assert picture.evaluate("e => e.naturalWidth") > 600


def test_on_a_narrow_phone(villa_ceiba: Open, page_of: PageOf) -> None:
    page = page_of(villa_ceiba.url, width=360, height=740)
    marta = Neighbour(page, demo.GESTORA.id)
    page.get_by_test_id(f"tab-{demo.GESTORA.id}").click()
    marta.says("/menu")
    marta.hears(menu.MENU_TEXT)
    fits(page, marta.phone)
    marta.says("/bandeja")
    marta.hears("R-1")
    fits(page, marta.phone)
    julian = Neighbour(page, demo.LEADER_OF_PARK.id)
    page.get_by_test_id(f"tab-{demo.LEADER_OF_PARK.id}").click()
    julian.says("/menu")
    julian.taps(menu.MY_GROUPS)
    julian.taps(group_words.CALL_MEETING)
    julian.says(TOPIC)
    julian.hears("When is it?")
    fits(page, julian.phone)
    # A calendar of seven columns keeps every day wide enough for a thumb.
    keyboard = julian.phone.get_by_test_id("inline-keyboard").last
    narrowest = keyboard.evaluate(
        "e => Math.min(...[...e.querySelectorAll('button')].map((b) => b.offsetWidth))"
    )
    assert narrowest >= 32


def fits(page: Page, phone: Locator) -> None:
    """Nothing is wider than the screen."""
    assert page.evaluate(OVERFLOW) <= 0
    thread = phone.locator(".thread-list")
    assert thread.evaluate("e => e.scrollWidth - e.clientWidth") <= 0
