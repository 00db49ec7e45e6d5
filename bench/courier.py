"""What the courier keeps and what it costs. `python bench/courier.py [--quick]`

(a) A call of 10,000 letters against a simulated Telegram with its limits on, five replies a second
in between: how near the ceiling of 30 a second it comes, whether Telegram ever says "too many",
how long a reply takes; the share once more with 100 ms added to every call.
(b) Limits off, against a bare stub: letters a second and processor time a letter, claim and sent
mark included, beside plain python-telegram-bot over httpx; five alternated pairs.
(c) With 429s thrown in: what arrives during a pause, and the most in any second after one.
"""

from __future__ import annotations

import argparse
import sys
import time
from functools import partial
from pathlib import Path
from typing import Any

# As a script this file's own folder comes first, where its name hides the courier's.
sys.path.insert(0, str(Path(__file__).parents[1]))

from bench.common import (
    VOID_ABOVE,
    Busy,
    Child,
    child,
    cores,
    counted,
    percentile,
    quartiles,
    result,
    say,
)
from bench.courier_children import FIRST_CHAT

CEILING = 30.0
REPLIES_PER_S = 5.0
# What was on its way when Telegram said "too many" arrives within this.
UNDER_WAY_S = 0.05
CHILDREN = "bench.courier_children"


def in_town(
    telegram: Child, url: str, letters: int, core: int, faults: list[dict[str, Any]]
) -> tuple[dict[str, Any], float]:
    """One call delivered within the limits, with these faults thrown in: what Telegram saw, when
    replies were owed; how busy Telegram's core was."""
    telegram.ask(do="clear")
    telegram.ask(do="faults", faults=faults)
    replies = int(letters / (CEILING - REPLIES_PER_S) * REPLIES_PER_S)
    with child(
        CHILDREN, "town", url, str(letters), str(replies), str(REPLIES_PER_S), core=core
    ) as bot:
        bot.hears()
        busy = Busy(telegram)
        told = bot.hears()
        share = busy.share()
    seen = telegram.ask(do="report")
    call = range(FIRST_CHAT, FIRST_CHAT + letters)
    # Once the call is over nothing fills the line any more.
    over = max(t for t, chat, status in seen["calls"] if status == 200 and chat in call)
    moments = sorted(t for t, _, status in seen["calls"] if status == 200 and t <= over)
    waits = []
    arrived = {chat: t for t, chat, status in seen["calls"] if status == 200}
    for chat, owed in told["owed"]:
        waits.append((arrived[chat] - owed) * 1000)
    return {
        "calls": seen["calls"],
        "refused": sum(1 for call in seen["calls"] if call[2] == 429),
        "share": (len(moments) - 1) / (CEILING * (moments[-1] - moments[0])),
        "reply_ms": waits,
        "stats": told["stats"],
    }, share


def limits(letters: int, slow_letters: int) -> dict[str, Any]:
    """(a)"""
    bot, server = cores()
    people = letters + int(letters / 4) + 100
    with child(CHILDREN, "telegram", str(people), core=server) as telegram:
        url = telegram.hears()["url"]
        say(f"(a) {letters} letters at 30 a second: about {letters / 25:.0f} s")
        plain, busy, void = counted(partial(in_town, telegram, url, letters, bot, []))
        say(f"    share {plain['share']:.4f}, 429s {plain['refused']}, {plain['stats']}")
        far = [{"kind": "delay", "ms": 100}]
        slow, slow_busy, slow_void = counted(
            partial(in_town, telegram, url, slow_letters, bot, far)
        )
        say(f"    at 100 ms: share {slow['share']:.4f}, 429s {slow['refused']}")
    return {
        "busy": max(busy, slow_busy),
        "void": void + slow_void,
        "figures": {
            "letters": letters,
            "ceiling_share": round(plain["share"], 4),
            "ceiling_share_100ms": round(slow["share"], 4),
            "answers_429": plain["refused"] + slow["refused"],
            "reply_ms_p50": round(percentile(plain["reply_ms"], 0.5), 1),
            "reply_ms_p95": round(percentile(plain["reply_ms"], 0.95), 1),
            "reply_ms_p99": round(percentile(plain["reply_ms"], 0.99), 1),
        },
    }


