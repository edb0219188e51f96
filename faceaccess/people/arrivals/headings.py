"""Headings of staff lists in the languages that people send them in, without case, accents and signs.

Of each field the plain words come first; the vague ones after them count where no plain one is there.
"""

from collections.abc import Mapping

from faceaccess.codes import ImportField

WORDS: Mapping[ImportField, tuple[tuple[str, ...], ...]] = {
    ImportField.STAFF_NUMBER: (
        (
            "staff number", "staff no", "staff id", "personnel number", "personnel no", "employee number",
            "employee id", "employee no", "employee code", "payroll number", "badge number", "badge id",
            "personalnummer", "personalnr", "personal nr", "mitarbeiternummer", "matricule",
            "numero de empleado", "matricola", "numero de matricula", "matricula", "personeelsnummer",
            "numer pracownika", "osobni cislo", "torzsszam", "sicil no", "tabelnyi nomer", "табельныи номер",
            "工号", "员工编号", "員工編號", "社員番号", "사번",
        ),
        ("number", "no", "nr", "id", "nummer", "numero", "numer", "cislo", "szam", "numara", "номер", "编号"),
    ),
    ImportField.EMAIL: (
        (
            "email", "e mail", "email address", "e mail address", "e mail adresse", "emailadresse",
            "courriel", "correo", "correo electronico", "adres e mail", "e mailadres", "posta elettronica",
            "电子邮件", "邮箱", "メール", "почта",
        ),
        ("mail",),
    ),
    ImportField.PHOTO: (
        (
            "photo", "photos", "picture", "pictures", "photo file", "photo path", "foto", "fotos", "bild",
            "bilder", "photographie", "imagen", "immagine", "imagem", "afbeelding", "zdjecie", "fotka",
            "fotografie", "kep", "fenykep", "fotograf", "фото", "照片", "写真", "사진",
        ),
        (
            "image", "images", "file", "path", "filename", "file name", "datei", "plik", "soubor", "фаил",
            "文件",
        ),
    ),
    ImportField.CONSENT_DATE: (
        (
            "consent date", "consent given", "consented on", "einwilligung am", "date of consent",
            "date de consentement", "datum der einwilligung",
        ),
        (
            "consent", "einwilligung", "consentement", "consentimiento", "consenso", "consentimento",
            "toestemming", "zgoda",
        ),
    ),
    ImportField.DEPARTMENT: (
        (
            "department", "dept", "abteilung", "departement", "departamento", "dipartimento", "afdeling",
            "dzial", "oddeleni", "osztaly", "departman", "отдел", "部门", "部門", "部署", "부서",
        ),
        ("team", "unit", "bereich", "service", "reparto"),
    ),
    ImportField.NAME: (
        (
            "full name", "display name", "employee name", "vollstandiger name", "vor und nachname",
            "nom complet", "nombre completo", "nome completo", "volledige naam", "imie i nazwisko",
            "jmeno a prijmeni", "ad soyad", "фио", "姓名", "氏名", "이름",
        ),
        ("name", "person", "nom", "nombre", "nome", "naam", "jmeno", "nev", "ime", "имя", "名前"),
    ),
}  # fmt: skip

FIRST_NAME = (
    "first name", "firstname", "given name", "given names", "forename", "vorname", "vornamen", "prenom",
    "prenoms", "primeiro nome", "voornaam", "imie", "krestni jmeno", "keresztnev", "имя",
)  # fmt: skip
MIDDLE_NAME = ("middle name", "middle names", "zweiter vorname", "tussenvoegsel", "отчество")
LAST_NAME = (
    "last name", "lastname", "surname", "family name", "nachname", "familienname", "zuname",
    "nom de famille", "apellido", "apellidos", "cognome", "sobrenome", "apelido", "achternaam", "nazwisko",
    "prijmeni", "vezeteknev", "soyad", "soyadi", "prezime", "фамилия",
)  # fmt: skip
