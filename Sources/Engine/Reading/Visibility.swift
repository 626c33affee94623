import EventModel
import Workflow

/// What a peer may open of a case it sees (domain.md §2): a union over its role and grants. In front of every read.
enum Visibility {
    /// Scopes it may open; `nil`: for this peer the case doesn't exist.
    static func scopes(of state: CaseState, for peer: Peer, rulebook: Rulebook) -> Set<Scope>? {
        guard peer.role != .admin, peer.sees(state, rulebook) else { return nil }
        // Personal data of whistle-blower cases needs access.granted for everyone.
        if state.isWhistleblower { return [] }
        switch peer.role {
        case .operator: return [.person, .text, .public]
        case .auditor, .admin, .engine: return []
        case .integrator: break
        }
        var scopes: Set<Scope> = []
        if peer.holds(.intake), peer.holds(source: state.source) { scopes.formUnion([.person, .text, .public]) }
        if peer.holds(.dispatch) || peer.holds(.callback) { scopes.formUnion([.person, .text, .public]) }
        if peer.holds(.supervise) || peer.holds(.publicity) || peer.holds(.leader) { scopes.formUnion([.text, .public]) }
        if peer.holds(.citizen) { scopes.insert(.public) }
        if peer.holds(.unit) {
            let own = state.assignments.filter { peer.speaks(for: $0.unit, in: rulebook.units) }
            if !own.isEmpty { scopes.formUnion([.text, .public]) }
            // Contact data only while its assignment is live.
            if own.contains(where: { $0.isLive }) { scopes.insert(.person) }
        }
        return scopes
    }
}
