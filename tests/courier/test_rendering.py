"""Never longer than Telegram allows, never broken markup, whatever people wrote."""

from __future__ import annotations

import html as stdlib_html
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from courier import rendering

ZONE = "UTC"
words = st.text(
    st.one_of(st.sampled_from("<>&\"'{}😀אب\n á"), st.characters(codec="utf-8")), max_size=3000
)


def _phrase(parts: list[str]) -> dict[str, Any]:
    return {"lines": [*parts, {"row": ["·", {"list": parts[:2] or ["x"]}]}]}


@given(st.lists(words, min_size=1, max_size=6), st.sampled_from([1024, 4096]))
def test_whatever_people_wrote_fits(parts: list[str], limit: int) -> None:
    text = rendering.html(_phrase(parts), "es", ZONE, limit)
    assert 0 < rendering.length(text) <= limit
    assert text.count("<") == 0


def test_a_short_text_is_left_alone() -> None:
    assert rendering.html("a <b> & c", "es", ZONE) == "a &lt;b&gt; &amp; c"


def test_only_the_longest_words_are_shortened() -> None:
    story = "x" * 5000
    text = rendering.html({"lines": ["Antes", story, "Después"]}, "es", ZONE)
    first, middle, last = text.split("\n")
    assert (first, last) == ("Antes", "Después")
    assert middle.endswith("…")
    assert rendering.length(text) <= 4096
    assert len(middle) > 4000


def test_emoji_count_twice() -> None:
    text = rendering.html("😀" * 3000, "es", ZONE)
    assert rendering.units(stdlib_html.unescape(text)) <= 4096


def test_nothing_to_see_is_never_sent() -> None:
    assert rendering.html("  \n ", "es", ZONE) == "…"
    assert rendering.plain("", "es", ZONE, 64) == "…"


@given(words, st.integers(2, 300))
def test_a_cut_text_is_within_its_limit(text: str, limit: int) -> None:
    assert rendering.units(rendering.cut(text, limit)) <= limit
