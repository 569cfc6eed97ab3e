use std::collections::BTreeMap;
use std::fmt;

use serde::Serialize;

use super::state::State;
use super::{Record, Stored};
use crate::accounts::Account;
use crate::ids::{AccountId, ObjectId};
use crate::ledger::LedgerAccount;
use crate::money::{Currency, Money, wide};
use crate::payments::{Charge, ChargeState};
use crate::payouts::Payout;

/// The sums of one currency: what owners hold against what came in, went out and was kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct TrialBalance {
    /// The currency; all amounts are in its minor units.
    pub currency: Currency,
    /// What payers gave, less what they got back.
    #[serde(with = "wide")]
    pub from_payers: i128,
    /// What went to banks, less what top-ups brought from there.
    #[serde(with = "wide")]
    pub to_banks: i128,
    /// What the processor charged.
    #[serde(with = "wide")]
    pub processor_fees: i128,
    /// What the processor has taken in exchange for other currencies, less what it has given: its open position.
    #[serde(with = "wide")]
    pub exchange: i128,
    /// What the processor withholds for disputes that are not over.
    #[serde(with = "wide")]
    pub disputed: i128,
    /// What the processor has absorbed of what accounts owed.
    #[serde(with = "wide")]
    pub absorbed: i128,
    /// What all owners hold, payouts under way included.
    #[serde(with = "wide")]
    pub held: i128,
}

impl TrialBalance {
    /// Whether what came in, and what the processor added, is what went out, was kept, was exchanged and is held.
    pub fn balances(&self) -> bool {
        let kept = self.processor_fees.checked_add(self.disputed).and_then(|kept| kept.checked_add(self.exchange));
        let spent = kept.and_then(|kept| self.to_banks.checked_add(kept)?.checked_add(self.held));
        spent.is_some() && spent == self.from_payers.checked_add(self.absorbed)
    }
}

/// Something that is wrong with a state, found by looking at all of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub enum AuditNote {
    /// A currency does not sum to zero.
    OffBalance {
        /// The currency.
        currency: Currency,
        /// By how many minor units.
        #[serde(with = "wide")]
        off_by: i128,
    },
    /// A balance is not the sum of the entries that made it.
    NotExplained {
        /// Whose balance.
        account: LedgerAccount,
        /// Its currency.
        currency: Currency,
        /// What it is, in minor units.
        #[serde(with = "wide")]
        balance: i128,
        /// What its entries sum to.
        #[serde(with = "wide")]
        entries: i128,
    },
    /// More was given back, transferred or returned than there was.
    Exceeded(ObjectId),
    /// What the platform has set aside in a currency is not what its accounts owe for whose losses it answers, and what stays set aside
    /// after debits of their banks.
    ReservedDiffers {
        /// The currency.
        currency: Currency,
        /// What those accounts owe, or owed before a debit that is not over.
        #[serde(with = "wide")]
        owed: i128,
        /// What is set aside.
        #[serde(with = "wide")]
        reserved: i128,
    },
    /// The debits on their way to a balance, of payers' banks and of its owner's, are not what it has of them.
    SubmittedDiffers {
        /// Whose balance.
        account: AccountId,
        /// Its currency.
        currency: Currency,
        /// What the charges that count as on their way, and the debits of the owner's bank, sum to.
        #[serde(with = "wide")]
        charges: i128,
        /// What the balance has of them.
        #[serde(with = "wide")]
        submitted: i128,
    },
    /// What is held back of an owner's money is not what it has in reserve.
    HeldBackDiffers {
        /// Whose balance.
        account: AccountId,
        /// Its currency.
        currency: Currency,
        /// What the holds come to.
        #[serde(with = "wide")]
        holds: i128,
        /// What the balance has in reserve.
        #[serde(with = "wide")]
        reserved: i128,
    },
    /// The payouts under way of a balance are not what it has in transit.
    InTransitDiffers {
        /// Whose balance.
        account: AccountId,
        /// Its currency.
        currency: Currency,
        /// What the payouts under way sum to.
        #[serde(with = "wide")]
        payouts: i128,
        /// What the balance has in transit.
        #[serde(with = "wide")]
        in_transit: i128,
    },
}

