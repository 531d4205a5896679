"""What stands on the benchmark's pictures: phrases about people, and technical ones.

None of the names here is among those that training draws.
"""
from dataclasses import dataclass, replace
from functools import lru_cache

FAMILY = ("Okafor Whitcombe Delacroix Abernathy Castellano Haddad Ferreira Thistlewood Ivanova Blackburn MacGregor O'Connor "
          "Stein Ahmed Kaplan Rossi Ali Ng Lee Hon Cho Fox Day").split()
ACCENTED = "Søndergård Böhm Peña Dvořák Åkesson Léger Núñez".split()
GIVEN = "Laura Esther Giles Harriet Tobias Ingrid Felix Pat Ian Miriam Salma Rufus Clara Edwin Ada Li Jo".split()
#: Alone on a line; the shortest that there are.
SHORT = "Ali Ng Hon Pat Lee Cho Fox Day Ian Ada".split()
PLACES = "Northvale Eastmoor Brannock Hollins Kingsmere Dunfold Ashby Westray".split()
HOUSES = ("General Hospital", "Infirmary", "Clinic", "Medical Centre", "Kreiskrankenhaus", "Imaging", "Children's Hospital")
STREETS = ("Linden Road", "High Street", "Mill Lane", "Cathedral Close", "Foundry St", "Park Avenue")
MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()

#: Names in PN form without Latin letters, and institutions, by script.
FOREIGN = {
    "cyrillic": ("Ковалёв^Игорь Соколова^Вера Бондаренко^Олег".split(), ["Городская больница", "Отделение хирургии"]),
    "greek": ("Νικολάου^Ελένη Δημητρίου^Πέτρος".split(), ["Γενικό Νοσοκομείο", "Κλινική Αθηνών"]),
    "cjk": ("中村^一郎 高木^花子 林^小明 王^大明".split(), ["中央病院", "第一病院"]),
    "hangul": ("최^민수 정^수진".split(), ["중앙병원"]),
}


@dataclass(frozen=True)
class Phrase:
    text: str
    is_phi: bool
    #: Kind (`HeaderIdentifiers.Kind`) and value as they would stand in the header.
    identifiers: tuple = ()
    script: str = "latin"
    #: Stands before what is about the person, as "DOB " does.
    label: str = ""


def phrase(rng, face):
    """A phrase that the font can write; seven in ten are about a person."""
    while True:
        scripts = [s for s in FOREIGN if s in face.scripts]
        if scripts and rng.random() < .15:
            found = foreign(rng, scripts[rng.integers(len(scripts))])
        elif rng.random() < .7:
            found = PERSONAL[rng.integers(len(PERSONAL))](rng)
        else:
            found = Phrase(technical(rng), False)
        if found.script == "latin" and rng.random() < .3:
            found = replace(found, text=found.text.upper())
        if can_write(face, found.text):
            return found


def can_write(face, text):
    if face.path.endswith((".jhf", ".pcf.gz")):
        return text.isascii()
    codes = characters(face.path)
    return all(ord(c) in codes for c in text)


@lru_cache(maxsize=None)
def characters(path):
    from fontTools.ttLib import TTFont
    return frozenset(TTFont(path, fontNumber=0, lazy=True).getBestCmap())


def labelled(label, value, *identifiers):
    return Phrase(label + value, True, identifiers, label=label)


def pick(rng, choices):
    return str(choices[rng.integers(len(choices))])


def digits(rng, count):
    return "".join(map(str, [rng.integers(1, 10), *rng.integers(0, 10, count - 1)]))


# MARK: - About a person

def foreign(rng, script):
    names, houses = FOREIGN[script]
    if rng.random() < .3:
        house = pick(rng, houses)
        return Phrase(house, True, (("institution", house),), script)
    value = pick(rng, names)
    return Phrase(value.replace("^", " "), True, (("person-name", value),), script)


def person(rng):
    family, given = pick(rng, FAMILY + ACCENTED), pick(rng, GIVEN)
    forms = (f"{family}, {given}", f"{family}^{given}", f"{given} {family}", f"{given[0]}. {family}", f"{family} {given[0]}",
             f"{family.upper()} {given}")
    return labelled(pick(rng, ("", "", "", "Name: ")), pick(rng, forms), ("person-name", f"{family}^{given}"))


def short_name(rng):
    name = pick(rng, SHORT)
    return labelled("", name, ("person-name", f"{name}^{pick(rng, GIVEN)}"))


