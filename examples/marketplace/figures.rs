//! What a run comes to, told by the platform's own books.

use std::collections::BTreeMap;

use fundroute::Error;
use fundroute::ids::AccountId;
use fundroute::journal::{Record, TrialBalance};
use fundroute::ledger::LedgerAccount;
use fundroute::money::Currency;
use fundroute::payouts::PayoutState;
use fundroute::prelude::{BRL, Platform};
use serde::Serialize;

use crate::run::Run;

/// What `--json` prints. All amounts are in minor units.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct Figures {
    /// Orders that were paid.
    pub(crate) orders: usize,
    /// Those of them that were canceled.
    pub(crate) canceled: usize,
    /// Sellers with an account.
    pub(crate) sellers: usize,
    /// The currency of all amounts.
    pub(crate) currency: Currency,
    /// What was charged, canceled orders included.
    pub(crate) gross: i128,
    /// What was given back.
    pub(crate) refunded: i128,
    /// What the platform keeps of the prices, after refunds.
    pub(crate) commission: i128,
    /// What the processor took.
    pub(crate) processor_fees: i128,
    /// What arrived at the sellers' banks.
    pub(crate) paid_out: i128,
    /// What each seller was paid out, and what is still in its balance.
    pub(crate) seller_net: BTreeMap<String, i128>,
    /// What each seller was paid out.
    pub(crate) seller_paid_out: BTreeMap<String, i128>,
    /// Rows that were left out.
    pub(crate) skipped: usize,
    /// Changes that were applied: the founding, commands, facts, and what came due.
    pub(crate) changes: u64,
    /// Entries of the ledger.
    pub(crate) entries: u32,
    /// Whether the audit finds nothing and every currency balances.
    pub(crate) books_balance: bool,
}

/// What a run came to for one seller.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Seller {
    /// Prices and freight, canceled orders included.
    pub(crate) sold: i128,
    /// What the platform keeps of it.
    pub(crate) commission: i128,
    /// What went back to buyers.
    pub(crate) refunded: i128,
    /// What arrived at the bank.
    pub(crate) paid_out: i128,
    /// What is still in the balance.
    pub(crate) to_come: i128,
}

fn add(sum: &mut i128, part: i128) {
    *sum = sum.saturating_add(part);
}

/// What arrived at each account's bank.
fn paid_out(platform: &Platform) -> BTreeMap<AccountId, i128> {
    let mut paid = BTreeMap::new();
    for record in platform.records() {
        if let Record::Payout(payout) = record
            && let PayoutState::Paid { .. } = payout.state()
        {
            add(paid.entry(payout.account()).or_default(), payout.amount().minor().into());
        }
    }
    paid
}

/// Everyone who sold something, by name.
///
/// # Errors
/// None but a fault of the crate.
pub(crate) fn sellers(run: &Run) -> Result<BTreeMap<&str, Seller>, Error> {
    let platform = &run.market.platform;
    let paid = paid_out(platform);
    let mut sellers = BTreeMap::new();
    for (name, account) in &run.sellers {
        let paid_out = paid.get(account).copied().unwrap_or_default();
        let to_come = platform.balance(*account, BRL)?.total();
        sellers.insert(name.as_str(), Seller { paid_out, to_come, ..Seller::default() });
    }
    for (place, sale) in run.sales.iter().filter(|(_, sale)| sale.paid) {
        for share in run.orders.get(*place).into_iter().flat_map(|order| &order.shares) {
            let Some(seller) = sellers.get_mut(share.seller.as_str()) else { continue };
            let (sold, commission) = (share.sold.minor().into(), share.commission.minor().into());
            add(&mut seller.sold, sold);
            if sale.refunded {
                add(&mut seller.refunded, sold);
            } else {
                add(&mut seller.commission, commission);
            }
        }
    }
    Ok(sellers)
}

impl Figures {
    /// The figures of a run.
    ///
    /// # Errors
    /// None but a fault of the crate.
    pub(crate) fn of(run: &Run) -> Result<Self, Error> {
        let platform = &run.market.platform;
        let sellers = sellers(run)?;
        let (mut gross, mut refunded) = (0, 0);
        for record in platform.records() {
            if let Record::Charge(charge) = record
                && let Some(captured) = charge.captured()
            {
                add(&mut gross, charge.amount().minor().into());
                add(&mut refunded, captured.refunded().into());
            }
        }
        let canceled = |place: &usize| run.orders.get(*place).is_some_and(|order| order.canceled);
        let paid = || run.sales.iter().filter(|(_, sale)| sale.paid);
        let by_seller = |figure: fn(&Seller) -> i128| {
            sellers.iter().map(|(name, seller)| ((*name).to_owned(), figure(seller))).collect::<BTreeMap<_, _>>()
        };
        Ok(Self {
            orders: paid().count(),
            canceled: paid().filter(|(place, _)| canceled(place)).count(),
            sellers: sellers.len(),
            currency: BRL,
            gross,
            refunded,
            commission: sellers.values().map(|seller| seller.commission).sum(),
            processor_fees: platform.outside(LedgerAccount::Fees, BRL),
            paid_out: sellers.values().map(|seller| seller.paid_out).sum(),
            seller_net: by_seller(|seller| seller.paid_out.saturating_add(seller.to_come)),
            seller_paid_out: by_seller(|seller| seller.paid_out),
            skipped: run.skipped.len(),
            changes: run.market.changes,
            entries: platform.entry_count(),
            books_balance: platform.audit().is_empty() && platform.trial_balances().iter().all(TrialBalance::balances),
        })
    }
}
