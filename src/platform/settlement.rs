//! In which currencies accounts settle, and how what has no bank account of its own is paid out.

use super::{Error, Transaction};
use crate::accounts::{Account, AccountError, AccountEvent, Action, ExternalAccount, PayoutMethod};
use crate::ids::{AccountId, ExternalAccountId};
use crate::ledger::{LedgerAccount, Postings};
use crate::money::{Currency, Money};
use crate::payouts::{NewPayout, Payout, SetSettlementCurrency};
use crate::routing::{Conversion, Converted};
use crate::rulebook::{DestinationKind, Lane, PayoutLimits, PayoutRoute, ServiceAgreement};

/// In how many currencies an account can settle, its own with them.
// RULE: docs.stripe.com/connect/multicurrency-settlement (2025).
const MOST_CURRENCIES: usize = 18;

/// Where a payout goes, and as what.
pub(super) struct WayOut {
    /// Nothing where the account has nowhere to be paid to.
    pub(super) bank: Option<ExternalAccountId>,
    /// What the bank gets, where that is not what leaves the balance.
    pub(super) arrives: Option<Converted>,
}

impl WayOut {
    /// What the bank gets of an amount that leaves the balance.
    pub(super) fn paid(&self, amount: Money) -> Money {
        self.arrives.map_or(amount, |arrives| arrives.amount())
    }
}

impl Transaction<'_> {
    pub(super) fn set_settlement_currency(
        &mut self,
        on: Option<AccountId>,
        set: &SetSettlementCurrency,
    ) -> Result<AccountId, Error> {
        let SetSettlementCurrency { account: id, currency, settles } = *set;
        let account = self.get::<Account>(id)?;
        Self::acting_for(on, id)?;
        self.permit(&account, Action::ManageExternalAccounts)?;
        if settles {
            self.may_settle_in(&account, currency)?;
        } else if currency == account.default_currency() || account.bank_for(currency).is_some() {
            return Err(AccountError::SettlesInIt { account: id, currency }.into());
        }
        if account.settles_in(currency) != settles {
            self.put(account.settling_in(currency, settles));
            self.event(AccountEvent::Updated, id, Some(id));
        }
        Ok(id)
    }

    /// That an account can hold money of a currency without converting it.
    // RULE: account and platform are in the same region, and there are at most eighteen currencies
    // (docs.stripe.com/connect/multicurrency-settlement, 2025).
    pub(super) fn may_settle_in(&mut self, account: &Account, currency: Currency) -> Result<(), Error> {
        self.holds(account, currency)?;
        if account.settles_in(currency) {
            return Ok(());
        }
        let id = account.id();
        if !account.is_platform() && !self.rulebook.settlement_across_regions() {
            let home = self.home()?;
            let lane = self.rulebook.lane(home, account.country(), ServiceAgreement::Full);
            if home != account.country() && !matches!(lane, Lane::SameRegion(_)) {
                return Err(AccountError::CurrencyAcrossRegions { account: id, currency }.into());
            }
        }
        if account.settlement_currencies().count().saturating_add(1) >= MOST_CURRENCIES {
            return Err(AccountError::SettlementCurrenciesFull { account: id, most: MOST_CURRENCIES }.into());
        }
        Ok(())
    }

    /// Which amounts can be paid out to a bank account or card of an account.
    pub(super) fn limits_of(
        &mut self,
        account: &Account,
        currency: Currency,
        bank: Option<ExternalAccountId>,
    ) -> Result<PayoutLimits, Error> {
        let is_card = match bank {
            Some(bank) => self.get::<ExternalAccount>(bank)?.destination_kind() == DestinationKind::Card,
            None => false,
        };
        let is_from_abroad = account.agreement() == ServiceAgreement::Recipient && self.home()? != account.country();
        let route = match (is_card, is_from_abroad) {
            (true, _) => PayoutRoute::DebitCard,
            (false, true) => PayoutRoute::CrossBorder,
            (false, false) => PayoutRoute::Domestic,
        };
        Ok(self.rulebook.payout_limits_on(route, account.country(), currency))
    }

    /// What the world outside gets when a payout reaches its bank, with what is exchanged for that.
    pub(super) fn at_the_bank(payout: &Payout) -> Result<Postings, Error> {
        let (given, got) = (payout.amount(), payout.arrives());
        let mut postings = Self::exchanged(given, got)?;
        postings.push(Self::posting(LedgerAccount::Banks, got.minor(), got.currency()));
        Ok(postings)
    }

    /// The same the other way round, where the bank sends it back.
    // What was converted comes back as it left: no rate of another day is the account's affair here, which is our own choice.
    pub(super) fn back_from_the_bank(payout: &Payout) -> Result<Postings, Error> {
        let (given, got) = (payout.arrives(), payout.amount());
        let mut postings = Self::exchanged(given, got)?;
        postings.push(Self::posting(LedgerAccount::Banks, given.checked_neg()?.minor(), given.currency()));
        Ok(postings)
    }

    /// Where a payout goes that somebody asks for, and what the bank gets of it.
    // RULE: a payout by hand in a currency without a bank account is converted into the default currency
    // (docs.stripe.com/currencies, 2024). That this is at the rate of what comes in, less the fee for conversions, is our reading.
    // ROUNDING: what arrives is rounded once, and then down to what the bank's currency can move; what that cuts off is the processor's.
    pub(super) fn way_out(&mut self, account: &Account, command: &NewPayout) -> Result<WayOut, Error> {
        let (from, to) = (command.amount.currency(), account.default_currency());
        let is_converted = match command.method {
            PayoutMethod::Standard => from != to && account.bank_for(from).is_none() && account.bank_for(to).is_some(),
            // RULE: never in another currency than the local one (docs.stripe.com/payouts/instant-payouts, 2026).
            PayoutMethod::Instant => false,
        };
        let rate = if is_converted { self.known_rate(from, to)? } else { None };
        let paid_in = if rate.is_some() { to } else { from };
        let bank = match command.destination {
            Some(chosen) => Some(self.chosen(account, chosen, paid_in)?),
            None => account.bank_for(paid_in),
        };
        let Some(mid) = rate else { return Ok(WayOut { bank, arrives: None }) };
        let by = Conversion::new(to, mid.less(self.rulebook.conversion_fee(account.country(), from, to))?);
        let gross = by.of(command.amount)?.minor();
        let multiple = self.rulebook.payout_limits(account.country(), to).multiple();
        let whole = gross.saturating_sub(gross.checked_rem(multiple).unwrap_or(0));
        Ok(WayOut { bank, arrives: Some(Converted::told(by, whole)) })
    }
}
