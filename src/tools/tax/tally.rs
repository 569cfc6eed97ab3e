use std::collections::BTreeMap;
use std::ops::Range;

use chrono::{Datelike, NaiveDate};
use serde::{Deserialize, Serialize};

use super::{TaxError, TaxFigures};
use crate::calendar::Timestamp;
use crate::ledger::{Line, LineKind};
use crate::money::{Currency, ExchangeRate, Money, MoneyError, Rounding, wide};
use crate::wire::wire;

wire! {
    /// How the income of a payee is added up.
    // RULE: docs.stripe.com/connect/tax-form-calculation-methods (2024).
    TaxMethod:
    "payments_including_fees" PaymentsIncludingFees "Everything that was paid to them, before fees.",
    "payments_excluding_fees" PaymentsExcludingFees "The same after fees.",
    "payouts_only" PayoutsOnly "What was sent to their banks, less what was taken back or came back.",
}

/// What the ledger does not say of a balance transaction, and income depends on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct TaxTraits {
    /// Whether the payer's card was there: of a transfer, whether it was for the payment that it was made from.
    // RULE: what was paid with the card present is `card_present` and `interac_present`; everything else is not, and so are transfers that
    // were made from no payment (docs.stripe.com/connect/tax-form-calculation-methods, 2024).
    pub card_present: bool,
    /// Whether it is of a payout that debits a bank for a balance below zero: that is nobody's income.
    pub bank_debit: bool,
}

/// One day's income in one currency.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Day {
    gross: i128,
    not_present: i128,
}

/// What a payee was paid in a year, one balance transaction after the other.
///
/// A host that keeps the journal in a store of its own adds the lines of one account to one of these, in whatever order; where the
/// whole platform is in memory, [`tax_totals`](crate::Platform::tax_totals) does.
///
/// ```
/// use fundroute::prelude::*;
/// use fundroute::simulator::World;
/// use fundroute::tools::tax::{TaxMethod, TaxTally, TaxTraits};
///
/// let (mut platform, mut world) =
///     (Platform::new(NewPlatform::in_country(US), Rulebook::standard(), utc(2026, 11, 2))?, World::new());
/// let jo = world.onboard(&mut platform, NewAccount::express(US))?;
/// let sale = NewPayment::card(usd(100_00)).application_fee(usd(2_00));
/// platform.acting_as(jo)?.payments().create("order", sale)?;
/// world.advance(&mut platform, days(5))?;
///
/// let mut tally = TaxTally::of_year(TaxMethod::PaymentsExcludingFees, 2026)?;
/// for entry in platform.entries() {
///     for line in entry.lines().iter().filter(|line| line.owner() == jo) {
///         tally.add(line, TaxTraits::default());
///     }
/// }
/// // 100.00 less the commission of 2.00 and the processor's 3.20.
/// assert_eq!(tally.totals(USD, |_, _| None)?.figures()?.gross(), 94_80);
/// # Ok::<(), Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TaxTally {
    method: TaxMethod,
    period: Range<Timestamp>,
    days: BTreeMap<(&'static str, NaiveDate), (Currency, Day)>,
    transactions: u32,
}

/// When a year begins, in UTC.
pub(crate) fn start_of(year: i32) -> Result<Timestamp, TaxError> {
    let invalid = || TaxError::YearInvalid(u16::try_from(year).unwrap_or(u16::MAX));
    let day = NaiveDate::from_ymd_opt(year, 1, 1).ok_or_else(invalid)?;
    Timestamp::start_of(day).map_err(|_| invalid())
}

impl TaxTally {
    /// Nothing yet, of a year.
    ///
    /// # Errors
    /// [`TaxError::YearInvalid`] beyond what the calendar holds.
    pub fn of_year(method: TaxMethod, year: u16) -> Result<Self, TaxError> {
        let next = i32::from(year).saturating_add(1);
        Ok(Self::of(method, start_of(year.into())?..start_of(next)?))
    }

    /// Nothing yet, of a part of a year, such as the time before a payee became somebody else.
    pub const fn of(method: TaxMethod, period: Range<Timestamp>) -> Self {
        Self { method, period, days: BTreeMap::new(), transactions: 0 }
    }

    /// What a line adds, in minor units, and how many payments that is; nothing where it is no income.
    // RULE: refunds are never deducted, nor is what disputes take; of charges and transfers that are separate it is the transfer that
    // counts (docs.stripe.com/connect/tax-form-calculation-methods, 2024). What was authorized and not captured was never paid. Fees are those
    // that were taken out of the payment.
    fn income(&self, line: &Line, traits: TaxTraits) -> Option<(i128, u32)> {
        let gross = i128::from(line.amount());
        let is_payout = matches!(line.kind(), LineKind::Payout | LineKind::PayoutCancel | LineKind::PayoutFailure);
        match self.method {
            TaxMethod::PaymentsIncludingFees | TaxMethod::PaymentsExcludingFees => {
                line.received()?;
                let of_it = match self.method {
                    TaxMethod::PaymentsExcludingFees => line.net(),
                    TaxMethod::PaymentsIncludingFees | TaxMethod::PayoutsOnly => gross,
                };
                Some((of_it, u32::from(line.kind() != LineKind::PartialCaptureReversal)))
            }
            TaxMethod::PayoutsOnly if is_payout && !traits.bank_debit => {
                let is_sent = line.kind() == LineKind::Payout && gross < 0;
                Some((gross.saturating_neg(), u32::from(is_sent)))
            }
            TaxMethod::PayoutsOnly => None,
        }
    }

