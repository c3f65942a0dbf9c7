"""Documents and films stay here, unless they are asked for and name nobody."""

import dataclasses
import io
import struct
from pathlib import Path

import pytest
from pydicom import dcmread
from pydicom.dataset import Dataset, FileDataset, FileMetaDataset
from pydicom.encaps import encapsulate, generate_fragments
from pydicom.uid import UID

from tests.dicom.deidentification.reports import KEY, kept, parsed, report, research
from viewer.core.deidentification import Recipe, Withheld, Written
from viewer.core.review import Review, Verdict
from viewer.core.withholding import Caution, Reason
from viewer.dicom.deidentification.engine import deidentify

PDF = b"%PDF-1.7\n1 0 obj << /Title (Report) >> endobj\n%%EOF\n"
KEEPING = dataclasses.replace(research(), keep_documents=True, keep_video=True)
MPEG4 = UID("1.2.840.10008.1.2.4.102")


def document(content: bytes, number: int = 1, mime: str = "application/pdf") -> Dataset:
    """An encapsulated document."""
    ds = report(sop_class=f"1.2.840.10008.5.1.4.1.1.104.{number}")
    del ds.ContentSequence, ds.ValueType, ds.ContinuityOfContent
    del ds.ConceptNameCodeSequence, ds.CompletionFlag, ds.VerificationFlag
    ds.Modality, ds.BurnedInAnnotation = "DOC", "NO"
    ds.DocumentTitle = "Letter on Anna Weiss"
    ds.MIMETypeOfEncapsulatedDocument = mime
    ds.EncapsulatedDocumentLength = len(content)
    ds.EncapsulatedDocument = content + bytes(len(content) % 2)
    return ds


def stl(header: bytes, facets: int) -> bytes:
    """A surface whose every facet ends with two letters."""
    body = b"".join(struct.pack("<12f2s", *range(12), b"AW") for _ in range(facets))
    return header.ljust(80) + struct.pack("<I", facets) + body


def test_a_document_stays_here_unless_it_is_asked_for(tmp_path: Path) -> None:
    answer, _ = kept(document(PDF), tmp_path)
    assert answer == Withheld(Reason.DOCUMENT)


def test_a_pdf_that_was_asked_for_goes_as_it_is_with_a_caution(tmp_path: Path) -> None:
    hidden = document(PDF + b"Weissenbach")
    hidden.EncapsulatedDocumentLength = len(PDF)
    answer, written = kept(hidden, tmp_path, KEEPING)
    assert isinstance(answer, Written)
    assert answer.cautions == (Caution.DOCUMENT,)
    found = parsed(written)
    assert found.EncapsulatedDocument.rstrip(b"\0") == PDF
    assert found.EncapsulatedDocumentLength == len(PDF)
    assert found.MIMETypeOfEncapsulatedDocument == "application/pdf"
    assert found.BurnedInAnnotation == "YES"
    assert b"Weiss" not in written


@pytest.mark.parametrize(
    ("content", "number", "mime"),
    [
        (PDF.replace(b"Report", b"WEISS, ANNA"), 1, "application/pdf"),
        (PDF, 1, "text/plain"),
        (b"MZ" + PDF, 1, "application/pdf"),
        (b"", 1, "application/pdf"),
        (b"<ClinicalDocument/>", 2, "text/XML"),
        (b"solid text", 3, "model/stl"),
        (b"o weiss", 4, "model/obj"),
    ],
)
def test_what_names_somebody_or_is_not_what_it_says_stays(
    tmp_path: Path, content: bytes, number: int, mime: str
) -> None:
    answer, _ = kept(document(content, number, mime), tmp_path, KEEPING)
    assert answer == Withheld(Reason.DOCUMENT)


def test_a_surface_goes_without_the_free_bytes_of_its_form(tmp_path: Path) -> None:
    shape = document(stl(b"Anna Weiss", 3) + b"tail", 3, "model/stl")
    answer, written = kept(shape, tmp_path, KEEPING)
    assert isinstance(answer, Written)
    found = parsed(written).EncapsulatedDocument
    size = 84 + 3 * 50
    assert found[:84] == bytes(80) + struct.pack("<I", 3)
    assert struct.unpack_from("<12f", found, 84 + 50) == tuple(range(12))
    assert b"AW" not in found
    assert found[size:] == b""


@pytest.mark.parametrize("number", [1, 2])
def test_a_voice_stays_here_whatever_is_asked_for(tmp_path: Path, number: int) -> None:
    ds = document(PDF)
    ds.SOPClassUID = f"1.2.840.10008.5.1.4.1.1.9.4.{number}"
    answer, _ = kept(ds, tmp_path, KEEPING)
    assert answer == Withheld(Reason.VOICE)


def film(folder: Path, stream: bytes) -> Path:
    """An object with a film, which need not play."""
    ds = report(sop_class="1.2.840.10008.5.1.4.1.1.77.1.1.1")
    del ds.ContentSequence, ds.ValueType, ds.ContinuityOfContent
    ds.Modality, ds.Rows, ds.Columns, ds.NumberOfFrames = "ES", 16, 16, 2
    ds.SamplesPerPixel, ds.PhotometricInterpretation = 3, "YBR_PARTIAL_420"
    ds.BitsAllocated, ds.BitsStored, ds.HighBit = 8, 8, 7
    ds.PixelRepresentation, ds.PlanarConfiguration = 0, 0
    ds.PixelData = encapsulate([stream])
    ds["PixelData"].VR = "OB"
    ds["PixelData"].is_undefined_length = True
    meta = FileMetaDataset()
    meta.MediaStorageSOPClassUID = ds.SOPClassUID
    meta.MediaStorageSOPInstanceUID = ds.SOPInstanceUID
    meta.TransferSyntaxUID = MPEG4
    path = folder / "film.dcm"
    FileDataset(str(path), ds, preamble=bytes(128), file_meta=meta).save_as(
        path, enforce_file_format=True
    )
    return path


def test_a_film_goes_as_it_is_if_it_is_asked_for_and_looked_at(tmp_path: Path) -> None:
    path, out = film(tmp_path, b"\0\0\0\1film" * 9), io.BytesIO()
    seen = Review(columns=16, rows=16, verdict=Verdict.REVIEWED)
    assert deidentify(path, Recipe(research(), KEY, seen), out) == Withheld(
        Reason.VIDEO
    )
    assert deidentify(path, Recipe(KEEPING, KEY), out) == Withheld(Reason.NOT_REVIEWED)
    answer = deidentify(path, Recipe(KEEPING, KEY, seen), out)
    assert isinstance(answer, Written)
    assert Caution.VIDEO in answer.cautions
    out.seek(0)
    found = dcmread(out)
    assert found.file_meta.TransferSyntaxUID == MPEG4
    fragments = list(generate_fragments(found.PixelData))
    assert fragments == [b"", b"\0\0\0\1film" * 9]


def test_a_film_in_whose_bytes_somebody_is_named_stays(tmp_path: Path) -> None:
    path = film(tmp_path, b"\0\0\0\1" + b"x" * (1 << 20) + b"user data: WEISS ANNA")
    seen = Review(columns=16, rows=16, verdict=Verdict.REVIEWED)
    answer = deidentify(path, Recipe(KEEPING, KEY, seen), io.BytesIO())
    assert answer == Withheld(Reason.VIDEO)
