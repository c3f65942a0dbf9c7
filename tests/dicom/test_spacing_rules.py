"""Every rule of what a millimetre is, as a table: what the file says, what is true.

The table was written by hand from PS3.3 10.7.1, C.8.5.5 and the quotients worked out
beside it; nothing in it comes from the program.
"""

from pathlib import Path

import pytest

from tests.dicom.written_files import Value, element, image_file, item
from viewer.core.calibration import NO_SPACING, spacing_for
from viewer.core.image import Image
from viewer.core.ruler import rulers
from viewer.core.view import View, ViewTransform
from viewer.dicom.read import read_file

Extra = tuple[int, str, Value]

TAGS = {
    "modality": (0x00080060, "CS"),
    "class": (0x00080016, "UI"),
    "PS": (0x00280030, "DS"),
    "IPS": (0x00181164, "DS"),
    "type": (0x00280A02, "CS"),
    "ERMF": (0x00181114, "DS"),
    "SID": (0x00181110, "DS"),
    "SOD": (0x00181111, "DS"),
    "film": (0x00182010, "DS"),
    "plane": (0x30020011, "DS"),
    "across": (0x3002000C, "CS"),
    "axis": (0x30020022, "DS"),
    "image": (0x30020026, "DS"),
    "aspect": (0x00280034, "IS"),
    "at": (0x00200032, "DS"),
}
AXIAL: Extra = (0x00200037, "DS", "1/0/0/0/1/0")
TOMOSYNTHESIS = "1.2.840.10008.5.1.4.1.1.13.1.3"

