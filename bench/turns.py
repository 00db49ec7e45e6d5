"""Durable turns a second, against bots that remember nothing: five alternated pairs of runs.

A turn is one step of the report flow: into the inbox, confirmed, applied, its answer owed, sent and
marked sent, each committed with synchronous FULL. The others echo each message: aiogram by its own
polling, python-telegram-bot as fast as it goes. All hear the same people through the same bare
server on the other core.
"""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path
from typing import Any

# As a script this file's own folder comes first, and from there nobody finds the rooms.
sys.path.insert(0, str(Path(__file__).parents[1]))

from bench.common import VOID_ABOVE, Busy, child, cores, quartiles, result, say

CHATS, STEPS, PAIRS = 200, 31, 5
MOST_VOID = 10
BOTS = ("cabildo", "aiogram", "ptb")
SAID = ("Alumbrado público", "Atrás")


def script(chat: int, step: int) -> dict[str, Any]:
    """A person begins a report, and then goes to and fro between its first two questions."""
    who = {"id": chat, "first_name": "V"}
    return {
        "message": {
            "message_id": step + 1,
            "date": 1767225600,
            "chat": {**who, "type": "private"},
            "from": {**who, "is_bot": False, "language_code": "es"},
            "text": SAID[(step - 1) % 2] if step else "/reportar",
        }
    }


def run(bot: str) -> tuple[float, float, float]:
    """Turns a second, processor milliseconds a turn, and how busy the server's core was."""
    own, other = cores()
    turns = CHATS * STEPS
    with child("bench.stub", "bench.turns:script", str(CHATS), str(STEPS), core=other) as server:
        url = server.hears()["url"]
        with child("bench.turns_children", bot, url, str(CHATS), core=own) as player:
            player.hears()
            cpu, busy, began = player.cpu_s(), Busy(server), time.monotonic()
            server.ask(do="go")
            while (told := server.ask(do="stats")["sent"]) < turns:
                if time.monotonic() - began > 300:
                    raise RuntimeError(f"{bot} has answered {told} of {turns} in 300 s")
                time.sleep(0.02)
            took = time.monotonic() - began
            share = busy.share()
            cost = (player.cpu_s() - cpu) / turns * 1000
            if told != turns:
                raise RuntimeError(f"{bot} said {told} things in {turns} turns")
            player.ask(do="settle")
    return turns / took, cost, share


def main(arguments: list[str] | None = None) -> None:
    """The command line."""
    parser = argparse.ArgumentParser(prog="python -m bench.turns", description=__doc__)
    parser.add_argument("--pairs", type=int, default=PAIRS)
    given = parser.parse_args(arguments)
    per_s: dict[str, list[float]] = {bot: [] for bot in BOTS}
    costs: list[float] = []
    busiest, void = 0.0, 0
    while len(costs) < given.pairs:
        rates: dict[str, float] = {}
        for bot in BOTS:
            rate, cost, share = run(bot)
            say(f"{bot}: {rate:.0f} turns/s, {cost:.2f} ms each, server {share:.0%} busy")
            if share > VOID_ABOVE:
                void += 1
                break
            rates[bot] = rate
            busiest = max(busiest, share)
            if bot == "cabildo":
                own_cost = cost
        else:
            for bot in BOTS:
                per_s[bot].append(rates[bot])
            costs.append(own_cost)
        if void > MOST_VOID:
            raise RuntimeError("the server was too busy again and again: nothing was measured")
    pairs = list(zip(*(per_s[bot] for bot in BOTS), strict=True))
    first, median, third = quartiles([ours / theirs for ours, theirs, _ in pairs])
    figures = {f"{bot}_per_s": round(quartiles(per_s[bot])[1], 1) for bot in BOTS}
    result(
        "turns",
        db="sqlite",
        runs=given.pairs,
        void_runs=void,
        server_core_busy=busiest,
        **figures,
        ratio_aiogram_median=round(median, 3),
        ratio_aiogram_q1=round(first, 3),
        ratio_aiogram_q3=round(third, 3),
        ratio_ptb_median=round(quartiles([ours / ptb for ours, _, ptb in pairs])[1], 3),
        cpu_ms_per_turn=round(quartiles(costs)[1], 3),
    )


if __name__ == "__main__":
    main()
