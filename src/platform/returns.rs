//! Money of a transfer that its recipient sends back.

use super::transfers::{amount_of, positive};
use super::{Error, Transaction};
use crate::accounts::{Account, Action};
use crate::ids::{AccountId, TransferReversalId};
use crate::journal::Key;
use crate::ledger::{EntryKind, Lines};
use crate::money::Money;
use crate::payments::{Charge, PaymentEvent};
use crate::payouts::Claim;
use crate::routing::{NewTransferReturn, Returned, RoutingError, RoutingEvent, Transfer, TransferReversal};

impl Transaction<'_> {
    /// Sends money of a transfer back to the platform, out of what the account has. The buyer gets nothing by it: an event about the
    /// payment says so.
    // RULE: a transfer taken back adds to the platform and takes from the account, whoever does it
    // (docs.stripe.com/connect/separate-charges-and-transfers, 2024). That the holder of a full dashboard, who sees what a transfer has
    // brought as a payment, may refund it there, and that the money then stops at the platform, no page describes; platforms with such
    // accounts report it.
    pub(super) fn return_transfer(
        &mut self,
        on: Option<AccountId>,
        command: &NewTransferReturn,
    ) -> Result<TransferReversalId, Error> {
        positive(command.amount)?;
        let transfer = self.get::<Transfer>(command.transfer)?;
        let (account, currency) = (transfer.destination(), transfer.amount().currency());
        if on != Some(account) || transfer.debited().is_some() {
            return Err(RoutingError::NotOnAccount(transfer.id()).into());
        }
        self.want(&[
            Key::Family(account.family()),
            Key::Family(self.platform.family()),
            Key::Balance(self.platform, currency),
            Key::Balance(account, currency),
        ])?;
        let holder = self.get::<Account>(account)?;
        self.permit(&holder, Action::TakePayments)?;
        let left = Money::new(transfer.left(), currency);
        let amount = amount_of(command.amount, left)?;
        if amount.is_zero() {
            return Err(RoutingError::ReversalTooLarge { transfer: transfer.id(), asked: amount, left }.into());
        }
        let (next, id) = self.born_of_transfer(transfer.reverse(amount.minor())?, amount)?;
        self.put(next);
        let reversal = TransferReversal::new(id, transfer.id(), amount, None, self.now).by_recipient();
        let reversal = self.taken_back(&transfer, reversal)?;
        let taken = reversal.amount_taken();
        Self::is_something(amount, taken)?;
        let returned = Returned {
            to: self.platform,
            from: account,
            reversal: id,
            amount,
            taken,
            dates: transfer.dates(),
            now: self.now,
        };
        let (mut lines, mut postings) = (Lines::from_slice(&returned.lines()), Self::exchanged(taken, amount)?);
        let claim = Claim { amount: taken.minor(), by: id.into() };
        let covered = self.claim_transfer(&transfer, claim, &mut lines, &mut postings)?;
        // Nobody owes anything by giving something back.
        let uncovered = taken.checked_sub(Money::new(covered, taken.currency()))?;
        if transfer.available_on() <= self.now {
            self.afford_transfer(account, uncovered)?;
        } else {
            self.afford_pending(account, transfer.available_on(), uncovered)?;
        }
        self.post(EntryKind::TransferReversal, id, &lines, &postings)?;
        self.put(reversal);
        self.event(RoutingEvent::TransferReversed, transfer.id(), None);
        if let Some(source) = transfer.source() {
            let charge = self.get::<Charge>(source)?;
            if charge.refundable().is_positive() {
                self.event(PaymentEvent::PayerStillOwed, charge.payment(), None);
            }
        }
        Ok(id)
    }
}
