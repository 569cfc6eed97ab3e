//! The story of a run, for people.

use std::fmt::{self, Write};

use fundroute::Error;
use fundroute::prelude::{BRL, Money};
use fundroute::rulebook::PaymentMethod;

use crate::figures::{Figures, Seller, sellers};
use crate::run::Run;

/// How many sellers are listed; the rest is summed up.
const LISTED: usize = 25;
/// How many rows are listed that there is something to be said about.
const TOLD: usize = 20;

fn major(minor: i128) -> String {
    i64::try_from(minor)
        .map_or_else(|_| format!("{minor} minor units"), |minor| Money::new(minor, BRL).major().to_string())
}

/// The whole story.
///
/// # Errors
/// None but a fault of the crate.
pub(crate) fn story(run: &Run) -> Result<String, Error> {
    let (figures, sellers) = (Figures::of(run)?, sellers(run)?);
    let mut text = String::new();
    let told = opening(&mut text, run, &figures)
        .and_then(|()| of_sellers(&mut text, sellers.into_iter().collect()))
        .and_then(|()| of_platform(&mut text, run, &figures))
        .and_then(|()| unusual(&mut text, run))
        .and_then(|()| proof(&mut text, run, &figures));
    // INVARIANT: text grows in memory, where writing cannot fail.
    debug_assert!(told.is_ok(), "writing to memory failed");
    Ok(text)
}

fn opening(text: &mut String, run: &Run, figures: &Figures) -> fmt::Result {
    let Figures { orders, canceled, sellers, .. } = figures;
    writeln!(text, "A marketplace in Brazil: {orders} orders of {sellers} sellers, {canceled} of them canceled.")?;
    let first = run.orders.iter().map(|order| order.purchased).min();
    if let Some(first) = first {
        let (from, to) = (first.date(), run.market.platform.now().date());
        writeln!(text, "The first was made on {from}; the last money moved on {to}. All amounts are in BRL.")?;
    }
    let boletos = run.sales.iter().filter(|(_, sale)| sale.paid).filter_map(|(place, _)| run.orders.get(*place));
    let boletos = boletos.filter(|order| order.method == PaymentMethod::Boleto).count();
    let cards = orders.saturating_sub(boletos);
    writeln!(
        text,
        "{cards} were paid by card, available after 30 days, and {boletos} by boleto, after 2 business days."
    )?;
    writeln!(text, "The platform keeps 10 % of the prices, none of the freight; sellers are paid out every day.")
}

fn row(text: &mut String, name: &str, width: usize, seller: &Seller) -> fmt::Result {
    let Seller { sold, commission, refunded, paid_out, to_come } = *seller;
    write!(text, "  {name:<width$}")?;
    for amount in [sold, commission, refunded, paid_out, to_come] {
        write!(text, " {:>13}", major(amount))?;
    }
    writeln!(text)
}

fn sum<'s>(sellers: impl IntoIterator<Item = &'s (&'s str, Seller)>) -> Seller {
    sellers.into_iter().fold(Seller::default(), |sum, (_, seller)| Seller {
        sold: sum.sold.saturating_add(seller.sold),
        commission: sum.commission.saturating_add(seller.commission),
        refunded: sum.refunded.saturating_add(seller.refunded),
        paid_out: sum.paid_out.saturating_add(seller.paid_out),
        to_come: sum.to_come.saturating_add(seller.to_come),
    })
}

fn of_sellers(text: &mut String, mut sellers: Vec<(&str, Seller)>) -> fmt::Result {
    sellers.sort_by_key(|(_, seller)| std::cmp::Reverse(seller.sold));
    let (listed, rest) = sellers.split_at_checked(LISTED).unwrap_or((&sellers, &[]));
    let (others, all) = (format!("{} others", rest.len()), format!("all {}", sellers.len()));
    let names = listed.iter().map(|(name, _)| name.chars().count());
    let width = names.chain([others.len(), all.len(), "seller".len()]).max().unwrap_or_default();
    let [sold, fees, refunded, paid_out, to_come] = ["sold", "fees", "refunded", "paid out", "still to come"];
    writeln!(text, "\n  {:<width$} {sold:>13} {fees:>13} {refunded:>13} {paid_out:>13} {to_come:>13}", "seller")?;
    for (name, seller) in listed {
        row(text, name, width, seller)?;
    }
    if !rest.is_empty() {
        row(text, &others, width, &sum(rest))?;
    }
    row(text, &all, width, &sum(&sellers))
}

fn of_platform(text: &mut String, run: &Run, figures: &Figures) -> fmt::Result {
    let platform = &run.market.platform;
    let held = platform.balance(platform.id(), BRL).map_or(0, |balance| balance.total());
    let (commission, fees) = (major(figures.commission), major(figures.processor_fees));
    writeln!(
        text,
        "\nThe platform keeps {commission} of the prices. The processor took {fees} from it, refunds or not."
    )?;
    writeln!(text, "That leaves it {}, in its balance: it has no bank account here.", major(held))?;
    let boletos = run.sales.iter().filter(|(_, sale)| sale.refunded).filter_map(|(place, _)| run.orders.get(*place));
    match boletos.filter(|order| order.method == PaymentMethod::Boleto).count() {
        0 => Ok(()),
        boletos => writeln!(text, "{}", paid_back(boletos)),
    }
}

/// How boletos were refunded.
pub(crate) fn paid_back(boletos: usize) -> String {
    let orders = if boletos == 1 { "1 canceled order".to_owned() } else { format!("{boletos} canceled orders") };
    format!(
        "The processor does not refund boletos: under this example's rulebook the platform pays them back itself, \
         here {orders}."
    )
}

/// Whether the story lists every row that there is something to be said about.
pub(crate) fn tells_all(run: &Run) -> bool {
    run.skipped.len().max(run.notes.len()) <= TOLD
}

fn unusual(text: &mut String, run: &Run) -> fmt::Result {
    for (what, rows) in [("Rows left out", &run.skipped), ("Rows out of the ordinary", &run.notes)] {
        if rows.is_empty() {
            continue;
        }
        writeln!(text, "\n{what}: {}", rows.len())?;
        for row in rows.iter().take(TOLD) {
            writeln!(text, "  {row}")?;
        }
        if rows.len() > TOLD {
            writeln!(text, "  and {} more, told on stderr", rows.len().saturating_sub(TOLD))?;
        }
    }
    Ok(())
}

fn proof(text: &mut String, run: &Run, figures: &Figures) -> fmt::Result {
    let platform = &run.market.platform;
    let held = platform.trial_balances().iter().filter(|sheet| sheet.currency == BRL).map(|sheet| sheet.held).sum();
    let lines = [
        ("charged", figures.gross),
        ("= refunded", figures.refunded),
        ("+ taken by the processor", figures.processor_fees),
        ("+ paid out", figures.paid_out),
        ("+ still held", held),
    ];
    writeln!(text, "\nThe proof:")?;
    for (what, amount) in lines {
        writeln!(text, "  {what:<26} {:>15}", major(amount))?;
    }
    let Figures { changes, entries, .. } = figures;
    writeln!(text, "  {changes} changes made {entries} entries; all of them added up again, balance by balance:")?;
    for note in platform.audit() {
        writeln!(text, "  {note}")?;
    }
    writeln!(text, "  {}", if figures.books_balance { "the books balance." } else { "THE BOOKS DO NOT BALANCE." })
}
