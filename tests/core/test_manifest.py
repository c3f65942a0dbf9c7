"""The account an anonymized export gives of itself."""

import pytest

from viewer.core.deidentification import Option
from viewer.core.errors import UnreadableError
from viewer.core.manifest import Held, Manifest

_ACCOUNT = Manifest(
    program="Lightbox 0.1.0",
    table="2026c",
    profile="research",
    options=frozenset({Option.CLEAN_PIXELS, Option.RETAIN_UIDS}),
    keep_documents=False,
    keep_video=True,
    wanted=3,
    written=2,
    held=(Held("2.25.7", "not-reviewed"),),
)


def test_an_account_is_read_as_it_was_written() -> None:
    assert Manifest.from_json(_ACCOUNT.to_json()) == _ACCOUNT
    assert _ACCOUNT.comes_out_even
    assert dict(_ACCOUNT.reasons) == {"not-reviewed": 1}


@pytest.mark.parametrize(
    "raw", [b"", b"{}", b"[]", b'{"format": 2}', b'{"format": 1, "options": ["x"]}']
)
def test_anything_else_is_refused(raw: bytes) -> None:
    with pytest.raises(UnreadableError):
        Manifest.from_json(raw)