def cost(letters: int, pairs: int) -> dict[str, Any]:
    """(b)"""
    bot, server = cores()
    ours: list[dict[str, float]] = []
    theirs: list[dict[str, float]] = []
    busiest, void = 0.0, 0
    say(f"(b) {pairs} pairs of {letters} letters")
    with child("bench.stub", core=server) as stub:
        url = stub.hears()["url"]
        while len(theirs) < pairs and void < 3 * pairs:
            pair = []
            highest = 0.0
            for kind in ("cabildo", "ptb"):
                with child(CHILDREN, kind, url, str(letters), core=bot) as run:
                    run.hears()
                    busy = Busy(stub)
                    pair.append(run.hears())
                    highest = max(highest, busy.share())
            say(f"    {pair[0]['cpu_us']:.0f} us and {pair[1]['cpu_us']:.0f} us a letter")
            if highest > VOID_ABOVE:
                void += 1
                continue
            busiest = max(busiest, highest)
            ours.append(pair[0])
            theirs.append(pair[1])
    if len(theirs) < pairs:
        raise SystemExit("the server was the bottleneck in every run: nothing was measured")
    ratios = quartiles([t["cpu_us"] / o["cpu_us"] for o, t in zip(ours, theirs, strict=True)])
    return {
        "busy": busiest,
        "void": void,
        "figures": {
            "letters_per_s": round(quartiles([o["per_s"] for o in ours])[1], 1),
            "ptb_letters_per_s": round(quartiles([t["per_s"] for t in theirs])[1], 1),
            "cpu_us_per_letter": round(quartiles([o["cpu_us"] for o in ours])[1], 1),
            "ptb_cpu_us_per_letter": round(quartiles([t["cpu_us"] for t in theirs])[1], 1),
            "cpu_ratio": round(ratios[1], 2),
            "cpu_ratio_q1": round(ratios[0], 2),
            "cpu_ratio_q3": round(ratios[2], 2),
        },
    }


def pauses(letters: int) -> dict[str, Any]:
    """(c)"""
    bot, server = cores()
    say(f"(c) 429s into {letters} letters")
    with child(CHILDREN, "telegram", str(2 * letters), core=server) as telegram:
        url = telegram.hears()["url"]
        fault = {
            "kind": "too_many",
            "method": "sendMessage",
            "retry_after": 2,
            "count": 3,
            "probability": 0.02,
        }
        seen, busy, void = counted(partial(in_town, telegram, url, letters, bot, [fault]))
    calls = sorted(seen["calls"])
    during, most = 0, 0
    refused = [t for t, _, status in calls if status == 429]
    for began in refused:
        ends = began + 2.0
        during += sum(1 for t, _, _ in calls if began + UNDER_WAY_S < t < ends)
        after = [t for t, _, _ in calls if ends <= t < ends + 4.0]
        for first in after:
            most = max(most, sum(1 for t in after if first <= t < first + 1.0))
    say(f"    {len(refused)} pauses")
    return {
        "busy": busy,
        "void": void,
        "figures": {
            "pauses": len(refused),
            "sent_during_pause": during,
            "max_1s_after_pause": most,
        },
    }


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--quick", action="store_true", help="a smoke run, no figures to quote")
    quick = parser.parse_args().quick
    began = time.monotonic()
    parts = [
        limits(250 if quick else 10_000, 100 if quick else 2_000),
        cost(200 if quick else 3_000, 1 if quick else 5),
        pauses(200 if quick else 900),
    ]
    say(f"{time.monotonic() - began:.0f} s in all")
    figures: dict[str, Any] = {}
    for part in parts:
        figures |= part["figures"]
    result(
        "courier",
        db="sqlite",
        runs=1 if quick else 5,
        void_runs=sum(part["void"] for part in parts),
        server_core_busy=max(part["busy"] for part in parts),
        quick=quick,
        **figures,
    )


if __name__ == "__main__":
    main()
