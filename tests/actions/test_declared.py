"""Every verb declares the role it needs: a new action without one fails here."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from types import FunctionType

import actions
from actions.act import ACTIONS, ADMIN, ANYONE, CITIZEN, GESTOR, LEADER, SYSTEM, Act
from actions.act import action as declare


def verbs() -> list[tuple[str, FunctionType]]:
    """Every public function of actions/ whose first parameter is an act."""
    found = []
    for module in pkgutil.iter_modules(actions.__path__):
        loaded = importlib.import_module(f"actions.{module.name}")
        for name, member in inspect.getmembers(loaded, inspect.isfunction):
            if member.__module__ != loaded.__name__ or name.startswith("_"):
                continue
            parameters = list(inspect.signature(member).parameters.values())
            if parameters and parameters[0].annotation in ("Act", Act):
                found.append((f"{loaded.__name__}.{name}", member))
    return found


def test_every_action_that_writes_down_a_change_declares_its_role() -> None:
    undeclared = [
        name
        for name, verb in verbs()
        if name not in ACTIONS and ".audit(" in inspect.getsource(verb)
    ]
    assert not undeclared


def test_the_declared_roles_are_roles() -> None:
    assert ACTIONS
    known = {ANYONE, CITIZEN, LEADER, GESTOR, ADMIN, SYSTEM}
    assert {name: role for name, role in ACTIONS.items() if role not in known} == {}


def test_a_verb_that_declares_nothing_is_noticed() -> None:
    def undeclared(act: Act) -> None:
        act.audit("x", "y")

    assert ".audit(" in inspect.getsource(undeclared)
    assert f"{undeclared.__module__}.{undeclared.__name__}" not in ACTIONS
    before = dict(ACTIONS)
    declare(GESTOR)(undeclared)
    assert len(ACTIONS) == len(before) + 1
    ACTIONS.clear()
    ACTIONS.update(before)
