//! Balances below zero: who answers for them, since when they have been, and how they come back.
//!
//! ```text
//!  at or above zero ──► below zero ──► at or above zero: paid back by what comes in, or collected
//!                         │      ▲
//!                         └──────┘ owes more, or less
//! ```
//!
//! | edge | whose | balance transactions | postings | event |
//! |---|---|---|---|---|
//! | owes more | platform's loss | `reserve_transaction`, a debit of the platform | available → reserved of the platform | none of its own |
//! | owes less | platform's loss | `reserve_transaction`, a credit of the platform | reserved → available of the platform | none of its own |
//! | collected | platform's loss | `connect_collection_transfer` of the platform, `payment` of the account | none | `connect_collection_transfer.created` |
//! | written off | processor's loss | `adjustment` of the account, a credit | from losses | `balance.written_off` |
//! | bank debited | the bank | `payout` of the account, a credit | in transit → on its way | `payout.created` |
//! | paid by the bank | the bank | none | banks → in transit, on its way → available | `payout.paid` |
//! | not paid | the bank | `payout_failure` of the account, a debit | on its way → in transit | `payout.failed` |
//! | pulled back | the bank | `payout_failure` of the account, a debit | available → banks | `payout.failed` |
//!
//! # Rules
//! - What comes in pays back what is owed before anything else, and nothing is paid out of a balance below zero
//!   (docs.stripe.com/connect/account-balances, 2024).
//! - Where the platform answers for an account's losses, as much of the platform's own money is set aside as the account owes, in each
//!   currency by itself; also where the platform's own balance falls below zero by it
//!   (support.stripe.com/questions/connect-reserves-faq; docs.stripe.com/connect/account-balances, 2024).
//! - An account that has been below zero for 180 days is made whole with the platform's money, and what was set aside for it is given free
//!   (docs.stripe.com/connect/account-balances, 2024).
//! - Where the processor answers for an account's losses, nothing of the platform's is touched, and the loss is the processor's
//!   (docs.stripe.com/connect/account-balances, 2024). That it gives a debt up is the processor's word: the fact [`DebtWrittenOff`].
//! - Whoever owes has their bank debited, where the setting ([`SetDebitNegativeBalances`]) says so: by default unless the platform collects
//!   what the account is asked for. Only bank accounts, in the countries of [a table](crate::rulebook::Rulebook::bank_debit_terms), each
//!   currency by itself, also under a manual schedule; Standard accounts only below -10.00
//!   (docs.stripe.com/connect/account-balances, 2024; support.stripe.com/questions/auto-debit-faq).
//! - What comes in has a day to pay first, in the United Kingdom three. Then the bank is debited by a payout below zero, which nobody can
//!   call off. Its money counts once it is there, and until that is known the bank is not debited again. Nor does the
//!   platform cover the debt meanwhile, for thirty days after its day at most, which is our own choice.
//! - After the most failed attempts nothing more is sent to the bank account or taken from it until it is updated or replaced
//!   (support.stripe.com/questions/auto-debit-faq).
//! - For up to three business days after the money has come, as much of the platform's own stays set aside as the bank has paid
//!   (support.stripe.com/questions/connect-reserves-faq; docs.stripe.com/connect/account-balances, 2024).
//!
//! ```text
//!  none ──► ahead ──► under way ──► none, paid: the platform's money goes free later
//!    ▲        │           │
//!    └────────┘           └──► ahead again, not paid; or none, after the last attempt
//! ```
//!
//! # Not modelled
//! A debt of the platform's own that the processor gives up. The mandate that a bank may be debited by: the host has it.

mod bank;
mod event;
mod posting;

use serde::{Deserialize, Serialize};

use crate::calendar::Timestamp;
use crate::ids::AccountId;
use crate::ledger::Explanation;
use crate::money::{Currency, Money, wide};

pub use bank::{BankDebit, SetDebitNegativeBalances};
pub use event::DebtEvent;
pub(crate) use posting::{Collected, Reserved, WrittenOff};

