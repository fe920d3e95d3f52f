"""Runs inside ``unshare -m -n``: Discord's names lead to a stand-in on port 443.

``python namespace.py FOLDER SCENE BOT…`` starts the stand-in and, beside it, the bot
process, which is told nothing but a token and where certificates are. ``SCENE``, one
of the functions below, drives members through the control; its findings are printed
as one line of JSON.
"""

import fcntl
import json
import os
import signal
import socket
import struct
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

NAMES = "localhost discord.com gateway.discord.gg cdn.discordapp.com"
HOSTS = f"127.0.0.1 {NAMES} voice1.discord.media\n"
SIOCGIFFLAGS, SIOCSIFFLAGS, IFF_UP = 0x8913, 0x8914, 1
PATIENCE_S = 20.0


def lead_home(folder):
    """Bring the loopback up and let Discord's names mean this machine."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as one:
        request = struct.pack("16sh22x", b"lo", 0)
        flags = struct.unpack("16sh22x", fcntl.ioctl(one, SIOCGIFFLAGS, request))[1]
        fcntl.ioctl(one, SIOCSIFFLAGS, struct.pack("16sh22x", b"lo", flags | IFF_UP))
    hosts = folder / "hosts"
    hosts.write_text(HOSTS, "utf-8")
    subprocess.run(["mount", "--bind", str(hosts), "/etc/hosts"], check=True)


class Control:
    """The stand-in's control, from outside."""

    def __init__(self, described):
        self.url = described["control"]
        self.people = {one["name"]: one["id"] for one in described["members"]}
        self.described = described

    def do(self, who, deed, /, **more):
        """Let a member do something."""
        body = {"member": self.people[who], "do": deed, **more}
        request = urllib.request.Request(  # noqa: S310  # the loopback's own address
            self.url, json.dumps(body).encode(), {"Content-Type": "application/json"}
        )
        try:
            with urllib.request.urlopen(request) as answer:  # noqa: S310  # likewise
                return json.load(answer)
        except urllib.error.HTTPError as refused:
            raise SystemExit(f"{deed}: {refused.read().decode()}") from refused

    def seen(self):
        """Return what the stand-in has seen."""
        with urllib.request.urlopen(self.url) as answer:  # noqa: S310  # likewise
            return json.load(answer)

    def until(self, condition, what):
        """Return what was seen once a condition holds for it."""
        deadline = time.monotonic() + PATIENCE_S
        while time.monotonic() < deadline:
            seen = self.seen()
            if condition(seen):
                return seen
            time.sleep(0.05)
        raise SystemExit(f"not within {PATIENCE_S:g} s: {what}; {_brief(self.seen())}")


def _brief(seen):
    calls = [(one["method"], one["path"], one["status"]) for one in seen["calls"]]
    return json.dumps({"calls": calls, "interactions": seen["interactions"]})


def _at_work(seen):
    return seen["commands"] and seen["online"]


def hello(control):
    """Let a member in voice say hello to the plain bot, which comes and hums."""
    control.until(_at_work, "the bot registers its command and is online")
    voice = control.described["voice_channel_id"]
    control.do("Elena", "join", channel_id=voice)
    control.do("Elena", "command", name="hello", options={"name": "Elena"})
    seen = control.until(
        lambda seen: sum(seen["received_seconds"].values()) > 0.4, "the bot hums"
    )
    return {
        "said": [one["content"] for one in seen["messages"]],
        "where": sorted(one["channel_id"] for one in seen["voice_states"]),
        "voice": voice,
    }


def space(control):
    """Let a host start a Space with Tertulia on a stage, and end it."""
    control.until(_at_work, "the bot registers its commands and is online")
    stage = control.described["stage_channel_id"]
    control.do("Elena", "join", channel_id=stage)
    control.do("Bruno", "join", channel_id=stage)
    options = {"topic": "Tea", "channel": stage}
    control.do("Elena", "command", name="space start", options=options)
    bot = control.described["application_id"]
    seen = control.until(
        lambda seen: bot in seen["voice_occupants"].get(stage, []),
        "the bot is connected on the stage",
    )
    topics = [one["topic"] for one in seen["stage_instances"]]
    control.do("Elena", "command", name="space end")
    seen = control.until(
        lambda seen: not any(one["user_id"] == bot for one in seen["voice_states"]),
        "the bot leaves the stage",
    )
    return {
        "topics": topics,
        "answered": [one["answered"] for one in seen["interactions"]],
        "refused": [
            (one["method"], one["path"], one["status"])
            for one in seen["calls"]
            if one["status"] >= 400
        ],
    }


SCENES = {"hello": hello, "space": space}


def main(folder, scene, bot):
    """Play a scene and print what was found."""
    lead_home(folder)
    serve = [sys.executable, "-m", "bot", "stand-in", "--json", "--tls-port", "443"]
    with subprocess.Popen(serve, stdout=subprocess.PIPE, text=True) as stand_in:
        described = json.loads(stand_in.stdout.readline())
        told = dict(
            os.environ,
            SSL_CERT_FILE=described["ca"],
            DISCORD_TOKEN=described["token"],
            TERTULIA_TOKEN=described["token"],
        )
        with subprocess.Popen(bot, env=told) as process:
            try:
                found = SCENES[scene](Control(described))
            finally:
                process.send_signal(signal.SIGTERM)
                stand_in.send_signal(signal.SIGTERM)
    found["stand_in_exit"] = stand_in.returncode
    sys.stdout.write(json.dumps(found) + "\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2], sys.argv[3:])
