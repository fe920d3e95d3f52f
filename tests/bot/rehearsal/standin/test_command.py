"""``tertulia stand-in``: one line of JSON, a control, an orderly end."""

import asyncio
import json
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path

import aiohttp
import pytest

ROOT = Path(__file__).parents[4]
KEYS = {
    "api",
    "gateway",
    "ca",
    "token",
    "application_id",
    "guild_id",
    "stage_channel_id",
    "voice_channel_id",
    "members",
    "control",
}


@contextmanager
def served(*arguments):
    """Yield the description that a stand-in of its own process prints."""
    command = [sys.executable, "-m", "bot", "stand-in", *arguments, "--json"]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, text=True, cwd=ROOT
    ) as process:
        try:
            yield json.loads(process.stdout.readline())
        finally:
            process.terminate()
    assert process.returncode == 0


async def _control(described, *deeds):
    """Do deeds through the control; return the answers and what was seen."""
    async with aiohttp.ClientSession() as http:
        answers = []
        for deed in deeds:
            async with http.post(described["control"], json=deed) as got:
                answers.append((got.status, await got.json()))
        async with http.get(described["control"]) as got:
            return answers, await got.json()


@pytest.fixture(scope="module")
def described():
    with served() as line:
        yield line


def test_the_line_says_all_that_a_client_must_be_told(described):
    """Addresses, the authority's file, token, ids as strings, people."""
    assert set(described) >= KEYS
    assert Path(described["ca"]).read_text().startswith("-----BEGIN CERTIFICATE")
    assert all(set(one) == {"id", "name"} for one in described["members"])
    assert isinstance(described["guild_id"], str)


def test_the_control_drives_members_and_tells_what_was_seen(described):
    """Join, type, leave; voice states and messages show it."""
    elena = described["members"][0]["id"]
    voice = described["voice_channel_id"]

    answers, seen = asyncio.run(
        _control(
            described,
            {"member": elena, "do": "join", "channel_id": voice},
            {
                "member": elena,
                "do": "type",
                "channel_id": described["text_channel_id"],
                "content": "Good evening",
            },
            {"member": elena, "do": "speak", "seconds": 0.1},
        )
    )

    assert [status for status, _ in answers] == [200] * 3
    assert [one["user_id"] for one in seen["voice_states"]] == [elena]
    assert [one["content"] for one in seen["messages"]] == ["Good evening"]
    assert {"calls", "voice_states", "received_seconds"} <= set(seen)


@pytest.mark.parametrize(
    "deed",
    [
        {"do": "dance"},
        {"do": "accept"},
        {"do": "join", "channel_id": "5"},
        {"do": "join"},
        {"do": "command", "name": "nothing"},
        {"do": "click", "message_id": "5", "custom_id": "x"},
    ],
)
def test_what_a_member_cannot_do_is_an_error_in_words(described, deed):
    """400 and one line."""
    member = {"member": described["members"][1]["id"]}

    answers, _ = asyncio.run(_control(described, member | deed))

    ((status, body),) = answers
    assert status == 400
    assert body["error"]


def test_a_client_that_was_told_the_addresses_logs_in(described):
    """The plain port serves REST and the gateway."""

    async def main():
        headers = {"Authorization": f"Bot {described['token']}"}
        async with aiohttp.ClientSession(headers=headers) as http:
            async with http.get(f"{described['api']}/v10/gateway/bot") as got:
                url = (await got.json())["url"]
            async with http.ws_connect(f"{url}/?v=10&encoding=json") as socket:
                return url, await socket.receive_json()

    url, hello = asyncio.run(main())

    assert url == described["gateway"]
    assert hello["op"] == 10


def test_an_unknown_scenario_is_one_line_and_exit_code_two():
    """Nothing is served."""
    run = subprocess.run(
        [sys.executable, "-m", "bot", "stand-in", "no-such-scenario.toml", "--json"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )

    assert run.returncode == 2
    assert run.stdout == ""
    assert "no-such-scenario" in run.stderr
    assert len(run.stderr.splitlines()) == 1
