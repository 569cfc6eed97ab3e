use serde::{Deserialize, Serialize};

use super::{Capture, ConfirmationMethod, ManualCapture, PaymentError};
use crate::ids::{AccountId, PaymentId};
use crate::money::Money;
use crate::routing::{PaymentPlan, Planned, Sale};
use crate::rulebook::PaymentMethod;

/// A command: collect a payment, with the method given at once, or with one that is named [later](NewPayment::open).
///
/// Where the money goes decides the charge type: made [on behalf of an account](crate::Platform::acting_as) it is
/// a direct charge; with a destination, a destination charge; otherwise the platform keeps it, to transfer from.
///
/// ```
/// use fundroute::ids::AccountId;
/// use fundroute::money::usd;
/// use fundroute::payments::NewPayment;
///
/// let jo = AccountId::from_host([1; 14]);
/// let order = NewPayment::card(usd(100_00)).destination(jo).application_fee(usd(10_00));
/// assert_eq!(order.application_fee, Some(usd(10_00)));
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewPayment {
    /// What the payer pays.
    pub amount: Money,
    /// How, if that is known.
    pub method: Option<PaymentMethod>,
    /// Whether it is collected at once.
    pub confirm: bool,
    /// Who goes on once the payer has done what is theirs.
    pub confirmation_method: ConfirmationMethod,
    /// The one recipient of a destination charge.
    pub destination: Option<AccountId>,
    /// The account whose business it is, where that is not who charges.
    pub on_behalf_of: Option<AccountId>,
    /// The platform's commission.
    pub application_fee: Option<Money>,
    /// What the recipient of a destination charge gets, instead of everything less a commission.
    pub transfer_amount: Option<Money>,
    /// What the platform takes, or who gets what, worked out once the money is there. A commission or a transfer amount that is named
    /// goes before it.
    pub plan: Option<Box<PaymentPlan>>,
    /// A name that ties payments and transfers together.
    pub transfer_group: Option<String>,
    /// The acquirer's token for the card or bank account; passed on, never read.
    pub token: Option<String>,
    /// When the money is taken.
    pub capture: Capture,
    /// An id of the host's own choosing.
    pub id: Option<PaymentId>,
}

impl NewPayment {
    /// A payment by card.
    pub const fn card(amount: Money) -> Self {
        Self::by(PaymentMethod::Card, amount)
    }

    /// A payment by any method.
    pub const fn by(method: PaymentMethod, amount: Money) -> Self {
        let mut payment = Self::open(amount);
        (payment.method, payment.confirm) = (Some(method), true);
        payment
    }

    /// A payment of which it is not known yet how it will be paid: a checkout page is open. [`ConfirmPayment`](super::ConfirmPayment) collects it.
    ///
    /// ```
    /// # use fundroute::prelude::*;
    /// use fundroute::payments::{ConfirmPayment, PaymentStatus};
    /// # use fundroute::simulator::World;
    /// # let mut platform = Platform::new(NewPlatform::in_country(US), Rulebook::standard(), utc(2026, 11, 2))?;
    /// # let mut world = World::new();
    /// let cart = platform.payments().create("cart", NewPayment::open(usd(25_00)))?.answer;
    /// assert_eq!(platform.payment(cart)?.status(), PaymentStatus::RequiresPaymentMethod);
    /// platform.payments().confirm("pay", ConfirmPayment::by(PaymentMethod::Card, cart))?;
    /// world.settle(&mut platform)?;
    /// assert_eq!(platform.payment(cart)?.status(), PaymentStatus::Succeeded);
    /// # Ok::<(), fundroute::platform::Error>(())
    /// ```
    // RULE: docs.stripe.com/payments/paymentintents/lifecycle (2026).
    pub const fn open(amount: Money) -> Self {
        Self {
            amount,
            method: None,
            confirm: false,
            confirmation_method: ConfirmationMethod::Automatic,
            destination: None,
            on_behalf_of: None,
            application_fee: None,
            transfer_amount: None,
            plan: None,
            transfer_group: None,
            token: None,
            capture: Capture::Automatic,
            id: None,
        }
    }

    /// Waits for [`ConfirmPayment`](super::ConfirmPayment) before it is collected (`confirm: false`).
    #[must_use]
    pub const fn confirm_later(mut self) -> Self {
        self.confirm = false;
        self
    }

    /// Waits for [`ConfirmPayment`](super::ConfirmPayment) once more after the payer has done what is theirs (`confirmation_method: manual`): a server that
    /// holds back stock until then, say.
    #[must_use]
    pub const fn confirm_by_hand(mut self) -> Self {
        self.confirmation_method = ConfirmationMethod::Manual;
        self
    }

    /// Only has it authorized, to be captured later, once (`capture_method: manual`).
    #[must_use]
    pub const fn manual_capture(self) -> Self {
        self.capture_later(ManualCapture::new())
    }

    /// Only has it authorized, to be captured later, with more asked of the payer's bank than that.
    #[must_use]
    pub const fn capture_later(mut self, how: ManualCapture) -> Self {
        self.capture = Capture::Manual(how);
        self
    }

