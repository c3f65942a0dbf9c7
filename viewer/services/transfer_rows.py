"""Transfers as people think of them: the images chosen of a study are one sending."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from viewer.core.counts import counted
from viewer.core.transfer import Transfer, TransferState

_FIRST_OF = (TransferState.RUNNING, TransferState.WAITING, TransferState.PAUSED)


@dataclass(frozen=True, slots=True)
class TransferRow:
    """One or several transfers, told of as one.

    Attributes
    ----------
    transfers : tuple of Transfer
        Never empty; of one study, one peer and one direction.
    """

    transfers: tuple[Transfer, ...]

    @property
    def first(self) -> Transfer:
        """The one that was wished for first; its number is the row's."""
        return self.transfers[0]

    @property
    def state(self) -> TransferState:
        """What concerns the user most: what moves, what waits, then how it ended."""
        states = {one.state for one in self.transfers}
        for state in _FIRST_OF:
            if state in states:
                return state
        return states.pop() if len(states) == 1 else TransferState.PARTIAL

    @property
    def ids(self) -> tuple[int, ...]:
        """Numbers of the transfers."""
        return tuple(one.id for one in self.transfers)

    @property
    def done(self) -> int:
        """Images that are where they should be."""
        return sum(one.done for one in self.transfers)

    @property
    def share(self) -> str:
        """How far it is, in words: *n of m*."""
        if len(self.transfers) == 1:
            return self.first.share
        # Each names one image before the peer has said so.
        total = sum(one.total or 1 for one in self.transfers)
        return f"{self.done:,} of {total:,}"

    @property
    def part(self) -> str:
        """Which part of the study it is; empty for all of it."""
        if self.first.key.sop_instance_uid:
            return counted(len(self.transfers), "image")
        return "1 series" if self.first.key.series_uid else ""

    @property
    def reason(self) -> str:
        """Why it is not done, in a sentence."""
        return next((one.reason for one in self.transfers if one.reason), "")

    def in_state(self, states: Sequence[TransferState]) -> list[int]:
        """Numbers of those transfers that are in one of these states."""
        return [one.id for one in self.transfers if one.state in states]


def to_rows(transfers: Iterable[Transfer]) -> tuple[TransferRow, ...]:
    """The transfers in rows, the newest first; single images of a study share one."""
    rows: dict[object, list[Transfer]] = {}
    for one in sorted(transfers, key=lambda one: one.id):
        image = one.key.sop_instance_uid
        shared = (one.direction, one.peer, one.key.study_uid) if image else one.id
        rows.setdefault(shared, []).append(one)
    newest = sorted(rows.values(), key=lambda row: -row[-1].id)
    return tuple(TransferRow(tuple(row)) for row in newest)
