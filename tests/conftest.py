"""What every test may ask for."""

import os
from pathlib import Path

import pytest

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")


@pytest.fixture(scope="session")
def real_data() -> Path:
    """The folder of real DICOM files, where the machine has it."""
    folder = os.environ.get("LIGHTBOX_TEST_DATA", "")
    if not folder or not Path(folder).is_dir():
        pytest.skip("LIGHTBOX_TEST_DATA names no folder of real files")
    return Path(folder).resolve()
