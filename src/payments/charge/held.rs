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

    pub(crate) fn with_hold(self, hold: ReserveHoldId) -> Self {
        self.with_rare(|rare| rare.hold = NonZeroU16::new(hold.ordinal()))
    }
}
