"""The encoding of a file's letters: from a mark, a detector, or somebody who knows."""

import codecs
import re
import unicodedata
from dataclasses import dataclass, replace

from faceaccess.errors import EnrolmentError, Text, sentences

USUAL = (
    "windows-1252", "windows-1250", "windows-1251", "windows-1253", "windows-1254", "windows-1255",
    "windows-1256", "windows-1257", "windows-1258", "cp874", "iso-8859-2", "iso-8859-15", "koi8-r",
    "macroman", "maclatin2", "maccyrillic", "cp437", "cp850", "cp852", "ibm866",
    "gb18030", "big5", "shift_jis", "euc-jp", "euc-kr",
)  # fmt: skip
"""What spreadsheet programs and HR systems write besides Unicode; where nothing tells, the earlier ones."""

# That of UTF-32 begins like that of UTF-16.
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_READ_BYTES = 1 << 18
_WORD = re.compile(r"[^\s;,|\t\"<>()/\\@.0-9_:-]+")
_NEVER = frozenset({"Cc", "Cn", "Co", "Cs", "So"})
_NOT_IN_WORDS = frozenset({"Sc", "Sm", "Sk", "No", "Po", "Ps", "Pe", "Pi", "Pd"})
_WITHOUT_BLANKS = frozenset(
    {"CJK", "HIRAGANA", "KATAKANA", "KATAKANA-HIRAGANA", "HANGUL", "IDEOGRAPHIC", "THAI"}
)
_MOST_OTHERS = 2
_AS_LIKELY = 0.5
_AS_GOOD = 0.75
"""A candidate that is this near to the detector's first is as good; then the usual order decides."""


@dataclass(frozen=True)
class Letters:
    """The text of a file and its encoding.

    Attributes:
        encoding: which they were read in.
        odd: a word that looks wrong, or "".
        others: encodings that may be the right one, each with a word as it is here and as it would be there.
    """

    text: str
    encoding: str
    odd: str = ""
    others: tuple[tuple[str, str, str], ...] = ()

    def hint(self) -> Text | None:
        """Say how the letters were read where they may be wrong; None where nothing speaks for that."""
        if not self.odd and not self.others:
            return None
        sample = self.odd or self.others[0][1]
        read = Text(
            "Letters were read as {encoding}, such as “{sample}”.",
            {"encoding": self.encoding, "sample": sample},
        )
        looks = (Text("That looks wrong."),) if self.odd else ()
        others = (
            Text(
                "In {encoding}, “{here}” would be “{there}”.",
                {"encoding": name, "here": here, "there": there},
            )
            for name, here, there in self.others
        )
        return sentences(read, *looks, *others)


def read_letters(data: bytes, encoding: str | None = None) -> Letters:
    """Return the text of a file's bytes.

    Args:
        data: of the file.
        encoding: as somebody says; None finds out.

    Raises:
        EnrolmentError: there is no such encoding, or the file isn't in it.
    """
    if encoding is not None:
        return _told(data, encoding)
    for mark, codec in _MARKS:
        if data.startswith(mark):
            return _checked(data.decode(codec, "replace"), codec)
    try:
        return _checked(data.decode("utf-8"), "utf-8")
    except UnicodeDecodeError:
        pass
    for codec, start in (("utf-16-le", 1), ("utf-16-be", 0)):
        # Every second byte of Latin words is nought.
        half = data[start:400:2]
        if half and half.count(0) > len(half) // 2:
            return _checked(data.decode(codec, "replace"), codec)
    return _guessed(data)


def _told(data: bytes, encoding: str) -> Letters:
    try:
        codec = "utf-8-sig" if codecs.lookup(encoding).name == "utf-8" else encoding
        return _checked(data.decode(codec), encoding)
    except (LookupError, ValueError) as exc:
        if isinstance(exc, UnicodeDecodeError):
            raise EnrolmentError(
                "The file isn't in {encoding}.", "Say another encoding.", encoding=encoding
            ) from exc
        raise EnrolmentError(
            "There is no encoding {encoding!r}.",
            "Usual ones: utf-8, utf-16, {usual}.",
            encoding=encoding,
            usual=", ".join(USUAL),
        ) from exc


