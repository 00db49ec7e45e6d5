"""Which reports the team wants: one choice, the same for the queue on a card and for a file."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from actions import report_words as words
from actions import terms
from actions.act import Act
from actions.buttons import since_of
from civic.lifecycle import FIXED, HIDDEN, OPEN, RECEIVED, STATES
from flows.phrase import N_, Phrase, moment, say
from storage.tray import OLDEST, Wanted

ANY, NEW, AGAIN, DECIDE = "all", "new", "again", "decide"
"""States of a choice beside those of a report: any but hidden; of what was received, what nobody of
the team has touched yet and what was opened again; of what is fixed, what a neighbour says once
more is not. Any other word is all that is open."""
RECEIVED_AS = {NEW: N_("🆕 New"), AGAIN: N_("↩️ Opened again")}
STATES_OF: dict[str, str] = {
    **RECEIVED_AS,
    DECIDE: N_("❗ Not fixed, a second time"),
    **words.STATES,
}
"""What the states of a choice are called, but for the two that hold several."""
OVERDUE, MINE, FREE, WAIT = "over", "mine", "free", "wait"
AGES = {
    "": N_("⏳ Of any age"),
    "7": N_("⏳ Older than a week"),
    "30": N_("⏳ Older than a month"),
    OVERDUE: N_("⏰ Overdue"),
}
SINCE = N_("⏳ Told since {when}")
"""Instead of an age, a moment: see actions.buttons.told_since."""
WHOSE = {
    "": N_("👥 Everybody's"),
    MINE: N_("👤 Mine"),
    FREE: N_("👋 Nobody's yet"),
    WAIT: N_("👤 Waiting for me"),
}
SHOWN_IN_ANY: Final = tuple(state for state in STATES if state != HIDDEN)


@dataclass(frozen=True, slots=True, kw_only=True)
class Filter:
    """Numbers of a place (with all that lies in it) and a category, 0 for any; `order` is one of
    storage.tray's, of which SUPPORTED leaves out what nobody joined."""

    state: str = ""
    territory: int = 0
    category: int = 0
    age: str = ""
    whose: str = ""
    order: str = OLDEST

    def wanted(self, act: Act, person_id: int | None) -> Wanted:
        """What it asks the database for, now; what is `mine` is this person's."""
        states: tuple[str, ...] = OPEN
        again = None
        if self.state in RECEIVED_AS:
            states, again = (RECEIVED,), self.state == AGAIN
        elif self.state == DECIDE:
            states = (FIXED,)
        elif self.state in STATES:
            states = (self.state,)
        elif self.state == ANY:
            states = SHOWN_IN_ANY
        below = act.town.atlas.below(self.territory) if self.territory else ()
        return Wanted(
            states=states,
            territories=tuple(sorted({*below, self.territory} - {0})),
            category=self.category or None,
            until=act.now - timedelta(days=int(self.age)) if self.age.isdecimal() else None,
            overdue=terms.now(act) if self.age == OVERDUE else None,
            since=since_of(self.age),
            untouched=self.state == NEW,
            assignee=person_id if self.whose == MINE else None,
            waits=person_id if self.whose == WAIT else None,
            unassigned=self.whose == FREE,
            again=again,
            denied=self.state == DECIDE,
            order=self.order,
        )


def is_age(word: str) -> bool:
    """Whether it is an age of a choice, or the moment since which it was told."""
    return word in AGES or since_of(word) is not None


def age_told(word: str) -> Phrase:
    """An age of a choice in words."""
    since = since_of(word)
    return say(AGES[word]) if since is None else say(SINCE, when=moment(since, "short"))
