"""Who may do what: every action by everybody who may not, and on what is not theirs.

An attempt is judged by the database: a refusal that had written something first would be kept, as
it is in chat, and shows here as a change of what is not the actor's own.
"""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from datetime import date, timedelta
from importlib import import_module
from itertools import product
from typing import Any

import pytest

import handlers
import jobs
from actions import bans, calls, casework, redacting, votes
from actions.act import ACTIONS, ADMIN, ANYONE, CITIZEN, GESTOR, LEADER, Act, Refused
from civic.permission import INCLUDES
from storage import METADATA
from storage.follow import Follow
from storage.person import by_telegram
from storage.staff import StaffGroup
from storage.turn import Turn
from tests.actions.casework_stage import gestor, office
from tests.actions.stage import Stage

_ = (handlers, jobs)  # Whatever the house can do has been declared.

WHO = ("stranger", "citizen", "banned", "leader", "removed", "gestor", "admin", "anonymous")
HOLDS = {
    "stranger": frozenset({ANYONE}),
    "anonymous": frozenset({ANYONE}),
    "citizen": INCLUDES[CITIZEN] | {ANYONE},
    "banned": INCLUDES[CITIZEN] | {ANYONE},
    "removed": INCLUDES[CITIZEN] | {ANYONE},
    "leader": INCLUDES[LEADER] | {ANYONE},
    "gestor": INCLUDES[GESTOR] | {ANYONE},
    "admin": INCLUDES[ADMIN] | {ANYONE},
}
"""What each may do; the system is nobody who writes in a chat."""

PASSING = frozenset({"inbox", "inbox_update", "letter", "card", "conversation", "lease", "due"})
"""Tables of what passes through, or of what is yet to be done."""
COUNTED = frozenset({"supports"})
"""What somebody may change of a row that is not theirs: that they are one more."""


