use serde::{Deserialize, Serialize};
use smallvec::SmallVec;

use super::{Error, Transaction};
use crate::accounts::{
    Access, Action, Actor, Authorize, CloseAccount, ExchangeCode, Information, NewAccount, NewAccountLink,
    NewAccountSession, NewApplication, NewExternalAccount, NewPerson, PayoutMethod, RejectAccount, RequestCapability,
    Scope, SetPause, UnrejectAccount, UpdateExternalAccount, UpdatePlatform,
};
use crate::ids::{
    AccountId, AccountLinkId, AccountSessionId, AnomalyId, ApplicationId, ConnectionId, DisputeId, ExternalAccountId,
    Family, LoginLinkId, ObjectId, PaymentId, PersonId,
};
use crate::journal::{Answer, Digest, Fact, Key, RequestRow};
use crate::payments::{
    CancelPayment, CancelRefund, CapturePayment, ConfirmPayment, IncrementAuthorization, Named, NamedDispute,
    NewPayment, NewRefund, SubmitEvidence, UpdatePayment,
};
use crate::payouts::{
    CancelPayout, CancelTopUp, NewPayout, NewTopUp, ResendPayout, ReserveCommand, ReversePayout,
    SetDebitNegativeBalances, SetDelayDays, SetInstantPrice, SetPayoutSchedule, TimingCommand, UpdateTopUp,
};
use crate::routing::{
    NewApplicationFeeRefund, NewTransfer, NewTransferReturn, NewTransferReversal, PricingCommand, SetExchangeRate,
};
use crate::terminal::{ReaderTask, TerminalCommand};
use crate::tools::Attribution;
use crate::tools::risk::RiskCommand;
use crate::tools::tax::TaxCommand;

/// Something that somebody wants. It can be refused.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub enum Command {
    /// Give in to a dispute.
    AcceptDispute(DisputeId),
    /// Give an account a bank account or a debit card.
    AddExternalAccount(NewExternalAccount),
    /// A holder lets the application in.
    Authorize(Authorize),
    /// Give up on a payment.
    CancelPayment(CancelPayment),
    /// Call off a payout.
    CancelPayout(CancelPayout),
    /// Call off a top-up.
    CancelTopUp(CancelTopUp),
    /// Take the money of a payment that was authorized.
    CapturePayment(CapturePayment),
    /// Call off a refund for which the payer has to act.
    CancelRefund(CancelRefund),
    /// Open a session, once.
    ClaimAccountSession(AccountSessionId),
    /// Close an account for good.
    CloseAccount(CloseAccount),
    /// Put an anomaly aside after looking at it.
    CloseAnomaly(AnomalyId),
    /// Try a payment again.
    ConfirmPayment(ConfirmPayment),
    /// Connect an account.
    CreateAccount(NewAccount),
    /// Hand out a page on which the holder of an account gives what is asked for.
    CreateAccountLink(NewAccountLink),
    /// Let the holder of an account see parts of it inside the platform's own pages.
    CreateAccountSession(NewAccountSession),
    /// Let the holder of an account into the light dashboard.
    CreateLoginLink(AccountId),
    /// Collect a payment.
    CreatePayment(NewPayment),
    /// Add a person to a company's account.
    CreatePerson(NewPerson),
    /// Send money to a bank.
    CreatePayout(NewPayout),
    /// Give a payer money back.
    CreateRefund(NewRefund),
    /// Pull money from the platform's own bank account.
    CreateTopUp(NewTopUp),
    /// Move money to an account.
    CreateTransfer(NewTransfer),
    /// End the connection of an account.
    Deauthorize(AccountId),
    /// Remove a bank account or card.
    DeleteExternalAccount(ExternalAccountId),
    /// Remove a person from a company's account.
    DeletePerson(PersonId),
    /// A holder does not let the application in.
    DenyAuthorization(Authorize),
    /// Forget what is known about a person, a company or a bank account.
    Erase(ObjectId),
    /// Exchange a code for its connection.
    ExchangeCode(ExchangeCode),
    /// Have more of a payment authorized.
    IncrementAuthorization(IncrementAuthorization),
    /// The visitor of an account link has finished, or saves the rest for later.
    LeaveAccountLink(AccountLinkId),
    /// Give what an account is asked for.
    ProvideInformation(Information),
    /// Look at what an account is asked for, by the rules of now.
    ReassessAccount(AccountId),
    /// Give a commission back.
    RefundApplicationFee(NewApplicationFeeRefund),
    /// Say what the platform is to those who connect accounts of their own.
    RegisterApplication(NewApplication),
    /// Turn an account away.
    RejectAccount(RejectAccount),
    /// Ask for a capability, or give it up.
    RequestCapability(RequestCapability),
    /// Hold money of an account back, or let it go.
    Reserve(ReserveCommand),
    /// Send money that a transfer had brought back to the platform.
    ReturnTransfer(NewTransferReturn),
    /// Take a payout back.
    ReversePayout(ReversePayout),
    /// Take a transfer back.
    ReverseTransfer(NewTransferReversal),
    /// Have an account's bank debited for what the account owes, or no longer.
    SetDebitNegativeBalances(SetDebitNegativeBalances),
    /// Let an account's payments wait longer, or no longer than they have to.
    SetDelayDays(SetDelayDays),
    /// Say at which rate money of one currency becomes money of another.
    SetExchangeRate(SetExchangeRate),
    /// Say what the platform takes of its accounts' payouts within minutes.
    SetInstantPrice(SetInstantPrice),
    /// Stop an account's payments or payouts for a while, or let them go on.
    SetPause(SetPause),
    /// Change when an account is paid out.
    SetPayoutSchedule(SetPayoutSchedule),
    /// Hand in evidence against a dispute.
    SubmitEvidence(SubmitEvidence),
    /// Something about places, readers and what readers do.
    Terminal(TerminalCommand),
    /// Take a rejection back.
    UnrejectAccount(UnrejectAccount),
    /// Change how the platform shows itself.
    UpdatePlatform(UpdatePlatform),
    /// Change a payment that is not being collected.
    UpdatePayment(UpdatePayment),
    /// Change a bank account or card, or have it used again.
    UpdateExternalAccount(UpdateExternalAccount),
    /// Change the words on a top-up.
    UpdateTopUp(UpdateTopUp),
    /// Use a login link, once.
    UseLoginLink(LoginLinkId),
    /// Somebody follows an account link.
    VisitAccountLink(AccountLinkId),
    /// Change when an account's days begin, or what its payouts leave behind.
    Timing(TimingCommand),
    /// Something about schemes of prices.
    Pricing(PricingCommand),
    /// Send a payout again that has failed.
    ResendPayout(ResendPayout),
    /// Something about tax forms.
    Tax(Box<TaxCommand>),
    /// Something about rules over accounts, and reviews.
    Risk(RiskCommand),
}

