//! A platform on which a story is played.

use chrono::TimeDelta;
use fundroute::accounts::{
    Actor, CapabilityReviewed, CapabilityStatus, Controller, Dashboard, FeePayer, LossBearer, NewExternalAccount,
};
use fundroute::ids::{
    AccountId, AnomalyId, ApplicationFeeId, ChargeId, ObjectId, PaymentId, PayoutId, RefundId, TransferId,
};
use fundroute::journal::{Answer, Changes, Fact, FactOutcome, Outcome, Record, Report};
use fundroute::money::Currency;
use fundroute::payments::{
    ActionCompleted, ActionRequired, CancelPayment, CancelRefund, CardRefund, Charge, ChargeFailed, ChargeFailure,
    ChargeState, ChargeSubmitted, ChargeSucceeded, ConfirmPayment, DebitFailure, DeclineCode, Flow, Named, NextAction,
    PaymentIntent, PaymentState, PaymentStatus, RefundCanceled, RefundFailed, RefundFailure, RefundStatus,
    RefundSucceeded, RefundTraced, RefundUnderWay, UpdatePayment, WhoBears,
};
use fundroute::payouts::{
    CancelPayout, NewPayout, Payout, PayoutCanceled, PayoutFailed, PayoutPaid, PayoutStatus, PayoutSubmitted,
    PayoutTraced, PayoutTrigger, ResendPayout, ReversePayout, SetDebitNegativeBalances, SetInstantPrice,
    SetPayoutSchedule,
};
use fundroute::prelude::*;
use fundroute::routing::{NewApplicationFeeRefund, NewTransferReturn, NewTransferReversal, SetExchangeRate};
use fundroute::rulebook::{AccountKind, Capability};
use fundroute::tools::Attribution;

mod captures;
mod debits;
pub(crate) mod disputes;
mod payments;
mod payouts;
mod reserves;
mod tax;
mod told;
mod top_ups;

pub(crate) use told::{about_payer, about_refund, about_trace};
pub(crate) use top_ups::about_top_up;

use crate::rules::{self, Rules};
use crate::story::{Bears, By, COINS, Coin, On, Pick, Plan, Repeat, Shape, Step, Story, Way};
use crate::ways::HUNDRED_THOUSANDTHS;

/// A step with everything said.
#[derive(Clone, Debug)]
pub(crate) enum Act {
    Ask(Request),
    Tell(Report),
    Wait(Timestamp),
}

/// What came of an act that was not refused.
#[derive(Clone, Debug)]
pub(crate) enum Came {
    Answer(Answer, Outcome, Box<Changes>),
    News(FactOutcome, Outcome, Box<Changes>),
    Time(Vec<Changes>),
}

pub(crate) const COUNTRIES: [Country; 5] = [US, DE, GB, BR, Country::AQ];
const CAPABILITIES: [Capability; 8] = [
    Capability::BoletoPayments,
    Capability::CardPayments,
    Capability::SepaDebitPayments,
    Capability::Transfers,
    Capability::UsBankAccountAchPayments,
    Capability::BacsDebitPayments,
    Capability::IdealPayments,
    Capability::KlarnaPayments,
];
/// Those for which there are rules of every sort, and one of which too little is known.
const METHODS: [PaymentMethod; 9] = [
    PaymentMethod::BacsDebit,
    PaymentMethod::Boleto,
    PaymentMethod::Card,
    PaymentMethod::Cashapp,
    PaymentMethod::Ideal,
    PaymentMethod::Klarna,
    PaymentMethod::Paypal,
    PaymentMethod::SepaDebit,
    PaymentMethod::UsBankAccount,
];
pub(crate) const FAILURE_CODES: [&str; 4] = ["account_closed", "insufficient_funds", "no_account", "the_dog_ate_it"];
const NOBODY: [u8; 14] = [9; 14];

/// A bank account that the rules take, where they know how one looks.
pub(crate) fn bank(book: &Rulebook, account: AccountId, country: Country, currency: Currency) -> NewExternalAccount {
    let format = book.bank_format(country, currency);
    let number = format.and_then(|format| format.test_account()).unwrap_or("000123456789");
    let bank = NewExternalAccount::bank(account, country, currency, number);
    match format.and_then(|format| format.test_routing()) {
        Some(routing) => bank.routing(routing),
        None => bank,
    }
}

/// A platform, its journal, and what was asked and told so far.
#[derive(Clone, Debug)]
pub(crate) struct Stage {
    pub(crate) rules: Rules,
    pub(crate) platform: Platform,
    pub(crate) journal: Vec<Changes>,
    pub(crate) asked: Vec<Request>,
    pub(crate) told: Vec<Report>,
    count: u32,
}

