//! What forms report is what the ledger tells, and forms that follow one another never report anything twice.

use std::collections::BTreeMap;

use fundroute::ids::{ObjectId, TaxFormId};
use fundroute::journal::{Changes, Report};
use fundroute::ledger::{Line, LineKind};
use fundroute::money::{Currency, ExchangeRate};
use fundroute::prelude::*;
use fundroute::tools::tax::{FilingStatus, TaxForm, TaxFormRole, TaxLevel, TaxMethod, TaxTally, TaxpayerYear};
use proptest::prelude::*;
use proptest::sample::Index;

use crate::everything::by_worker;
use crate::stage::{Act, Stage};
use crate::story::{Step, story, tax::tax_forms};

const METHODS: [TaxMethod; 3] =
    [TaxMethod::PaymentsIncludingFees, TaxMethod::PaymentsExcludingFees, TaxMethod::PayoutsOnly];

/// What a line is in a year's income, in minor units, read off the columns of the itemized report in words of its own.
fn naive(platform: &Platform, line: &Line, method: TaxMethod) -> i128 {
    let gross = i128::from(line.amount());
    let taken: i128 = line.fees().map(|fee| i128::from(fee.amount)).sum();
    let is_debit = match line.source() {
        ObjectId::Payout(payout) => {
            let payout = platform.payout(payout).unwrap();
            payout.is_debit() && payout.original_payout().is_none()
        }
        _ => false,
    };
    match (method, line.kind().name(), line.kind()) {
        (TaxMethod::PayoutsOnly, "payout" | "payout_failure" | "payout_cancel", _) if !is_debit => -gross,
        (TaxMethod::PayoutsOnly, _, _) => 0,
        (_, _, LineKind::PaymentSubmitted | LineKind::PaymentCollected) => 0,
        (TaxMethod::PaymentsIncludingFees, "charge" | "payment", _) => gross,
        (TaxMethod::PaymentsExcludingFees, "charge" | "payment", _) => gross - taken,
        (TaxMethod::PaymentsIncludingFees, _, LineKind::PartialCaptureReversal) => gross,
        (TaxMethod::PaymentsExcludingFees, _, LineKind::PartialCaptureReversal) => gross - taken,
        _ => 0,
    }
}

/// A dollar is two of anything else.
fn half(_: Currency, _: chrono::NaiveDate) -> Option<ExchangeRate> {
    "0.5".parse().ok()
}

