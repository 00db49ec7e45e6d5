"""The page around the phones: people, groups, clock, process, faults, languages, widths."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import PageOf
from tests.browser.stage import Stage
from tests.browser.test_talking import heard, phone_of, said, says

OVERFLOW = "document.documentElement.scrollWidth - innerWidth"


def test_a_group_is_seen_by_its_members_and_counts_what_is_unread(
    stage: Stage, page_of: PageOf
) -> None:
    group = stage.do(lambda: stage.sim.group("Mesa de luz", [stage.rosa, stage.julian]))
    page = page_of(stage, people=[stage.rosa.id, stage.julian.id])
    rosa, julian = phone_of(page, stage.rosa.id), phone_of(page, stage.julian.id)
    rosa.get_by_test_id(f"chat-{group.id}").click()
    expect(rosa.get_by_test_id("subtitle")).to_have_text("3 integrantes")
    says(rosa, "¿Quién viene?")
    heard(rosa, "Dijiste: ¿Quién viene?")
    badge = julian.get_by_test_id(f"chat-{group.id}").locator(".badge")
    expect(badge).to_be_visible()
    julian.get_by_test_id(f"chat-{group.id}").click()
    expect(badge).to_have_count(0)
    theirs = heard(julian, "¿Quién viene?")
    assert theirs.get_attribute("data-mine") == "no"
    expect(julian.locator(".from", has_text="Rosa Quispe")).to_be_visible()
    julian.get_by_test_id(f"chat-{group.id}").click()
    julian.locator(".chat-head .title").click()
    julian.get_by_role("button", name="Salir del grupo").click()
    expect(julian.get_by_test_id(f"chat-{group.id}")).to_have_count(0)
    expect(rosa.get_by_text("Julián Ortega salió del grupo")).to_be_visible()


def test_an_invite_link_is_followed_from_a_message(stage: Stage, page_of: PageOf) -> None:
    group = stage.do(
        lambda: stage.sim.group("Mesa de luz", [stage.julian], [stage.julian], supergroup=True)
    )
    link = stage.do(lambda: stage.julian.at(group).invites())
    page = page_of(stage, people=[stage.rosa.id])
    rosa = phone_of(page, stage.rosa.id)
    rosa.get_by_test_id("start").click()
    heard(rosa, "Hola")
    says(rosa, f"mira {link}")
    heard(rosa, "Dijiste").get_by_role("link").click()
    expect(rosa.get_by_test_id("toast")).to_have_text("Te uniste al grupo.")
    expect(rosa.locator(".chat-head")).to_contain_text("Mesa de luz")
    assert stage.do(lambda: group.inside(stage.rosa.id))


def test_the_clock_jumps_and_shows_its_way_while_somebody_walks_it(
    stage: Stage, page_of: PageOf
) -> None:
    page = page_of(stage, people=[stage.rosa.id])
    rosa = phone_of(page, stage.rosa.id)
    rosa.get_by_test_id("start").click()
    heard(rosa, "Hola")
    expect(rosa.get_by_role("separator")).to_have_text("Hoy")
    before = stage.do(stage.sim.clock.now)
    page.get_by_test_id("jump_day").click()
    expect(rosa.get_by_role("separator")).to_have_text("Ayer")
    page.wait_for_function(
        "async (before) => new Date((await (await fetch('/sim/clock')).json()).now) / 1000"
        " - before >= 86400",
        arg=before,
    )
    expect(page.get_by_test_id("walking")).to_be_hidden()

    stage.do(lambda: stage.sim.clock.walk())  # somebody follows the clock from now on
    still = stage.do(stage.sim.clock.now)
    page.get_by_test_id("jump_hour").click()
    expect(page.get_by_test_id("walking")).to_contain_text("Avanzando hasta el")
    stage.do(lambda: stage.sim.clock.walk(still + 1800))
    share = page.get_by_role("progressbar")
    page.wait_for_function(
        "() => { const share = Number(document.querySelector('[role=progressbar]')"
        ".getAttribute('aria-valuenow')); return share > 40 && share < 60 }"
    )
    stage.do(lambda: stage.sim.clock.walk(still + 3700))
    expect(share).to_be_hidden()


def test_the_bot_is_killed_and_started(stage: Stage, page_of: PageOf) -> None:
    page = page_of(stage, people=[stage.rosa.id])
    rosa = phone_of(page, stage.rosa.id)
    rosa.get_by_test_id("start").click()
    heard(rosa, "Hola")
    page.get_by_test_id("bot-kill").click()
    expect(page.get_by_test_id("bot-state")).to_have_text("Bot apagado")
    says(rosa, "¿hay alguien?")
    said(rosa, "¿hay alguien?")
    page.wait_for_timeout(500)
    expect(rosa.get_by_text("Dijiste: ¿hay alguien?")).to_have_count(0)
    page.get_by_test_id("bot-start").click()
    expect(page.get_by_test_id("bot-state")).to_have_text("Bot encendido")
    heard(rosa, "Dijiste: ¿hay alguien?")


def test_faults_and_limits_are_set_and_removed(stage: Stage, page_of: PageOf) -> None:
    page = page_of(stage, people=[stage.rosa.id])
    page.get_by_test_id("tools").click()
    page.get_by_test_id("rate-limits").check()
    page.get_by_test_id("fault-duplicate").check()
    page.get_by_test_id("fault-delay").check()
    page.get_by_test_id("faults-apply").click()
    expect(page.get_by_test_id("faults-said")).to_have_text("Averías activas: 2")
    assert stage.sim.rate_limits
    kinds = {fault["kind"] for fault in stage.do(stage.sim.faults.describe)}
    assert kinds == {"duplicate", "delay"}
    page.get_by_test_id("faults-clear").click()
    expect(page.get_by_test_id("faults-said")).to_have_text("Averías activas: 0")
    assert stage.do(stage.sim.faults.describe) == []


@pytest.mark.parametrize(
    "kind",
    [
        "drop_before", "drop_after", "error_500", "bad_gateway", "delay", "too_many", "duplicate",
        "duplicate_tap",
    ],
)  # fmt: skip
def test_every_fault_on_the_panel_is_one_the_simulator_knows(
    stage: Stage, page_of: PageOf, kind: str
) -> None:
    page = page_of(stage)
    page.get_by_test_id("tools").click()
    page.get_by_test_id(f"fault-{kind}").check()
    page.get_by_test_id("faults-apply").click()
    expect(page.get_by_test_id("faults-said")).to_have_text("Averías activas: 1")
    (fault,) = stage.do(stage.sim.faults.describe)
    assert fault["kind"] == kind


def test_people_are_added_shown_and_hidden(stage: Stage, page_of: PageOf) -> None:
    page = page_of(stage, people=[stage.rosa.id])
    page.get_by_test_id("people").click()
    page.get_by_test_id("person-name").fill("Lucía Mamani")
    page.get_by_test_id("person-language").select_option("pt")
    page.get_by_test_id("person-add").click()
    phone = page.get_by_role("region", name="Teléfono de Lucía Mamani")
    phone.get_by_test_id("start").click()
    heard(phone, "Hola")
    page.get_by_test_id("people").click()
    page.get_by_test_id(f"show-{stage.rosa.id}").uncheck()
    expect(phone_of(page, stage.rosa.id)).to_have_count(0)
    assert f"{stage.rosa.id}" not in page.url


def test_what_one_person_does_appears_at_once_on_another_page(
    stage: Stage, page_of: PageOf
) -> None:
    first = page_of(stage, people=[stage.rosa.id])
    second = page_of(stage, people=[stage.rosa.id], language="en-US")
    phone_of(first, stage.rosa.id).get_by_test_id("start").click()
    heard(phone_of(second, stage.rosa.id), "Hola")
    expect(phone_of(second, stage.rosa.id).get_by_test_id("composer")).to_have_attribute(
        "placeholder", "Message"
    )


def test_the_page_goes_on_after_the_simulator_was_away(stage: Stage, page_of: PageOf) -> None:
    page = page_of(stage, people=[stage.rosa.id], expected=("ERR_", "net::"))
    rosa = phone_of(page, stage.rosa.id)
    rosa.get_by_test_id("start").click()
    heard(rosa, "Hola")
    address = stage.url
    stage.run(stage.sim.close())
    expect(page.get_by_role("alert")).to_be_visible()
    stage.run(stage.sim.start())
    assert stage.url == address
    expect(page.get_by_role("alert")).to_be_hidden()
    stage.do(lambda: stage.rosa.says("sigo aquí"))
    said(rosa, "sigo aquí")


def test_nothing_overflows_on_a_narrow_phone(stage: Stage, page_of: PageOf) -> None:
    stage.do(lambda: stage.sim.group("Mesa de alumbrado y veredas", [stage.rosa, stage.julian]))
    page = page_of(stage, width=360, height=640)
    assert page.evaluate(OVERFLOW) <= 0
    rosa, julian = phone_of(page, stage.rosa.id), phone_of(page, stage.julian.id)
    expect(julian).to_be_hidden()
    rosa.get_by_test_id("start").click()
    heard(rosa, "Hola")
    says(rosa, "una-palabra-larguísima-" * 12)
    heard(rosa, "Dijiste: una-palabra")
    says(rosa, "/teclado")
    heard(rosa, "¿Dónde?")
    assert page.evaluate(OVERFLOW) <= 0
    assert rosa.locator(".thread-list").evaluate("e => e.scrollWidth - e.clientWidth") <= 0
    rosa.get_by_test_id("attach").click()
    for name in ("attach_photo", "attach_place", "attach_contact"):
        inside(page, page.get_by_test_id(name).bounding_box())
    page.get_by_test_id("attach_place").click()
    assert page.evaluate(OVERFLOW) <= 0
    page.keyboard.press("Escape")
    for name in ("jump_hour", "jump_day", "jump_month", "bot-kill", "people", "tools", "language"):
        inside(page, page.get_by_test_id(name).bounding_box())
    page.get_by_test_id(f"tab-{stage.julian.id}").click()
    expect(julian).to_be_visible()
    expect(rosa).to_be_hidden()
    stage.do(lambda: stage.rosa.says("¿me ves?"))
    expect(page.get_by_test_id(f"tab-{stage.rosa.id}").locator(".badge")).to_be_visible()


def inside(page: Page, box: Any) -> None:
    """The whole box is on the screen."""
    size = page.viewport_size
    assert box is not None and size is not None
    assert box["x"] >= 0 and box["x"] + box["width"] <= size["width"] + 0.5
    assert box["y"] >= 0 and box["y"] + box["height"] <= size["height"] + 0.5


def test_the_page_speaks_the_readers_language_and_another_on_request(
    stage: Stage, page_of: PageOf
) -> None:
    page = page_of(stage, people=[stage.rosa.id], language="pt-BR")
    expect(page.get_by_test_id("jump_day")).to_have_text("+1 dia")
    page.get_by_test_id("language").select_option("en")
    expect(page.get_by_test_id("jump_day")).to_have_text("+1 day")
    expect(phone_of(page, stage.rosa.id).get_by_test_id("start")).to_have_text("Start")
    page.reload()
    expect(page.get_by_test_id("jump_day")).to_have_text("+1 day")


def test_every_language_has_every_text(stage: Stage, page_of: PageOf) -> None:
    page = page_of(stage)
    tables: dict[str, dict[str, str]] = page.evaluate(
        "async () => (await import('/page/strings.js')).tables"
    )
    assert set(tables) == {"es", "en", "pt"}
    keys = {language: set(table) for language, table in tables.items()}
    assert keys["es"] == keys["en"] == keys["pt"]
    for language, table in tables.items():
        for key, text in table.items():
            assert text.strip(), (language, key)
            assert set(_places(text)) == set(_places(tables["es"][key])), (language, key)


def _places(text: str) -> list[str]:
    return [part.split("}")[0] for part in text.split("{")[1:]]


CONTRAST = """
() => {
  const probe = document.createElement('span');
  document.body.append(probe);
  const rgb = (name) => {
    probe.style.color = `var(${name})`;
    const found = getComputedStyle(probe).color.match(/[\\d.]+/g).map(Number);
    return found.slice(0, 3).map((v) => {
      const c = v / 255;
      return c <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
    });
  };
  const light = (name) => {
    const [r, g, b] = rgb(name);
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const ratio = (a, b) => {
    const [x, y] = [light(a), light(b)].sort((m, n) => n - m);
    return (x + 0.05) / (y + 0.05);
  };
  const pairs = [
    ['--ink', '--paper'], ['--ink', '--chat'], ['--ink', '--mine'], ['--ink', '--theirs'],
    ['--soft', '--paper'], ['--soft', '--chat'], ['--soft', '--theirs'], ['--soft', '--mine'],
    ['--soft', '--sand'], ['--on-accent', '--accent'], ['--accent-strong', '--paper'],
    ['--accent-strong', '--tint'], ['--accent-strong', '--mine'], ['--bad', '--paper'],
  ];
  return pairs.map(([a, b]) => [`${a} on ${b}`, ratio(a, b)]);
}
"""


@pytest.mark.parametrize("dark", [False, True])
def test_text_stands_out_from_what_is_behind_it(stage: Stage, page_of: PageOf, dark: bool) -> None:
    """WCAG 2.2 AA: at least 4.5 to 1, https://www.w3.org/TR/WCAG22/#contrast-minimum."""
    page = page_of(stage, dark=dark)
    weak = [(pair, ratio) for pair, ratio in page.evaluate(CONTRAST) if ratio < 4.5]
    assert weak == []


def test_every_button_has_a_name(stage: Stage, page_of: PageOf) -> None:
    stage.do(lambda: stage.sim.group("Mesa de luz", [stage.rosa, stage.julian]))
    page = page_of(stage, people=[stage.rosa.id])
    rosa = phone_of(page, stage.rosa.id)
    rosa.get_by_test_id("start").click()
    heard(rosa, "Hola")
    nameless = page.evaluate(
        "() => [...document.querySelectorAll('button, input, select, textarea, [role=button]')]"
        ".filter((e) => !(e.innerText || '').trim() && !e.getAttribute('aria-label')"
        " && !(e.labels && e.labels.length)).map((e) => e.outerHTML)"
    )
    assert nameless == []


def test_a_tap_is_not_lost_to_a_message_that_arrives_under_the_finger(
    stage: Stage, page_of: PageOf
) -> None:
    group = stage.do(lambda: stage.sim.group("Vecinas", [stage.rosa, stage.julian]))
    page = page_of(stage, people=[stage.rosa.id])
    rosa = phone_of(page, stage.rosa.id)
    tab = rosa.get_by_test_id(f"chat-{group.id}")
    box = tab.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + 10, box["y"] + box["height"] / 2)
    page.mouse.down()
    stage.do(lambda: stage.julian.at(group).says("Buenas"))
    # Long enough for the page to hear of it and to draw.
    page.wait_for_timeout(500)
    expect(tab.locator(".badge")).to_have_count(0)
    page.mouse.up()
    expect(tab).to_have_attribute("aria-pressed", "true")
    expect(rosa.get_by_test_id("message").last).to_contain_text("Buenas")
