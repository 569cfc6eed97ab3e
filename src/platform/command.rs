use serde::{Deserialize, Serialize};

use super::{Decided, Error, Transaction};
use crate::accounts::{NewAccount, NewBankAccount};
use crate::ids::{AccountId, AnomalyId};
use crate::journal::{Answer, Digest, Outcome, RequestRow};
use crate::payments::{CancelPayment, ConfirmPayment, NewPayment, NewRefund};
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

    /// Closes the transaction with its answer, to be remembered.
    pub(super) fn remember(mut self, fingerprint: Digest, answer: Answer) -> Decided<Answer> {
        let (name, at) = (self.origin().name, self.now);
        self.changes.request = Some(RequestRow { name, fingerprint, at, answer });
        Decided { answer, outcome: Outcome::Applied, changes: self.changes }
    }
}
