"""Orthanc's own way in, to prepare and to judge what DICOM did."""

import contextlib
import json
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Orthanc:
    """The REST interface of an Orthanc."""

    url: str

    def add(self, path: Path) -> None:
        """Put a file into it."""
        self._ask("POST", "/instances", path.read_bytes())

    def find(self, level: str, **query: str) -> list[str]:
        """Orthanc's names of what matches at a level (``Study``, ``Series``)."""
        found = self._ask(
            "POST", "/tools/find", _json({"Level": level, "Query": query})
        )
        return list(json.loads(found))

    def file(self, name: str) -> bytes:
        """The file of an instance, by Orthanc's name."""
        return self._ask("GET", f"/instances/{name}/file")

    def delete_study(self, study_uid: str) -> None:
        """Take a study out of it."""
        for name in self.find("Study", StudyInstanceUID=study_uid):
            self._ask("DELETE", f"/studies/{name}")

    @contextlib.contextmanager
    def knows(self, title: str, port: int) -> Iterator[None]:
        """Have it know a C-MOVE destination on this computer for a while."""
        node = {"AET": title, "Host": "127.0.0.1", "Port": port}
        self._ask("PUT", f"/modalities/{title}", _json(node))
        try:
            yield
        finally:
            self._ask("DELETE", f"/modalities/{title}")

    def _ask(self, method: str, path: str, body: bytes | None = None) -> bytes:
        request = urllib.request.Request(self.url + path, body, method=method)  # noqa: S310 - ours
        with urllib.request.urlopen(request, timeout=60) as answer:  # noqa: S310
            raw: bytes = answer.read()
        return raw


def _json(value: Any) -> bytes:
    return json.dumps(value).encode()
