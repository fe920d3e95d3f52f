"""What members can ask about themselves, put together."""

from bot.afterwards.deletion import Deletions
from bot.house import House
from bot.presses import Presses
from bot.privacy.asking import Asking
from bot.privacy.choices import Choices
from bot.privacy.copies import Copies
from bot.privacy.eraser import Changed, Eraser
from bot.privacy.remains import Captions, Remains
from bot.privacy.spaces import Spaces
from bot.rooms.rooms import Rooms


class PrivacyService:
    """Consent, copies and erasures."""

    def __init__(
        self,
        house: House,
        rooms: Rooms,
        presses: Presses,
        deletions: Deletions,
        captions: Captions,
        changed: Changed,
    ) -> None:
        """Make everything; ``changed`` tells the clockwork whose reminders went."""
        self.choices = Choices(house, rooms)
        self.copies = Copies(house)
        self.spaces = Spaces(house, rooms, Remains(house, deletions, captions))
        self.eraser = Eraser(house, self.spaces, changed)
        self.asking = Asking(house, self.spaces, self.eraser)
        presses.take(self.choices.answers())
        presses.take(self.asking.answers())
        rooms.on_taken_up(self.eraser.taken_up)
