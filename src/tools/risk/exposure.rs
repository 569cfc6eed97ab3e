//! What the platform answers for.

use std::fmt;

use serde::Serialize;

use crate::ids::AccountId;
use crate::money::{Currency, wide};

/// What the platform could lose by one account, in one currency. Amounts are in minor units, and none is negative.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct AccountExposure {
    /// The account: one for whose losses the platform answers, or the platform's own.
    pub account: AccountId,
    /// By how much its available funds are below zero.
    pub owed: i128,
    /// What open disputes would still take from it if all were lost: what they are about as far as it was not taken, and the fees.
    pub disputes: i128,
    /// By how much its available funds would be below zero then.
    pub owed_if_lost: i128,
    /// What is pending for it, as far as that is above zero, and what stands in its reserve.
    pub cover: i128,
    /// What of that debt would be left once the cover has paid for it.
    pub uncovered: i128,
}

impl AccountExposure {
    pub(crate) fn new(account: AccountId, available: i128, disputes: i128, cover: i128) -> Self {
        // INVARIANT: sums of i64 in i128: saturation is never reached.
        let owed = |available: i128| available.min(0).saturating_neg();
        let owed_if_lost = owed(available.saturating_sub(disputes));
        let uncovered = owed_if_lost.saturating_sub(cover).max(0);
        Self { account, owed: owed(available), disputes, owed_if_lost, cover, uncovered }
    }

    /// Whether it is worth telling.
    pub(crate) const fn is_any(&self) -> bool {
        self.owed != 0 || self.disputes != 0
    }
}

/// What the platform could lose in one currency: the sums of its accounts, and them. No currency pays for another.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct CurrencyExposure {
    /// The currency.
    pub currency: Currency,
    /// What all owe now.
    pub owed: i128,
    /// What open disputes would still take if all were lost.
    pub disputes: i128,
    /// What all would owe then.
    pub owed_if_lost: i128,
    /// What of that would be left once each account's own cover has paid for it. Nobody's cover pays for another.
    pub uncovered: i128,
    /// What of the platform's own money is set aside for what its accounts owe.
    pub set_aside: i128,
    /// Each account that owes anything or may, the one that would owe most first.
    pub accounts: Vec<AccountExposure>,
}

impl CurrencyExposure {
    pub(crate) fn of(currency: Currency, set_aside: i128, mut accounts: Vec<AccountExposure>) -> Self {
        accounts.sort_by_key(|row| (std::cmp::Reverse((row.owed_if_lost, row.owed)), row.account));
        let sum = |of: fn(&AccountExposure) -> i128| {
            // INVARIANT: sums of i64 in i128: saturation is never reached.
            accounts.iter().map(of).fold(0_i128, i128::saturating_add)
        };
        Self {
            currency,
            owed: sum(|row| row.owed),
            disputes: sum(|row| row.disputes),
            owed_if_lost: sum(|row| row.owed_if_lost),
            uncovered: sum(|row| row.uncovered),
            set_aside,
            accounts,
        }
    }
}

/// What the platform answers for: of [`Platform::exposure`](crate::Platform::exposure), by currency.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Exposure {
    /// Each currency in which anything is owed or may be.
    pub currencies: Vec<CurrencyExposure>,
}

impl Exposure {
    /// What it is in one currency; nothing where nothing is owed in it, or may be.
    pub fn currency(&self, currency: Currency) -> Option<&CurrencyExposure> {
        self.currencies.iter().find(|of| of.currency == currency)
    }
}

impl fmt::Display for Exposure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for of in &self.currencies {
            let [owed, lost] = [of.owed, of.owed_if_lost].map(|amount| wide::major(amount, of.currency));
            let (code, accounts) = (of.currency, of.accounts.len());
            writeln!(f, "{owed} {code} owed, {lost} {code} if every open dispute is lost, by {accounts} accounts")?;
        }
        Ok(())
    }
}
