use serde::{Deserialize, Serialize};

use super::{TaxDeliveryMethod, TaxLevel};
use crate::ids::TaxFormId;

/// What happened to a tax form; the object of the event says to which.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[non_exhaustive]
pub enum TaxEvent {
    /// `tax.form.updated`
    // RULE: the only event that the field names; a form that is made is told of by it as well (docs.stripe.com/api/tax/forms, 2026).
    Updated,
}

impl TaxEvent {
    /// The event's name on the wire.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Updated => "tax.form.updated",
        }
    }
}

/// What the host must do for a tax form.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub enum TaxInstruction {
    /// File it, and report [`TaxFact`](super::TaxFact)s of what becomes of it. Its rows are those of
    /// [`tax_form_rows`](crate::Platform::tax_form_rows).
    File {
        /// The form.
        form: TaxFormId,
        /// With whom.
        with: TaxLevel,
    },
    /// Bring it to its payee, and report what becomes of that.
    Deliver {
        /// The form.
        form: TaxFormId,
        /// How.
        by: TaxDeliveryMethod,
    },
}

impl TaxInstruction {
    /// The form that it is about.
    pub const fn form(&self) -> TaxFormId {
        match self {
            Self::File { form, .. } | Self::Deliver { form, .. } => *form,
        }
    }
}
