//! State by action: what each machine does, as a table to read.
//!
//! Every action is tried on a clone of every state. What is refused must leave no trace, what is stale must leave
//! nothing but the memory of the fact, and an anomaly must move no money.

use std::collections::{BTreeMap, BTreeSet};

use fundroute::ids::ObjectId;
use fundroute::journal::{Answer, FactOutcome, Snapshot};
use fundroute::platform::{Error, Platform};

use crate::golden;
use crate::scene::{self, Step};

/// What an action came to, beyond the state of the object.
pub(crate) enum Did {
    /// A command was carried out, or time has passed: the state says the rest.
    Done,
    /// A fact was told.
    Fact(FactOutcome),
    /// Something that is seen elsewhere.
    Said(String),
    /// The row has nothing that the action could be about.
    Nothing,
}

pub(crate) type Cell = Result<Did, Error>;

pub(crate) fn did(answer: Result<Answer, Error>) -> Cell {
    answer.map(|_| Did::Done)
}

pub(crate) fn told(step: Step) -> Cell {
    step.map(Did::Fact)
}

/// Each refusal that came up, with every meaning it had.
type Refusals = BTreeMap<String, BTreeSet<String>>;

type Act<I> = Box<dyn Fn(&mut Platform, I) -> Cell>;

/// One machine with the states it can be brought into and everything that can be done to it.
pub(crate) struct Machine<I> {
    name: &'static str,
    about: &'static str,
    state: fn(&Platform, I) -> String,
    rows: Vec<(&'static str, Platform, I)>,
    columns: Vec<(&'static str, Act<I>)>,
}

impl<I: Copy> Machine<I> {
    pub(crate) fn new(name: &'static str, about: &'static str, state: fn(&Platform, I) -> String) -> Self {
        Self { name, about, state, rows: Vec::new(), columns: Vec::new() }
    }

    /// Adds a state: its word, then after a comma how it came about; and the platform that is in it.
    pub(crate) fn row(&mut self, label: &'static str, (platform, ids): (Platform, I)) {
        let word = label.split(',').next().unwrap_or_default();
        assert_eq!((self.state)(&platform, ids), word, "the recipe of `{label}`");
        self.rows.push((label, platform, ids));
    }

    pub(crate) fn column(&mut self, name: &'static str, act: impl Fn(&mut Platform, I) -> Cell + 'static) {
        self.columns.push((name, Box::new(act)));
    }

    /// Tries everything, and compares with what is committed.
    pub(crate) fn check(&self) {
        let mut refusals = Refusals::new();
        let mut table = vec![vec![self.name.to_owned()]];
        table.extend(self.columns.iter().map(|(name, _)| vec![(*name).to_owned()]));
        for (label, platform, ids) in &self.rows {
            for (column, cell) in table.iter_mut().enumerate() {
                let text = match column.checked_sub(1).and_then(|place| self.columns.get(place)) {
                    Some((action, act)) => self.attempt(platform, *ids, (label, action), act, &mut refusals),
                    None => (*label).to_owned(),
                };
                cell.push(text);
            }
        }
        golden::check(&format!("grid_{}.txt", self.name), &self.render(&table, &refusals));
    }

    fn attempt(
        &self,
        platform: &Platform,
        ids: I,
        (label, action): (&str, &str),
        act: &Act<I>,
        refusals: &mut Refusals,
    ) -> String {
        let at = format!("{}: `{label}`, {action}", self.name);
        let mut after = platform.clone();
        let cell = act(&mut after, ids);
        assert_eq!(after.audit(), [], "{at}");
        assert!(after.trial_balances().iter().all(|sheet| sheet.balances()), "{at}");
        match cell {
            Err(error) => {
                assert_untouched(platform, &after, &at);
                let name = short(&error);
                let code = error.code().unwrap_or("-");
                refusals.entry(name.clone()).or_default().insert(format!("{:?}, {code}", error.kind()));
                format!("! {name}")
            }
            Ok(Did::Fact(FactOutcome::Stale)) => {
                assert_eq!(forgetful(platform), forgetful(&after), "{at}");
                "stale".to_owned()
            }
            Ok(Did::Fact(FactOutcome::Anomaly(id))) => {
                assert_anomalous(platform, &after, id.into(), &at);
                format!("anomaly:{}", scene::reason(&after, id))
            }
            Ok(Did::Fact(FactOutcome::Parked(_))) => "parked".to_owned(),
            Ok(Did::Said(text)) => text,
            Ok(Did::Nothing) => "-".to_owned(),
            Ok(Did::Done | Did::Fact(FactOutcome::Applied)) => {
                let (old, new) = ((self.state)(platform, ids), (self.state)(&after, ids));
                if old == new { "same".to_owned() } else { format!("-> {new}") }
            }
        }
    }

    fn render(&self, table: &[Vec<String>], refusals: &Refusals) -> String {
        let mut text = format!("{}\n\n", self.about);
        for row in 0..=self.rows.len() {
            let cells = table.iter().map(|column| {
                let width = column.iter().map(String::len).max().unwrap_or(0);
                format!("{:<width$}", column.get(row).map_or("", String::as_str))
            });
            let line = cells.collect::<Vec<_>>().join(" | ");
            text.push_str(line.trim_end());
            text.push('\n');
            if row == 0 {
                let dashes = line.chars().map(|c| if c == '|' { '|' } else { '-' });
                text.extend(dashes);
                text.push('\n');
            }
        }
        if !refusals.is_empty() {
            text.push_str("\nRefusals, with the kind and the code on the wire:\n");
        }
        for (name, meanings) in refusals {
            let meanings: Vec<&str> = meanings.iter().map(String::as_str).collect();
            text.push_str(&format!("  ! {name}: {}\n", meanings.join("; or ")));
        }
        text
    }
}

/// Everything but the memory of facts and requests.
fn forgetful(platform: &Platform) -> Snapshot {
    Snapshot { requests: Vec::new(), ..platform.snapshot() }
}

fn assert_untouched(before: &Platform, after: &Platform, at: &str) {
    assert_eq!(before.snapshot(), after.snapshot(), "{at}");
    assert!(before.deadlines().eq(after.deadlines()), "{at}");
    assert_eq!(before.instructions(), after.instructions(), "{at}");
    assert_eq!(before.now(), after.now(), "{at}");
}

fn assert_anomalous(before: &Platform, after: &Platform, anomaly: ObjectId, at: &str) {
    let (old, mut new) = (forgetful(before), forgetful(after));
    new.records.retain(|(_, record)| record.id() != anomaly);
    assert_eq!(old, new, "{at}");
}

/// The name of the refusal itself, without the parts of the crate it came through.
fn short(error: &Error) -> String {
    let text = format!("{error:?}");
    let mut rest = text.as_str();
    while let Some((outer, inner)) = rest.split_once('(') {
        let through = [
            "Access",
            "Account",
            "Connection",
            "Dispute",
            "Ledger",
            "Money",
            "Payment",
            "Payout",
            "Pricing",
            "Request",
            "Reserve",
            "Risk",
            "Routing",
            "Rulebook",
            "Tax",
            "Terminal",
            "Time",
            "TopUp",
        ];
        if !through.contains(&outer) {
            break;
        }
        rest = inner;
    }
    rest.chars().take_while(|c| c.is_alphanumeric()).collect()
}

#[test]
fn a_refusal_is_named_by_its_innermost_part() {
    use fundroute::payments::PaymentError;
    assert_eq!(short(&PaymentError::FeeAndTransferAmount.into()), "FeeAndTransferAmount");
    let account = fundroute::ids::AccountId::from_host([1; 14]);
    assert_eq!(short(&Error::NotForAccounts(account)), "NotForAccounts");
    assert_eq!(short(&PaymentError::DestinationOnDirect(account).into()), "DestinationOnDirect");
}

#[test]
fn every_grid_that_is_committed_belongs_to_a_machine() {
    let known = [
        "account",
        "account_link",
        "anomaly",
        "application_fee",
        "attempt",
        "authorization",
        "balance_settings",
        "bank_debit",
        "capability",
        "charge",
        "connection",
        "debit",
        "debt",
        "debited_account",
        "dispute",
        "external_account",
        "fact",
        "parked_fact",
        "payment_intent",
        "payout",
        "payout_by_date",
        "payout_resend",
        "payout_resendable",
        "payout_reversal",
        "payout_reversible",
        "payout_schedule",
        "person",
        "planned_commission",
        "planned_split",
        "priced_payment",
        "pricing_scheme",
        "provider_payout",
        "reader_action",
        "reader_refund",
        "refund",
        "requirement",
        "reserve_hold",
        "reserve_plan",
        "reserved_funds",
        "reversal",
        "review",
        "risk_rule",
        "submission",
        "tax_delivery",
        "tax_filing",
        "top_up",
        "transfer",
    ];
    let known: BTreeSet<String> = known.iter().map(|name| format!("grid_{name}.txt")).collect();
    let folder = [env!("CARGO_MANIFEST_DIR"), "tests", "snapshots"].iter().collect::<std::path::PathBuf>();
    let names = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let grids: BTreeSet<String> = names.filter(|name| name.starts_with("grid_")).collect();
    let stray: Vec<_> = grids.difference(&known).collect();
    assert!(stray.is_empty(), "no machine has written {stray:?}");
}
