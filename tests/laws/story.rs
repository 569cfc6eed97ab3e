//! Stories: what callers, the world and the clock do, in an order that nobody has thought of.

use fundroute::calendar::Recurrence;
use fundroute::money::Currency;
use fundroute::payouts::PayoutSchedule;
use fundroute::prelude::*;
use proptest::prelude::*;
use proptest::sample::select;

use crate::rules::Rules;

pub(crate) mod tax;

/// From here on a pick counts from the latest object back.
const LATEST: u16 = 1_000;

/// One of the objects that exist when the step is taken, or one that does not.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Pick(pub(crate) u16);

impl Pick {
    pub(crate) const NOBODY: Self = Self(u16::MAX);

    pub(crate) fn of<T: Copy>(self, all: &[T]) -> Option<T> {
        if self.0 == u16::MAX || all.is_empty() {
            return None;
        }
        match self.0.checked_sub(LATEST) {
            Some(back) => all.iter().rev().cycle().nth(usize::from(back)).copied(),
            None => all.get(usize::from(self.0) % all.len()).copied(),
        }
    }
}

impl Pick {
    /// Mostly one of the `good` ones.
    pub(crate) fn likely<T: Copy>(self, good: &[T], all: &[T]) -> Option<T> {
        if good.is_empty() || self.0.is_multiple_of(8) { self.of(all) } else { self.of(good) }
    }
}

/// How much, beside something known.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Sum {
    /// So many hundredths of it.
    Share(u8),
    /// So much, whatever it is.
    Exactly(i64),
}

impl Sum {
    pub(crate) fn of(self, whole: i128) -> i64 {
        match self {
            Self::Share(hundredths) => i64::try_from(whole * i128::from(hundredths) / 100).unwrap_or(i64::MAX),
            Self::Exactly(minor) => minor,
        }
    }
}

/// For whom a request is made.
#[derive(Clone, Copy, Debug)]
pub(crate) enum On {
    /// For whom it has to be.
    Right,
    /// For the platform.
    Platform,
    /// For any account.
    Account(Pick),
}

/// How a payment is shared.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Shape {
    Direct {
        fee: Option<Sum>,
    },
    DestinationFee(Sum),
    DestinationPart(Sum),
    DestinationWhole,
    Separate,
    /// With a commission by one of the plans of the stories.
    DirectPlan(u8),
    DestinationPlan(u8),
    /// Shared out by one of them, among some accounts and perhaps the platform.
    Shared {
        plan: u8,
        others: [Pick; 2],
        house: bool,
    },
    /// A destination with both, or on a direct charge, or a commission for nobody; a plan of the wrong sort, or beside a part.
    Nonsense(u8),
}

/// What else is said of a payment: that it is captured later, and how; that it is somebody else's business.
#[derive(Clone, Copy, Debug)]
pub(crate) struct More {
    pub(crate) later: Option<u8>,
    pub(crate) behalf: bool,
    pub(crate) plan: Plan,
}

/// When a payment is collected: now, or once more is said, and who goes on after the payer did what is theirs.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Plan {
    AtOnce { by_hand: bool },
    Later { by_hand: bool },
    Open { by_hand: bool },
}

/// By card, or by what the country has beside cards.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Way {
    Card,
    Local,
    Other(u8),
}

/// In which currency: the country's own, or another.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Coin {
    Home,
    Other(u8),
}

pub(crate) const COINS: [Currency; 5] = [USD, EUR, GBP, BRL, Currency::JPY];

/// What a unit of one currency is of another when a story begins, in hundred-thousandths. What becomes reais nobody knows yet.
const QUOTES: [(u8, u8, u32); 12] = [
    (1, 0, 1_08_370),
    (2, 0, 1_27_150),
    (3, 0, 18_530),
    (4, 0, 66_671),
    (0, 1, 92_275),
    (2, 1, 1_16_330),
    (3, 1, 17_097),
    (4, 1, 61_525),
    (0, 2, 78_645),
    (1, 2, 85_962),
    (3, 2, 14_573),
    (4, 2, 52_433),
];

