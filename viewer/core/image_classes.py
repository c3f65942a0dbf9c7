"""Which SOP classes are images: their files hold pixel data, or are not whole."""

from typing import Final

from viewer.core.records import InstanceRecord

_ROOT: Final = "1.2.840.10008.5.1.4.1.1."

# PS3.4 B.5 and B.6; the retired ones are still met.
_IMAGES: Final = {
    "1": "Computed Radiography",
    "1.1": "Digital X-Ray for presentation",
    "1.1.1": "Digital X-Ray for processing",
    "1.2": "Digital Mammography X-Ray for presentation",
    "1.2.1": "Digital Mammography X-Ray for processing",
    "1.3": "Digital Intra-Oral X-Ray for presentation",
    "1.3.1": "Digital Intra-Oral X-Ray for processing",
    "2": "CT",
    "2.1": "Enhanced CT",
    "2.2": "Legacy Converted Enhanced CT",
    "3": "Ultrasound Multi-frame (retired)",
    "3.1": "Ultrasound Multi-frame",
    "4": "MR",
    "4.1": "Enhanced MR",
    "4.3": "Enhanced MR Color",
    "4.4": "Legacy Converted Enhanced MR",
    "5": "Nuclear Medicine (retired)",
    "6": "Ultrasound (retired)",
    "6.1": "Ultrasound",
    "6.2": "Enhanced US Volume",
    "6.3": "Photoacoustic",
    "7": "Secondary Capture",
    "7.1": "Multi-frame Single Bit Secondary Capture",
    "7.2": "Multi-frame Grayscale Byte Secondary Capture",
    "7.3": "Multi-frame Grayscale Word Secondary Capture",
    "7.4": "Multi-frame True Color Secondary Capture",
    "12.1": "X-Ray Angiographic",
    "12.1.1": "Enhanced XA",
    "12.2": "X-Ray Radiofluoroscopic",
    "12.2.1": "Enhanced XRF",
    "12.3": "X-Ray Angiographic Bi-Plane (retired)",
    "13.1.1": "X-Ray 3D Angiographic",
    "13.1.2": "X-Ray 3D Craniofacial",
    "13.1.3": "Breast Tomosynthesis",
    "13.1.4": "Breast Projection X-Ray for presentation",
    "13.1.5": "Breast Projection X-Ray for processing",
    "14.1": "Intravascular Optical Coherence Tomography for presentation",
    "14.2": "Intravascular Optical Coherence Tomography for processing",
    "20": "Nuclear Medicine",
    "30": "Parametric Map",
    "66.4": "Segmentation",
    "77.1": "VL (trial)",
    "77.1.1": "VL Endoscopic",
    "77.1.1.1": "Video Endoscopic",
    "77.1.2": "VL Microscopic",
    "77.1.2.1": "Video Microscopic",
    "77.1.3": "VL Slide-Coordinates Microscopic",
    "77.1.4": "VL Photographic",
    "77.1.4.1": "Video Photographic",
    "77.1.5.1": "Ophthalmic Photography 8 Bit",
    "77.1.5.2": "Ophthalmic Photography 16 Bit",
    "77.1.5.4": "Ophthalmic Tomography",
    "77.1.5.5": "Wide Field Ophthalmic Photography Stereographic Projection",
    "77.1.5.6": "Wide Field Ophthalmic Photography 3D Coordinates",
    "77.1.5.7": "Ophthalmic Optical Coherence Tomography En Face",
    "77.1.5.8": "Ophthalmic Optical Coherence Tomography B-scan Volume Analysis",
    "77.1.6": "VL Whole Slide Microscopy",
    "77.1.7": "Dermoscopic Photography",
    "77.1.8": "Confocal Microscopy",
    "77.1.9": "Confocal Microscopy Tiled Pyramidal",
    "77.2": "VL Multi-frame (trial)",
    "81.1": "Ophthalmic Thickness Map",
    "82.1": "Corneal Topography Map",
    "128": "Positron Emission Tomography",
    "128.1": "Legacy Converted Enhanced PET",
    "130": "Enhanced PET",
    "481.1": "RT",
    "481.23": "Enhanced RT",
    "481.24": "Enhanced Continuous RT",
    "501.1": "DICOS CT",
    "501.2.1": "DICOS Digital X-Ray for presentation",
    "501.2.2": "DICOS Digital X-Ray for processing",
    "601.1": "Eddy Current",
    "601.2": "Eddy Current Multi-frame",
}

NO_PIXELS: Final = "There is no pixel data in this file."


def lacks_pixels(record: InstanceRecord) -> bool:
    """Whether it should hold an image and does not: a header alone, or a cut file.

    A file that ends exactly before its pixel data looks like a header that was kept
    alone, so neither is refused, and both are marked wherever they are shown.
    """
    is_image = record.sop_class_uid.removeprefix(_ROOT) in _IMAGES
    return record.image is None and is_image


def why_no_image(record: InstanceRecord) -> str:
    """What is said where an image is asked of a file without one."""
    return NO_PIXELS if lacks_pixels(record) else "The file holds no image."
