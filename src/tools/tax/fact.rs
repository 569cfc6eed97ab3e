use serde::{Deserialize, Serialize};

use super::TaxLevel;
use crate::ids::TaxFormId;

/// What authorities and carriers tell of a tax form. Of several tellings of one thing the earliest counts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub enum TaxFact {
    /// It was sent to an authority.
    Filed {
        /// The form.
        form: TaxFormId,
        /// Which authority.
        with: TaxLevel,
    },
    /// An authority has taken it. That counts more than that it had not.
    Accepted {
        /// The form.
        form: TaxFormId,
        /// Which authority.
        with: TaxLevel,
    },
    /// An authority has turned it down.
    Rejected {
        /// The form.
        form: TaxFormId,
        /// Which authority.
        with: TaxLevel,
        /// Why.
        reason: String,
    },
    /// It is on its way to its payee.
    DeliveryUnderWay {
        /// The form.
        form: TaxFormId,
    },
    /// Its payee has it. That counts more than that it did not arrive.
    Delivered {
        /// The form.
        form: TaxFormId,
    },
    /// It did not arrive.
    DeliveryFailed {
        /// The form.
        form: TaxFormId,
        /// Why.
        reason: String,
    },
    /// Somebody has looked whether the payee's tax number belongs to the name. The latest look counts.
    TinChecked {
        /// The form.
        form: TaxFormId,
        /// Whether it does.
        matches: bool,
    },
}

impl TaxFact {
    /// The form that it is about.
    pub const fn form(&self) -> TaxFormId {
        match self {
            Self::Filed { form, .. }
            | Self::Accepted { form, .. }
            | Self::Rejected { form, .. }
            | Self::DeliveryUnderWay { form }
            | Self::Delivered { form }
            | Self::DeliveryFailed { form, .. }
            | Self::TinChecked { form, .. } => *form,
        }
    }
}
