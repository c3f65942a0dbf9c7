"""The conformance statement says what the program does, and lies beside its tables."""

from viewer.core.deidentification import Option
from viewer.core.resources import resource
from viewer.dicom.deidentification.conformance import FILE, statement
from viewer.dicom.deidentification.table import table


def test_the_statement_that_is_shipped_is_the_one_of_these_tables() -> None:
    shipped = resource(FILE).read_text("utf-8")

    assert shipped == statement(), "make conformance writes it anew"


def test_every_row_and_every_option_is_stated() -> None:
    text = statement()

    assert all(f"| {row.name} | {row.basic} |" in text for row in table().rows)
    assert all(f"| `{option}` |" in text for option in Option)
