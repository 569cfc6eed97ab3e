//! At which hour days begin, until when payouts arrive on the same day, and how long money waits and may lie.

use super::super::*;
use crate::calendar::{BankCalendar, Delay, StartOfDay, utc};
use crate::money::{Currency, usd};

use Country::{AU, BR, DE, GB, IN, KP, PH, SG, TH, US};

fn start(offset: i16, hour: u8, minutes: u8) -> StartOfDay {
    StartOfDay::new(offset, hour, minutes).unwrap()
}

/// docs.stripe.com/payouts/customized-start-of-day and /connect/customized-start-of-day (2026).
#[test]
fn ten_countries_have_days_of_their_own() {
    let book = Rulebook::standard();
    let known = book.countries().filter(|rule| book.start_of_day_rule(rule.country()).is_some()).count();
    assert_eq!(known, 10);
    let rule = |country| book.start_of_day_rule(country).unwrap();
    let six = start(480, 6, 0);
    assert!(rule(SG).allows(six, true) && rule(SG).allows(six, false) && !rule(SG).allows(start(540, 6, 0), false));
    assert!(rule(PH).allows(six, true) && !rule(PH).allows(six, false) && rule(PH).midnight_from().is_none());
    assert!(rule(AU).allows(start(570, 4, 0), false) && !rule(AU).allows(start(570, 4, 30), false));
    assert!(rule(PH).allows(StartOfDay::UTC, false) && book.start_of_day_rule(US).is_none());
    assert_eq!(
        (rule(SG).local_midnight(), rule(SG).midnight_from()),
        (start(480, 0, 0), Some(utc(2022, 3, 15).date()))
    );
    assert!(rule(SG).source().page().contains("customized-start-of-day"));
    assert_eq!(book.start_of_day(PH, utc(2026, 11, 2)), StartOfDay::UTC);
}

#[test]
fn a_host_opens_days_of_its_own() {
    let mut book = Rulebook::standard();
    let head = "country,offset,least_offset,most_offset,midnight_from,platforms,accounts,latest,source";
    book.read(Table::StartsOfDay, &format!("{head}\nUS,-300,-600,-240,,yes,no,12:00,us\n")).unwrap();
    let rule = book.start_of_day_rule(US).unwrap();
    assert!(rule.allows(start(-480, 12, 0), true) && !rule.allows(start(-480, 12, 30), true));
    assert!(!rule.allows(start(-480, 12, 0), false));
    let known = book.clone();
    for (row, expected) in [
        ("KP,0,0,0,,yes,yes,00:00,us", "KP"),
        ("US,7,0,30,,yes,yes,00:00,us", "`7` minutes"),
        ("US,60,0,30,,yes,yes,00:00,us", "usual offset"),
        ("US,0,0,0,,yes,yes,24:00,us", "time of day"),
        ("US,0,0,0,,yes,yes,noon,us", "time of day"),
        ("US,0,0,0,,yes,yes,00:15,us", "half hour"),
        ("US,0,0,0,yesterday,yes,yes,00:00,us", "invalid"),
        ("US,0,0,0,,perhaps,yes,00:00,us", "neither"),
    ] {
        let error = book.read(Table::StartsOfDay, &format!("{head}\n{row}\n")).unwrap_err().to_string();
        assert!(error.contains(expected), "{row}: {error}");
        assert_eq!(book, known);
    }
}

/// docs.stripe.com/payouts (2026).
#[test]
fn cut_offs_are_where_the_page_names_them() {
    let book = Rulebook::standard();
    let rule = |country, currency| book.same_day_payouts(country, currency);
    let york = rule(US, Currency::USD).unwrap();
    assert_eq!((york.cutoff_minutes(), york.least_delay(), york.per_day(), york.otherwise()), (17 * 60, 2, 10, 1));
    assert_eq!((york.max(), york.zone()), (usd(1_000_000_00), "America/New_York"));
    assert!(york.source().page().contains("payouts"));
    assert_eq!(rule(GB, Currency::GBP).map(|rule| (rule.least_delay(), rule.otherwise())), Some((3, 2)));
    assert_eq!(rule(GB, Currency::EUR), rule(DE, Currency::EUR));
    assert!(
        rule(US, Currency::EUR).is_none() && rule(DE, Currency::USD).is_none() && rule(BR, Currency::BRL).is_none()
    );
    let euros = book.countries().filter(|known| rule(known.country(), Currency::EUR).is_some()).count();
    assert_eq!(euros, 30);
}

