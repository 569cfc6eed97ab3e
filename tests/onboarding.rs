//! The onboarding example: three sellers, each of whom fails once and recovers.

#[path = "../examples/onboarding/story.rs"]
mod story;

/// The lines of the story, in their order, each with what it says about the account next.
const LINES: [(&str, &str); 10] = [
    (
        "2026-11-02  Jo wants to sell, and has given nothing yet.",
        "Incomplete: charges off, payouts off, because requirements.past_due",
    ),
    (
        "2026-11-02  With a new link she gives everything, but a number that nobody knows.",
        "Ready: charges on, payouts on",
    ),
    ("2026-11-02  Her first picture of a passport cannot be read.", "Ready: charges on, payouts on"),
    ("2026-11-02  The second one can.", "Ready: charges on, payouts on"),
    ("2026-11-02  The company wants to sell.", "Incomplete: charges off, payouts off, because requirements.past_due"),
    (
        "2026-11-02  Its owners Bea and Cay are named, and Ada, who represents it; nobody knows of an Ada born on that day.",
        "Ready: charges on, payouts on",
    ),
    ("2026-11-16  Nobody answers in time.", "Restricted: charges off, payouts off, because requirements.past_due"),
    ("2026-11-16  It was a slip of the pen: the right date is given.", "Ready: charges on, payouts on"),
    (
        "2026-11-16  The second time it is quicker, and Al gives what he is asked for in his own dashboard.",
        "Ready: charges on, payouts on",
    ),
    (
        "2026-11-16  Al ends the connection, and another sale is refused: account is disconnected.",
        "Disconnected: charges off, payouts on, because other",
    ),
];

#[test]
fn three_sellers_fail_once_and_recover() {
    let text = story::tell().unwrap();
    let mut lines = text.lines();
    for (told, then) in LINES {
        assert!(lines.any(|line| line == told), "{told}\n{text}");
        assert_eq!(lines.next().map(str::trim), Some(then), "{told}\n{text}");
    }
    for said in [
        "there is time until 2026-11-16",
        "individual.id_number was not accepted: verification_failed_id_number_match",
        "would do, too  individual: verification.document",
        "due now        business_profile: mcc, url",
        "18.00 USD of it are Jo's",
        "Ada.dob.day was not accepted: verification_failed_keyed_identity",
        "it has expired, and she is sent to https://shop.example/again",
        "takes an hour to use the code: invalid_grant",
    ] {
        assert!(text.contains(said), "{said}\n{text}");
    }
    assert!(text.lines().all(|line| line.chars().count() <= 140), "{text}");
    assert_eq!(story::tell().unwrap(), text, "told twice, it is the same story");
}
