//! One handle a kind of account, with just what a platform may do to accounts of that kind.
//!
//! | | Standard | Express | Custom |
//! |---|---|---|---|
//! | direct charges and their refunds, online and at readers | yes | yes | yes |
//! | asking for capabilities | yes | yes | yes |
//! | payouts and their schedule | with [platform controls](Standard::platform_controls) | yes | yes |
//! | locking their schedule | no | yes | yes |
//! | payouts within minutes | no | yes | yes |
//! | delay days, pausing, rejecting, closing | no | yes | yes |
//! | taking money back from the account | no | yes | yes |
//! | holding money of the account back | no | yes | yes |
//! | giving what the account is asked for | no | no | yes |
//! | letting the holder into the light dashboard | no | yes | no |
//!
//! # Elsewhere
//! Closing a Standard account, which only test mode allows, goes through [`Accounts::close`](super::Accounts::close); what a
//! holder was asked for can be prefilled for Standard and Express accounts until the holder is first sent to onboarding, through [`Accounts::provide`](super::Accounts::provide).

use super::{Caller, ConnectionTokens, Locations, Payments, Payouts, Readers, Refunds, Reserves, pick};
use crate::accounts::{
    AccountError, Action, Actor, CloseAccount, Information, NewPerson, PayoutsAction, Readiness, RejectAccount,
    RejectReason, RequestCapability, SetPause, UnrejectAccount,
};
use crate::ids::{AccountId, LoginLinkId, PayoutId, PersonId, TransferId};
use crate::money::Money;
use crate::payouts::{
    CancelPayout, NewPayout, PayoutSchedule, SetDebitNegativeBalances, SetDelayDays, SetPayoutSchedule,
};
use crate::platform::{Command, Decided, Error, Platform};
use crate::routing::NewTransfer;
use crate::rulebook::{AccountKind, Capability};