RULES = """
# Cross-sections: Pixel Spacing is the patient's; rows come first.
CT PS=0.5/0.25 at=1/2/3                         | 0.5 0.25 mm patient
CT PS=0.7/0.7 at=1/2/3                          | 0.7 0.7 mm patient
MR PS=1.2/0.9 at=1/2/3                          | 1.2 0.9 mm patient
PT PS=2.08333325386/2.08333325386 at=1/2/3      | 2.08333325386 2.08333325386 mm patient
NM PS=4.8/4.8 at=1/2/3                          | 4.8 4.8 mm patient
MR PS=1.2/0.9                                   | 1.2 0.9 mm patient
OT PS=0.5/0.5                                   | 0.5 0.5 mm patient
XC PS=0.5/0.5                                   | 0.5 0.5 mm patient
CT PS=0.5/0.5 at=1/2/3 SID=1100 SOD=600         | 0.5 0.5 mm patient
CT PS=0.5/0.5 at=1/2/3 ERMF=1.8                 | 0.5 0.5 mm patient
CT PS=0.5/0.5 at=1/2/3 IPS=0.9/0.9              | 0.5 0.5 mm patient
CT PS=0.5/0.5 at=1/2/3 type=FIDUCIAL            | 0.5 0.5 mm patient
MG class=tomo PS=0.1/0.1 at=1/2/3               | 0.1 0.1 mm patient
CT PS=5e-1/+.25 at=1/2/3                        | 0.5 0.25 mm patient
# A calibration type makes Pixel Spacing a calibrated one, whatever stands beside it.
DX PS=0.14/0.14 type=FIDUCIAL                   | 0.14 0.14 mm calibrated by fiducial
DX PS=0.14/0.14 type=GEOMETRY                   | 0.14 0.14 mm calibrated by geometry
CR PS=0.14/0.14 type=GEOMETRY                   | 0.14 0.14 mm calibrated by geometry
MG PS=0.07/0.07 type=GEOMETRY                   | 0.07 0.07 mm calibrated by geometry
XA PS=0.2/0.2 type=FIDUCIAL                     | 0.2 0.2 mm calibrated by fiducial
RF PS=0.2/0.3 type=GEOMETRY                     | 0.2 0.3 mm calibrated by geometry
DX PS=0.14/0.14 type=SOMEHOW                    | 0.14 0.14 mm calibrated
DX PS=0.14/0.14 IPS=0.2/0.2 type=FIDUCIAL       | 0.14 0.14 mm calibrated by fiducial
DX PS=0.14/0.14 IPS=0.2/0.2 type=GEOMETRY       | 0.14 0.14 mm calibrated by geometry
DX PS=0.2/0.2 IPS=0.2/0.2 type=FIDUCIAL         | 0.2 0.2 mm calibrated by fiducial
DX PS=0.2/0.2 IPS=0.2/0.2 type=GEOMETRY         | 0.2 0.2 mm calibrated by geometry
OT PS=0.3/0.3 type=FIDUCIAL                     | 0.3 0.3 mm calibrated by fiducial
# ... and is never divided.
DX PS=0.14/0.14 type=FIDUCIAL ERMF=1.25         | 0.14 0.14 mm calibrated by fiducial
DX PS=0.14/0.14 type=GEOMETRY ERMF=1.25         | 0.14 0.14 mm calibrated by geometry
DX PS=0.14/0.14 type=GEOMETRY SID=1500 SOD=1200 | 0.14 0.14 mm calibrated by geometry
DX PS=0.14/0.14 IPS=0.2/0.2 type=FIDUCIAL ERMF=2 | 0.14 0.14 mm calibrated by fiducial
DX PS=0.14/0.14 IPS=0.2/0.2 ERMF=2              | 0.14 0.14 mm calibrated
DX PS=0.14/0.14 IPS=0.2/0.2 SID=1500 SOD=1000   | 0.14 0.14 mm calibrated
# Unlike Imager Pixel Spacing: corrected, the file does not say how.
DX PS=0.14/0.14 IPS=0.2/0.2                     | 0.14 0.14 mm calibrated
CR PS=0.14/0.14 IPS=0.2/0.2                     | 0.14 0.14 mm calibrated
XA PS=0.3/0.3 IPS=0.4/0.4 at=1/2/3              | 0.3 0.3 mm calibrated
DX PS=0.2/0.2 IPS=0.2/0.21                      | 0.2 0.2 mm calibrated
# Equal to it without a type: the detector's, and nothing is divided.
DX PS=0.2/0.2 IPS=0.2/0.2                       | 0.2 0.2 mm detector plane
CR PS=0.2/0.1 IPS=0.2/0.1                       | 0.2 0.1 mm detector plane
MG PS=0.07/0.07 IPS=0.07/0.07                   | 0.07 0.07 mm detector plane
XA PS=0.2/0.2 IPS=0.2/0.2 at=1/2/3              | 0.2 0.2 mm detector plane
DX PS=0.140/0.140 IPS=.14/1.4e-1                | 0.14 0.14 mm detector plane
DX PS=1.2/1.201 IPS=1.2/1.201                   | 1.2 1.201 mm detector plane
DX PS=0.2/0.2 IPS=0.2/0.2 ERMF=1.25             | 0.2 0.2 mm detector plane
DX PS=0.2/0.2 IPS=0.2/0.2 SID=1500 SOD=1200     | 0.2 0.2 mm detector plane
OT PS=0.2/0.2 IPS=0.2/0.2                       | 0.2 0.2 mm detector plane
# Alone on a projection: nobody says what it is.
DX PS=0.2/0.2                                   | 0.2 0.2 mm calibration unknown
CR PS=0.2/0.2                                   | 0.2 0.2 mm calibration unknown
MG PS=0.07/0.07                                 | 0.07 0.07 mm calibration unknown
XA PS=0.3/0.3 at=1/2/3                          | 0.3 0.3 mm calibration unknown
DX PS=0.2/0.2 ERMF=1.25                         | 0.2 0.2 mm calibration unknown
RF PS=0.2/0.2 SID=1500 SOD=1200                 | 0.2 0.2 mm calibration unknown
# Imager Pixel Spacing alone: the detector's.
DX IPS=0.2/0.2                                  | 0.2 0.2 mm detector plane
CR IPS=0.15/0.1                                 | 0.15 0.1 mm detector plane
MG IPS=0.094/0.094                              | 0.094 0.094 mm detector plane
XA IPS=0.3/0.3 SID=1000                         | 0.3 0.3 mm detector plane
XA IPS=0.3/0.3 SOD=700                          | 0.3 0.3 mm detector plane
# ... divided by the magnification factor,
DX IPS=0.2/0.2 ERMF=1.25                        | 0.16 0.16 mm estimated magnification
DX IPS=0.2/0.1 ERMF=1.25                        | 0.16 0.08 mm estimated magnification
MG IPS=0.09/0.09 ERMF=1.8                       | 0.05 0.05 mm estimated magnification
MG IPS=0.09/0.09 ERMF=1                         | 0.09 0.09 mm estimated magnification
CR IPS=0.15/0.15 ERMF=1.5                       | 0.1 0.1 mm estimated magnification
# ... and by that alone where both are stated,
DX IPS=0.2/0.2 ERMF=1.25 SID=1500 SOD=750       | 0.16 0.16 mm estimated magnification
MG IPS=0.09/0.09 ERMF=1 SID=660 SOD=600         | 0.09 0.09 mm estimated magnification
# ... else by the distances, in the stated plane,
XA IPS=0.3/0.3 SID=1000 SOD=750                 | 0.225 0.225 mm object plane
XA IPS=0.4/0.2 SID=1200 SOD=600                 | 0.2 0.1 mm object plane
DX IPS=0.2/0.2 SID=1800 SOD=1800                | 0.2 0.2 mm object plane
RF IPS=0.5/0.5 SID=1000 SOD=800                 | 0.4 0.4 mm object plane
# ... unless these cannot be.
DX IPS=0.2/0.2 ERMF=0                           | 0.2 0.2 mm detector plane
DX IPS=0.2/0.2 ERMF=0.8                         | 0.2 0.2 mm detector plane
DX IPS=0.2/0.2 ERMF=-2                          | 0.2 0.2 mm detector plane
DX IPS=0.2/0.2 ERMF=1e300                       | 0.2 0.2 mm detector plane
XA IPS=0.3/0.3 SID=1000 SOD=1e-300              | 0.3 0.3 mm detector plane
DX IPS=0.2/0.2 ERMF=abc                         | 0.2 0.2 mm detector plane
DX IPS=0.2/0.2 ERMF=0 SID=1500 SOD=1200         | 0.16 0.16 mm object plane
XA IPS=0.3/0.3 SID=700 SOD=1000                 | 0.3 0.3 mm detector plane
XA IPS=0.3/0.3 SID=0 SOD=0                      | 0.3 0.3 mm detector plane
XA IPS=0.3/0.3 SID=1000 SOD=-5                  | 0.3 0.3 mm detector plane
# A film that was scanned.
OT film=0.17/0.17                               | 0.17 0.17 mm scanned film
CR film=0.17/0.2                                | 0.17 0.2 mm scanned film
OT PS=0.17/0.17 film=0.17/0.17                  | 0.17 0.17 mm scanned film
OT PS=0.15/0.15 film=0.17/0.17 type=FIDUCIAL    | 0.15 0.15 mm calibrated by fiducial
OT IPS=0.2/0.2 film=0.17/0.17                   | 0.2 0.2 mm detector plane
CT PS=0.5/0.5 film=0.17/0.17 at=1/2/3           | 0.5 0.5 mm patient
# The image plane of a treatment machine, and what it is at the isocentre.
RTIMAGE plane=0.4/0.2                           | 0.4 0.2 mm image plane
RTIMAGE plane=0.4/0.4 image=1600                | 0.4 0.4 mm image plane
RTIMAGE plane=0.4/0.4 axis=1000 across=NORMAL   | 0.4 0.4 mm image plane
RTIMAGE plane=0.4/0.4 image=1600 axis=1000      | 0.4 0.4 mm image plane
RTIMAGE plane=0.4/0.2 image=1600 axis=1000 across=NORMAL | 0.25 0.125 mm isocentre plane
RTIMAGE plane=0.4/0.4 image=1000 axis=1000 across=NORMAL | 0.4 0.4 mm isocentre plane
RTIMAGE plane=0.4/0.4 image=1600 axis=1000 across=NON_NORMAL | 0.4 0.4 mm image plane
RTIMAGE plane=0.4/0.4 image=900 axis=1000 across=NORMAL | 0.4 0.4 mm image plane
RTIMAGE plane=0.4/0.4 image=1600 axis=0 across=NORMAL | 0.4 0.4 mm image plane
RTIMAGE plane=0/0 image=1600 axis=1000 across=NORMAL | px
RTIMAGE                                         | px
RTIMAGE PS=0.4/0.4                              | 0.4 0.4 mm calibration unknown
# Nothing that could be trusted: pixels.
DX                                              | px
CT                                              | px
OT ERMF=1.25 SID=1500 SOD=1200                  | px
US PS=0.2/0.2                                   | px
IVUS PS=0.2/0.2                                 | px
OT PS=0/0                                       | px
OT PS=0.5                                       | px
OT PS=0.5/x                                     | px
OT PS=-0.5/0.5                                  | px
OT PS=0.5/0.5/0.5                               | px
DX IPS=0/0                                      | px
DX IPS=0.2/0                                    | px
OT film=0/0.1                                   | px
CT PS=1e-300/1e-300                             | px
CT PS=1e300/1e300                               | px
DX IPS=1e-300/0.2                               | px
OT PS=0.00025/0.00025                           | 0.00025 0.00025 mm patient
OT aspect=2/1                                   | px
US aspect=4/3                                   | px
"""

