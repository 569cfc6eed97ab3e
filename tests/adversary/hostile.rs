//! What is read from outside: odd values, and odd shapes.

use fundroute::routing::{Allotment, CommissionTax, Excess, Fee, FeePlan, Sale, SplitPlan, Tier, Tiering, When};
use proptest::prelude::*;
use serde_json::{Value, json};

use super::*;

/// Splits of splits of splits, far deeper than any plan may be.
#[test]
fn a_plan_that_is_too_deep_is_refused_before_it_is_read() {
    // In a compact encoding: one part, among, one part, among, and so on.
    for depth in [9, 100, 10_000, 3_000_000] {
        let bytes = [1_u8, 1].repeat(depth);
        assert!(postcard::from_bytes::<SplitPlan>(&bytes).is_err());
    }
    let text = format!("{}{}", r#"{"parts":[[{"Among":"#.repeat(50_000), "}");
    assert!(serde_json::from_str::<SplitPlan>(&text).is_err());
    let start = || SplitPlan::builder(Excess::Cap);
    let mut plan = start().rest(AccountId::from_host([1; 14])).build().unwrap();
    while let Ok(next) = start().rest_among(plan.clone()).build() {
        plan = next;
        assert_eq!(postcard::from_bytes::<SplitPlan>(&postcard::to_stdvec(&plan).unwrap()).unwrap(), plan);
        assert_eq!(serde_json::from_value::<SplitPlan>(json!(plan)).unwrap(), plan);
    }
    let deeper = json!({ "parts": [[{ "Among": plan }, "Rest"]], "spare": "largest", "excess": "cap" });
    let refused = serde_json::from_value::<SplitPlan>(deeper).unwrap_err();
    assert!(refused.to_string().contains("deeper than 8 levels"), "{refused}");
}

fn any_minor() -> impl Strategy<Value = i64> {
    prop_oneof![
        Just(i64::MAX),
        Just(i64::MIN),
        Just(0),
        Just(1),
        Just(-1),
        Just(i64::MAX / 2),
        any::<i64>(),
        -1_000..1_000_i64
    ]
}

fn any_currency() -> impl Strategy<Value = &'static str> {
    prop_oneof![Just("usd"), Just("usd"), Just("jpy")]
}

