use serde::{Deserialize, Serialize};

use super::ReaderAction;
use crate::ids::{ReaderActionId, ReaderId};

/// What a reader did before what it does now, as a row of its own: what the world tells of it late is taken up here.
///
/// A reader shows what it does, or did last. Once it is asked for something else, what it did before is kept here, unless it was
/// only shown. [`Platform::reader_action`](crate::Platform::reader_action) finds both by the action's number.
// INVARIANT: its id is made of the reader's and its number, so that it is found by key and no list grows in the reader.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PastAction {
    id: ReaderActionId,
    reader: ReaderId,
    action: ReaderAction,
}

impl PastAction {
    pub(crate) const fn new(id: ReaderActionId, reader: ReaderId, action: ReaderAction) -> Self {
        Self { id, reader, action }
    }

    /// Its id.
    pub const fn id(&self) -> ReaderActionId {
        self.id
    }

    /// The reader.
    pub const fn reader(&self) -> ReaderId {
        self.reader
    }

    /// What it did, and what came of it.
    pub const fn action(&self) -> &ReaderAction {
        &self.action
    }
}
