//! What payouts settled.

use std::ops::Range;

use super::{Error, Platform};
use crate::calendar::Timestamp;
use crate::ids::{AccountId, ObjectId, PayoutId};
use crate::journal::Booked;
use crate::ledger::{BalanceTransaction, Bucket, EntryKind, LedgerAccount, LineKind};
use crate::money::{Currency, Money};
use crate::payouts::{PayoutContents, PayoutError, PayoutTrigger, Window};

impl Platform {
    /// The balance transactions that an automatic payout settled, to be held against what arrived at the bank.
    ///
    /// It reads the account's whole history in the currency.
    ///
    /// ```
    /// use fundroute::ids::ObjectId;
    /// use fundroute::ledger::LineKind;
    /// use fundroute::prelude::*;
    /// use fundroute::simulator::World;
    ///
    /// let (mut platform, mut world) =
    ///     (Platform::new(NewPlatform::in_country(US), Rulebook::standard(), utc(2026, 11, 2))?, World::new());
    /// let jo = world.onboard(&mut platform, NewAccount::express(US))?;
    /// for order in ["a chair", "a lamp"] {
    ///     let sale = NewPayment::card(usd(100_00)).destination(jo).application_fee(usd(10_00));
    ///     platform.payments().create(order, sale)?;
    /// }
    /// world.advance(&mut platform, days(3))?;
    ///
    /// let sent = platform.statement(jo)?.lines.into_iter().find(|line| line.kind == LineKind::Payout).unwrap();
    /// let ObjectId::Payout(payout) = sent.source else { unreachable!() };
    /// let contents = platform.payout_contents(payout)?;
    /// assert_eq!(contents.amount, usd(180_00));
    /// assert_eq!(contents.lines.iter().map(|line| line.net).collect::<Vec<_>>(), [90_00, 90_00]);
    /// # Ok::<(), Error>(())
    /// ```
    ///
    /// # Errors
    /// [`Error::NotFound`]; [`PayoutError::NotReconcilable`] for one that somebody asked for, and for the debit of a bank; on a partial platform
    /// [`Error::HistoryNotKept`].
    pub fn payout_contents(&self, payout: PayoutId) -> Result<PayoutContents, Error> {
        let known = self.payout(payout)?;
        let PayoutTrigger::Automatic(Window { .. }) = known.trigger() else {
            return Err(PayoutError::NotReconcilable(payout).into());
        };
        self.history_is_kept()?;
        let mut runs = self.runs(known.account(), known.amount().currency());
        // INVARIANT: an automatic payout has a run.
        runs.find(|contents| contents.payout == payout).ok_or(Error::NotFound(payout.into()))
    }

    /// What each automatic payout of a period settled, currency by currency, the oldest first.
    ///
    /// The rows of a report are made of it with [`ItemizedRow::from`](crate::tools::ItemizedRow) and
    /// [`settled_by`](crate::tools::ItemizedRow::settled_by). It reads the account's whole history once.
    ///
    /// ```
    /// use fundroute::prelude::*;
    /// use fundroute::simulator::World;
    /// use fundroute::tools::{ItemizedRow, csv};
    ///
    /// let (mut platform, mut world) =
    ///     (Platform::new(NewPlatform::in_country(US), Rulebook::standard(), utc(2026, 11, 2))?, World::new());
    /// let jo = world.onboard(&mut platform, NewAccount::express(US))?;
    /// for day in 2..6 {
    ///     platform.payments().create(&format!("order-{day}"), NewPayment::card(usd(100_00)).destination(jo))?;
    ///     world.advance(&mut platform, days(1))?;
    /// }
    /// let payouts = platform.payout_reconciliation(jo, utc(2026, 11, 1)..utc(2026, 12, 1))?;
    /// for settled in &payouts {
    ///     let lines: i128 = settled.lines.iter().map(|line| line.net).sum();
    ///     assert_eq!(settled.opening + lines, i128::from(settled.amount.minor()) + settled.closing);
    /// }
    /// let rows = payouts.iter().flat_map(|settled| {
    ///     settled.lines.iter().map(|line| ItemizedRow::from(line).settled_by(settled.payout))
    /// });
    /// assert_eq!(csv(rows).unwrap().lines().count(), 1 + 3, "headers, and the first three days");
    /// # Ok::<(), Error>(())
    /// ```
    ///
    /// # Errors
    /// [`Error::NotFound`]; on a partial platform [`Error::HistoryNotKept`].
    // RULE: docs.stripe.com/payouts/reconciliation (2026).
    pub fn payout_reconciliation(
        &self,
        account: AccountId,
        period: Range<Timestamp>,
    ) -> Result<Vec<PayoutContents>, Error> {
        self.account(account)?;
        self.history_is_kept()?;
        let currencies = Currency::all().filter(|currency| self.state.holdings.get(account, *currency).is_some());
        let runs = currencies.flat_map(|currency| self.runs(account, currency));
        let is_of_period = |contents: &PayoutContents| {
            self.payout(contents.payout).is_ok_and(|payout| period.contains(&payout.created()))
        };
        Ok(runs.filter(is_of_period).collect())
    }