impl Stage {
    pub(crate) fn new(rules: Rules) -> Self {
        Self::at(rules, utc(2026, 11, 2).at(9, 0))
    }

    pub(crate) fn at(rules: Rules, start: Timestamp) -> Self {
        let founding = Platform::founding(&NewPlatform::in_country(US), &rules.book(), start).unwrap();
        let platform = Platform::replay(rules.book(), [founding.clone()]).unwrap();
        Self { rules, platform, journal: vec![founding], asked: Vec::new(), told: Vec::new(), count: 0 }
    }

    /// Plays a whole story.
    pub(crate) fn played(story: &Story) -> Self {
        let mut stage = Self::new(story.rules);
        for step in &story.steps {
            let act = stage.act(step);
            let _refused = stage.play(&act);
        }
        stage
    }

    /// Lets an act happen, and keeps what it changes.
    pub(crate) fn play(&mut self, act: &Act) -> Result<Came, Error> {
        let came = match act {
            Act::Ask(request) => {
                let decided = self.platform.handle(request.clone())?;
                Came::Answer(decided.answer, decided.outcome, Box::new(decided.changes))
            }
            Act::Tell(report) => {
                let decided = self.platform.record(report)?;
                Came::News(decided.answer, decided.outcome, Box::new(decided.changes))
            }
            Act::Wait(until) => Came::Time(self.platform.advance_to(*until)?),
        };
        self.journal.extend(came.changes().filter(|changes| !changes.is_empty()).cloned());
        Ok(came)
    }

    /// What a step comes to, as things stand.
    pub(crate) fn act(&mut self, step: &Step) -> Act {
        self.count += 1;
        if let Some(until) = self.clock(step) {
            return Act::Wait(until);
        }
        match (self.fact(step), step) {
            (Some((fact, ago)), _) => self.tell(fact, ago),
            (None, Step::TellAgain { which, how }) => self.tell_again(*which, *how),
            (None, Step::AskAgain { which, how }) => self.ask_again(*which, *how),
            (None, _) => {
                let (command, account) = self.command(step);
                let request = Request {
                    key: format!("key-{}", self.count),
                    account,
                    actor: Actor::Platform,
                    extension: None,
                    // What is done for a reason is done like everything else.
                    attribution: self
                        .count
                        .is_multiple_of(3)
                        .then(|| Attribution::staff("s-17", "the holder asked for it")),
                    command,
                };
                self.asked.push(request.clone());
                Act::Ask(request)
            }
        }
    }

    fn clock(&self, step: &Step) -> Option<Timestamp> {
        let now = self.platform.now();
        match step {
            Step::Wait { micros } => Some(now.checked_add(TimeDelta::microseconds(*micros)).unwrap_or(Timestamp::MAX)),
            Step::UntilMidnight { days } => Some(now.midnight().plus_days(i64::from(*days)).unwrap_or(Timestamp::MAX)),
            _ => None,
        }
    }

    fn tell(&mut self, fact: Fact, ago: i64) -> Act {
        let at = self.platform.now().checked_add(TimeDelta::microseconds(-ago)).unwrap_or(Timestamp::MIN);
        let report = Report::new(format!("fact-{}", self.count), at, fact);
        self.told.push(report.clone());
        Act::Tell(report)
    }

    fn tell_again(&mut self, which: Pick, how: Repeat) -> Act {
        let told: Vec<usize> = (0..self.told.len()).collect();
        let Some(place) = which.of(&told) else {
            let fact = Fact::RefundSucceeded(RefundSucceeded { refund: RefundId::from_host(NOBODY) });
            return Act::Tell(Report::new("", self.platform.now(), fact));
        };
        let mut report = self.told[place].clone();
        match how {
            Repeat::Same => {}
            Repeat::OtherBody => {
                report.fact = Fact::RefundSucceeded(RefundSucceeded { refund: RefundId::from_host(NOBODY) });
            }
            // A fact is the same, whatever time it is told with.
            Repeat::OtherAccount(_) => {
                report.at = report.at.checked_add(TimeDelta::microseconds(-1)).unwrap_or(report.at);
            }
        }
        Act::Tell(report)
    }

