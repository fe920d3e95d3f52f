"""What the record holds of members: every table, every column, decided.

Rule: a column that holds a member's id is in ``people``, one that holds what somebody
said, wrote or is called (or JSON that may name them) is in ``words``, all others are in
``plain``. A test walks the schema: a new table or column has to be decided here.
``copied`` says what ``takeout`` gives the member of it, ``erased`` what ``erasure``
does to it; tests fill every table and hold both against it. A stand-in is a number that
is nobody's (``erasure.stand_in``).

``members``, ``spaces`` and ``plans`` have the tables; ``holding`` is one of them.
"""

from collections.abc import Mapping
from typing import Final

from moderation.store.holdings.holding import Holding
from moderation.store.holdings.members import MEMBERS
from moderation.store.holdings.plans import PLANS
from moderation.store.holdings.spaces import SPACES

HOLDINGS: Final[Mapping[str, Holding]] = {**MEMBERS, **SPACES, **PLANS}
"""Every table of the record that is ours."""