    /// What the automatic payouts of a balance settled, the oldest first.
    pub(super) fn runs(&self, owner: AccountId, currency: Currency) -> impl Iterator<Item = PayoutContents> {
        let (mut opening, mut open) = (0, Open { owner, currency, left: 0, lines: Vec::new(), pending: Vec::new() });
        self.state.history(owner, currency).into_iter().filter_map(move |booked| {
            let run = self.automatic_run(booked);
            self.gather(booked, run.is_some(), &mut open);
            let (payout, amount, window) = run?;
            let mut lines = std::mem::take(&mut open.lines);
            lines.sort_by_key(|line| line.created);
            let closing = open.left;
            Some(PayoutContents {
                payout,
                amount,
                window,
                opening: std::mem::replace(&mut opening, closing),
                lines,
                closing,
            })
        })
    }

    /// The automatic payout that an entry sent.
    fn automatic_run(&self, booked: Booked<'_>) -> Option<(PayoutId, Money, Window)> {
        let ObjectId::Payout(id) = booked.cause() else { return None };
        if booked.kind() != EntryKind::Payout {
            return None;
        }
        let payout = self.payout(id).ok()?;
        let PayoutTrigger::Automatic(window) = payout.trigger() else { return None };
        Some((id, payout.amount(), window))
    }

    /// Takes up what an entry made available, or will.
    fn gather(&self, booked: Booked<'_>, is_run: bool, open: &mut Open) {
        let (owner, currency) = (open.owner, open.currency);
        let moved = booked.movements().filter(|(bucket, in_currency, _)| {
            *in_currency == currency && *bucket == LedgerAccount::Available { owner }
        });
        // INVARIANT: sums of i64 in i128: saturation is never reached.
        open.left = moved.fold(open.left, |sum, (.., amount)| sum.saturating_add(amount));
        if booked.kind() == EntryKind::Settlement {
            let is_due =
                |line: &mut BalanceTransaction| line.bucket == Bucket::Pending && line.available_on <= booked.at();
            open.lines.extend(open.pending.extract_if(.., is_due));
        }
        // What was on its way and was called off, or not paid, is not there.
        if let EntryKind::PayoutCanceled | EntryKind::PayoutFailed = booked.kind() {
            open.pending.retain(|line| line.source != booked.cause());
        }
        // What a bank was debited for is there once it has paid.
        if booked.kind() == EntryKind::PayoutPaid {
            open.lines.extend(open.pending.extract_if(.., |line| line.source == booked.cause()));
        }
        for line in booked.lines().filter(|line| line.owner() == owner && line.currency() == currency) {
            let told = || BalanceTransaction::of(line, booked.at(), self.rate_of(line));
            match line.bucket() {
                Bucket::Pending => open.pending.push(told()),
                Bucket::Submitted if line.kind() == LineKind::Payout => open.pending.push(told()),
                Bucket::Available if !is_run || line.kind() != LineKind::Payout => open.lines.push(told()),
                Bucket::Available | Bucket::Submitted => {}
            }
        }
    }
}

/// What no payout has settled yet.
struct Open {
    owner: AccountId,
    currency: Currency,
    /// What is available.
    left: i128,
    /// What has become available since the last payout.
    lines: Vec<BalanceTransaction>,
    /// What has not become available.
    pending: Vec<BalanceTransaction>,
}
