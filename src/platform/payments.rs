use super::captures::Taking;
use super::transaction::Seen;
use super::{Error, Transaction};
use crate::accounts::{Account, AccountError, Action};
use crate::calendar::Timestamp;
use crate::ids::{AccountId, ChargeId, PaymentId};
use crate::journal::{AnomalyCause, AnomalyReason, FactOutcome, Key, Told};
use crate::money::Currency;
use crate::payments::{
    CancelPayment, Charge, ChargeFailed, ChargeFailure, ChargeState, ChargeSucceeded, Flow, NewPayment, Parts,
    PaymentAction, PaymentError, PaymentEvent, PaymentIntent, PaymentState,
};
use crate::routing::{PaymentPlan, Share};
use crate::rulebook::{Capability, FundsFlow};

/// Whose payment it will be and who gets a part, as far as the command alone tells.
fn flow(on: Option<AccountId>, command: &NewPayment) -> Result<Flow, PaymentError> {
    let amount = command.amount;
    if !amount.is_positive() {
        return Err(PaymentError::AmountNotPositive(amount));
    }
    match (on, command.destination, command.on_behalf_of) {
        (Some(account), _, Some(_)) => return Err(PaymentError::OnBehalfOfDirect(account)),
        // RULE: normally both are the same; that they differ is not documented, so it is refused
        // (docs.stripe.com/connect/destination-charges, 2026).
        (None, Some(destination), Some(on_behalf_of)) if destination != on_behalf_of => {
            return Err(PaymentError::OnBehalfOfOther { destination, on_behalf_of });
        }
        (None, _, _) | (Some(_), _, None) => {}
    }
    let Parts { fee, transfer } = Parts::check(amount, command.application_fee, command.transfer_amount)?;
    match (on, command.destination, fee, transfer) {
        (Some(account), Some(_), _, _) => Err(PaymentError::DestinationOnDirect(account)),
        // RULE: the two exclude each other (docs.stripe.com/connect/destination-charges, 2026).
        (_, _, Some(_), Some(_)) => Err(PaymentError::FeeAndTransferAmount),
        (Some(_), None, _, Some(_)) | (None, None, Some(_), _) | (None, None, _, Some(_)) => {
            Err(PaymentError::NobodyToShareWith)
        }
        (Some(account), None, fee, None) => Ok(Flow::Direct { account, application_fee: fee.unwrap_or(0) }),
        (None, Some(account), Some(fee), None) if fee > 0 => {
            Ok(Flow::Destination { account, share: Share::ApplicationFee(fee) })
        }
        (None, Some(account), None, Some(amount)) => {
            Ok(Flow::Destination { account, share: Share::TransferAmount(amount) })
        }
        (None, Some(account), _, None) => Ok(Flow::Destination { account, share: Share::Whole }),
        (None, None, None, None) => Ok(Flow::Separate),
    }
}

/// That the payment's plan is for payments of that type.
fn check_plan_type(plan: Option<&PaymentPlan>, flow: &Flow) -> Result<(), PaymentError> {
    match (plan, flow) {
        (Some(PaymentPlan::Commission(_)), Flow::Separate) => Err(PaymentError::NobodyToShareWith),
        (Some(PaymentPlan::Split(_)), Flow::Direct { .. } | Flow::Destination { .. }) => {
            Err(PaymentError::SplitNotSeparate)
        }
        (None, _)
        | (Some(PaymentPlan::Commission(_)), Flow::Direct { .. } | Flow::Destination { .. })
        | (Some(PaymentPlan::Split(_)), Flow::Separate) => Ok(()),
    }
}

/// On which way the money of a destination charge comes to its recipient.
const fn destination_flow(on_behalf_of: Option<AccountId>) -> FundsFlow {
    match on_behalf_of {
        Some(_) => FundsFlow::DestinationOnBehalfOf,
        None => FundsFlow::Destination,
    }
}

/// What the world says about a charge, once it is known which.
pub(super) struct News {
    pub(super) payment: PaymentIntent,
    pub(super) charge: Charge,
}

