//! The marketplace example: its figures against a count of the rows by hand, and what it makes of rows that are wrong.

#![expect(
    clippy::arithmetic_side_effects,
    clippy::expect_used,
    clippy::integer_division,
    reason = "figures counted by hand; a test that overflows or finds nothing has failed"
)]

#[path = "../examples/marketplace/args.rs"]
mod args;
#[path = "../examples/marketplace/figures.rs"]
mod figures;
#[path = "../examples/marketplace/market.rs"]
mod market;
#[path = "../examples/marketplace/orders.rs"]
mod orders;
#[path = "../examples/marketplace/report.rs"]
mod report;
#[path = "../examples/marketplace/run.rs"]
mod run;
#[path = "../examples/marketplace/schedule.rs"]
mod schedule;
#[path = "../examples/marketplace/table.rs"]
mod table;

use std::collections::BTreeMap;
use std::path::Path;

use fundroute::Error;
use fundroute::prelude::{BR, BRL, NewPayment, NewPlatform, NewRefund, PaymentMethod, Platform, Rulebook, brl, utc};
use fundroute::simulator::World;

use args::{Args, HELP};
use figures::{Figures, sellers};
use orders::Files;
use run::Run;
use table::{ReadError, RowNote};

const ORDERS: &str = "order_id,order_status,order_purchase_timestamp,order_approved_at\n";
const ITEMS: &str = "order_id,order_item_id,seller_id,price,freight_value\n";
const PAYMENTS: &str = "order_id,payment_sequential,payment_type\n";

fn files(orders: &str, items: &str, payments: &str) -> Files {
    Files {
        orders: [ORDERS, orders].concat().into_bytes(),
        items: [ITEMS, items].concat().into_bytes(),
        payments: Some([PAYMENTS, payments].concat().into_bytes()),
    }
}

fn run_by(rulebook: Rulebook, files: &Files) -> Result<Run, Error> {
    let orders = orders::read(files).expect("files in the layout");
    run::run(orders, rulebook, |_, _| ())
}

fn run_of(files: &Files) -> Run {
    run_by(run::rulebook(), files).expect("nothing that a row says stops a run")
}

fn figures(run: &Run) -> Figures {
    Figures::of(run).expect("the figures of a run")
}

fn told(notes: &[RowNote]) -> Vec<String> {
    notes.iter().map(ToString::to_string).collect()
}

/// Centavos, for texts with two decimals only.
fn centavos(text: &str) -> i128 {
    text.replace('.', "").parse().expect("two decimals")
}

/// The rows of a file of the sample, by hand: none of its fields is quoted.
fn rows(bytes: &[u8]) -> Vec<Vec<String>> {
    let text = str::from_utf8(bytes).expect("the sample is text");
    text.lines().skip(1).map(|line| line.split(',').map(str::to_owned).collect()).collect()
}

#[test]
fn the_sample_comes_to_what_its_rows_say() {
    let sample = Files::sample();
    let (orders, items) = (rows(&sample.orders), rows(&sample.items));
    let canceled = |id: &str| orders.iter().any(|row| row[0] == id && row[2] == "canceled");
    let mut by_order: BTreeMap<&str, BTreeMap<&str, (i128, i128)>> = BTreeMap::new();
    for row in &items {
        let part = by_order.entry(&row[0]).or_default().entry(&row[3]).or_default();
        *part = (part.0 + centavos(&row[5]), part.1 + centavos(&row[6]));
    }
    let (mut gross, mut refunded, mut commission, mut fees) = (0, 0, 0, 0);
    let mut net: BTreeMap<String, i128> = BTreeMap::new();
    for (order, shares) in &by_order {
        let total: i128 = shares.values().map(|(price, freight)| price + freight).sum();
        gross += total;
        fees += (total * 399 + 5_000) / 10_000 + 39;
        refunded += if canceled(order) { total } else { 0 };
        for (seller, (price, freight)) in shares {
            let ours = (price + 5) / 10;
            let kept = !canceled(order);
            commission += if kept { ours } else { 0 };
            *net.entry((*seller).to_owned()).or_default() += if kept { price + freight - ours } else { 0 };
        }
    }
    let figures = figures(&run_of(&sample));
    assert_eq!((figures.orders, figures.canceled, figures.sellers, figures.skipped), (orders.len(), 2, net.len(), 0));
    assert_eq!((figures.gross, figures.refunded), (gross, refunded));
    assert_eq!((figures.commission, figures.processor_fees), (commission, fees));
    assert_eq!(figures.seller_net, net);
    assert_eq!(figures.seller_paid_out, net, "every balance is above the smallest payout");
    assert!(figures.books_balance);
}

