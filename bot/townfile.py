"""The town's file: read whole or refused in one sentence that names the place of the mistake.

Everything in it is text until its meaning is known, so that an emergency number keeps its leading
zero and a barrio may be called "No".
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError

from actions.townplan import CategoryPlan, GroupPlan, TerritoryPlan, TownPlan, VotePlan
from bot.formparts import Language, nearest, unkept
from bot.placesfile import BadPlaces, in_which_order, read_features
from bot.reportform import CategoryEntry, TemplateEntry
from bot.townform import TerritoriesFile, TerritoryEntry, TownFile, VoteEntry, sentence
from civic.outlines import union
from civic.words import fold, slug
from locales import LANGUAGES

TOWNS = Path(__file__).parent / "towns"
DEMO = TOWNS / "demo.yaml"


class BadTownFile(ValueError):
    """The town's file cannot be used; the message is one sentence for whoever wrote it."""


def read(path: Path, timezone: str | None = None, language: str = LANGUAGES[0]) -> TownFile:
    """Read a town's file and the outlines it names. Raises BadTownFile with one sentence.

    `timezone` and `language` are the town's where the file says none.
    """
    try:
        raw = _load(path)
        raw.setdefault("language", language)
        if timezone is not None:
            raw.setdefault("timezone", timezone)
        if isinstance(raw.get("territories"), dict):
            raw["territories"] = _from_file(path, raw)
        town = TownFile.model_validate(raw, context={"language": raw["language"]})
        plan_of(town)
    except ValidationError as error:
        raise BadTownFile(_one_line(f"{path.name}: {sentence(error)}")) from None
    except BadTownFile as error:
        raise BadTownFile(_one_line(f"{path.name}: {error}")) from None
    return town


def plan_of(town: TownFile) -> TownPlan:
    """The same as the actions take it. Raises BadTownFile for a reference to nothing."""
    territories = _plan_territories(town.territories) if town.territories is not None else None
    categories = [entry.key for entry in town.categories]
    _unlike("categories", categories)
    _unlike("templates", [entry.key for entry in town.templates])
    _unlike("groups", [entry.key for entry in town.groups])
    _unlike("votes", [entry.key for entry in town.votes])
    places = None
    if territories is not None:
        places = [(plan.key, plan.name) for plan in territories]
    groups = [(entry.key, entry.name) for entry in town.groups]
    return TownPlan(
        name=town.name,
        timezone=town.timezone,
        language=town.language,
        emergency=town.emergency,
        privacy_version=town.privacy.version,
        privacy=_plain(town.privacy.text),
        welcome=_plain(town.welcome or {}),
        contacts=[{"name": _plain(c.name), "phone": c.phone} for c in town.contacts],
        nudge_minutes=town.timings.nudge_minutes,
        expire_hours=town.timings.expire_hours,
        follow_up_days=town.timings.follow_up_days,
        weekend=sorted(town.weekend),
        holidays=town.holidays,
        templates=[
            _template(t, f"templates[{i}]", categories) for i, t in enumerate(town.templates)
        ],
        dormant_months=town.timings.dormant_months,
        territories=territories,
        categories=[_category(entry) for entry in town.categories],
        groups=[
            GroupPlan(
                g.key,
                g.name,
                g.theme,
                g.purpose,
                _find(places, g.territory, f"groups[{i}].territory", "territory"),
            )
            for i, g in enumerate(town.groups)
        ],
        votes=[
            VotePlan(
                v.key,
                v.question,
                tuple(v.options),
                v.at_most,
                v.closes_in_days,
                _audience(v, f"votes[{i}].audience", places, groups),
            )
            for i, v in enumerate(town.votes)
        ],
    )


def _one_line(text: str) -> str:
    """A sentence that quotes what was written stays one line, whatever was written."""
    return " ".join(text.split())


def demo_map() -> dict[str, Any]:
    """The demo town as it is drawn: a GeoJSON FeatureCollection, its barrios and then its river."""
    drawn: dict[str, Any] = json.loads((TOWNS / "demo.geojson").read_text("utf-8"))
    river = json.loads((TOWNS / "demo_river.geojson").read_text("utf-8"))
    return {**drawn, "features": drawn["features"] + river["features"]}


def demo_places() -> list[dict[str, Any]]:
    """Well-known places of the demo town: name, latitude, longitude (degrees)."""
    places: list[dict[str, Any]] = json.loads((TOWNS / "demo_places.json").read_text("utf-8"))
    return places


# yaml.BaseLoader makes text of everything and objects of nothing.
class _Loader(yaml.BaseLoader):
    # A quoted text can name any character: here every text passes, settings' names too.
    def construct_scalar(self, node: Any) -> Any:
        text = super().construct_scalar(node)
        if wrong := unkept(text):
            raise yaml.constructor.ConstructorError(None, None, wrong, node.start_mark)
        return text

    def construct_mapping(self, node: Any, deep: bool = False) -> dict[Any, Any]:
        seen: set[str] = set()
        for key, _ in node.value:
            wrong = None
            if not isinstance(key, yaml.ScalarNode):
                wrong = "a setting needs a plain name"
            elif key.value in seen:
                wrong = f"{key.value} is said twice"
            if wrong:
                raise yaml.constructor.ConstructorError(None, None, wrong, key.start_mark)
            seen.add(key.value)
        return super().construct_mapping(node, deep)


