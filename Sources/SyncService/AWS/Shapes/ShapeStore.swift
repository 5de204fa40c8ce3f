/// The service models of `shapes/*.json`.
final class ShapeStore: Sendable {
}