/// What was charged is what went back, was taken, went out and is held.
fn assert_nothing_is_lost(run: &Run) {
    let figures = figures(run);
    let platform = &run.market.platform;
    let held = |account| platform.balance(account, BRL).expect("a balance").total();
    let at_sellers: i128 = run.sellers.values().copied().map(held).sum();
    let ours = held(platform.id());
    assert_eq!(figures.gross, figures.refunded + figures.processor_fees + figures.paid_out + at_sellers + ours);
    assert_eq!(ours, figures.commission - figures.processor_fees);
    assert_eq!(figures.seller_net.values().sum::<i128>(), figures.paid_out + at_sellers);
    for (name, seller) in sellers(run).expect("the sellers of a run") {
        let earned = seller.sold - seller.commission - seller.refunded;
        assert_eq!(earned, seller.paid_out + seller.to_come, "{name}");
    }
    assert!(figures.books_balance);
    assert!(platform.next_deadline().is_none() && platform.instructions().is_empty());
}

#[test]
fn every_centavo_finds_its_place() {
    let run = run_of(&Files::sample());
    assert_nothing_is_lost(&run);
    assert!(run.notes.is_empty() && run.skipped.is_empty());
    assert_eq!(figures(&run), figures(&run_of(&Files::sample())), "the same rows give the same run");
}

#[test]
fn the_standard_rules_do_not_refund_boletos() {
    let run = run_by(Rulebook::standard(), &Files::sample()).unwrap();
    let canceled: Vec<_> = run.orders.iter().filter(|order| order.canceled).collect();
    let by_card: i64 =
        canceled.iter().filter(|order| order.method == PaymentMethod::Card).map(|o| o.total.minor()).sum();
    assert_eq!(figures(&run).refunded, i128::from(by_card));
    let boleto = canceled.iter().find(|order| order.method == PaymentMethod::Boleto).unwrap();
    let refusal =
        format!("orders.csv:{}: canceled, but not refunded: payments by boleto cannot be refunded", boleto.line);
    assert_eq!(told(&run.notes), [refusal]);

    let mut platform = Platform::new(NewPlatform::in_country(BR), Rulebook::standard(), utc(2026, 3, 2)).unwrap();
    let mut world = World::new();
    let sale = platform.payments().create("order", NewPayment::by(PaymentMethod::Boleto, brl(50_00))).unwrap().answer;
    world.pay_voucher(&mut platform, sale).unwrap();
    let refused = platform.refunds().create("back", NewRefund::of(sale)).unwrap_err();
    assert_eq!(refused.code(), Some("charge_not_refundable"));
}

const BAD_ORDERS: &str = "\
good,delivered,2026-03-02 09:00:00,2026-03-02 09:10:00
when,delivered,yesterday,2026-03-02 09:10:00
open,processing,2026-03-02 09:00:00,
empty,delivered,2026-03-02 09:00:00,2026-03-02 09:10:00

