/// The rules of `TextClassifier`: each a stable id that findings carry in place of the text.
public enum TextRule: String, Hashable, Sendable, CaseIterable {
    // Identifiers: the text matches a value of the object's own header
    case headerName = "header-name"
    case headerIdentifier = "header-identifier"
    case headerAccessionNumber = "header-accession-number"
    case headerDate = "header-date"
    case headerTime = "header-time"
    case headerAge = "header-age"
    case headerAddress = "header-address"
    case headerTelephone = "header-telephone"
    case headerInstitution = "header-institution"
    case headerText = "header-text"
    case headerUID = "header-uid"
    // Patterns: the text has a form that identifies, whatever the header says
    case date
    case time
    case age
    case nhsNumber = "nhs-number"
    case chiNumber = "chi-number"
    case postcode = "uk-postcode"
    case telephone
    case email
    case url
    case recordNumber = "record-number"
    case uid
    case label
    // Names and other words
    case title
    case nameWithComma = "name-with-comma"
    case capitalisedWords = "capitalised-words"
    case unknownWord = "unknown-word"
    case otherText = "other-text"
    // Safe text
    case technicalGrammar = "technical-grammar"
    case markerGrammar = "marker-grammar"
    // Nothing to go by
    case lowConfidence = "low-confidence"
    case noText = "no-text"
}