class Scene:
    """A town in which everything is somebody else's, and everybody who might try to take it."""

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        stage.world.secret = b"a secret for the ballots of tests"
        town = self.town = office(stage)
        self.report = town.report(town.rosa, photos=[PHOTO])
        self.fixed = town.report(town.rosa, "El segundo poste.")
        self.closed = town.report(town.rosa, "El tercer poste.")
        self.private = town.report(town.rosa, "El cuarto poste.")
        self.hidden = town.report(town.rosa, "El quinto poste.")
        stage.act(town.marta, lambda act: casework.move(act, self.fixed, "fixed"))
        stage.act(town.marta, lambda act: casework.move(act, self.closed, "closed", "No."))
        stage.act(town.marta, lambda act: casework.set_private(act, self.private, True))
        stage.act(town.marta, lambda act: casework.move(act, self.hidden, "hidden"))
        stage.act(town.marta, lambda act: redacting.redact(act, self.report, "w", "Un poste."))
        self.group, self.other_group = stage.group(), stage.group("parque-central")
        stage.leader("Lía", self.group)
        self.meeting = stage.meeting(town.marta, self.group, "2026-05-20T18:00")
        self.call = stage.act(
            town.marta,
            lambda act: (
                calls.compose(
                    act, said="Vengan el domingo.", photo=None, as_file=False, audience="all"
                ).id
            ),
        )
        self.vote = stage.act(
            town.marta,
            lambda act: (
                votes.compose(
                    act,
                    question="¿Qué arreglamos primero?",
                    options=["La luz", "El parque"],
                    at_most=1,
                    audience="all",
                    closes=stage.clock().replace(tzinfo=None) + timedelta(days=3),
                ).id
            ),
        )
        stage.turn(self._more)
        self.people = {
            "stranger": 10**7,
            "anonymous": 0,
            "citizen": stage.person("Ciro"),
            "banned": self._banned(),
            "leader": stage.leader("Lola", self.other_group),
            "removed": gestor(stage, "Remo"),
            "gestor": gestor(stage, "Gema"),
            "admin": stage.admin,
        }
        town.ends_role(self.people["removed"])

    def _more(self, turn: Turn) -> None:
        rosa = self.stage.id_of(self.town.rosa)
        turn.session.add(
            StaffGroup(chat_id=-500, title="Equipo", linked_by=rosa, linked_at=turn.now)
        )
        follow = Follow(person_id=rosa, kind="category", category_id=1, created_at=turn.now)
        turn.session.add(follow)
        turn.session.flush()
        self.follow = follow.id or 0

    def _banned(self) -> int:
        """Somebody who wrote, and may not write for a while."""
        who = self.stage.person("Beto")
        theirs = self.town.report(who, "Palabras feas.")
        person = self.stage.id_of(who)
        self.stage.act(
            self.town.marta, lambda act: bans.ban(act, theirs, person, 30, "Palabras feas.")
        )
        return who

    def values(self) -> dict[str, list[Any]]:
        """What each parameter of an action is tried with; the first is what it is meant for."""
        reports = [self.report, self.fixed, self.closed, self.private, self.hidden, 10**6, 0]
        rosa = self.stage.id_of(self.town.rosa)
        return {
            "report_id": reports,
            "report": [*reports, "R-1001", "zz"],
            "asking": [0, 1],
            "follow_id": [self.follow, 10**6],
            "group_id": [self.group, 10**6],
            "meeting_id": [self.meeting, 10**6],
            "call_id": [self.call, 10**6],
            "vote_id": [self.vote, 10**6],
            "role_id": [1, 2, 10**6],
            "person_id": [rosa, 0, 10**6],
            "number": [1, 10**6],
            "event_id": [1],
            "chat_id": [-600],
            "old": [-600],
            "new": [-601],
            "holder": [0],
            "after": ["confirmed"],
            "before": [None],
            "answer": ["no", "yes"],
            "word": ["yes"],
            "secret": ["zz", "7d1536572059859a107c0c85d1f3919d"],
            "said": ["Esto lo escribe quien no debe."],
            "reason": ["Porque sí."],
            "question": ["¿Qué?"],
            "options": [["Sí", "No"]],
            "choices": [[0]],
            "title": ["Otra"],
            "name": ["aviso"],
            "starts_local": ["2026-05-25T18:00"],
            "place": [None],
            "latitude": [4.6],
            "longitude": [-74.1],
            "label": [None],
            "address": [None],
            "radius_m": [300],
            "photos": [[PHOTO]],
            "voice": [None],
            "photo": [None],
            "as_file": [False],
            "audience": ["all"],
            "at_most": [1],
            "closes": [self.stage.clock().replace(tzinfo=None) + timedelta(days=2)],
            "category": ["alumbrado"],
            "private": [True, False],
            "days": [7],
            "until": [self.stage.clock().replace(tzinfo=None) + timedelta(days=30)],
            "piece": ["w"],
            "code": ["R-1002"],
            "theme": ["otros"],
            "territory_id": [None],
            "purpose": ["Para probar todo esto."],
            "on": [date(2026, 6, 1)],
            "version": [1],
            "language": ["en"],
            "wanted": [True, False],
            "how_often": ["daily"],
            "start": [22],
            "end": [6],
            "kind": ["category", "territory"],
            "about": [1, 10**6],
            "period": ["30"],
            "most": [5],
            "first": [1],
            "seen": ["2026-01-01"],
            "key": ["k"],
            "leader": ["L"],
            "news": ["moved"],
            "facts": [{}],
            "rows": [[]],
            "row": [None],
            "people": [None],
            "asked": [{}],
            "body": [{}],
            "offer": [None],
            "choice": [None],
            "spell": [str],
            "numbers": [[1]],
            "done": [0],
        }

    def attempts(self, name: str, every: bool) -> Iterator[dict[str, Any]]:
        """The arguments an action is called with: each of its first ones, or every combination."""
        module, verb = name.rsplit(".", 1)
        found = inspect.signature(getattr(import_module(module), verb)).parameters
        known = self.values()
        wanted = [
            parameter.name
            for parameter in list(found.values())[1:]
            if parameter.default is parameter.empty or parameter.name in ("photos", "private")
        ]
        unknown = [name for name in wanted if name not in known]
        assert not unknown, f"{name}: say in values() what {unknown} are tried with"
        pools = [known[name] if every else known[name][:1] for name in wanted]
        for given in product(*pools):
            yield dict(zip(wanted, given, strict=True))

    def tries(self, who: str, name: str, values: dict[str, Any]) -> bool:
        """Act, kept whatever comes of it, as a handler does; whether it was let through."""
        module, verb = name.rsplit(".", 1)

        def work(act: Act) -> bool:
            try:
                getattr(import_module(module), verb)(act, **values)
            except Refused:
                return False
            return True

        return self.stage.act(self.people[who], work)

    def dump(self, own: int | None) -> dict[str, list[tuple[str, ...]]]:
        """Every row that is not this person's own."""

        def read(turn: Turn) -> dict[str, list[tuple[str, ...]]]:
            found = {}
            for table in METADATA.sorted_tables:
                if table.name in PASSING:
                    continue
                rows = []
                for row in turn.session.connection().execute(table.select()):
                    named = dict(row._mapping)
                    whose = named.get("id" if table.name == "person" else "person_id")
                    if own is None or whose != own:
                        kept = {k: v for k, v in named.items() if k not in COUNTED}
                        rows.append(tuple(f"{k}={v!r}" for k, v in kept.items()))
                found[table.name] = sorted(rows)
            return found

        return self.stage.turn(read)

    def own(self, who: str) -> int | None:
        """The person behind somebody, while they are known."""
        person = self.stage.read(lambda session: by_telegram(session, self.people[who]))
        return person.id if person is not None else None