    fn ask_again(&mut self, which: Pick, how: Repeat) -> Act {
        let asked: Vec<usize> = (0..self.asked.len()).collect();
        let place = which.of(&asked);
        let mut request = place.map_or_else(
            || Request::new("x".repeat(256), Command::CreateAccount(NewAccount::express(US))),
            |place| self.asked[place].clone(),
        );
        match how {
            Repeat::Same => {}
            Repeat::OtherBody => request.command = Command::CreatePayment(NewPayment::card(usd(77_77))),
            Repeat::OtherAccount(pick) => request.account = pick.of(&self.accounts()),
        }
        Act::Ask(request)
    }

    fn command(&self, step: &Step) -> (Command, Option<AccountId>) {
        match step {
            Step::Pay { .. } => self.pay(step),
            Step::Confirm { .. } | Step::Update { .. } => self.plan(step),
            Step::CancelPayment { payment, on } => {
                let open = |payment: &PaymentIntent| {
                    matches!(
                        payment.status(),
                        PaymentStatus::RequiresPaymentMethod
                            | PaymentStatus::RequiresConfirmation
                            | PaymentStatus::RequiresAction
                            | PaymentStatus::RequiresCapture
                    )
                };
                let payment = self.payment(*payment, open);
                (Command::CancelPayment(CancelPayment::of(payment)), self.on(*on, self.owner(payment)))
            }
            Step::Capture { .. } => self.capture(step),
            Step::Raise { .. } => self.raise(step),
            Step::Refund { .. } => self.refund(step),
            Step::CancelRefund { .. } => self.cancel_refund(step),
            Step::SendBack { .. } => self.send_back(step),
            Step::Debit { .. } => self.debit(step),
            Step::TopUp { .. } | Step::CancelTopUp { .. } => self.top_up(step),
            Step::Reserve { .. } => self.reserve(step),
            Step::Tax { .. } => self.tax(step),
            Step::Answer { .. } | Step::GiveIn { .. } => self.answer_dispute(step),
            Step::Transfer { .. } | Step::Reverse { .. } | Step::RefundFee { .. } => self.routing(step),
            Step::Quote { from, to, parts } => {
                let coin = |number: u8| COINS[usize::from(number) % COINS.len()];
                let mid = rust_decimal::Decimal::new(i64::from(*parts), HUNDRED_THOUSANDTHS);
                let mid = mid.to_string().parse().unwrap();
                (Command::SetExchangeRate(SetExchangeRate::new(coin(*from), coin(*to), mid)), None)
            }
            Step::Payout { who, amount, coin, instant } => {
                let (who, currency) = self.rich(*who, *coin);
                let there = if *instant {
                    self.platform.instant_balance(who, currency).map_or(0, |told| told.instant_available)
                } else {
                    self.platform.balance(who, currency).map_or(0, |balance| balance.available)
                };
                let payout = NewPayout::of(Money::new(amount.of(there), currency));
                let payout = if *instant { payout.instant() } else { payout };
                (Command::CreatePayout(payout), Some(who).filter(|who| *who != self.platform.id()))
            }
            Step::SetInstantPrice { coin, price, on } => {
                let currency = self.coin(*coin, self.platform.id());
                let prices = rules::INSTANT_PRICES;
                let price = price.map(|which| prices[usize::from(which) % prices.len()]);
                let price = price.map(|price| rules::instant_price(currency, price));
                (Command::SetInstantPrice(SetInstantPrice { currency, price }), self.on(*on, None))
            }
            Step::CancelPayout { .. } | Step::ReversePayout { .. } | Step::ResendPayout { .. } => self.take_back(step),
            Step::CloseAnomaly { anomaly } => {
                let known = self.ids(|id| if let ObjectId::Anomaly(id) = id { Some(id) } else { None });
                (Command::CloseAnomaly(anomaly.of(&known).unwrap_or(AnomalyId::from_host(NOBODY))), None)
            }
            _ => self.about_account(step),
        }
    }

