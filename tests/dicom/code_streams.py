"""Code streams for tests: samples to encode, and streams no encoder would write."""

import struct

import numpy as np
import numpy.typing as npt

from viewer.core.image import PixelFormat

ROOT = "1.2.840.10008.1.2"
ROWS, COLUMNS = 37, 53


def slope(
    bits: int, *, signed: bool = False, samples: int = 1
) -> npt.NDArray[np.generic]:
    """A wavy picture that uses the whole range of `bits` bits, in 8 or 16."""
    row, column = np.mgrid[:ROWS, :COLUMNS]
    highest = (1 << bits) - 1
    noise = np.random.default_rng(bits).integers(-3, 4, (ROWS, COLUMNS))
    wave = (np.sin(column / 9) + np.cos(row / 7) + 2) / 4 * highest
    values = np.clip(wave.astype(np.int64) + noise, 0, highest)
    values.flat[0], values.flat[1] = 0, highest
    if samples > 1:
        shifted = [np.roll(values, 3 * n, axis=0) for n in range(samples)]
        values = np.stack(shifted, axis=-1)
    if signed:
        values -= 1 << (bits - 1)
    kind = np.dtype(f"{'i' if signed else 'u'}{1 if bits <= 8 else 2}")
    return np.asarray(values, dtype=kind)


def pixel_format(
    values: npt.NDArray[np.generic],
    syntax: str,
    bits: int,
    photometric: str = "MONOCHROME2",
) -> PixelFormat:
    """What a file with these samples says of them; `syntax` without its root."""
    return PixelFormat(
        ROOT + syntax,
        values.shape[0],
        values.shape[1],
        samples=values.shape[2] if values.ndim == 3 else 1,
        photometric=photometric,
        bits_allocated=8 * values.dtype.itemsize,
        bits_stored=bits,
        high_bit=bits - 1,
        signed=values.dtype.kind == "i",
    )


def without_sign(values: npt.NDArray[np.generic], bits: int) -> npt.NDArray[np.generic]:
    """The same bits as unsigned samples: what codecs without a sign are given."""
    mask = (1 << bits) - 1
    return (values.astype(np.int64) & mask).astype(f"u{values.dtype.itemsize}")


def hostile_jpeg_2000(
    rows: int, columns: int, *, tile: int = 0, coded: int = 2000
) -> bytes:
    """A few bytes that make a decoder keep books of millions of precincts of one pixel.

    Parameters
    ----------
    tile : int
        Side of a tile; 0 for one tile.
    coded : int
        Bytes of coded data, all zero: each one an empty packet.
    """
    side = tile or max(rows, columns)
    siz = struct.pack(">H8IH", 0, columns, rows, 0, 0, side, side, 0, 0, 1)
    siz += bytes([7, 1, 1])
    cod = bytes([1, 0, 0, 1, 0, 0, 4, 4, 0, 1, 0])
    qcd = bytes([0x40, 8 << 3])
    stream = b"\xff\x4f"
    for marker, body in ((b"\xff\x51", siz), (b"\xff\x52", cod), (b"\xff\x5c", qcd)):
        stream += marker + struct.pack(">H", len(body) + 2) + body
    stream += b"\xff\x90" + struct.pack(">HHIBB", 10, 0, 14 + coded, 0, 1)
    return stream + b"\xff\x93" + bytes(coded) + b"\xff\xd9"
