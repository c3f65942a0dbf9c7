"""Frames coded anew without loss, in the coding they came in as far as that goes."""

from collections.abc import Callable
from typing import Final

import numpy as np
import numpy.typing as npt

from viewer.core.errors import PixelError
from viewer.core.image import PixelFormat
from viewer.dicom.codecs.syntaxes import Coding, transfer_syntax
from viewer.dicom.deidentification import (
    jpeg_2000_streams,
    jpeg_streams,
    run_length_streams,
)

Samples = npt.NDArray[np.generic]

_ROOT: Final = "1.2.840.10008.1.2"
_SYNTAXES: Final = {
    Coding.JPEG_LOSSLESS: ".4.70",
    Coding.JPEG_LS: ".4.80",
    Coding.JPEG_2000: ".4.90",
    Coding.HTJ2K: ".4.201",
    Coding.JPEG_XL: ".4.110",
    Coding.RLE: ".5",
    Coding.DEFLATED_FRAME: ".8.1",
    Coding.ENCAPSULATED: ".1.98",
}
_MULTI_COMPONENT: Final = {"YBR_RCT", "YBR_ICT"}


class NoCoderError(PixelError):
    """The coding has no room for such samples."""


def lossless_uid(pixels: PixelFormat) -> str:
    """The transfer syntax without loss that is nearest to an image's own; or empty."""
    stated = transfer_syntax(pixels.transfer_syntax_uid)
    if stated.coding is Coding.JPEG_LOSSLESS:
        return stated.uid  # what we write is Process 14 as well
    ending = _SYNTAXES.get(stated.coding)
    return _ROOT + ending if ending else ""


def photometric(pixels: PixelFormat, decoded: str) -> str:
    """What a frame coded anew says of its colours, `decoded` being what they are."""
    coding = transfer_syntax(pixels.transfer_syntax_uid).coding
    if coding is Coding.JPEG_2000 and pixels.photometric in _MULTI_COMPONENT:
        return "YBR_RCT"
    return decoded


def encoded(cells: Samples, pixels: PixelFormat) -> bytes:
    """One frame in `lossless_uid`.

    Parameters
    ----------
    cells : ndarray, shape (rows, columns) or (rows, columns, samples)
        Stored values; whole cells where the coding keeps these.
    pixels : PixelFormat

    Raises
    ------
    NoCoderError
    """
    coding = transfer_syntax(pixels.transfer_syntax_uid).coding
    encode = _ENCODERS.get(coding)
    if encode is None:
        raise NoCoderError("Nothing here writes this coding.")
    try:
        return encode(np.ascontiguousarray(cells), pixels)
    except (ValueError, RuntimeError, TypeError) as error:
        raise NoCoderError("The image cannot be coded again without loss.") from error


def _jpeg_lossless(cells: Samples, pixels: PixelFormat) -> bytes:
    from imagecodecs import jpeg8_encode  # noqa: PLC0415 - slow to import

    colours = "RGB" if pixels.samples == 3 else None
    coded = jpeg8_encode(
        _without_sign(cells, pixels),
        lossless=True,
        predictor=1,
        bitspersample=max(pixels.bits_stored, 2),
        colorspace=colours,
        outcolorspace=colours,
    )
    return jpeg_streams.cleaned(bytes(coded))


def _jpeg_ls(cells: Samples, pixels: PixelFormat) -> bytes:
    from jpeg_ls import encode_pixel_data  # noqa: PLC0415 - slow to import

    coded = encode_pixel_data(
        _without_sign(cells, pixels).tobytes(),
        rows=pixels.rows,
        columns=pixels.columns,
        samples_per_pixel=pixels.samples,
        bits_stored=max(pixels.bits_stored, 2),
        planar_configuration=0,
    )
    return jpeg_streams.cleaned(bytes(coded))


def _jpeg_2000(cells: Samples, pixels: PixelFormat) -> bytes:
    from imagecodecs import jpeg2k_encode  # noqa: PLC0415 - slow to import

    coded = jpeg2k_encode(
        cells,
        codecformat="j2k",
        level=0,
        reversible=True,
        bitspersample=pixels.bits_stored,
        mct=pixels.photometric in _MULTI_COMPONENT,
    )
    return jpeg_2000_streams.cleaned(bytes(coded))


def _high_throughput(cells: Samples, _pixels: PixelFormat) -> bytes:
    from imagecodecs import htj2k_encode  # noqa: PLC0415 - slow to import

    coded = htj2k_encode(cells, reversible=True, rgb=False)
    return jpeg_2000_streams.cleaned(bytes(coded))


def _jpeg_xl(cells: Samples, pixels: PixelFormat) -> bytes:
    from imagecodecs import jpegxl_encode  # noqa: PLC0415 - slow to import

    cells = _without_sign(cells, pixels)
    return bytes(jpegxl_encode(cells, lossless=True, usecontainer=False))


def _run_length(cells: Samples, pixels: PixelFormat) -> bytes:
    if pixels.bits_allocated == 1:
        return run_length_streams.encoded_bits(cells)
    return run_length_streams.encoded(cells)


def _deflated(cells: Samples, pixels: PixelFormat) -> bytes:
    from zlib import Z_BEST_COMPRESSION, compressobj  # noqa: PLC0415 - rare

    deflate = compressobj(Z_BEST_COMPRESSION, wbits=-15)
    return deflate.compress(_plain(cells, pixels)) + deflate.flush()


def _plain(cells: Samples, pixels: PixelFormat) -> bytes:
    if pixels.bits_allocated == 1:
        return np.packbits(cells != 0, bitorder="little").tobytes()
    if pixels.planar and cells.ndim == 3:
        cells = cells.transpose(2, 0, 1)
    return cells.astype(cells.dtype.newbyteorder("<"), copy=False).tobytes()


def _without_sign(cells: Samples, pixels: PixelFormat) -> Samples:
    """The same bits, in cells no wider than codecs without a sign want them."""
    unsigned = cells.view(f"u{cells.dtype.itemsize}")
    masked: Samples = unsigned & unsigned.dtype.type((1 << pixels.bits_stored) - 1)
    return masked.astype(np.uint8) if pixels.bits_stored <= 8 else masked


_ENCODERS: Final[dict[Coding, Callable[[Samples, PixelFormat], bytes]]] = {
    Coding.JPEG_LOSSLESS: _jpeg_lossless,
    Coding.JPEG_LS: _jpeg_ls,
    Coding.JPEG_2000: _jpeg_2000,
    Coding.HTJ2K: _high_throughput,
    Coding.JPEG_XL: _jpeg_xl,
    Coding.RLE: _run_length,
    Coding.DEFLATED_FRAME: _deflated,
    Coding.ENCAPSULATED: _plain,
}
