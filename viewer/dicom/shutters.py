"""The display shutter of an image or of one of its frames; PS3.3 C.7.6.11, C.7.6.15."""

from viewer.core.cielab import Color, to_srgb
from viewer.core.shutter import Shutter
from viewer.dicom import tag as tags
from viewer.dicom.attributes import Attributes

_BAD_SHUTTER = "a shutter that cannot be read"
_WHITE = 0xFFFF


def to_shutter(item: Attributes) -> Shutter | None:
    """The shutter that a data set or a functional group describes; None for none."""
    if tags.SHUTTER_SHAPE not in item:
        return None
    shapes = {shape.upper() for shape in item.texts(tags.SHUTTER_SHAPE)}
    grey, color = _presented(item)
    shutter = Shutter(
        rectangle=_rectangle(item) if "RECTANGULAR" in shapes else None,
        circle=_circle(item) if "CIRCULAR" in shapes else None,
        polygon=_polygon(item) if "POLYGONAL" in shapes else (),
        overlay_group=_group(item) if "BITMAP" in shapes else None,
        grey=grey,
        color=color,
    )
    nothing = Shutter(grey=grey, color=color)
    return None if shutter == nothing else shutter


def _presented(item: Attributes) -> tuple[int, Color | None]:
    """The grey, and the colour if there is one, that stand for what is covered."""
    level = min(max(item.number(tags.SHUTTER_PRESENTATION_VALUE) or 0, 0), _WHITE)
    grey = (2 * 255 * int(level) + _WHITE) // (2 * _WHITE)
    lab = item.vector(tags.SHUTTER_PRESENTATION_COLOR, 3)
    if lab is None:
        return grey, None
    lightness, a, b = (int(min(max(value, 0), _WHITE)) for value in lab)
    red, green, blue = to_srgb((lightness, a, b))
    if red == green == blue:
        return red, None
    return grey, (red, green, blue)


def _rectangle(item: Attributes) -> tuple[int, int, int, int] | None:
    edges = [item.integer(tag) for tag in tags.SHUTTER_EDGES]
    left, right, upper, lower = edges
    if left is None or right is None or upper is None or lower is None:
        item.note(_BAD_SHUTTER)
        return None
    return left, right, upper, lower


def _circle(item: Attributes) -> tuple[int, int, int] | None:
    center = item.vector(tags.CENTER_OF_CIRCULAR_SHUTTER, 2)
    radius = item.integer(tags.RADIUS_OF_CIRCULAR_SHUTTER)
    if center is None or radius is None or radius < 0:
        item.note(_BAD_SHUTTER)
        return None
    return int(center[0]), int(center[1]), radius


def _polygon(item: Attributes) -> tuple[tuple[int, int], ...]:
    values = item.numbers(tags.VERTICES_OF_POLYGONAL_SHUTTER)
    known = [int(value) for value in values if value is not None]
    if len(known) < 6 or len(known) % 2 or len(known) != len(values):
        item.note(_BAD_SHUTTER)
        return ()
    return tuple(zip(known[::2], known[1::2], strict=True))


def _group(item: Attributes) -> int | None:
    group = item.integer(tags.SHUTTER_OVERLAY_GROUP)
    if group not in tags.OVERLAY_GROUPS:
        item.note(_BAD_SHUTTER)
        return None
    return group
