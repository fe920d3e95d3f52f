"""Messages, their contents, mentions, reactions, pins and threads."""

import pytest

from bot.rehearsal.standin.permissions import (
    NOTHING,
    Overwrite,
    Permission,
)
from bot.rehearsal.standin.rest.applications import direct_with
from bot.rehearsal.standin.world import messages, reactions, rooms, threads
from bot.rehearsal.standin.world.drafts import LARGEST_FILE, Draft, Upload
from tests.bot.rehearsal.standin.worlds import VERSATILE, form, refused


def post(place, content="Tea?", author=None, **more):
    draft = Draft({"content": content, **more})
    user = place.world.users[author or place.bot].to_json()
    channel = place.world.channel(place.text)
    return messages.post(place.world, user, channel, draft)


def button(**more):
    return {"type": 2, "style": 1, "custom_id": "b", "label": "B", **more}


def row(*inner):
    return {"type": 1, "components": list(inner)}


@pytest.mark.parametrize(
    ("body", "at"),
    [
        ({"content": "x" * 2001}, "content"),
        ({"embeds": [{"title": "x" * 257}]}, "embeds"),
        ({"embeds": [{"description": "x" * 4096}] * 2}, "embeds"),
        ({"embeds": [{"fields": [{"name": "n", "value": ""}]}]}, "embeds"),
        ({"embeds": [{}] * 11}, "embeds"),
        ({"components": [button()]}, "components"),
        ({"components": [row()] * 6}, "components"),
        ({"components": [row(*[button(custom_id=c) for c in "abcdef"])]}, "components"),
        ({"components": [row(button(), button())]}, "components"),
        ({"components": [row(button(label="x" * 81))]}, "components"),
        ({"components": [row(button(custom_id=None))]}, "components"),
        ({"content": "x", "flags": 1 << 15}, "flags"),
        ({"content": "x", "nonce": "n" * 26}, "nonce"),
        ({"embeds": [{"color": 1}]}, "embeds"),
        ({"embeds": [{"title": "x", "url": "example.org"}]}, "embeds"),
        ({"embeds": [{"image": {"url": "ftp://example.org"}}]}, "embeds"),
        ({"embeds": [{"fields": [{"name": " ", "value": "v"}]}]}, "embeds"),
        ({"embeds": [{"footer": {"text": "x" * 2049}}]}, "embeds"),
        ({"attachments": [{"id": "0", "description": "x" * 1025}]}, "attachments"),
        ({"allowed_mentions": {"parse": ["all"]}}, "allowed_mentions"),
        (
            {"allowed_mentions": {"parse": ["users"], "users": ["1"]}},
            "allowed_mentions",
        ),
        (
            {"allowed_mentions": {"roles": [str(one) for one in range(101)]}},
            "allowed_mentions",
        ),
    ],
)
def test_the_limits_of_a_message(body, at):
    """50035 names the field."""
    draft = Draft(body)

    with refused(50035) as refusal:
        draft.check(flags=draft.flags)

    assert at in refusal.value.errors


@pytest.mark.parametrize("body", [{"content": ""}, {"content": " \n"}, {"embeds": []}])
def test_nothing_cannot_be_sent(body):
    """50006; blanks are nothing."""
    with refused(50006):
        Draft(body).require_something()


def test_blanks_around_an_embeds_words_do_not_count():
    """Discord trims before it measures."""
    Draft({"embeds": [{"title": " " * 20 + "x" * 256 + " " * 20}]}).check(flags=0)


def test_a_message_is_not_emptied(place):
    """50006 where an edit would leave nothing; what else is there may be all."""
    plain, shown = post(place), post(place, embeds=[{"title": "Tea"}])

    with refused(50006):
        messages.edit(place.world, plain, Draft({"content": ""}))
    messages.edit(place.world, shown, Draft({"content": None}))

    assert (plain["content"], shown["content"]) == ("Tea?", "")


