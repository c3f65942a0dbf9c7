"""Numbers of things, in words that agree with them."""


def counted(number: int, one: str, many: str = "") -> str:
    """`number` with the word for one of them or for several: ``1,200 files``.

    Parameters
    ----------
    number : int
    one : str
    many : str
        Where it is not `one` with an s: ``studies``, ``series``.
    """
    return f"1 {one}" if number == 1 else f"{number:,} {many or one + 's'}"
