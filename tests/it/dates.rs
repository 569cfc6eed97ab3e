//! Worked dates: when money charged at a moment is available, when it is paid out, and when it arrives.
//!
//! Those named `date_s…` are published (docs.stripe.com/payouts and /payouts/next-day-settlement, 2026; help pages of shops that settle by
//! the same rules, 2021 to 2025); those named `date_d…` follow from the published rules and the calendars of the banks.

use chrono::Weekday;
use fundroute::calendar::{Delay, Recurrence};
use fundroute::money::Rate;
use fundroute::payouts::{PayoutSchedule, SetDelayDays};
use fundroute::prelude::*;
use fundroute::rulebook::{Capability, Price};

use crate::shop::{Shop, rules};

/// A charge on an account, by the rules of a country.
struct Charged {
    country: Country,
    at: Timestamp,
    method: PaymentMethod,
    /// Where the account waits for another time than a new one in its country.
    delay: Option<Delay>,
    /// Where its platform has it wait longer.
    days: Option<u16>,
    schedule: Option<Recurrence>,
}

fn charged(country: Country, at: Timestamp) -> Charged {
    Charged { country, at, method: PaymentMethod::Card, delay: None, days: None, schedule: None }
}

impl Charged {
    fn by(self, method: PaymentMethod) -> Self {
        Self { method, ..self }
    }

    fn after(self, delay: Delay) -> Self {
        Self { delay: Some(delay), ..self }
    }

    fn waiting(self, days: u16) -> Self {
        Self { days: Some(days), ..self }
    }

    fn weekly(self, days: &[Weekday]) -> Self {
        Self { schedule: Some(Recurrence::weekly(days.iter().copied()).unwrap()), ..self }
    }

    fn monthly(self, days: &[u8]) -> Self {
        Self { schedule: Some(Recurrence::monthly(days.iter().copied()).unwrap()), ..self }
    }

    /// When it is available, and the payout of it: `run` and `arrives` are the days on which that leaves and on which it is there.
    fn is(self, available_on: Timestamp, run: &str, arrives: &str) {
        let currency = rules().country(self.country).unwrap().default_currency();
        let free = Price::new(self.country, self.method, currency, Rate::ZERO, 0);
        let mut book = rules().with_price(free).unwrap();
        if let Some(delay) = self.delay {
            book = book.with_settlement_delay(self.country, None, delay).unwrap();
        }
        let before = self.at.midnight().checked_add(days(-1)).unwrap();
        let mut shop = Shop::open_on(before, self.country, book);
        let asks = NewAccount::express(self.country).request(Capability::UsBankAccountAchPayments);
        let jo = shop.banked(asks);
        if let Some(schedule) = self.schedule {
            let key = shop.key();
            shop.platform.payouts().set_schedule(&key, jo, PayoutSchedule::Automatic(schedule)).unwrap();
        }
        if let Some(days) = self.days {
            let request = Request::new("wait", Command::SetDelayDays(SetDelayDays { account: jo, delay: Some(days) }));
            shop.platform.handle(request).unwrap();
        }
        shop.until(self.at);
        let amount = Money::new(100_00, currency);
        let order = shop.order_as(jo, NewPayment::by(self.method, amount));
        shop.taken(shop.charge_of(order), amount);
        let pending = shop.platform.pending(jo, currency);
        assert_eq!(pending, [(available_on, 100_00)], "when it is available");
        shop.until(available_on.checked_add(days(40)).unwrap());
        let payouts: Vec<String> = shop
            .payouts(jo)
            .iter()
            .map(|payout| format!("{} {}", payout.created().date(), payout.arrival_date().date()))
            .collect();
        assert_eq!(payouts, [format!("{run} {arrives}")], "when it leaves and arrives");
        shop.sound();
    }
}

const NZ: Country = Country::NZ;
const AU: Country = Country::AU;
const GB: Country = Country::GB;
const SG: Country = Country::SG;
const JP: Country = Country::JP;

/// In November 2026, whose first Monday is the 2nd.
fn nov(day: u32) -> Timestamp {
    utc(2026, 11, day)
}

#[test]
fn date_s1_one_business_day() {
    let next_day = Delay::Business(1);
    charged(US, nov(2).at(10, 0)).after(next_day).is(nov(3), "2026-11-03", "2026-11-03");
}

#[test]
fn date_s3_a_friday_in_the_united_states() {
    charged(US, nov(6).at(12, 0)).is(nov(10), "2026-11-10", "2026-11-10");
}

#[test]
fn date_s4_a_thursday_in_germany() {
    charged(DE, nov(5).at(12, 0)).is(nov(12), "2026-11-12", "2026-11-12");
}

/// A shop in Los Angeles: 16:59 in summer there is before midnight UTC.
#[test]
fn date_s5_an_afternoon_in_los_angeles() {
    charged(US, utc(2026, 7, 14).at(23, 59)).is(utc(2026, 7, 16), "2026-07-16", "2026-07-16");
}

