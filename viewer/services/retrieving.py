"""Fetch from a peer what is not here yet, and make sure that it all came.

The peer is asked what it has, the catalog what is here; only the difference is
fetched, by whichever way works, and counted again at the end. What is cut off at any
moment is simply begun again.
"""

import threading
import time
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Protocol

from viewer.core.errors import Cancelled, EnvironmentFailure, ViewerError
from viewer.core.peers import Peer, Way
from viewer.core.remote import RemoteInstance, RemoteKey
from viewer.core.transfer import Transfer, TransferState
from viewer.network.connecting import Cancel
from viewer.network.faults import Fault, PeerFault
from viewer.network.identifier import MOST_NAMED
from viewer.network.ways import Portion
from viewer.network.web.login import NOBODY, WebLogin
from viewer.services.arrivals import Arrivals
from viewer.services.delivering import Delivery
from viewer.services.fetch_crew import Crew
from viewer.services.portions import Portions, to_portions
from viewer.services.receiving import Receiving, Taken
from viewer.services.roads import Road, move_road, roads
from viewer.services.transferring import Control, Ending

if TYPE_CHECKING:  # SQLAlchemy loads when the catalog is opened
    from concurrent.futures import Future

    from viewer.catalog.filing import Outcome
    from viewer.services.library import Library

_LOOKED_UP = 5_000  # instances in one question to the catalog
_SINGLY = 512  # of them are asked for once more, each alone
_SETTLING_S = 5.0  # for rows another process still has to write
_NAP_S = 0.05

NOT_SENT = "The peer did not send it."
BESIDE = "It came, and was kept beside the study as a conflict."


class ListInstances(Protocol):
    """Asks a peer which instances it has."""

    def __call__(
        self, peer: Peer, key: RemoteKey, *, secret: str, cancel: Cancel
    ) -> Iterable[RemoteInstance]:
        """The instances of a study, a series, or the one that is named."""


class Retrieving:
    """Fetches into one library.

    Parameters
    ----------
    library : Library
    receiving : Receiving
        The door; open for as long as this is used.
    list_instances : ListInstances
    hear : callable
        Makes sure that what a peer sends to our title arrives, for C-MOVE; raises
        `EnvironmentFailure` if it cannot.
    login_for : callable
        What shows a peer's DICOMweb who we are.
    """

    def __init__(
        self,
        library: "Library",
        receiving: Receiving,
        list_instances: ListInstances,
        hear: Callable[[Peer], object],
        login_for: Callable[[Peer], WebLogin] = lambda _: NOBODY,
    ) -> None:
        self.library = library
        self.receiving = receiving
        self.list_instances = list_instances
        self.hear = hear
        self.login_for = login_for

    def run(
        self, transfer: Transfer, peer: Peer, secret: str, control: Control
    ) -> Ending:
        """Make one attempt at a transfer; how it ended.

        Raises
        ------
        Cancelled
            If `control` stopped it; what came is kept.
        """
        return _Attempt(self, transfer, peer, secret, control).run()


