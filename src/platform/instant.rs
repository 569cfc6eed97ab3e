//! Payouts within minutes: who may have them, what they take and cost, and how many of them a day allows.

use smallvec::SmallVec;

use super::{Error, Platform, Transaction};
use crate::accounts::{Account, Controller, ExternalAccount, FeeBearer, PayoutMethod, Priced, ProcessorFee};
use crate::calendar::{TimeError, Timestamp};
use crate::ids::{AccountId, ExternalAccountId, InstantTermsId};
use crate::journal::{Domain, Holding, Key, Known, Origin, Stored};
use crate::ledger::{LedgerAccount, LedgerError, Line, Lines, Postings};
use crate::money::{Currency, Money, Rate};
use crate::payouts::{
    AdvanceLine, Bounds, CollectedPrice, Counted, Funds, Instant, InstantBalance, InstantBarrier, InstantCost,
    InstantPrice, InstantTerms, NetAvailable, Parts, Payout, PayoutError, SetInstantPrice,
};
use crate::routing::{
    ApplicationFee, Conversion, Fee, FeeExchange, FeeSource, Occasion, PlanError, PricingRules, PricingStatus,
    RoutingError, SaleDetails,
};
use crate::rulebook::{InstantRule, Rulebook, ServiceAgreement};

/// Under which id the terms of a currency are kept.
// INVARIANT: it follows from the currency alone, and from no moment.
fn instant_terms_id(platform: AccountId, currency: Currency) -> InstantTermsId {
    let origin = Origin::new(Domain::InstantTerms, platform, None, currency.to_string().as_bytes());
    InstantTermsId::of(origin.family(Timestamp::MIN), 0)
}

/// What holds for an account's payouts within minutes.
// RULE: in the account's local currency, never under the recipient agreement, and in the platform's own region, as which the euro
// area counts, or wherever both countries have them, but not by the rules of until 2024 (docs.stripe.com/connect/instant-payouts, 2024
// and 2026).
fn rule_for<'a>(
    book: &'a Rulebook,
    platform: &Account,
    account: &Account,
    currency: Currency,
) -> Result<&'a InstantRule, InstantBarrier> {
    if account.agreement() == ServiceAgreement::Recipient {
        return Err(InstantBarrier::Agreement);
    }
    let rule = book.instant_destinations(account.country(), currency);
    let rule = rule.filter(|_| currency == account.default_currency()).ok_or(InstantBarrier::Currency)?;
    let in_euro_area = |account: &Account| account.default_currency() == Currency::EUR;
    let is_near = platform.country() == account.country() || (in_euro_area(platform) && in_euro_area(account));
    let has_own = || book.instant_destinations(platform.country(), platform.default_currency()).is_some();
    let is_open = is_near || (book.instant_across_borders() && has_own());
    if is_open { Ok(rule) } else { Err(InstantBarrier::Region) }
}

/// Whether an account has to wait for its first payout within minutes.
fn is_new(book: &Rulebook, holding: Option<&Holding>, now: Timestamp) -> bool {
    let wait = book.instant_wait();
    let first = holding.and_then(|holding| holding.first_received);
    !wait.is_zero() && first.is_none_or(|first| now.since(first) < wait)
}

/// Whether a bank account or card takes payouts within minutes.
fn takes_them(book: &Rulebook, account: &Account, destination: &ExternalAccount) -> bool {
    destination.available_payout_methods(book, account).contains(&PayoutMethod::Instant)
}

