use super::{Access, Action, BankAccountType, Controller, Denial, MetadataError, RejectReason, RejectedBy};
use crate::ids::{AccountId, ExternalAccountId, ObjectId, PersonId};
use crate::money::Currency;
use crate::rulebook::{
    AccountKind, BankFormatError, BusinessType, Capability, CardFunding, Country, FundsFlow, LaneClosed,
    RequirementErrorCode, ServiceAgreement,
};

/// Why a command about an account was refused.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum AccountError {
    /// A custom account must ask for at least one capability.
    #[error("a custom account must request at least one capability")]
    NothingRequested,
    /// An account that only the platform sees names its country.
    #[error("an account without a dashboard needs a country")]
    CountryMissing,
    /// Accounts cannot have these properties together.
    #[error("accounts cannot have the controller {0:?}")]
    ControllerNotOpen(Controller),
    /// Accounts with this controller have a contract with the processor.
    #[error("an account with a full dashboard has the full service agreement")]
    AgreementNotOpen,
    /// The agreement of the account does not cover the capability.
    #[error("`{capability}` is not part of the {agreement} service agreement")]
    CapabilityNotInAgreement {
        /// What was asked for.
        capability: Capability,
        /// The account's agreement.
        agreement: ServiceAgreement,
    },
    /// Accounts of that country cannot have the capability.
    #[error("accounts in `{country}` cannot have `{capability}`")]
    CapabilityNotInCountry {
        /// What was asked for.
        capability: Capability,
        /// The account's country.
        country: Country,
    },
    /// That country has no accounts for such a business.
    #[error("accounts in `{country}` cannot be for `{business_type}`")]
    BusinessTypeNotAdmitted {
        /// The account's country.
        country: Country,
        /// What it was to be.
        business_type: BusinessType,
    },
    /// A capability goes only with another one.
    #[error("`{capability}` needs `{needs}` to be requested too")]
    CapabilityNeeds {
        /// What was asked for.
        capability: Capability,
        /// What has to be asked for too.
        needs: Capability,
    },
    /// A capability cannot be given up while another one that is asked for needs it.
    #[error("`{capability}` is needed by `{by}`")]
    CapabilityNeeded {
        /// What was to be given up.
        capability: Capability,
        /// What needs it.
        by: Capability,
    },
    /// A capability cannot be given up.
    #[error("`{0}` cannot be given up")]
    CapabilityPermanent(Capability),
    /// Whoever asked may not do that to the account.
    #[error("`{action:?}` of account `{account}` is not permitted: {denial}")]
    NotPermitted {
        /// The account.
        account: AccountId,
        /// What was wanted.
        action: Action,
        /// Why not.
        denial: Denial,
    },
    /// The platform has nothing to do with the account any more.
    #[error("account `{0}` is {1}")]
    NotConnected(AccountId, Access),
    /// Nobody is asked for a field of that name, or it follows from something else.
    #[error("`{0}` is no field that can be given")]
    UnknownField(Box<str>),
    /// The value of a field is not written as it should be.
    #[error("`{field}` is not valid: {code}")]
    FieldInvalid {
        /// The field.
        field: Box<str>,
        /// What is wrong, in the field's words.
        code: RequirementErrorCode,
    },
    /// What the processor wants to know about a business is answered on its own pages, by the holder.
    #[error("what the processor wants to know is answered on its pages")]
    AnsweredOnPage,
    /// A file was described where none was given.
    #[error("no file was given as `{0}`")]
    NoFile(Box<str>),
    /// A token cannot give that, or not beside the same in the open.
    #[error("`{0}` cannot come behind a token")]
    NotInToken(Box<str>),
    /// What the token stands for is of somebody else: of an account, not of a person, or the other way round.
    #[error("the token is of another kind")]
    TokenOfAnotherKind,
    /// A token is good once.
    #[error("the token was used before")]
    TokenUsed,
    /// What was verified cannot be changed in the country of the account.
    #[error("`{0}` was verified and cannot be changed")]
    FieldLocked(Box<str>),
    /// A document of a company cannot be replaced once the company is verified.
    #[error("the company is verified, and `{0}` cannot be replaced")]
    DocumentLocked(Box<str>),
    /// One file cannot show who somebody is and where they live.
    #[error("`{identity}` and `{address}` cannot be the same file")]
    SameFile {
        /// The field of the document that shows who the person is.
        identity: Box<str>,
        /// The field of the one that shows where they live.
        address: Box<str>,
    },
    /// There is one representative at most.
    #[error("`{0}` is the representative already")]
    RepresentativeExists(PersonId),
    /// Nobody can own more than there is.
    #[error("the owners of account `{0}` would own more than all of it")]
    OwnershipTooLarge(AccountId),
    /// The account is not an individual's: who acts for a company is one of its persons.
    #[error("account `{0}` is not an individual's")]
    NotAnIndividual(AccountId),
    /// A relationship is a person's, and no person was named.
    #[error("the relationship names no person")]
    RelationshipOfNobody,
    /// The account cannot be without the person.
    #[error("the account needs `{0}`")]
    PersonNeeded(PersonId),
    /// There are no data about persons of that object.
    #[error("nothing personal is kept of `{0}`")]
    NothingPersonal(ObjectId),
    /// The account lacks what the operation needs.
    #[error("account `{account}` cannot use `{capability}`, which is not active")]
    CapabilityNotActive {
        /// The account.
        account: AccountId,
        /// What it would need.
        capability: Capability,
    },
    /// The account cannot hold money of this currency without converting it.
    #[error("account `{account}` in `{country}` does not settle in {currency}")]
    CurrencyNotHeld {
        /// The account.
        account: AccountId,
        /// Its country.
        country: Country,
        /// The currency.
        currency: Currency,
    },
    /// The account has its currency from its country, or has a bank account for it that is there.
    #[error("account `{account}` goes on settling in {currency}")]
    SettlesInIt {
        /// The account.
        account: AccountId,
        /// The currency.
        currency: Currency,
    },
    /// Only accounts in the platform's own region hold other currencies than their own.
    #[error(
        "account `{account}` is in another region than the platform and holds its own currency only, not {currency}"
    )]
    CurrencyAcrossRegions {
        /// The account.
        account: AccountId,
        /// The currency.
        currency: Currency,
    },
    /// The account settles in as many currencies as there can be.
    #[error("account `{account}` settles in {most} currencies already")]
    SettlementCurrenciesFull {
        /// The account.
        account: AccountId,
        /// How many there can be.
        most: usize,
    },
    /// Banks in that country are paid from abroad in one currency only.
    #[error("banks in `{country}` are paid from abroad in {only} only, not in {currency}")]
    BankPaidInOneCurrency {
        /// The country of the account.
        country: Country,
        /// The one currency.
        only: Currency,
        /// The other one.
        currency: Currency,
    },
    /// A bank account or card needs a number, or what stands for it.
    #[error("a bank account needs a number")]
    NumberMissing,
    /// The number of a bank account, or that of its bank, cannot be right. Neither is in here.
    #[error("the bank account cannot be right: {reason}")]
    BankNumberInvalid {
        /// What is wrong.
        reason: BankFormatError,
    },
    /// What may be shown of a number that a token stands for is not what is shown of numbers.
    #[error("the last four characters of a number are four letters or digits")]
    Last4Invalid,
    /// The number is a documented test number, and the platform moves real money.
    #[error("a test number cannot be paid out to in live mode")]
    TestNumberInLiveMode,
    /// Bank accounts in that country are not used for that.
    #[error("bank accounts in `{country}` are not of the type `{}`", .account_type.as_str())]
    AccountTypeNotThere {
        /// What it was said to be used for.
        account_type: BankAccountType,
        /// Where the bank is.
        country: Country,
    },
    /// A card was given with its number.
    #[error("a card is given as a token, not by its number")]
    CardNumber,
    /// Payouts go to debit cards only.
    #[error("payouts go to debit cards, not to a {0:?} card")]
    CardNotDebit(CardFunding),
    /// No card of that country takes payouts in that currency.
    #[error("cards in `{country}` take no payouts in {currency}")]
    CardsNotTaken {
        /// Where its issuer is.
        country: Country,
        /// What it is held in.
        currency: Currency,
    },
    /// There is no such month.
    #[error("a card expires in a month from 1 to 12, not in {0}")]
    ExpiryMonthInvalid(u8),
    /// The card has expired.
    #[error("the card expired at the end of {month}/{year}")]
    CardExpired {
        /// Its last month.
        month: u8,
        /// The year of that month.
        year: u16,
    },
    /// A bank account has no expiry, and a card is of no account type.
    #[error("`{0}` is not of the kind that has this")]
    NotOfThatKind(ExternalAccountId),
    /// Payouts go to it: another one has to become the default of its currency first.
    #[error("payouts go to `{0}`: make another one the default of its currency first")]
    DefaultNeeded(ExternalAccountId),
    /// What the host writes on the object for itself is too much.
    #[error(transparent)]
    Metadata(MetadataError),
    /// The platform was named where a connected account is needed.
    #[error("`{0}` is the platform itself, not a connected account")]
    IsPlatform(AccountId),
    /// The object has brought forth as many others as an id can count.
    #[error("account `{0}` cannot take another member")]
    FamilyFull(AccountId),
    /// The account was turned away already.
    #[error("account `{account}` was rejected already, by the {by:?}")]
    AlreadyRejected {
        /// The account.
        account: AccountId,
        /// By whom.
        by: RejectedBy,
    },
    /// The account was not turned away.
    #[error("account `{0}` is not rejected")]
    NotRejected(AccountId),
    /// The processor turned the account away, and the platform cannot take that back.
    #[error("account `{0}` was rejected by the processor, which is final")]
    RejectionFinal(AccountId),
    /// Only the processor turns accounts away for that.
    #[error("a platform cannot reject accounts for `{0:?}`")]
    ReasonNotYours(RejectReason),
    /// Something still lies on a balance of the account, or is on its way from or to it.
    #[error("account `{account}` still holds {currency}, or waits for some")]
    BalanceNotZero {
        /// The account.
        account: AccountId,
        /// The first currency in which it does.
        currency: Currency,
    },
    /// A platform in such a country hands in what the holder gives, and gives nothing itself about who is behind an account.
    #[error("data about who is behind account `{0}` have to come from its holder")]
    TokenNeeded(AccountId),
    /// The command names nothing that would change.
    #[error("the command names nothing to change")]
    NothingToChange,
    /// The account is of another kind, or of none.
    #[error("account `{account}` is no `{wanted}` account")]
    WrongKind {
        /// The account.
        account: AccountId,
        /// The kind that was asked for.
        wanted: AccountKind,
    },
    /// A part of the platform's branding is not written as it should be.
    #[error("`{0}` is not valid")]
    BrandingInvalid(&'static str),
    /// The platform's money cannot come to such an account.
    #[error(transparent)]
    LaneClosed(#[from] LaneClosed),
    /// The platform's money does come to such an account, but not in this way.
    #[error("money of the platform does not come to account `{account}` by the flow `{flow}`")]
    FlowClosed {
        /// Who was to get it.
        account: AccountId,
        /// In which way.
        flow: FundsFlow,
    },
}

impl AccountError {
    /// Whether it is the state of things, or who asks, that stands in the way.
    pub(crate) const fn is_refusal(&self) -> bool {
        matches!(
            self,
            Self::CapabilityNotActive { .. }
                | Self::CapabilityNeeded { .. }
                | Self::CapabilityPermanent(_)
                | Self::NotPermitted { .. }
                | Self::NotConnected(..)
                | Self::AnsweredOnPage
                | Self::FieldLocked(_)
                | Self::DocumentLocked(_)
                | Self::RepresentativeExists(_)
                | Self::OwnershipTooLarge(_)
                | Self::PersonNeeded(_)
                | Self::DefaultNeeded(_)
                | Self::FamilyFull(_)
                | Self::AlreadyRejected { .. }
                | Self::NotRejected(_)
                | Self::RejectionFinal(_)
                | Self::BalanceNotZero { .. }
                | Self::TokenNeeded(_)
                | Self::TokenUsed
                | Self::WrongKind { .. }
                | Self::LaneClosed(_)
                | Self::FlowClosed { .. }
        )
    }

    /// The code that the field's API answers in this case, where it has one.
    // RULE: docs.stripe.com/error-codes (2024).
    pub(crate) const fn code(&self) -> Option<&'static str> {
        Some(match self {
            Self::CapabilityNotActive { .. } => "capability_not_active",
            Self::IsPlatform(_) | Self::NotConnected(..) => "account_invalid",
            // RULE: docs.stripe.com/error-codes (2024).
            Self::TokenUsed => "token_already_used",
            // RULE: docs.stripe.com/connect/oauth-reference (2024).
            Self::NotPermitted { action: Action::Disconnect, denial: Denial::WrongDashboard, .. } => {
                "no_deauth_on_controlled_account"
            }
            Self::NotPermitted { denial: Denial::LossesNotYours | Denial::NeedsPlatformControls, .. } => {
                "not_allowed_on_standard_account"
            }
            Self::UnknownField(_) | Self::NoFile(_) | Self::NotAnIndividual(_) | Self::NotOfThatKind(_) => {
                "parameter_unknown"
            }
            Self::FieldInvalid { code, .. } => code.as_str(),
            Self::NothingToChange | Self::CountryMissing | Self::NumberMissing | Self::RelationshipOfNobody => {
                "parameter_missing"
            }
            Self::LaneClosed(_) => "country_unsupported",
            Self::FlowClosed { .. } => "transfers_not_allowed",
            Self::BankNumberInvalid { reason } => bank_number_code(reason),
            Self::Last4Invalid | Self::TestNumberInLiveMode => "account_number_invalid",
            Self::CardNumber => "invalid_number",
            Self::CardNotDebit(_) | Self::CardsNotTaken { .. } => "invalid_card_type",
            Self::ExpiryMonthInvalid(_) => "invalid_expiry_month",
            Self::CardExpired { .. } => "expired_card",
            Self::NothingRequested
            | Self::ControllerNotOpen(_)
            | Self::AgreementNotOpen
            | Self::CapabilityNotInAgreement { .. }
            | Self::CapabilityNotInCountry { .. }
            | Self::BusinessTypeNotAdmitted { .. }
            | Self::CapabilityNeeds { .. }
            | Self::CapabilityNeeded { .. }
            | Self::CapabilityPermanent(_)
            | Self::NotPermitted { .. }
            | Self::AnsweredOnPage
            | Self::NotInToken(_)
            | Self::TokenOfAnotherKind
            | Self::FieldLocked(_)
            | Self::DocumentLocked(_)
            | Self::SameFile { .. }
            | Self::RepresentativeExists(_)
            | Self::OwnershipTooLarge(_)
            | Self::PersonNeeded(_)
            | Self::NothingPersonal(_)
            | Self::CurrencyNotHeld { .. }
            | Self::BankPaidInOneCurrency { .. }
            | Self::SettlesInIt { .. }
            | Self::CurrencyAcrossRegions { .. }
            | Self::SettlementCurrenciesFull { .. }
            | Self::AccountTypeNotThere { .. }
            | Self::DefaultNeeded(_)
            | Self::Metadata(_)
            | Self::FamilyFull(_)
            | Self::AlreadyRejected { .. }
            | Self::NotRejected(_)
            | Self::RejectionFinal(_)
            | Self::ReasonNotYours(_)
            | Self::BalanceNotZero { .. }
            | Self::TokenNeeded(_)
            | Self::WrongKind { .. }
            | Self::BrandingInvalid(_) => return None,
        })
    }
}

const fn bank_number_code(reason: &BankFormatError) -> &'static str {
    match reason {
        BankFormatError::AccountChecksum
        | BankFormatError::AccountShape { .. }
        | BankFormatError::IbanCountry { .. }
        | BankFormatError::IbanLength { .. } => "account_number_invalid",
        BankFormatError::RoutingChecksum
        | BankFormatError::RoutingMissing { .. }
        | BankFormatError::RoutingNotExpected
        | BankFormatError::RoutingShape { .. } => "routing_number_invalid",
        BankFormatError::UnknownFormat { .. } => "bank_account_unusable",
    }
}
