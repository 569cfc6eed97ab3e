//! What the platform answers for, which rules it has, and what waits for a person.

use std::collections::BTreeMap;

use super::figures::{risk_day_id, risk_rules_id, window};
use super::{Error, Platform};
use crate::accounts::{Controller, LossBearer};
use crate::ids::{AccountId, ObjectId};
use crate::journal::{Known, Record};
use crate::money::{Currency, Money};
use crate::payments::{Charge, Dispute};
use crate::rulebook::DisputeFeeKind;
use crate::tools::risk::{AccountExposure, CurrencyExposure, Exposure, Review, RiskDay, RiskRule, RiskRules, Tally};

/// Reading. Nothing here changes anything.
impl Platform {
    /// What the platform answers for: in each currency what the accounts owe for whose losses it does, and its own account; what they would
    /// owe if every open dispute were lost, inquiries and fees included; and what they have that would pay for it.
    ///
    /// It reads every balance once and every open dispute, and no charge but those of the disputes.
    ///
    /// ```
    /// use fundroute::payments::{DisputeCase, DisputeOpened, DisputeReason};
    /// use fundroute::prelude::*;
    /// use fundroute::simulator::World;
    ///
    /// let rules = Rulebook::standard().with_vetting(fundroute::rulebook::Vetting::ByHost);
    /// let mut platform = Platform::new(NewPlatform::in_country(US), rules, utc(2026, 11, 2))?;
    /// let mut world = World::new();
    /// let jo = world.onboard(&mut platform, NewAccount::express(US))?;
    /// let sale = platform.acting_as(jo)?.payments().create("order", NewPayment::card(usd(100_00)))?.answer;
    /// world.advance(&mut platform, days(5))?; // jo is paid out
    ///
    /// let at = platform.now();
    /// let opened = DisputeOpened {
    ///     charge: platform.charge_of(sale)?.id().into(),
    ///     reference: "dp_1".to_owned(),
    ///     amount: usd(100_00),
    ///     reason: DisputeReason::Fraudulent,
    ///     case: DisputeCase::Chargeback,
    ///     network: None,
    ///     respond_by: Some(at.plus_days(7)?),
    ///     settled: None,
    /// };
    /// platform.disputes().record_opened("told", at, opened)?;
    /// // The network has not taken the money: nothing is owed, but 100.00 and the fee of 15.00 would be.
    /// let exposure = platform.exposure()?;
    /// let dollars = exposure.currency(USD).unwrap();
    /// assert_eq!((dollars.owed, dollars.owed_if_lost, dollars.uncovered), (0, 115_00, 115_00));
    /// # Ok::<(), Error>(())
    /// ```
    ///
    /// # Errors
    /// On a partial platform [`Error::HistoryNotKept`].
    pub fn exposure(&self) -> Result<Exposure, Error> {
        self.history_is_kept()?;
        let mut disputed: BTreeMap<(AccountId, &'static str), i128> = BTreeMap::new();
        for dispute in self.open_disputes() {
            for (account, cost) in self.cost_if_lost(dispute)? {
                let sum = disputed.entry((account, cost.currency().code())).or_default();
                // INVARIANT: sums of i64 in i128: saturation is never reached.
                *sum = sum.saturating_add(cost.minor().into());
            }
        }
        let mut rows: BTreeMap<&'static str, (Currency, Vec<AccountExposure>)> = BTreeMap::new();
        let mut add = |account: AccountId, currency: Currency, disputes: i128| -> Result<(), Error> {
            let balance = self.balance(account, currency)?;
            let cover = balance.pending.max(0).saturating_add(balance.risk_reserved);
            let row = AccountExposure::new(account, balance.available, disputes, cover);
            if row.is_any() {
                rows.entry(currency.code()).or_insert_with(|| (currency, Vec::new())).1.push(row);
            }
            Ok(())
        };
        for (account, currency) in self.balances() {
            let disputes = disputed.remove(&(account, currency.code())).unwrap_or(0);
            if self.answers_for(account)? {
                add(account, currency, disputes)?;
            }
        }
        for ((account, code), disputes) in disputed {
            if let Some(currency) = Currency::all().find(|currency| currency.code() == code)
                && self.answers_for(account)?
            {
                add(account, currency, disputes)?;
            }
        }
        let mut currencies = Vec::new();
        for (currency, accounts) in rows.into_values() {
            let set_aside = self.balance(self.id(), currency)?.connect_reserved;
            currencies.push(CurrencyExposure::of(currency, set_aside, accounts));
        }
        Ok(Exposure { currencies })
    }

    /// Whether the platform bears what an account cannot pay, its own included.
    fn answers_for(&self, account: AccountId) -> Result<bool, Error> {
        let controller: Option<Controller> = self.account(account)?.controller();
        Ok(controller.is_none_or(|controller| controller.losses == LossBearer::Application))
    }

    /// The disputes that are not over, oldest first.
    pub fn open_disputes(&self) -> Vec<&Dispute> {
        self.waiting()
            .filter_map(|record| if let Record::Dispute(dispute) = record { Some(&**dispute) } else { None })
            .collect()
    }

    /// What waits for somebody outside, or for a person.
    fn waiting(&self) -> impl Iterator<Item = &Record> {
        self.state.outstanding().filter_map(|id: ObjectId| self.state.records.get(id)).map(|(record, _)| record)
    }

    /// What a dispute that is open would still take, and from whom, if it were lost: what it is about, as far as it was not taken, and the
    /// fee that goes with that.
    fn cost_if_lost(&self, dispute: &Dispute) -> Result<[(AccountId, Money); 2], Error> {
        let charge: &Charge = self.charge(dispute.charge())?;
        let amount = dispute.settled_part(dispute.withdrawn().minor(), dispute.amount().minor())?;
        let fee = match dispute.fee_terms(DisputeFeeKind::Received) {
            Some(fee) if !dispute.was_withdrawn() => fee,
            Some(_) | None => Money::new(0, amount.currency()),
        };
        Ok([(charge.owner(), amount), (dispute.fee_payer(), fee)])
    }

    /// The reviews that wait for a person, oldest first.
    pub fn open_reviews(&self) -> Vec<&Review> {
        self.waiting()
            .filter_map(|record| if let Record::Review(review) = record { Some(&**review) } else { None })
            .collect()
    }

    /// The rules that the platform has, in the order in which they are looked at.
    ///
    /// # Errors
    /// On a partial platform [`Error::NotLoaded`].
    pub fn risk_rules(&self) -> Result<Vec<&RiskRule>, Error> {
        match self.state.record::<RiskRules>(risk_rules_id(self.id())) {
            Known::Here((rules, _)) => rules.rules().map(|rule| self.risk_rule(rule)).collect(),
            Known::Absent => Ok(Vec::new()),
            Known::NotLoaded(key) => Err(Error::NotLoaded(vec![key])),
        }
    }

    /// What was counted of an account in one currency, in a window of so many days that ends with that of the clock: see
    /// [`Figure`](crate::tools::risk::Figure). More days than a window can have count as many as it can.
    ///
    /// # Errors
    /// [`Error::NotFound`]; on a partial platform [`Error::NotLoaded`].
    pub fn risk_tally(&self, account: AccountId, currency: Currency, days: u16) -> Result<Tally, Error> {
        self.account(account)?;
        let mut sum = Tally::default();
        for day in window(self.now(), days.min(crate::tools::risk::LONGEST_WINDOW)) {
            match self.state.record::<RiskDay>(risk_day_id(self.id(), account, currency, day)) {
                Known::Here((day, _)) => sum = sum.plus(day.tally()),
                Known::Absent => {}
                Known::NotLoaded(key) => return Err(Error::NotLoaded(vec![key])),
            }
        }
        Ok(sum)
    }
}
