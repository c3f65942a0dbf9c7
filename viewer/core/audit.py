"""A line on something that was done, for whoever has to answer for it."""

from collections.abc import Mapping
from dataclasses import dataclass, field

Detail = str | int | float | bool | None | list[str]


@dataclass(frozen=True, slots=True)
class AuditLine:
    """One thing that was done; nothing in it tells of a patient.

    Attributes
    ----------
    action : str
        Such as ``verify``.
    outcome : str
        Such as ``proven``.
    details : mapping
        What programs can compare.
    happened : str
        UTC, ISO 8601; empty until it is written down.
    """

    action: str
    outcome: str
    details: Mapping[str, Detail] = field(default_factory=dict)
    happened: str = ""
