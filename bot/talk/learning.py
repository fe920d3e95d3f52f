"""What drift learns in a guild, kept from one Space to the next, and its model."""

import logging

from sqlite_utils import Database

from moderation.conversation import Learned
from moderation.drift.background import Background
from moderation.drift.embedding import EmbeddingError, EmbeddingModel, EmbeddingScorer
from moderation.drift.settings import DriftSettings
from moderation.store import drift
from moderation.store.drift import BackgroundRow
from moderation.store.spaces import SpaceRow

log = logging.getLogger(__name__)


def meaning(settings: DriftSettings) -> EmbeddingModel | None:
    """Load the embedding model of the settings; without one drift is lexical.

    A model that cannot be used is one line in the log, and drift goes on without.
    """
    if not settings.enabled or not settings.model:
        return None
    try:
        return EmbeddingModel(settings.model)
    except EmbeddingError as error:
        log.warning("drift goes on without drift.model: %s", error)
        return None


def recall(
    db: Database, row: SpaceRow, model: EmbeddingModel | None, settings: DriftSettings
) -> Learned:
    """Return what a Space starts with: the guild's threshold and past talk."""
    background = next(
        (
            Background(one.language, one.passages, one.terms)
            for one in drift.background(db, row.guild_id)
            if one.language == row.language
        ),
        None,
    )
    scorer = None
    if model is not None and row.language in settings.model_languages:
        scorer = EmbeddingScorer(model, settings.memory_words)
    return Learned(
        threshold=drift.threshold(db, row.guild_id),
        background=background,
        model=scorer,
    )


def keep(db: Database, row: SpaceRow, background: Background, at: float) -> None:
    """Write down what the talk of an ended Space taught, if it taught anything."""
    if background.passages:
        learned = BackgroundRow(
            background.language, background.passages, background.terms()
        )
        drift.set_background(db, row.guild_id, learned, at)
