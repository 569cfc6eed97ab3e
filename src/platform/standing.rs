//! What stands in an account's way: rejections, reviews, pauses, closing. And how long its payments wait.

use super::{Error, Transaction};
use crate::accounts::{
    Access, Account, AccountError, AccountEvent, Action, CloseAccount, Heard, Inquiry, InquiryChanged, Oversight,
    PayoutsAction, Profile, RejectAccount, Role, SetPause, Standing, UnrejectAccount, UpdatePlatform, hear,
};
use crate::ids::AccountId;
use crate::journal::{AnomalyCause, AnomalyReason, EventKind, FactOutcome, Key, Told};
use crate::money::Currency;
use crate::payouts::{BalanceSettings, PayoutError, PayoutEvent, SetDelayDays};
use crate::rulebook::RejectionEra;

impl Transaction<'_> {
    /// Whether the platform moves real money.
    pub(super) fn livemode(&mut self) -> Result<bool, Error> {
        Ok(match self.get::<Account>(self.platform)?.role() {
            Role::Platform { livemode, .. } => livemode,
            Role::Connected(_) => false,
        })
    }

    // RULE: a rejected account takes no payments, and is not paid out unless the platform says so
    // (docs.stripe.com/api/account/reject, 2026).
    pub(super) fn reject_account(
        &mut self,
        on: Option<AccountId>,
        command: &RejectAccount,
    ) -> Result<AccountId, Error> {
        let RejectAccount { account: id, reason, payouts } = *command;
        if !reason.is_open_to_platforms() {
            return Err(AccountError::ReasonNotYours(reason).into());
        }
        let account = self.connected(id)?;
        Self::acting_for(on, id)?;
        self.permit(&account, Action::Reject)?;
        let standing = account.standing().reject(id, reason, payouts == PayoutsAction::Pause)?;
        if self.rulebook.rejection_era() == RejectionEra::BalancesMustBeZero && self.livemode()? {
            self.holds_nothing(&account)?;
        }
        self.stand(&account, standing)?;
        Ok(id)
    }

    pub(super) fn unreject_account(
        &mut self,
        on: Option<AccountId>,
        command: &UnrejectAccount,
    ) -> Result<AccountId, Error> {
        let account = self.connected(command.account)?;
        Self::acting_for(on, command.account)?;
        self.permit(&account, Action::Reject)?;
        let standing = account.standing().unreject(command.account)?;
        self.stand(&account, standing)?;
        Ok(command.account)
    }

    // RULE: payments and payouts are stopped apart from each other, whatever the account holds; a stop that is there already is no
    // error (docs.stripe.com/connect/pausing-payments-or-payouts-on-connected-accounts, 2025).
    pub(super) fn set_pause(&mut self, on: Option<AccountId>, command: &SetPause) -> Result<AccountId, Error> {
        let SetPause { account: id, payments, payouts } = *command;
        if payments.is_none() && payouts.is_none() {
            return Err(AccountError::NothingToChange.into());
        }
        let account = self.connected(id)?;
        Self::acting_for(on, id)?;
        self.permit(&account, Action::Pause)?;
        let standing = account.standing().pause(payments, payouts);
        if standing != account.standing() {
            self.stand(&account, standing)?;
        }
        Ok(id)
    }

    // RULE: in live mode all balances must be zero (docs.stripe.com/api/accounts/delete, 2026).
    pub(super) fn close_account(&mut self, on: Option<AccountId>, command: &CloseAccount) -> Result<AccountId, Error> {
        let account = self.connected(command.account)?;
        Self::acting_for(on, command.account)?;
        self.permit(&account, Action::Close)?;
        if self.livemode()? {
            self.holds_nothing(&account)?;
        }
        self.stand(&account, account.standing().close())?;
        Ok(command.account)
    }

    /// That nothing lies on any balance of an account, waits to, or is on its way from one.
    fn holds_nothing(&mut self, account: &Account) -> Result<(), Error> {
        let id = account.id();
        let known = self.rulebook.country(account.country())?.settlement_currencies();
        let mut currencies: Vec<Currency> = known.to_vec();
        currencies.push(account.default_currency());
        currencies.extend(account.settlement_currencies());
        currencies.sort_unstable();
        currencies.dedup();
        let keys: Vec<Key> = currencies.iter().map(|currency| Key::Balance(id, *currency)).collect();
        self.want(&keys)?;
        for currency in currencies {
            if self.holding(id, currency)?.is_some_and(|holding| !holding.is_empty()) {
                return Err(AccountError::BalanceNotZero { account: id, currency }.into());
            }
            self.changes.emptied.push((id, currency));
        }
        Ok(())
    }

    /// Writes down what stands in an account's way from now on, and what follows.
    pub(super) fn stand(&mut self, account: &Account, standing: Standing) -> Result<(), Error> {
        let id = account.id();
        self.put(account.with_standing(standing));
        self.reassess(id)?;
        if standing.stops_payouts() != account.standing().stops_payouts() && standing.access != Access::Closed {
            self.keep_back(account, standing.stops_payouts())?;
        }
        // What the account can do may be the same as before: the change itself is news too.
        let updated = EventKind::Account(AccountEvent::Updated);
        if !self.changes.events.iter().any(|event| event.kind == updated && event.object == id.into()) {
            self.event(AccountEvent::Updated, id, Some(id));
        }
        Ok(())
    }

    /// Takes up what the processor says about an account, also about one that is closed.
    pub(super) fn oversee(
        &mut self,
        told: Told<'_>,
        id: AccountId,
        hear: impl Fn(Oversight) -> Oversight,
    ) -> Result<FactOutcome, Error> {
        let account = self.get::<Account>(id)?;
        if account.is_platform() {
            return Ok(self.open_anomaly(AnomalyCause::Fact(told.to_report()), AnomalyReason::IsPlatform));
        }
        let profile = self.get::<Profile>(account.profile())?;
        let oversight = hear(profile.oversight());
        if oversight == profile.oversight() {
            return Ok(FactOutcome::Stale);
        }
        self.put(profile.with_oversight(oversight));
        let standing = account.standing().overseen(&oversight);
        if standing != account.standing() {
            self.stand(&account, standing)?;
        }
        Ok(FactOutcome::Applied)
    }

    /// Takes up what the processor wants to know about an account's business, also about one that is closed.
    pub(super) fn inquiry_changed(&mut self, told: Told<'_>, fact: &InquiryChanged) -> Result<FactOutcome, Error> {
        let account = self.get::<Account>(fact.account)?;
        let anomaly = |reason| (AnomalyCause::Fact(told.to_report()), reason);
        if account.is_platform() {
            let (cause, reason) = anomaly(AnomalyReason::IsPlatform);
            return Ok(self.open_anomaly(cause, reason));
        }
        let profile = self.get::<Profile>(account.profile())?;
        match hear(profile.inquiries(), Inquiry::new(fact, told.at)) {
            Heard::Stale => Ok(FactOutcome::Stale),
            Heard::TooMany => {
                let (cause, reason) = anomaly(AnomalyReason::TooMany);
                Ok(self.open_anomaly(cause, reason))
            }
            Heard::News(inquiries) => {
                self.put(profile.with_inquiries(inquiries));
                self.reassess(fact.account)?;
                Ok(FactOutcome::Applied)
            }
        }
    }

    // RULE: only where the platform bears the losses, and for payments from now on (docs.stripe.com/connect/manage-payout-schedule,
    // 2024).
    pub(super) fn set_delay_days(&mut self, on: Option<AccountId>, command: &SetDelayDays) -> Result<AccountId, Error> {
        let id = command.account;
        let account = self.connected(id)?;
        Self::acting_for(on, id)?;
        self.permit(&account, Action::SetDelayDays)?;
        let delay_days = match command.delay {
            Some(delay) => Some(self.checked_delay(&account, delay)?),
            None => None,
        };
        let settings = self.get::<BalanceSettings>(account.settings())?;
        if settings.delay_days() != delay_days {
            self.put(settings.with_delay_days(delay_days));
            self.event(PayoutEvent::SettingsUpdated, account.settings(), Some(id));
        }
        Ok(id)
    }

    /// A delay that the platform may set for an account, in days.
    // RULE: in Brazil and India it is fixed (docs.stripe.com/connect/manage-payout-schedule, 2024).
    fn checked_delay(&mut self, account: &Account, delay: u16) -> Result<u8, Error> {
        let country = account.country();
        // Where it is not known how long payments wait, no account takes any.
        self.rulebook.settlement_timing(country)?;
        if self.schedule_rule_of(account)?.is_forced_daily() {
            return Err(PayoutError::DelayFixed(country).into());
        }
        let platform = self.get::<Account>(self.platform)?;
        let speeds = (self.speed_of(&platform)?, self.speed_of(account)?);
        let range = self.rulebook.delay_days_at((platform.country(), speeds.0), (country, speeds.1));
        if let Some(days) = u8::try_from(delay).ok().filter(|days| range.contains(days)) {
            return Ok(days);
        }
        let (minimum, maximum) = (u16::from(*range.start()), u16::from(*range.end()));
        Err(PayoutError::DelayOutOfRange { account: account.id(), delay, minimum, maximum }.into())
    }

    pub(super) fn update_platform(
        &mut self,
        on: Option<AccountId>,
        command: &UpdatePlatform,
    ) -> Result<AccountId, Error> {
        command.branding.check()?;
        Self::platform_only(on)?;
        let account = self.get::<Account>(self.platform)?;
        let profile = self.get::<Profile>(account.profile())?;
        let next = profile.with_branding(&command.branding);
        if next != *profile {
            self.put(next);
            self.event(AccountEvent::Updated, account.id(), None);
        }
        Ok(account.id())
    }
}
