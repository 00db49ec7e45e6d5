"""One eligible person, one ballot, and nobody who holds the database can tell whose it is.

A ballot is found by the voter's secret mark and by nothing else: no audit row, letter or log says
who voted. Without the secret a vote began under, voting stops: it never doubles.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select, update

from actions import audiences, quiet
from actions import vote_words as words
from actions.act import ANYONE, CITIZEN, GESTOR, SYSTEM, Act, Refused, action
from civic import ballot, moments
from civic.audience import TERRITORY, parse
from civic.count import count
from flows import engine
from flows.phrase import N_, say
from storage import due, parcel
from storage import vote as votes
from storage.conversation import TABLE as CONVERSATIONS
from storage.letter import Lane
from storage.person import Person
from storage.vote import Vote, VoteOption

FLOW = "vote"
"""The flow in which a ballot is filled in; its draft is let go when the vote closes."""
TELLING = "vote_tell"
"""The kind of the due row that tells a result."""
SHORTEST = timedelta(hours=1)

NO_SUCH_VOTE = N_("There is no such vote.")
OVER = N_("This vote has closed. Its result is in /votar.")
NOT_FOR_YOU = N_("This vote is for {audience}.")
SAY_YOUR_BARRIO = N_("This vote is for {audience}. Tell us your barrio first, with /avisos.")
NO_SECRET = N_("Voting is stopped for now so that no ballot is counted twice. The team knows.")
NOT_ON_THE_LIST = N_("That is no ballot of this vote. Please vote again with /votar.")
CANNOT_OPEN = N_("No vote can be opened: whoever runs the bot has to set its secret first.")
TOO_SOON = N_("A vote is open for at least an hour. Please choose a later moment.")
TOO_FEW = N_("A vote needs at least two different options.")
TOO_MANY = N_("Nobody can choose more options than there are.")


@action(GESTOR)
def compose(
    act: Act,
    *,
    question: str,
    options: Sequence[str],
    at_most: int,
    audience: str,
    closes: datetime,
) -> Vote:
    """Open a vote; `closes` is wall time in the town, `audience` a value of audiences.options."""
    labels = list(dict.fromkeys(options))
    closes_at = moments.to_utc(closes.isoformat(timespec="minutes"), act.town.zone)
    if not ballot.may_cast(act.world.secret, 0, None):
        raise Refused(say(CANNOT_OPEN))
    if len(labels) < 2:
        raise Refused(say(TOO_FEW))
    if not 1 <= at_most <= len(labels):
        raise Refused(say(TOO_MANY))
    # The hour was asked for with the answer; what the review took is forgiven.
    if closes_at - act.now < SHORTEST / 2:
        raise Refused(say(TOO_SOON))
    whom = audiences.chosen(act, audience)
    vote = Vote(
        question=question,
        at_most=at_most,
        audience=whom.as_json(),
        opens_at=act.now,
        closes_at=closes_at,
        made_by=act.my_id,
    )
    act.session.add(vote)
    act.session.flush()
    assert vote.id is not None
    for position, label in enumerate(labels):
        act.session.add(VoteOption(vote_id=vote.id, position=position, label=label))
    vote.secret_mark = ballot.secret_mark(_secret(act), vote.id)
    votes.plan_closing(act.session, vote)
    act.session.flush()
    act.audit("compose", f"vote:{vote.id}", options=len(labels), at_most=at_most)
    return vote


@action(ANYONE)
def open_for_me(act: Act) -> list[tuple[Vote, bool]]:
    """The votes that whoever acts may vote in now, and whether they have.

    Who only looks round sees those that are for everybody.
    """
    secret = act.world.secret if act.actor.person_id is not None else None
    found = []
    for vote in votes.open_at(act.session, act.now):
        if not audiences.includes_me(act, vote.audience):
            continue
        voted = False
        if secret is not None and ballot.may_cast(secret, _number(vote), vote.secret_mark):
            voted = _present(act, vote) is not None
        found.append((vote, voted))
    return found


@action(CITIZEN)
def votable(act: Act, vote_id: int) -> Vote:
    """A vote in which whoever acts may vote. Raises Refused with what stands in the way."""
    vote = act.session.get(Vote, vote_id)
    if vote is None:
        raise Refused(say(NO_SUCH_VOTE))
    if vote.closed_at is not None or act.received >= vote.closes_at:
        raise Refused(say(OVER))
    if not audiences.includes_me(act, vote.audience):
        whom = audiences.describe(act, vote.audience)
        if parse(vote.audience).kind == TERRITORY and act.me.territory_id is None:
            raise Refused(say(SAY_YOUR_BARRIO, audience=whom))
        raise Refused(say(NOT_FOR_YOU, audience=whom))
    began = vote.secret_mark is not None or not votes.has_ballots(act.session, vote_id)
    if not began or not ballot.may_cast(act.world.secret, vote_id, vote.secret_mark):
        _warn_admins(act, vote)
        raise Refused(say(NO_SECRET))
    return vote


@action(CITIZEN)
def present_ballot(act: Act, vote_id: int) -> list[int] | None:
    """What one's own ballot approves now. Raises Refused as `votable` does."""
    return _present(act, votable(act, vote_id))


