"""Native polls: what may be asked, and how one ends."""

from __future__ import annotations

from typing import Any

from simulator.chats import Stored
from simulator.entities import units
from simulator.errors import bad, missing
from simulator.markup import is_inline
from simulator.methods.registry import Call, method
from simulator.methods.sending import deliver, shown
from simulator.world import Poll

Json = dict[str, Any]

MOST_OPTIONS = 12


@method("sendPoll")
def send_poll(call: Call) -> Json:
    """https://core.telegram.org/bots/api#sendpoll (regular polls; not quizzes, not timed)"""
    chat = call.chat()
    params = call.params
    if params.get("type", "regular") != "regular":
        raise missing("a quiz")
    if params.get("open_period") or params.get("close_date"):
        raise missing("a poll that closes by itself")
    question = params["question"].strip()
    if not question:
        raise bad("poll question must be non-empty")
    if units(question) > 300:
        raise bad("poll question length must not exceed 300")
    texts = [option if isinstance(option, str) else option["text"] for option in params["options"]]
    if not texts:
        raise bad("poll must have at least 1 option")
    if len(texts) > MOST_OPTIONS:
        raise bad(f"poll can't have more than {MOST_OPTIONS} options")
    for text in texts:
        if not text.strip():
            raise bad("poll options must be non-empty")
        if units(text) > 100:
            raise bad("poll options length must not exceed 100")
    number = str(5_100_000_000_000_000 + len(call.world.polls))
    anonymous = params.get("is_anonymous", True)
    data: Json = {
        "id": number,
        "question": question,
        "options": [
            {"persistent_id": str(index), "text": text.strip(), "voter_count": 0}
            for index, text in enumerate(texts)
        ],
        "total_voter_count": 0,
        "is_closed": bool(params.get("is_closed")),
        "is_anonymous": anonymous,
        "type": "regular",
        "allows_multiple_answers": bool(params.get("allows_multiple_answers")),
        "allows_revoting": params.get("allows_revoting", True),
        "members_only": False,
    }
    stored = deliver(call, chat, {"poll": data})
    call.world.polls[number] = Poll(data, chat, stored.id, call.bot.id, anonymous)
    return stored.data


@method("stopPoll")
def stop_poll(call: Call) -> Json:
    """https://core.telegram.org/bots/api#stoppoll"""
    chat = call.chat()
    stored: Stored = call.message(chat, "edit")
    poll = call.world.polls.get(stored.data.get("poll", {}).get("id", ""))
    if poll is None:
        raise bad("message with poll to stop not found")
    if stored.author != call.bot.id:
        raise bad("poll can't be stopped")
    if poll.data["is_closed"]:
        raise bad("poll has already been closed")
    poll.data = {**poll.data, "is_closed": True}
    data = {key: value for key, value in stored.data.items() if key != "reply_markup"}
    data["poll"] = poll.data
    markup = call.params.get("reply_markup")
    if markup and is_inline(markup):
        data["reply_markup"] = shown(call, markup)
    call.world.change(chat, stored, data, date=False)
    call.world.tell(call.bot, "poll", poll.data, chat.id)
    return poll.data
