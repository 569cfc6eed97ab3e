//! What is counted of accounts is what their records say, what rules find is what was counted, and what the platform answers for is what
//! the balances and the open disputes come to.

use std::collections::BTreeMap;

use fundroute::accounts::LossBearer;
use fundroute::ids::{AccountId, ReviewId};
use fundroute::journal::{Changes, Record};
use fundroute::money::{Currency, Rate};
use fundroute::payments::{Charge, DisputeStatus};
use fundroute::prelude::*;
use fundroute::rulebook::DisputeFeeKind;
use fundroute::tools::risk::{
    CloseReview, Comparison, Condition, Figure, LONGEST_WINDOW, Measure, NewRiskRule, OpenReview, ReviewOf,
    RiskCommand, RiskOutcome, Share, Tally, Threshold, UpdateRiskRule, Value, Verdict,
};
use proptest::prelude::*;

use crate::facts_converge::outcome;
use crate::partial_equals_whole::{work, worker};
use crate::stage::{Act, Came, Stage};
use crate::store::Store;
use crate::story::{Step, Story, story};

/// What somebody does about risk between two steps: what, and of which.
type Wish = (u8, u16);

fn wishes() -> impl Strategy<Value = Vec<Option<Wish>>> {
    proptest::collection::vec(proptest::option::weighted(0.35, any::<(u8, u16)>()), 160)
}

fn rules() -> Vec<NewRiskRule> {
    let percent = |percent: &str| percent.parse::<Rate>().unwrap();
    let rule = |name: &str, condition, outcome| NewRiskRule::new(name, condition, outcome);
    let disputes = Figure::DisputeRate { days: 30, of: Share::Number, least: 1 };
    let refunds = Figure::RefundRate { days: 60, of: Share::Amount, least: 1 };
    let reserve = RiskOutcome::SetReserve { percent: percent("10 %"), days: 5 };
    vec![
        rule("sells", Condition::at_least_amount(Figure::Volume { days: 7 }, usd(200_00)), reserve),
        rule("disputed", Condition::at_least_rate(disputes, percent("20 %")), RiskOutcome::HoldPayouts),
        rule("gives back", Condition::at_least_rate(refunds, percent("5 %")), RiskOutcome::Review),
        rule("owes", Condition::at_least_amount(Figure::NegativeExposure, usd(1)), RiskOutcome::Review),
        rule("new", Condition::below(Figure::FirstPayment, 2), RiskOutcome::Review),
        rule("warned", Condition::at_least(Figure::FraudWarnings { days: 1 }, 1), RiskOutcome::Pause),
        rule("old", Condition::at_least(Figure::AccountAge, 90), RiskOutcome::Allow),
        rule("slow", Condition::below(Figure::PayoutSpeed, 3).in_currency(EUR), RiskOutcome::Review),
    ]
}

/// All accounts but the platform's own.
fn sellers(platform: &Platform) -> Vec<AccountId> {
    let accounts = platform.records().filter_map(|record| match record {
        Record::Account(account) if !account.is_platform() => Some(account.id()),
        _ => None,
    });
    accounts.collect()
}

/// What a wish comes to as things stand.
fn command(platform: &Platform, (what, which): Wish) -> Option<RiskCommand> {
    fn pick<T: Copy>(all: &[T], which: u16) -> Option<T> {
        all.get(usize::from(which) % all.len().max(1)).copied()
    }
    let all = |of: fn(&Record) -> Option<ReviewId>| platform.records().filter_map(of).collect::<Vec<_>>();
    let review =
        || pick(&all(|record| if let Record::Review(review) = record { Some(review.id()) } else { None }), which);
    let verdict = if which.is_multiple_of(3) { Verdict::Uphold } else { Verdict::Approve };
    Some(match what % 8 {
        0..3 => RiskCommand::Assess(pick(&sellers(platform), which)?),
        3..5 => RiskCommand::CloseReview(CloseReview { review: review()?, verdict }),
        5 => {
            let payments = platform.records().filter_map(|record| match record {
                Record::Payment(payment) => Some(payment.id()),
                _ => None,
            });
            RiskCommand::OpenReview(OpenReview { of: ReviewOf::Payment(pick(&payments.collect::<Vec<_>>(), which)?) })
        }
        6 => {
            let rules: Vec<_> = platform.risk_rules().unwrap().iter().map(|rule| rule.id()).collect();
            let update = UpdateRiskRule::of(pick(&rules, which)?);
            RiskCommand::UpdateRule(if what < 128 { update.enabled(what < 100) } else { update.at_place(which % 9) })
        }
        _ => RiskCommand::CreateRule(pick(&(0..8).collect::<Vec<_>>(), which).map(|of: usize| rules()[of].clone())?),
    })
}

