"""What is known of machines that write into their pictures."""

from viewer.core.boxes import Box
from viewer.services.known_regions import known_boxes, known_devices


def test_known_machines_write_at_the_edge() -> None:
    assert known_boxes("US", "Philips Medical", "EPIQ 7C", (1024, 768)) == (
        Box(0, 0, 1024, 60),
    )
    assert known_boxes("NM", "ADAC", "", (1024, 832)) == (
        Box(0, 0, 1024, 130),
        Box(0, 752, 1024, 80),
    )
    assert known_boxes("US", "Nobody", "EPIQ", (1024, 768)) == ()
    assert known_boxes("US", "SIEMENS", "S2000", (800, 600)) == ()


def test_every_known_machine_has_rows_to_cover() -> None:
    for device in known_devices():
        assert device.manufacturer == device.manufacturer.upper() != ""
        assert device.model == device.model.upper()
        assert 0 < device.top + device.bottom < 300
        assert device.modality