    /// Adds a line of the payee's, if it is income of the period.
    // RULE: the year is that in which the money becomes available: what is paid on 31 December and available in January belongs to the next
    // year (docs.stripe.com/connect/tax-form-calculation-methods, 2024). Days are those of UTC, which is a reading.
    pub fn add(&mut self, line: &Line, traits: TaxTraits) {
        if !self.period.contains(&line.available_on()) {
            return;
        }
        let Some((amount, count)) = self.income(line, traits) else { return };
        let key = (line.currency().code(), line.available_on().date());
        let (_, day) = self.days.entry(key).or_insert((line.currency(), Day::default()));
        day.gross = day.gross.saturating_add(amount);
        if !traits.card_present {
            day.not_present = day.not_present.saturating_add(amount);
        }
        self.transactions = self.transactions.saturating_add(count);
    }

    /// What that comes to in one currency, at the rates that the host gives by currency and day.
    ///
    /// # Errors
    /// [`MoneyError`] for amounts that do not fit.
    // RULE: other currencies are converted at the market's rate of the day (docs.stripe.com/connect/tax-form-calculation-methods, 2024),
    // which is taken to be the day on which the money becomes available.
    pub fn totals(
        &self,
        currency: Currency,
        rate: impl Fn(Currency, NaiveDate) -> Option<ExchangeRate>,
    ) -> Result<TaxTotals, MoneyError> {
        let mut totals = TaxTotals {
            currency,
            gross: 0,
            not_present: 0,
            months: vec![0; 12],
            transactions: self.transactions,
            missing: Vec::new(),
        };
        for ((_, date), (of, day)) in &self.days {
            let converted = if *of == currency {
                Some((day.gross, day.not_present))
            } else {
                let rate = rate(*of, *date);
                // ROUNDING: once a day and currency, to the nearest minor unit.
                let convert = |minor: i128, rate: ExchangeRate| {
                    let minor = i64::try_from(minor).map_err(|_| MoneyError::Overflow)?;
                    let got = rate.convert(Money::new(minor, *of), currency, Rounding::NearestTiesAway)?;
                    Ok::<i128, MoneyError>(got.minor().into())
                };
                rate.map(|rate| Ok::<_, MoneyError>((convert(day.gross, rate)?, convert(day.not_present, rate)?)))
                    .transpose()?
            };
            let Some((gross, not_present)) = converted else {
                totals.missing.push((*of, *date));
                continue;
            };
            totals.gross = totals.gross.saturating_add(gross);
            totals.not_present = totals.not_present.saturating_add(not_present);
            let month = usize::try_from(date.month0()).unwrap_or(0);
            if let Some(month) = totals.months.get_mut(month) {
                *month = month.saturating_add(gross);
            }
        }
        Ok(totals)
    }
}

/// What a payee was paid in a period, in one currency, in minor units.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct TaxTotals {
    /// The currency.
    pub currency: Currency,
    /// Everything, by the method that it was added up by.
    #[serde(with = "wide")]
    pub gross: i128,
    /// As much of it as was paid without the card being there.
    #[serde(with = "wide")]
    pub not_present: i128,
    /// The same as `gross`, by month from January to December.
    #[serde(serialize_with = "by_month")]
    pub months: Vec<i128>,
    /// How many payments, or payouts.
    pub transactions: u32,
    /// On which days there was something in another currency for which no rate was given: it is left out.
    pub missing: Vec<(Currency, NaiveDate)>,
}

fn by_month<S: serde::Serializer>(months: &[i128], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_seq(months.iter().map(|month| wide::Wide(*month)))
}

impl TaxTotals {
    /// What a form reports of it. Where rates are missing, the form will say so, and wait for them.
    ///
    /// # Errors
    /// [`TaxError::FiguresInvalid`] where more was taken back than there was, [`TaxError::FiguresTooLarge`].
    pub fn figures(&self) -> Result<TaxFigures, TaxError> {
        let fits = |amount: i128| i64::try_from(amount).map_err(|_| TaxError::FiguresTooLarge);
        if self.gross < 0 {
            return Err(TaxError::FiguresInvalid("more came back than was paid"));
        }
        let mut months = [0; 12];
        for (month, amount) in months.iter_mut().zip(&self.months) {
            *month = fits(*amount)?;
        }
        let gross = Money::new(fits(self.gross)?, self.currency);
        // Payouts that came back can leave more with a card than in all.
        let not_present = fits(self.not_present)?.clamp(0, gross.minor());
        let figures = TaxFigures::of(gross, self.transactions).card_not_present(not_present).by_month(months);
        Ok(if self.missing.is_empty() { figures } else { figures.unconverted() })
    }
}
