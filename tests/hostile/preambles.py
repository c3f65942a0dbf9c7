"""Files that are DICOM and something else as well; PS3.10 7.1."""

from random import Random

from tests.dicom.written_files import image_elements, meta
from tests.hostile.family import Ending, Families

FAMILIES = Families()
BEGINNINGS = {
    "a PDF document": b"%PDF-1.7\n1 0 obj\n<</OpenAction",
    "a Linux program": b"\x7fELF\x02\x01\x01\x00",
    "a Windows program": b"MZ\x90\x00\x03\x00\x00\x00",
    "a TIFF picture": b"II*\x00\x08\x00\x00\x00",
    "a web page": b"<html><script>alert(1)</script>",
    "a shell script": b"#!/bin/sh\ntouch executed\nexit\n",
    "a ZIP archive": b"PK\x03\x04\x14\x00\x00\x00",
}


def _behind(beginning: bytes, dice: Random) -> bytes:
    preamble = (beginning + dice.randbytes(128))[:128]
    return preamble + meta()[128:] + image_elements() + dice.randbytes(2)


for _name, _beginning in BEGINNINGS.items():
    _keep = FAMILIES.file(
        f"a preamble that makes it {_name}",
        Ending.SOURCES if _name == "a ZIP archive" else Ending.TOLERATED,
    )
    _keep(lambda dice, beginning=_beginning: _behind(beginning, dice))  # type: ignore[misc] # bound here
