"""What people decide about themselves: consent, language, what they want to be told."""

from __future__ import annotations

from actions import kept_bans
from actions.act import ANYONE, CITIZEN, GESTOR, Act, Refused, action, require
from flows.phrase import N_, Phrase, say
from storage import call
from storage.person import DIGESTS, Person
from storage.town import Territory

NO_SUCH_PLACE = N_("That place is no longer on our list.")


@action(ANYONE)
def agree(act: Act, version: int) -> bool:
    """Agree to the privacy text as it was shown; False when another version stands by now."""
    town = act.town
    if version != town.privacy_version:
        return False
    actor = act.actor
    person = actor.person
    if person is None:
        person = Person(
            telegram_id=actor.telegram_id,
            name=actor.name,
            language=actor.language,
            created_at=act.now,
        )
        act.session.add(person)
        kept_bans.give_back(act, person)
    person.privacy_version = version
    person.agreed_at = act.now
    person.reachable = True
    act.session.flush()
    actor.became(person)
    act.audit("agree", f"person:{person.id}", version=version)
    return True


@action(ANYONE)
def choose_language(act: Act, language: str) -> None:
    """Speak to this person in another language from now on.

    Somebody we do not know yet is not kept for this alone: Telegram tells their language.
    """
    act.actor.language = language
    act.turn.language = language
    if act.actor.person is not None:
        act.actor.person.language = language
        act.session.flush()
        act.audit("choose_language", f"person:{act.actor.person_id}", language=language)


@action(ANYONE)
def set_calls(act: Act, wanted: bool) -> None:
    """Take part in calls, or hear no more of them; it holds until they say otherwise.

    Saying no asks for nothing first, and stops the calls that are owed and have not left.
    """
    if wanted:
        require(act, CITIZEN)
    person = act.actor.person
    if person is None:
        # Somebody we do not know is written to by no call.
        return
    if person.calls != wanted:
        person.calls = wanted
        act.session.flush()
        act.audit("set_calls", f"person:{person.id}", wanted=wanted)
    if not wanted:
        act.turn.flush()
        call.drop_letters_to(act.session, person.telegram_id, act.turn.machine)


@action(CITIZEN)
def set_reminders(act: Act, wanted: bool) -> None:
    """Hear of meetings again before they begin, or not."""
    act.me.reminders = wanted
    act.session.flush()
    act.audit("set_reminders", f"person:{act.my_id}", wanted=wanted)


@action(CITIZEN)
def set_news(act: Act, wanted: bool) -> None:
    """Hear what becomes of the reports they told or joined, or not."""
    act.me.news = wanted
    act.session.flush()
    act.audit("set_news", f"person:{act.my_id}", wanted=wanted)


@action(CITIZEN)
def set_follow_ups(act: Act, wanted: bool) -> None:
    """Be asked some weeks after a repair whether it holds, or not."""
    act.me.follow_ups = wanted
    act.session.flush()
    act.audit("set_follow_ups", f"person:{act.my_id}", wanted=wanted)


@action(GESTOR)
def set_digest(act: Act, how_often: str) -> None:
    """How often a gestor hears of new reports: now, hourly or daily."""
    if how_often in DIGESTS:
        act.me.digest = how_often
        act.session.flush()
        act.audit("set_digest", f"person:{act.my_id}", how_often=how_often)


@action(CITIZEN)
def live_in(act: Act, territory_id: int | None) -> Territory | None:
    """Say which barrio is theirs: calls and votes for a barrio reach who lives there."""
    place = act.town.territory(territory_id)
    if territory_id is not None and not act.town.offers(territory_id):
        raise Refused(say(NO_SUCH_PLACE))
    act.me.territory_id = territory_id
    act.session.flush()
    act.audit("live_in", f"person:{act.my_id}", territory=territory_id)
    return place


def privacy_card(act: Act) -> Phrase:
    """The privacy text in every language the town gave it."""
    return {"names": act.town.privacy}
