use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::super::{Due, DueState, RequirementPath, Urgency};
use super::{AwaitingActionFrom, Configuration, DeadlineStatus};
use crate::calendar::Timestamp;
use crate::rulebook::{Capability, RequirementErrorCode, Rulebook};

/// What stops when something does not come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RestrictedCapability {
    /// A capability that the account asks for.
    Requested(Capability),
    /// Payouts, which are a capability of their own there.
    Payouts,
}

impl RestrictedCapability {
    /// Its name on the wire.
    // RULE: docs.stripe.com/api/v2/core/accounts (2026).
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Payouts => "stripe_balance.payouts",
            Self::Requested(Capability::Transfers) => "stripe_balance.stripe_transfers",
            Self::Requested(other) => other.as_str(),
        }
    }
}

/// One capability that something restricts, or will.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Restriction {
    /// Which.
    pub capability: RestrictedCapability,
    /// In which configuration; nothing for capabilities that belong to none.
    pub configuration: Option<Configuration>,
    /// How soon.
    pub deadline: DeadlineStatus,
}

/// The first deadline of something that is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct MinimumDeadline {
    /// How urgent it is.
    pub status: DeadlineStatus,
    /// When it becomes more urgent, if a date is known.
    pub time: Option<Timestamp>,
}

/// One thing that an account is asked for, with everything that depends on it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// What.
    pub description: RequirementPath,
    /// Whose turn it is.
    pub awaiting_action_from: AwaitingActionFrom,
    /// By when.
    pub minimum_deadline: MinimumDeadline,
    /// What it restricts: `impact.restricts_capabilities`.
    pub restricts_capabilities: Vec<Restriction>,
    /// Why what was given before was not good enough.
    pub errors: Vec<RequirementErrorCode>,
}

impl Entry {
    /// One entry for each thing that is asked for, in the order of their names.
    // RULE: one entry says for each capability how soon it is restricted, and its own deadline is the first of these
    // (docs.stripe.com/api/v2/core/accounts, 2026).
    pub(crate) fn list(book: &Rulebook, requested: &[Capability], dues: &[&Due]) -> Vec<Self> {
        let mut entries: BTreeMap<&RequirementPath, Self> = BTreeMap::new();
        for due in dues {
            let status = deadline_of(due);
            let entry = entries.entry(&due.path).or_insert_with(|| Self {
                description: due.path.clone(),
                awaiting_action_from: AwaitingActionFrom::Processor,
                minimum_deadline: MinimumDeadline { status, time: None },
                restricts_capabilities: Vec::new(),
                errors: Vec::new(),
            });
            if matches!(due.state, DueState::Wanted(_)) {
                entry.awaiting_action_from = AwaitingActionFrom::User;
            }
            entry.hasten(status, due.deadline);
            for restriction in restrictions(book, requested, due, status) {
                entry.restrict(restriction);
            }
            entry.errors.extend(due.error.filter(|error| !entry.errors.contains(error)));
        }
        entries.into_values().collect()
    }

    fn hasten(&mut self, status: DeadlineStatus, time: Option<Timestamp>) {
        let known = &mut self.minimum_deadline;
        if status > known.status {
            *known = MinimumDeadline { status, time };
        } else if status == known.status {
            known.time = [known.time, time].into_iter().flatten().min();
        }
    }

    fn restrict(&mut self, new: Restriction) {
        let same =
            |known: &&mut Restriction| (known.capability, known.configuration) == (new.capability, new.configuration);
        match self.restricts_capabilities.iter_mut().find(same) {
            Some(known) => known.deadline = known.deadline.max(new.deadline),
            None => self.restricts_capabilities.push(new),
        }
        self.restricts_capabilities.sort_unstable();
    }
}

