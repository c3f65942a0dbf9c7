"""A file that should hold an image is told from one that need not."""

from pydicom._uid_dict import UID_dictionary

from tests.services.reading_studies import to_slices
from viewer.core.image_classes import _IMAGES, _ROOT, lacks_pixels, why_no_image
from viewer.core.records import InstanceRecord

CT, REPORT = f"{_ROOT}2", f"{_ROOT}88.11"


def bare(sop_class_uid: str) -> InstanceRecord:
    full = to_slices("1.2.3", (0.0,)).instances[0].instance
    return InstanceRecord(full.sop_instance_uid, sop_class_uid, "1.2.840.10008.1.2.1")


def test_every_image_class_of_the_standard_is_known() -> None:
    named = {
        uid
        for uid, (name, kind, *_) in UID_dictionary.items()
        if kind == "SOP Class" and "Image Storage" in name and uid.startswith(_ROOT)
    }
    known = {_ROOT + suffix for suffix in _IMAGES}
    assert len(named) > 60
    assert named <= known
    assert known <= set(UID_dictionary)


def test_a_header_alone_lacks_pixels_and_a_report_does_not() -> None:
    assert lacks_pixels(bare(CT))
    assert not lacks_pixels(bare(REPORT))
    assert not lacks_pixels(to_slices("1.2.3", (0.0,)).instances[0].instance)
    assert "pixel data" in why_no_image(bare(CT))
    assert "no image" in why_no_image(bare(REPORT))
