//! How long what lets a holder in stays good.

use chrono::TimeDelta;
use serde::{Deserialize, Serialize};

use super::Rulebook;

/// How long links, sessions and authorization codes stay good.
///
/// ```
/// use fundroute::rulebook::{AccessPolicy, Rulebook};
///
/// let book = Rulebook::standard();
/// assert_eq!(book.access_policy().link_seconds, 300);
/// let longer = AccessPolicy { link_seconds: 600, ..book.access_policy() };
/// assert_eq!(book.with_access_policy(longer).access_policy().link_seconds, 600);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccessPolicy {
    /// How long an account link can be visited.
    // RULE: 300 seconds in the sample of docs.stripe.com/api/account_links (2019, 2025); 600 in that of
    // docs.stripe.com/api/v2/core/account-links (2025).
    pub link_seconds: u32,
    /// How long an account session can be claimed. The field says that it is short and no more; this crate takes half an hour.
    pub session_seconds: u32,
    /// How long an authorization code can be exchanged.
    // RULE: 5 minutes (docs.stripe.com/connect/oauth-reference, 2024).
    pub code_seconds: u32,
    /// Whether the pages of account links ask for a bank account, too, where the platform collects what the account is asked for.
    // RULE: they do not unless the platform's settings say so (docs.stripe.com/connect/custom/hosted-onboarding, 2024).
    pub links_collect_banks: bool,
}

impl AccessPolicy {
    pub(super) const STANDARD: Self =
        Self { link_seconds: 300, session_seconds: 1_800, code_seconds: 300, links_collect_banks: false };

    pub(crate) fn link(self) -> TimeDelta {
        TimeDelta::seconds(self.link_seconds.into())
    }

    pub(crate) fn session(self) -> TimeDelta {
        TimeDelta::seconds(self.session_seconds.into())
    }

    pub(crate) fn code(self) -> TimeDelta {
        TimeDelta::seconds(self.code_seconds.into())
    }
}

impl Rulebook {
    /// How long links, sessions and authorization codes stay good.
    #[must_use]
    pub fn access_policy(&self) -> AccessPolicy {
        self.0.access
    }

    /// The book under which they stay good for as long as this; those that exist keep their time.
    #[must_use]
    pub fn with_access_policy(mut self, policy: AccessPolicy) -> Self {
        self.book_mut().access = policy;
        self
    }
}
