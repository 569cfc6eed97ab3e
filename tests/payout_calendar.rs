//! The example of a month in four countries: the same sales, and each seller's money by the calendar of its country.

#[path = "../examples/payout_calendar/story.rs"]
mod story;

fn text() -> String {
    let told = story::tell();
    assert!(told.is_ok(), "{:?}", told.err().map(|problem| problem.to_string()));
    told.unwrap_or_default()
}

/// The cells of a day: charged, become available and paid out, seller by seller.
fn day(text: &str, number: u32) -> Vec<Vec<String>> {
    let is_day = |line: &&str| line.get(3..6).is_some_and(|cell| cell.trim() == number.to_string());
    let line = text.lines().find(is_day).unwrap_or_default();
    let sellers = line.split('|').skip(1);
    sellers.map(|cells| cells.split_whitespace().map(str::to_owned).collect()).collect()
}

#[test]
fn the_same_sales_are_paid_by_four_calendars() {
    let text = text();
    let none: [&str; 0] = [];
    // Everybody sells.
    assert_eq!(day(&text, 2), [["100.00"]; 4], "{text}");
    // Two business days later in Austin; a week later in Berlin, and in Singapore, where 50.00 stay.
    assert_eq!(day(&text, 4)[0], ["120.00", "100.00", "100.00"], "{text}");
    assert_eq!(day(&text, 9)[1], ["90.00", "100.00", "100.00"], "{text}");
    assert_eq!(day(&text, 9)[3], ["90.00", "100.00", "50.00"], "{text}");
    // Veterans Day counts for nothing in Austin: a Saturday's and a Monday's sales are there on the Thursday.
    assert_eq!(day(&text, 12)[0], ["240.00", "240.00"], "{text}");
    // What is available on a Saturday leaves on the Monday.
    for seller in [1, 3] {
        assert_eq!(day(&text, 14)[seller], ["150.00"], "{text}");
        assert_eq!(day(&text, 16)[seller], ["110.00", "90.00", "240.00"], "{text}");
    }
    // Nobody is paid on Thanksgiving, and the banks that move euros are open.
    assert_eq!(
        (day(&text, 26)[0].len(), day(&text, 27)[1].clone()),
        (none.len(), vec!["130.00".to_owned(); 2]),
        "{text}"
    );
}

#[test]
fn what_is_still_ahead_is_told() {
    let text = text();
    let ahead: Vec<&str> = text.lines().skip_while(|line| *line != "Still ahead:").skip(1).collect();
    assert_eq!(
        ahead,
        [
            "  Austin: nothing",
            "  Berlin: 70.00 EUR on 2026-12-02",
            "  Recife: 100.00 BRL on 2026-12-02, 120.00 BRL on 2026-12-04, 230.00 BRL on 2026-12-07, and 5 more",
            "  Singapore: 70.00 SGD on 2026-12-02",
        ],
        "{text}"
    );
}

/// What was charged in the month was paid out in it, is still ahead, or stays behind.
#[test]
fn nothing_is_lost() {
    let text = text();
    let cents = |cell: &String| cell.replace('.', "").parse::<i64>().unwrap_or_default();
    let mut charged = [0; 4];
    for number in [2, 4, 6, 7, 9, 11, 16, 20, 25] {
        for (sum, cells) in charged.iter_mut().zip(day(&text, number)) {
            *sum += cells.first().map_or(0, cents);
        }
    }
    assert_eq!(charged, [1_050_00; 4], "{text}");
    let mut austin = 0;
    for number in 1..=30 {
        let cells = day(&text, number).swap_remove(0);
        austin += cells.last().filter(|_| cells.len() > 1).map_or(0, cents);
    }
    assert_eq!(austin, 1_050_00, "{text}");
}
