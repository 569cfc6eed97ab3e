mod access;
mod accounts;
mod debts;
mod destinations;
mod disputes;
mod exchange;
mod instant;
mod kinds;
mod mirror;
mod money;
mod pricing;
mod reserves;
mod risk;
mod support;
mod tax;
mod terminal;
mod timing;
mod top_ups;

use super::{Asked, Command, Decided, Error, Platform};
use crate::accounts::{Actor, Scope};
use crate::calendar::Timestamp;
use crate::ids::{AccountId, AnomalyId, ApplicationId};
use crate::journal::{Answer, Fact, FactOutcome, Told};
use crate::tools::Attribution;

pub use kinds::{Custom, Express, PlatformControls, Standard};

/// Who calls: the platform, the platform on behalf of an account, or somebody else on an account.
struct Caller<'a> {
    platform: &'a mut Platform,
    account: Option<AccountId>,
    actor: Actor,
    extension: Option<ApplicationId>,
    /// Who is behind it and why, where that is told.
    attribution: Option<&'a Attribution>,
}

impl<'a> Caller<'a> {
    const fn of(platform: &'a mut Platform, account: Option<AccountId>, actor: Actor) -> Self {
        Self { platform, account, actor, extension: None, attribution: None }
    }

    /// The same caller, for as long as it is lent.
    const fn lend(&mut self) -> Caller<'_> {
        let Self { account, actor, extension, attribution, .. } = *self;
        Caller { platform: self.platform, account, actor, extension, attribution }
    }

    fn run<T>(
        &mut self,
        key: &str,
        command: Command,
        pick: impl FnOnce(Answer) -> Option<T>,
    ) -> Result<Decided<T>, Error> {
        let Self { account, actor, extension, attribution, .. } = *self;
        let asked = Asked { key, account, actor, extension, attribution, command: &command };
        self.platform.run(asked, pick)
    }

    fn record(&mut self, id: &str, at: Timestamp, fact: Fact) -> Result<Decided<FactOutcome>, Error> {
        self.platform.record_told(Told { id, at, fact: &fact, parked: None })
    }
}

/// Picks the answer of one kind out of all.
macro_rules! pick {
    ($kind:ident) => {
        |answer| if let crate::journal::Answer::$kind(id) = answer { Some(id) } else { None }
    };
}
use pick;

