use super::{Command, Decided, Error, Platform};
use crate::accounts::{CapabilityReviewed, CapabilityStatus, NewAccount, NewBankAccount};
use crate::calendar::Timestamp;
use crate::ids::{
    AccountId, AnomalyId, ApplicationFeeId, ApplicationFeeRefundId, ChargeId, ExternalAccountId, PaymentId, PayoutId,
    RefundId, TransferId, TransferReversalId,
};
use crate::journal::{Answer, Fact, FactOutcome, Told};
use crate::money::Money;
use crate::payments::{
    CancelPayment, ChargeFailed, ChargeFailure, ChargeSubmitted, ChargeSucceeded, ConfirmPayment, Named, NewPayment,
    NewRefund, RefundSucceeded,
};
use crate::payouts::{
    CancelPayout, NewPayout, PayoutFailed, PayoutPaid, PayoutSchedule, PayoutSubmitted, SetPayoutSchedule,
};
use crate::routing::{NewApplicationFeeRefund, NewTransfer, NewTransferReversal};
use crate::rulebook::Capability;

/// Who calls: the platform, or the platform on behalf of an account.
struct Caller<'a> {
    platform: &'a mut Platform,
    account: Option<AccountId>,
}

impl Caller<'_> {
    fn run<T>(
        &mut self,
        key: &str,
        command: Command,
        pick: impl FnOnce(Answer) -> Option<T>,
    ) -> Result<Decided<T>, Error> {
        let Decided { answer, outcome, changes } = self.platform.run(key, self.account, &command)?;
        // INVARIANT: a command is answered in its own kind, and a replayed one is the same command.
        match pick(answer) {
            Some(answer) => Ok(Decided { answer, outcome, changes }),
            None => Err(Error::Stale(key.to_owned())),
        }
    }

    fn record(&mut self, id: &str, at: Timestamp, fact: Fact) -> Result<Decided<FactOutcome>, Error> {
        self.platform.record_told(Told { id, at, fact: &fact })
    }
}

/// Picks the answer of one kind out of all.
macro_rules! pick {
    ($kind:ident) => {
        |answer| if let Answer::$kind(id) = answer { Some(id) } else { None }
    };
}

macro_rules! handles {
    ($($(#[$doc:meta])* $name:ident;)*) => {$(
        $(#[$doc])*
        pub struct $name<'a>(Caller<'a>);
    )*};
}

handles! {
    /// Connected accounts: [`Platform::accounts`].
    Accounts;
    /// What no rule could take up: [`Platform::anomalies`].
    Anomalies;
    /// Payments: [`Platform::payments`], [`ActingAs::payments`].
    Payments;
    /// Payouts: [`Platform::payouts`], [`ActingAs::payouts`].
    Payouts;
    /// Refunds: [`Platform::refunds`], [`ActingAs::refunds`].
    Refunds;
    /// Transfers and commissions: [`Platform::transfers`].
    Transfers;
    /// The platform on behalf of a connected account: [`Platform::acting_as`].
    ActingAs;
}

/// Doing. Each method decides and lets happen in one; see [`Platform::decide`] for hosts that store in between.
impl Platform {
    const fn caller(&mut self) -> Caller<'_> {
        Caller { platform: self, account: None }
    }

    /// Connects accounts and gives them bank accounts.
    pub const fn accounts(&mut self) -> Accounts<'_> {
        Accounts(self.caller())
    }

    /// Puts aside what no rule could take up.
    pub const fn anomalies(&mut self) -> Anomalies<'_> {
        Anomalies(self.caller())
    }

    /// Collects payments that are booked on the platform.
    pub const fn payments(&mut self) -> Payments<'_> {
        Payments(self.caller())
    }

    /// Pays the platform out, and records what became of all payouts.
    pub const fn payouts(&mut self) -> Payouts<'_> {
        Payouts(self.caller())
    }

    /// Gives payments back that are booked on the platform.
    pub const fn refunds(&mut self) -> Refunds<'_> {
        Refunds(self.caller())
    }

    /// Moves money between the platform and its accounts.
    pub const fn transfers(&mut self) -> Transfers<'_> {
        Transfers(self.caller())
    }

    /// Acts for a connected account, as the field's account header does: payments are direct charges, booked on it.
    ///
    /// ```
    /// use fundroute::payments::NewPayment;
    /// use fundroute::prelude::*;
    /// use fundroute::simulator::World;
    ///
    /// let mut platform = Platform::new(NewPlatform::in_country(US), Rulebook::standard(), utc(2026, 11, 2))?;
    /// let mut world = World::new();
    /// let jo = world.onboard(&mut platform, NewAccount::standard(US))?;
    /// let sale = NewPayment::card(usd(10_00)).application_fee(usd(1_23));
    /// platform.acting_as(jo)?.payments().create("order-1", sale)?;
    /// world.settle(&mut platform)?;
    ///
    /// // 10.00 less the processor's 0.59 and the commission.
    /// assert_eq!(platform.balance(jo, USD)?.pending, 8_18);
    /// assert_eq!(platform.balance(platform.id(), USD)?.pending, 1_23);
    /// # Ok::<(), fundroute::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`Error::NotFound`]; on a partial platform [`Error::NotLoaded`].
    pub fn acting_as(&mut self, account: AccountId) -> Result<ActingAs<'_>, Error> {
        self.account(account)?;
        Ok(ActingAs(Caller { platform: self, account: Some(account) }))
    }
}