    fn about_account(&self, step: &Step) -> (Command, Option<AccountId>) {
        match step {
            Step::Open { kind, country, capabilities, own_id } => {
                let country = COUNTRIES[usize::from(*country % 5)];
                // The fourth kind is none of the three: its fees are the platform's, its losses the processor's.
                let (fees, losses) = (FeePayer::Application, LossBearer::Processor);
                let priced =
                    Controller { fees, losses, dashboard: Dashboard::None, ..Controller::of(AccountKind::Standard) };
                let mut account = match kind % 4 {
                    0 => NewAccount::express(country),
                    1 => NewAccount::standard(country),
                    2 => NewAccount::custom(country),
                    _ => NewAccount::controlled(priced, country),
                };
                if account.controller.dashboard == Dashboard::None {
                    let asked = (0..8).filter(|bit| capabilities & (1 << bit) != 0).map(|bit: usize| CAPABILITIES[bit]);
                    account.capabilities = asked.collect();
                }
                if self.rules.recipients && country == DE && account.controller == Controller::of(AccountKind::Custom) {
                    account = account.recipient();
                    account.capabilities.retain(|asked| *asked == Capability::Transfers);
                }
                account.id = own_id.map(|id| AccountId::from_host([id; 14]));
                (Command::CreateAccount(account), None)
            }
            Step::AddBank { who, coin, empty } => {
                let account = self.account(*who);
                let (country, currency) = (self.country(account), self.coin(*coin, account));
                let mut bank = bank(self.platform.rulebook(), account, country, currency).default_for_currency();
                if *empty {
                    bank = NewExternalAccount::bank(account, country, currency, "");
                }
                (Command::AddExternalAccount(bank), None)
            }
            Step::SetSchedule { who, schedule, on } => {
                let account = self.account(*who);
                let command = SetPayoutSchedule { account, schedule: *schedule };
                let on = if let On::Right = on { None } else { self.on(*on, None) };
                (Command::SetPayoutSchedule(command), on)
            }
            Step::SetDebits { who, debit, on } => {
                let command = SetDebitNegativeBalances { account: self.account(*who), debit: *debit };
                let on = if let On::Right = on { None } else { self.on(*on, None) };
                (Command::SetDebitNegativeBalances(command), on)
            }
            _ => panic!("{step:?} is not a command"),
        }
    }

    fn routing(&self, step: &Step) -> (Command, Option<AccountId>) {
        match step {
            Step::Transfer { to, source, amount, coin, on } => {
                let destination = self.account(*to);
                let source = source.map(|pick| {
                    self.payment(pick, |payment| {
                        Self::is_paid(payment) && !matches!(payment.flow(), Flow::Direct { .. })
                    })
                });
                let charge = source.and_then(|payment| self.platform.charge_of(payment).ok());
                let currency = charge.map_or(self.coin(*coin, destination), Charge::settlement_currency);
                let whole = match charge {
                    Some(charge) => charge.amount_settled().minor().into(),
                    None => self.platform.balance(self.platform.id(), currency).map_or(0, |balance| balance.available),
                };
                let amount = Money::new(amount.of(whole), currency);
                let command = NewTransfer { destination, amount, source, transfer_group: None };
                (Command::CreateTransfer(command), self.on(*on, None))
            }
            Step::Reverse { .. } => self.reverse(step),
            Step::RefundFee { fee, amount, on } => {
                let known = self.ids(|id| if let ObjectId::ApplicationFee(id) = id { Some(id) } else { None });
                let fee = fee.of(&known).unwrap_or(ApplicationFeeId::from_host(NOBODY));
                let whole = self.platform.application_fee(fee).map_or(usd(1_00), |fee| fee.amount());
                let amount = amount.map(|sum| Money::new(sum.of(whole.minor().into()), whole.currency()));
                (Command::RefundApplicationFee(NewApplicationFeeRefund { fee, amount }), self.on(*on, None))
            }
            _ => panic!("{step:?} moves nothing"),
        }
    }
}

/// Looking around.
impl Stage {
    pub(crate) fn ids<T>(&self, kind: impl Fn(ObjectId) -> Option<T>) -> Vec<T> {
        self.platform.records().filter_map(|record| kind(record.id())).collect()
    }

    /// The connected accounts, and then the platform.
    pub(crate) fn accounts(&self) -> Vec<AccountId> {
        let mut accounts = self.ids(|id| if let ObjectId::Account(id) = id { Some(id) } else { None });
        accounts.rotate_left(1);
        accounts
    }

    fn account(&self, pick: Pick) -> AccountId {
        pick.of(&self.accounts()).unwrap_or(AccountId::from_host(NOBODY))
    }

    fn country(&self, account: AccountId) -> Country {
        self.platform.account(account).map_or(US, |account| account.country())
    }

    fn coin(&self, coin: Coin, account: AccountId) -> Currency {
        match coin {
            Coin::Home => self.platform.account(account).map_or(USD, |account| account.default_currency()),
            Coin::Other(number) => COINS[usize::from(number) % COINS.len()],
        }
    }

    fn method(way: Way, country: Country) -> PaymentMethod {
        match (way, country) {
            (Way::Card, _) => PaymentMethod::Card,
            (Way::Local, BR) => PaymentMethod::Boleto,
            (Way::Local, US) => PaymentMethod::UsBankAccount,
            (Way::Local, _) => PaymentMethod::SepaDebit,
            (Way::Other(number), _) => METHODS[usize::from(number) % METHODS.len()],
        }
    }

