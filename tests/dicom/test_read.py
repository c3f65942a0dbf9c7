"""Real files are read as an independent reader reads them, or rightly refused."""

import csv
import json
import logging
import warnings
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
import pydicom
import pytest

from viewer.core.errors import NotDicomError, UnreadableError, ViewerError
from viewer.core.identity import PersonName
from viewer.core.records import FileRecord
from viewer.dicom.read import read_attributes, read_file

BUNDLED = Path(pydicom.__file__).parent / "data"
REFUSED = {
    # The file ends before its pixels, or before its header, do.
    "MR_truncated.dcm": UnreadableError,
    "rtplan_truncated.dcm": UnreadableError,
    "zero-length-US~939be3b062.dcm": UnreadableError,
    # One byte too many before the first attribute, and nothing that says DICOM.
    "no_meta.dcm": NotDicomError,
}


def files(folder: Path) -> list[Path]:
    """What may be DICOM in `folder`."""
    other = {".txt", ".md", ".csv", ".py", ".json", ".pyc", ".icc", ".dump", ".gz"}
    return [
        path
        for path in sorted(folder.rglob("*"))
        if path.is_file()
        and path.suffix not in other
        and path.name not in ("LICENSE", "README")
    ]


def outcome(path: Path) -> FileRecord | ViewerError:
    """What the file says, or why it says nothing."""
    try:
        return read_file(path)
    except ViewerError as error:
        return error


@pytest.fixture(scope="module")
def quiet_pydicom() -> Iterator[None]:
    """Let the judge complain without failing the test."""
    logger = logging.getLogger("pydicom")
    logger.disabled = True
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield
    logger.disabled = False


def unexpected(folder: Path) -> tuple[list[str], int]:
    """Refusals no one expects, and how many files were read."""
    wrong, read = [], 0
    for path in files(folder):
        found = outcome(path)
        if isinstance(found, FileRecord):
            read += 1
            wrong += [path.name] * (path.name in REFUSED)
            continue
        expected = (
            NotDicomError if "DICOMDIR" in found.message else REFUSED.get(path.name)
        )
        if expected is None or not isinstance(found, expected):
            wrong.append(f"{path.name}: {found.message}")
    return wrong, read


def test_every_bundled_file_is_read_or_rightly_refused() -> None:
    wrong, read = unexpected(BUNDLED)
    assert not wrong
    assert read > 100


def test_every_real_file_is_read_or_rightly_refused(real_data: Path) -> None:
    wrong, read = unexpected(real_data)
    assert not wrong
    assert read == 680


def test_a_record_survives_its_way_into_the_catalog_and_back() -> None:
    for path in files(BUNDLED):
        found = outcome(path)
        if isinstance(found, FileRecord):
            packed = msgspec.msgpack.encode(found)
            assert msgspec.msgpack.decode(packed, type=FileRecord) == found


def test_records_agree_with_the_manifest(real_data: Path) -> None:
    with (real_data / "MANIFEST.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    wrong: Counter[str] = Counter()
    for row in rows:
        found = outcome(real_data / row["path"])
        if isinstance(found, FileRecord):
            wrong[Path(row["path"]).name] += len(differing(found, row))
    assert set(+wrong) == {
        "badVR.dcm",  # Number of Frames 1A
        "meta_missing_tsyntax.dcm",  # two bytes of pixels, and no size
        "nested_priv_SQ.dcm",
        "emri_small_jpeg_2k_lossless_too_short.dcm",  # pydicom gives up, we do not
        "parametric_map_float.dcm",  # no Bits Stored, nor should there be
        "parametric_map_double_float.dcm",
    }


def differing(record: FileRecord, row: dict[str, str]) -> set[str]:
    """Columns of the manifest the record does not agree with."""
    facts: dict[str, object] = {
        "modality": record.series.modality,
        "study_uid": record.study.study_uid,
        "series_uid": record.series.series_uid,
    }
    image = record.instance.image
    if (row["has_pixel"] == "yes") != (image is not None):
        return {"has_pixel"}
    if image is not None:
        facts |= {
            "rows": image.pixels.rows,
            "cols": image.pixels.columns,
            "frames": image.pixels.frames,
            "samples": image.pixels.samples,
            "bits_allocated": image.pixels.bits_allocated,
            "bits_stored": image.pixels.bits_stored,
            "pixel_repr": int(image.pixels.signed),
            "photometric": image.pixels.photometric,
        }
    defaults = {"frames": "1", "pixel_repr": "0"}
    return {
        name
        for name, fact in facts.items()
        if str(fact) != (row[name] or defaults.get(name, ""))
    }


def agreeing(ours: dict[str, Any], judge: dict[str, Any]) -> Iterator[bool]:
    """Whether each attribute the judge could convert is the same in both."""
    for tag, theirs in judge.items():
        mine = ours.get(tag, {})
        if tag[4:] == "0000" or "BulkDataURI" in {**theirs, **mine}:
            continue
        if mine.get("vr") == "SQ":
            yield len(mine.get("Value", ())) == len(theirs.get("Value", ()))
            for a, b in zip(
                mine.get("Value", ()), theirs.get("Value", ()), strict=False
            ):
                yield from agreeing(a, b)
        else:
            yield trimmed(mine.get("Value")) == trimmed(theirs.get("Value"))


def trimmed(values: list[Any] | None) -> list[Any]:
    """Values without what is only padding."""
    return [v.strip() or None if isinstance(v, str) else v for v in values or []]


def test_attributes_are_those_an_independent_reader_finds(
    quiet_pydicom: None,
) -> None:
    del quiet_pydicom
    answers: Counter[bool] = Counter()
    for path in files(BUNDLED):
        if isinstance(outcome(path), FileRecord):
            judge = pydicom.dcmread(path, force=True).to_json_dict(
                suppress_invalid_tags=True, bulk_data_element_handler=lambda _: "bulk"
            )
            judge = json.loads(json.dumps(judge))
            answers.update(agreeing(read_attributes(path), judge))
    assert answers[False] == 0
    assert answers[True] > 5000


@pytest.mark.parametrize(
    ("name", "groups"),
    [
        ("chrArab", ("قباني^لنزار", "", "")),
        ("chrFren", ("Buc^Jérôme", "", "")),
        ("chrGerm", ("Äneas^Rüdiger", "", "")),
        ("chrGreek", ("Διονυσιος", "", "")),
        ("chrH31", ("Yamada^Tarou", "山田^太郎", "やまだ^たろう")),
        ("chrH32", ("ﾔﾏﾀﾞ^ﾀﾛｳ", "山田^太郎", "やまだ^たろう")),
        ("chrHbrw", ("שרון^דבורה", "", "")),
        ("chrI2", ("Hong^Gildong", "洪^吉洞", "홍^길동")),
        ("chrRuss", ("Люкceмбypг", "", "")),
        ("chrX1", ("Wang^XiaoDong", "王^小東", "")),
        ("chrX2", ("Wang^XiaoDong", "王^小东", "")),
        ("chrKoreanMulti", ("김희중", "", "")),
    ],
)
def test_names_are_read_in_every_character_set(
    name: str, groups: tuple[str, str, str]
) -> None:
    record = read_file(BUNDLED / "charset_files" / f"{name}.dcm")
    assert PersonName.from_pn(record.patient.name) == PersonName(*groups)
    assert not record.tolerated
