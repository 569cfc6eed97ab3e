use super::payments::News;
use super::reserves::Incoming;
use super::{Error, Transaction};
use crate::accounts::{Access, Account, ProcessorFee};
use crate::calendar::Timestamp;
use crate::ids::{AccountId, ApplicationFeeId, ChargeId, ReserveHoldId, ReservePlanId, TransferId};
use crate::journal::{AnomalyCause, AnomalyReason, FactOutcome, Told};
use crate::ledger::{EntryKind, LedgerAccount, Lines, Postings};
use crate::money::Money;
use crate::payments::{Charge, Flow, Party, PaymentEvent, PaymentIntent, Received, Taken};
use crate::payouts::HeldOf;
use crate::routing::{
    ApplicationFee, Commission as PlannedCommission, CommissionTaxed, Conversion, Dates, FeeExchange, FeeSource,
    RoutingEvent, Sent, Transfer,
};
use crate::tools::risk::Tally;

/// Money that was taken from a payer, to be booked. All amounts in minor units.
pub(super) struct Taking {
    pub(super) at: Timestamp,
    /// When it becomes available.
    pub(super) date: Timestamp,
    /// Who gets a part.
    pub(super) flow: Flow,
    /// Who bears what the processor takes.
    pub(super) bearer: AccountId,
    /// All that was taken of the charge by now.
    pub(super) total: i64,
    /// What was held ready beyond that, and is let go.
    pub(super) let_go: i64,
    /// What the processor takes of all that, in the currency in which the charge is booked.
    pub(super) processor_fee: i64,
    /// The plan by which a part is held back of what is booked on the owner.
    pub(super) plan: Option<ReservePlanId>,
    /// What the platform takes by the plan of the payment, of all that was taken by now.
    pub(super) commission: Option<PlannedCommission>,
    /// Recipients of the payment's plan who were closed since: they get nothing more.
    pub(super) closed: Vec<AccountId>,
}

/// What was booked: the charge as it is then.
pub(super) struct Booked {
    pub(super) charge: Charge,
    pub(super) lines: Lines,
    /// What was exchanged for it, and what of it goes into somebody's reserve.
    pub(super) postings: Postings,
    /// What was taken this time, in the currency of the payment.
    amount: i64,
    /// What of it the payer has seemed to give before.
    on_its_way: i64,
    processor_fee: i64,
    /// What the payer of the commission is taxed this time, beside it.
    tax: i64,
}

impl Booked {
    fn of(charge: Charge, amount: i64, processor_fee: i64) -> Self {
        Self { charge, lines: Lines::new(), postings: Postings::new(), amount, on_its_way: 0, processor_fee, tax: 0 }
    }
}

/// What the platform keeps of what is taken of a charge.
struct Commission {
    /// The commission that there is already, of captures before.
    known: Option<ApplicationFee>,
    /// What is added to it, in minor units of the payment's currency.
    part: i64,
    exchange: FeeExchange,
    /// The part as the account pays it.
    paid: Money,
    /// The part as the platform gets it.
    kept: Money,
    /// What of both is tax.
    tax: Tax,
}

/// What of a commission is tax.
#[derive(Clone, Copy)]
struct Tax {
    /// All of it by now, in minor units of the payment's currency.
    total: i64,
    paid: Money,
    kept: Money,
}

