//! How long charges stay pending, and which payout schedules are open.

use std::ops::RangeInclusive;

use iso_country::Country;
use serde::Deserialize;

use super::table::{self, Unit};
use super::{PaymentMethod, Rulebook, RulebookError, Source};
use crate::calendar::{Delay, Recurrence};

/// How long charges stay pending in one country, unless their payment method says otherwise.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SettlementTiming {
    initial: Delay,
    established: Delay,
    override_unit: Unit,
    schedule: ScheduleRule,
    source: Source,
}

impl SettlementTiming {
    /// The delay of a new account. The rulebook settles by this one.
    #[must_use]
    pub const fn initial(&self) -> Delay {
        self.initial
    }

    /// The delay of an account with a record, once the processor trusts it.
    // RULE: European, British, Canadian and Mexican accounts come down from seven calendar days to three business days
    // (docs.stripe.com/payouts, 2026).
    #[must_use]
    pub const fn established(&self) -> Delay {
        self.established
    }

    /// A delay that a platform sets for an account of its own accord, in the unit in which the country counts those.
    ///
    /// ```
    /// use fundroute::calendar::Delay;
    /// use fundroute::rulebook::{Country, Rulebook};
    ///
    /// let book = Rulebook::standard();
    /// assert_eq!(book.settlement_timing(Country::US)?.platform_delay(14), Delay::Business(14));
    /// assert_eq!(book.settlement_timing(Country::SG)?.platform_delay(14), Delay::Calendar(14));
    /// # Ok::<(), fundroute::rulebook::RulebookError>(())
    /// ```
    // RULE: business days in AE, AU, IN, JP, MY, NZ, TH and US, calendar days elsewhere (docs.stripe.com/payouts, 2026).
    #[must_use]
    pub const fn platform_delay(&self, days: u8) -> Delay {
        self.override_unit.delay(days)
    }

    /// Which payout schedules an account may have.
    #[must_use]
    pub const fn schedule(&self) -> &ScheduleRule {
        &self.schedule
    }

    /// Where the rule comes from.
    #[must_use]
    pub const fn source(&self) -> &Source {
        &self.source
    }

    /// The timing of a country for which a host gave a delay, and no table more.
    pub(super) fn of_host(delay: Delay) -> Self {
        let override_unit = match delay {
            Delay::Business(_) => Unit::Business,
            Delay::Calendar(_) => Unit::Calendar,
        };
        Self { initial: delay, established: delay, override_unit, schedule: ScheduleRule::FREE, source: Source::host() }
    }

    pub(super) fn with_initial(&self, delay: Delay) -> Self {
        Self { initial: delay, source: Source::host(), ..self.clone() }
    }
}

/// How long a platform lets its accounts' payments wait.
impl Rulebook {
    /// For how few and for how many days a platform may let the payments of an account wait. Where nothing else is known it is
    /// from none on.
    ///
    /// ```
    /// use fundroute::rulebook::{Country, Rulebook};
    ///
    /// let book = Rulebook::standard();
    /// assert_eq!(book.delay_days(Country::US, Country::US), 2..=31);
    /// assert_eq!(book.delay_days(Country::DE, Country::US), 7..=31);
    /// ```
    // RULE: not below the platform's own delay or the default of the account's country, and 31 at most
    // (docs.stripe.com/connect/manage-payout-schedule, 2024; docs.stripe.com/api/balance-settings, 2026). The default is the one
    // that the book settles by; numbers are compared, whatever their unit (our own reading).
    #[must_use]
    pub fn delay_days(&self, platform: Country, account: Country) -> RangeInclusive<u8> {
        let least = |country| self.settlement_timing(country).map_or(0, |timing| timing.initial().days());
        least(platform).max(least(account))..=31
    }

    /// How long a payment stays pending where a platform lets its account's payments wait for so many days: as long as its
    /// country and method ask for, or longer.
    ///
    /// # Errors
    /// As [`settlement_delay`](Self::settlement_delay).
    pub fn settlement_delay_after(
        &self,
        country: Country,
        method: PaymentMethod,
        delay_days: u8,
    ) -> Result<Delay, RulebookError> {
        let least = self.settlement_delay(country, method)?;
        let Ok(timing) = self.settlement_timing(country) else { return Ok(least) };
        let wanted = timing.platform_delay(delay_days);
        // Of equal numbers, business days are never the shorter.
        let length = |delay: Delay| (delay.days(), matches!(delay, Delay::Business(_)));
        Ok(if length(wanted) > length(least) { wanted } else { least })
    }
}

