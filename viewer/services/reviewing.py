"""What was reviewed for each project, kept from one export to the next."""

import hashlib
from pathlib import Path

from viewer.core.review import Reviews
from viewer.services.places import prepare
from viewer.services.review_file import read_reviews, write_reviews


class KeptReviews:
    """The reviews of one data folder, a file for each project.

    Who looked at an image for one project has not looked for another: what has to go
    differs. The files hold UIDs and boxes, and are ours alone.
    """

    def __init__(self, data_dir: Path) -> None:
        self._folder = data_dir / "reviews"

    def of(self, project: str) -> Reviews:
        """What was reviewed for a project until now.

        Raises
        ------
        ViewerError
            If its file cannot be read or understood.
        """
        file = self._file(project)
        return read_reviews(file) if file.exists() else Reviews()

    def keep(self, project: str, reviews: Reviews) -> None:
        """Keep all that is said for a project, in the place of what was.

        Raises
        ------
        EnvironmentFailure
            If it cannot be written down.
        """
        prepare(self._folder)
        write_reviews(self._file(project), reviews)

    def _file(self, project: str) -> Path:
        """Named after the project, but by nothing an attacker could choose."""
        name = hashlib.sha256(
            project.casefold().encode("utf-8", "surrogatepass")
        ).hexdigest()[:32]
        return self._folder / f"{name}.json"
