//! The orders of a marketplace, read from a folder in the published layout of the Olist data set.
//!
//! Rows are untrusted: whatever is wrong with one is told with its file and line, and its order is left out.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io;
use std::path::Path;

use chrono::NaiveDateTime;
use fundroute::calendar::Timestamp;
use fundroute::money::{Money, MoneyError, Rate, Rounding};
use fundroute::prelude::BRL;
use fundroute::rulebook::PaymentMethod;

use crate::table::{ReadError, Row, RowNote, Table};

/// The file with a row for each order.
pub(crate) const ORDERS: &str = "orders.csv";
/// The file with a row for each thing ordered.
pub(crate) const ITEMS: &str = "order_items.csv";
/// The file with a row for each part of a payment.
pub(crate) const PAYMENTS: &str = "order_payments.csv";

/// The longest id that is taken: request keys are made of two of them.
const LONGEST_ID: usize = 64;
/// The platform's part of a price, in hundredths of a percent.
const COMMISSION: u32 = 1_000;

/// The files, as they are.
pub(crate) struct Files {
    /// `orders.csv`.
    pub(crate) orders: Vec<u8>,
    /// `order_items.csv`.
    pub(crate) items: Vec<u8>,
    /// `order_payments.csv`, which may be missing.
    pub(crate) payments: Option<Vec<u8>>,
}

impl Files {
    /// The built-in sample.
    pub(crate) fn sample() -> Self {
        Self {
            orders: include_bytes!("sample/orders.csv").to_vec(),
            items: include_bytes!("sample/order_items.csv").to_vec(),
            payments: Some(include_bytes!("sample/order_payments.csv").to_vec()),
        }
    }

    /// The files of a folder.
    pub(crate) fn of_folder(folder: &Path) -> Result<Self, ReadError> {
        let read = |name| {
            let path = folder.join(name);
            fs::read(&path).map_err(|source| ReadError::Unreadable { path, source })
        };
        let payments = match read(PAYMENTS) {
            Err(ReadError::Unreadable { source, .. }) if source.kind() == io::ErrorKind::NotFound => None,
            payments => Some(payments?),
        };
        Ok(Self { orders: read(ORDERS)?, items: read(ITEMS)?, payments })
    }
}

/// One order, ready to be run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Order {
    /// Its id.
    pub(crate) id: String,
    /// Its line in `orders.csv`.
    pub(crate) line: u64,
    /// Whether it was called off later.
    pub(crate) canceled: bool,
    /// When it was made.
    pub(crate) purchased: Timestamp,
    /// When its payment was approved.
    pub(crate) approved: Timestamp,
    /// How it is paid.
    pub(crate) method: PaymentMethod,
    /// What the buyer pays.
    pub(crate) total: Money,
    /// Who gets a part of it.
    pub(crate) shares: Vec<Share>,
}

/// One seller's part of an order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Share {
    /// The seller.
    pub(crate) seller: String,
    /// Prices and freight.
    pub(crate) sold: Money,
    /// What the platform keeps of it.
    pub(crate) commission: Money,
    /// What the seller gets of it.
    pub(crate) transfer: Money,
}

/// Orders, and the rows that make none.
#[derive(Debug, Default)]
pub(crate) struct Orders {
    /// The orders, as they stand in the file.
    pub(crate) orders: Vec<Order>,
    /// What is wrong with the rows that were left out.
    pub(crate) skipped: Vec<RowNote>,
}

/// What stands in `orders.csv` about an order.
struct Head {
    canceled: bool,
    purchased: Timestamp,
    approved: Timestamp,
}

/// An order being put together.
struct Draft {
    line: u64,
    /// Nothing once one of its rows is bad.
    head: Option<Head>,
    method: Option<PaymentMethod>,
    has_rows: bool,
    numbers: BTreeSet<String>,
    items: Vec<(String, Money, Money)>,
}