/// What payouts within minutes cost an account.
// RULE: a business pays for its own, and an account pays whose fees the processor collects from it; for all others the platform is
// billed apart (docs.stripe.com/connect/direct-charges-fee-payer-behavior and /payouts/instant-payouts, 2026).
// RULE: schemes of prices are for payouts within minutes as for payments (docs.stripe.com/connect/platform-pricing-tools, 2024). That one
// which is in force goes before a price that was set for the currency alone is our own choice.
fn cost_of<'a>(
    rule: &InstantRule,
    account: &Account,
    terms: Option<&'a InstantTerms>,
    rules: Option<&'a PricingRules>,
) -> InstantCost<'a> {
    let bearer = |controller: Controller| controller.fees.bearer(ProcessorFee::InstantPayout);
    let processor = match account.controller().map_or(Some(FeeBearer::Account), bearer) {
        Some(FeeBearer::Account) => rule.direct_fee(),
        Some(FeeBearer::Platform) | None => Rate::ZERO,
    };
    let details = SaleDetails { merchant_country: Some(account.country()), ..SaleDetails::default() };
    let amount = Money::zero(rule.currency());
    let occasion = Occasion { account: account.id(), method: None, amount, details };
    let of_scheme = rules.map(|rules| InstantPrice::Rules(rules, occasion));
    let price = of_scheme.or_else(|| terms.and_then(InstantTerms::price).map(InstantPrice::Fee));
    InstantCost { processor, price: price.filter(|_| !account.is_platform()) }
}

/// What a day allows to an account.
struct DayLimit<'a> {
    whose: Counted,
    amount: Option<Money>,
    count: Option<u16>,
    zone: &'a str,
}

impl<'a> DayLimit<'a> {
    // RULE: a business has a limit and ten payouts a day of its own, which begin anew at midnight of its region; the accounts of a platform
    // have one limit together, which does so at midnight of the central United States (docs.stripe.com/payouts/instant-payouts and
    // /connect/instant-payouts, 2026).
    fn of(book: &Rulebook, rule: &'a InstantRule, account: &Account) -> Self {
        if account.is_platform() {
            let amount = book.own_instant_limit(rule.currency());
            Self { whose: Counted::Own, amount, count: rule.direct_daily_count(), zone: rule.direct_reset() }
        } else {
            let amount = book.instant_limit_of_accounts(rule.currency());
            Self { whose: Counted::OfAccounts, amount, count: None, zone: rule.connect_reset() }
        }
    }

    const fn is_there(&self) -> bool {
        self.amount.is_some() || self.count.is_some()
    }

    /// What is left of the day, where a limit is an amount; nothing at all where as many were asked for as can be.
    fn left(&self, terms: Option<&InstantTerms>, now: Timestamp) -> Option<i64> {
        let (spent, count) = terms.map_or((0, 0), |terms| terms.spent(self.whose, now));
        if self.count.is_some_and(|most| count >= u32::from(most)) {
            return Some(0);
        }
        self.amount.map(|amount| amount.minor().saturating_sub(spent).max(0))
    }
}

/// The last moment whose pending money counts.
fn last_day(book: &Rulebook, account: &Account, currency: Currency, now: Timestamp) -> Result<Timestamp, TimeError> {
    let calendar = book.payout_calendar(account.country(), currency);
    let day = calendar.add_business_days(now.date(), book.instant_window().into())?;
    Timestamp::start_of(day)?.plus_days(1)?.checked_add(chrono::TimeDelta::microseconds(-1))
}

impl<'a> Transaction<'a> {
    /// What every payout within minutes reads of the platform.
    pub(super) fn keys_of_instant(&self, currency: Currency) -> [Key; 3] {
        let terms = Key::Family(instant_terms_id(self.platform, currency).family());
        [terms, Key::Family(self.platform.family()), Key::Balance(self.platform, currency)]
    }