def _load(path: Path) -> dict[str, Any]:
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except FileNotFoundError:
        raise BadTownFile("there is no such file") from None
    except OSError:
        raise BadTownFile("the file cannot be read") from None
    except UnicodeDecodeError:
        raise BadTownFile("the file is not UTF-8 text") from None
    try:
        raw = yaml.load(text, _Loader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        where = f"line {mark.line + 1}, column {mark.column + 1}: " if mark else ""
        raise BadTownFile(f"{where}{error.problem or 'is not YAML'}") from None
    except (yaml.YAMLError, RecursionError):
        raise BadTownFile("the file is not YAML") from None
    if not isinstance(raw, dict):
        raise BadTownFile("the file must hold settings such as name and timezone")
    return raw


def _from_file(path: Path, raw: dict[str, Any]) -> list[dict[str, Any]]:
    """The places of a GeoJSON file as entries, made-up parents first."""
    timezone = str(raw.get("timezone", ""))
    try:
        source = TerritoriesFile.model_validate(raw["territories"])
    except ValidationError as error:
        raise BadTownFile(sentence(error, ("territories",))) from None
    try:
        features = read_features(path.parent / source.file, source)
        in_which_order(features, timezone)
    except BadPlaces as error:
        raise BadTownFile(f"territories: {error}") from None
    children: list[dict[str, Any]] = []
    around: dict[str, list[dict[str, Any]]] = {}
    for feature in features:
        entry = {"name": feature.name, "kind": source.kind, "outline": feature.outline}
        if feature.key is not None:
            entry["key"] = feature.key
        if feature.parent is not None:
            entry["parent"] = feature.parent
            if not feature.inside:
                around.setdefault(feature.parent, []).append(feature.outline)
        children.append(entry)
    made = [
        {"name": name, "kind": source.parent_kind, "outline": union(outlines)}
        for name, outlines in around.items()
    ]
    return made + children


def _plan_territories(entries: Sequence[TerritoryEntry]) -> list[TerritoryPlan]:
    keys = [entry.key or slug(entry.name) for entry in entries]
    for i, key in enumerate(keys):
        if not key:
            raise BadTownFile(f"territories[{i}].key: is missing, since the name gives none")
    _unlike("territories", keys)
    known = [(key, entry.name) for key, entry in zip(keys, entries, strict=True)]
    parents = {
        key: _find(known, entry.parent, f"territories[{i}].parent", "territory")
        for i, (key, entry) in enumerate(zip(keys, entries, strict=True))
    }
    for i, key in enumerate(keys):
        above, steps = parents[key], 0
        while above is not None and steps <= len(keys):
            above, steps = parents[above], steps + 1
        if above is not None:
            raise BadTownFile(f"territories[{i}].parent: {key} is inside itself")
    return [
        TerritoryPlan(key, entry.name, entry.kind, parents[key], entry.outline)
        for key, entry in zip(keys, entries, strict=True)
    ]


def _category(entry: CategoryEntry) -> CategoryPlan:
    return CategoryPlan(
        key=entry.key,
        names=_plain(entry.names),
        emoji=entry.emoji,
        follow_up_days=entry.follow_up_days,
        responsible=_plain(entry.responsible or {}),
        days_to_resolve=entry.days_to_resolve,
        radius_m=entry.radius_m,
        safety=_plain(entry.safety or {}),
        keywords=list(entry.keywords),
        questions=[
            {
                "key": question.key,
                "text": _plain(question.text),
                "kind": question.kind,
                "required": question.required,
                "choices": [
                    {"key": choice.key, "names": _plain(choice.names)}
                    for choice in question.choices
                ],
            }
            for question in entry.questions
        ],
    )


def _template(entry: TemplateEntry, where: str, categories: list[str]) -> dict[str, Any]:
    for i, key in enumerate(entry.categories):
        if key not in categories:
            hint = nearest(key, categories)
            raise BadTownFile(f"{where}.categories[{i}]: there is no category {key}{hint}")
    return {
        "key": entry.key,
        "names": _plain(entry.names),
        "text": _plain(entry.text),
        "states": list(entry.states),
        "categories": list(entry.categories),
    }


def _plain(texts: Mapping[Language, str]) -> dict[str, str]:
    return {str(language): text for language, text in texts.items()}


def _audience(
    vote: VoteEntry,
    where: str,
    places: Sequence[tuple[str, str]] | None,
    groups: Sequence[tuple[str, str]],
) -> tuple[str, str | None]:
    if vote.audience is None:
        return "all", None
    if vote.audience.territory is not None:
        key = _find(places, vote.audience.territory, f"{where}.territory", "territory")
        return "territory", key
    return "group", _find(groups, vote.audience.group, f"{where}.group", "group")


def _find(
    known: Sequence[tuple[str, str]] | None, said: str | None, where: str, what: str
) -> str | None:
    """The key that a key or a name means; just what was said where only the database knows.

    Raises BadTownFile when it is none, or several.
    """
    if said is None or known is None:
        return said
    if any(key == said for key, _ in known):
        return said
    found = [key for key, name in known if fold(name) == fold(said)]
    if not found:
        raise BadTownFile(f"{where}: there is no {what} called {said}")
    if len(found) > 1:
        raise BadTownFile(f"{where}: several are called {said}, use a key: {', '.join(found)}")
    return found[0]


def _unlike(what: str, keys: Sequence[str]) -> None:
    for i, key in enumerate(keys):
        if key in keys[:i]:
            raise BadTownFile(f"{what}[{i}].key: {key} is the key of {what}[{keys.index(key)}] too")
