"""What `lightbox retrieve` and `lightbox send` have in common."""

import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING

from viewer.core.transfer import TransferState

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from viewer.services.transferring import Ending

_SWITCH_S = 0.0005  # threads that wait for the network must not wait for each other
_DONE, _IN_PART, _UNREACHABLE = 0, 1, 3


@contextmanager
def quick_threads() -> "Iterator[None]":
    """Let threads take turns as quickly as the network answers."""
    usual = sys.getswitchinterval()
    sys.setswitchinterval(_SWITCH_S)
    try:
        yield
    finally:
        sys.setswitchinterval(usual)


def exit_status(endings: "Sequence[Ending]") -> int:
    """All done, done in part, or a peer that could not be reached at all."""
    if all(one.state is TransferState.DONE for one in endings):
        return _DONE
    out_of_reach = all(
        one.state is TransferState.DONE or one.unreachable for one in endings
    )
    return _UNREACHABLE if out_of_reach else _IN_PART


def failures(endings: "Sequence[Ending]") -> list[dict[str, str]]:
    """Every instance that is not where it should be, with the reason."""
    return [
        {"sop_instance_uid": uid, "reason": reason}
        for one in endings
        for uid, reason in one.failed.items()
    ]
