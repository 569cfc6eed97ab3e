use serde::{Deserialize, Serialize};

use super::{Anomaly, AnomalyCause, Deadline, DeadlineKind, ParkedFact};
use crate::accounts::{
    Account, AccountLink, AccountSession, Application, Connection, ExternalAccount, LoginLink, Person, Profile,
};
use crate::ids::{
    AccountId, AccountLinkId, AccountSessionId, AnomalyId, ApplicationFeeId, ApplicationFeeRefundId, ApplicationId,
    BalanceSettingsId, ChargeId, ConnectFeesId, ConnectionId, ConnectionTokenId, DisputeId, EarlyFraudWarningId,
    ExternalAccountId, InstantTermsId, LocationId, LoginLinkId, ObjectId, ParkedFactId, PaymentId, PayoutId, PersonId,
    PricingRulesId, PricingSchemeId, ProfileId, ProviderTransactionId, QuotedRateId, ReaderActionId, ReaderId,
    RefundId, ReserveHoldId, ReservePlanId, ReserveReleaseId, ReservedFundsId, ReviewId, RiskDayId, RiskRuleId,
    RiskRulesId, SupportActionId, TaxConsentId, TaxFormId, TaxpayerYearId, TopUpId, TransferId, TransferReversalId,
};
use crate::mirror::ProviderTransaction;
use crate::payments::{Charge, Dispute, EarlyFraudWarning, PaymentIntent, Refund};
use crate::payouts::{
    BalanceSettings, ConnectFees, InstantTerms, Payout, PayoutDue, ReserveHold, ReservePlan, ReserveRelease,
    ReservedFunds, TopUp,
};
use crate::routing::{
    ApplicationFee, ApplicationFeeRefund, PricingRules, PricingScheme, QuotedRate, Transfer, TransferReversal,
};
use crate::terminal::{ConnectionToken, Location, PastAction, Reader};
use crate::tools::SupportAction;
use crate::tools::risk::{Review, RiskDay, RiskRule, RiskRules};
use crate::tools::tax::{TaxConsent, TaxForm, TaxpayerYear};

/// A kind of object that is kept under its id.
pub(crate) trait Stored: Clone {
    type Id: Copy + Eq + Into<ObjectId>;

    fn id(&self) -> Self::Id;
    fn into_record(self) -> Record;
    fn of(record: &Record) -> Option<&Self>;
}

/// What is large and rare lies apart, so that the others take less room.
macro_rules! held {
    ($type:ident) => { $type };
    ($type:ident, Box) => { Box<$type> };
}

