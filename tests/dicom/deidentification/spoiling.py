"""An anonymized file, and what somebody could have done to it."""

from io import BytesIO
from pathlib import Path

from tests.canaries.cage import WAYS, file, image, merged
from tests.canaries.tree import Leaf, Node, Writing, written
from viewer.core.deidentification import Option, Policy, Recipe, Written
from viewer.dicom.deidentification.engine import deidentify
from viewer.dicom.part10 import open_dicom

KEY = bytes(range(32))
_PATIENT: tuple[Node, ...] = (
    Leaf(0x00080005, "CS", "ISO_IR 192"),
    Leaf(0x00080020, "DA", "20190304"),
    Leaf(0x00080050, "SH", "ACC-4711-99"),
    Leaf(0x00080080, "LO", "Klinikum am Rande"),
    Leaf(0x00080090, "PN", "Li^Wei"),
    Leaf(0x00100010, "PN", "Müller-Lüdenscheidt^Anna=山田^太郎"),
    Leaf(0x00100020, "LO", "PID 104-233"),
    Leaf(0x00100030, "DA", "19610817"),
    Leaf(0x00102154, "SH", "+49 89 123456"),
)


def source(folder: Path, *more: Node, syntax: str = "1.2.840.10008.1.2.1") -> Path:
    """A file about a person."""
    path = folder / "source.dcm"
    path.write_bytes(file(merged(image(7), _PATIENT, more), syntax))
    return path


def anonymous(path: Path, *options: Option) -> Path:
    """The same, made anonymous."""
    out = BytesIO()
    policy = Policy("test", "Test", "", frozenset(options))
    outcome = deidentify(path, Recipe(policy, KEY), out)
    assert isinstance(outcome, Written)
    target = path.with_name("anonymous.dcm")
    target.write_bytes(out.getvalue())
    return target


def put_in(path: Path, node: Node) -> None:
    """Put an attribute where it belongs, in the place of the one that is there."""
    with open_dicom(path) as opened:
        elements = sorted(opened.whole().elements.values(), key=lambda one: one.tag)
        heads = {e.tag: e.offset - (12 if e.vr in _LONG else 8) for e in elements}
        ends = {e.tag: e.offset + e.length for e in elements}
    content = path.read_bytes()
    behind = [heads[tag] for tag in heads if tag >= node.tag]
    start = min(behind, default=len(content))
    end = ends.get(node.tag, start)
    raw = written([node], Writing())
    path.write_bytes(content[:start] + raw + content[end:])


def overwrite(path: Path, at: int, raw: bytes) -> None:
    """Write over some bytes; a negative place counts from the end."""
    content = bytearray(path.read_bytes())
    start = at if at >= 0 else len(content) + at
    content[start : start + len(raw)] = raw
    path.write_bytes(bytes(content))


_LONG = {"OB", "OD", "OF", "OL", "OV", "OW", "SQ", "SV", "UC", "UN", "UR", "UT", "UV"}
EVERY_WAY = tuple(WAYS)
