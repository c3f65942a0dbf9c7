"""Whether something comes that does not pass through us, but through a listener."""

from collections.abc import Callable

from viewer.services.store import Store


class Arrivals:
    """Looks from time to time whether anything that is awaited comes.

    Catalog and store tell it, whichever process listens there.

    Parameters
    ----------
    store : Store
    arrived : callable
        How many of the instances have their rows by now that had none before.
    """

    def __init__(self, store: Store, arrived: Callable[[], int]) -> None:
        self._store, self._arrived = store, arrived
        self._sizes = store.under_way()

    def came(self) -> bool:
        """Whether one came since the last look, or has been coming since then.

        Whose objects are on their way nobody knows before they are here; so only one
        that takes longer than the time between two looks counts.
        """
        sizes, before = self._store.under_way(), self._sizes
        self._sizes = sizes
        grows = any(size > before.get(name, size) for name, size in sizes.items())
        return self._arrived() > 0 or grows
