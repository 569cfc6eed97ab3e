//! Money that becomes money of another currency: which one, and at which rate.

use super::{Error, Platform, Transaction};
use crate::accounts::Account;
use crate::calendar::Timestamp;
use crate::ids::{AccountId, QuotedRateId};
use crate::journal::{Domain, Key, Known, Origin, Stored};
use crate::ledger::{LedgerAccount, Line, LineKind, Posting, Postings};
use crate::money::{Currency, ExchangeRate, Money};
use crate::payments::{Charge, ChargeExchange, Dispute, Flow, PaymentIntent, Refund};
use crate::routing::{
    ApplicationFee, ApplicationFeeRefund, Conversion, Converted, QuotedRate, RoutingError, SetExchangeRate, Transfer,
    TransferReversal,
};

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
        let of_refund = |refund: &ApplicationFeeRefund| {
            if line.owner() == self.id() { refund.conversion_received() } else { refund.conversion_paid() }
        };
        let of_fee = |fee: &ApplicationFee| {
            if line.owner() == self.id() { fee.conversion_received() } else { fee.conversion_paid() }
        };
        let conversion = Charge::of(record)
            .and_then(Charge::conversion)
            .or_else(|| Refund::of(record).and_then(Refund::conversion))
            .or_else(|| Dispute::of(record).and_then(Dispute::conversion))
            .or_else(|| Transfer::of(record).and_then(Transfer::conversion))
            .or_else(|| TransferReversal::of(record).and_then(TransferReversal::conversion))
            .or_else(|| ApplicationFee::of(record).and_then(of_fee))
            .or_else(|| ApplicationFeeRefund::of(record).and_then(of_refund));
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
        self.known_rate(from, to)?.ok_or(RoutingError::NoExchangeRate { from, to }.into())
    }

    /// The same, if one was set.
    pub(super) fn known_rate(&mut self, from: Currency, to: Currency) -> Result<Option<ExchangeRate>, Error> {
        let id = quoted_rate_id(self.platform, from, to);
        self.want(&[Key::Family(id.family())])?;
        Ok(self.find::<QuotedRate>(id)?.map(|rate| rate.mid()))
    }

    /// The currency in which money of another one is booked on an account: its own where the account can hold it, and else the account's
    /// default.
    // RULE: money stays in its currency where the account settles in it, which it does once it was given a bank account for it, and is
    // converted into the default currency otherwise (docs.stripe.com/connect/currencies, 2024; docs.stripe.com/currencies/conversions,
    // 2024). The default currency needs no bank account, nor does one whose bank account was removed (docs.stripe.com/currencies, 2024).
    pub(super) fn settles(&self, account: &Account, currency: Currency) -> Currency {
        let default = account.default_currency();
        let is_held = currency == default
            || ((self.rulebook.unbanked_settlement() || account.settles_in(currency))
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

    /// What an amount that a payer is asked for comes to where it is booked, as the business of that merchant.
    pub(super) fn settled_for(&mut self, merchant: &Account, amount: Money) -> Result<Money, Error> {
        let settlement = self.inbound(merchant, amount.currency())?;
        Ok(Conversion::through(settlement, amount)?)
    }

    /// How what a payment brings will be converted.
    // RULE: what is charged is converted into the default currency of the business whose payment it is, unless that holds the currency of
    // the payment: for a payment on behalf of an account it is booked on the platform in the account's currency. What is transferred is
    // converted from there for its recipient (docs.stripe.com/connect/currencies, 2024; recorded exchanges, 2023-2025).
    pub(super) fn exchange_of(
        &mut self,
        (payment, is_priced): (&PaymentIntent, bool),
        owner: AccountId,
        merchant: &Account,
    ) -> Result<ChargeExchange, Error> {
        let (amount, flow) = (payment.amount(), *payment.flow());
        let settlement = self.inbound(merchant, amount.currency())?;
        let booked_in = settlement.map_or(amount.currency(), |settlement| settlement.to());
        let mut exchange = ChargeExchange { settlement, transfer: None, commission: None };
        match flow {
            Flow::Destination { account, .. } => {
                let recipient = self.get::<Account>(account)?;
                exchange.transfer = self.inbound(&recipient, booked_in)?;
                let paid = Conversion::then(settlement, exchange.transfer)?;
                // What the account pays unconverted the platform gets so, and what it can hold.
                if paid.is_some() {
                    let platform = self.get::<Account>(owner)?;
                    let is_held = self.settles(&platform, amount.currency()) == amount.currency();
                    exchange.commission = paid.filter(|_| !is_held);
                }
            }
            Flow::Direct { .. }
                if flow.application_fee(amount.minor()) > 0 || payment.plan().is_some() || is_priced =>
            {
                exchange.commission = self.commission_rate(amount.currency(), settlement)?;
            }
            Flow::Direct { .. } | Flow::Separate => {}
        }
        // What the world tells of it later is never refused.
        exchange.apply(amount)?;
        Ok(exchange)
    }

    /// A charge that a capture, or a raise, names the first commission for: with how that is converted.
    pub(super) fn with_commission_rate(
        &mut self,
        charge: Charge,
        (known, flow): (&Flow, Flow),
        total: Money,
    ) -> Result<Charge, Error> {
        let is_first = known.application_fee(total.minor()) == 0 && flow.application_fee(total.minor()) > 0;
        if !is_first || charge.application_fee().is_some() || !matches!(flow, Flow::Direct { .. }) {
            return Ok(charge);
        }
        let commission = self.commission_rate(total.currency(), charge.conversion())?;
        let exchange = ChargeExchange { commission, ..charge.exchange() };
        exchange.apply(total)?;
        Ok(charge.with_exchange(exchange))
    }

    /// How the commission on a direct charge is converted for the platform, where the charge is converted like that.
    // RULE: into the platform's default currency, unless it holds the currency of the payment (docs.stripe.com/connect/currencies, 2024).
    // What the account pays in that currency already is not converted once more.
    pub(super) fn commission_rate(
        &mut self,
        currency: Currency,
        settlement: Option<Conversion>,
    ) -> Result<Option<Conversion>, Error> {
        let platform = self.get::<Account>(self.platform)?;
        let to = self.settles(&platform, currency);
        if to != currency && settlement.is_some_and(|settlement| settlement.to() == to) {
            return Ok(settlement);
        }
        self.inbound(&platform, currency)
    }

    /// What has to be given in another currency for an amount that goes back the way it came.
    // RULE: what goes back does so at the middle of the market, of the day on which it does (recorded exchanges, 2023-2025;
    // docs.stripe.com/currencies/conversions, 2024).
    pub(super) fn outbound(&mut self, amount: Money, to: Option<Currency>) -> Result<Option<Converted>, Error> {
        let Some(to) = to else { return Ok(None) };
        let conversion = Conversion::new(to, self.mid(amount.currency(), to)?);
        Ok(Some(Converted::new(conversion, amount)?))
    }

    /// What an amount comes to in another currency in the middle of the market; the amount itself where no rate is known, or it is in that
    /// currency already.
    pub(super) fn in_the_middle(&mut self, amount: Money, to: Currency) -> Result<Money, Error> {
        if amount.currency() == to {
            return Ok(amount);
        }
        match self.known_rate(amount.currency(), to)? {
            Some(mid) => Ok(Conversion::new(to, mid).of(amount)?),
            None => Ok(amount),
        }
    }

    /// That what is taken back, for which its recipient gives so much, does not come to nothing.
    // RULE: a reversal that would convert to zero is an error (docs.stripe.com/connect/separate-charges-and-transfers, 2024). That a
    // transfer is no different is our reading.
    pub(super) fn is_something(amount: Money, converted: Money) -> Result<(), RoutingError> {
        let to = converted.currency();
        if converted.is_zero() { Err(RoutingError::ConvertsToNothing { amount, to }) } else { Ok(()) }
    }

    /// What the processor gets and gives where an amount becomes another; nothing where it does not.
    // INVARIANT: so every currency of an entry sums to zero by itself.
    pub(super) fn exchanged(given: Money, got: Money) -> Result<Postings, Error> {
        let mut sides = Postings::new();
        if given.currency() != got.currency() {
            let both = [given, got.checked_neg()?].into_iter().filter(|side| !side.is_zero());
            sides.extend(both.map(|amount| Posting { account: LedgerAccount::Exchange, amount }));
        }
        Ok(sides)
    }

    /// Adds what the processor gets and gives where an amount becomes another.
    pub(super) fn exchange(postings: &mut Postings, given: Money, got: Money) -> Result<(), Error> {
        // Nearly always there is nothing to exchange.
        if given.currency() != got.currency() {
            postings.extend(Self::exchanged(given, got)?);
        }
        Ok(())
    }
}
