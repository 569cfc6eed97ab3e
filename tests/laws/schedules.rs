//! Schedules over two years, with holidays: however the time passes they pay the same, and what is told beforehand is what they pay.

use chrono::{TimeDelta, Weekday};
use fundroute::accounts::SetPause;
use fundroute::calendar::{Recurrence, StartOfDay};
use fundroute::ids::{AccountId, PaymentId, PayoutId};
use fundroute::journal::{Changes, Fact, Record};
use fundroute::money::{Currency, Rate};
use fundroute::payments::{DisputeCase, DisputeChange, DisputeChanged, DisputeOpened, DisputeReason, NamedDispute};
use fundroute::payouts::{NewReservePlan, Payout, PayoutSchedule, ReversePayout};
use fundroute::platform::Identity;
use fundroute::prelude::*;
use fundroute::rulebook::{Price, SettlementSpeed, Vetting};
use fundroute::simulator::World;
use proptest::prelude::*;

use crate::invariants::minimums_come_to_nothing;
use crate::rules::runs_on;

const COUNTRIES: [Country; 9] =
    [US, DE, Country::GB, BR, Country::SG, Country::JP, Country::AU, Country::IN, Country::TH];

/// What somebody does about an account, or with it.
#[derive(Clone, Debug)]
enum Deed {
    Sell(i64),
    Refund(u8),
    ByHand(u8),
    /// What becomes of the last payout: it arrives, or a bank sends it back, for a reason of that bank account's or not, or the processor calls
    /// it off.
    End(u8),
    /// The platform takes the last payout back.
    TakeBack,
    /// A payer's bank takes the money of the last sale.
    Dispute,
    Pause(bool),
    /// Another bank account takes the place of the one that is paid, which is given up or not.
    Bank(bool),
    Schedule(PayoutSchedule),
    Keep(i64),
    Begin(u8),
    Trust(bool),
    HoldBack,
}

fn schedule() -> impl Strategy<Value = PayoutSchedule> {
    use Weekday::{Fri, Mon, Sat, Sun, Thu, Tue, Wed};

    let weekly = proptest::sample::subsequence(vec![Mon, Tue, Wed, Thu, Fri], 1..=3);
    let monthly = proptest::collection::vec(1..=31_u8, 1..=3);
    prop_oneof![
        1 => Just(PayoutSchedule::Manual),
        3 => Just(PayoutSchedule::Automatic(Recurrence::Daily)),
        2 => weekly.prop_map(|days| PayoutSchedule::Automatic(Recurrence::weekly(days).unwrap())),
        2 => monthly.prop_map(|days| PayoutSchedule::Automatic(Recurrence::monthly(days).unwrap())),
        1 => proptest::sample::select(vec![Sat, Sun])
            .prop_map(|day| PayoutSchedule::Automatic(Recurrence::weekly_anchor(day))),
    ]
}

fn deed() -> impl Strategy<Value = Deed> {
    prop_oneof![
        10 => (1_00..900_00_i64).prop_map(Deed::Sell),
        2 => (1..=100_u8).prop_map(Deed::Refund),
        1 => (1..=100_u8).prop_map(Deed::ByHand),
        3 => (0..4_u8).prop_map(Deed::End),
        1 => Just(Deed::TakeBack),
        1 => Just(Deed::Dispute),
        2 => any::<bool>().prop_map(Deed::Pause),
        1 => any::<bool>().prop_map(Deed::Bank),
        3 => schedule().prop_map(Deed::Schedule),
        3 => prop_oneof![1 => Just(0), 3 => 1..500_00_i64].prop_map(Deed::Keep),
        2 => (0..48_u8).prop_map(Deed::Begin),
        1 => any::<bool>().prop_map(Deed::Trust),
        1 => Just(Deed::HoldBack),
    ]
}

/// What is done, each so many minutes after what was done before: often within days, sometimes after months.
fn script() -> impl Strategy<Value = Vec<(i64, Deed)>> {
    let gap = prop_oneof![4 => 1..2_000_i64, 1 => 30_000..130_000_i64];
    proptest::collection::vec((gap, deed()), 20..50)
}

/// A platform with one seller.
#[derive(Clone)]
struct Rig {
    platform: Platform,
    jo: AccountId,
    currency: Currency,
    keys: u32,
    sales: Vec<PaymentId>,
}

