"""What can be done with the program where no window can be shown."""

import shlex
import shutil
import sys
from pathlib import Path

from viewer.cli import output
from viewer.services.opening import WindowRequest
from viewer.services.places import prepare


def way_out(request: WindowRequest) -> str:
    """Commands that work as they stand, on the demo study if it was asked for."""
    if not request.demo:
        return (
            "Every command of lightbox --help works without one. This builds the "
            "demo study\nand says how to render a picture of it:\n\n"
            f"    {_program()} --demo\n"
        )
    picture = _built_demo(request.data_dir)
    command = f"{_program()} render {shlex.quote(str(picture))} --out demo.png"
    return f"The demo study is ready. See a picture of it with:\n\n    {command}\n"


def _built_demo(data_dir: Path) -> Path:
    """The file in the middle of the demo study's longest series."""
    from viewer.services.demo import build_demo, demo_folder  # noqa: PLC0415 - heavy

    folder = demo_folder(prepare(data_dir))
    with output.progress("Building the demo study") as progress:
        build_demo(folder, progress)
    series: dict[Path, list[Path]] = {}
    for path in sorted(folder.rglob("*.dcm")):
        series.setdefault(path.parent, []).append(path)
    longest = max(series.values(), key=len)
    return longest[len(longest) // 2]


def _program() -> str:
    """How the user typed the program's name, so that it can be typed again."""
    if shutil.which("lightbox"):
        return "lightbox"
    typed = Path(sys.argv[0])
    return f"python {typed}" if typed.suffix == ".py" else shlex.quote(str(typed))
