"""Find a command by what a hurried hand types."""

from collections.abc import Iterable

from viewer.commands.desk import DeskCommand


def ranked(commands: Iterable[DeskCommand], typed: str) -> list[DeskCommand]:
    """The commands whose title, menu or id has the letters of `typed` in their order.

    Best first: letters in a row count most, then letters that start words; equals
    stay in the order they came.
    """
    wanted = typed.casefold().replace(" ", "")
    scored = [(_score(command, wanted), command) for command in commands]
    found = [(score, command) for score, command in scored if score is not None]
    found.sort(key=lambda pair: -pair[0])
    return [command for _, command in found]


def _score(command: DeskCommand, wanted: str) -> float | None:
    in_title = _fit(command.title.casefold(), wanted)
    if in_title is not None:
        return in_title + 1
    return _fit(f"{command.menu} {command.title} {command.id}".casefold(), wanted)


def _fit(text: str, wanted: str) -> float | None:
    """How well the letters of `wanted` are found in `text`; None if they are not.

    Every possible start is tried, so that a letter that happens to come early does
    not hide the word that was meant.
    """
    if not wanted:
        return 0.0
    starts = [at for at, letter in enumerate(text) if letter == wanted[0]]
    fits = [fit for at in starts if (fit := _fit_from(text, wanted, at)) is not None]
    return max(fits, default=None)


def _fit_from(text: str, wanted: str, start: int) -> float | None:
    score, at, previous = 0.0, start, start - 2
    for letter in wanted:
        at = text.find(letter, at)
        if at < 0:
            return None
        word_start = at == 0 or not text[at - 1].isalnum()
        in_a_row = at == previous + 1
        score += 3.0 if in_a_row else 2.5 if word_start else 0.5
        previous = at
        at += 1
    return score / len(wanted) - 0.01 * start
