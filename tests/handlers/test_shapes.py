"""What an update looks like decides who takes it, and is found out without leaving the loop."""

from __future__ import annotations

from aiogram import Router

from handlers import dispatcher


def routers(router: Router) -> list[Router]:
    return [router, *(deeper for inner in router.sub_routers for deeper in routers(inner))]


def test_no_filter_runs_in_a_thread() -> None:
    filters = [
        (router.name, handler.callback.__name__, rule)
        for router in routers(dispatcher())
        for observer in router.observers.values()
        for handler in observer.handlers
        for rule in handler.filters or []
    ]
    assert len(filters) > 20
    assert [where for *where, rule in filters if not rule.awaitable] == []


def test_no_handler_runs_in_a_thread() -> None:
    handlers = [
        handler
        for router in routers(dispatcher())
        for observer in router.observers.values()
        for handler in observer.handlers
    ]
    assert [handler.callback.__name__ for handler in handlers if not handler.awaitable] == []
