"""Which image of one stack lies where an image of another one lies."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from viewer.core.geometry import ImagePlane

_PARALLEL = 0.94  # cosine, 20°: beyond it "the same position" means nothing

Points = npt.NDArray[np.float64]


class StackPlanes:
    """The planes of a stack, ready to be searched by position."""

    def __init__(self, planes: Sequence[ImagePlane]) -> None:
        self._origins: Points = np.array([plane.origin for plane in planes])
        self._normals: Points = np.array([plane.normal for plane in planes])

    def nearest(self, plane: ImagePlane, centre: tuple[float, float]) -> int | None:
        """Index of the image nearest to the `centre` of another image.

        Parameters
        ----------
        plane : ImagePlane
            Of the other image, in the same frame of reference.
        centre : tuple of float
            Of the other image, in its pixel coordinates ``(column, row)``.

        Returns
        -------
        int or None
            None if the images are not roughly parallel.
        """
        if abs(float(self._normals[0] @ np.asarray(plane.normal))) < _PARALLEL:
            return None
        point = plane.to_patient(np.array([centre]))[0]
        distances = ((point - self._origins) * self._normals).sum(axis=1)
        return int(np.abs(distances).argmin())