/// Which payout schedules the accounts of a country may have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ScheduleRule {
    default: Option<Recurrence>,
    forced_daily: bool,
    daily_allowed: bool,
    manual_allowed: bool,
}

impl ScheduleRule {
    /// Daily unless chosen otherwise, and every choice open.
    pub(super) const FREE: Self =
        Self { default: Some(Recurrence::Daily), forced_daily: false, daily_allowed: true, manual_allowed: true };

    /// The schedule of an account that never chose one. `None` is manual: the money waits until a payout is asked for.
    #[must_use]
    pub const fn default_schedule(&self) -> Option<Recurrence> {
        self.default
    }

    /// Whether daily payouts are the only ones.
    // RULE: accounts in Brazil and India are paid out daily, by themselves, and in no other way (docs.stripe.com/payouts, 2026).
    #[must_use]
    pub const fn is_forced_daily(&self) -> bool {
        self.forced_daily
    }

    /// Whether an account may be paid out daily.
    // RULE: not in Japan (docs.stripe.com/payouts, 2026).
    #[must_use]
    pub const fn allows_daily(&self) -> bool {
        self.daily_allowed
    }

    /// Whether an account may be paid out on request only.
    #[must_use]
    pub const fn allows_manual(&self) -> bool {
        self.manual_allowed
    }

    /// Whether an account may have this schedule. `None` is manual.
    ///
    /// ```
    /// use fundroute::calendar::Recurrence;
    /// use fundroute::rulebook::{Country, Rulebook};
    ///
    /// let book = Rulebook::standard();
    /// assert!(book.schedule_rule(Country::US).allows(None));
    /// assert!(!book.schedule_rule(Country::BR).allows(None));
    /// assert!(!book.schedule_rule(Country::JP).allows(Some(&Recurrence::Daily)));
    /// ```
    #[must_use]
    pub const fn allows(&self, schedule: Option<&Recurrence>) -> bool {
        match schedule {
            None => self.manual_allowed,
            Some(Recurrence::Daily) => self.daily_allowed,
            Some(Recurrence::Weekly(_) | Recurrence::Monthly(_)) => !self.forced_daily,
        }
    }

    /// What contradicts itself, if anything.
    fn problem(&self) -> Option<&'static str> {
        if self.forced_daily && (!self.daily_allowed || self.manual_allowed) {
            return Some("where daily payouts are forced, they are allowed and manual ones are not");
        }
        if !self.allows(self.default.as_ref()) {
            return Some("the default schedule is not allowed");
        }
        None
    }
}

/// A schedule that a row can name.
#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum Interval {
    Daily,
    Manual,
}

/// A row of `settlement_timing.csv`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Row {
    #[serde(deserialize_with = "table::country")]
    country: Country,
    initial_days: u8,
    initial_unit: Unit,
    default_days: u8,
    default_unit: Unit,
    override_unit: Unit,
    default_interval: Interval,
    #[serde(deserialize_with = "table::yes_or_no")]
    forced_daily: bool,
    #[serde(deserialize_with = "table::yes_or_no")]
    daily_allowed: bool,
    #[serde(deserialize_with = "table::yes_or_no")]
    manual_allowed: bool,
    source: String,
    year: Option<u16>,
    note: Option<String>,
}

impl Row {
    pub(super) fn check(self) -> Result<(Country, SettlementTiming), String> {
        let schedule = ScheduleRule {
            default: match self.default_interval {
                Interval::Daily => Some(Recurrence::Daily),
                Interval::Manual => None,
            },
            forced_daily: self.forced_daily,
            daily_allowed: self.daily_allowed,
            manual_allowed: self.manual_allowed,
        };
        if let Some(problem) = schedule.problem() {
            return Err(problem.to_owned());
        }
        let timing = SettlementTiming {
            initial: self.initial_unit.delay(self.initial_days),
            established: self.default_unit.delay(self.default_days),
            override_unit: self.override_unit,
            schedule,
            source: Source::new(self.source, self.year, self.note),
        };
        Ok((self.country, timing))
    }
}