#[derive(Clone, Copy, Debug)]
pub(crate) enum Bears {
    Recipient,
    Charged,
    Unsaid,
}

/// How a fact names its charge.
#[derive(Clone, Copy, Debug)]
pub(crate) enum By {
    Id,
    Reference,
    /// A reference that nobody has told.
    Rumour(u8),
}

#[derive(Clone, Copy, Debug)]
pub(crate) enum Repeat {
    Same,
    OtherBody,
    OtherAccount(Pick),
}

/// What happens next, as far as it can be said before it is known what exists.
#[derive(Clone, Debug)]
pub(crate) enum Step {
    Open { kind: u8, country: u8, capabilities: u8, own_id: Option<u8> },
    AddBank { who: Pick, coin: Coin, empty: bool },
    Review { who: Pick, capability: u8, status: u8, ago: i64 },
    Pay { shape: Shape, who: Pick, way: Way, coin: Coin, amount: i64, own_id: Option<u8>, more: More },
    Capture { payment: Pick, amount: Option<Sum>, more: bool, fee: Option<Sum>, part: Option<Sum>, on: On },
    Raise { payment: Pick, amount: Sum, fee: Option<Sum>, on: On },
    Confirm { payment: Pick, way: Option<Way>, on: On },
    Update { payment: Pick, way: Option<Way>, amount: Option<Sum>, fee: Option<Sum>, part: Option<Sum>, on: On },
    CancelPayment { payment: Pick, on: On },
    Refund { payment: Pick, amount: Option<Sum>, transfer: Bears, fee: Bears, on: On },
    CancelRefund { refund: Pick, on: On },
    SendBack { transfer: Pick, amount: Option<Sum>, on: On },
    Transfer { to: Pick, source: Option<Pick>, amount: Sum, coin: Coin, on: On },
    Debit { who: Pick, amount: Sum, coin: Coin, source: Option<Pick>, on: On },
    Reverse { transfer: Pick, amount: Option<Sum>, on: On },
    RefundFee { fee: Pick, amount: Option<Sum>, on: On },
    Quote { from: u8, to: u8, parts: u32 },
    Payout { who: Pick, amount: Sum, coin: Coin, instant: bool },
    CancelPayout { payout: Pick, on: On },
    ReversePayout { payout: Pick, on: On },
    ResendPayout { payout: Pick, to_default: bool, on: On },
    SetInstantPrice { coin: Coin, price: Option<u8>, on: On },
    SetSchedule { who: Pick, schedule: PayoutSchedule, on: On },
    SetDebits { who: Pick, debit: bool, on: On },
    CloseAnomaly { anomaly: Pick },
    Submitted { charge: Pick, misnamed: Option<u8>, ago: i64 },
    Succeeded { charge: Pick, open: bool, by: By, amount: Sum, ago: i64 },
    Failed { charge: Pick, open: bool, by: By, why: u8, ago: i64 },
    OfPayer { charge: Pick, open: bool, by: By, what: u8, ago: i64 },
    Authorized { charge: Pick, open: bool, by: By, more: u8, ago: i64 },
    Captured { charge: Pick, open: bool, by: By, which: i8, amount: Option<Sum>, ends: Option<bool>, ago: i64 },
    CaptureFailed { charge: Pick, open: bool, by: By, which: i8, ago: i64 },
    Raised { charge: Pick, by: By, granted: bool, ago: i64 },
    AboutRefund { refund: Pick, what: u8, ago: i64 },
    Dispute { charge: Pick, number: u8, amount: Sum, case: u8, by: By, ago: i64 },
    Disputed { dispute: Pick, number: Option<u8>, change: u8, ago: i64 },
    PulledBack { charge: Pick, amount: Sum, why: u8, by: By, ago: i64 },
    Warned { charge: Pick, number: u8, by: By, ago: i64 },
    Answer { dispute: Pick, automated: bool, acknowledged: bool, on: On },
    GiveIn { dispute: Pick, on: On },
    TopUp { amount: Sum, coin: Coin, on: On },
    CancelTopUp { top_up: Pick, on: On },
    Reserve { who: Pick, what: u8, amount: Sum, number: u8, coin: Coin, on: On },
    Kept { who: Pick, number: u8, amount: Sum, coin: Coin, ago: i64 },
    AboutTopUp { top_up: Pick, open: bool, what: u8, by: By, ago: i64 },
    Tax { form: Pick, who: Pick, what: u8, roll: u8, amount: i64, on: On },
    AboutTax { form: Pick, what: u8, ago: i64 },
    PayoutSubmitted { payout: Pick, ago: i64 },
    PayoutPaid { payout: Pick, ago: i64 },
    PayoutFailed { payout: Pick, code: u8, ago: i64 },
    PayoutCanceled { payout: Pick, ago: i64 },
    PayoutTraced { payout: Pick, trace: u8, ago: i64 },
    Wait { micros: i64 },
    UntilMidnight { days: u8 },
    AskAgain { which: Pick, how: Repeat },
    TellAgain { which: Pick, how: Repeat },
}