/// Plays a story with rules from the beginning, and wishes in between.
fn play(story: &Story, wishes: &[Option<Wish>], mut done: impl FnMut(&Stage, &Act, &Result<Came, Error>)) -> Stage {
    let mut stage = Stage::new(story.rules);
    for (number, rule) in rules().into_iter().enumerate() {
        let act = Act::Ask(Request::new(format!("rule {number}"), Command::Risk(RiskCommand::CreateRule(rule))));
        let came = stage.play(&act);
        assert!(came.is_ok(), "{came:?}");
        done(&stage, &act, &came);
    }
    for (number, step) in story.steps.iter().enumerate() {
        let wish = wishes.get(number).copied().flatten();
        if let Some(command) = wish.and_then(|wish| command(&stage.platform, wish)) {
            let act = Act::Ask(Request::new(format!("wish {number}"), Command::Risk(command)));
            let came = stage.play(&act);
            done(&stage, &act, &came);
        }
        let act = stage.act(step);
        let came = stage.play(&act);
        done(&stage, &act, &came);
    }
    stage
}

type Days = BTreeMap<(AccountId, Currency), BTreeMap<Timestamp, Tally>>;

/// What was counted up to a moment, once more, from the records of what happened.
fn counted(platform: &Platform, until: Timestamp) -> Days {
    let mut days = Days::new();
    let mut add = |charge: &Charge, at: Timestamp, tally: Tally| {
        let payment = platform.payment(charge.payment()).unwrap();
        let seller = match *payment.flow() {
            fundroute::payments::Flow::Direct { account, .. }
            | fundroute::payments::Flow::Destination { account, .. } => account,
            fundroute::payments::Flow::Separate => return,
        };
        let day = days.entry((seller, charge.amount().currency())).or_default().entry(at.midnight()).or_default();
        *day = day.plus(tally);
    };
    for record in platform.records() {
        match record {
            Record::Charge(charge) if charge.amount_captured().is_positive() => {
                let volume = charge.amount_captured().minor();
                add(charge, charge.created(), Tally { payments: 1, volume, ..Tally::default() });
            }
            Record::Refund(refund) => {
                let Some(booked) = refund.booked_at().filter(|booked| *booked <= until) else { continue };
                let charge = platform.charge(refund.charge()).unwrap();
                add(charge, booked, Tally { refunds: 1, refunded: refund.amount().minor(), ..Tally::default() });
            }
            Record::Dispute(dispute) => {
                let inquiries = [
                    DisputeStatus::WarningNeedsResponse,
                    DisputeStatus::WarningUnderReview,
                    DisputeStatus::WarningClosed,
                ];
                if !inquiries.contains(&dispute.status()) {
                    let charge = platform.charge(dispute.charge()).unwrap();
                    let tally = Tally { disputes: 1, disputed: dispute.amount().minor(), ..Tally::default() };
                    add(charge, dispute.opened(), tally);
                }
            }
            Record::EarlyFraudWarning(warning) => {
                let charge = platform.charge(warning.charge()).unwrap();
                add(charge, warning.created(), Tally { warnings: 1, ..Tally::default() });
            }
            _ => {}
        }
    }
    days
}

fn in_window(days: &Days, (account, currency): (AccountId, Currency), now: Timestamp, length: u16) -> Tally {
    let Some(of) = days.get(&(account, currency)) else { return Tally::default() };
    let inside = |day: &&Timestamp| **day <= now && now.since(**day) < fundroute::calendar::days(length.into());
    of.keys().filter(inside).fold(Tally::default(), |sum, day| sum.plus(of[day]))
}

/// What a figure that is counted comes to.
fn value(figure: Figure, tally: &Tally) -> Option<Value> {
    let rate = |of: Share, least: u32, (number, amount): (i64, i64)| {
        let (part, whole) = if of == Share::Number { (number, tally.payments) } else { (amount, tally.volume) };
        (whole > 0 && tally.payments >= i64::from(least)).then_some(Value::Share { part, whole })
    };
    match figure {
        Figure::Disputes { .. } => Some(Value::Number(tally.disputes)),
        Figure::FraudWarnings { .. } => Some(Value::Number(tally.warnings)),
        Figure::Payments { .. } => Some(Value::Number(tally.payments)),
        Figure::Volume { .. } => Some(Value::Amount(tally.volume)),
        Figure::DisputeRate { of, least, .. } => rate(of, least, (tally.disputes, tally.disputed)),
        Figure::RefundRate { of, least, .. } => rate(of, least, (tally.refunds, tally.refunded)),
        Figure::AccountAge | Figure::FirstPayment | Figure::NegativeExposure | Figure::PayoutSpeed => None,
    }
}

