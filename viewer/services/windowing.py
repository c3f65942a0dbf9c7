"""Which window an image is shown with."""

import numpy as np
import numpy.typing as npt

from viewer.core.grayscale import LookupTable, Voi, Window
from viewer.core.voi import is_valid
from viewer.core.windowing import automatic
from viewer.services.reading_stacks import ReadingStack
from viewer.services.reading_state import FromFile, VoiChoice

Decoded = npt.NDArray[np.generic]


def voi_of_file(stack: ReadingStack, image: int) -> tuple[Voi, ...]:
    """The windows and VOI LUTs an image brings along that have a meaning."""
    display = stack.display(image)
    vois: tuple[Voi, ...] = (*display.windows, *display.voi_luts)
    return tuple(voi for voi in vois if is_valid(voi))


class Windowing:
    """Remembers the default window of each series once it is known.

    Slices of one stack share it: brightness must not jump while scrolling. Images
    that stand alone (projections) each have their own.
    """

    def __init__(self) -> None:
        self._defaults: dict[tuple[str, str], Voi] = {}

    def voi(
        self,
        stack: ReadingStack,
        image: int,
        choice: VoiChoice | None,
        decoded: Decoded | None = None,
    ) -> Voi | None:
        """The window of an image.

        Parameters
        ----------
        stack : ReadingStack
        image : int
            Counted from 0.
        choice : VoiChoice or None
            What the user chose; None for the default.
        decoded : array or None
            The image as decoded, if it is at hand.

        Returns
        -------
        Voi or None
            None if it can only be told from pixels and none were given.
        """
        if isinstance(choice, Window | LookupTable):
            return choice
        of_file = voi_of_file(stack, image)
        if isinstance(choice, FromFile) and choice.number < len(of_file):
            return of_file[choice.number]
        frame = stack.stack.frames[image]
        alone = stack.frame(image).plane is None
        key = (stack.id, frame.sop_instance_uid if alone else "")
        if key not in self._defaults:
            if of_file:
                self._defaults[key] = of_file[0]
            elif decoded is None:
                return None
            else:
                number = stack.number(image)
                self._defaults[key] = automatic(stack.image(image), number, decoded)
        return self._defaults[key]
