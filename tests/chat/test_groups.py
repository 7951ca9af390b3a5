"""In a group: "write to me in private", and nothing personal."""

from bot.i18n import Translator
from bot.playground.people import Person
from tests import words
from tests.talk import AT_OFFICE, Office, Talk


async def test_in_a_group_it_says_one_thing(office: Office, linked: Person, t: Translator) -> None:
    group = office.playground.group
    office.playground.world.reads_groups = True
    for said in ("/start", "/today", "/login", "/history", "1001", office.account(linked).password, "📍 Clock in"):
        linked.say(said, chat=group)
        await office.rest()
    linked.share_location(AT_OFFICE.latitude, AT_OFFICE.longitude, chat=group)
    await office.rest()
    heard = [message for message in group.history() if message.by_bot]
    assert len(heard) == 8
    assert {message.text for message in heard} == {t(words.WRITE_IN_PRIVATE)}
    assert await office.punches() == []


async def test_a_dialog_in_private_is_not_answered_from_a_group(office: Office, mona: Person, talk: Talk) -> None:
    await talk(mona, [("/login", words.ASK_USERNAME)])
    mona.say("/nonsense", chat=office.playground.group)
    await office.rest()
    await talk(mona, [("1001", words.ASK_PASSWORD)])


async def test_a_button_in_a_group_is_answered_and_does_nothing(office: Office, linked: Person) -> None:
    group = office.playground.group
    linked.say("/start", chat=group)
    await office.rest()
    before = len(group.history())
    query = office.playground.world.add_query(group)
    message = {"chat": group.wire(), "message_id": group.history()[-1].message_id, "date": 0}
    office.playground.push_raw(callback_query={
        "id": query, "from": linked.user.wire(), "message": message, "chat_instance": "1", "data": "today",
    })  # fmt: skip
    await office.rest()
    assert len(group.history()) == before
    assert not office.playground.world.queries, "the button keeps spinning"


async def test_who_joins_and_leaves_is_no_talk(office: Office, mona: Person) -> None:
    group = office.playground.group
    office.playground.push_raw(message={
        "message_id": 1, "date": 0, "chat": group.wire(), "from": mona.user.wire(),
        "new_chat_members": [mona.user.wire()],
    })  # fmt: skip
    await office.rest()
    assert [message for message in group.history() if message.by_bot] == []
