/// How far the dates of one patient are moved, with Retain Longitudinal Temporal Information Modified Dates (PS3.15
/// E.3.6): one offset of whole days, the same in every run and on every machine that has the project key.
///
/// Whole days leave the time of day as it is, so that a date and its time move together.
package struct TemporalShift: Hashable, Sendable {
    /// Never 0.
    package let days: Int

    /// - Parameters:
    ///   - patient: the patient's pseudonym, so that it holds also for one without a Patient ID; or a list's project and
    ///     subject.
    ///   - range: the days to choose from; must hold another one than 0.
    package init(pseudonyms: Pseudonyms, patient: String, range: ClosedRange<Int>) {
        let number = UInt64(pseudonyms.token(patient, domain: "date-shift"), radix: 16) ?? 0
        let count = range.contains(0) ? range.count - 1 : range.count
        let day = range.lowerBound + Int(number % UInt64(max(1, count)))
        days = range.contains(0) && day >= 0 ? day + 1 : day
    }

    /// A DA, `yyyyMMdd` or the older `yyyy.MM.dd`, moved; nil where it isn't one, or the result would be none.
    package func shifted(date: String) -> String? {
        let digits = date.utf8.count == 10 ? date.filter { $0 != "." } : date
        guard digits.utf8.count == 8 else { return nil }
        return DateShift.shifted(digits, by: days, .days)
    }

    /// A DT, moved with its precision, fraction and offset from UTC kept; nil where it isn't one.
    package func shifted(dateTime: String) -> String? {
        DateShift.shifted(dateTime, by: days, .days)
    }
}
