"""The scorer by meaning, on a real model, and models that are none."""

import shutil
from pathlib import Path

import pytest
from faster_whisper.utils import get_assets_path
from tokenizers import Tokenizer
from tokenizers.models import WordLevel

from moderation.drift.embedding import (
    EmbeddingError,
    EmbeddingModel,
    EmbeddingScorer,
)
from moderation.drift.scorer import Passage
from moderation.drift.topic import Topic

MODEL = Path(__file__).parents[3].parent / "shared/models/minilm-en"

needs_model = pytest.mark.skipif(
    not MODEL.is_dir(), reason="the embedding model is not beside the project"
)


def passage(text):
    return Passage(text, "en", len(text.split()), 0.0, 1.0)


@needs_model
@pytest.mark.data
def test_meaning_is_found_without_a_word_in_common():
    """Talk about dogs is near pets and far from taxes, whatever the words."""
    model = EmbeddingModel(MODEL)
    pets, taxes = (EmbeddingScorer(model, 100.0) for _ in range(2))
    pets.aim(Topic("Looking after pets"))
    taxes.aim(Topic("Income tax law"))

    for scorer in (pets, taxes):
        scorer.hear(passage("my puppy needs a long walk and a bowl of water every day"))

    assert pets.score() > 0.5 > taxes.score()


@needs_model
@pytest.mark.data
def test_what_was_said_fades():
    """The score follows the talk away from the topic and back."""
    scorer = EmbeddingScorer(EmbeddingModel(MODEL), 30.0)
    scorer.aim(Topic("Looking after pets"))
    assert scorer.score() is None

    scorer.hear(passage("the puppy needs food and water and a walk"))
    near = scorer.score()
    for _ in range(8):
        scorer.hear(passage("the parliament raised the tax on income and companies"))

    assert scorer.score() < near / 2


@needs_model
@pytest.mark.data
def test_accepted_talk_is_near():
    """What the host accepted pulls the topic towards it."""
    model = EmbeddingModel(MODEL)
    plain, taught = (EmbeddingScorer(model, 100.0) for _ in range(2))
    plain.aim(Topic("Looking after pets"))
    taught.aim(Topic("Looking after pets").accepting("what the veterinary tax costs"))

    line = passage("they raised the tax again")

    assert taught.nearness(line) > plain.nearness(line)


def test_broken_model_is_named_with_the_way_out(tmp_path):
    """A folder without a model, or with something else in it, is one clear line."""
    with pytest.raises(EmbeddingError, match=r"tokenizer\.json"):
        EmbeddingModel(tmp_path)
    (tmp_path / "tokenizer.json").write_text("{}")
    (tmp_path / "model.onnx").write_bytes(b"no model")

    with pytest.raises(EmbeddingError, match="cannot be loaded") as caught:
        EmbeddingModel(tmp_path)

    assert str(tmp_path) in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_model_that_takes_no_text_is_refused_before_anybody_speaks(tmp_path):
    """It loads; only what it is asked to embed would show it, in the first Space."""
    words = Tokenizer(WordLevel({"[UNK]": 0}, unk_token="[UNK]"))
    words.save(str(tmp_path / "tokenizer.json"))
    vad = next(Path(get_assets_path()).glob("silero*.onnx"))
    shutil.copy(vad, tmp_path / "model.onnx")

    with pytest.raises(EmbeddingError, match="embeds no text") as caught:
        EmbeddingModel(tmp_path)

    assert "\n" not in str(caught.value)


def test_missing_folder_is_not_looked_up_on_a_hub(tmp_path):
    """A path is a path."""
    with pytest.raises(EmbeddingError, match="no directory"):
        EmbeddingModel(tmp_path / "nowhere")
