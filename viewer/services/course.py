"""Which way a hand scrolls, and which image comes next on that way."""

from viewer.services.frame_on_show import Subject


class Course:
    """The course of one viewport through its stack."""

    def __init__(self) -> None:
        self._way = 0

    def note(self, before: Subject | None, after: Subject | None) -> None:
        """One image follows another; a new stack is no way yet."""
        if before is None or after is None or before.stack is not after.stack:
            self._way = 0
        elif before.image != after.image:
            self._way = 1 if after.image > before.image else -1

    def next_to(self, subject: Subject | None) -> Subject | None:
        """What comes after `subject`; None at the end, and for a hand that rests."""
        if subject is None or not self._way:
            return None
        image = subject.image + self._way
        return (
            Subject(subject.stack, image) if 0 <= image < subject.stack.count else None
        )
