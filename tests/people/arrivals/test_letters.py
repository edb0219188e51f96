"""Encodings of tables: told from the letters, and said where they may be wrong."""

import pytest

from faceaccess.errors import EnrolmentError
from faceaccess.people.arrivals.letters import read_letters

GERMAN = "Name;Personalnummer;Foto\nJürgen Groß;1;a.jpg\nNoëlle Ünal;2;b.jpg\n"
POLISH = "Imię;Numer;Zdjęcie\nŁukasz Żółć;1;a.jpg\nZofia Świątek;2;b.jpg\n"
CZECH = "Jméno;Číslo;Foto\nTomáš Řehoř;1;a.jpg\nŽaneta Čapková;2;b.jpg\n"
CHINESE = "姓名,工号,照片\n张伟,0001,a.jpg\n王芳,0002,b.jpg\n"
RUSSIAN = "Имя;Номер;Фото\nИван Петров;1;a.jpg\nМария Сидорова;2;b.jpg\n"
GREEK = "Όνομα;Φωτο\nΓιώργος Παπαδόπουλος;a.jpg\nΕλένη Νικολάου;b.jpg\n"


@pytest.mark.parametrize(
    ("words", "encoding"),
    [
        (GERMAN, "cp1252"),
        (GERMAN, "mac-roman"),
        (GERMAN, "cp850"),
        (GERMAN, "utf-16-le"),
        (GERMAN, "utf-16"),
        (GERMAN, "utf-32"),
        (GERMAN, "utf-8-sig"),
        (POLISH, "cp1250"),
        (CZECH, "cp1250"),
        (CZECH, "utf-8"),
        (CHINESE, "gbk"),
        (CHINESE.replace("张伟", "陳大文").replace("号", "號"), "big5"),
        (CHINESE, "utf-16-be"),
        (RUSSIAN, "cp1251"),
        (RUSSIAN, "koi8-r"),
        (GREEK, "cp1253"),
        ("氏名,写真\n田中太郎,a.jpg\n鈴木花子,b.jpg\n", "shift_jis"),
        ("Nom;Photo\nFrançois Lefèvre;a.jpg\n", "cp1252"),
        ("Name;Photo\nSean O’Brien;a.jpg\n", "cp1252"),
    ],
)
def test_letters_are_read_in_the_encoding_that_they_are_in(words: str, encoding: str) -> None:
    """Fault: whatever wasn't Unicode was read as Western European: '£ukasz ¯ó³æ' would be enrolled."""
    if encoding.startswith("utf-16-b") or encoding == "utf-16-le":
        words = words if "Name" in words else "\ufeff" + words
    assert read_letters(words.encode(encoding)).text.lstrip("\ufeff") == words.lstrip("\ufeff")


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ("Name\nKręcki\nAda\n".encode("cp1250"), "In windows-1250, “Krêcki” would be “Kręcki”"),
        ("Name\nJÃ¼rgen\n".encode(), "“JÃ¼rgen”. That looks wrong"),
        ("Name\nAda\ufffd\n".encode(), "That looks wrong"),
    ],
)
def test_letters_that_may_be_wrong_are_said(data: bytes, said: str) -> None:
    assert said in str(read_letters(data).hint())


@pytest.mark.parametrize(
    "words", [GERMAN, POLISH, CHINESE, RUSSIAN, "Name\nMª José O'Neil d’Arc Ángel\n", "Name\nAda\n"]
)
def test_nothing_is_said_of_letters_that_are_plain(words: str) -> None:
    assert read_letters(words.encode()).hint() is None


def test_the_encoding_may_be_told() -> None:
    data = "Name\nKręcki\n".encode("cp1250")
    assert "Kręcki" in read_letters(data, "windows-1250").text
    with pytest.raises(EnrolmentError, match="no encoding 'latin-9000'"):
        read_letters(data, "latin-9000")
    with pytest.raises(EnrolmentError, match="isn't in utf-8"):
        read_letters(data, "utf-8")
