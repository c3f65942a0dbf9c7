"""What `lightbox retrieve` may be told: one type for each argument and option."""

from typing import Annotated

import typer

from viewer.core.peers import Way

PeerName = Annotated[str, typer.Argument(metavar="PEER")]
Uids = Annotated[
    list[str] | None, typer.Argument(metavar="UID…", help="Study Instance UIDs.")
]
Via = Annotated[
    Way | None, typer.Option(help="By default what the peer's settings prefer.")
]
Series = Annotated[
    list[str] | None,
    typer.Option(metavar="UID", help="Only this series of the one study."),
]
Resume = Annotated[
    bool, typer.Option("--resume", help="Go on with what is paused or was cut off.")
]
