//! Money that the platform takes back from an account.

use super::{Error, Transaction};
use crate::accounts::{Account, Action, ExternalAccount, ExternalAccountKind, Role};
use crate::ids::{AccountId, TransferId};
use crate::journal::Key;
use crate::ledger::EntryKind;
use crate::money::{Currency, Money};
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
        let conversion = self.inbound(&house, currency)?;
        if let Some(conversion) = conversion {
            self.want(&[Key::Balance(self.platform, conversion.to())])?;
        }
        let terms = self.rulebook.debit_terms(currency);
        if let Some(maximum) = terms.and_then(DebitTerms::max).filter(|most| amount.minor() > most.minor()) {
            return Err(RoutingError::DebitTooLarge { asked: amount, maximum }.into());
        }
        // RULE: a debit leads below zero only where the platform has connected reserves, and a bank account in the currency
        // (docs.stripe.com/connect/account-debits, 2024).
        if let Err(short) = self.afford_transfer(from, amount)
            && !self.may_debit_below_zero(&house, currency)?
        {
            return Err(short);
        }
        let fee = terms.map_or(Ok(Money::new(0, currency)), |terms| terms.fee_of(amount))?;
        // RULE: what the processor takes is converted in the middle of the market, for no further fee
        // (docs.stripe.com/currencies/conversions, 2024). That so is the price of a debit is our reading.
        let fee = self.outbound(fee, conversion.map(|conversion| conversion.to()))?.map_or(fee, |fee| fee.amount());
        let id = TransferId::of(self.new_family(None)?, 0);
        let transfer = Transfer::new(id, self.platform, amount, None, self.now, Dates::on(self.now)).taken_from(from);
        let transfer = transfer.converted(conversion)?.in_group(command.transfer_group.as_deref());
        self.book_debit(&transfer, from, fee)?;
        self.put(transfer);
        self.event(RoutingEvent::TransferCreated, id, Some(from));
        Ok(id)
    }

    /// Whether the platform may debit accounts below zero.
    // Whose bank account the page means it leaves open: it is read as the platform's, and as one that can be used.
    fn may_debit_below_zero(&mut self, house: &Account, currency: Currency) -> Result<bool, Error> {
        let has_reserves = matches!(house.role(), Role::Platform { has_connect_reserves: true, .. });
        let Some(bank) = house.bank_for(currency).filter(|_| has_reserves) else { return Ok(false) };
        let bank = self.get::<ExternalAccount>(bank)?;
        Ok(bank.is_usable() && matches!(bank.kind(), ExternalAccountKind::BankAccount { .. }))
    }

    /// Books a debit, for which the platform pays a fee in the currency in which it arrives.
    // RULE: what comes in that its owner cannot hold is converted, at the middle of the market less a fee
    // (docs.stripe.com/connect/currencies, 2024). That a debit is no different for the platform is our reading.
    fn book_debit(&mut self, debit: &Transfer, from: AccountId, fee: Money) -> Result<(), Error> {
        let (id, amount, received) = (debit.id(), debit.amount(), debit.amount_received());
        Self::is_something(amount, received)?;
        // A price above the amount comes out of what the platform has besides.
        if fee.minor() > received.minor() {
            self.afford_transfer(self.platform, fee.checked_sub(received)?)?;
        }
        let sent = Sent {
            from,
            to: self.platform,
            transfer: id,
            amount,
            received,
            processor_fee: fee.minor(),
            application_fee: 0,
            dates: debit.dates(),
            now: self.now,
        };
        let mut sides = Self::exchanged(amount, received)?;
        sides.extend(Self::fee_of(fee.minor(), fee.currency()));
        self.post(EntryKind::Transfer, id, &sent.lines(), &sides)
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
