"""Rules of participation from the form to the hand, on the loopback."""

from bot.rooms.rules import cleaned, shown
from moderation.store import rules
from tests.bot.guild import ANA, EVA, HOST, LUIS, run, until

TEXT = "One topic at a time.\n\nTwo minutes *each*, @everyone."


async def write(stage, name, text, **options):
    """Fill the form in and return what was answered."""
    sent = await stage.said(name, "space rules-set", **options)
    await until(lambda: sent.answered)
    if sent.modal is None:
        return await stage.answer(sent)
    field = sent.modal["components"][0]["component"]["custom_id"]
    return await stage.answer(await stage.member(name).fill(sent, {field: text}))


async def asked(stage, name, command, **options):
    """Run a command; return its answer and the message that carries it."""
    sent = await stage.said(name, command, **options)
    return await stage.answer(sent), sent.original_id


async def again(stage):
    """End the Space and open the next one."""
    room = stage.bot.rooms.live()[0]
    await stage.command(HOST, "space end")
    await room.ended()
    return await stage.opened("Otra vez")


def test_rules_are_accepted_once_and_the_hand_goes_up(tmp_path):
    """They hold from the next Space on; note and kind of the hand are kept."""

    async def play(stage):
        await stage.commands()
        await stage.enter(HOST, ANA, LUIS, EVA)
        await stage.opened()
        none = await stage.command(ANA, "rules")
        said = [await write(stage, HOST, TEXT), await write(stage, ANA, "Mine.")]
        said.append(await stage.command(ANA, "floor ask"))
        room = await again(stage)
        question, message_id = await asked(
            stage, ANA, "floor ask", kind="question", note="about bees"
        )
        waiting = list(room.observe().space.queue)
        said.append(await stage.click(ANA, message_id, "accept_hand"))
        hand = room.space.hand_of(stage.member(ANA).id)
        read, message_id = await asked(stage, LUIS, "rules")
        said.append(await stage.click(LUIS, message_id, "accept_rules"))
        alone = room.space.hand_of(stage.member(LUIS).id)
        read_again = await stage.command(LUIS, "rules")
        room = await again(stage)
        said.append(await stage.command(ANA, "floor ask"))
        kept = await stage.bot.store.read(lambda db: rules.accepted(db, 1))
        people = {stage.member(name).id for name in (ANA, LUIS)}
        shown_to = (none, question, read, read_again)
        return said, shown_to, (waiting, hand, alone), kept, people

    said, shown_to, (waiting, hand, alone), kept, people = run(tmp_path, play)
    none, question, read, read_again = shown_to

    assert none.startswith("There are no rules")
    assert said[0].startswith("The rules are kept")
    assert said[1].startswith("Only hosts of a live Space")
    assert said[2].startswith("Your hand is up")
    assert "One topic at a time.\n\nTwo minutes \\*each\\*" in question
    assert "@everyone" not in question.replace("@​", "@ ")
    assert waiting == []
    assert said[3].startswith("Your hand is up")
    assert (hand.note, hand.kind.value) == ("about bees", "question")
    assert read.startswith("**Rules of participation**")
    assert said[4] == "Thank you for accepting the rules."
    assert alone is None
    assert read_again.endswith("You have accepted them.")
    assert said[5].startswith("Your hand is up")
    assert set(kept) == people


def test_chat_and_the_stage_ask_in_private(tmp_path):
    """By chat, by the panel's button and by Discord's own request to speak."""

    async def play(stage):
        await stage.commands()
        await stage.enter(HOST, ANA, LUIS, EVA)
        await stage.opened()
        await write(stage, HOST, TEXT, format="open_talk")
        room = await again(stage)
        member = stage.member(EVA)
        me = f"<@{stage.bot.client.user.id}>"
        await member.type(stage.channel_id, f"{me} palabra")
        await until(lambda: any("lee las normas" in one for one in stage.told(EVA)))
        await until(
            lambda: any("en privado" in one["content"] for one in stage.messages())
        )
        await until(lambda: room.post.message_id)
        pressed = await stage.pressed(ANA, room.post.message_id, "ask")
        button = await stage.answer(pressed)
        await stage.member(LUIS).raise_hand()
        await until(lambda: any("read the rules" in one for one in stage.told(LUIS)))
        nobody = list(room.observe().space.queue)
        luis = stage.member(LUIS).id
        direct = next(
            message_id
            for shelf in stage.standin.world.messages.values()
            for message_id, one in shelf.items()
            if "read the rules" in one["content"]
            and one["id"] != str(pressed.original_id)
        )
        answered = await stage.click(LUIS, direct, "accept_hand")
        return button, nobody, answered, room.space.hand_of(luis)

    button, nobody, answered, hand = run(tmp_path, play)

    assert "read the rules" in button
    assert nobody == []
    assert answered.startswith("Your hand is up")
    assert hand is not None


def test_rules_are_kept_clean_and_shown_harmless():
    """Lines stay lines; what is hidden goes, what formats is shown as it stands."""
    kept = cleaned("  a‮b \n\n\n\n*c*\r\n\n")

    assert kept == "ab\n\n*c*"
    assert shown(kept) == "ab\n\n\\*c\\*"
