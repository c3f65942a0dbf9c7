"""A direction of minus nothing is one of nothing, whatever was read before it."""

from viewer.dicom.placement import to_plane

_AT = (0.0, 0.0, 0.0)


def test_what_was_read_before_does_not_change_the_bytes_of_a_direction() -> None:
    rows = (1.0, 0.0, 0.0, 0.0, 1.0)
    planes = [
        to_plane(_AT, (*rows, zero), (1.0, 1.0), lambda _: None) for zero in (-0.0, 0.0)
    ]
    said = [repr(plane and plane.along_column) for plane in planes]
    assert said == ["(0.0, 1.0, 0.0)"] * 2