    /// What holds for an account's payouts within minutes.
    pub(super) fn instant_rule(&mut self, account: &Account, currency: Currency) -> Result<&'a InstantRule, Error> {
        let platform = self.get::<Account>(self.platform)?;
        let rule = rule_for(self.rulebook, &platform, account, currency);
        let closed = |why| Error::from(PayoutError::InstantNotOpen { account: account.id(), why });
        let holding = self.holding(account.id(), currency)?;
        match rule.map_err(closed)? {
            _ if is_new(self.rulebook, holding, self.now) => Err(closed(InstantBarrier::New)),
            rule => Ok(rule),
        }
    }

    /// What a payout within minutes takes of an account, and from where: what is available first, then what becomes available soonest.
    pub(super) fn instant_of(
        &mut self,
        rule: &InstantRule,
        account: &Account,
        to: ExternalAccountId,
        amount: Money,
    ) -> Result<Instant, Error> {
        if !takes_them(self.rulebook, account, &*self.get::<ExternalAccount>(to)?) {
            let why = InstantBarrier::Destination;
            return Err(PayoutError::InstantNotOpen { account: account.id(), why }.into());
        }
        let terms = self.find::<InstantTerms>(instant_terms_id(self.platform, amount.currency()))?;
        self.count_instant(rule, account, amount, terms.as_deref())?;
        let rules = if account.is_platform() { None } else { self.price_rules(account, Priced::InstantPayouts)? };
        let cost = cost_of(rule, account, terms.as_deref(), rules.as_deref());
        let (fee, commission) = cost.of(amount)?;
        let priced = cost.price.as_ref().and_then(|price| price.rule(amount)).map(Box::new);
        let needed = cost.needed(amount)?;
        let advance = self.lend(account, needed)?;
        let born = u16::from(commission.is_positive());
        Ok(Instant { fee: fee.minor(), commission: commission.minor(), advance, born, priced })
    }

    /// That the day allows one more payout, which is counted.
    fn count_instant(
        &mut self,
        rule: &InstantRule,
        account: &Account,
        amount: Money,
        terms: Option<&InstantTerms>,
    ) -> Result<(), Error> {
        let limit = DayLimit::of(self.rulebook, rule, account);
        if !limit.is_there() {
            return Ok(());
        }
        let resets_at = self.rulebook.next_midnight(limit.zone, self.now)?;
        let spent = |terms: &InstantTerms| terms.spent(limit.whose, self.now);
        let (_, count) = terms.map_or((0, 0), spent);
        if let Some(most) = limit.count.filter(|most| count >= u32::from(*most)) {
            return Err(PayoutError::DailyCount { limit: most, resets_at }.into());
        }
        if let Some(left) = limit.left(terms, self.now).filter(|left| *left < amount.minor()) {
            let left = Money::new(left, amount.currency());
            return Err(PayoutError::DailyLimit { amount, left, resets_at }.into());
        }
        let id = instant_terms_id(self.platform, amount.currency());
        let terms = terms.cloned().unwrap_or(InstantTerms::new(id, amount.currency()));
        self.put(terms.spend(limit.whose, amount.minor(), (self.now, resets_at)));
        Ok(())
    }

    /// What of an amount has to be lent by pending days; an error where even they do not have it. The decision is made to stand only as
    /// long as no day has less.
    fn lend(&mut self, account: &Account, needed: Money) -> Result<SmallVec<[(Timestamp, i64); 1]>, Error> {
        let (owner, currency) = (account.id(), needed.currency());
        let bucket = LedgerAccount::Available { owner };
        let through = last_day(self.rulebook, account, currency, self.now)?;
        let available = self.available(owner, currency)?;
        let pending = self.holding(owner, currency)?.map_or(&[][..], |holding| holding.pending.as_slice());
        let funds = Funds { available, pending, through };
        let Some(parts) = funds.take(needed.minor().into()) else {
            return Err(PayoutError::InsufficientFunds { account: owner, available: funds.total(), needed }.into());
        };
        let is_lent = parts.iter().any(|(on, _)| on.is_some());
        if !is_lent && !funds.owes() {
            self.guard(bucket, currency, 0, i128::MAX);
            return Ok(SmallVec::new());
        }
        // What comes meanwhile changes nothing. What goes may have been lent, or was to make up for what is owed.
        let of = |day: Option<Timestamp>| parts.iter().find(|(on, _)| *on == day).map_or(0, |(_, part)| *part);
        self.guard(bucket, currency, available.saturating_sub(of(None)), i128::MAX);
        for (on, amount) in pending {
            self.guard(
                LedgerAccount::Pending { owner, on: *on },
                currency,
                amount.saturating_sub(of(Some(*on))),
                i128::MAX,
            );
        }
        lent(&parts)
    }

    /// What the platform gets of a payout within minutes, if anything, as part of the payout's entry.
    pub(super) fn collect_price(&mut self, payout: &Payout) -> Result<Option<(Line, Postings)>, Error> {
        let Some(id) = payout.application_fee() else { return Ok(None) };
        let amount = payout.application_fee_amount();
        let received = self.commission_rate(amount.currency(), None)?;
        let got = Conversion::through(received, amount)?;
        Self::is_something(amount, got)?;
        let fee = ApplicationFee::new(id, payout.account(), FeeSource::Payout(payout.id()), amount, self.now);
        self.put(fee.converted(FeeExchange { paid: None, received }));
        let line = CollectedPrice { platform: self.platform, fee: id, amount: got, now: self.now }.line();
        Ok(Some((line, Self::exchanged(amount, got)?)))
    }

    /// The lines that give back to pending days what was lent to a payout, where so much of it comes back.
    pub(super) fn give_back(&self, payout: &Payout, came_back: i64) -> Lines {
        let parts = payout.instant().map(|instant| instant.given_back(came_back)).unwrap_or_default();
        AdvanceLine::GivenBack.of(payout, &parts, self.now)
    }

    pub(super) fn set_instant_price(
        &mut self,
        on: Option<AccountId>,
        command: &SetInstantPrice,
    ) -> Result<InstantTermsId, Error> {
        let SetInstantPrice { currency, price } = command;
        let named = price.as_ref().map(Fee::check).transpose().map_err(PayoutError::Price)?.flatten();
        if let Some(other) = named.filter(|named| named != currency) {
            return Err(PayoutError::Price(PlanError::CurrencyOfFee(other)).into());
        }
        let id = instant_terms_id(self.platform, *currency);
        self.want(&[Key::Family(id.family())])?;
        Self::platform_only(on)?;
        let known = self.find::<InstantTerms>(id)?;
        let terms = known.map_or_else(|| InstantTerms::new(id, *currency), super::transaction::Seen::into_owned);
        self.put(terms.with_price(price.clone()));
        Ok(id)
    }

    /// That so much of what an owner gets on a day is still there, so that nobody owes anything by giving it back.
    pub(super) fn afford_pending(&mut self, owner: AccountId, on: Timestamp, amount: Money) -> Result<(), Error> {
        let (bucket, currency) = (LedgerAccount::Pending { owner, on }, amount.currency());
        let (available, needed) = (self.balance(bucket, currency)?, i128::from(amount.minor()));
        if available < needed {
            return Err(RoutingError::InsufficientFunds { account: owner, currency, available, needed }.into());
        }
        self.guard(bucket, currency, 0, i128::MAX);
        Ok(())
    }
}

