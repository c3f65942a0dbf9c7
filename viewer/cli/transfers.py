"""What `lightbox retrieve` and `lightbox send` have in common."""

import sys
from collections import Counter
from contextlib import contextmanager
from typing import TYPE_CHECKING

from viewer.core.transfer import TransferState

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from viewer.core.transfer import Direction
    from viewer.services.library import Library
    from viewer.services.transfer_queue import TransferQueue
    from viewer.services.transferring import Ending
    from viewer.services.workers import Workers

_SWITCH_S = 0.0005  # threads that wait for the network must not wait for each other
_DONE, _IN_PART, _UNREACHABLE = 0, 1, 3


@contextmanager
def _quick_threads() -> "Iterator[None]":
    """Let threads take turns as quickly as the network answers."""
    usual = sys.getswitchinterval()
    sys.setswitchinterval(_SWITCH_S)
    try:
        yield
    finally:
        sys.setswitchinterval(usual)


@contextmanager
def opened_queue(
    data_dir: "Path", direction: "Direction"
) -> "Iterator[tuple[Library, Workers, TransferQueue]]":
    """A data folder's queue of transfers one way, and what it works with."""
    # SQLAlchemy loads only where something is transferred.
    from viewer.services.library import Library  # noqa: PLC0415
    from viewer.services.transfers import open_transfers  # noqa: PLC0415
    from viewer.services.workers import Workers  # noqa: PLC0415

    with (
        _quick_threads(),
        Workers() as workers,
        Library(data_dir, workers) as library,
        open_transfers(library, workers, [direction]) as queue,
    ):
        yield library, workers, queue


def exit_status(endings: "Sequence[Ending]") -> int:
    """All done, done in part, or a peer that could not be reached at all."""
    if all(one.state is TransferState.DONE for one in endings):
        return _DONE
    out_of_reach = all(
        one.state is TransferState.DONE or one.unreachable for one in endings
    )
    return _UNREACHABLE if out_of_reach else _IN_PART


def refusals(endings: "Sequence[Ending]") -> list[dict[str, object]]:
    """How many instances the peer refused, by its reason, the most frequent first."""
    said = Counter(one.failed[uid] for one in endings for uid in one.refused)
    return [{"reason": why, "count": count} for why, count in said.most_common()]


def refusal_lines(endings: "Sequence[Ending]") -> "Iterator[str]":
    """The same for people."""
    for one in refusals(endings):
        yield f"  {one['count']:,} refused: {one['reason']}"


def other_words(endings: "Sequence[Ending]") -> "Iterator[str]":
    """What else there is to say of why it is not done, each thing once."""
    said = {one["reason"] for one in refusals(endings)}
    for reason, hint in dict.fromkeys((one.reason, one.hint) for one in endings):
        if reason:
            yield from (
                f"  {line}" for line in (reason, hint) if line and line not in said
            )


def failures(endings: "Sequence[Ending]") -> list[dict[str, str]]:
    """Every instance that is not where it should be, with the reason."""
    return [
        {"sop_instance_uid": uid, "reason": reason}
        for one in endings
        for uid, reason in one.failed.items()
    ]


def shortfall(endings: "Sequence[Ending]") -> dict[str, object]:
    """What a document says of what is not done, and why."""
    return {
        "refused": refusals(endings),
        "failed": failures(endings),
        "complete": all(one.state is TransferState.DONE for one in endings),
        "reasons": [one.reason for one in endings if one.reason],
    }