/// An account with a full dashboard of its own: [`Platform::standard`].
///
/// What only the accounts have whose losses the platform bears does not compile here, and does with one other word:
///
/// ```compile_fail,E0599
/// # use fundroute::accounts::{NewAccount, RejectReason, PayoutsAction};
/// # use fundroute::prelude::*;
/// # let mut platform = Platform::new(NewPlatform::in_country(US), Rulebook::standard(), utc(2026, 11, 2))?;
/// # let jo = platform.accounts().create("jo", NewAccount::standard(US))?.answer;
/// platform.standard(jo)?.set_delay_days("wait", Some(7))?;
/// # Ok::<(), fundroute::Error>(())
/// ```
///
/// ```
/// # use fundroute::accounts::{NewAccount, RejectReason, PayoutsAction};
/// # use fundroute::prelude::*;
/// # let mut platform = Platform::new(NewPlatform::in_country(US), Rulebook::standard(), utc(2026, 11, 2))?;
/// # let jo = platform.accounts().create("jo", NewAccount::express(US))?.answer;
/// platform.express(jo)?.set_delay_days("wait", Some(7))?;
/// # Ok::<(), fundroute::Error>(())
/// ```
///
/// ```compile_fail,E0599
/// # use fundroute::accounts::{NewAccount, RejectReason, PayoutsAction};
/// # use fundroute::prelude::*;
/// # let mut platform = Platform::new(NewPlatform::in_country(US), Rulebook::standard(), utc(2026, 11, 2))?;
/// # let jo = platform.accounts().create("jo", NewAccount::standard(US))?.answer;
/// platform.standard(jo)?.pause_payments("stop", true)?;
/// # Ok::<(), fundroute::Error>(())
/// ```
///
/// ```
/// # use fundroute::accounts::{NewAccount, RejectReason, PayoutsAction};
/// # use fundroute::prelude::*;
/// # let mut platform = Platform::new(NewPlatform::in_country(US), Rulebook::standard(), utc(2026, 11, 2))?;
/// # let jo = platform.accounts().create("jo", NewAccount::express(US))?.answer;
/// platform.express(jo)?.pause_payments("stop", true)?;
/// # Ok::<(), fundroute::Error>(())
/// ```
///
/// ```compile_fail,E0599
/// # use fundroute::accounts::{NewAccount, RejectReason, PayoutsAction};
/// # use fundroute::prelude::*;
/// # let mut platform = Platform::new(NewPlatform::in_country(US), Rulebook::standard(), utc(2026, 11, 2))?;
/// # let jo = platform.accounts().create("jo", NewAccount::standard(US))?.answer;
/// platform.standard(jo)?.reject("out", RejectReason::FraudOther, PayoutsAction::Pause)?;
/// # Ok::<(), fundroute::Error>(())
/// ```
///
/// ```
/// # use fundroute::accounts::{NewAccount, RejectReason, PayoutsAction};
/// # use fundroute::prelude::*;
/// # let mut platform = Platform::new(NewPlatform::in_country(US), Rulebook::standard(), utc(2026, 11, 2))?;
/// # let jo = platform.accounts().create("jo", NewAccount::express(US))?.answer;
/// platform.express(jo)?.reject("out", RejectReason::FraudOther, PayoutsAction::Pause)?;
/// # Ok::<(), fundroute::Error>(())
/// ```
///
/// ```compile_fail,E0599
/// # use fundroute::accounts::{NewAccount, RejectReason, PayoutsAction};
/// # use fundroute::prelude::*;
/// # let mut platform = Platform::new(NewPlatform::in_country(US), Rulebook::standard(), utc(2026, 11, 2))?;
/// # let jo = platform.accounts().create("jo", NewAccount::standard(US))?.answer;
/// assert!(platform.standard(jo)?.payouts().create("pay", usd(10_00)).is_err()); // nothing to pay yet
/// # Ok::<(), fundroute::Error>(())
/// ```
///
/// ```
/// # use fundroute::accounts::{NewAccount, RejectReason, PayoutsAction};
/// # use fundroute::prelude::*;
/// # let mut platform = Platform::new(NewPlatform::in_country(US), Rulebook::standard(), utc(2026, 11, 2))?;
/// # let jo = platform.accounts().create("jo", NewAccount::express(US))?.answer;
/// assert!(platform.express(jo)?.payouts().create("pay", usd(10_00)).is_err()); // nothing to pay yet
/// # Ok::<(), fundroute::Error>(())
/// ```
///
/// ```compile_fail,E0599
/// # use fundroute::accounts::NewAccount;
/// # use fundroute::prelude::*;
/// # use fundroute::rulebook::Capability;
/// # let mut platform = Platform::new(NewPlatform::in_country(US), Rulebook::standard(), utc(2026, 11, 2))?;
/// # let jo = platform.accounts().create("jo", NewAccount::standard(US).request(Capability::Transfers))?.answer;
/// assert!(platform.standard(jo)?.debit("rent", usd(10_00)).is_err()); // nothing to take yet
/// # Ok::<(), fundroute::Error>(())
/// ```
///
/// ```
/// # use fundroute::accounts::NewAccount;
/// # use fundroute::prelude::*;
/// # use fundroute::rulebook::Capability;
/// # let mut platform = Platform::new(NewPlatform::in_country(US), Rulebook::standard(), utc(2026, 11, 2))?;
/// # let jo = platform.accounts().create("jo", NewAccount::custom(US).request(Capability::Transfers))?.answer;
/// assert!(platform.custom(jo)?.debit("rent", usd(10_00)).is_err()); // nothing to take yet
/// # Ok::<(), fundroute::Error>(())
/// ```
///
/// Payouts within minutes stay closed with [platform controls](Self::platform_controls), too:
///
/// ```compile_fail,E0599
/// # use fundroute::prelude::*;
/// # let mut platform = Platform::new(NewPlatform::in_country(US), Rulebook::standard(), utc(2026, 11, 2))?;
/// # let new = NewAccount::standard(US).platform_controls();
/// # let jo = platform.accounts().create("jo", new)?.answer;
/// assert!(platform.standard(jo)?.platform_controls()?.create_instant_payout("pay", usd(10_00)).is_err()); // nothing to pay yet
/// # Ok::<(), fundroute::Error>(())
/// ```
///
/// ```
/// # use fundroute::prelude::*;
/// # let mut platform = Platform::new(NewPlatform::in_country(US), Rulebook::standard(), utc(2026, 11, 2))?;
/// # let jo = platform.accounts().create("jo", NewAccount::express(US))?.answer;
/// assert!(platform.express(jo)?.payouts().create_instant("pay", usd(10_00)).is_err()); // nothing to pay yet
/// # Ok::<(), fundroute::Error>(())
/// ```
///
/// ```
/// # use fundroute::prelude::*;
/// # let mut platform = Platform::new(NewPlatform::in_country(US), Rulebook::standard(), utc(2026, 11, 2))?;
/// # let new = NewAccount::standard(US).platform_controls();
/// # let jo = platform.accounts().create("jo", new)?.answer;
/// assert!(platform.standard(jo)?.platform_controls()?.create_payout("pay", usd(10_00)).is_err()); // nothing to pay yet
/// # Ok::<(), fundroute::Error>(())
/// ```
pub struct Standard<'a> {
    caller: Caller<'a>,
    id: AccountId,
}