    /// Transfers the money to this account when it arrives.
    #[must_use]
    pub const fn destination(mut self, account: AccountId) -> Self {
        self.destination = Some(account);
        self
    }

    /// Makes it this account's business: its country's methods, currencies, prices and delays hold, and its name is on the payer's
    /// statement. Of a destination charge it is the recipient's or nobody's.
    #[must_use]
    pub const fn on_behalf_of(mut self, account: AccountId) -> Self {
        self.on_behalf_of = Some(account);
        self
    }

    /// Keeps this much of it for the platform; zero means none, also where a [scheme](crate::routing::PricingScheme) would take something.
    #[must_use]
    pub const fn application_fee(mut self, fee: Money) -> Self {
        self.application_fee = Some(fee);
        self
    }

    /// Transfers this much of it, and keeps the rest for the platform.
    #[must_use]
    pub const fn transfer_amount(mut self, amount: Money) -> Self {
        self.transfer_amount = Some(amount);
        self
    }

    /// Has the platform's commission worked out by a [`FeePlan`](crate::routing::FeePlan) on what is captured, or what is captured shared
    /// out by a [`SplitPlan`](crate::routing::SplitPlan), with a transfer out of the payment for everybody who gets a part. What that comes
    /// to is told by [`quote`](Self::quote) beforehand, and by the charge once the money is there.
    ///
    /// ```
    /// use fundroute::prelude::*;
    /// use fundroute::routing::{Excess, SplitPlan};
    /// use fundroute::simulator::World;
    ///
    /// let mut platform = Platform::new(NewPlatform::in_country(US), Rulebook::standard(), utc(2026, 11, 2))?;
    /// let mut world = World::new();
    /// let house = platform.id();
    /// let baker = world.onboard(&mut platform, NewAccount::express(US))?;
    /// let courier = world.onboard(&mut platform, NewAccount::express(US))?;
    /// let plan = SplitPlan::builder(Excess::Refuse).amount(courier, usd(5_00)).share(house, "10 %".parse()?).rest(baker).build()?;
    ///
    /// let cart = platform.payments().create("cart", NewPayment::card(usd(80_00)).plan(plan))?.answer;
    /// world.settle(&mut platform)?;
    /// assert_eq!(platform.balance(baker, USD)?.pending, 67_00);
    /// assert_eq!(platform.balance(courier, USD)?.pending, 5_00);
    ///
    /// // Half of it goes back, and everybody gives half of its part.
    /// platform.refunds().create("half", NewRefund::of(cart).amount(usd(40_00)).reverse_transfer())?;
    /// assert_eq!(platform.balance(baker, USD)?.pending, 33_50);
    /// assert_eq!(platform.balance(courier, USD)?.pending, 2_50);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    // RULE: an explicit commission or transfer amount always wins over a scheme of prices (docs.stripe.com/connect/platform-pricing-tools,
    // 2024).
    #[must_use]
    pub fn plan(mut self, plan: impl Into<PaymentPlan>) -> Self {
        self.plan = Some(Box::new(plan.into()));
        self
    }

    /// The plan, unless a part that is named goes before it.
    pub(crate) fn plan_in_force(&self) -> Option<&PaymentPlan> {
        let is_named = self.application_fee.is_some() || self.transfer_amount.is_some();
        self.plan.as_deref().filter(|_| !is_named)
    }

    /// What its plan comes to if all of it is captured: worked out by what works it out then, as far as no card decides.
    /// [`Platform::quote`](crate::Platform::quote) tells all that a payment comes to, also by schemes. Nothing where it has no plan, where a part
    /// that is named goes before it, or where it is not known who sells or by which method. `on` is the account that a direct charge is made
    /// on.
    ///
    /// # Errors
    /// [`PaymentError::Plan`] where the plan cannot be carried out for the amount.
    pub fn quote(&self, on: Option<AccountId>) -> Result<Option<Planned>, PaymentError> {
        match self.plan_in_force() {
            None => Ok(None),
            Some(PaymentPlan::Split(plan)) => Ok(Some(Planned::Split(plan.allot_sale(self.amount)?))),
            Some(PaymentPlan::Commission(plan)) => {
                let Some((method, account)) = self.method.zip(on.or(self.destination)) else { return Ok(None) };
                Ok(Some(Planned::Commission(plan.commission(&Sale { account, method, amount: self.amount })?)))
            }
        }
    }

    /// Names the group of payments and transfers that it belongs to.
    #[must_use]
    pub fn transfer_group(mut self, name: impl Into<String>) -> Self {
        self.transfer_group = Some(name.into());
        self
    }

    /// Names the card or bank account by the acquirer's token.
    #[must_use]
    pub fn token(mut self, token: impl Into<String>) -> Self {
        self.token = Some(token.into());
        self
    }

    /// Gives the payment an id that the host has chosen.
    #[must_use]
    pub const fn with_id(mut self, id: PaymentId) -> Self {
        self.id = Some(id);
        self
    }
}
