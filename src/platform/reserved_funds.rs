//! What the processor keeps of an account's money in reserves of its own.

use super::{Error, Platform, Transaction};
use crate::accounts::Account;
use crate::calendar::Timestamp;
use crate::ids::{AccountId, ReservedFundsId};
use crate::journal::{AnomalyReason, Domain, FactOutcome, Key, Known, Origin, Told};
use crate::ledger::{EntryKind, LedgerAccount};
use crate::payouts::{FundsReserved, ReserveEvent, ReserveLine, ReservedFunds};

/// Under which id a reserve of the processor's is kept.
// INVARIANT: it follows from the processor's name for it alone, and from no moment.
fn reserved_funds_id(platform: AccountId, reference: &str) -> ReservedFundsId {
    let key = format!("reserved_funds/{reference}");
    let origin = Origin::new(Domain::Reference, platform, None, key.as_bytes());
    ReservedFundsId::of(origin.family(Timestamp::MIN), 0)
}

impl Platform {
    /// A reserve that the processor has told of, by its own name for it.
    ///
    /// # Errors
    /// On a partial platform [`Error::NotLoaded`].
    pub fn reserved_funds(&self, reference: &str) -> Result<Option<&ReservedFunds>, Error> {
        match self.state.record::<ReservedFunds>(reserved_funds_id(self.id(), reference)) {
            Known::Here((reserve, _)) => Ok(Some(reserve)),
            Known::Absent => Ok(None),
            Known::NotLoaded(key) => Err(Error::NotLoaded(vec![key])),
        }
    }
}

impl Transaction<'_> {
    /// Everything that a reserve of the processor's touches.
    pub(super) fn keys_of_reserve(&self, fact: &FundsReserved) -> [Key; 3] {
        let id = reserved_funds_id(self.platform, &fact.reference);
        let balance = Key::Balance(fact.account, fact.amount.currency());
        [Key::Family(fact.account.family()), Key::Family(id.family()), balance]
    }

    /// Takes up what the processor keeps of an account's money: the difference to what is known is taken from what is available, whatever
    /// that leaves, or comes back there.
    // RULE: docs.stripe.com/reports/balance-transaction-types (2024). No page says out of which funds it is taken.
    pub(super) fn funds_reserved(&mut self, report: Told<'_>, fact: &FundsReserved) -> Result<FactOutcome, Error> {
        let id = reserved_funds_id(self.platform, &fact.reference);
        let (account, currency) = (fact.account, fact.amount.currency());
        self.want(&self.keys_of_reserve(fact))?;
        self.get::<Account>(account)?;
        if fact.amount.is_negative() {
            return Ok(self.contradicts(report, AnomalyReason::AmountDiffers));
        }
        if !fact.is_in_range() {
            return Ok(self.contradicts(report, AnomalyReason::OutOfRange));
        }
        let known = self.find::<ReservedFunds>(id)?;
        if known.as_ref().is_some_and(|known| !known.is_named_by(fact)) {
            return Ok(self.contradicts(report, AnomalyReason::ReferenceTaken));
        }
        let told = ReservedFunds::new(id, fact, report.at);
        if known.as_ref().is_some_and(|known| !told.holds_against(known)) {
            return Ok(FactOutcome::Stale);
        }
        let before = known.as_ref().map_or(0, |known| known.amount().minor());
        // INVARIANT: neither of the two is below zero.
        let more = fact.amount.minor().saturating_sub(before);
        if more != 0 {
            let reserve = Self::posting(LedgerAccount::RiskReserved { owner: account }, more, currency);
            self.post(EntryKind::ReservedFunds, id, &[ReserveLine::of_processor(&told, more, self.now)], &[reserve])?;
            self.event(ReserveEvent::FundsUpdated, id, Some(account));
        }
        self.put(told);
        Ok(FactOutcome::Applied)
    }
}
