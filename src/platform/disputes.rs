use super::{Error, Transaction};
use crate::accounts::{Account, FeePayer, LossBearer};
use crate::calendar::{Timestamp, days};
use crate::ids::{AccountId, ChargeId, DisputeId, EarlyFraudWarningId, ObjectId};
use crate::journal::{AnomalyCause, AnomalyReason, Digest, FactOutcome, Instruction, Key, Told};
use crate::ledger::{EntryKind, LedgerAccount, Lines, Postings};
use crate::money::{ExchangeRate, Money};
use crate::payments::{
    Charge, Contest, Contradiction, Dispute, DisputeCase, DisputeChange, DisputeError, DisputeEvent,
    DisputeInstruction, DisputeOpened, Disputed, EarlyFraudWarning, FeeTerms, FraudWarned, NewDispute, PaymentIntent,
    Position, Refund, RefundFailure, SubmitEvidence,
};
use crate::payouts::Claim;
use crate::routing::Conversion;
use crate::rulebook::{Country, DisputeFeeKind, DisputeFeePayer, MethodFees};
use crate::tools::risk::{ClosedReason, Tally};

/// More than any payment brings; with its fees it stays within what an amount can be.
const MOST_DISPUTED: i64 = 1_000_000_000_000_000_000;
/// What a fraud warning counts for.
const WARNING: Tally = Tally { payments: 0, volume: 0, refunds: 0, refunded: 0, disputes: 0, disputed: 0, warnings: 1 };
/// How many characters the host's name of its evidence may have.
const LONGEST_NAME: usize = 255;