macro_rules! handles {
    ($($(#[$doc:meta])* $name:ident;)*) => {$(
        $(#[$doc])*
        pub struct $name<'a>(Caller<'a>);
    )*};
}

handles! {
    /// Connected accounts: [`Platform::accounts`].
    Accounts;
    /// What no rule could take up: [`Platform::anomalies`].
    Anomalies;
    /// Tokens to connect to readers: [`Platform::connection_tokens`], [`ActingAs::connection_tokens`].
    ConnectionTokens;
    /// Accounts that their holders connect: [`Platform::connections`], [`ActingAs::connections`].
    Connections;
    /// Disputes and fraud warnings: [`Platform::disputes`], [`ActingAs::disputes`].
    Disputes;
    /// Rates between currencies: [`Platform::exchange_rates`].
    ExchangeRates;
    /// Places where readers take payments: [`Platform::locations`], [`ActingAs::locations`].
    Locations;
    /// What a provider made by itself: [`Platform::mirror`].
    Mirror;
    /// Payments: [`Platform::payments`], [`ActingAs::payments`].
    Payments;
    /// Payouts: [`Platform::payouts`], [`ActingAs::payouts`].
    Payouts;
    /// Schemes of prices: [`Platform::pricing`].
    Pricing;
    /// Readers and what they do: [`Platform::readers`], [`ActingAs::readers`].
    Readers;
    /// Refunds: [`Platform::refunds`], [`ActingAs::refunds`].
    Refunds;
    /// Money held back: [`Platform::reserves`], [`ActingAs::reserves`].
    Reserves;
    /// Tax forms: [`Platform::tax_forms`].
    TaxForms;
    /// Rules over accounts, and reviews: [`Platform::risk`].
    Risk;
    /// Top-ups: [`Platform::top_ups`].
    TopUps;
    /// Transfers and commissions: [`Platform::transfers`].
    Transfers;
    /// The platform on behalf of a connected account: [`Platform::acting_as`].
    ActingAs;
    /// The platform, with who is behind what it does, and why: [`Platform::attributed_to`].
    Attributed;
}

/// Doing. Each method decides and lets happen in one; see [`Platform::decide`] for hosts that store in between.
impl Platform {
    const fn caller(&mut self) -> Caller<'_> {
        Caller::of(self, None, Actor::Platform)
    }

    /// Connects accounts and gives them bank accounts.
    pub const fn accounts(&mut self) -> Accounts<'_> {
        Accounts(self.caller())
    }

    /// Puts aside what no rule could take up.
    pub const fn anomalies(&mut self) -> Anomalies<'_> {
        Anomalies(self.caller())
    }

    /// Answers disputes of charges that are booked on the platform, and records what the world tells of all of them.
    pub const fn disputes(&mut self) -> Disputes<'_> {
        Disputes(self.caller())
    }

    /// Says at which rates currencies are converted.
    pub const fn exchange_rates(&mut self) -> ExchangeRates<'_> {
        ExchangeRates(self.caller())
    }

    /// Records what a provider made by itself.
    pub const fn mirror(&mut self) -> Mirror<'_> {
        Mirror(self.caller())
    }

    /// Collects payments that are booked on the platform.
    pub const fn payments(&mut self) -> Payments<'_> {
        Payments(self.caller())
    }

    /// Pays the platform out, and records what became of all payouts.
    pub const fn payouts(&mut self) -> Payouts<'_> {
        Payouts(self.caller())
    }

    /// Says what is taken of what accounts do.
    pub const fn pricing(&mut self) -> Pricing<'_> {
        Pricing(self.caller())
    }

    /// Gives payments back that are booked on the platform.
    pub const fn refunds(&mut self) -> Refunds<'_> {
        Refunds(self.caller())
    }

    /// Holds money of accounts back, and lets it go.
    pub const fn reserves(&mut self) -> Reserves<'_> {
        Reserves(self.caller())
    }

    /// Makes, files, delivers and corrects tax forms, and records what became of them.
    pub const fn tax_forms(&mut self) -> TaxForms<'_> {
        TaxForms(self.caller())
    }

    /// Makes rules over accounts, and looks at what they find.
    pub const fn risk(&mut self) -> Risk<'_> {
        Risk(self.caller())
    }

    /// Pulls money from the platform's own bank account, and records what became of it.
    pub const fn top_ups(&mut self) -> TopUps<'_> {
        TopUps(self.caller())
    }

    /// Moves money between the platform and its accounts.
    pub const fn transfers(&mut self) -> Transfers<'_> {
        Transfers(self.caller())
    }

    /// Acts for a connected account, as the field's account header does: payments are direct charges, booked on it.
    ///
    /// ```
    /// use fundroute::payments::NewPayment;
    /// use fundroute::prelude::*;
    /// use fundroute::simulator::World;
    ///
    /// let mut platform = Platform::new(NewPlatform::in_country(US), Rulebook::standard(), utc(2026, 11, 2))?;
    /// let mut world = World::new();
    /// let jo = world.onboard(&mut platform, NewAccount::standard(US))?;
    /// let sale = NewPayment::card(usd(10_00)).application_fee(usd(1_23));
    /// platform.acting_as(jo)?.payments().create("order-1", sale)?;
    /// world.settle(&mut platform)?;
    ///
    /// // 10.00 less the processor's 0.59 and the commission.
    /// assert_eq!(platform.balance(jo, USD)?.pending, 8_18);
    /// assert_eq!(platform.balance(platform.id(), USD)?.pending, 1_23);
    /// # Ok::<(), fundroute::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`Error::NotFound`]; on a partial platform [`Error::NotLoaded`].
    pub fn acting_as(&mut self, account: AccountId) -> Result<ActingAs<'_>, Error> {
        self.account(account)?;
        Ok(ActingAs(Caller::of(self, Some(account), Actor::Platform)))
    }

    /// What the holder of a connected account does: on a dashboard, on a hosted page or in an embedded component.
    ///
    /// # Errors
    /// As [`acting_as`](Self::acting_as).
    pub fn holder_of(&mut self, account: AccountId) -> Result<ActingAs<'_>, Error> {
        self.by(Actor::Holder, account)
    }

    /// What somebody else than the platform does on a connected account.
    ///
    /// # Errors
    /// As [`acting_as`](Self::acting_as).
    pub fn by(&mut self, actor: Actor, account: AccountId) -> Result<ActingAs<'_>, Error> {
        self.account(account)?;
        Ok(ActingAs(Caller::of(self, Some(account), actor)))
    }

    /// What an extension does on a connected account, under request keys of its own.
    ///
    /// # Errors
    /// As [`acting_as`](Self::acting_as).
    pub fn by_extension(
        &mut self,
        extension: ApplicationId,
        scope: Scope,
        account: AccountId,
    ) -> Result<ActingAs<'_>, Error> {
        self.account(account)?;
        let caller = Caller::of(self, Some(account), Actor::Extension(scope));
        Ok(ActingAs(Caller { extension: Some(extension), ..caller }))
    }
}

impl ActingAs<'_> {
    const fn caller(&mut self) -> Caller<'_> {
        self.0.lend()
    }

    /// Answers disputes of direct charges.
    pub const fn disputes(&mut self) -> Disputes<'_> {
        Disputes(self.caller())
    }

    /// Collects payments that are booked on the account: direct charges.
    pub const fn payments(&mut self) -> Payments<'_> {
        Payments(self.caller())
    }

    /// Pays the account out.
    pub const fn payouts(&mut self) -> Payouts<'_> {
        Payouts(self.caller())
    }

    /// Gives what the account is asked for, and its bank accounts.
    pub const fn accounts(&mut self) -> Accounts<'_> {
        Accounts(self.caller())
    }

    /// Gives direct charges back.
    pub const fn refunds(&mut self) -> Refunds<'_> {
        Refunds(self.caller())
    }

    /// Holds money of the account back, and lets it go.
    pub const fn reserves(&mut self) -> Reserves<'_> {
        Reserves(self.caller())
    }

    /// Debits the account, and takes debits back: transfers from it to the platform. No other transfer is made for an account.
    pub const fn transfers(&mut self) -> Transfers<'_> {
        Transfers(self.caller())
    }
}

impl Anomalies<'_> {
    /// Puts an anomaly aside, after a person has looked at it.
    ///
    /// # Errors
    /// [`Error::NotFound`].
    pub fn close(&mut self, key: &str, anomaly: AnomalyId) -> Result<Decided<AnomalyId>, Error> {
        self.0.run(key, Command::CloseAnomaly(anomaly), pick!(Anomaly))
    }
}
