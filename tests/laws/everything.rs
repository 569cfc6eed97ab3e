//! Everything that anybody can ask, and the world can tell, about accounts: sensible, senseless and malicious, by whom it may be.
//! The laws hold at every step.

mod asks;
mod told;

use fundroute::accounts::{Access, NewAccount};
use fundroute::ids::{AccountId, ChargeId};
use fundroute::journal::{BalanceRow, Changes, Fact, Outcome, Record, Report};
use fundroute::payments::{ChargeSucceeded, Named, NewPayment};
use fundroute::payouts::{BankDebit, Overdraft, PayoutSchedule, SetPayoutSchedule};
use fundroute::platform::Identity;
use fundroute::prelude::*;
use fundroute::rulebook::{BusinessType, Capability, Vetting};
use fundroute::simulator::World;
use proptest::prelude::*;

/// Numbers drawn from a seed (xorshift), so that one number makes up a whole step.
pub(crate) struct Draw(u64);

impl Draw {
    pub(crate) const fn of(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1)
    }

    const fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    pub(crate) fn below(&mut self, count: usize) -> usize {
        let count = u64::try_from(count.max(1)).unwrap();
        usize::try_from(self.next() % count).unwrap()
    }

    pub(crate) fn one_of<T: Clone>(&mut self, all: &[T]) -> Option<T> {
        if all.is_empty() { None } else { Some(all[self.below(all.len())].clone()) }
    }

    pub(crate) const fn toss(&mut self) -> bool {
        self.next() & 8 == 0
    }
}

/// What a platform knows, without the versions of its records and what it could not take up.
fn essence(platform: &Platform) -> (Vec<Record>, Vec<BalanceRow>) {
    let snapshot = platform.snapshot();
    let records = snapshot.records.into_iter().map(|(_, record)| record);
    let mut records: Vec<Record> =
        records.filter(|record| !matches!(record, Record::Anomaly(_) | Record::ParkedFact(_))).collect();
    records.sort_by_key(Record::id);
    let rows = snapshot.balances.into_iter().map(|row| {
        // What is over is as if it had never been.
        let overdraft = row.overdraft.filter(Overdraft::is_open);
        BalanceRow { cycle_version: 0, queue_version: 0, overdraft, ..row }
    });
    (records, rows.filter(|row| *row != BalanceRow::empty(row.account, row.currency)).collect())
}

/// The first thing that two platforms know differently.
pub(crate) fn difference(one: &Platform, other: &Platform) -> Option<String> {
    let ((ours, our_rows), (theirs, their_rows)) = (essence(one), essence(other));
    let record = ours.iter().zip(&theirs).find(|(ours, theirs)| ours != theirs);
    let row = our_rows.iter().zip(&their_rows).find(|(ours, theirs)| ours != theirs);
    match (record, row) {
        (Some(pair), _) => Some(format!("{pair:#?}")),
        (None, Some(pair)) => Some(format!("{pair:#?}")),
        (None, None) => {
            let counts = [ours.len(), theirs.len(), our_rows.len(), their_rows.len()];
            (counts[..2] != [counts[0]; 2] || counts[2..] != [counts[2]; 2]).then(|| format!("{counts:?}"))
        }
    }
}

/// What a worker decides that looks everything up on the way.
pub(crate) fn by_worker<T>(
    store: &Platform,
    now: Timestamp,
    mut decide: impl FnMut(&Platform) -> Result<T, Error>,
) -> Result<T, Error> {
    let who = Identity { platform: store.id(), livemode: store.livemode() };
    let mut worker = Platform::partial(who, store.rulebook().clone(), now);
    for _ in 0..50 {
        match decide(&worker) {
            Err(Error::NotLoaded(keys)) => {
                assert!(keys.iter().all(|key| !worker.is_loaded(*key)), "it asks for what it has");
                worker.load(keys.into_iter().map(|key| store.look_up(key)));
            }
            decided => return decided,
        }
    }
    panic!("it asks for ever");
}

