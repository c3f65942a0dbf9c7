"""What a hostile file is: one lie, told anew with every throw of the dice."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from random import Random

Content = bytes | Path
"""The bytes of a file, or what the user would name where one file is not enough."""


class Ending(Enum):
    """What the program must make of it."""

    REFUSED = "no header: a reason instead"
    NO_PICTURE = "a header, and a reason instead of each picture"
    TOLERATED = "a header that states what was odd, and perhaps a picture"
    SHOWN = "a picture: the lie changes nothing"
    ANSWERED = "a header or a reason, as the dice fall"
    SOURCES = "more than one file: what is good among them is read, the rest refused"


@dataclass(frozen=True, slots=True)
class Family:
    """Hostile files with one idea.

    Attributes
    ----------
    name : str
        As a sentence has it: "a file with …".
    ending : Ending
    build : callable
        Given an empty folder and the dice.
    """

    name: str
    ending: Ending
    build: Callable[[Path, Random], Content]

    def write(self, folder: Path, seed: int) -> Path:
        """Write one member of the family; what the user names to open it."""
        folder.mkdir(parents=True, exist_ok=True)
        content = self.build(folder, Random(seed))  # noqa: S311 - dice, no secret
        if isinstance(content, Path):
            return content
        path = folder / "hostile.dcm"
        path.write_bytes(content)
        return path


class Families:
    """The families of one file of this folder, in the order they are written."""

    def __init__(self) -> None:
        self._known: list[Family] = []

    def __iter__(self) -> Iterator[Family]:
        """Each family."""
        return iter(self._known)

    def file(
        self, name: str, ending: Ending
    ) -> Callable[[Callable[[Random], bytes]], Callable[[Random], bytes]]:
        """Keep a function that makes the bytes of one file."""

        def keep(build: Callable[[Random], bytes]) -> Callable[[Random], bytes]:
            self._known.append(Family(name, ending, lambda _, dice: build(dice)))
            return build

        return keep

    def folder(
        self, name: str
    ) -> Callable[[Callable[[Path, Random], Path]], Callable[[Path, Random], Path]]:
        """Keep a function that fills a folder and says what the user names."""

        def keep(
            build: Callable[[Path, Random], Path],
        ) -> Callable[[Path, Random], Path]:
            self._known.append(Family(name, Ending.SOURCES, build))
            return build

        return keep
