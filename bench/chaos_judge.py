"""The verdict on a bot that was killed again and again, from what its people saw.

The simulator's record says what was created, confirmed and sent; the people's diary what they did.
Tables are read only for the facts that people would ask for (their reports), and for how many
letters were under way at each kill. What is right is not invented here: a calm run before the
first kill shows what each conversation looks like.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

import handlers.chat
from bench.chaos_people import Diary, spoken
from simulator.record import Record
from storage.letter import Lane

Json = dict[str, Any]

CALL = "Convocatoria "
SORRY = spoken(handlers.chat.SORRY)[:40]
HARMED_S = 20.0
"""While a bot is there nobody waits so long for an answer, unless something holds them up that is
not theirs: a poisonous update is tried again after up to 30 s."""

_OWN = re.compile(r"(?<=✓ )[^\n]+|(?<=</b>: )[^\n]+|R-\d+")


@dataclass(frozen=True, slots=True)
class Calm:
    """What a bot that nobody kills says: once at the beginning, then again and again."""

    head: list[str]
    round: list[str]


@dataclass(frozen=True, slots=True)
class Kill:
    """`at` (time.monotonic()) is between one bot and the next: all that the dead one sent has come
    in. `under_way` are letters that were claimed and not settled: (letter, attempt, chat, lane).
    One that the next bot had no time to look at is there again."""

    at: float
    under_way: tuple[tuple[int, int, int, int], ...]


@dataclass(slots=True)
class Verdict:
    """The figures of one run; `broken` says in words which promise was not kept."""

    accepted: int = 0
    lost: int = 0
    doubled: int = 0
    misordered: int = 0
    repeated_in_flight: int = 0
    in_flight_at_kills: int = 0
    sent: int = 0
    failed: int = 0
    skipped: int = 0
    uncertain: int = 0
    unaccounted: int = 0
    calls_in_flight: int = 0
    slowest_answer_s: float = 0.0
    broken: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Facts:
    """What the town has in the end: (telegram id, words, address, category, code) of reports, and
    how many updates were set aside or still wait."""

    reports: list[tuple[int, str, str | None, str, str]]
    aside: int
    waiting: int
    # (words of the call, telegram id, outcome) of everybody on a call's roll.
    recipients: list[tuple[str, int, str]] = field(default_factory=list)


def judge(
    record: Record,
    diary: Diary,
    facts: Facts,
    kills: list[Kill],
    calm: dict[int, Calm],
    listeners: list[int],
    outages: list[tuple[float, float]],
) -> Verdict:
    """`calm` is what each chat's conversation should be; `listeners` whom every call is for;
    `outages` when no bot was there (time.monotonic()).
    """
    verdict = Verdict()
    in_flight = {each for kill in kills for each in kill.under_way}
    verdict.in_flight_at_kills = len(in_flight)
    verdict.calls_in_flight = sum(lane == Lane.CALL for *_, lane in in_flight)
    _updates(record, facts, diary, verdict)
    _reports(diary, facts, verdict)
    for chat, expected in calm.items():
        _conversation(record, chat, expected, kills, verdict)
    _poison(record, diary, facts, verdict)
    _calls(record, diary, facts, (listeners, list(calm)), verdict)
    if diary.unanswered:
        verdict.lost += len(diary.unanswered)
        verdict.broken += [f"unanswered: {line}" for line in diary.unanswered[:5]]
    verdict.slowest_answer_s = round(max((_waited(*w, outages) for w in diary.waits), default=0), 1)
    if verdict.slowest_answer_s > HARMED_S:
        verdict.broken.append(f"somebody waited {verdict.slowest_answer_s} s while the bot was up")
    verdict.broken += [f"violation: {entry}" for entry in record.violations[:5]]
    return verdict


def said(record: Record, chat: int) -> list[tuple[float, str]]:
    """(moment, text) of what the bot said in a chat and Telegram took, in order."""
    return [
        (entry["t"], str(entry["params"].get("text", "")))
        for entry in record.entries
        if entry["kind"] == "call"
        and entry["status"] == 200
        and entry["method"] in ("sendMessage", "editMessageText")
        and str(entry["chat"]) == str(chat)
    ]


def is_call(entry: Json) -> bool:
    """Whether an entry of the record is a letter of a call."""
    return (
        entry["kind"] == "call"
        and entry["method"] == "sendMessage"
        and str(entry["params"].get("text", "")).startswith(CALL)
    )


def plain(texts: list[str]) -> list[str]:
    """Texts without what is somebody's own: numbers, places, categories."""
    return [_OWN.sub("*", text) for text in texts]


def _updates(record: Record, facts: Facts, diary: Diary, verdict: Verdict) -> None:
    created = {e["update_id"] for e in record.entries if e["kind"] == "created"}
    confirmed = {e["update_id"] for e in record.entries if e["kind"] == "confirmed"}
    verdict.accepted = len(confirmed)
    if created - confirmed:
        verdict.broken.append(f"{len(created - confirmed)} updates were never accepted")
    if facts.waiting:
        verdict.lost += facts.waiting
        verdict.broken.append(f"{facts.waiting} accepted updates were never applied")


