"""Real Chromium on a real simulator; a page that writes an error to its console fails its test."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Protocol

import pytest
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Page,
    expect,
    sync_playwright,
)

from tests.browser.stage import Stage

ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PATIENCE_MS = 10_000
PICTURES = os.environ.get("PICTURES")
"""The folder in which somebody wants pictures."""


class HasUrl(Protocol):
    """A simulator, or whatever else serves the page."""

    @property
    def url(self) -> str:
        """The page's address."""


PageOf = Callable[..., Page]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything here needs a browser."""
    here = Path(__file__).parent
    for item in items:
        if item.path.is_relative_to(here):
            item.add_marker(pytest.mark.browser)


# Not for the whole session: Playwright keeps an event loop running in this thread, and the
# asynchronous tests of other folders need it for themselves.
@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """Chromium, from $CHROMIUM or where the distribution puts it."""
    expect.set_options(timeout=PATIENCE_MS)
    with sync_playwright() as playwright:
        found = playwright.chromium.launch(
            executable_path=os.environ.get("CHROMIUM", "/usr/bin/chromium"),
            headless=True,
            args=ARGUMENTS,
        )
        yield found
        found.close()


@pytest.fixture
def page_of(browser: Browser) -> Iterator[PageOf]:
    """Opens the page of a simulator (or of an address), in an empty profile each time.

    `page_of(sim, width=1280, height=800, language="es-CO", people=None, expected=())`; `people`
    are the ids whose phones are shown; console errors holding one of `expected` are no failure.
    """
    opened: list[BrowserContext] = []
    errors: list[str] = []

    def open_page(
        where: HasUrl | str,
        *,
        width: int = 1280,
        height: int = 800,
        language: str = "es-CO",
        people: list[int] | None = None,
        dark: bool = False,
        expected: tuple[str, ...] = (),
    ) -> Page:
        url = where if isinstance(where, str) else where.url
        context = browser.new_context(
            viewport={"width": width, "height": height},
            device_scale_factor=2 if PICTURES else 1,
            locale=language,
            timezone_id="America/Bogota",
            color_scheme="dark" if dark else "light",
            reduced_motion="reduce",
        )
        opened.append(context)
        context.set_default_timeout(PATIENCE_MS)
        page = context.new_page()

        def note(text: str) -> None:
            if not any(part in text for part in expected):
                errors.append(text)

        def console(message: ConsoleMessage) -> None:
            if message.type in ("error", "warning"):
                note(message.text)

        page.on("console", console)
        page.on("pageerror", lambda error: note(str(error)))
        shown = f"#people={','.join(str(one) for one in people)}" if people else ""
        page.goto(f"{url}/{shown}")
        page.get_by_test_id("clock-time").wait_for()
        return page

    yield open_page
    for context in opened:
        context.close()
    assert errors == []


@pytest.fixture
def stage() -> Iterator[Stage]:
    """A simulator with a small bot, three people and a town of four barrios."""
    made = Stage()
    made.open()
    yield made
    made.close()
