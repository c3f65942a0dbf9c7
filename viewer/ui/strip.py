"""The strip on top of the window: pages, menus, search."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QMenuBar,
    QPushButton,
    QSizePolicy,
    QWidget,
)

from viewer.commands.window_port import Page
from viewer.ui import theme


class Strip(QWidget):
    """One line: the name, the pages, the menus, and what a page adds.

    Signals
    -------
    page_chosen : (Page)
    """

    page_chosen = Signal(object)

    def __init__(self) -> None:
        super().__init__()
        theme.set_role(self, "strip")
        self.setFixedHeight(theme.BAR)
        self.menus = QMenuBar()
        self.menus.setSizePolicy(
            QSizePolicy.Policy.Minimum, QSizePolicy.Policy.Preferred
        )
        name = QLabel("Lightbox")
        theme.set_role(name, "heading")
        self._tabs = {page: self._tab(page) for page in Page}
        self.offer_page(Page.REVIEW, on=False)
        self._right = QHBoxLayout()
        self._right.setSpacing(theme.UNIT)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(theme.GAP_L, 0, theme.GAP_S, 0)
        layout.setSpacing(0)
        layout.addWidget(name)
        layout.addSpacing(theme.GAP_L)
        for tab in self._tabs.values():
            layout.addWidget(tab)
        layout.addSpacing(theme.GAP_L)
        layout.addWidget(self.menus, 0, Qt.AlignmentFlag.AlignVCenter)
        layout.addStretch(1)
        layout.addLayout(self._right)
        self.show_page(Page.STUDIES)

    def add(self, widget: QWidget) -> None:
        """Add something at the right end."""
        self._right.addWidget(widget)
        widget.show()  # what comes from another window was hidden by the move

    def show_page(self, page: Page) -> None:
        """Mark the page that is in front."""
        self._tabs[page].setChecked(True)

    def offer_page(self, page: Page, *, on: bool) -> None:
        """Show the tab of a page that is not always there, or hide it."""
        self._tabs[page].setVisible(on)

    def enable_pages(self) -> None:
        """Let the pages be chosen: they are there now."""
        for tab in self._tabs.values():
            tab.setEnabled(True)

    def _tab(self, page: Page) -> QPushButton:
        tab = QPushButton(page.value.capitalize())
        tab.setObjectName(f"page.{page}")
        theme.set_role(tab, "tab")
        tab.setCheckable(True)
        tab.setAutoExclusive(True)
        tab.setEnabled(False)
        tab.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        tab.clicked.connect(lambda: self.page_chosen.emit(page))
        return tab
