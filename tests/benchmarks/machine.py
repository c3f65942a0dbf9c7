"""On what a figure was measured."""

import os
import platform
from importlib import metadata
from pathlib import Path

import psutil

_LIBRARIES = (
    "PySide6-Essentials",
    "numpy",
    "pydicom",
    "imagecodecs",
    "opencv-python-headless",
    "SQLAlchemy",
    "pynetdicom",
)


def description() -> dict[str, object]:
    """Processor, memory, system and versions; no name of machine or user."""
    return {
        "processor": _processor(),
        "cores": len(os.sched_getaffinity(0))
        if hasattr(os, "sched_getaffinity")
        else os.cpu_count(),
        "memory_gb": round(psutil.virtual_memory().total / 2**30, 1),
        "system": f"{platform.system()} {platform.release()}",
        "python": platform.python_version(),
        "libraries": {name: metadata.version(name) for name in _LIBRARIES},
    }


def _processor() -> str:
    info = Path("/proc/cpuinfo")
    if info.exists():
        for line in info.read_text("utf-8").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.processor() or platform.machine()