@action(CITIZEN)
def cast(act: Act, vote_id: int, choices: Sequence[int]) -> None:
    """Cast a ballot, in place of the one before. It is in no audit: that would tell who voted."""
    vote = votable(act, vote_id)
    known = {option.id for option in votes.options(act.session, vote_id)}
    approved = set(choices)
    if not approved or not approved <= known or len(approved) > vote.at_most:
        raise Refused(say(NOT_ON_THE_LIST))
    if vote.secret_mark is None:
        # A vote of the town's file gets its mark with its first ballot.
        vote.secret_mark = ballot.secret_mark(_secret(act), vote_id)
        act.session.flush()
    votes.put_ballot(act.session, vote_id, _voter(act, vote), sorted(approved))


@action(SYSTEM)
def close(act: Act, vote_id: int) -> bool:
    """Count a vote and keep its result for good; False when there is nothing to close."""
    vote = act.session.get(Vote, vote_id)
    if vote is None or vote.closed_at is not None:
        return False
    votes.mix(act.session, vote_id)
    options = [option.id or 0 for option in votes.options(act.session, vote_id)]
    counted = count(options, votes.ballots(act.session, vote_id), vote.at_most)
    vote.result = {
        "ballots": counted.ballots,
        "void": counted.void,
        "totals": [list(total) for total in counted.totals],
        "winners": list(counted.winners),
        "eligible": audiences.eligible(act, vote.audience),
    }
    vote.closed_at = act.now
    act.session.flush()
    act.audit("close", f"vote:{vote_id}", ballots=counted.ballots)
    _let_drafts_go(act, vote)
    _tell_maker(act, vote)
    due.plan(act.session, f"{TELLING}:{vote_id}", TELLING, vote_id, act.now)
    return True


@action(SYSTEM)
def tell(act: Act, vote_id: int, after: int, most: int) -> tuple[int | None, int]:
    """Send the result to a piece of a vote's people: where to go on (None: done), how many.

    Whoever wants no calls is not written to: they find it in /votar.
    """
    vote = act.session.get(Vote, vote_id)
    if vote is None or vote.closed_at is None:
        return None, 0
    body = words.result(act, vote)
    found = audiences.members(act, vote.audience, after, most)
    told = quiet.owe(
        act,
        [
            (member.telegram_id, f"result:{vote_id}:{member.person_id}", body)
            for member in found
            if member.skip() is None and member.person_id != vote.made_by
        ],
    )
    return (found[-1].person_id if len(found) == most else None), told


def counted(act: Act, vote_id: int) -> Vote:
    """A vote that has been counted. Raises Refused for any other."""
    vote = act.session.get(Vote, vote_id)
    if vote is None or vote.closed_at is None:
        raise Refused(say(NO_SUCH_VOTE))
    return vote


def _number(vote: Vote) -> int:
    assert vote.id is not None
    return vote.id


def _secret(act: Act) -> bytes:
    secret = act.world.secret
    assert secret is not None
    return secret


def _voter(act: Act, vote: Vote) -> str:
    return ballot.voter_key(_secret(act), _number(vote), act.me.telegram_id)


def _present(act: Act, vote: Vote) -> list[int] | None:
    return votes.ballot_of(act.session, _number(vote), _voter(act, vote))


def _warn_admins(act: Act, vote: Vote) -> None:
    for admin in sorted(act.world.admins):
        act.turn.owe_once(
            admin,
            parcel.message(say(words.SECRET_LOST, question=vote.question)),
            dedupe=f"secret:{vote.id}:{admin}",
            lane=Lane.REPLY,
        )


def _tell_maker(act: Act, vote: Vote) -> None:
    maker = act.session.get(Person, vote.made_by) if vote.made_by else None
    if maker is not None:
        act.turn.owe_once(
            maker.telegram_id,
            words.result(act, vote),
            dedupe=f"result:{vote.id}:{maker.id}",
        )


def _let_drafts_go(act: Act, vote: Vote) -> None:
    """Ballots that were being filled in are no longer wanted, and must not stay with a name."""
    rows = (
        act.session.connection()
        .execute(
            select(CONVERSATIONS.c.chat_id, CONVERSATIONS.c.active, CONVERSATIONS.c.parked).where(
                CONVERSATIONS.c.open
            )
        )
        .all()
    )
    for chat_id, active, parked in rows:
        kept = [entry for entry in parked or [] if not _is_draft(entry, vote)]
        was_active = _is_draft(active, vote)
        if not was_active and len(kept) == len(parked or []):
            continue
        left = None if was_active else active
        act.session.connection().execute(
            update(CONVERSATIONS)
            .where(CONVERSATIONS.c.chat_id == chat_id)
            .values(active=left, parked=kept, open=bool(left or kept))
        )
        keys = was_active and engine.shows_keys(active["talk"])
        body = parcel.message(say(words.TOO_LATE, question=vote.question), clear_keys=keys)
        quiet.owe(act, [(chat_id, f"too_late:{vote.id}:{chat_id}", body)])


def _is_draft(entry: dict[str, Any] | None, vote: Vote) -> bool:
    if not entry:
        return False
    return bool(entry["name"] == FLOW and entry["about"].get("vote") == vote.id)
