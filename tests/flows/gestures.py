"""Whatever a person can do, as strategies: sensible, careless and forged."""

from __future__ import annotations

from hypothesis import strategies as st

from flows import given as acts
from tests.flows.sample import SAMPLE

WORDS = (
    "back|skip|cancel|yes|no|done|send|change|keep|discard|1|2|3|7|12.5|a|ap|apple|25/5|today|"
    "friday|18:30|6pm|2026-05-20T18:30|-12.5,-76.5|{x}|<b>|1,2|a story of ten|a\nb\nc|go on|"
    "leave it|25/5 18:30|\u202eabc"
)
words = st.sampled_from([*WORDS.split("|"), "x" * 5000])
texts = st.one_of(words, st.text(max_size=40), st.text(alphabet=st.characters(), max_size=5))
numbers = st.integers(1, 6)
degrees = st.floats(-100, 200) | st.sampled_from([float("nan"), float("inf"), -12.5, -76.5])
albums = st.sampled_from([None, "al", "bum"])
captions = st.none() | texts
ids = st.sampled_from(["a", "b", "c", "d"])
contents = st.one_of(
    st.builds(acts.Typed, texts, numbers),
    st.builds(acts.Located, degrees, degrees, numbers, st.booleans(), st.none() | texts),
    st.builds(acts.Photo, ids, ids, numbers, albums, captions),
    st.builds(acts.Voice, ids, ids, st.integers(0, 400), numbers, captions),
    st.builds(
        acts.Document,
        ids,
        ids,
        texts,
        st.integers(0, 40_000_000),
        st.sampled_from(["image/png", "application/pdf", ""]),
        numbers,
        albums,
        captions,
    ),
    st.builds(acts.Other, st.sampled_from(["sticker", "contact", "poll"]), numbers),
)
forged = st.one_of(
    st.text(max_size=40),
    st.builds(lambda a, b: f"s1.{a}.{b}", st.sampled_from(list(SAMPLE.names)), st.text(max_size=9)),
    st.builds(lambda a, b: f"s1.!{a}.{b}", numbers, st.text(max_size=9)),
    st.builds(
        lambda a, b: f"s1.{a}.{b}",
        st.sampled_from(list(SAMPLE.names)),
        st.sampled_from(
            ["m2026-13", "m9999-12", "m0-0", "d2026-02-30", "d1999-01-01", "h99", "t9", "p99"]
        ),
    ),
)
steps = st.one_of(
    # A button of those there are, old and new: by its place from the newest.
    st.integers(0, 60),
    contents,
    st.builds(acts.Edited, contents),
    st.builds(acts.Go, st.sampled_from(["cancel", "back", "skip", "resume"])),
    st.builds(acts.Tap, forged),
)
