"""Made-up patients, staff and hospitals. Every name and number here is a canary: it stands nowhere else."""

import uuid
from dataclasses import dataclass, field

# All UIDs stand under one UUID-derived root (PS3.5 B.2), itself a canary.
UID_ROOT = "2.25." + str(uuid.uuid5(uuid.NAMESPACE_DNS, "sampledata.quench.invalid").int)
IMPLEMENTATION_UID = UID_ROOT + ".900.1"


def nhs_number(nine_digits: str) -> str:
    """Nine digits and their modulus 11 check digit; 999… is never issued."""
    check = 11 - sum(int(d) * (10 - i) for i, d in enumerate(nine_digits)) % 11
    if check == 10:
        raise ValueError("no check digit for " + nine_digits)
    return nine_digits + str(check % 11)


@dataclass(frozen=True)
class Site:
    name: str
    address: str
    department: str


@dataclass(frozen=True)
class Patient:
    number: int
    name: str  # PN in Unicode, groups separated by "="
    id: str
    birth: str
    sex: str
    nhs: str
    old_name: str
    street: str
    postcode: str
    phone: str
    character_set: object = "ISO_IR 100"

    @property
    def parts(self) -> list:
        """Family, given, middle of the alphabetic group."""
        return self.name.split("=")[0].split("^")

    @property
    def caret(self) -> str:
        return self.name.split("=")[0]

    @property
    def comma(self) -> str:
        """As most scanners show it: FAMILY, GIVEN MIDDLE."""
        return self.parts[0] + ", " + " ".join(self.parts[1:])

    @property
    def folder(self) -> str:
        return "_".join(self.parts[:2]).replace("'", "").replace(" ", "_") + "_" + self.id.replace("/", "-")


@dataclass(frozen=True)
class Study:
    patient: Patient
    number: int
    date: str
    time: str
    accession: str
    id: str
    description: str
    site: Site
    station: str
    referring: str
    performing: str
    operator: str
    comment: str
    extra: dict = field(default_factory=dict)

    @property
    def uid(self) -> str:
        return f"{UID_ROOT}.{self.patient.number}.{self.number}"

    @property
    def age(self) -> int:
        born, today = self.patient.birth, self.date
        return int(today[:4]) - int(born[:4]) - (today[4:] < born[4:])

    def series_uid(self, series: int) -> str:
        return f"{self.uid}.{series}"

    def instance_uid(self, series: int, instance: int) -> str:
        return f"{self.uid}.{series}.{instance}"


MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()


def day_month_name(date: str, separator: str = " ") -> str:
    return separator.join([date[6:], MONTHS[int(date[4:6]) - 1], date[:4]])


def slashes(date: str) -> str:
    return f"{date[6:]}/{date[4:6]}/{date[:4]}"


def dots(date: str) -> str:
    return f"{date[6:]}.{date[4:6]}.{date[:4]}"


def iso(date: str) -> str:
    return f"{date[:4]}-{date[4:6]}-{date[6:]}"


NORTHVALE = Site("NORTHVALE ROYAL INFIRMARY", "7 Tarnhollow Road, Northvale", "Wexcombe Imaging Suite")
EASTMERE = Site("EASTMERE GENERAL HOSPITAL", "Skelderfoot Parade 200, Eastmere", "Radiology B2")
KLINIK = Site("KLINIKUM OBERSTÖCKACH", "Silberdistelweg 31, Oberstöckach", "Institut für Radiologie Haus 4")
SAITAMORI = Site("SAITAMORI CHUO HOSPITAL", "4-17-3 Kirinomachi, Saitamori", "Echo Lab")
SITES = [NORTHVALE, EASTMERE, KLINIK, SAITAMORI]


def _patient(
    number,
    name,
    patient_id,
    birth,
    sex,
    digits,
    old_name,
    street,
    postcode,
    phone,
     character_set="ISO_IR 100"):
    return Patient(
        number, name, patient_id, birth, sex, nhs_number(digits), old_name, street, postcode, phone, character_set)


QUILLFEATHER = _patient(
    1, "QUILLFEATHER^OSWIN^TAMBLYN", "ZX88-4471-Q", "19511103", "M", "999400101", "QUILLFETHER^OSWYN",
    "14 Wrenfoot Lane, Northvale", "NV7 3QZ", "0117 496 0823")
BRAMBLEWICK = _patient(
    2, "BRAMBLEWICK^HESPERIA", "BW-20771-KX", "19570226", "F", "999400201", "VON STRÖHMBERG^HESPERIA",
    "Haselnussgasse 9, Oberstöckach", "D-99834", "03641 555 0142")
