"""What is missing is asked for in an order that shows something early."""

from collections.abc import Iterable

from viewer.core.identity import SeriesUID, SOPInstanceUID, StudyUID
from viewer.core.remote import RemoteInstance
from viewer.network.ways import Portion
from viewer.services.portions import Portions, to_portions

CT, SR = "ct", "sr"


def instances(
    series: str, numbers: Iterable[int], kind: str = CT
) -> list[RemoteInstance]:
    return [
        RemoteInstance(
            "pacs",
            StudyUID("1"),
            SeriesUID(series),
            SOPInstanceUID(f"{series}.{number}"),
            kind,
            number,
        )
        for number in numbers
    ]


def named(portions: Iterable[Portion]) -> list[tuple[str, int, bool]]:
    return [(one.series_uid, len(one.instances), one.whole) for one in portions]


def test_short_series_are_asked_for_whole_and_long_ones_by_name() -> None:
    offered = [*instances("a", range(100)), *instances("b", range(5))]
    assert named(to_portions(offered, set(), 64)) == [
        ("a", 8, False),
        ("b", 5, True),
        ("a", 64, False),
        ("a", 28, False),
    ]


def test_what_is_here_is_never_asked_for() -> None:
    offered = instances("a", range(6))
    held = {"a.1", "a.4"}
    (portion,) = to_portions(offered, held)
    assert [one.number for one in portion.instances] == [0, 2, 3, 5]
    assert not portion.whole
    assert to_portions(offered, {f"a.{n}" for n in range(6)}) == []


def test_images_come_in_their_order_and_those_without_a_number_last() -> None:
    offered = instances("a", [3, 1, 2])
    offered.insert(
        0, RemoteInstance("p", StudyUID("1"), SeriesUID("a"), SOPInstanceUID("x"))
    )
    (portion,) = to_portions(offered, set())
    assert [one.number for one in portion.instances] == [1, 2, 3, None]


def test_the_wanted_series_overtakes_the_others_at_any_time() -> None:
    first: list[str] = []
    offered = [one for series in "abc" for one in instances(series, range(2))]
    portions = Portions(to_portions(offered, set()), lambda: first, lambda _: False)
    assert series_of(portions) == "a"
    first[:] = ["c", "b"]
    assert [series_of(portions), series_of(portions), series_of(portions)] == [
        "c",
        "b",
        "",
    ]


def test_a_connection_takes_only_what_it_can_carry() -> None:
    offered = [*instances("a", range(2)), *instances("b", range(2), SR)]
    portions = Portions(to_portions(offered, set()), list, lambda _: False)
    report = portions.take({SR})
    assert report is not None
    assert report.series_uid == "b"
    assert portions.take({SR}) is None
    assert len(portions.left()) == 1


def test_what_came_meanwhile_is_left_out() -> None:
    came = {"a.0", "b.0", "b.1"}
    offered = [*instances("a", range(3)), *instances("b", range(2))]
    portions = Portions(to_portions(offered, set()), list, came.__contains__)
    taken = portions.take(None)
    assert taken is not None
    assert [one.number for one in taken.instances] == [1, 2]
    assert not taken.whole
    assert portions.take(None) is None


def series_of(portions: Portions) -> str:
    taken = portions.take(None)
    return "" if taken is None else taken.series_uid


def streams(offered: list[RemoteInstance], held: Iterable[str] = ()) -> list[Portion]:
    return to_portions(offered, set(held), 64, streamed=True)


def test_a_series_that_is_streamed_is_asked_for_once_and_its_first_image_before() -> (
    None
):
    offered = [*instances("a", range(600)), *instances("b", range(60))]
    assert named(streams(offered)) == [
        ("a", 1, False),
        ("b", 60, True),
        ("a", 600, True),
    ]


def test_a_stream_may_bring_a_few_again_but_not_many() -> None:
    offered = instances("a", range(90))
    few, many = ([f"a.{n}" for n in range(count)] for count in (10, 11))
    assert named(streams(offered, few))[-1] == ("a", 80, True)
    assert not any(one.whole for one in streams(offered, many))
    assert named(streams(instances("a", range(2)), ["a.0"])) == [("a", 1, False)]


def test_what_a_stream_left_over_is_asked_for_by_name() -> None:
    came: set[str] = set()
    portions = Portions(
        streams(instances("a", range(600)))[1:], list, came.__contains__, streamed=True
    )
    whole = portions.take(None)
    assert whole is not None
    came |= {"a.0"}
    portions.put_back(whole)
    whole = portions.take(None)
    assert whole is not None
    assert named([whole]) == [("a", 599, True)]
    came |= {f"a.{n}" for n in range(500)}
    portions.put_back(whole)
    rest = [portions.take(None), portions.take(None)]
    assert [len(one.instances) for one in rest if one and not one.whole] == [64, 36]
    assert portions.take(None) is None


def test_one_stream_at_a_time_gives_way_to_a_series_that_is_wanted() -> None:
    first: list[str] = []
    offered = [one for series in "abc" for one in instances(series, range(9))]
    portions = Portions(streams(offered), lambda: first, lambda _: False, streamed=True)
    a, b = portions.take(None), portions.take(None)
    assert a is not None
    assert b is not None
    assert not portions.overtakes(a)
    first[:] = ["b", "c"]
    assert not portions.overtakes(b)  # it is what is wanted most
    assert portions.overtakes(a)
    assert not portions.overtakes(a)  # it has been told
    portions.put_back(a)
    assert series_of(portions) == "c"
    assert not portions.overtakes(b)