/// The parts that are lent by pending days.
fn lent(parts: &Parts) -> Result<SmallVec<[(Timestamp, i64); 1]>, Error> {
    let days = parts.iter().filter_map(|(on, part)| on.map(|on| (on, *part)));
    let days = days.map(|(on, part)| i64::try_from(part).map(|part| (on, part)));
    days.collect::<Result<_, _>>().map_err(|_| LedgerError::Overflow.into())
}

impl Platform {
    /// What the platform takes of its accounts' payouts within minutes in a currency; nothing where it set no price.
    ///
    /// # Errors
    /// On a partial platform [`Error::NotLoaded`].
    pub fn instant_price(&self, currency: Currency) -> Result<Option<&Fee>, Error> {
        Ok(self.terms(currency)?.and_then(InstantTerms::price))
    }

    fn terms(&self, currency: Currency) -> Result<Option<&InstantTerms>, Error> {
        self.looked_up::<InstantTerms>(instant_terms_id(self.id(), currency))
    }

    /// The rules of the scheme that is in force for an account's payouts within minutes.
    fn instant_rules(&self, account: &Account) -> Result<Option<&PricingRules>, Error> {
        let assigned = |account: &Account| match account.has_pricing() {
            true => self.balance_settings(account.id()).map(|settings| settings.pricing(Priced::InstantPayouts)),
            false => Ok(None),
        };
        let scheme = match assigned(account)? {
            Some(own) => Some(own),
            None => assigned(self.account(self.id())?)?,
        };
        let Some(scheme) = scheme else { return Ok(None) };
        let scheme = self.pricing_scheme(scheme)?;
        match scheme.status() {
            PricingStatus::Enabled => self.pricing_rules(scheme.rules()).map(Some),
            PricingStatus::Disabled => Ok(None),
        }
    }

    fn looked_up<R: Stored>(&self, id: R::Id) -> Result<Option<&R>, Error> {
        match self.state.record::<R>(id) {
            Known::Here((record, _)) => Ok(Some(record)),
            Known::Absent => Ok(None),
            Known::NotLoaded(key) => Err(Error::NotLoaded(vec![key])),
        }
    }

