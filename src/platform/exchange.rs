//! Money that becomes money of another currency: which one, and at which rate.

use super::{Error, Platform, Transaction};
use crate::accounts::Account;
use crate::calendar::Timestamp;
use crate::ids::{AccountId, QuotedRateId};
use crate::journal::{Domain, Key, Known, Origin, Stored};
use crate::ledger::{LedgerAccount, Line, LineKind, Posting};
use crate::money::{Currency, ExchangeRate, Money};
use crate::routing::{Conversion, Converted, QuotedRate, RoutingError, SetExchangeRate, Transfer, TransferReversal};

/// Under which id the rate of a pair of currencies is kept.
// INVARIANT: it follows from the pair alone, and from no moment.
fn quoted_rate_id(platform: AccountId, from: Currency, to: Currency) -> QuotedRateId {
    let key = format!("{from}/{to}");
    let origin = Origin::new(Domain::QuotedRate, platform, None, key.as_bytes());
    QuotedRateId::of(origin.family(Timestamp::MIN), 0)
}

impl Platform {
    /// The rate in the middle of the market that was set for a pair of currencies; nothing where none was.
    ///
    /// # Errors
    /// On a partial platform [`Error::NotLoaded`].
    pub fn exchange_rate(&self, from: Currency, to: Currency) -> Result<Option<&QuotedRate>, Error> {
        match self.state.record::<QuotedRate>(quoted_rate_id(self.id(), from, to)) {
            Known::Here((rate, _)) => Ok(Some(rate)),
            Known::Absent => Ok(None),
            Known::NotLoaded(key) => Err(Error::NotLoaded(vec![key])),
        }
    }

    /// At which rate what a line records was converted, as the object tells that caused it.
    pub(super) fn rate_of(&self, line: &Line) -> Option<ExchangeRate> {
        let (record, _) = self.state.records.get(line.source())?;
        let reversal = || TransferReversal::of(record).and_then(TransferReversal::conversion);
        let conversion = Transfer::of(record).and_then(Transfer::conversion).or_else(reversal);
        // What the processor takes by itself is defined in the currency in which it is booked.
        let is_converted = |conversion: &Conversion| conversion.to() == line.currency();
        let conversion = conversion.filter(|_| line.kind() != LineKind::ProcessorFee).filter(is_converted)?;
        Some(conversion.rate())
    }
}

impl Transaction<'_> {
    pub(super) fn set_exchange_rate(
        &mut self,
        on: Option<AccountId>,
        command: &SetExchangeRate,
    ) -> Result<QuotedRateId, Error> {
        let SetExchangeRate { from, to, .. } = *command;
        if from == to {
            return Err(RoutingError::ExchangedForItself(from).into());
        }
        let id = quoted_rate_id(self.platform, from, to);
        self.want(&[Key::Family(id.family())])?;
        Self::platform_only(on)?;
        // What is replaced is read, so that of two who set it at once one decides anew.
        self.find::<QuotedRate>(id)?;
        self.put(QuotedRate::new(id, command, self.now));
        Ok(id)
    }

    /// The rate in the middle of the market.
    fn mid(&mut self, from: Currency, to: Currency) -> Result<ExchangeRate, Error> {
        let id = quoted_rate_id(self.platform, from, to);
        self.want(&[Key::Family(id.family())])?;
        match self.find::<QuotedRate>(id)? {
            Some(rate) => Ok(rate.mid()),
            None => Err(RoutingError::NoExchangeRate { from, to }.into()),
        }
    }

    /// The currency in which money of another one is booked on an account: its own where the account can hold it, and else the account's
    /// default.
    // RULE: money stays in its currency where the account settles in it and has a bank account for it, and is converted into the default
    // currency otherwise (docs.stripe.com/connect/currencies, 2024; docs.stripe.com/currencies/conversions, 2024). The default currency
    // needs no bank account.
    pub(super) fn settles(&self, account: &Account, currency: Currency) -> Currency {
        let default = account.default_currency();
        let is_held = currency == default
            || ((self.rulebook.unbanked_settlement() || account.bank_for(currency).is_some())
                && self.rulebook.settles_in(account.country(), currency));
        if is_held { currency } else { default }
    }

    /// How money that comes in is converted for an account; nothing where the account can hold it.
    // RULE: at the middle of the market less a fee, which is inside the rate (recorded exchanges, 2023-2025).
    pub(super) fn inbound(&mut self, account: &Account, from: Currency) -> Result<Option<Conversion>, Error> {
        let to = self.settles(account, from);
        if to == from {
            return Ok(None);
        }
        let fee = self.rulebook.conversion_fee(account.country(), from, to);
        let rate = self.mid(from, to)?.less(fee)?;
        Ok(Some(Conversion::new(to, rate)))
    }

    /// What has to be given in another currency for an amount that goes back the way it came.
    // RULE: what goes back does so at the middle of the market, of the day on which it does (recorded exchanges, 2023-2025;
    // docs.stripe.com/currencies/conversions, 2024). A part that would come to nothing is refused
    // (docs.stripe.com/connect/separate-charges-and-transfers, 2024).
    pub(super) fn outbound(&mut self, amount: Money, to: Option<Currency>) -> Result<Option<Converted>, Error> {
        let Some(to) = to else { return Ok(None) };
        let conversion = Conversion::new(to, self.mid(amount.currency(), to)?);
        let converted = Converted::new(conversion, amount)?;
        if converted.amount().is_zero() {
            return Err(RoutingError::ConvertsToNothing { amount, to }.into());
        }
        Ok(Some(converted))
    }

    /// What the processor gets and gives where an amount becomes another; nothing where it does not.
    // INVARIANT: so every currency of an entry sums to zero by itself.
    pub(super) fn exchanged(given: Money, got: Money) -> Result<Vec<Posting>, Error> {
        if given.currency() == got.currency() {
            return Ok(Vec::new());
        }
        let sides = [given, got.checked_neg()?];
        Ok(sides.map(|amount| Posting { account: LedgerAccount::Exchange, amount }).to_vec())
    }
}
