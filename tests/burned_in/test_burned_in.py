"""Names written into pictures are found, burned black and read by nobody any more."""

from dataclasses import dataclass, replace
from io import BytesIO
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
from pydicom import dcmread
from pydicom.pixels.utils import pixel_array

from tests.burned_in.files import KINDS, BurnedIn, burned_in
from tests.burned_in.judge import Reader, as_seen, words
from viewer.core.deidentification import PROFILES, Recipe, Withheld, Written
from viewer.core.records import StoredInstance
from viewer.core.review import Review, Verdict
from viewer.core.withholding import Reason
from viewer.dicom.deidentification.engine import deidentify
from viewer.dicom.read import read_file
from viewer.services import text_finding
from viewer.services.jobs import Silent
from viewer.services.proposing import Candidate, Proposing
from viewer.services.store import stamp_of
from viewer.services.workers import Workers

COUNT = 4 * len(KINDS)
RECIPE = Recipe(PROFILES[0], bytes(range(32)))

pytestmark = [
    pytest.mark.skipif(
        not text_finding.is_available(),
        reason="the extra ocr is not installed: make ocr",
    ),
    pytest.mark.timeout(1800),  # a network on a busy machine
]


@dataclass(frozen=True)
class Case:
    """A file with names, what was proposed for it, and where it is written to."""

    source: BurnedIn
    review: Review
    target: Path

    @property
    def inside(self) -> npt.NDArray[np.bool_]:
        """The pixels that the boxes hold."""
        held = np.zeros(self.source.letters.shape, bool)
        for box in self.review.boxes:
            held[box.row : box.bottom, box.column : box.right] = True
        return held


def candidate(path: Path) -> Candidate:
    record = read_file(path)
    stored = StoredInstance(record.instance, str(path), stamp_of(path))
    return Candidate(record.series, stored)


@pytest.fixture(scope="module")
def cases(tmp_path_factory: pytest.TempPathFactory) -> list[Case]:
    """Every file with what is proposed for it, written with these boxes."""
    folder = tmp_path_factory.mktemp("burned-in")
    sources = [burned_in(folder, number) for number in range(COUNT)]
    with Workers(1) as workers:
        candidates = [candidate(source.path) for source in sources]
        proposals = list(Proposing(workers).run(candidates, Silent()))
    assert not [one.failure for one in proposals if one.failure]
    found = []
    for source, proposal in zip(sources, proposals, strict=True):
        review = replace(proposal.review, verdict=Verdict.REVIEWED)
        case = Case(source, review, source.path.with_suffix(".out"))
        out = BytesIO()
        assert isinstance(
            deidentify(source.path, replace(RECIPE, review=review), out), Written
        )
        case.target.write_bytes(out.getvalue())
        found.append(case)
    return found


def test_the_proposed_boxes_hold_every_letter(cases: list[Case]) -> None:
    missed = {
        case.source.path.name: int((case.source.letters & ~case.inside).sum())
        for case in cases
    }

    assert [name for name, pixels in missed.items() if pixels] == []
    assert len(cases) >= 40


def test_the_boxes_leave_most_of_the_pictures_alone(cases: list[Case]) -> None:
    burned = [float(case.inside.mean()) for case in cases]

    assert max(burned) < 0.3
    assert sum(burned) / len(burned) < 0.2


def test_boxes_are_black_and_what_lies_beside_them_is_to_the_bit(
    cases: list[Case],
) -> None:
    for case in cases:
        before, after = dcmread(case.source.path), dcmread(case.target)
        old, new = (
            pixel_array(one, raw=True).reshape(case.source.kind.frames, *size(one))
            for one in (before, after)
        )
        black = new[:, case.inside].reshape(-1, new.shape[-1])
        assert (black == black[0]).all(), case.source.path.name
        if case.source.kind.lossy:
            assert after.LossyImageCompression == "01"
        else:
            assert np.array_equal(old[:, ~case.inside], new[:, ~case.inside])


def size(ds: object) -> tuple[int, int, int]:
    """Rows, columns and samples."""
    return ds.Rows, ds.Columns, ds.SamplesPerPixel  # type: ignore[attr-defined]  # a Dataset


def test_nothing_is_readable_in_what_leaves(cases: list[Case]) -> None:
    reader = Reader()
    some = cases[: len(KINDS)]
    before = reader.words([as_seen(case.source.path) for case in some])
    after = reader.words([as_seen(case.target) for case in cases])

    names = [words(" ".join(case.source.texts)) for case in some]
    legible = sum(len(own & read) for own, read in zip(names, before, strict=True))
    assert legible > 0.6 * sum(map(len, names))  # the judge is not blind
    assert after == [set()] * len(cases)


def test_none_leaves_before_somebody_has_looked(cases: list[Case]) -> None:
    for case in cases:
        for said, why in (
            (None, Reason.NOT_REVIEWED),
            (replace(case.review, verdict=Verdict.PROPOSED), Reason.NOT_REVIEWED),
            (replace(case.review, verdict=Verdict.WITHHELD), Reason.REVIEWER),
            (replace(case.review, rows=case.review.rows + 1), Reason.REVIEW_MISFIT),
        ):
            recipe = replace(RECIPE, review=said)
            answer = deidentify(case.source.path, recipe, BytesIO())
            assert answer == Withheld(why)
