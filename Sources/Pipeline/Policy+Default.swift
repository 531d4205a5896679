public import Ledger

extension Policy {
    /// The policy that applies when none is given; `quench policy` prints it.
    public static let defaultSource = """
        # Quench policy. Every key is known to `quench policy --check FILE`; an unknown one is an error with its line.
        version: 1

        # What becomes of a series, by its kind. The kind comes from structural signs (docs/policy.md), never from
        # Burned In Annotation = NO.
        #   inspect     look at every frame, mask what `findings` below says, de-identify, verify, release
        #   reject      keep out; the input stays where it is, the report says so
        #   quarantine  hold the original for a person to decide
        series:
          image: inspect
          ultrasound: inspect
          segmentation: inspect
          rt: inspect
          presentation-state: quarantine
          waveform: quarantine
          dose-page: reject
          patient-protocol: reject
          exam-summary: reject
          structured-report: reject
          encapsulated-document: reject
          directory: reject
          screen-capture: quarantine
          secondary-capture: quarantine
          scanned-document: quarantine
          fusion: quarantine
          video: quarantine
          raw-data: quarantine
          other-non-image: quarantine

        # What becomes of text that was found: mask, keep, quarantine or reject.
        findings:
          identifier: mask
          pattern: mask
          name-like: mask
          free-text: mask
          unreadable: mask
          technical: keep
          marker: keep

        pixels:
          # Text of one frame of a cine: `union` masks its place on every frame, `per-frame` only where it was found.
          cine-mask: union
          # A person has to look when more than this share of a frame would be masked.
          maximum-masked-share: 0.6
          # A reading below this confidence never counts as safe text.
          safe-text-confidence: 0.8
          # A masked frame that its own Transfer Syntax can't carry: none (hold), or all frames without loss in
          # explicit-little, rle, jpeg-lossless, jpeg-ls, jpeg-2000.
          fallback: jpeg-lossless

        # The Basic Profile of PS3.15 always applies; its options (docs/policy.md) keep more. With
        # retain-longitudinal-modified-dates all dates of a patient move by one number of days within date-shift-days.
        deidentification:
          options: []
          date-shift-days: [-1095, -30]

        # The site's DicomEdit scripts (--script): `before-profile` gives the profile the last word, `instead-of-profile`
        # leaves the header to the scripts alone.
        scripts:
          order: before-profile

        # Studies that are not in the cohort list (--cohort): reject or quarantine.
        cohort:
          outside: quarantine

        # NHS numbers (--allow-list, --opt-out): patients who may not be used, and objects without a number, which nobody
        # can look up: reject or quarantine; for the latter also inspect.
        consent:
          not-allowed: reject
          without-number: quarantine

        # accession-number: `profile` leaves it to the profile, `pseudonym` derives one from the project key.
        # ages-from-90: where a Patient's Age is kept, `cap` writes 090Y and empties the birth date.
        # issuer-of-patient-id: it `distinguishes` patients of one Patient ID, or is `ignored`, where only some objects have it.
        identifiers:
          accession-number: profile
          ages-from-90: keep
          issuer-of-patient-id: distinguishes

        # hold: one suspect instance holds its whole `series`, or itself alone (`instance`).
        # four-eyes: text that may stay takes a second person: required, always (every release does) or off.
        # retention-days: how long originals stay after a decision, until `quench quarantine purge` deletes them.
        quarantine:
          hold: series
          four-eyes: required
          retention-days: 365

        # Contact sheets in the report: for series that are `masked`, for `all` that are released, or `off`; small pictures of
        # so many frames a series at most, for so many series of a run.
        report:
          contact-sheets: masked
          frames-per-sheet: 12
          most-sheets: 300

        # What is known of single devices (docs/policy.md); `quench rules` learns such rules, and imports them.
        rules: []

        # What a worker may use before it is ended and its file is held.
        limits:
          worker-megabytes: 3072
          seconds-per-file: 120
          seconds-per-frame: 10
          archive-entry-megabytes: 4096

        """

    /// The built-in policy.
    public static func builtIn() throws -> Policy {
        try Policy(yaml: defaultSource)
    }

    /// That of the last run that a ledger tells of; the built-in one where it tells of none.
    public static func ofLastRun(in state: LedgerState) throws -> Policy {
        try of(state.runs.last?.started)
    }

    static func of(_ run: RunStarted?) throws -> Policy {
        try run.map { try Policy(yaml: $0.policy) } ?? builtIn()
    }
}