impl Transaction<'_> {
    /// The digest under which an outside reference to a fraud warning is kept.
    pub(super) fn warning_reference(&self, reference: &str) -> Digest {
        self.reference_of("early_fraud_warning", reference).name
    }

    /// Asks at once for everyone whose balance a dispute touches, where not everything is known.
    pub(super) fn want_disputed(&self, charge: &Charge) -> Result<(), Error> {
        let (owner, currency) = (charge.owner(), charge.settlement_currency());
        let parties = [owner, self.platform];
        let keys = parties.map(|party| [Key::Family(party.family()), Key::Balance(party, currency)]);
        self.want(keys.as_flattened())
    }

    pub(super) fn contradicts(&mut self, report: Told<'_>, reason: AnomalyReason) -> FactOutcome {
        self.open_anomaly(AnomalyCause::Fact(report.to_report()), reason)
    }

    pub(super) fn dispute_opened(
        &mut self,
        report: Told<'_>,
        id: ChargeId,
        fact: &DisputeOpened,
    ) -> Result<FactOutcome, Error> {
        let charge = self.take::<Charge>(id)?;
        let origin = self.reference_of("dispute", &fact.reference);
        self.want(&[Key::Reference(origin.name), Key::Reference(self.success_of(id))])?;
        if charge.captured().is_none() {
            let contest = charge.contest();
            self.put(charge.with_contest(Contest { awaited: true, ..contest }));
            return self.park(report, self.success_of(id));
        }
        self.want_disputed(&charge)?;
        let policy = self.rulebook.dispute_policy();
        let closes_at = report.at.checked_add(days(policy.inquiry_days.into())).unwrap_or(Timestamp::MAX);
        if let Some(known) = self.reference(origin.name)? {
            return self.opened_again(report, known, (charge, fact), closes_at);
        }
        if fact.amount.currency() != charge.amount().currency() || !fact.amount.is_positive() {
            return Ok(self.contradicts(report, AnomalyReason::AmountDiffers));
        }
        if fact.amount.minor() > MOST_DISPUTED {
            return Ok(self.contradicts(report, AnomalyReason::OutOfRange));
        }
        let conversion = match converted(&charge, fact) {
            Ok(conversion) => conversion,
            Err(reason) => return Ok(self.contradicts(report, reason)),
        };
        let is_final = self.rulebook.payment_method(charge.method()).disputes().is_final();
        if is_final && fact.case == DisputeCase::Inquiry {
            return Ok(self.contradicts(report, AnomalyReason::DisputeFinal));
        }
        let terms = self.fee_terms(&charge, fact, report.at)?;
        // Which of several facts about a charge is told first is no matter, so the id is made of the dispute's own reference.
        let id = DisputeId::of(origin.family(charge.created()), 0);
        let new = NewDispute { id, charge: charge.id(), fact, at: report.at, closes_at, is_final, terms, conversion };
        let dispute = Dispute::new(&new, self.now);
        self.put_reference(origin.name, Some(id.into()))?;
        self.event(DisputeEvent::Created, id, Some(charge.owner()));
        self.warning_updated(&charge);
        let (charge, dispute) = self.chain(charge, dispute)?;
        self.settle_dispute(charge, (None, dispute))?;
        self.take_up(origin.name)?;
        Ok(FactOutcome::Applied)
    }

    /// A dispute that is known was told to be opened.
    fn opened_again(
        &mut self,
        report: Told<'_>,
        known: ObjectId,
        (charge, fact): (Charge, &DisputeOpened),
        closes_at: Timestamp,
    ) -> Result<FactOutcome, Error> {
        let ObjectId::Dispute(id) = known else {
            return Ok(self.contradicts(report, AnomalyReason::ReferenceTaken));
        };
        self.want(&[Key::Family(id.family())])?;
        let dispute = self.take::<Dispute>(id)?;
        if !dispute.is_opened_by(charge.id(), fact) {
            return Ok(self.contradicts(report, AnomalyReason::ReferenceTaken));
        }
        let terms = self.fee_terms(&charge, fact, report.at)?;
        match dispute.opened_earlier((report.at, closes_at), terms, self.now) {
            Some(next) => self.settle_dispute(charge, (Some(dispute), next)).map(|()| FactOutcome::Applied),
            None => Ok(FactOutcome::Stale),
        }
    }

    /// Takes up what was told of disputes, or of a bank that pulled it back, before the money of their charge was taken.
    pub(super) fn disputed_before(&mut self, id: ChargeId) -> Result<(), Error> {
        let charge = self.take::<Charge>(id)?;
        let contest = charge.contest();
        self.put(charge.with_contest(Contest { awaited: false, ..contest }));
        let success = self.success_of(id);
        self.want(&[Key::Reference(success)])?;
        self.take_up(success)
    }

    /// Puts a new dispute in its place among those of its charge, which name each other in the order of their ids.
    fn chain(&mut self, charge: Charge, dispute: Dispute) -> Result<(Charge, Dispute), Error> {
        let mut contest = charge.contest();
        let id = dispute.id();
        let Some(mut before) = contest.first.filter(|first| *first < id) else {
            let dispute = dispute.with_next(contest.first);
            contest.first = Some(id);
            return Ok((charge.with_contest(contest), dispute));
        };
        loop {
            let known = self.take::<Dispute>(before)?;
            match known.next().filter(|next| *next < id) {
                Some(next) => before = next,
                None => {
                    let dispute = dispute.with_next(known.next());
                    self.put(known.with_next(Some(id)));
                    return Ok((charge, dispute));
                }
            }
        }
    }

    /// Who pays what for a dispute, by the rules of the time when it was opened.
    fn fee_terms(&mut self, charge: &Charge, fact: &DisputeOpened, at: Timestamp) -> Result<FeeTerms, Error> {
        let owner = self.get::<Account>(charge.owner())?;
        let policy = self.rulebook.dispute_policy().fee_payer;
        let (country, currency) = (self.fees_of(charge)?, charge.settlement_currency());
        let fee = |kind| {
            let fee = self.rulebook.dispute_fee(kind, country, fact.network, at)?.amount();
            // Nothing is nothing in every currency.
            (fee.currency() == currency || fee.is_zero()).then(|| fee.minor())
        };
        // RULE: debits have fees of their own, by the currency in which they settle (docs.stripe.com/payments/sepa-debit, 2024).
        let own = self.rulebook.method_fees(charge.method(), currency, at).and_then(MethodFees::dispute);
        Ok(FeeTerms {
            payer: pays_for_disputes(policy, &owner, self.platform),
            received: own.map(Money::minor).or_else(|| fee(DisputeFeeKind::Received)),
            countered: fee(DisputeFeeKind::Countered),
            compliance: fee(DisputeFeeKind::Compliance),
        })
    }

    /// Whose country says what disputes of a charge cost: of one that is converted that of the business whose payment it is.
    // RULE: fees follow the country of the business (docs.stripe.com/connect/charges, 2026); a recorded dispute of a charge on behalf of a
    // Canadian account, booked in Canadian dollars on a platform elsewhere, has its fee in those.
    fn fees_of(&mut self, charge: &Charge) -> Result<Country, Error> {
        let business = match charge.conversion() {
            Some(_) => {
                let payment = self.get::<PaymentIntent>(charge.payment())?;
                self.merchant_of(&payment, charge.owner())
            }
            None => charge.owner(),
        };
        Ok(self.get::<Account>(business)?.country())
    }

    pub(super) fn dispute_changed(
        &mut self,
        report: Told<'_>,
        id: DisputeId,
        change: DisputeChange,
    ) -> Result<FactOutcome, Error> {
        self.want(&[Key::Family(id.family())])?;
        let dispute = self.take::<Dispute>(id)?;
        self.want(&[Key::Family(dispute.charge().family())])?;
        let charge = self.take::<Charge>(dispute.charge())?;
        self.want_disputed(&charge)?;
        let next = match dispute.changed(report.at, change, self.now) {
            Ok(Some(next)) => next,
            Ok(None) => return Ok(FactOutcome::Stale),
            Err(Contradiction::Amount) => return Ok(self.contradicts(report, AnomalyReason::AmountDiffers)),
            Err(Contradiction::NotAnInquiry) => return Ok(self.contradicts(report, AnomalyReason::NotAnInquiry)),
            Err(Contradiction::Final) => return Ok(self.contradicts(report, AnomalyReason::DisputeFinal)),
            Err(Contradiction::Closed) => return Ok(self.contradicts(report, AnomalyReason::InquiryClosed)),
        };
        self.settle_dispute(charge, (Some(dispute), next))?;
        Ok(FactOutcome::Applied)
    }

    /// The time of a dispute is over: one that nobody answered is lost, an inquiry is closed.
    pub(super) fn close_dispute(&mut self, id: DisputeId) -> Result<(), Error> {
        let Some(dispute) = self.find::<Dispute>(id)?.map(super::transaction::Seen::into_owned) else { return Ok(()) };
        if dispute.due() != Some(self.now) {
            return Ok(());
        }
        self.want(&[Key::Family(dispute.charge().family())])?;
        let charge = self.take::<Charge>(dispute.charge())?;
        self.want_disputed(&charge)?;
        let next = dispute.clone().seen_at(self.now);
        self.settle_dispute(charge, (Some(dispute), next))
    }

    /// A charge was given back in full: that closes the inquiries that are known, and a warning about it is no longer worth acting on.
    // An inquiry that is told of later stays open until the world closes it, or its time is over: that the refund may come back, and be
    // told to have, must not make a difference. Neither does it where the world tells that a reader has given all back: which inquiries
    // are known by then is a matter of the order, so that the world closes those as well.
    pub(super) fn refunded_in_full(&mut self, charge: &Charge, is_told: bool) -> Result<(), Error> {
        let contest = charge.contest();
        if let Some(warning) = contest.warning.filter(|_| contest.first.is_none()) {
            self.event(DisputeEvent::WarningUpdated, warning, Some(charge.owner()));
        }
        let mut next = contest.first.filter(|_| !is_told);
        while let Some(id) = next {
            self.want(&[Key::Family(id.family())])?;
            let dispute = self.take::<Dispute>(id)?;
            // INVARIANT: each is behind the one that names it, so the chain ends.
            next = dispute.next().filter(|next| *next > id);
            if let Some(closed) = dispute.refunded(self.now) {
                let charge = self.take::<Charge>(charge.id())?;
                self.settle_dispute(charge, (Some(dispute), closed))?;
            }
        }
        Ok(())
    }

    /// A dispute that the one acted for may answer, with its charge.
    fn answerable(&mut self, on: Option<AccountId>, id: DisputeId) -> Result<(Dispute, Charge), Error> {
        let dispute = self.take::<Dispute>(id)?;
        self.want(&[Key::Family(dispute.charge().family())])?;
        let charge = self.take::<Charge>(dispute.charge())?;
        self.want_disputed(&charge)?;
        if charge.owner() == on.unwrap_or(self.platform) {
            Ok((dispute, charge))
        } else {
            Err(DisputeError::NotOnAccount(id).into())
        }
    }

    pub(super) fn submit_evidence(
        &mut self,
        on: Option<AccountId>,
        command: &SubmitEvidence,
    ) -> Result<DisputeId, Error> {
        let length = command.evidence.chars().count();
        if length == 0 || length > LONGEST_NAME {
            return Err(DisputeError::EvidenceUnnamed(length).into());
        }
        let (dispute, charge) = self.answerable(on, command.dispute)?;
        let next = dispute.submit(command, self.now)?;
        let evidence = command.evidence.as_str().into();
        let submit = DisputeInstruction::SubmitEvidence { dispute: command.dispute, evidence };
        self.instruct(Instruction::Dispute(submit));
        self.settle_dispute(charge, (Some(dispute), next))?;
        Ok(command.dispute)
    }

    pub(super) fn accept_dispute(&mut self, on: Option<AccountId>, id: DisputeId) -> Result<DisputeId, Error> {
        let (dispute, charge) = self.answerable(on, id)?;
        let next = dispute.accept(self.now)?;
        self.instruct(Instruction::Dispute(DisputeInstruction::Accept { dispute: id }));
        self.settle_dispute(charge, (Some(dispute), next))?;
        Ok(id)
    }

    /// Writes down how a dispute stands now: books what follows, tells of it, and notes on the charge what cannot be refunded.
    fn settle_dispute(&mut self, charge: Charge, (before, next): (Option<Dispute>, Dispute)) -> Result<(), Error> {
        let (id, owner) = (next.id(), charge.owner());
        let next = self.book_dispute(&charge, next)?;
        let was = before.as_ref();
        if let Some(was) = was.filter(|was| was.status() != next.status() || was.respond_by() != next.respond_by()) {
            let closed = next.is_closed() && was.status() != next.status();
            let event = if closed { DisputeEvent::Closed } else { DisputeEvent::Updated };
            self.event(event, id, Some(owner));
        } else if was.is_none() && next.is_closed() {
            self.event(DisputeEvent::Closed, id, Some(owner));
        }
        let mut contest = charge.contest();
        let blocked = was.map_or(0, Dispute::blocked);
        let change = i128::from(next.blocked()).saturating_sub(blocked.into());
        contest.disputed = contest.disputed.saturating_add(change);
        let taken = was.map_or(0, |was| was.withdrawn().minor());
        let change = i128::from(next.withdrawn().minor()).saturating_sub(taken.into());
        contest.withdrawn = contest.withdrawn.saturating_add(change);
        let is_new = next.is_filed() && !was.is_some_and(Dispute::is_filed);
        let charge = self.settle_reversal(charge.with_contest(contest))?;
        self.count_dispute(&charge, was, &next)?;
        let (charge_id, payment) = (charge.id(), charge.payment());
        self.put(charge);
        self.put(next);
        if !is_new {
            return Ok(());
        }
        self.end_review(payment, ClosedReason::Disputed)?;
        self.end_waiting_refunds(charge_id)
    }

    /// A charge is contested, or pulled back: refunds of it that wait for money come to nothing.
    // RULE: docs.stripe.com/api/refunds/object (2026), `charge_for_pending_refund_disputed`. What is on its way to the payer already is
    // the processor's to stop, and the world's to tell. That a charge pulled back without a dispute is no different is our reading.
    // INVARIANT: it follows from the dispute's having become one, not from where it stands, so the order of facts is no matter.
    pub(super) fn end_waiting_refunds(&mut self, charge: ChargeId) -> Result<(), Error> {
        for member in self.members(charge.family()) {
            let ObjectId::Refund(id) = member else { continue };
            let refund = self.take::<Refund>(id)?;
            if refund.charge() == charge && refund.booked_at().is_none() {
                self.fail_refund(&refund, self.now, RefundFailure::ChargeForPendingRefundDisputed)?;
            }
        }
        Ok(())
    }

    /// Moves the money of a dispute to where it has to be.
    fn book_dispute(&mut self, charge: &Charge, dispute: Dispute) -> Result<Dispute, Error> {
        let (book, country, network) = (self.rulebook, self.fees_of(charge)?, dispute.network());
        // What a method has of its own is not given back.
        let own = book.method_fees(charge.method(), charge.settlement_currency(), dispute.opened());
        let is_own = own.and_then(MethodFees::dispute).is_some();
        let returns = |kind, won| {
            let keeps = is_own && kind == DisputeFeeKind::Received;
            !keeps && book.dispute_fee(kind, country, network, won).is_some_and(|fee| fee.is_returned())
        };
        let (mut booked, position) = (dispute.booked(), dispute.position(returns));
        // What was taken and is back already are two movements all the same.
        if position.withdrawn && !booked.withdrawn && position.taken < dispute.amount().minor() {
            let taken = dispute.just_withdrawn();
            self.book_position(charge, &dispute, (booked, taken))?;
            booked = taken;
        }
        self.book_position(charge, &dispute, (booked, position))?;
        Ok(dispute.with_booked(position))
    }

    fn book_position(
        &mut self,
        charge: &Charge,
        dispute: &Dispute,
        (from, to): (Position, Position),
    ) -> Result<(), Error> {
        let (owner, currency) = (charge.owner(), charge.settlement_currency());
        let disputed = Disputed {
            owner,
            payer_of_fees: dispute.fee_payer(),
            dispute: dispute.id(),
            currency,
            available_on: charge.first_date().unwrap_or(self.now),
            now: self.now,
        };
        // INVARIANT: all of these lie between nothing and the amount, or the fee.
        let change = |from: i64, to: i64| to.saturating_sub(from);
        let (taken, with_payer) = (change(from.taken, to.taken), change(from.with_payer, to.with_payer));
        let received = change(from.received, to.received);
        let in_line = if disputed.payer_of_fees == owner && taken != 0 { received } else { 0 };
        let fees = [received.saturating_sub(in_line), change(from.countered, to.countered)];
        let fees = [fees.into_iter().fold(0, i64::saturating_add), change(from.compliance, to.compliance)];
        let mut lines = Lines::new();
        let settled = dispute.settled_part(from.taken, to.taken)?;
        lines.extend(disputed.money(settled.minor(), in_line));
        lines.extend(fees.into_iter().filter_map(|fee| disputed.fee(fee)));
        let withheld = taken.saturating_sub(with_payer);
        let mut postings = Postings::new();
        postings.extend(Self::fee_of(fees.into_iter().fold(in_line, i64::saturating_add), currency));
        let told = dispute.amount().currency();
        postings.extend(Self::exchanged(settled, Money::new(taken, told))?);
        for (account, amount) in [(LedgerAccount::Disputes, withheld), (LedgerAccount::Payers, with_payer)] {
            if amount != 0 {
                postings.push(Self::posting(account, amount, told));
            }
        }
        let (kind, event) = match (taken, with_payer) {
            (1.., _) => (EntryKind::Dispute, Some(DisputeEvent::FundsWithdrawn)),
            (..=-1, _) => (EntryKind::DisputeReversal, Some(DisputeEvent::FundsReinstated)),
            (0, 0) if lines.is_empty() => return Ok(()),
            (0, 0) => (EntryKind::DisputeFee, None),
            (0, _) => (EntryKind::DisputeLost, None),
        };
        self.post(kind, dispute.id(), &lines, &postings)?;
        if taken > 0 {
            let amount = dispute.settled_part(0, dispute.amount().minor())?.minor();
            self.claim_charge(charge, Claim { amount, by: dispute.id().into() })?;
        }
        if let Some(event) = event {
            self.event(event, dispute.id(), Some(owner));
        }
        Ok(())
    }

    /// Tells that a warning about a charge is no longer worth acting on, which the charge as it was left it.
    pub(super) fn warning_updated(&mut self, charge: &Charge) {
        let contest = charge.contest();
        if let Some(warning) = contest.warning.filter(|_| contest.first.is_none() && !charge.is_refunded()) {
            self.event(DisputeEvent::WarningUpdated, warning, Some(charge.owner()));
        }
    }

    pub(super) fn fraud_warned(
        &mut self,
        report: Told<'_>,
        id: ChargeId,
        fact: &FraudWarned,
    ) -> Result<FactOutcome, Error> {
        let charge = self.take::<Charge>(id)?;
        let origin = self.reference_of("early_fraud_warning", &fact.reference);
        if let Some(known) = self.reference(origin.name)? {
            let ObjectId::EarlyFraudWarning(known) = known else {
                return Ok(self.contradicts(report, AnomalyReason::ReferenceTaken));
            };
            self.want(&[Key::Family(known.family())])?;
            let warning = self.take::<EarlyFraudWarning>(known)?;
            if (warning.charge(), warning.fraud_type()) != (id, fact.fraud_type) {
                return Ok(self.contradicts(report, AnomalyReason::ReferenceTaken));
            }
            let Some(earlier) = warning.given_earlier(report.at) else { return Ok(FactOutcome::Stale) };
            self.count_of(&charge, warning.created(), WARNING.negated())?;
            self.count_of(&charge, report.at, WARNING)?;
            self.put(earlier);
            return Ok(FactOutcome::Applied);
        }
        let warning = EarlyFraudWarningId::of(origin.family(charge.created()), 0);
        self.put_reference(origin.name, Some(warning.into()))?;
        self.put(EarlyFraudWarning::new(warning, id, fact.fraud_type, report.at));
        self.event(DisputeEvent::WarningCreated, warning, Some(charge.owner()));
        self.count_of(&charge, report.at, WARNING)?;
        let mut contest = charge.contest();
        contest.warning = Some(contest.warning.map_or(warning, |known| known.min(warning)));
        self.put(charge.with_contest(contest));
        Ok(FactOutcome::Applied)
    }
}

