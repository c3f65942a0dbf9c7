"""The rows of the thumbnail strip: a heading for each study, then its stacks."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from PySide6.QtCore import (
    QAbstractListModel,
    QMimeData,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
)
from PySide6.QtGui import QImage
from typing_extensions import override

from viewer.core.counts import counted
from viewer.core.identity import PersonName
from viewer.core.opened import OpenSeries
from viewer.services.reading_stacks import ReadingStack, ReadingStacks, patient_of
from viewer.ui.viewport.viewport import STACK_MIME

Index = QModelIndex | QPersistentModelIndex


@dataclass(frozen=True, slots=True)
class Row:
    """One row of the strip.

    Attributes
    ----------
    title, caption, count : str
        ``"3 · CT"``, the description, ``"140 images"``.
    stack : ReadingStack or None
        None for a heading, and for a series without images.
    is_heading : bool
    """

    title: str
    caption: str = ""
    count: str = ""
    stack: ReadingStack | None = None
    is_heading: bool = False
    why_empty: str = ""

    @property
    def faults(self) -> tuple[str, ...]:
        """What is wrong with the stack, in words."""
        if self.stack is None:
            return ()
        return tuple(fault.sentence for fault in self.stack.stack.faults)


def to_rows(stacks: ReadingStacks) -> list[Row]:
    """The strip for these studies; one study needs no heading, one patient no name.

    What has no images (reports, plans) comes after what has.
    """
    rows: list[Row] = []
    several = len({patient_of(study.summary) for study in stacks.studies}) > 1
    for study in stacks.studies:
        if len(stacks.studies) > 1:
            day = study.summary.study_date
            said = day.isoformat() if day else "No date"
            told = study.summary.description
            if several:  # whose it is comes before what it is
                name = PersonName.from_pn(study.summary.patient_name).display
                said, told = name or "No name", said
            rows.append(Row(said, told, is_heading=True))
        for series in sorted(study.series, key=lambda one: not one.stacks):
            shown = [stack for stack in stacks if stack.series is series]
            rows += [_row(series, stack) for stack in shown] or [_row(series, None)]
    return rows


def _row(series: OpenSeries, stack: ReadingStack | None) -> Row:
    record = series.record
    number = "" if record.number is None else str(record.number)
    title = " · ".join(part for part in (number, record.modality) if part) or "Series"
    caption = record.description
    if stack is None:
        return Row(title, caption, "no images", why_empty=series.why_empty)
    if stack.stack.label:
        caption = " · ".join(part for part in (caption, stack.stack.label) if part)
    return Row(title, caption, counted(stack.count, "image"), stack)


class StripModel(QAbstractListModel):
    """The strip's rows with the pictures that have come."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.rows: Sequence[Row] = ()
        self._pictures: dict[str, QImage | str] = {}

    def show_rows(self, rows: Sequence[Row]) -> None:
        """Show other rows; pictures of stacks that were there stay until newer come."""
        self.beginResetModel()
        self.rows = tuple(rows)
        here = {row.stack.id for row in rows if row.stack is not None}
        self._pictures = {i: p for i, p in self._pictures.items() if i in here}
        self.endResetModel()

    def set_picture(self, stack_id: str, pixels: npt.NDArray[np.uint8] | str) -> None:
        """Show a picture, or the reason why there is none."""
        shown = pixels if isinstance(pixels, str) else _to_image(pixels)
        self._pictures[stack_id] = shown
        for place, row in enumerate(self.rows):
            if row.stack is not None and row.stack.id == stack_id:
                self.dataChanged.emit(self.index(place), self.index(place))

    def picture(self, row: Row) -> QImage | str | None:
        """What came for a row: a picture, a reason, or nothing yet."""
        if row.stack is None:
            return row.why_empty or None
        return self._pictures.get(row.stack.id)

    @override
    def rowCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self.rows)

    @override
    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        row = self.rows[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return row.title
        if role == Qt.ItemDataRole.ToolTipRole:
            reason = self.picture(row)
            lines = [row.title, row.caption, row.count, *row.faults]
            lines += [reason] if isinstance(reason, str) else []
            return "\n".join(line for line in lines if line)
        return None

    @override
    def flags(self, index: Index) -> Qt.ItemFlag:
        if not index.isValid() or self.rows[index.row()].stack is None:
            return Qt.ItemFlag.NoItemFlags
        return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsDragEnabled

    @override
    def mimeTypes(self) -> list[str]:
        return [STACK_MIME]

    @override
    def mimeData(self, indexes: Sequence[QModelIndex]) -> QMimeData:
        carried = QMimeData()
        stack = self.rows[indexes[0].row()].stack if indexes else None
        if stack is not None:
            carried.setData(STACK_MIME, stack.id.encode("utf-8"))
        return carried


def _to_image(pixels: npt.NDArray[np.uint8]) -> QImage:
    height, width = pixels.shape[:2]
    grey = pixels.ndim == 2
    kind = QImage.Format.Format_Grayscale8 if grey else QImage.Format.Format_RGB888
    # `copy` lets the picture outlive the array.
    return QImage(pixels.data, width, height, pixels.strides[0], kind).copy()
