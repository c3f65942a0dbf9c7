"""pynetdicom without its voice: its log lines hold names and identifiers."""

import logging

_SPEAKERS = ("pynetdicom", "pydicom")


def hush() -> None:
    """Take pynetdicom's and pydicom's log lines away before anything writes them.

    Call it wherever pynetdicom is imported. Not even a root logger at DEBUG sees a
    line afterwards: pynetdicom logs whole identifiers, titles and addresses.
    """
    from pynetdicom import _config  # noqa: PLC0415 - costs a quarter of a second

    _config.LOG_REQUEST_IDENTIFIERS = False
    _config.LOG_RESPONSE_IDENTIFIERS = False
    _config.LOG_HANDLER_LEVEL = "none"
    for name in _SPEAKERS:
        speaker = logging.getLogger(name)
        speaker.handlers[:] = [logging.NullHandler()]
        speaker.propagate = False
        speaker.setLevel(logging.CRITICAL + 1)
        for child in list(logging.root.manager.loggerDict):
            if child.startswith(f"{name}."):
                logging.getLogger(child).handlers.clear()
                logging.getLogger(child).propagate = True
