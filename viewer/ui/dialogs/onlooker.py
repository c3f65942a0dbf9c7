"""A login that happens in the browser, seen from the window."""

from collections.abc import Callable
from contextlib import suppress
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QUrl, Signal
from PySide6.QtGui import QDesktopServices

from viewer.services.peer_drafts import PeerDraft

if TYPE_CHECKING:
    from viewer.network.web.oauth import Tokens


class Onlooker(QObject):
    """Hears on any thread what the user has to do, and has it done on the window's.

    Signals
    -------
    page_shown : (str)
    code_shown : (str, str)
        The code, and the address at which it is typed.
    """

    page_shown = Signal(str)
    code_shown = Signal(str, str)

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.page_shown.connect(_open)
        self.code_shown.connect(lambda _code, address: _open(address))

    def show_page(self, address: str) -> None:
        """Open a page in the browser."""
        with suppress(RuntimeError):  # the dialog is gone, and it with it
            self.page_shown.emit(address)

    def show_code(self, code: str, address: str) -> None:
        """Say which code is typed at which address."""
        with suppress(RuntimeError):
            self.code_shown.emit(code, address)


def tokens_of_draft(
    draft: PeerDraft, onlooker: Onlooker, cancel: Callable[[], bool]
) -> "Tokens":
    """What the user's login to a peer gives; waits for the user.

    Raises
    ------
    ViewerError
    """
    from viewer.services.logging_in import tokens_of_user  # noqa: PLC0415 - HTTP is slow

    return tokens_of_user(draft.to_peer(), onlooker, cancel)


def _open(address: str) -> None:
    QDesktopServices.openUrl(QUrl(address))