VANTERPOOLE = _patient(
    3, "VANTERPOOLE^LYSANDER", "VP0093351", "19480714", "M", "999400301", "VANDERPOLE^LYSANDER",
    "Ferrywood Terrace 3, Eastmere", "EM2 9XX", "0161 496 0377")
THISTLECROFT = _patient(
    4, "THISTLECROFT^MARIGOLDE", "TC#55120", "19660901", "F", "999400401", "PEPPERELL^MARIGOLDE",
    "88 Ottersbrook Close, Eastmere", "EM4 1QT", "0161 496 0912")
NIGHTINGVALE = _patient(
    5, "NIGHTINGVALE^CORDELINE", "US-7719-034-B", "19790319", "F", "999400501", "ASHDUMBLE^CORDELINE",
    "2 Plovermoor Mews, Northvale", "NV1 8ZA", "0117 496 0455")
# The patient scanned before on the same machine, whose name was left on one frame of the cine.
MARROWBANE = _patient(
    6, "MARROWBANE^ISOLDINE", "US-7718-991-A", "19880412", "F", "999400606", "MARROWBANE^ISOLDINE",
    "5 Plovermoor Mews, Northvale", "NV1 8ZC", "0117 496 0456")
PELLINGHURST = _patient(
    7, "PELLINGHURST^BARNABUS", "PH640022", "19640212", "M", "999400701", "PELLINGHURST^BARNEBAS",
    "The Gatehouse Crumblewell, Northvale", "NV9 5RD", "0117 496 0099")
WINTERBOURNLEY = _patient(
    8, "WINTERBOURNLEY^THADDEA", "0045-WB-1883", "19420527", "F", "999400801", "SEDGEWORTHY^THADDEA",
    "31 Cuckoopint Way, Eastmere", "EM8 8PL", "0161 496 0020")
FARTHINGDALE = _patient(
    9, "FARTHINGDALE^PEREGRIN^X", "FD-MR-30117", "19901230", "M", "999400904", "FARTHINGDALE^PERRY",
    "60 Lapwing Steps, Eastmere", "EM3 3HH", "0161 496 0731")
ALI = _patient(
    10, "ALI^ZUBEYDEK", "AZ-118-6602", "19730608", "M", "999401001", "ALI^ZUBAIDEK",
    "12 Saffronmill Court, Northvale", "NV2 2AL", "0117 496 0610")
NG = _patient(
    11, "NG^WAIXUNLI", "N07-33182", "19850921", "F", "999401101", "NG^XUNLIWAI",
    "7B Harbourgleam House, Eastmere", "EM1 6NG", "0161 496 0846")
OBRIEN = _patient(
    12, "O'BRIEN-SMITH^CAOILFHIONNE", "OBS/77-4410", "19930117", "F", "999401201", "O'BRIEN^CAOILFHIONNE",
    "3 Drumlinside, Northvale", "NV6 7OB", "0117 496 0277")
KURONUMA = _patient(
    13, "Kuronuma^Taruo=黒沼^樽夫=くろぬま^たるお", "KZ-5580-17", "19610505", "M", "999401301",
    "Kuronema^Taruoh", "2-9-44 Hoshikusacho, Saitamori", "355-9018", "048 555 0199", ["", "ISO 2022 IR 87"])
GOSLINGTHORPE = _patient(
    14, "GOSLINGTHORPE^EVADNEA", "GT 440 918", "19391208", "F", "999401401", "WIMBLETREE^EVADNEA",
    "Hollyhurst Almshouse 4, Northvale", "NV3 1GT", "0117 496 0184")
CHIVERSBY = _patient(
    15, "CHIVERSBY^ULRICKA", "CVB-2210-9", "20010415", "F", "999401504", "CHIVERSBEY^ULRIKA",
    "19 Larkspurhill, Eastmere", "EM5 5CV", "0161 496 0517")
MUEHLENBROCKER = _patient(
    16, "MÜHLENBRÖCKER^ÄGIDIUSZ", "MB.1188.72", "19720229", "M", "999401601", "MUEHLENBROECKER^AEGIDIUSZ",
    "Kirschblütenallee 70, Oberstöckach", "D-99837", "03641 555 0177", "ISO_IR 192")
DUNMARROCH = _patient(
    17, "DUNMARROCH^FENELLIA", "DM-LOSS-4471", "19550620", "F", "999401701", "DUNMARROW^FENELLIA",
    "Kestrelcombe Farm, Northvale", "NV8 0DM", "0117 496 0733")
PATIENTS = [
    QUILLFEATHER, BRAMBLEWICK, VANTERPOOLE, THISTLECROFT, NIGHTINGVALE, MARROWBANE, PELLINGHURST, WINTERBOURNLEY,
    FARTHINGDALE, ALI, NG, OBRIEN, KURONUMA, GOSLINGTHORPE, CHIVERSBY, MUEHLENBROCKER, DUNMARROCH]