CASES = [
    tuple(part.strip() for part in line.split("|"))
    for line in RULES.strip().splitlines()
    if not line.startswith("#")
]


def read(folder: Path, said: str) -> Image:
    modality, *words = said.split()
    extra: list[Extra] = [(*TAGS["modality"], modality)]
    for word in words:
        name, value = word.split("=")
        value = TOMOSYNTHESIS if value == "tomo" else value.replace("/", "\\")
        extra.append((*TAGS[name], value))
        if name == "at":
            extra.append((*AXIAL[:2], str(AXIAL[2]).replace("/", "\\")))
    image = read_file(image_file(folder, extra)).instance.image
    assert image is not None
    return image


def test_the_table_is_long_enough() -> None:
    assert len(CASES) >= 80
    assert len({said for said, _ in CASES}) == len(CASES)


@pytest.mark.parametrize(("said", "true"), CASES)
def test_a_spacing_has_its_value_its_unit_and_its_label(
    tmp_path: Path, said: str, true: str
) -> None:
    image = read(tmp_path, said)
    found = spacing_for(image, 1, [(0, 0), (1, 1)])
    ruler, _ = rulers(ViewTransform(View(), (2, 2), (500, 500)), found.spacing)
    if true == "px":
        assert (found.spacing, found.kind, found.unit) == (None, None, "px")
        assert found.reason == NO_SPACING
        assert ruler is None
        return
    row, column, unit, label = true.split(maxsplit=3)
    assert found.steps == pytest.approx((float(row), float(column)), rel=1e-12)
    assert (found.unit, found.reason) == (unit, "")
    assert found.kind is not None
    assert found.kind.value == label
    assert ruler is not None
    assert (label in ruler.caption) == (label != "patient")
    assert found.formula
    assert found.aspect == pytest.approx((float(row), float(column)))


