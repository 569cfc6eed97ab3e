use std::collections::{BTreeMap, BTreeSet};

use chrono::TimeDelta;

use super::banks;
use super::onboarding::as_holder;
use crate::accounts::{AccountInstruction, AccountNumber, CapabilityReviewed, CapabilityStatus, NewAccount};
use crate::calendar::{Timestamp, days};
use crate::ids::{AccountId, ChargeId, DisputeId, ExternalAccountId, ObjectId, PaymentId, PayoutId, RefundId};
use crate::journal::{Answer, Fact, Instruction, Report};
use crate::money::Currency;
use crate::payments::{
    AuthorizationIncremented, ChargeCaptured, ChargeSucceeded, DisputeInstruction, DisputeStatus, PaymentInstruction,
    RefundFailed, RefundFailure, RefundSucceeded, RefundTraced, RefundUnderWay,
};
use crate::payouts::{PayoutCanceled, PayoutFailed, PayoutInstruction, PayoutPaid, PayoutSubmitted, TopUpInstruction};
use crate::platform::{Command, Error, Platform, Request};
use crate::rulebook::{Check, Country, TestOutcome};
use crate::terminal::ReaderInstruction;

/// The token of a card to which refunds succeed and come back later (docs.stripe.com/testing, 2026).
pub const REFUND_FAILS: &str = "pm_card_refundFail";
/// The token of a card to which refunds take their time (docs.stripe.com/testing, 2026).
pub const REFUND_TAKES_TIME: &str = "pm_card_pendingRefund";
/// A token of a payment whose refunds the world never says anything about, nor does the payer.
pub const REFUND_NEVER_ANSWERS: &str = "refund_never_answers";
/// The number of a bank account of which the processor calls every payout off, as it does every debit.
pub const PAYOUT_CALLED_OFF: &str = "payout_called_off";
/// A token or an account number about which the world never says anything: a timeout.
pub const NEVER_ANSWERS: &str = "never_answers";

/// The world outside: it carries out what it is instructed to, and says what came of it.
///
/// One platform has one world: the keys and fact ids that it makes up are its own.
#[derive(Clone, Debug, Default)]
pub struct World {
    coming: BTreeMap<(Timestamp, u64), Report>,
    told: u64,
    seen: BTreeSet<(ObjectId, Asked)>,
    /// The disputes about which evidence was judged, with the state that each was in.
    pub(super) judged: BTreeSet<(DisputeId, DisputeStatus)>,
}

/// Which of the things that can be asked about one object.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Asked {
    Once,
    Check(Check, u32),
    Capture(u8),
    Increment(u8),
    Confirm,
    Action(u32),
    CancelAction(u32),
    Retrieve,
}

impl Asked {
    const fn by(instruction: &Instruction) -> Self {
        match instruction {
            Instruction::Account(AccountInstruction::Verify { check, revision, .. }) => Self::Check(*check, *revision),
            Instruction::Payment(PaymentInstruction::Capture { capture, .. }) => Self::Capture(*capture),
            Instruction::Payment(PaymentInstruction::IncrementAuthorization { attempt, .. }) => {
                Self::Increment(*attempt)
            }
            Instruction::Payment(PaymentInstruction::Confirm { .. }) => Self::Confirm,
            Instruction::Payment(PaymentInstruction::Retrieve { .. } | PaymentInstruction::RetrieveRefund { .. }) => {
                Self::Retrieve
            }
            Instruction::Reader(ReaderInstruction::Act { action, .. }) => Self::Action(*action),
            Instruction::Reader(ReaderInstruction::CancelAction { action, .. }) => Self::CancelAction(*action),
            Instruction::Account(AccountInstruction::Review(_))
            | Instruction::Dispute(_)
            | Instruction::Payment(_)
            | Instruction::Payout(_)
            | Instruction::Tax(_)
            | Instruction::TopUp(_) => Self::Once,
        }
    }
}

impl World {
    /// A world in which everything works, unless a test token or number says otherwise.
    pub fn new() -> Self {
        Self::default()
    }

    /// Connects an account, has its holder give everything that it is asked for, and gives it a bank account in its country that
    /// takes every payout.
    ///
    /// # Errors
    /// As [`Accounts::create`](crate::platform::Accounts::create) and
    /// [`Accounts::add_external_account`](crate::platform::Accounts::add_external_account).
    pub fn onboard(&mut self, platform: &mut Platform, account: NewAccount) -> Result<AccountId, Error> {
        let home = platform.account(platform.id())?.country();
        let number = banks::paying_number(platform.rulebook(), account.country.unwrap_or(home));
        self.onboard_with_bank(platform, account, &number)
    }