#[derive(Default)]
struct Drafts {
    by_id: BTreeMap<String, Draft>,
    skipped: Vec<RowNote>,
}

/// Reads all orders.
pub(crate) fn read(files: &Files) -> Result<Orders, ReadError> {
    let head = ["order_id", "order_status", "order_purchase_timestamp", "order_approved_at"];
    let orders = Table::open(ORDERS, &files.orders, &head)?;
    let items = Table::open(ITEMS, &files.items, &["order_id", "seller_id", "price", "freight_value"])?;
    let columns = ["order_id", "payment_sequential", "payment_type"];
    let payments = files.payments.as_deref().map(|bytes| Table::open(PAYMENTS, bytes, &columns)).transpose()?;

    let mut drafts = Drafts::default();
    orders.rows().for_each(|row| drafts.start(&row));
    items.rows().for_each(|row| drafts.extend(ITEMS, &row, item));
    payments.iter().flat_map(Table::rows).for_each(|row| drafts.extend(PAYMENTS, &row, payment));
    Ok(drafts.finish())
}

impl Drafts {
    fn skip(&mut self, file: &'static str, line: u64, reason: String) {
        self.skipped.push(RowNote { file, line, reason });
    }

    fn start(&mut self, row: &Row<'_>) {
        let id = row.field("order_id");
        if let Some(known) = self.by_id.get(id) {
            let first = known.line;
            let reason = row.fault.clone().unwrap_or_else(|| format!("order `{id}` stands in line {first} already"));
            self.skip(ORDERS, row.line, reason);
            return;
        }
        let head = match id_in(row, "order_id").and_then(|_| head(row)) {
            Ok(head) => Some(head),
            Err(reason) => {
                self.skip(ORDERS, row.line, reason);
                None
            }
        };
        if !id.is_empty() {
            let (line, numbers, items) = (row.line, BTreeSet::new(), Vec::new());
            let draft = Draft { line, head, method: None, has_rows: false, numbers, items };
            self.by_id.insert(id.to_owned(), draft);
        }
    }