/// A sample's leaves, with others in their place.
fn bent(value: &Value, luck: &mut impl FnMut() -> (u8, i64)) -> Value {
    let (dice, minor) = luck();
    match value {
        Value::Number(_) if dice < 60 => json!(minor),
        Value::String(_) if dice < 10 => json!(minor.to_string()),
        Value::Null if dice < 20 => json!(minor),
        Value::Array(items) if dice < 12 => Value::Array(Vec::new()).clone_with(items, luck),
        Value::Array(items) => Value::Array(items.iter().map(|item| bent(item, luck)).collect()),
        Value::Object(fields) => {
            Value::Object(fields.iter().map(|(name, field)| (name.clone(), bent(field, luck))).collect())
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => value.clone(),
    }
}

trait Doubled {
    fn clone_with(self, items: &[Value], luck: &mut impl FnMut() -> (u8, i64)) -> Value;
}

impl Doubled for Value {
    /// Every item twice, or none.
    fn clone_with(self, items: &[Value], luck: &mut impl FnMut() -> (u8, i64)) -> Value {
        let (dice, _) = luck();
        if dice < 100 {
            return self;
        }
        Self::Array(items.iter().chain(items).map(|item| bent(item, luck)).collect())
    }
}

fn samples() -> (Value, Value, Value) {
    let [house, jo, flo] = [1, 2, 3].map(|id| AccountId::from_host([id; 14]));
    let rate = |text: &str| text.parse::<Rate>().unwrap();
    let tiers = vec![Tier::new(usd(0), rate("10 %")), Tier::new(usd(100_00), rate("5 %"))];
    let fees = FeePlan::builder(Excess::Cap)
        .rule(When::always(), Fee::percent(rate("10 %")))
        .rule(When::always().currency(USD), Fee::tiers(Tiering::Slices, tiers).plus(usd(30)).at_least(usd(1_00)))
        .rule(When::always().account(jo), Fee::percent(rate("5 %")).or_less(Fee::percent(rate("7 %"))))
        .tax(CommissionTax::on_top(rate("19 %")))
        .build()
        .unwrap();
    let ours = SplitPlan::builder(Excess::Refuse).share(flo, rate("25 %")).rest(house).build().unwrap();
    let split = SplitPlan::builder(Excess::Owe)
        .amount(flo, usd(8_00))
        .share(jo, rate("1 %"))
        .share_among(rate("12 %"), ours)
        .rest(jo)
        .build()
        .unwrap();
    let cart = split.allot(usd(1_00)).unwrap();
    (json!(fees), json!(split), json!(cart))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_000))]

    #[test]
    fn plans_of_odd_values_are_sound_or_refused(
        luck in proptest::collection::vec((any::<u8>(), any_minor()), 64),
        amounts in proptest::collection::vec((any_minor(), any_currency()), 4),
    ) {
        let mut luck = luck.into_iter().cycle();
        let mut luck = || luck.next().unwrap();
        let (fees, split, cart) = samples();
        let amounts: Vec<Money> = amounts
            .into_iter()
            .map(|(minor, currency)| Money::new(minor, if currency == "usd" { USD } else { Currency::JPY }))
            .collect();
        let jo = AccountId::from_host([2; 14]);
        if let Ok(plan) = serde_json::from_value::<FeePlan>(bent(&fees, &mut luck)) {
            for amount in &amounts {
                let sale = Sale { account: jo, method: PaymentMethod::Card, amount: *amount };
                if let Ok(taken) = plan.commission(&sale) {
                    prop_assert!(!taken.fee.is_negative() && !taken.tax.is_negative() && !taken.owed.is_negative());
                    prop_assert!(taken.collected().minor() <= amount.minor());
                }
            }
        }
        if let Ok(plan) = serde_json::from_value::<SplitPlan>(bent(&split, &mut luck)) {
            for amount in &amounts {
                if let Ok(allotted) = plan.allot(*amount) {
                    let sum: i128 = allotted.parts().map(|(_, part)| i128::from(part.minor())).sum();
                    prop_assert_eq!(sum, i128::from(amount.minor()));
                }
            }
        }
        let mut read = || serde_json::from_value::<Allotment>(bent(&cart, &mut luck)).ok();
        if let (Some(one), Some(other)) = (read(), read()) {
            let _ = (one.whole(), one.of(jo), one.and(&other), one.nothing_yet());
            let _ = one.transfers(PaymentId::from_host([9; 14]), jo);
            for amount in &amounts {
                let _ = one.give_back(&other, *amount);
                if let Ok(back) = one.give_back(&one.nothing_yet(), *amount) {
                    prop_assert_eq!(back.whole(), *amount);
                }
            }
        }
    }

    /// Whatever is given back in whatever parts, everybody ends with nothing.
    #[test]
    fn allotments_given_back_in_parts_end_at_nothing(
        whole in 1..i64::MAX,
        courier in 1..i64::MAX,
        cuts in proptest::collection::vec(1..1_000_000_u32, 0..6),
        excess in prop_oneof![Just(Excess::Owe), Just(Excess::Cap)],
    ) {
        let [house, jo, flo] = [1, 2, 3].map(|id| AccountId::from_host([id; 14]));
        let ours = SplitPlan::builder(excess).share(flo, "33.3 %".parse().unwrap()).rest(house).build().unwrap();
        let plan = SplitPlan::builder(excess)
            .amount(flo, usd(courier))
            .share(jo, "7.7 %".parse().unwrap())
            .rest_among(ours)
            .build()
            .unwrap();
        let Ok(cart) = plan.allot(usd(whole)) else { return Ok(()) };
        let mut given = cart.nothing_yet();
        for cut in cuts {
            let left = whole - given.whole().minor();
            let part = i64::try_from(i128::from(left) * i128::from(cut) / 1_000_000).unwrap();
            if part > 0 {
                let back = cart.give_back(&given, usd(part)).unwrap();
                prop_assert_eq!(back.whole(), usd(part));
                given = given.and(&back).unwrap();
                for ((_, got), (_, gave)) in cart.parts().zip(given.parts()) {
                    let is_part = gave.minor() == 0
                        || (gave.is_negative() == got.is_negative()
                            && gave.minor().unsigned_abs() <= got.minor().unsigned_abs());
                    prop_assert!(is_part, "{} of {}", gave, got);
                }
            }
        }
        let left = whole - given.whole().minor();
        if left > 0 {
            let back = cart.give_back(&given, usd(left)).unwrap();
            given = given.and(&back).unwrap();
        }
        prop_assert_eq!(given, cart);
    }
}

