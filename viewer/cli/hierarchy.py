"""How `lightbox show` says what a study consists of."""

from collections.abc import Iterator, Sequence

from viewer.cli.studies import study_document
from viewer.core.counts import counted
from viewer.core.errors import GeometryError
from viewer.core.identity import PersonName
from viewer.core.image_classes import lacks_pixels
from viewer.core.listing import Conflict
from viewer.core.opened import OpenSeries, OpenStudy
from viewer.core.records import StoredInstance
from viewer.core.series_faults import without_pixels
from viewer.core.stacks import Stack


def document(study: OpenStudy, conflicts: Sequence[Conflict]) -> dict[str, object]:
    """The study, its series with stacks and instances, and what is at odds with it."""
    return {
        "study": study_document(study.summary),
        "series": [_series(series) for series in study.series],
        "conflicts": [
            {
                "kind": conflict.kind,
                "study_uid": conflict.study_uid,
                "series_uid": conflict.series_uid,
                "sop_instance_uid": conflict.sop_instance_uid,
                "patient_name": conflict.patient_name or None,
                "patient_id": conflict.patient_id or None,
                "path": conflict.path,
            }
            for conflict in conflicts
        ],
    }


def _series(series: OpenSeries) -> dict[str, object]:
    record = series.record
    return {
        "series_uid": record.series_uid,
        "modality": record.modality or None,
        "number": record.number,
        "description": record.description or None,
        "body_part": record.body_part or None,
        "laterality": record.laterality or None,
        "protocol": record.protocol or None,
        "manufacturer": record.manufacturer or None,
        "frame_of_reference_uid": record.frame_of_reference_uid or None,
        "missing": series.missing,
        "stacks": [_stack(stack, series) for stack in series.stacks],
        "instances": [_instance(stored, series) for stored in series.instances],
        "unavailable": [
            {"sop_instance_uid": uid, "reason": reason}
            for uid, reason in series.unavailable.items()
        ],
    }


def _stack(stack: Stack, series: OpenSeries) -> dict[str, object]:
    return {
        "index": stack.index,
        "label": stack.label or None,
        "localizer": stack.localizer,
        "images": len(stack.frames),
        "faults": stack.faults,
        "volume": _volume(stack, series),
    }


def _volume(stack: Stack, series: OpenSeries) -> dict[str, object]:
    """The grid of the stack: voxel ``(column, row, slice)`` to LPS mm, or why not."""
    try:
        volume = series.volume(stack)
    except GeometryError as error:
        return {"reason": error.message}
    return {
        "shape": volume.shape,
        "spacing_mm": volume.spacing_mm,
        "axes": volume.letters,
        "affine": volume.affine.tolist(),
    }


def _instance(stored: StoredInstance, series: OpenSeries) -> dict[str, object]:
    record = stored.instance
    pixels = record.image.pixels if record.image is not None else None
    return {
        "sop_instance_uid": record.sop_instance_uid,
        "sop_class_uid": record.sop_class_uid,
        "transfer_syntax_uid": record.transfer_syntax_uid,
        "number": record.number,
        "title": record.title or None,
        "rows": pixels and pixels.rows,
        "columns": pixels and pixels.columns,
        "frames": pixels and pixels.frames,
        "path": stored.path,
        "lacks_pixels": lacks_pixels(record),
        "available": record.sop_instance_uid not in series.unavailable,
    }


def lines(study: OpenStudy, conflicts: Sequence[Conflict]) -> Iterator[str]:
    """The same for people, indented."""
    summary = study.summary
    name = PersonName.from_pn(summary.patient_name).display or "no name"
    yield f"{name} · {summary.patient_id or 'no ID'}"
    day = summary.study_date or "no date"
    yield f"  {day} {summary.description or 'no description'} · {summary.study_uid}"
    if summary.missing:
        whole = counted(summary.instances + summary.missing, "instance")
        yield f"  ! {summary.instances:,} of {whole} are here"
    for series in study.series:
        yield from _series_lines(series)
    for conflict in conflicts:
        yield f"  conflict ({conflict.kind}): {conflict.path}"


def _series_lines(series: OpenSeries) -> Iterator[str]:
    record = series.record
    number = "–" if record.number is None else record.number
    count = len(series.instances)
    yield (
        f"    {number} {record.modality} {record.description or 'no description'} · "
        f"{counted(count, 'instance')} · {record.series_uid}"
    )
    for stack in series.stacks:
        words = [counted(len(stack.frames), "image"), stack.label]
        words += ["localizer"] * stack.localizer
        yield "      " + ", ".join(word for word in words if word)
        for fault in stack.faults:
            yield f"        ! {fault.sentence}"
    if series.headers_alone and not series.stacks:
        yield f"      ! {without_pixels(len(series.headers_alone)).sentence}"
    for uid, reason in series.unavailable.items():
        yield f"      ! {uid}: {reason}"
