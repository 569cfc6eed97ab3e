//! What each command and each fact about an account's standing does, in each standing: a table to read.

use std::collections::{BTreeMap, BTreeSet};

use fundroute::accounts::{Access, PayoutsAction, RejectReason, RejectedBy, Review};
use fundroute::calendar::{Timestamp, hours};
use fundroute::journal::{Fact, FactOutcome, Snapshot};
use fundroute::platform::{Command, Error};

use crate::golden;
use crate::shop::{
    Shop, cleared, close, confirmed, name, opened, pause_payments, pause_payouts, reject, turned_away, unreject,
};

/// A standing in a few words.
fn state(shop: &Shop) -> String {
    let standing = shop.platform.account(shop.jo).unwrap().standing();
    let mut words = Vec::new();
    if standing.access == Access::Closed {
        words.push("closed");
    }
    words.extend(standing.rejection.map(|rejection| match (rejection.by, rejection.stops_payouts) {
        (RejectedBy::Platform, true) => "rejected",
        (RejectedBy::Platform, false) => "rejected, paid",
        (RejectedBy::Processor, _) => "rejected by processor",
    }));
    words.extend(standing.review.map(|review| match review {
        Review::UnderReview => "under review",
        Review::Listed => "listed",
    }));
    if standing.payments_paused {
        words.push("no payments");
    }
    if standing.payouts_paused {
        words.push("no payouts");
    }
    if words.is_empty() { "good".to_owned() } else { words.join(", ") }
}

enum Act {
    Ask(Command),
    /// So many hours before now.
    Tell(i64, Fact),
}

fn columns(shop: &Shop) -> Vec<(&'static str, Act)> {
    let jo = shop.jo;
    let delay = fundroute::payouts::SetDelayDays { account: jo, delay: Some(9) };
    vec![
        ("reject", Act::Ask(reject(jo, PayoutsAction::Pause))),
        ("reject, paying", Act::Ask(reject(jo, PayoutsAction::None))),
        ("unreject", Act::Ask(unreject(jo))),
        ("pause payments", Act::Ask(pause_payments(jo, true))),
        ("resume payments", Act::Ask(pause_payments(jo, false))),
        ("pause payouts", Act::Ask(pause_payouts(jo, true))),
        ("resume payouts", Act::Ask(pause_payouts(jo, false))),
        ("close", Act::Ask(close(jo))),
        ("delay days", Act::Ask(Command::SetDelayDays(delay))),
        ("review, of before", Act::Tell(9, opened(jo, Review::Listed))),
        ("review", Act::Tell(3, opened(jo, Review::UnderReview))),
        ("listed", Act::Tell(3, opened(jo, Review::Listed))),
        ("cleared, of before", Act::Tell(9, cleared(jo))),
        ("cleared, of then", Act::Tell(6, cleared(jo))),
        ("cleared", Act::Tell(3, cleared(jo))),
        ("confirmed", Act::Tell(3, confirmed(jo, RejectReason::Other))),
        ("rejected, of before", Act::Tell(9, turned_away(jo, RejectReason::Other))),
        ("rejected", Act::Tell(3, turned_away(jo, RejectReason::Other))),
    ]
}

/// Sellers with 200.00 who came into their standing six hours ago.
fn rows() -> Vec<(&'static str, Shop)> {
    let mut base = Shop::open();
    base.fund_seller();
    let jo = base.jo;
    let at = before(&base, 6);
    let mut rows = vec![("good", base.clone())];
    let mut row = |label, acts: &[Act]| {
        let mut shop = base.clone();
        for act in acts {
            match act {
                Act::Ask(command) => drop(shop.ask(command.clone()).unwrap()),
                Act::Tell(_, fact) => drop(shop.tell_at(at, fact.clone())),
            }
        }
        assert_eq!(state(&shop), label);
        rows.push((label, shop));
    };
    row("no payments", &[Act::Ask(pause_payments(jo, true))]);
    row("no payouts", &[Act::Ask(pause_payouts(jo, true))]);
    row("rejected", &[Act::Ask(reject(jo, PayoutsAction::Pause))]);
    row("rejected, paid", &[Act::Ask(reject(jo, PayoutsAction::None))]);
    row("rejected, no payments", &[Act::Ask(reject(jo, PayoutsAction::Pause)), Act::Ask(pause_payments(jo, true))]);
    row("rejected by processor", &[Act::Tell(6, turned_away(jo, RejectReason::Other))]);
    row("under review", &[Act::Tell(6, opened(jo, Review::UnderReview))]);
    row("listed", &[Act::Tell(6, opened(jo, Review::Listed))]);
    row(
        "rejected, under review",
        &[Act::Ask(reject(jo, PayoutsAction::Pause)), Act::Tell(6, opened(jo, Review::UnderReview))],
    );
    row("closed", &[Act::Ask(close(jo))]);
    rows
}

