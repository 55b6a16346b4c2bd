"""Bounded reading over HTTP: only the configured addresses, never more than agreed, one line on failure."""

from __future__ import annotations

import random
import ssl
import time
from collections.abc import Callable, Iterable, Mapping
from urllib.parse import urljoin, urlsplit

import httpx
import msgspec

MAX_BODY = 128 * 1024 * 1024
ATTEMPTS = 3
REDIRECTS = 5
PAUSE = 0.25
LONGEST_PAUSE = 5.0
GEOJSON = "application/geo+json, application/json;q=0.9, */*;q=0.1"
DEFAULT_PORTS = {"http": 80, "https": 443}


class RegistryError(Exception):
    """A registry cannot be read; one line: where, what, and what to do."""

    def __init__(self, where: str, what: str, remedy: str = "") -> None:
        line = f"{where}: {what}" + (f"; {remedy}" if remedy else "")
        super().__init__(" ".join(line.split()))
        self.where, self.what, self.remedy = where, what, remedy


class Unreachable(RegistryError):
    """Nobody answers at the registry's address, or it says that it is out of service."""


class Refused(RegistryError):
    """The registry answered with an error status."""

    def __init__(self, where: str, status: int, what: str, remedy: str = "") -> None:
        super().__init__(where, what, remedy)
        self.status = status


class Answer(msgspec.Struct, frozen=True):
    """One whole answer; `wire` is the bytes that crossed the network, before decompression."""

    url: str
    status: int
    headers: Mapping[str, str]
    body: bytes
    wire: int


Origin = tuple[str, str, int]


def origin_of(url: str) -> Origin:
    """(scheme, host, port) of an address. Raises ValueError for one that is not http(s)."""
    parts = urlsplit(url)
    if parts.scheme not in DEFAULT_PORTS or not parts.hostname:
        raise ValueError(f"{url!r} is not an http(s) address")
    return parts.scheme, parts.hostname.lower(), parts.port or DEFAULT_PORTS[parts.scheme]


