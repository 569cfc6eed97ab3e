use std::collections::BTreeSet;
use std::ops::Bound;

use crate::ids::{ReserveHoldId, ReservePlanId};

/// How many holds of one plan are looked up at once: those that are let go in one go, and one that tells whether there are more.
pub(crate) const HOLDS_LOOKED_UP: usize = 17;

/// What each plan holds back and has not let go.
#[derive(Clone, Debug, Default)]
pub(super) struct Reserved(BTreeSet<(ReservePlanId, ReserveHoldId)>);

impl Reserved {
    pub(super) fn set(&mut self, plan: ReservePlanId, hold: ReserveHoldId, is_held: bool) {
        if is_held {
            self.0.insert((plan, hold));
        } else {
            self.0.remove(&(plan, hold));
        }
    }

    /// The first holds of a plan behind one of them, by id.
    pub(super) fn after(&self, plan: ReservePlanId, after: Option<ReserveHoldId>) -> Vec<ReserveHoldId> {
        let first = ReserveHoldId::from_host([0; 14]);
        let from = after.map_or(Bound::Included((plan, first)), |after| Bound::Excluded((plan, after)));
        let behind = self.0.range((from, Bound::Unbounded)).take_while(|(known, _)| *known == plan);
        behind.map(|(_, hold)| *hold).take(HOLDS_LOOKED_UP).collect()
    }
}