/// How a dispute of a charge is converted, or why it cannot be: as the world says, and else as the charge was.
// RULE: a dispute takes what it costs on its day, which may be another amount than the charge had brought
// (docs.stripe.com/disputes/how-disputes-work, 2026); recorded ones of test mode take what the charge had brought.
fn converted(charge: &Charge, fact: &DisputeOpened) -> Result<Option<Conversion>, AnomalyReason> {
    let conversion = match (charge.conversion(), fact.settled) {
        (conversion, None) => conversion,
        (Some(conversion), Some(settled)) if settled.currency() == conversion.to() => {
            let rate = ExchangeRate::between(fact.amount, settled).map_err(|_| AnomalyReason::AmountDiffers)?;
            Some(Conversion::new(settled.currency(), rate))
        }
        (Some(_) | None, Some(_)) => return Err(AnomalyReason::AmountDiffers),
    };
    match Conversion::through(conversion, fact.amount) {
        Ok(_) => Ok(conversion),
        Err(_) => Err(AnomalyReason::OutOfRange),
    }
}

/// Who pays the fees for disputes of charges that are booked on an account.
// RULE: what is booked on the platform it pays itself; of direct charges see `DisputeFeePayer` (docs.stripe.com/connect/disputes, 2026).
fn pays_for_disputes(policy: DisputeFeePayer, owner: &Account, platform: AccountId) -> AccountId {
    let Some(controller) = owner.controller() else { return platform };
    let is_platforms = match (policy, controller.losses, controller.fees) {
        (DisputeFeePayer::ByLiability, LossBearer::Processor, _)
        | (
            DisputeFeePayer::ByLiability,
            LossBearer::Application,
            FeePayer::ApplicationCustom | FeePayer::ApplicationExpress,
        )
        | (DisputeFeePayer::Account, _, _) => false,
        (DisputeFeePayer::ByFeePayer, _, fees) => fees == FeePayer::Application,
        (DisputeFeePayer::ByLiability, LossBearer::Application, FeePayer::Account | FeePayer::Application)
        | (DisputeFeePayer::Platform, _, _) => true,
    };
    if is_platforms { platform } else { owner.id() }
}
