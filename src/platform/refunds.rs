use super::{Error, Transaction};
use crate::ids::{AccountId, PaymentId, RefundId};
use crate::journal::Instruction;
use crate::money::Money;
use crate::payments::{
    CancelRefund, Charge, Flow, NewRefund, PaymentError, PaymentEvent, PaymentInstruction, PaymentIntent, Refund,
    RefundReason, Takes, WhoBears,
};
use crate::routing::{ApplicationFee, Transfer};
use crate::rulebook::MethodTerm;

/// What a refund is about.
pub(super) struct Refundable {
    pub(super) payment: PaymentIntent,
    pub(super) charge: Charge,
    pub(super) amount: Money,
    pub(super) takes: Takes,
}

/// Which shares of a payment a refund takes back, once it is clear that both were decided.
fn shares(payment: &PaymentIntent, charge: &Charge, command: &NewRefund) -> Result<Takes, PaymentError> {
    let id = payment.id();
    let pulls = match (charge.has_shares(), command.transfer) {
        // Left open, it is the mistake that costs marketplaces most, so it is refused.
        (true, None) => return Err(PaymentError::TransferBearerMissing(id)),
        (true, Some(bearer)) => bearer == WhoBears::Recipient,
        // RULE: only destination charges have a transfer of their own to pull back
        // (docs.stripe.com/connect/separate-charges-and-transfers, 2024). That those which a plan makes are of their payment is our reading.
        (false, Some(WhoBears::Recipient)) => return Err(PaymentError::NoTransfer(id)),
        (false, Some(WhoBears::Charged) | None) => false,
    };
    let returns = match (charge.application_fee(), command.application_fee) {
        (Some(_), None) => return Err(PaymentError::FeeBearerMissing(id)),
        (Some(_), Some(bearer)) => bearer == WhoBears::Recipient,
        // RULE: on a destination charge without a commission the wish to return it is accepted and does nothing
        // (recorded exchanges, 2023-2025); elsewhere it is an error.
        (None, Some(WhoBears::Recipient)) => match payment.flow() {
            Flow::Destination { .. } => false,
            Flow::Direct { .. } | Flow::Separate => return Err(PaymentError::NoFee(id)),
        },
        (None, Some(WhoBears::Charged) | None) => false,
    };
    // RULE: docs.stripe.com/connect/destination-charges (2026).
    if returns && !pulls && charge.transfer().is_some() {
        return Err(PaymentError::FeeNeedsTransfer(id));
    }
    Ok(Takes { transfer: pulls, commission: returns })
}

