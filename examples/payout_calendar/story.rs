//! Four sellers sell the same on the same days, and are paid by the calendars of their countries.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use chrono::{Datelike, NaiveDate, Weekday};
use fundroute::ids::AccountId;
use fundroute::ledger::{EntryKind, LedgerAccount, LineKind};
use fundroute::money::{Currency, Money, Rate};
use fundroute::prelude::*;
use fundroute::rulebook::Price;
use fundroute::simulator::World;

type Told<T = ()> = Result<T, Box<dyn std::error::Error>>;

/// What happened on a day, in minor units: charged, become available, paid out.
type Day = [i64; 3];

struct Seller {
    name: &'static str,
    currency: Currency,
    account: AccountId,
}

/// On which days of the month everybody sells, and for how much.
const SALES: [(u32, i64); 9] = [
    (2, 100_00),
    (4, 120_00),
    (6, 80_00),
    (7, 150_00),
    (9, 90_00),
    (11, 200_00),
    (16, 110_00),
    (20, 130_00),
    (25, 70_00),
];

/// Tells everything.
pub(crate) fn tell() -> Told<String> {
    let mut platform = Platform::new(NewPlatform::in_country(US), rules()?, utc(2026, 11, 1))?;
    let mut world = World::new();
    let sellers = open(&mut platform, &mut world)?;
    for (day, amount) in SALES {
        // Three in the afternoon in UTC, which is eleven at night in Singapore.
        world.advance_to(&mut platform, utc(2026, 11, day).at(15, 0))?;
        for seller in &sellers {
            let sale = NewPayment::card(Money::new(amount, seller.currency));
            platform.acting_as(seller.account)?.payments().create(&format!("{} {day}", seller.name), sale)?;
        }
        world.settle(&mut platform)?;
    }
    world.advance_to(&mut platform, utc(2026, 12, 1))?;
    let mut text = String::new();
    calendar(&mut text, &platform, &sellers)?;
    ahead(&mut text, &platform, &sellers)?;
    Ok(text)
}

/// The rules of the field, and no prices: nobody pays for taking cards here.
fn rules() -> Told<Rulebook> {
    let free = |country, currency| Price::new(country, PaymentMethod::Card, currency, Rate::ZERO, 0);
    let book = Rulebook::standard().with_price(free(US, USD))?.with_price(free(DE, EUR))?;
    Ok(book.with_price(free(BR, BRL))?.with_price(free(Country::SG, Currency::SGD))?)
}

fn open(platform: &mut Platform, world: &mut World) -> Told<Vec<Seller>> {
    let mut sellers = Vec::new();
    for (name, country) in [("Austin", US), ("Berlin", DE), ("Recife", BR), ("Singapore", Country::SG)] {
        let account = world.onboard(platform, NewAccount::express(country))?;
        let currency = platform.account(account)?.default_currency();
        sellers.push(Seller { name, currency, account });
    }
    // All are paid daily, as new accounts are; Singapore keeps something back for refunds.
    if let Some(seller) = sellers.last() {
        platform.payouts().set_minimum_balance("keep", seller.account, Money::new(50_00, seller.currency))?;
    }
    Ok(sellers)
}

/// The day of a seller that a moment belongs to: it need not begin at midnight UTC.
fn day_of(platform: &Platform, seller: &Seller, moment: Timestamp) -> Told<NaiveDate> {
    Ok(platform.balance_settings(seller.account)?.starts_of_day().at(moment).day_of(moment))
}

/// Everything that moved a seller's balance, by the seller's days: read off the ledger.
fn days_of(platform: &Platform, seller: &Seller) -> Told<BTreeMap<NaiveDate, Day>> {
    let mut days: BTreeMap<NaiveDate, Day> = BTreeMap::new();
    let mut add = |date, place: usize, amount: i64| {
        if let Some(sum) = days.entry(date).or_default().get_mut(place) {
            *sum = sum.saturating_add(amount);
        }
    };
    for entry in platform.entries() {
        let date = day_of(platform, seller, entry.at())?;
        for line in entry.lines().iter().filter(|line| line.owner() == seller.account) {
            if line.kind() == LineKind::Charge {
                add(date, 0, line.amount());
            } else if line.kind() == LineKind::Payout {
                add(date, 2, line.amount().saturating_neg());
            }
        }
        let available = LedgerAccount::Available { owner: seller.account };
        let settled = entry.postings().iter().filter(|posting| posting.account == available);
        for posting in settled.filter(|_| entry.kind() == EntryKind::Settlement) {
            add(date, 1, posting.amount.minor());
        }
    }
    Ok(days)
}

fn cell(amount: i64, currency: Currency) -> String {
    if amount == 0 {
        String::new()
    } else {
        Money::new(amount, currency).to_string().replace(&format!(" {currency}"), "")
    }
}

fn calendar(text: &mut String, platform: &Platform, sellers: &[Seller]) -> Told {
    writeln!(text, "November 2026, by each seller's own days: what is charged, becomes available, and is paid out.")?;
    writeln!(
        text,
        "All four are paid daily; Singapore leaves 50.00 SGD behind. The 11th and the 26th are holidays of the banks that"
    )?;
    writeln!(text, "move dollars.\n")?;
    let mut title = format!("{:<6}", "");
    for seller in sellers {
        let country = platform.account(seller.account)?.country();
        let delay = platform.rulebook().settlement_delay(country, PaymentMethod::Card)?;
        write!(title, " | {:<34}", format!("{}, {}: {delay}", seller.name, seller.currency))?;
    }
    writeln!(text, "{}", title.trim_end())?;
    let days: Vec<_> = sellers.iter().map(|seller| days_of(platform, seller)).collect::<Told<_>>()?;
    for number in 1..=30 {
        let Some(date) = NaiveDate::from_ymd_opt(2026, 11, number) else { continue };
        let mut line = format!("{} {number:>2}", date.weekday());
        for (seller, days) in sellers.iter().zip(&days) {
            let [charged, available, paid] = days.get(&date).copied().unwrap_or_default();
            let [charged, available, paid] = [charged, available, paid].map(|amount| cell(amount, seller.currency));
            write!(line, " | {charged:>10}  {available:>10}  {paid:>10}")?;
        }
        writeln!(text, "{}", line.trim_end())?;
        if date.weekday() == Weekday::Sun {
            writeln!(text)?;
        }
    }
    Ok(())
}

/// What is still to come, as the platform tells it beforehand.
fn ahead(text: &mut String, platform: &Platform, sellers: &[Seller]) -> Told {
    writeln!(text, "\nStill ahead:")?;
    for seller in sellers {
        let payouts = platform.upcoming(seller.account)?;
        let mut told = Vec::new();
        for payout in payouts {
            told.push(format!("{} on {}", payout.amount(), day_of(platform, seller, payout.created())?));
        }
        let more = told.len().saturating_sub(3);
        told.truncate(3);
        let rest = if more == 0 { String::new() } else { format!(", and {more} more") };
        let told = if told.is_empty() { "nothing".to_owned() } else { told.join(", ") };
        writeln!(text, "  {}: {told}{rest}", seller.name)?;
    }
    Ok(())
}