/// That a balance is, or was, below zero.
///
/// A store keeps it beside the balance, in the place of the one before. While it has not [ended](Self::ended), and once it says when the
/// debt is [collected](Self::collect_at), that is a deadline ([`Collect`](crate::journal::DeadlineKind::Collect)).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Overdraft {
    /// Whose balance.
    pub account: AccountId,
    /// Its currency.
    pub currency: Currency,
    /// Since when the available funds have been below zero without a break.
    pub since: Timestamp,
    /// Since when they no longer are; nothing while they are.
    pub ended: Option<Timestamp>,
    /// When the platform covers what is owed then, unless it has ended; nothing where it does not answer for the account.
    pub collect_at: Option<Timestamp>,
}

impl Overdraft {
    /// The balance has fallen below zero. One that was lifted above zero at this very moment never was: in which order the movements of
    /// one moment are told is no matter.
    pub(crate) fn begun(
        (account, currency): (AccountId, Currency),
        before: Option<&Self>,
        now: Timestamp,
        collect: impl FnOnce(Timestamp) -> Option<Timestamp>,
    ) -> Self {
        let before = before.filter(|before| before.ended == Some(now));
        let since = before.map_or(now, |before| before.since);
        let collect_at = before.and_then(|before| before.collect_at).or_else(|| collect(since));
        Self { account, currency, since, ended: None, collect_at }
    }

    /// The balance is at zero or above it again.
    pub(crate) const fn lifted(self, now: Timestamp) -> Self {
        Self { ended: Some(now), ..self }
    }

    /// The platform has covered it: what is owed from now on is another debt.
    pub(crate) const fn collected(self, now: Timestamp) -> Self {
        Self { since: now, collect_at: None, ..self.lifted(now) }
    }

    /// The debt is not collected before then.
    pub(crate) const fn postponed(self, until: Timestamp) -> Self {
        Self { collect_at: Some(until), ..self }
    }

    /// Whether the balance is below zero.
    pub const fn is_open(&self) -> bool {
        self.ended.is_none()
    }

    /// When the debt is collected, if it is.
    pub(crate) fn due(&self) -> Option<Timestamp> {
        self.collect_at.filter(|_| self.is_open())
    }
}

/// A fact: the processor, which answers for an account's losses, has given up what the account owes, or a part of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct DebtWrittenOff {
    /// The account.
    pub account: AccountId,
    /// How much was given up; positive.
    pub amount: Money,
}

/// Who answers for a debt.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Liable {
    /// Whoever holds the account: what comes in for them pays it back.
    Holder,
    /// The platform: as much of its own money is set aside.
    Platform,
    /// The processor.
    Processor,
}

/// What one balance owes, and why.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Debt {
    /// Whose balance.
    pub account: AccountId,
    /// Its currency.
    pub currency: Currency,
    /// How much is owed, in minor units; positive.
    #[serde(with = "wide")]
    pub amount: i128,
    /// Who answers for it: the first one, and whoever comes next if that one does not pay.
    pub liable: [Liable; 2],
    /// Since when the balance has been below zero without a break.
    pub since: Timestamp,
    /// When the platform's money covers it, if it is still owed then; nothing where that never happens.
    pub collect_at: Option<Timestamp>,
    /// Where the debit of the bank account stands that brings the balance up again.
    pub bank_debit: BankDebit,
    /// What was available before that, in minor units; zero or more. With all that follows it comes to what is owed.
    #[serde(with = "wide")]
    pub before: i128,
    /// What has moved the available funds since then, oldest first, each with the object that caused it and what that grew from.
    pub because: Vec<Explanation>,
}

/// What would become of money that reached an account now: all in minor units of one currency.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
pub struct Netting {
    /// What the account owes before.
    #[serde(with = "wide")]
    pub owed: i128,
    /// How much of the money pays the debt.
    #[serde(with = "wide")]
    pub pays: i128,
    /// How much of it is the holder's to be paid out.
    #[serde(with = "wide")]
    pub left: i128,
    /// What the account owes afterwards.
    #[serde(with = "wide")]
    pub still_owed: i128,
    /// How much of the platform's own money is given free by it.
    #[serde(with = "wide")]
    pub given_free: i128,
}
