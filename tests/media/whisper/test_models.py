"""Finding speech models and refusing what is none."""

import pytest

from media.whisper.models import ModelError, check, locate, locate_all, names
from media.whisper.settings import SpeechSettings


@pytest.fixture
def model(tmp_path):
    folder = tmp_path / "good"
    folder.mkdir()
    (folder / "config.json").write_text('{"suppress_ids": []}')
    (folder / "tokenizer.json").write_text("{}")
    (folder / "vocabulary.json").write_text("[]")
    (folder / "model.bin").write_bytes(b"\6\0\0\0\x0c\0WhisperSpec\0")
    return folder


def test_a_directory_is_a_model(model):
    """A path in the configuration is used as it is."""
    assert locate(str(model)) == model


def test_a_name_is_looked_up_in_the_models_directory(model):
    """Fetched models are found by their name."""
    assert locate("good", str(model.parent)) == model


def test_models_that_are_not_configured_are_the_live_one(model):
    """One model is enough for everything."""
    models = locate_all(SpeechSettings(model=str(model)))

    assert models.smaller == models.final == models.live == model


BROKEN = [
    ("model.bin", None, "model.bin is missing"),
    ("tokenizer.json", None, "tokenizer.json is missing"),
    ("config.json", "{", "config.json is unreadable"),
    ("config.json", '{"add_source_bos": true}', "not a Whisper model"),
    ("model.bin", "\6\0\0\0\x0f\0TransformerSpec\0", "broken or not Whisper"),
    ("model.bin", "", "broken or not Whisper"),
]


@pytest.mark.parametrize(("name", "content", "says"), BROKEN)
def test_a_broken_directory_is_refused_in_one_line(model, name, content, says):
    """The line names the directory and what is wrong with it."""
    if content is None:
        (model / name).unlink()
    else:
        (model / name).write_text(content)

    with pytest.raises(ModelError, match=says) as caught:
        check(model)

    assert str(model) in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("name", ["tinny", "/nowhere/at/all", "tiny"])
def test_an_absent_model_says_what_to_do(name, tmp_path, monkeypatch):
    """A misspelt name, a wrong path and a model not yet fetched each get one line."""
    monkeypatch.setenv("HF_HUB_CACHE", str(tmp_path))

    with pytest.raises(ModelError, match="tertulia models"):
        locate(name)


def test_the_names_are_those_of_faster_whisper():
    """The common sizes can be asked for by name."""
    assert {"tiny", "base", "small", "large-v3"} <= set(names())
