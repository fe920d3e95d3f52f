"""An MLS group as its delivery service sees it: epoch, leaves, outstanding proposals.

Rule: the first commit of an epoch that covers every outstanding proposal wins. Exact
cover matters: a client makes its pending commit anew at every proposal, so an older
commit of it would leave the client in a different group.

The words are those of RFC 9420 (MLS).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from bot.rehearsal.sfu.mls import Commit, ExternalSender, KeyPackage, SignedProposal


@dataclass(frozen=True, slots=True)
class Outstanding:
    """A proposal that no commit has covered yet."""

    user_id: int
    proposal: SignedProposal
    package: KeyPackage | None
    """Of an Add; None for a Remove."""


class Group:
    """Public state of one group; epoch 0 = nobody has committed yet."""

    def __init__(self, group_id: int, sender: ExternalSender) -> None:
        self.epoch = 0
        self._group_id = group_id
        self._sender = sender
        self._leaves: list[int | None] = []
        self._outstanding: dict[bytes, Outstanding] = {}

    @property
    def members(self) -> list[int]:
        """Members of this epoch, in leaf order."""
        return [user for user in self._leaves if user is not None]

    @property
    def going(self) -> set[int]:
        """Members whose removal is proposed."""
        return {o.user_id for o in self._outstanding.values() if o.package is None}

    @property
    def outstanding(self) -> Mapping[bytes, Outstanding]:
        """Proposals by their reference, oldest first."""
        return self._outstanding

    def propose_add(self, package: KeyPackage) -> SignedProposal:
        """Propose to add the owner of a key package."""
        made = self._sender.propose_add(self._group_id, self.epoch, package)
        self._outstanding[made.reference] = Outstanding(package.user_id, made, package)
        return made

    def propose_remove(self, user_id: int) -> SignedProposal:
        """Propose to remove a member."""
        leaf = self._leaves.index(user_id)
        made = self._sender.propose_remove(self._group_id, self.epoch, leaf)
        self._outstanding[made.reference] = Outstanding(user_id, made, None)
        return made

    def revoke_adds(self, user_id: int) -> list[bytes]:
        """Withdraw a user's outstanding Adds; return their references."""
        revoked = [
            reference
            for reference, entry in self._outstanding.items()
            if entry.user_id == user_id and entry.package is not None
        ]
        for reference in revoked:
            del self._outstanding[reference]
        return revoked

    def wins(self, user_id: int, commit: Commit) -> bool:
        """Whether this commit of a user ends the epoch."""
        needed = {
            reference
            for reference, entry in self._outstanding.items()
            # The founder of a group is in it without being added.
            if self.epoch or entry.user_id != user_id
        }
        if commit.epoch != self.epoch or not needed:
            return False
        if set(commit.references) != needed:
            return False
        if self.epoch == 0:
            return any(o.user_id == user_id for o in self._outstanding.values())
        return commit.leaf < len(self._leaves) and self._leaves[commit.leaf] == user_id

    def apply(self, user_id: int, commit: Commit) -> list[KeyPackage]:
        """Begin the next epoch with a commit that wins; return who it adds.

        RFC 9420 12.3: removes first, then each add into the leftmost blank leaf.
        """
        if self.epoch == 0:
            self._leaves = [user_id]
        entries = [self._outstanding[reference] for reference in commit.references]
        for entry in entries:
            if entry.package is None:
                self._leaves[self._leaves.index(entry.user_id)] = None
        while self._leaves and self._leaves[-1] is None:
            self._leaves.pop()
        added = [entry.package for entry in entries if entry.package is not None]
        for package in added:
            if None in self._leaves:
                self._leaves[self._leaves.index(None)] = package.user_id
            else:
                self._leaves.append(package.user_id)
        self._outstanding.clear()
        self.epoch += 1
        return added

    def clear(self) -> None:
        """Forget the group; the next one starts at epoch 0."""
        self.epoch = 0
        self._leaves.clear()
        self._outstanding.clear()
