use std::borrow::Cow;

use serde::{Deserialize, Serialize};
use smallvec::SmallVec;

use super::{Error, Transaction};
use crate::accounts::{NewAccount, NewBankAccount};
use crate::ids::{AccountId, AnomalyId, Family, PaymentId};
use crate::journal::{Answer, Digest, Fact, Key, RequestRow};
use crate::payments::{CancelPayment, ConfirmPayment, Named, NewPayment, NewRefund};
use crate::payouts::{CancelPayout, NewPayout, SetPayoutSchedule};
use crate::routing::{NewApplicationFeeRefund, NewTransfer, NewTransferReversal};

/// Something that somebody wants. It can be refused.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub enum Command {
    /// Give an account a bank account.
    AddBankAccount(NewBankAccount),
    /// Give up on a payment.
    CancelPayment(CancelPayment),
    /// Call off a payout.
    CancelPayout(CancelPayout),
    /// Put an anomaly aside after looking at it.
    CloseAnomaly(AnomalyId),
    /// Try a payment again.
    ConfirmPayment(ConfirmPayment),
    /// Connect an account.
    CreateAccount(NewAccount),
    /// Collect a payment.
    CreatePayment(NewPayment),
    /// Send money to a bank.
    CreatePayout(NewPayout),
    /// Give a payer money back.
    CreateRefund(NewRefund),
    /// Move money to an account.
    CreateTransfer(NewTransfer),
    /// Give a commission back.
    RefundApplicationFee(NewApplicationFeeRefund),
    /// Take a transfer back.
    ReverseTransfer(NewTransferReversal),
    /// Change when an account is paid out.
    SetPayoutSchedule(SetPayoutSchedule),
}

impl Command {
    /// The same command without data about persons, for what is written into the journal about it.
    pub(super) fn without_personal(&self) -> Cow<'_, Self> {
        match self {
            Self::AddBankAccount(bank) => {
                Cow::Owned(Self::AddBankAccount(NewBankAccount { number: String::new(), ..bank.clone() }))
            }
            Self::CancelPayment(_)
            | Self::CancelPayout(_)
            | Self::CloseAnomaly(_)
            | Self::ConfirmPayment(_)
            | Self::CreateAccount(_)
            | Self::CreatePayment(_)
            | Self::CreatePayout(_)
            | Self::CreateRefund(_)
            | Self::CreateTransfer(_)
            | Self::RefundApplicationFee(_)
            | Self::ReverseTransfer(_)
            | Self::SetPayoutSchedule(_) => Cow::Borrowed(self),
        }
    }
}

impl Command {
    /// The families that a command names, which a partial platform asks for together.
    fn families(&self) -> SmallVec<[Family; 3]> {
        let one = |family: Family| SmallVec::from_elem(family, 1);
        match self {
            Self::AddBankAccount(bank) => one(bank.account.family()),
            Self::CancelPayment(cancel) => one(cancel.payment.family()),
            Self::CancelPayout(cancel) => one(cancel.payout.family()),
            Self::CloseAnomaly(anomaly) => one(anomaly.family()),
            Self::ConfirmPayment(confirm) => one(confirm.payment.family()),
            Self::CreateAccount(account) => account.id.into_iter().map(AccountId::family).collect(),
            Self::CreatePayment(payment) => {
                let id = payment.id.map(PaymentId::family);
                payment.destination.map(AccountId::family).into_iter().chain(id).collect()
            }
            Self::CreatePayout(_) => SmallVec::new(),
            Self::CreateRefund(refund) => one(refund.payment.family()),
            Self::CreateTransfer(transfer) => {
                let source = transfer.source.map(PaymentId::family);
                source.into_iter().chain([transfer.destination.family()]).collect()
            }
            Self::RefundApplicationFee(refund) => one(refund.fee.family()),
            Self::ReverseTransfer(reversal) => one(reversal.transfer.family()),
            Self::SetPayoutSchedule(schedule) => one(schedule.account.family()),
        }
    }
}