/// A story, and what it is played with.
#[derive(Clone, Debug)]
pub(crate) struct Story {
    pub(crate) rules: Rules,
    pub(crate) steps: Vec<Step>,
}

const SECOND: i64 = 1_000_000;
const HOUR: i64 = 3_600 * SECOND;
const DAY: i64 = 24 * HOUR;

fn pick() -> impl Strategy<Value = Pick> {
    prop_oneof![24 => (0..LATEST).prop_map(Pick), 12 => (LATEST..LATEST + 2).prop_map(Pick), 1 => Just(Pick::NOBODY)]
}

fn absurd() -> impl Strategy<Value = i64> {
    select(&[0, -1, 1, i64::MAX, i64::MIN, i64::MIN + 1, 99_999_999, 100_000_000, -5_00][..])
}

fn sum() -> impl Strategy<Value = Sum> {
    prop_oneof![
        12 => (1..=99_u8).prop_map(Sum::Share),
        6 => Just(Sum::Share(100)),
        1 => (101..=130_u8).prop_map(Sum::Share),
        4 => (1..=20_00_i64).prop_map(Sum::Exactly),
        1 => absurd().prop_map(Sum::Exactly),
    ]
}

fn on() -> impl Strategy<Value = On> {
    prop_oneof![14 => Just(On::Right), 1 => Just(On::Platform), 1 => pick().prop_map(On::Account)]
}

fn way() -> impl Strategy<Value = Way> {
    prop_oneof![6 => Just(Way::Card), 4 => Just(Way::Local), 3 => any::<u8>().prop_map(Way::Other)]
}

fn coin() -> impl Strategy<Value = Coin> {
    prop_oneof![5 => Just(Coin::Home), 1 => any::<u8>().prop_map(Coin::Other)]
}

fn bears() -> impl Strategy<Value = Bears> {
    prop_oneof![5 => Just(Bears::Recipient), 3 => Just(Bears::Charged), 1 => Just(Bears::Unsaid)]
}

fn by() -> impl Strategy<Value = By> {
    prop_oneof![12 => Just(By::Id), 6 => Just(By::Reference), 1 => (0..4_u8).prop_map(By::Rumour)]
}

/// How long ago a fact happened; now and then it lies ahead.
fn ago() -> impl Strategy<Value = i64> {
    prop_oneof![16 => Just(0), 8 => 0..3 * DAY, 2 => 0..40 * DAY, 1 => -HOUR..0]
}

