"""What a drawing measures: its values, what to beware of, and why these."""

from dataclasses import dataclass

from viewer.core.annotation import Annotation


@dataclass(frozen=True, slots=True)
class Quantity:
    """One value of a drawing.

    Attributes
    ----------
    name : str
        ``length``, ``angle``, ``area``, ``width``, ``height``, ``mean``, ``sd``,
        ``min``, ``max``, ``sum``, ``pixels``, ``left_out``, ``value``.
    value : float
    unit : str
        ``mm``, ``px``, ``mm²``, ``px²``, ``°``, the modality's unit, or empty.
    """

    name: str
    value: float
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Because:
    """One line of the answer to "Why this number?"."""

    about: str
    says: str


@dataclass(frozen=True, slots=True)
class Measurement:
    """What one drawing measures.

    Attributes
    ----------
    annotation : Annotation
    quantities : tuple of Quantity
        The most important first.
    caution : str
        The kind of the millimetres where they are not simply the patient's
        (``"detector plane"``), or why there are none; empty otherwise.
    because : tuple of Because
    colour : str
        What a probe found where there is no single value: ``"R 1 G 2 B 3"``,
        ``"padding"``, ``"unreadable"``.
    complete : bool
        False while the pixels it needs have not been read.
    """

    annotation: Annotation
    quantities: tuple[Quantity, ...]
    caution: str = ""
    because: tuple[Because, ...] = ()
    colour: str = ""
    complete: bool = True

    def quantity(self, name: str) -> Quantity | None:
        """The value of this name, if the drawing has it."""
        return next((one for one in self.quantities if one.name == name), None)
