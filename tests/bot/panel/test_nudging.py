"""What the buttons of a nudge do, on the loopback."""

from bot.page.words import LANGUAGES, catalogue
from bot.texts.catalogue import load
from moderation import effects as fx
from moderation.store import nudges
from tests.bot.guild import ANA, HOST, run, until


def about(rule, user_id=None, choices=(), evidence=()):
    """Return a nudge to the hosts as the conversation gives it."""
    params = {"user_id": user_id, "silence_s": 600.0, "share": 0.4, "wait_s": 900.0}
    return fx.Nudge(
        f"nudge.{rule}.hosts",
        params={**params, "n": 3},
        rule=rule,
        audience=fx.Audience.HOSTS,
        user_id=user_id,
        choices=(*choices, "not_helpful"),
        evidence=evidence,
    )


def posts(stage, words):
    """Return the messages, private ones too, whose text begins with words."""
    return [
        message_id
        for shelf in stage.standin.world.messages.values()
        for message_id, one in shelf.items()
        if one["content"].startswith(words)
    ]


def test_answers_are_kept_and_do_what_they_say(tmp_path):
    """Encourage who is silent, ask the room, let promotion pass; once each."""

    async def play(stage):
        await stage.enter(HOST, ANA)
        room = await stage.opened()
        ana, said = stage.member(ANA).id, []
        for nudge, words, press in (
            (about("silent_guest", ana, ("encourage",)), f"<@{ana}> has", "encourage"),
            (about("listeners", None, ("ask_room",)), "No listener", "ask_room"),
            (
                about("commercial", None, ("not_promotion",), ("order now",)),
                "40 % of",
                "not_promotion",
            ),
        ):
            room.perform([nudge])
            await until(lambda words=words: posts(stage, words))
            (post,) = posts(stage, words)
            number = len(said) + 1
            said.append(await stage.click(HOST, post, "nudge", f"{number}.{press}"))
        again = await stage.click(HOST, post, "nudge", "3.not_helpful")
        await until(lambda: any("like to hear" in one for one in stage.told(ANA)))
        await until(lambda: posts(stage, "What do you who listen think?"))
        kept = await stage.bot.store.read(lambda db: nudges.read(db, room.space_id))
        return said, again, stage.message(post)["content"], [row.answer for row in kept]

    said, again, promotion, answers = run(tmp_path, play)

    assert said == ["Thank you, noted."] * 3
    assert again == "That nudge was answered already."
    assert promotion.splitlines()[1] == "> order now"
    assert answers == ["encourage", "ask_room", "not_promotion"]


def test_page_has_words_for_every_rule_and_answer():
    """Moderators read them beside the transcript, in both languages."""
    keys = load().keys("en")
    rules = {key.split(".")[1] for key in keys if key.startswith("nudge.")} - {"noted"}
    answers = {key.split(".")[1] for key in keys if key.startswith("choice.")}

    for language in LANGUAGES:
        words = catalogue(language)
        assert {f"rule.{rule}" for rule in rules} <= words.keys()
        assert {f"choice.{answer}" for answer in answers} <= words.keys()


def test_the_first_form_that_is_sent_counts(tmp_path):
    """Two hosts have the same one open: the second is told, and changes nothing."""

    async def play(stage):
        await stage.enter(HOST, ANA)
        room = await stage.opened()
        await stage.command(HOST, "host cohost-add", member=str(stage.member(ANA).id))
        room.perform([about("listeners", None, ("new_topic",))])
        await until(lambda: len(posts(stage, "No listener")) == 2)
        forms = []
        for name, post in zip((HOST, ANA), posts(stage, "No listener"), strict=True):
            forms.append(await stage.pressed(name, post, "nudge", "1.new_topic"))
        said = []
        for name, form, topic in zip(
            (HOST, ANA), forms, ("Bees", "Wasps"), strict=True
        ):
            (line,) = form.modal["components"]
            custom_id = line["components"][0]["custom_id"]
            sent = await stage.member(name).fill(form, {custom_id: topic})
            said.append(await stage.answer(sent))
        return said, room.observe().space.topic

    said, topic = run(tmp_path, play)

    assert said[1] == "That nudge was answered already."
    assert topic == "Bees"
