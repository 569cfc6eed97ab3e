use super::{Error, Transaction};
use crate::accounts::{Access, Account, AccountError, Action, FeePayer};
use crate::calendar::{Delay, Timestamp};
use crate::ids::{AccountId, ApplicationFeeId, ChargeId, PaymentId, TransferId};
use crate::journal::{AnomalyCause, AnomalyReason, FactOutcome, Instruction, Key, Told};
use crate::ledger::{EntryKind, LedgerAccount, Lines, Postings};
use crate::money::Money;
use crate::payments::{
    Attempt, CancelPayment, Charge, ChargeFailed, ChargeFailure, ChargeState, ChargeSucceeded, ConfirmPayment, Flow,
    NewPayment, PaymentAction, PaymentError, PaymentEvent, PaymentInstruction, PaymentIntent, PaymentState, Received,
};
use crate::payouts::BalanceSettings;
use crate::routing::{ApplicationFee, RoutingEvent, Sent, Share, Transfer};
use crate::rulebook::{Capability, FundsFlow, Notification, PaymentMethod};

/// A transfer and a commission may be born of a payment when its money is taken.
const MEMBERS_OF_A_CAPTURE: u16 = 2;

/// Whose payment it will be and who gets a part, as far as the command alone tells.
fn flow(on: Option<AccountId>, command: &NewPayment) -> Result<Flow, PaymentError> {
    let amount = command.amount;
    if !amount.is_positive() {
        return Err(PaymentError::AmountNotPositive(amount));
    }
    let in_currency = |part: Money| {
        let (given, needed) = (part.currency(), amount.currency());
        if given == needed { Ok(part.minor()) } else { Err(PaymentError::WrongCurrency { given, needed }) }
    };
    let fee = command.application_fee.map(in_currency).transpose()?;
    let transfer = command.transfer_amount.map(in_currency).transpose()?;
    // RULE: the commission may be all of the payment, not more; 0 means none (docs.stripe.com/connect/direct-charges,
    // 2026, caps it at the captured amount; recorded exchanges accept 0).
    if let Some(fee) = command.application_fee.filter(|fee| fee.is_negative() || fee.minor() > amount.minor()) {
        return Err(PaymentError::FeeExceedsAmount { fee, amount });
    }
    if let Some(transfer) = command.transfer_amount.filter(|part| !part.is_positive() || part.minor() > amount.minor())
    {
        return Err(PaymentError::TransferExceedsAmount { transfer, amount });
    }
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

/// What the world says about a charge, once it is known which.
struct News {
    payment: PaymentIntent,
    charge: Charge,
}

impl Transaction<'_> {
    pub(super) fn create_payment(&mut self, on: Option<AccountId>, command: &NewPayment) -> Result<PaymentId, Error> {
        let flow = flow(on, command)?;
        let owner = on.unwrap_or(self.platform);
        let other = command.destination.unwrap_or(owner);
        self.want(&[owner, other, self.platform].map(|account| Key::Family(account.family())))?;
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
        self.check_attempt(&owner, command.method, command.amount)?;
        if let Some(recipient) = &recipient {
            self.permit(recipient, Action::Transfer)?;
            self.reaches(owner.country(), recipient, &[FundsFlow::Destination])?;
            self.holds(recipient, command.amount.currency())?;
            needs(recipient, Capability::Transfers)?;
        }
        if let Flow::Direct { application_fee: 1.., .. } = flow {
            self.is_for_commission(owner.id())?;
            // The commission is booked on the platform, unconverted.
            let platform = self.get::<Account>(self.platform)?;
            self.holds(&platform, command.amount.currency())?;
        }
        let family = self.new_family(command.id.map(Into::into))?;
        let voucher = self.voucher(command.method)?;
        let payment = PaymentIntent::new(PaymentId::of(family, 0), command, flow, voucher, self.now);
        self.event(PaymentEvent::Created, payment.id(), on);
        let id = payment.id();
        self.submit(payment, &owner)?;
        Ok(id)
    }

    pub(super) fn confirm_payment(
        &mut self,
        on: Option<AccountId>,
        command: &ConfirmPayment,
    ) -> Result<PaymentId, Error> {
        self.want(&[Key::Family(command.payment.family())])?;
        let payment = self.get::<PaymentIntent>(command.payment)?;
        let owner = self.owner_of(&payment, on)?;
        let voucher = self.voucher(command.method)?;
        let payment = payment.confirm(command, voucher)?;
        let owner = self.get::<Account>(owner)?;
        self.want_volume(&owner)?;
        self.check_attempt(&owner, command.method, payment.amount())?;
        if let Flow::Destination { account, .. } = *payment.flow() {
            let recipient = self.connected(account)?;
            self.want_volume(&recipient)?;
            self.permit(&recipient, Action::Transfer)?;
            self.reaches(owner.country(), &recipient, &[FundsFlow::Destination])?;
            needs(&recipient, Capability::Transfers)?;
        }
        self.submit(payment, &owner)?;
        Ok(command.payment)
    }

    pub(super) fn cancel_payment(
        &mut self,
        on: Option<AccountId>,
        command: &CancelPayment,
    ) -> Result<PaymentId, Error> {
        let payment = self.get::<PaymentIntent>(command.payment)?;
        self.owner_of(&payment, on)?;
        let next = payment.cancel(self.now, command.reason)?;
        let charge = self.get::<Charge>(payment.latest_charge())?;
        if let Some(charge) = charge.fail(self.now, ChargeFailure::PaymentCanceled) {
            self.instruct(Instruction::Payment(PaymentInstruction::Void { charge: charge.id() }));
            self.put(charge);
        }
        self.put(next);
        self.event(PaymentEvent::Canceled, command.payment, on);
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

    /// That an account may take this amount by this method.
    fn check_attempt(&self, owner: &Account, method: PaymentMethod, amount: Money) -> Result<(), Error> {
        let (rule, currency, country) = (self.rulebook.payment_method(method), amount.currency(), owner.country());
        let limits = self.rulebook.charge_limits(currency)?;
        if !limits.is_presentment() {
            return Err(PaymentError::NotPresentable(currency).into());
        }
        let (least, other) = (limits.min(), rule.min());
        let minimum = other.filter(|other| least.is_none_or(|least| other.minor() >= least.minor())).or(least);
        if let Some(minimum) = minimum.filter(|minimum| amount.minor() < minimum.minor()) {
            return Err(PaymentError::AmountTooSmall { amount, minimum }.into());
        }
        let maximum = rule.max().filter(|max| max.minor() < limits.max().minor()).unwrap_or(limits.max());
        if amount.minor() > maximum.minor() {
            return Err(PaymentError::AmountTooLarge { amount, maximum }.into());
        }
        let multiple = limits.charge_multiple();
        if amount.minor().checked_rem(multiple) != Some(0) {
            return Err(PaymentError::AmountNotMultiple { amount, multiple }.into());
        }
        if !rule.is_open_to(country) || !rule.takes(currency) {
            return Err(PaymentError::MethodUnavailable { method, country, currency }.into());
        }
        self.holds(owner, currency)?;
        Ok(needs(owner, rule.capability())?)
    }

    /// How long an account's payment stays pending: only the accounts whose losses the platform bears have a delay of their own.
    fn delay_of(&mut self, owner: &Account, method: PaymentMethod) -> Result<Delay, Error> {
        let (book, country) = (self.rulebook, owner.country());
        let days = if owner.may_owe() { self.get::<BalanceSettings>(owner.settings())?.delay_days() } else { None };
        Ok(match days {
            Some(days) => book.settlement_delay_after(country, method, days)?,
            None => book.settlement_delay(country, method)?,
        })
    }

    /// Starts an attempt to collect a payment.
    fn submit(&mut self, payment: PaymentIntent, owner: &Account) -> Result<(), Error> {
        let (amount, method, id) = (payment.amount(), payment.method(), payment.latest_charge());
        let price = self.rulebook.price(owner.country(), method, amount.currency())?;
        let charge = Charge::new(Attempt {
            id,
            owner: owner.id(),
            amount,
            method,
            created: self.now,
            processor_fee: price.fee(amount)?.minor(),
            delay: self.delay_of(owner, method)?,
        });
        match self.rulebook.payment_method(method).notification() {
            Notification::Immediate => {}
            Notification::Delayed => {
                self.event(PaymentEvent::Processing, payment.id(), Some(owner.id()));
                self.event(PaymentEvent::ChargePending, id, Some(owner.id()));
            }
            Notification::Voucher => self.event(PaymentEvent::RequiresAction, payment.id(), Some(owner.id())),
        }
        let token = payment.token().map(Into::into);
        self.instruct(Instruction::Payment(PaymentInstruction::Charge { charge: id, amount, method, token }));
        self.put(payment);
        self.put(charge);
        Ok(())
    }

    /// Asks at once for everyone whose balance a payment touches, where not everything is known.
    pub(super) fn want_parties(&self, payment: &PaymentIntent, owner: AccountId) -> Result<(), Error> {
        if self.state.is_whole() {
            return Ok(());
        }
        let recipient = match payment.flow() {
            Flow::Destination { account, .. } => Some(*account),
            Flow::Direct { .. } | Flow::Separate => None,
        };
        let currency = payment.amount().currency();
        let parties = [Some(owner), Some(self.platform), recipient].into_iter().flatten();
        let keys: Vec<Key> =
            parties.flat_map(|party| [Key::Family(party.family()), Key::Balance(party, currency)]).collect();
        self.want(&keys)
    }

    fn news(&mut self, charge: ChargeId) -> Result<News, Error> {
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
        let News { payment, charge } = self.news(id)?;
        self.want_parties(&payment, charge.owner())?;
        let anomaly = |reason| Ok((AnomalyCause::Fact(report.to_report()), reason));
        let refused: Result<(AnomalyCause, AnomalyReason), Error> = match payment.state() {
            _ if matches!(charge.state(), ChargeState::Succeeded(_)) => anomaly(AnomalyReason::AlreadySucceeded),
            PaymentState::Succeeded => anomaly(AnomalyReason::AlreadySucceeded),
            PaymentState::Canceled { .. } => anomaly(AnomalyReason::PaymentCanceled),
            PaymentState::RequiresPaymentMethod { .. }
            | PaymentState::RequiresAction { .. }
            | PaymentState::Processing => {
                if payment.latest_charge() != id {
                    anomaly(AnomalyReason::Superseded)
                } else if fact.amount != charge.amount() {
                    anomaly(AnomalyReason::AmountDiffers)
                } else if payment.room() < MEMBERS_OF_A_CAPTURE {
                    anomaly(AnomalyReason::OutOfRange)
                } else {
                    // No money was taken before it was asked for; providers tell the time in whole seconds.
                    let at = report.at.max(charge.created());
                    let owner = self.get::<Account>(charge.owner())?;
                    let calendar = self.rulebook.calendar(owner.country());
                    match charge.delay().available_on(at, calendar) {
                        Ok(date) => {
                            let flow = self.open_flow(report, *payment.flow())?;
                            let is_awaited = charge.contest().awaited;
                            let outcome = self.capture(at, date, payment, charge, self.bears_fees(&owner), flow)?;
                            if is_awaited {
                                self.disputed_before(id)?;
                            }
                            return Ok(outcome);
                        }
                        Err(_) => anomaly(AnomalyReason::OutOfRange),
                    }
                }
            }
        };
        let (cause, reason) = refused?;
        Ok(self.open_anomaly(cause, reason))
    }

    /// Who gets a part of a payment that has succeeded: what was settled when it was created, unless the recipient's account was closed
    /// since. Then the money stays with the platform, and a person has to see what becomes of it.
    // INVARIANT: no money is sent to an account that nothing ever leaves again.
    fn open_flow(&mut self, report: Told<'_>, flow: Flow) -> Result<Flow, Error> {
        let Flow::Destination { account, .. } = flow else { return Ok(flow) };
        if self.get::<Account>(account)?.standing().access != Access::Closed {
            return Ok(flow);
        }
        self.open_anomaly(AnomalyCause::Fact(report.to_report()), AnomalyReason::RecipientClosed);
        Ok(Flow::Separate)
    }

    /// Who bears what the processor takes for payments that are booked on an account.
    // RULE: direct charges on an account whose fees the application pays cost the platform, for all other accounts the account
    // (docs.stripe.com/connect/direct-charges-fee-payer-behavior, 2026).
    fn bears_fees(&self, owner: &Account) -> AccountId {
        match owner.controller().map(|controller| controller.fees) {
            Some(FeePayer::Application) => self.platform,
            Some(FeePayer::Account | FeePayer::ApplicationCustom | FeePayer::ApplicationExpress) | None => owner.id(),
        }
    }

    /// Books a charge whose money was taken, with the transfer and the commission that go with it.
    // RULE: ledger templates of direct, destination and separate charges (docs.stripe.com/connect/charges, 2026;
    // docs.stripe.com/connect/destination-charges, 2026): the account that a charge is booked on bears the processor's fee, unless
    // its fees are the platform's.
    fn capture(
        &mut self,
        at: Timestamp,
        available_on: Timestamp,
        mut payment: PaymentIntent,
        charge: Charge,
        bearer: AccountId,
        flow: Flow,
    ) -> Result<FactOutcome, Error> {
        let (platform, now, currency) = (self.platform, self.now, charge.amount().currency());
        let (amount, owner) = (charge.amount().minor(), charge.owner());
        let fee = flow.application_fee(amount);
        let mut lines = Lines::new();
        let received = Received {
            owner,
            charge: charge.id(),
            method: charge.method(),
            amount,
            processor_fee: if bearer == owner { charge.processor_fee() } else { 0 },
            application_fee: if owner == platform { 0 } else { fee },
            currency,
            available_on,
            now,
        };
        lines.push(received.line());
        if bearer != owner {
            lines.extend(received.fee_of_platform(platform, charge.processor_fee()));
        }
        let mut transfer = None;
        if let Flow::Destination { account, share } = flow {
            let sent = share.transferred(amount);
            let id = TransferId::of(payment.id().family(), payment.bear()?);
            let lines_of = Sent {
                from: platform,
                to: account,
                transfer: id,
                amount: sent,
                processor_fee: 0,
                application_fee: fee,
                currency,
                available_on,
                now,
            };
            lines.extend_from_slice(&lines_of.lines());
            let record = Transfer::new(id, account, Money::new(sent, currency), Some(charge.id()), at, available_on);
            self.put(record.in_group(payment.transfer_group()));
            self.event(RoutingEvent::TransferCreated, id, None);
            transfer = Some((id, sent));
        }
        let mut commission = None;
        if fee > 0 {
            let payer = match flow {
                Flow::Direct { account, .. } | Flow::Destination { account, .. } => account,
                Flow::Separate => owner,
            };
            let id = ApplicationFeeId::of(payment.id().family(), payment.bear()?);
            lines.push(Received { application_fee: fee, ..received }.commission(platform, id));
            self.put(ApplicationFee::new(id, payer, charge.id(), Money::new(fee, currency), at));
            self.event(RoutingEvent::ApplicationFeeCreated, id, None);
            commission = Some(id);
        }
        let sent = transfer.map_or((None, 0), |(id, sent)| (Some(id), sent));
        let charge = charge.succeed(at, available_on, sent, commission)?;
        self.post(EntryKind::Charge, charge.id(), &lines, &Self::from_outside(&charge)?)?;
        self.event(PaymentEvent::ChargeSucceeded, charge.id(), Some(owner));
        self.event(PaymentEvent::Succeeded, payment.id(), Some(owner));
        self.put(payment.succeed()?);
        self.put(charge);
        Ok(FactOutcome::Applied)
    }

    /// What a charge takes from the payer, and leaves to the processor.
    fn from_outside(charge: &Charge) -> Result<Postings, Error> {
        let (fee, currency) = (charge.processor_fee(), charge.amount().currency());
        let out = charge.amount().checked_neg()?.minor();
        let taken = Self::posting(LedgerAccount::Payers, out, currency);
        Ok(std::iter::once(taken).chain(Self::fee_of(fee, currency)).collect())
    }

    pub(super) fn charge_failed(
        &mut self,
        at: Timestamp,
        id: ChargeId,
        fact: &ChargeFailed,
    ) -> Result<FactOutcome, Error> {
        let News { payment, charge } = self.news(id)?;
        let Some(next) = charge.fail(at, fact.failure) else { return Ok(FactOutcome::Stale) };
        if payment.latest_charge() == id
            && let Ok(failed) = payment.fail(fact.failure)
        {
            self.put(failed);
            self.event(PaymentEvent::PaymentFailed, payment.id(), Some(charge.owner()));
        }
        self.put(next);
        self.event(PaymentEvent::ChargeFailed, id, Some(charge.owner()));
        Ok(FactOutcome::Applied)
    }

    /// A voucher that nobody paid runs out.
    pub(super) fn expire_voucher(&mut self, id: PaymentId) -> Result<(), Error> {
        let Some(payment) = self.find::<PaymentIntent>(id)? else { return Ok(()) };
        if payment.due() != Some(self.now) {
            return Ok(());
        }
        let charge = self.get::<Charge>(payment.latest_charge())?;
        let owner = Some(charge.owner());
        self.put(payment.fail(ChargeFailure::PaymentExpired)?);
        self.event(PaymentEvent::PaymentFailed, id, owner);
        if let Some(next) = charge.fail(self.now, ChargeFailure::PaymentExpired) {
            self.event(PaymentEvent::ChargeFailed, next.id(), owner);
            self.put(next);
        }
        Ok(())
    }

    /// The successful charge of a payment.
    pub(super) fn paid(&mut self, payment: &PaymentIntent) -> Result<Charge, Error> {
        let status = payment.status();
        let refused = PaymentError::UnexpectedState { payment: payment.id(), status, action: PaymentAction::Refund };
        match payment.state() {
            PaymentState::Succeeded => self.take(payment.latest_charge()),
            PaymentState::RequiresPaymentMethod { .. }
            | PaymentState::RequiresAction { .. }
            | PaymentState::Processing
            | PaymentState::Canceled { .. } => Err(refused.into()),
        }
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
