"""Who is on the screen, which study, and which other ones there are."""

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QMenu, QToolButton, QWidget

from viewer.core.counts import counted
from viewer.core.identity import PersonName, StudyUID
from viewer.core.listing import StudySummary
from viewer.core.remote import RemoteStudy
from viewer.services.session import ReadingSession
from viewer.ui import theme
from viewer.ui.panels.eliding import ElidingLabel


class PatientStrip(QWidget):
    """One line above the images.

    Parameters
    ----------
    session : ReadingSession
    open_study : callable
        Opens another study of the patient.
    fetch : callable
        Fetches a study of a peer.
    """

    def __init__(
        self,
        session: ReadingSession,
        open_study: Callable[[StudyUID], None],
        fetch: Callable[[RemoteStudy], None],
    ) -> None:
        super().__init__()
        self._session, self._open_study, self._fetch = session, open_study, fetch
        self._elsewhere: tuple[RemoteStudy, ...] = ()
        self._fetched: set[str] = set()
        theme.set_role(self, "strip")
        self.setFixedHeight(theme.BAR)
        self.name = ElidingLabel()
        theme.set_role(self.name, "heading")
        self.person = QLabel()
        theme.set_role(self.person, "secondary")
        self.study = ElidingLabel()
        self.others = QToolButton()
        self.others.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.others.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._menu = QMenu(self.others)
        self._menu.aboutToShow.connect(self._fill_menu)
        self.others.setMenu(self._menu)
        self.priors = QToolButton()
        self.priors.setObjectName("priors")
        self.priors.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.priors.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.priors.setToolTip("Studies of this patient at peers; a click fetches one")
        self.priors_menu = QMenu(self.priors)
        self.priors_menu.aboutToShow.connect(self._fill_priors)
        self.priors.setMenu(self.priors_menu)
        self.priors.hide()
        self.warning = QLabel()
        theme.set_role(self.warning, "warn")
        row = QHBoxLayout(self)
        row.setContentsMargins(theme.GAP_L, 0, theme.GAP_S, 0)
        row.setSpacing(theme.GAP_L)
        for widget in (self.name, self.person, self.study, self.others, self.priors):
            row.addWidget(widget)
        row.addStretch(1)
        row.addWidget(self.warning)

    def refresh(self) -> None:
        """Say whose picture is active."""
        stack, studies = self._session.stack, self._session.studies
        if not studies:
            self.setVisible(False)
            return
        self.setVisible(True)
        summary = stack.study.summary if stack else studies[0].summary
        self.name.setText(PersonName.from_pn(summary.patient_name).display or "No name")
        self.person.setText(_person(summary))
        self.study.setText(_study(summary))
        others = len(self._session.related) - 1
        self.others.setText(f"{counted(others, 'other study', 'other studies')} ▾")
        self.others.setVisible(others > 0)
        self.warning.setText(self._warning())

    def offer_priors(self, found: tuple[RemoteStudy, ...]) -> None:
        """Offer what peers have of the patient; quietly, at the end of the line."""
        self._elsewhere = found
        self.priors.setVisible(bool(found))
        if found:
            peers = list(dict.fromkeys(one.peer for one in found))
            where = peers[0] if len(peers) == 1 else f"{len(peers)} peers"
            number = counted(len(found), "other study", "other studies")
            self.priors.setText(f"{number} at {where} ▾")

    def _fill_priors(self) -> None:
        self.priors_menu.clear()
        for found in self._elsewhere:
            action = self.priors_menu.addAction(_elsewhere(found))
            action.setCheckable(True)
            action.setChecked(found.study_uid in self._fetched)
            action.setEnabled(found.study_uid not in self._fetched)
            action.triggered.connect(partial(self._on_wanted, found))

    def _on_wanted(self, found: RemoteStudy, _checked: bool = False) -> None:  # noqa: FBT001, FBT002 - Qt's signal
        self._fetched.add(found.study_uid)
        self._fetch(found)

    def _warning(self) -> str:
        """Another patient's picture on the screen must never go unnoticed."""
        stacks = [self._session.shown(index) for index in self._session.state.visible]
        patients = {stack.patient for stack in stacks if stack is not None}
        return f"▲ {len(patients)} patients on the screen" if len(patients) > 1 else ""

    def _fill_menu(self) -> None:
        self._menu.clear()
        here = {study.summary.study_uid for study in self._session.studies}
        for summary in reversed(self._session.related):
            action = self._menu.addAction(_study(summary))
            action.setCheckable(True)
            action.setChecked(summary.study_uid in here)
            action.triggered.connect(partial(self._on_chosen, summary.study_uid))

    def _on_chosen(self, study_uid: StudyUID, _checked: bool = False) -> None:  # noqa: FBT001, FBT002 - Qt's signal
        self._open_study(study_uid)


def _person(summary: StudySummary) -> str:
    born = summary.patient_birth_date
    age = f"{summary.age.value}{summary.age.unit.lower()}" if summary.age else ""
    parts = (
        summary.patient_id,
        " ".join(part for part in (summary.patient_sex, age) if part),
        born.isoformat() if born else "",
    )
    return "  ·  ".join(part for part in parts if part)


def _study(summary: StudySummary) -> str:
    day = summary.study_date
    said = " ".join(
        part for part in ("/".join(summary.modalities), summary.description) if part
    )
    return "  ".join(part for part in (day.isoformat() if day else "", said) if part)


def _elsewhere(found: RemoteStudy) -> str:
    day = found.study_date
    said = " ".join(
        part for part in ("/".join(found.modalities), found.description) if part
    )
    images = "" if found.instances is None else counted(found.instances, "image")
    parts = (day.isoformat() if day else "", said, images, f"at {found.peer}")
    return "  ·  ".join(part for part in parts if part)
