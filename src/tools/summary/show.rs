//! The page that a person reads.

use std::fmt;

use super::{AccountSummary, BalanceSummary, Failure, HeldBy, OpenDispute, PayoutUnderWay};
use crate::money::wide;
use crate::payouts::Suspension;

type Page<'a> = fmt::Formatter<'a>;

/// A heading with what stands below it, no more than so much; nothing where there is none.
fn list<T>(f: &mut Page<'_>, heading: &str, all: &[T], line: impl Fn(&mut Page<'_>, &T) -> fmt::Result) -> fmt::Result {
    if all.is_empty() {
        return Ok(());
    }
    writeln!(f, "{heading}")?;
    for item in all.iter().take(AccountSummary::LATEST) {
        line(f, item)?;
    }
    match all.len().saturating_sub(AccountSummary::LATEST) {
        0 => Ok(()),
        more => writeln!(f, "  … and {more} more"),
    }
}

const fn yes(is_so: bool) -> &'static str {
    if is_so { "yes" } else { "no" }
}

impl fmt::Display for AccountSummary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{} on {}", self.account, self.at.date())?;
        let ready = &self.readiness;
        write!(f, "takes payments: {}, is paid out: {}", yes(ready.charges_enabled), yes(ready.payouts_enabled))?;
        match ready.disabled_reason {
            Some(reason) => writeln!(f, "  ({})", reason.as_str())?,
            None => writeln!(f)?,
        }
        list(f, "capabilities", &ready.capabilities, |f, known| {
            writeln!(f, "  {:<28} {}", known.capability().as_str(), known.status().as_str())
        })?;
        list(f, "in the way", &self.blockers, |f, blocker| writeln!(f, "  {:<9} {}", blocker.who, blocker.what))?;
        list(f, "balances", &self.balances, balance)?;
        list(f, "next payouts", &self.next_payouts, |f, payout| {
            writeln!(
                f,
                "  {}  {}, expected on {}",
                payout.created().date(),
                payout.amount(),
                payout.arrival_date().date()
            )
        })?;
        list(f, "on the way to the bank", &self.under_way, under_way)?;
        list(f, "open disputes", &self.disputes, dispute)?;
        list(f, "fraud warnings", &self.warnings, |f, warning| {
            writeln!(f, "  {}  {} of {}", warning.at.date(), warning.fraud_type, warning.charge)
        })?;
        list(f, "last failures", &self.failures, failure)?;
        list(f, "done by", &self.done, |f, done| writeln!(f, "  {done}"))
    }
}

fn balance(f: &mut Page<'_>, known: &BalanceSummary) -> fmt::Result {
    let currency = known.balance.currency;
    let show = |minor| wide::major(minor, currency);
    write!(f, "  {currency}  available {}, pending {}", show(known.balance.available), show(known.balance.pending))?;
    let others = [
        (known.balance.in_transit, "on its way to the bank"),
        (known.balance.risk_reserved, "held back"),
        (known.balance.connect_reserved, "set aside against debts"),
    ];
    for (sum, what) in others.into_iter().filter(|(sum, _)| *sum != 0) {
        write!(f, ", {what} {}", show(sum))?;
    }
    writeln!(f)?;
    list(f, "    becomes available", &known.becomes_available, |f, (on, sum)| {
        writeln!(f, "      {}  {}", on.date(), show(*sum))
    })?;
    list(f, "    held back", &known.held_back, |f, held| {
        write!(f, "      {}", show(held.amount))?;
        match held.by {
            HeldBy::Hold(hold) => write!(f, " by {hold}")?,
            HeldBy::Plan(plan) => write!(f, " by {plan}")?,
            HeldBy::Processor => write!(f, " by the processor")?,
        }
        held.until.map_or(Ok(()), |until| write!(f, ", the first until {}", until.date()))?;
        writeln!(f)
    })?;
    if let Some(debt) = &known.debt {
        write!(f, "    owes {} since {}", show(debt.amount), debt.since.date())?;
        let causes = debt.because.first().and_then(|step| step.because.first());
        causes.map_or(Ok(()), |cause| write!(f, ", first because of {cause}"))?;
        writeln!(f)?;
    }
    match known.suspended {
        Some(Suspension::BankAccountErrored(bank)) => writeln!(f, "    no payouts: {bank} takes none as it stands"),
        Some(Suspension::NoBankAccount) => writeln!(f, "    no payouts: there is no bank account"),
        Some(Suspension::PayoutsNotEnabled) => writeln!(f, "    no payouts: they are stopped"),
        Some(Suspension::RefundsWait) => writeln!(f, "    no payouts: refunds wait for the money"),
        None => Ok(()),
    }
}

fn under_way(f: &mut Page<'_>, known: &PayoutUnderWay) -> fmt::Result {
    write!(f, "  {}  {} {}, expected on {}", known.payout, known.amount, known.status, known.arrival_date.date())?;
    if known.is_held {
        write!(f, ", kept back")?;
    }
    writeln!(f, "{}", if known.is_overdue { ", OVERDUE" } else { "" })
}

fn dispute(f: &mut Page<'_>, known: &OpenDispute) -> fmt::Result {
    write!(f, "  {}  {} {}, {}", known.dispute, known.amount, known.reason, known.status)?;
    known.respond_by.map_or(Ok(()), |by| write!(f, ", evidence until {}", by.date()))?;
    writeln!(f)
}

fn failure(f: &mut Page<'_>, known: &Failure) -> fmt::Result {
    let code = known.code.as_deref().unwrap_or("no code");
    write!(f, "  {}  {} of {}: {code}", known.at.date(), known.object, known.amount)?;
    known.meaning.as_ref().map_or(Ok(()), |meaning| write!(f, ", {meaning}"))?;
    if known.is_made_good {
        return writeln!(f, "; made good since");
    }
    match (known.who, &known.what_to_do) {
        (Some(who), Some(what)) => writeln!(f, "\n    {who}: {what}"),
        (Some(_) | None, Some(_) | None) => writeln!(f),
    }
}
