"""Canaries in many alphabets, under wrong value representations, in odd shapes."""

import re

from tests.canaries.around import below
from tests.canaries.cage import file, image, merged
from tests.canaries.planting import DIES, Fate, Planting
from tests.canaries.tree import Leaf, Node, chain
from tests.dicom.written_files import EXPLICIT, IMPLICIT
from viewer.core.deidentification import Option

_CHARACTER_SET = 0x00080005
_NAMES = (
    # What (0008,0005) says, Python's codec, the name; PS3.5 Annexes H, I, J, K.
    ("ISO_IR 100", "latin_1", "Großmüller^Jérôme"),
    ("ISO_IR 101", "iso8859_2", "Dvořáková^Žofie"),
    ("ISO_IR 144", "iso8859_5", "Щербаков^Тимофей"),
    ("ISO_IR 127", "iso8859_6", "النجارالقباني^لنزار"),
    ("ISO_IR 126", "iso8859_7", "Παπαδόπουλος^Διονύσης"),
    ("ISO_IR 138", "iso8859_8", "שרוןכהןלוי^דבורה"),
    ("ISO_IR 148", "iso8859_9", "Çavuşoğlu^Işıl"),
    ("ISO_IR 166", "tis_620", "เจริญสุขวัฒนา^สมชาย"),
    ("ISO_IR 192", "utf_8", "Wang^XiaoDong=王小东建国=わんしゃおどん"),
    ("ISO_IR 192", "utf_8", "Nguyễn^Thị Hằng"),
    ("GB18030", "gb18030", "Zhang^XiaoMing=张小明建设"),
    ("GBK", "gbk", "Li^DaWei=李大伟国强"),
    ("ISO_IR 13\\ISO 2022 IR 87", "shift_jis", "ﾔﾏﾀﾞｻﾌﾞﾛｳ^ﾀﾛｳ"),
    (
        "\\ISO 2022 IR 87",
        "iso2022_jp",
        "Yamada^Tarou=山田佐藤^太郎=やまださとう^たろう",
    ),
    ("\\ISO 2022 IR 159", "iso2022_jp_2", "Kimura^Jun=丂丄丅丌丒"),
    ("\\ISO 2022 IR 149", "iso2022_kr", "Hong^Gildong=洪吉洞判書^吉洞=홍길동판서^길동"),
    ("\\ISO 2022 IR 58", "gb2312", "Zhang^XiaoDong=张小东建华"),
    ("", "latin_1", "Undekläriert^Ümläute"),
    ("ISO_IR 999", "utf_8", "Únbekännter^Zeichensatz"),
)
_PLACES = (
    (0x00100010, "PN"),  # Patient's Name
    (0x00080090, "PN"),  # Referring Physician's Name
    (0x00081030, "LO"),  # Study Description
    (0x00104000, "LT"),  # Patient Comments
)
_KEPT = (
    # Attributes that every export leaves, and the VR a name in them was written with.
    (0x00180050, "DS", "Slice Thickness"),
    (0x00180060, "DS", "KVP"),
    (0x00200013, "IS", "Instance Number"),
    (0x00180022, "CS", "Scan Options"),
    (0x00180088, "DS", "Spacing Between Slices"),
    (0x00181151, "IS", "X-Ray Tube Current"),
    (0x00185100, "CS", "Patient Position"),
    (0x00280030, "DS", "Pixel Spacing"),
    (0x00180015, "CS", "Body Part Examined"),
)
_UPPER_HALF = {
    # Python's codec of the bytes, and what designates them.
    "iso2022_kr": ("euc_kr", b"\x1b$)C"),
    "gb2312": ("gb2312", b"\x1b$)A"),
}
_ESCAPE = re.compile(rb"\x1b\$?[()]?[A-Z@]")
_DATED = (
    (0x00080020, "DA", "Study Date"),
    (0x00080030, "TM", "Study Time"),
    (0x0008002A, "DT", "Acquisition DateTime"),
    (0x00080022, "DA", "Acquisition Date"),
)


def plant_texts(planting: Planting) -> None:
    """A file for each alphabet, and several of odd shapes."""
    for number, (terms, codec, name) in enumerate(_NAMES):
        _alphabet(planting, number, terms, codec, name)
    _nameless_alphabet(planting)
    for number, syntax in enumerate((EXPLICIT, IMPLICIT)):
        _wrong_kinds(planting, number, syntax)
        _odd_shapes(planting, number, syntax)


