"""How a vote is told: as it stands, and its result in words and in the data of its picture."""

from __future__ import annotations

from typing import Any

from actions.act import Act
from flows.phrase import N_, Phrase, count, lines, listing, moment, say
from storage import parcel
from storage import vote as votes
from storage.parcel import Buttons, Parcel
from storage.vote import Vote

HEADING = N_("🗳 <b>{question}</b>")
FOR = N_("For: {audience}")
CLOSES = N_("Open until {when}")
CLOSED = N_("Closed on {when}")
VOTED = N_("✅ You have voted. You may change your ballot until it closes.")
NOBODY_VOTED = N_("Nobody voted.")
NOTHING_VALID = N_("No option got a vote.")
WINNER = N_("🏆 The result: <b>{option}</b>")
TIED = N_("🤝 A tie between {options}")
TOO_LATE = N_(
    "The vote “{question}” has closed. What you had not cast yet was let go; a ballot you cast "
    "before counts."
)
SECRET_LOST = N_(
    "⚠️ Nobody can vote in “{question}”: the bot's secret (CABILDO_SECRET) is missing or is not "
    "the one the vote began with. Set the earlier one again and restart the bot."
)

ROOM = 640
"""How many characters of a caption the options may take: Telegram allows 1,024 in all."""


def ballots(number: int) -> Phrase:
    """How many people voted."""
    return count("{count} person voted", "{count} people voted", number)


def result(act: Act, vote: Vote, buttons: Buttons | None = None) -> Parcel:
    """A counted vote as a picture with its words; the same for everybody who reads a language.

    What is equal is drawn once, and sent again by Telegram's own copy.
    """
    return parcel.message(
        words(act, vote), buttons, picture={"kind": "vote_result", "data": data(act, vote)}
    )


def words(act: Act, vote: Vote) -> Phrase:
    """A counted vote in words: what won, and each option's votes, the most first."""
    counted, labels = _counted(act, vote)
    parts: list[Phrase] = [say(HEADING, question=vote.question)]
    winners: list[Phrase] = [labels[option] for option in counted["winners"]]
    if not counted["ballots"]:
        parts.append(say(NOBODY_VOTED))
    elif not winners:
        parts.append(say(NOTHING_VALID))
    elif len(winners) == 1:
        parts.append(say(WINNER, option=winners[0]))
    else:
        parts.append(say(TIED, options=listing(winners[:6])))
    if winners:
        parts += ["", *_options(counted["totals"], labels)]
    if counted["ballots"]:
        parts += ["", ballots(counted["ballots"])]
    if vote.closed_at is not None:
        parts.append(say(CLOSED, when=moment(vote.closes_at)))
    return lines(parts)


def _options(totals: list[list[int]], labels: dict[int, str]) -> list[Phrase]:
    told: list[Phrase] = []
    room = ROOM
    ranked = sorted(totals, key=lambda total: -total[1])
    for place, (option, number) in enumerate(ranked):
        room -= len(labels[option].encode("utf-16-le")) // 2 + 20
        if room < 0:
            left = len(ranked) - place
            told.append(
                count(
                    "… and {count} more option, in the picture",
                    "… and {count} more options, in the picture",
                    left,
                )
            )
            break
        told.append(
            count(
                "{option}: <b>{count}</b> vote",
                "{option}: <b>{count}</b> votes",
                number,
                option=labels[option],
            )
        )
    return told


def data(act: Act, vote: Vote) -> dict[str, Any]:
    """What the picture shows; the moment is on the town's clock."""
    counted, labels = _counted(act, vote)
    eligible = counted.get("eligible")
    return {
        "question": vote.question,
        "town": act.town.name,
        "options": [
            {"label": labels[option], "votes": number} for option, number in counted["totals"]
        ],
        "ballots": counted["ballots"],
        # Somebody may have moved away since they voted: more ballots than people says nothing.
        "eligible": eligible if eligible and eligible >= counted["ballots"] else None,
        "closed": vote.closes_at.astimezone(act.town.zone).isoformat(),
        "zone": act.town.timezone,
    }


def _counted(act: Act, vote: Vote) -> tuple[dict[str, Any], dict[int, str]]:
    assert vote.id is not None
    labels = {option.id or 0: option.label for option in votes.options(act.session, vote.id)}
    counted = vote.result or {"ballots": 0, "totals": [[o, 0] for o in labels], "winners": []}
    return counted, labels
