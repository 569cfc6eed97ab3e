use smallvec::SmallVec;

use super::{Error, Transaction};
use crate::accounts::Account;
use crate::calendar::Timestamp;
use crate::ids::{AccountId, ApplicationFeeRefundId, RefundId, TransferReversalId};
use crate::journal::{FactOutcome, Instruction};
use crate::ledger::{EntryKind, LedgerAccount, Line, Lines, Postings};
use crate::money::{Currency, Money};
use crate::payments::{
    Charge, Flow, NewRefund, PaymentError, PaymentEvent, PaymentInstruction, PaymentIntent, Refund, RefundState,
    RefundSucceeded, Refunded, WhoBears,
};
use crate::routing::{
    ApplicationFee, ApplicationFeeRefund, FeeReturned, Returned, RoutingEvent, Transfer, TransferReversal,
};
use crate::rulebook::Notification;

/// A refund being put together: the charge as it will be, and the lines that move the money.
struct Draft {
    charge: Charge,
    amount: i64,
    currency: Currency,
    available_on: Timestamp,
    lines: Lines,
}

/// Whether the shares of a payment are pulled back for a refund, once it is clear that both were decided.
fn bearers(payment: &PaymentIntent, charge: &Charge, command: &NewRefund) -> Result<(bool, bool), PaymentError> {
    let id = payment.id();
    let pulls = match (charge.transfer(), command.transfer) {
        // Left open, it is the mistake that costs marketplaces most, so it is refused.
        (Some(_), None) => return Err(PaymentError::TransferBearerMissing(id)),
        (Some(_), Some(bearer)) => bearer == WhoBears::Recipient,
        // RULE: only destination charges have a transfer of their own to pull back
        // (docs.stripe.com/connect/separate-charges-and-transfers, 2024).
        (None, Some(WhoBears::Recipient)) => return Err(PaymentError::NoTransfer(id)),
        (None, Some(WhoBears::Charged) | None) => false,
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
    Ok((pulls, returns))
}

impl Transaction<'_> {
    pub(super) fn create_refund(&mut self, on: Option<AccountId>, command: &NewRefund) -> Result<RefundId, Error> {
        if let Some(amount) = command.amount.filter(|amount| !amount.is_positive()) {
            return Err(PaymentError::AmountNotPositive(amount).into());
        }
        let mut payment = self.take::<PaymentIntent>(command.payment)?;
        let owner = self.owner_of(&payment, on)?;
        let charge = self.paid(&payment)?;
        let amount = self.refund_amount(&charge, command.amount)?;
        self.check_refundable(&charge)?;
        let (pulls, returns) = bearers(&payment, &charge, command)?;
        if returns {
            self.is_for_commission(owner)?;
        }
        self.want_parties(&payment, owner)?;

        let id = RefundId::of(payment.id().family(), payment.bear()?);
        let captured = charge.captured().map(|captured| captured.available_on());
        let mut draft = Draft {
            charge: charge.refund(amount.minor())?,
            amount: amount.minor(),
            currency: amount.currency(),
            available_on: captured.unwrap_or(self.now),
            lines: Lines::new(),
        };
        let refunded = Refunded {
            owner,
            refund: id,
            method: charge.method(),
            amount: draft.amount,
            currency: draft.currency,
            available_on: draft.available_on,
            now: self.now,
        };
        draft.lines.push(refunded.line());
        let reversal = if pulls { self.pull_back(&mut payment, &mut draft, id)? } else { None };
        let fee_refund = if returns { self.return_fee(&mut payment, &mut draft, id)? } else { None };
        self.check_funds(owner, &draft)?;

        // RULE: a card refund shows as succeeded at once, other methods take days (docs.stripe.com/refunds, 2024).
        let state = match self.rulebook.payment_method(charge.method()).notification() {
            Notification::Immediate => RefundState::Succeeded { at: self.now },
            Notification::Delayed | Notification::Voucher => RefundState::Pending,
        };
        let mut postings = Postings::new();
        postings.push(Self::posting(LedgerAccount::Payers, draft.amount, draft.currency));
        self.put(Refund::new(id, charge.id(), amount, state, self.now, (reversal, fee_refund)));
        self.post(EntryKind::Refund, id, &draft.lines, &postings)?;
        self.instruct(Instruction::Payment(PaymentInstruction::Refund { refund: id, charge: charge.id(), amount }));
        self.event(PaymentEvent::RefundCreated, id, Some(owner));
        self.event(PaymentEvent::ChargeRefunded, charge.id(), Some(owner));
        self.put(payment);
        let is_refunded = draft.charge.is_refunded();
        self.put(draft.charge);
        if is_refunded {
            self.warning_updated(&charge);
            self.refunded_in_full(charge.id())?;
        }
        Ok(id)
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

    /// That the method gives money back, and still does so for this charge.
    fn check_refundable(&self, charge: &Charge) -> Result<(), PaymentError> {
        let rule = self.rulebook.payment_method(charge.method());
        let age = charge.captured().map(|captured| self.now.since(captured.at()).num_days());
        let too_old = rule.refundable_days().zip(age).is_some_and(|(days, age)| age > i64::from(days));
        if rule.is_refundable() && !too_old { Ok(()) } else { Err(PaymentError::NotRefundable(charge.method())) }
    }

    /// Takes the recipient's share of a refund back out of its transfer.
    fn pull_back(
        &mut self,
        payment: &mut PaymentIntent,
        draft: &mut Draft,
        refund: RefundId,
    ) -> Result<Option<TransferReversalId>, Error> {
        let Some(transfer) = draft.charge.transfer() else { return Ok(None) };
        let transfer = self.get::<Transfer>(transfer)?;
        self.permits_pulling(transfer.destination())?;
        let part;
        (draft.charge, part) = draft.charge.pull_back(draft.amount, transfer.amount().minor(), transfer.left())?;
        if part == 0 {
            return Ok(None);
        }
        let id = TransferReversalId::of(payment.id().family(), payment.bear()?);
        let returned = Returned {
            to: self.platform,
            from: transfer.destination(),
            reversal: id,
            amount: part,
            currency: draft.currency,
            available_on: draft.available_on,
            now: self.now,
        };
        draft.lines.extend_from_slice(&returned.lines());
        let amount = Money::new(part, draft.currency);
        self.put(TransferReversal::new(id, transfer.id(), amount, Some(refund), self.now));
        self.event(RoutingEvent::TransferReversed, transfer.id(), None);
        self.put(transfer.reverse(part)?);
        Ok(Some(id))
    }

    /// Gives the commission's share of a refund back to the account that had paid it.
    fn return_fee(
        &mut self,
        payment: &mut PaymentIntent,
        draft: &mut Draft,
        refund: RefundId,
    ) -> Result<Option<ApplicationFeeRefundId>, Error> {
        let Some(fee) = draft.charge.application_fee() else { return Ok(None) };
        let fee = self.get::<ApplicationFee>(fee)?;
        let part;
        (draft.charge, part) = draft.charge.return_fee(draft.amount, fee.amount().minor(), fee.left())?;
        if part == 0 {
            return Ok(None);
        }
        let id = ApplicationFeeRefundId::of(payment.id().family(), payment.bear()?);
        let returned = FeeReturned {
            platform: self.platform,
            to: fee.account(),
            refund: id,
            amount: part,
            currency: draft.currency,
            available_on: draft.available_on,
            now: self.now,
        };
        draft.lines.extend_from_slice(&returned.lines());
        let amount = Money::new(part, draft.currency);
        self.put(ApplicationFeeRefund::new(id, fee.id(), amount, Some(refund), self.now));
        self.event(RoutingEvent::ApplicationFeeRefunded, fee.id(), None);
        self.put(fee.refund(part)?);
        Ok(Some(id))
    }

    /// That everyone whom the refund takes available money from has it, or may owe it.
    // RULE: while the charge is pending its refund nets inside the pending money, whatever is available
    // (recorded exchanges, 2023-2025: 249 of 249). What counts is the sum of all legs, not each by itself.
    fn check_funds(&mut self, owner: AccountId, draft: &Draft) -> Result<(), Error> {
        if draft.available_on > self.now {
            return Ok(());
        }
        let mut owners: SmallVec<[AccountId; 2]> = SmallVec::new();
        for line in &draft.lines {
            if !owners.contains(&line.owner()) {
                owners.push(line.owner());
            }
        }
        for account in owners {
            let nets = draft.lines.iter().filter(|line| line.owner() == account).map(Line::net);
            let net = nets.fold(0_i128, i128::saturating_add);
            // The account that was charged never owes for a refund; the recipient of a transfer may.
            if net < 0 && (account == owner || !self.get::<Account>(account)?.may_owe()) {
                let (currency, needed) = (draft.currency, net.saturating_neg());
                if let Some(available) = self.shortfall(account, currency, needed)? {
                    return Err(PaymentError::InsufficientFunds { account, currency, available, needed }.into());
                }
            }
        }
        Ok(())
    }

    pub(super) fn refund_succeeded(&mut self, at: Timestamp, fact: &RefundSucceeded) -> Result<FactOutcome, Error> {
        let refund = self.get::<Refund>(fact.refund)?;
        let charge = self.get::<Charge>(refund.charge())?;
        let Some(next) = refund.succeed(at) else { return Ok(FactOutcome::Stale) };
        self.put(next);
        self.event(PaymentEvent::RefundUpdated, fact.refund, Some(charge.owner()));
        Ok(FactOutcome::Applied)
    }
}