def physician(rng):
    family, given = pick(rng, FAMILY), pick(rng, GIVEN)
    value = pick(rng, (family, f"{given[0]}. {family}", f"{given} {family}"))
    return labelled(pick(rng, ("Dr. ", "Dr ", "Ref: ")), value, ("other-person-name", f"{family}^{given}"))


def number(rng):
    value = pick(rng, (digits(rng, 7), digits(rng, 9), f"{digits(rng, 3)}-{digits(rng, 4)}", pick(rng, "ABKTW") + digits(rng, 6)))
    return labelled(pick(rng, ("", "ID: ", "MRN ", "Pat ID ")), value, ("identifier", value))


def accession(rng):
    value = pick(rng, "ARX") + digits(rng, 8)
    return labelled(pick(rng, ("Acc# ", "ACC ", "")), value, ("accession-number", value))


def nhs_number(rng):
    """Ten figures, the last a check of the others modulo 11."""
    while True:
        first = digits(rng, 9)
        check = 11 - sum(int(d) * (10 - i) for i, d in enumerate(first)) % 11
        if check != 10:
            break
    value = first + str(check % 11)
    text = f"{value[:3]} {value[3:6]} {value[6:]}"
    return labelled(pick(rng, ("", "NHS ", "NHS No. ")), text, ("identifier", value))


def date(rng):
    year, month, day = int(rng.integers(1925, 2026)), int(rng.integers(1, 13)), int(rng.integers(1, 29))
    named = MONTHS[month - 1]
    forms = (f"{day:02}/{month:02}/{year}", f"{year}-{month:02}-{day:02}", f"{day:02}.{month:02}.{year % 100:02}",
             f"{day:02}-{named}-{year}", f"{named} {day}, {year}", f"{day} {named} {year}", f"{year}{month:02}{day:02}")
    label = pick(rng, ("", "", "DOB ", "Study Date: "))
    return labelled(label, pick(rng, forms), ("date", f"{year}{month:02}{day:02}"))


def time(rng):
    hour, minute, second = (int(rng.integers(n)) for n in (24, 60, 60))
    half = f"{(hour + 11) % 12 + 1}:{minute:02} {'AM' if hour < 12 else 'PM'}"
    text = pick(rng, (f"{hour:02}:{minute:02}", f"{hour:02}:{minute:02}:{second:02}", half))
    return labelled("", text, ("time", f"{hour:02}{minute:02}{second:02}"))


def institution(rng):
    place = pick(rng, PLACES)
    value = pick(rng, (f"{place} {pick(rng, HOUSES)}", f"St. {place}'s {pick(rng, HOUSES[:3])}", f"Univ. of {place}"))
    return labelled("", value, ("institution", value))


def address(rng):
    postcode = f"{pick(rng, ('LS', 'EH', 'SW', 'NE'))}{rng.integers(1, 20)} {rng.integers(1, 10)}{pick(rng, ('JT', 'AA', 'QF'))}"
    value = pick(rng, (f"{rng.integers(1, 200)} {pick(rng, STREETS)}", f"{pick(rng, PLACES)} {postcode}", postcode))
    return labelled("", value, ("address", value))


def telephone(rng):
    value = pick(rng, (f"+44 20 7946 0{digits(rng, 3)}", f"({digits(rng, 3)}) 555-01{digits(rng, 2)}"))
    return labelled(pick(rng, ("", "Tel ")), value, ("telephone", value))


#: Names are drawn more often than the rest.
PERSONAL = (person, person, person, short_name, physician, number, accession, nhs_number, date, date, time, institution,
            address, telephone)


# MARK: - Technical

def technical(rng):
    n = lambda low, high: int(rng.integers(low, high))
    return pick(rng, (
        f"{n(60, 141)} kVp", f"{n(2, 25)} cm", f"W {n(1, 20) * 50} L {n(-4, 10) * 10}", f"TR {n(4, 60) * 50} TE {n(8, 120)}",
        f"Thk {n(1, 10)}.{pick(rng, '05')} mm", f"FOV {n(12, 50) * 10}", f"{n(20, 400)} mAs", f"Zoom {n(100, 300)}%",
        f"MI {n(0, 2)}.{n(1, 10)}", f"Gain {n(20, 90)}", f"FA {n(5, 90)}", f"{n(20, 80)} fps", f"Im: {n(1, 200)}",
        f"Se: {n(1, 12)}", f"{n(1, 9) * 64} x {n(1, 9) * 64}", f"LAO {n(5, 50)}", f"T{n(1, 3)} AX", "LEFT", "RIGHT", "AP ERECT",
        "SUPINE", "PA", "R LAT", f"{n(3, 18)} MHz", f"DLP {n(50, 900)}", f"{n(5, 40)} mm", "Portal venous"))
