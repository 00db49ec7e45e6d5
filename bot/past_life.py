"""What becomes of one report of an invented town: only what the rules allow, in its order.

A life is drawn to its end, whenever that is; whoever tells it cuts it off at the present.
"""

from __future__ import annotations

import math
import random
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from bot.past_words import (
    ADDITIONS,
    ANSWERS,
    BODIES,
    CLOSINGS,
    DELAYS,
    NOTES,
    PLANS,
    QUESTIONS,
    WHYS,
)
from civic.lifecycle import (
    BODY,
    CLOSED,
    CONFIRMED,
    DUPLICATE,
    FIXED,
    HIDDEN,
    IN_PROGRESS,
    INVESTIGATING,
    NO_ACTION,
    NOT_NEEDED,
    NOT_RESPONSIBLE,
    OPEN,
    PLANNED,
    RECEIVED,
    REOPENED,
    USERS,
    after_no,
)
from civic.moments import days_later
from civic.working_days import deadline, is_working_day
from storage.report_event import (
    ADDITION,
    ANSWER,
    ASSIGNED,
    EXPECTED,
    KEPT,
    MERGED,
    NOTE,
    PRIVACY,
    QUESTION,
    STATE,
    SUPPORTED,
    UNSURE,
    VERDICT,
)

# How many join a report: most are joined by nobody, a few by half the street.
JOINING = (46, 20, 12, 8, 5, 4, 2, 2, 1)


@dataclass(frozen=True, slots=True)
class Hours:
    """When people work, and the town's clock."""

    zone: ZoneInfo
    weekend: frozenset[int]
    holidays: frozenset[date]


@dataclass(slots=True)
class Happening:
    """An event of a report. `neighbour` and `gestora` are places in the lists of those who did it.

    Of an assignment `before` and `after` are gestoras' places; of a merge `other` is the tale that
    is merged into this one, of a closing as a duplicate the tale that it repeats.
    """

    at: datetime
    kind: str
    before: str | None = None
    after: str | None = None
    words: str | None = None
    neighbour: int | None = None
    gestora: int | None = None
    fixed_by: str | None = None
    closed_as: str | None = None
    responsible: str | None = None
    other: int | None = None
    # Of a merge: who joins with it.
    joining: list[int] = field(default_factory=list)


