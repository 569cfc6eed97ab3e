//! Payouts that are kept back while an account's payouts are stopped.

use super::connect_fees::PayoutNews;
use super::{Error, Transaction};
use crate::accounts::Account;
use crate::calendar::{Timestamp, days};
use crate::ids::PayoutId;
use crate::journal::{Instruction, Key, Known};
use crate::ledger::{EntryKind, LedgerAccount, Postings};
use crate::money::Currency;
use crate::payouts::{Payout, PayoutDue, PayoutEvent, PayoutInstruction, PayoutLine, PayoutState};

/// How long a payout is kept back before it is called off.
// RULE: payouts in flight stay pending for up to ten days while payouts are paused; unpaused in time they go on, otherwise they are
// canceled and the money goes back to the balance (docs.stripe.com/connect/pausing-payments-or-payouts-on-connected-accounts, 2025).
const DAYS_HELD: i64 = 10;

impl Transaction<'_> {
    /// Keeps what is not with the bank yet back, or lets it go again.
    pub(super) fn keep_back(&mut self, account: &Account, stops: bool) -> Result<(), Error> {
        let id = account.id();
        let ids = match self.state.under_way(id) {
            Known::Here(ids) => ids,
            Known::Absent => Vec::new(),
            Known::NotLoaded(key) => return Err(Error::NotLoaded(vec![key])),
        };
        let mut keys: Vec<Key> = ids.iter().map(|payout| Key::Family(payout.family())).collect();
        let mut currencies: Vec<Currency> =
            account.settlement_currencies().chain([account.default_currency()]).collect();
        currencies.extend(account.bank_currencies());
        currencies.sort_unstable();
        currencies.dedup();
        keys.extend(currencies.iter().map(|currency| Key::Balance(id, *currency)));
        self.want(&keys)?;
        // At the end of the clock it is kept back until then: what stops payouts is often a fact, which nothing refuses.
        let until = stops.then(|| self.now.checked_add(days(DAYS_HELD)).unwrap_or(Timestamp::MAX));
        for payout in ids {
            let Some(next) = self.get::<Payout>(payout)?.hold(until) else { continue };
            let instruction = match next.state() {
                PayoutState::Pending => next.to_send(),
                PayoutState::Held { .. }
                | PayoutState::InTransit { .. }
                | PayoutState::Paid { .. }
                | PayoutState::Failed { .. }
                | PayoutState::Canceled { .. } => PayoutInstruction::Hold { payout },
            };
            self.put(next);
            self.event(PayoutEvent::Updated, payout, Some(id));
            self.instruct(Instruction::Payout(instruction));
        }
        // Whatever else leaves meanwhile has to be kept back too.
        for currency in currencies {
            let owner = LedgerAccount::InTransit { owner: id };
            let under_way = self.balance(owner, currency)?;
            self.guard(owner, currency, under_way, under_way);
        }
        Ok(())
    }

    /// Nobody has let a payout go in time.
    pub(super) fn cancel_held(&mut self, id: PayoutId) -> Result<(), Error> {
        let Some(payout) = self.find::<Payout>(id)? else { return Ok(()) };
        if !payout.is_due(PayoutDue::Cancel, self.now) {
            return Ok(());
        }
        let (account, amount) = (payout.account(), payout.amount());
        self.want(&[Key::Family(account.family()), Key::Balance(account, amount.currency())])?;
        self.call_off(&payout.run_out(self.now))
    }

    /// Takes the money of a payout that was called off back into the balance, and tells the world.
    pub(super) fn call_off(&mut self, payout: &Payout) -> Result<(), Error> {
        let (id, account, amount) = (payout.id(), payout.account(), payout.amount());
        let back = amount.checked_neg()?.minor();
        let under_way = Self::posting(LedgerAccount::InTransit { owner: account }, back, amount.currency());
        let fee = Self::fee_of(payout.fee().checked_neg()?.minor(), amount.currency());
        let postings: Postings = std::iter::once(under_way).chain(fee).collect();
        let mut lines = self.give_back(payout, amount.minor().saturating_add(payout.fee().minor()));
        lines.push(PayoutLine::Canceled.of(payout, self.now));
        self.post(EntryKind::PayoutCanceled, id, &lines, &postings)?;
        self.count_fees(payout, PayoutNews::CalledOff)?;
        self.put(payout.clone());
        self.event(PayoutEvent::Canceled, id, Some(account));
        self.instruct(Instruction::Payout(PayoutInstruction::Cancel { payout: id }));
        self.void_reversal(payout)
    }
}