impl fmt::Display for AuditNote {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::OffBalance { currency, off_by } => write!(f, "{currency} is off balance by {off_by} minor units"),
            Self::NotExplained { account, currency, balance, entries } => {
                write!(f, "{account:?} in {currency} is {balance}, its entries sum to {entries}")
            }
            Self::Exceeded(object) => write!(f, "{object} gave more than it had"),
            Self::ReservedDiffers { currency, owed, reserved } => {
                write!(f, "{reserved} of the platform's {currency} are set aside, its accounts owe {owed}")
            }
            Self::SubmittedDiffers { account, currency, charges, submitted } => {
                write!(f, "{account} has {submitted} submitted in {currency}, its debits on their way are {charges}")
            }
            Self::HeldBackDiffers { account, currency, holds, reserved } => {
                write!(f, "{account} has {reserved} in reserve in {currency}, its holds come to {holds}")
            }
            Self::InTransitDiffers { account, currency, payouts, in_transit } => {
                write!(f, "{account} has {in_transit} in transit in {currency}, its payouts under way are {payouts}")
            }
        }
    }
}

type Sums = BTreeMap<(LedgerAccount, Currency), i128>;

fn add(sums: &mut Sums, account: LedgerAccount, currency: Currency, amount: i128) {
    let sum = sums.entry((account, currency)).or_default();
    *sum = sum.saturating_add(amount);
}

impl State {
    fn balances_as_kept(&self) -> Sums {
        let mut sums = Sums::new();
        for (owner, currency, held) in self.holdings.sorted() {
            for (on, amount) in &held.pending {
                add(&mut sums, LedgerAccount::Pending { owner, on: *on }, currency, *amount);
            }
            add(&mut sums, LedgerAccount::Submitted { owner }, currency, held.submitted);
            add(&mut sums, LedgerAccount::Available { owner }, currency, held.available);
            add(&mut sums, LedgerAccount::ConnectReserved { owner }, currency, held.connect_reserved);
            add(&mut sums, LedgerAccount::RiskReserved { owner }, currency, held.risk_reserved);
            add(&mut sums, LedgerAccount::InTransit { owner }, currency, held.in_transit);
        }
        for ((account, currency), amount) in self.holdings.all_outside() {
            add(&mut sums, account, currency, amount);
        }
        sums.retain(|_, sum| *sum != 0);
        sums
    }

    fn balances_as_booked(&self) -> Sums {
        let mut sums = Sums::new();
        for (account, currency, amount) in self.book.iter().flat_map(super::state::Booked::movements) {
            add(&mut sums, account, currency, amount);
        }
        sums.retain(|_, sum| *sum != 0);
        sums
    }

    /// What each currency comes to.
    pub(crate) fn trial_balances(&self) -> Vec<TrialBalance> {
        let mut by_currency: BTreeMap<Currency, TrialBalance> = BTreeMap::new();
        for ((account, currency), amount) in self.balances_as_kept() {
            let sheet = by_currency.entry(currency).or_insert(TrialBalance {
                currency,
                from_payers: 0,
                to_banks: 0,
                processor_fees: 0,
                exchange: 0,
                disputed: 0,
                absorbed: 0,
                held: 0,
            });
            let (sum, amount) = match account {
                LedgerAccount::Payers => (&mut sheet.from_payers, amount.saturating_neg()),
                LedgerAccount::Banks => (&mut sheet.to_banks, amount),
                LedgerAccount::Disputes => (&mut sheet.disputed, amount),
                LedgerAccount::Exchange => (&mut sheet.exchange, amount),
                LedgerAccount::Fees => (&mut sheet.processor_fees, amount),
                LedgerAccount::Losses => (&mut sheet.absorbed, amount.saturating_neg()),
                LedgerAccount::Pending { .. }
                | LedgerAccount::Submitted { .. }
                | LedgerAccount::Available { .. }
                | LedgerAccount::ConnectReserved { .. }
                | LedgerAccount::RiskReserved { .. }
                | LedgerAccount::InTransit { .. } => (&mut sheet.held, amount),
            };
            *sum = sum.saturating_add(amount);
        }
        by_currency.into_values().collect()
    }

