"""What drift learns in a guild goes from one Space to the next."""

from pathlib import Path

import numpy as np
import pytest

from bot.talk import learning
from moderation.drift.background import Background
from moderation.drift.embedding import EmbeddingModel
from moderation.drift.settings import DriftSettings
from moderation.store import drift, spaces

MODEL = Path(__file__).parents[4] / "shared/models/minilm-en"


class Flat(EmbeddingModel):
    """A model that finds everything alike."""

    def __init__(self):
        """Load nothing."""

    def embed(self, text):
        """Return the same vector for any text."""
        return np.ones(1, dtype=np.float32)


def space(db, language="en"):
    """Put a Space on record and return its row."""
    new = spaces.NewSpace(
        guild_id=1,
        channel_id=2,
        host_id=3,
        kind="voice",
        topic="seeds",
        opened_at=0.0,
        language=language,
    )
    return spaces.get(db, spaces.create(db, new))


def talked(language="en"):
    """Return a background that heard enough to have learned something."""
    background = Background(language)
    for _ in range(200):
        background.learn(["seed", "soil"], 10)
    return background


def test_past_talk_is_recalled_in_its_own_language(db):
    """A Spanish Space learns nothing from English talk."""
    learning.keep(db, space(db), talked(), 10.0)

    here = learning.recall(db, space(db), None, DriftSettings())
    there = learning.recall(db, space(db, "es"), None, DriftSettings())

    assert here.background.rarity("seed") < Background("en").rarity("seed")
    assert there.background is None


def test_a_silent_space_leaves_what_was_known(db):
    """Nothing heard is no reason to forget."""
    learning.keep(db, space(db), talked(), 10.0)
    learning.keep(db, space(db), Background("en"), 20.0)

    assert drift.background(db, 1)[0].terms["seed"] > 0


def test_the_guilds_threshold_is_recalled(db):
    """The hosts' answers hold for the next Space."""
    drift.set_threshold(db, 1, 0.22, 5.0)

    assert learning.recall(db, space(db), None, DriftSettings()).threshold == 0.22


def test_without_a_model_drift_is_lexical(db):
    """No name asks for none, and nothing is loaded."""
    assert learning.meaning(DriftSettings()) is None
    assert learning.recall(db, space(db), None, DriftSettings()).model is None


def test_a_broken_model_is_one_line_and_drift_goes_on(tmp_path, caplog):
    """The line names the key."""
    assert learning.meaning(DriftSettings(model=str(tmp_path))) is None
    assert "drift.model" in caplog.text


@pytest.mark.data
@pytest.mark.skipif(not MODEL.is_dir(), reason="no embedding model beside the project")
def test_a_model_directory_is_used(db):
    """Talk near the topic by meaning scores above talk far from it."""
    settings = DriftSettings(model=str(MODEL))
    model = learning.meaning(settings)

    assert learning.recall(db, space(db), model, settings).model is not None


@pytest.mark.parametrize(
    ("languages", "language", "used"),
    [(("en",), "en", True), (("en",), "es", False), (("en", "es"), "es", True)],
)
def test_a_model_has_a_say_in_its_own_languages(db, languages, language, used):
    """An English model is left out of a Spanish Space, one for both is not."""
    settings = DriftSettings(model="any", model_languages=languages)

    learned = learning.recall(db, space(db, language), Flat(), settings)

    assert (learned.model is not None) == used