/// That a figure is on the side on which it has to be.
fn is_beyond(condition: &Condition, value: Value) -> bool {
    let (value, threshold) = match (value, condition.threshold) {
        (Value::Number(value), Threshold::Number(number)) => (value.into(), number.into()),
        (Value::Amount(value), Threshold::Amount(amount)) => (value.into(), i128::from(amount.minor())),
        (Value::Share { part, whole }, Threshold::Rate(rate)) => {
            let scale = rust_decimal::Decimal::from(1_000_000);
            let rate: i128 = (rate.fraction() * scale).try_into().unwrap();
            (i128::from(part) * 1_000_000, i128::from(whole) * rate)
        }
        other => panic!("{other:?}"),
    };
    match condition.comparison {
        Comparison::AtLeast => value >= threshold,
        Comparison::Below => value < threshold,
    }
}

/// That all reviews that these changes have opened by a rule have the figures that can be computed again.
fn check_findings(platform: &Platform, changes: &Changes, reached: &mut BTreeMap<String, u32>) {
    for write in &changes.records {
        let Record::Review(review) = &write.record else { continue };
        let Some(finding) = review.finding().filter(|_| write.read_at == 0) else { continue };
        assert!(is_beyond(&finding.condition, finding.value), "{finding:?}");
        let figure = finding.condition.figure;
        if let Some(days) = figure.days() {
            let counted = counted(platform, review.opened());
            let tally = in_window(&counted, (review.account(), finding.currency), review.opened(), days);
            assert_eq!(value(figure, &tally), Some(finding.value), "{finding:?}");
        }
        let figure = format!("{figure:?}").split(' ').next().unwrap().to_owned();
        *reached.entry(figure).or_default() += 1;
        let measure = format!("{:?}", finding.measure);
        *reached.entry(measure.split(['(', ' ']).next().unwrap().to_owned()).or_default() += 1;
        // Of an account a rule has at most one review that is open.
        let open = platform.open_reviews();
        let same = open.iter().filter(|known| {
            known.account() == review.account() && known.finding().is_some_and(|of| of.rule == finding.rule)
        });
        assert!(same.count() <= 1);
        if let Measure::Reserved(plan) = finding.measure {
            assert_eq!(platform.reserve_plan(plan).unwrap().account(), review.account());
        }
    }
}

/// What the platform answers for, once more, from all balances and all disputes.
fn check_exposure(platform: &Platform) {
    let exposure = platform.exposure().unwrap();
    let mut disputes: BTreeMap<(AccountId, Currency), i128> = BTreeMap::new();
    for record in platform.records() {
        let Record::Dispute(dispute) = record else { continue };
        let is_over = [DisputeStatus::Won, DisputeStatus::Lost, DisputeStatus::Prevented, DisputeStatus::WarningClosed];
        if is_over.contains(&dispute.status()) {
            continue;
        }
        let owner = platform.charge(dispute.charge()).unwrap().owner();
        let coin = dispute.settlement_currency();
        if !dispute.was_withdrawn() {
            let fee = dispute.fee_terms(DisputeFeeKind::Received).map_or(0, |fee| fee.minor());
            *disputes.entry((dispute.fee_payer(), coin)).or_default() += i128::from(fee);
        }
        if coin == dispute.amount().currency() {
            let left = dispute.amount().minor() - dispute.withdrawn().minor();
            *disputes.entry((owner, coin)).or_default() += i128::from(left);
        }
    }
    for of in &exposure.currencies {
        assert!(of.accounts.is_sorted_by_key(|row| std::cmp::Reverse(row.owed_if_lost)));
        for row in &of.accounts {
            let held = platform.balance(row.account, of.currency).unwrap();
            assert_eq!(row.owed, (-held.available).max(0));
            assert_eq!(row.owed_if_lost, (row.disputes - held.available).max(0));
            assert!(row.owed <= row.owed_if_lost && row.uncovered <= row.owed_if_lost);
            assert_eq!(row.uncovered, (row.owed_if_lost - held.pending.max(0) - held.risk_reserved).max(0));
        }
        let sum =
            |what: fn(&fundroute::tools::risk::AccountExposure) -> i128| of.accounts.iter().map(what).sum::<i128>();
        assert_eq!((of.owed, of.disputes), (sum(|row| row.owed), sum(|row| row.disputes)));
        assert_eq!((of.owed_if_lost, of.uncovered), (sum(|row| row.owed_if_lost), sum(|row| row.uncovered)));
    }
    // Whoever owes, or may, is in it, if the platform answers for them.
    let mut owed: BTreeMap<&str, i128> = BTreeMap::new();
    for (account, currency) in platform.balances() {
        let controller = platform.account(account).unwrap().controller();
        if controller.is_some_and(|controller| controller.losses == LossBearer::Processor) {
            continue;
        }
        let available = platform.balance(account, currency).unwrap().available;
        *owed.entry(currency.code()).or_default() += (-available).max(0);
        let row = exposure.currency(currency).and_then(|of| of.accounts.iter().find(|row| row.account == account));
        let expected = disputes.get(&(account, currency)).copied().unwrap_or(0);
        assert!(row.map_or(0, |row| row.disputes) >= expected, "{account} {currency}: {row:?}, {expected}");
        assert!(row.is_some() || available >= 0, "{account} owes {available} {currency}");
    }
    for (code, owed) in owed {
        let known = exposure.currencies.iter().find(|of| of.currency.code() == code).map_or(0, |of| of.owed);
        assert_eq!(known, owed, "{code}");
    }
}

