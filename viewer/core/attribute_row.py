"""One line of a listing of everything a file says."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class AttributeRow:
    """One attribute, or one item of a sequence, as people read it.

    Attributes
    ----------
    depth : int
        0 at the top level, one more inside each sequence.
    tag : str
        ``(0010,0010)``.
    vr : str
        Value representation; empty for an item.
    name : str
        Its name in the standard, or what is known of a private one.
    value : str
        Several values with a backslash between them, shortened where it is long.
    keyword : str
        ``PatientName``; empty for private attributes and items.
    """

    depth: int
    tag: str
    vr: str
    name: str
    value: str
    keyword: str = ""
