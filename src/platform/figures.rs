//! What is counted of accounts, and what their figures come to.

use super::{Error, Transaction};
use crate::accounts::Account;
use crate::calendar::Timestamp;
use crate::ids::{AccountId, RiskDayId, RiskRulesId};
use crate::journal::{Key, Known, Origin};
use crate::money::Currency;
use crate::payments::{Charge, Dispute, PaymentIntent};
use crate::rulebook::PaymentMethod;
use crate::tools::risk::{Condition, Figure, RiskDay, RiskRules, Tally, Value};

use super::facts::origin_of_reference;
use super::set_aside::owed;

/// The id of a platform's rules, of which there is one set.
pub(super) fn risk_rules_id(platform: AccountId) -> RiskRulesId {
    RiskRulesId::of(origin_of_reference(platform, "risk rules", "").family(Timestamp::MIN), 0)
}

/// The id of the row in which a day of an account is counted in one currency.
pub(super) fn risk_day_id(platform: AccountId, account: AccountId, currency: Currency, day: Timestamp) -> RiskDayId {
    let origin: Origin = origin_of_reference(platform, "risk day", &format!("{account} {currency} {day}"));
    RiskDayId::of(origin.family(day), 0)
}

/// The midnights of a window that ends with the day of `now`, the latest first.
pub(super) fn window(now: Timestamp, days: u16) -> impl Iterator<Item = Timestamp> {
    let today = now.midnight();
    (0..i64::from(days)).map_while(move |back| today.plus_days(back.saturating_neg()).ok())
}

/// The next last microsecond of a day.
// INVARIANT: it lies ahead, so that no deadline comes twice at one time: what it creates is named after it.
fn end_of_day(now: Timestamp) -> Timestamp {
    let after = now.checked_add(chrono::TimeDelta::microseconds(1)).unwrap_or(Timestamp::MAX);
    let next = after.midnight().plus_days(1);
    next.and_then(|next| next.checked_add(chrono::TimeDelta::microseconds(-1))).unwrap_or(Timestamp::MAX)
}

/// Counting.
impl Transaction<'_> {
    /// Since when the platform counts; nothing where it has never had a rule or a review.
    // INVARIANT: it is set once and never changes, so what is decided by it does not depend on the version in which it was read. What is
    // decided elsewhere while the first rule is made is not counted.
    pub(super) fn counts_since(&mut self) -> Result<Option<Timestamp>, Error> {
        let counts = match self.known_account(self.platform) {
            Known::Here(platform) => platform.counts_risk(),
            Known::Absent => false,
            Known::NotLoaded(key) => return Err(Error::NotLoaded(vec![key])),
        };
        if !counts {
            return Ok(None);
        }
        match self.state.record::<RiskRules>(risk_rules_id(self.platform)) {
            Known::Here((rules, _)) => Ok(Some(rules.since())),
            Known::Absent => Ok(None),
            Known::NotLoaded(key) => Err(Error::NotLoaded(vec![key])),
        }
    }

    /// Counts something that came of a charge, on the day on which it happened.
    // INVARIANT: what is counted follows from when the charge was attempted and when the thing happened, never from when either was told.
    pub(super) fn count(
        &mut self,
        (charge, payment): (&Charge, &PaymentIntent),
        (at, more): (Timestamp, Tally),
    ) -> Result<(), Error> {
        let Some(since) = self.counts_since()? else { return Ok(()) };
        let Some(account) = payment.seller().filter(|_| charge.created() >= since) else { return Ok(()) };
        let (currency, day) = (charge.amount().currency(), at.midnight());
        let id = risk_day_id(self.platform, account, currency, day);
        let known = self.find::<RiskDay>(id)?.map(super::transaction::Seen::into_owned);
        let known = known.unwrap_or_else(|| RiskDay::new(id, account, currency, day));
        self.put(known.counted(more, end_of_day(self.now)));
        Ok(())
    }

    /// The same of a charge whose payment is not at hand.
    pub(super) fn count_of(&mut self, charge: &Charge, at: Timestamp, more: Tally) -> Result<(), Error> {
        if self.counts_since()?.is_none() {
            return Ok(());
        }
        let payment = self.get::<PaymentIntent>(charge.payment())?;
        self.count((charge, &payment), (at, more))
    }

    /// Counts what a dispute has become, instead of what it was.
    pub(super) fn count_dispute(
        &mut self,
        charge: &Charge,
        was: Option<&Dispute>,
        next: &Dispute,
    ) -> Result<(), Error> {
        let counted = |dispute: &Dispute| {
            let tally = Tally { disputes: 1, disputed: dispute.amount().minor(), ..Tally::default() };
            dispute.is_filed().then_some((dispute.opened(), tally))
        };
        let (was, next) = (was.and_then(counted), counted(next));
        if was == next {
            return Ok(());
        }
        if let Some((at, tally)) = was {
            self.count_of(charge, at, tally.negated())?;
        }
        next.map_or(Ok(()), |(at, tally)| self.count_of(charge, at, tally))
    }
}

