//! From a payment that is only planned to an attempt to collect it, and what the payer does in between.

use super::payments::{News, needs};
use super::{Error, Transaction};
use crate::accounts::Account;
use crate::calendar::Timestamp;
use crate::ids::{AccountId, ChargeId, PaymentId};
use crate::journal::{FactOutcome, Instruction, Key};
use crate::money::{Currency, Money};
use crate::payments::{
    ActionRequired, Attempt, Capture, Charge, ConfirmPayment, ConfirmationMethod, PayerStep, PaymentAction,
    PaymentError, PaymentEvent, PaymentInstruction, PaymentIntent, PaymentStatus, UpdatePayment,
};
use crate::routing::Conversion;
use crate::rulebook::{MethodRule, MethodTerm, Notification, PaymentMethod};

/// The least that a method takes in a currency, where it says so itself.
fn own_minimum(rule: Option<&MethodRule>, currency: Currency) -> Option<Money> {
    rule.and_then(MethodRule::min).filter(|own| own.currency() == currency)
}

impl Transaction<'_> {
    pub(super) fn confirm_payment(
        &mut self,
        on: Option<AccountId>,
        command: &ConfirmPayment,
    ) -> Result<PaymentId, Error> {
        self.want(&[Key::Family(command.payment.family())])?;
        let payment = self.get::<PaymentIntent>(command.payment)?;
        let owner = self.owner_of(&payment, on)?;
        payment.can_be_changed(PaymentAction::Confirm)?;
        let known = payment.method().filter(|_| payment.status() == PaymentStatus::RequiresConfirmation);
        let method = command.method.or(known).ok_or(PaymentError::MethodMissing)?;
        let owner = self.get::<Account>(owner)?;
        self.want_volume(&owner)?;
        let other = self.merchant(payment.on_behalf_of(), *payment.flow(), &owner)?;
        let merchant = other.as_deref().unwrap_or(&owner);
        self.check_attempt(merchant, method, payment.amount())?;
        self.can_capture_later(payment.capture(), method)?;
        self.check_recipient(&payment, &owner)?;
        if let Some(charge) = self.waiting(&payment)? {
            if command.method.is_none() {
                let (payment, charge) = (payment.go_on(), charge.at_step(PayerStep::Confirmed).unwrap_or(charge));
                let charge = self.settle_submission(&payment, charge)?;
                self.instruct(Instruction::Payment(charge.to_ask(&payment)));
                self.event(PaymentEvent::Processing, payment.id(), on);
                self.put(payment);
                self.put(charge);
                return Ok(command.payment);
            }
            self.abandon(&charge);
        }
        payment.check_away_from_readers(Some(method))?;
        let payment = match command.method {
            Some(method) => payment.with_method((method, command.token.as_deref()), PaymentAction::Confirm)?,
            None => payment.clone(),
        };
        self.submit(payment, method, owner.id(), merchant)?;
        Ok(command.payment)
    }

    pub(super) fn update_payment(
        &mut self,
        on: Option<AccountId>,
        command: &UpdatePayment,
    ) -> Result<PaymentId, Error> {
        if command.is_empty() {
            return Err(PaymentError::NothingToChange.into());
        }
        if let Some(amount) = command.amount.filter(|amount| !amount.is_positive()) {
            return Err(PaymentError::AmountNotPositive(amount).into());
        }
        let payment = self.get::<PaymentIntent>(command.payment)?;
        let owner = self.owner_of(&payment, on)?;
        payment.can_be_changed(PaymentAction::Update)?;
        let owner = self.get::<Account>(owner)?;
        self.want_volume(&owner)?;
        let (amount, currency) = (command.amount.unwrap_or(payment.amount()), payment.amount().currency());
        if amount.currency() != currency {
            return Err(PaymentError::WrongCurrency { given: amount.currency(), needed: currency }.into());
        }
        let flow = payment.flow().with_shares(amount, (command.application_fee, command.transfer_amount))?;
        flow.fits(amount)?;
        self.check_commission(payment.flow(), flow, &owner, amount)?;
        let names_shares = command.application_fee.is_some() || command.transfer_amount.is_some();
        self.may_name(&payment, names_shares)?;
        let mut next = payment.with_money(amount, flow);
        if names_shares {
            next = next.settled_by_name();
        }
        next.check_plan(command.method.or(payment.method()), amount)?;
        if let Some(method) = command.method {
            let other = self.merchant(payment.on_behalf_of(), flow, &owner)?;
            let merchant = other.as_deref().unwrap_or(&owner);
            self.check_attempt(merchant, method, amount)?;
            self.can_capture_later(payment.capture(), method)?;
            let recipient = self.recipient_of(&payment)?;
            self.check_in_person((method, amount), (&owner, merchant), recipient.as_deref())?;
            next = next.with_method((method, command.token.as_deref()), PaymentAction::Update)?;
        } else {
            let rule = payment.method().map(|method| self.rulebook.payment_method(method));
            let other = self.merchant(payment.on_behalf_of(), flow, &owner)?;
            let merchant = other.as_deref().unwrap_or(&owner);
            self.check_amount(merchant, amount, rule)?;
            self.check_settled(merchant, amount, rule)?;
        }
        if let Some(charge) = self.waiting(&payment)? {
            self.abandon(&charge);
        }
        self.put(next);
        Ok(command.payment)
    }

    /// The attempt that waits for the host to go on with a payment.
    fn waiting(&mut self, payment: &PaymentIntent) -> Result<Option<Charge>, Error> {
        let Some(id) = payment.latest_charge() else { return Ok(None) };
        Ok(Some(self.take::<Charge>(id)?).filter(|charge| charge.step() == Some(PayerStep::Done)))
    }

    /// Calls an attempt off that has brought nothing, or what is held ready for it.
    // INVARIANT: only what waits for its payer, or for the host, is called off: nothing of it is on its way.
    pub(super) fn abandon(&mut self, charge: &Charge) {
        let called_off = charge.release(self.now).or_else(|| charge.called_off(self.now));
        if let Some(charge) = called_off {
            self.instruct(Instruction::Payment(PaymentInstruction::Void { charge: charge.id() }));
            self.put(charge);
        }
    }

    /// That a method lets its money be taken later, where it is to be.
    pub(super) fn can_capture_later(&self, capture: Capture, method: PaymentMethod) -> Result<(), PaymentError> {
        match capture {
            Capture::Automatic => Ok(()),
            Capture::Manual(_) if self.rulebook.payment_method(method).can_capture_later() => Ok(()),
            Capture::Manual(_) => Err(PaymentError::CaptureNotLater(method)),
        }
    }

    /// When a voucher handed out now runs out; nothing for other methods.
    // RULE: a voucher can be paid until the end of the day that lies so many days ahead
    // (docs.stripe.com/payments/boleto, 2026).
    fn voucher(&self, method: PaymentMethod) -> Result<Option<Timestamp>, Error> {
        let rule = self.rulebook.payment_method(method);
        match (rule.notification(), rule.voucher_expiry_days()) {
            (Notification::Voucher, days) => {
                let days = i64::from(days.unwrap_or_default()).saturating_add(1);
                Ok(Some(self.now.midnight().plus_days(days)?))
            }
            (Notification::Immediate | Notification::Delayed, _) => Ok(None),
        }
    }

    /// That this amount may be taken by this method, as the business of that merchant.
    pub(super) fn check_attempt(
        &mut self,
        merchant: &Account,
        method: PaymentMethod,
        amount: Money,
    ) -> Result<(), Error> {
        let (rule, currency, country) = (self.rulebook.payment_method(method), amount.currency(), merchant.country());
        self.check_amount(merchant, amount, Some(rule))?;
        rule.check_known(MethodTerm::Countries)?;
        rule.check_known(MethodTerm::Currencies)?;
        let is_at_home = !rule.is_domestic() || self.rulebook.country(country)?.default_currency() == currency;
        if !rule.is_open_to(country) || !rule.takes(currency) || !is_at_home {
            return Err(PaymentError::MethodUnavailable { method, country, currency }.into());
        }
        self.check_settled(merchant, amount, Some(rule))?;
        Ok(needs(merchant, rule.needed_capability()?)?)
    }

    /// That this amount can be charged, by whatever method or by one with that rule.
    pub(super) fn check_amount(
        &self,
        merchant: &Account,
        amount: Money,
        rule: Option<&MethodRule>,
    ) -> Result<(), Error> {
        let currency = amount.currency();
        let limits = self.rulebook.charge_limits(currency)?;
        if !limits.is_presentment() {
            return Err(PaymentError::NotPresentable(currency).into());
        }
        let is_booked_so = self.settles(merchant, currency) == currency;
        let least = own_minimum(rule, currency).or(limits.min().filter(|_| is_booked_so));
        if let Some(minimum) = least.filter(|minimum| amount.minor() < minimum.minor()) {
            return Err(PaymentError::AmountTooSmall { amount, minimum }.into());
        }
        let own = rule.and_then(MethodRule::max).filter(|own| own.currency() == currency);
        let maximum = own.filter(|own| own.minor() < limits.max().minor()).unwrap_or(limits.max());
        if amount.minor() > maximum.minor() {
            return Err(PaymentError::AmountTooLarge { amount, maximum }.into());
        }
        let multiple = limits.charge_multiple();
        if amount.minor().checked_rem(multiple) != Some(0) {
            return Err(PaymentError::AmountNotMultiple { amount, multiple }.into());
        }
        Ok(())
    }

    /// That what is charged can be booked, and comes to enough where it is converted for that.
    // RULE: the least that can be charged goes by the currency in which it is booked: what is converted has to come to it
    // (docs.stripe.com/currencies, 2024). A method's own least holds in its own currency.
    pub(super) fn check_settled(
        &mut self,
        merchant: &Account,
        amount: Money,
        rule: Option<&MethodRule>,
    ) -> Result<(), Error> {
        let settled = self.settled_for(merchant, amount)?;
        if settled.currency() == amount.currency() || own_minimum(rule, amount.currency()).is_some() {
            return Ok(());
        }
        let least = self.rulebook.charge_limits(settled.currency())?.min();
        match least.filter(|minimum| settled.minor() < minimum.minor()) {
            Some(minimum) => Err(PaymentError::AmountTooSmall { amount: settled, minimum }.into()),
            None => Ok(()),
        }
    }

    /// An attempt to collect a payment, the last one.
    pub(super) fn new_attempt(
        &mut self,
        payment: &PaymentIntent,
        method: PaymentMethod,
        owner: AccountId,
        merchant: &Account,
    ) -> Result<Charge, Error> {
        let amount = payment.amount();
        let pricing = self.pricing_of(payment, owner)?.map(|rules| rules.id());
        let exchange = self.exchange_of((payment, pricing.is_some()), owner, merchant)?;
        let settled = Conversion::through(exchange.settlement, amount)?;
        let price = self.rulebook.price(merchant.country(), method, settled.currency())?;
        payment.check_plan(Some(method), amount)?;
        let charge = Charge::new(Attempt {
            id: payment.attempt()?,
            owner,
            amount,
            method,
            created: self.now,
            processor_fee: price.fee(settled)?.minor(),
            delay: self.delay_of(merchant, method)?,
            exchange,
        });
        let charge = self.with_pricing(charge, payment, pricing)?;
        self.with_recipients(charge, payment)
    }

    /// Starts an attempt to collect a payment by the method that it has.
    pub(super) fn submit(
        &mut self,
        mut payment: PaymentIntent,
        method: PaymentMethod,
        owner: AccountId,
        merchant: &Account,
    ) -> Result<(), Error> {
        payment.begin(self.voucher(method)?)?;
        let mut charge = self.new_attempt(&payment, method, owner, merchant)?;
        let id = charge.id();
        match self.rulebook.payment_method(method).notification() {
            Notification::Immediate => {}
            Notification::Delayed => {
                charge = self.settle_submission(&payment, charge)?;
                self.event(PaymentEvent::Processing, payment.id(), Some(owner));
                self.event(PaymentEvent::ChargePending, id, Some(owner));
            }
            Notification::Voucher => self.event(PaymentEvent::RequiresAction, payment.id(), Some(owner)),
        }
        self.instruct(Instruction::Payment(charge.to_ask(&payment)));
        self.put(payment);
        self.put(charge);
        Ok(())
    }
}

