"""A series without images says in the strip why it is empty."""

from dataclasses import replace

from tests.services.reading_studies import to_slices, to_study
from viewer.core.image_classes import NO_PIXELS
from viewer.core.opened import OpenSeries
from viewer.services.reading_stacks import ReadingStacks
from viewer.ui.panels.strip_model import to_rows


def test_headers_alone_and_reports_give_their_reasons() -> None:
    whole = to_slices("1.2.3", (0.0, 1.0))
    first = whole.instances[0]
    ct, report = "1.2.840.10008.5.1.4.1.1.2", "1.2.840.10008.5.1.4.1.1.88.11"
    headers, reports = (
        OpenSeries(whole.record, (replace(first, instance=bare),), ())
        for bare in (
            replace(first.instance, image=None, sop_class_uid=uid)
            for uid in (ct, report)
        )
    )
    rows = to_rows(ReadingStacks([to_study(headers, reports, whole)]))
    assert [(row.count, row.why_empty) for row in rows] == [
        ("2 images", ""),
        ("no images", NO_PIXELS),
        ("no images", "There are no images in this series."),
    ]
