"""A connection to an MQTT broker as Vigie makes them: checked TLS, one-line errors, nothing kept to send.

A new client is made for each connection, since paho would send again what an old one had not delivered; a
command must not leave after the link was lost.
"""

from __future__ import annotations

import os
import ssl
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from paho.mqtt import client as paho
from paho.mqtt.enums import CallbackAPIVersion, MQTTProtocolVersion
from paho.mqtt.packettypes import PacketTypes
from paho.mqtt.properties import Properties

from desktop.settings import FEED_PASSWORD, FeedSettings

PORTS = {"mqtt": 1883, "mqtts": 8883, "ws": 80, "wss": 443}
CONNECT_SECONDS = 5.0
SESSION_SECONDS = 3600
"""How long the broker keeps the session of a console that is away."""
LARGEST_PACKET = 4_194_304
"""Bytes the broker may send at once: far over what is decoded, so that what is too large is still counted."""
KEYRING_SERVICE = "vigie"
TOO_OLD = (1, 132)
"""Reason codes of a broker that does not know the version of the protocol."""


class _Socket(ssl.SSLSocket):
    """Closes itself when the handshake fails; paho would leave it open."""

    def do_handshake(self, block: bool = False) -> None:
        try:
            super().do_handshake(block)
        except OSError:
            self.close()
            raise


class BrokerError(Exception):
    """The broker cannot be used; one line."""


def make_client(
    settings: FeedSettings, client_id: str, version: MQTTProtocolVersion, *, clean: bool = False
) -> paho.Client:
    """A client that is not connected yet; a `clean` one gets nothing of what came while it was away.

    Raises BrokerError for files or a keyring that cannot be used.
    """
    parts = urlsplit(settings.url or "")
    web = parts.scheme in ("ws", "wss")
    client = paho.Client(
        CallbackAPIVersion.VERSION2,
        client_id=client_id,
        clean_session=None if version == MQTTProtocolVersion.MQTTv5 else clean,
        protocol=version,
        transport="websockets" if web else "tcp",
        reconnect_on_failure=False,
    )
    client.connect_timeout = CONNECT_SECONDS
    client.max_inflight_messages_set(1000)
    if web:
        client.ws_set_options(path=parts.path or "/mqtt")
    if parts.scheme in ("mqtts", "wss"):
        client.tls_set_context(_context(settings))
    username = settings.username or parts.username
    if username:
        client.username_pw_set(username, password_of(username))
    return client


def connect(client: paho.Client, settings: FeedSettings, *, clean: bool = False) -> None:
    """Open the connection and begin to serve it. Raises BrokerError when nobody answers as a broker."""
    parts = urlsplit(settings.url or "")
    host, port = parts.hostname or "", parts.port or PORTS[parts.scheme]
    options: dict[str, Any] = {}
    if client.protocol == MQTTProtocolVersion.MQTTv5:
        properties = Properties(PacketTypes.CONNECT)  # type: ignore[no-untyped-call]
        properties.SessionExpiryInterval = 0 if clean else SESSION_SECONDS
        properties.MaximumPacketSize = LARGEST_PACKET
        options = {"clean_start": clean, "properties": properties}
    # paho needs two silences of its own keepalive to tell that the peer is gone.
    keepalive = (settings.keepalive_s + 1) // 2
    try:
        client.connect(host, port, keepalive, **options)
    except (OSError, ValueError, paho.WebsocketConnectionError) as error:
        raise BrokerError(f"{host}:{port}: {trouble_of(error)}") from None
    client.loop_start()


def trouble_of(error: Exception) -> str:
    """What went wrong with a connection, in a few words."""
    if isinstance(error, ssl.SSLCertVerificationError):
        return f"its certificate is refused ({error.verify_message})"
    if isinstance(error, ssl.SSLError):
        return f"no TLS connection ({error.reason or error})"
    if isinstance(error, TimeoutError):
        return "does not answer"
    if isinstance(error, OSError):
        return error.strerror or str(error) or "not reachable"
    return " ".join(str(error).split()) or "not a broker"


def password_of(username: str, environment: Mapping[str, str] | None = None) -> str | None:
    """The password of the broker's user: of the environment, else of the keyring, else None.

    Raises BrokerError when the keyring cannot be read.
    """
    found = (os.environ if environment is None else environment).get(FEED_PASSWORD)
    if found:
        return found
    import keyring
    from keyring.errors import KeyringError

    try:
        return keyring.get_password(KEYRING_SERVICE, username)
    except KeyringError as error:
        reason = " ".join(str(error).split())[:120]
        raise BrokerError(
            f"the keyring cannot be read ({reason}); unlock it or set {FEED_PASSWORD}"
        ) from None


def _context(settings: FeedSettings) -> ssl.SSLContext:
    file = settings.ca
    try:
        context = ssl.create_default_context(cafile=None if file is None else str(file))
        context.sslsocket_class = _Socket
        file = settings.cert
        if file is not None:
            context.load_cert_chain(file, settings.key)
    except (OSError, ssl.SSLError) as error:
        raise BrokerError(f"{file}: {trouble_of(error)}; correct `[feed]` in the settings") from None
    return context