/// A platform with money, and three sellers of different kinds, each somewhere on its way.
fn opened(draw: &mut Draw) -> (Platform, World) {
    let vetting = if draw.below(4) == 0 { Vetting::ByHost } else { Vetting::ByRequirements };
    let book = Rulebook::standard().with_vetting(vetting).with_v2_events(draw.toss());
    let now = utc(2026, 11, 2).at(12, 0);
    let mut platform = Platform::new(NewPlatform::in_country(US), book, now).unwrap();
    let mut world = World::new();
    let application = fundroute::accounts::NewApplication::platform("https://shop.example/back");
    platform.connections().register("application", application).unwrap();
    let custom = NewAccount::custom(US).request(Capability::CardPayments).request(Capability::Transfers);
    let kinds = [NewAccount::express(US), custom.business_type(BusinessType::Company), NewAccount::standard(US)];
    let account = platform.id();
    let by_hand = SetPayoutSchedule { account, schedule: PayoutSchedule::Manual };
    platform.handle(Request::new("by hand", Command::SetPayoutSchedule(by_hand))).unwrap();
    platform.payments().create("fund", NewPayment::card(usd(50_000_00))).unwrap();
    for (number, new) in kinds.into_iter().enumerate() {
        let rounds = draw.below(4);
        if rounds == 3 {
            let id = world.onboard(&mut platform, new).unwrap();
            platform
                .payments()
                .create(&format!("sale-{number}"), NewPayment::card(usd(400_00)).destination(id))
                .unwrap();
            continue;
        }
        let id = platform.accounts().create(&format!("open-{number}"), new).unwrap().answer;
        for _ in 0..rounds {
            for request in world.answers(&platform, id).unwrap() {
                let _refused = platform.handle(request);
            }
        }
    }
    world.advance(&mut platform, days(3)).unwrap();
    (platform, world)
}

/// Of two decisions made at the same time both stand only if the second would have been made after the first just as well.
pub(crate) fn nothing_is_lost(platform: &Platform, first: &Changes, second: &Changes, again: impl Fn(&mut Platform)) {
    let mut at_once = platform.clone();
    at_once.apply(first).unwrap();
    let mut in_turn = at_once.clone();
    if at_once.apply(second).is_ok() {
        again(&mut in_turn);
        // A volume that was reached is looked at a microsecond later.
        let soon = Timestamp::from_micros(platform.now().micros() + 1).unwrap();
        at_once.advance_to(soon).unwrap();
        in_turn.advance_to(soon).unwrap();
        assert_eq!(difference(&at_once, &in_turn), None, "a lost update");
    }
}

/// What is written down about accounts is what one finds who looks now, and there are runs ahead where there is something to pay.
fn is_up_to_date(platform: &Platform) {
    let snapshot = platform.snapshot();
    for row in &snapshot.balances {
        let owner = platform.account(row.account).unwrap();
        let bank = owner.bank_for(row.currency);
        let is_payable =
            owner.payouts_enabled() && bank.is_some_and(|bank| platform.external_account(bank).unwrap().is_usable());
        let is_manual = matches!(platform.balance_settings(row.account).unwrap().schedule(), PayoutSchedule::Manual);
        assert!(row.next_run.is_none() || is_payable, "a run without anything to pay to: {row:?}");
        let is_armed = row.next_run.is_some() || row.paid_through.is_some() || is_manual;
        assert!(row.available <= 0 || !is_payable || is_armed, "money that never leaves: {row:?}");
        let is_debited = platform.balance_settings(row.account).unwrap().debits_negative_balances()
            && bank.and_then(|bank| platform.external_account(bank).ok()).is_some_and(|bank| {
                bank.is_usable() && platform.rulebook().bank_debit_terms(bank.country(), row.currency).is_some()
            });
        let is_asked = row.debit != BankDebit::None || owner.standing().access == Access::Closed;
        assert!(row.available >= -10_00 || !is_debited || is_asked, "a debt that nobody asks a bank for: {row:?}");
        let is_watched = row.crossed_at.is_some() || row.watch.is_none_or(|watch| row.volume < watch.into());
        assert!(is_watched, "a volume that nobody saw: {row:?}");
        let is_seen = row.funded_at.is_some() || row.refund_needs.is_none_or(|needs| row.available < needs.into());
        assert!(is_seen && row.first_refund.is_some() == row.refund_needs.is_some(), "money that nobody saw: {row:?}");
    }
    let crossing: Vec<AccountId> =
        snapshot.balances.iter().filter(|row| row.crossed_at.is_some()).map(|row| row.account).collect();
    for account in asks::accounts(platform).into_iter().filter(|id| *id != platform.id() && !crossing.contains(id)) {
        let request = Request::new("look again", Command::ReassessAccount(account));
        let changes = platform.decide(&request).unwrap().changes;
        for write in &changes.records {
            let known = snapshot.records.iter().find(|(_, record)| record.id() == write.record.id()).unwrap();
            assert_eq!(known.1, write.record, "what was written down is out of date");
        }
        assert!(changes.cycles.is_empty() && changes.watches.is_empty() && changes.events.is_empty());
    }
}

