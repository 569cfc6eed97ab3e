use serde::{Deserialize, Serialize};

use crate::calendar::Timestamp;
use crate::rulebook::TaxLimit;
use crate::wire::wire;

wire! {
    /// The names of the states of a filing, as on the field's wire.
    // RULE: docs.stripe.com/connect/file-tax-forms (2024).
    FilingStatus:
    "will_not_file" WillNotFile "Nothing asks for it.",
    "needs_attention" NeedsAttention "Something is missing, or not known.",
    "ready" Ready "It may be filed.",
    "filing" Filing "It is about to be sent.",
    "filed" Filed "It was sent.",
    "accepted" Accepted "The authority has taken it.",
    "rejected" Rejected "The authority has not taken it.",
    "exported" Exported "The platform files it itself.",

    /// With which authority a form is filed.
    TaxLevel:
    "country" Country "That of the country: of the United States the federal one.",
    "state" State "That of the payee's state.",
}

/// Why a form is filed somewhere, or is not: what the rules said when it was looked at last.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum TaxBasis {
    /// The rules do not tell.
    Unknown,
    /// The state wants no such form.
    NotRequired,
    /// The state wants it only where tax was withheld, and none was.
    NotWithheld,
    /// The figures do not reach the limit.
    Below(TaxLimit),
    /// They do.
    Reached(TaxLimit),
    /// Somebody who sells goods alone, fewer times than so many and for no more than so much.
    SmallSeller {
        /// How many sales are not few any more.
        sales: u32,
        /// The most there may be, in minor units.
        amount: i64,
    },
    /// Everybody else is reported.
    Everybody,
    /// The platform has said so, whatever the limits.
    Overridden {
        /// Whether it is to be filed.
        file: bool,
    },
    /// It follows a form that was filed there.
    // RULE: corrections are filed regardless of limits (docs.stripe.com/connect/correct-tax-forms, 2024).
    Follows,
    /// It takes totals off a payee, and there are none there: the form that it follows was not filed there.
    FollowsNothing,
}

/// What a basis comes to.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Wanted {
    Yes,
    No,
    NotKnown,
}

impl TaxBasis {
    const fn wanted(self) -> Wanted {
        match self {
            Self::Unknown => Wanted::NotKnown,
            Self::NotRequired
            | Self::NotWithheld
            | Self::Below(_)
            | Self::SmallSeller { .. }
            | Self::Overridden { file: false }
            | Self::FollowsNothing => Wanted::No,
            Self::Reached(_) | Self::Everybody | Self::Overridden { file: true } | Self::Follows => Wanted::Yes,
        }
    }

    /// Whether limits have no say any more.
    pub(super) const fn is_fixed(self) -> bool {
        match self {
            Self::Overridden { .. } | Self::Follows | Self::FollowsNothing => true,
            Self::Unknown
            | Self::NotRequired
            | Self::NotWithheld
            | Self::Below(_)
            | Self::Reached(_)
            | Self::SmallSeller { .. }
            | Self::Everybody => false,
        }
    }
}

/// How far a form has got with one authority.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum FilingState {
    /// Nothing asks for it.
    WillNotFile {
        /// Since when.
        since: Timestamp,
    },
    /// Something is missing, or not known.
    NeedsAttention {
        /// Since when.
        since: Timestamp,
    },
    /// It may be filed.
    Ready {
        /// Since when.
        since: Timestamp,
    },
    /// It is about to be sent.
    Filing {
        /// Since when.
        queued_at: Timestamp,
    },
    /// It was sent.
    Filed {
        /// When.
        filed_at: Timestamp,
    },
    /// The authority has taken it.
    Accepted {
        /// When it was sent, where that was told.
        filed_at: Option<Timestamp>,
        /// When it was taken.
        accepted_at: Timestamp,
    },
    /// The authority has not taken it.
    Rejected {
        /// When it was sent, where that was told.
        filed_at: Option<Timestamp>,
        /// When it was turned down.
        rejected_at: Timestamp,
        /// Why.
        reason: Box<str>,
    },
    /// The platform files it itself.
    Exported {
        /// When it took it over.
        exported_at: Timestamp,
    },
}

/// What a fact comes to: the next state, nothing where as much is known already, or that it cannot be.
pub(super) type Told<T> = Result<Option<T>, Impossible>;

