"""What is kept about somebody is theirs: a copy in chat, and the end of it, of which nothing is
left: in no table and on nobody's screen."""

from __future__ import annotations

import json
import re
from typing import Any

from sqlmodel import select

from actions import (
    casework,
    follow_ups,
    follows,
    group_words,
    meeting_words,
    personal_data,
    redacting,
    report_views,
    team_card,
)
from actions import report_words as words
from actions.act import Act, actor_of
from handlers import meetings as meetings_desk
from handlers import my_data
from storage import METADATA
from storage.group import WorkingGroup
from storage.person import by_telegram
from storage.report import Report, ReportPhoto
from storage.turn import Turn
from storage.vote import Ballot
from tests.conversations.conftest import ADMIN, Town
from tests.conversations.talker import Talker
from tests.conversations.test_closing import fills_in, options, the_vote
from tests.conversations.test_meeting import called, joined, on
from tests.conversations.test_report import code_in, head, stored, tells
from tests.conversations.test_staff_group import the_team

NAME = "Xiomarita Quispezzyx"
ALIAS = "Vecina Quetzalcoatlina"
SECRET = "Mi vecino Periandro vende cosas raras de noche."
ADDITION = "Y la zarigueya duerme debajo."
WHY = "El electricista Hermenegildo nunca vino."
LABEL = "Casa de Xiomarita"
STORY = "Zarzaparrilla encendida junto a mi casa, llame al 555-0199-8877."


async def everything(town: Town) -> str:
    """Every column of every table as one text."""

    def dump(turn: Turn) -> str:
        connection = turn.session.connection()
        return "\n".join(
            f"{table.name} {json.dumps(dict(row), default=str, ensure_ascii=False)}"
            for table in METADATA.sorted_tables
            for row in connection.execute(table.select()).mappings()
        )

    return await town.turn(dump)


def on_screens(town: Town, but: int) -> str:
    """Every message of the bot that stands now in a chat that is not this person's."""
    texts: list[str] = []
    world = town.sim.world
    others = [chat for chat in world.privates.values() if chat.id != but]
    for chat in (*world.groups.values(), *others):
        texts += [
            json.dumps(stored.data, ensure_ascii=False)
            for stored in chat.messages.values()
            if not stored.deleted and stored.data.get("from", {}).get("is_bot")
        ]
    return "\n".join(texts)


def holding(text: str, needle: str) -> list[str]:
    """The lines of a text in which something stands; of a number, not as a part of a longer one."""
    found = re.compile(rf"(?<!\d){re.escape(needle)}(?!\d)")
    return [line for line in text.splitlines() if found.search(line)]


def as_(town: Town, turn: Turn, who: Talker) -> Act:
    """Somebody acting without a tap."""
    return Act(turn, actor_of(turn.session, who.id, "", "es"), town.house.world)


async def erases(rosa: Talker) -> None:
    """Through both questions."""
    await rosa.says("/misdatos")
    await rosa.taps(my_data.ERASE)
    rosa.told(my_data.WHAT_GOES)
    await rosa.taps(my_data.GO_ON)
    rosa.told(my_data.SURE)
    await rosa.taps(my_data.FOR_EVER)
    rosa.told(personal_data.ERASED)
    # The last letter has left: its row goes too.
    await rosa.town.jump(seconds=5)


async def reports_of(town: Town) -> list[Report]:
    """Every report there is."""
    return await town.turn(lambda turn: list(turn.session.exec(select(Report))))


def file_of(town: Town, rosa: Talker) -> dict[str, Any]:
    """The file that was sent last."""
    document = rosa.last.data["document"]
    found: dict[str, Any] = json.loads(town.sim.world.files.get(document["file_id"]).content)
    return found


