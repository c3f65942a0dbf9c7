"""The door for decoders: which one serves a transfer syntax, and what is missing."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, partial
from importlib.util import find_spec

import numpy as np
import numpy.typing as npt

from viewer.core.errors import PixelError
from viewer.core.image import PixelFormat
from viewer.dicom.codecs import (
    deflated,
    jpeg,
    jpeg_2000,
    jpeg_ls,
    jpeg_xl,
    native,
    run_length,
)
from viewer.dicom.codecs.syntaxes import SYNTAXES, Coding, transfer_syntax

Samples = npt.NDArray[np.generic]


@dataclass(frozen=True, slots=True)
class Decoder:
    """One way to decode a frame.

    Attributes
    ----------
    name : str
        For people: the library that does the work.
    distribution : str
        What has to be installed, empty if the program itself does it.
    module : str
        What is imported.
    decode : callable
        ``(encoded, pixels) → samples (rows, columns[, samples])``, of any integer
        type that holds them; raises whatever its library raises.
    decode_into : callable, optional
        ``(encoded, pixels, room) → samples``, which lie in `room` if they are of its
        type, and anywhere otherwise.
    """

    name: str
    distribution: str
    module: str
    decode: Callable[[bytes, PixelFormat], Samples]
    decode_into: Callable[[bytes, PixelFormat, Samples], Samples] | None = None

    @property
    def installed(self) -> bool:
        """Whether its library is there; nothing is imported."""
        return not self.module or is_there(self.module)

    @property
    def version(self) -> str:
        """Name and version for people."""
        if not self.distribution:
            return self.name
        from importlib import metadata  # noqa: PLC0415 - 2 MB of each worker

        return (
            f"{self.distribution} {metadata.version(self.distribution)} ({self.name})"
        )


@cache  # looking takes as long as decoding a small frame
def is_there(module: str) -> bool:
    """Whether a module could be imported, as it was when that was first asked."""
    return find_spec(module) is not None


@dataclass(frozen=True, slots=True)
class SyntaxSupport:
    """What `doctor` says of one transfer syntax.

    Attributes
    ----------
    uid, name : str
    decoder : str
        Who decodes it, with version; empty if nobody.
    missing : str
        What would be needed; empty if it is decoded.
    """

    uid: str
    name: str
    decoder: str
    missing: str


def _ours(name: str, decode: Callable[[bytes, PixelFormat], Samples]) -> Decoder:
    return Decoder(name, "", "", decode)


def _imagecodecs(
    name: str,
    decode: Callable[[bytes, PixelFormat], Samples],
    decode_into: Callable[[bytes, PixelFormat, Samples], Samples] | None = None,
) -> Decoder:
    return Decoder(name, "imagecodecs", "imagecodecs", decode, decode_into)


_OPENJPEG = Decoder(
    "OpenJPEG", "pylibjpeg-openjpeg", "openjpeg", jpeg_2000.decode_with_pylibjpeg
)

# In the order they are asked; the next one serves what the one before cannot do.
DECODERS: dict[Coding, tuple[Decoder, ...]] = {
    Coding.NATIVE: (_ours("built in", native.decode),),
    Coding.DEFLATED_SET: (_ours("built in", native.decode),),
    Coding.ENCAPSULATED: (_ours("built in", native.decode),),
    Coding.DEFLATED_FRAME: (_ours("built in", deflated.decode),),
    Coding.RLE: (_imagecodecs("PackBits", run_length.decode, run_length.decode),),
    Coding.JPEG: (
        _imagecodecs("libjpeg-turbo", jpeg.decode, jpeg.decode),
        _imagecodecs("libjpeg-turbo", jpeg.decode_unended),
    ),
    Coding.JPEG_LOSSLESS: (
        _imagecodecs("libjpeg-turbo", jpeg.decode, jpeg.decode),
        _imagecodecs("libjpeg-turbo", jpeg.decode_unended),
    ),
    Coding.JPEG_LS: (
        _imagecodecs("CharLS", jpeg_ls.decode, jpeg_ls.decode),
        Decoder("CharLS", "pyjpegls", "jpeg_ls", jpeg_ls.decode_with_pyjpegls),
    ),
    Coding.JPEG_2000: (
        _imagecodecs("OpenJPEG", jpeg_2000.decode, jpeg_2000.decode),
        _OPENJPEG,
    ),
    Coding.HTJ2K: (
        _imagecodecs(
            "OpenJPH",
            jpeg_2000.decode_high_throughput,
            jpeg_2000.decode_high_throughput,
        ),
        _OPENJPEG,
    ),
    Coding.JPEG_XL: (_imagecodecs("libjxl", jpeg_xl.decode),),
    Coding.JPEG_XL_RECOMPRESSED: (
        _imagecodecs("libjxl and libjpeg-turbo", jpeg_xl.decode_recompressed),
        _imagecodecs("libjxl", jpeg_xl.decode),
    ),
}

LAYERED = frozenset({Coding.HTJ2K})
"""Codings that hold smaller pictures, and whose decoder here brings them alone."""

REFUSED: dict[Coding, str] = {
    Coding.JPEG_ARITHMETIC: "Arithmetic-coded JPEG is decoded by no library here.",
    Coding.JPEG_HIERARCHICAL: "Hierarchical JPEG is decoded by no library here.",
    Coding.JPIP: "The pixels are not in the file but on a JPIP server.",
    Coding.VIDEO: "The image is a video, which this version does not play.",
}


def decoders_for(uid: str) -> tuple[Decoder, ...]:
    """The installed decoders of a transfer syntax, in the order they are asked.

    Raises
    ------
    PixelError
        If there is none, saying why.
    """
    coding = transfer_syntax(uid).coding
    if coding in REFUSED:
        raise PixelError(REFUSED[coding])
    known = DECODERS[coding]
    installed = tuple(decoder for decoder in known if decoder.installed)
    if not installed:
        raise PixelError(
            f"The decoder for {transfer_syntax(uid).name} is not installed.",
            hint=f"Install {known[0].distribution}.",
        )
    return installed


def smaller_decoder(uid: str, steps: int) -> Decoder:
    """The decoder of a frame halved `steps` times, where the coding holds that.

    Raises
    ------
    PixelError
        If it does not.
    """
    if transfer_syntax(uid).coding not in LAYERED:
        raise PixelError("The coding holds no smaller picture.")
    return _imagecodecs("OpenJPH", partial(jpeg_2000.decode_smaller, steps=steps))


def decoder_for(uid: str) -> Decoder:
    """The decoder that is asked first; see `decoders_for`."""
    return decoders_for(uid)[0]


def describe() -> tuple[SyntaxSupport, ...]:
    """Every transfer syntax with its decoder, or with what is missing."""
    rows = []
    for uid, syntax in SYNTAXES.items():
        try:
            rows.append(SyntaxSupport(uid, syntax.name, decoder_for(uid).version, ""))
        except PixelError as reason:
            missing = f"{reason.message} {reason.hint}".strip()
            rows.append(SyntaxSupport(uid, syntax.name, "", missing))
    return tuple(rows)