good,delivered,2026-03-02 09:00:00,2026-03-02 09:10:00
short,delivered
\"quote,delivered,2026-03-02 09:00:00,2026-03-02 09:10:00
,delivered,2026-03-02 09:00:00,2026-03-02 09:10:00
minus,delivered,2026-03-02 09:00:00,2026-03-02 09:10:00
huge,delivered,2026-03-02 09:00:00,2026-03-02 09:10:00
much,delivered,2026-03-02 09:00:00,2026-03-02 09:10:00
fine,delivered,2026-03-02 09:00:00,2026-03-02 09:10:00
little,delivered,2026-03-02 09:00:00,2026-03-02 09:10:00
twice,delivered,2026-03-02 09:00:00,2026-03-02 09:10:00
nobody,delivered,2026-03-02 09:00:00,2026-03-02 09:10:00
how,delivered,2026-03-02 09:00:00,2026-03-02 09:10:00
end,canceled,9999-12-31 09:00:00,9999-12-31 09:10:00
1960,delivered,1960-03-02 09:00:00,1960-03-02 09:10:00
";
const BAD_ITEMS: &str = "\
good,1,ana,25.5,10
when,1,ana,1.00,1.00
open,1,ana,1.00,1.00
short,1,ana,1.00,1.00
minus,1,ana,-1.00,1.00
huge,1,ana,99999999999999999999,1.00
much,1,ana,1000000.00,1.00
fine,1,ana,1.005,1.00
little,1,new,0.10,0.00
twice,1,ana,5.00,1.00
twice,1,ana,5.00,1.00
nobody,1,,5.00,1.00
unknown,1,ana,5.00,1.00
how,1,ana,5.00,1.00
end,1,ana,5.00,1.00
1960,1,ana,5.00,1.00
";

#[test]
fn bad_rows_are_told_by_file_line_and_reason() {
    let payments = "good,1,credit_card\nhow,one,credit_card\nunknown,1,boleto\n";
    let mut files = files(BAD_ORDERS, BAD_ITEMS, payments);
    files.items.extend_from_slice(b"good\xff,1,ana,5.00,1.00\n");
    let run = run_of(&files);
    let expected = [
        "orders.csv:3: `order_purchase_timestamp` is `yesterday`, which is no time such as `2026-03-02 09:30:00`",
        "orders.csv:4: the order has no approval time",
        "orders.csv:5: the order has no items",
        "orders.csv:7: order `good` stands in line 2 already",
        "orders.csv:8: 2 fields where the header has 4",
        "orders.csv:9: a quote that is not closed",
        "orders.csv:10: `order_id` is empty",
        "orders.csv:13: the payment is refused: `1000001.00 BRL` is above the maximum of `999999.99 BRL`",
        "orders.csv:15: the payment is refused: `0.10 BRL` is below the minimum of `0.50 BRL`",
        "orders.csv:19: the order is canceled beyond the end of the calendar",
        "orders.csv:20: `order_purchase_timestamp` is `1960-03-02 09:00:00`, which is no time such as `2026-03-02 09:30:00`",
        "order_items.csv:6: `price` is `-1.00`, which is below zero",
        "order_items.csv:7: `price` is `99999999999999999999`: the amount is too large to hold",
        "order_items.csv:9: `price` is `1.005`: `1.005` has more decimals than BRL can hold",
        "order_items.csv:12: item 1 of the order stands there already",
        "order_items.csv:13: `seller_id` is empty",
        "order_items.csv:14: no order `unknown` in orders.csv",
        "order_items.csv:18: text that is not UTF-8",
        "order_payments.csv:3: `payment_sequential` is `one`, which is no number",
        "order_payments.csv:4: no order `unknown` in orders.csv",
    ];
    assert_eq!(told(&run.skipped), expected);
    assert_eq!(run.sellers.keys().collect::<Vec<_>>(), ["ana"], "nobody is connected for a sale that is refused");
    let figures = figures(&run);
    assert_eq!((figures.orders, figures.gross, figures.skipped), (1, 35_50, expected.len()));
    assert_eq!((figures.commission, figures.seller_net["ana"]), (2_55, 32_95));
    assert_nothing_is_lost(&run);
    let story = report::story(&run).unwrap();
    assert!(report::tells_all(&run));
    assert!(story.contains("Rows left out: 20\n") && story.contains("orders.csv:3: "), "{story}");
}

#[test]
fn line_ends_quotes_and_a_byte_order_mark_change_nothing() {
    let plain = files("a,delivered,2026-03-02 09:00:00,2026-03-02 09:10:00\n", "a,1,ana,10.00,1.00\n", "a,1,boleto\n");
    let orders = format!("\u{feff}{ORDERS}\"a\",\"delivered\",\"2026-03-02 09:00:00\",2026-03-02 09:10:00");
    let windows = Files {
        orders: orders.replace('\n', "\r\n").into_bytes(),
        items: format!("{ITEMS}\n a , 1,\"ana\",10,1.0").replace('\n', "\r\n").into_bytes(),
        payments: plain.payments.clone(),
    };
    assert_eq!(figures(&run_of(&windows)), figures(&run_of(&plain)));
    assert_eq!(figures(&run_of(&plain)).gross, 11_00);
}

