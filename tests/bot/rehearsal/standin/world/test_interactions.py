"""Interactions: deadlines, one answer, follow-ups, what is shown to whom."""

import pytest

from bot.rehearsal.standin.world import interactions
from bot.rehearsal.standin.world.drafts import EPHEMERAL, LOADING, Draft
from bot.rehearsal.standin.world.interaction import Kind, Reply
from bot.rehearsal.standin.world.state import Answered
from tests.bot.rehearsal.standin.worlds import refused

COMMAND = {"id": "1", "name": "space", "type": 1}
BUTTON = {"custom_id": "b", "component_type": 2}
INPUT = {"type": 4, "style": 1, "custom_id": "t"}
LABEL = {"type": 18, "label": "L", "component": INPUT}
MODAL = {"custom_id": "m", "title": "M", "components": [LABEL]}


def ask(place, kind=Kind.COMMAND, data=None, **more):
    return interactions.send(
        place.world, kind, place.ann, place.text, data or COMMAND, **more
    )


def answer(place, asked, kind=Reply.MESSAGE, **data):
    draft = Draft({"type": int(kind), "data": data})
    return interactions.answer(place.world, asked.id, asked.token, draft)


def posted(place, **data):
    asked = ask(place)
    answer(place, asked, content="Panel", **data)
    return place.world.messages[place.text][asked.original_id]


def test_the_application_is_told_everything_it_needs(place):
    """Permissions of both sides, locales, context, limits."""
    ask(place)

    (told,) = place.told("INTERACTION_CREATE")
    assert told["member"]["user"]["id"] == str(place.ann)
    assert int(told["app_permissions"]) == int(
        place.world.granted(place.bot, place.world.channel(place.text))
    )
    assert (told["context"], told["attachment_size_limit"]) == (0, 10 * 1024 * 1024)


def test_an_answer_after_three_seconds_is_too_late(place):
    """10062, and nothing is posted."""
    asked = ask(place)
    place.clock.advance(3.1)

    with refused(10062):
        answer(place, asked, content="late")

    assert place.world.messages == {}


def test_there_is_one_first_answer(place):
    """The second is 40060."""
    asked = ask(place)
    answer(place, asked, content="once")

    with refused(40060):
        answer(place, asked, content="twice")


@pytest.mark.parametrize(
    ("kind", "reply"),
    [
        (Kind.COMMAND, Reply.UPDATE),
        (Kind.COMMAND, Reply.CHOICES),
        (Kind.COMPONENT, Reply.CHOICES),
        (Kind.AUTOCOMPLETE, Reply.MESSAGE),
        (Kind.MODAL, Reply.MODAL),
    ],
)
def test_the_answer_must_fit_the_question(place, kind, reply):
    """50035 at ``type``."""
    asked = ask(place, kind)

    with refused(50035) as refusal:
        answer(place, asked, reply, content="no")

    assert "type" in refusal.value.errors


def test_nothing_can_follow_before_the_first_answer(place):
    """10015 until the interaction is answered."""
    asked = ask(place)

    with refused(10015):
        interactions.by_token(place.world, asked.token)


def test_the_token_dies_after_a_quarter_of_an_hour(place):
    """50027."""
    asked = ask(place)
    answer(place, asked, content="hi")
    place.clock.advance(15 * 60 + 1)

    with refused(50027):
        interactions.by_token(place.world, asked.token)


def test_the_first_follow_up_fills_a_deferred_answer(place):
    """It edits the loading message; the next one is a message of its own."""
    asked = ask(place)
    answer(place, asked, Reply.DEFERRED_MESSAGE)
    loading = place.world.messages[place.text][asked.original_id]
    was_loading = bool(loading["flags"] & LOADING)

    first = interactions.follow_up(place.world, asked, Draft({"content": "done"}))
    second = interactions.follow_up(place.world, asked, Draft({"content": "more"}))

    assert was_loading
    assert first["id"] == str(asked.original_id)
    assert not first["flags"] & LOADING
    assert second["id"] != first["id"]


def test_an_ephemeral_answer_is_announced_to_nobody(place):
    """Only its member sees it; the channel and the gateway do not."""
    message = posted(place, flags=EPHEMERAL)

    assert place.told("MESSAGE_CREATE") == []
    assert place.world.private[int(message["id"])] == place.ann
    assert [one.message["content"] for one in place.heard if _answered(one)] == [
        "Panel"
    ]


def _answered(notice):
    return isinstance(notice, Answered)


def test_a_button_updates_its_own_message(place):
    """The panel is edited in place."""
    panel = posted(place)
    asked = ask(place, Kind.COMPONENT, BUTTON, source=panel)

    answer(place, asked, Reply.UPDATE, content="New")

    assert panel["content"] == "New"
    assert panel["edited_timestamp"] is not None


def test_a_deferred_update_changes_nothing_yet(place):
    """``@original`` is then the message with the button."""
    panel = posted(place)
    asked = ask(place, Kind.COMPONENT, BUTTON, source=panel)

    answer(place, asked, Reply.DEFERRED_UPDATE)

    assert panel["edited_timestamp"] is None
    assert interactions.original_of(asked) == int(panel["id"])


def test_an_empty_answer_is_refused(place):
    """50006."""
    with refused(50006):
        answer(place, ask(place))


@pytest.mark.parametrize("fault", [{"title": "x" * 46}, {"components": []}])
def test_a_modal_has_its_limits(place, fault):
    """A title of at most 45 characters, one to five components."""
    with refused(50035):
        answer(place, ask(place), Reply.MODAL, **(MODAL | fault))


def test_a_sound_modal_is_shown(place):
    """It waits to be filled in."""
    asked = answer(place, ask(place), Reply.MODAL, **MODAL)

    assert asked.modal == MODAL


@pytest.mark.parametrize(
    "choices",
    [
        [{"name": "n", "value": "v"}] * 26,
        [{"name": "n" * 101, "value": "v"}],
        [{"name": "n", "value": "v" * 101}],
        [{"name": "", "value": "v"}],
    ],
)
def test_what_is_offered_while_typing_has_its_limits(place, choices):
    """25 choices, of 100 characters each."""
    asked = ask(place, Kind.AUTOCOMPLETE)

    with refused(50035):
        answer(place, asked, Reply.CHOICES, choices=choices)
    assert answer(place, asked, Reply.CHOICES, choices=[{"name": "n", "value": 1}])


def test_a_token_is_good_for_its_own_messages(place):
    """10008 for what another interaction, or the bot itself, has posted."""
    panel = posted(place)
    mine = ask(place)
    answer(place, mine, content="Mine")
    pressed = ask(place, Kind.COMPONENT, BUTTON, source=panel)
    answer(place, pressed, Reply.DEFERRED_UPDATE)

    with refused(10008):
        interactions.message_of(place.world, mine, int(panel["id"]))
    assert interactions.message_of(place.world, mine, mine.original_id)
    assert interactions.message_of(place.world, pressed, int(panel["id"])) is panel


def test_a_refused_answer_leaves_the_interaction_open(place):
    """After a 50035 the application may try again in time."""
    asked = ask(place)
    with refused(50035):
        answer(place, asked, content="x" * 2001)

    assert answer(place, asked, content="shorter").answered