fn check_tallies(platform: &Platform) {
    let counted = counted(platform, platform.now());
    for seller in sellers(platform) {
        for currency in [USD, EUR, GBP, BRL] {
            for days in [1, 7, LONGEST_WINDOW] {
                let naive = in_window(&counted, (seller, currency), platform.now(), days);
                assert_eq!(platform.risk_tally(seller, currency, days).unwrap(), naive, "{seller} {currency} {days}");
            }
        }
    }
}

proptest! {
    #![proptest_config(crate::cases(32))]

    /// What is counted is what happened, what rules find is what was counted, a worker with a store decides the same, and the journal
    /// replayed is the same.
    #[test]
    fn the_laws_hold_with_rules_over_accounts(story in story(40..120), wishes in wishes()) {
        let mut acts = 0_u32;
        let mut workers: Option<(Store, crate::store::Worker)> = None;
        let mut reached = BTreeMap::new();
        let stage = play(&story, &wishes, |stage, act, came| {
            let (store, worker) = workers.get_or_insert_with(|| {
                let start = Stage::new(story.rules);
                (Store::of(&start.journal), worker(&start))
            });
            let whole = came.as_ref().map(|came| came.changes().cloned().collect::<Vec<Changes>>());
            let part = work(store, worker, act);
            assert_eq!(part.as_ref(), whole.as_ref().map_err(|error| *error), "{act:?}");
            for changes in whole.into_iter().flatten() {
                check_findings(&stage.platform, &changes, &mut reached);
            }
            acts += 1;
            if acts.is_multiple_of(16) {
                check_tallies(&stage.platform);
                check_exposure(&stage.platform);
            }
        });
        check_tallies(&stage.platform);
        check_exposure(&stage.platform);
        prop_assert_eq!(stage.platform.audit(), []);
        let again = Platform::replay(story.rules.book(), stage.journal.clone()).unwrap();
        prop_assert_eq!(again.snapshot(), stage.platform.snapshot());
        let bytes = postcard::to_stdvec(&stage.platform.snapshot()).unwrap();
        let read = Platform::restore(story.rules.book(), postcard::from_bytes(&bytes).unwrap(), stage.platform.now());
        prop_assert_eq!(read.snapshot(), stage.platform.snapshot());
        prop_assert_eq!(read.open_reviews(), stage.platform.open_reviews());
        prop_assert_eq!(read.exposure(), stage.platform.exposure());
    }

    /// The nights come by themselves, in one step or in many.
    #[test]
    fn rules_look_at_the_same_in_one_step_or_in_many(story in story(40..100), wishes in wishes(), pieces in 1..50_i64) {
        let stage = play(&story, &wishes, |_, _, _| ());
        let (mut one, mut many) = (stage.platform.clone(), stage.platform.clone());
        let until = stage.platform.now().plus_days(9).unwrap();
        let whole = one.advance_to(until).unwrap();
        let mut parts = Vec::new();
        for piece in 1..=pieces {
            let micros = until.since(stage.platform.now()).num_microseconds().unwrap() / pieces * piece;
            let next = stage.platform.now().checked_add(chrono::TimeDelta::microseconds(micros)).unwrap();
            parts.extend(many.advance_to(next).unwrap());
        }
        parts.extend(many.advance_to(until).unwrap());
        prop_assert_eq!(whole, parts);
    }

    /// The facts since the last command or hour, told the other way round, are counted the same and end the same reviews.
    #[test]
    fn facts_are_counted_the_same_in_any_order(story in story(40..100), wishes in wishes(), turn in any::<usize>()) {
        let (before, mut facts) = {
            let stage = play(&story, &wishes, |_, _, _| ());
            let disputes = about_open_payments(&stage.platform);
            (stage, disputes)
        };
        let tell = |facts: &[Act]| {
            let mut stage = before.clone();
            for fact in facts {
                let told = stage.play(fact);
                assert!(told.is_ok(), "{told:?}");
            }
            stage
        };
        let first = tell(&facts);
        let length = facts.len().max(1);
        facts.rotate_left(turn % length);
        if turn.is_multiple_of(2) {
            facts.reverse();
        }
        let second = tell(&facts);
        // A day on which nothing is left is as one that never was: what was told with an earlier time later has left it.
        let told = |platform: &Platform| {
            let (mut records, pots) = outcome(platform);
            records.retain(|_, record| !matches!(record, Record::RiskDay(day) if day.tally() == Tally::default()));
            (records, pots)
        };
        prop_assert_eq!(told(&first.platform), told(&second.platform));
        check_tallies(&first.platform);
    }
}

