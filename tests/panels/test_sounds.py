"""Alarms are heard by priority; silence ends by itself and never lasts longer than half an hour."""

from __future__ import annotations

import struct
import sys
import wave
from collections.abc import Iterator
from pathlib import Path

import pytest
from qtpy.QtCore import QObject, Signal
from qtpy.QtWidgets import QApplication

from desktop.map.theme import load_theme
from desktop.panels.look import Look
from desktop.panels.sounds import GAP, RATE, SPANS, SoundButton, Sounds, tone, write_tone
from layers.definition import Severity


class Source(QObject):
    """What asks for sounds."""

    sound_wanted = Signal(int)


class Ear:
    """What was heard, and the clock."""

    def __init__(self) -> None:
        self.now, self.heard = 1000.0, list[Severity]()
        self.source = Source()
        self.look = Look(load_theme("dark"), "fr")
        self.sounds = Sounds(
            self.source,  # type: ignore[arg-type]
            self.look,
            clock=lambda: self.now,
            play=self.heard.append,
        )

    def ask(self, severity: Severity, later: float = 10.0) -> None:
        self.now += later
        self.source.sound_wanted.emit(int(severity))


@pytest.fixture
def ear(french: None) -> Iterator[Ear]:
    made = Ear()
    yield made
    made.sounds.unsilence()


def test_every_priority_has_a_sound_of_its_own_and_stays_in_range() -> None:
    made = {it: tone(it) for it in Severity if it is not Severity.NORMAL}
    assert len(set(made.values())) == 4
    assert len(made[Severity.HIGH]) > len(made[Severity.LOW]) > 0
    for data in made.values():
        samples = struct.unpack(f"<{len(data) // 2}h", data)
        assert samples[0] == 0 and abs(samples[-1]) < 2000 and max(samples) > 8000
    assert tone(Severity.NORMAL) == b""


def test_a_tone_is_a_wav_file_that_can_be_read_back(tmp_path: Path) -> None:
    write_tone(Severity.MEDIUM, tmp_path / "2.wav")
    with wave.open(str(tmp_path / "2.wav")) as file:
        assert (file.getframerate(), file.getnchannels(), file.getsampwidth()) == (RATE, 1, 2)
        assert file.readframes(10**7) == tone(Severity.MEDIUM)


def test_alarms_are_heard(ear: Ear) -> None:
    ear.ask(Severity.LOW)
    ear.ask(Severity.HIGH)
    ear.ask(Severity.NORMAL)
    assert ear.heard == [Severity.LOW, Severity.HIGH]


def test_a_flood_is_not_a_siren_but_worse_is_heard_at_once(ear: Ear) -> None:
    for _ in range(5):
        ear.ask(Severity.LOW, later=GAP / 10)
    ear.ask(Severity.HIGH, later=GAP / 10)
    assert ear.heard == [Severity.LOW, Severity.HIGH]


def test_silence_ends_by_itself(ear: Ear) -> None:
    ear.sounds.silence(SPANS[0])
    ear.ask(Severity.HIGH, later=SPANS[0] - 1)
    assert ear.heard == [] and ear.sounds.left == pytest.approx(1.0)
    ear.ask(Severity.HIGH, later=2.0)
    assert ear.heard == [Severity.HIGH] and ear.sounds.left == 0.0


def test_nobody_silences_alarms_for_good(ear: Ear) -> None:
    ear.sounds.silence(10**9)
    assert ear.sounds.left == SPANS[-1] == 1800


def test_the_button_says_that_it_is_silent_and_for_how_long(ear: Ear) -> None:
    button = SoundButton(ear.sounds)
    assert button.text() == "Son"
    actions = [it for it in button.menu().actions() if not it.isSeparator()]
    assert [it.text() for it in actions] == [
        "Couper 5\u00a0min",
        "Couper 15\u00a0min",
        "Couper 30\u00a0min",
        "Rétablir le son",
    ]
    actions[1].trigger()
    ear.now += 61
    ear.sounds.tick()
    assert button.text() == "Son coupé 13:59" and actions[3].isEnabled()
    actions[3].trigger()
    assert button.text() == "Son" and ear.sounds.left == 0.0


def test_without_a_sound_card_the_bell_rings(french: None, monkeypatch: pytest.MonkeyPatch) -> None:
    rung: list[int] = []
    monkeypatch.setattr(QApplication, "beep", lambda: rung.append(1))
    source = Source()
    sounds = Sounds(source, Look(load_theme("dark"), "fr"))  # type: ignore[arg-type]
    monkeypatch.setitem(sys.modules, "qtpy.QtMultimedia", None)
    source.sound_wanted.emit(int(Severity.HIGH))
    assert rung == [1]
    sounds.deleteLater()