def test_ten_files_are_enough():
    """30015 for the eleventh, 40005 for more than 25 MiB together."""
    small = [Upload(str(n), "a.txt", "text/plain", b"a") for n in range(11)]
    large = [
        Upload(str(n), "a.wav", "audio/wav", b"0" * (9 * 1024 * 1024)) for n in range(3)
    ]

    with refused(30015):
        Draft({}, small).check(flags=0)
    with refused(40005):
        Draft({}, large).check(flags=0)


def test_a_nonce_that_must_be_unique_brings_one_message(place):
    """The same within minutes is the message that is there; later it is another."""
    asked = {"nonce": "n1", "enforce_nonce": True}

    first, again = post(place, **asked), post(place, "Coffee?", **asked)
    loose = post(place, nonce="n1")
    place.clock.advance(messages.NONCE_KEPT_S + 1)
    later = post(place, **asked)

    assert again is first
    assert len({one["id"] for one in (first, loose, later)}) == 3


def test_the_nonce_of_a_message_that_is_gone_is_free(place):
    """There is nothing to give back."""
    asked = {"nonce": "n1", "enforce_nonce": True}
    messages.delete(place.world, post(place, **asked))

    assert post(place, "Again", **asked)["content"] == "Again"


def test_a_file_over_ten_megabytes_is_too_large():
    """40005, with HTTP status 413."""
    upload = Upload("0", "big.wav", "audio/wav", b"0" * (LARGEST_FILE + 1))

    with refused(40005) as refusal:
        Draft({}, [upload]).check(flags=0)

    assert refusal.value.status == 413


@pytest.mark.parametrize(
    ("allowed", "mentioned"),
    [
        (lambda _: None, True),
        (lambda _: {"parse": ["users"]}, True),
        (lambda _: {"parse": []}, False),
        (lambda place: {"parse": [], "users": [str(place.ann)]}, True),
    ],
)
def test_mentions_work_as_far_as_they_are_allowed(place, allowed, mentioned):
    """``allowed_mentions`` decides whom a text mentions."""
    message = post(place, f"<@{place.ann}>?", allowed_mentions=allowed(place))

    assert bool(message["mentions"]) is mentioned


def test_everyone_is_mentioned_only_by_who_may(place):
    """A member without MENTION_EVERYONE writes just words."""
    by_bot = post(place, "@everyone")
    by_member = post(place, "@everyone", author=place.ann)

    assert by_bot["mention_everyone"]
    assert not by_member["mention_everyone"]


def test_a_reply_carries_what_it_answers(place):
    """Type 19, reference and referenced message; unknown ones are refused."""
    question = post(place, author=place.ann)

    answer = post(place, message_reference={"message_id": question["id"]})

    assert answer["type"] == 19
    assert answer["referenced_message"]["id"] == question["id"]
    with refused(50035):
        post(place, message_reference={"message_id": "5"})


@pytest.mark.parametrize(
    ("allowed", "mentioned"),
    [(None, True), ({"parse": []}, False), ({"replied_user": True}, True)],
)
def test_who_is_answered_is_mentioned_if_that_is_allowed(place, allowed, mentioned):
    """Without ``allowed_mentions`` a reply mentions whom it answers."""
    question = post(place, author=place.ann)
    to = {"message_id": question["id"]}

    answer = post(place, message_reference=to, allowed_mentions=allowed)

    assert bool(answer["mentions"]) is mentioned


def test_a_reply_needs_the_history(place):
    """160002."""
    question, channel = post(place), place.guild.channels[place.text]
    bits = Permission.READ_MESSAGE_HISTORY
    channel.overwrites[place.bot] = Overwrite(place.bot, True, NOTHING, bits)

    with refused(160002):
        post(place, message_reference={"message_id": question["id"]})


