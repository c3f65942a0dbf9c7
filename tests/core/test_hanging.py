"""A study opens with the pictures a radiologist expects, where they are expected."""

from viewer.core.hanging import Picture, to_hanging
from viewer.core.layout import Layout


def _names(places: tuple[Picture | None, ...]) -> list[str]:
    return ["" if place is None else place.stack_id for place in places]


def _ct(name: str, *, localizer: bool = False) -> Picture:
    return Picture(name, modality="CT", localizer=localizer)


def _mammogram(side: str, view: str, *, raw: bool = False) -> Picture:
    return Picture(
        f"{side} {view}",
        modality="MG",
        laterality=side,
        view_position=view,
        for_processing=raw,
    )


def test_series_hang_in_their_order_without_the_localizer() -> None:
    hanging = to_hanging([_ct("scout", localizer=True), _ct("a"), _ct("b"), _ct("c")])
    assert hanging.layout == Layout(2, 2)
    assert _names(hanging.places) == ["a", "b", "c", ""]


def test_a_study_of_localizers_alone_is_shown_all_the_same() -> None:
    hanging = to_hanging([_ct("scout", localizer=True)])
    assert _names(hanging.places) == ["scout"]


def test_what_does_not_fit_waits_in_the_strip() -> None:
    hanging = to_hanging([_ct(str(n)) for n in range(9)])
    assert _names(hanging.places) == ["0", "1", "2", "3", "4", "5"]


def test_nothing_to_show_is_one_empty_place() -> None:
    assert to_hanging([]).places == (None,)


def test_mammograms_hang_right_over_left_whatever_order_they_come_in() -> None:
    pictures = [_mammogram(side, view) for view in ("MLO", "CC") for side in ("L", "R")]
    hanging = to_hanging(pictures)
    assert hanging.layout == Layout(2, 2)
    assert _names(hanging.places) == ["R CC", "L CC", "R MLO", "L MLO"]


def test_a_missing_mammogram_leaves_its_place_empty() -> None:
    pictures = [
        _mammogram("L", "CC"),
        _mammogram("R", "MLO"),
        _mammogram("L", "MLO"),
    ]
    assert _names(to_hanging(pictures).places) == ["", "L CC", "R MLO", "L MLO"]


def test_two_craniocaudal_views_hang_side_by_side() -> None:
    hanging = to_hanging([_mammogram("L", "CC"), _mammogram("R", "CC")])
    assert hanging.layout == Layout(1, 2)
    assert _names(hanging.places) == ["R CC", "L CC"]


def test_raw_detector_images_are_left_out() -> None:
    raw = Picture(
        "raw", modality="MG", laterality="R", view_position="CC", for_processing=True
    )
    hanging = to_hanging([raw, _mammogram("R", "CC"), _mammogram("L", "CC")])
    assert _names(hanging.places) == ["R CC", "L CC"]


def test_a_single_radiograph_hangs_beside_its_prior() -> None:
    now, then = Picture("now", modality="CR"), Picture("then", modality="DX")
    hanging = to_hanging([now], priors=[_ct("other"), then])
    assert hanging.layout == Layout(1, 2)
    assert _names(hanging.places) == ["now", "then"]


def test_a_ct_does_not_bring_its_prior_along() -> None:
    assert _names(to_hanging([_ct("a")], priors=[_ct("b")]).places) == ["a"]
