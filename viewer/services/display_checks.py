"""What photometers found on the screens of this computer, kept in the data folder."""

from datetime import date
from pathlib import Path

import msgspec

from viewer.core.display_check import DisplayCheck
from viewer.core.errors import ViewerError
from viewer.services.whole_file import write_whole

_FILE = "displays.json"


class DisplayChecks:
    """The last measurement of each screen.

    Parameters
    ----------
    data_dir : Path
    """

    def __init__(self, data_dir: Path) -> None:
        self._path = data_dir / _FILE

    def of(self, screen: str) -> DisplayCheck | None:
        """The measurement of `screen`; None if there is none that can be read."""
        return self._kept().get(screen)

    def keep(self, screen: str, luminances: list[float], on: date) -> DisplayCheck:
        """Keep a measurement in the place of an older one.

        Raises
        ------
        ViewerError
            If it cannot be judged, or the folder cannot be written.
        """
        check = DisplayCheck.of(luminances, on)
        kept = {**self._kept(), screen: check}
        try:
            write_whole(self._path, msgspec.json.format(msgspec.json.encode(kept)))
        except OSError as error:
            raise ViewerError("The measurement could not be kept.") from error
        return check

    def _kept(self) -> dict[str, DisplayCheck]:
        try:
            raw = self._path.read_bytes()
            return msgspec.json.decode(raw, type=dict[str, DisplayCheck])
        except (OSError, msgspec.MsgspecError):
            return {}
