//! What the processor takes from the platform for payouts that cross a border: counted with each, billed by the month.

use super::{Error, Platform, Transaction};
use crate::accounts::{Account, FeePayer};
use crate::calendar::Timestamp;
use crate::ids::{AccountId, CrossBorderFeesId};
use crate::journal::{AnomalyReason, Deadline, Domain, Key, Known, Origin};
use crate::ledger::{EntryKind, LedgerError};
use crate::money::{Currency, Money, Rounding};
use crate::payouts::{CrossBorderFees, Month, Payout, bill_line};

/// Under which id the fees of a month in a currency are kept.
// INVARIANT: it follows from the currency and the month alone.
fn fees_id(platform: AccountId, currency: Currency, month: Month) -> CrossBorderFeesId {
    let origin = Origin::new(Domain::CrossBorderFees, platform, None, currency.to_string().as_bytes());
    CrossBorderFeesId::of(origin.family(month.begins), 0)
}

/// Where what is counted in the month of a moment is found, in whichever currency.
pub(super) fn keys_of_month(platform: AccountId, at: Timestamp) -> Vec<Key> {
    let Some(month) = Month::of(at) else { return Vec::new() };
    Currency::all().map(|currency| Key::Family(fees_id(platform, currency, month).family())).collect()
}

impl Transaction<'_> {
    /// What crossing a border costs the platform of a payout of an account, in minor units of the payout's currency.
    // RULE: a share of each payout, by the way between the two (docs.stripe.com/connect/cross-border-payouts, 2024 and 2025). Where the
    // account pays the processor itself no Connect fee is charged to anyone (docs.stripe.com/connect/direct-charges-fee-payer-behavior,
    // 2026). That a payout counts whatever its money came from is our reading: money on a balance is not told apart.
    // ROUNDING: of each payout by itself, to the nearest minor unit, ties up, as all fees
    // (support.stripe.com/questions/rounding-rules-for-stripe-fees).
    pub(super) fn border_fee(&mut self, account: AccountId, amount: Money) -> Result<i64, Error> {
        let account = self.get::<Account>(account)?;
        let is_ours = account.is_connected() && account.extension().is_none() && amount.is_positive();
        let Some(controller) = account.controller().filter(|_| is_ours) else { return Ok(0) };
        match controller.fees {
            FeePayer::Account => return Ok(0),
            FeePayer::Application | FeePayer::ApplicationCustom | FeePayer::ApplicationExpress => {}
        }
        let home = self.home()?;
        let rate = self.rulebook.cross_border_fee(home, account.country(), account.agreement());
        Ok(rate.of(amount, Rounding::NearestTiesAway)?.minor())
    }

    /// Counts a payout that has crossed a border into the month, or one that was called off out of it.
    // RULE: Connect fees are billed by the month (docs.stripe.com/connect/pricing by way of stripe.com/pricing, 2026). That a payout counts
    // when it is made, that one which is called off costs nothing, and that one which comes back does, is our reading.
    pub(super) fn count_crossing(&mut self, payout: &Payout, is_called_off: bool) -> Result<(), Error> {
        let fee = payout.cross_border_fee();
        // Beyond the end of the calendar nothing is billed.
        let Some(month) = Month::of(self.now).filter(|_| !fee.is_zero()) else { return Ok(()) };
        let id = fees_id(self.platform, fee.currency(), month);
        self.want(&[Key::Family(id.family())])?;
        let known = self.find::<CrossBorderFees>(id)?;
        let known =
            known.map_or_else(|| CrossBorderFees::new(id, fee.currency(), month), super::transaction::Seen::into_owned);
        self.put(if is_called_off { known.without(fee.minor()) } else { known.with_payout(fee.minor()) });
        Ok(())
    }

    /// The month is over: what its payouts cost is taken from the platform.
    // RULE: a `stripe_fee` on the platform (docs.stripe.com/reports/balance-transaction-types, 2024), in a currency that it holds: a fee in
    // another one is converted in the middle of the market (docs.stripe.com/currencies/conversions, 2024). That it is taken in its own
    // currency where no rate was set is our own choice: the clock can ask for none.
    pub(super) fn bill_crossings(&mut self, deadline: Deadline, id: CrossBorderFeesId) -> Result<(), Error> {
        self.want(&[Key::Family(id.family()), Key::Family(self.platform.family())])?;
        let Some(known) = self.find::<CrossBorderFees>(id)? else { return Ok(()) };
        if known.due() != Some(self.now) {
            return Ok(());
        }
        let platform = self.get::<Account>(self.platform)?;
        let to = self.settles(&platform, known.currency());
        let fees = i64::try_from(known.fees()).map_err(|_| LedgerError::Overflow.into());
        let billed = fees.and_then(|fees| self.in_the_middle(Money::new(fees, known.currency()), to));
        let billed = match billed {
            Ok(billed) => billed,
            Err(Error::NotLoaded(keys)) => return Err(Error::NotLoaded(keys)),
            Err(_) => return self.cannot_happen(deadline, AnomalyReason::OutOfRange),
        };
        self.want(&[Key::Balance(self.platform, billed.currency())])?;
        self.put(known.bill(billed));
        if billed.is_zero() {
            return Ok(());
        }
        let line = bill_line(self.platform, id, billed, self.now);
        let posting = Self::fee_of(billed.minor(), billed.currency());
        self.post(EntryKind::CrossBorderFees, id, &[line], posting.as_slice())
    }
}

impl Platform {
    /// What payouts across borders have cost the platform so far in the month of a moment, or in all of it where it is over, in one
    /// currency; nothing where there was none.
    ///
    /// # Errors
    /// On a partial platform [`Error::NotLoaded`].
    pub fn cross_border_fees(&self, currency: Currency, at: Timestamp) -> Result<Option<&CrossBorderFees>, Error> {
        let Some(month) = Month::of(at) else { return Ok(None) };
        match self.state.record::<CrossBorderFees>(fees_id(self.id(), currency, month)) {
            Known::Here((fees, _)) => Ok(Some(fees)),
            Known::Absent => Ok(None),
            Known::NotLoaded(key) => Err(Error::NotLoaded(vec![key])),
        }
    }
}
