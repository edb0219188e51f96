"""The consent texts that a new data folder begins with; an admin is expected to make them their own."""

LEARNING_LINES = {
    "en": "My photos and the pictures of my entries may also be used to adapt the program to the cameras "
    "here.",
    "de": "Meine Fotos und die Bilder meiner Einträge dürfen auch genutzt werden, um das Programm an die "
    "Kameras hier anzupassen.",
}
"""What a text has to say, by language, before anybody's photos are learned from; no text says it at first."""


def covers_learning(text: str) -> bool:
    """Tell whether a consent text says, in one of `LEARNING_LINES`, that photos may be learned from."""
    said = " ".join(text.split())
    return any(line in said for line in LEARNING_LINES.values())


FIRST_TEXTS: tuple[tuple[str, str], ...] = (
    (
        "en",
        """I agree that my employer recognises my face in order to record my attendance and to let me in.

What is kept: the photos taken today, the numbers that the program computes from them to compare faces, \
and a picture of my face with each of my entries. All of it stays, encrypted, on the computer of my \
employer; none of it is passed on.

It is my free choice. If I don't agree, I use a PIN instead and have no disadvantage. I may withdraw my \
consent at any time: the photos, the numbers and the pictures are then deleted at once, while my hours of \
work remain. I may see everything that is held on me.""",
    ),
    (
        "de",
        """Ich bin damit einverstanden, dass mein Arbeitgeber mein Gesicht erkennt, um meine Anwesenheit zu \
erfassen und mir Zutritt zu geben.

Gespeichert werden: die heute aufgenommenen Fotos, die Zahlen, die das Programm daraus zum Vergleichen von \
Gesichtern berechnet, und zu jedem meiner Einträge ein Bild meines Gesichts. All das bleibt verschlüsselt \
auf dem Rechner meines Arbeitgebers; nichts davon wird weitergegeben.

Meine Einwilligung ist freiwillig. Willige ich nicht ein, benutze ich stattdessen eine PIN und habe dadurch \
keinen Nachteil. Ich kann die Einwilligung jederzeit widerrufen: Fotos, Zahlen und Bilder werden dann sofort \
gelöscht, meine Arbeitszeiten bleiben erhalten. Ich kann alles einsehen, was über mich gespeichert ist.""",
    ),
)
