"""The services of a listener, and what callers are granted of them."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Protocol

from viewer.network.command_set import CommandSet
from viewer.network.listener.hello import Roles, Wish
from viewer.network.listener.policy import Caller
from viewer.network.pdata import Wire

_ANSWER = 0x8000  # the bit that makes a response of a request's command field
_UNKNOWN_OPERATION = 0x0211


class Service(Protocol):
    """One service, of one or many SOP classes."""

    @property
    def commands(self) -> frozenset[int]:
        """The `CommandField` of the requests it serves."""

    def syntax(self, wish: Wish, caller: Caller) -> str | None:
        """In which transfer syntax the wish is granted.

        Empty if in none of those it names; None if it is none of our classes, or not
        for this caller.
        """

    @property
    def roles(self) -> Roles:
        """Which roles callers may have."""

    def serve(self, request: "Request") -> None:
        """Do what is asked, and answer.

        The data set of the request must be read, whatever it is.
        """


@dataclass(frozen=True, slots=True)
class Agreed:
    """A presentation context that was granted.

    Attributes
    ----------
    wish : Wish
    syntax : str
    service : Service
    caller_takes : bool
        Whether the caller may be sent requests in it: it is the SCP then.
    """

    wish: Wish
    syntax: str
    service: Service
    caller_takes: bool = False


Contexts = Mapping[int, Agreed]


@dataclass(frozen=True, slots=True)
class Request:
    """A message that asks for something, and whom to answer.

    Attributes
    ----------
    wire : Wire
        At the data set, if the command has one.
    context : int
    command : CommandSet
    caller : Caller
    contexts : mapping
        Every granted context of the association by its number.
    heard : callable
        Called now and then while the caller says something long.
    """

    wire: Wire
    context: int
    command: CommandSet
    caller: Caller
    contexts: Contexts
    heard: Callable[[], None]

    @property
    def agreed(self) -> Agreed:
        """The context the message came in."""
        return self.contexts[self.context]

    def pass_over_data(self) -> None:
        """Read the data set, and forget it."""
        if self.command.has_data:
            self.wire.read_data(self.context, len)

    def answer(self, status: int) -> None:
        """Answer without a data set."""
        command = self.command
        self.wire.send(
            self.context,
            CommandSet(
                command.field | _ANSWER,
                responds_to=command.message_id,
                sop_class=command.sop_class,
                sop_instance=command.sop_instance,
                status=status,
            ),
        )


class Offer:
    """All services together."""

    def __init__(self, services: Iterable[Service]) -> None:
        self._services = tuple(services)

    def have(self, wish: Wish, caller: Caller) -> Agreed | None:
        """The service for a wish, in an empty syntax if in none it names."""
        for service in self._services:
            syntax = service.syntax(wish, caller)
            if syntax is not None:
                return Agreed(wish, syntax, service)
        return None


def serve(request: Request) -> None:
    """Have the service of the request's context do what is asked."""
    service = request.agreed.service
    if request.command.field in service.commands:
        service.serve(request)
    else:
        request.pass_over_data()
        request.answer(_UNKNOWN_OPERATION)