def study(patient, number, date, time, description, site, station, **extra) -> Study:
    """A study whose numbers follow from the patient's, with staff that differ from patient to patient."""
    n = patient.number
    referring = ["FENNIMORE^AURELIO^^DR", "GLASSWORTHY^PERPETUA^^DR", "HALVERBROOK^IDRISSE^^PROF"][n % 3]
    performing = ["OSTERWICK^LEOPOLDINE^^DR", "TANGERFIELD^BRIOCHARD^^DR"][n % 2]
    operator = ["PETTIGRUE^WILHELMO", "SNODSBURY^ERMINTRUDA", "KETTLEWHISTLE^JO"][n % 3]
    comment = (
        f"Daughter of pt ({patient.parts[0].title()}) asked to ring Mrs DRUMBLETHWAITE on {patient.phone} "
        f"re NHS {patient.nhs}")
    return Study(
        patient, number, date, time, f"NVA{date[2:6]}-{77000 + 153 * n + number}", str(48200 + 11 * n + number),
        description, site, station, referring, performing, operator, comment, extra)


STAFF_CANARIES = [
    "FENNIMORE", "AURELIO", "GLASSWORTHY", "PERPETUA", "HALVERBROOK", "IDRISSE", "OSTERWICK", "LEOPOLDINE",
    "TANGERFIELD", "BRIOCHARD", "PETTIGRUE", "WILHELMO", "SNODSBURY", "ERMINTRUDA", "KETTLEWHISTLE", "DRUMBLETHWAITE"]

# One study for each picture family; the station names are canaries too.
CHEST = study(QUILLFEATHER, 1, "20230917", "101822", "CT CHEST", NORTHVALE, "NVQCT01")
PETCT = study(QUILLFEATHER, 2, "20231005", "143011", "PET CT WHOLE BODY", NORTHVALE, "NVQPET2")
ABDOMEN = study(BRAMBLEWICK, 1, "20221122", "104305.125000", "Abdomen nativ", KLINIK, "OSKCT7X")
LIVER = study(VANTERPOOLE, 1, "20210630", "081502", "CT LIVER 3 PHASE", EASTMERE, "EMQICT1")
SINUS = study(THISTLECROFT, 1, "20200214", "160733", "CT SINUSES", EASTMERE, "EMQAQ1")
ECHO = study(NIGHTINGVALE, 1, "20240305", "092647", "TTE", NORTHVALE, "NVQUS31")
THYROID = study(NIGHTINGVALE, 2, "20030811", "113902", "US THYROID", NORTHVALE, "NVQATL5")
ECHO_BEFORE = study(MARROWBANE, 1, "20240304", "170102", "TTE", NORTHVALE, "NVQUS31")
XRAY = study(PELLINGHURST, 1, "20190523", "074418", "XR CHEST PA", NORTHVALE, "NVQCR09")
BRAIN = study(WINTERBOURNLEY, 1, "20180906", "130455", "MRI HEAD", EASTMERE, "EMQMR3")
SPINE = study(FARTHINGDALE, 1, "20220131", "151240", "MRI BRAIN + ORBITS", EASTMERE, "EMQMR8")
SCOUT = study(ALI, 1, "20230602", "084910", "CT TOPO", NORTHVALE, "NVQCT04")
ANGIO = study(NG, 1, "20210918", "121530", "Coronary angiogram", EASTMERE, "EMQXA2")
VIVID = study(OBRIEN, 1, "20220714", "103117", "Echo stress", NORTHVALE, "NVQVE95")
APLIO = study(KURONUMA, 1, "20200922", "094458", "US ABDOMEN", SAITAMORI, "SMQUS02")
LETTER = study(GOSLINGTHORPE, 1, "20170419", "112000", "SCANNED REFERRAL", NORTHVALE, "NVQSCAN")
KNEE = study(CHIVERSBY, 1, "20240118", "184402", "MRI HEAD", EASTMERE, "EMQMR5")
ODD = study(MUEHLENBROCKER, 1, "20161208", "073015", "Schädel-MRT", KLINIK, "OSKMR2X")
LOSSY = study(DUNMARROCH, 1, "20150827", "135909", "XR SKELETAL SURVEY", NORTHVALE, "NVQCR11")
STUDIES = [
    CHEST, PETCT, ABDOMEN, LIVER, SINUS, ECHO, THYROID, ECHO_BEFORE, XRAY, BRAIN, SPINE, SCOUT, ANGIO, VIVID, APLIO,
    LETTER, KNEE, ODD, LOSSY]