impl Transaction<'_> {
    /// Who gets a part of a payment that has succeeded: what was settled when it was created, unless the account it was for was closed
    /// since. Then a person has to see what becomes of the money: the recipient's part stays with the platform; what was charged on the
    /// closed account itself is booked there, and leaves it as a refund.
    // INVARIANT: no money is sent to an account that nothing ever leaves again.
    pub(super) fn open_flow(&mut self, report: Told<'_>, flow: Flow, owner: &Account) -> Result<Flow, Error> {
        let (access, next) = match flow {
            Flow::Destination { account, .. } => (self.get::<Account>(account)?.standing().access, Flow::Separate),
            Flow::Direct { .. } => (owner.standing().access, flow),
            Flow::Separate => return Ok(flow),
        };
        if access != Access::Closed {
            return Ok(flow);
        }
        self.open_anomaly(AnomalyCause::Fact(report.to_report()), AnomalyReason::RecipientClosed);
        Ok(next)
    }

    /// Who bears what the processor takes for a payment that is booked on an account.
    pub(super) fn bears_fees(&self, payment: &PaymentIntent, owner: &Account) -> AccountId {
        self.bears(payment, owner, ProcessorFee::PaymentProcessing)
    }

    /// Who bears what the processor takes for something about a payment that is booked on an account.
    pub(super) fn bears(&self, payment: &PaymentIntent, owner: &Account, fee: ProcessorFee) -> AccountId {
        let Some(controller) = owner.controller() else { return owner.id() };
        match payment.parties().bears(fee, controller.fees) {
            Party::Platform => self.platform,
            Party::Account => owner.id(),
        }
    }

    /// The account whose business a payment is.
    pub(super) fn merchant_of(&self, payment: &PaymentIntent, owner: AccountId) -> AccountId {
        match (payment.parties().settlement_merchant, payment.on_behalf_of()) {
            (Party::Account, Some(account)) => account,
            (Party::Account | Party::Platform, _) => owner,
        }
    }

    /// Takes up that all of a charge was taken at once.
    pub(super) fn succeed_at_once(
        &mut self,
        payment: PaymentIntent,
        charge: Charge,
        taking: &Taking,
    ) -> Result<FactOutcome, Error> {
        let mut payment = payment;
        let charge = self.book_taking(&mut payment, charge, taking)?;
        let charge = if charge.failure_fee().is_zero() { charge } else { self.settle_failure_fee(&payment, charge)? };
        let owner = Some(charge.owner());
        self.event(PaymentEvent::ChargeSucceeded, charge.id(), owner);
        self.event(PaymentEvent::Succeeded, payment.id(), owner);
        let (id, is_awaited) = (charge.id(), charge.contest().awaited);
        self.put(payment.succeed(charge.method())?);
        self.put(charge);
        if is_awaited {
            self.disputed_before(id)?;
        }
        Ok(FactOutcome::Applied)
    }

    /// Books money that was taken, with the transfer and the commission that go with it. Captures after the first one send and keep
    /// what the new total adds to their parts, with the same transfer and commission.
    // RULE: ledger templates of direct, destination and separate charges (docs.stripe.com/connect/charges, 2026;
    // docs.stripe.com/connect/destination-charges, 2026): the account that a charge is booked on bears the processor's fee, unless
    // its fees are the platform's. The parts of others are capped at the total captured (docs.stripe.com/api/payment_intents/capture,
    // 2026); that several captures share one transfer, one commission and one price is our reading.
    pub(super) fn book_taking(
        &mut self,
        payment: &mut PaymentIntent,
        charge: Charge,
        taking: &Taking,
    ) -> Result<Charge, Error> {
        let (platform, now, owner) = (self.platform, self.now, charge.owner());
        let (before, taken) = (charge.captured().copied(), charge.amount_captured().minor());
        let held = taking.total.saturating_add(taking.let_go);
        let processor_fee = match before {
            Some(_) => taking.processor_fee.saturating_sub(charge.processor_fee()),
            None => taking.processor_fee,
        };
        let commission = self.commission_on(&charge, taking)?;
        let fee = commission.paid.checked_sub(commission.tax.paid)?;
        let amount = taking.total.saturating_sub(taken);
        let mut booked = Booked::of(charge, amount, processor_fee);
        booked.tax = commission.tax.paid.minor();
        booked.on_its_way = self.arrived(payment, &mut booked.charge, &mut booked.lines)?;
        let charge = &booked.charge;
        let received = Received {
            owner,
            charge: charge.id(),
            method: charge.method(),
            amount: charge.settled_part(taken, taking.total)?.minor(),
            let_go: charge.settled_part(taking.total, held)?.minor(),
            processor_fee: if taking.bearer == owner { processor_fee } else { 0 },
            application_fee: if owner == platform { 0 } else { fee.minor() },
            currency: charge.settlement_currency(),
            available_on: taking.date,
            now,
        };
        // First, so that the volume of its owner never counts what was not taken.
        if let Some(reversal) = received.reversal() {
            booked.lines.push(reversal);
        }
        booked.lines.push(received.line());
        if let Some(fee) = received.fee_of_platform(platform, processor_fee).filter(|_| taking.bearer != owner) {
            booked.lines.push(fee);
        }
        self.hold_part(payment, &mut booked, taking, &received)?;
        let (transfer, sent) = self.send_part(payment, &mut booked, taking, fee)?;
        let application_fee = self.book_commission(payment, &mut booked, (commission, &received), taking)?;
        let total = Taken {
            at: before.map_or(taking.at, |before| before.at().max(taking.at)),
            available_on: before.map_or(taking.date, |before| before.available_on().max(taking.date)),
            total: taking.total,
            processor_fee: taking.processor_fee,
            transfer,
            transferred: before.map_or(0, |before| before.transferred()).saturating_add(sent),
            application_fee,
        };
        Self::from_outside(&mut booked)?;
        self.post(EntryKind::Charge, booked.charge.id(), &booked.lines, &booked.postings)?;
        let charge = booked.charge.take(total)?;
        let is_first = i64::from(before.is_none());
        let more = Tally { payments: is_first, volume: amount, ..Tally::default() };
        self.count((&charge, payment), (charge.created(), more))?;
        // What was taken before a recipient was closed stays what it is.
        let is_told = taking.commission.is_some() || (payment.plan().is_none() && charge.pricing().is_none());
        Ok(if is_told { charge.with_commission(taking.commission) } else { charge })
    }

    /// What the platform keeps of what is taken this time.
    // RULE: the account pays it in its own currency, at the rates at which the charge came to it; the platform gets it in the currency of
    // the payment where it can hold that (recorded exchanges, 2023-2025), and otherwise in its own, of direct charges, or in the account's
    // (docs.stripe.com/connect/currencies, 2024).
    fn commission_on(&mut self, charge: &Charge, taking: &Taking) -> Result<Commission, Error> {
        let known = charge.application_fee().map(|id| self.take::<ApplicationFee>(id)).transpose()?;
        let before = known.as_ref().map_or(0, |fee| fee.amount().minor());
        let target = taking.flow.application_fee(taking.total);
        // A plan may take less of more; what was given back stays so.
        let least = known.as_ref().filter(|_| taking.commission.is_some()).map(|fee| fee.amount_refunded().minor());
        let part = target.max(least.unwrap_or(before)).saturating_sub(before);
        let of_charge = charge.exchange();
        let transfer = match taking.flow {
            Flow::Destination { .. } => of_charge.transfer,
            Flow::Direct { .. } | Flow::Separate => None,
        };
        let paid = Conversion::then(of_charge.settlement, transfer)?;
        let exchange = FeeExchange { paid, received: of_charge.commission };
        let exchange = known.as_ref().map_or(exchange, ApplicationFee::exchange);
        let of_part =
            |by| Conversion::part_through(by, charge.amount().currency(), (before, before.saturating_add(part)));
        let (paid, kept) = (of_part(exchange.paid)?, of_part(exchange.received)?);
        let taxed = known.as_ref().map_or(0, |fee| fee.tax().minor());
        // INVARIANT: no more of a commission is tax than there is of it, and no less than went back of that.
        let untaxed = known.as_ref().map_or(0, |fee| fee.tax_refunded().minor());
        let planned =
            |taken: PlannedCommission| taken.tax_collected().minor().min(before.saturating_add(part)).max(untaxed);
        let tax = taking.commission.map_or(taxed, planned);
        let currency = charge.amount().currency();
        let of_tax = |by: Option<Conversion>| {
            // Nearly always there is none.
            let none = Money::zero(by.map_or(currency, |by| by.to()));
            if tax == taxed { Ok(none) } else { Conversion::part_through(by, currency, (taxed, tax)) }
        };
        let tax = Tax { total: tax, paid: of_tax(exchange.paid)?, kept: of_tax(exchange.received)? };
        Ok(Commission { known, part, exchange, paid, kept, tax })
    }

    /// Books what the platform keeps, and tells which commission it is.
    fn book_commission(
        &mut self,
        payment: &mut PaymentIntent,
        booked: &mut Booked,
        (commission, received): (Commission, &Received),
        taking: &Taking,
    ) -> Result<Option<ApplicationFeeId>, Error> {
        let Commission { known, part, exchange, paid, kept, tax } = commission;
        let id = match known.as_ref().map(ApplicationFee::id) {
            known if part == 0 && tax.paid.is_zero() && tax.kept.is_zero() => return Ok(known),
            Some(id) => id,
            None => ApplicationFeeId::of(payment.id().family(), payment.bear()?),
        };
        booked.lines.push(received.commission(self.platform, id, kept.checked_sub(tax.kept)?));
        self.tax_commission(booked, (id, tax), taking)?;
        Self::exchange(&mut booked.postings, paid, kept)?;
        if let Some(fee) = known.and_then(|known| known.grow(part)) {
            self.put(fee.with_tax(tax.total));
            return Ok(Some(id));
        }
        let payer = match taking.flow {
            Flow::Direct { account, .. } | Flow::Destination { account, .. } => account,
            Flow::Separate => booked.charge.owner(),
        };
        let amount = Money::new(part, booked.charge.amount().currency());
        let fee = ApplicationFee::new(id, payer, FeeSource::Charge(booked.charge.id()), amount, taking.at)
            .converted(exchange);
        self.put(fee.with_tax(tax.total));
        self.event(RoutingEvent::ApplicationFeeCreated, id, None);
        Ok(Some(id))
    }

    /// Books the tax on what the platform keeps, beside it.
    fn tax_commission(
        &mut self,
        booked: &mut Booked,
        (fee, tax): (ApplicationFeeId, Tax),
        taking: &Taking,
    ) -> Result<(), Error> {
        let (payer, dates) = match taking.flow {
            Flow::Direct { account, .. } => (account, Dates::on(taking.date)),
            Flow::Destination { account, .. } => {
                let recipient = self.get::<Account>(account)?;
                (account, self.dates_to(&recipient, taking.date)?)
            }
            Flow::Separate => return Ok(()),
        };
        let Tax { paid, kept, .. } = tax;
        if !paid.is_zero() || !kept.is_zero() {
            let taxed = CommissionTaxed { platform: self.platform, payer, fee, paid, kept, dates, now: self.now };
            booked.lines.extend(taxed.lines());
        }
        Ok(())
    }

    /// Holds a part back of what comes to the account that a charge is booked on.
    fn hold_part(
        &mut self,
        payment: &mut PaymentIntent,
        booked: &mut Booked,
        taking: &Taking,
        received: &Received,
    ) -> Result<(), Error> {
        let hold = booked.charge.hold();
        // Nearly always there is nothing to hold back.
        if booked.charge.owner() == self.platform || (taking.plan.is_none() && hold.is_none()) {
            return Ok(());
        }
        let incoming = Incoming {
            of: HeldOf::Charge(booked.charge.id()),
            account: booked.charge.owner(),
            currency: received.currency,
            plan: taking.plan,
            hold,
            gross: received.amount,
            net: received
                .amount
                .saturating_sub(received.processor_fee)
                .saturating_sub(received.application_fee)
                .saturating_sub(booked.tax),
            charged: taking.at,
            date: taking.date,
        };
        let held = self.hold_back(&incoming, || Ok(payment.bear()?))?;
        if let Some(held) = held {
            booked.charge = booked.charge.clone().with_hold(held.hold);
            booked.lines.push(held.line);
            booked.postings.push(held.posting);
        }
        Ok(())
    }

    /// Sends the part of the recipient of a destination charge, less a commission that stays with the platform; tells with which
    /// transfer, and how much it is this time.
    fn send_part(
        &mut self,
        payment: &mut PaymentIntent,
        booked: &mut Booked,
        taking: &Taking,
        fee: Money,
    ) -> Result<(Option<TransferId>, i64), Error> {
        let charge = booked.charge.id();
        let known = booked.charge.transfer();
        let Flow::Destination { account, .. } = taking.flow else {
            return Ok((known, self.send_shares(payment, booked, taking)?));
        };
        let known = known.map(|id| self.take::<Transfer>(id)).transpose()?;
        let before = known.as_ref().map_or(0, |transfer| transfer.amount().minor());
        let share = booked.charge.settled(taking.flow.transferred(taking.total))?.minor();
        let sent = share.saturating_sub(before).max(0);
        let id = match &known {
            Some(transfer) if sent == 0 && fee.is_zero() => return Ok((Some(transfer.id()), 0)),
            Some(transfer) => transfer.id(),
            None => TransferId::of(payment.id().family(), payment.bear()?),
        };
        let (currency, by) = (booked.charge.settlement_currency(), booked.charge.exchange().transfer);
        let amount = Money::new(sent, currency);
        let received = Conversion::part_through(by, currency, (before, before.saturating_add(sent)))?;
        let recipient = self.get::<Account>(account)?;
        let dates = self.dates_to(&recipient, taking.date)?;
        let lines = Sent {
            from: self.platform,
            to: account,
            transfer: id,
            amount,
            received,
            processor_fee: 0,
            application_fee: fee.minor(),
            dates,
            now: self.now,
        };
        booked.lines.extend_from_slice(&lines.lines());
        Self::exchange(&mut booked.postings, amount, received)?;
        let hold = self.hold_of_transfer(payment, booked, taking, (&recipient, &lines))?;
        let held = |transfer: Transfer| match hold {
            Some(hold) => transfer.with_hold(hold),
            None => transfer,
        };
        if let Some(transfer) = known.and_then(|known| known.grow(sent)) {
            self.put(held(transfer));
            self.event(RoutingEvent::TransferUpdated, id, None);
        } else {
            let record = Transfer::new(id, account, amount, Some(charge), taking.at, dates);
            self.put(held(record.converted(by)?.in_group(payment.transfer_group())));
            self.event(RoutingEvent::TransferCreated, id, None);
        }
        Ok((Some(id), sent))
    }

    /// Holds a part back of what comes to the recipient of a destination charge; tells with which hold.
    fn hold_of_transfer(
        &mut self,
        payment: &mut PaymentIntent,
        booked: &mut Booked,
        taking: &Taking,
        (recipient, sent): (&Account, &Sent),
    ) -> Result<Option<ReserveHoldId>, Error> {
        let (hold, plan) = (booked.charge.hold(), self.plan_of(recipient, sent.received.currency())?);
        if plan.is_none() && hold.is_none() {
            return Ok(None);
        }
        let incoming = Incoming {
            of: HeldOf::Transfer(sent.transfer),
            account: sent.to,
            currency: sent.received.currency(),
            plan,
            hold,
            gross: sent.received.minor(),
            net: sent.received.minor().saturating_sub(sent.application_fee).saturating_sub(booked.tax),
            charged: taking.at,
            date: sent.dates.received,
        };
        let held = self.hold_back(&incoming, || Ok(payment.bear()?))?;
        if let Some(held) = held {
            booked.charge = booked.charge.clone().with_hold(held.hold);
            booked.lines.push(held.line);
            booked.postings.push(held.posting);
        }
        Ok(booked.charge.hold())
    }

    /// What was taken from the payer beyond what was on its way, and left to the processor.
    fn from_outside(booked: &mut Booked) -> Result<(), Error> {
        let Booked { charge, postings, amount, on_its_way, processor_fee, .. } = booked;
        let currency = charge.amount().currency();
        let more = Money::new(amount.saturating_sub(*on_its_way), currency);
        if !more.is_zero() {
            postings.push(Self::posting(LedgerAccount::Payers, more.checked_neg()?.minor(), currency));
        }
        if charge.conversion().is_some() {
            let before = charge.amount_captured().minor();
            let settled = charge.settled_part(before, before.saturating_add(*amount))?;
            Self::exchange(postings, more, settled.checked_sub(charge.settled(*on_its_way)?)?)?;
        }
        if let Some(fee) = Self::fee_of(*processor_fee, charge.settlement_currency()) {
            postings.push(fee);
        }
        Ok(())
    }
}

