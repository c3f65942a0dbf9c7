"""What a worker process is asked where text is looked for; see `worker_messages`."""

import msgspec

from viewer.core.text_lines import Extent


class FindText(msgspec.Struct, tag=True, frozen=True):
    """Look for text in pictures of one size in shared memory; answered by `Texts`.

    Attributes
    ----------
    block : str
        Name of the shared memory: the pictures one after the other, row by row, each
        pixel 16 bits from black to white.
    pictures, rows, columns : int
    seconds : float
        For all of them; a worker that takes much longer ends itself.
    memory : int
        Bytes the worker may take beyond what it has.
    processor : float
        Seconds of computing; more end the worker.
    """

    block: str
    pictures: int
    rows: int
    columns: int
    seconds: float
    memory: int
    processor: float


class Texts(msgspec.Struct, tag=True, frozen=True):
    """Where something is written in any of the pictures."""

    extents: tuple[Extent, ...]
