"""`lightbox export --propose`: where names may be written, for whoever looks at it."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from viewer.cli import output
from viewer.core.counts import counted
from viewer.core.review import Reviews


@dataclass(frozen=True, slots=True)
class _Proposed:
    images: int
    boxes: int
    failed: tuple[tuple[str, str], ...]


def propose(data_dir: Path, uids: Sequence[str], file: Path, *, json: bool) -> int:
    """Write proposals for all images that must be looked at; the exit status.

    What the file says of an image already stays.

    Raises
    ------
    ViewerError
        If there is no such study, or the file is another one or cannot be written.
    """
    from viewer.services import text_finding  # noqa: PLC0415 - loads numpy
    from viewer.services.review_file import (  # noqa: PLC0415 - only for this
        read_reviews,
        write_reviews,
    )

    said = read_reviews(file) if file.exists() else Reviews()
    reviews, found = _found(data_dir, uids)
    write_reviews(file, said.over(reviews))
    searched = text_finding.is_available()
    if json:
        output.answer_json(
            {
                "images": found.images,
                "boxes": found.boxes,
                "searched": searched,
                "failed": [
                    {"sop_instance_uid": uid, "reason": why}
                    for uid, why in found.failed
                ],
                "to": str(file),
            }
        )
    else:
        boxes = counted(found.boxes, "box", "boxes")
        images = counted(found.images, "image")
        output.answer_text(
            f"{boxes} proposed for {images} in {file}. Nobody has looked at them: set"
            ' "verdict" to "reviewed" where somebody has.'
        )
        if not searched:
            output.answer_text(f"{text_finding.MISSING} {text_finding.HOW_TO_ADD}")
        for uid, why in found.failed:
            output.answer_text(f"  failed  {uid}\n          {why}")
    return int(bool(found.failed))


def _found(data_dir: Path, uids: Sequence[str]) -> tuple[Reviews, _Proposed]:
    from viewer.services.library import Library  # noqa: PLC0415 - SQLAlchemy
    from viewer.services.proposing import Proposing, candidates_of  # noqa: PLC0415
    from viewer.services.workers import Workers  # noqa: PLC0415

    reviews, boxes, failed = Reviews(), 0, []
    with (
        Workers() as workers,
        Library(data_dir, workers) as library,
        output.progress("Looking for writing") as bar,
    ):
        candidates = candidates_of(library, uids)
        for one in Proposing(workers).run(candidates, bar):
            reviews = reviews.with_instance(one.uid, one.review)
            boxes += len(one.review.boxes)
            if one.failure:
                failed.append((one.uid, one.failure))
    return reviews, _Proposed(len(candidates), boxes, tuple(failed))
