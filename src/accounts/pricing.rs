use serde::{Deserialize, Serialize};

use crate::ids::PricingSchemeId;

/// What a price is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Priced {
    /// The payments of an account: direct charges, and destination charges to it.
    Payments,
    /// Its payouts within minutes.
    InstantPayouts,
}

/// By which schemes an account's prices are found; of the platform's own account, those of all accounts that have none of their own.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct AssignedPricing {
    payments: Option<PricingSchemeId>,
    instant_payouts: Option<PricingSchemeId>,
}

impl AssignedPricing {
    pub(crate) const fn of(&self, priced: Priced) -> Option<PricingSchemeId> {
        match priced {
            Priced::Payments => self.payments,
            Priced::InstantPayouts => self.instant_payouts,
        }
    }

    /// The same with another scheme, or none; nothing where nothing is left.
    pub(crate) fn with(self, priced: Priced, scheme: Option<PricingSchemeId>) -> Option<Self> {
        let next = match priced {
            Priced::Payments => Self { payments: scheme, ..self },
            Priced::InstantPayouts => Self { instant_payouts: scheme, ..self },
        };
        (next != Self::default()).then_some(next)
    }
}
