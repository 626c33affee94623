/// From populations to figures: the formulas of domain.md §4.2.
extension KPICounters {
    /// The exact fraction of a definition; percentiles are not fractions and have a way of their own.
    func fraction(_ definition: KPIDefinition) -> Fraction {
        switch definition {
        case .volume1: Fraction(numerator: accepted, denominator: 1)
        case .distinct1: Fraction(numerator: distinct, denominator: 1)
        case .tickets1: Fraction(numerator: assigned, denominator: 1)
        case .direct1: Fraction(numerator: answered, denominator: accepted)
        case .reply1: Fraction(numerator: dueReplied, denominator: due)
        case .reply2: Fraction(numerator: acceptedReplied, denominator: acceptedUnmerged)
        case .solve1: Fraction(numerator: solved, denominator: answers)
        case .solve2: Fraction(numerator: claimsSolved, denominator: claims)
        case .satisfaction1: Fraction(numerator: closed - unsatisfied, denominator: closed)
        case .satisfaction2: Fraction(numerator: valid - unsatisfied, denominator: valid)
        case .overdue1: Fraction(numerator: late, denominator: assigned)
        case .overdue2: Fraction(numerator: due - dueInTime, denominator: due)
        case .onTime1: Fraction(numerator: dueInTime, denominator: due)
        case .cycle1: Fraction(numerator: workingDays, denominator: cycles)
        case .cyclePercentile1: Fraction(numerator: 0, denominator: 0)
        case .return1: Fraction(numerator: returned, denominator: made)
        case .instructions1: Fraction(numerator: instructed, denominator: 1)
        case .carryOver1: Fraction(numerator: openAtEnd, denominator: 1)
        case .lateRecorded1: Fraction(numerator: lateFacts, denominator: 1)
        }
    }

    /// What is printed beside a figure, in this order.
    func details(_ definition: KPIDefinition) -> [KPIRow.Detail] {
        func detail(_ name: String, _ value: Int) -> KPIRow.Detail { KPIRow.Detail(name: name, value: value) }
        switch definition {
        case .volume1:
            return [
                detail("received", received), detail("declined", declined), detail("external", externalAccepted),
                detail("externalReceived", externalReceived), detail("externalDeclined", externalDeclined),
            ]
        case .solve2: return [detail("self", ownClaims)]
        case .overdue1, .overdue2, .onTime1: return [detail("openOverdue", openOverdue)]
        case .cycle1, .cyclePercentile1: return unknownDays == 0 ? [] : [detail("unknownDays", unknownDays)]
        case .return1: return [detail("requests", returnRequests)]
        case .instructions1: return [detail("directAnswers", leaderAnswers)]
        case .carryOver1:
            return [
                detail("opening", openAtStart), detail("accepted", accepted), detail("reopened", reopened), detail("unmerged", unmerged),
                detail("closings", closings), detail("withdrawn", withdrawn), detail("terminated", terminated), detail("merged", merged),
            ]
        case .lateRecorded1: return [detail("facts", facts)]
        default: return []
        }
    }
}

/// Nearest rank: of n values in order the one with number ⌈p · n⌉; n = 0 has none.
func nearestRank(_ percent: Int, _ sorted: [Int32]) -> Fraction {
    guard !sorted.isEmpty else { return Fraction(numerator: 0, denominator: 0) }
    let rank = (percent * sorted.count + 99) / 100
    return Fraction(numerator: Int(sorted[max(rank, 1) - 1]), denominator: 1)
}
