//! Schemes of prices: what a platform takes of all that its accounts do, without saying so each time.

use serde::{Deserialize, Serialize};

use super::{FeePlan, PlanError, When};
use crate::accounts::Priced;
use crate::calendar::Timestamp;
use crate::ids::{AccountId, Family, PricingRulesId, PricingSchemeId};

/// How long the name of a scheme can be, in characters: our own choice.
const LONGEST_NAME: usize = 100;

/// Whether a scheme is in force.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PricingStatus {
    /// It decides prices wherever it is assigned.
    Enabled,
    /// It decides nothing: the payments of whoever it is assigned to have no price, and their payouts within minutes the one of the
    /// [currency](crate::payouts::SetInstantPrice), if there is one.
    Disabled,
}

/// What a platform takes of its accounts' payments, or of their payouts within minutes, wherever it is
/// [assigned](AssignPricing): a [`FeePlan`] with a name, which can be replaced and put out of force.
///
/// It takes part when a payment names nothing of its own: no commission, no transfer amount and no plan. What it says when an attempt to
/// collect the payment begins holds for that attempt, whatever becomes of the scheme until the money is there.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PricingScheme {
    id: PricingSchemeId,
    name: Box<str>,
    priced: Priced,
    status: PricingStatus,
    /// The ordinal of the rules in force; those before are kept, for what they have decided.
    rules: u16,
    created: Timestamp,
}

impl PricingScheme {
    pub(crate) fn new(
        family: Family,
        command: &NewPricingScheme,
        created: Timestamp,
    ) -> Result<(Self, PricingRules), PricingError> {
        let (id, status) = (PricingSchemeId::of(family, 0), PricingStatus::Enabled);
        let name = checked_name(&command.name)?;
        let scheme = Self { id, name, priced: command.priced, status, rules: 1, created };
        let rules = scheme.new_rules(1, &command.plan, created)?;
        Ok((scheme, rules))
    }

    /// Its id.
    pub const fn id(&self) -> PricingSchemeId {
        self.id
    }

    /// What it is called.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// What its prices are for.
    pub const fn priced(&self) -> Priced {
        self.priced
    }

    /// Whether it is in force.
    pub const fn status(&self) -> PricingStatus {
        self.status
    }

    /// The rules by which it decides now.
    pub const fn rules(&self) -> PricingRulesId {
        PricingRulesId::of(self.id.family(), self.rules)
    }

    /// When it was made.
    pub const fn created(&self) -> Timestamp {
        self.created
    }

    fn new_rules(&self, ordinal: u16, plan: &FeePlan, at: Timestamp) -> Result<PricingRules, PricingError> {
        plan.check_fallback()?;
        match self.priced {
            Priced::Payments => {}
            Priced::InstantPayouts => plan.check_for_payouts()?,
        }
        Ok(PricingRules { id: PricingRulesId::of(self.id.family(), ordinal), plan: plan.clone(), created: at })
    }

    /// The scheme after a change, with new rules where it has new ones.
    pub(crate) fn updated(
        &self,
        command: &UpdatePricingScheme,
        at: Timestamp,
    ) -> Result<(Self, Option<PricingRules>), PricingError> {
        let mut next = self.clone();
        if let Some(name) = &command.name {
            next.name = checked_name(name)?;
        }
        next.status = command.status.unwrap_or(self.status);
        let Some(plan) = &command.plan else { return Ok((next, None)) };
        next.rules = self.rules.checked_add(1).ok_or(PricingError::SchemeFull(self.id))?;
        let rules = self.new_rules(next.rules, plan, at)?;
        Ok((next, Some(rules)))
    }
}

fn checked_name(name: &str) -> Result<Box<str>, PricingError> {
    match name.chars().count() {
        1..=LONGEST_NAME => Ok(name.into()),
        length => Err(PricingError::NameInvalid { length, most: LONGEST_NAME }),
    }
}

/// The rules of a scheme between two of its changes. They never change, so that what they decided can be told from them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PricingRules {
    id: PricingRulesId,
    plan: FeePlan,
    created: Timestamp,
}

