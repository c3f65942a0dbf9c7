"""Every family there is."""

from tests.hostile import (
    attributes,
    deflated,
    discs,
    fragments,
    nesting,
    pixel_facts,
    preambles,
    streams,
    tables,
    zips,
)
from tests.hostile.family import Family

ALL: tuple[Family, ...] = tuple(
    family
    for chapter in (
        nesting,
        attributes,
        pixel_facts,
        fragments,
        streams,
        tables,
        preambles,
        deflated,
        discs,
        zips,
    )
    for family in chapter.FAMILIES
)
