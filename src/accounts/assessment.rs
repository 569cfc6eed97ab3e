use smallvec::SmallVec;

use super::assessor::Assessor;
use super::{Access, Account, CapabilityState, CapabilityStatus, Destination, Due, Flags, Person, Profile, Urgency};
use crate::calendar::Timestamp;
use crate::ids::PersonId;
use crate::rulebook::{Capability, Rulebook};

/// The field that stands for a bank account or card to send payouts to.
pub(crate) const DESTINATION: &str = "external_account";

/// Everything that decides what an account is asked for, and what it can do.
pub(crate) struct Dossier<'a> {
    pub(crate) account: &'a Account,
    pub(crate) profile: &'a Profile,
    /// Everybody who belongs to the account and was not removed.
    pub(crate) persons: &'a [&'a Person],
    /// Whether there is a bank account or card that payouts can be sent to.
    pub(crate) destination: Destination,
    /// Everything that was ever received in the account's currency, in minor units.
    pub(crate) volume: i128,
    /// When the first of that was received.
    pub(crate) first_received: Option<Timestamp>,
    pub(crate) now: Timestamp,
}

/// What follows from a dossier.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Assessment {
    pub(crate) due: Lists,
    pub(crate) persons: Vec<(PersonId, Lists)>,
    pub(crate) capabilities: SmallVec<[CapabilityState; 4]>,
    pub(crate) flags: Flags,
    /// When the clock changes something next.
    pub(crate) review_at: Option<Timestamp>,
    /// At which volume something changes next.
    pub(crate) watch: Option<i64>,
    /// Whether something was not verified for so long that the processor turns the account away.
    pub(crate) turns_away: bool,
}

/// What one subject is asked for now, and will be from a date on that rules name.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Lists {
    pub(crate) now: Vec<Due>,
    pub(crate) future: Vec<Due>,
}

impl Assessment {
    pub(crate) fn of(book: &Rulebook, dossier: &Dossier<'_>) -> Self {
        let mut assessor = Assessor::new(book, dossier);
        let mut assessment = Self::default();
        for person in dossier.persons {
            assessment.persons.push((person.id(), Lists::default()));
        }
        let is_closed = dossier.account.standing().access == Access::Closed;
        if !is_closed {
            assessor.await_ages();
        }
        if !dossier.profile.is_vetted_by_host() && !dossier.account.is_platform() && !is_closed {
            assessor.ask(&mut assessment);
        }
        if !is_closed {
            assessor.ask_about_business(&mut assessment);
        }
        assessment.conclude(book, dossier, &assessor.requested);
        assessment.review_at = assessor.next;
        assessment.watch = assessor.watch;
        assessment.turns_away = assessor.turns_away;
        assessment
    }

    /// Everything that is asked for, of whomever.
    pub(crate) fn dues(&self) -> impl Iterator<Item = &Due> {
        self.due.now.iter().chain(self.persons.iter().flat_map(|(_, lists)| &lists.now))
    }

    /// Everything that will be asked for, from a date on that rules name.
    pub(crate) fn future_dues(&self) -> impl Iterator<Item = &Due> {
        self.due.future.iter().chain(self.persons.iter().flat_map(|(_, lists)| &lists.future))
    }

    // RULE: the field tells what each flag means and gives no formula; these follow docs.stripe.com/api/accounts/object (2026),
    // /connect/account-capabilities (2024) and /connect/pausing-payments-or-payouts-on-connected-accounts (2025).
    fn conclude(&mut self, book: &Rulebook, dossier: &Dossier<'_>, requested: &[Capability]) {
        let mut states: SmallVec<[CapabilityState; 4]> = SmallVec::new();
        for &capability in requested {
            let status = self.status(dossier, capability);
            states.push(CapabilityState { capability, status });
        }
        fall_together(&mut states);
        let active = |state: &&CapabilityState| state.status == CapabilityStatus::Active;
        let moves_money = |state: &CapabilityState| {
            state.capability == Capability::Transfers || book.capability(state.capability).takes_payments()
        };
        let by_transfers = book.vetting_policy().transfers_enable_charges;
        let charges = |state: &CapabilityState| {
            book.capability(state.capability).takes_payments()
                || (by_transfers && state.capability == Capability::Transfers)
        };
        let standing = dossier.account.standing();
        // INVARIANT: what the world finds out is no part of it, because it is never taken back and the world may tell in any order. A
        // closed account is asked for nothing, which does not mean that it gave everything.
        let is_closed = standing.access == Access::Closed;
        let was_given = |due: &Due| {
            due.error.is_some() || (due.path.as_str() == DESTINATION && dossier.destination != Destination::None)
        };
        let is_missing = is_closed || self.dues().any(|due| due.is_wanted(Urgency::Past) && !was_given(due));
        let details_submitted = dossier.account.details_submitted() || !is_missing;
        let needs_details = dossier.account.controller().is_some_and(|controller| controller.has_dashboard());
        let stops_payouts = self.dues().any(|due| due.blocks() && due.impact.stops_payouts());
        self.flags = Flags {
            charges_enabled: !standing.stops_payments() && states.iter().filter(active).any(charges),
            // RULE: accounts with a dashboard are not paid out before their details are submitted
            // (docs.stripe.com/api/accounts/object, 2026).
            payouts_enabled: !standing.stops_payouts()
                && !stops_payouts
                && states.iter().filter(active).any(moves_money)
                && (details_submitted || !needs_details),
            details_submitted,
        };
        // RULE: what stops payments turns every capability off; payouts of what is there go on unless they are stopped too
        // (docs.stripe.com/connect/pausing-payments-or-payouts-on-connected-accounts, 2025).
        if standing.stops_payments() {
            for state in &mut states {
                state.status = CapabilityStatus::Inactive;
            }
        }
        self.capabilities = states;
    }

    fn status(&self, dossier: &Dossier<'_>, capability: Capability) -> CapabilityStatus {
        let known = dossier.profile.reviewed(capability);
        let unheard = dossier.profile.is_vetted_by_host().then_some(CapabilityStatus::Pending);
        let reviewed = known.or(unheard);
        let mut blocks = self.dues().filter(|due| due.blocks_capability(capability)).peekable();
        match (blocks.peek().is_some(), blocks.any(|due| due.is_wanted(Urgency::Past)), reviewed) {
            (_, true, _) | (_, _, Some(CapabilityStatus::Inactive)) => CapabilityStatus::Inactive,
            (true, _, _) | (_, _, Some(CapabilityStatus::Pending)) => CapabilityStatus::Pending,
            (false, false, Some(CapabilityStatus::Active) | None) => CapabilityStatus::Active,
        }
    }
}

/// Card payments and transfers, where both are asked for, are off together.
// RULE: docs.stripe.com/connect/account-capabilities (2024).
fn fall_together(states: &mut [CapabilityState]) {
    let is_pair = |state: &CapabilityState| is_of_pair(state.capability);
    let pair = || states.iter().filter(|state| is_pair(state));
    if pair().count() == 2 && pair().any(|state| state.status == CapabilityStatus::Inactive) {
        for state in states.iter_mut().filter(|state| is_pair(state)) {
            state.status = CapabilityStatus::Inactive;
        }
    }
}

/// Whether a capability is one of the two that are off together.
pub(crate) const fn is_of_pair(capability: Capability) -> bool {
    matches!(capability, Capability::CardPayments | Capability::Transfers)
}
