"""The conversation: what was heard and seen becomes drift and nudges."""

from dataclasses import replace

import pytest

from media.utterance import Grade, Utterance
from moderation.conversation import Conversation, ConversationSettings, Learned
from moderation.drift.background import Background
from moderation.drift.monitor import DriftState
from moderation.drift.settings import DriftSettings
from moderation.drift.topic import Topic
from moderation.effects import Audience
from moderation.nudges.settings import NudgeSettings
from moderation.past import GivenNudge, Past
from moderation.requests import QueueMode, RequestKind
from moderation.roles import Role
from moderation.settings import RoomKind, SpaceSettings
from moderation.view import (
    HandView,
    InvitationView,
    Keeping,
    Phase,
    SeatView,
    SpaceView,
)

OPENED = 1_800_000_000.0
HOST, ANA, BEN = 1, 7, 8
ON = "we look after the bees in the garden and the honey from the beehive"
OFF = "the football final was lost on a penalty kick by that tired goalkeeper"

SETTINGS = ConversationSettings(
    drift=DriftSettings(memory_words=40, min_words=30, patience_s=15),
    nudges=NudgeSettings(
        monologue_s=30, hand_wait_s=40, host_gap_s=20, cooldown_s=30, agenda_s=0
    ),
)

NO_DRIFT = ConversationSettings(
    DriftSettings(enabled=False), replace(SETTINGS.nudges, promotion_words=300)
)


def seat(user_id, role=Role.SPEAKER):
    return SeatView(
        user_id=user_id,
        role=role,
        since=OPENED,
        ends_at=None,
        over_time=False,
        present=True,
        may_speak=True,
        speaking=False,
        seconds=0.0,
    )


ROOM = SpaceView(
    space_id=1,
    guild_id=2,
    channel_id=3,
    kind=RoomKind.STAGE,
    phase=Phase.LIVE,
    topic="Bees in the garden",
    agenda=(),
    agenda_number=0,
    parked=(),
    links={},
    opened_at=OPENED,
    host_id=HOST,
    host_away=False,
    cohost_ids=(),
    stage=(seat(HOST, Role.HOST), seat(ANA)),
    invited=(),
    queue=(),
    queue_open=True,
    queue_mode=QueueMode.FIRST_COME,
    hushed=False,
    locked=False,
    settings=SpaceSettings(),
    present=2,
    recording=Keeping.OFF,
    transcript=True,
    captions=False,
    consents={},
    muted_ids=(),
    last_key="",
    last_params={},
)


def conversation(**learned):
    made = Conversation(
        SETTINGS,
        Topic(ROOM.topic),
        opened_at=OPENED,
        learned=Learned(**learned) if learned else None,
    )
    made.see(ROOM, OPENED)
    return made


def line(text, start, user_id=ANA, **changes):
    return Utterance(
        **(
            {
                "id": f"{user_id}-{start}",
                "user_id": user_id,
                "start": start,
                "end": start + 5.0,
                "text": text,
                "language": "en",
            }
            | changes
        )
    )


def rules_at(talk, seconds):
    return [nudge.rule for nudge in talk.on_deadline(OPENED + seconds)]


def test_drift_is_nudged_with_its_evidence():
    """The host sees the lines that led away, and answers with a button."""
    talk = conversation()
    for n in range(4):
        talk.heard_utterance(line(ON, n * 5.0))
    for n in range(4, 30):
        talk.heard_utterance(line(OFF, n * 5.0))

    (nudge,) = talk.on_deadline(OPENED + 150)

    assert (nudge.rule, nudge.audience) == ("drift", Audience.HOSTS)
    assert set(nudge.evidence) == {OFF}
    assert 0.0 <= nudge.score < talk.drift.threshold


def test_disagreeing_lowers_the_threshold_and_accepts_the_talk():
    """The host knows better: the same talk is on topic from then on."""
    talk = conversation(threshold=0.4)
    for n in range(20):
        talk.heard_utterance(line(ON if n < 4 else OFF, n * 5.0))
    assert talk.drift.state is DriftState.DRIFTING

    talk.answered("drift", "disagree", OPENED + 305)
    for n in range(20, 30):
        talk.heard_utterance(line(OFF, n * 5.0))

    assert talk.drift.threshold < 0.4
    assert talk.drift.state is DriftState.ON_TOPIC


