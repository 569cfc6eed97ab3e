//! When an account's days begin, how fast its payments become available, and what its payouts leave behind.

use chrono::NaiveDate;

use super::{Error, Transaction};
use crate::accounts::{Account, Action};
use crate::calendar::{Delay, StartsOfDay, TimeError, Timestamp};
use crate::ids::AccountId;
use crate::journal::{FactOutcome, Key, Told};
use crate::money::{Currency, Money};
use crate::payments::PaymentIntent;
use crate::payouts::{
    BalanceSettings, PayoutCycle, PayoutError, PayoutEvent, SameDay, SetMinimumBalance, SetStartOfDay,
    SetStatementDescriptor, SpeedReviewed, TimingCommand, check_descriptor,
};
use crate::rulebook::{PaymentMethod, Rulebook, SettlementSpeed};

/// The settings of a new account, and the account that knows whether they say more than others do.
pub(super) fn settings_of(
    account: Account,
    settings: BalanceSettings,
    rulebook: &Rulebook,
) -> (Account, BalanceSettings) {
    let start = rulebook.start_of_day(account.country(), account.created());
    let timing = settings.timing().with_starts(StartsOfDay::of(start));
    let settings = settings.with_timing(timing);
    (account.with_own_timing(settings.has_own_timing()), settings)
}