def _alphabet(
    planting: Planting, number: int, terms: str, codec: str, name: str
) -> None:
    """A name in its character set, at the top and nested; whole groups are sought."""
    raw = _encoded(name, codec)
    leaves = tuple(Leaf(tag, vr, raw) for tag, vr in _PLACES)
    nested = chain(below(3), (Leaf(_CHARACTER_SET, "CS", terms), *leaves))
    nodes = merged(
        image(100 + number), [Leaf(_CHARACTER_SET, "CS", terms)], leaves, nested
    )
    for component in re.split("[=^]", name):
        bare = _ESCAPE.sub(b"", _encoded(component, codec))
        if len(bare) < 6 or component.isascii():
            continue
        forms = [bare, component.encode(), component.encode("utf-16-le")]
        place = f"{codec}, name {number} of {terms or 'nothing'}"
        planting.note("alphabet", place, forms)
    planting.file(f"texts/alphabet-{number}.dcm", file(nodes))


def _nameless_alphabet(planting: Planting) -> None:
    """A name where the character set belongs: it must reach no log either."""
    name = planting.text("alphabet", "as the character set itself")
    term = Leaf(_CHARACTER_SET, "CS", f"ISO_IR {name}")
    beyond = Leaf(0x00081030, "LO", "Übersicht".encode())
    nested = chain(below(1), (term, beyond))
    nodes = merged(image(150), [term, beyond], nested)
    planting.file("texts/nameless.dcm", file(nodes), leaves=None)


def _encoded(name: str, codec: str) -> bytes:
    """As devices write it: with escape sequences where the codec has them."""
    if codec not in _UPPER_HALF:
        return name.encode(codec)
    upper, escape = _UPPER_HALF[codec]
    groups = [group.encode(upper) for group in name.split("=")]
    return b"=".join(groups[:1] + [escape + group for group in groups[1:]])


def _wrong_kinds(planting: Planting, number: int, syntax: str) -> None:
    """Names where a number, a term or a date belongs; no option may keep them."""

    def leaves(depth: int) -> list[Node]:
        return [
            Leaf(tag, vr, f"{planting.text('wrong VR', f'{name}, {depth} deep')}^Ann")
            for tag, vr, name in (*_KEPT, *_DATED)
        ]

    nodes = merged(image(130 + number), leaves(0), chain(below(1), leaves(1)))
    planting.file(f"texts/wrong-{number}.dcm", file(nodes, syntax))
    nodes = merged(image(135 + number), chain(below(3), leaves(3)))
    planting.file(f"texts/wrong-deep-{number}.dcm", file(nodes, syntax))


def _odd_shapes(planting: Planting, number: int, syntax: str) -> None:
    """Several values, odd lengths, padding of all kinds, texts of great length."""

    def text(place: str, fate: Fate = DIES) -> str:
        return planting.text("odd shape", place, fate)

    several = "\\".join(text(f"{n} of five names") for n in range(5))
    long = f"{'x' * 70_000}{text('behind 70,000 letters')}"
    nodes: list[Node] = [
        Leaf(0x00101001, "PN", several),
        Leaf(0x00100010, "PN", (text("a name of odd length") + "X").encode()),
        Leaf(0x00100020, "LO", f"  {text('an ID between blanks')}\0\0".encode()),
        Leaf(0x00081048, "PN", f"^^^{text('a prefix')}^{text('a suffix')}"),
        Leaf(0x00102180, "SH", f"\0\0{text('behind zeros')}".encode()),
        Leaf(0x001021B0, "LT", f"{text('a first line')}\r\n{text('a last line')}"),
        Leaf(0x00204000, "UT" if syntax == EXPLICIT else "LT", long),
        Leaf(0x00080050, "SH", f"{text('an accession number')}\\{text('another')}"),
    ]
    pairs = (
        (0x00321032, "PN", "Requesting Physician"),
        (0x00080081, "ST", "Institution Address"),
        (0x00102154, "SH", "Telephone Numbers"),
        (0x00080080, "LO", "Institution Name"),
        (0x00081010, "SH", "Station Name"),
    )
    kept = {
        0x00080080: Fate(frozenset({Option.RETAIN_INSTITUTION_IDENTITY})),
        0x00080081: Fate(frozenset({Option.RETAIN_INSTITUTION_IDENTITY})),
        0x00081010: Fate(frozenset({Option.RETAIN_DEVICE_IDENTITY})),
    }
    nodes += [
        Leaf(tag, vr, text(f"{name} with blanks", kept.get(tag, DIES)) + "  ")
        for tag, vr, name in pairs
    ]
    content = file(merged(image(140 + number), nodes), syntax)
    planting.file(f"texts/odd-{number}.dcm", content)
