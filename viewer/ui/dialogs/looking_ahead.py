"""Look at the disk before an export begins, off the GUI thread."""

from collections.abc import Callable
from pathlib import Path

from viewer.commands.desk import Desk
from viewer.core.review import Reviews


def look_ahead(
    desk: Desk,
    place: str,
    project: str,
    done: Callable[[bool, Reviews], None],
    failed: Callable[[BaseException], None],
) -> None:
    """Tell `done` whether something lies in `place`, and what was reviewed before.

    An empty `place` or `project` is none.
    """

    def work() -> tuple[bool, Reviews]:
        taken = bool(place) and Path(place).exists()
        return taken, desk.reviews.of(project) if project else Reviews()

    desk.jobs.submit(work, lambda found: done(*found), failed)