impl PricingRules {
    /// Their id.
    pub const fn id(&self) -> PricingRulesId {
        self.id
    }

    /// The scheme whose rules they are or were.
    pub const fn scheme(&self) -> PricingSchemeId {
        PricingSchemeId::of(self.id.family(), 0)
    }

    /// The rules.
    pub const fn plan(&self) -> &FeePlan {
        &self.plan
    }

    /// Since when.
    pub const fn created(&self) -> Timestamp {
        self.created
    }
}

/// By which rule of which scheme a price was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PriceRule {
    /// The rules of the scheme, as they were.
    pub rules: PricingRulesId,
    /// The one that decided.
    pub rule: When,
}

/// A command: make a scheme of prices. It is in force at once, and decides nothing before it is [assigned](AssignPricing).
///
/// ```
/// use fundroute::prelude::*;
/// use fundroute::routing::{AssignPricing, Excess, Fee, FeePlan, NewPricingScheme, When};
/// use fundroute::rulebook::CardBrand;
/// use fundroute::simulator::World;
///
/// let mut platform = Platform::new(NewPlatform::in_country(US), Rulebook::standard(), utc(2026, 11, 2))?;
/// let mut world = World::new();
/// let jo = world.onboard(&mut platform, NewAccount::express(US))?;
/// let plan = FeePlan::builder(Excess::Cap)
///     .in_order()
///     .rule(When::always().brand(CardBrand::AmericanExpress), Fee::percent("12 %".parse()?))
///     .rule(When::always().currency(USD), Fee::percent("10 %".parse()?).plus(usd(30)))
///     .rule(When::always(), Fee::percent("10 %".parse()?))
///     .build()?;
/// let scheme = platform.pricing().create("prices", NewPricingScheme::of_payments("sellers", plan))?.answer;
/// platform.pricing().assign("all", AssignPricing::to_all(scheme))?;
///
/// let sale = platform.payments().create("sale", NewPayment::card(usd(50_00)).destination(jo))?.answer;
/// world.settle(&mut platform)?;
/// assert_eq!(platform.balance(jo, USD)?.pending, 44_70);
/// let charge = platform.charge_of(sale)?;
/// assert_eq!(charge.pricing(), Some(platform.pricing_scheme(scheme)?.rules()));
/// assert_eq!(charge.commission().unwrap().rule, When::always().currency(USD));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
// RULE: a scheme is an ordered list of conditions with fees and a fallback that is not zero; the first match wins
// (docs.stripe.com/connect/platform-pricing-tools, 2024, and /pricing-schemes, 2026). That rules can also go by how particular they are, as
// those of any plan of fees, is our own.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewPricingScheme {
    /// What it is called: one to a hundred characters.
    pub name: String,
    /// What its prices are for.
    pub priced: Priced,
    /// Its rules: one of them is for everything, and takes something.
    pub plan: FeePlan,
    /// An id of the host's own choosing.
    pub id: Option<PricingSchemeId>,
}

impl NewPricingScheme {
    /// What is taken of payments.
    pub fn of_payments(name: impl Into<String>, plan: FeePlan) -> Self {
        Self { name: name.into(), priced: Priced::Payments, plan, id: None }
    }

    /// What is taken of payouts within minutes: rules about accounts, countries, currencies and amounts, without tax. What the plan does with a
    /// fee above the sale does not matter: the balance has to hold the payout and the fee.
    pub fn of_instant_payouts(name: impl Into<String>, plan: FeePlan) -> Self {
        Self { name: name.into(), priced: Priced::InstantPayouts, plan, id: None }
    }

    /// The same under an id that the host has chosen.
    #[must_use]
    pub const fn with_id(mut self, id: PricingSchemeId) -> Self {
        self.id = Some(id);
        self
    }
}

/// A command: change a scheme of prices, from now on. What is not named stays as it is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct UpdatePricingScheme {
    /// The scheme.
    pub scheme: PricingSchemeId,
    /// What it is called.
    pub name: Option<String>,
    /// Its rules.
    pub plan: Option<FeePlan>,
    /// Whether it is in force.
    pub status: Option<PricingStatus>,
}

