"""Answering a tap: once is shown, late is refused."""

from __future__ import annotations

import time

from simulator.errors import bad
from simulator.methods.registry import Call, method

MOST_TOAST = 200


@method("answerCallbackQuery")
def answer_callback_query(call: Call) -> bool:
    """https://core.telegram.org/bots/api#answercallbackquery"""
    params = call.params
    world = call.world
    query = world.queries.get(params["callback_query_id"])
    if query is None or query.bot != call.bot.id:
        raise bad("query is too old and response timeout expired or query ID is invalid")
    if time.monotonic() - query.born > world.query_life:
        world.record.violation("answered late", query=query.id, bot=call.bot.id)
        raise bad("query is too old and response timeout expired or query ID is invalid")
    text = params.get("text") or ""
    if len(text) > MOST_TOAST:
        raise bad("MESSAGE_TOO_LONG")
    url = params.get("url") or ""
    if url and f"t.me/{call.bot.username}?start=".lower() not in url.lower():
        raise bad("URL_INVALID")
    if query.answered:
        return True
    query.answered = True
    world.events.tell(
        "callback_answer",
        person=query.user,
        people=[query.user],
        chat=query.chat,
        query_id=query.id,
        text=text,
        show_alert=bool(params.get("show_alert")),
        url=url,
    )
    return True
