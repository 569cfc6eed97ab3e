//! Stories in which nearly every payment carries a plan, is captured in parts and given back in parts.

use std::collections::BTreeMap;

use fundroute::ids::ApplicationFeeId;
use fundroute::journal::Record;
use fundroute::prelude::*;
use proptest::prelude::*;
use proptest::sample::select;

use super::quotes::quoted;
use crate::money_is_conserved;
use crate::nobody_is_paid_twice_or_short::check_shares;
use crate::stage::{Act, Stage};
use crate::story::{Bears, By, Coin, More, On, Pick, Plan, Shape, Step, Story, Sum, Way, opening, step, story};

/// The latest, or one of those before it.
fn latest() -> impl Strategy<Value = Pick> {
    prop_oneof![6 => Just(Pick(1_000)), 1 => Just(Pick(1_001)), 1 => (0..900_u16).prop_map(Pick)]
}

fn part() -> impl Strategy<Value = Sum> {
    prop_oneof![3 => (1..=100_u8).prop_map(Sum::Share), 1 => (1..=9_00_i64).prop_map(Sum::Exactly)]
}

fn any_part() -> impl Strategy<Value = Option<Sum>> {
    proptest::option::weighted(0.8, part())
}

/// A payment by card with a plan, that can be captured in parts, or is taken at once.
fn pay() -> impl Strategy<Value = Step> {
    let who = || select(&[0_u16, 1, 2, 3, 5, 9, 10][..]).prop_map(Pick);
    let shape = prop_oneof![
        2 => (0..10_u8).prop_map(Shape::DirectPlan),
        3 => (0..10_u8).prop_map(Shape::DestinationPlan),
        3 => (0..6_u8, [who(), who()], proptest::bool::weighted(0.8))
            .prop_map(|(plan, others, house)| Shape::Shared { plan, others, house }),
    ];
    let amount = prop_oneof![3 => 1_00..=200_00_i64, 1 => select(&[100_00, 33_33, 1_01, 60_00][..])];
    let later = prop_oneof![4 => Just(Some(0b11_1111)), 1 => Just(None)];
    let coin = prop_oneof![3 => Just(Coin::Home), 2 => (0..5_u8).prop_map(Coin::Other)];
    (shape, who(), coin, amount, later, proptest::bool::weighted(0.1)).prop_map(
        |(shape, who, coin, amount, later, behalf)| {
            let more = More { later, behalf, plan: Plan::AtOnce { by_hand: false } };
            Step::Pay { shape, who, way: Way::Card, coin, amount, own_id: None, more }
        },
    )
}

fn capture() -> impl Strategy<Value = Step> {
    let rarely = || proptest::option::weighted(0.06, part());
    let on = On::Right;
    let (open, by, which, ago) = (true, By::Id, 0, 0);
    prop_oneof![
        4 => latest().prop_map(move |charge| Step::Authorized { charge, open, by, more: 13, ago }),
        8 => (latest(), any_part(), proptest::bool::weighted(0.7), rarely(), rarely()).prop_map(
            move |(payment, amount, more, fee, part)| Step::Capture { payment, amount, more, fee, part, on }
        ),
        9 => (latest(), proptest::option::weighted(0.1, part())).prop_map(move |(charge, amount)| {
            Step::Captured { charge, open, by, which, amount, ends: None, ago }
        }),
        1 => latest().prop_map(move |charge| Step::CaptureFailed { charge, open, by, which, ago }),
        1 => (latest(), rarely())
            .prop_map(move |(payment, fee)| Step::Raise { payment, amount: Sum::Share(140), fee, on }),
        1 => latest().prop_map(move |charge| Step::Raised { charge, by, granted: true, ago }),
        4 => latest().prop_map(move |charge| Step::Succeeded { charge, open, by, amount: Sum::Share(100), ago }),
    ]
}

fn back() -> impl Strategy<Value = Step> {
    let on = On::Right;
    let bears = || prop_oneof![5 => Just(Bears::Recipient), 1 => Just(Bears::Charged)];
    prop_oneof![
        6 => (latest(), any_part(), bears(), bears())
            .prop_map(move |(payment, amount, transfer, fee)| Step::Refund { payment, amount, transfer, fee, on }),
        3 => (latest(), any_part()).prop_map(move |(fee, amount)| Step::RefundFee { fee, amount, on }),
        1 => (latest(), any_part()).prop_map(move |(transfer, amount)| Step::Reverse { transfer, amount, on }),
        1 => (latest(), any_part()).prop_map(move |(transfer, amount)| Step::SendBack { transfer, amount, on }),
        1 => (latest(), latest(), part()).prop_map(move |(to, source, amount)| {
            Step::Transfer { to, source: Some(source), amount, coin: Coin::Home, on }
        }),
        3 => (latest(), 0..9_u8).prop_map(|(refund, what)| Step::AboutRefund { refund, what, ago: 0 }),
        1 => (latest(), 0..12_u8, part(), 0..10_u8)
            .prop_map(|(charge, number, amount, case)| Step::Dispute { charge, number, amount, case, by: By::Id, ago: 0 }),
        1 => (latest(), 0..16_u8).prop_map(|(dispute, change)| Step::Disputed { dispute, number: None, change, ago: 0 }),
        1 => (latest(), part())
            .prop_map(|(charge, amount)| Step::PulledBack { charge, amount, why: 0, by: By::Id, ago: 0 }),
        1 => (select(&[0_u16, 2, 3, 5][..]), any::<u8>(), part()).prop_map(move |(who, number, amount)| {
            Step::Reserve { who: Pick(who), what: number % 5, amount, number, coin: Coin::Home, on }
        }),
    ]
}

