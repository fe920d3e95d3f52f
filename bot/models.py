"""``tertulia models``: speech models by name, on this machine and on the hub."""

from pathlib import Path

import click

from bot.config import Config, load
from media.whisper.models import check, fetch, is_here, names

CONFIG = Path("config.toml")


@click.group(short_help="List the speech models, or fetch one.")
def models() -> None:
    """List the speech models, or fetch one from the model hub."""


_WITH_CONFIG = click.option(
    "--config",
    "path",
    type=click.Path(path_type=Path),
    default=CONFIG,
    show_default=True,
    help="The configuration that says speech.models_dir; defaults where there is none.",
)


@models.command("list", short_help="List the names, and what is on this machine.")
@_WITH_CONFIG
def list_models(path: Path) -> None:
    """List the names that faster-whisper knows and what is on this machine."""
    config = _config(path)
    folder = config.speech.models_dir
    known = dict.fromkeys([*_directories(folder), *names(), config.speech.model])
    for name in known:
        if not name:
            continue
        marks = [
            "on this machine" if is_here(name, folder) else "",
            "configured" if name == config.speech.model else "",
        ]
        said = ", ".join(filter(None, marks))
        click.echo(f"{name}  ({said})" if said else name)


@models.command("fetch", short_help="Fetch the model NAME from the hub.")
@click.argument("name")
@_WITH_CONFIG
def fetch_model(name: str, path: Path) -> None:
    """Fetch the model NAME from the hub; a directory is only checked."""
    folder = _config(path).speech.models_dir
    if Path(name).is_dir():
        check(Path(name))
    where = fetch(name, folder)
    click.echo(f"{name}: {where}")


def _config(path: Path) -> Config:
    """Read the configuration where there is one; the defaults serve otherwise."""
    return load(path) if path != CONFIG or path.exists() else Config()


def _directories(folder: str) -> list[str]:
    root = Path(folder).expanduser()
    if not folder or not root.is_dir():
        return []
    return sorted(each.name for each in root.iterdir() if each.is_dir())
