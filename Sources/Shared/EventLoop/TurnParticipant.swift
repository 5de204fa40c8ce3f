/// Something that has work to do at a fixed point of a loop's turn.
public protocol TurnParticipant: AnyObject {
    /// Called once for each `markReady`, outside of any descriptor's handler.
    func startInTurn()
    /// Called once for each `markDirty`, when the jobs of the turn have run.
    func flushInTurn()
}
