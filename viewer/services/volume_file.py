"""A NIfTI file of one volume: numbers and where they lie, and nothing of whose it is.

Voxels keep the order of the DICOM files; the affine says where each lies. NIfTI counts
millimetres towards the right's opposite and the front, so x and y change their sign.
"""

import gzip
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Protocol

import nibabel
import numpy as np
import numpy.typing as npt

from viewer.core.geometry import FloatArray
from viewer.core.grayscale import GrayscaleDisplay, Rescale
from viewer.core.modality import modality_values
from viewer.core.volume import Volume

ENDING: Final = ".nii.gz"
LONGEST_SIDE: Final = 32_767  # dim is a short

_LEVEL: Final = 4  # of gzip: more takes long and saves little
_SCANNER: Final = 1  # NIFTI_XFORM_SCANNER_ANAT
_TURN_MM: Final = 0.1  # how far a turn without shear may be off anywhere
_RAS: Final = np.diag([-1.0, -1.0, 1.0, 1.0])


class Sink(Protocol):
    """Takes slices one after the other."""

    def __call__(
        self, stored: npt.NDArray[np.generic], display: GrayscaleDisplay
    ) -> None:
        """Write the next slice, ``(rows, columns)`` of stored values."""


@dataclass(frozen=True, slots=True)
class VoxelCoding:
    """How values are written.

    Attributes
    ----------
    dtype : numpy.dtype
        Of a voxel.
    rescale : Rescale or None
        Makes modality values of what is written; None if those are written.
    """

    dtype: np.dtype[Any]
    rescale: Rescale | None

    @classmethod
    def of(
        cls,
        stored: Sequence[tuple[np.dtype[Any], int]],
        displays: Sequence[GrayscaleDisplay],
    ) -> "VoxelCoding":
        """What loses nothing: stored values where one rescale holds for all slices.

        Parameters
        ----------
        stored : sequence of tuple
            Type of the stored values and how many bits of it count, for each slice.
        displays : sequence of GrayscaleDisplay
            Of each slice.
        """
        rescales = {(one.rescale.slope, one.rescale.intercept) for one in displays}
        is_linear = all(one.modality_lut is None for one in displays)
        whole = _whole(stored)
        if is_linear and whole and len(rescales) == 1 and _holds(*rescales):
            return cls(whole, displays[0].rescale)
        is_wide = any(kind.itemsize > 2 and kind != np.float32 for kind, _ in stored)
        exact = np.float64 if is_wide or not _holds(*rescales) else np.float32
        return cls(np.dtype(exact), None)

    def written(
        self, stored: npt.NDArray[np.generic], display: GrayscaleDisplay
    ) -> npt.NDArray[np.generic]:
        """What is written of a slice."""
        if self.rescale is None:
            stored = modality_values(stored, display)
        return stored.astype(self.dtype)


def affine_of(volume: Volume) -> FloatArray:
    """The way from ``(column, row, slice, 1)`` to ``(x, y, z, 1)`` in RAS mm."""
    turned: FloatArray = _RAS @ volume.affine
    return turned


@contextmanager
def nifti_file(path: Path, volume: Volume, coding: VoxelCoding) -> Iterator[Sink]:
    """A file that takes the slices of a volume in their order."""
    header = _header(volume, coding)
    with (
        path.open("xb") as raw,
        # neither a name nor a time in the member's header
        gzip.GzipFile("", "wb", _LEVEL, raw, mtime=0) as out,
    ):
        header.write_to(out)

        def take(stored: npt.NDArray[np.generic], display: GrayscaleDisplay) -> None:
            out.write(coding.written(stored, display).tobytes())

        yield take


def _whole(stored: Iterable[tuple[np.dtype[Any], int]]) -> np.dtype[Any] | None:
    """The narrowest whole kind that NIfTI readers know, from 16 bits on."""
    kinds = set()
    for kind, bits in stored:
        if kind.kind not in "iu":
            return None
        fits = bits < 8 * kind.itemsize or kind.kind == "i" or kind.itemsize == 1
        signed = np.dtype(f"<i{max(kind.itemsize, 2)}")
        kinds.add(signed if fits else kind.newbyteorder("<"))
    return kinds.pop() if len(kinds) == 1 else None


def _holds(*rescales: tuple[float, float]) -> bool:
    """Whether single precision, which a header has, can hold them."""
    for slope, intercept in rescales:
        if not 1e-30 < abs(slope) < 1e30 or abs(intercept) > 1e30:
            return False
    return True


def _header(volume: Volume, coding: VoxelCoding) -> nibabel.Nifti1Header:
    header = nibabel.Nifti1Header(endianness="<")
    header.set_data_shape(volume.shape)
    header.set_data_dtype(coding.dtype)
    header.set_zooms(volume.spacing_mm)
    header.set_xyzt_units("mm")
    rescale = coding.rescale or Rescale()
    header.set_slope_inter(rescale.slope, rescale.intercept)
    affine = affine_of(volume)
    header.set_sform(affine, _SCANNER)
    header.set_qform(affine, _SCANNER, strip_shears=True)
    corners = np.array(
        [[x, y, z, 1] for x in (0, 1) for y in (0, 1) for z in (0, 1)]
    ) * [*(side - 1 for side in volume.shape), 1]
    beside = corners @ (header.get_qform() - affine).T
    if np.abs(beside).max() > _TURN_MM:  # slices that lean have no turn: sform alone
        header.set_qform(None, 0)
    return header
