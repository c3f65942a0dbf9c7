"""In which order the series of a study are listed."""

from viewer.core.listing import SeriesSummary
from viewer.core.records import SeriesRecord

_LAST = ("SR", "PR", "KO", "DOC")
"""Modalities of what is read beside the images: reports, presentations, documents."""


def series_order(series: SeriesSummary | SeriesRecord) -> tuple[bool, bool, int, str]:
    """Sort key: images first, then by number, unnumbered ones after."""
    number = series.number
    return (
        series.modality in _LAST,
        number is None,
        0 if number is None else number,
        series.series_uid,
    )
