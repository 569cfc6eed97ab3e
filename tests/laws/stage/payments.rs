//! Payments and refunds.

use super::*;
use crate::terms;

/// Debits from euro accounts are in euros, wherever the business is; and so on.
fn only_in(method: PaymentMethod) -> Option<Currency> {
    match method {
        PaymentMethod::SepaDebit | PaymentMethod::Ideal => Some(EUR),
        PaymentMethod::BacsDebit => Some(GBP),
        PaymentMethod::Cashapp => Some(USD),
        _ => None,
    }
}

fn planned(payment: NewPayment, plan: Plan) -> NewPayment {
    let (open, confirm, by_hand) = match plan {
        Plan::AtOnce { by_hand } => (false, true, by_hand),
        Plan::Later { by_hand } => (false, false, by_hand),
        Plan::Open { by_hand } => (true, false, by_hand),
    };
    let payment = if by_hand { payment.confirm_by_hand() } else { payment };
    NewPayment { confirm, method: payment.method.filter(|_| !open), ..payment }
}

/// A payment with one of the plans of the stories, or one that makes no sense; `other` gets it, or the `parties` share it.
fn by_plan(payment: NewPayment, shape: &Shape, (other, parties): (AccountId, &[AccountId])) -> NewPayment {
    let currency = payment.amount.currency();
    match *shape {
        Shape::DirectPlan(number) => payment.plan(terms::fee_plan(number, currency)),
        Shape::DestinationPlan(number) => payment.destination(other).plan(terms::fee_plan(number, currency)),
        Shape::Shared { plan, .. } => payment.plan(terms::split_plan(plan, parties, currency)),
        Shape::Nonsense(4) => payment.destination(other).plan(terms::split_plan(0, &[other], currency)),
        Shape::Nonsense(5) => payment.plan(terms::fee_plan(5, currency)),
        Shape::Nonsense(6) => {
            payment.destination(other).plan(terms::fee_plan(6, currency)).application_fee(Money::new(77, currency))
        }
        _ => payment.destination(other).plan(terms::fee_plan(7, GBP)),
    }
}

impl Stage {
    pub(super) fn pay(&self, step: &Step) -> (Command, Option<AccountId>) {
        let Step::Pay { shape, who, way, coin, amount, own_id, more } = step else { panic!("{step:?} is no payment") };
        let everyone = self.accounts();
        // The platform cannot hold reais.
        let direct = matches!(shape, Shape::Direct { .. } | Shape::DirectPlan(_));
        let fit = |account: &AccountId| *account != self.platform.id() && (direct || self.country(*account) != BR);
        let fit: Vec<AccountId> = everyone.iter().copied().filter(fit).collect();
        let other = who.likely(&fit, &everyone).unwrap_or(AccountId::from_host(NOBODY));
        let owner = if direct { other } else { self.platform.id() };
        let amount = Money::new(*amount, self.coin(*coin, if matches!(way, Way::Card) { other } else { owner }));
        let method = Self::method(*way, self.country(owner));
        let amount = Money::new(amount.minor(), only_in(method).unwrap_or(amount.currency()));
        let mut payment = planned(NewPayment::by(method, amount), more.plan);
        payment.id = own_id.map(|id| PaymentId::from_host([id + 100; 14]));
        // Debits and transfers are taken at once, unless the step insists.
        let waits = matches!(method, PaymentMethod::Card | PaymentMethod::Cashapp | PaymentMethod::Klarna);
        if let Some(bits) = more.later.filter(|bits| waits || bits % 16 == 0) {
            payment = payment.capture_later(Self::later(bits));
        }
        let part = |sum: crate::story::Sum| Money::new(sum.of(amount.minor().into()), amount.currency());
        let on = match *shape {
            Shape::Direct { fee } => {
                payment.application_fee = fee.map(part);
                Some(other)
            }
            Shape::DestinationFee(fee) => {
                payment = payment.destination(other).application_fee(part(fee));
                None
            }
            Shape::DestinationPart(sum) => {
                payment = payment.destination(other).transfer_amount(part(sum));
                None
            }
            Shape::DestinationWhole => {
                payment = payment.destination(other);
                None
            }
            Shape::Separate => None,
            Shape::DirectPlan(_) | Shape::DestinationPlan(_) | Shape::Shared { .. } | Shape::Nonsense(4..) => {
                let parties = self.parties(shape, other, (&fit, &everyone));
                payment = by_plan(payment, shape, (other, &parties));
                direct.then_some(other)
            }
            Shape::Nonsense(0) => {
                payment = payment.destination(other).transfer_amount(amount).application_fee(amount);
                None
            }
            Shape::Nonsense(1) => {
                payment = payment.destination(other);
                Some(other)
            }
            Shape::Nonsense(2) => {
                payment = payment.application_fee(Money::new(1, GBP));
                Some(other)
            }
            Shape::Nonsense(_) => {
                payment = payment.application_fee(amount);
                None
            }
        };
        // A direct charge is on behalf of nobody, unless the step insists.
        if more.behalf && (on.is_none() || who.0 % 8 == 0) {
            payment = payment.on_behalf_of(other);
        }
        (Command::CreatePayment(payment), on)
    }

