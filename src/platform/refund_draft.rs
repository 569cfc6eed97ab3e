//! What a refund takes from whom, and how it is booked.

use smallvec::SmallVec;

use super::claims::{ClaimOn, Claimed};
use super::{Error, Transaction};
use crate::accounts::Account;
use crate::calendar::Timestamp;
use crate::ids::{AccountId, ApplicationFeeRefundId, RefundId, ReserveHoldId, ReserveReleaseId, TransferReversalId};
use crate::journal::Instruction;
use crate::ledger::{Bucket, EntryKind, LedgerAccount, Line, Lines, Postings};
use crate::money::{Currency, Money};
use crate::payments::{
    Charge, Legs, PaymentError, PaymentEvent, PaymentInstruction, PaymentIntent, Refund, RefundReason, RefundReturned,
    RefundState, Refunded, Takes,
};
use crate::payouts::Claim;
use crate::routing::{
    ApplicationFee, ApplicationFeeRefund, Converted, FeeReturned, Returned, RoutingEvent, Transfer, TransferReversal,
};
use crate::tools::risk::{ClosedReason, Tally};

/// A refund with everything that it moves, before anything is written.
pub(super) struct Draft {
    pub(super) payment: PaymentIntent,
    pub(super) charge: Charge,
    refund: RefundId,
    pub(super) amount: Money,
    available_on: Timestamp,
    /// How it shows once the balance is debited.
    state: RefundState,
    lines: Lines,
    /// What is exchanged for it.
    exchanged: Postings,
    /// What the charged account is debited, where that is another currency.
    debited: Option<Converted>,
    reversals: SmallVec<[(TransferReversal, Transfer); 1]>,
    fee_refund: Option<(ApplicationFeeRefund, ApplicationFee)>,
    processor_fee: i64,
    /// What it lets go of what is held back.
    claimed: SmallVec<[Claimed; 1]>,
}

