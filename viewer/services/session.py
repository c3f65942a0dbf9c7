"""The reading page without its window: what is open, shown and windowed, and how."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, time

from psygnal import Signal, SignalInstance

from viewer.core.calibration import main_spacing
from viewer.core.identity import SeriesUID
from viewer.core.layout import Layout
from viewer.core.listing import StudySummary
from viewer.core.opened import OpenStudy
from viewer.core.view import View
from viewer.services.drawing import Drawing
from viewer.services.hanging import first_view, hung
from viewer.services.moments import Moments
from viewer.services.reading_stacks import ReadingStack, ReadingStacks, patient_of
from viewer.services.reading_state import (
    ReadingState,
    Tool,
    Viewport,
    VoiChoice,
)
from viewer.services.scrolling import to_scrolled
from viewer.services.windowing import Windowing


class ReadingSession:
    """Holds the state of the reading page, and its past.

    Only what the user asks for changes it: nothing that loads in the background
    scrolls, selects or takes the focus.

    Attributes
    ----------
    moments : Moments
        The state, and its past.
    stacks : ReadingStacks
        Of the open studies, in the order of the strip.
    windowing : Windowing
    drawing : Drawing
        What is drawn on the images.
    screen_dots_per_mm : float or None
        Device pixels in a millimetre of the screen, if it says so.

    Signals
    -------
    opened : ()
        Other studies are open.
    """

    opened = Signal()

    def __init__(self) -> None:
        self.stacks = ReadingStacks()
        self.windowing = Windowing()
        self._related: tuple[StudySummary, ...] = ()
        self.screen_dots_per_mm: float | None = None
        self.moments = Moments()
        self.drawing = Drawing(self.moments)

    @property
    def changed(self) -> SignalInstance:
        """Emitted with a `ReadingState` after any change."""
        return self.moments.changed

    @property
    def state(self) -> ReadingState:
        """The present moment."""
        return self.moments.present

    @property
    def studies(self) -> tuple[OpenStudy, ...]:
        """What is open; the first is the one being read."""
        return self.stacks.studies

    @property
    def stack(self) -> ReadingStack | None:
        """What the active viewport shows; None if it is empty."""
        return self.shown(self.state.active)

    def shown(self, index: int) -> ReadingStack | None:
        """What a viewport shows; None if it is empty."""
        return self.stacks.get(self.state.viewports[index].stack_id)

    # Opening

    def open(
        self, studies: Sequence[OpenStudy], *, series_uid: SeriesUID | None = None
    ) -> None:
        """Read these studies: the first one hangs, the others wait in the strip.

        With `series_uid` that series alone fills the screen.
        """
        drawings = self.drawing.of_opened(self.studies, studies)
        self.stacks = ReadingStacks(studies)
        self.windowing = Windowing()
        # Files opened by path are read from there; the catalog cannot open them.
        self._related = tuple(study.summary for study in studies if study.filed)
        kept = replace(
            ReadingState(),
            text=self.state.text,
            synchronised=self.state.synchronised,
            reference_lines=self.state.reference_lines,
            drawings=drawings,
        )
        self.moments.begin(hung(kept, self.stacks, series_uid))
        self.opened.emit()
        self.changed.emit(self.state)

    def renew(self, studies: Sequence[OpenStudy]) -> None:
        """Take in what has come of the open studies; what is shown stays in its place.

        Each viewport stays on its image, wherever that is in its stack by now. Where
        there were no images yet the first ones are hung.
        """
        before, self.stacks = self.stacks, ReadingStacks(studies)
        known = {
            stored.instance.sop_instance_uid
            for study in before.studies
            for series in study.series
            for stored in series.instances
        }
        fresh = {
            one.uid: one
            for study in studies
            for one in study.annotations
            if one.sop_instance_uid not in known
        }
        state = self.state
        if tuple(before):
            viewports = tuple(self._moved(one, before) for one in state.viewports)
            moved = replace(state, viewports=viewports)
        else:
            moved = hung(state, self.stacks)
        if fresh:  # undoing what was before must not delete them
            self.moments.begin(replace(moved, drawings={**fresh, **state.drawings}))
        else:
            self.moments.settle(moved)
        self.opened.emit()
        self.changed.emit(self.state)

    def _moved(self, viewport: Viewport, before: ReadingStacks) -> Viewport:
        """The viewport on the same image of the stacks as they are now."""
        stack = before.get(viewport.stack_id)
        if stack is None:
            return viewport
        frame = stack.stack.frames[viewport.image]
        place = self.stacks.place_of(frame.sop_instance_uid, frame.number)
        if place is None:
            return Viewport()
        return replace(viewport, stack_id=place[0].id, image=place[1])

    def close(self) -> None:
        """Put everything away."""
        self.open(())

    def relate(self, studies: Sequence[StudySummary]) -> None:
        """Note the patient's other studies; what is shown stays as it is."""
        self._related = tuple(sorted(studies, key=_when))
        self.changed.emit(self.state)

    @property
    def related(self) -> tuple[StudySummary, ...]:
        """All studies of the patient on show that the catalog knows, oldest first."""
        if not self.studies:
            return ()
        shown = self.stack.study if self.stack else self.studies[0]
        patient = patient_of(shown.summary)
        return tuple(one for one in self._related if patient_of(one) == patient)

    # What is where

    def activate(self, index: int) -> None:
        """Make a viewport the one that commands act on."""
        if index in self.state.visible:
            self.moments.amend(replace(self.state, active=index))

    def activate_next(self, steps: int) -> None:
        """Go to the viewport `steps` further, round and round."""
        count = self.state.layout.count
        self.moments.amend(
            replace(self.state, active=(self.state.active + steps) % count)
        )

    def show(self, stack_id: str, index: int | None = None, *, image: int = 0) -> None:
        """Show a stack in a viewport, by default the active one, and go there."""
        if index is None:
            index = self.state.active
        stack = self.stacks[stack_id]
        viewport = Viewport(stack_id, image, first_view(stack, image))
        self.moments.put(
            replace(self.state.with_viewport(index, viewport), active=index)
        )

    def show_neighbour(self, steps: int) -> None:
        """Show the stack `steps` further in the list in the active viewport."""
        there = self.neighbour(steps)
        if there is not None:
            self.show(there.id)

    def neighbour(self, steps: int) -> ReadingStack | None:
        """The stack `steps` further in the list; None at its ends."""
        return self.stacks.neighbour(self.stack, steps) if self.stack else None

    def set_layout(self, layout: Layout) -> None:
        """Divide the screen anew; the pictures stay, new places get the patient's."""
        waiting = [
            Viewport(stack.id, 0, first_view(stack, 0))
            for stack in self.stacks
            if not stack.stack.localizer and self._is_of_the_patient(stack)
        ]
        self.moments.put(self.state.with_layout(layout, waiting))

    def _is_of_the_patient(self, stack: ReadingStack) -> bool:
        """Whether `stack` is of the patient the user looks at."""
        shown = self.stack
        return shown is None or patient_of(stack.study.summary) == patient_of(
            shown.study.summary
        )

    def toggle_maximised(self, index: int | None = None) -> None:
        """Show one viewport alone, or all of them again."""
        state = self.state if index is None else replace(self.state, active=index)
        self.moments.put(replace(state, maximised=not state.maximised))

    # Scrolling

    def scroll(self, steps: int, index: int | None = None) -> None:
        """Go `steps` images on, stopping at the ends."""
        index = self.state.active if index is None else index
        self.go_to(self.state.viewports[index].image + steps, index)

    def go_to(self, image: int, index: int | None = None) -> None:
        """Go to an image, counted from 0, or to the end that is nearer."""
        index = self.state.active if index is None else index
        self.moments.amend(to_scrolled(self.state, self.stacks, index, image))

    def advance_cine(self) -> None:
        """Show the next image of the running cine; after the last comes the first."""
        index = self.state.playing
        stack = None if index is None else self.shown(index)
        if index is not None and stack is not None:
            image = (self.state.viewports[index].image + 1) % stack.count
            self.go_to(image, index)

    def toggle_playing(self) -> None:
        """Start or stop the cine of the active viewport."""
        active = self.state.active
        playing = None if self.state.playing == active else active
        self.moments.amend(replace(self.state, playing=playing))

    # Window

    def choice(self, stack: ReadingStack) -> VoiChoice | None:
        """What the user chose for the series of a stack; None for its default."""
        return self.state.windows.get(stack.series.record.series_uid)

    def choose_window(
        self, choice: VoiChoice | None, index: int | None = None, *, step: object = None
    ) -> None:
        """Window the series of a viewport; None goes back to its default."""
        stack = self.shown(self.state.active if index is None else index)
        if stack is None or not stack.has_window:
            return
        uid = stack.series.record.series_uid
        others = {u: c for u, c in self.state.windows.items() if u != uid}
        windows = others if choice is None else others | {uid: choice}
        self.moments.put(replace(self.state, windows=windows), step=step)

    # View

    def change_view(
        self,
        change: Callable[[View], View],
        index: int | None = None,
        *,
        step: object = None,
    ) -> None:
        """Zoom, pan, turn, mirror or invert the picture of a viewport."""
        index = self.state.active if index is None else index
        viewport = self.state.viewports[index]
        if viewport.stack_id:
            changed = replace(viewport, view=change(viewport.view))
            self.moments.put(self.state.with_viewport(index, changed), step=step)

    @property
    def true_size_zoom(self) -> float | None:
        """Zoom at which a centimetre of the image is one on the screen.

        None without a spacing, or where the screen does not know its own size.
        """
        stack, dots = self.stack, self.screen_dots_per_mm
        if stack is None or dots is None:
            return None
        shown = self.state.viewport.image
        spacing = main_spacing(stack.image(shown), stack.number(shown))
        return None if spacing is None else spacing.column_mm * dots

    def show_true_size(self) -> None:
        """Show the active picture as large as it is."""
        zoom = self.true_size_zoom
        if zoom is not None:
            self.change_view(lambda view: replace(view, zoom=zoom))

    def reset(self) -> None:
        """Show the active viewport as it was when it opened."""
        stack = self.stack
        if stack is not None:
            step = object()
            image = self.state.viewport.image
            first = first_view(stack, image)
            self.change_view(lambda view: replace(first, field=view.field), step=step)
            self.choose_window(None, step=step)

    def leave(self) -> None:
        """Give up a drawing, the tool, the selection, or reset the active viewport.

        Only the first of them that there is.
        """
        if self.drawing.drop():
            return
        if self.state.tool is not Tool.WINDOW:
            self.set_tool(Tool.WINDOW)
        elif self.drawing.selected is not None:
            self.drawing.select("")
        else:
            self.reset()

    # Switches

    def set_tool(self, tool: Tool) -> None:
        """Give the left button something to do."""
        self.moments.amend(replace(self.state, tool=tool))

    def cycle_text(self) -> None:
        """Show all text on the images, then a little, then none, then all again."""
        self.moments.amend(replace(self.state, text=self.state.text.next))

    def toggle_synchronised(self) -> None:
        """Let stacks of one frame of reference scroll together, or each alone."""
        self.moments.amend(
            replace(self.state, synchronised=not self.state.synchronised)
        )

    def toggle_reference_lines(self) -> None:
        """Show where images cut each other, or not."""
        shown = not self.state.reference_lines
        self.moments.amend(replace(self.state, reference_lines=shown))

    # The past

    def undo(self) -> None:
        """Take back one step; scrolling is not one. A drawing under the hand is."""
        if not self.drawing.drop():
            self.moments.undo()

    def redo(self) -> None:
        """Do again what was taken back."""
        self.moments.redo()


def _when(study: StudySummary) -> tuple[date, time]:
    return study.study_date or date.min, study.study_time or time.min