    /// Among whom a payment is shared out, no one of them twice.
    fn parties(&self, shape: &Shape, other: AccountId, (fit, all): (&[AccountId], &[AccountId])) -> Vec<AccountId> {
        let Shape::Shared { others, house, .. } = *shape else { return Vec::new() };
        let among = others.into_iter().filter_map(|pick| pick.likely(fit, all));
        let mut parties: Vec<AccountId> = Vec::new();
        for party in house.then_some(self.platform.id()).into_iter().chain([other]).chain(among) {
            if !parties.contains(&party) {
                parties.push(party);
            }
        }
        parties
    }

    pub(super) fn plan(&self, step: &Step) -> (Command, Option<AccountId>) {
        let (Step::Confirm { payment, way, on } | Step::Update { payment, way, on, .. }) = step else {
            panic!("{step:?} is no plan")
        };
        let waits = |payment: &PaymentIntent| {
            matches!(payment.status(), PaymentStatus::RequiresPaymentMethod | PaymentStatus::RequiresConfirmation)
        };
        let id = self.payment(*payment, waits);
        let country = self.owner(id).map_or(US, |owner| self.country(owner));
        let method = way.map(|way| Self::method(way, country));
        let command = match *step {
            Step::Update { amount, fee, part, .. } => {
                let whole = self.platform.payment(id).map_or(usd(10_00), PaymentIntent::amount);
                let money = |sum: crate::story::Sum| Money::new(sum.of(whole.minor().into()), whole.currency());
                let change = UpdatePayment { method, ..UpdatePayment::of(id) };
                Command::UpdatePayment(UpdatePayment {
                    amount: amount.map(money),
                    application_fee: fee.map(money),
                    transfer_amount: part.map(money),
                    ..change
                })
            }
            _ => Command::ConfirmPayment(ConfirmPayment { method, ..ConfirmPayment::of(id) }),
        };
        (command, self.on(*on, self.owner(id)))
    }

    pub(super) fn refund(&self, step: &Step) -> (Command, Option<AccountId>) {
        let Step::Refund { payment, amount, transfer, fee, on } = step else { panic!("{step:?} is no refund") };
        let id = self.payment(*payment, |payment| self.is_refundable(payment));
        let charge = self.platform.charge_of(id).ok();
        let left = charge.map_or(usd(10_00), Charge::refundable);
        let bearer = |bears: Bears| match bears {
            Bears::Recipient => Some(WhoBears::Recipient),
            Bears::Charged => Some(WhoBears::Charged),
            Bears::Unsaid => None,
        };
        // What there is nothing to say about is left unsaid, unless the step insists.
        let said = |bears: Bears, applies: bool| match bears {
            Bears::Recipient if !applies && payment.0 % 8 != 0 => None,
            other => bearer(other),
        };
        let refund = NewRefund {
            payment: id,
            amount: amount.map(|sum| Money::new(sum.of(left.minor().into()), left.currency())),
            transfer: said(
                *transfer,
                charge.is_some_and(|charge| charge.transfer().is_some() || charge.split().is_some()),
            ),
            application_fee: said(*fee, charge.is_some_and(|charge| charge.application_fee().is_some())),
            reason: None,
        };
        (Command::CreateRefund(refund), self.on(*on, self.owner(id)))
    }

    /// A refund called off; mostly one for which the payer has to act.
    pub(super) fn cancel_refund(&self, step: &Step) -> (Command, Option<AccountId>) {
        let Step::CancelRefund { refund, on } = step else { panic!("{step:?} calls no refund off") };
        let known = self.refunds();
        let needs_action = |id: &RefundId| {
            self.platform.refund(*id).is_ok_and(|refund| refund.status() == RefundStatus::RequiresAction)
        };
        let good: Vec<RefundId> = known.iter().copied().filter(needs_action).collect();
        let refund = refund.likely(&good, &known).unwrap_or(RefundId::from_host(NOBODY));
        let charge = self.platform.refund(refund).ok().and_then(|refund| self.platform.charge(refund.charge()).ok());
        let on = self.on(*on, charge.map(|charge| charge.owner()));
        (Command::CancelRefund(CancelRefund { refund }), on)
    }
}
