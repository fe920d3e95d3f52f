"""What all Spaces of one process share."""

from dataclasses import dataclass
from pathlib import Path

from bot.client import Client
from bot.clock import Clock
from bot.config import Config
from bot.texts.wording import Wording
from media.whisper.transcriber import Transcriber
from moderation.drift.embedding import EmbeddingModel
from moderation.settings import SpaceSettings
from moderation.store.database import Store


@dataclass(frozen=True, slots=True)
class House:
    """The one client, record, clock and recogniser."""

    config: Config
    client: Client
    clock: Clock
    store: Store
    transcriber: Transcriber
    wording: Wording

    meaning: EmbeddingModel | None = None
    """Compares talk and topic by meaning, where the configuration names a model."""

    @property
    def space(self) -> SpaceSettings:
        """How a Space behaves where nobody chose otherwise."""
        return self.config.space

    @property
    def folder(self) -> Path:
        """Where recordings and exports of all Spaces are."""
        return Path(self.config.store.folder)
