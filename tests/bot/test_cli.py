"""The command line: every command is there, and errors are one line."""

import click
import pytest

from bot import cli
from bot.errors import UsageError


@pytest.mark.parametrize("name", list(cli.COMMANDS))
def test_every_command_explains_itself(name, capsys):
    """``--help`` works for each, and says something."""
    cli.main([name, "--help"])

    assert len(capsys.readouterr().out) > 60


def test_an_error_of_ours_is_one_line_and_two(monkeypatch, capsys):
    """No traceback for what a person can mend."""

    def broken(self, ctx, name):
        raise UsageError("the port is taken; use another")

    monkeypatch.setattr(cli._Commands, "get_command", broken)

    with pytest.raises(SystemExit) as stop:
        cli.main(["run"])

    assert stop.value.code == 2
    assert capsys.readouterr().err == "the port is taken; use another\n"


def test_every_command_says_in_one_line_what_it_is_for(capsys):
    """A list that breaks off in the middle says nothing."""
    cli.main(["--help"])
    cli.main(["models", "--help"])

    listed = capsys.readouterr().out.replace("[ARGS]...", "")
    assert "..." not in listed


def test_a_rehearsal_with_a_model_that_is_not_there_does_not_begin(tmp_path, capsys):
    """Three minutes later it would have said that no words were recognised."""
    with pytest.raises(SystemExit) as stop:
        cli.main(["rehearse", "--model", "bsae", "--out", str(tmp_path / "out")])

    assert stop.value.code == 2
    assert "tertulia models list" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


def test_a_port_that_there_is_not_is_refused(capsys):
    """The system's own words for it are a traceback."""
    with pytest.raises(SystemExit) as stop:
        cli.main(["stand-in", "--port", "99999"])

    assert stop.value.code == 2
    assert "65535" in capsys.readouterr().err


def test_an_unknown_command_is_named(capsys):
    """Click's own message, code 2."""
    with pytest.raises(SystemExit) as stop:
        cli.main(["sing"])

    assert stop.value.code == 2
    assert "sing" in capsys.readouterr().err


def test_loading_help_loads_nothing():
    """Commands are imported when asked for, not to be listed."""
    context = click.Context(cli.cli)

    assert cli.cli.list_commands(context) == list(cli.COMMANDS)
