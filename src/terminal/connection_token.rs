use serde::{Deserialize, Serialize};

use crate::calendar::Timestamp;
use crate::ids::{AccountId, ConnectionTokenId, LocationId};

/// A command: let a program at a till connect to readers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewConnectionToken {
    /// Only to readers at this place; to all of the owner's if not given.
    pub location: Option<LocationId>,
}

impl NewConnectionToken {
    /// To all readers of the owner.
    pub const fn new() -> Self {
        Self { location: None }
    }

    /// Only to readers at this place.
    pub const fn at(location: LocationId) -> Self {
        Self { location: Some(location) }
    }
}

/// What lets a program at a till connect to readers.
///
/// For how long it is good no page says: a host that hands the secret on says so itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConnectionToken {
    id: ConnectionTokenId,
    owner: AccountId,
    location: Option<LocationId>,
    created: Timestamp,
}

impl ConnectionToken {
    const PREFIX: &'static str = "pst_";

    pub(crate) const fn new(
        id: ConnectionTokenId,
        owner: AccountId,
        command: NewConnectionToken,
        created: Timestamp,
    ) -> Self {
        Self { id, owner, location: command.location, created }
    }

    /// Its id.
    pub const fn id(&self) -> ConnectionTokenId {
        self.id
    }

    /// The account to whose readers it connects.
    pub const fn owner(&self) -> AccountId {
        self.owner
    }

    /// The place whose readers it connects to, if it is not all of them.
    pub const fn location(&self) -> Option<LocationId> {
        self.location
    }

    /// When it was created.
    pub const fn created(&self) -> Timestamp {
        self.created
    }

    /// The text that is handed to the program. It is made of the id, because nothing here draws randomness: a host whose tills stand
    /// in the open hands out a secret of its own, or the provider's, and finds the token by it.
    ///
    /// ```
    /// use fundroute::prelude::*;
    /// use fundroute::terminal::{ConnectionToken, NewConnectionToken};
    ///
    /// let mut platform = Platform::new(NewPlatform::in_country(US), Rulebook::standard(), utc(2026, 11, 2))?;
    /// let token = platform.connection_tokens().create("till-1", NewConnectionToken::new())?.answer;
    /// let secret = platform.connection_token(token)?.secret();
    /// assert_eq!(ConnectionToken::id_in(&secret), Some(token));
    /// # Ok::<(), Error>(())
    /// ```
    pub fn secret(&self) -> String {
        format!("{}{}", Self::PREFIX, self.id.uuid().simple())
    }

    /// The token that a secret stands for.
    pub fn id_in(secret: &str) -> Option<ConnectionTokenId> {
        format!("{}{}", ConnectionTokenId::PREFIX, secret.strip_prefix(Self::PREFIX)?).parse().ok()
    }
}