/// Warnings and disputes of charges that succeeded, each told twice with different times, and inquiries that escalate.
fn about_open_payments(platform: &Platform) -> Vec<Act> {
    use fundroute::journal::{Fact, Report};
    use fundroute::payments::{
        DisputeCase, DisputeChange, DisputeChanged, DisputeOpened, DisputeReason, FraudType, FraudWarned, NamedDispute,
    };
    let now = platform.now();
    let charges = platform.records().filter_map(|record| match record {
        Record::Charge(charge) if charge.amount_captured().is_positive() => Some(charge),
        _ => None,
    });
    let mut facts = Vec::new();
    for (number, charge) in charges.take(4).enumerate() {
        let reference = format!("told of {}", charge.id());
        let is_inquiry = number.is_multiple_of(2);
        for (time, hours) in [3_i64, 30].into_iter().enumerate() {
            let at = now.checked_add(chrono::TimeDelta::hours(-hours)).unwrap();
            let warned =
                FraudWarned { charge: charge.id().into(), reference: reference.clone(), fraud_type: FraudType::Misc };
            facts.push(Report::new(format!("warned {number} {time}"), at, Fact::FraudWarned(warned)));
            let opened = DisputeOpened {
                charge: charge.id().into(),
                reference: reference.clone(),
                amount: charge.amount(),
                reason: DisputeReason::General,
                case: if is_inquiry { DisputeCase::Inquiry } else { DisputeCase::Chargeback },
                network: None,
                respond_by: Some(now.plus_days(9).unwrap()),
                settled: None,
            };
            facts.push(Report::new(format!("opened {number} {time}"), at, Fact::DisputeOpened(opened)));
        }
        if is_inquiry {
            let change = DisputeChange::Escalated { respond_by: Some(now.plus_days(12).unwrap()) };
            let changed = DisputeChanged { dispute: NamedDispute::Reference(reference), change };
            facts.push(Report::new(format!("escalated {number}"), now, Fact::DisputeChanged(changed)));
        }
    }
    facts.into_iter().map(Act::Tell).collect()
}

/// What the stories have to come to for the laws to say something.
#[test]
fn stories_come_to_findings_of_every_sort() {
    use proptest::strategy::ValueTree;
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    let mut reached = BTreeMap::new();
    for _ in 0..60 {
        let mut story = story(60..140).new_tree(&mut runner).unwrap().current();
        story.steps.push(Step::UntilMidnight { days: 1 });
        let wishes = wishes().new_tree(&mut runner).unwrap().current();
        play(&story, &wishes, |stage, _, came| {
            for changes in came.iter().flat_map(Came::changes) {
                check_findings(&stage.platform, changes, &mut reached);
            }
        });
    }
    for what in [
        "Volume",
        "DisputeRate",
        "RefundRate",
        "NegativeExposure",
        "FirstPayment",
        "FraudWarnings",
        "None",
        "InForce",
        "Paused",
        "Reserved",
    ] {
        assert!(reached.get(what).is_some_and(|times| *times > 0), "{what} in {reached:?}");
    }
}
