"""Every flow there is, by name: adding one is one line here."""

from __future__ import annotations

from flows.declare import Flow, flow_of
from flows.report import Report

FLOWS: dict[str, Flow] = {flow.name: flow for flow in (flow_of[Report],)}


def get(name: str) -> Flow:
    """The flow of this name; KeyError if there is none."""
    return FLOWS[name]
