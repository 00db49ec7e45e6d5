"""Votes in chat: the open ones, a ballot that may be changed until it closes, and the results."""

from __future__ import annotations

from typing import Any

from aiogram import F, Router
from aiogram.types import CallbackQuery

from actions import audiences, votes
from actions import vote_words as words
from actions.act import CITIZEN, GESTOR, Act, require
from actions.buttons import Page
from flows.compose_vote import ComposeVote
from flows.context import Option
from flows.phrase import N_, Phrase, lines, moment, say
from flows.vote import Vote as VoteFlow
from handlers.desk import Desk
from handlers.doors import door, number_in
from handlers.menu import BACK, VOTES, menu_item, turn_page
from handlers.registration import About, Ending, Handed, register
from handlers.talk import Talk
from storage import parcel
from storage import vote as stored
from storage.parcel import Parcel
from storage.vote import Vote

router = Router(name="votes")

A_PAGE = 6
TITLE = N_("<b>Open votes</b>")
NONE_OPEN = N_("There is no open vote for you right now. We will be glad to have you in the next.")
NO_BARRIO = N_("Tell us your barrio with /avisos, and its votes are shown here too.")
VOTE = N_("🗳 {question}")
CHANGE = N_("✏️ {question}")
RESULTS, RESULTS_TITLE = N_("📊 Results"), N_("<b>Votes that have closed</b>")
NO_RESULTS = N_("No vote has closed yet.")
RESULT = N_("📊 {question}")
OPENED = N_("The vote <b>{question}</b> is open until {closes}.")
SHARE = N_("Share this link: {link}")
ANNOUNCE = N_("📢 Announce it with a call")
MY_PLACE = N_("🏠 Tell us your barrio")
LONGEST_LABEL = 60


def hand_vote(act: Act, about: About) -> Handed:
    vote = act.session.get(Vote, about["vote"])
    # A vote that closes meanwhile still shows its options; casting is what is refused.
    options = [
        Option(str(option.id), option.label)
        for option in stored.options(act.session, about["vote"])
    ]
    return Handed(
        lists={"options": options},
        params={
            "question": vote.question if vote else "",
            "at_most": vote.at_most if vote else 1,
        },
    )


def finish_vote(act: Act, about: About, record: VoteFlow) -> Ending:
    votes.cast(act, about["vote"], [int(choice) for choice in record.choices])
    return Ending(buttons=[[menu_item(VOTES, "votes"), menu_item(BACK, "menu")]])


def hand_audiences(act: Act, about: About) -> Handed:
    return Handed(lists={"audiences": audiences.options(act)})


def finish_compose(act: Act, about: About, record: ComposeVote) -> Ending:
    vote = votes.compose(
        act,
        question=record.question,
        options=record.options,
        at_most=record.at_most,
        audience=record.audience,
        closes=record.closes,
    )
    opened = say(OPENED, question=vote.question, closes=moment(vote.closes_at))
    return Ending(
        text=lines([opened, "", say(SHARE, link=link_to(act, vote))]),
        buttons=[
            [menu_item(ANNOUNCE, "call", f"v{vote.id}")],
            [menu_item(VOTES, "votes"), menu_item(BACK, "menu")],
        ],
    )


register(VoteFlow, finish_vote, hand_vote, CITIZEN)
register(ComposeVote, finish_compose, hand_audiences, GESTOR)


def link_to(act: Act, vote: Vote) -> str:
    """The address that opens a vote."""
    return f"https://t.me/{act.world.username}?start=vote-{vote.id}"


@door("votes")
def open_votes(act: Act, chat_id: int, about: str) -> None:
    """Anybody may look; voting itself asks for consent first."""
    act.turn.card(chat_id, "votes", votes_page(act, 0), anew=True)


@door("vote")
def open_vote(act: Act, chat_id: int, about: str) -> None:
    """Fill in a ballot, with the one that was cast already as it stands."""
    require(act, CITIZEN)
    number = number_in(about)
    standing = votes.present_ballot(act, number)
    talk = Talk(act, chat_id)
    half_done = talk.open_serial("vote", {"vote": number})
    if half_done is not None:
        talk.go_on(half_done)
        return
    suggested = {"choices": [str(choice) for choice in standing]} if standing else None
    talk.begin("vote", {"vote": number}, suggested=suggested)


@door("newvote")
def open_new_vote(act: Act, chat_id: int, about: str) -> None:
    Talk(act, chat_id).begin("compose_vote")


@door("results")
def open_results(act: Act, chat_id: int, about: str) -> None:
    act.turn.card(chat_id, "results", results_page(act, 0), anew=True)


@door("result")
def open_result(act: Act, chat_id: int, about: str) -> None:
    """A vote's result, for anybody: what a town has decided is no secret."""
    vote = votes.counted(act, number_in(about))
    act.turn.owe(chat_id, words.result(act, vote, [[menu_item(RESULTS, "results")]]))


def short(text: str) -> str:
    """A question as a button's label."""
    return text if len(text) <= LONGEST_LABEL else text[: LONGEST_LABEL - 1].rstrip() + "…"


def votes_page(act: Act, number: int) -> Parcel:
    """A page of the votes this person may vote in, and whether they have."""
    found = votes.open_for_me(act)
    pages = max(1, -(-len(found) // A_PAGE))
    number = min(max(number, 0), pages - 1)
    parts: list[Phrase] = [say(TITLE if found else NONE_OPEN)]
    rows: list[list[dict[str, Any]]] = []
    for vote, voted in found[number * A_PAGE : (number + 1) * A_PAGE]:
        parts += ["", say(words.HEADING, question=vote.question)]
        parts.append(say(words.CLOSES, when=moment(vote.closes_at)))
        if voted:
            parts.append(say(words.VOTED))
        label = say(CHANGE if voted else VOTE, question=short(vote.question))
        rows.append([_open(label, vote)])
    if turning := turn_page("votes", number, pages):
        rows.append(turning)
    me = act.actor.person
    if me is not None and me.territory_id is None and act.town.territories:
        parts += ["", say(NO_BARRIO)]
        rows.append([menu_item(MY_PLACE, "notices")])
    rows.append([menu_item(RESULTS, "results"), menu_item(BACK, "menu")])
    return parcel.message(lines(parts), rows)


def _open(label: Phrase, vote: Vote, what: str = "vote") -> dict[str, Any]:
    opens = menu_item(VOTES, what, str(vote.id))
    opens["label"] = label
    return opens


def results_page(act: Act, number: int) -> Parcel:
    """A page of the votes that have closed, the latest first."""
    found = stored.closed_page(act.session, number * A_PAGE, A_PAGE + 1)
    rows = [
        [_open(say(RESULT, question=short(vote.question)), vote, "result")]
        for vote in found[:A_PAGE]
    ]
    pages = number + 2 if len(found) > A_PAGE else number + 1
    if turning := turn_page("results", number, pages):
        rows.append(turning)
    rows.append([menu_item(VOTES, "votes"), menu_item(BACK, "menu")])
    empty = not found and number == 0
    return parcel.message(say(NO_RESULTS if empty else RESULTS_TITLE), rows)


@router.callback_query(Page.filter(F.what.in_({"votes", "results"})))
async def another_page(query: CallbackQuery, callback_data: Page, desk: Desk) -> None:
    def work(act: Act) -> None:
        number = min(max(callback_data.number, 0), 10_000)
        if callback_data.what == "votes":
            act.turn.card(desk.user_id, "votes", votes_page(act, number))
        else:
            act.turn.card(desk.user_id, "results", results_page(act, number))

    await desk.write(work, then=callback_data.what)
