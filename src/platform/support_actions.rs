//! Who is behind a command, and why: kept with what the command changes.

use super::command::Command;
use super::{Error, Transaction};
use crate::ids::{AccountId, SupportActionId};
use crate::journal::{Answer, Domain, Origin};
use crate::payouts::{ReserveCommand, TimingCommand};
use crate::routing::PricingCommand;
use crate::terminal::TerminalCommand;
use crate::tools::risk::RiskCommand;
use crate::tools::tax::TaxCommand;
use crate::tools::{Attribution, Deed, SupportAction};

impl Transaction<'_> {
    /// Writes down who was behind what was done, and why.
    // INVARIANT: it is a row of its own, so that a command without it takes no room for it.
    pub(super) fn attribute(
        &mut self,
        told: &Attribution,
        account: Option<AccountId>,
        command: &Command,
        answer: Answer,
    ) -> Result<(), Error> {
        let Some(object) = answer.object() else { return Ok(()) };
        let request = self.origin().name.to_string();
        let family = Origin::new(Domain::SupportAction, self.platform, None, request.as_bytes()).family(self.now);
        if self.state.records.has_family(family) {
            return Err(Error::Stale(family.to_string()));
        }
        let deed = Deed { command: command.word(), object, account };
        self.put(SupportAction::new(SupportActionId::of(family, 0), self.now, told.clone(), deed));
        Ok(())
    }
}

impl Command {
    /// What is done, in a word that a person can read.
    const fn word(&self) -> &'static str {
        match self {
            Self::AcceptDispute(_) => "accept_dispute",
            Self::AddExternalAccount(_) => "add_external_account",
            Self::Authorize(_) => "authorize",
            Self::CancelPayment(_) => "cancel_payment",
            Self::CancelPayout(_) => "cancel_payout",
            Self::CancelRefund(_) => "cancel_refund",
            Self::CancelTopUp(_) => "cancel_top_up",
            Self::CapturePayment(_) => "capture_payment",
            Self::ClaimAccountSession(_) => "claim_account_session",
            Self::CloseAccount(_) => "close_account",
            Self::CloseAnomaly(_) => "close_anomaly",
            Self::ConfirmPayment(_) => "confirm_payment",
            Self::CreateAccount(_) => "create_account",
            Self::CreateAccountLink(_) => "create_account_link",
            Self::CreateAccountSession(_) => "create_account_session",
            Self::CreateLoginLink(_) => "create_login_link",
            Self::CreatePayment(_) => "create_payment",
            Self::CreatePayout(_) => "create_payout",
            Self::CreatePerson(_) => "create_person",
            Self::CreateRefund(_) => "create_refund",
            Self::CreateTopUp(_) => "create_top_up",
            Self::CreateTransfer(_) => "create_transfer",
            Self::Deauthorize(_) => "deauthorize",
            Self::DeleteExternalAccount(_) => "delete_external_account",
            Self::DeletePerson(_) => "delete_person",
            Self::DenyAuthorization(_) => "deny_authorization",
            Self::Erase(_) => "erase",
            Self::ExchangeCode(_) => "exchange_code",
            Self::IncrementAuthorization(_) => "increment_authorization",
            Self::LeaveAccountLink(_) => "leave_account_link",
            Self::Pricing(command) => command.word(),
            Self::ProvideInformation(_) => "provide_information",
            Self::ReassessAccount(_) => "reassess_account",
            Self::RefundApplicationFee(_) => "refund_application_fee",
            Self::RegisterApplication(_) => "register_application",
            Self::RejectAccount(_) => "reject_account",
            Self::RequestCapability(_) => "request_capability",
            Self::ResendPayout(_) => "resend_payout",
            Self::Reserve(command) => command.word(),
            Self::Risk(command) => command.word(),
            Self::ReturnTransfer(_) => "return_transfer",
            Self::ReversePayout(_) => "reverse_payout",
            Self::ReverseTransfer(_) => "reverse_transfer",
            Self::SetDebitNegativeBalances(_) => "set_debit_negative_balances",
            Self::SetDelayDays(_) => "set_delay_days",
            Self::SetExchangeRate(_) => "set_exchange_rate",
            Self::SetInstantPrice(_) => "set_instant_price",
            Self::SetPause(_) => "set_pause",
            Self::SetPayoutSchedule(_) => "set_payout_schedule",
            Self::SubmitEvidence(_) => "submit_evidence",
            Self::Tax(command) => command.word(),
            Self::Terminal(command) => command.word(),
            Self::Timing(command) => command.word(),
            Self::UnrejectAccount(_) => "unreject_account",
            Self::UpdateExternalAccount(_) => "update_external_account",
            Self::UpdatePayment(_) => "update_payment",
            Self::UpdatePlatform(_) => "update_platform",
            Self::UpdateTopUp(_) => "update_top_up",
            Self::UseLoginLink(_) => "use_login_link",
            Self::VisitAccountLink(_) => "visit_account_link",
        }
    }
}