#[test]
fn shares_of_several_sellers_are_all_pulled_back() {
    let orders =
        "a,canceled,2026-03-02 09:00:00,2026-03-02 09:10:00\nb,canceled,2026-03-02 09:00:00,2026-03-04 09:10:00\n";
    let items = "a,1,ana,10.05,1.00\na,2,bia,20.00,2.00\na,3,cai,0.00,0.00\nb,1,ana,30.00,3.00\nb,2,bia,7.00,0.00\n";
    let run = run_of(&files(orders, items, "a,1,credit_card\nb,1,boleto\n"));
    assert!(run.notes.is_empty() && run.skipped.is_empty(), "{:?}", run.notes);
    let figures = figures(&run);
    assert_eq!((figures.gross, figures.refunded, figures.commission), (73_05, 73_05, 0));
    assert_eq!(figures.seller_net.values().copied().collect::<Vec<_>>(), [0, 0, 0]);
    assert_nothing_is_lost(&run);
}

#[test]
fn a_boleto_paid_after_it_ran_out_is_still_a_sale() {
    let orders = "a,delivered,2026-03-02 09:00:00,2026-03-20 09:00:00\n";
    let run = run_of(&files(orders, "a,1,ana,10.00,1.00\na,2,bia,5.00,1.00\n", "a,1,boleto\n"));
    let figures = figures(&run);
    assert_eq!((figures.orders, figures.gross, figures.paid_out), (1, 17_00, 15_50));
    assert_nothing_is_lost(&run);
}

#[test]
fn without_a_word_about_the_payment_it_is_a_card() {
    let mut files =
        files("a,delivered,2026-03-02 09:00:00,2026-03-02 09:10:00\n", "a,1,ana,10.00,1.00\n", "a,2,boleto\n");
    assert_eq!(run_of(&files).orders[0].method, PaymentMethod::Card);
    files.payments = None;
    assert_eq!(run_of(&files).orders[0].method, PaymentMethod::Card);
}

#[test]
fn an_approval_before_the_purchase_counts_as_one_at_the_purchase() {
    let orders = "a,canceled,2026-03-02 09:00:00,2026-02-02 09:00:00\n";
    let run = run_of(&files(orders, "a,1,ana,10.00,1.00\n", "a,1,credit_card\n"));
    assert_eq!(told(&run.notes), ["orders.csv:2: approved before it was made: taken as approved when it was made"]);
    assert_eq!(figures(&run).refunded, 11_00);
    assert_nothing_is_lost(&run);
}

#[test]
fn a_refund_after_the_money_was_paid_out_is_told_and_waits_for_money() {
    let late = "a,canceled,2026-03-02 09:00:00,2026-04-20 09:00:00\n";
    let alone = run_of(&files(late, "a,1,ana,10.00,1.00\n", ""));
    let notes = told(&alone.notes);
    assert_eq!(notes, ["orders.csv:2: canceled, but not refunded: insufficient_funds"]);
    assert_eq!((figures(&alone).canceled, figures(&alone).refunded), (1, 0));
    assert_nothing_is_lost(&alone);

    // Another sale brings the platform the money, on 24 April, to take this one back.
    let orders = [late, "b,delivered,2026-03-25 09:00:00,2026-03-25 09:00:00\n"].concat();
    let helped = run_of(&files(&orders, "a,1,ana,10.00,1.00\nb,1,ana,900.00,1.00\n", ""));
    let notes = told(&helped.notes);
    let refunded = "orders.csv:2: refunded on 2026-04-24 out of what was available: its own money no longer waited since 2026-04-01";
    assert_eq!(notes.last().map(String::as_str), Some(refunded), "{notes:?}");
    assert_eq!((figures(&helped).refunded, figures(&helped).commission), (11_00, 90_00));
    assert_nothing_is_lost(&helped);
}

