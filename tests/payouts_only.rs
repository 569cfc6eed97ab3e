//! The example of a platform that only pays: everybody is paid what was sent, in their own money, and the top-up that was pulled back cost
//! nobody but the platform.

#[path = "../examples/payouts_only/story.rs"]
mod story;

fn text() -> String {
    let told = story::tell();
    assert!(told.is_ok(), "{:?}", told.err().map(|problem| problem.to_string()));
    told.unwrap_or_default()
}

/// A row of somebody's statement.
fn row<'a>(text: &'a str, who: &str, name: &str) -> &'a str {
    let part = text.split("\n\n").find(|part| part.starts_with(who)).unwrap_or_default();
    let line = part.lines().find_map(|line| line.trim_start().strip_prefix(name)).unwrap_or_default();
    line.trim_start().split("  ").next().unwrap_or_default().trim()
}

#[test]
fn everybody_is_paid_in_their_own_money() {
    let text = text();
    // 750.00 at 0.8642 less 2 %, 650.00 at 0.7581, 500.00 at 1.3958.
    for (who, paid) in [
        ("the reporter", "-900.00 USD"),
        ("the translator", "-635.19 EUR"),
        ("the illustrator", "-482.91 GBP"),
        ("the editor", "-683.94 CAD"),
    ] {
        assert_eq!(row(&text, who, "payout"), paid, "{text}");
        assert!(row(&text, who, "in the end").starts_with("0.00"), "{text}");
    }
}

#[test]
fn what_is_pulled_back_stops_the_next_transfer_until_more_is_there() {
    let text = text();
    let days: Vec<&str> = text.lines().filter(|line| line.contains("the editor") && line.starts_with("2026")).collect();
    assert_eq!(days.len(), 2, "{text}");
    assert!(days[0].ends_with("cannot send the editor, in Toronto, 500.00 USD: -2300.00 USD are there"), "{text}");
    assert!(days[1].ends_with("sends the editor, in Toronto, 500.00 USD, which become 683.94 CAD"), "{text}");
    let house = |name| row(&text, "the magazine, in New York", name);
    assert_eq!((house("topup_reversal"), house("transfer")), ("-3000.00 USD", "-2800.00 USD"), "{text}");
    assert_eq!((house("topup "), house("in the end")), ("6000.00 USD", "200.00 USD"), "{text}");
    assert!(text.ends_with("The books balance, in each currency.\n"));
}
