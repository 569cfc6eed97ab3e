//! Schemes of prices: who follows which, and what each comes to.

use super::transaction::Seen;
use super::{Error, Transaction};
use crate::accounts::{Account, Priced, ProcessorFee};
use crate::ids::{AccountId, PricingRulesId, PricingSchemeId};
use crate::journal::{Answer, Key};
use crate::money::Money;
use crate::payments::{Charge, Flow, Party, PaymentCard, PaymentError, PaymentIntent};
use crate::payouts::BalanceSettings;
use crate::routing::{
    AssignPricing, Commission, FeePlan, NewPricingScheme, PaymentPlan, PricingCommand, PricingError, PricingRules,
    PricingScheme, PricingStatus, Sale, SaleDetails, UpdatePricingScheme,
};

impl<'a> Transaction<'a> {
    pub(super) fn execute_pricing(&mut self, on: Option<AccountId>, command: &PricingCommand) -> Result<Answer, Error> {
        match command {
            PricingCommand::Create(command) => self.create_pricing_scheme(on, command).map(Answer::PricingScheme),
            PricingCommand::Update(command) => self.update_pricing_scheme(on, command).map(Answer::PricingScheme),
            PricingCommand::Assign(command) => self.assign_pricing(on, command).map(Answer::Account),
        }
    }

    fn create_pricing_scheme(
        &mut self,
        on: Option<AccountId>,
        command: &NewPricingScheme,
    ) -> Result<PricingSchemeId, Error> {
        let family = self.new_family(command.id.map(Into::into))?;
        let (scheme, rules) = PricingScheme::new(family, command, self.now)?;
        Self::platform_only(on)?;
        let id = scheme.id();
        self.put(scheme);
        self.put(rules);
        Ok(id)
    }

    fn update_pricing_scheme(
        &mut self,
        on: Option<AccountId>,
        command: &UpdatePricingScheme,
    ) -> Result<PricingSchemeId, Error> {
        if *command == UpdatePricingScheme::of(command.scheme) {
            return Err(PricingError::NothingToChange.into());
        }
        let scheme = self.get::<PricingScheme>(command.scheme)?;
        Self::platform_only(on)?;
        let (scheme, rules) = scheme.updated(command, self.now)?;
        self.put(scheme);
        rules.into_iter().for_each(|rules| self.put(rules));
        Ok(command.scheme)
    }

    fn assign_pricing(&mut self, on: Option<AccountId>, command: &AssignPricing) -> Result<AccountId, Error> {
        let AssignPricing { account, priced, scheme } = *command;
        if let Some(id) = scheme {
            let known = self.get::<PricingScheme>(id)?;
            if known.priced() != priced {
                return Err(PricingError::WrongScheme { scheme: id, wanted: priced }.into());
            }
        }
        let account = match account {
            Some(account) => self.connected(account)?,
            None => self.get::<Account>(self.platform)?,
        };
        Self::platform_only(on)?;
        let id = account.id();
        let settings = self.get::<BalanceSettings>(account.settings())?.with_pricing(priced, scheme);
        if account.has_pricing() != settings.has_pricing() {
            self.put(account.with_pricing(settings.has_pricing()));
        }
        self.put(settings);
        Ok(id)
    }

    // INVARIANT: an account that has no scheme of its own says so itself, so that nothing else is read for it.
    fn assigned_to(&mut self, account: &Account, priced: Priced) -> Result<Option<PricingSchemeId>, Error> {
        if !account.has_pricing() {
            return Ok(None);
        }
        Ok(self.get::<BalanceSettings>(account.settings())?.pricing(priced))
    }

