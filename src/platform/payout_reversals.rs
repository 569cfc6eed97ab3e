//! Payouts that somebody takes back: another payout, below zero, debits the bank for them.

use super::{Error, Transaction};
use crate::accounts::{Account, Action, ExternalAccount, ExternalAccountKind};
use crate::calendar::{StartOfDay, Timestamp};
use crate::ids::{AccountId, PayoutId};
use crate::journal::Key;
use crate::payouts::{Payout, PayoutError, PayoutEvent, PayoutTrigger, Plan, ReversalBarrier, ReversePayout};

/// For how many days after it was expected at the bank a payout can be taken back.
// RULE: less than 90 days (docs.stripe.com/connect/payout-reversals, 2024).
const DAYS_REVERSIBLE: i64 = 90;

impl Transaction<'_> {
    // RULE: payouts of accounts whose losses the platform bears, to bank accounts in the United States or Canada, that were expected less
    // than 90 days ago (docs.stripe.com/connect/payout-reversals, 2024; docs.stripe.com/api/payouts/reverse, 2026).
    pub(super) fn reverse_payout(&mut self, on: Option<AccountId>, command: ReversePayout) -> Result<PayoutId, Error> {
        let payout = self.get::<Payout>(command.payout)?;
        let (id, owner, amount) = (payout.id(), payout.account(), payout.amount());
        if owner != on.unwrap_or(self.platform) {
            return Err(PayoutError::NotOnAccount(id).into());
        }
        self.want(&[Key::Family(owner.family()), Key::Balance(owner, amount.currency())])?;
        let account = self.get::<Account>(owner)?;
        self.permit(&account, Action::ReversePayout)?;
        let barred = |why| Error::from(PayoutError::NotReversible { payout: id, why });
        if account.is_platform() {
            return Err(barred(ReversalBarrier::Own));
        }
        let original = payout.reverse()?;
        // No page says what comes back of one that was converted on its way.
        if payout.arrives().currency() != amount.currency() {
            return Err(barred(ReversalBarrier::Converted));
        }
        let bank = self.get::<ExternalAccount>(payout.destination())?;
        let is_bank = matches!(bank.kind(), ExternalAccountKind::BankAccount { .. });
        let terms = self.rulebook.bank_debit_terms(bank.country(), amount.currency());
        let terms = terms.filter(|terms| is_bank && terms.reverses_payouts());
        let lead = terms.ok_or_else(|| barred(ReversalBarrier::Bank))?.lead_days();
        let start = self.starts_of_day(&account)?.at(self.now);
        let today = start.day_of(self.now);
        if today.signed_duration_since(expected_on(&payout, start)).num_days() >= DAYS_REVERSIBLE {
            return Err(barred(ReversalBarrier::Late));
        }
        if !bank.is_usable() {
            return Err(PayoutError::BankAccountErrored(bank.id()).into());
        }
        // How long it takes no page says: as long as other debits of the bank.
        let calendar = self.rulebook.payout_calendar(account.country(), amount.currency());
        let day = calendar.add_business_days(today, lead.into())?;
        let silence = self.silence(&account, day)?;
        self.put(original);
        self.event(PayoutEvent::Updated, id, Some(owner));
        self.send(Plan {
            id: payout.reversal(),
            destination: bank.id(),
            amount: amount.checked_neg()?,
            created: self.now,
            arrival_date: self.told_as(day)?,
            silence,
            descriptor: payout.statement_descriptor().into(),
            has_trace: false,
            trigger: PayoutTrigger::Reversal,
            instant: None,
            resend_of: None,
            minimum: 0,
            arrives: None,
        })
    }

    /// What is to take a payout back is called off where the payout has come to nothing itself.
    pub(super) fn void_reversal(&mut self, payout: &Payout) -> Result<(), Error> {
        let Some((at, reversal)) = payout.came_to_nothing().zip(payout.reversed_by()) else { return Ok(()) };
        let reversal = self.get::<Payout>(reversal)?;
        let Some(next) = reversal.void(at) else { return Ok(()) };
        if reversal.is_under_way() {
            return self.call_off(&next);
        }
        self.put(next);
        Ok(())
    }
}

/// The day on which a payout was expected at the bank.
fn expected_on(payout: &Payout, start: StartOfDay) -> chrono::NaiveDate {
    // A day that had begun is told by the moment at which the payout was made.
    let on: Timestamp = payout.arrival_date();
    if on == payout.created() { start.day_of(on) } else { on.date() }
}
