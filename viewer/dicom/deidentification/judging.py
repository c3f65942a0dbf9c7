"""What is suspected of an image, remembered for others that say the same of themselves.

Whoever judges is watched while it asks for attributes. Its answer holds for every file
that has all it asked for in the same bytes.
"""

from collections import deque
from typing import Any, Final, NamedTuple

from pydicom.dataset import Dataset
from pydicom.tag import Tag
from typing_extensions import override

from viewer.core.faces import FaceRisk
from viewer.core.suspicion import Suspicion
from viewer.dicom.deidentification.encoding_out import encoded
from viewer.dicom.deidentification.suspicion import shows_face, why_looked_at
from viewer.dicom.deidentification.tree import Item, base, copy_of, entries, entry_of

Judgement = tuple[Suspicion | None, FaceRisk]
"""Why it must be looked at, and whether it can show a face."""

_REMEMBERED: Final = 8


class _Watched(Dataset):
    """Notes which attributes are asked for."""

    def __init__(self, item: Item) -> None:
        super().__init__({base(int(one.tag)): one for one in entries(item)})
        self.__dict__["asked"] = set()

    @override
    def __contains__(self, name: Any) -> bool:
        self.asked.add(int(Tag(name)))
        return super().__contains__(name)

    @override
    def __getitem__(self, key: Any) -> Any:
        self.asked.add(int(Tag(key)))
        return super().__getitem__(key)


class _Precedent(NamedTuple):
    said: dict[int, bytes]
    judgement: Judgement


_precedents: deque[_Precedent] = deque(maxlen=_REMEMBERED)


def judged(data_set: Item) -> Judgement:
    """What has to be said of an object with pixels."""
    for precedent in _precedents:
        if all(_said(data_set, tag) == raw for tag, raw in precedent.said.items()):
            return precedent.judgement
    watched = _Watched(copy_of(data_set))
    judgement = why_looked_at(watched, has_pixels=True), shows_face(watched)
    said = {tag: _said(data_set, tag) for tag in watched.asked}
    _precedents.appendleft(_Precedent(said, judgement))
    return judgement


def _said(data_set: Item, tag: int) -> bytes:
    """An attribute as it would be written; empty if it is not there."""
    element = entry_of(data_set, tag)
    return b"" if element is None else encoded([element])