@pytest.mark.parametrize(
    ("said", "attribute", "formula", "caution"),
    [
        (
            "DX IPS=0.2/0.1 ERMF=1.25",
            "ImagerPixelSpacing (0018,1164)",
            "0.2 mm × 0.1 mm ÷ 1.25 = 0.16 mm × 0.08 mm",
            "Corrected by an estimated magnification.",
        ),
        (
            "XA IPS=0.4/0.2 SID=1200 SOD=600",
            "ImagerPixelSpacing (0018,1164)",
            "0.4 mm × 0.2 mm ÷ (1200 mm / 600 mm) = 0.2 mm × 0.1 mm",
            "Holds in the stated plane of the object only.",
        ),
        (
            "RTIMAGE plane=0.4/0.2 image=1600 axis=1000 across=NORMAL",
            "ImagePlanePixelSpacing (3002,0011)",
            "0.4 mm × 0.2 mm ÷ (1600 mm / 1000 mm) = 0.25 mm × 0.125 mm",
            "Holds in the plane of the isocentre only.",
        ),
        (
            "OT film=0.17/0.17",
            "NominalScannedPixelSpacing (0018,2010)",
            "0.17 mm × 0.17 mm",
            "On the film that was scanned, not in the body.",
        ),
        (
            "CT PS=0.5/0.25 at=1/2/3",
            "PixelSpacing (0028,0030)",
            "0.5 mm × 0.25 mm",
            "",
        ),
    ],
)
def test_a_number_can_say_why(
    tmp_path: Path, said: str, attribute: str, formula: str, caution: str
) -> None:
    found = spacing_for(read(tmp_path, said), 1, [(0, 0), (1, 1)])
    assert (found.attribute, found.formula) == (attribute, formula)
    assert found.caution == caution


def test_without_spacing_the_shape_of_a_pixel_is_kept_for_angles(
    tmp_path: Path,
) -> None:
    found = spacing_for(read(tmp_path, "OT aspect=2/1"), 1, [(0, 0)])
    assert found.aspect == (2.0, 1.0)
    assert found.steps == (1.0, 1.0)


def test_what_cannot_be_is_noted_without_its_value(tmp_path: Path) -> None:
    extra: list[Extra] = [
        (*TAGS["modality"], "DX"),
        (*TAGS["IPS"], "0.2\\0.2"),
        (*TAGS["ERMF"], "0.8"),
    ]
    record = read_file(image_file(tmp_path, extra))
    assert record.tolerated == ("a magnification that cannot be right",)


def group(tag: int, *elements: bytes) -> bytes:
    """A functional group with one item."""
    return element(tag, "SQ", item(b"".join(elements)))


def distances(detector_mm: str, object_mm: str) -> bytes:
    return group(
        0x00189476,
        element(0x00181110, "DS", detector_mm),
        element(0x00181111, "DS", object_mm),
    )


def test_each_frame_of_an_enhanced_x_ray_has_its_own_geometry(tmp_path: Path) -> None:
    shared = distances("1000", "800") + group(
        0x00289443, element(0x00181164, "DS", "0.4\\0.2")
    )
    own = distances("1000", "500")
    extra: list[Extra] = [
        (*TAGS["modality"], "XA"),
        (0x00280008, "IS", "3"),
        (0x52009229, "SQ", item(shared)),
        (0x52009230, "SQ", item(b"") + item(own) + item(b"")),
    ]
    image = read_file(image_file(tmp_path, extra, bytes(24))).instance.image
    assert image is not None
    found = [spacing_for(image, number, [(0, 0)]) for number in (1, 2, 3)]
    assert [one.steps for one in found] == [
        pytest.approx((0.32, 0.16)),
        pytest.approx((0.2, 0.1)),
        pytest.approx((0.32, 0.16)),
    ]
    assert {one.kind and one.kind.value for one in found} == {"object plane"}
