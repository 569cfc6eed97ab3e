use crate::ledger::LedgerAccount;
use crate::money::Currency;

/// The ledger accounts that have no owner.
const ACCOUNTS: [LedgerAccount; 6] = [
    LedgerAccount::Fees,
    LedgerAccount::Exchange,
    LedgerAccount::Disputes,
    LedgerAccount::Losses,
    LedgerAccount::Payers,
    LedgerAccount::Banks,
];

/// What the processor and the world outside hold, by currency. Every charge moves it, so it is not looked up but found by place.
#[derive(Clone, Debug, Default)]
pub(super) struct Outside(Vec<(Currency, [i128; ACCOUNTS.len()])>);

/// The place of an account among those that have no owner.
const fn place(account: LedgerAccount) -> Option<usize> {
    match account {
        LedgerAccount::Fees => Some(0),
        LedgerAccount::Exchange => Some(1),
        LedgerAccount::Disputes => Some(2),
        LedgerAccount::Losses => Some(3),
        LedgerAccount::Payers => Some(4),
        LedgerAccount::Banks => Some(5),
        LedgerAccount::Pending { .. }
        | LedgerAccount::Submitted { .. }
        | LedgerAccount::Available { .. }
        | LedgerAccount::ConnectReserved { .. }
        | LedgerAccount::RiskReserved { .. }
        | LedgerAccount::InTransit { .. } => None,
    }
}

impl Outside {
    // INVARIANT: sums of i64 in i128: saturation is never reached.
    pub(super) fn add(&mut self, account: LedgerAccount, currency: Currency, amount: i128) {
        let Some(place) = place(account) else { return };
        let row = match self.0.binary_search_by_key(&currency, |(known, _)| *known) {
            Ok(row) => row,
            Err(row) => {
                self.0.insert(row, (currency, [0; ACCOUNTS.len()]));
                row
            }
        };
        if let Some(sum) = self.0.get_mut(row).and_then(|(_, sums)| sums.get_mut(place)) {
            *sum = sum.saturating_add(amount);
        }
    }

    pub(super) fn get(&self, account: LedgerAccount, currency: Currency) -> i128 {
        let row = self.0.binary_search_by_key(&currency, |(known, _)| *known).ok();
        let sums = row.and_then(|row| self.0.get(row)).map(|(_, sums)| sums);
        place(account).and_then(|place| sums?.get(place).copied()).unwrap_or(0)
    }

    /// Everything that is not zero, by account and currency.
    pub(super) fn sorted(&self) -> Vec<((LedgerAccount, Currency), i128)> {
        let all = ACCOUNTS.iter().flat_map(|account| {
            self.0.iter().map(|(currency, _)| ((*account, *currency), self.get(*account, *currency)))
        });
        all.filter(|(_, sum)| *sum != 0).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_account_has_the_place_at_which_it_is_listed() {
        for (listed, account) in ACCOUNTS.into_iter().enumerate() {
            assert_eq!(place(account), Some(listed));
        }
        assert!(ACCOUNTS.is_sorted());
    }

    #[test]
    fn sums_are_kept_by_account_and_currency() {
        let mut outside = Outside::default();
        outside.add(LedgerAccount::Payers, Currency::USD, -5);
        outside.add(LedgerAccount::Fees, Currency::USD, 2);
        outside.add(LedgerAccount::Fees, Currency::EUR, 3);
        outside.add(LedgerAccount::Banks, Currency::EUR, 4);
        outside.add(LedgerAccount::Banks, Currency::EUR, -4);
        assert_eq!(outside.get(LedgerAccount::Payers, Currency::USD), -5);
        assert_eq!(outside.get(LedgerAccount::Payers, Currency::GBP), 0);
        let all = outside.sorted();
        assert_eq!(
            all,
            [
                ((LedgerAccount::Fees, Currency::EUR), 3),
                ((LedgerAccount::Fees, Currency::USD), 2),
                ((LedgerAccount::Payers, Currency::USD), -5),
            ]
        );
    }
}
