use serde::{Deserialize, Serialize};

use super::{FraudType, Named};
use crate::calendar::Timestamp;
use crate::ids::{ChargeId, EarlyFraudWarningId};

/// A fact: the payer's bank takes a payment for fraud. No money moves.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FraudWarned {
    /// The charge.
    pub charge: Named,
    /// The world's own id for the warning; unique among warnings.
    pub reference: String,
    /// What it is taken for.
    pub fraud_type: FraudType,
}

/// A warning that a payment was fraud, mostly before it is disputed.
///
/// While nothing was disputed and not everything was given back, it is
/// [actionable](crate::Platform::is_actionable): a refund now may cost less than the dispute later.
// RULE: docs.stripe.com/disputes/how-disputes-work (2026); it may come after the dispute.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EarlyFraudWarning {
    id: EarlyFraudWarningId,
    charge: ChargeId,
    fraud_type: FraudType,
    created: Timestamp,
}

impl EarlyFraudWarning {
    pub(crate) const fn new(
        id: EarlyFraudWarningId,
        charge: ChargeId,
        fraud_type: FraudType,
        created: Timestamp,
    ) -> Self {
        Self { id, charge, fraud_type, created }
    }

    /// Its id.
    pub const fn id(&self) -> EarlyFraudWarningId {
        self.id
    }

    /// The charge that it is about.
    pub const fn charge(&self) -> ChargeId {
        self.charge
    }

    /// What the payment is taken for.
    pub const fn fraud_type(&self) -> FraudType {
        self.fraud_type
    }

    /// When it was given.
    pub const fn created(&self) -> Timestamp {
        self.created
    }

    /// The warning as given at another time as well; nothing where that is known.
    // INVARIANT: of several tellings the earliest is kept, so that the order of delivery is no matter.
    pub(crate) fn given_earlier(&self, at: Timestamp) -> Option<Self> {
        (at < self.created).then(|| Self { created: at, ..self.clone() })
    }
}
