"""``tertulia models`` on a machine without a route to the hub."""

import pytest
from click.testing import CliRunner

from bot.models import models
from media.whisper.models import ModelError


@pytest.fixture
def offline(monkeypatch, tmp_path):
    """Take the route to the hub and what an earlier run may have fetched."""
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", True)
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_CACHE", str(tmp_path))
    monkeypatch.chdir(tmp_path)


def run(*arguments):
    return CliRunner().invoke(models, arguments)


def test_the_list_says_what_is_here(offline, tmp_path):
    """Every name that can be fetched, and what is configured."""
    result = run("list")

    assert result.exit_code == 0
    assert {"tiny", "small", "large-v3"} <= set(result.output.split())
    assert "base  (configured)" in result.output


def test_no_route_to_the_hub_is_one_line(offline):
    """The line says what to do instead."""
    result = run("fetch", "tiny")

    assert isinstance(result.exception, ModelError)
    assert "no route to the model hub" in str(result.exception)
    assert "\n" not in str(result.exception)


def test_a_misspelt_name_never_goes_to_the_network(offline):
    """What faster-whisper does not know cannot be fetched."""
    result = run("fetch", "tinny")

    assert "not a name that faster-whisper knows" in str(result.exception)


def test_a_directory_is_only_checked(offline, tmp_path):
    """A directory that holds no model is named with what it lacks."""
    (tmp_path / "folder").mkdir()

    result = run("fetch", str(tmp_path / "folder"))

    assert "model.bin" in str(result.exception)