impl Transaction<'_> {
    pub(super) fn create_payment(&mut self, on: Option<AccountId>, command: &NewPayment) -> Result<PaymentId, Error> {
        let flow = flow(on, command)?;
        check_plan_type(command.plan.as_deref(), &flow)?;
        let owner = on.unwrap_or(self.platform);
        let other = command.destination.or(command.on_behalf_of).unwrap_or(owner);
        self.want_for_plan(command, &[owner, other, self.platform])?;
        let owner = self.get::<Account>(owner)?;
        self.want_volume(&owner)?;
        let recipient = match flow {
            Flow::Destination { account, .. } => {
                let recipient = self.connected(account)?;
                self.want_volume(&recipient)?;
                Some(recipient)
            }
            Flow::Direct { .. } | Flow::Separate => None,
        };
        let other = self.merchant(command.on_behalf_of, flow, &owner)?;
        let merchant = other.as_deref().unwrap_or(&owner);
        match command.method {
            Some(method) => {
                self.check_attempt(merchant, method, command.amount)?;
                self.can_capture_later(command.capture, method)?;
            }
            None if command.confirm => return Err(PaymentError::MethodMissing.into()),
            None => {
                self.check_amount(merchant, command.amount, None)?;
                self.check_settled(merchant, command.amount, None)?;
            }
        }
        if let Some(recipient) = &recipient {
            self.permit(recipient, Action::Transfer)?;
            self.reaches(owner.country(), recipient, &[destination_flow(command.on_behalf_of)])?;
            let booked_in = self.settles(merchant, command.amount.currency());
            self.inbound(recipient, booked_in)?;
            needs(recipient, Capability::Transfers)?;
        }
        if let Some(method) = command.method {
            self.check_in_person((method, command.amount), (&owner, merchant), recipient.as_deref())?;
        }
        let (has_fee, has_plan) =
            (matches!(flow, Flow::Direct { application_fee: 1.., .. }), command.plan_in_force().is_some());
        if has_fee || (has_plan && on.is_some()) {
            self.is_for_commission(owner.id())?;
            self.can_pay_commission(&owner, command.amount.currency())?;
        }
        if has_plan {
            self.check_new_plan(command, (on, &owner, merchant))?;
        }
        let family = self.new_family(command.id.map(Into::into))?;
        let payment = PaymentIntent::new(PaymentId::of(family, 0), command, flow, self.now);
        let id = payment.id();
        self.event(PaymentEvent::Created, id, on);
        // A card that is presented is known once a reader has taken it.
        match command.method.filter(|method| command.confirm && !method.is_in_person()) {
            Some(method) => self.submit(payment, method, owner.id(), merchant)?,
            None => self.put(payment),
        }
        Ok(id)
    }

    /// That the recipient of a destination charge may get its part.
    pub(super) fn check_recipient(&mut self, payment: &PaymentIntent, owner: &Account) -> Result<(), Error> {
        if let Some(plan) = payment.split_plan() {
            return self.check_recipients(plan, owner);
        }
        let Flow::Destination { account, .. } = *payment.flow() else { return Ok(()) };
        let recipient = self.connected(account)?;
        self.want_volume(&recipient)?;
        self.permit(&recipient, Action::Transfer)?;
        self.reaches(owner.country(), &recipient, &[destination_flow(payment.on_behalf_of())])?;
        Ok(needs(&recipient, Capability::Transfers)?)
    }

    pub(super) fn cancel_payment(
        &mut self,
        on: Option<AccountId>,
        command: &CancelPayment,
    ) -> Result<PaymentId, Error> {
        let payment = self.get::<PaymentIntent>(command.payment)?;
        self.owner_of(&payment, on)?;
        let next = payment.cancel(self.now, command.reason)?;
        let mut held = None;
        if let Some(attempt) = payment.latest_charge() {
            let charge = self.get::<Charge>(attempt)?;
            self.abandon(&charge);
            held = charge.may_be_held().then_some(attempt);
        }
        // What was captured in part is paid with that.
        let event = match next.state() {
            PaymentState::Succeeded => PaymentEvent::Succeeded,
            PaymentState::RequiresPaymentMethod { .. }
            | PaymentState::RequiresConfirmation { .. }
            | PaymentState::RequiresAction { .. }
            | PaymentState::Processing
            | PaymentState::RequiresCapture { .. }
            | PaymentState::Canceled { .. } => PaymentEvent::Canceled,
        };
        self.put(next);
        self.event(event, command.payment, on);
        if let Some(charge) = held {
            self.look_at_claims(charge)?;
        }
        Ok(command.payment)
    }

    /// The account that a payment is booked on, if the one acted for may deal with it.
    pub(super) fn owner_of(&self, payment: &PaymentIntent, on: Option<AccountId>) -> Result<AccountId, PaymentError> {
        let direct = match payment.flow() {
            Flow::Direct { account, .. } => Some(*account),
            Flow::Destination { .. } | Flow::Separate => None,
        };
        if direct == on { Ok(on.unwrap_or(self.platform)) } else { Err(PaymentError::NotOnAccount(payment.id())) }
    }

    /// Asks at once for everyone whose balance a payment touches, where not everything is known.
    pub(super) fn want_parties(&self, payment: &PaymentIntent, charge: &Charge) -> Result<(), Error> {
        if self.state.is_whole() {
            return Ok(());
        }
        let other = match payment.flow() {
            Flow::Destination { account, .. } => Some(*account),
            Flow::Direct { .. } | Flow::Separate => payment.on_behalf_of(),
        };
        let parties = [Some(charge.owner()), Some(self.platform), other].into_iter().flatten();
        let currencies: Vec<Currency> = charge.exchange().currencies(payment.amount().currency()).collect();
        let keys = parties.flat_map(|party| {
            let balances = currencies.iter().map(move |currency| Key::Balance(party, *currency));
            std::iter::once(Key::Family(party.family())).chain(balances)
        });
        let of_plan = Self::keys_of_recipients(charge).chain(Self::key_of_pricing(charge));
        self.want(&keys.chain(of_plan).collect::<Vec<Key>>())
    }

    pub(super) fn news(&mut self, charge: ChargeId) -> Result<News, Error> {
        let charge = self.take::<Charge>(charge)?;
        let payment = self.take::<PaymentIntent>(charge.payment())?;
        Ok(News { payment, charge })
    }

    pub(super) fn charge_succeeded(
        &mut self,
        report: Told<'_>,
        id: ChargeId,
        fact: &ChargeSucceeded,
    ) -> Result<FactOutcome, Error> {
        let News { payment, charge } = self.news(id)?.taken_at_once();
        self.want_parties(&payment, &charge)?;
        let anomaly = |reason| Ok((AnomalyCause::Fact(report.to_report()), reason));
        let refused: Result<(AnomalyCause, AnomalyReason), Error> = match payment.state() {
            _ if payment.captured_later().is_some() && !charge.may_be_taken_at_once() => {
                anomaly(AnomalyReason::WrongCaptureMethod)
            }
            _ if matches!(charge.state(), ChargeState::Succeeded(_)) => anomaly(AnomalyReason::AlreadySucceeded),
            PaymentState::Succeeded | PaymentState::RequiresCapture { .. } => anomaly(AnomalyReason::AlreadySucceeded),
            PaymentState::Canceled { .. } if !payment.gave_up_by_itself() => anomaly(AnomalyReason::PaymentCanceled),
            _ if charge.is_called_off() => anomaly(AnomalyReason::PaymentCanceled),
            PaymentState::RequiresPaymentMethod { .. }
            | PaymentState::RequiresConfirmation { .. }
            | PaymentState::RequiresAction { .. }
            | PaymentState::Processing
            | PaymentState::Canceled { .. } => {
                if payment.latest_charge() != Some(id) {
                    anomaly(AnomalyReason::Superseded)
                } else if fact.amount != charge.amount() || fact.amount != payment.amount() {
                    anomaly(AnomalyReason::AmountDiffers)
                } else if !payment.has_room_for_a_capture(0) {
                    anomaly(AnomalyReason::OutOfRange)
                } else {
                    // No money was taken before it was asked for; providers tell the time in whole seconds.
                    let at = report.at.max(charge.created());
                    let owner = self.get::<Account>(charge.owner())?;
                    match self.taken_on(&payment, (charge.delay(), at), &owner)? {
                        Ok(date) => {
                            let flow = self.open_flow(report, *payment.flow(), &owner)?;
                            let card = fact.card.filter(|_| charge.method().is_card());
                            let charge = charge.with_card(card);
                            let (flow, commission) = self.shared_out((&payment, &charge), flow, charge.amount())?;
                            let closed = self.closed_recipients(report, &charge)?;
                            let (total, processor_fee) = (charge.amount().minor(), charge.processor_fee());
                            let bearer = self.bears_fees(&payment, &owner);
                            let plan = self.plan_of(&owner, charge.settlement_currency())?;
                            let let_go = 0;
                            let taking = Taking {
                                at,
                                date,
                                flow,
                                bearer,
                                total,
                                let_go,
                                processor_fee,
                                plan,
                                commission,
                                closed,
                            };
                            return self.succeed_at_once(payment.captured_at_once(), charge, &taking);
                        }
                        Err(_) => anomaly(AnomalyReason::OutOfRange),
                    }
                }
            }
        };
        let (cause, reason) = refused?;
        Ok(self.open_anomaly(cause, reason))
    }

    pub(super) fn charge_failed(
        &mut self,
        at: Timestamp,
        id: ChargeId,
        fact: &ChargeFailed,
    ) -> Result<FactOutcome, Error> {
        let News { payment, charge } = self.news(id)?;
        let Some(next) = charge.fail(at, fact.failure) else { return Ok(FactOutcome::Stale) };
        let next = self.settle_submission(&payment, next)?;
        let next = self.settle_failure_fee(&payment, next)?;
        self.attempt_failed(&payment, &charge, next, fact.failure);
        Ok(FactOutcome::Applied)
    }

    /// Takes up that an attempt came to nothing, or another reason for that.
    fn attempt_failed(&mut self, payment: &PaymentIntent, before: &Charge, after: Charge, failure: ChargeFailure) {
        let (id, owner) = (payment.id(), Some(after.owner()));
        if payment.latest_charge() == Some(after.id()) {
            let limit = self.rulebook.attempt_limit();
            let failed = match before.step() {
                Some(_) => payment.fail(failure, limit, self.now),
                None => Some(payment.failed_otherwise(failure)).filter(|next| next != payment),
            };
            if let Some(failed) = failed {
                self.event(PaymentEvent::PaymentFailed, id, owner);
                if failed.gave_up_by_itself() {
                    self.event(PaymentEvent::Canceled, id, owner);
                }
                self.put(failed);
            }
        }
        self.event(PaymentEvent::ChargeFailed, after.id(), owner);
        self.put(after);
    }

    /// A voucher that nobody paid runs out, or an authorization that nobody captured.
    pub(super) fn expire_payment(&mut self, id: PaymentId) -> Result<(), Error> {
        let Some(payment) = self.find::<PaymentIntent>(id)? else { return Ok(()) };
        if payment.due() != Some(self.now) {
            return Ok(());
        }
        if let PaymentState::RequiresCapture { .. } = payment.state() {
            return self.release_expired(&payment);
        }
        let (charge, failure) = (self.get::<Charge>(payment.attempt()?)?, ChargeFailure::PaymentExpired);
        if let Some(next) = charge.fail(self.now, failure) {
            self.attempt_failed(&payment, &charge, next, failure);
        }
        Ok(())
    }

    /// The successful charge of a payment.
    pub(super) fn paid(&mut self, payment: &PaymentIntent) -> Result<Charge, Error> {
        let status = payment.status();
        let refused = PaymentError::UnexpectedState { payment: payment.id(), status, action: PaymentAction::Refund };
        match payment.state() {
            PaymentState::Succeeded => self.take(payment.attempt()?),
            // RULE: what was captured in part can be given back before the last capture (docs.stripe.com/payments/multicapture, 2024).
            PaymentState::RequiresCapture { .. } | PaymentState::Processing if !payment.amount_received().is_zero() => {
                self.take(payment.attempt()?)
            }
            PaymentState::RequiresPaymentMethod { .. }
            | PaymentState::RequiresConfirmation { .. }
            | PaymentState::RequiresAction { .. }
            | PaymentState::Processing
            | PaymentState::RequiresCapture { .. }
            | PaymentState::Canceled { .. } => Err(refused.into()),
        }
    }
}

