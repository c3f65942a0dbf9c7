"""The stacks of the open studies, with everything about their images at hand."""

from collections.abc import Iterator, Sequence
from functools import cached_property

from viewer.core.facts import ImageFacts
from viewer.core.grayscale import GrayscaleDisplay
from viewer.core.image import Frame, Image
from viewer.core.listing import StudySummary
from viewer.core.opened import OpenSeries, OpenStudy
from viewer.core.patient_key import patient_key
from viewer.core.records import PatientRecord, StoredInstance, StudyRecord
from viewer.core.reference_lines import PlacedImage
from viewer.core.stacks import Stack
from viewer.core.synchronising import StackPlanes
from viewer.core.windowing import takes_window


class ReadingStack:
    """One stack of an open study; images count from 0 as the wheel goes.

    Attributes
    ----------
    id : str
        Unique among the open stacks.
    study : OpenStudy
    series : OpenSeries
    stack : Stack
    """

    def __init__(
        self, name: str, study: OpenStudy, series: OpenSeries, stack: Stack
    ) -> None:
        self.id, self.study, self.series, self.stack = name, study, series, stack

    @property
    def count(self) -> int:
        """Images of the stack."""
        return len(self.stack.frames)

    def stored(self, image: int) -> StoredInstance:
        """The instance that holds an image."""
        return self._instances[self.stack.frames[image].sop_instance_uid]

    def image(self, image: int) -> Image:
        """What the file says about the pixels of an image."""
        found = self.stored(image).instance.image
        if found is None:
            raise ValueError("a stack holds only images")
        return found

    def number(self, image: int) -> int:
        """The image's frame in its file, counted from 1."""
        return self.stack.frames[image].number

    def display(self, image: int) -> GrayscaleDisplay:
        """How the file wants an image turned into grey."""
        return self.image(image).display(self.number(image))

    def frame(self, image: int) -> Frame:
        """Where an image lies and what it measures."""
        return self.image(image).frame(self.number(image))

    def facts(self, image: int) -> ImageFacts:
        """What the corners say of an image."""
        return ImageFacts.of_study(
            self.study.summary,
            self.series.record,
            self.stored(image).instance,
            self.number(image),
        )

    def why_unavailable(self, image: int) -> str:
        """Why an image cannot be shown at all; empty if it can be tried."""
        uid = self.stack.frames[image].sop_instance_uid
        return self.series.unavailable.get(uid, "")

    def placed(self, image: int) -> PlacedImage | None:
        """An image in the patient; None without geometry."""
        plane, pixels = self.frame(image).plane, self.image(image).pixels
        return PlacedImage(plane, pixels.columns, pixels.rows) if plane else None

    def meets(self, other: "ReadingStack") -> bool:
        """Whether positions in both mean the same place of the same patient."""
        mine, theirs = self.frame_of_reference, other.frame_of_reference
        same_patient = self.patient == other.patient
        return bool(mine) and mine == theirs and same_patient

    @property
    def frame_of_reference(self) -> str:
        """UID within which its positions mean something; a series may have several."""
        own = self.stored(0).instance.frame_of_reference_uid
        return own or self.series.record.frame_of_reference_uid

    @property
    def modality(self) -> str:
        """Modality of its series."""
        return self.series.record.modality

    @property
    def has_window(self) -> bool:
        """Whether its grey values can be windowed; colours are shown as they are."""
        return takes_window(self.image(0))

    @cached_property
    def patient(self) -> tuple[str, ...]:
        """Who is in the picture."""
        return patient_of(self.study.summary)

    @cached_property
    def planes(self) -> StackPlanes | None:
        """All planes, to search by position; None if one of them is not known."""
        planes = [self.frame(image).plane for image in range(self.count)]
        known = [plane for plane in planes if plane is not None]
        return StackPlanes(known) if len(known) == len(planes) else None

    @cached_property
    def _instances(self) -> dict[str, StoredInstance]:
        return {s.instance.sop_instance_uid: s for s in self.series.instances}


def patient_of(summary: StudySummary) -> tuple[str, ...]:
    """Whose study it is; the same for every study of one patient."""
    patient = PatientRecord(
        summary.patient_name,
        summary.patient_id,
        summary.issuer,
        summary.patient_birth_date,
    )
    study = StudyRecord(summary.study_uid, institution=summary.institution)
    return patient_key(patient, study)


class ReadingStacks:
    """All stacks of the open studies, in the order of the strip."""

    def __init__(self, studies: Sequence[OpenStudy] = ()) -> None:
        self.studies = tuple(studies)
        self._stacks: dict[str, ReadingStack] = {}
        for study in studies:
            for series in study.series:
                for stack in series.stacks:
                    name = self._free(stack.id)
                    self._stacks[name] = ReadingStack(name, study, series, stack)

    def __iter__(self) -> Iterator[ReadingStack]:
        return iter(self._stacks.values())

    def __getitem__(self, stack_id: str) -> ReadingStack:
        return self._stacks[stack_id]

    def get(self, stack_id: str) -> ReadingStack | None:
        """The stack, or None for an empty place."""
        return self._stacks.get(stack_id)

    @property
    def why_empty(self) -> str:
        """Why there is nothing to show; empty if there is, or if nothing is open."""
        if self._stacks:
            return ""
        series = (one for study in self.studies for one in study.series)
        return next((one.why_empty for one in series), "")

    def neighbour(self, here: ReadingStack, steps: int) -> ReadingStack | None:
        """The stack `steps` further in the list of its study; None at the ends."""
        row = [stack for stack in self if stack.study is here.study]
        there = row.index(here) + steps
        return row[there] if 0 <= there < len(row) else None

    def place_of(self, uid: str, number: int) -> tuple[ReadingStack, int] | None:
        """The stack that shows a frame, and which of its images that is."""
        return self._places.get((uid, number))

    @cached_property
    def _places(self) -> dict[tuple[str, int], tuple[ReadingStack, int]]:
        return {
            (frame.sop_instance_uid, frame.number): (stack, image)
            for stack in self
            for image, frame in enumerate(stack.stack.frames)
        }

    def _free(self, name: str) -> str:
        """Files without UIDs open too, and would all have the same name."""
        names = (name, *(f"{name}~{n}" for n in range(2, len(self._stacks) + 3)))
        return next(free for free in names if free not in self._stacks)
