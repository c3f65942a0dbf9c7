"""How much is measured: enough to trust a figure, or just enough to run the code."""

from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True)
class Scale:
    """Sizes of what the benchmarks build.

    Attributes
    ----------
    rounds : int
        Counted runs of each race.
    files : int
        Files of an import.
    side : int
        Rows and columns of a CT slice.
    slices : int
        Slices of the CT series that is opened and scrolled.
    mammogram : tuple of int
        Rows and columns.
    studies : int
        Studies of the catalog that is searched.
    starts : int
        Counted starts of the whole program.
    volume : int
        Slices of a series that is brought into memory.
    volumes : int
        Counted runs of that.
    steps : int
        Notches and window steps whose slowest counts.
    clip : tuple of int
        Columns, rows and frames of a cine.
    answers : int
        Studies a peer answers to one question.
    """

    rounds: int
    files: int
    side: int
    slices: int
    mammogram: tuple[int, int]
    studies: int
    starts: int
    volume: int
    volumes: int
    steps: int
    clip: tuple[int, int, int]
    answers: int = 10_000


USUAL = Scale(
    15, 600, 512, 120, (4096, 3328), 100_000, 7, 600, 5, 300, (1024, 768, 200)
)
FULL = replace(USUAL, studies=1_000_000)
TINY = Scale(1, 3, 32, 3, (64, 48), 50, 1, 3, 1, 4, (64, 48, 4), 30)
