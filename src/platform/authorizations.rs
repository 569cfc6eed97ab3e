use chrono::TimeDelta;

use super::captures::Taking;
use super::payments::{News, needs};
use super::{Error, Transaction};
use crate::accounts::Account;
use crate::calendar::Timestamp;
use crate::ids::{AccountId, ChargeId, PaymentId};
use crate::journal::{AnomalyReason, Digest, Domain, FactOutcome, Instruction, Key, Origin, Told};
use crate::money::{Currency, Money};
use crate::payments::{
    Asked, Authorization, AuthorizationIncremented, Cancellation, CaptureFailed, CapturePayment, Charge,
    ChargeAuthorized, ChargeCaptured, Flow, Granted, IncrementAuthorization, IncrementDeclined, MOST_CAPTURES,
    MOST_INCREMENTS, ManualCapture, PaymentAction, PaymentError, PaymentEvent, PaymentInstruction, PaymentIntent,
    PaymentState, PaymentStatus, Raise, Telling,
};
use crate::routing::{ApplicationFee, Transfer};
use crate::rulebook::{AuthorizationUse, CardBrand, OvercaptureUse};

impl Transaction<'_> {
    /// The payment that is to be captured or raised, its charge, and what is known of its authorization.
    fn held_ready(
        &mut self,
        id: PaymentId,
        on: Option<AccountId>,
        action: PaymentAction,
    ) -> Result<(News, Authorization), Error> {
        let payment = self.take::<PaymentIntent>(id)?;
        self.owner_of(&payment, on)?;
        let refused = PaymentError::UnexpectedState { payment: id, status: payment.status(), action };
        let PaymentState::RequiresCapture { .. } = payment.state() else { return Err(refused.into()) };
        let charge = self.take::<Charge>(payment.attempt()?)?;
        let Some(authorization) = charge.authorization().cloned().filter(Authorization::is_open) else {
            return Err(refused.into());
        };
        if authorization.asked().is_some() {
            return Err(PaymentError::AuthorizationBusy(id).into());
        }
        Ok((News { payment, charge }, authorization))
    }

    pub(super) fn capture_payment(
        &mut self,
        on: Option<AccountId>,
        command: &CapturePayment,
    ) -> Result<PaymentId, Error> {
        let id = command.payment;
        if let Some(amount) = command.amount.filter(|amount| amount.is_negative()) {
            return Err(PaymentError::AmountNotPositive(amount).into());
        }
        let (News { payment, charge }, authorization) = self.held_ready(id, on, PaymentAction::Capture)?;
        let capture = authorization.next_capture();
        if capture > MOST_CAPTURES {
            return Err(PaymentError::TooManyCaptures(id).into());
        }
        if !command.is_final && !authorization.is_multicapture() {
            return Err(PaymentError::OneCaptureOnly(id).into());
        }
        if !payment.has_room_for_a_capture(0) {
            return Err(PaymentError::FamilyFull(id).into());
        }
        let amount = self.capture_amount(&charge, &authorization, command)?;
        let names_shares = command.application_fee.is_some() || command.transfer_amount.is_some();
        // RULE: once the first capture names a commission or a transfer amount, every later one has to
        // (docs.stripe.com/payments/multicapture, 2024). One that takes nothing has nothing to share.
        if authorization.must_name_shares() && !names_shares && !amount.is_zero() {
            return Err(PaymentError::SharesUnsaid(id).into());
        }
        let total = charge.amount_captured().checked_add(amount)?;
        let whole = if total.minor() > payment.amount().minor() { total } else { payment.amount() };
        let flow = payment.flow().with_shares(whole, (command.application_fee, command.transfer_amount))?;
        let owner = self.get::<Account>(charge.owner())?;
        self.want_volume(&owner)?;
        match payment.plan().filter(|_| !names_shares) {
            Some(_) => payment.check_plan(Some(charge.method()), total)?,
            None if !names_shares && charge.pricing().is_some() => self.check_price(&payment, &charge, total)?,
            None => self.check_shares(&charge, flow, total)?,
        }
        let other = self.merchant(payment.on_behalf_of(), *payment.flow(), &owner)?;
        let merchant = other.as_deref().unwrap_or(&owner);
        needs(merchant, self.rulebook.payment_method(charge.method()).needed_capability()?)?;
        self.check_recipient(&payment, &owner)?;
        self.check_commission(payment.flow(), flow, &owner, total)?;
        self.may_name(&payment, names_shares)?;
        let charge = self.with_commission_rate(charge, (payment.flow(), flow), total)?;
        charge.check_split(total)?;
        let asked = Asked::Capture { capture, amount: amount.minor(), is_final: command.is_final };
        self.event(PaymentEvent::Processing, id, on);
        self.ask_about(payment.ask_capture()?, &charge, authorization.ask_capture(asked, flow, names_shares));
        Ok(id)
    }

    /// Asks the world for a capture, or for more to be held ready.
    fn ask_about(&mut self, payment: PaymentIntent, charge: &Charge, authorization: Authorization) {
        let charge = charge.clone().with_authorization(authorization);
        if let Some(instruction) = charge.asked() {
            self.instruct(Instruction::Payment(instruction));
        }
        self.put(payment);
        self.put(charge);
    }

    /// What is captured: what was asked for, or all that is left of what was authorized.
    fn capture_amount(
        &self,
        charge: &Charge,
        authorization: &Authorization,
        command: &CapturePayment,
    ) -> Result<Money, Error> {
        let (captured, currency) = (charge.amount_captured(), charge.amount().currency());
        let amount = command.amount.unwrap_or(Money::new(authorization.left(), currency));
        if amount.currency() != currency {
            return Err(PaymentError::WrongCurrency { given: amount.currency(), needed: currency }.into());
        }
        // RULE: a last capture of nothing closes what was captured before (docs.stripe.com/payments/multicapture, 2024).
        if amount.is_zero() && !(command.is_final && captured.is_positive()) {
            return Err(PaymentError::AmountNotPositive(amount).into());
        }
        let most = authorization.most_capturable();
        let left = Money::new(most.saturating_sub(captured.minor()).max(0), currency);
        if amount.minor() > left.minor() {
            let payment = charge.payment();
            return Err(PaymentError::CaptureTooLarge { payment, asked: amount, capturable: left }.into());
        }
        let multiple = self.rulebook.charge_limits(currency)?.charge_multiple();
        if amount.minor().checked_rem(multiple) != Some(0) {
            return Err(PaymentError::AmountNotMultiple { amount, multiple }.into());
        }
        Ok(amount)
    }

    /// That the parts of others are no less than what they were given.
    fn check_shares(&mut self, charge: &Charge, flow: Flow, total: Money) -> Result<(), Error> {
        let payment = charge.payment();
        let below = |asked: Money, given: Money| {
            (asked.minor() < given.minor()).then_some(PaymentError::ShareBelowGiven { payment, asked, given })
        };
        if let Some(id) = charge.application_fee() {
            let given = self.get::<ApplicationFee>(id)?.amount();
            let asked = Money::new(flow.application_fee(total.minor()), given.currency());
            if let Some(refused) = below(asked, given) {
                return Err(refused.into());
            }
        }
        if let Some(id) = charge.transfer() {
            // A transfer is in the currency in which the charge is booked.
            let given = self.get::<Transfer>(id)?.amount();
            if let Some(refused) = below(charge.settled(flow.transferred(total.minor()))?, given) {
                return Err(refused.into());
            }
        }
        Ok(())
    }

    /// That a commission other than the one named before can be taken: only the platform says what it takes, less as well as more.
    pub(super) fn check_commission(
        &mut self,
        known: &Flow,
        flow: Flow,
        owner: &Account,
        total: Money,
    ) -> Result<(), Error> {
        let Flow::Direct { .. } = flow else { return Ok(()) };
        let (was, next) = (known.application_fee(total.minor()), flow.application_fee(total.minor()));
        if next != was {
            self.is_for_commission(owner.id())?;
        }
        if was == 0 && next > 0 {
            self.can_pay_commission(owner, total.currency())?;
        }
        Ok(())
    }

    /// That an account can pay the platform a commission on its own charges, in a currency.
    pub(super) fn can_pay_commission(&mut self, owner: &Account, currency: Currency) -> Result<(), Error> {
        let platform = self.get::<Account>(self.platform)?;
        if self.rulebook.country(owner.country())?.commissions_at_home() && platform.country() != owner.country() {
            return Err(PaymentError::CommissionFromAbroad(owner.id()).into());
        }
        // The platform has to be able to hold it, or to have it converted.
        self.inbound(&platform, currency).map(drop)
    }

    pub(super) fn increment_authorization(
        &mut self,
        on: Option<AccountId>,
        command: &IncrementAuthorization,
    ) -> Result<PaymentId, Error> {
        let (id, amount) = (command.payment, command.amount);
        if !amount.is_positive() {
            return Err(PaymentError::AmountNotPositive(amount).into());
        }
        let (News { payment, charge }, authorization) = self.held_ready(id, on, PaymentAction::Increment)?;
        let authorized = Money::new(authorization.amount(), charge.amount().currency());
        if amount.currency() != authorized.currency() {
            let (given, needed) = (amount.currency(), authorized.currency());
            return Err(PaymentError::WrongCurrency { given, needed }.into());
        }
        let attempt = authorization.increments().saturating_add(1);
        let is_captured = charge.amount_captured().is_positive();
        if !authorization.is_incremental() || is_captured || attempt > MOST_INCREMENTS {
            return Err(PaymentError::NotIncremental(id).into());
        }
        if amount.minor() <= authorized.minor() {
            return Err(PaymentError::IncrementTooSmall { payment: id, asked: amount, authorized }.into());
        }
        let flow = payment.flow().with_shares(amount, (command.application_fee, command.transfer_amount))?;
        let owner = self.get::<Account>(charge.owner())?;
        self.want_volume(&owner)?;
        let other = self.merchant(payment.on_behalf_of(), *payment.flow(), &owner)?;
        self.check_attempt(other.as_deref().unwrap_or(&owner), charge.method(), amount)?;
        self.check_recipient(&payment, &owner)?;
        self.check_commission(payment.flow(), flow, &owner, amount)?;
        let names_shares = command.application_fee.is_some() || command.transfer_amount.is_some();
        self.may_name(&payment, names_shares)?;
        if !names_shares {
            self.check_price(&payment, &charge, amount)?;
        }
        let charge = self.with_commission_rate(charge, (payment.flow(), flow), amount)?;
        charge.check_split(amount)?;
        let raise = Raise { attempt, amount: amount.minor(), flow, names_shares };
        self.ask_about(payment, &charge, authorization.ask_raise(raise));
        Ok(id)
    }
}

