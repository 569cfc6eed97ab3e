//! What payouts settled.

use super::{Error, Platform};
use crate::ids::{ObjectId, PayoutId};
use crate::journal::Booked;
use crate::ledger::{BalanceTransaction, Bucket, EntryKind, LedgerAccount, LineKind};
use crate::payouts::{Payout, PayoutContents, PayoutError, PayoutTrigger, Window};

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
        let PayoutTrigger::Automatic(window) = known.trigger() else {
            return Err(PayoutError::NotReconcilable(payout).into());
        };
        self.history_is_kept()?;
        let mut contents =
            PayoutContents { payout, amount: known.amount(), window, opening: 0, lines: Vec::new(), closing: 0 };
        let mut pending: Vec<BalanceTransaction> = Vec::new();
        for booked in self.state.history(known.account(), known.amount().currency()) {
            let run = self.automatic_run(booked);
            self.gather(known, booked, run.is_some(), (&mut contents, &mut pending));
            match run {
                Some(ours) if ours == payout => break,
                Some(_) => {
                    contents.opening = contents.closing;
                    contents.lines.clear();
                }
                None => {}
            }
        }
        contents.lines.sort_by_key(|line| line.created);
        Ok(contents)
    }

    /// The automatic payout that an entry sent.
    fn automatic_run(&self, booked: Booked<'_>) -> Option<PayoutId> {
        let ObjectId::Payout(id) = booked.cause() else { return None };
        let is_sent = booked.kind() == EntryKind::Payout;
        let is_automatic = matches!(self.payout(id).ok()?.trigger(), PayoutTrigger::Automatic(Window { .. }));
        (is_sent && is_automatic).then_some(id)
    }

    /// Takes up what an entry made available, or will.
    fn gather(
        &self,
        payout: &Payout,
        booked: Booked<'_>,
        is_run: bool,
        (contents, pending): (&mut PayoutContents, &mut Vec<BalanceTransaction>),
    ) {
        let (owner, currency) = (payout.account(), payout.amount().currency());
        let moved = booked.movements().filter(|(bucket, in_currency, _)| {
            *in_currency == currency && *bucket == LedgerAccount::Available { owner }
        });
        // INVARIANT: sums of i64 in i128: saturation is never reached.
        contents.closing = moved.fold(contents.closing, |sum, (.., amount)| sum.saturating_add(amount));
        if booked.kind() == EntryKind::Settlement {
            let is_due =
                |line: &mut BalanceTransaction| line.bucket == Bucket::Pending && line.available_on <= booked.at();
            contents.lines.extend(pending.extract_if(.., is_due));
        }
        // What was on its way and was called off, or not paid, is not there.
        if let EntryKind::PayoutCanceled | EntryKind::PayoutFailed = booked.kind() {
            pending.retain(|line| line.source != booked.cause());
        }
        // What a bank was debited for is there once it has paid.
        if booked.kind() == EntryKind::PayoutPaid {
            contents.lines.extend(pending.extract_if(.., |line| line.source == booked.cause()));
        }
        for line in booked.lines().filter(|line| line.owner() == owner && line.currency() == currency) {
            let told = || BalanceTransaction::of(line, booked.at(), self.rate_of(line));
            match line.bucket() {
                Bucket::Pending => pending.push(told()),
                Bucket::Submitted if line.kind() == LineKind::Payout => pending.push(told()),
                Bucket::Available if !is_run || line.kind() != LineKind::Payout => contents.lines.push(told()),
                Bucket::Available | Bucket::Submitted => {}
            }
        }
    }
}