fn shape() -> impl Strategy<Value = Shape> {
    prop_oneof![
        4 => proptest::option::of(sum()).prop_map(|fee| Shape::Direct { fee }),
        4 => sum().prop_map(Shape::DestinationFee),
        2 => sum().prop_map(Shape::DestinationPart),
        2 => Just(Shape::DestinationWhole),
        3 => Just(Shape::Separate),
        3 => (0..10_u8).prop_map(Shape::DirectPlan),
        3 => (0..10_u8).prop_map(Shape::DestinationPlan),
        4 => (0..6_u8, [pick(), pick()], proptest::bool::weighted(0.8))
            .prop_map(|(plan, others, house)| Shape::Shared { plan, others, house }),
        1 => (0..8_u8).prop_map(Shape::Nonsense),
    ]
}

fn schedule() -> impl Strategy<Value = PayoutSchedule> {
    use chrono::Weekday::{Fri, Mon, Sat, Sun, Thu, Tue, Wed};

    // A day alone may be one of the weekend, as the older interface names it.
    let weeks = |days: Vec<chrono::Weekday>| match days[..] {
        [Tue] => Recurrence::weekly_anchor(Sat),
        [Wed] => Recurrence::weekly_anchor(Sun),
        _ => Recurrence::weekly(days).unwrap(),
    };
    let weekly = proptest::sample::subsequence(vec![Mon, Tue, Wed, Thu, Fri], 1..=3);
    let monthly = proptest::collection::vec(1..=31_u8, 1..=3);
    prop_oneof![
        2 => Just(PayoutSchedule::Manual),
        2 => Just(PayoutSchedule::Automatic(Recurrence::Daily)),
        1 => weekly.prop_map(move |days| PayoutSchedule::Automatic(weeks(days))),
        1 => monthly.prop_map(|days| PayoutSchedule::Automatic(Recurrence::monthly(days).unwrap())),
    ]
}

fn repeat() -> impl Strategy<Value = Repeat> {
    prop_oneof![3 => Just(Repeat::Same), 1 => Just(Repeat::OtherBody), 1 => pick().prop_map(Repeat::OtherAccount)]
}

fn opt_sum() -> impl Strategy<Value = Option<Sum>> {
    prop_oneof![2 => Just(None), 3 => sum().prop_map(Some)]
}

fn own_id() -> impl Strategy<Value = Option<u8>> {
    prop_oneof![9 => Just(None), 1 => (0..6_u8).prop_map(Some)]
}

fn plan() -> impl Strategy<Value = Plan> {
    (0..32_u8, proptest::bool::weighted(0.2)).prop_map(|(when, by_hand)| match when {
        0..29 => Plan::AtOnce { by_hand },
        29..31 => Plan::Later { by_hand },
        _ => Plan::Open { by_hand },
    })
}

/// Changes of payments that are not collected, and attempts to collect them.
fn about_plans() -> impl Strategy<Value = Step> {
    let way = || proptest::option::weighted(0.5, way());
    let rarely = || proptest::option::weighted(0.2, sum());
    prop_oneof![
        3 => (pick(), way(), on()).prop_map(|(payment, way, on)| Step::Confirm { payment, way, on }),
        2 => (pick(), way(), rarely(), rarely(), rarely(), on()).prop_map(|(payment, way, amount, fee, part, on)| {
            Step::Update { payment, way, amount, fee, part, on }
        }),
    ]
}

fn pay() -> impl Strategy<Value = Step> {
    let amount = prop_oneof![24 => 50..=300_00_i64, 6 => select(&[10_00, 100_00, 5_00, 155_00][..]), 1 => absurd()];
    let later = proptest::option::weighted(0.35, any::<u8>());
    let behalf = proptest::bool::weighted(0.2);
    let more = (later, behalf, plan()).prop_map(|(later, behalf, plan)| More { later, behalf, plan });
    let coin = prop_oneof![3 => Just(Coin::Home), 2 => any::<u8>().prop_map(Coin::Other)];
    (shape(), pick(), way(), coin, amount, own_id(), more).prop_map(|(shape, who, way, coin, amount, own_id, more)| {
        Step::Pay { shape, who, way, coin, amount, own_id, more }
    })
}