async def test_a_copy_of_everything_as_a_file(town: Town) -> None:
    rosa, luis = await town.neighbour(NAME), await town.neighbour("Luis")
    code = await tells(rosa, STORY)
    other = await tells(luis, "Otra cosa muy distinta, de otra persona.")
    await rosa.says("/misdatos")
    rosa.told(my_data.YOURS)
    await rosa.taps(my_data.TAKE_COPY)
    rosa.told(personal_data.HERE_IT_IS)
    assert rosa.last.data["document"]["file_name"] == "mis_datos.json"
    file = file_of(town, rosa)
    assert "Villa Ceiba" in file["about"]
    rows = file["data"]
    # Who opens the file reads first what they told, and last how it came and went.
    order = list(rows)
    assert order.index("report") < order.index("inbox")
    assert order.index("person") < order.index("letter")
    (me,) = rows["person"]
    assert (me["name"], me["telegram_id"]) == (NAME, rosa.id)
    (report,) = rows["report"]
    assert (report["code"], report["words"], report["person"]) == (code, STORY, "me")
    (photo,) = rows["report_photo"]
    assert photo["file_id"] and photo["report"] == code
    assert {row["action"] for row in rows["audit"]} >= {"agree", "file"}
    assert other not in str(file) and "Luis" not in str(file)


async def test_two_questions_and_an_old_one_is_put_again(town: Town) -> None:
    rosa = await town.neighbour(NAME)
    code = await tells(rosa, STORY)
    await rosa.says("/misdatos")
    await rosa.taps(my_data.ERASE)
    await rosa.taps(my_data.KEEP)
    rosa.told(my_data.MY_DATA)
    await rosa.taps(my_data.ERASE)
    await rosa.taps(my_data.GO_ON)
    question = rosa.last
    await town.jump(hours=2)
    await rosa.taps(my_data.FOR_EVER, question)
    rosa.shown(my_data.TOO_OLD)
    rosa.told(my_data.WHAT_GOES)
    for forged in ("z:erase:0", "z:erase:2147483647", "z:nonsense:1"):
        await rosa.taps(data=forged)
    assert STORY in await everything(town)
    await rosa.says("/misreportes")
    assert code in rosa.last.text


async def test_a_stranger_has_nothing_to_fear(town: Town) -> None:
    rosa = town.talker(NAME)
    await rosa.starts()
    await rosa.says("/misdatos")
    rosa.told(my_data.NOTHING_KEPT)
    await rosa.taps(my_data.TAKE_COPY)
    assert "person" not in file_of(town, rosa)["data"]
    await erases(rosa)
    assert not holding(await everything(town), str(rosa.id))


async def test_afterwards_it_begins_anew(town: Town) -> None:
    rosa, marta = await town.neighbour(NAME), await town.gestora("Marta")
    code = await tells(rosa, STORY)
    # In the middle of something else.
    await rosa.says("/reportar")
    await erases(rosa)
    left = await everything(town)
    for needle in (NAME, STORY, str(rosa.id)):
        assert not holding(left, needle)
        assert not holding(on_screens(town, rosa.id), needle)
    card = marta.find(words.HEADING, **head(marta, code))
    # The report itself is a public matter, and the team goes on with it.
    await marta.taps("Confirm", card)
    marta.shown("Done.")
    assert await town.turn(lambda turn: by_telegram(turn.session, rosa.id)) is None
    await rosa.says("/misreportes")
    rosa.told("Before we keep anything you tell us, please read this:")
    await rosa.taps("I agree")
    assert code not in rosa.last.text
    again = await tells(rosa)
    assert code_in(again) != code