/// Figures.
impl Transaction<'_> {
    /// What was counted of an account in a window that ends today.
    fn tally(&mut self, account: AccountId, currency: Currency, days: u16) -> Result<Tally, Error> {
        let ids: Vec<RiskDayId> =
            window(self.now, days).map(|day| risk_day_id(self.platform, account, currency, day)).collect();
        let keys: Vec<Key> = ids.iter().map(|id| Key::Family(id.family())).collect();
        self.want(&keys)?;
        let mut sum = Tally::default();
        for id in ids {
            if let Some(day) = self.find::<RiskDay>(id)? {
                sum = sum.plus(day.tally());
            }
        }
        Ok(sum)
    }

    /// What the figure of a condition comes to for an account, and in which currency; nothing where there is none.
    pub(super) fn figure_of(
        &mut self,
        account: &Account,
        condition: &Condition,
    ) -> Result<(Currency, Option<Value>), Error> {
        let (id, currency) = (account.id(), condition.currency_of(account.default_currency()));
        let days_since = |at: Timestamp| Value::Number(self.now.since(at).num_days());
        let value = match condition.figure {
            Figure::AccountAge => Some(days_since(account.created())),
            Figure::FirstPayment => self.received(id, currency)?.1.map(days_since),
            Figure::NegativeExposure => {
                let owed = if self.is_platforms_loss(id)? { owed(self.available(id, currency)?) } else { 0 };
                Some(Value::Amount(i64::try_from(owed).unwrap_or(i64::MAX)))
            }
            Figure::PayoutSpeed => match self.delay_of(account, PaymentMethod::Card) {
                Ok(delay) => Some(Value::Number(delay.days().into())),
                Err(error) if error.is_about_loading() => return Err(error),
                Err(_) => None,
            },
            Figure::Disputes { days }
            | Figure::DisputeRate { days, .. }
            | Figure::FraudWarnings { days }
            | Figure::Payments { days }
            | Figure::RefundRate { days, .. }
            | Figure::Volume { days } => condition.figure.counted(&self.tally(id, currency, days)?),
        };
        Ok((currency, value))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::calendar::utc;

    #[test]
    fn a_day_is_looked_at_ahead_of_the_clock_and_before_the_next_one() {
        let midnight = utc(2026, 11, 3);
        let last = midnight.checked_add(chrono::TimeDelta::microseconds(-1)).unwrap();
        assert_eq!(end_of_day(utc(2026, 11, 2)), last);
        assert_eq!(end_of_day(utc(2026, 11, 2).at(12, 0)), last);
        // What is counted when the look has just been is looked at the next day: no deadline comes twice.
        assert_eq!(end_of_day(last), last.plus_days(1).unwrap());
        assert_eq!(end_of_day(midnight), last.plus_days(1).unwrap());
        assert_eq!(end_of_day(Timestamp::MAX), Timestamp::MAX);
        let days: Vec<Timestamp> = window(utc(2026, 11, 2).at(12, 0), 2).collect();
        assert_eq!(days, [utc(2026, 11, 2), utc(2026, 11, 1)]);
        assert_eq!(window(utc(1970, 1, 2), 120).count(), 2);
    }
}
