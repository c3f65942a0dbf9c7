"""One moment of the reading page, as a value.

Undo is keeping old moments; scrolling is not undone, so `restored` brings back an old
moment with the images the hand has scrolled to since.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from types import MappingProxyType

from viewer.core.annotation import Annotation, Shape
from viewer.core.corners import TextLevel
from viewer.core.grayscale import LookupTable, Window
from viewer.core.identity import SeriesUID
from viewer.core.layout import Layout
from viewer.core.view import View


class Tool(StrEnum):
    """What the left button does."""

    WINDOW = "window"
    SCROLL = "scroll"
    PAN = "pan"
    ZOOM = "zoom"
    ROTATE = "rotate"
    LENGTH = "length"
    ANGLE = "angle"
    RECTANGLE = "rectangle"
    ELLIPSE = "ellipse"
    PROBE = "probe"

    @property
    def shape(self) -> Shape | None:
        """What it draws; None if it draws nothing."""
        return Shape(self.value) if self.value in list(Shape) else None


@dataclass(frozen=True, slots=True)
class FromFile:
    """A window or VOI LUT of the file, counted from 0: each image has its own."""

    number: int


VoiChoice = FromFile | Window | LookupTable
"""How a series is windowed, when the user has said so."""

Drawings = Mapping[str, Annotation]
"""What is drawn on all open images, by UID, in the order it was drawn."""

NO_CHOICES: Mapping[SeriesUID, VoiChoice] = MappingProxyType({})
NO_DRAWINGS: Drawings = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Viewport:
    """What one place of the screen shows.

    Attributes
    ----------
    stack_id : str
        Empty for an empty place.
    image : int
        Which image of the stack, counted from 0.
    view : View
    """

    stack_id: str = ""
    image: int = 0
    view: View = field(default_factory=View)


@dataclass(frozen=True, slots=True)
class ReadingState:
    """One moment of the reading page.

    Attributes
    ----------
    layout : Layout
    viewports : tuple of Viewport
        At least one for each place; those past the layout keep their content until
        the layout grows again.
    active : int
        The viewport that commands act on.
    maximised : bool
        Whether the active viewport is shown alone.
    windows : mapping of SeriesUID to VoiChoice
        Only where the user chose; otherwise the images' own default holds.
    tool : Tool
    text : TextLevel
    playing : int or None
        The viewport whose cine runs.
    synchronised, reference_lines, drawings_shown : bool
        What is switched on.
    drawings : mapping of str to Annotation
        What is drawn on the open images.
    draft : Annotation or None
        What is under the hand now; it stands in for the drawing of its UID.
    selected : str
        UID of the drawing that commands act on; empty for none.
    """

    layout: Layout = field(default_factory=Layout)
    viewports: tuple[Viewport, ...] = (Viewport(),)
    active: int = 0
    maximised: bool = False
    windows: Mapping[SeriesUID, VoiChoice] = field(default_factory=lambda: NO_CHOICES)
    tool: Tool = Tool.WINDOW
    text: TextLevel = TextLevel.ALL
    playing: int | None = None
    synchronised: bool = True
    reference_lines: bool = True
    drawings_shown: bool = True
    drawings: Drawings = field(default_factory=lambda: NO_DRAWINGS)
    draft: Annotation | None = None
    selected: str = ""

    @property
    def visible(self) -> tuple[int, ...]:
        """The viewports on the screen, in reading order."""
        return (self.active,) if self.maximised else tuple(range(self.layout.count))

    @property
    def viewport(self) -> Viewport:
        """The active viewport."""
        return self.viewports[self.active]

    def with_viewport(self, index: int, viewport: Viewport) -> "ReadingState":
        """The same moment with something else in one place."""
        before, after = self.viewports[:index], self.viewports[index + 1 :]
        return replace(self, viewports=(*before, viewport, *after))

    def with_layout(
        self, layout: Layout, waiting: Sequence[Viewport]
    ) -> "ReadingState":
        """The same pictures in another grid.

        The active picture stays on the screen. New places take up what an earlier,
        larger grid held there, and then those of `waiting` nobody sees yet.
        """
        places = list(self.viewports)
        places += [Viewport()] * (layout.count - len(places))
        active = self.active
        if active >= layout.count:
            last = layout.count - 1
            places[last], places[active] = places[active], places[last]
            active = last
        seen = {place.stack_id for place in places[: layout.count]}
        unseen = iter(
            [viewport for viewport in waiting if viewport.stack_id not in seen]
        )
        for place in range(layout.count):
            if not places[place].stack_id:
                places[place] = next(unseen, Viewport())
        return replace(
            self,
            layout=layout,
            viewports=tuple(places),
            active=active,
            maximised=False,
            playing=None,
        )

    def restored(self, present: "ReadingState") -> "ReadingState":
        """The old moment, with all that is not undone taken from `present`."""
        viewports = tuple(
            replace(old, image=new.image) if old.stack_id == new.stack_id else old
            for old, new in zip(
                self.viewports,
                _padded(present.viewports, len(self.viewports)),
                strict=False,
            )
        )
        return replace(
            present,
            layout=self.layout,
            viewports=viewports,
            active=min(present.active, self.layout.count - 1)
            if not self.maximised
            else self.active,
            maximised=self.maximised,
            windows=self.windows,
            playing=None,
            drawings=self.drawings,
            draft=None,
        )


def _padded(viewports: tuple[Viewport, ...], count: int) -> tuple[Viewport, ...]:
    return viewports + (Viewport(),) * (count - len(viewports))