fn about_captures() -> impl Strategy<Value = Step> {
    let rarely = || proptest::option::weighted(0.15, sum());
    let directly = || prop_oneof![9 => Just(By::Id), 1 => by()];
    let which = || prop_oneof![12 => Just(0_i8), 2 => Just(1), 1 => Just(-1), 1 => any::<i8>()];
    let open = || proptest::bool::weighted(0.85);
    let mostly = || proptest::option::weighted(0.15, sum());
    let amount = prop_oneof![2 => Just(None), 8 => sum().prop_map(Some), 3 => (100..=125_u8).prop_map(|share| Some(Sum::Share(share)))];
    prop_oneof![
        10 => (pick(), amount, proptest::bool::weighted(0.6), rarely(), rarely(), on())
            .prop_map(|(payment, amount, more, fee, part, on)| Step::Capture { payment, amount, more, fee, part, on }),
        5 => (pick(), prop_oneof![4 => (101..=160_u8).prop_map(Sum::Share), 1 => sum()], rarely(), on())
            .prop_map(|(payment, amount, fee, on)| Step::Raise { payment, amount, fee, on }),
        7 => (pick(), open(), directly(), any::<u8>(), ago())
            .prop_map(|(charge, open, by, more, ago)| Step::Authorized { charge, open, by, more, ago }),
        12 => (pick(), open(), directly(), which(), mostly(), proptest::option::weighted(0.1, any::<bool>()), ago())
            .prop_map(|(charge, open, by, which, amount, ends, ago)| {
                Step::Captured { charge, open, by, which, amount, ends, ago }
            }),
        2 => (pick(), open(), directly(), which(), ago())
            .prop_map(|(charge, open, by, which, ago)| Step::CaptureFailed { charge, open, by, which, ago }),
        6 => (pick(), directly(), proptest::bool::weighted(0.7), ago())
            .prop_map(|(charge, by, granted, ago)| Step::Raised { charge, by, granted, ago }),
    ]
}

fn about_accounts() -> impl Strategy<Value = Step> {
    prop_oneof![
        2 => (0..4_u8, 0..5_u8, any::<u8>(), own_id())
            .prop_map(|(kind, country, capabilities, own_id)| Step::Open { kind, country, capabilities, own_id }),
        2 => (pick(), coin(), proptest::bool::weighted(0.05))
            .prop_map(|(who, coin, empty)| Step::AddBank { who, coin, empty }),
        3 => (pick(), 0..=5_u8, 0..6_u8, ago())
            .prop_map(|(who, capability, status, ago)| Step::Review { who, capability, status, ago }),
        1 => (pick(), schedule(), on()).prop_map(|(who, schedule, on)| Step::SetSchedule { who, schedule, on }),
        1 => (pick(), proptest::bool::weighted(0.7), on())
            .prop_map(|(who, debit, on)| Step::SetDebits { who, debit, on }),
    ]
}

fn about_shares() -> impl Strategy<Value = Step> {
    let source = proptest::option::weighted(0.7, pick());
    prop_oneof![
        5 => (pick(), opt_sum(), bears(), bears(), on())
            .prop_map(|(payment, amount, transfer, fee, on)| Step::Refund { payment, amount, transfer, fee, on }),
        3 => (pick(), source, sum(), coin(), on())
            .prop_map(|(to, source, amount, coin, on)| Step::Transfer { to, source, amount, coin, on }),
        7 => (pick(), sum(), coin(), proptest::option::weighted(0.04, pick()), on())
            .prop_map(|(who, amount, coin, source, on)| Step::Debit { who, amount, coin, source, on }),
        3 => (pick(), opt_sum(), on()).prop_map(|(transfer, amount, on)| Step::Reverse { transfer, amount, on }),
        2 => (pick(), opt_sum(), on()).prop_map(|(fee, amount, on)| Step::RefundFee { fee, amount, on }),
        1 => (pick(), on()).prop_map(|(refund, on)| Step::CancelRefund { refund, on }),
        1 => (pick(), opt_sum(), on()).prop_map(|(transfer, amount, on)| Step::SendBack { transfer, amount, on }),
    ]
}