impl ActingAs<'_> {
    const fn caller(&mut self) -> Caller<'_> {
        Caller { platform: self.0.platform, account: self.0.account }
    }

    /// Collects payments that are booked on the account: direct charges.
    pub const fn payments(&mut self) -> Payments<'_> {
        Payments(self.caller())
    }

    /// Pays the account out.
    pub const fn payouts(&mut self) -> Payouts<'_> {
        Payouts(self.caller())
    }

    /// Gives direct charges back.
    pub const fn refunds(&mut self) -> Refunds<'_> {
        Refunds(self.caller())
    }
}

impl Accounts<'_> {
    /// Connects an account. It can be paid once its capabilities are reported active.
    ///
    /// # Errors
    /// [`AccountError`](crate::accounts::AccountError); [`Error::Rulebook`] where the country is not known.
    pub fn create(&mut self, key: &str, account: NewAccount) -> Result<Decided<AccountId>, Error> {
        self.0.run(key, Command::CreateAccount(account), pick!(Account))
    }

    /// Gives an account a bank account; it takes the place of an earlier one in its currency.
    ///
    /// # Errors
    /// [`AccountError`](crate::accounts::AccountError).
    pub fn add_bank_account(&mut self, key: &str, bank: NewBankAccount) -> Result<Decided<ExternalAccountId>, Error> {
        self.0.run(key, Command::AddBankAccount(bank), pick!(ExternalAccount))
    }

    /// Records the outcome of a review.
    ///
    /// # Errors
    /// [`Error::NotFound`], [`Error::FactAheadOfClock`].
    pub fn record_reviewed(
        &mut self,
        id: &str,
        at: Timestamp,
        account: AccountId,
        capability: Capability,
        status: CapabilityStatus,
    ) -> Result<Decided<FactOutcome>, Error> {
        self.0.record(id, at, Fact::CapabilityReviewed(CapabilityReviewed { account, capability, status }))
    }
}

impl Anomalies<'_> {
    /// Puts an anomaly aside, after a person has looked at it.
    ///
    /// # Errors
    /// [`Error::NotFound`].
    pub fn close(&mut self, key: &str, anomaly: AnomalyId) -> Result<Decided<AnomalyId>, Error> {
        self.0.run(key, Command::CloseAnomaly(anomaly), pick!(Anomaly))
    }
}

