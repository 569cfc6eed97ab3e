use serde::{Deserialize, Serialize};
use smallvec::SmallVec;

use super::{
    CancelReaderAction, NewConnectionToken, NewLocation, NewReader, StartReaderAction, UpdateLocation, UpdateReader,
};
use crate::ids::{Family, LocationId, PaymentId, ReaderId};

/// A command about places, readers and what readers do.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub enum TerminalCommand {
    /// Have a reader stop what it does.
    CancelReaderAction(CancelReaderAction),
    /// Let a program at a till connect to readers.
    CreateConnectionToken(NewConnectionToken),
    /// Name a place where readers take payments.
    CreateLocation(NewLocation),
    /// Remove a place.
    DeleteLocation(LocationId),
    /// Remove a reader.
    DeleteReader(ReaderId),
    /// Register a reader at a place.
    RegisterReader(NewReader),
    /// Have a reader do something.
    StartReaderAction(StartReaderAction),
    /// Change what is known of a place.
    UpdateLocation(UpdateLocation),
    /// Call a reader by another name.
    UpdateReader(UpdateReader),
}

impl TerminalCommand {
    /// The families that it names.
    pub(crate) fn families(&self) -> SmallVec<[Family; 3]> {
        let one = |family: Family| SmallVec::from_elem(family, 1);
        match self {
            Self::CancelReaderAction(cancel) => one(cancel.reader.family()),
            Self::CreateConnectionToken(token) => token.location.map(LocationId::family).into_iter().collect(),
            Self::CreateLocation(_) => SmallVec::new(),
            Self::DeleteLocation(location) => one(location.family()),
            Self::DeleteReader(reader) => one(reader.family()),
            Self::RegisterReader(reader) => one(reader.location.family()),
            Self::StartReaderAction(start) => {
                let payment = start.task.payment().map(PaymentId::family);
                payment.into_iter().chain([start.reader.family()]).collect()
            }
            Self::UpdateLocation(update) => one(update.location.family()),
            Self::UpdateReader(update) => one(update.reader.family()),
        }
    }
}
