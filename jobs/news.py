"""What people are asked and told about reports has its moments; thousands at one cost little."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from actions import bundles, follow_ups, report_news
from actions.act import Act
from jobs.registry import PIECE, Result, hourly, job, job_of_many
from storage.due import Due

PEOPLE = 100
"""The most bundles made in one transaction: each is read together from much."""


@job_of_many("follow_up")
def follow_up(act: Act, rows: Sequence[Due], most: int) -> Mapping[int, Result]:
    """28 days after it was fixed (the town's or the category's own number): was it?"""
    done = follow_ups.ask(act, {row.subject: row.progress for row in rows}, most)
    found: dict[int, Result] = {}
    for row in rows:
        if row.id is not None and row.subject in done:
            go_on, wrote = done[row.subject]
            found[row.id] = Result("asked" if wrote else "nobody to ask", go_on, wrote)
    return found


@job_of_many(follow_ups.LATER)
def follow_up_later(act: Act, rows: Sequence[Due], most: int) -> Mapping[int, Result]:
    """The same, of those who were quiet then."""
    follow_ups.ask_late(
        act, [(row.subject, row.facts["report"], row.facts["asking"]) for row in rows]
    )
    return {row.id: Result("asked", wrote=1) for row in rows if row.id is not None}


@job_of_many(bundles.NEWS)
def news(act: Act, rows: Sequence[Due], most: int) -> Mapping[int, Result]:
    """What waited for the end of somebody's quiet hours, or for the full hour."""
    some = rows[:PEOPLE]
    told = bundles.deliver(act, {row.subject: row.key for row in some})
    return {
        row.id: Result("told" if told[row.subject] else "nothing to tell", wrote=1)
        for row in some
        if row.id is not None
    }


@job(report_news.TELLING)
def telling(act: Act, row: Due) -> Result:
    """What happened to a report that many have joined."""
    go_on, wrote = report_news.tell_more(act, row.subject, row.facts["body"], row.progress, PIECE)
    if go_on is None:
        row.facts = {}
    return Result("told", go_on, wrote)


@job(report_news.SPREADING)
def spreading(act: Act, row: Due) -> Result:
    """What happened, into the bundles of those who follow the place or the category."""
    go_on, wrote = report_news.spread_more(act, row.subject, row.facts["way"], row.progress, PIECE)
    return Result("gathered", go_on, wrote)


@hourly
def drop_old_news(act: Act) -> int:
    """News that Telegram could not be given for a week; before the courier starts, too."""
    return report_news.drop_old(act)
