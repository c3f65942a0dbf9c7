"""Wishes for frames, as who made them holds them."""

from collections.abc import Callable
from concurrent.futures import Future
from typing import Generic, TypeVar

import numpy as np
import numpy.typing as npt
from typing_extensions import override

from viewer.core.errors import Cancelled, PixelError, ViewerError
from viewer.services.frame_queue import Result
from viewer.services.frame_ref import FrameRef
from viewer.services.jobs import Deliver

T = TypeVar("T")
Frame = npt.NDArray[np.generic]
Done = Callable[[FrameRef, Frame], None]
Failed = Callable[[FrameRef, ViewerError], None]


class Ticket:
    """One wish for one frame, held by who made it."""

    takes_long = False

    def __init__(self, done: Done, failed: Failed) -> None:
        self._done, self._failed = done, failed
        self.dropped = False

    def drop(self) -> None:
        """Want it no more: neither function is called after this."""
        self.dropped = True

    def answer(self, ref: FrameRef, result: Result, deliver: Deliver) -> None:
        """Bring the frame, or why there is none, to who wished it."""
        if not self.dropped:
            deliver(lambda: self._call(ref, result))

    def _call(self, ref: FrameRef, result: Result) -> None:
        if self.dropped or isinstance(result, Cancelled):
            return
        if isinstance(result, ViewerError):
            self._failed(ref, result)
        elif isinstance(result, BaseException):
            self._failed(ref, PixelError("A fault of the program hides this image."))
            raise result  # to the crash handler
        else:
            self._done(ref, result)


class Making(Ticket, Generic[T]):
    """A wish for what is made of a frame, off the thread that asked."""

    takes_long = True

    def __init__(
        self,
        make: Callable[[Frame], T],
        made: Callable[[FrameRef, T], None],
        failed: Failed,
    ) -> None:
        super().__init__(lambda *_: None, failed)
        self._make, self._made = make, made

    @override
    def answer(self, ref: FrameRef, result: Result, deliver: Deliver) -> None:
        if self.dropped:
            return
        if isinstance(result, BaseException):
            super().answer(ref, result, deliver)
            return
        try:
            made = self._make(result)
        except BaseException as error:  # noqa: BLE001 - who asked raises it
            super().answer(ref, error, deliver)
        else:
            deliver(lambda: None if self.dropped else self._made(ref, made))


class Waiting:
    """A wish whose maker stands still until it is fulfilled."""

    dropped = takes_long = False

    def __init__(self) -> None:
        self.future: Future[Frame] = Future()

    def answer(self, ref: FrameRef, result: Result, deliver: Deliver) -> None:  # noqa: ARG002 - Wish
        """Let the maker go on, with the frame or the reason."""
        if isinstance(result, BaseException):
            self.future.set_exception(result)
        else:
            self.future.set_result(result)