    /// Connects an account, has its holder give everything that it is asked for, and gives it the bank account with this number.
    ///
    /// # Errors
    /// As [`onboard`](Self::onboard).
    pub fn onboard_with_bank(
        &mut self,
        platform: &mut Platform,
        account: NewAccount,
        number: &str,
    ) -> Result<AccountId, Error> {
        let key = format!("world-account-{}", self.next_number());
        let id = platform.accounts().create(&key, account)?.answer;
        self.complete(platform, id)?;
        let known = platform.account(id)?;
        let (country, currency) = (known.country(), known.default_currency());
        self.add_bank(platform, id, country, currency, number)?;
        Ok(id)
    }

    /// Gives an account a bank account that payouts in its currency go to from now on, at a bank of the country.
    ///
    /// # Errors
    /// As [`Accounts::add_external_account`](crate::platform::Accounts::add_external_account).
    pub fn add_bank(
        &mut self,
        platform: &mut Platform,
        account: AccountId,
        country: Country,
        currency: Currency,
        number: &str,
    ) -> Result<ExternalAccountId, Error> {
        let key = format!("world-bank-{}", self.next_number());
        let bank = if platform.livemode() {
            // No test number is taken there: this world gives it as a token of its own.
            banks::by_token((account, country, currency), number)
        } else {
            banks::at_a_bank(platform.rulebook(), (account, country, currency), number)
        };
        let bank = bank.default_for_currency();
        let request = as_holder(platform, account, Request::new(key.as_str(), Command::AddExternalAccount(bank)))?;
        let Answer::ExternalAccount(id) = platform.handle(request)?.answer else { return Err(Error::Stale(key)) };
        self.look_whose(platform, id);
        Ok(id)
    }

    pub(super) const fn next_number(&mut self) -> u64 {
        self.told = self.told.saturating_add(1);
        self.told
    }

    /// A payer pays a voucher.
    ///
    /// # Errors
    /// [`Error::NotFound`] where there is no such payment.
    pub fn pay_voucher(&mut self, platform: &mut Platform, payment: PaymentId) -> Result<(), Error> {
        self.pay_voucher_at(platform, payment, platform.now())?;
        self.settle(platform)
    }

    /// A payer will pay a voucher at a time that is still to come; [`advance`](Self::advance) beyond it to see it happen.
    ///
    /// # Errors
    /// [`Error::NotFound`] where there is no such payment.
    pub fn pay_voucher_at(&mut self, platform: &Platform, payment: PaymentId, at: Timestamp) -> Result<(), Error> {
        let payment = platform.payment(payment)?;
        let amount = payment.amount();
        let charge = platform.charge_of(payment.id())?.id();
        self.will(at, Fact::ChargeSucceeded(ChargeSucceeded::of(charge, amount)));
        Ok(())
    }

    /// Tells the world of a fact to deliver at a time.
    pub fn will(&mut self, at: Timestamp, fact: Fact) {
        let number = self.next_number();
        self.coming.insert((at, number), Report::new(format!("world-{number}"), at, fact));
    }

    /// Carries out one instruction; what comes of it is [told](Self::tell) at its time. The same one again is no news.
    pub fn answer(&mut self, platform: &Platform, instruction: &Instruction) {
        let which = Asked::by(instruction);
        if let Instruction::Payout(PayoutInstruction::Hold { payout } | PayoutInstruction::Cancel { payout }) =
            instruction
        {
            return self.keep_back(*payout);
        }
        if let Instruction::TopUp(instruction @ TopUpInstruction::Cancel { .. }) = instruction {
            return self.top_up(platform, instruction);
        }
        if let Instruction::Payment(PaymentInstruction::CancelRefund { refund }) = instruction {
            let is_about = |fact: &Fact| refund_in(fact) == Some(*refund);
            return self.coming.retain(|_, report| !is_about(&report.fact));
        }
        if let Instruction::Dispute(DisputeInstruction::SubmitEvidence { dispute, evidence }) = instruction {
            return self.judge(platform, *dispute, evidence);
        }
        if !self.seen.insert((instruction.object(), which)) {
            return;
        }
        let now = platform.now();
        match instruction {
            Instruction::Account(AccountInstruction::Review(account)) => self.review(platform, *account, now),
            Instruction::Account(AccountInstruction::Verify { subject, check, revision }) => {
                self.verify(platform, *subject, *check, *revision);
            }
            Instruction::Payment(PaymentInstruction::Charge { charge, amount, method, token }) => {
                self.charge(platform.rulebook(), (*charge, *amount, *method), token.as_deref(), now);
                self.stop_payouts(platform, *charge, token.as_deref());
            }
            Instruction::Payment(PaymentInstruction::Authorize { charge, amount, method, token, .. }) => {
                self.authorize((*charge, *amount, *method), token.as_deref(), now);
            }
            Instruction::Payment(PaymentInstruction::Confirm { charge }) => self.go_on(platform, *charge),
            Instruction::Payment(PaymentInstruction::Capture { charge, capture, amount, is_final }) => {
                let (capture, is_final) = (*capture, *is_final);
                let taken = ChargeCaptured { charge: (*charge).into(), capture, amount: *amount, is_final };
                self.capture(platform, *charge, taken, now);
            }
            Instruction::Payment(PaymentInstruction::IncrementAuthorization { charge, attempt, amount }) => {
                let (charge, attempt) = ((*charge).into(), *attempt);
                let raised = AuthorizationIncremented { charge, attempt, amount: *amount };
                self.will(now, Fact::AuthorizationIncremented(raised));
            }
            Instruction::Payment(PaymentInstruction::Refund { refund, charge, .. }) => {
                self.give_back(platform, *refund, *charge);
            }
            Instruction::Payout(
                PayoutInstruction::Send { payout, destination: bank, arrival_date, .. }
                | PayoutInstruction::Debit { payout, source: bank, arrival_date, .. },
            ) => self.at_bank(platform, *payout, *bank, now.max(*arrival_date)),
            Instruction::Reader(instruction) => self.at_reader(platform, instruction),
            Instruction::TopUp(instruction) => self.top_up(platform, instruction),
            // Nothing comes of giving in, nor of calling something off; authorities are not in this world; and what became of something at a reader is told as soon as it
            // is known, whether or not anybody asks.
            Instruction::Dispute(_)
            | Instruction::Tax(_)
            | Instruction::Payment(
                PaymentInstruction::Void { .. }
                | PaymentInstruction::CancelRefund { .. }
                | PaymentInstruction::Retrieve { .. }
                | PaymentInstruction::RetrieveRefund { .. },
            )
            | Instruction::Payout(PayoutInstruction::Hold { .. } | PayoutInstruction::Cancel { .. }) => {}
        }
    }

