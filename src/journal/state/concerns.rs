use std::collections::BTreeSet;

use smallvec::SmallVec;

use super::{Index, Records};
use crate::calendar::Timestamp;
use crate::ids::{AccountId, ChargeId, ObjectId, PaymentId};
use crate::journal::Record;
use crate::payments::{Charge, ChargeState, Flow, PaymentIntent, RefundState};
use crate::payouts::{PayoutState, TopUpState};
use crate::tools::tax::TaxPayee;

/// What a person who answers an account's holder has to know of an object.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Concern {
    /// Somebody had a reason for what was done.
    Done,
    /// It has failed.
    Failed,
    /// It holds money back by itself, by no plan.
    Held,
    /// It is a dispute that is not over.
    Open,
    /// It is a warning that a payment was fraud.
    Warned,
}

/// Since when a payout has failed.
const fn came_to_nothing(state: &PayoutState) -> Option<Timestamp> {
    match state {
        PayoutState::Failed { failed_at, .. } => Some(*failed_at),
        PayoutState::Pending
        | PayoutState::Held { .. }
        | PayoutState::InTransit { .. }
        | PayoutState::Paid { .. }
        | PayoutState::Canceled { .. } => None,
    }
}

/// Since when a top-up has failed, or was pulled back.
const fn did_not_come(state: &TopUpState) -> Option<Timestamp> {
    match state {
        TopUpState::Failed { failed_at: at, .. } | TopUpState::Reversed { reversed_at: at, .. } => Some(*at),
        TopUpState::Pending | TopUpState::Succeeded { .. } | TopUpState::Canceled { .. } => None,
    }
}

impl Record {
    /// What has to be known of it, if anything, and since when.
    pub(super) fn concern(&self) -> Option<(Concern, Timestamp)> {
        match self {
            Self::Charge(charge) => match charge.state() {
                ChargeState::Failed { at, .. } => Some((Concern::Failed, *at)),
                ChargeState::Pending { .. }
                | ChargeState::Authorized
                | ChargeState::Released { .. }
                | ChargeState::Succeeded(_) => charge.reversal().map(|known| (Concern::Failed, known.at())),
            },
            Self::Dispute(dispute) => dispute.is_open().then(|| (Concern::Open, dispute.opened())),
            Self::EarlyFraudWarning(warning) => Some((Concern::Warned, warning.created())),
            Self::Payout(payout) => came_to_nothing(payout.state()).map(|at| (Concern::Failed, at)),
            Self::Refund(refund) => match refund.state() {
                RefundState::Failed { at, .. } => Some((Concern::Failed, *at)),
                RefundState::Waiting { .. }
                | RefundState::AwaitingCard
                | RefundState::RequiresAction { .. }
                | RefundState::Pending { .. }
                | RefundState::Succeeded { .. }
                | RefundState::Canceled { .. } => None,
            },
            Self::ReserveHold(hold) => {
                let is_held = hold.plan().is_none() && hold.is_releasable();
                is_held.then(|| (Concern::Held, hold.created()))
            }
            Self::SupportAction(action) => Some((Concern::Done, action.at())),
            Self::TopUp(top_up) => did_not_come(top_up.state()).map(|at| (Concern::Failed, at)),
            Self::Account(_)
            | Self::AccountLink(_)
            | Self::AccountSession(_)
            | Self::Anomaly(_)
            | Self::Application(_)
            | Self::ApplicationFee(_)
            | Self::ApplicationFeeRefund(_)
            | Self::BalanceSettings(_)
            | Self::Connection(_)
            | Self::ConnectionToken(_)
            | Self::ConnectFees(_)
            | Self::ExternalAccount(_)
            | Self::InstantTerms(_)
            | Self::Location(_)
            | Self::LoginLink(_)
            | Self::ParkedFact(_)
            | Self::PastAction(_)
            | Self::Payment(_)
            | Self::Person(_)
            | Self::PricingRules(_)
            | Self::PricingScheme(_)
            | Self::Profile(_)
            | Self::ProviderTransaction(_)
            | Self::QuotedRate(_)
            | Self::Reader(_)
            | Self::ReservePlan(_)
            | Self::ReserveRelease(_)
            | Self::ReservedFunds(_)
            | Self::Review(_)
            | Self::RiskDay(_)
            | Self::RiskRule(_)
            | Self::RiskRules(_)
            | Self::TaxConsent(_)
            | Self::TaxForm(_)
            | Self::TaxpayerYear(_)
            | Self::Transfer(_)
            | Self::TransferReversal(_) => None,
        }
    }
}

/// A change of what has to be known of an object.
#[derive(Clone, Copy, Debug)]
pub(super) struct ConcernChange {
    pub(super) of: ObjectId,
    pub(super) before: Option<(Concern, Timestamp)>,
    pub(super) after: Option<(Concern, Timestamp)>,
}

/// What has to be known of each account, by time: it follows from the records, and is kept where everything is known.
#[derive(Clone, Debug, Default)]
pub(super) struct Concerns {
    accounts: Index<(AccountId, Concern), BTreeSet<(Timestamp, ObjectId)>>,
    /// What was done to each object for a reason.
    done: Index<ObjectId, BTreeSet<(Timestamp, ObjectId)>>,
}