class Life:
    """One report's events, drawn one after another from the present state on."""

    def __init__(
        self, chance: random.Random, hours: Hours, teller: int | None, at: datetime, team: int
    ) -> None:
        self._chance = chance
        self._hours = hours
        self._teller = teller
        self._team = team
        # Whoever looks after it does most of what is done.
        self._hand = chance.randrange(team) if team else None
        self.happenings = [Happening(at, STATE, after=RECEIVED, neighbour=teller)]
        self._state = RECEIVED
        self._last = at

    def hide(self) -> None:
        """It is no report at all, and nobody else is to see it."""
        self._move(HIDDEN, 0.3)

    def keep_private(self) -> None:
        """Whoever told it wants it seen by the team alone, and says so at once."""
        self._last += timedelta(minutes=self._chance.uniform(1, 20))
        self._note(PRIVACY, after="private", neighbour=self._teller)

    def repeat(self, of: int) -> Happening:
        """It is closed as the same as another tale."""
        if self._chance.random() < 0.3:
            self._move(CONFIRMED, 0.4)
        return self._move(CLOSED, 0.6, closed_as=DUPLICATE, other=of)

    def run(self, days: float) -> None:
        """From the first look to a repair or a closing; `days` is how long a repair takes."""
        chance = self._chance
        course = chance.random()
        if course < 0.04:
            self._last += timedelta(days=chance.uniform(0.5, 5))
            self._move(CLOSED, None, closed_as=NOT_NEEDED, neighbour=self._teller)
            return
        if course < 0.09:
            self._last += timedelta(days=days * chance.uniform(0.2, 0.7))
            self._move(FIXED, None, fixed_by=USERS, neighbour=self._teller)
            return
        if chance.random() < 0.75:
            self._move(CONFIRMED, 1.3)
        self._look_after()
        if course < 0.2:
            self._close()
            return
        if chance.random() < 0.25:
            self._move(INVESTIGATING, days / 8)
        if chance.random() < 0.35:
            self._move(PLANNED, days / 6)
            self._announce(days)
        if course < 0.25:
            # Some wait for a budget, and are still waiting.
            return
        self._move(IN_PROGRESS, days / 4)
        if chance.random() < 0.35:
            self._at_work(chance.uniform(0.2, 3))
            self._note(ANSWER, words=chance.choice(ANSWERS), gestora=self._hand)
        self._move(FIXED, days / 2, fixed_by=BODY)

    def join(self, people: Sequence[int], until: datetime) -> None:
        """Some of these people join it while it is open, before a moment."""
        chance = self._chance
        wanted = chance.choices(range(len(JOINING)), JOINING)[0]
        begins, ends = self.happenings[0].at, until
        for happening in self.happenings:
            if happening.kind == STATE and happening.after not in OPEN:
                ends = min(ends, happening.at)
                break
        span = max(timedelta(), ends - begins - timedelta(minutes=20))
        for person in chance.sample(people, min(wanted, len(people))):
            # Sooner rather than later: whoever passes by every day sees it at once.
            at = begins + timedelta(minutes=10) + span * chance.random() ** 2
            if person != self._teller and span:
                self.happenings.append(Happening(at, SUPPORTED, neighbour=person))
        self.happenings.sort(key=lambda happening: happening.at)

    def ask(self, follow_up: int, days: float) -> None:
        """Those whom it concerns are asked whether it was fixed, again after each repair."""
        denied = 0
        while self._state == FIXED:
            fixed = next(h for h in reversed(self.happenings) if h.after == FIXED)
            asked = days_later(fixed.at, follow_up, self._hours.zone)
            concerned: list[int | None] = [
                h.neighbour for h in self.happenings if h.kind == SUPPORTED
            ]
            if fixed.fixed_by == BODY:
                concerned.insert(0, self._teller)
            reopened = False
            for at, person, answer in self._answers(asked, concerned):
                self._last = at
                if answer != VERDICT:
                    self._note(answer, neighbour=person)
                    continue
                self._note(VERDICT, words=self._chance.choice(WHYS), neighbour=person)
                denied += 1
                reopened = after_no(denied - 1) == "reopen"
                if reopened:
                    self._move(REOPENED, None, neighbour=person)
                    break
            if not reopened and (denied < 2 or self._chance.random() < 0.4):
                return
            # The second time it is the gestora who decides.
            self._move(IN_PROGRESS, 1)
            self._move(FIXED, days / 2, fixed_by=BODY)
            if denied > 1:
                return

    def _answers(
        self, asked: datetime, concerned: Sequence[int | None]
    ) -> list[tuple[datetime, int | None, str]]:
        chance = self._chance
        found = []
        for person in concerned:
            answer = chance.choices((KEPT, VERDICT, UNSURE), (72, 15, 13))[0]
            at = asked + timedelta(minutes=chance.uniform(3, 2000))
            if chance.random() < 0.6:
                found.append((at, person, answer))
        return sorted(found, key=lambda one: one[0])

    def _look_after(self) -> None:
        chance = self._chance
        if self._hand is not None and chance.random() < 0.6:
            self._at_work(0.05)
            self._note(ASSIGNED, after=str(self._hand), gestora=chance.randrange(self._team))
        if chance.random() < 0.14:
            self._at_work(0.2)
            self._note(QUESTION, words=chance.choice(QUESTIONS), gestora=self._hand)
            if chance.random() < 0.7:
                self._last += timedelta(minutes=chance.uniform(5, 900))
                self._note(ADDITION, words=chance.choice(ADDITIONS), neighbour=self._teller)
        if chance.random() < 0.18:
            self._at_work(0.3)
            self._note(NOTE, words=chance.choice(NOTES), gestora=self._hand)

    def _close(self) -> None:
        reason = self._chance.choices((NO_ACTION, NOT_RESPONSIBLE, NOT_NEEDED), (3, 4, 2))[0]
        self._move(
            CLOSED,
            3,
            words=self._chance.choice(CLOSINGS[reason]),
            closed_as=reason,
            responsible=self._chance.choice(BODIES) if reason == NOT_RESPONSIBLE else None,
        )

    def _announce(self, days: float) -> None:
        """A day is announced, and sometimes another one some days later."""
        chance, before = self._chance, None
        for reasons in (PLANS, DELAYS):
            if chance.random() < 0.3:
                return
            self._at_work(chance.uniform(0.1, 0.3) if before is None else days / 5)
            on = self._working_day(max(2, round(days * chance.uniform(0.5, 0.9))))
            self._note(
                EXPECTED,
                before=before,
                after=on,
                words=chance.choice(reasons),
                gestora=self._hand,
            )
            before = on

    def _working_day(self, days: int) -> str:
        hours = self._hours
        ends = deadline(self._last, days, hours.zone, hours.weekend, hours.holidays)
        return ends.astimezone(hours.zone).date().isoformat()

    def _move(
        self,
        after: str,
        median: float | None,
        *,
        words: str | None = None,
        neighbour: int | None = None,
        fixed_by: str | None = None,
        closed_as: str | None = None,
        responsible: str | None = None,
        other: int | None = None,
    ) -> Happening:
        """Put it into another state, by the team after about `median` days, or by a neighbour
        at this very moment (None)."""
        if median is not None:
            self._at_work(median * math.exp(self._chance.gauss(0, 0.7)))
        before, self._state = self._state, after
        moved = Happening(
            self._last,
            STATE,
            before,
            after,
            words,
            neighbour=neighbour,
            gestora=self._hand if median is not None else None,
            fixed_by=fixed_by,
            closed_as=closed_as,
            responsible=responsible,
            other=other,
        )
        self.happenings.append(moved)
        return moved

    def _note(
        self,
        kind: str,
        *,
        before: str | None = None,
        after: str | None = None,
        words: str | None = None,
        neighbour: int | None = None,
        gestora: int | None = None,
    ) -> None:
        self.happenings.append(
            Happening(self._last, kind, before, after, words, neighbour, gestora)
        )

    def _at_work(self, days: float) -> None:
        """So much later, or the next moment after that at which somebody is at the town hall."""
        hours = self._hours
        local = (self._last + timedelta(days=days)).astimezone(hours.zone)
        minute = self._chance.randrange(60)
        while not _works(local, hours.weekend, hours.holidays):
            local = (local + timedelta(hours=1)).replace(minute=minute, second=0, microsecond=0)
        self._last = local.astimezone(UTC)


def merged(happening: Happening, duplicate: int, joining: list[int]) -> Happening:
    """What a closing as a duplicate is in the life of the report that it repeats."""
    return Happening(
        happening.at, MERGED, gestora=happening.gestora, other=duplicate, joining=joining
    )


def state_at(happenings: Collection[Happening], moment: datetime) -> str | None:
    """The state in which a report was at a moment; None before it was told."""
    states = [h.after for h in happenings if h.kind == STATE and h.at <= moment]
    return states[-1] if states else None


def _works(local: datetime, weekend: Collection[int], holidays: Collection[date]) -> bool:
    return 8 <= local.hour < 17 and is_working_day(local.date(), weekend, holidays)