impl Transaction<'_> {
    /// What a refund is about, once it is clear that it can be made.
    pub(super) fn check_refund(&mut self, on: Option<AccountId>, command: &NewRefund) -> Result<Refundable, Error> {
        if let Some(amount) = command.amount.filter(|amount| !amount.is_positive()) {
            return Err(PaymentError::AmountNotPositive(amount).into());
        }
        if let Some(reason @ RefundReason::ExpiredUncapturedCharge) = command.reason {
            return Err(PaymentError::ReasonReserved(reason).into());
        }
        let payment = self.take::<PaymentIntent>(command.payment)?;
        let owner = self.owner_of(&payment, on)?;
        let charge = self.paid(&payment)?;
        let amount = self.refund_amount(&charge, command.amount)?;
        self.check_multiple(amount)?;
        self.check_refundable(&charge)?;
        let takes = shares(&payment, &charge, command)?;
        if takes.transfer || takes.commission {
            self.check_shares_together(&charge)?;
        }
        if takes.commission {
            self.is_for_commission(owner)?;
        }
        self.want_parties(&payment, &charge)?;
        Ok(Refundable { payment, charge, amount, takes })
    }

    pub(super) fn create_refund(&mut self, on: Option<AccountId>, command: &NewRefund) -> Result<RefundId, Error> {
        let Refundable { mut payment, charge, amount, takes } = self.check_refund(on, command)?;
        let (owner, method) = (charge.owner(), charge.method());
        if self.rulebook.payment_method(method).is_refunded_in_person() {
            return Err(PaymentError::RefundInPerson(method).into());
        }
        let id = RefundId::of(payment.id().family(), payment.bear()?);
        let charge = charge.refund(amount.minor())?;
        let draft = self.draft_refund(payment.clone(), charge.clone(), (id, amount, takes))?;
        let until = self.now.checked_add(self.rulebook.refund_funding_window())?;
        let refund = Refund::asked((id, charge.id()), amount, command, takes, (self.now, until));
        let needed = self.refund_needs(&draft)?;
        self.event(PaymentEvent::RefundCreated, id, Some(owner));
        match needed {
            Some(needed) if self.has_to_wait(owner, charge.settlement_currency(), needed)? => {
                let currency = charge.settlement_currency();
                self.put(payment);
                self.put(charge);
                self.wait_for_funds((owner, currency), refund, needed)?;
            }
            Some(_) | None => drop(self.book_refund(refund, draft)?),
        }
        Ok(id)
    }

    /// Calls a refund off for which the payer has to say where the money goes.
    pub(super) fn cancel_refund(&mut self, on: Option<AccountId>, command: &CancelRefund) -> Result<RefundId, Error> {
        let refund = self.take::<Refund>(command.refund)?;
        let payment = self.get::<PaymentIntent>(PaymentId::of(refund.id().family(), 0))?;
        self.owner_of(&payment, on)?;
        let next = refund.cancel(self.now)?;
        self.instruct(Instruction::Payment(PaymentInstruction::CancelRefund { refund: refund.id() }));
        self.refund_becomes(&refund, next)?;
        Ok(command.refund)
    }

    /// That the shares of others can be taken back together with a refund.
    // RULE: not before the last of several captures, and not any more once they were taken back by themselves
    // (docs.stripe.com/payments/multicapture, 2024, says so of partial refunds; that a full refund before the last capture is no
    // different is our reading).
    fn check_shares_together(&mut self, charge: &Charge) -> Result<(), Error> {
        let Some(authorization) = charge.authorization() else { return Ok(()) };
        let transfer = charge.transfer().map(|id| self.get::<Transfer>(id)).transpose()?;
        let fee = charge.application_fee().map(|id| self.get::<ApplicationFee>(id)).transpose()?;
        let reversed = transfer.map_or(0, |transfer| transfer.amount_reversed().minor());
        let returned = fee.map_or(0, |fee| fee.amount_refunded().minor());
        let is_apart = authorization.captures() > 1
            && (charge.is_split_by_hand(reversed, returned) || self.shares_are_apart(charge)?);
        if authorization.is_open() || is_apart {
            return Err(PaymentError::SharesApart(charge.payment()).into());
        }
        Ok(())
    }

    /// What is given back: what was asked for, or all that is left.
    fn refund_amount(&self, charge: &Charge, asked: Option<Money>) -> Result<Money, PaymentError> {
        let refundable = charge.refundable();
        let asked = asked.unwrap_or(refundable);
        let (given, needed) = (asked.currency(), refundable.currency());
        if given != needed {
            return Err(PaymentError::WrongCurrency { given, needed });
        }
        if asked.is_zero() || asked.minor() > refundable.minor() {
            return Err(charge.too_large(asked));
        }
        Ok(asked)
    }

    /// That a currency that is charged in steps is given back in them.
    // RULE: three-decimal amounts end in zero, and some currencies have no decimals in practice (docs.stripe.com/currencies, 2024, of
    // charges); that refunds are bound by the same is our reading.
    fn check_multiple(&self, amount: Money) -> Result<(), Error> {
        let multiple = self.rulebook.charge_limits(amount.currency())?.charge_multiple();
        if amount.minor().checked_rem(multiple) == Some(0) {
            return Ok(());
        }
        Err(PaymentError::AmountNotMultiple { amount, multiple }.into())
    }

    /// That the method gives money back, and still does so for this charge.
    fn check_refundable(&self, charge: &Charge) -> Result<(), Error> {
        let rule = self.rulebook.payment_method(charge.method());
        rule.check_known(MethodTerm::Refunds)?;
        let age = charge.captured().map(|captured| self.now.since(captured.at()).num_days());
        let too_old = rule.refundable_days().zip(age).is_some_and(|(days, age)| age > i64::from(days));
        if rule.is_refundable() && !too_old { Ok(()) } else { Err(PaymentError::NotRefundable(charge.method()).into()) }
    }
}
