"""Texts on pictures and codes anywhere stay only if they are everybody's."""

import dataclasses
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st
from pydicom.dataset import Dataset

from tests.dicom.deidentification.reports import code, kept, parsed, report, research
from viewer.core.deidentification import Option, Written
from viewer.core.pseudonyms import Pseudonyms
from viewer.dicom.deidentification.identifying import Identifying
from viewer.dicom.deidentification.item_changes import ItemChanges
from viewer.dicom.deidentification.structured import CONTENT, Content
from viewer.dicom.deidentification.tree import Entry, item_of, raw, sequence
from viewer.dicom.text import CharacterSet

GRAPHICS = dataclasses.replace(
    research(), options=research().options | {Option.CLEAN_GRAPHICS}
)


def state(*texts: str) -> Dataset:
    """A presentation state with texts, and a circle around something."""
    ds = report(sop_class="1.2.840.10008.5.1.4.1.1.11.1")
    del ds.ContentSequence, ds.ValueType, ds.ContinuityOfContent
    del ds.ConceptNameCodeSequence, ds.CompletionFlag, ds.VerificationFlag
    ds.Modality, ds.ContentLabel = "PR", "NOTES"
    note, circle = Dataset(), Dataset()
    note.GraphicLayer = "LAYER1"
    note.TextObjectSequence = [_text(text) for text in texts]
    circle.GraphicAnnotationUnits, circle.GraphicDimensions = "PIXEL", 2
    circle.NumberOfGraphicPoints, circle.GraphicType = 2, "CIRCLE"
    circle.GraphicData = [10.0, 10.0, 20.0, 10.0]
    circle.GraphicFilled = "N"
    note.GraphicObjectSequence = [circle]
    ds.GraphicAnnotationSequence = [note]
    return ds


def _text(text: str) -> Dataset:
    item = Dataset()
    item.UnformattedTextValue = text
    item.AnchorPoint, item.AnchorPointAnnotationUnits = [1.0, 2.0], "PIXEL"
    item.AnchorPointVisibility = "N"
    return item


def test_without_clean_graphics_nothing_drawn_goes_out(tmp_path: Path) -> None:
    answer, written = kept(state("Fracture"), tmp_path)
    assert isinstance(answer, Written)
    assert "GraphicAnnotationSequence" not in parsed(written)
    assert b"CIRCLE" not in written


def test_drawn_texts_of_everybodys_words_stay_with_their_shapes(tmp_path: Path) -> None:
    answer, written = kept(
        state("Fracture, 5 mm", "ask Dr. Kern", "Weiss"), tmp_path, GRAPHICS
    )
    assert isinstance(answer, Written)
    (note,) = parsed(written).GraphicAnnotationSequence
    assert [t.UnformattedTextValue for t in note.TextObjectSequence] == [
        "Fracture, 5 mm"
    ]
    assert note.GraphicObjectSequence[0].GraphicData == [10.0, 10.0, 20.0, 10.0]
    assert b"Kern" not in written
    assert b"Weiss" not in written


def test_a_note_without_texts_left_has_no_sequence_of_them(tmp_path: Path) -> None:
    _, written = kept(state("Weiss"), tmp_path, GRAPHICS)
    (note,) = parsed(written).GraphicAnnotationSequence
    assert "TextObjectSequence" not in note
    assert len(note.GraphicObjectSequence) == 1


def test_a_private_code_anywhere_becomes_unknown(tmp_path: Path) -> None:
    ds = state("Fracture")
    region = code("WEISS-1", "99CLINIC", "Anna Weiss")
    region.CodingSchemeVersion, region.ContextIdentifier = "Weiss", "WEISS"
    ds.AnatomicRegionSequence = [region]
    scheme, public = Dataset(), Dataset()
    scheme.CodingSchemeDesignator, scheme.CodingSchemeName = "99CLINIC", "Weiss"
    public.CodingSchemeDesignator, public.CodingSchemeName = "DCM", "Weiss"
    ds.CodingSchemeIdentificationSequence = [scheme, public]
    _, written = kept(ds, tmp_path, GRAPHICS)
    found = parsed(written)
    (item,) = found.AnatomicRegionSequence
    assert (item.CodeValue, item.CodeMeaning) == ("261665006", "Unknown")
    assert "CodingSchemeVersion" not in item
    (left,) = found.CodingSchemeIdentificationSequence
    assert (left.CodingSchemeDesignator, len(left)) == ("DCM", 1)
    assert b"eiss" not in written.replace(b"Fracture", b"")


TAGS = st.sampled_from(
    [
        *(0x0040A040, 0x0040A043, 0x0040A168, 0x0040A160, 0x0040A300, 0x0040A30A),
        *(0x004008EA, 0x00080100, 0x00080102, 0x00080104, 0x00080119, 0x0040A121),
        *(0x0040A13A, 0x0040DB73, 0x00700006, 0x0040A730, 0x00091001),
    ]
)
VALUES = st.sampled_from(
    [b"", b"NUM", b"TEXT", b"CODE", b"DATE", b"TCOORD", b"121033", b"DCM", b"a", b"64"]
) | st.binary(max_size=12)


def _tree(inner: st.SearchStrategy[Entry]) -> st.SearchStrategy[Entry]:
    items = st.lists(st.lists(inner, max_size=5).map(item_of), max_size=3)
    return st.builds(sequence, TAGS, items)


ENTRIES = st.recursive(
    st.builds(raw, TAGS, st.sampled_from(["LO", "CS", "UT", "UN"]), VALUES),
    _tree,
    max_leaves=20,
)


@settings(max_examples=60)
@given(
    st.sampled_from([0, 0x00700008, 0x0040B020, 0x00080110, *CONTENT]),
    st.lists(ENTRIES, max_size=8).map(item_of),
    st.sets(st.sampled_from(Option)).map(frozenset),
)
def test_any_bytes_in_any_order_are_judged(
    parent: int, item: Dataset, options: frozenset[Option]
) -> None:
    known = Identifying(words=frozenset({"weiss"}))
    content = Content(options, Pseudonyms(bytes(32)), CharacterSet(), known)
    decided = ItemChanges(content).of(parent, item)
    assert decided is None or all(isinstance(tag, int) for tag in decided)
