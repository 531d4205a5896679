/// A day as it may be written: the year may be of two digits.
struct CalendarDate: Hashable, Sendable {
    var year: Int
    var month: Int
    var day: Int
    var hasTwoDigitYear: Bool

    /// Nil for what no calendar knows, and for years no patient lived in.
    init?(year: Int, digits: Int, month: Int, day: Int) {
        guard (1...12).contains(month), (1...31).contains(day) else { return nil }
        guard digits <= 2 || (1850...2150).contains(year) else { return nil }
        self.year = year
        self.month = month
        self.day = day
        hasTwoDigitYear = digits <= 2
    }

    /// Reads DA, DT, or the old form `1980.01.12`.
    init?(dicom text: Substring) {
        let digits = text.utf8.filter { $0 != 0x2E && $0 != 0x2D && $0 != 0x2F }.prefix(8).map { Int($0) - 0x30 }
        guard digits.count == 8, digits.allSatisfy({ (0...9).contains($0) }) else { return nil }
        let year = digits[0...3].reduce(0) { $0 * 10 + $1 }
        self.init(year: year, digits: 4, month: digits[4] * 10 + digits[5], day: digits[6] * 10 + digits[7])
    }

    func isSameDay(as other: CalendarDate) -> Bool {
        guard month == other.month, day == other.day else { return false }
        return hasTwoDigitYear || other.hasTwoDigitYear ? year % 100 == other.year % 100 : year == other.year
    }
}

/// Month names of English, German, French, Spanish, Italian, Dutch, Portuguese, Polish and the Nordic languages, whole
/// and shortened.
enum MonthNames {
    /// The month that a folded word names, tolerant of characters that look alike; nil for other words.
    static func month(_ letters: [UInt32]) -> Int? {
        guard (3...10).contains(letters.count) else { return nil }
        return months[Skeleton.codes(letters)]
    }

    /// Short forms that are also technical words; they count only inside a whole date.
    static func isAmbiguous(_ letters: [UInt32]) -> Bool {
        ambiguous.contains(Skeleton.codes(letters))
    }

    private static let ambiguous: Set<[Skeleton.Code]> = Set(
        ["MAG", "SET", "AGO", "GEN", "DIC", "OUT", "MAR", "ENE", "ABR", "FEV", "LUG", "GIU", "OTT"].map {
            Skeleton.codes(TextFolding.scalars($0))
        })

    private static let months: [[Skeleton.Code]: Int] = {
        var months: [[Skeleton.Code]: Int] = [:]
        for (index, names) in names.enumerated() {
            for name in names.split(separator: " ") {
                months[Skeleton.codes(TextFolding.scalars(String(name)))] = index + 1
            }
        }
        return months
    }()

    private static let names: [String] = [
        "JAN JANUARY JANUAR JAENNER JANNER JANVIER JANV ENERO ENE GENNAIO GEN JANUARI JANEIRO STYCZEN STY STYCZNIA",
        "FEB FEBR FEBRUARY FEBRUAR FEVRIER FEVR FEV FEBRERO FEBBRAIO FEBRUARI FEVEREIRO LUTY LUTEGO",
        "MAR MARCH MARZ MAERZ MRZ MARS MARZO MAART MRT MARCO MARTS MARZEC MARCA",
        "APR APRIL AVRIL AVR ABRIL ABR APRILE KWIECIEN KWIETNIA",
        "MAY MAI MAYO MAGGIO MAG MEI MAIO MAJ MAJA",
        "JUN JUNE JUNI JUIN JUNIO GIUGNO GIU JUNHO CZERWIEC CZERWCA",
        "JUL JULY JULI JUILLET JUIL JULIO LUGLIO LUG JULHO LIPIEC LIPCA",
        "AUG AUGUST AOUT AGOSTO AGO AUGUSTUS AUGUSTI SIERPIEN SIERPNIA",
        "SEP SEPT SEPTEMBER SEPTEMBRE SEPTIEMBRE SETTEMBRE SET SETEMBRO WRZESIEN WRZESNIA",
        "OCT OKT OCTOBER OKTOBER OCTOBRE OCTUBRE OTTOBRE OTT OUTUBRO OUT PAZDZIERNIKA",
        "NOV NOVEMBER NOVEMBRE NOVIEMBRE NOVEMBRO LISTOPAD LISTOPADA",
        "DEC DEZ DECEMBER DEZEMBER DECEMBRE DICIEMBRE DIC DICEMBRE DEZEMBRO GRUDZIEN GRUDNIA",
    ]
}
