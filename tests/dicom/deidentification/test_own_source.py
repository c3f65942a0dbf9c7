"""Patients are exported together: what a file has of its own is nobody else's."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.canaries.tree import Branch, Leaf, Node
from tests.dicom.deidentification.spoiling import (
    KEY,
    anonymous,
    overwrite,
    put_in,
    source,
)
from viewer.core.deidentification import Option
from viewer.core.proof import Fault
from viewer.core.telltale import Kind, Telltale
from viewer.dicom.deidentification.file_proof import prove, values_of
from viewer.dicom.deidentification.own_source import Origin
from viewer.dicom.deidentification.survivors import sought

_MAKER, _MODEL, _SOFTWARE, _DESCRIPTION = 0x00080070, 0x00081090, 0x00181020, 0x0008103E
_PURPOSE, _MEANING = 0x0040A170, 0x00080104
_OTHERS = (
    Telltale(Kind.NAME, "Test^Quarz"),
    Telltale(Kind.NAME, "Abdomen^Ute"),
    Telltale(Kind.NAME, "Groß^Jürgen=山本^花子"),
    Telltale(Kind.PLACE, "GE MEDICAL SYSTEMS"),
    Telltale(Kind.NUMBER, "4711-0815"),
    Telltale(Kind.DATE, "20180410"),
    Telltale(Kind.UID, "1.2.276.0.7230010.3.99.5"),
)
_OWN: tuple[Node, ...] = (
    Leaf(_MAKER, "LO", "GE MEDICAL SYSTEMS"),
    Leaf(_MODEL, "LO", "Test"),
    Leaf(_SOFTWARE, "LO", "04/10/18"),
    Leaf(_DESCRIPTION, "LO", "abdomen test"),
)
"""What the rules let a file keep, and others are called."""


def _survivors(written: Path, origin: Path, *options: Option) -> list[str]:
    """Where values survive, of the file's own patient or of the others."""
    chosen = frozenset(options)
    told = values_of(origin, chosen)
    values = sought(told.gone | set(_OTHERS), chosen)
    known = Origin(origin, frozenset(told.gone))
    found = prove(written, values, KEY, chosen, known).findings
    return [one.place for one in found if one.fault is Fault.SURVIVOR]


@pytest.mark.parametrize("options", [(), (Option.CLEAN_DESCRIPTORS,)])
@pytest.mark.parametrize("syntax", ["1.2.840.10008.1.2.1", "1.2.840.10008.1.2"])
def test_what_a_file_has_from_its_own_source_tells_of_nobody_else(
    tmp_path: Path, syntax: str, options: tuple[Option, ...]
) -> None:
    path = source(tmp_path, *_OWN, syntax=syntax)
    written = anonymous(path, *options)
    assert b"GE MEDICAL SYSTEMS" in written.read_bytes()

    alone = prove(written, sought(_OTHERS, frozenset(options)), KEY, frozenset(options))

    assert {one.fault for one in alone.findings} == {Fault.SURVIVOR}
    assert not _survivors(written, path, *options)


def _in(tag: int, vr: str, text: str) -> Callable[[Path], None]:
    return lambda path: put_in(path, Leaf(tag, vr, text))


def _nested(path: Path) -> None:
    put_in(path, Branch(_PURPOSE, ((Leaf(_MEANING, "LO", "dr. Quarz"),),)))


def _pixels(codec: str, text: str) -> Callable[[Path], None]:
    return lambda path: overwrite(path, -400, text.encode(codec))


@pytest.mark.parametrize(
    "plant",
    [
        _in(_MAKER, "LO", "Test"),  # right elsewhere in the source, not here
        _in(_MAKER, "LO", "GE MEDICAL SYSTEMS Test"),
        _in(_MODEL, "LO", "Test Quarz"),
        _in(_MODEL, "LO", "QUARZ"),
        _in(_MODEL, "LO", "gross"),
        _in(_MODEL, "LO", "山本"),
        _in(_SOFTWARE, "LO", "10.04.2018"),
        _in(_SOFTWARE, "LO", "4711 0815"),
        _in(_SOFTWARE, "LO", "1.2.276.0.7230010.3.99.5"),
        _in(_DESCRIPTION, "LO", "test quarz"),
        _in(_DESCRIPTION, "LO", "abdomen, ute"),
        _in(0x00100010, "PN", "Test^Quarz"),
        _in(0x00204000, "LT", "a test"),
        _nested,
        _pixels("utf-8", "quarz test"),
        _pixels("utf-16-le", "jürgen"),
        _pixels("utf-16-be", "GE MEDICAL SYSTEMS"),
        _pixels("ascii", "47110815"),
    ],
)
def test_what_somebody_took_from_another_patient_is_found(
    tmp_path: Path, plant: Callable[[Path], None]
) -> None:
    path = source(tmp_path, *_OWN)
    options = (Option.CLEAN_DESCRIPTORS,)
    written = anonymous(path, *options)

    plant(written)

    assert _survivors(written, path, *options)


def test_what_tells_of_the_own_patient_counts_whatever_the_source_says(
    tmp_path: Path,
) -> None:
    path = source(tmp_path, Leaf(_MAKER, "LO", "ACME"))
    options = (Option.CLEAN_DESCRIPTORS,)
    written = anonymous(path, *options)
    for place in (path, written):
        put_in(place, Leaf(_MODEL, "LO", "Anna"))

    assert _survivors(written, path, *options) == ["(0008,1090)"]


def test_pixels_that_spell_a_number_of_somebody_are_those_of_the_source(
    tmp_path: Path,
) -> None:
    path = source(tmp_path)
    overwrite(path, -400, "47110815".encode("utf-16-le"))
    written = anonymous(path)
    assert not _survivors(written, path)

    overwrite(written, -401, b"\0" + "47110815".encode("utf-16-le"))
    overwrite(written, -300, "47110815".encode("utf-16-le"))

    assert _survivors(written, path)


def test_a_letter_of_a_pseudonym_and_what_all_are_called_is_nobodys_name(
    tmp_path: Path,
) -> None:
    path = source(tmp_path)
    written = anonymous(path)
    put_in(written, Leaf(0x00100010, "PN", "ABCDEFGHIJKLMNOP^Anonymous"))
    values = sought({Telltale(Kind.NAME, "ANON^P^Q")}, frozenset())

    found = prove(written, values, KEY, frozenset()).findings

    assert not [one for one in found if one.fault is Fault.SURVIVOR]
