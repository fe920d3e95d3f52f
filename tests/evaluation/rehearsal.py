"""Talk time of the rehearsal against its script."""

from collections.abc import Iterator

from tests.benchmarks.rehearsal import rehearse
from tests.figures import Figure


def figures() -> Iterator[Figure]:
    """Run the default rehearsal and compare each speaker's seconds."""
    errors = rehearse()["talktime_errors"]
    yield Figure(
        "talktime.error_rehearsal",
        100 * max(errors.values()),
        "%",
        "lower",
        n=len(errors),
    )
