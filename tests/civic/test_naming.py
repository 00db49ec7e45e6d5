"""A name is found as people write it, and nothing else is taken for one."""

from __future__ import annotations

import pytest

from civic import naming


def hidden(text: str, *names: str, any_case: bool = False) -> str:
    found = naming.pattern(naming.whole(*names), any_case=any_case)
    return found.sub("…", text) if found is not None else text


@pytest.mark.parametrize(
    ("text", "names", "left"),
    [
        ("Dice Rosa Díaz que sí.", ("Rosa Díaz",), "Dice … que sí."),
        ("dice rosa diaz", ("Rosa Díaz",), "dice …"),
        ("ROSA  DÍAZ", ("rosa diaz",), "…"),
        ("Rosa Díazgranados", ("Rosa Díaz",), "Rosa Díazgranados"),
        ("La pared rosa de Rosa", ("Rosa",), "La pared rosa de …"),
        ("La pared rosa de Rosa", ("rosa",), "La pared rosa de …"),
        ("Mañana viene Ana", ("Ana",), "Mañana viene …"),
        ("Ángela y Angela", ("Ángela",), "… y …"),
        ("Jo y Jo", ("Jo",), "Jo y Jo"),
        ("a (b) c", ("(b) c",), "a …"),
        ("Rosa Díaz y Rosa", ("Rosa", "Rosa Díaz"), "… y …"),
    ],
)
def test_found_as_it_is_written(text: str, names: tuple[str, ...], left: str) -> None:
    assert hidden(text, *names) == left


def test_one_word_in_any_case_where_it_is_sure_to_be_them() -> None:
    assert hidden("gracias, rosa", "Rosa", any_case=True) == "gracias, …"


def test_what_a_name_is_made_of() -> None:
    assert naming.words(["María de las Nieves Díaz", "J. R."]) == ["Nieves", "María", "Díaz"]
    assert naming.of_several_words("Rosa Díaz")
    assert not naming.of_several_words("Rosa") and not naming.of_several_words("Rosa 5 🌷")


def test_a_text_that_holds_a_name_is_found_roughly() -> None:
    assert naming.roughly("José de la Peña") == "%j_s_%d_%l_%p___%"