    /// The rules in force for what an account does; nothing where it has no price.
    pub(super) fn price_rules(
        &mut self,
        account: &Account,
        priced: Priced,
    ) -> Result<Option<Seen<'a, PricingRules>>, Error> {
        let assigned = match self.assigned_to(account, priced)? {
            Some(scheme) => Some(scheme),
            None => {
                let platform = self.get::<Account>(self.platform)?;
                self.assigned_to(&platform, priced)?
            }
        };
        let Some(scheme) = assigned else { return Ok(None) };
        let scheme = self.get::<PricingScheme>(scheme)?;
        match scheme.status() {
            PricingStatus::Enabled => self.get::<PricingRules>(scheme.rules()).map(Some),
            PricingStatus::Disabled => Ok(None),
        }
    }

    /// The rules by which the commission on an attempt to collect a payment is found, where the payment names nothing of its own.
    // RULE: a scheme is for payments whose processing the platform is billed for, of accounts that can be asked for commissions, captured
    // once, and without a commission or a transfer amount of their own (docs.stripe.com/connect/platform-pricing-tools, 2024, and
    // /pricing-schemes, 2026). That an attempt keeps the rules of the moment at which it began, as it keeps the processor's price and the
    // rates of exchange, is our own choice: no page says.
    pub(super) fn pricing_of(
        &mut self,
        payment: &PaymentIntent,
        owner: AccountId,
    ) -> Result<Option<Seen<'a, PricingRules>>, Error> {
        let seller = match *payment.flow() {
            Flow::Direct { account, .. } | Flow::Destination { account, .. } if payment.follows_pricing() => account,
            Flow::Direct { .. } | Flow::Destination { .. } | Flow::Separate => return Ok(None),
        };
        let seller = self.get::<Account>(seller)?;
        let is_ours = seller.controller().is_some_and(|controller| {
            payment.parties().bears(ProcessorFee::PaymentProcessing, controller.fees) == Party::Platform
        });
        if !is_ours || (seller.id() == owner && self.pays_from_abroad(&seller)?) {
            return Ok(None);
        }
        self.price_rules(&seller, Priced::Payments)
    }

    /// Whether an account cannot be asked for commissions because its platform is in another country.
    pub(super) fn pays_from_abroad(&mut self, owner: &Account) -> Result<bool, Error> {
        let home = self.home()?;
        Ok(home != owner.country() && self.rulebook.country(owner.country())?.commissions_at_home())
    }

    /// An attempt that is priced by these rules, as far as they can be carried out for it.
    pub(super) fn with_pricing(
        &mut self,
        charge: Charge,
        payment: &PaymentIntent,
        rules: Option<PricingRulesId>,
    ) -> Result<Charge, Error> {
        let Some(rules) = rules else { return Ok(charge) };
        let charge = charge.with_pricing(Some(rules));
        self.check_price(payment, &charge, charge.amount())?;
        Ok(charge)
    }

    /// That what decides the commission on a charge, its payment's plan or a scheme, can be carried out for so much of it.
    pub(super) fn check_price(&mut self, payment: &PaymentIntent, charge: &Charge, total: Money) -> Result<(), Error> {
        payment.check_plan(Some(charge.method()), total)?;
        let Some((seller, rules)) = payment.seller().zip(self.rules_of(charge)?) else { return Ok(()) };
        let sale = Sale { account: seller, method: charge.method(), amount: total };
        let details = self.details_of(payment, charge, charge.card().copied())?;
        rules.plan().commission_with(&sale, details).map_err(PaymentError::from)?;
        Ok(())
    }

    fn rules_of(&mut self, charge: &Charge) -> Result<Option<Seen<'a, PricingRules>>, Error> {
        charge.pricing().map(|rules| self.get::<PricingRules>(rules)).transpose()
    }

    /// What else is known of a sale than who sells, how it is paid and for how much.
    fn details_of(
        &mut self,
        payment: &PaymentIntent,
        charge: &Charge,
        card: Option<PaymentCard>,
    ) -> Result<SaleDetails, Error> {
        let merchant = self.get::<Account>(self.merchant_of(payment, charge.owner()))?;
        Ok(SaleDetails {
            brand: card.map(|card| card.brand),
            funding: card.and_then(|card| card.funding),
            card_country: card.and_then(|card| card.country),
            merchant_country: Some(merchant.country()),
            is_converted: Some(charge.conversion().is_some()),
        })
    }

    /// Who gets a part of so much of a charge that has been taken, in all: as its flow says, and its payment's plan or the scheme; and what
    /// these have come to.
    pub(super) fn shared_out(
        &mut self,
        (payment, charge): (&PaymentIntent, &Charge),
        flow: Flow,
        total: Money,
    ) -> Result<(Flow, Option<Commission>), Error> {
        let scheme = self.rules_of(charge)?;
        let plan = match payment.plan() {
            Some(PaymentPlan::Commission(plan)) => Some(plan),
            Some(PaymentPlan::Split(_)) => None,
            None => scheme.as_deref().map(PricingRules::plan),
        };
        let Some((plan, account)): Option<(&FeePlan, AccountId)> = plan.zip(flow.seller()) else {
            return Ok((flow, None));
        };
        let details = self.details_of(payment, charge, charge.card().copied())?;
        let commission = plan.of_taken(&Sale { account, method: charge.method(), amount: total }, details);
        Ok((flow.with_commission(commission.collected().minor()), Some(commission)))
    }

    /// What has to be loaded of the scheme that prices a charge.
    pub(super) fn key_of_pricing(charge: &Charge) -> Option<Key> {
        charge.pricing().map(|rules| Key::Family(rules.family()))
    }
}
