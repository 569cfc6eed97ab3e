//! How long charges stay pending, and which payout schedules are open.

use std::ops::RangeInclusive;

use chrono::TimeDelta;
use iso_country::Country;
use serde::{Deserialize, Serialize};

use super::table::{self, Unit};
use super::{PaymentMethod, Rulebook, RulebookError, Source};
use crate::calendar::{Delay, Recurrence, TimeError, Timestamp, days};

/// How long charges stay pending in one country, unless their payment method says otherwise.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SettlementTiming {
    initial: Delay,
    established: Delay,
    override_unit: Unit,
    schedule: ScheduleRule,
    holding_days: u16,
    source: Source,
}

/// For how many days money may lie on a manual schedule where nothing else is known.
// RULE: ninety days but in Thailand and the United States (docs.stripe.com/connect/manual-payouts, 2024).
const HOLDING_DAYS: u16 = 90;

/// How soon an account's payments become available, as the processor trusts it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SettlementSpeed {
    /// As those of a new account.
    #[default]
    Initial,
    /// As those of an account with a record.
    Established,
}

impl SettlementTiming {
    /// The delay of an account that the processor trusts that much.
    #[must_use]
    pub const fn at(&self, speed: SettlementSpeed) -> Delay {
        match speed {
            SettlementSpeed::Initial => self.initial,
            SettlementSpeed::Established => self.established,
        }
    }

    /// The delay of a new account.
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
        Self {
            initial: delay,
            established: delay,
            override_unit,
            schedule: ScheduleRule::FREE,
            holding_days: HOLDING_DAYS,
            source: Source::host(),
        }
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
    #[must_use]
    pub fn delay_days(&self, platform: Country, account: Country) -> RangeInclusive<u8> {
        self.delay_days_at((platform, SettlementSpeed::Initial), (account, SettlementSpeed::Initial))
    }

    /// The same for a platform and an account that the processor trusts that much.
    // RULE: not below the platform's own delay or the default of the account's country, and 31 at most
    // (docs.stripe.com/connect/manage-payout-schedule, 2024; docs.stripe.com/api/balance-settings, 2026). The default is the one
    // that the account settles by; numbers are compared, whatever their unit (our own reading).
    #[must_use]
    pub fn delay_days_at(
        &self,
        platform: (Country, SettlementSpeed),
        account: (Country, SettlementSpeed),
    ) -> RangeInclusive<u8> {
        let least = |(country, speed)| self.settlement_timing(country).map_or(0, |timing| timing.at(speed).days());
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
        self.settlement_delay_at(country, method, SettlementSpeed::Initial, Some(delay_days))
    }

    /// How long a payment stays pending, for an account that the processor trusts that much and whose platform lets its payments wait
    /// for so many days, if it does.
    ///
    /// ```
    /// use fundroute::calendar::Delay;
    /// use fundroute::rulebook::{Country, PaymentMethod, Rulebook, SettlementSpeed};
    ///
    /// let book = Rulebook::standard();
    /// let after = |speed, days| book.settlement_delay_at(Country::DE, PaymentMethod::Card, speed, days);
    /// assert_eq!(after(SettlementSpeed::Initial, None)?, Delay::Calendar(7));
    /// assert_eq!(after(SettlementSpeed::Established, None)?, Delay::Business(3));
    /// assert_eq!(after(SettlementSpeed::Established, Some(5))?, Delay::Calendar(5));
    /// # Ok::<(), fundroute::rulebook::RulebookError>(())
    /// ```
    ///
    /// # Errors
    /// As [`settlement_delay`](Self::settlement_delay).
    pub fn settlement_delay_at(
        &self,
        country: Country,
        method: PaymentMethod,
        speed: SettlementSpeed,
        delay_days: Option<u8>,
    ) -> Result<Delay, RulebookError> {
        let least = self.least_delay(country, method, speed)?;
        let (Some(delay_days), Ok(timing)) = (delay_days, self.settlement_timing(country)) else { return Ok(least) };
        let wanted = timing.platform_delay(delay_days);
        // Of equal numbers, business days are never the shorter.
        let length = |delay: Delay| (delay.days(), matches!(delay, Delay::Business(_)));
        Ok(if length(wanted) > length(least) { wanted } else { least })
    }