fn about_payouts() -> impl Strategy<Value = Step> {
    prop_oneof![
        5 => (pick(), sum(), coin(), any::<bool>())
            .prop_map(|(who, amount, coin, instant)| Step::Payout { who, amount, coin, instant }),
        2 => (pick(), on()).prop_map(|(payout, on)| Step::CancelPayout { payout, on }),
        2 => (pick(), on()).prop_map(|(payout, on)| Step::ReversePayout { payout, on }),
        2 => (pick(), any::<bool>(), on())
            .prop_map(|(payout, to_default, on)| Step::ResendPayout { payout, to_default, on }),
        1 => (coin(), proptest::option::weighted(0.7, any::<u8>()), on())
            .prop_map(|(coin, price, on)| Step::SetInstantPrice { coin, price, on }),
        1 => (pick(), ago()).prop_map(|(payout, ago)| Step::PayoutSubmitted { payout, ago }),
        3 => (pick(), ago()).prop_map(|(payout, ago)| Step::PayoutPaid { payout, ago }),
        2 => (pick(), 0..4_u8, ago()).prop_map(|(payout, code, ago)| Step::PayoutFailed { payout, code, ago }),
        1 => (pick(), ago()).prop_map(|(payout, ago)| Step::PayoutCanceled { payout, ago }),
        1 => (pick(), 0..4_u8, ago()).prop_map(|(payout, trace, ago)| Step::PayoutTraced { payout, trace, ago }),
    ]
}

fn about_top_ups() -> impl Strategy<Value = Step> {
    let open = || proptest::bool::weighted(0.5);
    prop_oneof![
        6 => (sum(), coin(), on()).prop_map(|(amount, coin, on)| Step::TopUp { amount, coin, on }),
        1 => (pick(), on()).prop_map(|(top_up, on)| Step::CancelTopUp { top_up, on }),
        10 => (pick(), open(), any::<u8>(), by(), ago())
            .prop_map(|(top_up, open, what, by, ago)| Step::AboutTopUp { top_up, open, what, by, ago }),
    ]
}

fn about_reserves() -> impl Strategy<Value = Step> {
    let kept = prop_oneof![3 => sum(), 1 => Just(Sum::Exactly(0))];
    prop_oneof![
        14 => (pick(), any::<u8>(), sum(), any::<u8>(), coin(), on())
            .prop_map(|(who, what, amount, number, coin, on)| Step::Reserve { who, what, amount, number, coin, on }),
        1 => (pick(), any::<u8>(), kept, coin(), ago())
            .prop_map(|(who, number, amount, coin, ago)| Step::Kept { who, number, amount, coin, ago }),
    ]
}

fn about_charges() -> impl Strategy<Value = Step> {
    let open = || proptest::bool::weighted(0.85);
    let taken = || prop_oneof![15 => Just(Sum::Share(100)), 1 => sum()];
    prop_oneof![
        5 => (pick(), proptest::option::weighted(0.1, 0..6_u8), ago())
            .prop_map(|(charge, misnamed, ago)| Step::Submitted { charge, misnamed, ago }),
        9 => (pick(), open(), by(), taken(), ago())
            .prop_map(|(charge, open, by, amount, ago)| Step::Succeeded { charge, open, by, amount, ago }),
        3 => (pick(), open(), by(), 0..5_u8, ago())
            .prop_map(|(charge, open, by, why, ago)| Step::Failed { charge, open, by, why, ago }),
        3 => (pick(), open(), by(), any::<u8>(), ago())
            .prop_map(|(charge, open, by, what, ago)| Step::OfPayer { charge, open, by, what, ago }),
        3 => (pick(), 0..9_u8, ago()).prop_map(|(refund, what, ago)| Step::AboutRefund { refund, what, ago }),
    ]
}

