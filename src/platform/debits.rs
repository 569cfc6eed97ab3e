//! Money that the platform takes back from an account.

use super::{Error, Transaction};
use crate::accounts::{Account, Action};
use crate::ids::{AccountId, TransferId};
use crate::journal::Key;
use crate::ledger::EntryKind;
use crate::money::Money;
use crate::routing::{Dates, NewTransfer, RoutingError, RoutingEvent, Sent, Transfer};
use crate::rulebook::DebitTerms;

impl Transaction<'_> {
    /// Debits an account: a transfer made on it, to the platform.
    // RULE: only where the platform bears the account's losses, in the account's default currency, within one of a few regions, and up
    // to a maximum (docs.stripe.com/connect/account-debits, 2024 and 2026). That the holder has agreed to it, in a contract that binds,
    // is for the host to see to.
    pub(super) fn debit_account(&mut self, from: AccountId, command: &NewTransfer) -> Result<TransferId, Error> {
        let (amount, currency) = (command.amount, command.amount.currency());
        if let Some(source) = command.source {
            return Err(RoutingError::DebitWithSource(source).into());
        }
        self.want(&[Key::Family(from.family()), Key::Balance(self.platform, currency), Key::Balance(from, currency)])?;
        let account = self.get::<Account>(from)?;
        self.permit(&account, Action::Debit)?;
        let house = self.get::<Account>(self.platform)?;
        let (platform, theirs) = (house.country(), account.country());
        if !self.rulebook.may_debit(platform, theirs) {
            return Err(RoutingError::DebitNotOpen { platform, account: theirs }.into());
        }
        let needed = account.default_currency();
        if currency != needed {
            return Err(RoutingError::WrongCurrency { given: currency, needed }.into());
        }
        // What comes to the platform is booked unconverted.
        self.holds(&house, currency)?;
        let terms = self.rulebook.debit_terms(currency);
        if let Some(maximum) = terms.and_then(DebitTerms::max).filter(|most| amount.minor() > most.minor()) {
            return Err(RoutingError::DebitTooLarge { asked: amount, maximum }.into());
        }
        // RULE: no debit leads below zero; the field allows it only to platforms that keep reserves against such debts, which are not modelled
        // (docs.stripe.com/connect/account-debits, 2024).
        self.afford_transfer(from, amount)?;
        let fee = terms.map_or(Ok(Money::new(0, currency)), |terms| terms.fee_of(amount))?;
        let id = TransferId::of(self.new_family(None)?, 0);
        self.book_debit(id, from, amount, fee)?;
        let transfer = Transfer::new(id, self.platform, amount, None, self.now, Dates::on(self.now)).taken_from(from);
        self.put(transfer.in_group(command.transfer_group.as_deref()));
        self.event(RoutingEvent::TransferCreated, id, Some(from));
        Ok(id)
    }

    fn book_debit(&mut self, id: TransferId, from: AccountId, amount: Money, fee: Money) -> Result<(), Error> {
        // A price above the amount comes out of what the platform has besides.
        if fee.minor() > amount.minor() {
            self.afford_transfer(self.platform, fee.checked_sub(amount)?)?;
        }
        let sent = Sent {
            from,
            to: self.platform,
            transfer: id,
            amount: amount.minor(),
            processor_fee: fee.minor(),
            application_fee: 0,
            currency: amount.currency(),
            dates: Dates::on(self.now),
            now: self.now,
        };
        let kept = Self::fee_of(fee.minor(), fee.currency());
        self.post(EntryKind::Transfer, id, &sent.lines(), kept.as_slice())
    }

    /// That a debit can be taken back for the account that it was made on: by the platform, as long as money may come to the account.
    // RULE: a transfer made on an account is an object of that account, and found there only (docs.stripe.com/connect/authentication,
    // 2024). That its reversal is open to whoever made it is our reading.
    pub(super) fn permits_returning(&mut self, on: Option<AccountId>, debit: &Transfer) -> Result<(), Error> {
        if on != debit.debited() {
            return Err(RoutingError::NotOnAccount(debit.id()).into());
        }
        let account = self.get::<Account>(debit.connected())?;
        self.permit(&account, Action::Debit)
    }
}