/// An account with a light dashboard: [`Platform::express`].
pub struct Express<'a> {
    caller: Caller<'a>,
    id: AccountId,
}

/// An account that only the platform sees: [`Platform::custom`].
///
/// There is no dashboard to let its holder into, and so no link to one; an Express account has both:
///
/// ```compile_fail,E0599
/// # use fundroute::accounts::NewAccount;
/// # use fundroute::prelude::*;
/// # use fundroute::rulebook::Capability;
/// # let mut platform = Platform::new(NewPlatform::in_country(US), Rulebook::standard(), utc(2026, 11, 2))?;
/// # let jo = platform.accounts().create("jo", NewAccount::custom(US).request(Capability::Transfers))?.answer;
/// assert!(platform.custom(jo)?.create_login_link("jo-1").is_err()); // nothing was given yet
/// # Ok::<(), fundroute::Error>(())
/// ```
///
/// ```
/// # use fundroute::accounts::NewAccount;
/// # use fundroute::prelude::*;
/// # use fundroute::rulebook::Capability;
/// # let mut platform = Platform::new(NewPlatform::in_country(US), Rulebook::standard(), utc(2026, 11, 2))?;
/// # let jo = platform.accounts().create("jo", NewAccount::express(US).request(Capability::Transfers))?.answer;
/// assert!(platform.express(jo)?.create_login_link("jo-1").is_err()); // nothing was given yet
/// # Ok::<(), fundroute::Error>(())
/// ```
pub struct Custom<'a> {
    caller: Caller<'a>,
    id: AccountId,
}

/// The payouts of a Standard account of which the platform was given the controls: [`Standard::platform_controls`].
pub struct PlatformControls<'a> {
    caller: Caller<'a>,
    id: AccountId,
}

/// One account, as what its kind allows.
impl Platform {
    /// What the platform may do to a Standard account.
    ///
    /// ```
    /// use fundroute::payouts::PayoutSchedule;
    /// use fundroute::prelude::*;
    ///
    /// let mut platform = Platform::new(NewPlatform::in_country(US), Rulebook::standard(), utc(2026, 11, 2))?;
    /// let jo = platform.accounts().create("jo", NewAccount::standard(US))?.answer;
    /// let al = platform.accounts().create("al", NewAccount::standard(US).platform_controls())?.answer;
    ///
    /// assert!(platform.standard(jo)?.platform_controls().is_err());
    /// platform.standard(al)?.platform_controls()?.set_schedule("hold", PayoutSchedule::Manual)?;
    /// assert!(platform.express(jo).is_err());
    /// # Ok::<(), fundroute::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`AccountError::WrongKind`] for any other account, also one that only resembles the kind; [`Error::NotFound`]; on a
    /// partial platform [`Error::NotLoaded`].
    pub fn standard(&mut self, account: AccountId) -> Result<Standard<'_>, Error> {
        self.of_kind(account, AccountKind::Standard).map(|caller| Standard { caller, id: account })
    }

    /// What the platform may do to an Express account.
    ///
    /// ```
    /// use fundroute::accounts::{DisabledReason, PayoutsAction, RejectReason};
    /// use fundroute::prelude::*;
    ///
    /// let mut platform = Platform::new(NewPlatform::in_country(US), Rulebook::standard(), utc(2026, 11, 2))?;
    /// let jo = platform.accounts().create("jo", NewAccount::express(US))?.answer;
    /// let mut jo = platform.express(jo)?;
    /// jo.reject("out", RejectReason::TermsOfService, PayoutsAction::Pause)?;
    /// let reason = jo.readiness()?.disabled_reason.map(DisabledReason::as_str);
    /// assert_eq!(reason, Some("rejected.platform_terms_of_service"));
    /// jo.unreject("in again")?;
    /// # Ok::<(), fundroute::Error>(())
    /// ```
    ///
    /// # Errors
    /// As [`standard`](Self::standard).
    pub fn express(&mut self, account: AccountId) -> Result<Express<'_>, Error> {
        self.of_kind(account, AccountKind::Express).map(|caller| Express { caller, id: account })
    }

    /// What the platform may do to a Custom account.
    ///
    /// ```
    /// use fundroute::accounts::Information;
    /// use fundroute::prelude::*;
    /// use fundroute::rulebook::{BusinessType, Capability};
    ///
    /// let mut platform = Platform::new(NewPlatform::in_country(US), Rulebook::standard(), utc(2026, 11, 2))?;
    /// let jo = platform.accounts().create("jo", NewAccount::custom(US).request(Capability::Transfers))?.answer;
    /// let told = Information::about(jo).business_type(BusinessType::Individual).set("individual.first_name", "Jo");
    /// platform.custom(jo)?.provide("name", told)?;
    /// # Ok::<(), fundroute::Error>(())
    /// ```
    ///
    /// # Errors
    /// As [`standard`](Self::standard).
    pub fn custom(&mut self, account: AccountId) -> Result<Custom<'_>, Error> {
        self.of_kind(account, AccountKind::Custom).map(|caller| Custom { caller, id: account })
    }

    fn of_kind(&mut self, account: AccountId, wanted: AccountKind) -> Result<Caller<'_>, Error> {
        if self.account(account)?.kind() != Some(wanted) {
            return Err(AccountError::WrongKind { account, wanted }.into());
        }
        Ok(Caller::of(self, Some(account), Actor::Platform))
    }
}

