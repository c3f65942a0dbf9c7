"""C-ECHO as the one who answers; PS3.4 A."""

from viewer.network.command_set import CommandField
from viewer.network.listener.classes import VERIFICATION, plain_syntax_of
from viewer.network.listener.hello import Wish
from viewer.network.listener.offers import Request
from viewer.network.listener.policy import Caller


class Verifying:
    """The service that says that we are here."""

    commands = frozenset({CommandField.C_ECHO_RQ})
    roles = (True, False)

    def syntax(self, wish: Wish, caller: Caller) -> str | None:
        """Any plain one."""
        del caller
        return plain_syntax_of(wish.syntaxes) if wish.abstract == VERIFICATION else None

    def serve(self, request: Request) -> None:
        """Say yes."""
        request.pass_over_data()
        request.answer(0x0000)
