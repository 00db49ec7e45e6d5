"""A GeoJSON file of places: each feature is a place or the file is refused, naming the feature.

Official files come in many shapes: the caller says which properties hold the name, a key and the
place around, and a property that is not there is answered with those that are.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from shapely.geometry import shape

from bot.formparts import nearest, unkept
from bot.outlines import outline
from bot.townform import TerritoriesFile
from bot.zonecity import city_of
from civic.territory import distance

LONGEST_NAME = 64
FAR = 2_500_000.0
"""Metres: further than a town lies from the city that its time zone is named after."""
PROPERTIES_SHOWN = 20


class BadPlaces(ValueError):
    """The file cannot be used; the message is one sentence that names the file and the feature."""


@dataclass(frozen=True, slots=True)
class Feature:
    """One drawn place: `number` counts from 1, `called` names file and feature in errors.

    `name` and `parent` (the name of the place around) have their labels around them; `inside` says
    that the parent is another feature of the file. `key` and `parent` are None where nothing was
    said.
    """

    number: int
    called: str
    name: str
    key: str | None
    parent: str | None
    inside: bool
    outline: dict[str, Any]


def read_features(path: Path, source: TerritoriesFile) -> list[Feature]:
    """The places of a FeatureCollection; `source` names its properties. Raises BadPlaces."""
    features = _load(path)
    properties = [_properties(feature) for feature in features]
    for wanted in (source.name, source.key, source.parent):
        if wanted is not None:
            _must_be_somewhere(wanted, properties, path.name)
    return list(_read(path.name, features, properties, source))


def in_which_order(features: Sequence[Feature], timezone: str) -> None:
    """Check that longitude comes first, by where the town's clock is.

    Raises BadPlaces when the places are far from it, and would be near the other way round.
    """
    city = city_of(timezone)
    if city is None or not features:
        return
    bounds = [shape(feature.outline).bounds for feature in features]
    longitude = (min(b[0] for b in bounds) + max(b[2] for b in bounds)) / 2
    latitude = (min(b[1] for b in bounds) + max(b[3] for b in bounds)) / 2
    if abs(longitude) > 90 or distance(latitude, longitude, *city) < FAR:
        return
    if distance(longitude, latitude, *city) < FAR:
        raise BadPlaces(
            f"the places lie around longitude {longitude:.1f}, latitude {latitude:.1f}, far from "
            f"{timezone}, and would be near it the other way round: longitude must come first"
        )


def text_of(properties: Mapping[str, Any], name: str | None) -> str:
    """A property as text ("15.0" is "15"), or "" where it has none."""
    value = properties.get(name) if name is not None else None
    if value is None or isinstance(value, list | dict):
        return ""
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    return " ".join(str(value).split())


def _load(path: Path) -> list[Any]:
    try:
        content = json.loads(path.read_bytes().decode("utf-8-sig"))
    except FileNotFoundError:
        raise BadPlaces(f"{path.name} is not there") from None
    except OSError:
        raise BadPlaces(f"{path.name} cannot be read") from None
    except UnicodeDecodeError:
        raise BadPlaces(f"{path.name} is not UTF-8 text") from None
    except (ValueError, RecursionError):
        raise BadPlaces(f"{path.name} is not GeoJSON") from None
    features = content.get("features") if isinstance(content, dict) else None
    if not isinstance(features, list) or not features:
        raise BadPlaces(f"{path.name} is not a GeoJSON FeatureCollection with features")
    return features


def _properties(feature: Any) -> Mapping[str, Any]:
    found = feature.get("properties") if isinstance(feature, dict) else None
    return found if isinstance(found, dict) else {}


def _must_be_somewhere(wanted: str, properties: Sequence[Mapping[str, Any]], file: str) -> None:
    known = sorted({name for one in properties for name in one})
    if wanted in known:
        return
    if not known:
        raise BadPlaces(f"{file}: there is no property {wanted}, since the features have none")
    folded = {name.casefold(): name for name in known}
    hint = (
        f" (is it {folded[wanted.casefold()]}?)"
        if wanted.casefold() in folded
        else nearest(wanted, known)
    )
    shown = ", ".join(known[:PROPERTIES_SHOWN]) + (", ..." if known[PROPERTIES_SHOWN:] else "")
    raise BadPlaces(
        " ".join(f"{file}: there is no property {wanted}{hint}: the features have {shown}".split())
    )


def _read(
    file: str,
    features: Sequence[Any],
    properties: Sequence[Mapping[str, Any]],
    source: TerritoriesFile,
) -> Iterator[Feature]:
    # A barrio inside something of its own name: that name means the comuna, in another file.
    said_both = [
        (text_of(known, source.name), text_of(known, source.parent)) for known in properties
    ]
    own = {name for name, _ in said_both} - {name for name, around in said_both if name == around}
    for i, (feature, known) in enumerate(zip(features, properties, strict=True)):
        called = f"{file}, feature {i + 1}"
        said, around = said_both[i]
        for wanted in (source.name, source.key, source.parent):
            if wrong := unkept(text_of(known, wanted)):
                raise BadPlaces(f"{called}: the property {wanted} {wrong}")
        if not said:
            raise BadPlaces(f"{called}: the property {source.name} is missing")
        name = source.label.format(said)
        if len(name) > LONGEST_NAME:
            raise BadPlaces(f"{called}: the name has {len(name)} characters, over {LONGEST_NAME}")
        called += f" ({name})"
        if source.key is not None and not text_of(known, source.key):
            raise BadPlaces(f"{called}: the property {source.key} is missing")
        try:
            drawn = outline(feature.get("geometry"))
        except ValueError as error:
            raise BadPlaces(f"{called}: the outline {error}") from None
        label = source.label if around in own else source.parent_label
        yield Feature(
            i + 1,
            called,
            name,
            text_of(known, source.key) or None,
            label.format(around) if around else None,
            around in own,
            drawn,
        )