/// What a fact says cannot be: nobody was asked.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Impossible;

/// A form with one authority: how far it has got, and why it goes there or does not.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TaxFiling {
    state: FilingState,
    basis: TaxBasis,
}

impl TaxFiling {
    /// One of which nothing is known yet.
    pub(super) fn new(basis: TaxBasis, is_complete: bool, now: Timestamp) -> Self {
        Self { state: FilingState::WillNotFile { since: now }, basis }.assessed(basis, is_complete, now)
    }

    /// How far it has got.
    pub const fn state(&self) -> &FilingState {
        &self.state
    }

    /// Why it goes there, or does not.
    pub const fn basis(&self) -> TaxBasis {
        self.basis
    }

    /// The state's name.
    pub const fn status(&self) -> FilingStatus {
        match self.state {
            FilingState::WillNotFile { .. } => FilingStatus::WillNotFile,
            FilingState::NeedsAttention { .. } => FilingStatus::NeedsAttention,
            FilingState::Ready { .. } => FilingStatus::Ready,
            FilingState::Filing { .. } => FilingStatus::Filing,
            FilingState::Filed { .. } => FilingStatus::Filed,
            FilingState::Accepted { .. } => FilingStatus::Accepted,
            FilingState::Rejected { .. } => FilingStatus::Rejected,
            FilingState::Exported { .. } => FilingStatus::Exported,
        }
    }

    /// When it came into that state.
    pub const fn effective_at(&self) -> Timestamp {
        match self.state {
            FilingState::WillNotFile { since: at }
            | FilingState::NeedsAttention { since: at }
            | FilingState::Ready { since: at }
            | FilingState::Filing { queued_at: at }
            | FilingState::Filed { filed_at: at }
            | FilingState::Accepted { accepted_at: at, .. }
            | FilingState::Rejected { rejected_at: at, .. }
            | FilingState::Exported { exported_at: at } => at,
        }
    }

    /// Whether nobody was asked to file it yet.
    pub const fn is_open(&self) -> bool {
        match self.state {
            FilingState::WillNotFile { .. } | FilingState::NeedsAttention { .. } | FilingState::Ready { .. } => true,
            FilingState::Filing { .. }
            | FilingState::Filed { .. }
            | FilingState::Accepted { .. }
            | FilingState::Rejected { .. }
            | FilingState::Exported { .. } => false,
        }
    }

    /// Whether the authority has still to say whether it takes it.
    pub const fn awaits_answer(&self) -> bool {
        matches!(self.state, FilingState::Filing { .. } | FilingState::Filed { .. })
    }

    fn with(&self, state: FilingState) -> Self {
        Self { state, ..self.clone() }
    }

    /// The filing after it was looked at again: what it is, as long as nobody was asked to file it.
    pub(super) fn assessed(&self, basis: TaxBasis, is_complete: bool, now: Timestamp) -> Self {
        if !self.is_open() {
            return self.clone();
        }
        let status = match basis.wanted() {
            Wanted::No => FilingStatus::WillNotFile,
            Wanted::Yes if is_complete => FilingStatus::Ready,
            Wanted::Yes | Wanted::NotKnown => FilingStatus::NeedsAttention,
        };
        let since = if status == self.status() { self.effective_at() } else { now };
        let state = match basis.wanted() {
            Wanted::No => FilingState::WillNotFile { since },
            Wanted::Yes if is_complete => FilingState::Ready { since },
            Wanted::Yes | Wanted::NotKnown => FilingState::NeedsAttention { since },
        };
        Self { state, basis }
    }

    /// The filing on another basis, to be assessed.
    pub(super) fn based_on(&self, basis: TaxBasis) -> Self {
        Self { basis, ..self.clone() }
    }

    /// The filing once somebody is asked to file it; nothing where it is not ready.
    pub(super) fn file(&self, queued_at: Timestamp) -> Option<Self> {
        match self.state {
            FilingState::Ready { .. } => Some(self.with(FilingState::Filing { queued_at })),
            FilingState::WillNotFile { .. }
            | FilingState::NeedsAttention { .. }
            | FilingState::Filing { .. }
            | FilingState::Filed { .. }
            | FilingState::Accepted { .. }
            | FilingState::Rejected { .. }
            | FilingState::Exported { .. } => None,
        }
    }