class Http:
    """GET requests to one registry and to the hosts allowed beside it."""

    def __init__(
        self,
        base: str,
        *,
        allow_hosts: Iterable[str] = (),
        timeout: float = 20.0,
        verify: bool | str = True,
        transport: httpx.BaseTransport | None = None,
        max_body: int = MAX_BODY,
        pause: Callable[[float], None] = time.sleep,
    ) -> None:
        try:
            self.origin = origin_of(base)
        except ValueError as error:
            raise RegistryError("registry.url", str(error), "write it as https://server/path") from None
        self.base = base.rstrip("/")
        self._allowed = {host.lower() for host in allow_hosts}
        self._timeout, self._max_body, self._pause = timeout, max_body, pause
        self.received = 0
        self._client = httpx.Client(
            transport=transport,
            verify=_tls(verify) if transport is None else True,
            timeout=httpx.Timeout(timeout, connect=min(timeout, 10.0)),
            follow_redirects=False,
            headers={"User-Agent": "Vigie", "Accept": GEOJSON, "Accept-Encoding": "gzip"},
        )

    def close(self) -> None:
        """Close the connections kept open."""
        self._client.close()

    def resolve(self, link: str, page: str) -> str:
        """The address a link of a page may be followed to; raises RegistryError when it leaves the registry.

        A link that differs from the configured origin by its scheme alone, a habit of servers behind a TLS
        proxy, is followed on the configured origin.
        """
        url = urljoin(page, link)
        try:
            origin = origin_of(url)
        except ValueError as error:
            raise RegistryError(page, f"its link cannot be followed: {error}") from None
        if origin == self.origin:
            return url
        parts = urlsplit(url)
        if origin[1] == self.origin[1] and (parts.port is None or parts.port == self.origin[2]):
            return parts._replace(scheme=self.origin[0], netloc=urlsplit(self.base).netloc).geturl()
        name, host = f"{origin[1]}:{origin[2]}", origin[1]
        if host in self._allowed or name in self._allowed:
            return url
        raise RegistryError(
            page,
            f"its link leads to another address, {origin[0]}://{name}, and was not followed",
            f'if it is the same registry, add "{name}" to registry.allow_hosts in vigie.toml',
        )

    def get(
        self, url: str, *, headers: Mapping[str, str] | None = None, accept: tuple[int, ...] = ()
    ) -> Answer:
        """Read one address, following redirects within the allowed hosts.

        Statuses other than 2xx raise Refused unless listed in `accept`; connection failures and 502/503 are
        tried again, then raise Unreachable; a body over the limit or cut short raises RegistryError.
        """
        for _ in range(REDIRECTS):
            answer = self._persist(url, headers or {})
            location = answer.headers.get("location")
            if answer.status not in (301, 302, 303, 307, 308) or not location:
                return self._checked(answer, accept)
            url = self.resolve(location, url)
        raise RegistryError(url, "redirects without end", "check registry.url")

    def _persist(self, url: str, headers: Mapping[str, str]) -> Answer:
        for attempt in range(1, ATTEMPTS + 1):
            last = attempt == ATTEMPTS
            try:
                answer = self._read(url, headers)
            except httpx.TransportError as error:
                if last or not _worth_another_try(error):
                    raise self._unreachable(url, error) from error
                delay = 0.0
            else:
                if answer.status not in (502, 503):
                    return answer
                if last:
                    raise Unreachable(
                        url, f"the registry is out of service ({answer.status})", "it will be tried again"
                    )
                delay = _retry_after(answer.headers.get("retry-after", ""))
            self._pause(max(delay, PAUSE * 2**attempt * random.uniform(0.5, 1.0)))
        raise AssertionError("the last attempt returns or raises")

    def _read(self, url: str, headers: Mapping[str, str]) -> Answer:
        deadline = time.monotonic() + 10 * self._timeout
        chunks: list[bytes] = []
        size = 0
        try:
            with self._client.stream("GET", url, headers=dict(headers)) as response:
                for chunk in response.iter_bytes():
                    size += len(chunk)
                    if size > self._max_body:
                        raise RegistryError(
                            url,
                            f"the answer is larger than {self._max_body // 1024 // 1024} MB",
                            "lower registry.page_size in vigie.toml",
                        )
                    if time.monotonic() > deadline:
                        raise Unreachable(url, f"the answer is not complete after {10 * self._timeout:.0f} s")
                    chunks.append(chunk)
                wire = response.num_bytes_downloaded
        except httpx.DecodingError as error:
            raise RegistryError(url, f"the compressed answer is damaged ({error})") from error
        except httpx.RemoteProtocolError as error:
            if size or "incomplete" in str(error):
                raise RegistryError(
                    url, f"the answer stops after {size:,} bytes", "try again; nothing was removed"
                ) from error
            raise
        except (httpx.InvalidURL, httpx.UnsupportedProtocol) as error:
            raise RegistryError(url, f"not a usable address ({error})", "check registry.url") from error
        self.received += wire
        return Answer(url, response.status_code, response.headers, b"".join(chunks), wire)

    def _checked(self, answer: Answer, accept: tuple[int, ...]) -> Answer:
        status = answer.status
        if 200 <= status < 300 or status in accept:
            return answer
        where = answer.url
        if status in (401, 403):
            raise Refused(where, status, f"access refused ({status})", "check the rights of this workstation")
        if status == 404:
            raise Refused(where, status, "not found (404)", "check registry.url and the collection's name")
        said = answer.body[:200].decode("utf-8", "replace")
        raise Refused(where, status, f"the registry answers {status}: {' '.join(said.split())}")

    def _unreachable(self, url: str, error: httpx.TransportError) -> Unreachable:
        if isinstance(error, httpx.TimeoutException):
            what = f"no answer within {self._timeout:g} s"
        elif "CERTIFICATE" in str(error).upper():
            return Unreachable(
                url,
                f"its certificate is not accepted ({error})",
                "set registry.verify to your authority's file in vigie.toml",
            )
        else:
            what = f"no answer ({str(error) or type(error).__name__})"
        return Unreachable(url, what, "check registry.url and the network")


def _tls(verify: bool | str) -> ssl.SSLContext | bool:
    if isinstance(verify, bool):
        return verify
    try:
        return ssl.create_default_context(cafile=verify)
    except (OSError, ssl.SSLError) as error:
        raise RegistryError(
            "registry.verify",
            f"cannot use {verify} ({error})",
            "name the file of your authority's certificates",
        ) from error


def _worth_another_try(error: httpx.TransportError) -> bool:
    text = str(error).upper()
    broken = httpx.ConnectError | httpx.ConnectTimeout | httpx.ReadError | httpx.RemoteProtocolError
    return isinstance(error, broken) and "CERTIFICATE" not in text


def _retry_after(value: str) -> float:
    return min(float(value), LONGEST_PAUSE) if value.isdigit() else 0.0
