/// A control's verdict on one asset.
struct Verdict: Sendable, Equatable {
    enum Status: Int, Sendable, Comparable {
        case pass = 1
        case fail = 2
        case unknown = 3

        /// Of several rows for one asset, the gravest counts: fail, then unknown, then pass.
        static func < (a: Status, b: Status) -> Bool { a.gravity < b.gravity }

        private var gravity: Int {
            switch self {
            case .pass: 0
            case .unknown: 1
            case .fail: 2
            }
        }
    }

    var arn: String
    var status: Status
    var reason: String
}
