"""Which language the room speaks, and its translation."""

from __future__ import annotations

from importlib.resources import as_file, files

from qtpy.QtCore import QCoreApplication, QLibraryInfo, QLocale, QTranslator

LOCALES = ("fr", "en")


def resolve_locale(wanted: str) -> str:
    """``fr`` or ``en`` for a setting, where ``system`` follows the desktop; English for anything else."""
    name = QLocale.system().name() if wanted == "system" else wanted
    return next((known for known in LOCALES if name.lower().startswith(known)), "en")


def install_translation(application: QCoreApplication, locale: str) -> list[QTranslator]:
    """Translate the application from now on; remove the translators it returns to undo it."""
    installed = []
    base = QTranslator(application)
    if base.load(
        QLocale(locale), "qtbase", "_", QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)
    ):
        application.installTranslator(base)
        installed.append(base)
    own = QTranslator(application)
    with as_file(files("resources") / "i18n" / f"vigie_{locale}.qm") as file:
        if file.exists() and own.load(str(file)):
            application.installTranslator(own)
            installed.append(own)
    return installed