def test_new_topic_in_the_room_is_followed():
    """A topic or agenda item set by the host is what talk is measured against."""
    talk = conversation()
    talk.see(replace(ROOM, topic="Football", agenda=("Final",), agenda_number=1), 0.0)

    assert talk.drift.topic == Topic("Football", "en", "Final")


def test_speaker_who_holds_the_floor_is_told():
    """A monologue is nudged to the person first."""
    talk = conversation()
    for n in range(8):
        talk.heard_talk(ANA, [(n * 5.0, n * 5.0 + 4.5)])

    (nudge,) = talk.on_deadline(OPENED + 40)

    assert (nudge.rule, nudge.user_id) == ("monologue", ANA)
    assert nudge.audience is Audience.MEMBER
    assert talk.shares(OPENED + 40) == {ANA: 1.0}


def test_raised_hand_is_remembered():
    """The hosts hear who has waited, and how long."""
    talk = conversation()
    hand = HandView(
        user_id=BEN,
        kind=RequestKind.REPLY,
        note="",
        since=OPENED + 10,
        position=1,
        wait_s=0.0,
        reason_key="",
        reason_params={},
        present=True,
    )
    talk.see(replace(ROOM, queue=(hand,), present=3), OPENED + 10)

    assert talk.on_deadline(OPENED + 45) == []
    (nudge,) = talk.on_deadline(OPENED + 50)
    assert nudge.params == {"user_id": BEN, "wait_s": 40.0}


def test_inviting_somebody_starts_the_listeners_clock_afresh():
    """Listeners count as invited when one was asked in, or came."""
    talk = conversation()
    room = replace(ROOM, present=5)
    talk.see(room, OPENED)
    talk.heard_talk(ANA, [(1399.0, 1400.0)])
    talk.see(replace(room, invited=(InvitationView(BEN, OPENED + 700),)), OPENED + 600)

    assert talk.on_deadline(OPENED + 1400) == []
    assert [n.rule for n in talk.on_deadline(OPENED + 1500)] == ["listeners"]


def test_speaker_whom_the_bot_cannot_hear_is_reported_until_heard():
    """The hosts know within seconds; being heard again ends it."""
    talk = conversation()
    talk.unheard(ANA, OPENED)
    talk.unheard(ANA, OPENED + 8)
    assert [n.rule for n in talk.on_deadline(OPENED + 10)] == ["unheard"]

    talk.unheard(ANA, None)
    assert talk.on_deadline(OPENED + 60) == []


def test_lines_count_once_whatever_the_pass():
    """Partial lines and later passes over the same sound are not heard again."""
    talk = conversation()

    assert talk.heard_utterance(line(ON, 0.0, grade=Grade.PARTIAL)) == []
    assert len(talk.heard_utterance(line(ON, 0.0))) == 1
    assert talk.heard_utterance(line(ON, 0.0, grade=Grade.FINAL)) == []
    assert len(talk.readings) == 1


def test_promotion_is_counted_by_words_and_can_be_overruled():
    """What the host says is no promotion is none from then on; other things are."""
    talk = Conversation(NO_DRIFT, Topic(ROOM.topic), opened_at=OPENED)
    talk.see(replace(ROOM, links={"https://bees.example": "Shop"}), OPENED)
    for n in range(40):
        talk.heard_utterance(line(f"{ON} bees example" if n % 2 else ON, n * 5.0))
    assert talk.on_deadline(OPENED + 10) == []
    for n in range(40, 60):
        talk.heard_utterance(line("buy it now at bees.example " * 3, n * 5.0))

    assert [n.rule for n in talk.on_deadline(OPENED + 300)] == ["commercial"]
    talk.answered("commercial", "not_promotion", OPENED + 305)
    talk.heard_talk(ANA, [(440.0, 445.0)])
    for n in range(60, 90):
        talk.heard_utterance(line("buy it now at bees.example " * 3, n * 5.0))
    assert "commercial" not in rules_at(talk, 460)

    for n in range(90, 150):
        talk.heard_utterance(line("a free trial and a discount code " * 3, n * 5.0))
    talk.heard_talk(ANA, [(740.0, 745.0)])
    assert rules_at(talk, 760) == ["commercial"]