class _Attempt:
    """One attempt at one transfer."""

    def __init__(
        self,
        parts: Retrieving,
        transfer: Transfer,
        peer: Peer,
        secret: str,
        control: Control,
    ) -> None:
        self._parts, self._transfer = parts, transfer
        self._peer, self._secret, self._control = peer, secret, control
        self._catalog = parts.library.catalog
        self._counting = threading.Lock()
        self._offered: dict[str, RemoteInstance] = {}
        self._came: set[str] = set()
        self._already = 0
        self._refusals: dict[str, str] = {}
        self._unkept: set[str] = set()  # what came, and could not be kept here

    def run(self) -> Ending:
        """Ask, compare, fetch, and compare again."""
        try:
            held = self._compare()
            if len(held) < len(self._offered):
                self._fetch(held)
        except Cancelled:
            self._settle()
            raise
        except ViewerError as error:
            return self._ended(error)
        return self._ended(None)

    def _compare(self) -> set[str]:
        """What of it is here already."""
        found = self._parts.list_instances(
            self._peer,
            self._transfer.key,
            secret=self._secret,
            cancel=self._control.stopped,
        )
        self._offered = {one.sop_instance_uid: one for one in found}
        held = self._held(self._offered)
        self._already = len(held)
        self._came |= held
        self._catalog.restore({one.study_uid for one in self._offered.values()})
        for study, series in _counts(self._offered.values()).items():
            self._catalog.expected.note(self._peer.name, study, series)
        self._report()
        return held

    def _fetch(self, held: set[str]) -> None:
        """By the first way that the peer knows."""
        ways = (self._transfer.way,) if self._transfer.way else self._peer.ways
        for way, is_last in ((way, way is ways[-1]) for way in ways):
            try:
                self._fetch_by(way, held)
            except PeerFault as fault:
                if fault.fault is not Fault.NO_CONTEXT or is_last:
                    raise
            else:
                return

    def _fetch_by(self, way: Way, held: set[str]) -> None:
        found = self._roads(way)
        streamed = all(road.streams for road in found)
        self._crew(self._offered.values(), held, streamed=streamed).work(found)
        missing = self._missing(wait=way is Way.MOVE)
        if not missing or len(missing) > _SINGLY:
            return
        # Some peers take no list of names, or give up at the first fault.
        sample = missing if self._came - held else missing[:1]
        for once_more in (sample, missing[len(sample) :]):
            self._crew(once_more, (), size=1).work(found)
            if not self._came.issuperset(one.sop_instance_uid for one in once_more[:1]):
                break
        self._missing(wait=way is Way.MOVE)

    def _roads(self, way: Way) -> Sequence[Road]:
        """The connections it takes; where we are sent something, an ear is open."""
        if way is Way.MOVE:
            self._parts.hear(self._peer)
            arrivals = Arrivals(self._parts.library.store, self._arrived)
            return (move_road(self._peer, self._secret, arrivals.came),)
        classes = {one.sop_class_uid for one in self._offered.values()}
        login = self._parts.login_for(self._peer)
        return roads(way, self._peer, self._secret, classes, login)

    def _crew(
        self,
        wanted: Iterable[RemoteInstance],
        held: Iterable[str],
        size: int | None = None,
        *,
        streamed: bool = False,
    ) -> Crew:
        size = size or MOST_NAMED
        portions = Portions(
            to_portions(wanted, set(held), size, streamed=streamed),
            self._control.first,
            self._came.__contains__,
            streamed=streamed,
        )
        delivery = Delivery(self._parts.receiving, self._take, self._refuse)
        return Crew(portions, delivery, self._control.stopped, self._note)

    def _take(self, taken: Taken) -> None:
        """An object is safe."""
        uid = taken.sop_instance_uid
        with self._counting:
            self._came.add(uid)
            self._refusals.pop(uid, None)
        taken.outcome.add_done_callback(lambda outcome: self._filed(uid, outcome))
        self._report()

    def _filed(self, uid: str, filed: "Future[Outcome]") -> None:
        """An object has its row; one beside the studies is not what was wished for."""
        from viewer.catalog.filing import Outcome  # noqa: PLC0415 - SQLAlchemy is slow

        if filed.exception() is None and filed.result() is Outcome.OTHER_PATIENT:
            with self._counting:
                self._refusals[uid] = BESIDE
                self._unkept.add(uid)

    def _refuse(self, uid: str, error: ViewerError) -> None:
        """An object cannot be kept."""
        with self._counting:
            self._refusals[uid] = error.message
            self._unkept.add(uid)

    def _note(self, portion: Portion, refusal: PeerFault | None) -> None:
        """A portion was asked for: what the peer says, and what came another way."""
        uids = {one.sop_instance_uid for one in portion.instances}
        with self._counting:
            absent = uids - self._came
        held = self._held(absent)
        with self._counting:
            self._came |= held
            if refusal is not None:
                self._refusals |= dict.fromkeys(absent - held, refusal.message)
        self._report()

    def _arrived(self) -> int:
        """How many have come another way since this was asked last."""
        with self._counting:
            absent = self._offered.keys() - self._came
        held = self._held(absent)
        with self._counting:
            self._came |= held
        self._report()
        return len(held)

    def _missing(self, *, wait: bool) -> list[RemoteInstance]:
        """What is offered and did not come, once all rows are written."""
        self._parts.receiving.flush()
        until = time.monotonic() + _SETTLING_S * wait
        while True:
            held = self._held(self._offered)
            with self._counting:
                self._came |= held
                missing = [
                    one for uid, one in self._offered.items() if uid not in self._came
                ]
                awaited = wait and any(
                    one.sop_instance_uid not in self._refusals for one in missing
                )
            late = time.monotonic() < until and not self._control.stopped()
            if not awaited or not late:
                return missing
            time.sleep(_NAP_S)

    def _held(self, uids: Iterable[str]) -> set[str]:
        every = list(uids)
        held: set[str] = set()
        for start in range(0, len(every), _LOOKED_UP):
            held |= self._catalog.known(every[start : start + _LOOKED_UP]).keys()
        return held

    def _report(self) -> None:
        with self._counting:
            done = len(self._came & self._offered.keys())
        self._control.advance(
            total=len(self._offered), done=done, failed=len(self._refusals)
        )

    def _settle(self) -> set[str]:
        self._parts.receiving.flush()
        for study in {one.study_uid for one in self._offered.values()}:
            self._catalog.expected.settle(study)
        return self._held(self._offered)

    def _ended(self, error: ViewerError | None) -> Ending:
        """How it ended, by what the catalog says."""
        held = self._settle()
        missing = [uid for uid in self._offered if uid not in held]
        state, reason, hint = self._judged(missing, error)
        why = error.message if error else NOT_SENT
        failed = {uid: self._refusals.get(uid, why) for uid in missing}
        judged = failed.keys() if error is None else failed.keys() & self._refusals
        self._keep_outcomes({uid: failed[uid] for uid in judged}, held)
        return Ending(
            state,
            wanted=len(self._offered),
            already=self._already,
            done=len(held),
            failed=failed,
            refused=judged - self._unkept,
            reason=reason,
            hint=hint,
            advanced=len(held) > self._already,
            unreachable=isinstance(error, PeerFault) and not held,
        )

    def _keep_outcomes(self, why: Mapping[str, str], held: Collection[str]) -> None:
        """Note what was decided of single instances, for whoever looks at the queue."""
        rows, here = self._catalog.transfers, self._transfer.id
        come = {uid: "" for uid in rows.outcomes(here) if uid in held}
        rows.note_outcomes(here, {**come, **why})

    def _judged(
        self, missing: Sequence[str], error: ViewerError | None
    ) -> tuple[TransferState, str, str]:
        if error is not None and (missing or not self._offered):
            passing = not isinstance(error, PeerFault) or error.passing
            again = passing and isinstance(error, EnvironmentFailure)
            lost = TransferState.PARTIAL if self._came else TransferState.FAILED
            state = TransferState.WAITING if again else lost
            return state, error.message, error.hint
        if not self._offered:
            reason = f"{self._peer.name} has nothing of this."
            return TransferState.FAILED, reason, "It may have been moved elsewhere."
        if not missing:
            return TransferState.DONE, "", ""
        said = Counter(self._refusals.get(uid, NOT_SENT) for uid in missing)
        state = TransferState.PARTIAL if self._came else TransferState.FAILED
        return state, said.most_common(1)[0][0], "Try again later; its log may tell."


def _counts(offered: Iterable[RemoteInstance]) -> dict[str, dict[str, int]]:
    """How many instances each series of each study has."""
    counted: dict[str, dict[str, int]] = {}
    for one in offered:
        of_study = counted.setdefault(one.study_uid, {})
        of_study[one.series_uid] = of_study.get(one.series_uid, 0) + 1
    return counted