const fn deadline_of(due: &Due) -> DeadlineStatus {
    match (due.state, due.deadline) {
        (DueState::Wanted(Urgency::Past) | DueState::Pending { blocks: true }, _) => DeadlineStatus::PastDue,
        (DueState::Wanted(Urgency::Currently), _) | (DueState::Pending { blocks: false }, Some(_)) => {
            DeadlineStatus::CurrentlyDue
        }
        (DueState::Wanted(Urgency::Eventually), _) | (DueState::Pending { blocks: false }, None) => {
            DeadlineStatus::EventuallyDue
        }
    }
}

/// What something that is asked for restricts.
fn restrictions(book: &Rulebook, requested: &[Capability], due: &Due, deadline: DeadlineStatus) -> Vec<Restriction> {
    let mut all = Vec::new();
    if due.impact.stops_charges() {
        let concerned = requested.iter().copied().filter(|capability| due.concerns(*capability));
        all.extend(concerned.map(|capability| Restriction {
            capability: RestrictedCapability::Requested(capability),
            configuration: Configuration::of(book, capability),
            deadline,
        }));
    }
    if due.impact.stops_payouts() {
        let used = Configuration::of_all(book, requested);
        all.extend(used.into_iter().map(|configuration| Restriction {
            capability: RestrictedCapability::Payouts,
            configuration: Some(configuration),
            deadline,
        }));
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::calendar::utc;
    use crate::rulebook::Impact;

    fn due(path: &str, state: DueState, impact: Impact, capabilities: &[Capability]) -> Due {
        Due {
            path: RequirementPath::new(path),
            state,
            deadline: None,
            impact,
            capabilities: capabilities.to_vec(),
            error: None,
            alternative: None,
        }
    }

    fn restricted(entry: &Entry) -> Vec<String> {
        let said = entry.restricts_capabilities.iter().map(|known| {
            let of = known.configuration.map_or("", Configuration::as_str);
            format!("{of} {} {}", known.capability.as_str(), known.deadline)
        });
        said.collect()
    }

    #[test]
    fn one_entry_gathers_what_is_said_about_one_path() {
        let book = Rulebook::standard();
        let (cards, transfers) = (Capability::CardPayments, Capability::Transfers);
        let (past, now) = (DueState::Wanted(Urgency::Past), DueState::Wanted(Urgency::Currently));
        let dues = [
            Due { deadline: Some(utc(2026, 12, 2)), ..due("company.tax_id", now, Impact::Payouts, &[]) },
            due("company.tax_id", past, Impact::Charges, &[cards]),
            due("company.name", DueState::Pending { blocks: false }, Impact::Both, &[transfers]),
            due("company.phone", DueState::Wanted(Urgency::Eventually), Impact::Charges, &[]),
        ];
        let entries = Entry::list(&book, &[cards, transfers], &dues.iter().collect::<Vec<_>>());
        let names: Vec<_> = entries.iter().map(|entry| entry.description.as_str()).collect();
        assert_eq!(names, ["company.name", "company.phone", "company.tax_id"]);
        let told = entries.iter().map(|entry| (entry.awaiting_action_from.as_str(), entry.minimum_deadline.status));
        let expected = [
            ("stripe", DeadlineStatus::EventuallyDue),
            ("user", DeadlineStatus::EventuallyDue),
            ("user", DeadlineStatus::PastDue),
        ];
        assert!(told.eq(expected));
        let [name, phone, tax_id] = entries.as_slice() else { panic!("three entries") };
        let expected = [
            "recipient stripe_balance.stripe_transfers eventually_due",
            "merchant stripe_balance.payouts eventually_due",
            "recipient stripe_balance.payouts eventually_due",
        ];
        assert_eq!(restricted(name), expected);
        let expected = [
            "merchant card_payments past_due",
            "merchant stripe_balance.payouts currently_due",
            "recipient stripe_balance.payouts currently_due",
        ];
        assert_eq!(restricted(tax_id), expected);
        assert_eq!(tax_id.minimum_deadline.time, None, "what is past due has no time left");
        assert_eq!(phone.restricts_capabilities.len(), 2, "none stands for all");
    }
}
