"""Certificates of an authority of ours, made anew for each test run."""

import shutil
import ssl
import subprocess
from pathlib import Path

import pytest

_EXTENSIONS = "subjectAltName=DNS:{host}\nextendedKeyUsage=serverAuth,clientAuth\n"


class Certificates:
    """A folder of certificates and keys (PEM), made by `openssl`."""

    def __init__(self, folder: Path) -> None:
        if shutil.which("openssl") is None:
            pytest.skip("openssl is not here")
        self._folder = folder
        for authority in ("authority", "stranger"):
            self._openssl(
                *("req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2"),
                *("-subj", f"/CN={authority}", "-keyout", f"{authority}.key"),
                *("-addext", "basicConstraints=critical,CA:TRUE"),
                *("-out", f"{authority}.crt"),
            )

    def path(self, name: str) -> Path:
        """The file of a certificate: ``authority``, ``stranger`` or one issued."""
        return self._folder / f"{name}.crt"

    def key(self, name: str) -> Path:
        """The file of its key."""
        return self._folder / f"{name}.key"

    def issue(self, name: str, host: str, by: str = "authority", days: int = 2) -> None:
        """Make a certificate for `host`."""
        extensions = self._folder / "extensions"
        extensions.write_text(_EXTENSIONS.format(host=host))
        self._openssl(
            *("req", "-newkey", "rsa:2048", "-nodes", "-subj", f"/CN={name}"),
            *("-keyout", f"{name}.key", "-out", f"{name}.csr"),
        )
        self._openssl(
            *("x509", "-req", "-in", f"{name}.csr", "-CA", f"{by}.crt"),
            *("-CAkey", f"{by}.key", "-CAcreateserial", "-days", str(days)),
            *("-extfile", "extensions", "-out", f"{name}.crt"),
        )

    def server(self, name: str, *, mutual: bool = False) -> ssl.SSLContext:
        """What a peer encrypts with that shows `name`, and may want ours."""
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.path(name), self.key(name))
        if mutual:
            context.load_verify_locations(self.path("authority"))
            context.verify_mode = ssl.CERT_REQUIRED
        return context

    def _openssl(self, *words: str) -> None:
        subprocess.run(
            ["openssl", *words], cwd=self._folder, check=True, capture_output=True
        )