impl Transaction<'_> {
    /// When an account's days begin.
    pub(super) fn starts_of_day(&mut self, account: &Account) -> Result<StartsOfDay, Error> {
        if !account.has_own_timing() {
            return Ok(StartsOfDay::default());
        }
        Ok(self.get::<BalanceSettings>(account.settings())?.starts_of_day())
    }

    /// How far the processor trusts an account.
    pub(super) fn speed_of(&mut self, account: &Account) -> Result<SettlementSpeed, Error> {
        if !account.has_own_timing() {
            return Ok(SettlementSpeed::Initial);
        }
        Ok(self.get::<BalanceSettings>(account.settings())?.settlement_speed())
    }

    /// What automatic payouts of an account leave behind, in minor units.
    pub(super) fn minimum_of(&mut self, account: &Account, currency: Currency) -> Result<i64, Error> {
        if !account.has_own_timing() {
            return Ok(0);
        }
        Ok(self.get::<BalanceSettings>(account.settings())?.minimum_balance(currency).minor())
    }

    /// How long an account's payment stays pending: only the accounts whose losses the platform bears have a delay of their own.
    pub(super) fn delay_of(&mut self, owner: &Account, method: PaymentMethod) -> Result<Delay, Error> {
        let (book, country) = (self.rulebook, owner.country());
        let days = if owner.may_owe() { self.get::<BalanceSettings>(owner.settings())?.delay_days() } else { None };
        let speed = self.speed_of(owner)?;
        Ok(book.settlement_delay_at(country, method, speed, days)?)
    }

    /// When what a business was paid at a moment becomes available: at the start of one of its days.
    pub(super) fn available_on(
        &mut self,
        (delay, at): (Delay, Timestamp),
        merchant: &Account,
    ) -> Result<Result<Timestamp, TimeError>, Error> {
        let start = self.starts_of_day(merchant)?.at(at);
        Ok(delay.available_from(at, self.rulebook.calendar(merchant.country()), start))
    }

    /// The same for a payment, which is the business of the account that it is booked on or of one behind it.
    pub(super) fn taken_on(
        &mut self,
        payment: &PaymentIntent,
        when: (Delay, Timestamp),
        owner: &Account,
    ) -> Result<Result<Timestamp, TimeError>, Error> {
        let merchant = self.merchant_of(payment, owner.id());
        if merchant == owner.id() {
            return self.available_on(when, owner);
        }
        let merchant = self.get::<Account>(merchant)?;
        self.available_on(when, &merchant)
    }

    /// From when on an account can be paid out, where its first payment was not long ago.
    // RULE: docs.stripe.com/payouts (2026): the first successful live payment counts. Of each balance the first in its currency does, which
    // is our own reading.
    pub(super) fn first_payout(&self, account: AccountId, currency: Currency) -> Result<Option<Timestamp>, Error> {
        let wait = self.rulebook.first_payout_wait();
        if !self.livemode || wait.is_zero() {
            return Ok(None);
        }
        let (_, first) = self.received(account, currency)?;
        Ok(first.map(|first| first.checked_add(wait).unwrap_or(Timestamp::MAX)))
    }

    /// On which day a payout that is asked for now arrives, and how the balance's payouts stand if it arrives on the same day.
    pub(super) fn standard_arrival(
        &mut self,
        account: &Account,
        amount: Money,
    ) -> Result<(NaiveDate, Option<PayoutCycle>), Error> {
        let (country, currency) = (account.country(), amount.currency());
        let calendar = self.rulebook.payout_calendar(country, currency);
        let rule = self.rulebook.same_day_payouts(country, currency);
        // Where it is not known how long payments wait, an account is not one of those that are slow enough.
        let is_slow = |delay: &Result<Delay, Error>, least| delay.as_ref().is_ok_and(|delay| delay.days() >= least);
        let delay = self.delay_of(account, PaymentMethod::Card);
        let Some(rule) = rule.filter(|rule| is_slow(&delay, rule.least_delay())) else {
            let today = self.starts_of_day(account)?.at(self.now).day_of(self.now);
            let day = calendar.add_business_days(today, self.rulebook.manual_payout_lead().into())?;
            return Ok((day, None));
        };
        let cycle = self.cycle(account.id(), currency)?;
        let earlier = |day: NaiveDate| Timestamp::start_of(day).map_or(0, |day| cycle.same_day_count(day));
        let arrival = rule.arrival(self.rulebook, self.now, amount.minor(), earlier, calendar)?;
        let counted = match arrival.same_day {
            Some(day) => {
                let day = Timestamp::start_of(day)?;
                let count = cycle.same_day_count(day).saturating_add(1);
                Some(PayoutCycle { same_day: Some(SameDay { day, count }), ..cycle })
            }
            None => None,
        };
        Ok((arrival.date, counted))
    }

    /// A day of arrival, by its midnight UTC; this moment, if it has begun.
    pub(super) fn told_as(&self, day: NaiveDate) -> Result<Timestamp, TimeError> {
        Ok(Timestamp::start_of(day)?.max(self.now))
    }

    pub(super) fn execute_timing(
        &mut self,
        on: Option<AccountId>,
        command: &TimingCommand,
    ) -> Result<AccountId, Error> {
        match command {
            TimingCommand::SetMinimumBalance(set) => self.set_minimum_balance(on, set),
            TimingCommand::SetStartOfDay(set) => self.set_start_of_day(on, set),
            TimingCommand::SetStatementDescriptor(set) => self.set_statement_descriptor(on, set),
        }
    }

    // RULE: the settings of payouts are set by who sets the schedule (docs.stripe.com/api/balance-settings, 2026). Lowering a minimum lets
    // the difference go with the next run (docs.stripe.com/payouts/minimum-balances-for-automatic-payouts, 2026).
    fn set_minimum_balance(&mut self, on: Option<AccountId>, set: &SetMinimumBalance) -> Result<AccountId, Error> {
        let (minimum, currency) = (set.minimum, set.minimum.currency());
        if minimum.is_negative() {
            return Err(PayoutError::MinimumNegative(minimum).into());
        }
        let (account, settings) = self.settings_to_set(on, set.account)?;
        if !minimum.is_zero() && !self.rulebook.schedule_rule(account.country()).allows_minimum_balance() {
            return Err(PayoutError::MinimumNotAllowed(account.country()).into());
        }
        self.want(&[Key::Balance(set.account, currency)])?;
        let timing = settings.timing().with_minimum(minimum);
        self.change_settings(&account, &settings, settings.with_timing(timing));
        self.put_off(set.account, currency)?;
        self.arm(set.account, currency)?;
        Ok(set.account)
    }

    // RULE: by country, and counted from when it is next reached (docs.stripe.com/payouts/customized-start-of-day, 2026). That who sets
    // the schedule sets this too is our own reading.
    fn set_start_of_day(&mut self, on: Option<AccountId>, set: &SetStartOfDay) -> Result<AccountId, Error> {
        let (id, start) = (set.account, set.start);
        let (account, settings) = self.settings_to_set(on, id)?;
        let country = account.country();
        let rule = self.rulebook.start_of_day_rule(country);
        if !rule.is_some_and(|rule| rule.allows(start, account.is_platform())) {
            return Err(PayoutError::StartOfDayNotAllowed { country, start }.into());
        }
        let currencies: Vec<Currency> = account.bank_currencies().collect();
        let keys: Vec<Key> = currencies.iter().map(|currency| Key::Balance(id, *currency)).collect();
        self.want(&keys)?;
        let timing = settings.timing();
        let starts = timing.starts().change(start, self.now)?;
        self.change_settings(&account, &settings, settings.with_timing(timing.with_starts(starts)));
        for currency in currencies {
            self.put_off(id, currency)?;
            self.arm(id, currency)?;
        }
        Ok(id)
    }

    // RULE: docs.stripe.com/api/balance-settings (2026).
    fn set_statement_descriptor(
        &mut self,
        on: Option<AccountId>,
        set: &SetStatementDescriptor,
    ) -> Result<AccountId, Error> {
        check_descriptor(set.descriptor.as_deref())?;
        let (account, settings) = self.settings_to_set(on, set.account)?;
        let timing = settings.timing().with_descriptor(set.descriptor.as_deref());
        self.change_settings(&account, &settings, settings.with_timing(timing));
        Ok(set.account)
    }

    /// What the bank shows beside a payout of an account that has no words of its own.
    // RULE: the account's words, then the platform's, then the processor's name (docs.stripe.com/payouts/statement-descriptors, 2026).
    pub(super) fn descriptor_of(&mut self, account: &Account) -> Result<Box<str>, Error> {
        let own = if account.has_own_timing() {
            self.get::<BalanceSettings>(account.settings())?.statement_descriptor().map(Box::from)
        } else {
            None
        };
        if own.is_some() || account.is_platform() {
            return Ok(own.unwrap_or_else(|| self.rulebook.processor_name().into()));
        }
        self.want(&[Key::Family(self.platform.family())])?;
        let house = self.get::<Account>(self.platform)?;
        let settings = self.get::<BalanceSettings>(house.settings())?;
        Ok(settings.statement_descriptor().unwrap_or(self.rulebook.processor_name()).into())
    }

    /// An account whose balance settings are to be changed by whoever may, and the settings.
    fn settings_to_set(&mut self, on: Option<AccountId>, id: AccountId) -> Result<(Account, BalanceSettings), Error> {
        let account = self.get::<Account>(id)?.into_owned();
        Self::acting_for(on, id)?;
        self.permit(&account, Action::SetPayoutSchedule)?;
        let settings = self.get::<BalanceSettings>(account.settings())?.into_owned();
        Ok((account, settings))
    }

    /// Writes settings down, and what the account knows of them.
    fn put_settings(&mut self, account: &Account, settings: BalanceSettings) {
        if account.has_own_timing() != settings.has_own_timing() {
            self.put(account.with_own_timing(settings.has_own_timing()));
        }
        self.put(settings);
    }

    /// The same, and tells of it, where anything is another than before.
    fn change_settings(&mut self, account: &Account, before: &BalanceSettings, next: BalanceSettings) {
        if next != *before {
            self.put_settings(account, next);
            self.event(PayoutEvent::SettingsUpdated, account.settings(), Some(account.id()));
        }
    }

    /// Takes up that the processor trusts an account, or does so no longer.
    // RULE: an account comes from the initial delay to the default one once it fulfils the processor's criteria, and pending money keeps
    // its date (docs.stripe.com/payouts, 2026; support.stripe.com, faster payout speeds in Europe and Canada, 2025).
    pub(super) fn speed_reviewed(&mut self, told: Told<'_>, fact: &SpeedReviewed) -> Result<FactOutcome, Error> {
        let account = self.get::<Account>(fact.account)?.into_owned();
        let settings = self.get::<BalanceSettings>(account.settings())?.into_owned();
        let Some(timing) = settings.timing().reviewed(told.at, fact.speed) else { return Ok(FactOutcome::Stale) };
        let next = settings.with_timing(timing);
        if settings.settlement_speed() == fact.speed {
            self.put_settings(&account, next);
        } else {
            self.change_settings(&account, &settings, next);
        }
        Ok(FactOutcome::Applied)
    }
}