def test_who_left_the_guild_cannot_be_written_to(place):
    """50278: bot and user have no guild in common; 50007 for who wants none."""
    direct = direct_with(place.world, place.ann)
    place.world.refuses_direct.add(place.ann)

    with refused(50007):
        messages.require_may_post(place.world, place.bot, direct)
    del place.guild.members[place.ann]
    with refused(50278):
        messages.require_may_post(place.world, place.bot, direct)


def test_history_is_read_newest_first(place):
    """With ``before`` and ``after`` as borders."""
    made = [int(post(place, str(number))["id"]) for number in range(5)]

    def read(**more):
        found = messages.page(place.world, place.text, **more)
        return [made.index(int(one["id"])) for one in found]

    assert read(limit=2) == [4, 3]
    assert read(before=made[2]) == [1, 0]
    assert read(after=made[1], limit=2) == [3, 2]


def test_writing_needs_permission(place):
    """50013 where SEND_MESSAGES is denied, 50001 where nothing is seen."""
    channel = place.guild.channels[place.text]

    for bits, code in [
        (Permission.SEND_MESSAGES, 50013),
        (Permission.VIEW_CHANNEL, 50001),
    ]:
        channel.overwrites[place.ann] = Overwrite(place.ann, True, NOTHING, bits)
        with refused(code):
            messages.require_may_post(place.world, place.ann, channel)


def test_a_reaction_counts_once_per_member(place):
    """And is gone when taken back."""
    message = post(place)
    for user_id in (place.ann, place.ann, place.ben):
        reactions.add(place.world, user_id, message, "👍")

    (seen,) = reactions.shown(place.world, message, place.ben)["reactions"]
    reactions.remove(place.world, place.ann, message, "👍")
    reactions.remove(place.world, place.ben, message, "👍")

    assert (seen["count"], seen["me"]) == (2, True)
    assert "reactions" not in reactions.shown(place.world, message, place.ben)
    assert len(place.told("MESSAGE_REACTION_ADD")) == 2


def test_a_deleted_message_is_unknown(place):
    """10008, and its pin is gone with it."""
    message = post(place)
    messages.pin(place.world, place.world.channel(place.text), message, on=True)

    messages.delete(place.world, message)

    with refused(10008):
        messages.find(place.world, place.text, int(message["id"]))
    assert place.world.pins[place.text] == {}


def test_a_message_has_one_thread_with_its_own_id(place):
    """160004 for a second."""
    message, channel = post(place), place.guild.channels[place.text]

    def create():
        return threads.create(
            place.world, place.bot, channel, form(name="Captions"), message
        )

    assert create().id == int(message["id"])
    with refused(160004):
        create()


def test_a_private_thread_is_seen_by_who_is_in_it(place):
    """And by who manages threads; others have no permission there at all."""
    bits = VERSATILE | Permission.CREATE_PRIVATE_THREADS
    place.guild.roles[place.guild.members[place.bot].roles[0]].permissions = bits
    channel = place.guild.channels[place.text]
    thread = threads.create(
        place.world, place.bot, channel, form(name="x", type=12), None
    )
    threads.follow(place.world, thread, place.ann, on=True)

    def sees(user_id):
        return Permission.VIEW_CHANNEL in place.world.granted(user_id, thread)

    assert [sees(one) for one in (place.bot, place.ann, place.ben, place.owner)] == [
        True,
        True,
        False,
        True,
    ]


def test_threads_go_with_their_channel(place):
    """10003 afterwards."""
    channel = place.guild.channels[place.text]
    thread = threads.create(
        place.world, place.bot, channel, form(name="x", type=11), None
    )

    rooms.delete(place.world, place.bot, channel)

    with refused(10003):
        threads.find(place.world, thread.id)


def test_stages_have_no_threads(place):
    """50024."""
    stage = place.guild.channels[place.stage]

    with refused(50024):
        threads.create(place.world, place.bot, stage, form(name="x"), None)


def test_a_category_takes_no_messages(place):
    """50008."""
    box = rooms.create(place.world, place.bot, form(name="box", type=4))

    with refused(50008):
        messages.require_may_post(place.world, place.bot, box)
