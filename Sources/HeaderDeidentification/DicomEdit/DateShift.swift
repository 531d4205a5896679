/// Shifts a date or a date and time, which keeps its precision (DefaultDicomDateTimeShifter of NrgXnat dicom-edit6).
///
/// What is missing is taken from the middle: July of a year, the middle of a month, noon of a day, half past an hour,
/// half a minute. A fraction of a second and the offset from UTC are carried along.
enum DateShift {
    enum Units: String, Hashable, Sendable, CaseIterable {
        case years, days, hours, minutes, seconds

        /// A year is 365 days.
        var seconds: Int {
            switch self {
            case .years: 365 * 86_400
            case .days: 86_400
            case .hours: 3_600
            case .minutes: 60
            case .seconds: 1
            }
        }
    }

    /// Nil unless `text` is `yyyy[MM[dd[HH[mm[ss]]]]][.ffffff][±zzzz]` with numbers that exist, and so is the result.
    static func shifted(_ text: String, by increment: Int, _ units: Units) -> String? {
        guard let moment = Moment(text) else { return nil }
        let (seconds, isOverflow) = increment.multipliedReportingOverflow(by: units.seconds)
        guard !isOverflow, abs(seconds) < 400_000_000_000 else { return nil }
        return moment.shifted(by: seconds)
    }

    /// Whether it is a DA or DT as above.
    static func isMoment(_ text: String) -> Bool { Moment(text) != nil }

    /// Days from the first date to the second, a date without a day being in the middle; nil where either is none.
    static func days(from first: String, to second: String) -> Int? {
        guard let first = Moment(first), let second = Moment(second) else { return nil }
        // As Duration.toDays, which leaves out a part of a day, with the offsets from UTC taken into account.
        return ((second.seconds - second.offset) - (first.seconds - first.offset)) / 86_400
    }

    // MARK: - Calendar

    /// Days from 1970-01-01 in the proleptic Gregorian calendar.
    static func day(_ year: Int, _ month: Int, _ day: Int) -> Int {
        let shifted = month <= 2 ? year - 1 : year
        let era = (shifted >= 0 ? shifted : shifted - 399) / 400
        let yearOfEra = shifted - era * 400
        let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
        return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
    }

    static func date(_ day: Int) -> (year: Int, month: Int, day: Int) {
        let shifted = day + 719_468
        let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let part = (5 * dayOfYear + 2) / 153
        let month = part < 10 ? part + 3 : part - 9
        return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, dayOfYear - (153 * part + 2) / 5 + 1)
    }

    static func daysInMonth(_ year: Int, _ month: Int) -> Int {
        let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
        return [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1]
    }

    /// A DA or DT, and the second in its middle.
    private struct Moment {
        /// Of year, month, day, hour, minute, second those that are given.
        private let fields: [Int]
        /// `.ffffff` and `±zzzz` as they are.
        private let rest: String
        /// From 1970, as local time.
        let seconds: Int
        /// Seconds from UTC.
        let offset: Int

        init?(_ text: String) {
            let characters = Array(text.utf8)
            let digits = characters.prefix { (0x30...0x39).contains($0) }.count
            guard [4, 6, 8, 10, 12, 14].contains(digits) else { return nil }
            var fields = [Self.number(characters[0..<4])]
            for start in stride(from: 4, to: digits, by: 2) {
                fields.append(Self.number(characters[start..<start + 2]))
            }
            guard let offset = Self.offset(characters[digits...]), let seconds = Self.seconds(fields) else {
                return nil
            }
            self.fields = fields
            rest = String(decoding: characters[digits...], as: UTF8.self)
            self.seconds = seconds
            self.offset = offset
        }

        func shifted(by seconds: Int) -> String? {
            let total = self.seconds + seconds
            let day = (total >= 0 ? total : total - 86_399) / 86_400
            let second = total - day * 86_400
            let date = DateShift.date(day)
            guard (0...9999).contains(date.year) else { return nil }
            let values = [date.year, date.month, date.day, second / 3600, second / 60 % 60, second % 60]
            let digits = zip(values, fields.indices).map { value, index in Self.padded(value, index == 0 ? 4 : 2) }
            return digits.joined() + rest
        }

        private static func number(_ digits: ArraySlice<UInt8>) -> Int {
            digits.reduce(0) { $0 * 10 + Int($1 - 0x30) }
        }

        private static func padded(_ value: Int, _ width: Int) -> String {
            let digits = String(value)
            return String(repeating: "0", count: max(0, width - digits.count)) + digits
        }

        /// The offset in `[.f{1,6}][±zzzz]`; 0 where there is none, nil where it is something else.
        private static func offset(_ text: ArraySlice<UInt8>) -> Int? {
            var text = text
            if text.first == 0x2E {
                let fraction = text.dropFirst().prefix { (0x30...0x39).contains($0) }
                guard (1...6).contains(fraction.count) else { return nil }
                text = text.dropFirst(1 + fraction.count)
            }
            guard let sign = text.first else { return 0 }
            let digits = text.dropFirst()
            guard sign == 0x2B || sign == 0x2D, digits.count == 4, digits.allSatisfy({ (0x30...0x39).contains($0) })
            else { return nil }
            let seconds = number(digits.prefix(2)) * 3600 + number(digits.suffix(2)) * 60
            return sign == 0x2D ? -seconds : seconds
        }

        private static func seconds(_ fields: [Int]) -> Int? {
            let year = fields[0]
            let month = fields.count > 1 ? fields[1] : 7
            guard (1...12).contains(month) else { return nil }
            let length = DateShift.daysInMonth(year, month)
            let day = fields.count > 2 ? fields[2] : fields.count == 2 ? length / 2 + 1 : 1
            guard (1...length).contains(day) else { return nil }
            let middleOfMonth = length % 2 == 0 ? 0 : 12
            let hour = fields.count > 3 ? fields[3] : fields.count == 3 ? 12 : fields.count == 2 ? middleOfMonth : 0
            let minute = fields.count > 4 ? fields[4] : fields.count == 4 ? 30 : 0
            let second = fields.count > 5 ? fields[5] : fields.count == 5 ? 30 : 0
            guard hour < 24, minute < 60, second < 60 else { return nil }
            return DateShift.day(year, month, day) * 86_400 + hour * 3600 + minute * 60 + second
        }
    }
}