impl Transaction<'_> {
    /// Asks at once for everything that a command names, where not everything is known.
    pub(super) fn want_named(&self, on: Option<AccountId>, command: &Command) -> Result<(), Error> {
        if self.state.is_whole() {
            return Ok(());
        }
        let acting = on.unwrap_or(self.platform).family();
        let families = command.families().into_iter().chain([acting, self.platform.family()]).map(Key::Family);
        let keys: Vec<Key> = families.chain([Key::Request(self.origin().name)]).collect();
        self.want(&keys)
    }

    /// Asks at once for everything that a fact names, where not everything is known.
    pub(super) fn want_told(&self, fact: &Fact) -> Result<(), Error> {
        if self.state.is_whole() {
            return Ok(());
        }
        let charge = |charge: &Named| match charge {
            Named::Id(id) => Key::Family(id.family()),
            Named::Reference(reference) => Key::Reference(self.charge_reference(reference)),
        };
        let mut keys: SmallVec<[Key; 3]> = SmallVec::from_elem(Key::Request(self.origin().name), 1);
        match fact {
            Fact::CapabilityReviewed(fact) => keys.push(Key::Family(fact.account.family())),
            Fact::ChargeFailed(fact) => keys.push(charge(&fact.charge)),
            Fact::ChargeSubmitted(fact) => {
                keys.push(Key::Family(fact.charge.family()));
                keys.push(Key::Reference(self.charge_reference(&fact.reference)));
            }
            Fact::ChargeSucceeded(fact) => keys.push(charge(&fact.charge)),
            Fact::PayoutFailed(fact) => keys.push(Key::Family(fact.payout.family())),
            Fact::PayoutPaid(fact) => keys.push(Key::Family(fact.payout.family())),
            Fact::PayoutSubmitted(fact) => keys.push(Key::Family(fact.payout.family())),
            Fact::RefundSucceeded(fact) => keys.push(Key::Family(fact.refund.family())),
        }
        self.want(&keys)
    }
}

/// A command with the key under which it is carried out once, and the account that it is made for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Request {
    /// At most 255 characters of the caller's choosing; sent again, the same key gives the same answer.
    pub key: String,
    /// The connected account that the platform acts for (the field's account header); keys are separate for each.
    pub account: Option<AccountId>,
    /// What is wanted.
    pub command: Command,
}

impl Request {
    /// A request of the platform itself.
    pub fn new(key: impl Into<String>, command: Command) -> Self {
        Self { key: key.into(), account: None, command }
    }

    /// The same request, made for a connected account.
    #[must_use]
    pub const fn acting_as(mut self, account: AccountId) -> Self {
        self.account = Some(account);
        self
    }
}

impl Transaction<'_> {
    /// Carries a command out, or refuses it. Checks come in the order: shape, existence, permission, state, money.
    pub(super) fn execute(&mut self, on: Option<AccountId>, command: &Command) -> Result<Answer, Error> {
        if let Some(account) = on {
            self.connected(account)?;
        }
        match command {
            Command::AddBankAccount(command) => self.add_bank_account(on, command).map(Answer::ExternalAccount),
            Command::CancelPayment(command) => self.cancel_payment(on, command).map(Answer::Payment),
            Command::CancelPayout(command) => self.cancel_payout(on, command).map(Answer::Payout),
            Command::CloseAnomaly(anomaly) => self.close_anomaly(on, *anomaly).map(Answer::Anomaly),
            Command::ConfirmPayment(command) => self.confirm_payment(on, command).map(Answer::Payment),
            Command::CreateAccount(command) => self.create_account(on, command).map(Answer::Account),
            Command::CreatePayment(command) => self.create_payment(on, command).map(Answer::Payment),
            Command::CreatePayout(command) => self.create_payout(on, command).map(Answer::Payout),
            Command::CreateRefund(command) => self.create_refund(on, command).map(Answer::Refund),
            Command::CreateTransfer(command) => self.create_transfer(on, command).map(Answer::Transfer),
            Command::RefundApplicationFee(command) => {
                self.refund_application_fee(on, command).map(Answer::ApplicationFeeRefund)
            }
            Command::ReverseTransfer(command) => self.reverse_transfer(on, command).map(Answer::TransferReversal),
            Command::SetPayoutSchedule(command) => self.set_payout_schedule(on, command).map(Answer::Account),
        }
    }

    /// Only the platform itself may do what follows.
    pub(super) const fn platform_only(on: Option<AccountId>) -> Result<(), Error> {
        match on {
            Some(account) => Err(Error::NotForAccounts(account)),
            None => Ok(()),
        }
    }

    /// Writes the answer down, to be given again to the same request.
    pub(super) fn remember(&mut self, fingerprint: Digest, answer: Answer) {
        let (name, at) = (self.origin().name, self.now);
        self.changes.request = Some(RequestRow { name, fingerprint, at, answer });
    }
}