impl Transaction<'_> {
    /// Opens an anomaly about a fact, for which nothing was booked.
    pub(super) fn odd(&mut self, report: Told<'_>, reason: AnomalyReason) -> FactOutcome {
        self.open_anomaly(AnomalyCause::Fact(report.to_report()), reason)
    }

    /// What a fact about the authorization of a charge is about; an anomaly where the payment is not captured separately, where the
    /// attempt was given up for another, or where the payment was called off.
    pub(super) fn authorized_news(&mut self, id: ChargeId) -> Result<Result<News, AnomalyReason>, Error> {
        use crate::payments::{ChargeState, PaymentState};

        let news = self.news(id)?;
        if news.payment.captured_later().is_none() {
            return Ok(Err(AnomalyReason::WrongCaptureMethod));
        }
        let is_over = match news.payment.state() {
            PaymentState::Canceled { .. } => !news.payment.gave_up_by_itself(),
            PaymentState::RequiresPaymentMethod { .. }
            | PaymentState::RequiresConfirmation { .. }
            | PaymentState::RequiresAction { .. }
            | PaymentState::Processing
            | PaymentState::RequiresCapture { .. }
            | PaymentState::Succeeded => false,
        };
        if is_over || news.charge.is_called_off() || matches!(news.charge.state(), ChargeState::Released { .. }) {
            return Ok(Err(AnomalyReason::PaymentCanceled));
        }
        if news.payment.latest_charge() != Some(id) {
            return Ok(Err(AnomalyReason::Superseded));
        }
        Ok(Ok(news))
    }
}
