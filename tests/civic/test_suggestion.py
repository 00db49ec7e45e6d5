"""A text is taken for what it is about, whatever its accents; nothing is suggested in doubt."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from civic.suggestion import is_story, suggest, topic

TOPICS = [
    topic(
        "alumbrado",
        {"es": "Alumbrado público", "en": "Street lights", "pt_BR": "Iluminação pública"},
        ["poste", "luz", "bombillo", "a oscuras"],
    ),
    topic(
        "vias",
        {"es": "Huecos y vías", "en": "Potholes and roads", "pt_BR": "Buracos e ruas"},
        ["hueco", "bache", "pavimento", "pothole"],
    ),
    topic(
        "animales",
        {"es": "Animales", "en": "Animals", "pt_BR": "Animais"},
        ["perro suelto", "perro"],
    ),
    topic("otro", {"es": "Otro asunto", "en": "Something else"}, []),
]


@pytest.mark.parametrize(
    ("text", "about"),
    [
        ("Hay un BACHE enorme frente al colegio", "vias"),
        ("tres huecos en la calle 5", "vias"),
        ("pavimneto levantado", "vias"),
        ("el bombillo está fundido", "alumbrado"),
        ("la cuadra quedó a oscuras anoche", "alumbrado"),
        ("iluminacao quebrada na praça", "alumbrado"),
        ("there is a pothole", "vias"),
        ("anda un perro suelto", "animales"),
        ("buenos días", None),
        ("la cruz del parque", None),
        ("", None),
        ("😀", None),
        # As much about one as about the other.
        ("un poste y un bache", None),
    ],
)
def test_what_it_is_about(text: str, about: str | None) -> None:
    assert suggest(text, TOPICS) == about


def test_a_story_is_longer_than_a_greeting() -> None:
    assert is_story("se cayó el techo de la escuela")
    assert not is_story("hola, buenos días")
    assert not is_story("😀 😀 😀 😀 😀")


@given(st.text(max_size=200))
def test_any_text_is_looked_at(text: str) -> None:
    assert suggest(text, TOPICS) in {None, "alumbrado", "vias", "animales", "otro"}
    is_story(text)
