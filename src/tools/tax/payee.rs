use serde::{Deserialize, Serialize};

use super::{TaxAmounts, TaxError, TaxPayee};
use crate::calendar::Timestamp;
use crate::ids::{TaxConsentId, TaxpayerYearId};

/// Whether a payee wants forms electronically.
// RULE: electronic delivery needs the payee's consent (docs.stripe.com/connect/deliver-tax-forms, 2024).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TaxConsent {
    id: TaxConsentId,
    payee: TaxPayee,
    paperless: bool,
    since: Timestamp,
}

impl TaxConsent {
    pub(crate) const fn new(id: TaxConsentId, payee: TaxPayee, paperless: bool, since: Timestamp) -> Self {
        Self { id, payee, paperless, since }
    }

    /// Its id.
    pub const fn id(&self) -> TaxConsentId {
        self.id
    }

    /// Whose it is.
    pub const fn payee(&self) -> &TaxPayee {
        &self.payee
    }

    /// Whether the payee wants forms electronically.
    pub const fn is_paperless(&self) -> bool {
        self.paperless
    }

    /// Since when.
    pub const fn since(&self) -> Timestamp {
        self.since
    }
}

/// All forms of one type and year that share a taxpayer, which are summed for limits.
// RULE: forms that share a tax number are summed for the limits, the first hundred of them (docs.stripe.com/connect/tax-reporting, 2024).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TaxpayerYear {
    id: TaxpayerYearId,
    forms: u16,
    amounts: TaxAmounts,
}

impl TaxpayerYear {
    /// How many forms are summed; those that come later stand for themselves.
    pub const MOST: u16 = 100;

    pub(crate) fn new(id: TaxpayerYearId) -> Self {
        Self { id, forms: 0, amounts: TaxAmounts::default() }
    }

    /// Its id.
    pub const fn id(&self) -> TaxpayerYearId {
        self.id
    }

    /// How many forms are summed.
    pub const fn forms(&self) -> u16 {
        self.forms
    }

    /// What they come to.
    pub const fn amounts(&self) -> &TaxAmounts {
        &self.amounts
    }

    /// The place of one form more, and the year with it; nothing where no more are summed.
    pub(crate) fn with_another(&self) -> Option<(u16, Self)> {
        let place = self.forms;
        let forms = place.checked_add(1).filter(|forms| *forms <= Self::MOST)?;
        Some((place, Self { forms, ..self.clone() }))
    }

    /// The year once one of its forms has other amounts.
    pub(crate) fn exchanged(&self, without: &TaxAmounts, with: &TaxAmounts) -> Result<Self, TaxError> {
        Ok(Self { amounts: self.amounts.exchanged(without, with)?, ..self.clone() })
    }
}
