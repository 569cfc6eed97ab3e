use super::payments::needs;
use super::reserves::{HeldBack, Incoming};
use super::{Error, Transaction};
use crate::accounts::{Access, Account, AccountError, Action};
use crate::calendar::Timestamp;
use crate::ids::{AccountId, ApplicationFeeRefundId, PaymentId, ReservePlanId, TransferId, TransferReversalId};
use crate::journal::Key;
use crate::ledger::{EntryKind, LedgerAccount, Lines};
use crate::money::{Currency, Money};
use crate::payments::{Charge, Flow, PaymentIntent, PaymentState};
use crate::payouts::{Claim, HeldOf, Payout};
use crate::routing::{
    ApplicationFee, ApplicationFeeRefund, Conversion, Dates, FeeReturned, FeeSource, NewApplicationFeeRefund,
    NewTransfer, NewTransferReversal, Returned, RoutingError, RoutingEvent, Sent, Transfer, TransferReversal,
};
use crate::rulebook::{Capability, Country, FundsFlow, Lane};

/// What is moved: what was asked for, or all that is left.
pub(super) fn amount_of(asked: Option<Money>, left: Money) -> Result<Money, RoutingError> {
    let amount = asked.unwrap_or(left);
    let (given, needed) = (amount.currency(), left.currency());
    if given != needed {
        return Err(RoutingError::WrongCurrency { given, needed });
    }
    Ok(amount)
}

pub(super) fn positive(amount: Option<Money>) -> Result<(), RoutingError> {
    match amount.filter(|amount| !amount.is_positive()) {
        Some(amount) => Err(RoutingError::AmountNotPositive(amount)),
        None => Ok(()),
    }
}

/// The ways on which the money of a transfer may come: out of a payment, or out of whatever the platform has, which may be what it
/// was paid and what it paid in.
const fn flows_of(command: &NewTransfer) -> &'static [FundsFlow] {
    match command.source {
        Some(_) => &[FundsFlow::Separate],
        None => &[FundsFlow::Separate, FundsFlow::TopUp],
    }
}