/// What the world tells of the payer.
impl Transaction<'_> {
    // Of an attempt that was given up or has ended the payer's part is no news.
    pub(super) fn action_required(&mut self, id: ChargeId, fact: &ActionRequired) -> Result<FactOutcome, Error> {
        let News { payment, charge } = self.news(id)?;
        let is_asked = charge.step().is_some_and(|step| step <= PayerStep::Required);
        if payment.latest_charge() != Some(id) || !is_asked {
            return Ok(FactOutcome::Stale);
        }
        let end = fact.expires_at.map_or(Timestamp::MAX, |end| self.expiry(end));
        let Some(next) = payment.require_action(fact.action, end) else { return Ok(FactOutcome::Stale) };
        if let Some(charge) = charge.at_step(PayerStep::Required) {
            let charge = self.settle_submission(&next, charge)?;
            self.put(charge);
        }
        self.event(PaymentEvent::RequiresAction, payment.id(), Some(charge.owner()));
        self.put(next);
        Ok(FactOutcome::Applied)
    }

    pub(super) fn action_completed(&mut self, id: ChargeId) -> Result<FactOutcome, Error> {
        let News { payment, charge } = self.news(id)?;
        let step = match payment.confirmation_method() {
            ConfirmationMethod::Automatic => PayerStep::Confirmed,
            ConfirmationMethod::Manual => PayerStep::Done,
        };
        let Some(done) = charge.at_step(step).filter(|_| payment.latest_charge() == Some(id)) else {
            return Ok(FactOutcome::Stale);
        };
        let next = payment.complete_action();
        let done = self.settle_submission(&next, done)?;
        if next.status() == PaymentStatus::Processing && payment.status() != PaymentStatus::Processing {
            self.event(PaymentEvent::Processing, payment.id(), Some(charge.owner()));
        }
        self.put(next);
        self.put(done);
        Ok(FactOutcome::Applied)
    }
}