/// A story about plans.
pub(crate) fn planned(steps: std::ops::Range<usize>) -> impl Strategy<Value = Story> {
    let wait = (0..4 * 24 * 3_600 * 1_000_000_i64).prop_map(|micros| Step::Wait { micros });
    let latest = Pick(1_000);
    let (open, by, which, ends, ago) = (true, By::Id, 0, None, 0);
    let held = Step::Authorized { charge: latest, open, by, more: 13, ago };
    let taken = Step::Captured { charge: latest, open, by, which, amount: None, ends, ago };
    let sold = (pay(), any::<bool>()).prop_map(move |(pay, waits)| match waits {
        true => vec![pay, held.clone()],
        false => vec![pay],
    });
    let of_latest = (any_part(), proptest::bool::weighted(0.8), proptest::option::weighted(0.15, part())).prop_map(
        move |(amount, more, fee)| {
            vec![Step::Capture { payment: latest, amount, more, fee, part: None, on: On::Right }, taken.clone()]
        },
    );
    let one = prop_oneof![8 => capture().boxed(), 9 => back().boxed(), 1 => wait, 2 => step().boxed()]
        .prop_map(|step| vec![step]);
    let some = prop_oneof![5 => sold.boxed(), 9 => of_latest.boxed(), 20 => one.boxed()];
    (story(0..1), proptest::collection::vec(some, steps)).prop_map(|(story, steps)| {
        let steps = opening().into_iter().chain(steps.concat()).collect();
        Story { steps, ..story }
    })
}

proptest! {
    #![proptest_config(crate::cases(96))]

    #[test]
    fn every_balance_is_what_the_model_computes_where_payments_are_planned(story in planned(40..120)) {
        money_is_conserved::play(&story, |stage, model| {
            money_is_conserved::check(stage, model);
            check_shares(stage, model);
        });
    }

    #[test]
    fn what_is_quoted_is_what_is_booked_where_payments_are_planned(story in planned(40..120)) {
        quoted(&story);
    }
}

/// What the stories have to come to, more than once.
const REACHED: [&str; 18] = [
    "a commission",
    "a commission on several captures",
    "a commission that fell",
    "a commission that fell after some of it went back",
    "a commission that is converted",
    "a part named later",
    "a tax",
    "a tax that fell",
    "a tax that fell below what went back of it",
    "a tax that went back",
    "a tax that went back in part",
    "parts",
    "parts of several captures",
    "parts that are converted",
    "parts that went back",
    "parts that went back in part",
    "parts of which a refund came back",
    "a part that is held back",
];

/// What was known of a commission: how much, what of it is tax, and what went back of both.
type Fee = [i64; 4];

/// What became of commissions with a step, and of plans.
fn count_steps(stage: &Stage, fees: &mut BTreeMap<ApplicationFeeId, Fee>, kinds: &mut BTreeMap<String, u32>) {
    let mut count = |what: &str, is: bool| *kinds.entry(format!("planned: {what}")).or_default() += u32::from(is);
    for record in stage.platform.records() {
        let Record::ApplicationFee(fee) = record else { continue };
        let now = [fee.amount(), fee.tax(), fee.amount_refunded(), fee.tax_refunded()].map(Money::minor);
        let before = fees.insert(fee.id(), now).unwrap_or_default();
        count("a commission that fell", now[0] < before[0]);
        count("a commission that fell after some of it went back", now[0] < before[0] && before[2] > 0);
        count("a tax that fell", now[1] < before[1]);
        count("a tax that fell below what went back of it", now[1] < before[1] && now[1] == before[3]);
    }
}

#[test]
fn the_stories_reach_what_plans_are_about() {
    use proptest::strategy::ValueTree;
    use proptest::test_runner::TestRunner;

    let mut runner = TestRunner::deterministic();
    let mut kinds: BTreeMap<String, u32> = BTreeMap::new();
    for _ in 0..600 {
        let story = planned(60..140).new_tree(&mut runner).unwrap().current();
        let (mut stage, mut fees) = (Stage::new(story.rules), BTreeMap::new());
        for step in &story.steps {
            let act = stage.act(step);
            if let (Ok(_), Act::Tell(_)) = (stage.play(&act), act) {
                count_steps(&stage, &mut fees, &mut kinds);
            }
        }
        for record in stage.platform.records() {
            money_is_conserved::count_planned(&stage.platform, record, &mut kinds);
        }
    }
    let seen = |what: &&str| kinds.get(&format!("planned: {what}")).is_some_and(|count| *count > 1);
    let rare: Vec<&str> = REACHED.into_iter().filter(|what| !seen(what)).collect();
    assert!(rare.is_empty(), "{rare:?} hardly happen: {kinds:#?}");
}
