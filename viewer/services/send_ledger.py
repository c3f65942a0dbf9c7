"""What became of each instance that is sent, and what is left to send."""

import time
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Protocol

from viewer.core.errors import EnvironmentFailure, ViewerError
from viewer.core.records import StoredInstance
from viewer.core.transfer import TransferState
from viewer.network.faults import PeerFault
from viewer.network.store import Stored
from viewer.services.transferring import Control, Ending

NOTHING_HERE = "There is nothing of this in the catalog."
BROKEN_OFF = "The peer breaks off at this object."
_IN_A_ROW = 4  # objects; then it is not the objects
_NOTED_S = 0.5  # each note waits for the disk


class Outcomes(Protocol):
    """Where is kept what became of each instance of a transfer."""

    def outcomes(self, id_: int) -> Mapping[str, str]:
        """Why not, by SOP Instance UID; empty if it went well."""

    def note_outcomes(self, id_: int, outcomes: Mapping[str, str]) -> None:
        """Keep some more."""


class Nowhere:
    """For what is sent once."""

    def outcomes(self, id_: int) -> Mapping[str, str]:
        """Nothing was sent before."""
        del id_
        return {}

    def note_outcomes(self, id_: int, outcomes: Mapping[str, str]) -> None:
        """Forget it."""


class Ledger:
    """The account of one attempt; what earlier ones brought over is in it already."""

    def __init__(
        self,
        rows: Outcomes,
        transfer_id: int,
        control: Control,
        wanted: Sequence[StoredInstance],
    ) -> None:
        self._rows = rows
        self._id = transfer_id
        self._control = control
        self._wanted = {one.instance.sop_instance_uid: one for one in wanted}
        before = self._rows.outcomes(transfer_id)
        self._outcomes = {uid: "" for uid, reason in before.items() if not reason}
        self._already = len(self._outcomes.keys() & self._wanted.keys())
        self._fresh: dict[str, str] = {}
        self._noted = time.monotonic()
        self._refused: set[str] = set()
        self._blamed: set[str] = set()
        self._in_a_row = 0
        self._report()

    def left(self) -> list[StoredInstance]:
        """What nothing became of in this attempt and no earlier one brought over.

        What a peer broke off at comes last.
        """
        left = [one for uid, one in self._wanted.items() if uid not in self._outcomes]
        return sorted(left, key=lambda one: self._name(one) in self._blamed)

    def blame(self, uid: str) -> bool:
        """The peer broke off at this one; whether the others are worth a new try.

        Some peers do that at objects they do not understand. One at which it happens
        twice is given up.
        """
        self._in_a_row += 1
        if uid in self._blamed:
            self.refuse(uid, BROKEN_OFF)
        self._blamed.add(uid)
        return self._in_a_row <= _IN_A_ROW

    def keep(self, uid: str, reason: str) -> None:
        """One is over; empty is a good end."""
        self._outcomes[uid] = self._fresh[uid] = reason
        if not reason:
            self._in_a_row = 0
        self._report()
        if time.monotonic() - self._noted > _NOTED_S:
            self.note()

    def refuse(self, uid: str, reason: str) -> None:
        """One is over: the peer does not want it."""
        self._refused.add(uid)
        self.keep(uid, reason)

    def hear(self, uid: str, said: Stored) -> None:
        """One is over: the peer has said so."""
        if said.kept:
            self.keep(uid, "")
        else:
            self.refuse(uid, said.reason)

    def note(self) -> None:
        """Write down what is new."""
        self._rows.note_outcomes(self._id, self._fresh)
        self._fresh.clear()
        self._noted = time.monotonic()

    def ending(self, error: ViewerError | None) -> Ending:
        """How the attempt ended, with what cut it off if anything did."""
        failed: dict[str, str] = {
            uid: self._outcomes.get(uid, error.message if error else "")
            for uid in self._wanted
            if self._outcomes.get(uid, "?")
        }
        done = len(self._wanted) - len(failed)
        state, reason, hint = self._judged(failed, done, error)
        return Ending(
            state,
            wanted=len(self._wanted),
            already=self._already,
            done=done,
            failed=failed,
            refused=self._refused & failed.keys(),
            reason=reason,
            hint=hint,
            advanced=done > self._already,
            unreachable=isinstance(error, PeerFault) and not done,
        )

    def _judged(
        self, failed: dict[str, str], done: int, error: ViewerError | None
    ) -> tuple[TransferState, str, str]:
        if not self._wanted:
            return TransferState.FAILED, NOTHING_HERE, "lightbox studies lists it."
        over = TransferState.PARTIAL if done else TransferState.FAILED
        if error is not None:
            passing = not isinstance(error, PeerFault) or error.passing
            again = passing and isinstance(error, EnvironmentFailure)
            state = TransferState.WAITING if again else over
            return state, error.message, error.hint
        if not failed:
            return TransferState.DONE, "", ""
        (most, _), *_ = Counter(failed.values()).most_common(1)
        return over, most, ""

    @staticmethod
    def _name(one: StoredInstance) -> str:
        return one.instance.sop_instance_uid

    def _report(self) -> None:
        bad = sum(1 for reason in self._outcomes.values() if reason)
        here = self._outcomes.keys() & self._wanted.keys()
        self._control.advance(total=len(self._wanted), done=len(here) - bad, failed=bad)