macro_rules! of_every_kind {
    ($($kind:ident)*) => {$(
        impl $kind<'_> {
            const fn caller(&mut self) -> Caller<'_> {
                self.caller.lend()
            }

            /// Its id.
            pub const fn id(&self) -> AccountId {
                self.id
            }

            /// Collects payments that are booked on the account: direct charges.
            pub const fn payments(&mut self) -> Payments<'_> {
                Payments(self.caller())
            }

            /// Lets programs at tills connect to the account's readers.
            pub const fn connection_tokens(&mut self) -> ConnectionTokens<'_> {
                ConnectionTokens(self.caller())
            }

            /// Names places of the account, where its readers take direct charges.
            pub const fn locations(&mut self) -> Locations<'_> {
                Locations(self.caller())
            }

            /// Has the account's readers take direct charges.
            pub const fn readers(&mut self) -> Readers<'_> {
                Readers(self.caller())
            }

            /// Gives direct charges back.
            pub const fn refunds(&mut self) -> Refunds<'_> {
                Refunds(self.caller())
            }

            /// Asks for a capability.
            ///
            /// # Errors
            /// As [`Accounts::request`](crate::platform::Accounts::request).
            pub fn request(&mut self, key: &str, capability: Capability) -> Result<Decided<AccountId>, Error> {
                let request = RequestCapability { account: self.id, capability, requested: true };
                self.caller.run(key, Command::RequestCapability(request), pick!(Account))
            }

            /// Gives a capability up.
            ///
            /// # Errors
            /// As [`Accounts::unrequest`](crate::platform::Accounts::unrequest).
            pub fn unrequest(&mut self, key: &str, capability: Capability) -> Result<Decided<AccountId>, Error> {
                let request = RequestCapability { account: self.id, capability, requested: false };
                self.caller.run(key, Command::RequestCapability(request), pick!(Account))
            }

            /// What it can do now, and what stands in its way.
            ///
            /// # Errors
            /// On a partial platform [`Error::NotLoaded`].
            pub fn readiness(&self) -> Result<Readiness, Error> {
                self.caller.platform.readiness(self.id)
            }
        }
    )*};
}

of_every_kind!(Standard Express Custom);

