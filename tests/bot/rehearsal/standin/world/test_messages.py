"""Messages, their contents, mentions, reactions, pins and threads."""

import pytest

from bot.rehearsal.standin.permissions import NOTHING, Overwrite, Permission
from bot.rehearsal.standin.world import messages, reactions, threads
from bot.rehearsal.standin.world.drafts import LARGEST_FILE, Draft, Upload
from tests.bot.rehearsal.standin.worlds import form, refused


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
    ],
)
def test_the_limits_of_a_message(body, at):
    """50035 names the field."""
    draft = Draft(body)

    with refused(50035) as refusal:
        draft.check(flags=draft.flags)

    assert at in refusal.value.errors


def test_nothing_cannot_be_sent():
    """50006."""
    with refused(50006):
        Draft({"content": ""}).require_something()


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


def test_stages_have_no_threads(place):
    """50024."""
    stage = place.guild.channels[place.stage]

    with refused(50024):
        threads.create(place.world, place.bot, stage, form(name="x"), None)
