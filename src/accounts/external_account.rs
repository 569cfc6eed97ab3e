use serde::{Deserialize, Serialize};

use super::{
    Account, AccountError, BankAccountType, Card, CheckOutcome, HolderType, InformationChecked, Metadata,
    NewDestination,
};
use super::{NewExternalAccount, UpdateExternalAccount};
use crate::calendar::Timestamp;
use crate::ids::{AccountId, ExternalAccountId};
use crate::money::Currency;
use crate::rulebook::{Country, DestinationKind, RequirementErrorCode, Rulebook};

/// Whether payouts may be sent to a bank account or card.
///
/// Of several that would fit the last one holds.
// RULE: docs.stripe.com/api/external_account_bank_accounts/object#account_bank_account_object-status (2026).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ExternalAccountState {
    /// Usable.
    New,
    /// A payout to it came back: nothing more is sent there until it is updated.
    Errored,
    /// The number was a token, and the bank has called it in.
    TokenizedAccountNumberDeactivated,
    /// It could not be confirmed that it belongs to the account's owner.
    VerificationFailed,
    /// It was removed, for good.
    Deleted,
}

impl ExternalAccountState {
    /// The word on the wire; a deleted one is shown as `deleted` rather than with a status.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::New => "new",
            Self::Errored => "errored",
            Self::TokenizedAccountNumberDeactivated => "tokenized_account_number_deactivated",
            Self::VerificationFailed => "verification_failed",
            Self::Deleted => "deleted",
        }
    }
}

/// How fast a payout arrives.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PayoutMethod {
    /// On a bank day.
    Standard,
    /// Within minutes.
    Instant,
}

/// What came of finding out whose a bank account is. Of two answers at one moment the later one here holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Ownership {
    /// It belongs to the account's owner.
    Verified,
    /// That could not be confirmed.
    Failed(RequirementErrorCode),
}

/// A fact: somebody has found out whose a bank account is, in the United States or in India.
///
/// Of several the one with the latest time holds, in whatever order they come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExternalAccountChecked {
    /// Which one.
    pub external_account: ExternalAccountId,
    /// What came of it.
    pub outcome: Ownership,
}

/// Whether a bank honours the token that stands for a number. Of two reports at one moment the later one here holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TokenStatus {
    /// It does, again.
    Active,
    /// It does not any more.
    Deactivated,
}

/// A fact: a bank has called in the token that stood for the number of an account, or honours it again.
///
/// Of several the one with the latest time holds, in whatever order they come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccountTokenChanged {
    /// Which one.
    pub external_account: ExternalAccountId,
    /// What the bank does from now on.
    pub status: TokenStatus,
}

/// What came of looking at a document about whose a bank account is. The greater of two holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
struct Document {
    revision: u32,
    at: Timestamp,
    has_failed: bool,
}

/// What payouts go to, as far as it may be shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ExternalAccountKind {
    /// A bank account.
    BankAccount {
        /// What it is used for, where that was said.
        account_type: Option<BankAccountType>,
    },
    /// A debit card.
    Card(Card),
}

/// A bank account or debit card that payouts go to. Its number, that of its bank and the name of its holder are personal data and
/// not in here; the last four characters of the number are, because they are all that anybody is shown.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExternalAccount {
    id: ExternalAccountId,
    account: AccountId,
    country: Country,
    currency: Currency,
    created: Timestamp,
    kind: ExternalAccountKind,
    last4: Box<str>,
    holder_type: Option<HolderType>,
    metadata: Metadata,
    is_errored: bool,
    failed_debits: u8,
    updated: Option<Timestamp>,
    check: Option<(Timestamp, Ownership)>,
    document: Option<Document>,
    token: Option<(Timestamp, TokenStatus)>,
    deleted: Option<Timestamp>,
}

impl ExternalAccount {
    pub(crate) fn new(id: ExternalAccountId, command: &NewExternalAccount, at: Timestamp) -> Self {
        let kind = match &command.kind {
            NewDestination::Bank { account_type, .. } => {
                ExternalAccountKind::BankAccount { account_type: *account_type }
            }
            NewDestination::Card { card, .. } => ExternalAccountKind::Card(*card),
        };
        Self {
            id,
            account: command.account,
            country: command.country,
            currency: command.currency,
            created: at,
            kind,
            last4: command.kind.numbers().0.last4().into(),
            holder_type: command.holder_type,
            metadata: command.metadata.clone(),
            is_errored: false,
            failed_debits: 0,
            updated: None,
            check: None,
            document: None,
            token: None,
            deleted: None,
        }
    }

