"""Bring one viewport the frame it wants, and keep the one it has until then.

A frame of another study is never kept: it could be taken for the new patient's.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from viewer.core.errors import PixelError, ViewerError
from viewer.core.frame_parts import FrameParts
from viewer.core.image import is_coloured
from viewer.core.probing import Probe, to_probe
from viewer.core.render import FramePainter
from viewer.dicom.frames import decoded_photometric, smaller
from viewer.services.decoding import Decoding, Purpose, Ticket
from viewer.services.frame_parts import PROFILE, part_refs, to_parts
from viewer.services.frame_ref import FrameRef, StackPlace
from viewer.services.reading_stacks import ReadingStack
from viewer.services.screen_colors import ScreenColors
from viewer.services.windowing import voi_of_file

Decoded = npt.NDArray[np.generic]

Made = Callable[["Subject", Decoded], FramePainter | None]

_FRAME = "frame"
_PASSING_SIDE = 1024  # as many pixels as most viewports have


@dataclass(frozen=True, slots=True)
class Subject:
    """An image of a stack, counted from 0."""

    stack: ReadingStack
    image: int

    @property
    def frame_ref(self) -> FrameRef:
        """What to ask the decoder for."""
        stack, image = self.stack, self.image
        stored = stack.stored(image)
        place = StackPlace(stack.id, image, stack.count)
        number = stack.number(image)
        return FrameRef(
            stored.path, stack.image(image), number, stored.stamp, place=place
        )

    def painter(
        self, decoded: Decoded, parts: FrameParts | None = None
    ) -> FramePainter:
        """What paints the frame once it is decoded, and what lies beside it, too.

        Raises
        ------
        PixelError
            If it cannot be shown truthfully.
        """
        image = self.stack.image(self.image)
        number = self.stack.number(self.image)
        photometric = decoded_photometric(image.pixels)
        return FramePainter(decoded, image, number, photometric, parts)

    def smaller_ref(self, least: int) -> FrameRef | None:
        """What to ask the decoder for where a picture of the frame will do.

        It never is where it would look different, apart from its sharpness.

        Parameters
        ----------
        least : int
            Pixels its longer side has to keep.
        """
        ref, stack = self.frame_ref, self.stack
        pixels, steps = smaller(ref.image.pixels, least)
        if not steps or not stack.has_window or not voi_of_file(stack, self.image):
            return None  # the window would be told from other pixels
        display = stack.display(self.image)
        if display.padding or display.modality_lut or display.supplemental:
            return None  # what is not linear would be mixed
        if ref.image.labels or part_refs(ref):
            return None
        image = replace(ref.image, pixels=pixels)
        return replace(ref, image=image, part=f"halved {steps}", steps=steps)


class FrameOnShow:
    """What one viewport shows: a frame, or the reason why there is none.

    Only the GUI thread uses it. An answer to a wish that was given up is dropped.

    Parameters
    ----------
    decoding : Decoding
    changed : callable
        Called when something else is on show, or on its way.
    colors : ScreenColors, optional
        What its colours look like on the screen.
    made : callable, optional
        A painter of a grey frame without parts that is ready already; None for most.

    Attributes
    ----------
    subject : Subject or None
        What is shown; the wish may be further on.
    decoded : array or None
        Its frame as decoded; None if it cannot be shown.
    painter : FramePainter or None
        Paints it, or for a moment a smaller picture of it.
    failure : ViewerError or None
        Why it cannot be shown.
    """

    def __init__(
        self,
        decoding: Decoding,
        changed: Callable[[], None],
        colors: ScreenColors | None = None,
        made: Made = lambda *_: None,
    ) -> None:
        self._decoding = decoding
        self._changed, self._made = changed, made
        self._colors = colors or ScreenColors()
        self._colors.changed.connect(self._on_colors)
        self._wish: Subject | None = None
        self._refs: dict[str, FrameRef] = {}  # of the wish
        self._tickets: list[Ticket] = []
        self._brought: dict[str, Decoded | ViewerError] = {}
        self._awaited: set[str] = set()
        self._is_passing = False  # on show is a smaller picture of the frame
        self.subject: Subject | None = None
        self.decoded: Decoded | None = None
        self.painter: FramePainter | None = None
        self.failure: ViewerError | None = None

    @property
    def waiting(self) -> bool:
        """Whether the frame on show is not yet the one that is wished for."""
        return self._is_passing or self._wish != self.subject

    def want(self, wish: Subject | None) -> None:
        """Show `wish` at once if it is at hand, otherwise as soon as it comes."""
        if wish == self._wish:
            return
        self._give_up()
        self._wish = wish
        self._refs = {} if wish is None else _refs(wish)
        self._decoding.pin(self, self._refs.values())
        if self.subject and wish and wish.stack.study is not self.subject.stack.study:
            self.subject = self.decoded = self.painter = self.failure = None
        if wish is None:
            self._show(None)
        elif reason := wish.stack.why_unavailable(wish.image):
            self._show(PixelError(reason))
        else:
            self._fetch(wish)

    def probe(self, pixel: tuple[int, int]) -> Probe | None:
        """The source pixel ``(column, row)`` of the frame on show."""
        if self.subject is None or self.decoded is None:
            return None
        image = self.subject.stack.image(self.subject.image)
        number = self.subject.stack.number(self.subject.image)
        photometric = decoded_photometric(image.pixels)
        return to_probe(self.decoded, image, number, photometric, pixel)

    def painter_for_file(self) -> FramePainter | None:
        """What paints the frame on show where it leaves this screen: in sRGB.

        None while only a smaller picture of it is here.
        """
        subject, decoded = self.subject, self.decoded
        if self._is_passing:
            return None
        if subject is None or decoded is None or not self._colors.value.screen.profile:
            return self.painter
        if not is_coloured(subject.stack.image(subject.image)):
            return self.painter
        kept = {
            name: self._decoding.cached(ref) for name, ref in _refs(subject).items()
        }
        brought = {name: came for name, came in kept.items() if came is not None}
        return subject.painter(decoded, to_parts(subject.frame_ref, brought))

    def close(self) -> None:
        """Want nothing any more; nothing is announced."""
        self._give_up()
        self._decoding.pin(self, [])
        self._wish, self.subject, self._is_passing = None, None, False
        self.decoded = self.painter = self.failure = None

    def _on_colors(self) -> None:
        """Show the colours of the frame anew; greys are the same on every screen."""
        wish = self._wish
        if wish is None or wish.stack.why_unavailable(wish.image):
            return
        if is_coloured(wish.stack.image(wish.image)):
            self._give_up()
            self._fetch(wish)

    def _fetch(self, wish: Subject) -> None:
        refs = self._refs
        self._awaited = set(refs)
        for name, ref in refs.items():
            cached = self._decoding.cached(ref)
            if cached is not None and (name != PROFILE or self._is_made(cached)):
                self._brought[name] = cached
                self._awaited.discard(name)
        if not self._awaited:
            self._show(self._brought[_FRAME])
            return
        if _FRAME in self._awaited:
            self._request_smaller(wish)
        for name in tuple(self._awaited):
            self._request(wish, name, refs[name])
        self._changed()

    def _is_made(self, profile: Decoded) -> bool:
        return self._colors.value.is_made(profile.tobytes())

    def _request(self, wish: Subject, name: str, ref: FrameRef) -> None:
        def on_done(_: FrameRef, frame: Decoded) -> None:
            self._on_answer(wish, name, frame)

        def on_failed(_: FrameRef, error: ViewerError) -> None:
            self._on_answer(wish, name, error)

        def with_conversion(profile: Decoded) -> Decoded:
            conversions.conversion(profile.tobytes())
            return profile

        purpose, conversions = Purpose.INTERACTION, self._colors.value
        if name == PROFILE:  # its conversion takes longer to make than to use
            ticket = self._decoding.request_made(
                ref, purpose, with_conversion, on_done, on_failed
            )
        else:
            ticket = self._decoding.request(ref, purpose, on_done, on_failed)
        self._tickets.append(ticket)

    def _request_smaller(self, wish: Subject) -> None:
        """Something to look at until a large frame is decoded."""
        ref = wish.smaller_ref(_PASSING_SIDE)
        if ref is None:
            return

        def on_done(_: FrameRef, smaller: Decoded) -> None:
            if wish is self._wish and self.waiting:
                self._show_passing(wish, smaller)

        ticket = self._decoding.request(
            ref, Purpose.INTERACTION, on_done, lambda *_: None
        )
        self._tickets.append(ticket)

    def _show_passing(self, wish: Subject, smaller: Decoded) -> None:
        """Paint from a smaller picture; nothing is probed or counted in it."""
        try:
            painter = wish.painter(smaller)
        except PixelError:  # the frame itself will say why
            return
        self.subject, self.painter, self._is_passing = wish, painter, True
        self.decoded = self.failure = None
        self._changed()

    def _on_answer(
        self, wish: Subject, name: str, answer: Decoded | ViewerError
    ) -> None:
        """Show the frame when all its parts are here: none without its shutter."""
        if wish is self._wish:
            self._brought[name] = answer
            self._awaited.discard(name)
            if not self._awaited:
                self._show(self._brought[_FRAME])

    def _show(self, answer: Decoded | ViewerError | None) -> None:
        self.subject, self.decoded, self._is_passing = self._wish, None, False
        self.painter = self.failure = None
        if isinstance(answer, ViewerError):
            self.failure = answer
        elif self.subject is not None and answer is not None:
            try:
                self.painter = self._painter(self.subject, answer)
                self.decoded = answer
            except PixelError as error:
                self.failure = error
        self._give_up()
        self._changed()

    def _painter(self, subject: Subject, decoded: Decoded) -> FramePainter:
        made = self._made(subject, decoded)
        if made is not None:
            return made
        frame = self._refs[_FRAME]
        parts = to_parts(frame, self._brought, self._colors.value)
        return subject.painter(decoded, parts)

    def _give_up(self) -> None:
        for ticket in self._tickets:
            ticket.drop()
        self._tickets.clear()
        self._brought.clear()
        self._awaited.clear()


def _refs(wish: Subject) -> dict[str, FrameRef]:
    """The frame and its parts, by name."""
    ref = wish.frame_ref
    return {_FRAME: ref, **part_refs(ref)}