    /// What of an account's money in a currency can be paid out within minutes now, and how much of that each of its bank accounts and
    /// cards can get.
    ///
    /// It counts what is available, and what becomes available within a [few days](crate::rulebook::Rulebook::instant_window): card
    /// payments from the moment they are taken, debits from when the payer's bank has paid. What is owed is taken off.
    ///
    /// ```
    /// use fundroute::payments::NewPayment;
    /// use fundroute::prelude::*;
    /// use fundroute::routing::Fee;
    /// use fundroute::simulator::World;
    ///
    /// let mut world = World::new();
    /// let mut platform = Platform::new(NewPlatform::in_country(US), Rulebook::standard(), utc(2026, 11, 2))?;
    /// let jo = world.onboard(&mut platform, NewAccount::express(US))?;
    /// platform.payouts().set_instant_price("price", USD, Some(Fee::percent("2 %".parse()?)))?;
    /// platform.payments().create("sale", NewPayment::card(usd(5_00)).destination(jo))?;
    /// world.settle(&mut platform)?;
    ///
    /// let balance = platform.instant_balance(jo, USD)?;
    /// assert_eq!((platform.balance(jo, USD)?.available, balance.instant_available), (0, 5_00));
    /// assert_eq!(balance.net_available[0].amount, usd(4_90));
    /// # Ok::<(), Error>(())
    /// ```
    ///
    /// # Errors
    /// [`Error::NotFound`]; on a partial platform [`Error::NotLoaded`].
    // RULE: the net amount is told for each destination (docs.stripe.com/connect/instant-payouts, 2024).
    pub fn instant_balance(&self, account: AccountId, currency: Currency) -> Result<InstantBalance, Error> {
        let mut told = InstantBalance {
            currency,
            instant_available: 0,
            barrier: None,
            left_today: None,
            resets_at: None,
            net_available: Vec::new(),
        };
        let owner = self.account(account)?;
        let holding = match self.state.holding(account, currency) {
            Known::Here(holding) => Some(holding),
            Known::Absent => None,
            Known::NotLoaded(key) => return Err(Error::NotLoaded(vec![key])),
        };
        let open = rule_for(self.rulebook(), self.account(self.id())?, owner, currency);
        let rule = match open {
            Ok(rule) if !is_new(self.rulebook(), holding, self.now()) => rule,
            Ok(_) => return Ok(InstantBalance { barrier: Some(InstantBarrier::New), ..told }),
            Err(barrier) => return Ok(InstantBalance { barrier: Some(barrier), ..told }),
        };
        let terms = self.terms(currency)?;
        let limit = DayLimit::of(self.rulebook(), rule, owner);
        let left = limit.left(terms, self.now());
        if limit.is_there() {
            told.left_today = left.map(|left| Money::new(left, currency));
            told.resets_at = Some(self.rulebook().next_midnight(limit.zone, self.now())?);
        }
        let through = last_day(self.rulebook(), owner, currency, self.now())?;
        let (available, pending) =
            holding.map_or((0, &[][..]), |holding| (holding.available, holding.pending.as_slice()));
        let total = Funds { available, pending, through }.total();
        told.instant_available = left.map_or(total, |left| total.min(left.into()));
        let cost = cost_of(rule, owner, terms, self.instant_rules(owner)?);
        let bounds = Bounds {
            min: rule.min(),
            max: left.map_or(rule.max().minor(), |left| left.min(rule.max().minor())),
            multiple: self.rulebook().payout_limits(owner.country(), currency).multiple(),
        };
        let most = cost.most(total, &bounds);
        for (record, _) in self.state.records.family(account.family()) {
            let Some(destination) = ExternalAccount::of(record).filter(|known| known.is_there()) else { continue };
            if destination.currency() == currency {
                let is_open = takes_them(self.rulebook(), owner, destination) && destination.is_usable();
                let amount = if is_open && owner.payouts_enabled() { most } else { Money::new(0, currency) };
                told.net_available.push(NetAvailable { destination: destination.id(), amount });
            }
        }
        Ok(told)
    }
}
