"""Who works in the background leaves the machine to the hand."""

from pathlib import Path

from typing_extensions import override

from tests.services.import_files import DirectReader, write_series
from viewer.services.courtesy import Courtesy
from viewer.services.importing import Importing, ImportRequest
from viewer.services.library import Library


class _Counted(Courtesy):
    """How often somebody stood back."""

    def __init__(self) -> None:
        super().__init__()
        self.asked = 0

    @override
    def stand_back(self, most: float = 0.2) -> None:
        self.asked += 1


def test_an_import_asks_before_each_file_it_hashes_whether_the_hand_moves(
    tmp_path: Path,
) -> None:
    reader = DirectReader()
    reader.courtesy = courtesy = _Counted()
    with Library(tmp_path / "data", reader) as library:
        request = ImportRequest((write_series(tmp_path / "in", 7),), reference=True)
        assert Importing(library).run(request).imported == 7
    assert courtesy.asked == 7