    /// Adds a row of another file to its order, or takes the order out for it.
    fn extend(
        &mut self,
        file: &'static str,
        row: &Row<'_>,
        add: impl FnOnce(&mut Draft, &Row<'_>) -> Result<(), String>,
    ) {
        let id = row.field("order_id");
        let outcome = match (&row.fault, self.by_id.get_mut(id)) {
            (Some(fault), None) => Err(fault.clone()),
            (None, None) => id_in(row, "order_id").and_then(|id| Err(format!("no order `{id}` in {ORDERS}"))),
            (_, Some(draft)) => {
                draft.has_rows |= file == ITEMS;
                let added = row.fault.clone().map_or_else(|| add(draft, row), Err);
                if added.is_err() {
                    draft.head = None;
                }
                added
            }
        };
        if let Err(reason) = outcome {
            self.skip(file, row.line, reason);
        }
    }

    fn finish(self) -> Orders {
        let mut done = Orders { orders: Vec::new(), skipped: self.skipped };
        for (id, draft) in self.by_id {
            let line = draft.line;
            match draft.finish(id) {
                Ok(order) => done.orders.extend(order),
                Err(reason) => done.skipped.push(RowNote { file: ORDERS, line, reason }),
            }
        }
        done.orders.sort_unstable_by_key(|order| order.line);
        done
    }
}

fn id_in<'r>(row: &'r Row<'_>, column: &str) -> Result<&'r str, String> {
    if let Some(fault) = &row.fault {
        return Err(fault.clone());
    }
    let id = row.field(column);
    if id.is_empty() {
        return Err(format!("`{column}` is empty"));
    }
    if id.chars().count() > LONGEST_ID {
        return Err(format!("`{column}` is longer than {LONGEST_ID} characters"));
    }
    Ok(id)
}

fn time_in(row: &Row<'_>, column: &str) -> Result<Timestamp, String> {
    let text = row.field(column);
    let wrong = || format!("`{column}` is `{text}`, which is no time such as `2026-03-02 09:30:00`");
    let time = NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M:%S").map_err(|_| wrong())?;
    Timestamp::from_datetime(time.and_utc()).map_err(|_| wrong())
}

fn amount_in(row: &Row<'_>, column: &str) -> Result<Money, String> {
    let text = row.field(column);
    let amount = Money::parse_major(text, BRL).map_err(|error| format!("`{column}` is `{text}`: {error}"))?;
    if amount.is_negative() { Err(format!("`{column}` is `{text}`, which is below zero")) } else { Ok(amount) }
}

fn head(row: &Row<'_>) -> Result<Head, String> {
    let purchased = time_in(row, "order_purchase_timestamp")?;
    if row.field("order_approved_at").is_empty() {
        return Err("the order has no approval time".to_owned());
    }
    let approved = time_in(row, "order_approved_at")?;
    Ok(Head { canceled: row.field("order_status") == "canceled", purchased, approved })
}

fn item(draft: &mut Draft, row: &Row<'_>) -> Result<(), String> {
    let number = row.field("order_item_id");
    if !number.is_empty() && !draft.numbers.insert(number.to_owned()) {
        return Err(format!("item {number} of the order stands there already"));
    }
    let seller = id_in(row, "seller_id")?.to_owned();
    draft.items.push((seller, amount_in(row, "price")?, amount_in(row, "freight_value")?));
    Ok(())
}

/// The first row of a payment says how it is paid.
fn payment(draft: &mut Draft, row: &Row<'_>) -> Result<(), String> {
    let text = row.field("payment_sequential");
    let number: u32 = text.parse().map_err(|_| format!("`payment_sequential` is `{text}`, which is no number"))?;
    if number != 1 {
        return Ok(());
    }
    let method = match row.field("payment_type") {
        "" => return Err("`payment_type` is empty".to_owned()),
        "boleto" => PaymentMethod::Boleto,
        _ => PaymentMethod::Card,
    };
    match draft.method.replace(method) {
        Some(_) => Err("the order's payment 1 stands there already".to_owned()),
        None => Ok(()),
    }
}

impl Draft {
    /// The order; nothing where one of its rows was bad, which has been told.
    fn finish(self, id: String) -> Result<Option<Order>, String> {
        let Some(Head { canceled, purchased, approved }) = self.head else { return Ok(None) };
        if !self.has_rows {
            return Err("the order has no items".to_owned());
        }
        let (total, shares) = shares(self.items).map_err(|error| error.to_string())?;
        // Without a word about the payment, it is a card.
        let method = self.method.unwrap_or(PaymentMethod::Card);
        Ok(Some(Order { id, line: self.line, canceled, purchased, approved, method, total, shares }))
    }
}

/// What the buyer pays, and each seller's part of it.
fn shares(items: Vec<(String, Money, Money)>) -> Result<(Money, Vec<Share>), MoneyError> {
    let mut sellers: BTreeMap<String, (Money, Money)> = BTreeMap::new();
    for (seller, price, freight) in items {
        let (prices, freights) = sellers.entry(seller).or_insert((Money::zero(BRL), Money::zero(BRL)));
        (*prices, *freights) = (prices.checked_add(price)?, freights.checked_add(freight)?);
    }
    let (mut total, mut shares) = (Money::zero(BRL), Vec::new());
    for (seller, (prices, freights)) in sellers {
        let sold = prices.checked_add(freights)?;
        // ROUNDING: the house rounding, once for each order and seller.
        let commission = Rate::from_basis_points(COMMISSION).of(prices, Rounding::NearestTiesAway)?;
        let transfer = sold.checked_sub(commission)?;
        total = total.checked_add(sold)?;
        shares.push(Share { seller, sold, commission, transfer });
    }
    Ok((total, shares))
}
