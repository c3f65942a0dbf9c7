"""`lightbox peers login`: get tokens for a peer's DICOMweb."""

import webbrowser
from typing import TYPE_CHECKING, Annotated

from viewer.cli import output
from viewer.cli.options import options_of
from viewer.core.errors import Cancelled
from viewer.services.peers import Peers
from viewer.services.secrets import Secrets

if TYPE_CHECKING:
    import typer


def register_login(group: "typer.Typer") -> None:
    """Add the command."""
    import typer  # noqa: PLC0415 - the caller has it already

    @group.command()
    def login(
        context: typer.Context, name: Annotated[str, typer.Argument(metavar="NAME")]
    ) -> int:
        """Log in to a peer's DICOMweb with OAuth: in the browser, or with a code."""
        from viewer.services.logging_in import log_in  # noqa: PLC0415 - HTTP is slow

        options = options_of(context)
        peer = Peers(options.data_dir).get(name)
        try:
            note = log_in(peer, Secrets(options.data_dir), _Terminal(), lambda: False)
        except KeyboardInterrupt as stop:
            raise Cancelled from stop
        if note:
            output.tell(note)
        if options.json:
            output.answer_json({"peer": peer.name, "logged_in": True})
        else:
            output.answer_text(f"You are logged in to {peer.name}.")
        return 0


class _Terminal:
    """Tells on standard error what the user has to do elsewhere."""

    def show_page(self, address: str) -> None:
        output.tell(f"Log in on this page of your browser:\n{address}")
        webbrowser.open(address)

    def show_code(self, code: str, address: str) -> None:
        output.tell(f"Open this page on any device:\n{address}\nThe code is {code}")
