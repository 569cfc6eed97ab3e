use serde::{Deserialize, Serialize};

use super::ReaderActionKind;
use crate::ids::ReaderId;

/// What happened to what a reader does: the event names the reader. Of what it did before that, the event names the
/// [row](super::PastAction) that is kept of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[non_exhaustive]
pub enum TerminalEvent {
    /// `terminal.reader.action_failed`
    ActionFailed,
    /// `terminal.reader.action_succeeded`
    ActionSucceeded,
    /// `terminal.reader.action_updated`: a card was presented, or it was told under which token a card was saved.
    ActionUpdated,
}

impl TerminalEvent {
    /// The event's name on the wire.
    pub const fn name(self) -> &'static str {
        match self {
            Self::ActionFailed => "terminal.reader.action_failed",
            Self::ActionSucceeded => "terminal.reader.action_succeeded",
            Self::ActionUpdated => "terminal.reader.action_updated",
        }
    }
}

/// What the host must have a reader do. Reader and number are the idempotency key to pass on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub enum ReaderInstruction {
    /// Have it do something; report [`ReaderActionSucceeded`](super::ReaderActionSucceeded) or
    /// [`ReaderActionFailed`](super::ReaderActionFailed), and of a card that was to be saved
    /// [`ReaderCardSaved`](super::ReaderCardSaved). What becomes of money is told as always, of the charge or the refund that the
    /// action names.
    Act {
        /// The reader.
        reader: ReaderId,
        /// Which of its actions.
        action: u32,
        /// What it is to do.
        what: ReaderActionKind,
    },
    /// Have it stop; report [`ReaderActionCanceled`](super::ReaderActionCanceled) once it has. A reader to which a card was presented
    /// does not stop, and tells later what came of it.
    CancelAction {
        /// The reader.
        reader: ReaderId,
        /// Which of its actions.
        action: u32,
    },
}

impl ReaderInstruction {
    /// The reader.
    pub const fn reader(&self) -> ReaderId {
        match self {
            Self::Act { reader, .. } | Self::CancelAction { reader, .. } => *reader,
        }
    }
}
