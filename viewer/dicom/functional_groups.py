"""The functional groups of an enhanced multi-frame object; PS3.3 C.7.6.16.

What differs from frame to frame stands in one item for each, what they share in
another; whoever asks for a group gets the frame's own or the shared one.
"""

from dataclasses import dataclass, field

from viewer.dicom import tag as tags
from viewer.dicom.attributes import Attributes


@dataclass(frozen=True, slots=True)
class FunctionalGroups:
    """Shared and per-frame groups of one object.

    Attributes
    ----------
    per_frame : tuple of Attributes
        One for each frame; empty for other objects.
    shared : Attributes or None
    """

    per_frame: tuple[Attributes, ...]
    shared: Attributes | None
    _shared_groups: dict[int, Attributes | None] = field(default_factory=dict)

    @classmethod
    def from_data_set(cls, data_set: Attributes) -> "FunctionalGroups":
        """The groups of a data set; falsy if it has none."""
        return cls(
            data_set.items(tags.PER_FRAME_FUNCTIONAL_GROUPS),
            data_set.first(tags.SHARED_FUNCTIONAL_GROUPS),
        )

    def __bool__(self) -> bool:
        """Whether the object has functional groups."""
        return bool(self.per_frame) or self.shared is not None

    def group(self, number: int, tag: int) -> Attributes | None:
        """The item of group `tag` for frame `number`, counted from 1."""
        own = self.own(number, tag)
        if own is not None or self.shared is None:
            return own
        if tag not in self._shared_groups:
            self._shared_groups[tag] = self.shared.first(tag)
        return self._shared_groups[tag]

    def items(self, number: int, tag: int) -> tuple[Attributes, ...]:
        """Every item of sequence `tag` for frame `number`, own or shared."""
        if number <= len(self.per_frame):
            own = self.per_frame[number - 1].items(tag)
            if own:
                return own
        return self.shared.items(tag) if self.shared is not None else ()

    def own(self, number: int, tag: int) -> Attributes | None:
        """The item of group `tag` that frame `number` has for itself."""
        if number > len(self.per_frame):
            return None
        return self.per_frame[number - 1].first(tag)

    def numbers(self, number: int, group: int, tag: int) -> tuple[float | None, ...]:
        """Numbers of attribute `tag` in a group of frame `number`."""
        item = self.group(number, group)
        return item.numbers(tag) if item is not None else ()

    def number(self, number: int, group: int, tag: int) -> float | None:
        """First number of attribute `tag` in a group of frame `number`."""
        return next(iter(self.numbers(number, group, tag)), None)
