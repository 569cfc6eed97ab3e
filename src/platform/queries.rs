use smallvec::SmallVec;

use super::terminal_news::past_action_id;
use super::{Error, Platform};
use crate::accounts::{
    Access, Account, AccountInstruction, AccountLink, AccountSession, BankDetails, CheckState, Connection,
    ExternalAccount, Given, LoginLink, Person, Profile, Values,
};
use crate::calendar::Timestamp;
use crate::ids::{
    AccountId, AccountLinkId, AccountSessionId, AnomalyId, ApplicationFeeId, ApplicationFeeRefundId, ChargeId,
    ConnectionId, ConnectionTokenId, DisputeId, EarlyFraudWarningId, ExternalAccountId, LocationId, LoginLinkId,
    ObjectId, ParkedFactId, PaymentId, PayoutId, PersonId, PricingRulesId, PricingSchemeId, ProfileId, ReaderActionId,
    ReaderId, RefundId, ReserveHoldId, ReservePlanId, ReserveReleaseId, ReviewId, RiskRuleId, TaxConsentId, TaxFormId,
    TaxpayerYearId, TopUpId, TransferId, TransferReversalId,
};
use crate::journal::{
    Anomaly, AuditNote, Booked, Deadline, Instruction, Key, Known, ParkedFact, PersonalData, Record, Stored,
    TrialBalance,
};
use crate::ledger::{
    Balance, BalanceTransaction, Entry, EntryKind, Explanation, LedgerAccount, Line, Statement, without_replaced,
};
use crate::money::Currency;
use crate::payments::{Charge, Dispute, DisputeInstruction, EarlyFraudWarning, PaymentIntent, Refund};
use crate::payouts::{BalanceSettings, Payout, PayoutInstruction, ReserveHold, ReservePlan, ReserveRelease, TopUp};
use crate::routing::{
    ApplicationFee, ApplicationFeeRefund, NewTransfer, PricingRules, PricingScheme, Transfer, TransferReversal,
};
use crate::rulebook::Check;
use crate::terminal::{ConnectionToken, Location, PastAction, Reader, ReaderAction};
use crate::tools::risk::{Review, RiskRule};
use crate::tools::tax::{TaxConsent, TaxForm, TaxpayerYear};