/// A platform on which a debit was pulled back in part and disputed, and refunds of it wait.
fn pulled_back() -> (Rig, PaymentId, Vec<Fact>, Vec<Command>) {
    let mut rig = Rig::open(DE, book());
    let (jo, flo) = (rig.jo, rig.flo);
    let order = NewPayment::by(PaymentMethod::SepaDebit, eur(100_00)).destination(jo).application_fee(eur(1_00));
    let sale = rig.pay(order);
    let charge = rig.charge(sale);
    rig.tell(took(charge, eur(100_00)));
    rig.wait(days(20));
    let left = rig.platform.balance(rig.house(), EUR).unwrap().available;
    rig.run(Command::CreateTransfer(NewTransfer::to(flo, eur(i64::try_from(left).unwrap())))).unwrap();
    let back = NewRefund::of(sale).amount(eur(20_00)).keep_transfer().keep_application_fee();
    rig.run(Command::CreateRefund(back.clone())).unwrap();
    rig.run(Command::CreateRefund(back.amount(eur(1_00)))).unwrap();
    let open = |name: &str, amount| {
        Fact::DisputeOpened(fundroute::payments::DisputeOpened {
            charge: charge.into(),
            reference: name.to_owned(),
            amount,
            reason: fundroute::payments::DisputeReason::General,
            case: fundroute::payments::DisputeCase::Inquiry,
            network: None,
            respond_by: None,
            settled: None,
        })
    };
    rig.tell(open("du_1", eur(30_00)));
    let pulled = |amount| Fact::ChargeReversed(fundroute::payments::ChargeReversed::of(charge, amount));
    let facts = vec![pulled(eur(60_00)), open("du_2", eur(i64::MAX)), pulled(eur(5_00))];
    let back = NewRefund::of(sale).amount(eur(10_00)).reverse_transfer().refund_application_fee();
    let asked =
        vec![Command::CreateRefund(back), Command::CreateTransfer(NewTransfer::to(jo, eur(1)).from_payment(sale))];
    (rig, sale, facts, asked)
}

/// A platform with a reader that does something else by now.
fn at_reader() -> (Rig, PaymentId, Vec<Fact>, Vec<Command>) {
    let mut rig = Rig::ca();
    let jo = rig.jo;
    let (_, reader) = rig.stall(None);
    let sale = rig.pay(NewPayment::by(PaymentMethod::CardPresent, cad(10_00)).destination(jo));
    let (charge, action) = rig.process(reader, sale);
    rig.tell(broke(reader, action, ReaderFailure::ConnectionError));
    rig.start(reader, ReaderTask::ProcessSetupIntent("season".to_owned())).unwrap();
    let facts = vec![ended(reader, 1), took(charge, cad(10_00)), card(reader, 2), stopped(reader, 2), ended(reader, 3)];
    (rig, sale, facts, vec![start(reader, ReaderTask::PrintContent("x".to_owned()))])
}

/// Numbers in a snapshot or in changes are not what they were: whatever is asked or told then is answered or refused.
#[test]
fn records_of_odd_values_do_no_more_than_damage() {
    use proptest::strategy::ValueTree;
    for (rig, sale, facts, asked) in [pulled_back(), at_reader()] {
        rig.sound();
        let snapshot = json!(rig.platform.snapshot());
        let journal: Vec<Value> = rig.journal.iter().map(|changes| json!(changes)).collect();
        let mut runner = proptest::test_runner::TestRunner::deterministic();
        let now = rig.platform.now();
        let mut read = [0, 0];
        for round in 0..150_usize {
            let mut dice = || {
                let (dice, minor) = (any::<u16>(), any_minor()).new_tree(&mut runner).unwrap().current();
                (if dice % 151 == 0 { 30 } else { 255 }, minor)
            };
            let mut platform = rig.platform.clone();
            if let Ok(snapshot) = serde_json::from_value::<Snapshot>(bent(&snapshot, &mut dice)) {
                read[0] += 1;
                platform = Platform::restore(rig.platform.rulebook().clone(), snapshot, now);
            }
            if let Ok(changes) = serde_json::from_value::<Changes>(bent(&journal[round % journal.len()], &mut dice)) {
                read[1] += 1;
                let _ = platform.apply(&changes);
                let _ = platform.apply(&Changes { reads: Vec::new(), guards: Vec::new(), ..changes });
            }
            look(&platform);
            for (number, fact) in facts.iter().enumerate() {
                let _ = platform.record(&Report::new(format!("odd-{number}"), platform.now(), fact.clone()));
            }
            for (number, command) in asked.iter().enumerate() {
                let _ = platform.handle(Request::new(format!("ask-{number}"), command.clone()));
            }
            let _ = platform.advance_to(now.plus_days(40).unwrap());
            let _ = platform.charge_of(sale).map(|charge| (charge.refundable(), charge.reversed(), charge.disputed()));
            look(&platform);
        }
        assert!(read[0] > 20 && read[1] > 20, "{read:?}");
    }
}

fn look(platform: &Platform) {
    let _ = (platform.audit(), platform.trial_balances(), platform.instructions(), platform.snapshot());
    for (account, currency) in platform.balances() {
        let _ = (platform.explain(account, currency), platform.statement(account));
    }
}
