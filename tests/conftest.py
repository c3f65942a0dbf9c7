"""What every test may ask for."""

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

# A machine that is busy is no fault of the program.
settings.register_profile(
    "patient", deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("patient")

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")


@pytest.fixture(scope="session")
def real_data() -> Path:
    """The folder of real DICOM files, where the machine has it."""
    folder = os.environ.get("LIGHTBOX_TEST_DATA", "")
    if not folder or not Path(folder).is_dir():
        pytest.skip("LIGHTBOX_TEST_DATA names no folder of real files")
    return Path(folder).resolve()