fn before(shop: &Shop, number: i64) -> Timestamp {
    shop.platform.now().checked_add(-hours(number)).unwrap()
}

fn forgetful(shop: &Shop) -> Snapshot {
    Snapshot { requests: Vec::new(), ..shop.platform.snapshot() }
}

fn attempt(shop: &Shop, act: &Act, refusals: &mut BTreeMap<String, BTreeSet<String>>) -> String {
    let mut after = shop.clone();
    let outcome: Result<Option<FactOutcome>, Error> = match act {
        Act::Ask(command) => after.ask(command.clone()).map(|_| None),
        Act::Tell(hours, fact) => Ok(Some(after.tell_at(before(shop, *hours), fact.clone()))),
    };
    assert_eq!(after.platform.audit(), []);
    match outcome {
        Err(error) => {
            assert_eq!(shop.platform.snapshot(), after.platform.snapshot(), "a refusal leaves no trace");
            let meaning = format!("{:?}, {}", error.kind(), error.code().unwrap_or("-"));
            refusals.entry(name(&error)).or_default().insert(meaning);
            format!("! {}", name(&error))
        }
        Ok(Some(FactOutcome::Stale)) => {
            assert_eq!(forgetful(shop), forgetful(&after));
            "stale".to_owned()
        }
        Ok(Some(FactOutcome::Anomaly(_) | FactOutcome::Parked(_))) => panic!("nothing waits, and nothing is odd"),
        Ok(None | Some(FactOutcome::Applied)) => {
            let (old, new) = (state(shop), state(&after));
            if old == new { "same".to_owned() } else { format!("-> {new}") }
        }
    }
}

#[test]
fn account() {
    let rows = rows();
    let mut refusals = BTreeMap::new();
    let mut table: Vec<Vec<String>> = vec![vec!["account".to_owned()]];
    table[0].extend(rows.iter().map(|(label, _)| (*label).to_owned()));
    let names: Vec<&str> = columns(&rows[0].1).into_iter().map(|(name, _)| name).collect();
    for (place, column) in names.iter().enumerate() {
        let mut cells = vec![(*column).to_owned()];
        cells.extend(rows.iter().map(|(_, shop)| attempt(shop, &columns(shop)[place].1, &mut refusals)));
        table.push(cells);
    }
    let mut text =
        "What stands in an express seller's way since six hours ago, under every command and report.\n\n".to_owned();
    for row in 0..=rows.len() {
        let cells = table.iter().map(|column| {
            let width = column.iter().map(String::len).max().unwrap_or(0);
            format!("{:<width$}", column[row])
        });
        let line = cells.collect::<Vec<_>>().join(" | ");
        text.push_str(line.trim_end());
        text.push('\n');
        if row == 0 {
            text.extend(line.chars().map(|c| if c == '|' { '|' } else { '-' }));
            text.push('\n');
        }
    }
    text.push_str("\nRefusals, with the kind and the code on the wire:\n");
    for (name, meanings) in &refusals {
        let meanings: Vec<&str> = meanings.iter().map(String::as_str).collect();
        text.push_str(&format!("  ! {name}: {}\n", meanings.join("; or ")));
    }
    golden::check("grid_account.txt", &text);
}