impl Transaction<'_> {
    /// That money of a platform in the country `home` may come to an account in one of these ways.
    // RULE: within a region, and between those that are open to each other (docs.stripe.com/connect/charges and
    // /connect/cross-border-payouts, 2026). Which code the field answers is not published: the ones that answer here are the nearest
    // of docs.stripe.com/error-codes (2024), which is our choice.
    pub(super) fn reaches(&self, home: Country, account: &Account, flows: &[FundsFlow]) -> Result<(), AccountError> {
        let (country, agreement) = (account.country(), account.agreement());
        let open = |flow: &FundsFlow| self.rulebook.lane_allows(home, country, agreement, *flow);
        let Some(flow) = flows.first().copied().filter(|_| !flows.iter().any(open)) else { return Ok(()) };
        Err(match self.rulebook.lane(home, country, agreement) {
            Lane::Closed(why) => why.into(),
            Lane::SameRegion(_) | Lane::CrossBorder(_) | Lane::Recipient(_) => {
                AccountError::FlowClosed { account: account.id(), flow }
            }
        })
    }

    /// What an owner has available, if that is less than `needed` minor units; otherwise the decision is made to stand only
    /// as long as it is not.
    pub(super) fn shortfall(
        &mut self,
        owner: AccountId,
        currency: Currency,
        needed: i128,
    ) -> Result<Option<i128>, Error> {
        let available = self.available(owner, currency)?;
        if available < needed {
            return Ok(Some(available));
        }
        self.guard(LedgerAccount::Available { owner }, currency, 0, i128::MAX);
        Ok(None)
    }

    pub(super) fn afford_transfer(&mut self, account: AccountId, amount: Money) -> Result<(), Error> {
        let (currency, needed) = (amount.currency(), i128::from(amount.minor()));
        match self.shortfall(account, currency, needed)? {
            Some(available) => Err(RoutingError::InsufficientFunds { account, currency, available, needed }.into()),
            None => Ok(()),
        }
    }

    pub(super) fn create_transfer(
        &mut self,
        on: Option<AccountId>,
        command: &NewTransfer,
    ) -> Result<TransferId, Error> {
        positive(Some(command.amount))?;
        if let Some(account) = on.filter(|_| command.destination == self.platform) {
            return self.debit_account(account, command);
        }
        let (destination, currency) = (command.destination, command.amount.currency());
        let mut keys = vec![
            Key::Family(destination.family()),
            Key::Balance(self.platform, currency),
            Key::Balance(destination, currency),
        ];
        keys.extend(command.source.map(|source| Key::Family(source.family())));
        self.want(&keys)?;
        if destination == self.platform {
            return Err(RoutingError::ToPlatform(destination).into());
        }
        let account = self.get::<Account>(destination)?;
        self.want_volume(&account)?;
        Self::platform_only(on)?;
        self.permit(&account, Action::Transfer)?;
        let home = self.home()?;
        self.reaches(home, &account, flows_of(command))?;
        needs(&account, Capability::Transfers)?;
        let conversion = self.inbound(&account, currency)?;
        if let Some(conversion) = conversion {
            self.want(&[Key::Balance(destination, conversion.to())])?;
        }
        let (transfer, group) = match command.source {
            Some(source) => self.tied_transfer(source, &account, command)?,
            None => {
                let id = TransferId::of(self.new_family(None)?, 0);
                let dates = self.dates_to(&account, self.now)?;
                (Transfer::new(id, destination, command.amount, None, self.now, dates), None)
            }
        };
        // RULE: a transfer out of money that is still pending waits for it; any other needs available money
        // (docs.stripe.com/connect/separate-charges-and-transfers, 2024).
        if transfer.sent_on() <= self.now {
            self.afford_transfer(self.platform, command.amount)?;
        }
        let transfer = self.book_transfer(transfer.converted(conversion)?, &account)?;
        let id = transfer.id();
        // RULE: a transfer tied to a payment is of the payment's group unless it names one of its own
        // (docs.stripe.com/connect/separate-charges-and-transfers, 2024).
        let group = command.transfer_group.as_deref().or(group.as_deref());
        self.put(transfer.in_group(group));
        self.event(RoutingEvent::TransferCreated, id, None);
        Ok(id)
    }

    /// Books a transfer, less what the plan of its recipient holds back of it.
    fn book_transfer(&mut self, transfer: Transfer, recipient: &Account) -> Result<Transfer, Error> {
        let (id, amount, received) = (transfer.id(), transfer.amount(), transfer.amount_received());
        Self::is_something(amount, received)?;
        let sent = Sent {
            from: self.platform,
            to: recipient.id(),
            transfer: id,
            amount,
            received,
            processor_fee: 0,
            application_fee: 0,
            dates: transfer.dates(),
            now: self.now,
        };
        let plan = self.plan_of(recipient, received.currency())?;
        let (transfer, held) = self.hold_part_of(transfer, plan)?;
        let (mut lines, mut postings) = (Lines::from_slice(&sent.lines()), Self::exchanged(amount, received)?);
        if let Some(HeldBack { line, posting, .. }) = held {
            lines.push(line);
            postings.push(posting);
        }
        self.post(EntryKind::Transfer, id, &lines, &postings)?;
        Ok(transfer)
    }

    /// Holds a part back of what a transfer brings, as the plan of its recipient says.
    fn hold_part_of(
        &mut self,
        transfer: Transfer,
        plan: Option<ReservePlanId>,
    ) -> Result<(Transfer, Option<HeldBack>), Error> {
        if plan.is_none() {
            return Ok((transfer, None));
        }
        let (id, amount) = (transfer.id(), transfer.amount_received());
        let incoming = Incoming {
            of: HeldOf::Transfer(id),
            account: transfer.destination(),
            currency: amount.currency(),
            plan,
            hold: None,
            gross: amount.minor(),
            net: amount.minor(),
            charged: self.now,
            date: transfer.available_on(),
        };
        let mut head = None;
        if transfer.source().is_some() {
            head = Some(self.take::<PaymentIntent>(PaymentId::of(id.family(), 0))?);
        }
        let mut next = transfer.clone();
        let bear = || match head.as_mut() {
            Some(payment) => Ok(payment.bear()?),
            None => {
                let (born, ordinal) = transfer.bear().ok_or(AccountError::FamilyFull(transfer.destination()))?;
                next = born;
                Ok(ordinal)
            }
        };
        let held = self.hold_back(&incoming, bear)?;
        if let Some(payment) = head {
            self.put(payment);
        }
        let next = match &held {
            Some(held) => next.with_hold(held.hold),
            None => next,
        };
        Ok((next, held))
    }

    /// A transfer out of the money of one payment, which it can never exceed, and the payment's group.
    fn tied_transfer(
        &mut self,
        source: PaymentId,
        recipient: &Account,
        command: &NewTransfer,
    ) -> Result<(Transfer, Option<String>), Error> {
        let mut payment = self.take::<PaymentIntent>(source)?;
        let unusable = || Error::from(RoutingError::SourceUnusable(source));
        let on_platform = match payment.flow() {
            Flow::Destination { .. } | Flow::Separate => true,
            Flow::Direct { .. } => false,
        };
        let PaymentState::Succeeded = payment.state() else { return Err(unusable()) };
        let charge = self.get::<Charge>(payment.attempt()?)?;
        // RULE: not out of a payment that was captured in several parts (docs.stripe.com/payments/multicapture, 2024).
        let is_whole = charge.authorization().is_none_or(|authorization| authorization.captures() == 1);
        let captured = charge.captured().copied().filter(|_| on_platform && is_whole);
        let Some(captured) = captured else { return Err(unusable()) };
        // RULE: in the currency in which the payment is booked (docs.stripe.com/connect/separate-charges-and-transfers, 2024).
        let refundable = charge.settled(charge.refundable().minor())?;
        let amount = amount_of(Some(command.amount), refundable)?;
        // What went back to the payer, is disputed, or was pulled back is not there to be transferred: a tied transfer needs no other cover.
        let left = refundable.minor().saturating_sub(captured.transferred());
        let next = charge.transfer_out(amount.minor()).filter(|_| amount.minor() <= left);
        let Some(next) = next else {
            let left = Money::new(left.max(0), amount.currency());
            return Err(RoutingError::SourceExceeded { payment: source, asked: amount, left }.into());
        };
        let id = TransferId::of(source.family(), payment.bear()?);
        let group = payment.transfer_group().map(str::to_owned);
        self.put(payment);
        self.put(next);
        let dates = self.dates_to(recipient, captured.available_on())?;
        Ok((Transfer::new(id, recipient.id(), amount, Some(charge.id()), self.now, dates), group))
    }

    /// When money that the platform has on a date is available, to it and to whom it is sent.
    // That the delay is the recipient's side alone is our reading: the platform's money is gone as for any other.
    pub(super) fn dates_to(&mut self, recipient: &Account, sent: Timestamp) -> Result<Dates, Error> {
        let home = self.home()?;
        let later = self.rulebook.transfer_delay(home, recipient.country(), recipient.agreement());
        Ok(Dates { sent, received: sent.checked_add(later).unwrap_or(Timestamp::MAX) })
    }

    pub(super) fn reverse_transfer(
        &mut self,
        on: Option<AccountId>,
        command: &NewTransferReversal,
    ) -> Result<TransferReversalId, Error> {
        positive(command.amount)?;
        let transfer = self.get::<Transfer>(command.transfer)?;
        let (account, currency) = (transfer.connected(), transfer.amount().currency());
        self.want(&[
            Key::Family(account.family()),
            Key::Balance(self.platform, currency),
            Key::Balance(account, currency),
        ])?;
        let is_debit = transfer.debited().is_some();
        if is_debit {
            self.permits_returning(on, &transfer)?;
        } else {
            Self::platform_only(on)?;
            self.permits_pulling(account)?;
        }
        let left = Money::new(transfer.left(), currency);
        let amount = amount_of(command.amount, left)?;
        if amount.is_zero() {
            return Err(RoutingError::ReversalTooLarge { transfer: transfer.id(), asked: amount, left }.into());
        }
        let next = transfer.reverse(amount.minor())?;
        let (next, id) = self.born_of_transfer(next, amount)?;
        let (to, from) = if is_debit { (account, self.platform) } else { (self.platform, account) };
        let reversal = self.taken_back(&transfer, TransferReversal::new(id, transfer.id(), amount, None, self.now))?;
        let taken = reversal.amount_taken();
        Self::is_something(amount, taken)?;
        let returned = Returned { to, from, reversal: id, amount, taken, dates: transfer.dates(), now: self.now };
        self.put(next);
        let (mut lines, mut postings) = (Lines::from_slice(&returned.lines()), Self::exchanged(taken, amount)?);
        let claim = Claim { amount: taken.minor(), by: id.into() };
        let covered = self.claim_transfer(&transfer, claim, &mut lines, &mut postings)?;
        if transfer.available_on() <= self.now && (is_debit || !self.get::<Account>(account)?.may_owe()) {
            self.afford_transfer(from, taken.checked_sub(Money::new(covered, taken.currency()))?)?;
        }
        self.post(EntryKind::TransferReversal, id, &lines, &postings)?;
        self.put(reversal);
        self.event(RoutingEvent::TransferReversed, transfer.id(), transfer.debited());
        Ok(id)
    }

    /// A reversal with what its recipient has to give for it, at today's rate where the transfer was converted.
    // RULE: a reversal is defined in the currency of its transfer, which comes back to the cent; what the rate has become in between is
    // the recipient's (recorded exchanges, 2023-2025: 61 cents sent as 83 Canadian ones come back as 61, for 85).
    pub(super) fn taken_back(
        &mut self,
        transfer: &Transfer,
        reversal: TransferReversal,
    ) -> Result<TransferReversal, Error> {
        let to = transfer.conversion().map(|conversion| conversion.to());
        if let Some(to) = to {
            self.want(&[Key::Balance(transfer.destination(), to)])?;
        }
        let taken = self.outbound(reversal.amount(), to)?;
        Ok(reversal.converted(taken))
    }

    /// That money can be pulled back from an account: nothing is, once it is disconnected.
    // After the end of a connection no call for the account succeeds (inferred from docs.stripe.com/connect/oauth-reference, 2024).
    // What was on its way to an account when the platform closed it leaves it by this way alone.
    pub(super) fn permits_pulling(&mut self, from: AccountId) -> Result<(), Error> {
        let account = self.get::<Account>(from)?;
        match account.standing().access {
            Access::Closed => Ok(()),
            Access::Connected | Access::Disconnected => self.permit(&account, Action::Transfer),
        }
    }

    /// The id of a reversal, from the payment that its transfer is tied to, or from the transfer itself.
    pub(super) fn born_of_transfer(
        &mut self,
        transfer: Transfer,
        amount: Money,
    ) -> Result<(Transfer, TransferReversalId), Error> {
        let family = transfer.id().family();
        let Some(source) = transfer.source() else {
            let full = || AccountError::FamilyFull(transfer.connected());
            let (transfer, ordinal) = transfer.bear().ok_or_else(full)?;
            return Ok((transfer, TransferReversalId::of(family, ordinal)));
        };
        let mut payment = self.take::<PaymentIntent>(PaymentId::of(family, 0))?;
        let charge = self.get::<Charge>(source)?;
        let back = amount.checked_neg()?.minor();
        let ordinal = payment.bear()?;
        self.put(payment);
        if let Some(charge) = charge.transfer_out(back) {
            self.put(charge);
        }
        Ok((transfer, TransferReversalId::of(family, ordinal)))
    }

    /// On which dates a commission goes back: to where the money came from which it was taken.
    pub(super) fn dates_of_fee(&mut self, charge: &Charge) -> Result<Dates, Error> {
        let date = charge.first_date().unwrap_or(self.now);
        match charge.transfer() {
            Some(transfer) => Ok(self.get::<Transfer>(transfer)?.dates_from(date)),
            None => Ok(Dates::on(date)),
        }
    }

    /// On which dates a commission goes back, and the place in its family of what gives it back.
    // RULE: a commission on a payout can be given back like any other (docs.stripe.com/connect/instant-payouts, 2024).
    fn born_of_fee(&mut self, fee: &ApplicationFee) -> Result<(Dates, u16), Error> {
        match fee.source() {
            FeeSource::Charge(charge) => {
                let charge = self.get::<Charge>(charge)?;
                let dates = self.dates_of_fee(&charge)?;
                let mut payment = self.take::<PaymentIntent>(charge.payment())?;
                let ordinal = payment.bear()?;
                self.put(payment);
                Ok((dates, ordinal))
            }
            FeeSource::Payout(payout) => {
                let full = || AccountError::FamilyFull(fee.account());
                let (payout, ordinal) = self.get::<Payout>(payout)?.bear().ok_or_else(full)?;
                self.put(payout);
                Ok((Dates::on(self.now), ordinal))
            }
        }
    }

    pub(super) fn refund_application_fee(
        &mut self,
        on: Option<AccountId>,
        command: &NewApplicationFeeRefund,
    ) -> Result<ApplicationFeeRefundId, Error> {
        positive(command.amount)?;
        let fee = self.get::<ApplicationFee>(command.fee)?;
        let (currency, exchange) = (fee.amount().currency(), fee.exchange());
        let booked_in = |by: Option<Conversion>| by.map_or(currency, |by| by.to());
        self.want(&[
            Key::Family(fee.account().family()),
            Key::Balance(self.platform, booked_in(exchange.received)),
            Key::Balance(fee.account(), booked_in(exchange.paid)),
        ])?;
        Self::platform_only(on)?;
        let access = self.get::<Account>(fee.account())?.standing().access;
        if access == Access::Closed {
            return Err(AccountError::NotConnected(fee.account(), access).into());
        }
        let left = Money::new(fee.left(), currency);
        let amount = amount_of(command.amount, left)?;
        if amount.is_zero() {
            return Err(RoutingError::FeeRefundTooLarge { fee: fee.id(), asked: amount, left }.into());
        }
        let next = fee.refund(amount.minor())?;
        let (dates, ordinal) = self.born_of_fee(&fee)?;
        let id = ApplicationFeeRefundId::of(fee.id().family(), ordinal);
        let refund = ApplicationFeeRefund::new(id, fee.id(), amount, None, self.now).converted(exchange);
        let refund = refund.taxed(&fee, &next);
        let (given, back, tax) = (refund.given()?, refund.back()?, refund.tax_both_ways()?);
        if dates.sent <= self.now {
            self.afford_transfer(self.platform, given)?;
        }
        let (platform, to, now) = (self.platform, fee.account(), self.now);
        let returned = FeeReturned { platform, to, refund: id, given, back, tax, dates, now };
        self.post(EntryKind::ApplicationFeeRefund, id, &returned.lines(), &Self::exchanged(given, back)?)?;
        self.put(refund);
        self.put(next);
        self.event(RoutingEvent::ApplicationFeeRefunded, fee.id(), None);
        Ok(id)
    }
}
