"""Which images of a study somebody marked as its key images.

Key Object Selection documents mark them; PS3.3 A.35.4 and C.17.6.
"""

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:  # SQLAlchemy loads when the catalog is opened
    from viewer.catalog.catalog import FiledInstance
    from viewer.services.library import Library
    from viewer.services.workers import Workers

KEY_OBJECTS: Final = "1.2.840.10008.5.1.4.1.1.88.59"
_CONTENT: Final = "0040A730"
_REFERENCED: Final = "00081199"
_INSTANCE: Final = "00081155"
_DEEPEST: Final = 16


def key_images(
    workers: "Workers", library: "Library", filed: "Iterable[FiledInstance]"
) -> set[str]:
    """SOP Instance UIDs of the key images, and of the documents that mark them.

    Raises
    ------
    ViewerError
        If such a document cannot be read: images it marks would be missing.
    """
    marked: set[str] = set()
    for one in filed:
        if one.record is None or one.record.sop_class_uid != KEY_OBJECTS:
            continue
        stored = library.instance(one.sop_instance_uid)
        model = workers.telling.model(stored.path)
        marked.add(one.sop_instance_uid)
        marked.update(_referenced(model, _DEEPEST))
    return marked


def _referenced(item: Any, depth: int) -> Iterator[str]:
    """The instances that the content of a document names."""
    if depth == 0 or not isinstance(item, dict):
        return
    for reference in _items(item, _REFERENCED):
        for uid in _values(reference, _INSTANCE):
            yield str(uid)
    for child in _items(item, _CONTENT):
        yield from _referenced(child, depth - 1)


def _items(item: dict[str, Any], tag: str) -> list[Any]:
    return [one for one in _values(item, tag) if isinstance(one, dict)]


def _values(item: dict[str, Any], tag: str) -> list[Any]:
    found = item.get(tag, {})
    values = found.get("Value", []) if isinstance(found, dict) else []
    return values if isinstance(values, list) else []
