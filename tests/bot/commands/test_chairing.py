"""One hand and one case at a time, by slash command, on the loopback."""

from bot.config import Config
from moderation.settings import Gate, SpaceSettings
from tests.bot.guild import ANA, HOST, LUIS, run


def test_hands_cases_and_the_ladder_are_in_the_hosts_hands(tmp_path):
    """Each is answered in one line, and does what it says."""

    async def play(stage):
        await stage.enter(HOST, ANA, LUIS)
        room = await stage.opened()
        ana = str(stage.member(ANA).id)
        await stage.command(ANA, "floor ask")
        said = [await stage.command(HOST, "floor lower", member=ana)]
        hands = list(room.observe().space.queue)
        await stage.command(HOST, "floor invite", member=ana)
        said.append(await stage.command(HOST, "floor lower", member=ana))
        invited = list(room.observe().space.invited)
        said.append(await stage.command(HOST, "floor auto", what="auto_call", on=True))
        automatic = room.space.state.settings.auto_call
        await stage.command(HOST, "mod mute", member=ana)
        said.append(await stage.command(HOST, "mod undo", number=1))
        said.append(await stage.command(ANA, "floor ask"))
        said.append(await stage.command(LUIS, "mod nudge", member=ana))
        said.append(await stage.command(HOST, "mod nudge", member=ana, cause="drift"))
        said.append(await stage.command(HOST, "mod nudge", member=ana))
        said.append(await stage.command(ANA, "floor side", side="for"))
        return said, hands, invited, automatic

    said, hands, invited, automatic = run(tmp_path, play)

    assert hands == invited == []
    assert automatic
    assert said[3] != said[4]
    assert said[4].startswith("Your hand is up")
    assert said[5].startswith("That needs the right to warn")
    assert said[6] == "Done. This step: a word in private."
    assert said[7] == "A nudge was given a moment ago; let it work first."
    assert said[8] == "There is no such side."


def test_who_has_not_accepted_the_rules_is_told_how(tmp_path):
    """The gate is the host's choice; passing it takes one command."""
    config = Config(space=SpaceSettings(gate=Gate(rules_version="1")))

    async def play(stage):
        await stage.enter(HOST, ANA)
        await stage.opened()
        return [
            await stage.command(ANA, command)
            for command in ("floor ask", "rules", "floor ask")
        ]

    said = run(tmp_path, play, config=config)

    assert said[0] == "Accept the rules of this Space first, with `/rules`."
    assert said[1] == "Thank you for accepting the rules."
    assert said[2].startswith("Your hand is up")
