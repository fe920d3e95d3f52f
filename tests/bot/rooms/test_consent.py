"""Whoever agreed to be recorded agreed to a number of days."""

import asyncio

import pytest

from bot.config import Config
from bot.rooms.consent import covers, version_of
from bot.settings import RecordingSettings, TranscriptSettings
from media.consent import Consent
from moderation.store import consents
from tests.bot.guild import ANA, HOST, LUIS, Stage, bot_on, place, run, until


@pytest.mark.parametrize(
    ("level", "told", "days", "holds"),
    [
        (Consent.AUDIO, 30, 30, True),
        (Consent.AUDIO, 30, 7, True),
        (Consent.AUDIO, 30, 31, False),
        (Consent.TRANSCRIPT, 30, 365, True),
        (Consent.NOTHING, 30, 365, True),
    ],
)
def test_answer_holds_where_a_voice_goes_no_later_than_was_told(
    level, told, days, holds
):
    """Of words and silence nothing is kept longer by it."""
    assert covers(level, version_of(told), days) is holds


@pytest.mark.parametrize(
    ("version", "days", "holds"),
    [("1", 30, True), ("1", 31, False), ("0", 1, False), ("0/30", 1, False)],
)
def test_answers_from_before_and_to_other_texts(version, days, holds):
    """The text named the number before its version did; another text is another."""
    assert covers(Consent.AUDIO, version, days) is holds


@pytest.mark.parametrize(("words", "lines"), [(0, 1), (365, 2)])
def test_policy_says_how_long_voice_and_words_are_kept(tmp_path, words, lines):
    """Words only where they have a time of their own."""
    config = Config(
        recording=RecordingSettings(keep_days=14),
        transcript=TranscriptSettings(keep_days=words),
    )

    async def play(stage):
        await stage.commands()
        return await stage.command(ANA, "privacy policy")

    text = run(tmp_path, play, config=config)

    assert "your voice for 14 days after the Space" in text
    assert "as a table (`/space report`)" in text
    assert "What they have downloaded I cannot delete" in text
    assert len(text.splitlines()) == lines
    assert text.endswith("365 days after the Space.") is bool(words)


def test_longer_than_agreed_is_asked_again(tmp_path):
    """With the real bot, under three settings; the text names the Space's own."""

    async def main():
        known, texts = [], []
        async with place() as standin:
            for days in (30, 7, 90):
                config = Config(recording=RecordingSettings(keep_days=days))
                async with bot_on(standin, tmp_path, config) as bot:
                    stage = Stage(standin, bot)
                    await stage.commands()
                    if days == 30:
                        await stage.enter(HOST, ANA, LUIS)
                    room = await stage.opened()
                    texts.append(await stage.command(ANA, "privacy consent"))
                    if days == 30:
                        for name, level in ((ANA, "audio"), (LUIS, "transcript")):
                            await stage.command(name, "privacy consent", level=level)
                        await until(lambda room=room: len(room.ears.consents) == 2)
                    answers = room.space.state.consents.answers
                    names = {stage.member(one).id: one for one in (ANA, LUIS)}
                    known.append({names[user]: answers[user] for user in answers})
                    await stage.command(HOST, "space end")
                    await until(lambda bot=bot: not bot.rooms.live())
                    ana = stage.member(ANA).id
                    rows = await bot.store.read(
                        lambda db, ana=ana: consents.history(db, standin.guild_id, ana)
                    )
        return known, texts, [row.text_version for row in rows]

    known, texts, versions = asyncio.run(main())

    assert known == [
        {ANA: Consent.AUDIO, LUIS: Consent.TRANSCRIPT},
        {ANA: Consent.AUDIO, LUIS: Consent.TRANSCRIPT},
        {LUIS: Consent.TRANSCRIPT},
    ]
    for text, days in zip(texts, (30, 7, 90), strict=True):
        assert f"for {days} days" in text
    assert versions == ["1/30"]