fn about_disputes() -> impl Strategy<Value = Step> {
    let amount = || prop_oneof![6 => Just(Sum::Share(100)), 4 => sum(), 1 => Just(Sum::Share(250))];
    let number = proptest::option::weighted(0.2, 0..12_u8);
    prop_oneof![
        6 => (pick(), 0..12_u8, amount(), 0..10_u8, by(), ago())
            .prop_map(|(charge, number, amount, case, by, ago)| Step::Dispute { charge, number, amount, case, by, ago }),
        12 => (pick(), number, 0..16_u8, ago())
            .prop_map(|(dispute, number, change, ago)| Step::Disputed { dispute, number, change, ago }),
        4 => (pick(), amount(), any::<u8>(), by(), ago())
            .prop_map(|(charge, amount, why, by, ago)| Step::PulledBack { charge, amount, why, by, ago }),
        1 => (pick(), 0..6_u8, by(), ago()).prop_map(|(charge, number, by, ago)| Step::Warned { charge, number, by, ago }),
        8 => (pick(), proptest::bool::weighted(0.2), proptest::bool::weighted(0.7), on())
            .prop_map(|(dispute, automated, acknowledged, on)| Step::Answer { dispute, automated, acknowledged, on }),
        1 => (pick(), on()).prop_map(|(dispute, on)| Step::GiveIn { dispute, on }),
    ]
}

fn clock() -> impl Strategy<Value = Step> {
    prop_oneof![
        1 => (0..5_i64).prop_map(|micros| Step::Wait { micros }),
        2 => (0..20 * HOUR).prop_map(|micros| Step::Wait { micros }),
        3 => (0..5 * DAY).prop_map(|micros| Step::Wait { micros }),
        2 => (5 * DAY..40 * DAY).prop_map(|micros| Step::Wait { micros }),
        2 => (1..6_u8).prop_map(|days| Step::UntilMidnight { days }),
    ]
}

/// Anything that can happen next.
pub(crate) fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        3 => about_accounts(),
        14 => pay(),
        4 => about_plans(),
        2 => (pick(), on()).prop_map(|(payment, on)| Step::CancelPayment { payment, on }),
        18 => about_charges(),
        40 => about_captures(),
        21 => about_disputes(),
        18 => about_shares(),
        8 => about_payouts(),
        7 => about_top_ups(),
        3 => (0..5_u8, 0..5_u8, 40_000..2_40_000_u32).prop_map(|(from, to, parts)| Step::Quote { from, to, parts }),
        7 => about_reserves(),
        7 => clock(),
        1 => pick().prop_map(|anomaly| Step::CloseAnomaly { anomaly }),
        2 => (pick(), repeat()).prop_map(|(which, how)| Step::AskAgain { which, how }),
        1 => (pick(), repeat()).prop_map(|(which, how)| Step::TellAgain { which, how }),
    ]
}

