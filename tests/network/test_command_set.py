"""Command sets are what the standard's dictionary makes of them."""

import contextlib
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydicom.dataset import Dataset
from pydicom.filereader import read_dataset
from pynetdicom.dsutils import encode

from viewer.network.command_set import CommandField, CommandSet, decoded, encoded

uids = st.from_regex(r"\A1(\.(0|[1-9][0-9]{0,8})){1,6}\Z")
numbers = st.none() | st.integers(0, 0xFFFF)
commands = st.builds(
    CommandSet,
    st.sampled_from([one for one in CommandField if one.name != "N_ACTION_RQ"]),
    st.booleans(),
    message_id=numbers,
    responds_to=numbers,
    sop_class=uids,
    sop_instance=uids,
    status=numbers,
    remaining=numbers,
    destination=st.from_regex(r"\A[A-Z]{0,16}\Z"),
    originator_id=numbers,
)


@given(commands)
def test_what_is_written_is_read_again(command: CommandSet) -> None:
    assert decoded(encoded(command)) == command


@given(commands)
def test_pydicom_reads_the_same(command: CommandSet) -> None:
    raw = BytesIO(encoded(command))
    ds = read_dataset(raw, is_implicit_VR=True, is_little_endian=True)
    assert ds.CommandField == command.field
    assert ds.AffectedSOPClassUID == command.sop_class
    assert ds.get("Status") == command.status
    assert (ds.CommandDataSetType != 0x0101) is command.has_data
    assert ds.CommandGroupLength == len(encoded(command)) - 12


def test_what_pynetdicom_writes_is_read() -> None:
    ds = Dataset()
    ds.CommandGroupLength, ds.CommandField = 0, 0x8010
    ds.AffectedSOPClassUID, ds.CommandDataSetType = "1.2.840.10008.1.1", 0x0101
    ds.Status, ds.NumberOfFailedSuboperations = 0xB000, 3
    raw = encode(ds, is_implicit_vr=True, is_little_endian=True)
    assert raw is not None
    read = decoded(raw)
    assert (read.field, read.status, read.failed) == (0x8010, 0xB000, 3)
    assert not read.has_data


def test_names_of_failures_behind_a_command_are_passed_over() -> None:
    raw = encoded(CommandSet(CommandField.C_GET_RSP, status=0xFF00, failed=1))
    behind = bytes.fromhex("08005800040000003132332e")
    assert decoded(raw + behind) == decoded(raw)


@pytest.mark.parametrize("cut", [1, 5, 9, 13, 21])
def test_half_a_command_is_none(cut: int) -> None:
    raw = encoded(CommandSet(CommandField.C_ECHO_RQ, message_id=7))
    with pytest.raises(ValueError, match="command set"):
        decoded(raw[:cut])


@given(st.binary(max_size=200))
def test_any_bytes_are_a_command_or_none(raw: bytes) -> None:
    with contextlib.suppress(ValueError):
        assert decoded(raw).field >= 0