#[test]
fn nothing_to_run_is_a_run() {
    let run = run_of(&files("", "", ""));
    assert_eq!((figures(&run).orders, figures(&run).gross, figures(&run).entries), (0, 0, 0));
    assert!(report::story(&run).unwrap().ends_with("the books balance.\n"));
}

#[test]
fn other_layouts_and_missing_folders_are_refused() {
    let mut files = files("", "", "");
    files.items = b"order_id,seller_id,price\n".to_vec();
    let refused = orders::read(&files).unwrap_err();
    assert_eq!(refused.to_string(), "order_items.csv has no column `freight_value`");
    let Err(ReadError::Unreadable { path, .. }) = Files::of_folder(Path::new("no/such/folder")) else {
        panic!("a folder that is not there was read");
    };
    assert_eq!(path, Path::new("no/such/folder/orders.csv"));
}

#[test]
fn a_folder_in_the_layout_is_the_same_as_the_sample() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/marketplace/sample");
    let read = Files::of_folder(&folder).unwrap();
    assert_eq!(orders::read(&read).unwrap().orders, orders::read(&Files::sample()).unwrap().orders);
}

#[test]
fn json_has_all_keys_and_whole_numbers() {
    let json = serde_json::to_value(figures(&run_of(&Files::sample()))).unwrap();
    let keys: Vec<_> = json.as_object().unwrap().keys().map(String::as_str).collect();
    let mut expected = [
        "orders",
        "canceled",
        "sellers",
        "currency",
        "gross",
        "refunded",
        "commission",
        "processor_fees",
        "paid_out",
        "seller_net",
        "seller_paid_out",
        "skipped",
        "changes",
        "entries",
        "books_balance",
    ];
    expected.sort_unstable();
    assert_eq!(keys, expected);
    assert!(json["gross"].is_i64() && json["books_balance"] == true && json["currency"] == "brl");
    let paid: i64 = json["seller_paid_out"].as_object().unwrap().values().filter_map(|paid| paid.as_i64()).sum();
    assert_eq!(json["paid_out"], paid);
}

#[test]
fn the_story_names_every_seller_and_closes_with_the_proof() {
    let run = run_of(&Files::sample());
    let story = report::story(&run).unwrap();
    assert!(run.sellers.keys().all(|seller| story.contains(seller.as_str())), "{story}");
    assert!(story.contains(&report::paid_back(1)) && story.ends_with("the books balance.\n"), "{story}");
}

#[test]
fn arguments_are_read_or_refused() {
    let parse = |given: &[&str]| Args::parse(given.iter().map(Into::into));
    assert_eq!(parse(&[]), Ok(Args::default()));
    let folder = Args { orders: Some("some/where".into()), json: true, help: false };
    assert_eq!(parse(&["--json", "--orders", "some/where"]), Ok(folder));
    assert!(parse(&["--help"]).unwrap().help && HELP.contains("--orders DIR"));
    assert_eq!(parse(&["--orders"]), Err("`--orders` needs a folder".to_owned()));
    assert_eq!(parse(&["--orders", "--json"]), Err("`--orders` needs a folder".to_owned()));
    assert_eq!(parse(&["--orders", "a", "--orders", "b"]), Err("`--orders` is given twice".to_owned()));
    assert_eq!(parse(&["--jsno"]), Err("unknown argument `--jsno`".to_owned()));
}

/// Published orders are years old: sellers join at the time of their first sale, and nothing that they give lies ahead of it.
#[test]
fn orders_of_years_ago_are_paid_out() {
    let run = run_of(&files(
        "a,delivered,2016-10-03 09:44:50,2016-10-06 15:51:38\nb,delivered,2018-08-29 15:00:37,2018-08-29 15:10:26\n",
        "a,1,one,100.00,10.00\nb,1,two,50.00,5.00\n",
        "a,1,credit_card\nb,1,boleto\n",
    ));
    let figures = figures(&run);
    assert_eq!((figures.orders, figures.sellers, figures.skipped), (2, 2, 0));
    assert_eq!(figures.seller_paid_out["one"], 100_00);
    assert_eq!(figures.seller_paid_out["two"], 50_00);
}
