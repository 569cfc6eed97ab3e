use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{AccessError, Component, Controller, Feature};
use crate::calendar::Timestamp;
use crate::ids::{AccountId, AccountSessionId};

/// The features of each component that a session shows.
pub type Components = BTreeMap<Component, BTreeMap<Feature, bool>>;

/// A command: let an account's holder see parts of the account inside the platform's own pages, once.
///
/// ```
/// use fundroute::accounts::{Component, Feature, NewAccountSession};
/// use fundroute::ids::AccountId;
///
/// let session = NewAccountSession::of(AccountId::from_host([7; 14]))
///     .show(Component::Balances)
///     .show(Component::Payouts)
///     .set(Component::Payouts, Feature::StandardPayouts, true);
/// assert_eq!(session.components.len(), 2);
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewAccountSession {
    /// Whose account.
    pub account: AccountId,
    /// What is shown, and the features that shall be otherwise than usual.
    pub components: Components,
}

impl NewAccountSession {
    /// A session that shows nothing yet.
    pub const fn of(account: AccountId) -> Self {
        Self { account, components: BTreeMap::new() }
    }

    /// The same session, with one component more.
    #[must_use]
    pub fn show(mut self, component: Component) -> Self {
        self.components.entry(component).or_default();
        self
    }

    /// The same session, with a feature of a component on or off.
    #[must_use]
    pub fn set(mut self, component: Component, feature: Feature, on: bool) -> Self {
        self.components.entry(component).or_default().insert(feature, on);
        self
    }

    pub(crate) fn check(&self) -> Result<(), AccessError> {
        if self.components.is_empty() {
            return Err(AccessError::NoComponents);
        }
        for (&component, features) in &self.components {
            let unknown = features.keys().copied().find(|feature| !component.features().contains(feature));
            if let Some(feature) = unknown {
                return Err(AccessError::FeatureUnknown { component, feature });
            }
        }
        Ok(())
    }

    /// What is shown on an account of this controller, with the value of every feature.
    pub(crate) fn resolve(&self, controller: &Controller) -> Result<Components, AccessError> {
        let resolved = self.components.iter().map(|(component, asked)| {
            let features = component.resolve(controller, asked)?;
            Ok((*component, features))
        });
        resolved.collect()
    }
}

/// Parts of an account that its holder can see once inside the platform's own pages.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccountSession {
    id: AccountSessionId,
    account: AccountId,
    components: Components,
    created: Timestamp,
    expires_at: Timestamp,
    claimed_at: Option<Timestamp>,
}

impl AccountSession {
    pub(crate) const fn new(
        id: AccountSessionId,
        account: AccountId,
        components: Components,
        created: Timestamp,
        expires_at: Timestamp,
    ) -> Self {
        Self { id, account, components, created, expires_at, claimed_at: None }
    }

    /// Its id.
    pub const fn id(&self) -> AccountSessionId {
        self.id
    }

    /// Whose account it shows.
    pub const fn account(&self) -> AccountId {
        self.account
    }

    /// What it shows, with the value of every feature; each component at most once.
    pub const fn components(&self) -> &Components {
        &self.components
    }

    /// When it was handed out.
    pub const fn created(&self) -> Timestamp {
        self.created
    }

    /// From when on nobody can claim it.
    pub const fn expires_at(&self) -> Timestamp {
        self.expires_at
    }

    /// When it was claimed.
    pub const fn claimed_at(&self) -> Option<Timestamp> {
        self.claimed_at
    }

    /// What the browser is given to claim it with. It is made of the id and no secret: a host whose pages stand in the open adds
    /// a signature of its own.
    pub fn client_token(&self) -> String {
        format!("accs_{}", self.id.uuid().simple())
    }

    // RULE: a session can be used once, and not for long (docs.stripe.com/api/account_sessions, 2026).
    pub(crate) fn claimed(&self, at: Timestamp) -> Result<Self, AccessError> {
        if self.claimed_at.is_some() {
            return Err(AccessError::SessionClaimed(self.id));
        }
        if self.expires_at <= at {
            return Err(AccessError::SessionExpired(self.id));
        }
        Ok(Self { claimed_at: Some(at), ..self.clone() })
    }
}