    /// A bank gets a payout, or is asked for one below zero.
    fn at_bank(&mut self, platform: &Platform, payout: PayoutId, bank: ExternalAccountId, at: Timestamp) {
        if number_of(platform, bank) == PAYOUT_CALLED_OFF {
            self.will(platform.now(), Fact::PayoutSubmitted(PayoutSubmitted { payout }));
            return self.will(at, Fact::PayoutCanceled(PayoutCanceled { payout }));
        }
        match self.bank_says(platform, bank) {
            Some(None) => self.will(at, Fact::PayoutPaid(PayoutPaid { payout })),
            Some(Some(failure_code)) => self.will(at, Fact::PayoutFailed(PayoutFailed { payout, failure_code })),
            None => {}
        }
    }

    /// What the world does not tell after all.
    pub(super) fn forget(&mut self, is_about: impl Fn(&Fact) -> bool) {
        self.coming.retain(|_, report| !is_about(&report.fact));
    }

    /// The bank does not hear of a payout, unless it is sent again.
    fn keep_back(&mut self, payout: PayoutId) {
        self.seen.remove(&(payout.into(), Asked::Once));
        let is_about = |fact: &Fact| {
            matches!(fact, Fact::PayoutPaid(PayoutPaid { payout: known })
                | Fact::PayoutSubmitted(PayoutSubmitted { payout: known })
                | Fact::PayoutCanceled(PayoutCanceled { payout: known }) if *known == payout)
                || matches!(fact, Fact::PayoutFailed(PayoutFailed { payout: known, .. }) if *known == payout)
        };
        self.coming.retain(|_, report| !is_about(&report.fact));
    }

    /// The next fact that the world has to tell by `now`, if any. For hosts that keep the [`Changes`](crate::journal::Changes):
    /// they pass each instruction on to [`answer`](Self::answer), and record what is told, instead of calling
    /// [`settle`](Self::settle).
    pub fn tell(&mut self, now: Timestamp) -> Option<Report> {
        let next = self.coming.first_entry().filter(|entry| entry.key().0 <= now)?;
        Some(next.remove())
    }

    fn review(&mut self, platform: &Platform, account: AccountId, now: Timestamp) {
        let Ok(record) = platform.account(account) else { return };
        let Ok(profile) = platform.profile(record.profile()) else { return };
        let pending: Vec<_> = profile.requested().collect();
        for capability in pending {
            let status = CapabilityStatus::Active;
            self.will(now, Fact::CapabilityReviewed(CapabilityReviewed { account, capability, status }));
        }
    }