macro_rules! where_the_platform_bears_losses {
    ($($kind:ident)*) => {$(
        impl $kind<'_> {
            /// Pays the account out.
            pub const fn payouts(&mut self) -> Payouts<'_> {
                Payouts(self.caller())
            }

            /// Holds money of the account back, and lets it go. A plan or a hold of another account is refused here.
            pub const fn reserves(&mut self) -> Reserves<'_> {
                Reserves(self.caller())
            }

            /// Takes money back from the account, out of what it has available: an account debit, in the account's default currency.
            ///
            /// The holder has to have agreed to be debited; to keep that agreement is the host's affair.
            ///
            /// # Errors
            /// As [`Transfers::create`](crate::platform::Transfers::create) for a transfer to the platform.
            pub fn debit(&mut self, key: &str, amount: Money) -> Result<Decided<TransferId>, Error> {
                let transfer = NewTransfer::to(self.caller.platform.id(), amount);
                self.caller.run(key, Command::CreateTransfer(transfer), pick!(Transfer))
            }

            /// Changes when the account is paid out.
            ///
            /// # Errors
            /// As [`Payouts::set_schedule`].
            pub fn set_schedule(&mut self, key: &str, schedule: PayoutSchedule) -> Result<Decided<AccountId>, Error> {
                let set = SetPayoutSchedule { account: self.id, schedule };
                self.caller.run(key, Command::SetPayoutSchedule(set), pick!(Account))
            }

            /// Has its bank debited for what it owes, or no longer.
            ///
            /// # Errors
            /// As [`Payouts::debit_negative_balances`].
            pub fn debit_negative_balances(&mut self, key: &str, debit: bool) -> Result<Decided<AccountId>, Error> {
                let set = SetDebitNegativeBalances { account: self.id, debit };
                self.caller.run(key, Command::SetDebitNegativeBalances(set), pick!(Account))
            }

            /// Lets its payments wait for so many days; nothing for as few as can be.
            ///
            /// # Errors
            /// As [`Payouts::set_delay_days`].
            pub fn set_delay_days(&mut self, key: &str, delay: Option<u16>) -> Result<Decided<AccountId>, Error> {
                let set = SetDelayDays { account: self.id, delay };
                self.caller.run(key, Command::SetDelayDays(set), pick!(Account))
            }

            /// Turns the account away.
            ///
            /// # Errors
            /// As [`Accounts::reject`](crate::platform::Accounts::reject).
            pub fn reject(
                &mut self,
                key: &str,
                reason: RejectReason,
                payouts: PayoutsAction,
            ) -> Result<Decided<AccountId>, Error> {
                let reject = RejectAccount { account: self.id, reason, payouts };
                self.caller.run(key, Command::RejectAccount(reject), pick!(Account))
            }

            /// Takes the platform's own rejection back.
            ///
            /// # Errors
            /// As [`Accounts::unreject`](crate::platform::Accounts::unreject).
            pub fn unreject(&mut self, key: &str) -> Result<Decided<AccountId>, Error> {
                self.caller.run(key, Command::UnrejectAccount(UnrejectAccount { account: self.id }), pick!(Account))
            }

            /// Stops its payments, or lets them go on.
            ///
            /// # Errors
            /// As [`Accounts::set_pause`](crate::platform::Accounts::set_pause).
            pub fn pause_payments(&mut self, key: &str, paused: bool) -> Result<Decided<AccountId>, Error> {
                self.caller.run(key, Command::SetPause(SetPause::payments(self.id, paused)), pick!(Account))
            }

            /// Stops its payouts, or lets them go on.
            ///
            /// # Errors
            /// As [`Accounts::set_pause`](crate::platform::Accounts::set_pause).
            pub fn pause_payouts(&mut self, key: &str, paused: bool) -> Result<Decided<AccountId>, Error> {
                self.caller.run(key, Command::SetPause(SetPause::payouts(self.id, paused)), pick!(Account))
            }

            /// Closes the account for good.
            ///
            /// # Errors
            /// As [`Accounts::close`](crate::platform::Accounts::close).
            pub fn close(&mut self, key: &str) -> Result<Decided<AccountId>, Error> {
                self.caller.run(key, Command::CloseAccount(CloseAccount { account: self.id }), pick!(Account))
            }
        }
    )*};
}

where_the_platform_bears_losses!(Express Custom);

