"""The guide to the town's file tells every setting there is, and its examples are accepted."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
import yaml
from typer.main import get_command

from bot import townform
from bot.cli import app
from bot.formparts import Part
from bot.reportform import PLACEHOLDERS
from bot.townfile import BadTownFile, read
from civic.lifecycle import STATES

GUIDE = Path(__file__).parents[2] / "docs" / "town.md"
BLOCKS = re.findall(r"^```yaml\n(.*?)^```$", GUIDE.read_text("utf-8"), re.S | re.M)


def told(name: str) -> bool:
    return bool(re.search(rf"(`|\b){re.escape(name)}(`|:)", GUIDE.read_text("utf-8")))


@pytest.mark.parametrize("part", Part.__subclasses__(), ids=lambda part: part.__name__)
def test_every_setting_is_told(part: type[Part]) -> None:
    assert part.model_fields
    assert not [name for name in part.model_fields if not told(name)]


def test_every_state_placeholder_and_option_is_told() -> None:
    assert all(f"`{state}`" in GUIDE.read_text("utf-8") for state in STATES)
    assert all(f"`{{{name}}}`" in GUIDE.read_text("utf-8") for name in PLACEHOLDERS)
    command = get_command(app).commands["territories"].commands["import"]  # type: ignore[attr-defined]
    options = {option for parameter in command.params for option in parameter.opts}
    assert {"--name", "--parent-label"} <= options
    text = GUIDE.read_text("utf-8")
    assert not [option for option in options if option.startswith("--") and option not in text]


@pytest.mark.parametrize("block", BLOCKS, ids=[block.split("\n")[0] for block in BLOCKS])
def test_the_examples_are_accepted(tmp_path: Path, block: str) -> None:
    town = yaml.load(BLOCKS[0], yaml.BaseLoader) | yaml.load(block, yaml.BaseLoader)
    if isinstance(town.get("territories"), dict):
        ring = [[-74, 4], [-73.9, 4], [-73.9, 4.1], [-74, 4]]
        feature = {
            "type": "Feature",
            "properties": {"NOMBRE": "Centro", "CODIGO": "c", "COMUNA": "1"},
            "geometry": {"type": "Polygon", "coordinates": [ring]},
        }
        collection = {"type": "FeatureCollection", "features": [feature]}
        (tmp_path / "barrios.geojson").write_text(json.dumps(collection))
    path = tmp_path / "town.yaml"
    path.write_text(yaml.safe_dump(town, allow_unicode=True), "utf-8")
    read(path)


def test_a_setting_of_no_kind_is_not_accepted(tmp_path: Path) -> None:
    assert len(BLOCKS) >= 5 and townform.TownFile in Part.__subclasses__()
    path = tmp_path / "town.yaml"
    path.write_text(BLOCKS[0] + "colour: blue\n", "utf-8")
    with pytest.raises(BadTownFile):
        read(path)
