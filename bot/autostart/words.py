"""What is said about Spaces that open by themselves."""

from bot.texts.language import Language, language_of
from bot.texts.wording import Params, Wording
from scheduler.autostart import Absent
from scheduler.plans import Plan


class Texts:
    """What the post says, in the plan's language."""

    def __init__(self, words: Wording) -> None:
        self._words = words

    def wait(self, plan: Plan, until: float, trouble: str = "") -> str:
        """Say that the host is waited for, what then, and what stands in the way."""
        absent = plan.absent or Absent.CANCEL.value
        lines = [
            self._say(plan, "auto.wait", until_at=until, at=until),
            self._say(plan, f"auto.without.{absent}"),
        ]
        if trouble:
            lines.append(f"{self._say(plan, 'auto.cannot')} {trouble}")
        return "\n".join(lines)

    def ended(self, plan: Plan, how: str, host_id: int | None = None) -> str:
        """Say how the wait ended, by the word of ``scheduler.autostart.outcome``."""
        key = how.partition("/")[0]
        if key == "opened" and host_id not in (None, plan.host_id):
            return self._say(plan, "auto.handed", user_id=host_id)
        return self._say(plan, f"auto.{key}", when=plan.starts_at, reason=plan.reason)

    def reason(self, plan: Plan, key: str, params: Params) -> str:
        """Say why it was called off; ``key`` is what stood in the way."""
        full = f"auto.reason.{key}"
        known = self._words.catalogue.has(full)
        return self._words.say(
            self._reader(plan), full if known else "auto.reason.cannot", params
        )

    def private(self, plan: Plan, key: str, until: float, trouble: str = "") -> str:
        """Say to the host what goes wrong."""
        return f"{self._say(plan, key, at=until)} {trouble}".rstrip()

    def _reader(self, plan: Plan) -> Language:
        return language_of(plan.language, "en")

    def _say(self, plan: Plan, key: str, **more: str | int | float | None) -> str:
        params: Params = {
            "topic": plan.topic,
            "starts_at": plan.starts_at,
            "space_channel": plan.channel_id,
            "host_id": plan.host_id,
            "cohost_ids": " ".join(map(str, plan.cohost_ids)),
            **more,
        }
        return self._words.say(self._reader(plan), key, params)
