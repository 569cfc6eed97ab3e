//! What the platform's people get at the end of a month: to be read, and as files of rows.

use std::fmt::Write as _;

use fundroute::ids::AccountId;
use fundroute::journal::TrialBalance;
use fundroute::ledger::BalanceTransaction;
use fundroute::money::{Currency, Money};
use fundroute::tools::tax::TaxPayee;
use fundroute::tools::{ItemizedRow, csv};
use serde::Serialize;

use crate::month::{Month, Seller, Told};

/// What could be lost by one account.
#[derive(Serialize)]
struct ExposureRow {
    account: AccountId,
    currency: Currency,
    owed: String,
    disputes: String,
    owed_if_lost: String,
    cover: String,
    uncovered: String,
}

fn money(minor: i128, currency: Currency) -> Told<Money> {
    Ok(Money::new(i64::try_from(minor)?, currency))
}

/// A pack: a text, and files with their names.
#[derive(Default)]
pub(crate) struct Pack {
    pub(crate) text: String,
    pub(crate) files: Vec<(&'static str, String)>,
}

impl Pack {
    pub(crate) fn of(month: &Month) -> Told<Self> {
        let mut pack = Self::default();
        writeln!(pack.text, "November 2026, for the platform's people")?;
        pack.balances(month)?;
        pack.earnings(month)?;
        pack.bill(month)?;
        pack.exposure(month)?;
        pack.payouts(month)?;
        pack.statement(month)?;
        pack.tax_register(month)?;
        pack.proof(month)?;
        Ok(pack)
    }

    fn heading(&mut self, text: &str) -> Told {
        writeln!(self.text, "\n{text}\n{}", "-".repeat(text.chars().count()))?;
        Ok(())
    }

    /// What there was, what came and went, and what there is, of the platform itself.
    fn balances(&mut self, month: &Month) -> Told {
        let house = month.platform.id();
        self.heading("Balances of the platform")?;
        let report = month.platform.balance_report(house, Month::period())?.to_string();
        for line in report.lines().skip(1) {
            writeln!(self.text, "{line}")?;
        }
        self.files.push(("balance_summary.csv", csv(month.platform.balance_summary(house, Month::period())?)?));
        Ok(())
    }

    /// What the platform has earned and paid, heading by heading; the file has it by method, country and account as well.
    fn earnings(&mut self, month: &Month) -> Told {
        self.heading("Earnings of the platform")?;
        let earnings = month.platform.earnings(Month::period())?;
        for (heading, currency, amount) in earnings.by_heading() {
            writeln!(self.text, "  {:<9}{:<32}{:>14}", heading.part(), heading, money(amount, currency)?)?;
        }
        for total in earnings.totals() {
            let left = money(total.left(), total.currency)?;
            let neither = money(total.moved, total.currency)?;
            writeln!(self.text, "  {left} are left of what was earned; {neither} came or went besides.")?;
        }
        self.files.push(("earnings.csv", csv(earnings.rows)?));
        Ok(())
    }

    /// What the processor has billed the platform for the month, on the first day of the next one.
    fn bill(&mut self, month: &Month) -> Told {
        self.heading("Bill of the month")?;
        let rows = month.platform.monthly_bill(Month::period().start)?;
        for row in &rows {
            let billed = row.billed.map_or_else(|| "not yet".to_owned(), |billed| billed.to_string());
            writeln!(
                self.text,
                "  {:<26}{:<22}{billed:>14} for {} payouts",
                month.name_of(row.account),
                row.item,
                row.payouts
            )?;
        }
        self.files.push(("bill.csv", csv(rows)?));
        Ok(())
    }

