/// Why the engine doesn't take an event (拒绝代码), in the order in which it looks: the first that holds answers.
///
/// Numbers are stable: 100s form, 150s source and grant, 160s time, 170s case, 180s access class, 190s revision, 200s state, 300s rule, 900s the
/// engine's
/// own state. The reference is docs/reference/refusals.md, held against this enum by a test.
public enum RefusalCode: String, CaseIterable, Sendable {
    // Form: what the bytes say, whoever sends them.
    case eventTooLarge = "event-too-large"
    case mediaTypeUnsupported = "media-type-unsupported"
    case malformedJSON = "malformed-json"
    case notAnEvent = "not-an-event"
    case attributeMissing = "attribute-missing"
    case attributeMalformed = "attribute-malformed"
    case typeUnknown = "type-unknown"
    case typeNotAvailable = "type-not-available"
    case engineOnly = "engine-only"
    case subjectMissing = "subject-missing"
    case subjectNotExpected = "subject-not-expected"
    case unknownMember = "unknown-member"
    case memberNotYours = "member-not-yours"
    case memberMissing = "member-missing"
    case memberKind = "member-kind"
    case memberTooLong = "member-too-long"
    case memberMalformed = "member-malformed"
    case openMembersTooLarge = "open-members-too-large"
    // Source, known id, grant.
    case sourceNotGranted = "source-not-granted"
    case idConflict = "id-conflict"
    case batchPartlyKnown = "batch-partly-known"
    case typeNotGranted = "type-not-granted"
    case unitNotGranted = "unit-not-granted"
    case leaderNotGranted = "leader-not-granted"
    case mailboxNotGranted = "mailbox-not-granted"
    case subjectNotGranted = "subject-not-granted"
    // Time.
    case timeInFuture = "time-in-future"
    case timeTooOld = "time-too-old"
    // Case.
    case caseUnknown = "case-unknown"
    case serialTaken = "serial-taken"
    // Access class.
    case unitAccused = "unit-accused"
    // Revision.
    case revisionConflict = "revision-conflict"
    // State.
    case caseClosed = "case-closed"
    case caseDeclined = "case-declined"
    case caseWithdrawn = "case-withdrawn"
    case caseTerminated = "case-terminated"
    case caseMerged = "case-merged"
    case alreadyAccepted = "already-accepted"
    case alreadyHandled = "already-handled"
    case assignmentUnknown = "assignment-unknown"
    case assignmentMissing = "assignment-missing"
    case assignmentAmbiguous = "assignment-ambiguous"
    case assignmentEnded = "assignment-ended"
    case alreadySigned = "already-signed"
    case alreadyReplied = "already-replied"
    case returnPending = "return-pending"
    case notCountedYet = "not-counted-yet"
    case notReturning = "not-returning"
    case returnFinal = "return-final"
    case unitHasAssignment = "unit-has-assignment"
    case leadExists = "lead-exists"
    case dropNotLive = "drop-not-live"
    case nothingToRate = "nothing-to-rate"
    case parentNotOpen = "parent-not-open"
    case mergedIntoItself = "merged-into-itself"
    case hasChildren = "has-children"
    case tooManyChildren = "too-many-children"
    case tooManyAssignments = "too-many-assignments"
    case externalKnown = "external-known"
    case clockBackwards = "clock-backwards"
    case caseArchived = "case-archived"
    case notClosed = "not-closed"
    case notEnded = "not-ended"
    case notSupervised = "not-supervised"
    case notReplied = "not-replied"
    case notMerged = "not-merged"
    case alreadyLinked = "already-linked"
    case linkedToItself = "linked-to-itself"
    case noSuchLimit = "no-such-limit"
    case extensionTooLate = "extension-too-late"
    case extensionPending = "extension-pending"
    case extensionNotPending = "extension-not-pending"
    case alreadyPaused = "already-paused"
    case notPaused = "not-paused"
    case accusedInHand = "accused-in-hand"
    case eventUnknown = "event-unknown"
    case notVoidable = "not-voidable"
    case alreadyVoided = "already-voided"
    case stillNeeded = "still-needed"
    // Rule: what the rulebook says.
    case noRulebook = "no-rulebook"
    case unknownCode = "unknown-code"
    case yearWithoutCalendar = "year-without-calendar"
    case limitNotShorter = "limit-not-shorter"
    case limitPast = "limit-past"
    case returnTooLate = "return-too-late"
    case promisedDatePast = "promised-date-past"
    case unitNotBelow = "unit-not-below"
    case serialsExhausted = "serials-exhausted"
    case ratingWindowOver = "rating-window-over"
    case extensionTooLong = "extension-too-long"
    // The engine's own state: the same event again may be taken.
    case rateLimited = "rate-limited"
    case queueFull = "queue-full"
    case notReady = "not-ready"
    case outcomeUnknown = "outcome-unknown"
    case diskFull = "disk-full"

