//! Who finds out whether an account may do what it asks for, and how patient that is.

use serde::{Deserialize, Serialize};

use super::Rulebook;

/// Who finds out whether an account may have what it asks for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Vetting {
    /// The requirements of the rulebook: an account is asked for information, the world checks it, and what it may do follows.
    #[default]
    ByRequirements,
    /// The host, or the provider behind it: accounts are asked for nothing, and the host reports each capability.
    ByHost,
}

/// How accounts are vetted, and with how much patience.
///
/// ```
/// use fundroute::rulebook::{Rulebook, Vetting};
///
/// let book = Rulebook::standard();
/// assert_eq!(book.vetting_policy().grace_days, 14);
/// let book = book.with_vetting(Vetting::ByHost);
/// assert_eq!(book.vetting_policy().vetting, Vetting::ByHost);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct VettingPolicy {
    /// Who vets.
    pub vetting: Vetting,
    /// How many days before its limit something is asked for. The field does not publish its own; this crate takes 14.
    pub notice_days: u16,
    /// At how many percent of an amount that is its limit something is asked for. Not published either; this crate takes 50.
    pub notice_percent: u8,
    /// How many days an account goes on after verified data was changed, or after a check failed of which no rule says by when
    /// it must succeed.
    // RULE: 14 days after a change of verified data (docs.stripe.com/connect/update-verified-information, 2024); for a failed
    // check without a limit this crate takes the same.
    pub grace_days: u16,
    /// Whether an account that only receives transfers counts as one whose charges are on. No page says so; this crate takes no for an
    /// answer, because nothing can be charged on it.
    pub transfers_enable_charges: bool,
}

impl VettingPolicy {
    pub(super) const STANDARD: Self = Self {
        vetting: Vetting::ByRequirements,
        notice_days: 14,
        notice_percent: 50,
        grace_days: 14,
        transfers_enable_charges: false,
    };
}

impl Rulebook {
    /// How accounts are vetted.
    #[must_use]
    pub fn vetting_policy(&self) -> VettingPolicy {
        self.0.vetting
    }

    /// The book under which accounts are vetted by somebody else; those that exist stay as they are.
    #[must_use]
    pub fn with_vetting(self, vetting: Vetting) -> Self {
        let policy = VettingPolicy { vetting, ..self.vetting_policy() };
        self.with_vetting_policy(policy)
    }

    /// The book with another way to vet accounts.
    #[must_use]
    pub fn with_vetting_policy(mut self, policy: VettingPolicy) -> Self {
        self.book_mut().vetting = policy;
        self
    }

    /// Whether what happens to accounts is told in the words of the newer interface, too.
    #[must_use]
    pub fn v2_events(&self) -> bool {
        self.0.v2_events
    }

    /// The book under which what happens to accounts is told in the words of the newer interface as well as in those of the older one, or
    /// in those of the older one alone, as it is unless a host wants both.
    #[must_use]
    pub fn with_v2_events(mut self, told: bool) -> Self {
        self.book_mut().v2_events = told;
        self
    }

    /// Whether accounts can have the controllers that the field has in preview.
    #[must_use]
    pub fn preview_controllers(&self) -> bool {
        self.0.preview_controllers
    }

    /// The book in which accounts can have the controllers that the field has in preview, or cannot.
    #[must_use]
    pub fn with_preview_controllers(mut self, open: bool) -> Self {
        self.book_mut().preview_controllers = open;
        self
    }
}
