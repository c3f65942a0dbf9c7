"""The few attributes that name what is to be fetched; PS3.4 C.4.2.1.4, C.4.3.1.3."""

import struct
from collections.abc import Sequence

from viewer.network.associations import IMPLICIT_LITTLE
from viewer.network.ways import Portion

MOST_NAMED = 64
"""Instances in one request: peers look each of them up."""


def identifier(portion: Portion, syntax_uid: str) -> bytes:
    """The data set of a request for `portion`, in little endian of either kind."""
    elements: list[tuple[int, int, str, list[str]]] = [
        (0x0008, 0x0052, "CS", ["SERIES" if portion.whole else "IMAGE"]),
        (0x0020, 0x000D, "UI", [portion.study_uid]),
        (0x0020, 0x000E, "UI", [portion.series_uid]),
    ]
    if not portion.whole:
        uids = [one.sop_instance_uid for one in portion.instances]
        elements.insert(0, (0x0008, 0x0018, "UI", list(uids)))
    explicit = syntax_uid != IMPLICIT_LITTLE
    return b"".join(
        _element(group, element, vr if explicit else "", values)
        for group, element, vr, values in elements
    )


def _element(group: int, element: int, vr: str, values: Sequence[str]) -> bytes:
    raw = "\\".join(values).encode("ascii")
    raw += (b"\0" if group == 0x0020 or element == 0x0018 else b" ") * (len(raw) % 2)
    if vr:
        head = struct.pack("<HH2sH", group, element, vr.encode(), len(raw))
    else:
        head = struct.pack("<HHI", group, element, len(raw))
    return head + raw
