"""The studies a dialog is about, a line each."""

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QListWidget, QListWidgetItem

from viewer.core.counts import counted
from viewer.core.identity import PersonName
from viewer.core.listing import StudySummary
from viewer.ui import theme


class StudyList(QListWidget):
    """Who, when, what and how many images; to look at only."""

    def __init__(self, studies: Sequence[StudySummary]) -> None:
        super().__init__()
        theme.set_role(self, "well")
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setTextElideMode(Qt.TextElideMode.ElideRight)
        self.setAccessibleName("Studies")
        for study in studies:
            self.addItem(QListWidgetItem(_words(study)))


def _words(study: StudySummary) -> str:
    day = study.study_date.isoformat() if study.study_date else ""
    parts = (
        PersonName.from_pn(study.patient_name).display or "No name",
        day,
        "/".join(study.modalities),
        study.description,
        counted(study.instances, "image"),
    )
    return "  ·  ".join(part for part in parts if part)