impl Concerns {
    pub(super) fn change(&mut self, change: ConcernChange, records: &Records) {
        let ConcernChange { of, before, after } = change;
        for account in concerned(records, of) {
            if let Some((concern, since)) = before
                && let Some(known) = self.accounts.value((account, concern))
            {
                known.remove(&(since, of));
            }
            if let Some((concern, since)) = after
                && let Some(known) = self.accounts.value((account, concern))
            {
                known.insert((since, of));
            }
        }
        // INVARIANT: what was done never changes.
        if let (Some((Concern::Done, at)), Some((Record::SupportAction(action), _))) = (after, records.get(of))
            && let Some(known) = self.done.value(action.object())
        {
            known.insert((at, of));
        }
    }

    /// What has to be known of an account, the latest first.
    pub(super) fn of(&self, account: AccountId, concern: Concern) -> impl Iterator<Item = ObjectId> + '_ {
        self.accounts.get(&(account, concern)).into_iter().flatten().rev().map(|(_, object)| *object)
    }

    /// What was done to an object for a reason, the latest first.
    pub(super) fn done(&self, object: ObjectId) -> impl Iterator<Item = ObjectId> + '_ {
        self.done.get(&object).into_iter().flatten().rev().map(|(_, action)| *action)
    }
}

/// The accounts whose affair a payment is: on whose balance it is booked, and who it is for.
fn parties(records: &Records, charge: ChargeId) -> SmallVec<[AccountId; 2]> {
    let owner = records.find::<Charge>(charge).map(|(charge, _)| charge.owner());
    let payment = records.find::<PaymentIntent>(PaymentId::of(charge.family(), 0));
    let other = payment.and_then(|(payment, _)| connected(payment)).filter(|other| Some(*other) != owner);
    owner.into_iter().chain(other).collect()
}

fn connected(payment: &PaymentIntent) -> Option<AccountId> {
    match payment.flow() {
        Flow::Direct { account, .. } | Flow::Destination { account, .. } => Some(*account),
        Flow::Separate => payment.on_behalf_of(),
    }
}

/// The account that a tax form is about, unless its payee has none.
fn payee(payee: &TaxPayee) -> SmallVec<[AccountId; 2]> {
    match payee {
        TaxPayee::Account(account) => SmallVec::from_elem(*account, 1),
        TaxPayee::External(_) => SmallVec::new(),
    }
}

/// The accounts that an object concerns.
fn concerned(records: &Records, of: ObjectId) -> SmallVec<[AccountId; 2]> {
    let one = |account: AccountId| SmallVec::from_elem(account, 1);
    let Some((record, _)) = records.get(of) else { return SmallVec::new() };
    match record {
        Record::Account(account) => one(account.id()),
        Record::ApplicationFee(fee) => one(fee.account()),
        Record::ApplicationFeeRefund(refund) => concerned(records, refund.fee().into()),
        Record::Charge(charge) => parties(records, charge.id()),
        Record::Dispute(dispute) => parties(records, dispute.charge()),
        Record::EarlyFraudWarning(warning) => parties(records, warning.charge()),
        // INVARIANT: who is concerned never changes. On whose balance a payment will be booked is known with its first charge.
        Record::Payment(payment) => connected(payment).into_iter().collect(),
        Record::Payout(payout) => one(payout.account()),
        Record::ProviderTransaction(line) => one(line.account()),
        Record::Refund(refund) => parties(records, refund.charge()),
        Record::ReserveHold(hold) => one(hold.account()),
        Record::ReservePlan(plan) => one(plan.account()),
        Record::ReserveRelease(release) => concerned(records, release.hold().into()),
        Record::ReservedFunds(funds) => one(funds.account()),
        Record::Review(review) => one(review.account()),
        Record::RiskDay(day) => one(day.account()),
        Record::SupportAction(action) => {
            let known = concerned(records, action.object());
            let other = action.account().filter(|other| !known.contains(other));
            known.into_iter().chain(other).collect()
        }
        Record::TaxConsent(consent) => payee(consent.payee()),
        Record::TaxForm(form) => payee(form.payee()),
        Record::Transfer(transfer) => one(transfer.connected()),
        Record::TransferReversal(reversal) => concerned(records, reversal.transfer().into()),
        // INVARIANT: what belongs to an account is born of it, and so is a bank account of the platform's own.
        Record::AccountLink(_)
        | Record::AccountSession(_)
        | Record::BalanceSettings(_)
        | Record::ExternalAccount(_)
        | Record::LoginLink(_)
        | Record::Person(_)
        | Record::Profile(_) => one(AccountId::of(of.family(), 0)),
        Record::TopUp(top_up) => one(AccountId::of(top_up.source().family(), 0)),
        Record::Anomaly(_)
        | Record::Application(_)
        | Record::Connection(_)
        | Record::ConnectionToken(_)
        | Record::ConnectFees(_)
        | Record::InstantTerms(_)
        | Record::Location(_)
        | Record::ParkedFact(_)
        | Record::PastAction(_)
        | Record::PricingRules(_)
        | Record::PricingScheme(_)
        | Record::QuotedRate(_)
        | Record::Reader(_)
        | Record::RiskRule(_)
        | Record::RiskRules(_)
        | Record::TaxpayerYear(_) => SmallVec::new(),
    }
}