/// What the world tells about authorizations.
impl Transaction<'_> {
    /// The digest under which facts are parked that wait for more to be known of a charge's authorization.
    fn capture_reference(&self, charge: ChargeId) -> Digest {
        Origin::new(Domain::Reference, self.platform, None, format!("capture/{charge}").as_bytes()).name
    }

    /// Keeps a fact until more is known of a charge's authorization.
    fn wait_for(&mut self, report: Told<'_>, charge: &Charge) -> Result<FactOutcome, Error> {
        let reference = self.capture_reference(charge.id());
        self.want(&[Key::Reference(reference)])?;
        let outcome = self.park(report, reference)?;
        self.put(charge.waited_for(true));
        Ok(outcome)
    }

    /// Takes up what waited for more to be known of a charge's authorization.
    fn take_up_waiting(&mut self, charge: Charge) -> Result<(), Error> {
        let (id, is_waited_for) = (charge.id(), charge.is_waited_for());
        self.put(if is_waited_for { charge.waited_for(false) } else { charge });
        if is_waited_for { self.take_up(self.capture_reference(id)) } else { Ok(()) }
    }

    /// What the world grants with an authorization, where it tells, and else what the rules say; `None` where nothing says until when
    /// it can be captured.
    fn granted(
        &mut self,
        told: &Telling,
        how: ManualCapture,
        (payment, charge): (&PaymentIntent, &Charge),
    ) -> Result<Option<Granted>, Error> {
        let merchant = self.get::<Account>(self.merchant_of(payment, charge.owner()))?;
        let brand = told.card.map_or(CardBrand::Unknown, |card| card.brand);
        let amount = Money::new(told.amount, charge.amount().currency());
        let what = AuthorizationUse {
            method: charge.method(),
            brand,
            off_session: how.off_session,
            // An extension is asked for in vain often enough: only what was told counts.
            extended: how.extended && told.extended.unwrap_or(false),
            country: merchant.country(),
            currency: amount.currency(),
        };
        let window = |what| self.rulebook.capture_before(&what, told.at);
        let until = || window(what).or_else(|| window(AuthorizationUse { extended: false, ..what }));
        let Some(capture_before) = told.capture_before.or_else(until) else { return Ok(None) };
        let most = how.overcapture.zip(told.card).map_or(amount, |(trade, card)| {
            let (country, card_country) = (merchant.country(), card.country);
            let what = OvercaptureUse { brand, funding: card.funding, card_country, trade, country };
            self.rulebook.most_capturable(&what, amount)
        });
        let said = told.most_capturable.filter(|_| how.overcapture.is_some());
        // RULE: several captures are for cards online (docs.stripe.com/payments/multicapture, 2024).
        let is_usual = brand.is_multicapture() && !charge.method().is_in_person();
        Ok(Some(Granted {
            capture_before,
            most: said.unwrap_or(most.minor()).max(amount.minor()),
            multicapture: how.multicapture && told.multicapture.unwrap_or(is_usual),
            incremental: how.incremental && told.incremental.unwrap_or(charge.method().is_card()),
        }))
    }

    /// When an authorization that is known since now can run out first.
    // What the change itself leads to comes after everything that is decided at its moment.
    pub(super) fn expiry(&self, capture_before: Timestamp) -> Timestamp {
        let soon = self.now.checked_add(TimeDelta::microseconds(1)).unwrap_or(Timestamp::MAX);
        capture_before.max(soon)
    }

    pub(super) fn charge_authorized(
        &mut self,
        report: Told<'_>,
        id: ChargeId,
        fact: &ChargeAuthorized,
    ) -> Result<FactOutcome, Error> {
        let News { payment, charge } = match self.authorized_news(id)? {
            Ok(news) => news,
            Err(reason) => return self.held_in_vain(report, id, reason),
        };
        let Some(how) = payment.captured_later() else {
            return Ok(self.odd(report, AnomalyReason::WrongCaptureMethod));
        };
        // What was taken at once is held ready no more.
        if charge.captured().is_some() && charge.authorization().is_none() {
            return Ok(FactOutcome::Stale);
        }
        let asked = charge.authorization().map_or(charge.amount().minor(), |known| known.told().amount);
        if fact.amount != Money::new(asked, charge.amount().currency()) {
            return Ok(self.odd(report, AnomalyReason::AmountDiffers));
        }
        // The payment was changed after the attempt seemed to fail.
        if charge.authorization().is_none() && fact.amount != payment.amount() {
            return self.held_in_vain(report, id, AnomalyReason::AmountDiffers);
        }
        if charge.is_waited_for() {
            self.want(&[Key::Reference(self.capture_reference(id))])?;
        }
        // Nothing was authorized before it was asked for; providers tell the time in whole seconds.
        let told = Telling::of(report.at.max(charge.created()), fact);
        let known = charge.authorization().cloned();
        let told = known.as_ref().map_or(told, |known| told.and(known.told()));
        if known.as_ref().is_some_and(|known| *known.told() == told) {
            return Ok(FactOutcome::Stale);
        }
        let Some(granted) = self.granted(&told, how, (&payment, &charge))? else {
            return Ok(self.odd(report, AnomalyReason::OutOfRange));
        };
        let (owner, expires_at) = (Some(charge.owner()), self.expiry(granted.capture_before));
        if let Some(known) = known {
            self.put(payment.expire_at(expires_at));
            self.put(charge.with_authorization(known.retold(told, granted)));
            self.event(PaymentEvent::ChargeUpdated, id, owner);
            return Ok(FactOutcome::Applied);
        }
        let charge = charge.authorize(Authorization::new(told, granted))?;
        let charge = self.settle_failure_fee(&payment, charge)?;
        self.put(payment.authorize(charge.method(), (told.amount, expires_at))?);
        self.event(PaymentEvent::ChargeSucceeded, id, owner);
        self.event(PaymentEvent::AmountCapturableUpdated, charge.payment(), owner);
        self.take_up_waiting(charge)?;
        Ok(FactOutcome::Applied)
    }

    /// What the payer's bank holds ready for an attempt that was given up is let go, and a person told of it.
    fn held_in_vain(&mut self, report: Told<'_>, id: ChargeId, reason: AnomalyReason) -> Result<FactOutcome, Error> {
        if reason == AnomalyReason::PaymentCanceled && self.get::<Charge>(id)?.authorization().is_some() {
            return Ok(FactOutcome::Stale);
        }
        if reason != AnomalyReason::WrongCaptureMethod {
            self.instruct(Instruction::Payment(PaymentInstruction::Void { charge: id }));
        }
        Ok(self.odd(report, reason))
    }

    pub(super) fn charge_captured(
        &mut self,
        report: Told<'_>,
        id: ChargeId,
        fact: &ChargeCaptured,
    ) -> Result<FactOutcome, Error> {
        let News { payment, charge } = match self.authorized_news(id)? {
            Ok(news) => news,
            Err(reason) => return Ok(self.odd(report, reason)),
        };
        if fact.capture == 0 || fact.capture > MOST_CAPTURES {
            return Ok(self.odd(report, AnomalyReason::OutOfRange));
        }
        let Some(authorization) = charge.authorization().cloned() else { return self.wait_for(report, &charge) };
        let currency = charge.amount().currency();
        if let Some(known) = authorization.captured_by(fact.capture) {
            let is_known = fact.amount == Money::new(known, currency);
            return Ok(if is_known { FactOutcome::Stale } else { self.odd(report, AnomalyReason::AmountDiffers) });
        }
        let captured = charge.amount_captured();
        // What waits for more held ready may need it, and a last capture of nothing builds on one that took money.
        let is_end = fact.capture > 1 && fact.is_final && fact.amount == Money::new(0, currency);
        let comes_early = authorization.is_being_raised() || (is_end && captured.is_zero());
        if comes_early || !authorization.is_known(fact.capture.saturating_sub(1)) {
            return self.wait_for(report, &charge);
        }
        if !authorization.takes(fact.capture) {
            return Ok(self.odd(report, AnomalyReason::AlreadySucceeded));
        }
        self.want_parties(&payment, &charge)?;
        if charge.is_waited_for() {
            self.want(&[Key::Reference(self.capture_reference(id))])?;
        }
        let most = authorization.most_capturable();
        let total = captured.checked_add(fact.amount).ok().filter(|total| {
            let closes = fact.is_final && captured.is_positive();
            (fact.amount.is_positive() || (fact.amount.is_zero() && closes)) && total.minor() <= most
        });
        let Some(total) = total else { return Ok(self.odd(report, AnomalyReason::AmountDiffers)) };
        self.book_capture(report, fact, News { payment, charge }, total)
    }

    fn book_capture(
        &mut self,
        report: Told<'_>,
        fact: &ChargeCaptured,
        News { mut payment, charge }: News,
        total: Money,
    ) -> Result<FactOutcome, Error> {
        let Some(authorization) = charge.authorization().cloned() else { return Ok(FactOutcome::Stale) };
        let owner = self.get::<Account>(charge.owner())?;
        let merchant = self.get::<Account>(self.merchant_of(&payment, charge.owner()))?;
        let price = self.rulebook.price(merchant.country(), charge.method(), charge.settlement_currency());
        let (at, held) = (report.at.max(authorization.at()), authorization.amount().max(total.minor()));
        let date = self.available_on((charge.delay(), at), &merchant)?;
        // RULE: the processor's fee is on what was captured (docs.stripe.com/connect/platform-pricing-tools, 2024).
        let settled = charge.settled(total.minor()).ok().filter(|_| charge.can_be_converted(held));
        let fee = price.ok().zip(settled).and_then(|(price, settled)| price.fee(settled).ok());
        let (Some(fee), Ok(date), true) = (fee, date, payment.has_room_for_a_capture(0)) else {
            return Ok(self.odd(report, AnomalyReason::OutOfRange));
        };
        let agreed = authorization.named().unwrap_or(*payment.flow());
        let is_explicit = authorization.is_explicit();
        let charge = if is_explicit { charge.with_pricing(None) } else { charge };
        if is_explicit {
            payment = payment.without_plan();
        }
        let flow = self.open_flow(report, agreed, &owner)?;
        let (flow, commission) = self.shared_out((&payment, &charge), flow, total)?;
        let closed = self.closed_recipients(report, &charge)?;
        let is_first = charge.captured().is_none();
        // RULE: what is not captured is let go with the last capture, and shows beside a capture that is the only one
        // (docs.stripe.com/reports/balance-transaction-types, 2024).
        let let_go = authorization.amount().saturating_sub(total.minor()).max(0);
        let plan = self.plan_of(&owner, charge.settlement_currency())?;
        let taking = Taking {
            at,
            date,
            flow,
            bearer: self.bears_fees(&payment, &owner),
            total: total.minor(),
            let_go: if is_first && fact.is_final { let_go } else { 0 },
            processor_fee: fee.minor(),
            plan,
            commission,
            closed,
        };
        let next = authorization.take(fact.capture, (fact.amount.minor(), date), fact.is_final);
        let charge = if fact.amount.is_zero() { charge } else { self.book_taking(&mut payment, charge, &taking)? };
        let further = next.is_open().then(|| (next.left(), self.expiry(next.capture_before())));
        // A capture that the world answers while another one is asked for leaves the payment waiting for that.
        let paid = payment.clone().capture_taken(total.minor(), agreed, further, next.asked().is_some())?;
        let charge = charge.with_authorization(next);
        self.tell_of_capture(&payment, &paid, &charge);
        let (id, is_awaited, is_held) = (charge.id(), charge.contest().awaited, charge.may_be_held());
        self.put(paid);
        self.take_up_waiting(charge)?;
        if is_awaited {
            self.disputed_before(id)?;
        }
        if is_held {
            self.look_at_claims(id)?;
        }
        Ok(FactOutcome::Applied)
    }

    /// Tells what a capture, or that one came to nothing, has made of a payment.
    // RULE: a charge counts as captured with the last capture only (docs.stripe.com/payments/multicapture, 2024).
    fn tell_of_capture(&mut self, before: &PaymentIntent, after: &PaymentIntent, charge: &Charge) {
        let on = Some(charge.owner());
        let was_paid = before.status() == PaymentStatus::Succeeded;
        if after.status() == PaymentStatus::Succeeded && !was_paid {
            self.event(PaymentEvent::ChargeCaptured, charge.id(), on);
            self.event(PaymentEvent::Succeeded, after.id(), on);
            return;
        }
        if before.amount_received() != after.amount_received() {
            self.event(PaymentEvent::ChargeUpdated, charge.id(), on);
        }
        if !was_paid {
            self.event(PaymentEvent::AmountCapturableUpdated, after.id(), on);
        }
    }

    pub(super) fn capture_failed(
        &mut self,
        report: Told<'_>,
        id: ChargeId,
        fact: &CaptureFailed,
    ) -> Result<FactOutcome, Error> {
        let News { payment, charge } = match self.authorized_news(id)? {
            Ok(news) => news,
            // Nothing was taken of what was let go.
            Err(AnomalyReason::PaymentCanceled) => return Ok(FactOutcome::Stale),
            Err(reason) => return Ok(self.odd(report, reason)),
        };
        if fact.capture == 0 || fact.capture > MOST_CAPTURES {
            return Ok(self.odd(report, AnomalyReason::OutOfRange));
        }
        let Some(authorization) = charge.authorization().cloned() else { return self.wait_for(report, &charge) };
        if !authorization.is_known(fact.capture.saturating_sub(1)) {
            return self.wait_for(report, &charge);
        }
        let Some(next) = authorization.fail(fact.capture) else { return Ok(FactOutcome::Stale) };
        if charge.is_waited_for() {
            self.want(&[Key::Reference(self.capture_reference(id))])?;
        }
        let further = next.is_open().then(|| self.expiry(next.capture_before()));
        let charge = charge.with_authorization(next);
        if let Some(after) = payment.capture_failed(further).filter(|_| charge.asked().is_none()) {
            self.tell_of_capture(&payment, &after, &charge);
            self.put(after);
        }
        self.take_up_waiting(charge)?;
        Ok(FactOutcome::Applied)
    }

    pub(super) fn authorization_incremented(
        &mut self,
        report: Told<'_>,
        id: ChargeId,
        fact: &AuthorizationIncremented,
    ) -> Result<FactOutcome, Error> {
        self.increment_answered(report, id, (fact.attempt, Some(fact.amount)))
    }

    pub(super) fn increment_declined(
        &mut self,
        report: Told<'_>,
        id: ChargeId,
        fact: &IncrementDeclined,
    ) -> Result<FactOutcome, Error> {
        self.increment_answered(report, id, (fact.attempt, None))
    }

    fn increment_answered(
        &mut self,
        report: Told<'_>,
        id: ChargeId,
        (attempt, amount): (u8, Option<Money>),
    ) -> Result<FactOutcome, Error> {
        let News { payment, charge } = match self.authorized_news(id)? {
            Ok(news) => news,
            // What was let go meanwhile is let go, raised or not.
            Err(AnomalyReason::PaymentCanceled) => return Ok(FactOutcome::Stale),
            Err(reason) => return Ok(self.odd(report, reason)),
        };
        let Some(authorization) = charge.authorization().cloned() else {
            return Ok(self.odd(report, AnomalyReason::NotAsked));
        };
        let Some(raise) = authorization.raise_of(attempt, amount.is_some()) else {
            let is_answered = attempt != 0 && attempt <= authorization.increments();
            return Ok(if is_answered { FactOutcome::Stale } else { self.odd(report, AnomalyReason::NotAsked) });
        };
        if amount.is_some_and(|amount| amount != Money::new(raise.amount, charge.amount().currency())) {
            return Ok(self.odd(report, AnomalyReason::AmountDiffers));
        }
        if charge.is_waited_for() {
            self.want(&[Key::Reference(self.capture_reference(id))])?;
        }
        let next = authorization.raised(raise, amount.is_some());
        if amount.is_some() {
            let on = Some(charge.owner());
            self.event(PaymentEvent::ChargeUpdated, id, on);
            self.event(PaymentEvent::AmountCapturableUpdated, payment.id(), on);
            let payment = if raise.names_shares { payment.without_plan() } else { payment };
            self.put(payment.raise(raise.amount, next.left(), raise.flow));
        }
        self.take_up_waiting(charge.with_authorization(next))?;
        Ok(FactOutcome::Applied)
    }

    /// Nobody captured in time what was held ready: it is let go.
    pub(super) fn release_expired(&mut self, payment: &PaymentIntent) -> Result<(), Error> {
        let charge = self.get::<Charge>(payment.attempt()?)?;
        let (owner, is_held) = (Some(charge.owner()), charge.may_be_held());
        let next = payment.release(self.now, Cancellation::Expired)?;
        let event = if payment.amount_received().is_zero() { PaymentEvent::Canceled } else { PaymentEvent::Succeeded };
        if let Some(charge) = charge.release(self.now) {
            self.instruct(Instruction::Payment(PaymentInstruction::Void { charge: charge.id() }));
            self.event(PaymentEvent::ChargeExpired, charge.id(), owner);
            self.put(charge);
        }
        self.event(event, payment.id(), owner);
        self.put(next);
        if is_held { self.look_at_claims(payment.attempt()?) } else { Ok(()) }
    }
}