fn book() -> Rulebook {
    let book = Rulebook::standard().with_vetting(Vetting::ByHost).with_unbanked_settlement(true);
    COUNTRIES.into_iter().fold(book, |book, country| {
        let currency = book.country(country).unwrap().default_currency();
        let price = Price::new(country, PaymentMethod::Card, currency, Rate::ZERO, 0);
        book.with_price(price).unwrap()
    })
}

/// The start of every script: seven minutes past midnight, so that no deed is done at the very start of a day.
fn start() -> Timestamp {
    utc(2026, 12, 1).at(0, 7)
}

impl Rig {
    fn new(country: Country, may_owe: bool) -> Self {
        let mut platform = Platform::new(NewPlatform::in_country(US), book(), start()).unwrap();
        let kind =
            if may_owe { NewAccount::express(country) } else { NewAccount::standard(country).platform_controls() };
        let jo = World::new().onboard(&mut platform, kind).unwrap();
        let currency = platform.account(jo).unwrap().default_currency();
        Self { platform, jo, currency, keys: 0, sales: Vec::new() }
    }

    fn key(&mut self) -> String {
        self.keys += 1;
        format!("deed-{}", self.keys)
    }

    /// What is refused is not done.
    fn act(&mut self, deed: &Deed) {
        let (key, jo, currency, now) = (self.key(), self.jo, self.currency, self.platform.now());
        let money = |minor| Money::new(minor, currency);
        let (platform, told) = (&mut self.platform, format!("told-{key}"));
        match deed {
            Deed::Sell(minor) => {
                let amount = money(minor - minor % 100);
                let Ok(mut theirs) = platform.acting_as(jo) else { return };
                let Ok(sale) = theirs.payments().create(&key, NewPayment::card(amount)) else { return };
                let charge = platform.payment(sale.answer).unwrap().latest_charge().unwrap();
                platform.payments().record_succeeded(&told, now, charge, amount).unwrap();
                self.sales.push(sale.answer);
            }
            Deed::Refund(percent) => {
                let Some(sale) = self.sales.last() else { return };
                let amount = platform.payment(*sale).unwrap().amount().minor() / 100 * i64::from(*percent);
                let refund = NewRefund::of(*sale).amount(money(amount));
                let _refused = platform.acting_as(jo).unwrap().refunds().create(&key, refund).is_err();
            }
            Deed::ByHand(percent) => {
                let there = i64::try_from(platform.balance(jo, currency).unwrap().available).unwrap();
                let amount = money(there / 100 * i64::from(*percent));
                let _refused = platform.acting_as(jo).unwrap().payouts().create(&key, amount).is_err();
            }
            Deed::End(how) => self.end(&told, *how),
            Deed::TakeBack => {
                let Some(payout) = self.last_payout() else { return };
                let back = Command::ReversePayout(ReversePayout { payout });
                let _refused = self.platform.handle(Request::new(key, back).acting_as(jo)).is_err();
            }
            Deed::Dispute => self.dispute(&key),
            Deed::Pause(stops) => {
                let pause = SetPause { account: jo, payments: None, payouts: Some(*stops) };
                let _refused = platform.handle(Request::new(key, Command::SetPause(pause))).is_err();
            }
            Deed::Bank(gives_up) => self.change_bank(&key, *gives_up),
            Deed::Schedule(schedule) => {
                let _refused = platform.payouts().set_schedule(&key, jo, *schedule).is_err();
            }
            Deed::Keep(minor) => {
                let _refused = platform.payouts().set_minimum_balance(&key, jo, money(*minor)).is_err();
            }
            Deed::Begin(half_hours) => {
                let offset = platform.rulebook().start_of_day_rule(platform.account(jo).unwrap().country());
                let offset = offset.map_or(0, |rule| rule.local_midnight().offset_minutes());
                let start = StartOfDay::new(offset, half_hours / 2, half_hours % 2 * 30).unwrap();
                let _refused = platform.payouts().set_start_of_day(&key, jo, start).is_err();
            }
            Deed::Trust(trusted) => {
                let speed = if *trusted { SettlementSpeed::Established } else { SettlementSpeed::Initial };
                platform.payouts().record_speed_reviewed(&told, now, jo, speed).unwrap();
            }
            Deed::HoldBack => {
                let tenth = NewReservePlan::rolling(jo, Rate::from_basis_points(10_00), 60);
                let _refused = platform.reserves().create_plan(&key, tenth).is_err();
            }
        }
    }

