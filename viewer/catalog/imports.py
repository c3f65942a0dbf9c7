"""What imports are to bring in, kept until they are over."""

from collections.abc import Collection
from dataclasses import dataclass

from sqlalchemy import Engine, delete, insert, select, update

from viewer.catalog.connection import reading, writing
from viewer.catalog.schema import wanted_import


@dataclass(frozen=True, slots=True)
class WantedImport:
    """One import that is under way, or was cut off.

    Attributes
    ----------
    token : str
        That of its job.
    paths : tuple of str
        Absolute.
    reference : bool
        Whether the files were to stay where they are.
    seen : int
        How many files it had dealt with, at least.
    total : int
        Of about how many; 0 if nobody had counted them yet.
    """

    token: str
    paths: tuple[str, ...]
    reference: bool
    seen: int = 0
    total: int = 0


class WantedImports:
    """The list of imports that are not over. Any thread may call it."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def add(self, wanted: WantedImport) -> None:
        """Note what an import is about to bring in."""
        values = {
            "token": wanted.token,
            "paths": wanted.paths,
            "reference": wanted.reference,
            "seen": wanted.seen,
            "total": wanted.total,
        }
        with writing(self._engine) as connection:
            connection.execute(insert(wanted_import).values(values))

    def advance(self, token: str, seen: int, total: int) -> None:
        """Note how far it is."""
        of_it = wanted_import.c.token == token
        with writing(self._engine) as connection:
            connection.execute(
                update(wanted_import).where(of_it).values(seen=seen, total=total)
            )

    def remove(self, tokens: Collection[str]) -> None:
        """Nothing of these is wanted any more."""
        if tokens:
            with writing(self._engine) as connection:
                connection.execute(
                    delete(wanted_import).where(wanted_import.c.token.in_(tokens))
                )

    def all(self) -> tuple[WantedImport, ...]:
        """Every import that is not over, oldest first."""
        with reading(self._engine) as connection:
            found = connection.execute(
                select(wanted_import).order_by(wanted_import.c.id)
            ).all()
        return tuple(
            WantedImport(row.token, row.paths, row.reference, row.seen, row.total)
            for row in found
        )