PHOTO = {"file_id": "F1", "unique_id": "U1", "kind": "photo"}


@pytest.fixture
def scene(stage: Stage) -> Scene:
    """Everything is somebody else's."""
    return Scene(stage)


def lost(before: dict[str, Any], after: dict[str, Any]) -> dict[str, Any]:
    """What a table has no more."""
    return {name: set(before[name]) - set(after[name]) for name in before}


def changes(before: dict[str, Any], after: dict[str, Any]) -> dict[str, Any]:
    """What a table has now that it had not, and the other way round."""
    return {
        name: (set(after[name]) ^ set(before[name]))
        for name in before
        if before[name] != after[name]
    }


def test_nobody_does_what_their_role_does_not_hold(scene: Scene) -> None:
    before = scene.dump(None)
    for who in WHO:
        beyond = [name for name, needs in sorted(ACTIONS.items()) if needs not in HOLDS[who]]
        assert beyond
        escalated = [
            name
            for name in beyond
            for values in scene.attempts(name, every=False)
            if scene.tries(who, name, values)
        ]
        assert escalated == [], who
        after = scene.dump(None)
        assert changes(before, after) == {}, who


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
@pytest.mark.parametrize("who", ["stranger", "anonymous", "citizen", "banned", "removed", "leader"])
def test_nobody_changes_what_is_not_theirs(scene: Scene, who: str) -> None:
    """What their role may do, done to what is somebody else's, gone, finished or made up."""
    wronged = {}
    before = scene.dump(scene.own(who))
    # Whoever erases themselves is gone: that comes last.
    for name, needs in sorted(ACTIONS.items(), key=lambda item: ("erase" in item[0], item)):
        if needs not in HOLDS[who] or name in THE_CHATS:
            continue
        for values in scene.attempts(name, every=True):
            scene.tries(who, name, values)
        after = scene.dump(scene.own(who))
        changed = changes(before, after)
        if name == ERASE:
            # What was theirs is nobody's now; what was somebody else's still is.
            changed = {table: gone for table, gone in lost(before, after).items() if gone}
        for expected in MAY_LEAVE.get(name, ()):
            changed.pop(expected, None)
        if changed:
            wronged[name] = changed
        before = after
    assert wronged == {}


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
@pytest.mark.parametrize("who", ["citizen", "leader", "gestor", "admin"])
def test_whatever_writes_leaves_a_row_in_the_audit(scene: Scene, who: str) -> None:
    silent = {}
    before = scene.dump(None)
    for name, needs in sorted(ACTIONS.items(), key=lambda item: ("erase" in item[0], item)):
        if needs not in HOLDS[who] or name == BALLOT:
            continue
        for values in scene.attempts(name, every=True):
            scene.tries(who, name, values)
        after = scene.dump(None)
        changed = changes(before, after)
        if changed and "audit" not in changed:
            silent[name] = changed
        before = after
    assert silent == {}


BALLOT = "actions.votes.cast"
"""What somebody chose, and when, is nobody's to find out."""
ERASE = "actions.personal_data.erase"
THE_CHATS = frozenset({"actions.group_chats.chat_lost", "actions.group_chats.chat_moved"})
"""What Telegram itself tells of a chat: no button and no words lead to it."""
MAY_LEAVE = {
    # A new person; a ballot that nobody can be found by; and what one is remembered by no more.
    "actions.people.agree": ("person", "audit"),
    "actions.votes.cast": ("ballot", "roll"),
    # What the team wrote down about them names them, so it goes with them.
    ERASE: ("audit",),
}
"""Rows that these may write although they carry nobody's number."""


def test_a_banned_person_tells_nothing(scene: Scene) -> None:
    for name in ("actions.reports.file", "actions.additions.add", "actions.reports.support"):
        for values in scene.attempts(name, every=True):
            assert not scene.tries("banned", name, values), (name, values)


def test_whoever_should_may(scene: Scene) -> None:
    """The table would be worthless if everybody were refused."""
    assert scene.tries("citizen", "actions.reports.support", {"report": scene.report})
    for name in ("note", "answer", "move", "add_after", "set_private"):
        values = next(scene.attempts(f"actions.casework.{name}", every=False))
        assert scene.tries("gestor", f"actions.casework.{name}", values), name
    originals = next(scene.attempts("actions.redacting.originals", every=False))
    assert scene.tries("admin", "actions.redacting.originals", originals)