async def test_nothing_is_left_in_any_table_nor_on_anybodys_screen(town: Town) -> None:
    rosa, luis = await town.neighbour(NAME), await town.neighbour("Luis")
    marta, lidia = await town.gestora("Marta"), await town.leader("Lidia", 1)
    admin = await town.neighbour("Ada", id=ADMIN)
    await the_team(town, marta)
    await town.turn(lambda turn: setattr(by_telegram(turn.session, rosa.id), "pseudonym", ALIAS))

    # A public report with a photo and a voice note, and a private one.
    code = await tells(rosa, STORY)
    await rosa.says(f"/reporte {code}")
    await rosa.taps(report_views.ADD)
    await rosa.says(ADDITION)
    await rosa.does("sends_photo")
    await rosa.taps("Done")
    hidden = await tells(rosa, SECRET)
    await rosa.says(f"/reporte {hidden}")
    await rosa.taps(report_views.MAKE_PRIVATE)
    # A neighbour reads it and joins; so does she with the neighbour's, and says more there.
    await luis.says(f"/reporte {code}")
    assert ALIAS in luis.last.text
    await luis.taps(report_views.JOIN)
    await luis.says("/misreportes")
    other = await tells(luis, "Un bache enorme frente a la escuela primaria.")
    await rosa.says(f"/reporte {other}")
    await rosa.taps(report_views.JOIN)
    await rosa.says(f"/reporte {other}")
    await rosa.taps(report_views.ADD)
    await rosa.does("sends_voice", 4)
    await rosa.taps("Skip")
    # A group, a meeting and a vote.
    await joined(rosa, await town.turn(lambda turn: turn.session.get_one(WorkingGroup, 1).name))
    await lidia.says("/liderar")
    await lidia.taps(group_words.MEMBERS)
    assert NAME in lidia.last.text
    await called(lidia, "Limpieza", f"{on(town, 40)} 18:30")
    await town.jump(seconds=1)
    await rosa.taps(meeting_words.LABELS["yes"])
    await lidia.says("/liderar")
    await lidia.taps(group_words.MEETINGS)
    await lidia.taps(meetings_desk.WHO_COMES)
    assert NAME in lidia.last.text
    vote = await the_vote(town)
    await fills_in(rosa, vote, (await options(town))[0].label)
    await rosa.taps("🗳 Cast my ballot")
    ballots = await town.turn(lambda turn: turn.session.exec(select(Ballot)).all())
    assert len(ballots) == 1

    # The team looks at all of it, takes words out, and an administrator reads them.
    await marta.taps("More…", marta.find(words.HEADING, **head(marta, code)))
    await marta.taps(team_card.HISTORY)
    report = await stored(town, code)
    assert report.id is not None
    await town.turn(lambda turn: redacting.redact(as_(town, turn, marta), report.id or 0, "w"))
    await town.quiet()
    assert holding(await everything(town), STORY)
    await admin.taps(data=f"r:originals:{report.id}:")
    assert STORY in admin.texts
    # It is fixed, they say; she says that it is not, and why. She follows a place, too.
    await town.turn(lambda turn: casework.move(as_(town, turn, marta), report.id or 0, "fixed"))
    await town.jump(days=29)
    await rosa.taps(follow_ups.IT_WAS_NOT)
    await rosa.says(WHY)
    await rosa.does("sends_photo")
    await rosa.taps("Done")
    place = town.places()[0]
    await town.turn(
        lambda turn: follows.follow_place(
            as_(town, turn, rosa), place["latitude"], place["longitude"], 300, LABEL
        )
    )
    whole, screens = await everything(town), on_screens(town, rosa.id)
    for needle in (NAME, ALIAS, STORY, SECRET, ADDITION, WHY, LABEL):
        assert holding(whole, needle), needle
    for needle in (NAME, STORY, SECRET, ADDITION):
        assert holding(screens, needle), needle
    me = await town.turn(lambda turn: by_telegram(turn.session, rosa.id))
    assert me is not None
    mine = select(ReportPhoto.file_id).where(ReportPhoto.person_id == me.id)
    files = await town.turn(lambda turn: list(turn.session.exec(mine)))
    assert len(files) >= 4

    await erases(rosa)
    left = await everything(town)
    screens = on_screens(town, rosa.id)
    for needle in (NAME, ALIAS, STORY, SECRET, ADDITION, WHY, LABEL, "555-0199", str(rosa.id)):
        assert not holding(left, needle), needle
        assert not holding(screens, needle), needle
    for file in files:
        assert not holding(left, file)
    # What is everybody's stays: the reports, what others joined, and a ballot that is nobody's.
    assert {code, hidden, other} <= {row.code for row in await reports_of(town)}
    (kept,) = await town.turn(lambda turn: turn.session.exec(select(Ballot)).all())
    assert kept.voter == ballots[0].voter


async def test_whoever_comes_back_is_one_voter_still(town: Town) -> None:
    rosa, vote = await town.neighbour(NAME), await the_vote(town)
    for number in range(2):
        await fills_in(rosa, vote, (await options(town))[number].label)
        await rosa.taps("🗳 Cast my ballot")
        await erases(rosa)
        (ballot,) = await town.turn(lambda turn: turn.session.exec(select(Ballot)).all())
        # The ballot is found again by its mark, and changed: it is the one they had.
        assert ballot.choices == [1, 2][: number + 1]
        await rosa.starts("mine")
        await rosa.taps("I agree")