    /// Its id.
    pub const fn id(&self) -> ExternalAccountId {
        self.id
    }

    /// Whose it is.
    pub const fn account(&self) -> AccountId {
        self.account
    }

    /// Where the bank, or the issuer of the card, is.
    pub const fn country(&self) -> Country {
        self.country
    }

    /// What it is held in.
    pub const fn currency(&self) -> Currency {
        self.currency
    }

    /// When it was added.
    pub const fn created(&self) -> Timestamp {
        self.created
    }

    /// Bank account or card.
    pub const fn kind(&self) -> ExternalAccountKind {
        self.kind
    }

    /// The last four characters of its number; empty where the number has no more than those.
    pub fn last4(&self) -> &str {
        &self.last4
    }

    /// Who the holder is, where that was said.
    pub const fn holder_type(&self) -> Option<HolderType> {
        self.holder_type
    }

    /// What the host has written on it for itself.
    pub const fn metadata(&self) -> &Metadata {
        &self.metadata
    }

    /// When it was updated last.
    pub const fn updated(&self) -> Option<Timestamp> {
        self.updated
    }

    /// When it was removed.
    pub const fn deleted_at(&self) -> Option<Timestamp> {
        self.deleted
    }

    /// Whether payouts may be sent to it, and why not.
    pub const fn state(&self) -> ExternalAccountState {
        if self.deleted.is_some() {
            ExternalAccountState::Deleted
        } else if self.refusal().is_some() {
            ExternalAccountState::VerificationFailed
        } else if matches!(self.token, Some((_, TokenStatus::Deactivated))) {
            ExternalAccountState::TokenizedAccountNumberDeactivated
        } else if self.is_errored {
            ExternalAccountState::Errored
        } else {
            ExternalAccountState::New
        }
    }

    /// Whether payouts may be sent to it.
    pub const fn is_usable(&self) -> bool {
        matches!(self.state(), ExternalAccountState::New)
    }

    /// Why, and since when, it could not be confirmed that it belongs to the account's owner.
    pub const fn refusal(&self) -> Option<(Timestamp, RequirementErrorCode)> {
        let Some((at, Ownership::Failed(code))) = self.check else { return None };
        match self.document {
            Some(shown) if !shown.has_failed && shown.at.micros() >= at.micros() => None,
            Some(_) | None => Some((at, code)),
        }
    }

