"""Background: how usual a stem is, on the first day and later."""

from moderation.drift.background import MAX_TERMS, Background


def test_common_words_count_little_on_the_first_day():
    """Before anything was learned, a usual word weighs less than an unknown one."""
    background = Background("en")

    assert background.rarity("peopl") < background.rarity("microphon")


def test_what_a_guild_always_says_becomes_usual():
    """A word in every passage of a guild's talk says nothing about the topic there."""
    background = Background("en")
    before = background.rarity("remot")

    for _ in range(300):
        background.learn(["remot", "control"], words=50)

    assert background.rarity("remot") < before / 2
    assert background.passages == 300


def test_a_space_does_not_make_its_own_topic_usual():
    """With enough talk behind it a guild learns for the next Space, not for this."""
    young, old = (Background("en", passages, {"tea": 1}) for passages in (10, 400))
    before = young.rarity("seed"), old.rarity("seed")

    for background in (young, old):
        for _ in range(100):
            background.learn(["seed"], words=50)

    assert young.rarity("seed") < before[0]
    assert old.rarity("seed") == before[1]
    assert Background("en", old.passages, old.terms()).rarity("seed") < before[1]


def test_what_was_erased_is_unlearned_from_past_and_present():
    """Words that nobody else says are not kept; those of others count as before."""
    background = Background("en", 10, {"seed": 1, "tea": 3})
    background.learn(["harbour", "tea"], words=50)
    background.learn(["pump"], words=10)

    background.unlearn({"seed": 2, "harbour": 1, "tea": 1, "pump": 1, "other": 1})
    background.learn(["well"], words=50)

    assert background.terms() == {"tea": 3, "well": 1}


def test_rates_are_those_of_the_past():
    """What is said now is no evidence of what is usual; an hour of talk is."""
    new = Background("en")
    new.learn(["seed"] * 60, words=60)
    old = Background("en", 400, {"seed": 300, "tea": 3})

    assert not new.has_past
    assert new.rate("seed") == 0.0
    assert old.has_past
    assert old.rate("seed") == 0.5
    assert old.rate("tea") < 0.01


def test_lines_are_counted_by_the_passage():
    """A word said three times in one passage is in one passage."""
    background = Background("en")

    for _ in range(5):
        background.learn(["tea"], words=10)

    assert background.passages == 1
    assert background.terms() == {"tea": 1}


def test_learned_background_can_be_kept():
    """A background made from what was kept is the same background."""
    first = Background("es")
    first.learn(["te"], words=60)

    again = Background("es", first.passages, first.terms())

    assert again.rarity("te") == first.rarity("te")
    assert len(again.terms()) <= MAX_TERMS