macro_rules! getters {
    ($($(#[$doc:meta])* $name:ident($id:ident) -> $type:ident;)*) => {$(
        $(#[$doc])*
        ///
        /// # Errors
        /// [`Error::NotFound`]; on a partial platform [`Error::NotLoaded`].
        pub fn $name(&self, id: $id) -> Result<&$type, Error> {
            self.look(id)
        }
    )*};
}

/// Reading. Nothing here changes anything.
impl Platform {
    pub(super) fn look<R: Stored>(&self, id: R::Id) -> Result<&R, Error> {
        match self.state.record::<R>(id) {
            Known::Here((record, _)) => Ok(record),
            Known::Absent => Err(Error::NotFound(id.into())),
            Known::NotLoaded(key) => Err(Error::NotLoaded(vec![key])),
        }
    }

    getters! {
        /// A connected account, or the platform's own.
        account(AccountId) -> Account;
        /// A page that was handed out to an account's holder.
        account_link(AccountLinkId) -> AccountLink;
        /// Parts of an account that its holder can see inside the platform's own pages.
        account_session(AccountSessionId) -> AccountSession;
        /// Something that no rule could take up.
        anomaly(AnomalyId) -> Anomaly;
        /// A commission.
        application_fee(ApplicationFeeId) -> ApplicationFee;
        /// A commission given back.
        application_fee_refund(ApplicationFeeRefundId) -> ApplicationFeeRefund;
        /// An attempt to collect a payment.
        charge(ChargeId) -> Charge;
        /// That a holder has let the platform in, or was asked to.
        connection(ConnectionId) -> Connection;
        /// What lets a program connect to readers.
        connection_token(ConnectionTokenId) -> ConnectionToken;
        /// A claim to get the money of a charge back.
        dispute(DisputeId) -> Dispute;
        /// A warning that a payment was fraud.
        early_fraud_warning(EarlyFraudWarningId) -> EarlyFraudWarning;
        /// A bank account.
        external_account(ExternalAccountId) -> ExternalAccount;
        /// A place where readers take payments.
        location(LocationId) -> Location;
        /// A way into the light dashboard.
        login_link(LoginLinkId) -> LoginLink;
        /// A fact that waits, or waited, for what it names.
        parked_fact(ParkedFactId) -> ParkedFact;
        /// What a reader did before what it does now: see [`reader_action`](Self::reader_action).
        past_action(ReaderActionId) -> PastAction;
        /// A payment.
        payment(PaymentId) -> PaymentIntent;
        /// A payout.
        payout(PayoutId) -> Payout;
        /// Somebody behind an account.
        person(PersonId) -> Person;
        /// The rules of a scheme of prices, as they are or were.
        pricing_rules(PricingRulesId) -> PricingRules;
        /// A scheme of prices.
        pricing_scheme(PricingSchemeId) -> PricingScheme;
        /// What an account has given about itself, and what it is asked for.
        profile(ProfileId) -> Profile;
        /// A device that takes cards, and what it does.
        reader(ReaderId) -> Reader;
        /// A refund.
        refund(RefundId) -> Refund;
        /// Money that is held back.
        reserve_hold(ReserveHoldId) -> ReserveHold;
        /// That a part of what an account is paid is held back.
        reserve_plan(ReservePlanId) -> ReservePlan;
        /// Money that was held back and let go.
        reserve_release(ReserveReleaseId) -> ReserveRelease;
        /// Whether a payee wants tax forms electronically.
        tax_consent(TaxConsentId) -> TaxConsent;
        /// A tax form.
        tax_form(TaxFormId) -> TaxForm;
        /// All tax forms of one type and year that share a taxpayer.
        taxpayer_year(TaxpayerYearId) -> TaxpayerYear;
        /// Something for a person to look at.
        review(ReviewId) -> Review;
        /// A rule over accounts.
        risk_rule(RiskRuleId) -> RiskRule;
        /// A top-up.
        top_up(TopUpId) -> TopUp;
        /// A transfer.
        transfer(TransferId) -> Transfer;
        /// A transfer taken back.
        transfer_reversal(TransferReversalId) -> TransferReversal;
    }

    /// One of the things that a reader was asked to do, by its number: what it does now or did last, or one before that. What was
    /// only shown is not kept beyond the next one.
    ///
    /// # Errors
    /// [`Error::NotFound`]; on a partial platform [`Error::NotLoaded`].
    pub fn reader_action(&self, reader: ReaderId, number: u32) -> Result<&ReaderAction, Error> {
        let reader = self.reader(reader)?;
        match reader.action().filter(|action| action.number() == number) {
            Some(action) => Ok(action),
            None => self.past_action(past_action_id(self.id(), reader, number)).map(PastAction::action),
        }
    }

    /// How and when an account is paid out.
    ///
    /// # Errors
    /// [`Error::NotFound`]; on a partial platform [`Error::NotLoaded`].
    pub fn balance_settings(&self, account: AccountId) -> Result<&BalanceSettings, Error> {
        self.look(self.account(account)?.settings())
    }

    /// The number of a bank account, as far as it is still kept.
    pub fn bank_details(&self, id: ExternalAccountId) -> Option<&BankDetails> {
        match self.state.personal.get(id.into())? {
            PersonalData::Bank(details) => Some(details),
            PersonalData::Values(_) | PersonalData::Said { .. } | PersonalData::Erased => None,
        }
    }

    /// What was given about a person, or about an account by its [profile](Account::profile), as far as it is still kept.
    pub fn information(&self, of: impl Into<ObjectId>) -> Option<&Values> {
        match self.state.personal.get(of.into())? {
            PersonalData::Values(values) => Some(values),
            PersonalData::Bank(_) | PersonalData::Said { .. } | PersonalData::Erased => None,
        }
    }

    /// The charge that paid a payment, or the last one that tried.
    ///
    /// # Errors
    /// [`Error::NotFound`]; [`PaymentError::NoAttempt`](crate::payments::PaymentError::NoAttempt) where nobody has tried yet; on a partial platform [`Error::NotLoaded`].
    pub fn charge_of(&self, payment: PaymentId) -> Result<&Charge, Error> {
        self.charge(self.payment(payment)?.attempt()?)
    }

    /// The disputes of the charge that paid a payment, by id.
    ///
    /// # Errors
    /// [`Error::NotFound`]; on a partial platform [`Error::NotLoaded`].
    pub fn disputes_of(&self, payment: PaymentId) -> Result<Vec<&Dispute>, Error> {
        let mut disputes = Vec::new();
        let mut next = self.charge_of(payment)?.first_dispute();
        while let Some(id) = next {
            let dispute = self.dispute(id)?;
            // INVARIANT: each is behind the one that names it, so the chain ends.
            next = dispute.next().filter(|next| *next > id);
            disputes.push(dispute);
        }
        Ok(disputes)
    }

    /// Whether something can still be done about a fraud warning: nothing was disputed yet, and not everything was given back.
    ///
    /// # Errors
    /// [`Error::NotFound`]; on a partial platform [`Error::NotLoaded`].
    // RULE: API reference, docs.stripe.com/api/radar/early_fraud_warnings/object (2026).
    pub fn is_actionable(&self, warning: EarlyFraudWarningId) -> Result<bool, Error> {
        let charge = self.charge(self.early_fraud_warning(warning)?.charge())?;
        Ok(charge.first_dispute().is_none() && !charge.is_refunded())
    }

    /// Everything that grew from the same request as an object: a payment with its charges, transfers, fees and refunds.
    pub fn family(&self, of: impl Into<ObjectId>) -> impl Iterator<Item = &Record> {
        self.state.records.family(of.into().family()).map(|(record, _)| record)
    }

    /// Every object, in the order in which they came to be.
    pub fn records(&self) -> impl Iterator<Item = &Record> {
        self.state.records.iter().map(|(record, _)| record)
    }

    /// What an account, or the platform, holds in a currency; zero everywhere if it never held any.
    ///
    /// # Errors
    /// On a partial platform [`Error::NotLoaded`].
    pub fn balance(&self, account: AccountId, currency: Currency) -> Result<Balance, Error> {
        let nothing = Balance {
            currency,
            pending: 0,
            submitted: 0,
            available: 0,
            connect_reserved: 0,
            risk_reserved: 0,
            in_transit: 0,
        };
        match self.state.holding(account, currency) {
            Known::Here(holding) => Ok(holding.balance(currency)),
            Known::Absent => Ok(nothing),
            Known::NotLoaded(key) => Err(Error::NotLoaded(vec![key])),
        }
    }

    /// Everything that an account ever received in payments of one currency, refunded or not, in minor units. A partial platform
    /// tells what it was given.
    pub fn volume(&self, account: AccountId, currency: Currency) -> i128 {
        self.state.holdings.get(account, currency).map_or(0, |holding| holding.volume)
    }

    /// When an account received the first payment in one currency. A partial platform tells what it was given.
    pub fn first_received(&self, account: AccountId, currency: Currency) -> Option<Timestamp> {
        self.state.holdings.get(account, currency).and_then(|holding| holding.first_received)
    }

    /// What becomes available to an account, by date, in minor units; soonest first. Debits on their way have no date and are not
    /// among them. A partial platform tells what it was given.
    pub fn pending(&self, account: AccountId, currency: Currency) -> Vec<(Timestamp, i128)> {
        self.state.holdings.get(account, currency).map_or_else(Vec::new, |holding| holding.pending.to_vec())
    }

    /// When an account's next automatic payout in a currency runs, if one is ahead. A partial platform tells what it was given.
    pub fn next_payout(&self, account: AccountId, currency: Currency) -> Option<Timestamp> {
        self.state.holdings.get(account, currency)?.next_run
    }

    /// The balance of one account of the processor or of the world outside, such as [`LedgerAccount::Fees`], in minor units.
    pub fn outside(&self, account: LedgerAccount, currency: Currency) -> i128 {
        self.state.holdings.outside(account, currency)
    }

    /// Everything that happened to an account's balances, oldest first. A debit that came shows as one `payment`, with its fee and
    /// its date, as if it had not been on its way before; [`explain`](Self::explain) has both.
    ///
    /// # Errors
    /// [`Error::NotFound`]; on a partial platform [`Error::HistoryNotKept`].
    pub fn statement(&self, account: AccountId) -> Result<Statement, Error> {
        self.account(account)?;
        self.history_is_kept()?;
        let mut statement = Statement { owner: account, lines: Vec::new(), balances: Vec::new() };
        for currency in Currency::all().filter(|currency| self.state.holdings.get(account, *currency).is_some()) {
            for booked in self.state.history(account, currency) {
                let ours = booked.lines().filter(|line| line.owner() == account && line.currency() == currency);
                statement.lines.extend(ours.map(|line| BalanceTransaction::of(line, booked.at(), self.rate_of(line))));
            }
            statement.balances.push(self.balance(account, currency)?);
        }
        without_replaced(&mut statement.lines);
        Ok(statement)
    }

    /// Why an account's balance is what it is: every movement that made it, oldest first, and what each goes back to.
    ///
    /// # Errors
    /// [`Error::NotFound`]; on a partial platform [`Error::HistoryNotKept`].
    pub fn explain(&self, account: AccountId, currency: Currency) -> Result<Vec<Explanation>, Error> {
        self.account(account)?;
        self.history_is_kept()?;
        let history = self.state.history(account, currency).into_iter();
        Ok(history.flat_map(|booked| self.steps(booked, account, currency)).collect())
    }

    /// What one entry has moved of a balance.
    pub(super) fn steps(&self, booked: Booked<'_>, account: AccountId, currency: Currency) -> Vec<Explanation> {
        let mut steps = Vec::new();
        for line in booked.lines().filter(|line| line.owner() == account && line.currency() == currency) {
            let transaction = Some(BalanceTransaction::of(line, booked.at(), self.rate_of(line)));
            let step = Explanation {
                transaction,
                because: self.because(line.source()),
                ..nothing(booked.kind(), booked.at())
            };
            steps.push(moved(step, line.account(), line.net()));
        }
        let postings = booked.postings().filter(|posting| posting.account.owner() == Some(account));
        // What is set aside began with what moved the balance of the account that owes.
        let moved_by = booked.lines().next().filter(|_| booked.kind() == EntryKind::ConnectReserve);
        let cause = moved_by.map_or(booked.cause(), Line::source);
        for posting in postings.filter(|posting| posting.amount.currency() == currency) {
            let step = Explanation { because: self.because(cause), ..nothing(booked.kind(), booked.at()) };
            steps.push(moved(step, posting.account, i128::from(posting.amount.minor())));
        }
        steps
    }

    pub(super) const fn history_is_kept(&self) -> Result<(), Error> {
        if self.state.is_whole() { Ok(()) } else { Err(Error::HistoryNotKept) }
    }

    /// What an object grew from, step by step, up to the payment or command that it all began with.
    pub(super) fn because(&self, source: ObjectId) -> Vec<ObjectId> {
        let mut chain: SmallVec<[ObjectId; 4]> = SmallVec::from_elem(source, 1);
        let mut next = Some(source);
        // INVARIANT: every step leads to an object that existed before, so the chain ends.
        while let Some(parent) = next.and_then(|id| self.state.records.get(id)).and_then(|(record, _)| parent(record)) {
            chain.push(parent);
            next = Some(parent);
        }
        chain.to_vec()
    }

    /// The transfer that would pass the money of a reversal on to whom it was taken from: what a platform has to make when a refund
    /// came back that had pulled a transfer back. It is only told, not made.
    ///
    /// # Errors
    /// [`Error::NotFound`] where there is no such reversal.
    pub fn passes_on(&self, reversal: TransferReversalId) -> Result<NewTransfer, Error> {
        let reversal = self.transfer_reversal(reversal)?;
        let transfer = self.transfer(reversal.transfer())?;
        let again = NewTransfer::to(transfer.connected(), reversal.amount());
        Ok(match transfer.source() {
            Some(source) => again.from_payment(PaymentId::of(source.family(), 0)),
            None => again,
        })
    }

    /// Everything that the world has been asked to do and has not answered, by kind and then oldest first: to be carried out
    /// again after a failure, under the same ids. What a reader works on is asked of the reader, and of the world once the reader has
    /// let go of it without telling what became of it. Checks about accounts that were closed are not among them. What calls something off (a voucher, a payout, a top-up) or gives in to a
    /// dispute is only in the changes that did it.
    pub fn instructions(&self) -> Vec<Instruction> {
        self.state.outstanding().flat_map(|id| self.asked_about(id)).collect()
    }

    /// Everything that the world has been asked about an object and has not answered.
    fn asked_about(&self, id: ObjectId) -> Vec<Instruction> {
        let Some((record, _)) = self.state.records.get(id) else { return Vec::new() };
        let verify = |given: &Given| {
            let open = given.checks().filter(|(_, state)| state.awaits_answer());
            let verify = |(check, state): (Check, &CheckState)| {
                let revision = state.revision;
                Instruction::Account(AccountInstruction::Verify { subject: id, check, revision })
            };
            open.map(verify).collect::<Vec<_>>()
        };
        let is_closed = |id| self.account(id).is_ok_and(|account| account.standing().access == Access::Closed);
        if let Some(person) = Person::of(record) {
            return if is_closed(person.account()) { Vec::new() } else { verify(person.given()) };
        }
        if let Some(form) = TaxForm::of(record) {
            return form.asked().map(Instruction::Tax).collect();
        }
        let Some(profile) = Profile::of(record) else { return self.instruction(record).into_iter().collect() };
        if is_closed(profile.account()) {
            return Vec::new();
        }
        let review = Instruction::Account(AccountInstruction::Review(profile.account()));
        let review = profile.awaits_review().then_some(review);
        review.into_iter().chain(verify(profile.given())).collect()
    }

    fn instruction(&self, record: &Record) -> Option<Instruction> {
        match record {
            Record::Charge(charge) => {
                let ask = || Some(charge.to_ask(self.asked_of_world(charge.id().into())?));
                charge.asked().or_else(ask).map(Instruction::Payment)
            }
            Record::Refund(refund) => {
                self.asked_of_world(refund.id().into())?;
                Some(Instruction::Payment(refund.to_ask()))
            }
            Record::Dispute(dispute) if !dispute.awaits_answer() => None,
            Record::Dispute(dispute) => {
                let evidence = dispute.evidence()?.evidence().into();
                Some(Instruction::Dispute(DisputeInstruction::SubmitEvidence { dispute: dispute.id(), evidence }))
            }
            Record::Payout(payout) if payout.is_held() => {
                Some(Instruction::Payout(PayoutInstruction::Hold { payout: payout.id() }))
            }
            Record::Payout(payout) => Some(Instruction::Payout(payout.to_send())),
            Record::Reader(reader) => reader.asked().map(Instruction::Reader),
            Record::TopUp(top_up) => Some(Instruction::TopUp(top_up.to_debit())),
            Record::Account(_)
            | Record::AccountLink(_)
            | Record::AccountSession(_)
            | Record::Anomaly(_)
            | Record::Application(_)
            | Record::ApplicationFee(_)
            | Record::ApplicationFeeRefund(_)
            | Record::BalanceSettings(_)
            | Record::ProviderTransaction(_)
            | Record::Connection(_)
            | Record::ConnectionToken(_)
            | Record::ConnectFees(_)
            | Record::EarlyFraudWarning(_)
            | Record::ExternalAccount(_)
            | Record::InstantTerms(_)
            | Record::Location(_)
            | Record::LoginLink(_)
            | Record::ParkedFact(_)
            | Record::PastAction(_)
            | Record::Payment(_)
            | Record::Person(_)
            | Record::PricingRules(_)
            | Record::PricingScheme(_)
            | Record::Profile(_)
            | Record::QuotedRate(_)
            | Record::ReserveHold(_)
            | Record::ReservePlan(_)
            | Record::ReserveRelease(_)
            | Record::ReservedFunds(_)
            | Record::SupportAction(_)
            | Record::TaxConsent(_)
            | Record::TaxForm(_)
            | Record::TaxpayerYear(_)
            | Record::Review(_)
            | Record::RiskDay(_)
            | Record::RiskRule(_)
            | Record::RiskRules(_)
            | Record::Transfer(_)
            | Record::TransferReversal(_) => None,
        }
    }

    /// The payment of an attempt or a refund, unless a reader works on that: then it is the reader that was asked.
    fn asked_of_world(&self, member: ObjectId) -> Option<&PaymentIntent> {
        let payment = self.payment(PaymentId::of(member.family(), 0)).ok()?;
        (!payment.is_at_reader(member.ordinal())).then_some(payment)
    }

    /// Everything that will happen by itself, soonest first.
    pub fn deadlines(&self) -> impl Iterator<Item = &Deadline> {
        self.state.deadlines()
    }

    /// Every entry of the ledger, oldest first.
    pub fn entries(&self) -> impl Iterator<Item = Entry> + '_ {
        self.state.book.iter().filter_map(|booked| booked.to_entry())
    }

    /// How many entries the ledger has.
    pub const fn entry_count(&self) -> u32 {
        self.state.book.len()
    }

    /// What each currency comes to: what came in, went out, was kept and is held. A partial platform adds up what it was given.
    pub fn trial_balances(&self) -> Vec<TrialBalance> {
        self.state.trial_balances()
    }

    /// Everything that is wrong with the books, found by adding all of them up again; nothing, unless this crate has a fault.
    pub fn audit(&self) -> Vec<AuditNote> {
        self.state.audit()
    }

    /// Every balance that something ever came to: whose, and in which currency. Nothing may be left on one, which is as if it were not
    /// here: [`balance`](Self::balance) tells the same of both, and in which order facts were told may decide whether it is.
    pub fn balances(&self) -> Vec<(AccountId, Currency)> {
        self.state.owners()
    }

    /// The request rows that are kept, for hosts that watch their memory.
    pub fn remembered_requests(&self) -> usize {
        self.state.requests.len()
    }

    /// Whether a key has been loaded; always, on a whole platform.
    pub fn is_loaded(&self, key: Key) -> bool {
        self.state.is_loaded(key)
    }
}

const fn nothing(entry: EntryKind, at: Timestamp) -> Explanation {
    Explanation {
        at,
        entry,
        transaction: None,
        pending: 0,
        available: 0,
        in_transit: 0,
        reserved: 0,
        because: Vec::new(),
    }
}

fn moved(mut step: Explanation, account: LedgerAccount, amount: i128) -> Explanation {
    match account {
        LedgerAccount::Pending { .. } | LedgerAccount::Submitted { .. } => step.pending = amount,
        LedgerAccount::Available { .. } => step.available = amount,
        LedgerAccount::InTransit { .. } => step.in_transit = amount,
        LedgerAccount::ConnectReserved { .. } | LedgerAccount::RiskReserved { .. } => step.reserved = amount,
        LedgerAccount::Fees
        | LedgerAccount::Exchange
        | LedgerAccount::Disputes
        | LedgerAccount::Losses
        | LedgerAccount::Payers
        | LedgerAccount::Banks => {}
    }
    step
}

/// What an object grew from.
fn parent(record: &Record) -> Option<ObjectId> {
    match record {
        Record::ApplicationFee(fee) => Some(fee.source().into()),
        Record::ApplicationFeeRefund(refund) => {
            Some(refund.refund().map_or_else(|| refund.fee().into(), ObjectId::from))
        }
        Record::Charge(charge) => Some(charge.payment().into()),
        Record::ConnectFees(fees) => Some(fees.account().into()),
        Record::Dispute(dispute) => Some(dispute.charge().into()),
        Record::EarlyFraudWarning(warning) => Some(warning.charge().into()),
        Record::Payout(payout) => payout.original_payout().or(payout.resend_of()).map(ObjectId::from),
        Record::Refund(refund) => Some(refund.charge().into()),
        Record::ReserveHold(hold) => hold.source(),
        Record::ReserveRelease(release) => Some(release.hold().into()),
        Record::SupportAction(action) => Some(action.object()),
        Record::TaxForm(form) => form.corrects().or(form.replaces()).map(ObjectId::from),
        Record::Transfer(transfer) => transfer.source().map(ObjectId::from),
        Record::TransferReversal(reversal) => {
            Some(reversal.refund().map_or_else(|| reversal.transfer().into(), ObjectId::from))
        }
        Record::Account(_)
        | Record::AccountLink(_)
        | Record::AccountSession(_)
        | Record::Anomaly(_)
        | Record::Application(_)
        | Record::BalanceSettings(_)
        | Record::ProviderTransaction(_)
        | Record::Connection(_)
        | Record::ConnectionToken(_)
        | Record::ExternalAccount(_)
        | Record::InstantTerms(_)
        | Record::Location(_)
        | Record::LoginLink(_)
        | Record::ParkedFact(_)
        | Record::PastAction(_)
        | Record::Payment(_)
        | Record::Person(_)
        | Record::PricingRules(_)
        | Record::PricingScheme(_)
        | Record::Profile(_)
        | Record::QuotedRate(_)
        | Record::Reader(_)
        | Record::ReservePlan(_)
        | Record::ReservedFunds(_)
        | Record::TaxConsent(_)
        | Record::TaxpayerYear(_)
        | Record::Review(_)
        | Record::RiskDay(_)
        | Record::RiskRule(_)
        | Record::RiskRules(_)
        | Record::TopUp(_) => None,
    }
}