impl Transaction<'_> {
    /// Puts together what a refund moves, where the recipient's share may be pulled back. The charge counts its amount already.
    pub(super) fn draft_refund(
        &mut self,
        payment: PaymentIntent,
        charge: Charge,
        what: (RefundId, Money, Takes),
    ) -> Result<Draft, Error> {
        let (_, _, takes) = what;
        if let Some(transfer) = charge.transfer().filter(|_| takes.transfer) {
            let recipient = self.get::<Transfer>(transfer)?.destination();
            self.permits_pulling(recipient)?;
        }
        if takes.transfer {
            self.permits_pulling_shares(&charge)?;
        }
        self.draft_given(payment, charge, what)
    }

    /// Puts together what a refund moves that was given already. The recipient's share is pulled back as it was when a reader was asked to
    /// give it: whether the world tells of that before or after the end of the connection must not matter.
    pub(super) fn draft_given(
        &mut self,
        payment: PaymentIntent,
        charge: Charge,
        (refund, amount, takes): (RefundId, Money, Takes),
    ) -> Result<Draft, Error> {
        let available_on = charge.first_date().unwrap_or(self.now);
        let state = self.first_state(&charge, available_on)?;
        // RULE: the payer gets the exact amount, the account is debited what that costs at the middle of the market on the day
        // (docs.stripe.com/currencies/conversions, 2024, and recorded exchanges, 2023-2025), each refund by itself.
        let debited = self.outbound(amount, charge.conversion().map(|conversion| conversion.to()))?;
        let mut draft = Draft {
            payment,
            charge,
            refund,
            amount,
            available_on,
            state,
            lines: Lines::new(),
            exchanged: Postings::new(),
            debited,
            reversals: SmallVec::new(),
            fee_refund: None,
            processor_fee: 0,
            claimed: SmallVec::new(),
        };
        self.draft_payers_part(&mut draft)?;
        if let Some(hold) = draft.charge.hold().filter(|_| draft.charge.transfer().is_none()) {
            let debited = debited.map_or(amount, |debited| debited.amount());
            self.draft_claim(&mut draft, hold, (debited.minor(), available_on))?;
        }
        if takes.transfer {
            self.pull_back(&mut draft)?;
        }
        if takes.commission {
            self.return_fee(&mut draft)?;
        }
        Ok(draft)
    }

    /// What goes back to the payer, and what the processor gives back of its fee.
    fn draft_payers_part(&mut self, draft: &mut Draft) -> Result<(), Error> {
        let owner = draft.charge.owner();
        let account = self.get::<Account>(owner)?;
        let bearer = self.bears_fees(&draft.payment, &account);
        if self.rulebook.returns_processor_fee() {
            let (method, currency) = (draft.charge.method(), draft.charge.settlement_currency());
            let rest = draft.charge.rest_with_fee(draft.amount.minor());
            // RULE: what the fee of the whole is above that of the rest, not a proportion of it (recorded exchanges, 2023-2025).
            let kept = if rest > 0 {
                let merchant = self.get::<Account>(self.merchant_of(&draft.payment, owner))?;
                let price = self.rulebook.price(merchant.country(), method, currency)?;
                price.fee(draft.charge.settled(rest)?)?.minor()
            } else {
                0
            };
            (draft.charge, draft.processor_fee) = draft.charge.return_processor_fee(draft.amount.minor(), kept);
        }
        let debited = draft.debited.map_or(draft.amount, |debited| debited.amount());
        draft.exchanged.extend(Self::exchanged(debited, draft.amount)?);
        let refunded = self.refunded((&draft.charge, draft.refund), debited, draft.processor_fee, bearer);
        draft.lines.push(refunded.line());
        if bearer != owner {
            draft.lines.extend(refunded.fee_of(bearer, draft.processor_fee));
        }
        Ok(())
    }

    /// A refund as its lines are made of it: what the account is debited. The processor's fee is part of its line where the account bears it.
    fn refunded(
        &self,
        (charge, refund): (&Charge, RefundId),
        amount: Money,
        processor_fee: i64,
        bearer: AccountId,
    ) -> Refunded {
        Refunded {
            owner: charge.owner(),
            refund,
            method: charge.method(),
            amount: amount.minor(),
            processor_fee: if bearer == charge.owner() { processor_fee } else { 0 },
            currency: amount.currency(),
            available_on: charge.first_date().unwrap_or(self.now),
            now: self.now,
        }
    }

    /// Takes the recipient's share of a refund back out of its transfer.
    fn pull_back(&mut self, draft: &mut Draft) -> Result<(), Error> {
        let Some(transfer) = draft.charge.transfer() else { return self.pull_back_shares(draft) };
        let transfer = self.get::<Transfer>(transfer)?;
        let (whole, left) = (transfer.amount().minor(), transfer.left());
        let part;
        (draft.charge, part) = draft.charge.pull_back(draft.amount.minor(), whole, left)?;
        if part == 0 {
            return Ok(());
        }
        let id = TransferReversalId::of(draft.payment.id().family(), draft.payment.bear()?);
        self.pull_back_part(draft, &transfer, (id, part))
    }

    /// Takes so many minor units back out of a transfer.
    pub(super) fn pull_back_part(
        &mut self,
        draft: &mut Draft,
        transfer: &Transfer,
        (id, part): (TransferReversalId, i64),
    ) -> Result<(), Error> {
        let amount = Money::new(part, transfer.amount().currency());
        let reversal = TransferReversal::new(id, transfer.id(), amount, Some(draft.refund), self.now);
        let reversal = self.taken_back(transfer, reversal)?;
        let taken = reversal.amount_taken();
        let returned = Returned {
            to: self.platform,
            from: transfer.destination(),
            reversal: id,
            amount,
            taken,
            dates: transfer.dates_from(draft.available_on),
            now: self.now,
        };
        draft.lines.extend_from_slice(&returned.lines());
        draft.exchanged.extend(Self::exchanged(taken, amount)?);
        draft.reversals.push((reversal, transfer.reverse(part)?));
        match transfer.hold() {
            Some(hold) => self.draft_claim(draft, hold, (taken.minor(), returned.dates.received)),
            None => Ok(()),
        }
    }

    /// Has what is held back of the charge, or of its transfer, cover what is taken back of it, in the currency in which it is held.
    fn draft_claim(
        &mut self,
        draft: &mut Draft,
        hold: ReserveHoldId,
        (amount, date): (i64, Timestamp),
    ) -> Result<(), Error> {
        let claim = Claim { amount, by: draft.refund.into() };
        let on = ClaimOn { hold, claim, date, is_open: draft.charge.is_capturable() };
        let mut claimed = self.look_at_claim(&on)?;
        if let Some(lets_go) = claimed.take_if(|claimed| claimed.lets_go()) {
            let ordinal = draft.payment.bear().ok();
            let numbered = lets_go.numbered(ordinal.map(|ordinal| ReserveReleaseId::of(hold.family(), ordinal)));
            draft.lines.extend(numbered.line(self.now));
            claimed = Some(numbered);
        }
        draft.claimed.extend(claimed);
        Ok(())
    }

    /// Gives the commission's share of a refund back to the account that had paid it.
    fn return_fee(&mut self, draft: &mut Draft) -> Result<(), Error> {
        let Some(fee) = draft.charge.application_fee() else { return Ok(()) };
        let fee = self.get::<ApplicationFee>(fee)?;
        let part;
        (draft.charge, part) = draft.charge.return_fee(draft.amount.minor(), fee.amount().minor(), fee.left())?;
        if part == 0 {
            return Ok(());
        }
        let id = ApplicationFeeRefundId::of(draft.payment.id().family(), draft.payment.bear()?);
        // RULE: the part is cut in the currency of the commission and converted at its rate, by itself (recorded exchanges, 2023-2025:
        // two halves of 30 cents that were 41 Canadian ones gave 20 and 20).
        let amount = Money::new(part, fee.amount().currency());
        let refunded = ApplicationFeeRefund::new(id, fee.id(), amount, Some(draft.refund), self.now);
        let next = fee.refund(part)?;
        let refunded = refunded.converted(fee.exchange()).taxed(&fee, &next);
        let (given, back, tax) = (refunded.given()?, refunded.back()?, refunded.tax_both_ways()?);
        let returned = FeeReturned {
            platform: self.platform,
            to: fee.account(),
            refund: id,
            given,
            back,
            tax,
            dates: self.dates_of_fee(&draft.charge)?,
            now: self.now,
        };
        draft.lines.extend_from_slice(&returned.lines());
        draft.exchanged.extend(Self::exchanged(given, back)?);
        draft.fee_refund = Some((refunded, next));
        Ok(())
    }

    /// How much available money the account that was charged needs for a refund, in minor units; nothing where it needs none. That
    /// everyone else whom the refund takes available money from has it, or may owe it.
    // RULE: while the charge is pending its refund nets inside the pending money, whatever is available
    // (recorded exchanges, 2023-2025: 249 of 249). What counts is the sum of all legs, not each by itself.
    // RULE: a refund that the recipient of the transfer cannot cover is refused as a whole (docs.stripe.com/connect/charges, 2026).
    pub(super) fn refund_needs(&mut self, draft: &Draft) -> Result<Option<i128>, Error> {
        if draft.available_on > self.now {
            return Ok(None);
        }
        let (owner, settles_in) = (draft.charge.owner(), draft.charge.settlement_currency());
        let mut owners: SmallVec<[(AccountId, Currency); 3]> = SmallVec::new();
        for line in &draft.lines {
            if !owners.contains(&(line.owner(), line.currency())) {
                owners.push((line.owner(), line.currency()));
            }
        }
        let mut of_owner = None;
        for (account, currency) in owners {
            let of = |line: &Line| (line.owner(), line.currency(), line.bucket());
            let is_theirs = |line: &&Line| of(line) == (account, currency, Bucket::Available);
            let nets = draft.lines.iter().filter(is_theirs).map(Line::net);
            let net = nets.fold(0_i128, i128::saturating_add);
            let needed = net.saturating_neg();
            if needed <= 0 {
                continue;
            }
            // The account that was charged never owes for a refund; the recipient of a transfer may. No currency pays for another.
            if (account, currency) == (owner, settles_in) {
                of_owner = Some(needed);
            } else if !self.get::<Account>(account)?.may_owe()
                && let Some(available) = self.shortfall(account, currency, needed)?
            {
                return Err(PaymentError::InsufficientFunds { account, currency, available, needed }.into());
            }
        }
        Ok(of_owner)
    }

    /// How a refund shows once the balance is debited.
    // RULE: a card refund shows as succeeded at once, other methods take days, and some need the payer to name a bank account first
    // (docs.stripe.com/refunds, 2024).
    fn first_state(&self, charge: &Charge, available_on: Timestamp) -> Result<RefundState, Error> {
        let rule = self.rulebook.payment_method(charge.method());
        if rule.refund_needs_details() {
            let until = self.now.checked_add(self.rulebook.refund_details_window())?;
            return Ok(RefundState::RequiresAction { until });
        }
        if charge.method().is_card() {
            return Ok(RefundState::Succeeded { at: self.now });
        }
        Ok(RefundState::Pending { unsettled: available_on > self.now })
    }

    /// Books a refund as it was drafted, and has the world give the money back.
    // INVARIANT: all legs of a refund are one entry.
    pub(super) fn book_refund(&mut self, refund: Refund, draft: Draft) -> Result<Refund, Error> {
        let (id, owner, currency) = (refund.id(), draft.charge.owner(), draft.amount.currency());
        let payers = Self::posting(LedgerAccount::Payers, draft.amount.minor(), currency);
        let fee = Self::fee_of(draft.processor_fee.saturating_neg(), draft.charge.settlement_currency());
        let reserve: Postings = draft.claimed.iter().filter_map(Claimed::posting).collect();
        let postings: Postings = std::iter::once(payers).chain(fee).chain(draft.exchanged).chain(reserve).collect();
        let mut legs = Legs { processor_fee: draft.processor_fee, debited: draft.debited, ..Legs::default() };
        for (reversal, transfer) in draft.reversals {
            legs.reversal = legs.reversal.or(Some(reversal.id()));
            legs.reversals = legs.reversals.saturating_add(1);
            self.event(RoutingEvent::TransferReversed, transfer.id(), None);
            self.put(reversal);
            self.put(transfer);
        }
        if let Some((refunded, fee)) = draft.fee_refund {
            legs.fee_refund = Some(refunded.id());
            self.event(RoutingEvent::ApplicationFeeRefunded, fee.id(), None);
            self.put(refunded);
            self.put(fee);
        }
        self.post(EntryKind::Refund, id, &draft.lines, &postings)?;
        let (charge, amount) = (draft.charge.id(), draft.amount);
        // What a reader gives is booked once it was given.
        if !refund.is_in_person() {
            self.instruct(Instruction::Payment(PaymentInstruction::Refund { refund: id, charge, amount }));
        }
        self.event(PaymentEvent::ChargeRefunded, charge, Some(owner));
        let booked = refund.booked(draft.state, self.now, legs);
        self.put(booked.clone());
        let counted = Tally { refunds: 1, refunded: amount.minor(), ..Tally::default() };
        self.count((&draft.charge, &draft.payment), (self.now, counted))?;
        let payment = draft.payment.id();
        self.put(draft.payment);
        let is_refunded = draft.charge.is_refunded();
        self.put(draft.charge.clone());
        for claimed in draft.claimed {
            self.put_claimed(claimed)?;
        }
        if is_refunded {
            let for_fraud = booked.reason() == Some(RefundReason::Fraudulent);
            let reason = if for_fraud { ClosedReason::RefundedAsFraud } else { ClosedReason::Refunded };
            self.end_review(payment, reason)?;
            self.refunded_in_full(&draft.charge, booked.is_in_person())?;
        }
        Ok(booked)
    }

    /// Gives the money of a refund that came to nothing back to the balance that it was taken from. What was pulled back of a transfer
    /// and returned of a commission stays so.
    // RULE: docs.stripe.com/refunds (2024) and docs.stripe.com/connect/destination-charges (2024): also where the transfer was
    // reversed the amount goes to the platform, which has to make a new transfer to pass it on. That a returned commission stays with
    // the account is our reading of the same.
    // INVARIANT: what the debited account gets is exactly what it was debited.
    pub(super) fn take_refund_back(&mut self, refund: &Refund) -> Result<(), Error> {
        let charge = self.take::<Charge>(refund.charge())?;
        let (amount, fee) = (refund.amount(), refund.processor_fee_returned().minor());
        let is_booked = refund.booked_at().is_some();
        let next =
            charge.refund_returned(amount.minor(), is_booked.then_some(refund.takes()), fee).knows_of(refund.id());
        let next = if is_booked && refund.takes().transfer { next.shares_not_asked(amount.minor()) } else { next };
        if is_booked {
            let payment = self.get::<PaymentIntent>(charge.payment())?;
            self.want_parties(&payment, &charge)?;
            let account = self.get::<Account>(charge.owner())?;
            let bearer = self.bears_fees(&payment, &account);
            let debited = refund.amount_debited();
            let refunded = self.refunded((&charge, refund.id()), debited, fee, bearer);
            let taken_again =
                if bearer == charge.owner() { None } else { refunded.fee_of(bearer, fee.saturating_neg()) };
            let mut lines = Lines::new();
            lines.push(RefundReturned(refunded).line());
            lines.extend(taken_again);
            let payers = Self::posting(LedgerAccount::Payers, amount.checked_neg()?.minor(), amount.currency());
            let fee = Self::fee_of(fee, debited.currency());
            let exchanged = Self::exchanged(amount, debited)?;
            let postings: Postings = std::iter::once(payers).chain(fee).chain(exchanged).collect();
            self.post(EntryKind::RefundReturned, refund.id(), &lines, &postings)?;
        }
        for reversal in refund.transfer_reversals() {
            self.event(RoutingEvent::TransferReversalKept, reversal, None);
        }
        self.put(next);
        Ok(())
    }
}