    /// Something becomes of the last payout.
    fn end(&mut self, told: &str, how: u8) {
        let (Some(last), now) = (self.last_payout(), self.platform.now()) else { return };
        let mut payouts = self.platform.payouts();
        let told = match how {
            0 => payouts.record_paid(told, now, last),
            1 => payouts.record_canceled(told, now, last),
            2 => payouts.record_failed(told, now, last, "account_closed"),
            _ => payouts.record_failed(told, now, last, "insufficient_funds"),
        };
        told.unwrap();
    }

    /// Another bank account is paid from now on; the one before is given up or not.
    fn change_bank(&mut self, key: &str, gives_up: bool) {
        let platform = &mut self.platform;
        let account = platform.account(self.jo).unwrap();
        let (known, country) = (account.bank_for(self.currency), account.country());
        let bank = fundroute::simulator::bank_account(platform.rulebook(), self.jo, country, self.currency);
        let bank = Command::AddExternalAccount(bank.default_for_currency());
        let added = platform.handle(Request::new(key, bank));
        if let (Ok(_), Some(known), true) = (added, known, gives_up) {
            let gone = Request::new(format!("{key}-gone"), Command::DeleteExternalAccount(known));
            let _refused = platform.handle(gone).is_err();
        }
    }

    fn last_payout(&self) -> Option<PayoutId> {
        let id = |record: &Record| if let Record::Payout(payout) = record { Some(payout.id()) } else { None };
        self.platform.records().filter_map(id).last()
    }

    /// The money of the last sale is gone at once.
    fn dispute(&mut self, key: &str) {
        let Some(charge) = self.sales.last().and_then(|sale| self.platform.payment(*sale).ok()?.latest_charge()) else {
            return;
        };
        let (now, amount) = (self.platform.now(), self.platform.charge(charge).unwrap().amount());
        let reference = format!("dispute-{charge}");
        let opened = DisputeOpened {
            charge: charge.into(),
            reference: reference.clone(),
            amount,
            reason: DisputeReason::Fraudulent,
            case: DisputeCase::Chargeback,
            network: None,
            respond_by: None,
            settled: None,
        };
        let gone =
            DisputeChanged { dispute: NamedDispute::Reference(reference), change: DisputeChange::FundsWithdrawn };
        for (number, fact) in [Fact::DisputeOpened(opened), Fact::DisputeChanged(gone)].into_iter().enumerate() {
            let report = fundroute::journal::Report::new(format!("{key}-{number}"), now, fact);
            self.platform.record(&report).unwrap();
        }
    }

    fn later(&self, minutes: i64) -> Timestamp {
        self.platform.now().checked_add(TimeDelta::minutes(minutes)).unwrap()
    }

    /// What the clock makes of the account, if nothing else happens.
    fn made(&self) -> Vec<Payout> {
        let mut platform = self.platform.clone();
        let until = platform.now().plus_days(800).unwrap();
        let fired = platform.advance_to(until).unwrap();
        let new = fired.iter().flat_map(|changes| &changes.records).filter(|write| write.read_at == 0);
        let payouts = new.filter_map(|write| match &write.record {
            Record::Payout(payout) if payout.account() == self.jo => Some(payout.as_ref().clone()),
            _ => None,
        });
        payouts.collect()
    }

    /// What a part of the platform tells that knows nothing at first.
    fn told_by_part(&self) -> Vec<Payout> {
        let who = Identity { platform: self.platform.id(), livemode: false };
        let mut part = Platform::partial(who, book(), self.platform.now());
        loop {
            match part.upcoming(self.jo) {
                Err(Error::NotLoaded(keys)) => {
                    assert!(!keys.is_empty() && keys.iter().all(|key| !part.is_loaded(*key)), "{keys:?}");
                    part.load(keys.into_iter().map(|key| self.platform.look_up(key)));
                }
                told => return told.unwrap(),
            }
        }
    }

