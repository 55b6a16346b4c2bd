"""`vigie doctor` on the live feed: whether the broker answers, and which payloads were bad."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import paho.mqtt.publish
import pytest

from desktop.doctor import Check, check_feed
from desktop.link.wire import encode_state, state_topic
from desktop.paths import default_paths
from desktop.settings import FeedSettings, Settings
from desktop.sources import note_bad
from layers.model import Live
from tests.broker import Broker, free_port, running


@pytest.fixture
def broker(tmp_path: Path) -> Iterator[Broker]:
    yield from running(tmp_path)


def checks(feed: FeedSettings, home: Path) -> dict[str, Check]:
    paths = default_paths({"VIGIE_HOME": str(home)})
    return {check.name: check for check in check_feed(Settings(feed=feed), paths)}


def test_without_a_broker_the_demo_is_told(tmp_path: Path) -> None:
    assert checks(FeedSettings(), tmp_path)["feed"].status == "ok"


def test_a_broker_that_does_not_answer_is_a_failure_in_one_line(tmp_path: Path) -> None:
    port = free_port()
    found = checks(FeedSettings(url=f"mqtt://127.0.0.1:{port}"), tmp_path)["feed"]
    assert found.status == "failure" and str(port) in found.detail and "\n" not in found.detail


@pytest.mark.service
def test_bad_payloads_are_told_by_topic(broker: Broker, tmp_path: Path) -> None:
    good = encode_state(Live(time=1_790_000_000.0, sequence=1))
    for id, payload in (("A", b"{"), ("B", good)):
        topic = state_topic("street-lights", id)
        paho.mqtt.publish.single(topic, payload, 1, True, "127.0.0.1", broker.port)
    note_bad(default_paths({"VIGIE_HOME": str(tmp_path)}).feed_file, {"state/bollards": 3}, 0.0)
    found = checks(broker.settings(), tmp_path)
    assert found["feed"].status == "ok" and "1 retained" in found["feed"].detail
    assert found["feed payloads"].status == "warning"
    assert found["feed payloads"].detail == "bad: state/bollards 3, state/street-lights 1"
