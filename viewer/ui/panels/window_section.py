"""The inspector's window: what is offered, width and centre, and the histogram."""

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from viewer.commands.desk import Desk
from viewer.core.grayscale import Voi, Window
from viewer.core.histogram import Histogram, histogram
from viewer.core.voi import as_window, misses
from viewer.core.window_drag import narrowest
from viewer.services.frame_on_show import FrameOnShow
from viewer.services.reading_state import VoiChoice  # noqa: TC001 - as its neighbours
from viewer.services.window_menu import offer_values, to_choice, window_offers
from viewer.ui import theme
from viewer.ui.panels.fields import NumberBox
from viewer.ui.panels.histogram_plot import HistogramPlot

_WIDEST = 1e9
_MOST_ROWS = 9
_NARROWEST_BOX = 18 * theme.UNIT


class WindowSection(QWidget):
    """Windows the series of the active viewport.

    Signals
    -------
    finished : ()
        The keyboard is not needed here any more.
    """

    finished = Signal()

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk, self._session = desk, desk.session
        self._shown: object = None
        self._voi: Voi | None = None
        self._histogram: Histogram | None = None
        self._choices: tuple[VoiChoice, ...] = ()
        self._step: object = None
        self.plot = HistogramPlot()
        self.plot.window_dragged.connect(self._on_dragged)
        self.width_box, self.center_box = self._box("Width"), self._box("Centre")
        self.warning = QLabel("This window shows nothing of the image.")
        self.warning.setWordWrap(True)
        theme.set_role(self.warning, "warn")
        self.colours = QLabel("Colours are shown as they are.")
        theme.set_role(self.colours, "secondary")
        self._words = (QLabel("W"), QLabel("L"))
        self.offers = _Offers()
        self.offers.itemClicked.connect(self._on_chosen)
        numbers = QHBoxLayout()
        boxes = (self.width_box, self.center_box)
        for word, box in zip(self._words, boxes, strict=True):
            theme.set_role(word, "secondary")
            numbers.addWidget(word)
            numbers.addWidget(box, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(theme.GAP_M, 0, theme.GAP_M, theme.GAP_M)
        column.setSpacing(theme.GAP_S)
        column.addWidget(self.colours)
        column.addWidget(self.plot)
        column.addLayout(numbers)
        column.addWidget(self.warning)
        column.addWidget(self.offers)

    def show_voi(self, voi: Voi | None) -> None:
        """Show how the image is windowed; None where there is nothing to window."""
        self._voi = voi
        for widget in (self.plot, self.width_box, self.center_box, *self._words):
            widget.setVisible(voi is not None)
        self.colours.setVisible(voi is None)
        self.plot.show_values(self._histogram, voi)
        if voi is not None:
            self._show_numbers(as_window(voi))
        seen = self._histogram
        self.warning.setVisible(
            voi is not None
            and seen is not None
            and misses(voi, seen.lowest, seen.highest)
        )
        self._mark_choice()

    def show_frame(self, frame: FrameOnShow) -> None:
        """Show the values of another image, and what is offered for them."""
        subject, decoded = frame.subject, frame.decoded
        if subject == self._shown:
            return
        self._shown, self._histogram = subject, None
        if subject is not None and decoded is not None:
            stack, image = subject.stack, subject.image
            number = stack.number(image)
            self._histogram = histogram(stack.image(image), number, decoded)
        self._list_offers()
        self.show_voi(self._voi)

    def _show_numbers(self, window: Window) -> None:
        digits = 0 if window.width >= 10 and window.center % 1 == 0 else 2
        digits = digits if window.width >= 1 else 5
        for box, value in (
            (self.width_box, window.width),
            (self.center_box, window.center),
        ):
            if box.hasFocus() and box.value() == value:
                continue
            with QSignalBlocker(box):
                box.setDecimals(digits)
                box.setSingleStep(max(window.width / 40, 10**-digits))
                box.setValue(value)

    def _list_offers(self) -> None:
        offers = window_offers(self._session, self._desk.decoding)
        self._choices = tuple(to_choice(offers, offer) for offer in offers)
        self.offers.clear()
        for offer in offers:
            values = offer_values(offer)
            row = QTreeWidgetItem([offer.name, values, offer.key])
            middle = Qt.AlignmentFlag.AlignVCenter
            row.setTextAlignment(1, Qt.AlignmentFlag.AlignRight | middle)
            row.setTextAlignment(2, Qt.AlignmentFlag.AlignCenter)
            row.setToolTip(0, offer.name)
            self.offers.addTopLevelItem(row)
        self.offers.setVisible(bool(offers))
        self.offers.setFixedHeight(min(len(offers), _MOST_ROWS) * theme.ROW_COMPACT + 2)

    def _mark_choice(self) -> None:
        stack = self._session.stack
        present = self._session.choice(stack) if stack else None
        for place, choice in enumerate(self._choices):
            item = self.offers.topLevelItem(place)
            if item is not None:
                item.setSelected(choice == present)

    def _box(self, name: str) -> NumberBox:
        box = NumberBox()
        box.finished.connect(self.finished)
        box.setRange(-_WIDEST, _WIDEST)
        box.setMinimumWidth(_NARROWEST_BOX)  # its own would be that of a billion
        box.setKeyboardTracking(False)
        box.setAccessibleName(name)
        box.valueChanged.connect(self._on_number)
        return box

    def _on_number(self) -> None:
        if self._voi is None:
            return
        present = as_window(self._voi)
        width = max(self.width_box.value(), narrowest(present))
        self._session.choose_window(
            Window(self.center_box.value(), width, present.function)
        )

    def _on_dragged(self, window: Window, step: object) -> None:
        self._session.choose_window(window, step=step)

    def _on_chosen(self, item: QTreeWidgetItem) -> None:
        place = self.offers.indexOfTopLevelItem(item)
        self._session.choose_window(self._choices[place])


class _Offers(QTreeWidget):
    """Windows by name, with their values and keys; a click takes one."""

    def __init__(self) -> None:
        super().__init__()
        self.setColumnCount(3)
        self.setHeaderHidden(True)
        self.setRootIsDecorated(False)
        self.setUniformRowHeights(True)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAccessibleName("Windows")
        self.setFont(theme.figures(self.font()))
        header = self.header()
        header.setStretchLastSection(False)
        header.setMinimumSectionSize(theme.UNIT)
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        header.setSectionResizeMode(1, QHeaderView.ResizeMode.ResizeToContents)
        header.setSectionResizeMode(2, QHeaderView.ResizeMode.ResizeToContents)
