"""What `lightbox export` may be told: one type for each argument and option."""

from pathlib import Path
from typing import Annotated

import typer

from viewer.core.deidentification import PROFILES, Option
from viewer.core.export_forms import FORMS

Uids = Annotated[
    list[str],
    typer.Argument(metavar="UID…", help="Of studies, series or images of the catalog."),
]
To = Annotated[
    Path | None,
    typer.Option(metavar="DIR", help="The folder or ZIP; nothing may be there."),
]
Send = Annotated[
    str, typer.Option(metavar="PEER", help="Send it there instead of writing it.")
]
Dicomdir = Annotated[
    bool, typer.Option("--dicomdir", help="A DICOMDIR and names for discs.")
]
Zipped = Annotated[bool, typer.Option("--zip", help="One ZIP.")]
PasswordFile = Annotated[
    Path | None,
    typer.Option(
        metavar="F", help="Its first line locks the ZIP, with AES; - is stdin."
    ),
]
KeyImages = Annotated[
    bool,
    typer.Option(
        "--key-images", help="Only what Key Object Selections mark, and those."
    ),
]
Form = Annotated[
    str,
    typer.Option("--format", metavar="NAME", help=", ".join(one.name for one in FORMS)),
]
Bits = Annotated[
    int, typer.Option(metavar="8|16", help="As displayed, or values without a window.")
]
Stored = Annotated[
    bool, typer.Option("--stored", help="With 16: values as the file has them.")
]
Annotations = Annotated[
    bool,
    typer.Option(
        "--annotations", help="Texts on the pictures, names on contact sheets."
    ),
]
Quality = Annotated[int, typer.Option(metavar="1-100", help="Of JPEG.")]
Anonymize = Annotated[bool, typer.Option("--anonymize", help="Take identities out.")]
Project = Annotated[
    str,
    typer.Option(
        metavar="NAME", help="Whose key makes the pseudonyms; made if it is new."
    ),
]
Profile = Annotated[
    str, typer.Option(metavar="NAME", help=", ".join(one.name for one in PROFILES))
]
Options = Annotated[
    list[Option] | None, typer.Option(help="Besides those of the profile; PS3.15 E.3.")
]
Review = Annotated[
    Path | None,
    typer.Option(
        metavar="F", help="boxes.json: what was found in the pixels, by whom."
    ),
]
Propose = Annotated[
    Path | None,
    typer.Option(
        metavar="F", help="Export nothing; write boxes.json to be looked over."
    ),
]
Crosswalk = Annotated[
    Path | None, typer.Option(metavar="DIR", help="Write there what stands for what.")
]
KeepDocuments = Annotated[
    bool, typer.Option("--keep-documents", help="Let PDFs out, uncleaned.")
]
KeepVideo = Annotated[
    bool, typer.Option("--keep-video", help="Let films out, uncleaned.")
]
NoVerify = Annotated[
    bool, typer.Option("--no-verify", help="Do not read it again as lightbox verify.")
]