    /// Everything that is wrong with this state; nothing, unless this crate has a fault.
    pub(crate) fn audit(&self) -> Vec<AuditNote> {
        let (kept, booked) = (self.balances_as_kept(), self.balances_as_booked());
        let mut notes = Vec::new();
        let mut totals: BTreeMap<Currency, i128> = BTreeMap::new();
        for ((_, currency), amount) in &kept {
            let total = totals.entry(*currency).or_default();
            *total = total.saturating_add(*amount);
        }
        notes.extend(
            totals
                .into_iter()
                .filter(|(_, off_by)| *off_by != 0)
                .map(|(currency, off_by)| AuditNote::OffBalance { currency, off_by }),
        );
        for (account, currency) in kept.keys().chain(booked.keys().filter(|key| !kept.contains_key(key))) {
            let of = |sums: &Sums| sums.get(&(*account, *currency)).copied().unwrap_or(0);
            let (balance, entries) = (of(&kept), of(&booked));
            if balance != entries {
                notes.push(AuditNote::NotExplained { account: *account, currency: *currency, balance, entries });
            }
        }
        notes.extend(
            self.records
                .iter()
                .filter(|(record, _)| is_exceeded(record))
                .map(|(record, _)| AuditNote::Exceeded(record.id())),
        );
        notes.extend(self.payouts_under_way());
        notes.extend(self.debits_on_their_way());
        notes.extend(self.set_aside());
        notes.extend(self.held_back());
        notes
    }

    /// Where what is set aside and what is owed disagree.
    fn set_aside(&self) -> Vec<AuditNote> {
        let mut sums: BTreeMap<Currency, (i128, i128)> = BTreeMap::new();
        for (account, currency, held) in self.holdings.sorted() {
            let account = self.records.find::<Account>(account).and_then(|(account, _)| account.controller());
            let is_borne = account.is_some_and(|controller| controller.may_owe());
            let (owed, reserved) = sums.entry(currency).or_default();
            *owed = owed.saturating_add(if is_borne { held.available.min(0).saturating_neg() } else { 0 });
            *reserved = reserved.saturating_add(held.connect_reserved);
        }
        for (cover, _) in self.records.iter().filter_map(|(record, _)| Payout::of(record)?.covered()) {
            let (owed, _) = sums.entry(cover.currency()).or_default();
            *owed = owed.saturating_add(i128::from(cover.minor()));
        }
        let differing = sums.into_iter().filter(|(_, (owed, reserved))| owed != reserved);
        differing.map(|(currency, (owed, reserved))| AuditNote::ReservedDiffers { currency, owed, reserved }).collect()
    }

    /// Where holds, with the processor's own reserves, and the balances that they were taken from disagree.
    fn held_back(&self) -> Vec<AuditNote> {
        let mut sums: BTreeMap<(AccountId, Currency), (i128, i128)> = BTreeMap::new();
        let reserved = self.holdings.sorted().into_iter().filter(|(_, _, held)| held.risk_reserved != 0);
        for (account, currency, held) in reserved {
            sums.entry((account, currency)).or_default().1 = held.risk_reserved;
        }
        for (record, _) in self.records.iter() {
            let (account, left) = if let Record::ReserveHold(hold) = record {
                (hold.account(), hold.amount_releasable())
            } else if let Record::ReservedFunds(reserve) = record {
                (reserve.account(), reserve.amount())
            } else {
                continue;
            };
            if !left.is_zero() {
                let sum = &mut sums.entry((account, left.currency())).or_default().0;
                *sum = sum.saturating_add(i128::from(left.minor()));
            }
        }
        let differing = sums.into_iter().filter(|(_, (holds, reserved))| holds != reserved);
        let note = |((account, currency), (holds, reserved))| AuditNote::HeldBackDiffers {
            account,
            currency,
            holds,
            reserved,
        };
        differing.map(note).collect()
    }