macro_rules! records {
    ($($(#[$doc:meta])* $kind:ident($type:ident, $id:ident $(, $apart:ident)?);)*) => {
        /// The whole of one object, as it is kept.
        #[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
        #[non_exhaustive]
        pub enum Record {
            $($(#[$doc])* $kind(held!($type $(, $apart)?)),)*
        }

        impl Record {
            /// Becomes what `next` is, in place where both are of one kind.
            pub(super) fn renew(&mut self, next: &Self) {
                match (self, next) {
                    $((Self::$kind(object), Self::$kind(next)) => object.clone_from(next),)*
                    (object, next) => *object = next.clone(),
                }
            }

            /// The object's id.
            pub fn id(&self) -> ObjectId {
                match self { $(Self::$kind(object) => <$type as Stored>::id(object).into(),)* }
            }
        }

        $(impl Stored for $type {
            type Id = $id;

            fn id(&self) -> $id {
                self.id()
            }

            fn into_record(self) -> Record {
                Record::$kind(self.into())
            }

            fn of(record: &Record) -> Option<&Self> {
                if let Record::$kind(object) = record { Some(object) } else { None }
            }
        })*
    };
}

records! {
    /// A connected account, or the platform's own.
    Account(Account, AccountId);
    /// A page that was handed out to an account's holder.
    AccountLink(AccountLink, AccountLinkId, Box);
    /// Parts of an account that its holder can see inside the platform's own pages.
    AccountSession(AccountSession, AccountSessionId);
    /// Something that no rule could take up.
    Anomaly(Anomaly, AnomalyId, Box);
    /// What the platform is to those who connect accounts of their own to it.
    Application(Application, ApplicationId);
    /// A commission.
    ApplicationFee(ApplicationFee, ApplicationFeeId);
    /// A commission given back.
    ApplicationFeeRefund(ApplicationFeeRefund, ApplicationFeeRefundId);
    /// How and when an account is paid out.
    BalanceSettings(BalanceSettings, BalanceSettingsId);
    /// One attempt to take money from a payer.
    Charge(Charge, ChargeId);
    /// What the processor takes from the platform for the payouts of one account in one month.
    ConnectFees(ConnectFees, ConnectFeesId, Box);
    /// That a holder has let the platform in, or was asked to.
    Connection(Connection, ConnectionId, Box);
    /// What lets a program connect to readers.
    ConnectionToken(ConnectionToken, ConnectionTokenId);
    /// A claim to get the money of a charge back.
    Dispute(Dispute, DisputeId, Box);
    /// A warning that a payment was fraud.
    EarlyFraudWarning(EarlyFraudWarning, EarlyFraudWarningId);
    /// A bank account or card to send payouts to.
    ExternalAccount(ExternalAccount, ExternalAccountId, Box);
    /// What the platform asks for payouts within minutes, and how much was asked for today.
    InstantTerms(InstantTerms, InstantTermsId, Box);
    /// A place where readers take payments.
    Location(Location, LocationId, Box);
    /// A way into the light dashboard.
    LoginLink(LoginLink, LoginLinkId);
    /// A fact that waits for what it names.
    ParkedFact(ParkedFact, ParkedFactId, Box);
    /// What a reader did before what it does now.
    PastAction(PastAction, ReaderActionId, Box);
    /// What a buyer owes.
    Payment(PaymentIntent, PaymentId);
    /// Money sent to a bank.
    Payout(Payout, PayoutId, Box);
    /// Somebody behind an account.
    Person(Person, PersonId, Box);
    /// The rules of a scheme of prices, as they are or were.
    PricingRules(PricingRules, PricingRulesId, Box);
    /// What the platform takes of what its accounts do.
    PricingScheme(PricingScheme, PricingSchemeId, Box);
    /// What an account has given about itself, and what it is asked for.
    Profile(Profile, ProfileId, Box);
    /// A balance transaction of the provider's that no other object stands for.
    ProviderTransaction(ProviderTransaction, ProviderTransactionId);
    /// At which rate money of one currency becomes money of another.
    QuotedRate(QuotedRate, QuotedRateId);
    /// A device that takes cards.
    Reader(Reader, ReaderId, Box);
    /// Money given back to a payer.
    Refund(Refund, RefundId);
    /// Money that is held back.
    ReserveHold(ReserveHold, ReserveHoldId, Box);
    /// That a part of what an account is paid is held back.
    ReservePlan(ReservePlan, ReservePlanId, Box);
    /// Money that was held back and let go.
    ReserveRelease(ReserveRelease, ReserveReleaseId, Box);
    /// What the processor keeps in a reserve of its own.
    ReservedFunds(ReservedFunds, ReservedFundsId, Box);
    /// A command that somebody gave a reason for.
    SupportAction(SupportAction, SupportActionId, Box);
    /// Money pulled from the platform's own bank account.
    TopUp(TopUp, TopUpId, Box);
    /// Money moved to a connected account.
    Transfer(Transfer, TransferId);
    /// A transfer taken back.
    TransferReversal(TransferReversal, TransferReversalId);
    /// Whether a payee wants tax forms electronically.
    TaxConsent(TaxConsent, TaxConsentId, Box);
    /// What is reported of a payee for a year.
    TaxForm(TaxForm, TaxFormId, Box);
    /// All tax forms of one type and year that share a taxpayer.
    TaxpayerYear(TaxpayerYear, TaxpayerYearId, Box);
    /// Something for a person to look at.
    Review(Review, ReviewId, Box);
    /// What was counted of an account on one day.
    RiskDay(RiskDay, RiskDayId, Box);
    /// A rule over accounts.
    RiskRule(RiskRule, RiskRuleId, Box);
    /// All rules over accounts, in their order.
    RiskRules(RiskRules, RiskRulesId, Box);
}

impl Anomaly {
    fn id(&self) -> AnomalyId {
        self.id
    }
}

impl ParkedFact {
    fn id(&self) -> ParkedFactId {
        self.id
    }
}

/// What happens to a payout next by itself.
fn payout_deadline(payout: &Payout) -> Option<Deadline> {
    let (due, what) = payout.due()?;
    let what = match what {
        PayoutDue::Arrival => DeadlineKind::PayoutArrival(payout.id()),
        PayoutDue::Cancel => DeadlineKind::CancelHeld(payout.id()),
        PayoutDue::FreeCover => DeadlineKind::FreeCover(payout.id()),
        PayoutDue::EndTrace => DeadlineKind::EndTrace(payout.id()),
    };
    Some(Deadline { due, what })
}

impl Record {
    /// What can happen to the object by itself, whether or not it will.
    pub fn deadline_kinds(&self) -> impl Iterator<Item = DeadlineKind> + use<> {
        let others = if let Self::Payout(payout) = self {
            let end = if payout.is_debit() { DeadlineKind::FreeCover } else { DeadlineKind::CancelHeld };
            [Some(end(payout.id())), Some(DeadlineKind::EndTrace(payout.id()))]
        } else {
            [None, None]
        };
        self.deadline_kind().into_iter().chain(others.into_iter().flatten())
    }

    const fn deadline_kind(&self) -> Option<DeadlineKind> {
        match self {
            Self::Payment(payment) => Some(DeadlineKind::ExpirePayment(payment.id())),
            Self::ParkedFact(parked) => Some(DeadlineKind::GiveUp(parked.id)),
            Self::Payout(payout) => Some(DeadlineKind::PayoutArrival(payout.id())),
            Self::Account(account) => Some(DeadlineKind::Reassess(account.id())),
            Self::ConnectFees(fees) => Some(DeadlineKind::BillConnectFees(fees.id())),
            Self::Dispute(dispute) => Some(DeadlineKind::CloseDispute(dispute.id())),
            Self::Refund(refund) => Some(DeadlineKind::GiveUpRefund(refund.id())),
            Self::ReserveHold(hold) => Some(DeadlineKind::ReleaseHold(hold.id())),
            Self::ReservePlan(plan) => Some(DeadlineKind::EndReservePlan(plan.id())),
            Self::RiskDay(day) => Some(DeadlineKind::AssessRisk(day.id())),
            Self::AccountLink(_)
            | Self::AccountSession(_)
            | Self::Anomaly(_)
            | Self::Application(_)
            | Self::ApplicationFee(_)
            | Self::ApplicationFeeRefund(_)
            | Self::BalanceSettings(_)
            | Self::ProviderTransaction(_)
            | Self::Charge(_)
            | Self::Connection(_)
            | Self::ConnectionToken(_)
            | Self::EarlyFraudWarning(_)
            | Self::ExternalAccount(_)
            | Self::InstantTerms(_)
            | Self::Location(_)
            | Self::LoginLink(_)
            | Self::PastAction(_)
            | Self::Person(_)
            | Self::PricingRules(_)
            | Self::PricingScheme(_)
            | Self::Profile(_)
            | Self::QuotedRate(_)
            | Self::Reader(_)
            | Self::ReserveRelease(_)
            | Self::ReservedFunds(_)
            | Self::SupportAction(_)
            | Self::TaxConsent(_)
            | Self::TaxForm(_)
            | Self::TaxpayerYear(_)
            | Self::Review(_)
            | Self::RiskRule(_)
            | Self::RiskRules(_)
            | Self::TopUp(_)
            | Self::Transfer(_)
            | Self::TransferReversal(_) => None,
        }
    }

    /// When something will happen to the object by itself, and what.
    pub fn deadline(&self) -> Option<Deadline> {
        let due = match self {
            Self::Payment(payment) => payment.due(),
            Self::ParkedFact(parked) => parked.due(),
            Self::Payout(payout) => return payout_deadline(payout),
            Self::Account(account) => account.review_at(),
            Self::ConnectFees(fees) => fees.due(),
            Self::Dispute(dispute) => dispute.due(),
            Self::Refund(refund) => refund.due(),
            Self::ReserveHold(hold) => hold.due(),
            Self::ReservePlan(plan) => plan.due(),
            Self::RiskDay(day) => day.due(),
            Self::AccountLink(_)
            | Self::AccountSession(_)
            | Self::Anomaly(_)
            | Self::Application(_)
            | Self::ApplicationFee(_)
            | Self::ApplicationFeeRefund(_)
            | Self::BalanceSettings(_)
            | Self::ProviderTransaction(_)
            | Self::Charge(_)
            | Self::Connection(_)
            | Self::ConnectionToken(_)
            | Self::EarlyFraudWarning(_)
            | Self::ExternalAccount(_)
            | Self::InstantTerms(_)
            | Self::Location(_)
            | Self::LoginLink(_)
            | Self::PastAction(_)
            | Self::Person(_)
            | Self::PricingRules(_)
            | Self::PricingScheme(_)
            | Self::Profile(_)
            | Self::QuotedRate(_)
            | Self::Reader(_)
            | Self::ReserveRelease(_)
            | Self::ReservedFunds(_)
            | Self::SupportAction(_)
            | Self::TaxConsent(_)
            | Self::TaxForm(_)
            | Self::TaxpayerYear(_)
            | Self::Review(_)
            | Self::RiskRule(_)
            | Self::RiskRules(_)
            | Self::TopUp(_)
            | Self::Transfer(_)
            | Self::TransferReversal(_) => None,
        };
        Some(Deadline { due: due?, what: self.deadline_kind()? })
    }

    /// The deadline that it gives up, if it is an anomaly that tells of one.
    pub(crate) fn given_up(&self) -> Option<Deadline> {
        match &Anomaly::of(self)?.cause {
            AnomalyCause::Deadline(deadline) => Some(*deadline),
            AnomalyCause::Fact(_) => None,
        }
    }

    /// Whether somebody has still to answer about the object: the world was asked something, a dispute is open, or a person has to look.
    pub fn is_outstanding(&self) -> bool {
        match self {
            Self::Person(person) => person.is_there() && person.given().awaits_answer(),
            Self::Profile(profile) => profile.awaits_answer(),
            Self::Charge(charge) => charge.awaits_answer(),
            Self::Reader(reader) => reader.is_busy(),
            Self::Payout(payout) => payout.is_under_way() && !payout.is_from_provider(),
            Self::Dispute(dispute) => !dispute.is_closed(),
            Self::Review(review) => review.is_open(),
            Self::Refund(refund) => refund.is_outstanding(),
            Self::TopUp(top_up) => top_up.awaits_answer(),
            Self::TaxForm(form) => form.awaits_answer(),
            Self::Account(_)
            | Self::AccountLink(_)
            | Self::AccountSession(_)
            | Self::Anomaly(_)
            | Self::Application(_)
            | Self::ApplicationFee(_)
            | Self::ApplicationFeeRefund(_)
            | Self::BalanceSettings(_)
            | Self::ProviderTransaction(_)
            | Self::Connection(_)
            | Self::ConnectionToken(_)
            | Self::ConnectFees(_)
            | Self::EarlyFraudWarning(_)
            | Self::ExternalAccount(_)
            | Self::InstantTerms(_)
            | Self::Location(_)
            | Self::LoginLink(_)
            | Self::ParkedFact(_)
            | Self::PastAction(_)
            | Self::Payment(_)
            | Self::PricingRules(_)
            | Self::PricingScheme(_)
            | Self::QuotedRate(_)
            | Self::ReserveHold(_)
            | Self::ReservePlan(_)
            | Self::ReserveRelease(_)
            | Self::ReservedFunds(_)
            | Self::SupportAction(_)
            | Self::TaxConsent(_)
            | Self::TaxpayerYear(_)
            | Self::RiskDay(_)
            | Self::RiskRule(_)
            | Self::RiskRules(_)
            | Self::Transfer(_)
            | Self::TransferReversal(_) => false,
        }
    }
}