#[test]
fn a_host_has_cut_offs_of_its_own() {
    let mut book = Rulebook::standard();
    let head = "countries,currency,cutoff,zone,delay,max,per_day,otherwise,source";
    book.read(Table::SameDayPayouts, &format!("{head}\nSG AU,usd,09:30,Asia/Singapore,0,100,1,0,us\n")).unwrap();
    let rule = book.same_day_payouts(SG, Currency::USD).unwrap();
    assert_eq!(book.same_day_payouts(AU, Currency::USD), Some(rule));
    let banks = BankCalendar::weekends_only();
    let arrival = |at, amount, earlier| rule.arrival(&book, at, amount, |_| earlier, &banks).unwrap();
    let wednesday = utc(2026, 11, 4).date();
    let early = utc(2026, 11, 4).at(1, 29);
    assert_eq!(arrival(early, 100, 0), PayoutArrival { date: wednesday, same_day: Some(wednesday) });
    // With no days in between, what comes too late or is too much arrives all the same, and is not counted.
    for (at, amount, earlier) in [(utc(2026, 11, 4).at(1, 30), 100, 0), (early, 101, 0), (early, 100, 1)] {
        assert_eq!(arrival(at, amount, earlier), PayoutArrival { date: wednesday, same_day: None });
    }
    let known = book.clone();
    for (row, expected) in [
        ("KP,usd,17:00,Europe/London,2,1,1,1,us", "KP"),
        ("US,usd,17,Europe/London,2,1,1,1,us", "time of day"),
        ("US,usd,17:00,Europe/London,2,0,1,1,us", "above zero"),
        ("US,usd,17:00,Mars,2,1,1,1,us", "time zone"),
        ("US US,usd,17:00,Europe/London,2,1,1,1,us", "another row"),
        ("USA,usd,17:00,Europe/London,2,1,1,1,us", "ISO 3166"),
    ] {
        let error = book.read(Table::SameDayPayouts, &format!("{head}\n{row}\n")).unwrap_err().to_string();
        assert!(error.contains(expected), "{row}: {error}");
        assert_eq!(book, known);
    }
}

#[test]
fn speeds_minimums_and_limits_by_country() {
    let book = Rulebook::standard();
    let card = |country, speed| book.settlement_delay_at(country, PaymentMethod::Card, speed, None).unwrap();
    for country in [US, BR, SG, TH, IN] {
        assert_eq!(card(country, SettlementSpeed::Initial), card(country, SettlementSpeed::Established), "{country}");
    }
    assert_eq!(card(GB, SettlementSpeed::Established), Delay::Business(3));
    // A way to pay with days of its own keeps them.
    let sepa = |speed| book.settlement_delay_at(DE, PaymentMethod::SepaDebit, speed, None).unwrap();
    assert_eq!(sepa(SettlementSpeed::Initial), sepa(SettlementSpeed::Established));
    let trusted = (DE, SettlementSpeed::Established);
    assert_eq!(book.delay_days_at((US, SettlementSpeed::Initial), trusted), 3..=31);
    assert_eq!(book.delay_days_at((DE, SettlementSpeed::Initial), trusted), 7..=31);
    for country in book.countries().map(CountryRule::country) {
        let allows = book.schedule_rule(country).allows_minimum_balance();
        assert_eq!(allows, ![BR, IN, TH].contains(&country), "{country}");
    }
    let by = |country| book.must_pay_out_by(country, utc(2026, 1, 1)).unwrap();
    assert_eq!((by(TH), by(US), by(GB)), (utc(2026, 1, 11), utc(2028, 1, 1), utc(2026, 4, 1)));
    assert_eq!(by(KP), by(GB));
    assert!(book.first_payout_wait().is_zero());
    assert!(book.with_first_payout_wait(crate::calendar::days(-1)).first_payout_wait().is_zero());
    let mut book = Rulebook::standard();
    let head = "country,initial_days,initial_unit,default_days,default_unit,override_unit,default_interval,forced_daily,\
                daily_allowed,manual_allowed,source";
    book.read(Table::SettlementTiming, &format!("{head}\nTH,1,business,1,business,business,daily,no,yes,yes,us\n"))
        .unwrap();
    assert_eq!(book.must_pay_out_by(TH, utc(2026, 1, 1)), Ok(utc(2026, 4, 1)));
    assert!(book.schedule_rule(TH).allows_minimum_balance());
}
