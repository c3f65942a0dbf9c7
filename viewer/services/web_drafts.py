"""A peer's DICOMweb while somebody describes it, and what is wrong with each text."""

from dataclasses import dataclass
from typing import Final, Self

from viewer.core.peers import Login, WebAccess
from viewer.core.web_address import is_address, is_discreet_address

_ADDRESS = "An address like https://host/dicom-web."
_DISCREET = "An address that begins with https://."


@dataclass(frozen=True, slots=True)
class WebDraft:
    """What stands in the fields; see `core.peers.WebAccess`."""

    url: str = ""
    login: Login = Login.NONE
    web_user: str = ""
    token_url: str = ""
    device_url: str = ""
    authorize_url: str = ""
    client_id: str = ""
    scope: str = ""

    @classmethod
    def of(cls, access: WebAccess | None) -> Self:
        """The fields of what is kept; empty ones for nothing."""
        if access is None:
            return cls()
        return cls(
            access.url,
            access.login,
            access.user,
            access.token_url,
            access.device_url,
            access.authorize_url,
            access.client_id,
            access.scope,
        )

    @property
    def is_described(self) -> bool:
        """Whether there is an address."""
        return bool(self.url.strip())

    @property
    def in_clear(self) -> bool:
        """Whether what logs in would travel so that anybody can read it."""
        logs_in = self.is_described and self.login is not Login.NONE
        return logs_in and not self.url.strip().startswith("https://")

    def faults(self) -> dict[str, str]:
        """What is wrong, by the name of the field."""
        if not self.is_described:
            return {}
        found: dict[str, str] = {}
        if not is_address(self.url.strip()):
            found["url"] = _ADDRESS
        if self.login is Login.BASIC and not self.web_user.strip():
            found["web_user"] = "Who logs in."
        if self.login is Login.OAUTH:
            found |= self._oauth_faults()
        return found

    def to_access(self) -> WebAccess | None:
        """The access; None if nothing is described.

        Raises
        ------
        ViewerError
            If a field is wrong.
        """
        if not self.is_described:
            return None
        oauth = self.login is Login.OAUTH
        return WebAccess(
            self.url.strip(),
            self.login,
            self.web_user.strip() if self.login is Login.BASIC else "",
            self.token_url.strip() * oauth,
            self.device_url.strip() * oauth,
            self.authorize_url.strip() * oauth,
            self.client_id.strip() * oauth,
            self.scope.strip() * oauth,
        )

    def _oauth_faults(self) -> dict[str, str]:
        found: dict[str, str] = {}
        if not self.client_id.strip():
            found["client_id"] = "Who Lightbox is there; its administrator knows."
        pages = [("device_url", self.device_url), ("authorize_url", self.authorize_url)]
        given = [(field, text) for field, text in pages if text.strip()]
        for field, text in (*given, ("token_url", self.token_url)):
            if not is_discreet_address(text.strip()):
                found[field] = _DISCREET
        if not given:
            found["authorize_url"] = "The page to log in on, or codes for devices."
        return found


NO_WEB: Final = WebDraft()
"""Nothing is described."""