/// The families that a payment to be made names.
fn families_of(payment: &NewPayment) -> SmallVec<[Family; 3]> {
    let other = payment.destination.or(payment.on_behalf_of).map(AccountId::family);
    other.into_iter().chain(payment.id.map(PaymentId::family)).collect()
}

impl Command {
    /// Whether it gives a payer money back, or stops a reader.
    const fn winds_up(&self) -> bool {
        if let Self::Terminal(TerminalCommand::StartReaderAction(start)) = self {
            return matches!(start.task, ReaderTask::RefundPayment(_));
        }
        matches!(self, Self::CreateRefund(_) | Self::Terminal(TerminalCommand::CancelReaderAction(_)))
    }

    /// What a command does to the account that it is made for; nothing where it is the platform's own affair, or where the
    /// handler looks closer.
    const fn action(&self) -> Option<Action> {
        match self {
            Self::AddExternalAccount(_) | Self::DeleteExternalAccount(_) | Self::UpdateExternalAccount(_) => {
                Some(Action::ManageExternalAccounts)
            }
            Self::AcceptDispute(_)
            | Self::CancelPayment(_)
            | Self::CancelRefund(_)
            | Self::CapturePayment(_)
            | Self::ConfirmPayment(_)
            | Self::UpdatePayment(_)
            | Self::CreatePayment(_)
            | Self::CreateRefund(_)
            | Self::IncrementAuthorization(_)
            | Self::ReturnTransfer(_)
            | Self::SubmitEvidence(_)
            | Self::Terminal(_) => Some(Action::TakePayments),
            Self::CreatePayout(NewPayout { method: PayoutMethod::Instant, .. }) => Some(Action::CreateInstantPayout),
            Self::CancelPayout(_) | Self::CreatePayout(_) | Self::ResendPayout(_) => Some(Action::CreatePayout),
            Self::ReversePayout(_) => Some(Action::ReversePayout),
            Self::CloseAccount(_) => Some(Action::Close),
            Self::CreatePerson(_) | Self::DeletePerson(_) => Some(Action::WritePersonal),
            Self::ProvideInformation(_) => Some(Action::UpdateBusiness),
            Self::RejectAccount(_) | Self::UnrejectAccount(_) => Some(Action::Reject),
            Self::RequestCapability(_) => Some(Action::RequestCapabilities),
            Self::Reserve(_) => Some(Action::Reserve),
            Self::SetDelayDays(_) => Some(Action::SetDelayDays),
            Self::SetPause(_) => Some(Action::Pause),
            Self::SetDebitNegativeBalances(_) => Some(Action::SetBalanceSettings),
            Self::SetPayoutSchedule(_) => Some(Action::SetPayoutSchedule),
            Self::Timing(command) => Some(command.action()),
            Self::CreateAccountLink(link) => Some(link.kind.action()),
            Self::CreateAccountSession(_) => Some(Action::CreateAccountSession),
            Self::CreateLoginLink(_) => Some(Action::CreateLoginLink),
            Self::ClaimAccountSession(_) | Self::UseLoginLink(_) => Some(Action::Read),
            Self::Deauthorize(_) => Some(Action::Disconnect),
            Self::Authorize(_)
            | Self::DenyAuthorization(_)
            | Self::ExchangeCode(_)
            | Self::LeaveAccountLink(_)
            | Self::RegisterApplication(_)
            | Self::VisitAccountLink(_) => None,
            Self::CancelTopUp(_)
            | Self::CloseAnomaly(_)
            | Self::CreateAccount(_)
            | Self::CreateTopUp(_)
            | Self::CreateTransfer(_)
            | Self::Erase(_)
            | Self::Pricing(_)
            | Self::ReassessAccount(_)
            | Self::RefundApplicationFee(_)
            | Self::ReverseTransfer(_)
            | Self::Risk(_)
            | Self::SetExchangeRate(_)
            | Self::SetInstantPrice(_)
            | Self::Tax(_)
            | Self::UpdatePlatform(_)
            | Self::UpdateTopUp(_) => None,
        }
    }