def _guessed(data: bytes) -> Letters:
    """Return the text in the likeliest encoding: first by how words look, then as the detector says."""
    # Takes a moment to import.
    import chardet

    sample = data[:_READ_BYTES]
    include = [*USUAL, "utf-16-le", "utf-16-be"]
    answers = chardet.detect_all(sample, ignore_threshold=True, include_encodings=include)
    usual = {codecs.lookup(name).name: name for name in USUAL}
    likely: dict[str, float] = {}
    for answer in answers:
        if answer["encoding"]:
            codec = codecs.lookup(answer["encoding"]).name
            likely.setdefault(usual.get(codec, codec), answer["confidence"])
    names = [*likely, *(name for name in USUAL if name not in likely)]
    # The start of each only: all of a large file in two dozen encodings would fill the memory.
    readings = [(name, text[:_READ_BYTES]) for name in names if (text := _decoded(data, name)) is not None]
    if not readings:
        raise EnrolmentError("The file's letters can't be read.", "Save it anew as CSV UTF-8.")
    best = max(likely.values(), default=0.0)

    def rank(reading: tuple[str, str]) -> tuple[int, bool, int]:
        name, text = reading
        is_as_good = likely.get(name, 0.0) >= _AS_GOOD * best
        return len(_odd_words(text)), not is_as_good, USUAL.index(name) if name in USUAL else 0

    readings.sort(key=rank)
    name, text = readings[0]
    letters = _checked(data.decode(name), name)
    likely_too = [other for other in readings[1:] if likely.get(other[0], 0.0) >= _AS_LIKELY * best]
    others = [(name, *pair) for name, other in likely_too if (pair := _difference(text, other))]
    return replace(letters, others=tuple(others[:_MOST_OTHERS]))


def _difference(text: str, others: str) -> tuple[str, str] | None:
    """Return the first word that two readings differ in, in both; None where the other looks wrong."""
    pairs = zip(_WORD.findall(text[:_READ_BYTES]), _WORD.findall(others[:_READ_BYTES]), strict=False)
    return None if _odd_words(others) else next((pair for pair in pairs if pair[0] != pair[1]), None)


def _decoded(data: bytes, codec: str) -> str | None:
    try:
        return data.decode(codec)
    except UnicodeDecodeError:
        return None


def _checked(text: str, encoding: str) -> Letters:
    return Letters(text, encoding, next(iter(_odd_words(text)), ""))


def _odd_words(text: str) -> list[str]:
    """Return the words that nobody writes so: signs among letters, two scripts, capitals inside."""
    return [word for word in _WORD.findall(text[:_READ_BYTES]) if not word.isascii() and _is_odd(word)]


def _is_odd(word: str) -> bool:
    kinds = [unicodedata.category(sign) for sign in word]
    if "\ufffd" in word or not _NEVER.isdisjoint(kinds):
        return True
    if re.search(r"[ªº].", word):
        return True
    scripts = {_script(sign) for sign, kind in zip(word, kinds, strict=True) if kind[0] == "L"}
    if not scripts or scripts <= _WITHOUT_BLANKS:
        return False
    signs = [kind for sign, kind in zip(word, kinds, strict=True) if not sign.isascii() and sign != "·"]
    if len(scripts) > 1 or not _NOT_IN_WORDS.isdisjoint(signs):
        return True
    # A capital with an accent inside of a word with small letters.
    return any(
        kinds[at] == "Lu" and kinds[at - 1][0] == "L" and "Ll" in kinds[at - 1 : at + 2]
        for at in range(1, len(word))
        if not word[at].isascii()
    )


def _script(letter: str) -> str:
    """Return the script of a letter: the first word of its name."""
    script = unicodedata.name(letter, "?").split()[0]
    return "LATIN" if script in ("FEMININE", "MASCULINE", "MODIFIER") else script