@pytest.mark.parametrize("phase", [Phase.PAUSED, Phase.ENDED])
def test_room_that_is_not_live_is_left_alone(phase):
    """No deadline and no nudge while paused or after the end."""
    talk = conversation()
    talk.see(replace(ROOM, phase=phase), OPENED)

    assert talk.deadline() is None
    assert talk.on_deadline(OPENED + 10_000) == []


def test_room_is_looked_at_every_few_seconds():
    """The deadline moves on with each look."""
    talk = conversation()
    assert talk.deadline() == OPENED + 5

    talk.on_deadline(OPENED + 6)

    assert talk.deadline() == OPENED + 11
    assert Conversation(SETTINGS, Topic(""), opened_at=0.0).deadline() is None


def test_guild_learns_from_what_is_said():
    """The background that was passed in grows, for the store to keep."""
    background = Background("en")
    talk = conversation(background=background)

    for n in range(10):
        talk.heard_utterance(line(ON, n * 5.0))

    assert background.passages > 0
    assert talk.background is background


def test_planned_end_and_guests_are_known():
    """A quarter of an hour was planned; a guest who confirmed never came up."""
    once = replace(SETTINGS.nudges, cooldown_s=10_000)
    talk = Conversation(
        ConversationSettings(nudges=once), Topic(ROOM.topic), opened_at=OPENED
    )
    talk.see(ROOM, OPENED)
    talk.plan(OPENED + 900, frozenset({ANA, BEN}), frozenset({77}))

    assert rules_at(talk, 650) == ["silent_guest"]
    assert rules_at(talk, 675) == ["guest_off_floor"]
    assert rules_at(talk, 700) == ["guest_unconfirmed"]
    assert rules_at(talk, 750) == ["closing"]
    assert rules_at(talk, 899) == []
    assert rules_at(talk, 900) == ["over_plan"]


def test_nudge_of_the_ladder_holds_the_others_up():
    """Its hosts have read something already."""
    talk = conversation()
    talk.unheard(ANA, OPENED)

    talk.told_unheard(ANA, OPENED + 5)

    assert rules_at(talk, 20) == []
    assert rules_at(talk, 40) == ["unheard"]


def test_guest_who_spoke_before_a_restart_is_not_called_silent():
    """What was heard, who was invited, and what was said to whom comes back."""
    talk = Conversation(SETTINGS, Topic(ROOM.topic), opened_at=OPENED)
    past = Past(
        spurts=[(ANA, ((500.0, 505.0),))],
        nudges=[
            GivenNudge(
                rule="listeners",
                user_id=None,
                audience=Audience.HOSTS,
                at=OPENED + 590,
                answer="not_helpful",
                answered_at=OPENED + 595,
            )
        ],
        conduct=[(ANA, "monologue", OPENED + 598)],
        invited_at=OPENED + 400,
    )

    talk.recall(past, replace(ROOM, present=5), OPENED + 600)

    assert rules_at(talk, 605) == []
    for n in range(122, 130):
        talk.heard_talk(ANA, [(n * 5.0, n * 5.0 + 4.5)])
    assert rules_at(talk, 650) == [], "who was told just before is left alone"
    assert rules_at(talk, 1249) == []
    assert rules_at(talk, 1250) == ["silent_guest"]
    assert rules_at(talk, 1301) == ["silent_guest"]
    assert rules_at(talk, 1322) == ["listeners"]