    /// What becomes of a refund: it reaches the payer the next day, unless the token of the payment says otherwise. A payer who has to
    /// name a bank account does so on that day.
    fn give_back(&mut self, platform: &Platform, refund: RefundId, charge: ChargeId) {
        let Ok(charge) = platform.charge(charge) else { return };
        let Ok(payment) = platform.payment(charge.payment()) else { return };
        let (token, method) = (payment.token().unwrap_or_default(), charge.method());
        let now = platform.now();
        let succeeded = Fact::RefundSucceeded(RefundSucceeded { refund });
        let under_way = Fact::RefundUnderWay(RefundUnderWay { refund });
        match token {
            REFUND_NEVER_ANSWERS => {}
            REFUND_TAKES_TIME => {
                self.will(now, under_way);
                self.will(later(now, 1), succeeded);
            }
            REFUND_FAILS => {
                self.will(later(now, 1), succeeded);
                let reason = RefundFailure::Unknown;
                self.will(later(now, 2), Fact::RefundFailed(RefundFailed { refund, reason }));
            }
            _ if platform.rulebook().payment_method(method).refund_needs_details() => {
                self.will(later(now, 1), under_way);
                self.will(later(now, 2), succeeded);
            }
            _ => self.will(later(now, 1), succeeded),
        }
    }

    /// What becomes of a payout to a bank account, or of a debit of it: paid, failed with a code, or never heard of again.
    pub(super) fn bank_says(&self, platform: &Platform, bank: ExternalAccountId) -> Option<Option<String>> {
        let number = number_of(platform, bank);
        if number == NEVER_ANSWERS {
            return None;
        }
        let country = platform.external_account(bank).map_or(Country::Unspecified, |bank| bank.country());
        let book = platform.rulebook();
        let known = book.test_destination(country, number).or_else(|| book.test_destination_by_token(number));
        Some(match known.map(|known| known.outcome()) {
            Some(TestOutcome::Failed(code)) => Some(code.to_string()),
            Some(
                TestOutcome::Paid
                | TestOutcome::NotInstant
                | TestOutcome::OwnershipVerified
                | TestOutcome::OwnershipDocument
                | TestOutcome::Refused(_)
                | TestOutcome::BlocksPayouts,
            )
            | None => None,
        })
    }

    /// Carries out everything that is asked of the world, and tells what comes of it at once.
    ///
    /// # Errors
    /// None but a fault: the world tells nothing that could be refused.
    pub fn settle(&mut self, platform: &mut Platform) -> Result<(), Error> {
        loop {
            for instruction in platform.instructions() {
                self.answer(platform, &instruction);
            }
            let mut told = false;
            while let Some(report) = self.tell(platform.now()) {
                let changes = platform.record(&report)?.changes;
                platform.recycle(changes);
                told = true;
            }
            if !told {
                return Ok(());
            }
        }
    }

    /// Lets the time pass, for the platform and the world alike: what is due happens, and the world answers.
    ///
    /// # Errors
    /// [`Error::Time`] beyond the year 9999.
    pub fn advance(&mut self, platform: &mut Platform, span: TimeDelta) -> Result<(), Error> {
        let until = platform.now().checked_add(span)?;
        self.advance_to(platform, until)
    }

    /// Lets the time pass up to a moment.
    ///
    /// # Errors
    /// [`Error::TimeBackwards`] where it lies in the past.
    pub fn advance_to(&mut self, platform: &mut Platform, until: Timestamp) -> Result<(), Error> {
        self.settle(platform)?;
        loop {
            let next = [platform.next_deadline(), self.next_answer()].into_iter().flatten().min();
            let Some(at) = next.filter(|at| *at <= until) else { break };
            platform.advance_with(at.max(platform.now()), Some)?;
            self.settle(platform)?;
        }
        platform.advance_with(until, Some)
    }

    /// Lets the time pass until neither the platform nor the world has anything left to do.
    ///
    /// # Errors
    /// None but a fault.
    pub fn run_out(&mut self, platform: &mut Platform) -> Result<(), Error> {
        self.settle(platform)?;
        while let Some(next) = [platform.next_deadline(), self.next_answer()].into_iter().flatten().min() {
            self.advance_to(platform, next.max(platform.now()))?;
        }
        Ok(())
    }

    /// When the world has something to tell next.
    pub fn next_answer(&self) -> Option<Timestamp> {
        self.coming.first_key_value().map(|((at, _), _)| *at)
    }
}

/// The number of a bank account, or the word that stands for it.
fn number_of(platform: &Platform, bank: ExternalAccountId) -> &str {
    let number = platform.bank_details(bank).and_then(|details| details.number.as_ref());
    number.map_or("", AccountNumber::as_str)
}

pub(super) fn later(now: Timestamp, after: i64) -> Timestamp {
    now.checked_add(days(after)).unwrap_or(Timestamp::MAX)
}

/// The refund that a fact is about.
const fn refund_in(fact: &Fact) -> Option<RefundId> {
    if let Fact::RefundSucceeded(RefundSucceeded { refund })
    | Fact::RefundTraced(RefundTraced { refund, .. })
    | Fact::RefundUnderWay(RefundUnderWay { refund })
    | Fact::RefundFailed(RefundFailed { refund, .. }) = fact
    {
        Some(*refund)
    } else {
        None
    }
}
