"""What the user or the administrator chose: `vigie.toml`, then environment variables over it.

Every setting has a variable: VIGIE_REGISTRY_URL is `url` of `[registry]`, VIGIE_BASEMAP is `basemap`.
VIGIE_THEME and VIGIE_LOCALE stand for those of `[appearance]`.
"""

from __future__ import annotations

import difflib
import os
import re
import socket
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal, get_type_hints
from urllib.parse import urlsplit

import msgspec
from msgspec import Meta

from desktop.paths import Paths

BROKERS = ("mqtt", "mqtts", "ws", "wss")
SHORT = {"VIGIE_THEME": ("appearance", "theme"), "VIGIE_LOCALE": ("appearance", "locale")}

FEED_PASSWORD = "VIGIE_FEED_PASSWORD"
"""Variable of the broker's password, for machines without a keyring. No setting: settings may be shown."""


class SettingsError(Exception):
    """A setting cannot be used; one line: where, which, and what to do."""


class RegistrySettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The equipment registry, an OGC API Features server. Without an address, the demo metropolis opens."""

    url: str | None = None
    mapping: Path | None = None
    """File saying which collection and property feed which layer and field."""
    allow_hosts: tuple[str, ...] = ()
    """Further hosts that the registry's links may lead to."""
    timeout_s: Annotated[float, Meta(gt=0, le=600)] = 20.0
    page_size: Annotated[int, Meta(ge=1, le=10_000)] = 1000
    interval_s: Annotated[float, Meta(ge=1)] = 60.0
    """Seconds between two syncs."""
    verify: bool | str = True
    """Whether to check the server's certificate, or the file of the authorities to check it with."""


class FeedSettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The live feed, an MQTT broker. Its password is in the keyring, under "vigie" and the user's name."""

    url: str | None = None
    """mqtt, mqtts, ws or wss, a host, a port unless it is the usual one, and the path of a WebSocket."""
    username: str | None = None
    ca: Path | None = None
    """File of the authorities to check the broker's certificate with, rather than the system's."""
    cert: Path | None = None
    """File of this console's certificate, with the chain that leads to its authority."""
    key: Path | None = None
    """File of the certificate's private key, when it is apart."""
    client_id: Annotated[str, Meta(max_length=100)] = ""
    """How the broker knows this console; made from its name when empty."""
    keepalive_s: Annotated[int, Meta(ge=2, le=3600)] = 5
    """Seconds without a word from the broker after which the link is held to be lost."""


class AppearanceSettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How the application looks and speaks."""

    theme: Literal["dark", "light", "system"] = "dark"
    locale: Literal["fr", "en", "system"] = "system"
    reduced_motion: bool = False
    scale: Annotated[float, Meta(ge=0.5, le=4)] = 1.0


class TerritorySettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The territory shown."""

    name: str = "Dijon Métropole"


class DemoSettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The demo metropolis, shown when no registry is configured."""

    seed: int = 21
    assets: Annotated[int, Meta(ge=2_000, le=2_000_000)] = 40_000
    """About how many objects to generate; 40,000 is the real count of Dijon."""


class Settings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """All settings; every one has a default."""

    registry: RegistrySettings = RegistrySettings()
    feed: FeedSettings = FeedSettings()
    appearance: AppearanceSettings = AppearanceSettings()
    territory: TerritorySettings = TerritorySettings()
    demo: DemoSettings = DemoSettings()
    basemap: Path | None = None
    """Basemap package; the demo's own when there is none."""
    console: str = msgspec.field(default_factory=socket.gethostname)
    """Name of this workstation, as others see it."""

    @property
    def is_demo(self) -> bool:
        """Whether the demo metropolis is shown: no registry is configured."""
        return self.registry.url is None


def load_settings(paths: Paths, environment: Mapping[str, str] | None = None) -> Settings:
    """Read the settings file, if there is one, and the environment; paths in them are relative to the file.

    Raises SettingsError, one line, for an unknown setting, a wrong type or a file that cannot be read.
    """
    environment = os.environ if environment is None else environment
    file = paths.settings_file
    settings = _convert(_read(file), str(file))
    for variable, (section, name) in _variables().items():
        if text := environment.get(variable, ""):
            settings = _set(settings, section, name, _value(text, section, name), f"{variable}={text!r}")
    return _placed(settings, file.parent)


def with_broker(settings: Settings, url: str) -> Settings:
    """The settings with another broker's address. Raises SettingsError."""
    return _set(settings, "feed", "url", url, "--broker")