fn wait(platform: &mut Platform, world: &mut World, draw: &mut Draw) {
    let hour = 3_600_000_000;
    let micros = draw.one_of(&[1, 1_000_000, hour, 24 * hour, 30 * 24 * hour]).unwrap();
    let until = Timestamp::from_micros(platform.now().micros() + micros).unwrap();
    if let Some(deadline) = platform.deadlines().next().copied().filter(|deadline| deadline.due <= until) {
        let whole = platform.decide_next(until).unwrap().unwrap();
        let part = by_worker(platform, until, |worker| worker.decide_due(deadline));
        assert_eq!(part, Ok(whole), "{deadline:?}");
    }
    platform.advance_to(until).unwrap();
    if draw.below(3) == 0 {
        world.settle(platform).unwrap();
    }
}

fn ask(platform: &mut Platform, draw: &mut Draw) {
    let Some(request) = asks::request(draw, platform) else { return };
    let whole = platform.decide(&request);
    assert_eq!(by_worker(platform, platform.now(), |worker| worker.decide(&request)), whole, "{request:?}");
    if let (Ok(ours), Some(other)) = (&whole, asks::request(draw, platform))
        && other.key != request.key
        && let Ok(theirs) = platform.decide(&other)
    {
        nothing_is_lost(platform, &ours.changes, &theirs.changes, |after| {
            assert!(after.handle(other.clone()).is_ok(), "{other:?}");
        });
    }
    let before = platform.snapshot();
    let refused = platform.handle(request).is_err();
    assert!(!refused || platform.snapshot() == before, "a refusal left a trace");
}

fn tell(platform: &mut Platform, draw: &mut Draw) {
    let Some(report) = told::report(draw, platform) else { return };
    let whole = platform.decide_fact(&report);
    assert_eq!(by_worker(platform, platform.now(), |worker| worker.decide_fact(&report)), whole, "{report:?}");
    if let (Ok(fact), Some(other)) = (&whole, asks::request(draw, platform))
        && let Ok(asked) = platform.decide(&other)
    {
        nothing_is_lost(platform, &fact.changes, &asked.changes, |after| drop(after.handle(other.clone()).unwrap()));
        nothing_is_lost(platform, &asked.changes, &fact.changes, |after| drop(after.record(&report).unwrap()));
    }
    platform.record(&report).unwrap();
}

/// Which attempt a fact says has succeeded. Of two different moments of one success the first told stays, as is documented.
fn success(report: &Report) -> Option<ChargeId> {
    match report.fact {
        Fact::ChargeSucceeded(ChargeSucceeded { charge: Named::Id(charge), .. }) => Some(charge),
        _ => None,
    }
}

fn tell_in_two_orders(platform: &mut Platform, draw: &mut Draw) {
    let mut reports: Vec<Report> = Vec::new();
    for _ in 0..2 + draw.below(3) {
        let Some(report) = told::report(draw, platform) else { continue };
        let is_second = |known: &Report| success(known).is_some() && success(known) == success(&report);
        if !reports.iter().any(|known| known.id == report.id || is_second(known)) {
            reports.push(report);
        }
    }
    let (mut one, mut other) = (platform.clone(), platform.clone());
    for report in &reports {
        one.record(report).unwrap();
    }
    for report in reports.iter().rev() {
        other.record(report).unwrap();
        assert_eq!(other.record(report).unwrap().outcome, Outcome::Replayed);
    }
    // A volume that was reached is looked at a microsecond later.
    let soon = Timestamp::from_micros(platform.now().micros() + 1).unwrap();
    one.advance_to(soon).unwrap();
    other.advance_to(soon).unwrap();
    assert_eq!(difference(&one, &other), None, "{reports:#?}");
    *platform = one;
}

proptest! {
    #![proptest_config(crate::cases(40))]

    #[test]
    fn the_laws_hold_whatever_is_asked_about_accounts(
        start in any::<u64>(),
        steps in proptest::collection::vec(any::<u64>(), 30..120),
    ) {
        let (mut platform, mut world) = opened(&mut Draw::of(start));
        for (number, step) in steps.into_iter().enumerate() {
            let mut draw = Draw::of(step);
            match draw.below(10) {
                0 => wait(&mut platform, &mut world, &mut draw),
                1..=6 => ask(&mut platform, &mut draw),
                7 | 8 => tell(&mut platform, &mut draw),
                _ => tell_in_two_orders(&mut platform, &mut draw),
            }
            is_up_to_date(&platform);
            if number % 20 == 0 {
                prop_assert_eq!(platform.audit(), []);
            }
        }
        platform.advance_to(utc(2029, 1, 1)).unwrap();
        prop_assert_eq!(platform.audit(), []);
        let restored = Platform::restore(platform.rulebook().clone(), platform.snapshot(), platform.now());
        prop_assert_eq!(restored.snapshot(), platform.snapshot());
        for record in platform.records() {
            let Record::Account(account) = record else { continue };
            crate::support::check_summary(&platform, account);
            prop_assert_eq!(restored.account_summary(account.id()), platform.account_summary(account.id()));
        }
    }
}