def _reports(diary: Diary, facts: Facts, verdict: Verdict) -> None:
    found = Counter((person, words) for person, words, *_ in facts.reports)
    rows = {row[4]: row for row in facts.reports}
    for told in diary.told:
        times = found.pop((told.person, told.words), 0)
        if times == 0:
            verdict.lost += 1
            verdict.broken.append(f"lost: {told}")
        elif times > 1:
            verdict.doubled += times - 1
            verdict.broken.append(f"{times} times: {told}")
        row = rows.get(told.code)
        if row is not None and told.address is not None:
            kept = (row[1], row[2], row[3])
            if kept != (told.words, told.address, told.category):
                verdict.misordered += 1
                verdict.broken.append(f"answers in another order: {kept}, told {told}")
    if found:
        verdict.doubled += sum(found.values())
        verdict.broken.append(f"reports that nobody told: {list(found)[:5]}")


def _conversation(
    record: Record, chat: int, calm: Calm, kills: list[Kill], verdict: Verdict
) -> None:
    """A chat's answers are those of the calm run, again and again; one is repeated only where it
    was under way at a kill."""
    once: list[str] = []
    before: tuple[float, str] | None = None
    for moment, text in said(record, chat):
        if text.startswith(CALL):
            continue
        if before is None or text != before[1]:
            once.append(text)
        elif _was_under_way(chat, before[0], moment, kills):
            verdict.repeated_in_flight += 1
        else:
            verdict.doubled += 1
            verdict.broken.append(f"{chat} heard twice without a kill: {text[:60]!r}")
        before = (moment, text)
    got, expected = plain(once), list(calm.head)
    while len(expected) < len(got):
        expected += calm.round
    if got == expected:
        return
    verdict.misordered += 1
    pairs = zip(got, expected, strict=False)
    at = next((n for n, (a, b) in enumerate(pairs) if a != b), len(got))
    verdict.broken.append(
        f"{chat} heard at {at} of {len(got)}: {got[at : at + 2]}, not {expected[at : at + 2]}"
    )


def _waited(began: float, ended: float, outages: list[tuple[float, float]]) -> float:
    """Seconds waited while a bot was there."""
    out = sum(max(0.0, min(ended, to) - max(began, since)) for since, to in outages)
    return ended - began - out


def _was_under_way(chat: int, first: float, again: float, kills: list[Kill]) -> bool:
    return any(
        first <= k.at <= again and any(c == chat for _, _, c, _ in k.under_way) for k in kills
    )


def _poison(record: Record, diary: Diary, facts: Facts, verdict: Verdict) -> None:
    """Each poisonous update was set aside, and its person told: once, or again after a kill."""
    told = sum(any(SORRY in text for _, text in said(record, chat)) for chat in diary.poisons)
    wanted = sum(diary.poisons.values())
    if told != len(diary.poisons) or facts.aside != wanted:
        verdict.broken.append(f"of {wanted} poisons {facts.aside} were set aside, {told} told")


def _calls(
    record: Record,
    diary: Diary,
    facts: Facts,
    who: tuple[list[int], list[int]],
    verdict: Verdict,
) -> None:
    """Everybody on a call's roll has an outcome, and it is what Telegram saw: sent is once, failed
    and skipped never, uncertain at most once, and only what was in flight at a kill."""
    listeners, talkers = who
    heard: Counter[tuple[str, int]] = Counter()
    for entry in record.entries:
        if is_call(entry) and entry["status"] == 200:
            words = str(entry["params"]["text"]).partition("\n")[0]
            heard[words, int(entry["chat"])] += 1
    outcomes = Counter(outcome for _, _, outcome in facts.recipients)
    verdict.sent, verdict.failed = outcomes["sent"], outcomes["failed"]
    verdict.skipped, verdict.uncertain = outcomes["skipped"], outcomes["uncertain"]
    known = {"sent", "failed", "skipped", "uncertain"}
    verdict.unaccounted = sum(n for outcome, n in outcomes.items() if outcome not in known)
    on_roll = Counter((words, chat) for words, chat, _ in facts.recipients)
    for words in diary.called:
        missing = [chat for chat in listeners if on_roll[words, chat] != 1]
        verdict.unaccounted += len(missing)
    if verdict.unaccounted:
        verdict.broken.append(f"{verdict.unaccounted} recipients of a call have no outcome")
    most, listening = {"sent": (1, 1), "uncertain": (0, 1)}, set(listeners) | set(talkers)
    for words, chat, outcome in facts.recipients:
        times = heard.pop((words, chat), 0)
        if chat not in listening:
            # Whoever sends a call also sees it as a preview.
            continue
        least, greatest = most.get(outcome, (0, 0))
        if not least <= times <= greatest:
            verdict.doubled += max(0, times - greatest)
            verdict.lost += max(0, least - times)
            verdict.broken.append(
                f"{words[:16]} is {outcome} for {chat}, who heard it {times} times"
            )
    if verdict.uncertain > verdict.calls_in_flight:
        verdict.broken.append(
            f"{verdict.uncertain} uncertain, {verdict.calls_in_flight} in flight at the kills"
        )