def unknown_variables(environment: Mapping[str, str]) -> list[str]:
    """Variables that look like settings and are none, such as a misspelt one."""
    known = {FEED_PASSWORD, "VIGIE_HOME", "VIGIE_VENV", "VIGIE_PYTHON", "VIGIE_PYGEOAPI_VENV", *_variables()}
    return sorted(name for name in environment if name.startswith("VIGIE_") and name not in known)


def warnings_about(environment: Mapping[str, str]) -> list[str]:
    """A line for each variable that looks like a setting and is none, with what was probably meant."""
    lines = []
    for name in unknown_variables(environment):
        meant = difflib.get_close_matches(name, _variables(), 1, cutoff=0.8)
        advice = f"did you mean {meant[0]}?" if meant else "unset it"
        lines.append(f"{name}: no such setting, ignored; {advice}")
    return lines


def _read(file: Path) -> dict[str, Any]:
    try:
        found: dict[str, Any] = msgspec.toml.decode(file.read_bytes())
    except FileNotFoundError:
        return {}
    except OSError as error:
        raise SettingsError(f"{file}: cannot be read ({error.strerror}); check its permissions") from error
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise SettingsError(f"{file}: not valid TOML ({_line(error)}); mend or remove the file") from error
    return found


def _variables() -> dict[str, tuple[str, str]]:
    """(section, setting) by variable; the section is empty for a setting outside of any."""
    found = dict(SHORT)
    for name, kind in get_type_hints(Settings).items():
        if isinstance(kind, type) and issubclass(kind, msgspec.Struct):
            found.update({f"VIGIE_{name}_{each}".upper(): (name, each) for each in kind.__struct_fields__})
        else:
            found[f"VIGIE_{name}".upper()] = ("", name)
    return found


def _value(text: str, section: str, name: str) -> object:
    if name == "allow_hosts":
        return [each.strip() for each in text.split(",") if each.strip()]
    if name == "verify":
        return {"true": True, "1": True, "false": False, "0": False}.get(text.lower(), text)
    return text


def _set(settings: Settings, section: str, name: str, value: object, source: str) -> Settings:
    values = msgspec.to_builtins(settings, enc_hook=str)
    (values[section] if section else values)[name] = value
    return _convert(values, source, strict=False)


def _convert(values: dict[str, Any], source: str, strict: bool = True) -> Settings:
    try:
        settings = msgspec.convert(values, Settings, dec_hook=_path, strict=strict)
    except msgspec.ValidationError as error:
        message, _, place = _line(error).partition(" - at `$")
        key = place.strip("`.")
        advice = "correct or remove it"
        if "unknown field" in message:
            section: Any = get_type_hints(Settings).get(key, Settings)
            advice = f"known here: {', '.join(section.__struct_fields__)}"
        raise SettingsError(f"{source}: {key + ': ' if key else ''}{message}; {advice}") from error
    url = settings.registry.url
    if url is not None and not _is_address(url):
        raise SettingsError(f"{source}: registry.url: {url!r} is no address; write https://host/path")
    feed = settings.feed.url
    if feed is not None and not _is_address(feed, BROKERS):
        raise SettingsError(
            f"{source}: feed.url: {without_password(feed)!r} is no address; write mqtts://host:8883"
        )
    if feed is not None and urlsplit(feed).password is not None:
        raise SettingsError(f"{source}: feed.url: holds a password; keep it in the keyring (see the README)")
    return settings


def _placed(settings: Settings, folder: Path) -> Settings:
    """With every path absolute: relative ones start at the settings file's folder."""
    registry = settings.registry
    placed = msgspec.structs.replace(
        registry,
        mapping=None if registry.mapping is None else folder / registry.mapping.expanduser(),
        verify=str(folder / Path(registry.verify).expanduser())
        if isinstance(registry.verify, str)
        else registry.verify,
    )
    feed = settings.feed
    named = {name: getattr(feed, name) for name in ("ca", "cert", "key")}
    feed = msgspec.structs.replace(
        feed, **{name: folder / file.expanduser() for name, file in named.items() if file is not None}
    )
    basemap = None if settings.basemap is None else folder / settings.basemap.expanduser()
    return msgspec.structs.replace(settings, registry=placed, feed=feed, basemap=basemap)


def without_password(url: str) -> str:
    """An address as it may be written in a log."""
    return re.sub(r"(//[^/@:]*):[^/@]*@", r"\1:***@", url)


def _is_address(url: str, schemes: tuple[str, ...] = ("http", "https")) -> bool:
    try:
        parts = urlsplit(url)
        return parts.scheme in schemes and bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False


def _path(kind: type, value: object) -> object:
    if kind is Path and isinstance(value, str):
        return Path(value)
    raise msgspec.ValidationError(f"Expected a path, got `{type(value).__name__}`")


def _line(error: BaseException) -> str:
    return " ".join(str(error).split())