proptest! {
    #![proptest_config(crate::cases(48))]

    #[test]
    fn totals_are_what_the_ledger_tells(story in story(60..160)) {
        let stage = Stage::played(&story);
        let platform = &stage.platform;
        let lines: Vec<&Line> =
            stage.journal.iter().flat_map(|changes| &changes.entries).flat_map(|entry| entry.lines()).collect();
        for account in stage.accounts() {
            let ours: Vec<&Line> = lines.iter().copied().filter(|line| line.owner() == account).collect();
            for method in METHODS {
                let mut all = 0;
                for year in [2025_u16, 2026, 2027] {
                    let totals = platform.tax_totals(account, method, year, USD, |_, _| None).unwrap();
                    let in_year = |line: &&&Line| line.available_on().date().format("%Y").to_string() == year.to_string();
                    let dollars = ours.iter().filter(in_year).filter(|line| line.currency() == USD);
                    let expected: i128 = dollars.map(|line| naive(platform, line, method)).sum();
                    prop_assert_eq!(totals.gross, expected, "{} {}", account, method);
                    prop_assert_eq!(totals.months.iter().sum::<i128>(), expected);
                    // Nothing is paid by card in person in these stories.
                    prop_assert_eq!(totals.not_present, expected);
                    all += expected;
                    // The same lines in any order, by a host that keeps them itself.
                    let mut tally = TaxTally::of_year(method, year).unwrap();
                    ours.iter().rev().for_each(|line| tally.add(line, platform.tax_traits(line)));
                    prop_assert_eq!(&tally.totals(USD, |_, _| None).unwrap(), &totals);
                    let others = ours.iter().filter(in_year).filter(|line| line.currency() != USD);
                    let is_foreign = others.clone().any(|line| naive(platform, line, method) != 0);
                    prop_assert!(!totals.missing.is_empty() || !is_foreign, "what cannot be converted is named");
                    let converted = platform.tax_totals(account, method, year, USD, half).unwrap();
                    prop_assert!(converted.missing.is_empty());
                }
                let whole: i128 = ours.iter().filter(|line| line.currency() == USD).map(|line| naive(platform, line, method)).sum();
                prop_assert_eq!(all, whole, "every line is in one year");
            }
        }
    }

    /// Forms have stories of their own, beside a few of everything else, in which each law is looked at step by step.
    #[test]
    fn forms_keep_their_laws(steps in tax_forms(), story in story(5..20), damage in damage()) {
        let mut stage = Stage::played(&story);
        let start = stage.journal.len();
        for step in steps {
            let before: BTreeMap<TaxFormId, TaxForm> = forms(&stage);
            let untouched = stage.platform.snapshot();
            let act = stage.act(&step);
            by_a_part(&stage, &act);
            if stage.play(&act).is_err() {
                prop_assert_eq!(&stage.platform.snapshot(), &untouched, "a refusal leaves no trace");
            }
            hostile(&stage.platform, &act, &damage);
            let after = forms(&stage);
            for (id, form) in &after {
                holds(&stage, form);
                if let Some(known) = before.get(id) {
                    never_goes_back(known, form, &step);
                }
            }
            groups_add_up(&stage, &after);
        }
        prop_assert_eq!(stage.platform.audit(), []);
        for changes in &stage.journal[start..] {
            prop_assert!(changes.entries.is_empty() || changes.request.is_none(), "no form moves money");
            let bytes = postcard::to_stdvec(changes).unwrap();
            prop_assert_eq!(&postcard::from_bytes::<Changes>(&bytes).unwrap(), changes);
            let text = serde_json::to_string(changes).unwrap();
            prop_assert_eq!(&serde_json::from_str::<Changes>(&text).unwrap(), changes);
        }
        let again = Platform::replay(stage.rules.book(), stage.journal.iter().cloned()).unwrap();
        prop_assert_eq!(again.snapshot(), stage.platform.snapshot(), "replay is identity");
    }
}

/// What a worker decides that looks everything up on the way is what the whole platform decides; and what was asked once is done once.
fn by_a_part(stage: &Stage, act: &Act) {
    let (whole, now) = (&stage.platform, stage.platform.now());
    match act {
        Act::Ask(request) => {
            let part = by_worker(whole, now, |worker| worker.decide(request));
            assert_eq!(part, whole.decide(request));
            let mut twice = whole.clone();
            if twice.handle(request.clone()).is_ok() {
                let known = twice.snapshot();
                let again = twice.handle(request.clone()).unwrap();
                assert!(again.changes.is_empty() && twice.snapshot() == known, "once is once");
            }
        }
        Act::Tell(report) => {
            let part = by_worker(whole, now, |worker| worker.decide_fact(report));
            assert_eq!(part, whole.decide_fact(report));
        }
        Act::Wait(_) => {}
    }
}

fn damage() -> impl Strategy<Value = Vec<(Index, u8)>> {
    proptest::collection::vec(any::<(Index, u8)>(), 1..4)
}

/// The same with some bytes changed is answered or refused.
fn hostile(platform: &Platform, act: &Act, damage: &[(Index, u8)]) {
    let damaged = |mut bytes: Vec<u8>| {
        for (place, what) in damage {
            let place = place.index(bytes.len());
            bytes[place] = bytes[place].wrapping_add(*what);
        }
        bytes
    };
    let mut platform = platform.clone();
    match act {
        Act::Ask(request) => {
            if let Ok(request) = postcard::from_bytes::<Request>(&damaged(postcard::to_stdvec(request).unwrap())) {
                let _ = platform.handle(request).map_err(|error| (error.to_string(), error.kind(), error.code()));
            }
        }
        Act::Tell(report) => {
            if let Ok(report) = postcard::from_bytes::<Report>(&damaged(postcard::to_stdvec(report).unwrap())) {
                let _ = platform.record(&report).map_err(|error| (error.to_string(), error.kind(), error.code()));
            }
        }
        Act::Wait(_) => {}
    }
    assert_eq!(platform.audit(), []);
}