#[test]
fn date_s6_the_same_afternoon_twenty_minutes_later() {
    charged(US, utc(2026, 7, 15).at(0, 19)).is(utc(2026, 7, 17), "2026-07-17", "2026-07-17");
}

#[test]
fn date_s7_a_wednesday_in_new_zealand() {
    charged(NZ, nov(4).at(9, 0)).is(nov(10), "2026-11-10", "2026-11-10");
}

#[test]
fn date_s8_a_monday_in_new_zealand() {
    charged(NZ, nov(2).at(9, 0)).is(nov(6), "2026-11-06", "2026-11-06");
}

#[test]
fn date_s9_a_tuesday_and_a_friday_in_australia() {
    charged(AU, nov(3).at(9, 0)).is(nov(5), "2026-11-05", "2026-11-05");
    charged(AU, nov(6).at(9, 0)).is(nov(10), "2026-11-10", "2026-11-10");
}

#[test]
fn date_s10_a_monday_in_the_united_states() {
    charged(US, nov(2).at(9, 0)).is(nov(4), "2026-11-04", "2026-11-04");
}

#[test]
fn date_d1_two_business_days() {
    charged(US, nov(2).at(15, 0)).is(nov(4), "2026-11-04", "2026-11-04");
}

#[test]
fn date_d2_over_a_weekend() {
    charged(US, nov(6)).is(nov(10), "2026-11-10", "2026-11-10");
}

#[test]
fn date_d3_over_veterans_day() {
    charged(US, nov(9)).is(nov(12), "2026-11-12", "2026-11-12");
}

#[test]
fn date_d4_a_saturday_counts_as_the_monday() {
    charged(US, nov(7)).is(nov(12), "2026-11-12", "2026-11-12");
}

#[test]
fn date_d5_an_evening_in_summer_is_the_next_day_in_utc() {
    charged(US, utc(2026, 7, 15).at(0, 19)).is(utc(2026, 7, 17), "2026-07-17", "2026-07-17");
}

/// Independence Day is a Saturday: the Federal Reserve is open on the Friday before, whatever offices do.
#[test]
fn date_d6_a_holiday_on_a_saturday_is_not_moved() {
    charged(US, utc(2026, 7, 1)).is(utc(2026, 7, 3), "2026-07-03", "2026-07-03");
}

#[test]
fn date_d7_over_easter_in_germany() {
    let later = Delay::Business(3);
    charged(DE, utc(2026, 4, 2)).after(later).is(utc(2026, 4, 9), "2026-04-09", "2026-04-09");
}

#[test]
fn date_d8_calendar_days_end_on_a_saturday() {
    charged(DE, nov(7)).is(nov(14), "2026-11-16", "2026-11-16");
}

#[test]
fn date_d10_over_christmas_in_britain() {
    let later = Delay::Business(3);
    charged(GB, utc(2026, 12, 24)).after(later).is(utc(2026, 12, 31), "2026-12-31", "2026-12-31");
}

#[test]
fn date_d11_mondays_and_thursdays() {
    let both = [Weekday::Mon, Weekday::Thu];
    charged(US, nov(2)).weekly(&both).is(nov(4), "2026-11-05", "2026-11-05");
}

#[test]
fn date_d12_a_monday_that_is_labor_day() {
    charged(US, utc(2026, 9, 1)).weekly(&[Weekday::Mon]).is(utc(2026, 9, 3), "2026-09-07", "2026-09-08");
}

#[test]
fn date_d13_the_thirty_first_of_february() {
    charged(US, utc(2026, 2, 25)).monthly(&[31]).is(utc(2026, 2, 27), "2026-02-28", "2026-03-02");
}

#[test]
fn date_d14_a_fifteenth_that_is_a_saturday() {
    charged(US, utc(2026, 8, 12)).monthly(&[1, 15]).is(utc(2026, 8, 14), "2026-08-15", "2026-08-17");
}

#[test]
fn date_d15_fourteen_days_in_singapore_are_days_of_the_calendar() {
    charged(SG, nov(2)).waiting(14).is(nov(16), "2026-11-16", "2026-11-16");
}

/// With Veterans Day in between: without it, it would be the Friday before.
#[test]
fn date_d16_fourteen_days_in_the_united_states_are_business_days() {
    charged(US, nov(2)).waiting(14).is(nov(23), "2026-11-23", "2026-11-23");
}

#[test]
fn date_d17_thirty_days_in_brazil() {
    charged(BR, nov(2)).is(utc(2026, 12, 2), "2026-12-02", "2026-12-02");
}

#[test]
fn date_d18_fridays_in_japan() {
    charged(JP, nov(9)).weekly(&[Weekday::Fri]).is(nov(13), "2026-11-13", "2026-11-13");
    charged(JP, nov(10)).weekly(&[Weekday::Fri]).is(nov(16), "2026-11-20", "2026-11-20");
}

#[test]
fn date_d19_a_debit_over_ach() {
    charged(US, nov(2)).by(PaymentMethod::UsBankAccount).is(nov(6), "2026-11-06", "2026-11-06");
}
