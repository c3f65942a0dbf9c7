"""What the inspector says of an image, in words: size, spacing, place, coding."""

from viewer.core.calibration import main_spacing
from viewer.core.corners import plain
from viewer.core.facts import ImageFacts
from viewer.core.image import Frame, Image, Spacing, is_coloured
from viewer.core.overlay_plane import OverlayPlane

Detail = tuple[str, str]
"""A name and a value, both to be read."""


def image_details(
    facts: ImageFacts, syntax: str, screen: str = ""
) -> tuple[Detail, ...]:
    """Name and value of everything worth knowing; what is not known is left out.

    Parameters
    ----------
    facts : ImageFacts
    syntax : str
        The transfer syntax by name.
    screen : str
        What the colours of the screen are by.
    """
    image = facts.instance.image
    if image is None:
        return ()
    details = (
        *_made(facts),
        *_measured(facts.frame, main_spacing(image, facts.number)),
        *_stored(image, syntax),
        ("Screen colours", screen if is_coloured(image) else ""),
    )
    return tuple((name, value) for name, value in details if value)


def _made(facts: ImageFacts) -> tuple[Detail, ...]:
    technique, series = facts.instance.technique, facts.series
    day, hour = technique.acquired_on, technique.acquired_at
    return (
        ("Protocol", series.protocol),
        ("Body part", series.body_part),
        (
            "Acquired",
            " ".join(
                (
                    day.isoformat() if day else "",
                    hour.strftime("%H:%M:%S") if hour else "",
                )
            ).strip(),
        ),
        ("Image type", " \\ ".join(facts.instance.image_type)),
        ("Sequence", technique.sequence),
        ("Contrast", technique.contrast_agent),
        ("Made by", series.manufacturer),
    )


def _measured(frame: Frame, spacing: Spacing | None) -> tuple[Detail, ...]:
    thickness, location = frame.thickness_mm, frame.location_mm
    origin = frame.plane.origin if frame.plane else None
    return (
        ("Pixel spacing", _spacing(spacing)),
        ("Thickness", f"{plain(thickness)} mm" if thickness else ""),
        ("Location", f"{plain(location)} mm" if location is not None else ""),
        (
            "Position",
            "  ".join(f"{part:.1f}" for part in origin).replace("-", "−") + " mm"
            if origin
            else "",
        ),
    )


def _spacing(spacing: Spacing | None) -> str:
    if spacing is None:
        return "not known"
    row, column = plain(spacing.row_mm), plain(spacing.column_mm)
    size = row if row == column else f"{row} × {column}"
    return f"{size} mm ({spacing.kind.value})"


def _stored(image: Image, syntax: str) -> tuple[Detail, ...]:
    pixels = image.pixels
    sign = "signed" if pixels.signed else "unsigned"
    frame_time = image.frame_time_ms
    rescale = image.displays[0].rescale
    values = f"× {plain(rescale.slope)} + {plain(rescale.intercept)} {rescale.unit}"
    rescaled = (rescale.slope, rescale.intercept) != (1, 0)
    return (
        ("Matrix", f"{pixels.columns} × {pixels.rows}"),
        ("Frames", f"{pixels.frames:,}" if pixels.frames > 1 else ""),
        ("Frame time", f"{plain(frame_time)} ms" if frame_time else ""),
        ("Samples", f"{pixels.photometric}, {pixels.bits_stored} bit, {sign}"),
        ("Rescale", values.strip().replace("+ −", "− ") if rescaled else ""),
        ("Coding", syntax),
        ("Lossy", image.lossy_mark),
        ("Overlays", ", ".join(_plane(plane) for plane in image.overlays)),
        ("Colour profile", image.profile.name or "yes" if image.profile else ""),
    )


def _plane(plane: OverlayPlane) -> str:
    """A plane by its group and what the file calls it."""
    return f"{plane.group:04X} {plane.name}".strip()