/// A sale, its payout, which is taken back, and perhaps what becomes of either, or that it is sent again: all that rarely comes together by
/// chance.
fn taken_back() -> impl Strategy<Value = Vec<Step>> {
    let (latest, before, ago) = (Pick(LATEST), Pick(LATEST + 1), 0);
    // Those in the United States whose losses the platform bears; they are paid out by hand.
    let who = select(&[Pick(0), Pick(5)][..]);
    (who, 10_00..200_00_i64, any::<bool>(), 0..5 * DAY, 0..8_u8).prop_map(
        move |(who, amount, arrives, micros, then)| {
            let more = More { later: None, behalf: false, plan: Plan::AtOnce { by_hand: false } };
            let (shape, way, coin) = (Shape::DestinationWhole, Way::Card, Coin::Home);
            let mut steps = vec![
                Step::Pay { shape, who, way, coin, amount, own_id: None, more },
                Step::Succeeded { charge: latest, open: true, by: By::Id, amount: Sum::Share(100), ago },
                Step::Wait { micros: 4 * DAY },
                Step::Payout { who, amount: Sum::Exactly(amount), coin, instant: false },
            ];
            let payout = latest;
            steps.push(if arrives { Step::PayoutPaid { payout, ago } } else { Step::PayoutSubmitted { payout, ago } });
            steps.push(Step::ReversePayout { payout: latest, on: On::Right });
            steps.push(Step::Wait { micros });
            steps.extend(match then {
                0 => Some(Step::PayoutPaid { payout: latest, ago }),
                1 => Some(Step::PayoutFailed { payout: latest, code: 0, ago }),
                2 => Some(Step::PayoutFailed { payout: before, code: 0, ago }),
                3 => Some(Step::PayoutCanceled { payout: before, ago }),
                4 => Some(Step::PayoutCanceled { payout: latest, ago }),
                5 | 6 => Some(Step::PayoutFailed { payout: before, code: 1, ago }),
                _ => None,
            });
            let again = || Step::ResendPayout { payout: latest, to_default: false, on: On::Right };
            steps.extend((then == 5 || then == 6).then(again));
            steps.extend((then == 6).then_some(Step::PayoutFailed { payout: latest, code: 1, ago }));
            steps.extend((then == 6).then(again));
            steps
        },
    )
}

/// A platform with accounts that can be paid, and then so many steps.
pub(crate) fn story(steps: std::ops::Range<usize>) -> impl Strategy<Value = Story> {
    let rules =
        any::<[bool; 5]>().prop_map(|[boleto_refundable, whole_euros, platform_pays, recipients, banked]| Rules {
            boleto_refundable,
            whole_euros,
            vetted: false,
            platform_pays,
            recipients,
            impatient: whole_euros != recipients,
            banked,
            // In the model only facts bring payouts to the bank: the laws that go without it have stories by date as well.
            by_date: false,
        });
    let some = prop_oneof![250 => step().prop_map(|step| vec![step]).boxed(), 1 => taken_back().boxed()];
    (rules, proptest::collection::vec(some, steps)).prop_map(|(rules, steps)| {
        let steps = opening().into_iter().chain(steps.concat()).collect();
        Story { rules, steps }
    })
}

/// Six accounts of all kinds, reviewed, with bank accounts, and the rates of the day.
pub(crate) fn opening() -> Vec<Step> {
    let quote = |(from, to, parts)| Step::Quote { from, to, parts };
    let mut steps: Vec<Step> = QUOTES.map(quote).into();
    for (kind, country) in [(0, 0), (1, 0), (2, 1), (0, 2), (2, 3), (2, 0)] {
        steps.push(Step::Open { kind, country, capabilities: u8::MAX, own_id: None });
    }
    for (who, capabilities) in [(0, 2), (1, 2), (2, 8), (3, 2), (4, 8), (5, 8)] {
        let (who, coin) = (Pick(who), Coin::Home);
        for capability in 0..capabilities {
            steps.push(Step::Review { who, capability, status: 0, ago: 0 });
        }
        steps.push(Step::AddBank { who, coin, empty: false });
    }
    steps.push(Step::AddBank { who: Pick(6), coin: Coin::Home, empty: false });
    steps.push(Step::AddBank { who: Pick(6), coin: Coin::Other(1), empty: false });
    for who in [Pick(6), Pick(0), Pick(5)] {
        steps.push(Step::SetSchedule { who, schedule: PayoutSchedule::Manual, on: On::Right });
    }
    steps
}