    /// Stable, never reused.
    public var number: Int {
        switch self {
        case .eventTooLarge: 100
        case .mediaTypeUnsupported: 101
        case .malformedJSON: 102
        case .notAnEvent: 103
        case .attributeMissing: 104
        case .attributeMalformed: 105
        case .typeUnknown: 106
        case .typeNotAvailable: 107
        case .engineOnly: 108
        case .subjectMissing: 109
        case .subjectNotExpected: 110
        case .unknownMember: 111
        case .memberNotYours: 112
        case .memberMissing: 113
        case .memberKind: 114
        case .memberTooLong: 115
        case .memberMalformed: 116
        case .openMembersTooLarge: 117
        case .sourceNotGranted: 150
        case .idConflict: 151
        case .batchPartlyKnown: 152
        case .typeNotGranted: 153
        case .unitNotGranted: 154
        case .leaderNotGranted: 155
        case .mailboxNotGranted: 156
        case .subjectNotGranted: 157
        case .timeInFuture: 160
        case .timeTooOld: 161
        case .caseUnknown: 170
        case .serialTaken: 171
        case .unitAccused: 180
        case .revisionConflict: 190
        case .caseClosed: 200
        case .caseDeclined: 201
        case .caseWithdrawn: 202
        case .caseTerminated: 203
        case .caseMerged: 204
        case .alreadyAccepted: 205
        case .alreadyHandled: 206
        case .assignmentUnknown: 207
        case .assignmentMissing: 208
        case .assignmentAmbiguous: 209
        case .assignmentEnded: 210
        case .alreadySigned: 211
        case .alreadyReplied: 212
        case .returnPending: 213
        case .notCountedYet: 214
        case .notReturning: 215
        case .returnFinal: 216
        case .unitHasAssignment: 217
        case .leadExists: 218
        case .dropNotLive: 219
        case .nothingToRate: 220
        case .parentNotOpen: 221
        case .mergedIntoItself: 222
        case .hasChildren: 223
        case .tooManyChildren: 224
        case .tooManyAssignments: 225
        case .externalKnown: 226
        case .clockBackwards: 227
        case .caseArchived: 228
        case .notClosed: 229
        case .notEnded: 230
        case .notSupervised: 231
        case .notReplied: 232
        case .notMerged: 233
        case .alreadyLinked: 234
        case .linkedToItself: 235
        case .noSuchLimit: 236
        case .extensionTooLate: 237
        case .extensionPending: 238
        case .extensionNotPending: 239
        case .alreadyPaused: 240
        case .notPaused: 241
        case .accusedInHand: 242
        case .eventUnknown: 243
        case .notVoidable: 244
        case .alreadyVoided: 245
        case .stillNeeded: 246
        case .noRulebook: 300
        case .unknownCode: 301
        case .yearWithoutCalendar: 302
        case .limitNotShorter: 303
        case .limitPast: 304
        case .returnTooLate: 305
        case .promisedDatePast: 306
        case .unitNotBelow: 307
        case .serialsExhausted: 308
        case .ratingWindowOver: 309
        case .extensionTooLong: 310
        case .rateLimited: 900
        case .queueFull: 901
        case .notReady: 902
        case .outcomeUnknown: 903
        case .diskFull: 904
        }
    }