impl UpdatePricingScheme {
    /// A change of nothing yet.
    pub const fn of(scheme: PricingSchemeId) -> Self {
        Self { scheme, name: None, plan: None, status: None }
    }

    /// With other rules.
    #[must_use]
    pub fn plan(mut self, plan: FeePlan) -> Self {
        self.plan = Some(plan);
        self
    }

    /// Under another name.
    #[must_use]
    pub fn name(mut self, name: impl Into<String>) -> Self {
        self.name = Some(name.into());
        self
    }

    /// In force, or out of it.
    #[must_use]
    pub const fn status(mut self, status: PricingStatus) -> Self {
        self.status = Some(status);
        self
    }
}

/// A command: say by which scheme an account's prices are found from now on, or those of all accounts that have none of their own.
///
/// An account with a scheme of its own does not follow that of all others, whatever becomes of either: one that is disabled leaves it
/// without a price. Several accounts can have the same one.
// RULE: an account can have prices of its own, which later changes of the platform's do not touch, and can be given the platform's again
// (docs.stripe.com/connect/platform-pricing-tools, 2024, where accounts with a full dashboard had none). That several share a scheme is our
// own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AssignPricing {
    /// The account; nothing for all that have none of their own.
    pub account: Option<AccountId>,
    /// What the prices are for.
    pub priced: Priced,
    /// The scheme; nothing for none.
    pub scheme: Option<PricingSchemeId>,
}

impl AssignPricing {
    /// The prices of payments of all accounts that have none of their own.
    pub const fn to_all(scheme: PricingSchemeId) -> Self {
        Self { account: None, priced: Priced::Payments, scheme: Some(scheme) }
    }

    /// The prices of an account's payments.
    pub const fn to_account(account: AccountId, scheme: PricingSchemeId) -> Self {
        Self { account: Some(account), priced: Priced::Payments, scheme: Some(scheme) }
    }

    /// No prices of an account's own: those of all hold for it again.
    pub const fn revert(account: AccountId) -> Self {
        Self { account: Some(account), priced: Priced::Payments, scheme: None }
    }

    /// No prices but those of accounts that have their own.
    pub const fn end_for_all() -> Self {
        Self { account: None, priced: Priced::Payments, scheme: None }
    }

    /// The same for payouts within minutes.
    #[must_use]
    pub const fn of_instant_payouts(mut self) -> Self {
        self.priced = Priced::InstantPayouts;
        self
    }
}

/// What somebody wants of prices.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub enum PricingCommand {
    /// Make a scheme.
    Create(NewPricingScheme),
    /// Change one.
    Update(UpdatePricingScheme),
    /// Say whose prices are found by which scheme.
    Assign(AssignPricing),
}

impl PricingCommand {
    /// The families that it names.
    pub(crate) fn families(&self) -> impl Iterator<Item = Family> + use<> {
        let [scheme, account] = match self {
            Self::Create(new) => [new.id.map(PricingSchemeId::family), None],
            Self::Update(update) => [Some(update.scheme.family()), None],
            Self::Assign(assign) => [assign.scheme.map(PricingSchemeId::family), assign.account.map(AccountId::family)],
        };
        scheme.into_iter().chain(account)
    }
}

/// Why a command about prices was refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum PricingError {
    /// A name is missing, or too long.
    #[error("a name has 1 to {most} characters, not {length}")]
    NameInvalid {
        /// How many it has.
        length: usize,
        /// How many it can have.
        most: usize,
    },
    /// The command changes nothing.
    #[error("nothing to change")]
    NothingToChange,
    /// The rules make no sense.
    #[error(transparent)]
    Plan(#[from] PlanError),
    /// The scheme was changed as often as can be.
    #[error("scheme `{0}` has been changed too often")]
    SchemeFull(PricingSchemeId),
    /// The scheme is for something else.
    #[error("scheme `{scheme}` is not for {wanted:?}")]
    WrongScheme {
        /// The scheme.
        scheme: PricingSchemeId,
        /// What prices were wanted for.
        wanted: Priced,
    },
}
