"""What a ledger of talk has to know beside the talk: microphones, ears and roles.

Fed with the same facts by the live room and by a journal that is read again, so that
both count alike. Times are seconds of the Space.
"""

from collections.abc import Mapping

from moderation.events import VoiceStateSeen
from moderation.roles import Role
from moderation.talktime.ledger import TalkLedger


class Following:
    """Keeps one ledger up with the room."""

    def __init__(self, ledger: TalkLedger) -> None:
        self._ledger = ledger
        self._on_stage: dict[int, Role] = {}

    def seen(self, state: VoiceStateSeen, at: float) -> None:
        """Take how a member's microphone and ears stand from ``at`` on."""
        if state.server_muted or state.suppressed:
            self._ledger.silence(state.user_id, at)
        else:
            self._ledger.allow(state.user_id, at)
        if state.self_deafened:
            self._ledger.stop_listening(state.user_id, at)
        else:
            self._ledger.listen(state.user_id, at)

    def left(self, user_id: int, at: float) -> None:
        """Take that a member has gone at ``at``."""
        self._ledger.stop_listening(user_id, at)

    def seated(self, on_stage: Mapping[int, Role], at: float) -> None:
        """Take who has the floor from ``at`` on, and in which role."""
        for user_id in self._on_stage.keys() - on_stage.keys():
            self._ledger.assign(user_id, Role.LISTENER, at)
        for user_id, role in on_stage.items():
            if self._on_stage.get(user_id) is not role:
                self._ledger.assign(user_id, role, at)
        self._on_stage = dict(on_stage)
