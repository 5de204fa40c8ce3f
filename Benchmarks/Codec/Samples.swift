import API
import Wire

/// The messages that are measured; `Benchmarks/Peers/codec.cc` has the same.
enum Samples {
    static var record: Record {
        Record.with {
            $0.id = "rec-0123456789abcde"
            $0.version = 1_234_567_890
            $0.enabled = true
            $0.score = 0.75
            $0.digest = [UInt8](repeating: 7, count: 100)
            $0.counts = [1, 2, 3, 200, 300, 400, 50_000, 60_000]
            $0.origin = origin(0)
            $0.related = [origin(1), origin(2), origin(3)]
            $0.note = "seen twice"
            $0.kind = 3
        }
    }

    private static func origin(_ number: Int64) -> Origin {
        Origin.with {
            $0.name = "origin-name"
            $0.number = 1000 + number
            $0.token = [UInt8](repeating: 9, count: 16)
        }
    }

    static var finding: Finding {
        Finding.with {
            $0.accountId = "acc_01j9zq3x5v"
            $0.controlId = "s3-bucket-public-access-block"
            $0.arn = "arn:aws:s3:::an-example-bucket-of-ours"
            $0.resourceType = "aws.s3.bucket"
            $0.region = "eu-central-1"
            $0.status = .fail
            $0.severity = .high
            $0.reason = "BlockPublicPolicy is false, wanted true"
            $0.sinceTime = Timestamp.with {
                $0.seconds = 1_790_000_000
                $0.nanos = 123_000_000
            }
            $0.assessmentId = "asm_01j9zq3x5w"
        }
    }
}
