"""Which studies a command is about, whichever page the user looks at."""

from typing import TYPE_CHECKING

from viewer.commands.desk import Desk, Page
from viewer.services.browsing import Place

if TYPE_CHECKING:
    from viewer.core.listing import StudySummary


def meant_studies(desk: Desk) -> "tuple[StudySummary, ...]":
    """The open studies on the Reading page, else those selected in the list."""
    if desk.window.page is Page.READING:
        return tuple(study.summary for study in desk.session.studies if study.filed)
    state = desk.browsing.state
    return state.selected if state.place is Place.LIBRARY else ()