    /// The HTTP status (api.md).
    public var status: Int {
        switch self {
        case .malformedJSON, .notAnEvent, .attributeMissing, .attributeMalformed: 400
        case .sourceNotGranted, .typeNotGranted, .unitNotGranted, .leaderNotGranted, .mailboxNotGranted, .subjectNotGranted, .engineOnly: 403
        case .idConflict, .batchPartlyKnown, .serialTaken, .externalKnown, .revisionConflict: 409
        case .eventTooLarge, .openMembersTooLarge: 413
        case .mediaTypeUnsupported: 415
        case .typeUnknown, .typeNotAvailable, .subjectMissing, .subjectNotExpected, .unknownMember, .memberNotYours, .memberMissing, .memberKind,
            .memberTooLong, .memberMalformed, .timeInFuture, .timeTooOld, .caseUnknown, .unitAccused, .caseClosed, .caseDeclined, .caseWithdrawn,
            .caseTerminated, .caseMerged, .alreadyAccepted, .alreadyHandled, .assignmentUnknown, .assignmentMissing, .assignmentAmbiguous,
            .assignmentEnded, .alreadySigned, .alreadyReplied, .returnPending, .notCountedYet, .notReturning, .returnFinal, .unitHasAssignment,
            .leadExists, .dropNotLive, .nothingToRate, .parentNotOpen, .mergedIntoItself, .hasChildren, .tooManyChildren, .tooManyAssignments,
            .clockBackwards, .noRulebook, .unknownCode, .yearWithoutCalendar, .limitNotShorter, .limitPast, .returnTooLate, .promisedDatePast,
            .unitNotBelow, .serialsExhausted,
            .caseArchived, .notClosed, .notEnded, .notSupervised, .notReplied, .notMerged, .alreadyLinked, .linkedToItself, .noSuchLimit,
            .extensionTooLate, .extensionPending, .extensionNotPending, .alreadyPaused, .notPaused, .accusedInHand, .eventUnknown, .notVoidable,
            .alreadyVoided, .stillNeeded, .ratingWindowOver, .extensionTooLong:
            422
        case .rateLimited: 429
        case .queueFull, .notReady, .outcomeUnknown: 503
        case .diskFull: 507
        }
    }

    /// Whether the same post, unchanged, may be taken later without anybody's doing about the case: waiting is enough.
    public var isTransient: Bool {
        switch self {
        case .timeInFuture, .rateLimited, .queueFull, .notReady, .outcomeUnknown, .diskFull: true
        case .noRulebook, .yearWithoutCalendar: true
        case .eventTooLarge, .mediaTypeUnsupported, .malformedJSON, .notAnEvent, .attributeMissing, .attributeMalformed, .typeUnknown,
            .typeNotAvailable, .engineOnly, .subjectMissing, .subjectNotExpected, .unknownMember, .memberNotYours, .memberMissing, .memberKind,
            .memberTooLong, .memberMalformed, .openMembersTooLarge, .sourceNotGranted, .idConflict, .batchPartlyKnown, .typeNotGranted,
            .unitNotGranted, .leaderNotGranted, .mailboxNotGranted, .subjectNotGranted, .timeTooOld, .caseUnknown, .serialTaken, .unitAccused,
            .revisionConflict, .caseClosed, .caseDeclined, .caseWithdrawn, .caseTerminated, .caseMerged, .alreadyAccepted, .alreadyHandled,
            .assignmentUnknown, .assignmentMissing, .assignmentAmbiguous, .assignmentEnded, .alreadySigned, .alreadyReplied, .returnPending,
            .notCountedYet, .notReturning, .returnFinal, .unitHasAssignment, .leadExists, .dropNotLive, .nothingToRate, .parentNotOpen,
            .mergedIntoItself, .hasChildren, .tooManyChildren, .tooManyAssignments, .externalKnown, .clockBackwards, .unknownCode,
            .limitNotShorter, .limitPast, .returnTooLate, .promisedDatePast, .unitNotBelow, .serialsExhausted,
            .caseArchived, .notClosed, .notEnded, .notSupervised, .notReplied, .notMerged, .alreadyLinked, .linkedToItself, .noSuchLimit,
            .extensionTooLate, .extensionPending, .extensionNotPending, .alreadyPaused, .notPaused, .accusedInHand, .eventUnknown, .notVoidable,
            .alreadyVoided, .stillNeeded, .ratingWindowOver, .extensionTooLong:
            false
        }
    }
}
