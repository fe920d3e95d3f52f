"""What somebody wants to post: read from a request, checked, and made into content.

Limits (Discord, "Create Message"): 2000 characters, 10 embeds, 10 files of 10 MiB,
25 MiB a request; nothing at all is refused with 50006.
"""

from dataclasses import dataclass, field

from bot.rehearsal.standin.form import Form
from bot.rehearsal.standin.refusals import Fault, Refusal
from bot.rehearsal.standin.wire import Json
from bot.rehearsal.standin.world import (
    component_rules,
    components,
    embeds,
    mentions,
)
from bot.rehearsal.standin.world.state import World

EPHEMERAL = 1 << 6
LOADING = 1 << 7
SUPPRESS_EMBEDS = 1 << 2
SUPPRESS_NOTIFICATIONS = 1 << 12
VOICE_MESSAGE = 1 << 13
COMPONENTS_V2 = 1 << 15
SETTABLE = (
    SUPPRESS_EMBEDS | EPHEMERAL | SUPPRESS_NOTIFICATIONS | VOICE_MESSAGE | COMPONENTS_V2
)
LONGEST_CONTENT = 2000
LONGEST_NONCE = 25
LONGEST_ALT = 1024
MOST_FILES = 10
LARGEST_FILE = 10 * 1024 * 1024
LARGEST_REQUEST = 25 * 1024 * 1024
CDN = "https://cdn.discordapp.com"


@dataclass(frozen=True, slots=True)
class Upload:
    """A file sent with a request."""

    key: str
    """The ``n`` of ``files[n]``."""
    name: str
    content_type: str
    content: bytes


@dataclass(slots=True)
class Draft:
    """A request to post or to edit, with its files."""

    body: Json
    uploads: list[Upload] = field(default_factory=list)

    @property
    def flags(self) -> int:
        """The flags that the author may set."""
        return int(self.body.get("flags") or 0) & SETTABLE

    def check(self, *, flags: int) -> None:
        """Refuse what Discord would refuse in a message with these flags."""
        form = Form(self.body)
        form.text("content", most=LONGEST_CONTENT)
        if len(str(self.body.get("nonce") or "")) > LONGEST_NONCE:
            words = f"Must be {LONGEST_NONCE} or fewer in length."
            form.fault("nonce", "BASE_TYPE_MAX_LENGTH", words)
        v2 = bool(flags & COMPONENTS_V2)
        if v2 and (self.body.get("content") or self.body.get("embeds")):
            words = "The 'content' and 'embeds' fields cannot be used with V2."
            form.fault("flags", "MESSAGE_CANNOT_USE_LEGACY_FIELDS", words)
        form.faults += embeds.faults(self.body.get("embeds") or [])
        own = self.body.get("components") or []
        form.faults += component_rules.of_message(own, v2=v2)
        form.faults += mentions.faults(self.body.get("allowed_mentions"))
        form.faults += self._file_faults()
        form.check()
        self._check_sizes()

    def _file_faults(self) -> list[Fault]:
        """Return what is wrong with what is said about the files."""
        wrong: list[Fault] = []
        for index, one in enumerate(self.body.get("attachments") or []):
            if len(one.get("description") or "") > LONGEST_ALT:
                path = ("attachments", index, "description")
                words = f"Must be {LONGEST_ALT} or fewer in length."
                wrong.append(Fault(path, "BASE_TYPE_MAX_LENGTH", words))
        return wrong

    def _check_sizes(self) -> None:
        if len(self.uploads) > MOST_FILES:
            words = "Maximum number of attachments in a message reached (10)"
            raise Refusal(400, 30015, words)
        sizes = [len(one.content) for one in self.uploads]
        if sum(sizes) > LARGEST_REQUEST or any(one > LARGEST_FILE for one in sizes):
            raise Refusal(413, 40005, "Request entity too large")

    def require_something(self) -> None:
        """Refuse a message without anything in it; blanks are nothing."""
        if self.body.get("poll") or self.body.get("sticker_ids"):
            raise Refusal(501, 0, "The stand-in has neither polls nor stickers")
        said = self.content()
        if not self.uploads and not any(said.values()):
            raise Refusal(400, 50006, "Cannot send an empty message")

    def content(self) -> Json:
        """Return the fields of the message that were sent, as Discord has them."""
        made: Json = {}
        if "content" in self.body:
            made["content"] = (self.body["content"] or "").strip()
        if "embeds" in self.body:
            made["embeds"] = embeds.rich(self.body["embeds"] or [])
        if "components" in self.body:
            made["components"] = components.numbered(self.body["components"] or [])
        return made


def attach(world: World, draft: Draft, channel_id: int, kept: list[Json]) -> list[Json]:
    """Store a draft's files; return the attachments the message has afterwards."""
    listed = draft.body.get("attachments")
    described = {str(one.get("id")): one for one in listed or []}
    if listed is not None:
        kept = [one for one in kept if one["id"] in described]
    return kept + [
        _attachment(world, one, channel_id, described.get(one.key, {}))
        for one in draft.uploads
    ]


def _attachment(world: World, upload: Upload, channel_id: int, told: Json) -> Json:
    attachment_id = world.new_id()
    world.files[attachment_id] = (upload.content_type, upload.content)
    name = told.get("filename") or upload.name
    path = f"attachments/{channel_id}/{attachment_id}/{name}"
    made: Json = {
        "id": str(attachment_id),
        "filename": name,
        "size": len(upload.content),
        "url": f"{CDN}/{path}",
        "proxy_url": f"https://media.discordapp.net/{path}",
        "content_type": upload.content_type,
    }
    for key in ("description", "duration_secs", "waveform", "title"):
        if told.get(key) is not None:
            made[key] = told[key]
    return made