impl Standard<'_> {
    /// The account's payouts, where the platform was given their controls.
    ///
    /// # Errors
    /// [`AccountError::NotPermitted`] where it was not.
    // RULE: docs.stripe.com/connect/platform-controls-for-stripe-dashboard-accounts (2024).
    pub fn platform_controls(&mut self) -> Result<PlatformControls<'_>, Error> {
        self.caller.platform.permits(self.id, Actor::Platform, Action::CreatePayout)?;
        let id = self.id;
        Ok(PlatformControls { caller: self.caller(), id })
    }
}

impl PlatformControls<'_> {
    /// Sends available money to the account's bank.
    ///
    /// # Errors
    /// As [`Payouts::create`].
    pub fn create_payout(&mut self, key: &str, amount: Money) -> Result<Decided<PayoutId>, Error> {
        self.caller.run(key, Command::CreatePayout(NewPayout::of(amount)), pick!(Payout))
    }

    /// Calls a payout off that was asked for by hand and has not left yet.
    ///
    /// # Errors
    /// As [`Payouts::cancel`].
    pub fn cancel_payout(&mut self, key: &str, payout: PayoutId) -> Result<Decided<PayoutId>, Error> {
        self.caller.run(key, Command::CancelPayout(CancelPayout { payout }), pick!(Payout))
    }

    /// Changes when the account is paid out.
    ///
    /// # Errors
    /// As [`Payouts::set_schedule`].
    pub fn set_schedule(&mut self, key: &str, schedule: PayoutSchedule) -> Result<Decided<AccountId>, Error> {
        let set = SetPayoutSchedule { account: self.id, schedule };
        self.caller.run(key, Command::SetPayoutSchedule(set), pick!(Account))
    }

    /// Has its bank debited for what it owes, or no longer.
    ///
    /// # Errors
    /// As [`Payouts::debit_negative_balances`].
    pub fn debit_negative_balances(&mut self, key: &str, debit: bool) -> Result<Decided<AccountId>, Error> {
        let set = SetDebitNegativeBalances { account: self.id, debit };
        self.caller.run(key, Command::SetDebitNegativeBalances(set), pick!(Account))
    }
}

impl Express<'_> {
    /// Lets its holder into the light dashboard, once.
    ///
    /// ```
    /// use fundroute::prelude::*;
    /// use fundroute::simulator::World;
    ///
    /// let mut platform = Platform::new(NewPlatform::in_country(US), Rulebook::standard(), utc(2026, 11, 2))?;
    /// let jo = World::new().onboard(&mut platform, NewAccount::express(US))?;
    /// let link = platform.express(jo)?.create_login_link("jo-1")?.answer;
    ///
    /// platform.accounts().use_login_link("visit-1", link)?;
    /// assert!(platform.accounts().use_login_link("visit-2", link).is_err());
    /// # Ok::<(), Error>(())
    /// ```
    ///
    /// # Errors
    /// As [`Accounts::create_login_link`](crate::platform::Accounts::create_login_link).
    // RULE: for accounts with the light dashboard (docs.stripe.com/api/accounts/login_link, 2026).
    pub fn create_login_link(&mut self, key: &str) -> Result<Decided<LoginLinkId>, Error> {
        self.caller.run(key, Command::CreateLoginLink(self.id), pick!(LoginLink))
    }
}

// RULE: the platform of a Custom account always reads and writes what the account is asked for
// (docs.stripe.com/connect/custom-accounts, 2026).
impl Custom<'_> {
    /// Gives what the account is asked for.
    ///
    /// # Errors
    /// As [`Accounts::provide`](crate::platform::Accounts::provide).
    pub fn provide(&mut self, key: &str, information: Information) -> Result<Decided<AccountId>, Error> {
        self.caller.run(key, Command::ProvideInformation(information), pick!(Account))
    }

    /// Adds a person to the company.
    ///
    /// # Errors
    /// As [`Accounts::add_person`](crate::platform::Accounts::add_person).
    pub fn add_person(&mut self, key: &str, person: NewPerson) -> Result<Decided<PersonId>, Error> {
        self.caller.run(key, Command::CreatePerson(person), pick!(Person))
    }

    /// Removes a person from the company.
    ///
    /// # Errors
    /// As [`Accounts::delete_person`](crate::platform::Accounts::delete_person).
    pub fn delete_person(&mut self, key: &str, person: PersonId) -> Result<Decided<PersonId>, Error> {
        self.caller.run(key, Command::DeletePerson(person), pick!(Person))
    }
}