    /// Where debits on their way and the balances that they are on disagree.
    fn debits_on_their_way(&self) -> Vec<AuditNote> {
        let mut sums: BTreeMap<(AccountId, Currency), (i128, i128)> = BTreeMap::new();
        for (account, currency, held) in self.holdings.sorted().into_iter().filter(|(_, _, held)| held.submitted != 0) {
            sums.entry((account, currency)).or_default().1 = held.submitted;
        }
        for (record, _) in self.records.iter() {
            if let Record::Charge(charge) = record
                && !charge.submitted().is_zero()
            {
                let on_its_way = charge.settled(charge.submitted().minor()).map_or(0, Money::minor);
                let sum = &mut sums.entry((charge.owner(), charge.settlement_currency())).or_default().0;
                *sum = sum.saturating_add(i128::from(on_its_way));
            }
            if let Record::Payout(debit) = record
                && debit.is_debit()
                && debit.is_under_way()
            {
                let amount = debit.amount();
                let sum = &mut sums.entry((debit.account(), amount.currency())).or_default().0;
                *sum = sum.saturating_sub(i128::from(amount.minor()));
            }
        }
        let differing = sums.into_iter().filter(|(_, (charges, submitted))| charges != submitted);
        let note = |((account, currency), (charges, submitted))| AuditNote::SubmittedDiffers {
            account,
            currency,
            charges,
            submitted,
        };
        differing.map(note).collect()
    }

    /// Where payouts under way and the balances that they were taken from disagree.
    fn payouts_under_way(&self) -> Vec<AuditNote> {
        let mut sums: BTreeMap<(AccountId, Currency), (i128, i128)> = BTreeMap::new();
        for (account, currency, held) in self.holdings.sorted() {
            sums.entry((account, currency)).or_default().1 = held.in_transit;
        }
        for (record, _) in self.records.iter() {
            if let Record::Payout(payout) = record
                && payout.is_under_way()
            {
                let sum = &mut sums.entry((payout.account(), payout.amount().currency())).or_default().0;
                *sum = sum.saturating_add(i128::from(payout.amount().minor()));
            }
        }
        let differing = sums.into_iter().filter(|(_, (payouts, in_transit))| payouts != in_transit);
        let note = |((account, currency), (payouts, in_transit))| AuditNote::InTransitDiffers {
            account,
            currency,
            payouts,
            in_transit,
        };
        differing.map(note).collect()
    }

    /// The accounts that hold or held anything, with the currencies.
    pub(crate) fn owners(&self) -> Vec<(AccountId, Currency)> {
        self.holdings.sorted().into_iter().map(|(account, currency, _)| (account, currency)).collect()
    }
}

/// Whether a part is less than nothing, or more than the whole.
const fn is_out(part: i64, whole: i64) -> bool {
    part < 0 || part > whole
}

/// Whether more came of a charge, or went, than there was of it.
fn charge_is_exceeded(charge: &Charge) -> bool {
    let captured = charge.amount_captured().minor();
    let reversal = charge.reversal().map(|known| known.amount());
    if is_out(charge.submitted().minor(), charge.amount().minor())
        || reversal.is_some_and(|pulled| is_out(charge.reversed().minor(), pulled) || is_out(pulled, captured))
    {
        return true;
    }
    match charge.state() {
        ChargeState::Succeeded(money) => {
            let is_sent = is_out(money.transferred(), charge.amount_settled().minor()) && !charge.is_told();
            is_out(captured, charge.amount().minor()) || is_out(money.refunded(), captured) || is_sent
        }
        ChargeState::Pending { .. }
        | ChargeState::Authorized
        | ChargeState::Released { .. }
        | ChargeState::Failed { .. } => false,
    }
}

// INVARIANT: what is given back, transferred or returned lies between nothing and all of it.
fn is_exceeded(record: &Record) -> bool {
    match record {
        Record::Charge(charge) => charge_is_exceeded(charge),
        Record::Transfer(transfer) => is_out(transfer.amount_reversed().minor(), transfer.amount().minor()),
        Record::ReserveHold(hold) => is_out(hold.released().minor(), hold.amount().minor()),
        Record::Dispute(dispute) => is_out(dispute.withdrawn().minor(), dispute.amount().minor()),
        Record::ApplicationFee(fee) => is_out(fee.amount_refunded().minor(), fee.amount().minor()),
        Record::Account(_)
        | Record::AccountLink(_)
        | Record::AccountSession(_)
        | Record::Anomaly(_)
        | Record::Application(_)
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
        | Record::Payout(_)
        | Record::Person(_)
        | Record::PricingRules(_)
        | Record::PricingScheme(_)
        | Record::Profile(_)
        | Record::QuotedRate(_)
        | Record::Reader(_)
        | Record::Refund(_)
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
        | Record::TopUp(_)
        | Record::TransferReversal(_) => false,
    }
}
