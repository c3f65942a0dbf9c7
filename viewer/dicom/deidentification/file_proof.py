"""One file of an anonymized export, read again and held against everything.

Runs in a process that can be killed.
"""

import hashlib
import hmac
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import chain, islice
from mmap import ACCESS_READ, mmap
from pathlib import Path
from typing import Final

from viewer.core.deidentification import Option
from viewer.core.errors import UnreadableError
from viewer.core.proof import Fault, Finding, Own
from viewer.core.telltale import Telltale
from viewer.dicom.deidentification import icons
from viewer.dicom.deidentification.file_check import (
    false_markers,
    options_by_markers,
    own_uids,
    unclean_pixels,
    wrapping,
)
from viewer.dicom.deidentification.hits import Hit, Survivor, unexplained
from viewer.dicom.deidentification.own_source import Origin, OwnSource
from viewer.dicom.deidentification.packed_documents import unpacked_parts
from viewer.dicom.deidentification.rules_check import Broken, RulesCheck
from viewer.dicom.deidentification.source_values import telltales
from viewer.dicom.deidentification.survivors import Sought
from viewer.dicom.deidentification.survivors import sought as seek
from viewer.dicom.part10 import OpenFile, open_dicom
from viewer.dicom.source import InflatedSource

_ICON: Final = "(0088,0200)"
_MOST_FINDINGS: Final = 200
"""Of one file: whoever reads the report knows by then."""


@dataclass(frozen=True, slots=True)
class FileProof:
    """What was found in one file.

    Attributes
    ----------
    own : Own or None
        Its UIDs; None if it cannot be read.
    size : int
    sha256 : str
    options : frozenset of Option
        By its own markers.
    findings : tuple of Finding
        Without the name of the file, which the caller gives.
    """

    own: Own | None
    size: int
    sha256: str
    options: frozenset[Option]
    findings: tuple[Finding, ...]


def prove(
    path: Path,
    sought: Sought,
    key: bytes,
    options: frozenset[Option] | None,
    origin: Origin | None = None,
) -> FileProof:
    """Read a written file and tell what is wrong with it.

    Parameters
    ----------
    path : Path
    sought : Sought
        The values of the source; empty if there is none.
    key : bytes
        Of this report's marks.
    options : frozenset of Option or None
        What the export says it was written with; None asks the file.
    origin : Origin or None
        What it was made of. None counts every value of anybody.

    Raises
    ------
    UnreadableError, NotDicomError
        If it cannot be read.
    """
    with _content(path) as content, open_dicom(path) as opened:
        own_options = options_by_markers(opened.data_set)
        chosen = own_options if options is None else options
        broken = chain(
            wrapping(opened),
            _broken(opened, chosen),
            false_markers(opened.data_set, chosen),
            unclean_pixels(opened),
        )
        found = [
            *(_finding(one) for one in islice(broken, _MOST_FINDINGS)),
            *_surviving(opened, content, sought, key, origin),
        ]
        own = own_uids(opened.data_set)
        digest = hashlib.sha256(content).hexdigest()
        return FileProof(own, len(content), digest, own_options, tuple(found))


def _broken(opened: OpenFile, options: frozenset[Option]) -> Iterator[Broken]:
    """Rules that attributes break; an icon made of the pixels that left breaks none."""
    whole = opened.whole()
    own = icons.ICON in whole and icons.is_its_own(opened)
    for one in RulesCheck(options, opened.sop_class_uid).broken(whole):
        if not (own and one.path.startswith(_ICON)):
            yield one


@dataclass(frozen=True, slots=True)
class SourceValues:
    """What a file of the source says of people.

    Attributes
    ----------
    gone, kept : set of Telltale
        What must be nowhere in the export, and what may stay.
    own : Own
    """

    gone: set[Telltale]
    kept: set[Telltale]
    own: Own


def values_of(path: Path, options: frozenset[Option]) -> SourceValues:
    """What a file of the source says of people, under these options.

    Raises
    ------
    UnreadableError, NotDicomError
        If it cannot be read.
    """
    with open_dicom(path) as opened:
        gone, kept = telltales(opened.whole(), options)
        return SourceValues(gone, kept, own_uids(opened.data_set))


def _content(path: Path) -> mmap:
    """All bytes of a file, however large it is."""
    try:
        with path.open("rb") as file:
            return mmap(file.fileno(), 0, access=ACCESS_READ)
    except OSError as error:
        raise UnreadableError("The file cannot be read.") from error
    except ValueError as error:
        raise UnreadableError("The file is empty.") from error


def _surviving(
    opened: OpenFile,
    content: mmap,
    sought: Sought,
    key: bytes,
    origin: Origin | None,
) -> Iterator[Finding]:
    if not sought.values:
        return
    source = opened.data_set.cutter.source
    packed = b""
    if isinstance(source, InflatedSource):
        packed = source.read(0, source.size)
    whole = opened.whole()
    with _beside(opened, origin, sought.options) as explained:
        found = dict.fromkeys(sought.in_bytes(content, whole, packed, explained))
    for part in unpacked_parts(whole):
        for one in sought.in_plain(part):
            found[one._replace(place="within the document")] = None
    for one in islice(found, _MOST_FINDINGS):
        yield Finding(Fault.SURVIVOR, "", one.place, one.kind, mark=_mark(one, key))


@contextmanager
def _beside(
    written: OpenFile, origin: Origin | None, options: frozenset[Option]
) -> Iterator[Callable[[Hit], bool]]:
    """What a file has from its own source; nothing where that is not known."""
    if origin is None:
        yield unexplained
        return
    with open_dicom(origin.path) as source:
        own = OwnSource(source, written, seek(origin.values, options))
        yield own.explains


def _mark(survivor: Survivor, key: bytes) -> str:
    """Tells equal values from others, and says nothing else about them."""
    return hmac.digest(key, survivor.form, hashlib.sha256)[:4].hex()


def _finding(broken: Broken) -> Finding:
    return Finding(broken.fault, "", broken.path, rule=broken.rule)
