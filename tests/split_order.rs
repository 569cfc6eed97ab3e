//! The example of a split order: everybody ends where the returned line and the lost dispute leave them, and nothing is lost in between.

#[path = "../examples/split_order/order.rs"]
mod order;

fn text() -> String {
    let told = order::tell();
    assert!(told.is_ok(), "{:?}", told.err().map(|problem| problem.to_string()));
    told.unwrap_or_default()
}

fn cents(text: &str) -> Option<i128> {
    text.strip_suffix(" EUR")?.replace('.', "").parse().ok()
}

/// A row of somebody's statement, in cents.
fn row(part: &str, name: &str) -> Option<i128> {
    let line = part.lines().find_map(|line| line.trim_start().strip_prefix(name))?;
    cents(line.trim_start().split("  ").next()?.trim())
}

fn part<'a>(text: &'a str, name: &str) -> &'a str {
    text.split("\n\n").find(|part| part.starts_with(name) && part.contains("in the beginning")).unwrap_or_default()
}

#[test]
fn everybody_gives_back_exactly_what_a_line_had_brought() {
    let text = text();
    for (name, got) in [
        ("the potter", 56_46),
        ("the soap maker", 19_53),
        ("the bakery", 15_75),
        ("the charity", 1_06),
        ("who sent us the buyer", 316),
    ] {
        let part = part(&text, name);
        assert_eq!((row(part, "charge"), row(part, "refund")), (Some(got), Some(-got)), "{part}");
        assert_eq!(row(part, "in the end"), Some(0), "{part}");
    }
}

/// The courier was paid, and the platform bears that and the processor's price.
#[test]
fn the_platform_bears_what_nobody_gives_back() {
    let text = text();
    assert_eq!(row(part(&text, "the courier"), "payout"), Some(-6_90));
    let house = part(&text, "the platform");
    assert_eq!(row(house, "in the end"), Some(-(6_90 + 1_94)), "{house}");
}

/// The lines of the cart are the sum of their parts, and the cart is the sum of its lines.
#[test]
fn the_cart_adds_up() {
    let text = text();
    let cart = text.split("\n\n").next().unwrap_or_default();
    let amount = |line: &str| cents(line.trim_start().rsplit("  ").next()?.trim());
    let (mut lines, mut parts) = (0, 0);
    for line in cart.lines().skip(1) {
        let sum = if line.starts_with("    ") { &mut parts } else { &mut lines };
        *sum += amount(line).unwrap_or_default();
    }
    assert_eq!((lines, parts), (112_35, 112_35), "{cart}");
    assert!(cart.starts_with("A cart of 112.35 EUR"));
}

/// What the explanation adds up to is what is there.
#[test]
fn one_balance_is_explained_cent_by_cent() {
    let text = text();
    let explained = text.split("\n\n").find(|part| part.contains("cent by cent")).unwrap_or_default();
    let moved: Vec<i128> = explained.lines().filter_map(|line| line.split_whitespace().nth(1)?.parse().ok()).collect();
    assert_eq!(moved, [56_46, -56_46], "{explained}");
    assert!(explained.lines().skip(1).all(|line| line.contains(" < ch_") && line.contains(" < pi_")), "{explained}");
}