def test_promotion_goes_on_after_a_restart_as_if_there_was_none():
    """What was let pass stays so; what came after counts from the first word."""
    sold = [line("use my code for the bees " * 3, n * 5.0) for n in range(30)]
    more = [line("order now and order today " * 3, n * 5.0) for n in range(30, 60)]
    passed = GivenNudge(
        rule="commercial",
        user_id=None,
        audience=Audience.HOSTS,
        at=OPENED + 148,
        answer="not_promotion",
        answered_at=OPENED + 152,
    )
    talk = Conversation(NO_DRIFT, Topic(ROOM.topic), opened_at=OPENED)

    talk.recall(Past(lines=[*more, *sold], nudges=[passed]), ROOM, OPENED + 310)

    (nudge,) = talk.on_deadline(OPENED + 310)
    assert (nudge.rule, nudge.evidence) == ("commercial", ("order now", "order today"))
    assert talk.heard_utterance(more[0]) == []


def test_drift_goes_on_from_what_was_said_before_a_restart():
    """The state is that of the talk, not of the process."""
    lines = [line(ON if n < 4 else OFF, n * 5.0) for n in range(20)]
    talk = Conversation(SETTINGS, Topic(ROOM.topic), opened_at=OPENED)

    talk.recall(Past(lines=lines), ROOM, OPENED + 100)

    assert talk.drift.state is DriftState.DRIFTING


@pytest.mark.parametrize("answer", ["disagree", "back_to_topic"])
def test_answer_to_drift_is_not_forgotten_by_a_restart(answer):
    """What came before the answer is not held against the talk again."""
    lines = [line(ON if n < 4 else OFF, n * 5.0) for n in range(20)]
    given = GivenNudge(
        rule="drift",
        user_id=None,
        audience=Audience.HOSTS,
        at=OPENED + 99,
        topic=ROOM.topic,
        lines=[OFF],
        answer=answer,
        answered_at=OPENED + 100,
    )
    talk = Conversation(SETTINGS, Topic(ROOM.topic), opened_at=OPENED)

    talk.recall(Past(lines=lines, nudges=[given]), ROOM, OPENED + 110)

    assert talk.drift.state is DriftState.ON_TOPIC
    assert talk.drift.topic.accepted == ((OFF,) if answer == "disagree" else ())


def test_talk_before_another_topic_says_nothing_about_it():
    """After a restart drift hears again from where the topic was set."""
    lines = [line(OFF, n * 5.0) for n in range(20)]
    talk = Conversation(SETTINGS, Topic("Football"), opened_at=OPENED)

    talk.recall(Past(lines=lines, aimed_at=OPENED + 100), ROOM, OPENED + 110)

    assert talk.drift.topic.text == ROOM.topic
    assert talk.readings == []


def test_room_that_was_asked_has_been_invited():
    """The host pressed the button: that starts the listeners' clock afresh."""
    talk = conversation()
    talk.see(replace(ROOM, present=5), OPENED)
    talk.heard_talk(ANA, [(899.0, 900.0)])
    assert rules_at(talk, 900) == ["listeners"]

    talk.answered("listeners", "ask_room", OPENED + 910)
    talk.heard_talk(ANA, [(1799.0, 1800.0)])

    assert rules_at(talk, 1800) == []
    assert rules_at(talk, 1810) == ["listeners"]


def test_intermission_is_nobodys_silence():
    """After a break of a quarter of an hour nobody is called silent for it."""
    talk = conversation()
    talk.see(replace(ROOM, present=5, phase=Phase.PAUSED), OPENED + 60)

    talk.see(replace(ROOM, present=5), OPENED + 960)

    assert rules_at(talk, 1000) == []
    assert rules_at(talk, 1559) == []
    assert rules_at(talk, 1560) == ["silent_guest"]


def test_break_and_question_to_the_room_outlast_a_restart():
    """Both come back with the record."""
    asked = GivenNudge(
        rule="listeners",
        user_id=None,
        audience=Audience.HOSTS,
        at=OPENED + 900,
        answer="ask_room",
        answered_at=OPENED + 1000,
    )
    talk = Conversation(SETTINGS, Topic(ROOM.topic), opened_at=OPENED)
    past = Past(nudges=[asked], resumed_at=OPENED + 1200)

    talk.recall(past, replace(ROOM, present=5), OPENED + 1300)

    assert rules_at(talk, 1310) == []
    assert rules_at(talk, 1800) == ["silent_guest"]
