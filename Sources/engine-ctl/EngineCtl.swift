import ArgumentParser
import Foundation

/// The command line of the engine. One file per subcommand; what they share is in Support.
struct EngineCtl: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "engine-ctl",
        abstract: "Looks at and works an appeal engine (诉求引擎) over its Unix socket.",
        discussion: """
            A first city, from nothing:
              engine-ctl init ./city                                  # makes data, keys, configuration; prints the next commands
              engine-daemon --config ./city/engine.yaml &
              export ENGINE_SOCKET=./city/engine.sock
              engine-ctl rulebook adopt packaging/rulebook/chengdu
              engine-ctl example appeal.received | engine-ctl post -
              engine-ctl tail --follow

            Exit codes: 0 ok · 1 the answer is no (refused, not found, mismatch) · 2 bad usage or input · 75 try again · 70 internal.
            --json gives machines the engine's own JSON on every command.
            """,
        subcommands: [
            Init.self, Status.self, Example.self, Post.self, Tail.self, Case.self, Cases.self, KPI.self, Feed.self, Projections.self, Rulebook.self,
            Log.self, Bundle.self, Export.self,
            Simulate.self, Import.self,
        ])
}

@main
enum Main {
    static func main() async {
        do {
            var command = try EngineCtl.parseAsRoot()
            if var asynchronous = command as? any AsyncParsableCommand {
                try await asynchronous.run()
            } else {
                try command.run()
            }
        } catch {
            exit(Failure.report(error))
        }
    }
}
