"""Ask a peer for a sign of life, as the Test button does."""

from collections.abc import Callable
from dataclasses import dataclass

from viewer.core.peers import Peer
from viewer.network.web.login import NOBODY, WebLogin


@dataclass(frozen=True, slots=True)
class SignOfLife:
    """How long a peer took to answer.

    Attributes
    ----------
    seconds : float or None
        By C-ECHO; None if it has no DICOM service.
    web_seconds : float or None
        By QIDO-RS; None if it has no DICOMweb.
    """

    seconds: float | None
    web_seconds: float | None = None

    @property
    def words(self) -> str:
        """What to say of it: *after 3 ms, DICOMweb after 12 ms*."""
        parts = []
        if self.seconds is not None:
            parts.append(f"after {round(self.seconds * 1000)} ms")
        if self.web_seconds is not None:
            by = "DICOMweb " if parts else "by DICOMweb "
            parts.append(f"{by}after {round(self.web_seconds * 1000)} ms")
        return ", ".join(parts)


def sign_of_life(
    peer: Peer,
    secret: str,
    *,
    login: WebLogin = NOBODY,
    cancel: Callable[[], bool] = lambda: False,
) -> SignOfLife:
    """Try whatever the peer is reached by: its DICOM service, its DICOMweb, or both.

    Raises
    ------
    PeerFault
        What is wrong, and what to do about it.
    Cancelled, EnvironmentFailure
    """
    seconds: float | None = None
    web_seconds: float | None = None
    if peer.has_dicom:
        from viewer.network.echo import echo  # noqa: PLC0415 - rarely needed

        seconds = echo(peer, secret=secret, cancel=cancel).seconds
    if peer.web is not None:
        from viewer.network.web.qido import web_echo  # noqa: PLC0415 - rarely needed

        web_seconds = web_echo(peer, login=login, cancel=cancel)
    return SignOfLife(seconds, web_seconds)
