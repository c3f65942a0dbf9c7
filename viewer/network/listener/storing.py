"""C-STORE as the one who takes it; PS3.4 B.2, PS3.7 9.1.1."""

import logging
from collections.abc import Callable
from typing import Final

from viewer.core.errors import (
    Cancelled,
    EnvironmentFailure,
    MismatchError,
    ViewerError,
)
from viewer.network.command_set import CommandField
from viewer.network.listener.classes import is_storage, syntax_of
from viewer.network.listener.hello import Wish
from viewer.network.listener.offers import Request
from viewer.network.listener.policy import Caller
from viewer.network.listener.services import Announced, Inbox, Sink

SUCCESS: Final = 0x0000
OUT_OF_RESOURCES: Final = 0xA700
OTHER_OBJECT: Final = 0xA900
NOT_UNDERSTOOD: Final = 0xC000

_WORTH_HEARING: Final = 1 << 13  # bytes; a byte now and then is no sign of life

_log = logging.getLogger(__name__)


class _Pouring:
    """Writes into a sink, and throws away what comes after that has failed.

    The caller speaks to its end either way, and only then is it answered.
    """

    def __init__(self, heard: Callable[[], None]) -> None:
        self.sink: Sink | None = None
        self._heard = heard
        self._unheard = 0
        self._failure: ViewerError | None = None

    def __call__(self, piece: memoryview) -> None:
        self._unheard += len(piece)
        if self._unheard > _WORTH_HEARING:
            self._unheard = 0
            self._heard()
        if self.sink is not None and self._failure is None:
            try:
                self.sink.write(piece)
            except ViewerError as error:
                self._failure = error

    def check(self) -> None:
        """Raise what went wrong."""
        if self._failure is not None:
            raise self._failure


class Storing:
    """The service that takes objects."""

    commands = frozenset({CommandField.C_STORE_RQ})
    roles = (True, True)  # who fetches by C-GET takes objects from us

    def __init__(self, inbox: Inbox, *, private: bool) -> None:
        self._inbox = inbox
        self._private = private

    def syntax(self, wish: Wish, caller: Caller) -> str | None:
        """Whatever objects lie in."""
        del caller
        if not is_storage(wish.abstract, private=self._private):
            return None
        return syntax_of(wish.syntaxes, private=self._private)

    def serve(self, request: Request) -> None:
        """Take one object and say what became of it."""
        command = request.command
        announced = Announced(
            command.sop_class,
            command.sop_instance,
            request.agreed.syntax,
            request.caller,
        )
        pour = _Pouring(request.heard)
        status = SUCCESS
        try:
            with self._inbox.receive(announced) as pour.sink:
                if command.has_data:
                    request.wire.read_data(request.context, pour)
                pour.check()
                pour.sink.finish()
        except ViewerError as error:
            status = _status(error)
            _log.info("object refused with %04X: %s", status, error.message)
            if pour.sink is None:
                request.pass_over_data()
        request.answer(status)


def _status(error: ViewerError) -> int:
    if isinstance(error, (EnvironmentFailure, Cancelled)):  # it may go better later
        return OUT_OF_RESOURCES
    return OTHER_OBJECT if isinstance(error, MismatchError) else NOT_UNDERSTOOD