impl PricingCommand {
    const fn word(&self) -> &'static str {
        match self {
            Self::Create(_) => "create_pricing_scheme",
            Self::Update(_) => "update_pricing_scheme",
            Self::Assign(_) => "assign_pricing",
        }
    }
}

impl ReserveCommand {
    const fn word(&self) -> &'static str {
        match self {
            Self::CreatePlan(_) => "create_reserve_plan",
            Self::DisablePlan(_) => "disable_reserve_plan",
            Self::Hold(_) => "create_reserve_hold",
            Self::Release(_) => "release_reserve_hold",
        }
    }
}

impl RiskCommand {
    const fn word(&self) -> &'static str {
        match self {
            Self::CreateRule(_) => "create_risk_rule",
            Self::UpdateRule(_) => "update_risk_rule",
            Self::RemoveRule(_) => "remove_risk_rule",
            Self::Assess(_) => "assess_account",
            Self::OpenReview(_) => "open_review",
            Self::AssignReview(_) => "assign_review",
            Self::CloseReview(_) => "close_review",
        }
    }
}

impl TaxCommand {
    const fn word(&self) -> &'static str {
        match self {
            Self::Consent { .. } => "set_tax_consent",
            Self::Correct { .. } => "correct_tax_form",
            Self::Create(_) => "create_tax_form",
            Self::DeliverAgain { .. } => "deliver_tax_form_again",
            Self::Describe { .. } => "describe_tax_payee",
            Self::Export { .. } => "export_tax_form",
            Self::File { .. } => "file_tax_form",
            Self::Override { .. } => "override_tax_filing",
            Self::Refresh { .. } => "refresh_tax_form",
            Self::Replace { .. } => "replace_tax_form",
            Self::Split { .. } => "split_tax_form",
        }
    }
}

impl TerminalCommand {
    const fn word(&self) -> &'static str {
        match self {
            Self::CancelReaderAction(_) => "cancel_reader_action",
            Self::CreateConnectionToken(_) => "create_connection_token",
            Self::CreateLocation(_) => "create_location",
            Self::DeleteLocation(_) => "delete_location",
            Self::DeleteReader(_) => "delete_reader",
            Self::RegisterReader(_) => "register_reader",
            Self::StartReaderAction(_) => "start_reader_action",
            Self::UpdateLocation(_) => "update_location",
            Self::UpdateReader(_) => "update_reader",
        }
    }
}

impl TimingCommand {
    const fn word(&self) -> &'static str {
        match self {
            Self::SetMinimumBalance(_) => "set_minimum_balance",
            Self::SetStartOfDay(_) => "set_start_of_day",
            Self::SetStatementDescriptor(_) => "set_statement_descriptor",
            Self::LockSchedule(_) => "lock_payout_schedule",
            Self::SettleIn(_) => "set_settlement_currency",
        }
    }
}
