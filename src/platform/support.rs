//! What a person who answers sellers wants to know.

use std::collections::BTreeSet;

use super::{Error, Platform};
use crate::calendar::Timestamp;
use crate::ids::{AccountId, ObjectId, PayoutId};
use crate::journal::{Booked, Concern, Stored};
use crate::ledger::{BalanceTransaction, Line};
use crate::money::Currency;
use crate::tools::{Happening, Moved, Story, SupportAction};

impl Platform {
    /// Everything that happened to an account's money in any currency, oldest first: payments, commissions, transfers, refunds, disputes,
    /// reserves, payouts, and what each goes back to. Of entries that concern others as well, only what they did to this account is told.
    ///
    /// It reads the account's whole history.
    ///
    /// ```
    /// use fundroute::ids::ObjectId;
    /// use fundroute::ledger::EntryKind;
    /// use fundroute::prelude::*;
    /// use fundroute::simulator::World;
    ///
    /// let (mut platform, mut world) =
    ///     (Platform::new(NewPlatform::in_country(US), Rulebook::standard(), utc(2026, 11, 2))?, World::new());
    /// let jo = world.onboard(&mut platform, NewAccount::express(US))?;
    /// let sale = platform.payments().create("order", NewPayment::card(usd(100_00)).destination(jo))?.answer;
    /// world.advance(&mut platform, days(5))?;
    ///
    /// let timeline = platform.timeline(jo)?;
    /// let entries: Vec<EntryKind> = timeline.iter().map(|happening| happening.entry).collect();
    /// assert_eq!(entries, [EntryKind::Charge, EntryKind::Settlement, EntryKind::Payout, EntryKind::PayoutPaid]);
    /// assert_eq!(timeline[0].because.last(), Some(&ObjectId::from(sale)));
    /// assert_eq!(timeline[0].moved[0].pending, 100_00);
    /// # Ok::<(), Error>(())
    /// ```
    ///
    /// # Errors
    /// [`Error::NotFound`]; on a partial platform [`Error::HistoryNotKept`].
    pub fn timeline(&self, account: AccountId) -> Result<Vec<Happening>, Error> {
        self.account(account)?;
        self.history_is_kept()?;
        let currencies = Currency::all().filter(|currency| self.state.holdings.get(account, *currency).is_some());
        let mut entries: Vec<Booked<'_>> =
            currencies.flat_map(|currency| self.state.history(account, currency)).collect();
        entries.sort_by_key(|booked| booked.place());
        // One that moves two currencies is in the history of both.
        entries.dedup_by_key(|booked| booked.place());
        Ok(entries.into_iter().map(|booked| self.happening(booked, |owner| owner == account)).collect())
    }

