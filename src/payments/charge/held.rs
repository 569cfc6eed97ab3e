//! Charges of which a reserve holds a part back.

use std::num::NonZeroU16;

use super::Charge;
use crate::ids::ReserveHoldId;

impl Charge {
    /// What a reserve holds back of it, or of the transfer that went with it; nothing where no plan was in force.
    pub fn hold(&self) -> Option<ReserveHoldId> {
        let ordinal = self.rare.as_deref().and_then(|rare| rare.hold)?;
        Some(ReserveHoldId::of(self.id.family(), ordinal.get()))
    }

    /// Whether something of it may be held back: of itself, or of what was sent out of it.
    pub(crate) fn may_be_held(&self) -> bool {
        self.hold().is_some() || self.split().is_some()
    }

    pub(crate) fn with_hold(self, hold: ReserveHoldId) -> Self {
        self.with_rare(|rare| rare.hold = NonZeroU16::new(hold.ordinal()))
    }
}
