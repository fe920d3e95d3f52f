"""What is kept from before a Space: rules by version, acceptances, voice checks."""

from moderation.store import rules, voice_checks
from moderation.store.voice_checks import VoiceCheckRow

GUILD, HOST, ANA, LUIS = 1, 10, 11, 12


def test_an_edit_is_a_new_version_and_the_same_text_is_none(db):
    """Who accepted the first one has not accepted the second."""
    first = rules.write(db, GUILD, rules.EVERY, "Be kind", HOST, 1.0)
    again = rules.write(db, GUILD, rules.EVERY, "Be kind", HOST, 2.0)
    rules.accept(db, first.id, ANA, 3.0)
    rules.accept(db, first.id, ANA, 4.0)
    second = rules.write(db, GUILD, rules.EVERY, "Be kind and brief", HOST, 5.0)

    assert again == first
    assert second.id != first.id
    assert rules.accepted(db, first.id) == {ANA: 3.0}
    assert rules.accepted(db, second.id) == {}
    assert rules.get(db, first.id) == first


def test_a_format_has_its_own_rules_or_the_guilds(db):
    """Emptied rules are no rules: what holds everywhere holds there again."""
    rules.write(db, GUILD, rules.EVERY, "Be kind", HOST, 1.0)
    rules.write(db, GUILD, "debate", "Two minutes each", HOST, 2.0)

    assert rules.in_force(db, GUILD, "debate").text == "Two minutes each"
    assert rules.in_force(db, GUILD, "panel").text == "Be kind"
    rules.write(db, GUILD, "debate", "", HOST, 3.0)
    assert rules.in_force(db, GUILD, "debate").text == "Be kind"
    rules.write(db, GUILD, rules.EVERY, "", HOST, 4.0)
    assert rules.in_force(db, GUILD, "debate") is None
    assert rules.in_force(db, 2, "debate") is None


def test_the_last_voice_check_of_each_counts(db):
    """One row a member and guild."""
    voice_checks.keep(db, GUILD, VoiceCheckRow(ANA, 1.0, 40, "level:quiet"))
    voice_checks.keep(db, GUILD, VoiceCheckRow(ANA, 2.0, 100))
    voice_checks.keep(db, 2, VoiceCheckRow(LUIS, 3.0, 80))

    assert voice_checks.of_members(db, GUILD, [ANA, LUIS]) == {
        ANA: VoiceCheckRow(ANA, 2.0, 100)
    }
