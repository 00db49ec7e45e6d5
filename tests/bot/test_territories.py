"""Places from a GeoJSON file on the console: built, brought up to date, or refused."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from sqlmodel import select

from actions.world import World
from bot.zonecity import city_of
from storage.database import Database
from storage.town import Territory, Town, the_town
from tests.bot.test_cli import TOWN, cabildo, refused
from tests.bot.test_cli import folder as folder

FILE = "barrios.geojson"


def ring(x: float, y: float, side: float = 0.01) -> list[list[float]]:
    return [[x, y], [x + side, y], [x + side, y + side], [x, y + side], [x, y]]


def drawn(*rings: list[list[float]]) -> dict[str, Any]:
    return {"type": "MultiPolygon", "coordinates": [[one] for one in rings]}


def written(folder: Path, *features: tuple[Any, Any], file: str = FILE) -> str:
    collection = {
        "type": "FeatureCollection",
        "features": [{"type": "Feature", "properties": p, "geometry": g} for p, g in features],
    }
    (folder / file).write_text(json.dumps(collection), "utf-8")
    return str(folder / file)


def barrios(folder: Path) -> str:
    return written(
        folder,
        ({"BARRIO": "La Loma", "COMUNA": 1.0}, drawn(ring(-74.1, 4.6))),
        ({"BARRIO": "El Río", "COMUNA": 1.0}, drawn(ring(-74.09, 4.6))),
        ({"BARRIO": "Alto", "COMUNA": 2.0}, drawn(ring(-74.08, 4.6), ring(-74.0, 4.6))),
    )


BARRIOS = ("--name", "BARRIO", "--parent", "COMUNA", "--parent-label", "Comuna {}")


def bring(file: str, *words: str) -> str:
    result = cabildo("territories", "import", file, *words)
    assert result.exit_code == 0, result.output
    return str(result.stdout)


@pytest.fixture
def url(empty_url: str, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setenv("CABILDO_DATABASE_URL", empty_url)
    return empty_url


def test_a_tree_in_two_files_and_again(folder: Path, url: str) -> None:
    file = barrios(folder)
    first = bring(file, *BARRIOS)
    assert first.splitlines() == [
        "barrios.geojson: done.",
        "  barrio: 3 new, 0 changed, 0 as before",
        "  comuna: 2 new, 0 changed, 0 as before",
    ]
    comunas = written(
        folder,
        ({"id": "1"}, drawn(ring(-74.1, 4.6, 0.03))),
        ({"id": "2"}, drawn(ring(-74.08, 4.6), ring(-74.0, 4.6))),
        file="comunas.geojson",
    )
    words = ("--name", "id", "--label", "Comuna {}", "--kind", "comuna")
    assert "comuna: 0 new, 1 changed, 1 as before" in bring(comunas, *words)
    for again in (bring(file, *BARRIOS), bring(comunas, *words)):
        assert "nothing has changed" in again
    database = Database(url)
    with database.read() as session:
        rows = {row.key: row for row in session.exec(select(Territory))}
        assert set(rows) == {"comuna-1", "comuna-2", "la-loma", "el-rio", "alto"}
        assert rows["el-rio"].parent_id == rows["comuna-1"].id
    database.close()


def test_a_running_bot_reads_the_new_places_and_the_towns_file_leaves_them(
    folder: Path, url: str
) -> None:
    town = folder / "town.yaml"
    town.write_text(TOWN.replace("territories: [Centro, El Prado]\n", ""))
    cabildo("town", str(town))
    database, world = Database(url), World()
    with database.read() as session:
        assert not world.town(session).territories
    bring(barrios(folder), *BARRIOS)
    assert "nothing has changed" in cabildo("town", str(town)).stdout
    town.write_text(town.read_text().replace("theme: verde", "theme: verde, territory: la loma"))
    assert "groups: 0 new, 1 changed" in cabildo("town", str(town)).stdout
    with database.read() as session:
        assert session.exec(select(Town.version)).one() == 3
        place = World().town(session).atlas.locate(4.605, -74.095)
        assert place is not None and place.name == "La Loma"
    database.close()


BOW_TIE = [[-74.1, 4.6], [-74.0, 4.7], [-74.0, 4.6], [-74.1, 4.7], [-74.1, 4.6]]
GOOD = ({"BARRIO": "La Loma", "COMUNA": 1}, drawn(ring(-74.1, 4.6)))


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ("", "barrios.geojson is not GeoJSON"),
        ("{'a': 1}", "barrios.geojson is not GeoJSON"),
        ("{}", "barrios.geojson is not a GeoJSON FeatureCollection with features"),
        ('{"features": []}', "barrios.geojson is not a GeoJSON FeatureCollection with features"),
        (
            [({"a\nb": 1}, drawn(ring(0, 0)))],
            "there is no property BARRIO: the features have a b",
        ),
        ('{"features": [1]}', "there is no property BARRIO, since the features have none"),
        (
            [({"Barrio": "A", "AREA": 3}, drawn(ring(0, 0)))],
            "barrios.geojson: there is no property BARRIO (is it Barrio?): the features have AREA,",
        ),
        (
            [({"BARRIO": "A"}, drawn(ring(0, 0)))],
            "barrios.geojson: there is no property COMUNA: the features have BARRIO",
        ),
        (
            [GOOD, ({"BARRIO": None}, drawn(ring(0, 0)))],
            "barrios.geojson, feature 2: the property BARRIO is missing",
        ),
        (
            [GOOD, ({"BARRIO": "El Río"}, None)],
            "feature 2 (El Río): the outline is missing: the geometry is null",
        ),
        (
            [GOOD, ({"BARRIO": "El Río"}, {"type": "Point", "coordinates": [0, 0]})],
            "feature 2 (El Río): the outline must be a Polygon or a MultiPolygon, not Point",
        ),
        (
            [GOOD, ({"BARRIO": "El Río"}, drawn(ring(0, 0)[:-1]))],
            "feature 2 (El Río): the outline is not closed",
        ),
        (
            [GOOD, ({"BARRIO": "El Río"}, drawn(BOW_TIE))],
            "feature 2 (El Río): the outline is not a valid outline: self-intersection at",
        ),
        (
            [GOOD, ({"BARRIO": "El Río"}, drawn(ring(363000, 6168000)))],
            "feature 2 (El Río): the outline has the longitude 363000: coordinates must be",
        ),
        (
            [GOOD, ({"BARRIO": "El Río"}, drawn(ring(4.6, -74.1), ring(4.6, 190)))],
            "feature 2 (El Río): the outline has the latitude 190",
        ),
        (
            [GOOD, ({"BARRIO": "la loma"}, drawn(ring(-74, 4)))],
            "feature 2 (la loma): barrios.geojson, feature 1 (La Loma) has the key la-loma too",
        ),
    ],
)
def test_a_file_that_cannot_be_used_changes_nothing(
    folder: Path, content: Any, sentence: str
) -> None:
    (folder / "town.yaml").write_text(TOWN)
    cabildo("town", str(folder / "town.yaml"))
    if isinstance(content, str):
        (folder / FILE).write_text(content)
    else:
        written(folder, *content)
    said = refused(cabildo("territories", "import", str(folder / FILE), *BARRIOS))
    assert sentence in said
    with Database(f"sqlite:///{folder / 'cabildo.sqlite'}").read() as session:
        assert [row.name for row in session.exec(select(Territory))] == ["Centro", "El Prado"]
        town = the_town(session)
        assert town is not None and town.version == 1


def test_latitude_before_longitude_is_noticed_by_the_towns_clock(folder: Path) -> None:
    swapped = written(folder, ({"BARRIO": "La Loma"}, drawn(ring(4.6, -74.1))))
    (folder / "town.yaml").write_text(TOWN)
    cabildo("town", str(folder / "town.yaml"))
    said = refused(cabildo("territories", "import", swapped, "--name", "BARRIO"))
    assert "far from America/Bogota, and would be near it the other way round" in said
    # A town with the same file says so too.
    inside = TOWN.replace("[Centro, El Prado]", f"{{file: {FILE}, name: BARRIO}}")
    (folder / "town.yaml").write_text(inside)
    assert "longitude must come first" in refused(cabildo("town", str(folder / "town.yaml")))


def test_small_slips_of_the_pen_are_mended(folder: Path) -> None:
    spike = ring(-74.1, 4.6)
    spike.insert(2, [-74.0899, 4.6])
    spike.insert(3, [-74.09, 4.6])
    assert "1 new" in bring(
        written(folder, ({"BARRIO": "La Loma"}, drawn(spike))), "--name", "BARRIO"
    )


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["--parent-label", "Comuna"], "--parent-label: must hold {} once, where the name goes"),
        (["--label", "{} {}"], "--label: must hold {} once, where the name goes"),
        (["--parent", ""], "--parent: must not be empty"),
        (["--key", " "], "--key: must not be empty"),
        (["--kind", ""], "--kind: must not be empty"),
        # What a shell passes on that is not UTF-8.
        (["--kind", "vereda\udcf1"], "--kind: must be text"),
        (["--parent-kind", " "], "--parent-kind: must not be empty"),
    ],
)
def test_wrong_words_on_the_console(folder: Path, words: list[str], sentence: str) -> None:
    assert sentence in refused(
        cabildo("territories", "import", barrios(folder), "--name", "BARRIO", *words)
    )


def test_a_file_that_is_not_there(folder: Path) -> None:
    nowhere = str(folder / "nowhere.geojson")
    said = refused(cabildo("territories", "import", nowhere, "--name", "BARRIO"))
    assert "is not there" in said
    (folder / "latin.geojson").write_bytes('{"a": "Peña"}'.encode("latin-1"))
    said = refused(cabildo("territories", "import", str(folder / "latin.geojson"), *BARRIOS))
    assert said == "latin.geojson is not UTF-8 text"


def test_where_the_city_of_a_zone_is() -> None:
    assert city_of("America/Bogota") == pytest.approx((4.6, -74.08), abs=0.01)
    assert city_of("America/Argentina/Buenos_Aires") == pytest.approx((-34.6, -58.45), abs=0.01)
    assert city_of("UTC") is None


def test_a_folder_is_no_file_of_places(folder: Path) -> None:
    result = cabildo("territories", "import", str(folder), *BARRIOS)
    assert result.exit_code == 2 and "FILE.geojson" in result.output