impl Payments<'_> {
    /// Starts to collect a payment; the world is instructed to take the money.
    ///
    /// # Errors
    /// [`PaymentError`](crate::payments::PaymentError), [`AccountError`](crate::accounts::AccountError), and
    /// [`Error::Rulebook`] where the price or the timing is not known.
    pub fn create(&mut self, key: &str, payment: NewPayment) -> Result<Decided<PaymentId>, Error> {
        self.0.run(key, Command::CreatePayment(payment), pick!(Payment))
    }

    /// Tries a payment again whose last attempt failed.
    ///
    /// # Errors
    /// As [`create`](Self::create), and [`PaymentError`](crate::payments::PaymentError) in any other state.
    pub fn confirm(&mut self, key: &str, attempt: ConfirmPayment) -> Result<Decided<PaymentId>, Error> {
        self.0.run(key, Command::ConfirmPayment(attempt), pick!(Payment))
    }

    /// Gives up on a payment that has brought no money.
    ///
    /// # Errors
    /// [`PaymentError`](crate::payments::PaymentError) where the money was taken or may be on its way.
    pub fn cancel(&mut self, key: &str, payment: PaymentId) -> Result<Decided<PaymentId>, Error> {
        self.0.run(key, Command::CancelPayment(CancelPayment { payment }), pick!(Payment))
    }

    /// Records that the world has taken a charge up, and under which reference.
    ///
    /// # Errors
    /// [`Error::NotFound`], [`Error::FactAheadOfClock`].
    pub fn record_submitted(
        &mut self,
        id: &str,
        at: Timestamp,
        charge: ChargeId,
        reference: &str,
    ) -> Result<Decided<FactOutcome>, Error> {
        self.0.record(id, at, Fact::ChargeSubmitted(ChargeSubmitted { charge, reference: reference.to_owned() }))
    }

    /// Records that the money of a charge was taken: it is booked, with the transfer and the commission that go with it.
    ///
    /// # Errors
    /// [`Error::NotFound`], [`Error::FactAheadOfClock`].
    pub fn record_succeeded(
        &mut self,
        id: &str,
        at: Timestamp,
        charge: impl Into<Named>,
        amount: Money,
    ) -> Result<Decided<FactOutcome>, Error> {
        self.0.record(id, at, Fact::ChargeSucceeded(ChargeSucceeded { charge: charge.into(), amount }))
    }

    /// Records that an attempt to collect a payment failed.
    ///
    /// # Errors
    /// [`Error::NotFound`], [`Error::FactAheadOfClock`].
    pub fn record_failed(
        &mut self,
        id: &str,
        at: Timestamp,
        charge: impl Into<Named>,
        failure: ChargeFailure,
    ) -> Result<Decided<FactOutcome>, Error> {
        self.0.record(id, at, Fact::ChargeFailed(ChargeFailed { charge: charge.into(), failure }))
    }
}

impl Refunds<'_> {
    /// Gives a payer money back; the world is instructed to send it.
    ///
    /// # Errors
    /// [`PaymentError`](crate::payments::PaymentError).
    pub fn create(&mut self, key: &str, refund: NewRefund) -> Result<Decided<RefundId>, Error> {
        self.0.run(key, Command::CreateRefund(refund), pick!(Refund))
    }

    /// Records that a refund reached the payer.
    ///
    /// # Errors
    /// [`Error::NotFound`], [`Error::FactAheadOfClock`].
    pub fn record_succeeded(
        &mut self,
        id: &str,
        at: Timestamp,
        refund: RefundId,
    ) -> Result<Decided<FactOutcome>, Error> {
        self.0.record(id, at, Fact::RefundSucceeded(RefundSucceeded { refund }))
    }
}