fn forms(stage: &Stage) -> BTreeMap<TaxFormId, TaxForm> {
    let forms = (2022..=2027).flat_map(|year| stage.platform.tax_forms_of_year(year));
    forms.map(|form| (form.id(), form.clone())).collect()
}

/// What has to be true of a form by itself, and of it and the one that it follows.
fn holds(stage: &Stage, form: &TaxForm) {
    assert!(form.filing_statuses().len() <= 2);
    assert_eq!(
        form.attention().is_empty(),
        form.filing_statuses().iter().all(|filing| filing.value != FilingStatus::NeedsAttention),
        "{form:?}"
    );
    let Some(first) = form.corrects() else {
        assert_eq!(form.role(), TaxFormRole::Original);
        return;
    };
    let first = stage.platform.tax_form(first).unwrap();
    assert_eq!((first.form_type(), first.tax_year(), first.payee()), (form.form_type(), form.tax_year(), form.payee()));
    // Never both: either the figures are the same, or the payee is.
    match form.role() {
        TaxFormRole::Original => panic!("{form:?} corrects something"),
        TaxFormRole::CorrectedTotals => assert!(form.details_of() == first.details_of() || form.replaces().is_some()),
        TaxFormRole::CorrectedPayee => assert_eq!((form.figures().gross(), form.details_of()), (0, first.details_of())),
        TaxFormRole::Reissued => assert_eq!(form.figures(), first.figures()),
    }
}

/// What was accepted stays so, and what has followed a form is not followed by another.
fn never_goes_back(before: &TaxForm, after: &TaxForm, step: &Step) {
    for level in [TaxLevel::Country, TaxLevel::State] {
        let (old, new) = (before.filing_status(level), after.filing_status(level));
        let is_over = |status| matches!(status, Some(FilingStatus::Accepted | FilingStatus::Exported));
        assert!(!is_over(old) || new == old, "{step:?}: {old:?} became {new:?}");
        let is_out =
            |status| matches!(status, Some(FilingStatus::Filing | FilingStatus::Filed | FilingStatus::Rejected));
        assert!(!is_out(old) || is_out(new) || is_over(new), "{step:?}: {old:?} became {new:?}");
    }
    assert!(before.corrected_by().is_none() || after.corrected_by() == before.corrected_by());
    assert!(before.replaced_by().is_none() || after.replaced_by() == before.replaced_by());
    assert!(after.corrected_by().is_none() || after.replaced_by().is_none(), "one or the other");
    assert!(
        before.corrected_by().is_none() || before.figures() == after.figures(),
        "what was corrected stays as it was filed"
    );
    assert_eq!(
        (before.form_type(), before.payee(), before.tax_year()),
        (after.form_type(), after.payee(), after.tax_year())
    );
}

/// What forms are summed to is what they come to.
fn groups_add_up(stage: &Stage, forms: &BTreeMap<TaxFormId, TaxForm>) {
    let mut sums: BTreeMap<ObjectId, (i64, u16)> = BTreeMap::new();
    for form in forms.values() {
        if let Some(taxpayer) = form.taxpayer() {
            let sum = sums.entry(taxpayer.into()).or_default();
            *sum = (sum.0 + form.figures().gross(), sum.1 + 1);
        }
    }
    for (id, (gross, count)) in sums {
        let ObjectId::TaxpayerYear(id) = id else { panic!("{id} is no taxpayer") };
        let year: &TaxpayerYear = stage.platform.taxpayer_year(id).unwrap();
        assert_eq!((year.amounts().of(fundroute::rulebook::TaxIncome::Payments), year.forms()), (gross, count));
    }
}