    /// The same told by a calendar on paper, day by day from midnight to midnight: what has gathered above the minimum leaves on payout
    /// days. Knows nothing of refunds that wait and of reserves.
    fn on_paper(&self) -> Vec<(Timestamp, i128)> {
        let settings = self.platform.balance_settings(self.jo).unwrap();
        let least = if self.currency == USD { 1 } else { 1_00 };
        let mut there = self.platform.balance(self.jo, self.currency).unwrap().available;
        let mut pending = self.platform.pending(self.jo, self.currency);
        let mut payouts = Vec::new();
        let mut midnight = self.platform.now().midnight();
        for _ in 0..400 {
            midnight = midnight.plus_days(1).unwrap();
            there += pending.iter().filter(|(date, _)| *date <= midnight).map(|(_, amount)| amount).sum::<i128>();
            pending.retain(|(date, _)| *date > midnight);
            let date = midnight.micros() / 86_400_000_000;
            let above = there - i128::from(settings.minimum_balance(self.currency).minor());
            if runs_on(settings.schedule(), self.currency, date) && above >= least {
                there -= above;
                payouts.push((midnight, above));
            }
        }
        payouts
    }
}

/// From one start of a day to the next.
fn ticks(platform: &mut Platform, until: Timestamp) -> Vec<Changes> {
    let mut fired = Vec::new();
    while platform.now() < until {
        let next = platform.now().midnight().plus_days(1).unwrap().min(until);
        fired.extend(platform.advance_to(next).unwrap());
    }
    fired
}

fn steps(platform: &mut Platform, until: Timestamp, sizes: &mut impl Iterator<Item = i64>) -> Vec<Changes> {
    let mut fired = Vec::new();
    while platform.now() < until {
        let next = platform.now().checked_add(TimeDelta::microseconds(sizes.next().unwrap())).unwrap().min(until);
        fired.extend(platform.advance_to(next).unwrap());
    }
    fired
}

proptest! {
    #![proptest_config(crate::cases(48))]

    #[test]
    fn time_steps_do_not_matter_to_schedules_of_two_years(
        script in script(),
        country in proptest::sample::select(COUNTRIES.to_vec()),
        may_owe in any::<bool>(),
        sizes in proptest::collection::vec(1..5 * 86_400_000_000_i64, 1..20),
    ) {
        let rig = Rig::new(country, may_owe);
        let (mut jumps, mut days, mut any) = (rig.clone(), rig.clone(), rig);
        let mut sizes = sizes.iter().copied().cycle();
        let end = start().plus_days(2 * 365).unwrap();
        let gaps = script.iter().map(|(gap, deed)| (Some(*gap), Some(deed))).chain([(None, None)]);
        for (gap, deed) in gaps {
            let until = gap.map_or(end, |gap| jumps.later(gap)).max(jumps.platform.now());
            let fired = jumps.platform.advance_to(until).unwrap();
            fired.iter().for_each(minimums_come_to_nothing);
            prop_assert_eq!(&ticks(&mut days.platform, until), &fired);
            prop_assert_eq!(&steps(&mut any.platform, until, &mut sizes), &fired);
            if let Some(deed) = deed {
                for rig in [&mut jumps, &mut days, &mut any] {
                    rig.act(deed);
                }
            }
        }
        prop_assert_eq!(days.platform.snapshot(), jumps.platform.snapshot());
        prop_assert_eq!(any.platform.snapshot(), jumps.platform.snapshot());
        prop_assert_eq!(jumps.platform.audit(), vec![]);
    }

    #[test]
    fn what_is_told_beforehand_is_what_the_clock_makes(
        script in script(),
        country in proptest::sample::select(COUNTRIES.to_vec()),
        may_owe in any::<bool>(),
    ) {
        let mut rig = Rig::new(country, may_owe);
        let mut is_plain = rig.platform.rulebook().start_of_day_rule(country).is_none();
        for (gap, deed) in &script {
            let until = rig.later(*gap);
            rig.platform.advance_to(until).unwrap();
            rig.act(deed);
            is_plain &= !matches!(
                deed,
                Deed::Refund(_) | Deed::HoldBack | Deed::Dispute | Deed::Pause(_) | Deed::Bank(_) | Deed::End(2)
            );
            let before = rig.platform.snapshot();
            let told = rig.platform.upcoming(rig.jo).unwrap();
            prop_assert_eq!(rig.platform.snapshot(), before);
            prop_assert_eq!(&told, &rig.made());
            prop_assert_eq!(&rig.told_by_part(), &told);
            // At midnight itself, whether a run has been and gone depends on what was done first.
            if is_plain && until != until.midnight() {
                let told: Vec<_> =
                    told.iter().map(|payout| (payout.created(), i128::from(payout.amount().minor()))).collect();
                prop_assert_eq!(told, rig.on_paper());
            }
        }
    }
}