    /// How long an account's first payment keeps all its money from being paid out, in live mode: nothing in the standard book.
    // RULE: the first payout usually takes place 7 to 14 days after the first successful live payment, later in some countries and
    // industries (docs.stripe.com/payouts, 2026). As no page says when exactly, a host names the time.
    #[must_use]
    pub fn first_payout_wait(&self) -> TimeDelta {
        self.0.first_payout_wait
    }

    /// The book with another time for which an account's first payment keeps all its money from being paid out. Less than nothing counts
    /// as nothing.
    #[must_use]
    pub fn with_first_payout_wait(mut self, wait: TimeDelta) -> Self {
        self.book_mut().first_payout_wait = wait.max(TimeDelta::zero());
        self
    }

    /// Until when money that became available to an account must be paid out, whatever its schedule: the law's limit, of which the crate
    /// warns and which the host sees to.
    ///
    /// ```
    /// use fundroute::calendar::utc;
    /// use fundroute::rulebook::{Country, Rulebook};
    ///
    /// let book = Rulebook::standard();
    /// assert_eq!(book.must_pay_out_by(Country::TH, utc(2026, 11, 2))?, utc(2026, 11, 12));
    /// assert_eq!(book.must_pay_out_by(Country::DE, utc(2026, 11, 2))?, utc(2027, 1, 31));
    /// # Ok::<(), fundroute::calendar::TimeError>(())
    /// ```
    ///
    /// # Errors
    /// [`TimeError::OutOfRange`] past 9999.
    // RULE: ten days in Thailand, two years in the United States, ninety days elsewhere (docs.stripe.com/connect/manual-payouts, 2024).
    pub fn must_pay_out_by(&self, country: Country, available_on: Timestamp) -> Result<Timestamp, TimeError> {
        let limit = self.settlement_timing(country).map_or(HOLDING_DAYS, |timing| timing.holding_days);
        available_on.checked_add(days(limit.into()))
    }
}

/// Which payout schedules the accounts of a country may have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ScheduleRule {
    default: Option<Recurrence>,
    forced_daily: bool,
    daily_allowed: bool,
    manual_allowed: bool,
    minimum_allowed: bool,
}

impl ScheduleRule {
    /// Daily unless chosen otherwise, and every choice open.
    pub(super) const FREE: Self = Self {
        default: Some(Recurrence::Daily),
        forced_daily: false,
        daily_allowed: true,
        manual_allowed: true,
        minimum_allowed: true,
    };

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

    /// Whether automatic payouts can leave a minimum balance behind.
    // RULE: not in Brazil, India and Thailand (docs.stripe.com/payouts/minimum-balances-for-automatic-payouts, 2026).
    #[must_use]
    pub const fn allows_minimum_balance(&self) -> bool {
        self.minimum_allowed
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
            Some(Recurrence::Weekly(_) | Recurrence::Monthly(_) | Recurrence::EachWeekend(_)) => !self.forced_daily,
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
    #[serde(default, deserialize_with = "table::yes_no_or_unknown")]
    minimum_balance: Option<bool>,
    holding_days: Option<u16>,
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
            minimum_allowed: self.minimum_balance.unwrap_or(true),
        };
        if let Some(problem) = schedule.problem() {
            return Err(problem.to_owned());
        }
        let timing = SettlementTiming {
            initial: self.initial_unit.delay(self.initial_days),
            established: self.default_unit.delay(self.default_days),
            override_unit: self.override_unit,
            schedule,
            holding_days: self.holding_days.unwrap_or(HOLDING_DAYS),
            source: Source::new(self.source, self.year, self.note),
        };
        Ok((self.country, timing))
    }
}
