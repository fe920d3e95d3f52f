"""The doctor's look at this machine."""

import io
import socket

import pytest
from click.testing import CliRunner
from rich.console import Console

from bot.config import Config, parse
from bot.doctor import machine
from bot.doctor.check import Verdict, ok
from bot.doctor.command import doctor, show


def look(config):
    return {check.name: check for check in machine.look(config)}


def test_what_the_project_installs_is_found():
    """Libraries, libopus and ffmpeg are there wherever the tests run."""
    checks = look(Config())

    for name in ("Python", "discord.py", "davey", "libopus", "ffmpeg"):
        assert checks[name].verdict is Verdict.OK


def test_a_missing_model_costs_the_transcript_only():
    """It is a warning, with the way out."""
    checks = look(parse({"speech": {"model": "no-such-model"}}))

    assert checks["speech model"].verdict is Verdict.WARNING
    assert "everything else works" in checks["speech model"].remedy


@pytest.mark.parametrize(
    ("name", "verdict"),
    [("/no/such/model", Verdict.WARNING), ("", None), ("hub/model", Verdict.OK)],
)
def test_a_drift_model_that_is_not_there_costs_nothing_else(name, verdict):
    """It is looked at where one is set; a name is fetched by the first start."""
    check = look(parse({"drift": {"model": name}})).get("drift model")

    assert (check and check.verdict) == verdict


def test_a_full_disk_keeps_the_bot_from_recording():
    """The key that says how much is needed is named."""
    checks = look(parse({"store": {"free_mb": 10**9}}))

    assert checks["disk"].verdict is Verdict.FAILURE
    assert "store.free_mb" in checks["disk"].remedy


def test_a_store_that_does_not_exist_yet_is_no_problem(tmp_path):
    """Its nearest folder is looked at."""
    checks = look(parse({"store": {"folder": str(tmp_path / "a" / "b")}}))

    assert checks["disk"].verdict is Verdict.OK
    assert str(tmp_path) in checks["disk"].seen


def test_a_store_that_cannot_be_written_is_said_before_the_start(tmp_path):
    """The key is named; the bot would not start."""
    (tmp_path / "file").write_text("", "utf-8")

    checks = look(parse({"store": {"folder": str(tmp_path / "file" / "data")}}))

    assert checks["disk"].verdict is Verdict.FAILURE
    assert "is a file, no folder" in checks["disk"].seen
    assert "store.folder" in checks["disk"].remedy


def test_a_taken_port_of_the_page_is_said_before_the_start():
    """It may be this bot that listens there, so it is a warning."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        page = {"enabled": True, "port": port}
        busy = look(parse({"page": page}))["review page"]
    free = look(parse({"page": page | {"port": 0}}))["review page"]

    assert busy.verdict is Verdict.WARNING
    assert "page.port" in busy.remedy
    assert free.verdict is Verdict.OK


def test_an_address_that_is_not_here_keeps_the_bot_from_starting():
    """TEST-NET-1 (RFC 5737) belongs to nobody."""
    page = {"enabled": True, "host": "192.0.2.1"}

    check = look(parse({"page": page}))["review page"]

    assert check.verdict is Verdict.FAILURE
    assert "page.host" in check.remedy


@pytest.mark.parametrize(
    ("size_bytes", "verdict", "seen"),
    [
        (425_984, Verdict.WARNING, "0.27 s of 25 speakers (416 KiB)"),
        (8_388_608, Verdict.OK, "5.23 s of 25 speakers (8,192 KiB)"),
    ],
)
def test_how_long_the_kernel_keeps_voice(size_bytes, verdict, seen):
    """Too short is said with the figure and with what to run."""
    check = machine.udp_buffer(size_bytes)

    assert (check.verdict, check.seen) == (verdict, seen)
    assert ("net.core.rmem_max=4194304" in check.remedy) == (verdict is Verdict.WARNING)


def test_the_udp_buffer_is_looked_at():
    """Whatever this machine allows."""
    assert "speakers" in look(Config())["UDP buffer"].seen


@pytest.mark.parametrize(
    ("text", "code"), [("", 0), ("[discord]\nlanguage = 'fr'\n", 2), ("[", 2)]
)
def test_the_exit_code_says_whether_the_bot_can_work(tmp_path, text, code):
    """Warnings are not failures; a broken configuration is one."""
    path = tmp_path / "config.toml"
    path.write_text(text, "utf-8")

    result = CliRunner().invoke(doctor, ["--offline", "--config", str(path)])

    assert result.exit_code == code


def test_without_a_token_both_ways_to_give_one_are_said(tmp_path, monkeypatch):
    """Discord is not asked then."""
    path = tmp_path / "config.toml"
    path.write_text("", "utf-8")
    monkeypatch.delenv("TERTULIA_TOKEN", raising=False)

    result = CliRunner().invoke(doctor, ["--config", str(path)])

    assert result.exit_code == 2
    assert "TERTULIA_TOKEN" in result.output


def test_a_long_path_is_shown_whole():
    """It can be copied from a narrow terminal."""
    console = Console(file=io.StringIO(), width=40)
    path = "/" + "/".join("abcdefghijklmnopqrstuvwxyz")

    show([ok("ffmpeg", path)], console)

    assert path in "".join(console.file.getvalue().split())
