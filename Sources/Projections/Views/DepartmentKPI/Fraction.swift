/// An exact figure: two whole numbers, never a float (domain.md §4.2).
struct Fraction: Equatable {
    var numerator: Int
    /// 0: the base is empty and there is no value.
    var denominator: Int

    /// The value times a factor (100 for percent) with that many decimals, half up; `nil` if the base is empty.
    func text(factor: Int, decimals: Int) -> String? {
        guard denominator != 0 else { return nil }
        return Self.text(Int128(numerator) * Int128(factor), Int128(denominator), decimals, signed: false)
    }

    /// This value less another one, times a factor, rounded once; `nil` if either base is empty. Signed: `+16.67`, `-0.37`, `0.00`.
    func difference(from other: Fraction, factor: Int, decimals: Int) -> String? {
        guard denominator != 0, other.denominator != 0 else { return nil }
        let numerator = Int128(numerator) * Int128(other.denominator) - Int128(other.numerator) * Int128(denominator)
        return Self.text(numerator * Int128(factor), Int128(denominator) * Int128(other.denominator), decimals, signed: true)
    }

    /// Growth over another value in percent, rounded once; `nil` if the other is 0 or either base is empty.
    func growth(over other: Fraction, decimals: Int) -> String? {
        guard denominator != 0, other.denominator != 0, other.numerator != 0 else { return nil }
        let left = Int128(numerator) * Int128(other.denominator)
        let right = Int128(other.numerator) * Int128(denominator)
        return Self.text((left - right) * 100, right, decimals, signed: true)
    }

    /// Half up, which for a negative value is half away from zero, so that a rise and the same fall print alike.
    private static func text(_ numerator: Int128, _ denominator: Int128, _ decimals: Int, signed: Bool) -> String {
        var scale: Int128 = 1
        for _ in 0..<decimals { scale *= 10 }
        let isNegative = (numerator < 0) != (denominator < 0) && numerator != 0
        let magnitude = Int128(numerator.magnitude)
        let base = Int128(denominator.magnitude)
        let rounded = (magnitude * scale * 2 + base) / (base * 2)
        var digits = String(rounded)
        if decimals > 0 {
            if digits.utf8.count <= decimals { digits = String(repeating: "0", count: decimals + 1 - digits.utf8.count) + digits }
            digits = "\(digits.dropLast(decimals)).\(digits.suffix(decimals))"
        }
        guard rounded != 0 else { return digits }
        return isNegative ? "-\(digits)" : signed ? "+\(digits)" : digits
    }
}
