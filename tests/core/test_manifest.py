"""The account an anonymized export gives of itself."""

import json

import pytest

from viewer.core.deidentification import Option
from viewer.core.errors import UnreadableError
from viewer.core.manifest import Listed, Manifest

_ACCOUNT = {
    "format": 1,
    "program": "Lightbox 0.1.0",
    "profile": "research",
    "options": ["clean-pixels", "retain-uids"],
    "keep_documents": False,
    "keep_video": True,
    "wanted": 4,
    "exported": 1,
    "withheld": [
        {"reason": "face", "count": 2, "sop_instance_uids": ["2.25.7", "2.25.8"]}
    ],
    "failed": [{"reason": "failed", "count": 1, "sop_instance_uids": ["2.25.9"]}],
    "files": [{"name": "A/1.dcm", "sha256": "00", "bytes": 3}],
}


def test_an_account_says_what_left_and_what_stayed() -> None:
    account = Manifest.from_json(json.dumps(_ACCOUNT).encode())

    assert account.comes_out_even
    assert account.options == {Option.CLEAN_PIXELS, Option.RETAIN_UIDS}
    assert account.files == (Listed("A/1.dcm", "00"),)
    assert dict(account.reasons) == {"face": 2, "failed": 1}


def test_an_account_that_lost_an_instance_does_not_come_out_even() -> None:
    spoiled = {**_ACCOUNT, "wanted": 5}

    assert not Manifest.from_json(json.dumps(spoiled).encode()).comes_out_even


@pytest.mark.parametrize(
    "raw", [b"", b"{}", b"[]", b'{"format": 2}', b'{"format": 1, "options": ["x"]}']
)
def test_anything_else_is_refused(raw: bytes) -> None:
    with pytest.raises(UnreadableError):
        Manifest.from_json(raw)
