//! Charges that come to nothing.

use super::{Charge, ChargeState};
use crate::calendar::Timestamp;
use crate::payments::ChargeFailure;

impl Charge {
    /// The charge after what was held ready and not taken was let go; nothing where there is nothing of that.
    pub(crate) fn release(&self, at: Timestamp) -> Option<Self> {
        let closed = self.authorization().filter(|authorization| authorization.is_open())?.clone().close();
        let state = match self.state {
            ChargeState::Authorized => ChargeState::Released { at },
            ChargeState::Succeeded(captured) => ChargeState::Succeeded(captured),
            ChargeState::Pending { .. } | ChargeState::Released { .. } | ChargeState::Failed { .. } => return None,
        };
        Some(Self { state, ..self.clone() }.with_authorization(closed))
    }

    /// The charge after it was called off: money that comes all the same is nobody's.
    pub(crate) fn called_off(&self, at: Timestamp) -> Option<Self> {
        let mut next = self.fail(at, ChargeFailure::PaymentCanceled)?;
        next.rare.get_or_insert_default().called_off = true;
        Some(next)
    }

    /// Whether it was called off.
    // INVARIANT: whatever else it is told to have failed for.
    pub(crate) fn is_called_off(&self) -> bool {
        self.rare.as_deref().is_some_and(|rare| rare.called_off)
    }

    /// The charge after it came to nothing; nothing where that is known already, or the money was taken after all.
    // INVARIANT: what the world says holds over what was decided here, and of several failures the earliest is kept, so that the order
    // of delivery is no matter.
    pub(crate) fn fail(&self, at: Timestamp, failure: ChargeFailure) -> Option<Self> {
        let rank = |at, failure: ChargeFailure| (failure.is_ours(), at, failure);
        match self.state {
            ChargeState::Authorized | ChargeState::Released { .. } | ChargeState::Succeeded(_) => return None,
            ChargeState::Failed { at: known, failure: why } if rank(known, why) <= rank(at, failure) => return None,
            ChargeState::Pending { .. } | ChargeState::Failed { .. } => {}
        }
        Some(Self { state: ChargeState::Failed { at, failure }, ..self.clone() })
    }
}