    /// Everything that came of an object, for everybody whom it concerned: of a payment its charges, commissions, transfers, refunds,
    /// disputes and what reserves held back of it; of a transfer its reversals; of a payout what became of it.
    ///
    /// It reads the whole ledger.
    ///
    /// ```
    /// use fundroute::prelude::*;
    /// use fundroute::simulator::World;
    ///
    /// let (mut platform, mut world) =
    ///     (Platform::new(NewPlatform::in_country(US), Rulebook::standard(), utc(2026, 11, 2))?, World::new());
    /// let jo = world.onboard(&mut platform, NewAccount::express(US))?;
    /// let order = NewPayment::card(usd(100_00)).destination(jo).application_fee(usd(10_00));
    /// let sale = platform.payments().create("order", order)?.answer;
    /// world.advance(&mut platform, days(5))?;
    /// let back = NewRefund::of(sale).amount(usd(25_00)).reverse_transfer().refund_application_fee();
    /// platform.refunds().create("back", back)?;
    ///
    /// let story = platform.story(sale)?;
    /// assert_eq!(story.happenings.len(), 3, "the sale, its refund, and what the platform sets aside for it");
    /// let jos = story.happenings.iter().flat_map(|happening| &happening.moved).filter(|moved| moved.owner == jo);
    /// assert_eq!(jos.map(|moved| moved.pending + moved.available).sum::<i128>(), 67_50);
    /// assert_eq!(story.settled_by.len(), 1);
    /// # Ok::<(), Error>(())
    /// ```
    ///
    /// # Errors
    /// [`Error::NotFound`]; on a partial platform [`Error::HistoryNotKept`].
    pub fn story(&self, of: impl Into<ObjectId>) -> Result<Story, Error> {
        let of = of.into();
        self.history_is_kept()?;
        if self.state.records.get(of).is_none() {
            return Err(Error::NotFound(of));
        }
        let is_of = |object: ObjectId| self.because(object).contains(&of);
        let (mut happenings, mut sources) = (Vec::new(), BTreeSet::new());
        let mut balances: BTreeSet<(AccountId, &'static str)> = BTreeSet::new();
        for booked in self.state.book.iter() {
            let ours: Vec<ObjectId> = booked.lines().map(Line::source).filter(|source| is_of(*source)).collect();
            if ours.is_empty() && !is_of(booked.cause()) {
                continue;
            }
            sources.extend(ours);
            let happening = self.happening(booked, |_| true);
            balances.extend(happening.moved.iter().map(|moved| (moved.owner, moved.currency.code())));
            happenings.push(happening);
        }
        let mut settled_by: Vec<PayoutId> = Vec::new();
        for currency in Currency::all() {
            let owners = balances.iter().filter(|(_, code)| *code == currency.code());
            for (owner, _) in owners {
                let ours = |line: &BalanceTransaction| sources.contains(&line.source);
                let runs = self.runs(*owner, currency).filter(|run| run.lines.iter().any(ours));
                settled_by.extend(runs.map(|run| run.payout));
            }
        }
        let objects: BTreeSet<ObjectId> = happenings
            .iter()
            .flat_map(|happening| happening.because.iter().copied())
            .chain(sources)
            .filter(|object| is_of(*object))
            .chain([of])
            .collect();
        let done = objects.iter().flat_map(|object| self.actions(self.state.done_to(*object)));
        let mut done: Vec<SupportAction> = done.cloned().collect();
        done.sort_by_key(|done| (done.at(), done.id()));
        Ok(Story { of, happenings, settled_by, done })
    }

    /// What was done to an object with somebody behind it and a reason ([`attributed_to`](Self::attributed_to)), oldest first, and of one
    /// moment by their ids: by whom, when and why. Of an account it is what was done to anything of its own, or for it.
    ///
    /// # Errors
    /// [`Error::NotFound`]; on a partial platform [`Error::HistoryNotKept`].
    pub fn support_actions(&self, of: impl Into<ObjectId>) -> Result<Vec<&SupportAction>, Error> {
        let of = of.into();
        self.history_is_kept()?;
        if self.state.records.get(of).is_none() {
            return Err(Error::NotFound(of));
        }
        let mut ids: Vec<ObjectId> = if let ObjectId::Account(account) = of {
            self.state.concerns(account, Concern::Done).collect()
        } else {
            self.state.done_to(of).collect()
        };
        ids.reverse();
        Ok(self.actions(ids).collect())
    }

    /// The support actions of these ids.
    pub(super) fn actions(&self, ids: impl IntoIterator<Item = ObjectId>) -> impl Iterator<Item = &SupportAction> {
        ids.into_iter().filter_map(|id| self.state.records.get(id)).filter_map(|(record, _)| SupportAction::of(record))
    }

    /// What had been done by then, for a reason, to what caused an entry: to the object itself, and of a charge to its payment.
    fn done_by(&self, because: &[ObjectId], at: Timestamp) -> Vec<SupportAction> {
        let is_charge = matches!(because.first(), Some(ObjectId::Charge(_)));
        let causes = because.iter().take(if is_charge { 2 } else { 1 });
        let mut done: Vec<SupportAction> = causes
            .flat_map(|cause| self.actions(self.state.done_to(*cause)))
            .filter(|done| done.at() <= at)
            .cloned()
            .collect();
        done.sort_by_key(|done| (done.at(), done.id()));
        done
    }

    /// What an entry did to the balances of these owners.
    fn happening(&self, booked: Booked<'_>, is_told: impl Fn(AccountId) -> bool) -> Happening {
        let mut moved: Vec<Moved> = Vec::new();
        let mut of = |owner: AccountId, currency: Currency, tell: &dyn Fn(&mut Moved)| {
            if let Some(known) = moved.iter_mut().find(|known| known.owner == owner && known.currency == currency) {
                return tell(known);
            }
            let mut new = Moved::nothing(owner, currency);
            tell(&mut new);
            moved.push(new);
        };
        for line in booked.lines().filter(|line| is_told(line.owner())) {
            let transaction = BalanceTransaction::of(line, booked.at(), self.rate_of(line));
            of(line.owner(), line.currency(), &|moved| moved.transactions.push(transaction.clone()));
        }
        for (bucket, currency, amount) in booked.movements() {
            if let Some(owner) = bucket.owner().filter(|owner| is_told(*owner)) {
                of(owner, currency, &|moved| moved.add(bucket, amount));
            }
        }
        let because = self.because(booked.cause());
        let done = self.done_by(&because, booked.at());
        Happening { at: booked.at(), entry: booked.kind(), because, moved, done }
    }
}
