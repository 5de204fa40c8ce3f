import ServiceKit

/// Where an account is in its life, and what may be done there. Performs no I/O.
///
///     draft ──connect──▶ enabled ──disable──▶ disabling ──stopped──▶ disabled ──enable──▶ enabled
///     any ──delete──▶ deleting
///
/// It says what an event makes Parapet owe to other services; who delivers that, and when, is left out.
struct Lifecycle: Equatable, Sendable {
    enum State: String, Sendable, CaseIterable {
        case draft, enabled, disabling, disabled, deleting
    }

    enum Event: Sendable, CaseIterable {
        case connect, disable, enable, delete
        /// The sync service acknowledged that nothing runs any more.
        case stopped
    }

    /// What a call needs the account for.
    enum Use: Sendable, CaseIterable {
        /// To change its configuration.
        case configure
        /// To ask AWS whether its connection works.
        case test
        /// To collect it.
        case sync
        /// To see how its role is made.
        case template
    }

    /// What is owed to the other services once an event is saved.
    enum Duty: Equatable, Sendable {
        /// Take back syncs that were asked for and not delivered yet.
        case withdrawSyncs
        case startSync
        case cancelSync
        case purge
    }

    private(set) var state: State

    init(_ state: State = .draft) { self.state = state }

    /// Moves on, or says why not.
    ///
    /// - Parameter name: For the message.
    mutating func apply(_ event: Event, name: AccountName) throws(AccountError) -> [Duty] {
        switch (state, event) {
        case (.draft, .connect):
            state = .enabled
            return [.startSync]
        case (.enabled, .disable):
            state = .disabling
            return [.withdrawSyncs, .cancelSync]
        case (.disabling, .stopped):
            state = .disabled
            return []
        case (.disabled, .enable):
            state = .enabled
            return [.startSync]
        case (.deleting, .delete), (_, .stopped):
            return []
        case (_, .delete):
            state = .deleting
            return [.withdrawSyncs, .purge]
        case (_, .connect), (_, .disable), (_, .enable):
            throw refusal(name, of: event)
        }
    }

    /// Refuses a use that the state forbids.
    func require(_ use: Use, name: AccountName) throws(AccountError) {
        switch (state, use) {
        case (.deleting, _), (.draft, .sync), (.disabling, .test), (.disabling, .sync), (.disabled, .test),
            (.disabled, .sync):
            throw .refused("account '\(name)' is \(Self.word(state)): \(wayOut)", reason)
        case (.draft, _), (.enabled, _), (.disabling, _), (.disabled, _):
            return
        }
    }

    private func refusal(_ name: AccountName, of event: Event) -> AccountError {
        let advice =
            switch (state, event) {
            case (.draft, .disable): "nothing is collected of it; connect it, or delete it"
            case (.enabled, .connect): "to change its role or regions, update it"
            case (.enabled, .enable): "nothing is to be done; to collect it now, start a sync"
            case (.disabling, .disable): "it is disabled once the end of its run is acknowledged"
            case (.disabled, .disable): "nothing is to be done"
            default: wayOut
            }
        return .refused(
            "account '\(name)' is \(Self.word(state))\(repeats(event) ? " already" : ""): \(advice)", reason)
    }

    private func repeats(_ event: Event) -> Bool {
        switch (state, event) {
        case (.enabled, .enable), (.enabled, .connect), (.disabling, .disable), (.disabled, .disable): true
        default: false
        }
    }

    /// What to do so that the account can be used again.
    private var wayOut: String {
        switch state {
        case .draft: "connect it first"
        case .enabled: "disable it first"
        case .disabling: "wait until its run has ended and it is disabled, then enable it"
        case .disabled: "enable it first"
        case .deleting: "once it is gone, create it anew"
        }
    }

    private var reason: RefusalReason {
        switch state {
        case .draft: .accountDraft
        case .enabled: .accountEnabled
        case .disabling: .accountDisabling
        case .disabled: .accountDisabled
        case .deleting: .accountDeleting
        }
    }

    /// The state as it reads after "is".
    static func word(_ state: State) -> String {
        switch state {
        case .draft: "a draft"
        case .enabled: "enabled"
        case .disabling: "being disabled"
        case .disabled: "disabled"
        case .deleting: "being deleted"
        }
    }
}
