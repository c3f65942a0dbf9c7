"""The ordered images of a series, as the wheel goes through them."""

from dataclasses import dataclass
from enum import StrEnum

from viewer.core.identity import SeriesUID, SOPInstanceUID


class FaultKind(StrEnum):
    """What can be wrong with a row of slices, or with a series."""

    MISSING = "missing"
    DUPLICATE = "duplicate"
    UNEQUAL = "unequal spacing"
    TILTED = "tilt"
    SHIFTED = "out of line"
    INCOMPLETE = "incomplete"
    ORIENTATION = "mixed orientation"
    SIZE = "mixed size"
    UNPLACED = "no position"
    REFERENCE = "frames of reference"
    PATIENT = "another patient"
    PIXELS = "no pixel data"


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing the reader must know about a stack.

    Attributes
    ----------
    kind : FaultKind
    sentence : str
        For the screen: ``"gap after image 12: 3 images missing"``.
    images : tuple of int
        The images it is about, counted from 1 in the order of the stack.
    """

    kind: FaultKind
    sentence: str
    images: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class StackFrame:
    """One image of a stack.

    Attributes
    ----------
    sop_instance_uid : SOPInstanceUID
    number : int
        Frame of that instance, counted from 1.
    position_mm : float or None
        Along the normal of the stack; None without geometry.
    """

    sop_instance_uid: SOPInstanceUID
    number: int = 1
    position_mm: float | None = None


@dataclass(frozen=True, slots=True)
class Stack:
    """Images that belong together and lie in order.

    Attributes
    ----------
    series_uid : SeriesUID
    index : int
        Which stack of its series, counted from 0.
    frames : tuple of StackFrame
        Sorted by position along the normal, then by instance and frame number.
    label : str
        What sets it apart from the other stacks of the series (``"echo 2"``);
        empty for an only stack.
    localizer : bool
    faults : tuple of Fault
    """

    series_uid: SeriesUID
    index: int
    frames: tuple[StackFrame, ...]
    label: str = ""
    localizer: bool = False
    faults: tuple[Fault, ...] = ()

    @property
    def id(self) -> str:
        """Stable name of the stack inside its study."""
        return f"{self.series_uid}#{self.index}"
