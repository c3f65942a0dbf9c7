"""What `lightbox send` may be told: one type for each argument and option."""

from enum import StrEnum
from typing import Annotated

import typer

from viewer.core.peers import Way


class SendVia(StrEnum):
    """How objects go to a peer."""

    STORE = "store"  # C-STORE
    WEB = "web"  # STOW-RS

    @property
    def way(self) -> Way:
        """What a transfer keeps of it: over an association, or by DICOMweb."""
        return Way.WEB if self is SendVia.WEB else Way.GET


PeerName = Annotated[str, typer.Argument(metavar="PEER")]
Uids = Annotated[
    list[str],
    typer.Argument(metavar="UID…", help="Of studies, series or images of the catalog."),
]
KeyImages = Annotated[
    bool,
    typer.Option(
        "--key-images", help="Only what Key Object Selections mark, and those."
    ),
]
Measurements = Annotated[
    bool,
    typer.Option(
        "--measurements", help="Only a report of what is drawn on each study."
    ),
]
Observer = Annotated[
    str,
    typer.Option(
        metavar="NAME",
        help="Who measured, with --measurements; else as last in the window.",
    ),
]
Via = Annotated[
    SendVia | None, typer.Option(help="By default what the peer's settings prefer.")
]
Commit = Annotated[
    bool, typer.Option("--commit", help="Have the peer answer for them.")
]
Wait = Annotated[
    float,
    typer.Option(min=0, metavar="SECONDS", help="For its answer, with --commit."),
]