    /// A payment; mostly one of those that are fit for what is to be done with it.
    fn payment(&self, pick: Pick, fit: impl Fn(&PaymentIntent) -> bool) -> PaymentId {
        let all = |record: &Record| if let Record::Payment(payment) = record { Some(payment.id()) } else { None };
        let all: Vec<PaymentId> = self.platform.records().filter_map(all).collect();
        let is_fit = |id: &PaymentId| self.platform.payment(*id).is_ok_and(&fit);
        let good: Vec<PaymentId> = all.iter().copied().filter(is_fit).collect();
        pick.likely(&good, &all).unwrap_or(PaymentId::from_host(NOBODY))
    }

    fn is_paid(payment: &PaymentIntent) -> bool {
        *payment.state() == PaymentState::Succeeded
    }

    fn is_refundable(&self, payment: &PaymentIntent) -> bool {
        Self::is_paid(payment)
            && self.platform.charge(payment.latest_charge().unwrap()).is_ok_and(|charge| !charge.refundable().is_zero())
    }

    /// An account and a currency; mostly such that there is something to pay out.
    fn rich(&self, pick: Pick, coin: Coin) -> (AccountId, Currency) {
        let available = |(account, currency)| self.platform.balance(account, currency).map_or(0, |held| held.available);
        let rich: Vec<_> = self.platform.balances().into_iter().filter(|purse| available(*purse) > 0).collect();
        let anyone = self.account(pick);
        pick.likely(&rich, &[(anyone, self.coin(coin, anyone))]).unwrap_or((anyone, USD))
    }

    /// A charge; one that is taken at once and waits for an answer, if there is one and it shall be `open`.
    fn charge(&self, pick: Pick, open: bool) -> ChargeId {
        let waits = |record: &Record| match record {
            Record::Charge(charge)
                if matches!(charge.state(), ChargeState::Pending { .. }) && !self.is_later(charge) =>
            {
                Some(charge.id())
            }
            _ => None,
        };
        let waiting: Vec<ChargeId> = self.platform.records().filter_map(waits).collect();
        let all = self.ids(|id| if let ObjectId::Charge(id) = id { Some(id) } else { None });
        let from = if open && !waiting.is_empty() { &waiting } else { &all };
        pick.of(from).unwrap_or(ChargeId::from_host(NOBODY))
    }

    /// The reference under which the world knows a charge.
    fn reference(&self, charge: ChargeId) -> String {
        let all = self.ids(|id| if let ObjectId::Charge(id) = id { Some(id) } else { None });
        let place = all.iter().position(|known| *known == charge);
        place.map_or("reference-none".to_owned(), |place| format!("reference-{place}"))
    }

    fn named(&self, charge: ChargeId, by: By) -> Named {
        match by {
            By::Id => Named::Id(charge),
            By::Reference => Named::Reference(self.reference(charge)),
            By::Rumour(number) => Named::Reference(format!("rumour-{number}")),
        }
    }

    fn refunds(&self) -> Vec<RefundId> {
        self.ids(|id| if let ObjectId::Refund(id) = id { Some(id) } else { None })
    }

    fn payout(&self, pick: Pick) -> PayoutId {
        let known = self.ids(|id| if let ObjectId::Payout(id) = id { Some(id) } else { None });
        pick.of(&known).unwrap_or(PayoutId::from_host(NOBODY))
    }

    /// The account that a payment is booked on, unless that is the platform.
    fn owner(&self, payment: PaymentId) -> Option<AccountId> {
        match self.platform.payment(payment).ok()?.flow() {
            Flow::Direct { account, .. } => Some(*account),
            Flow::Destination { .. } | Flow::Separate => None,
        }
    }

    fn on(&self, on: On, right: Option<AccountId>) -> Option<AccountId> {
        match on {
            On::Right => right.filter(|account| *account != self.platform.id()),
            On::Platform => None,
            On::Account(pick) => pick.of(&self.accounts()),
        }
    }
}

impl Came {
    pub(crate) fn changes(&self) -> impl Iterator<Item = &Changes> {
        let (one, many) = match self {
            Self::Answer(_, _, changes) | Self::News(_, _, changes) => (Some(&**changes), &[][..]),
            Self::Time(fired) => (None, &fired[..]),
        };
        one.into_iter().chain(many)
    }

    /// Whether nothing happened, because it had happened before.
    pub(crate) fn is_replay(&self) -> bool {
        matches!(self, Self::Answer(_, Outcome::Replayed, _) | Self::News(_, Outcome::Replayed, _))
    }
}
