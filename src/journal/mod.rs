//! What a platform has done, and what it knows: changes, and the state that they add up to.
//!
//! Every command, every fact and every deadline yields one [`Changes`]. Applied in their order they give the
//! state: live, from a journal, or from a [`Snapshot`] and the journal's tail. Nothing is decided again
//! in doing so, so a journal keeps its meaning when the rules change.
//!
//! ```text
//!  command, fact, deadline ──► decide ──► Changes ──► stored by the host ──► apply ──► state
//!                                            ├──► events        ──► webhooks
//!                                            └──► instructions  ──► banks and card networks
//! ```

mod audit;
mod change;
mod digest;
mod event;
mod fact;
mod index;
mod record;
mod request;
mod snapshot;
mod state;
mod table;

pub use audit::{AuditNote, TrialBalance};
pub use change::{
    BalanceDelta, Changes, CycleRead, CycleWrite, Deadline, DeadlineKind, Guard, Key, PersonalData, PersonalWrite,
    QueueRead, QueueWrite, RecordRead, RecordWrite, ReferenceWrite, WatchWrite,
};
pub use digest::Digest;
pub(crate) use digest::{Domain, Origin};
pub use event::{Event, EventKind, Instruction};
pub(crate) use fact::Told;
pub use fact::{Anomaly, AnomalyCause, AnomalyReason, Fact, ParkedFact, ParkedState, Report};
pub use record::Record;
pub(crate) use record::Stored;
pub use request::{Answer, FactOutcome, Outcome, RequestError, RequestRow};
pub use snapshot::{BalanceRow, Loaded, Snapshot};
pub(crate) use state::{Booked, Concern, HOLDS_LOOKED_UP, Holding, Known, Members, State};
