"""One sound for each priority. It can be silenced for a while, never for good."""

from __future__ import annotations

import math
import struct
import tempfile
import time
import wave
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from qtpy.QtCore import QObject, QTimer, QUrl, Signal
from qtpy.QtGui import QAction
from qtpy.QtWidgets import QApplication, QMenu, QPushButton, QWidget

from desktop.panels.look import Look
from desktop.panels.wording import HARD, MINUTE
from layers.definition import Severity

if TYPE_CHECKING:
    from desktop.operations import Operations

RATE = 22_050
"""Samples a second, 16 bits, one channel."""
TONES: dict[Severity, tuple[tuple[float, float], ...]] = {
    Severity.HIGH: ((880.0, 0.14), (0.0, 0.06), (880.0, 0.14), (0.0, 0.06), (1174.7, 0.22)),
    Severity.MEDIUM: ((740.0, 0.16), (0.0, 0.07), (740.0, 0.2)),
    Severity.LOW: ((587.3, 0.2),),
    Severity.INFO: ((440.0, 0.12),),
}
"""(hertz, seconds) of each note; 0 Hz is silence. More urgent: higher, and more notes."""
SPANS = (5 * MINUTE, 15 * MINUTE, 30 * MINUTE)
"""For how long the sound may be silenced, seconds."""
LOUDNESS, FADE = 0.45, 0.012
"""Share of the full range; seconds over which a note comes and goes, so that it does not click."""
GAP = 1.0
"""Seconds between two sounds of the same priority or a lower one: a flood is not a siren."""


def tone(severity: Severity) -> bytes:
    """Samples of a priority's sound: 16 bits, little-endian, `RATE` a second."""
    samples: list[int] = []
    for hertz, seconds in TONES.get(severity, ()):
        count = int(seconds * RATE)
        for i in range(count):
            edge = min(1.0, i / (FADE * RATE), (count - i) / (FADE * RATE))
            samples.append(int(32767 * LOUDNESS * edge * math.sin(2 * math.pi * hertz * i / RATE)))
    return struct.pack(f"<{len(samples)}h", *samples)


def write_tone(severity: Severity, file: Path) -> None:
    """Write a priority's sound as a WAV file."""
    with wave.open(str(file), "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(RATE)
        out.writeframes(tone(severity))


class Player:
    """Plays through the sound card, loaded with the first sound; the system's bell where there is none."""

    def __init__(self, parent: QObject) -> None:
        self._parent = parent
        self._folder: tempfile.TemporaryDirectory[str] | None = None
        self._effects: dict[Severity, QObject] = {}

    def play(self, severity: Severity) -> None:
        """Sound a priority."""
        effect = self._effects.get(severity) or self._load(severity)
        if effect is None:
            QApplication.beep()
        else:
            effect.play()  # type: ignore[attr-defined]

    def close(self) -> None:
        """Remove the files of the sounds."""
        self._effects.clear()
        if self._folder is not None:
            self._folder.cleanup()
            self._folder = None

    def _load(self, severity: Severity) -> QObject | None:
        try:  # the module needs the system's sound library, which a server may not have
            from qtpy.QtMultimedia import QMediaDevices, QSoundEffect
        except ImportError:
            return None
        if QMediaDevices.defaultAudioOutput().isNull():
            return None
        if self._folder is None:
            self._folder = tempfile.TemporaryDirectory(prefix="vigie-sounds-", ignore_cleanup_errors=True)
        file = Path(self._folder.name) / f"priority-{severity.priority}.wav"
        write_tone(severity, file)
        effect = QSoundEffect(self._parent)
        effect.setSource(QUrl.fromLocalFile(str(file)))
        self._effects[severity] = effect
        return effect


class Sounds(QObject):
    """Sounds what `operations` wants heard, unless it is silenced for a while."""

    changed = Signal()
    """It was silenced, is heard again, or has less time left."""

    def __init__(
        self,
        operations: Operations,
        look: Look,
        parent: QObject | None = None,
        *,
        clock: Callable[[], float] = time.monotonic,
        play: Callable[[Severity], object] | None = None,
    ) -> None:
        super().__init__(parent)
        self.look = look
        self._clock = clock
        self._player = Player(self)
        self._play = play or self._player.play
        self._until = 0.0
        self._last = (-GAP, Severity.NORMAL)
        self._second = QTimer(self, interval=1000)
        self._second.timeout.connect(self.tick)
        operations.sound_wanted.connect(self.sound)
        self.destroyed.connect(self._player.close)

    @property
    def left(self) -> float:
        """Seconds for which it is still silent; 0 when it is heard."""
        return max(0.0, self._until - self._clock())

    def sound(self, severity: int) -> None:
        """Sound a severity, unless silenced or just sounded."""
        now, wanted = self._clock(), Severity(severity)
        sounded, last = self._last
        if wanted is Severity.NORMAL or self.left or (0 <= now - sounded < GAP and wanted <= last):
            return
        self._last = (now, wanted)
        self._play(wanted)

    def silence(self, seconds: float) -> None:
        """Be silent for `seconds`, at most for the longest of the choices."""
        self._until = self._clock() + min(max(0.0, seconds), SPANS[-1])
        self._second.start()
        self.changed.emit()

    def unsilence(self) -> None:
        """Be heard again."""
        self._until = 0.0
        self._second.stop()
        self.changed.emit()

    def tick(self) -> None:
        """Let time pass."""
        if not self.left:
            self._second.stop()
        self.changed.emit()


class SoundButton(QPushButton):
    """Says whether alarms are heard, or how long they are not; its menu silences them for a while."""

    def __init__(self, sounds: Sounds, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("small")
        self._sounds = sounds
        menu = QMenu(self)
        for span in SPANS:
            action = QAction(self.tr("Silence for {0} min").format(int(span // MINUTE)), menu)
            action.triggered.connect(self._silencer(span))
            menu.addAction(action)
        menu.addSeparator()
        self._again = QAction(self.tr("Sound again now"), menu)
        self._again.triggered.connect(sounds.unsilence)
        menu.addAction(self._again)
        self.setMenu(menu)
        sounds.changed.connect(self._write)
        sounds.look.changed.connect(self._write)
        self._write()

    def _silencer(self, span: float) -> Callable[[], None]:
        return lambda: self._sounds.silence(span)

    def _write(self) -> None:
        left = math.ceil(self._sounds.left)
        self._again.setEnabled(left > 0)
        if not left:
            self.setText(self.tr("Sound"))
            self.setToolTip(self.tr("Alarms are heard. They can be silenced for 30 minutes at most."))
        else:
            self.setText(self.tr("Silent for {0}").format(f"{left // MINUTE}:{left % MINUTE:02d}"))
            self.setToolTip(self.tr("Alarms are not heard until then; they still blink."))
        color = self._sounds.look.theme.p3.name() if left else ""
        self.setStyleSheet(f"color: {color}; border-color: {color}" if color else "")
        self.setAccessibleName(self.text().replace(HARD, " "))