    /// What the platform answers for now, and what it would if every open dispute were lost.
    fn exposure(&mut self, month: &Month) -> Told {
        self.heading("What the platform answers for")?;
        let mut rows = Vec::new();
        for of in month.platform.exposure()?.currencies {
            let [owed, lost] = [of.owed, of.owed_if_lost].map(|amount| money(amount, of.currency));
            writeln!(self.text, "  {} owed, {} if every open dispute is lost", owed?, lost?)?;
            for account in of.accounts {
                let name = month.name_of(account.account);
                let lost = money(account.owed_if_lost, of.currency)?;
                writeln!(
                    self.text,
                    "    {name:<26}{lost:>14}, {} of it uncovered",
                    money(account.uncovered, of.currency)?
                )?;
                rows.push(ExposureRow {
                    account: account.account,
                    currency: of.currency,
                    owed: money(account.owed, of.currency)?.major().to_string(),
                    disputes: money(account.disputes, of.currency)?.major().to_string(),
                    owed_if_lost: lost.major().to_string(),
                    cover: money(account.cover, of.currency)?.major().to_string(),
                    uncovered: money(account.uncovered, of.currency)?.major().to_string(),
                });
            }
        }
        self.files.push(("exposure.csv", csv(rows)?));
        Ok(())
    }

    /// What was paid out to whom, and which balance transactions each payout has settled.
    fn payouts(&mut self, month: &Month) -> Told {
        self.heading("Payouts, and what they settled")?;
        let mut rows = Vec::new();
        for Seller { name, account, .. } in &month.sellers {
            let settled = month.platform.payout_reconciliation(*account, Month::period())?;
            let mut sums: Vec<(Currency, i64, usize, usize)> = Vec::new();
            for contents in &settled {
                let net: i128 = contents.lines.iter().map(|line| line.net).sum();
                let left = contents.opening.saturating_add(net).saturating_sub(contents.closing);
                if left != i128::from(contents.amount.minor()) {
                    return Err(format!("{} does not settle what it says", contents.payout).into());
                }
                rows.extend(contents.lines.iter().map(|line| ItemizedRow::from(line).settled_by(contents.payout)));
                let (currency, amount) = (contents.amount.currency(), contents.amount.minor());
                match sums.iter_mut().find(|(known, ..)| *known == currency) {
                    Some((_, sum, payouts, lines)) => {
                        *sum = sum.saturating_add(amount);
                        *payouts = payouts.saturating_add(1);
                        *lines = lines.saturating_add(contents.lines.len());
                    }
                    None => sums.push((currency, amount, 1, contents.lines.len())),
                }
            }
            for (currency, sum, payouts, lines) in sums {
                let sum = Money::new(sum, currency).to_string();
                writeln!(self.text, "  {name:<26}{sum:>14} in {payouts} payouts of {lines} balance transactions")?;
            }
        }
        self.files.push(("payouts.csv", csv(rows)?));
        Ok(())
    }

    /// What the first seller is sent.
    fn statement(&mut self, month: &Month) -> Told {
        let Some(Seller { name, account, .. }) = month.sellers.first() else { return Ok(()) };
        self.heading(&format!("Statement of {name}"))?;
        let report = month.platform.balance_report(*account, Month::period())?;
        for line in report.to_string().lines().skip(1) {
            writeln!(self.text, "{line}")?;
        }
        let lines = report.currencies.iter().flat_map(|currency| &currency.lines);
        self.files.push(("statement.csv", csv(lines.map(|line: &BalanceTransaction| ItemizedRow::from(line)))?));
        Ok(())
    }

    /// What each seller in the United States was paid this year, and whether it has to be reported.
    fn tax_register(&mut self, month: &Month) -> Told {
        self.heading("Tax register of 2026")?;
        for form in &month.forms {
            let form = month.platform.tax_form(*form)?;
            let TaxPayee::Account(account) = form.payee() else { continue };
            let (gross, payments) =
                (money(form.figures().gross().into(), form.figures().currency())?, form.figures().transactions());
            let (name, status) = (month.name_of(*account), form.country().status());
            writeln!(self.text, "  {name:<26}{gross:>14} in {payments} payments, 1099-K: {status}")?;
        }
        self.files.push(("tax_register.csv", csv(month.platform.tax_form_rows(&month.forms)?)?));
        Ok(())
    }

    /// That nothing is lost.
    fn proof(&mut self, month: &Month) -> Told {
        let platform = &month.platform;
        let balanced = platform.audit().is_empty() && platform.trial_balances().iter().all(TrialBalance::balances);
        let verdict = if balanced { "The books balance, in each currency." } else { "The books do not balance." };
        writeln!(self.text, "\n{verdict}")?;
        Ok(())
    }
}