    /// How fast payouts can arrive at it. Whether one particular bank takes part in payouts within minutes is the bank's own affair:
    /// where the [table](Rulebook::instant_destinations) says that banks of the country do, this says so of each of them.
    // RULE: within minutes only in the country of the business, in its currency (docs.stripe.com/payouts/instant-payouts, 2026).
    pub fn available_payout_methods(&self, book: &Rulebook, owner: &Account) -> &'static [PayoutMethod] {
        let rule = book.instant_destinations(self.country, self.currency);
        let is_instant = rule.filter(|_| owner.country() == self.country).is_some_and(|rule| match self.kind {
            ExternalAccountKind::Card(_) => rule.to_cards(),
            ExternalAccountKind::BankAccount { .. } if owner.is_platform() => rule.to_banks(),
            ExternalAccountKind::BankAccount { .. } => rule.to_banks_of_connected_accounts(),
        });
        if is_instant { &[PayoutMethod::Standard, PayoutMethod::Instant] } else { &[PayoutMethod::Standard] }
    }

    /// What kind of destination it is, in the words of the rules.
    pub const fn destination_kind(&self) -> DestinationKind {
        match self.kind {
            ExternalAccountKind::BankAccount { .. } => DestinationKind::Bank,
            ExternalAccountKind::Card(_) => DestinationKind::Card,
        }
    }

    pub(crate) const fn is_there(&self) -> bool {
        self.deleted.is_none()
    }

    /// The bank account after a payout to it came back; nothing where that is no news: it was known, it is about the time before the
    /// last update, or the bank account is gone.
    // RULE: nothing more is sent to a bank account that returned a payout until it is updated (docs.stripe.com/payouts, 2026).
    // INVARIANT: a return of before an update changes nothing, whether it is told before or after, so that the order is no matter.
    pub(crate) fn errored(&self, at: Timestamp) -> Option<Self> {
        let is_news = self.is_there() && !self.is_errored && self.updated.is_none_or(|updated| at >= updated);
        is_news.then(|| Self { is_errored: true, ..self.clone() })
    }

    /// How many debits for what its owner owed it has not paid, of those that were asked for since it was added or updated.
    pub const fn failed_debits(&self) -> u8 {
        self.failed_debits
    }

    /// The bank account after it has not paid a debit that was asked for then; nothing where that was before the last update, or the bank
    /// account is gone. After so many that is as good as a payout that came back.
    // RULE: after the most failed attempts payouts to a bank account and debits of it stop until it is replaced
    // (support.stripe.com/questions/auto-debit-faq). That they are counted from the last update is our reading.
    // INVARIANT: when it was asked for decides, not when it failed, so that it is no matter which of several reports comes first.
    pub(crate) fn unpaid(&self, asked_at: Timestamp, most: u8) -> Option<Self> {
        let is_news = self.is_there() && self.updated.is_none_or(|updated| asked_at > updated);
        let failed_debits = self.failed_debits.saturating_add(1);
        let is_errored = self.is_errored || failed_debits >= most;
        is_news.then(|| Self { failed_debits, is_errored, ..self.clone() })
    }

    /// The bank account after somebody found out whose it is; nothing where more is known already.
    pub(crate) fn checked(&self, outcome: Ownership, at: Timestamp) -> Option<Self> {
        let is_news = self.is_there() && self.check.is_none_or(|known| (at, outcome) > known);
        is_news.then(|| Self { check: Some((at, outcome)), ..self.clone() })
    }

    /// The bank account after a document about its owner was looked at; nothing where more is known already.
    pub(crate) fn after_document(&self, fact: &InformationChecked, at: Timestamp) -> Option<Self> {
        let has_failed = fact.outcome != CheckOutcome::Verified;
        let shown = Document { revision: fact.revision, at, has_failed };
        let is_news = self.is_there() && self.document.is_none_or(|known| shown > known);
        is_news.then(|| Self { document: Some(shown), ..self.clone() })
    }

    /// The bank account after its bank has said something about the token; nothing where more is known already.
    pub(crate) fn token_changed(&self, status: TokenStatus, at: Timestamp) -> Option<Self> {
        let is_news = self.is_there() && self.token.is_none_or(|known| (at, status) > known);
        is_news.then(|| Self { token: Some((at, status)), ..self.clone() })
    }

    pub(crate) fn deleted(&self, at: Timestamp) -> Self {
        Self { deleted: Some(at), ..self.clone() }
    }

    /// The bank account or card after an update.
    // RULE: an update that changes nothing has an errored one used again (docs.stripe.com/api/external_accounts/update, 2026).
    pub(crate) fn after(&self, update: &UpdateExternalAccount, at: Timestamp) -> Result<Self, AccountError> {
        let mut next = self.clone();
        match &mut next.kind {
            ExternalAccountKind::BankAccount { .. } if update.expires.is_some() => {
                return Err(AccountError::NotOfThatKind(self.id));
            }
            ExternalAccountKind::Card(_) if update.account_type.is_some() => {
                return Err(AccountError::NotOfThatKind(self.id));
            }
            ExternalAccountKind::BankAccount { account_type } => *account_type = update.account_type.or(*account_type),
            ExternalAccountKind::Card(card) => {
                if let Some((exp_month, exp_year)) = update.expires {
                    *card = Card { exp_month, exp_year, ..*card };
                    card.check(at.date())?;
                }
            }
        }
        next.holder_type = update.holder_type.or(self.holder_type);
        next.metadata = self.metadata.updated(&update.metadata);
        next.metadata.check().map_err(AccountError::Metadata)?;
        next.is_errored = false;
        next.failed_debits = 0;
        next.updated = Some(at);
        Ok(next)
    }

    /// Whether nothing that is shown differs.
    pub(crate) fn looks_like(&self, other: &Self) -> bool {
        *self == Self { updated: self.updated, ..other.clone() }
    }
}

/// Whether an account can be paid out, as far as it is a matter of where to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Destination {
    /// None was ever given, or none is left.
    None,
    /// There is none that can be used at present.
    Unusable,
    /// There is a bank account or card that payouts can be sent to.
    Usable,
    /// There is none of which it could be confirmed that it belongs to the account's owner.
    Refused { code: RequirementErrorCode, at: Timestamp },
}

impl Destination {
    /// What the bank accounts and cards of one account come to.
    pub(crate) fn of<'a>(accounts: impl IntoIterator<Item = &'a ExternalAccount>) -> Self {
        let mut refusal = None;
        let mut rest = Self::None;
        for account in accounts {
            if account.is_usable() {
                return Self::Usable;
            }
            if account.is_there() {
                refusal = refusal.max(account.refusal());
                rest = Self::Unusable;
            }
        }
        refusal.map_or(rest, |(at, code)| Self::Refused { code, at })
    }
}
