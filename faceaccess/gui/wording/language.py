"""The catalogue of the language that the window speaks."""

from PySide6.QtCore import QCoreApplication, QTranslator

from faceaccess import paths


def install(app: QCoreApplication) -> None:
    """Install the English catalogue, once: the texts stand in the program, the plurals in a catalogue.

    Raises:
        FaceAccessError: the installation is incomplete.
    """
    if app.findChild(QTranslator) is None:
        translator = QTranslator(app)
        translator.load(str(paths.resource("translations/faceaccess_en.qm")))
        app.installTranslator(translator)