impl<'a> Transaction<'a> {
    /// The recipient of a destination charge.
    pub(super) fn recipient_of(&mut self, payment: &PaymentIntent) -> Result<Option<Seen<'a, Account>>, Error> {
        match *payment.flow() {
            Flow::Destination { account, .. } => Ok(Some(self.connected(account)?)),
            Flow::Direct { .. } | Flow::Separate => Ok(None),
        }
    }

    /// The account that a payment is made on behalf of, if it can be.
    // RULE: an account that can take payments itself, under the full agreement, which is what the capability to take them needs
    // (docs.stripe.com/connect/separate-charges-and-transfers, 2024).
    pub(super) fn merchant(
        &mut self,
        on_behalf_of: Option<AccountId>,
        flow: Flow,
        owner: &Account,
    ) -> Result<Option<Seen<'a, Account>>, Error> {
        let Some(account) = on_behalf_of else { return Ok(None) };
        let account = self.connected(account)?;
        self.want_volume(&account)?;
        self.permit(&account, Action::Transfer)?;
        if let Flow::Separate = flow {
            self.reaches(owner.country(), &account, &[FundsFlow::SeparateOnBehalfOf])?;
        }
        Ok(Some(account))
    }
}

/// That an account may use a capability.
pub(super) fn needs(account: &Account, capability: Capability) -> Result<(), AccountError> {
    // RULE: the capability that accounts had before there were several stands for both (docs.stripe.com/connect/account-capabilities,
    // 2024).
    let is_of_old = matches!(capability, Capability::CardPayments | Capability::Transfers);
    if account.can(capability) || (is_of_old && account.can(Capability::LegacyPayments)) {
        Ok(())
    } else if account.is_connected() {
        Err(AccountError::CapabilityNotActive { account: account.id(), capability })
    } else {
        Err(AccountError::NotConnected(account.id(), account.standing().access))
    }
}