    /// Whether it moves money, or has it moved: on a platform that only mirrors, the provider is asked for that.
    pub(super) const fn moves_money(&self) -> bool {
        matches!(
            self,
            Self::AcceptDispute(_)
                | Self::CancelPayment(_)
                | Self::CancelPayout(_)
                | Self::CancelRefund(_)
                | Self::CancelTopUp(_)
                | Self::CapturePayment(_)
                | Self::ConfirmPayment(_)
                | Self::CreatePayment(_)
                | Self::CreatePayout(_)
                | Self::CreateRefund(_)
                | Self::CreateTopUp(_)
                | Self::CreateTransfer(_)
                | Self::IncrementAuthorization(_)
                | Self::RefundApplicationFee(_)
                | Self::ResendPayout(_)
                | Self::Reserve(_)
                | Self::ReturnTransfer(_)
                | Self::ReversePayout(_)
                | Self::ReverseTransfer(_)
        )
    }

    /// Whether it is what somebody does who is not let in yet, or not any more: the handler looks closer.
    const fn is_at_the_door(&self) -> bool {
        matches!(
            self,
            Self::Authorize(_) | Self::DenyAuthorization(_) | Self::LeaveAccountLink(_) | Self::VisitAccountLink(_)
        )
    }

    /// The families that a command names, which a partial platform asks for together.
    fn families(&self) -> SmallVec<[Family; 3]> {
        let one = |family: Family| SmallVec::from_elem(family, 1);
        match self {
            Self::AcceptDispute(dispute) => one(dispute.family()),
            Self::SubmitEvidence(submission) => one(submission.dispute.family()),
            Self::AddExternalAccount(new) => one(new.account.family()),
            Self::DeleteExternalAccount(id) => one(id.family()),
            Self::UpdateExternalAccount(update) => one(update.external_account.family()),
            Self::CancelPayment(cancel) => one(cancel.payment.family()),
            Self::CancelPayout(cancel) => one(cancel.payout.family()),
            Self::CancelTopUp(cancel) => one(cancel.top_up.family()),
            Self::UpdateTopUp(update) => one(update.top_up.family()),
            Self::CapturePayment(capture) => one(capture.payment.family()),
            Self::CancelRefund(cancel) => one(cancel.refund.family()),
            Self::CloseAccount(close) => one(close.account.family()),
            Self::CloseAnomaly(anomaly) => one(anomaly.family()),
            Self::ConfirmPayment(confirm) => one(confirm.payment.family()),
            Self::UpdatePayment(update) => one(update.payment.family()),
            Self::CreateAccount(account) => account.id.into_iter().map(AccountId::family).collect(),
            Self::CreatePayment(payment) => families_of(payment),
            Self::CreatePayout(_)
            | Self::CreateTopUp(_)
            | Self::SetExchangeRate(_)
            | Self::SetInstantPrice(_)
            | Self::UpdatePlatform(_) => SmallVec::new(),
            Self::Tax(command) => command.family().into_iter().collect(),
            Self::Terminal(command) => command.families(),
            Self::CreatePerson(person) => one(person.account.family()),
            Self::DeletePerson(person) => one(person.family()),
            Self::Erase(object) => one(object.family()),
            Self::IncrementAuthorization(raise) => one(raise.payment.family()),
            Self::Pricing(command) => command.families().collect(),
            Self::ProvideInformation(told) => one(told.account.family()),
            Self::RequestCapability(request) => one(request.account.family()),
            Self::CreateRefund(refund) => one(refund.payment.family()),
            Self::CreateTransfer(transfer) => {
                let source = transfer.source.map(PaymentId::family);
                source.into_iter().chain([transfer.destination.family()]).collect()
            }
            Self::RefundApplicationFee(refund) => one(refund.fee.family()),
            Self::ResendPayout(again) => one(again.payout.family()),
            Self::Reserve(command) => one(command.family()),
            Self::Risk(command) => command.family().into_iter().collect(),
            Self::RejectAccount(reject) => one(reject.account.family()),
            Self::ReversePayout(reverse) => one(reverse.payout.family()),
            Self::ReturnTransfer(back) => one(back.transfer.family()),
            Self::ReverseTransfer(reversal) => one(reversal.transfer.family()),
            Self::SetDebitNegativeBalances(set) => one(set.account.family()),
            Self::SetDelayDays(delay) => one(delay.account.family()),
            Self::SetPause(pause) => one(pause.account.family()),
            Self::SetPayoutSchedule(schedule) => one(schedule.account.family()),
            Self::Timing(command) => one(command.account().family()),
            Self::Authorize(wish) | Self::DenyAuthorization(wish) => {
                wish.known().map(AccountId::family).into_iter().collect()
            }
            Self::ClaimAccountSession(session) => one(session.family()),
            Self::CreateAccountLink(link) => one(link.account.family()),
            Self::CreateAccountSession(session) => one(session.account.family()),
            Self::CreateLoginLink(account) | Self::Deauthorize(account) | Self::ReassessAccount(account) => {
                one(account.family())
            }
            Self::ExchangeCode(exchange) => exchange.connection().map(ConnectionId::family).into_iter().collect(),
            Self::LeaveAccountLink(link) | Self::VisitAccountLink(link) => one(link.family()),
            Self::RegisterApplication(_) => SmallVec::new(),
            Self::UseLoginLink(link) => one(link.family()),
            Self::UnrejectAccount(unreject) => one(unreject.account.family()),
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
        let mut keys: Vec<Key> = families.chain([Key::Request(self.origin().name)]).collect();
        if let Command::CreatePayment(payment) = command {
            // What an account may do depends on what it has received, mostly in the currency that it takes.
            let other = payment.destination.or(payment.on_behalf_of);
            let connected = on.into_iter().chain(other).filter(|account| *account != self.platform);
            keys.extend(connected.map(|account| Key::Balance(account, payment.amount.currency())));
            keys.extend(self.keys_of_plan(payment));
        }
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
            Fact::AccountTokenChanged(fact) => keys.push(Key::Family(fact.external_account.family())),
            Fact::ExternalAccountChecked(fact) => keys.push(Key::Family(fact.external_account.family())),
            Fact::ActionCompleted(fact) => keys.push(charge(&fact.charge)),
            Fact::ActionRequired(fact) => keys.push(charge(&fact.charge)),
            Fact::AuthorizationIncremented(fact) => keys.push(charge(&fact.charge)),
            Fact::CaptureFailed(fact) => keys.push(charge(&fact.charge)),
            Fact::ChargeAuthorized(fact) => keys.push(charge(&fact.charge)),
            Fact::ChargeCaptured(fact) => keys.push(charge(&fact.charge)),
            Fact::IncrementDeclined(fact) => keys.push(charge(&fact.charge)),
            Fact::CapabilityReviewed(fact) => keys.push(Key::Family(fact.account.family())),
            Fact::CapabilityStopped(fact) => keys.push(Key::Family(fact.account.family())),
            Fact::ChargeFailed(fact) => keys.push(charge(&fact.charge)),
            Fact::ChargeReversed(fact) => keys.push(charge(&fact.charge)),
            Fact::ChargeSubmitted(fact) => {
                keys.push(Key::Family(fact.charge.family()));
                keys.push(Key::Reference(self.charge_reference(&fact.reference)));
            }
            Fact::ChargeSucceeded(fact) => keys.push(charge(&fact.charge)),
            Fact::DisputeChanged(fact) => keys.push(match &fact.dispute {
                NamedDispute::Id(id) => Key::Family(id.family()),
                NamedDispute::Reference(reference) => Key::Reference(self.dispute_reference(reference)),
            }),
            Fact::DisputeOpened(fact) => {
                keys.push(charge(&fact.charge));
                keys.push(Key::Reference(self.dispute_reference(&fact.reference)));
            }
            Fact::FraudWarned(fact) => {
                keys.push(charge(&fact.charge));
                keys.push(Key::Reference(self.warning_reference(&fact.reference)));
            }
            Fact::DebtWrittenOff(fact) => {
                keys.push(Key::Family(fact.account.family()));
                keys.push(Key::Balance(fact.account, fact.amount.currency()));
            }
            Fact::FundsReserved(fact) => keys.extend(self.keys_of_reserve(fact)),
            Fact::ConnectionRevoked(fact) => keys.push(Key::Family(fact.account.family())),
            Fact::InformationChecked(fact) => keys.push(Key::Family(fact.account.family())),
            Fact::PayoutCanceled(fact) => keys.push(Key::Family(fact.payout.family())),
            Fact::PayoutFailed(fact) => keys.push(Key::Family(fact.payout.family())),
            Fact::PayoutPaid(fact) => keys.push(Key::Family(fact.payout.family())),
            Fact::PayoutSubmitted(fact) => keys.push(Key::Family(fact.payout.family())),
            Fact::PayoutTraced(fact) => keys.push(Key::Family(fact.payout.family())),
            Fact::Provider(fact) => keys.extend(self.keys_of_provider(fact)),
            Fact::RefundCanceled(fact) => keys.push(Key::Family(fact.refund.family())),
            Fact::RefundFailed(fact) => keys.push(Key::Family(fact.refund.family())),
            Fact::RefundSucceeded(fact) => keys.push(Key::Family(fact.refund.family())),
            Fact::RefundTraced(fact) => keys.push(Key::Family(fact.refund.family())),
            Fact::RefundUnderWay(fact) => keys.push(Key::Family(fact.refund.family())),
            Fact::InquiryChanged(fact) => keys.push(Key::Family(fact.account.family())),
            Fact::RejectedByProcessor(fact) => keys.push(Key::Family(fact.account.family())),
            Fact::ReviewClosed(fact) => keys.push(Key::Family(fact.account.family())),
            Fact::ReviewOpened(fact) => keys.push(Key::Family(fact.account.family())),
            Fact::SpeedReviewed(fact) => keys.push(Key::Family(fact.account.family())),
            Fact::Tax(fact) => keys.push(Key::Family(fact.form().family())),
            Fact::Terminal(fact) => keys.push(Key::Family(fact.reader().family())),
            Fact::TopUp(fact) => keys.extend(self.keys_of_top_up(fact).into_iter().flatten()),
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
    /// On whose behalf: the platform's own, unless it says otherwise.
    pub actor: Actor,
    /// Which extension asks, where one does: each has keys of its own on an account. Those that are not named share theirs.
    #[serde(default)]
    pub extension: Option<ApplicationId>,
    /// Who is behind it and why, where that is to be found again. It is no part of what the key stands for: a request that is sent again is
    /// answered as before, whoever sends it, and the first one's stays.
    #[serde(default)]
    pub attribution: Option<Attribution>,
    /// What is wanted.
    pub command: Command,
}

impl Request {
    /// A request of the platform itself.
    pub fn new(key: impl Into<String>, command: Command) -> Self {
        Self { key: key.into(), account: None, actor: Actor::Platform, extension: None, attribution: None, command }
    }

    /// The same request, made for a connected account.
    #[must_use]
    pub const fn acting_as(mut self, account: AccountId) -> Self {
        self.account = Some(account);
        self
    }

    /// The same request, made by somebody else than the platform, on a connected account.
    #[must_use]
    pub const fn by(mut self, actor: Actor, account: AccountId) -> Self {
        self.actor = actor;
        self.account = Some(account);
        self
    }

    /// The same request, with who is behind it and why.
    #[must_use]
    pub fn attributed_to(mut self, attribution: Attribution) -> Self {
        self.attribution = Some(attribution);
        self
    }

    /// The same request, made by an extension that the account's holder has let in.
    #[must_use]
    pub const fn by_extension(mut self, extension: ApplicationId, scope: Scope, account: AccountId) -> Self {
        self.extension = Some(extension);
        self.by(Actor::Extension(scope), account)
    }
}

impl Transaction<'_> {
    /// Carries a command out, or refuses it. Checks come in the order: shape, existence, permission, state, money.
    pub(super) fn execute(&mut self, on: Option<AccountId>, command: &Command) -> Result<Answer, Error> {
        self.let_in(on, command)?;
        match command {
            Command::AcceptDispute(dispute) => self.accept_dispute(on, *dispute).map(Answer::Dispute),
            Command::SubmitEvidence(command) => self.submit_evidence(on, command).map(Answer::Dispute),
            Command::AddExternalAccount(command) => self.add_external_account(on, command).map(Answer::ExternalAccount),
            Command::CancelPayment(command) => self.cancel_payment(on, command).map(Answer::Payment),
            Command::UpdatePayment(command) => self.update_payment(on, command).map(Answer::Payment),
            Command::CapturePayment(command) => self.capture_payment(on, command).map(Answer::Payment),
            Command::IncrementAuthorization(command) => self.increment_authorization(on, command).map(Answer::Payment),
            Command::CancelPayout(command) => self.cancel_payout(on, command).map(Answer::Payout),
            Command::CancelRefund(command) => self.cancel_refund(on, command).map(Answer::Refund),
            Command::CancelTopUp(command) => self.cancel_top_up(on, *command).map(Answer::TopUp),
            Command::CloseAccount(command) => self.close_account(on, command).map(Answer::Account),
            Command::CloseAnomaly(anomaly) => self.close_anomaly(on, *anomaly).map(Answer::Anomaly),
            Command::ConfirmPayment(command) => self.confirm_payment(on, command).map(Answer::Payment),
            Command::CreateAccount(command) => self.create_account(on, command).map(Answer::Account),
            Command::CreatePerson(command) => self.create_person(on, command).map(Answer::Person),
            Command::DeleteExternalAccount(id) => self.delete_external_account(on, *id).map(Answer::ExternalAccount),
            Command::DeletePerson(person) => self.delete_person(on, *person).map(Answer::Person),
            Command::Erase(object) => self.erase(on, *object).map(Answer::Erased),
            Command::Pricing(command) => self.execute_pricing(on, command),
            Command::ProvideInformation(command) => self.provide(on, command).map(Answer::Account),
            Command::RequestCapability(command) => self.request_capability(on, command).map(Answer::Account),
            Command::CreatePayment(command) => self.create_payment(on, command).map(Answer::Payment),
            Command::CreatePayout(command) => self.pay_by_hand(on, command, None).map(Answer::Payout),
            Command::CreateRefund(command) => self.create_refund(on, command).map(Answer::Refund),
            Command::CreateTopUp(command) => self.create_top_up(on, command).map(Answer::TopUp),
            Command::UpdateTopUp(command) => self.update_top_up(on, command).map(Answer::TopUp),
            Command::CreateTransfer(command) => self.create_transfer(on, command).map(Answer::Transfer),
            Command::RefundApplicationFee(command) => {
                self.refund_application_fee(on, command).map(Answer::ApplicationFeeRefund)
            }
            Command::ReassessAccount(account) => self.reassess_account(on, *account).map(Answer::Account),
            Command::RejectAccount(command) => self.reject_account(on, command).map(Answer::Account),
            Command::ResendPayout(command) => self.resend_payout(on, *command).map(Answer::Payout),
            Command::Reserve(command) => self.execute_reserve(on, command),
            Command::Risk(command) => self.execute_risk(on, command),
            Command::ReturnTransfer(command) => self.return_transfer(on, command).map(Answer::TransferReversal),
            Command::ReversePayout(command) => self.reverse_payout(on, *command).map(Answer::Payout),
            Command::ReverseTransfer(command) => self.reverse_transfer(on, command).map(Answer::TransferReversal),
            Command::SetDebitNegativeBalances(set) => self.set_debit_negative_balances(on, *set).map(Answer::Account),
            Command::SetDelayDays(command) => self.set_delay_days(on, command).map(Answer::Account),
            Command::SetExchangeRate(command) => self.set_exchange_rate(on, command).map(Answer::QuotedRate),
            Command::SetInstantPrice(command) => self.set_instant_price(on, command).map(Answer::InstantTerms),
            Command::SetPause(command) => self.set_pause(on, command).map(Answer::Account),
            Command::SetPayoutSchedule(command) => self.set_payout_schedule(on, command).map(Answer::Account),
            Command::UnrejectAccount(command) => self.unreject_account(on, command).map(Answer::Account),
            Command::Authorize(command) => self.authorize(on, command).map(Answer::Connection),
            Command::ClaimAccountSession(id) => self.claim_account_session(on, *id).map(Answer::AccountSession),
            Command::CreateAccountLink(command) => self.create_account_link(on, command).map(Answer::AccountLink),
            Command::CreateAccountSession(new) => self.create_account_session(on, new).map(Answer::AccountSession),
            Command::CreateLoginLink(account) => self.create_login_link(on, *account).map(Answer::LoginLink),
            Command::Deauthorize(account) => self.deauthorize(on, *account).map(Answer::Account),
            Command::DenyAuthorization(command) => self.deny_authorization(on, command).map(Answer::Connection),
            Command::ExchangeCode(command) => self.exchange_code(on, command),
            Command::LeaveAccountLink(link) => self.leave_account_link(on, *link).map(Answer::AccountLink),
            Command::RegisterApplication(command) => self.register_application(on, command).map(Answer::Application),
            Command::UseLoginLink(link) => self.use_login_link(on, *link).map(Answer::LoginLink),
            Command::VisitAccountLink(link) => self.visit_account_link(on, *link),
            Command::Tax(command) => self.execute_tax(on, command),
            Command::Terminal(command) => self.execute_terminal(on, command),
            Command::Timing(command) => self.execute_timing(on, command).map(Answer::Account),
            Command::UpdatePlatform(command) => self.update_platform(on, command).map(Answer::Account),
            Command::UpdateExternalAccount(new) => self.update_external_account(on, new).map(Answer::ExternalAccount),
        }
    }

    /// That whoever asks may ask for this at all.
    fn let_in(&mut self, on: Option<AccountId>, command: &Command) -> Result<(), Error> {
        let account = match (on, self.actor) {
            (Some(account), _) => self.connected(account)?,
            (None, Actor::Platform) => return Ok(()),
            (None, Actor::Holder) if command.is_at_the_door() => return Ok(()),
            (None, Actor::Holder | Actor::Extension(_)) => return Err(Error::NobodyActedFor),
        };
        if command.is_at_the_door() {
            return match self.actor {
                Actor::Platform | Actor::Holder => Ok(()),
                Actor::Extension(_) => Err(Error::NotForAccounts(account.id())),
            };
        }
        // What was on its way to an account when the platform closed it goes back to the payer.
        if (self.actor, account.standing().access) == (Actor::Platform, Access::Closed) && command.winds_up() {
            return Ok(());
        }
        match (command.action(), self.actor) {
            // An extension may do no more than it was let in for.
            (Some(action), Actor::Platform) if account.extension().is_some() => self.permit(&account, action),
            // What the platform may do, the handlers look at: it may act for one account and name another.
            (_, Actor::Platform) => self.permit(&account, Action::Read),
            (Some(action), Actor::Holder | Actor::Extension(_)) => self.permit(&account, action),
            (None, Actor::Holder | Actor::Extension(_)) => Err(Error::NotForAccounts(account.id())),
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
