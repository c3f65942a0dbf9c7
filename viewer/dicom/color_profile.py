"""The colours of an image as the screen shows them: ICC profiles; PS3.3 C.11.15.

The work is littleCMS's, through Pillow. An image's profile is first opened by whoever
reads the header, in a process that may die of it; only what came through that is kept.
"""

from io import BytesIO
from typing import Final

import numpy as np

from viewer.core.color_profile import RGB, ColorProfile, Convert, ScreenProfile
from viewer.core.image import PixelFormat
from viewer.dicom import tag as tags
from viewer.dicom.attributes import Attributes
from viewer.dicom.encoding import DEFLATED_UID, UNDEFINED

_BAD_PROFILE: Final = "a colour profile that cannot be read"
_LONGEST: Final = 8 << 20  # those of slide scanners have two megabytes
_LONGEST_HELD: Final = 1 << 20  # in the catalog, for a file that is deflated
_HEADER: Final = 128
_SCREENS: Final = frozenset([b"mntr", b"spac"])
"""Profile classes of displays and of spaces; ICC.1:2022 7.2.5."""
_NOTICED: Final = 1  # of 255: what rounding alone can do to sRGB


def to_profile(data_set: Attributes, pixels: PixelFormat) -> ColorProfile | None:
    """Where the profile of a colour image is; None if its colours are sRGB.

    Slides and eyes have one for each optical path (PS3.3 C.8.12.5); only if these
    agree is it told which holds.
    """
    if pixels.samples != 3 and pixels.photometric != "PALETTE COLOR":
        return None
    holders = (data_set, *data_set.items(tags.OPTICAL_PATH_SEQUENCE))
    found = [holder for holder in holders if tags.ICC_PROFILE in holder]
    if not found:
        return None
    profiles = {holder.raw(tags.ICC_PROFILE, _LONGEST + 1) for holder in found}
    if len(profiles) > 1:
        data_set.note("colour profiles that differ")
        return None
    profile = profiles.pop()
    element = found[0].elements[tags.ICC_PROFILE]
    if element.length == UNDEFINED or not _is_plausible(profile):
        data_set.note(_BAD_PROFILE)
        return None
    return _found(data_set, profile, element.offset, pixels)


def _found(
    data_set: Attributes, profile: bytes, offset: int, pixels: PixelFormat
) -> ColorProfile | None:
    convert = conversion(profile)
    if convert is None:
        data_set.note(_BAD_PROFILE)
        return None
    name = _name(profile)
    # The ICC's own "sRGB v4 preference" differs as a profile, but means this screen.
    if name.startswith("sRGB") or _changes_nothing(convert):
        return None
    if pixels.transfer_syntax_uid != DEFLATED_UID:
        return ColorProfile(offset, len(profile), name)
    if len(profile) > _LONGEST_HELD:
        data_set.note("a large colour profile in a deflated file")
        return None
    return ColorProfile(0, len(profile), name, profile)


def _is_plausible(profile: bytes) -> bool:
    """Whether it can be a profile of red, green and blue; ICC.1:2022 7.2."""
    stated = int.from_bytes(profile[:4], "big")
    return (
        _HEADER < len(profile) <= _LONGEST
        and _HEADER < stated <= len(profile)
        and profile[16:20] == b"RGB "
        and profile[36:40] == b"acsp"
    )


def to_screen_profile(profile: bytes) -> ScreenProfile | None:
    """A screen's profile, once it can be converted to; None if that is not so."""
    plausible = _is_plausible(profile) and profile[12:16] in _SCREENS
    if not plausible:
        return None
    convert = conversion(screen=profile)
    if convert is None:
        return None
    name = _name(profile) or "without a name"
    return ScreenProfile(b"" if _changes_nothing(convert) else profile, name)


def conversion(image: bytes = b"", screen: bytes = b"") -> Convert | None:
    """What turns colours of one profile into those of another.

    Relative to the white of both and otherwise as measured: the perceptual intent
    would change the colours of a slide or an eye to please.

    Parameters
    ----------
    image, screen : bytes
        ICC profiles; empty for sRGB.

    Returns
    -------
    callable or None
        None if one of them cannot be used.
    """
    from PIL import Image, ImageCms  # noqa: PLC0415 - only for images that have one

    try:
        source, target = (
            ImageCms.ImageCmsProfile(BytesIO(profile))
            if profile
            else ImageCms.createProfile("sRGB")
            for profile in (image, screen)
        )
        intent = ImageCms.Intent.RELATIVE_COLORIMETRIC
        transform = ImageCms.buildTransform(source, target, "RGB", "RGB", intent)
    except (ImageCms.PyCMSError, OSError, ValueError):
        return None

    def convert(rgb: RGB) -> RGB:
        picture = Image.fromarray(np.ascontiguousarray(rgb))
        converted = ImageCms.applyTransform(picture, transform)
        return rgb if converted is None else np.asarray(converted)

    return convert


def _changes_nothing(convert: Convert) -> bool:
    """Whether sRGB would look the same, tried all through the cube of colours."""
    steps = np.linspace(0, 255, 18).astype(np.uint8)
    cube = np.stack(np.meshgrid(steps, steps, steps), axis=-1).reshape(18, -1, 3)
    away = np.abs(convert(cube).astype(np.int16) - cube)
    return bool(away.max() <= _NOTICED)


def _name(profile: bytes) -> str:
    from PIL import ImageCms  # noqa: PLC0415 - as above

    try:
        opened = ImageCms.ImageCmsProfile(BytesIO(profile))
        return ImageCms.getProfileDescription(opened).strip()
    except (ImageCms.PyCMSError, OSError):
        return ""