impl Transfers<'_> {
    /// Moves money from the platform to a connected account.
    ///
    /// # Errors
    /// [`RoutingError`](crate::routing::RoutingError), [`AccountError`](crate::accounts::AccountError).
    pub fn create(&mut self, key: &str, transfer: NewTransfer) -> Result<Decided<TransferId>, Error> {
        self.0.run(key, Command::CreateTransfer(transfer), pick!(Transfer))
    }

    /// Takes a transfer back, wholly or in part.
    ///
    /// # Errors
    /// [`RoutingError`](crate::routing::RoutingError).
    pub fn reverse(&mut self, key: &str, transfer: TransferId) -> Result<Decided<TransferReversalId>, Error> {
        self.reverse_part(key, NewTransferReversal::of(transfer))
    }

    /// Takes part of a transfer back.
    ///
    /// # Errors
    /// [`RoutingError`](crate::routing::RoutingError).
    pub fn reverse_part(
        &mut self,
        key: &str,
        reversal: NewTransferReversal,
    ) -> Result<Decided<TransferReversalId>, Error> {
        self.0.run(key, Command::ReverseTransfer(reversal), pick!(TransferReversal))
    }

    /// Gives all that is left of a commission back to the account that had paid it.
    ///
    /// # Errors
    /// [`RoutingError`](crate::routing::RoutingError).
    pub fn refund_fee(&mut self, key: &str, fee: ApplicationFeeId) -> Result<Decided<ApplicationFeeRefundId>, Error> {
        self.refund_fee_part(key, NewApplicationFeeRefund::of(fee))
    }

    /// Gives part of a commission back to the account that had paid it.
    ///
    /// # Errors
    /// [`RoutingError`](crate::routing::RoutingError).
    pub fn refund_fee_part(
        &mut self,
        key: &str,
        refund: NewApplicationFeeRefund,
    ) -> Result<Decided<ApplicationFeeRefundId>, Error> {
        self.0.run(key, Command::RefundApplicationFee(refund), pick!(ApplicationFeeRefund))
    }
}

impl Payouts<'_> {
    /// Sends available money to the bank.
    ///
    /// # Errors
    /// [`PayoutError`](crate::payouts::PayoutError).
    pub fn create(&mut self, key: &str, amount: Money) -> Result<Decided<PayoutId>, Error> {
        self.0.run(key, Command::CreatePayout(NewPayout { amount }), pick!(Payout))
    }

    /// Calls off a payout that was asked for by hand and has not left yet.
    ///
    /// # Errors
    /// [`PayoutError`](crate::payouts::PayoutError).
    pub fn cancel(&mut self, key: &str, payout: PayoutId) -> Result<Decided<PayoutId>, Error> {
        self.0.run(key, Command::CancelPayout(CancelPayout { payout }), pick!(Payout))
    }

    /// Changes when an account is paid out.
    ///
    /// # Errors
    /// [`PayoutError`](crate::payouts::PayoutError) where the account's kind or country does not allow it.
    pub fn set_schedule(
        &mut self,
        key: &str,
        account: AccountId,
        schedule: PayoutSchedule,
    ) -> Result<Decided<AccountId>, Error> {
        self.0.run(key, Command::SetPayoutSchedule(SetPayoutSchedule { account, schedule }), pick!(Account))
    }

    /// Records that a payout was handed to the bank.
    ///
    /// # Errors
    /// [`Error::NotFound`], [`Error::FactAheadOfClock`].
    pub fn record_submitted(
        &mut self,
        id: &str,
        at: Timestamp,
        payout: PayoutId,
    ) -> Result<Decided<FactOutcome>, Error> {
        self.0.record(id, at, Fact::PayoutSubmitted(PayoutSubmitted { payout }))
    }

    /// Records that a payout arrived.
    ///
    /// # Errors
    /// [`Error::NotFound`], [`Error::FactAheadOfClock`].
    pub fn record_paid(&mut self, id: &str, at: Timestamp, payout: PayoutId) -> Result<Decided<FactOutcome>, Error> {
        self.0.record(id, at, Fact::PayoutPaid(PayoutPaid { payout }))
    }

    /// Records that a bank refused a payout, or sent it back.
    ///
    /// # Errors
    /// [`Error::NotFound`], [`Error::FactAheadOfClock`].
    pub fn record_failed(
        &mut self,
        id: &str,
        at: Timestamp,
        payout: PayoutId,
        failure_code: &str,
    ) -> Result<Decided<FactOutcome>, Error> {
        self.0.record(id, at, Fact::PayoutFailed(PayoutFailed { payout, failure_code: failure_code.to_owned() }))
    }
}
