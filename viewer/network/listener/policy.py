"""Whom we listen to, and how much of it we bear."""

import ssl
from dataclasses import dataclass
from typing import Final

from viewer.core.errors import EnvironmentFailure
from viewer.core.peers import Tls
from viewer.network.tls import show_certificate

LOOPBACK: Final = ("127.", "::1", "::ffff:127.")


@dataclass(frozen=True, slots=True)
class Caller:
    """Who is on the other side: its title as it says, its address as it is."""

    title: str
    address: str

    @property
    def is_here(self) -> bool:
        """Whether it runs on this machine."""
        return self.address.startswith(LOOPBACK)


@dataclass(frozen=True, slots=True)
class Allowed:
    """An entry of the list of callers.

    Attributes
    ----------
    title : str
        An AE title; empty is any.
    addresses : frozenset of str
        Where it may call from; empty is anywhere.
    """

    title: str
    addresses: frozenset[str] = frozenset()

    def covers(self, caller: Caller) -> bool:
        """Whether it names this caller."""
        return (not self.title or self.title == caller.title) and (
            not self.addresses
            or caller.address.removeprefix("::ffff:") in self.addresses
        )


@dataclass(frozen=True, slots=True)
class Bounds:
    """How much callers may take of us.

    Attributes
    ----------
    connections : int
        At once. One more cuts off whoever has said nothing for the longest time.
    from_one_address : int
        Of them.
    hello_s : float
        Seconds until TLS and the proposals are there.
    silence_s : float
        Seconds between two signs of life in the middle of a message.
    idle_s : float
        Seconds between two messages.
    """

    connections: int = 256
    from_one_address: int = 128
    hello_s: float = 15.0
    silence_s: float = 60.0
    idle_s: float = 600.0


@dataclass(frozen=True, slots=True)
class Policy:
    """How we listen.

    Attributes
    ----------
    port : int
        0 takes any that is free.
    titles : frozenset of str
        AE titles we answer to; empty answers to any.
    allowed : tuple of Allowed
        Who may call; empty is everybody.
    readers : tuple of Allowed
        Who may query and retrieve, beside programs on this machine.
    answers_queries : bool
        Whether anybody may.
    private : bool
        Whether SOP classes and transfer syntaxes are taken that the standard does
        not know.
    host : str
        Address we listen at; empty is all of this machine's.
    tls : Tls or None
        With `Tls.ca` a caller must show a certificate of it.
    bounds : Bounds
    """

    port: int
    titles: frozenset[str] = frozenset()
    allowed: tuple[Allowed, ...] = ()
    readers: tuple[Allowed, ...] = ()
    answers_queries: bool = False
    private: bool = False
    host: str = ""
    tls: Tls | None = None
    bounds: Bounds = Bounds()

    def may_call(self, caller: Caller) -> bool:
        """Whether we talk to this caller at all."""
        return not self.allowed or any(one.covers(caller) for one in self.allowed)

    def may_read(self, caller: Caller) -> bool:
        """Whether the caller may query and retrieve."""
        return self.answers_queries and (
            caller.is_here or any(one.covers(caller) for one in self.readers)
        )


def server_context(tls: Tls) -> ssl.SSLContext:
    """What encrypts associations that others open.

    Raises
    ------
    EnvironmentFailure
        If a file of certificates or keys is missing or cannot be used.
    """
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    if tls.certificate is None:
        raise EnvironmentFailure(
            "To listen with TLS we need a certificate.",
            hint="Name its file and that of its key.",
        )
    show_certificate(context, tls)
    if tls.ca is not None:
        context.verify_mode = ssl.CERT_REQUIRED
        try:
            context.load_verify_locations(tls.ca)
        except OSError as cause:
            raise EnvironmentFailure(
                "The certificates (CA) for TLS cannot be used.",
                hint=f"Is {tls.ca} a PEM file that you may read?",
            ) from cause
    return context