    /// The filing once the platform has taken it over; nothing where it is not ready.
    pub(super) fn export(&self, exported_at: Timestamp) -> Option<Self> {
        match self.state {
            FilingState::Ready { .. } => Some(self.with(FilingState::Exported { exported_at })),
            FilingState::WillNotFile { .. }
            | FilingState::NeedsAttention { .. }
            | FilingState::Filing { .. }
            | FilingState::Filed { .. }
            | FilingState::Accepted { .. }
            | FilingState::Rejected { .. }
            | FilingState::Exported { .. } => None,
        }
    }

    /// The filing after it was sent. Of several tellings the earliest counts.
    // INVARIANT: what is kept is the earliest of each telling, so the order of delivery is no matter.
    pub(super) fn sent(&self, at: Timestamp) -> Told<Self> {
        let is_earlier = |known: Option<Timestamp>| known.is_none_or(|known| at < known);
        let state = match &self.state {
            FilingState::Filing { .. } => FilingState::Filed { filed_at: at },
            FilingState::Filed { filed_at } if at < *filed_at => FilingState::Filed { filed_at: at },
            FilingState::Accepted { filed_at, accepted_at } if is_earlier(*filed_at) => {
                FilingState::Accepted { filed_at: Some(at), accepted_at: *accepted_at }
            }
            FilingState::Rejected { filed_at, rejected_at, reason } if is_earlier(*filed_at) => {
                let (rejected_at, reason) = (*rejected_at, reason.clone());
                FilingState::Rejected { filed_at: Some(at), rejected_at, reason }
            }
            FilingState::Filed { .. } | FilingState::Accepted { .. } | FilingState::Rejected { .. } => return Ok(None),
            FilingState::WillNotFile { .. }
            | FilingState::NeedsAttention { .. }
            | FilingState::Ready { .. }
            | FilingState::Exported { .. } => return Err(Impossible),
        };
        Ok(Some(self.with(state)))
    }

    fn sent_at(&self) -> Option<Timestamp> {
        match self.state {
            FilingState::Filed { filed_at } => Some(filed_at),
            FilingState::Accepted { filed_at, .. } | FilingState::Rejected { filed_at, .. } => filed_at,
            FilingState::WillNotFile { .. }
            | FilingState::NeedsAttention { .. }
            | FilingState::Ready { .. }
            | FilingState::Filing { .. }
            | FilingState::Exported { .. } => None,
        }
    }

    /// The filing after the authority has taken it, which counts more than that it had not.
    // INVARIANT: as in `sent`; and an acceptance is final, so it wins whichever was told first.
    pub(super) fn accept(&self, accepted_at: Timestamp) -> Told<Self> {
        match self.state {
            FilingState::Accepted { accepted_at: known, .. } if accepted_at >= known => Ok(None),
            FilingState::Filing { .. }
            | FilingState::Filed { .. }
            | FilingState::Accepted { .. }
            | FilingState::Rejected { .. } => {
                Ok(Some(self.with(FilingState::Accepted { filed_at: self.sent_at(), accepted_at })))
            }
            FilingState::WillNotFile { .. }
            | FilingState::NeedsAttention { .. }
            | FilingState::Ready { .. }
            | FilingState::Exported { .. } => Err(Impossible),
        }
    }

    /// The filing after the authority has turned it down.
    pub(super) fn reject(&self, rejected_at: Timestamp, reason: &str) -> Told<Self> {
        match &self.state {
            FilingState::Rejected { rejected_at: known, reason: why, .. }
                if (*known, &**why) <= (rejected_at, reason) =>
            {
                Ok(None)
            }
            FilingState::Accepted { .. } => Ok(None),
            FilingState::Filing { .. } | FilingState::Filed { .. } | FilingState::Rejected { .. } => {
                let (filed_at, reason) = (self.sent_at(), reason.into());
                Ok(Some(self.with(FilingState::Rejected { filed_at, rejected_at, reason })))
            }
            FilingState::WillNotFile { .. }
            | FilingState::NeedsAttention { .. }
            | FilingState::Ready { .. }
            | FilingState::Exported { .. } => Err(Impossible),
        }
    }
}
