//! Worked dates: when money charged at a moment is available, when it is paid out, and when it arrives.
//!
//! Those named `date_s…` are published (docs.stripe.com/payouts and /payouts/next-day-settlement, 2026; help pages of shops that settle by
//! the same rules, 2021 to 2025); those named `date_d…` follow from the published rules and the calendars of the banks. Days are those of
//! the account: in Asia and the Pacific they begin at local midnight. The published S12 is about money that is advanced.

use chrono::Weekday;
use fundroute::calendar::{Delay, Recurrence, StartOfDay, hours};
use fundroute::money::{Currency, Rate, gbp};
use fundroute::payouts::{PayoutSchedule, SetDelayDays};
use fundroute::prelude::*;
use fundroute::routing::NewTransfer;
use fundroute::rulebook::{Capability, Price, Table};

use crate::payout_timing::{cut_off, october};
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
    /// Where its days begin at another hour than those of a new account in its country.
    start: Option<StartOfDay>,
}

fn charged(country: Country, at: Timestamp) -> Charged {
    Charged { country, at, method: PaymentMethod::Card, delay: None, days: None, schedule: None, start: None }
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

    fn starting(self, start: StartOfDay) -> Self {
        Self { start: Some(start), ..self }
    }

    fn weekly(self, days: &[Weekday]) -> Self {
        Self { schedule: Some(Recurrence::weekly(days.iter().copied()).unwrap()), ..self }
    }

    fn monthly(self, days: &[u8]) -> Self {
        Self { schedule: Some(Recurrence::monthly(days.iter().copied()).unwrap()), ..self }
    }

    /// When it is available, and the payout of it: `run` and `arrives` are the days on which that leaves and on which it is there, by the
    /// account's own days.
    fn is(self, available_on: Timestamp, run: &str, arrives: &str) {
        let currency = rules().country(self.country).unwrap().default_currency();
        let free = Price::new(self.country, self.method, currency, Rate::ZERO, 0);
        let mut book = rules().with_price(free).unwrap();
        if let Some(delay) = self.delay {
            book = book.with_settlement_delay(self.country, None, delay).unwrap();
        }
        let before = self.at.midnight().checked_add(days(-3)).unwrap();
        let mut shop = Shop::open_on(before, self.country, book);
        let asks = NewAccount::express(self.country).request(Capability::UsBankAccountAchPayments);
        let jo = shop.banked(asks);
        if let Some(schedule) = self.schedule {
            let key = shop.key();
            shop.platform.payouts().set_schedule(&key, jo, PayoutSchedule::Automatic(schedule)).unwrap();
        }
        if let Some(start) = self.start {
            let key = shop.key();
            shop.platform.payouts().set_start_of_day(&key, jo, start).unwrap();
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
            .map(|payout| format!("{} {}", shop.day_of(jo, payout.created()), payout.arrival_date().date()))
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

/// Days that begin at midnight in New York: everything from Monday to Tuesday is one group, and one payout before Friday ends.
#[test]
fn date_s2_a_day_in_new_york_is_one_payout() {
    let mut book = rules().with_settlement_delay(US, None, Delay::Business(4)).unwrap();
    let head = "country,offset,least_offset,most_offset,platforms,accounts,latest,source";
    book.read(Table::StartsOfDay, &format!("{head}\nUS,-300,-300,-300,yes,yes,23:30,in preview\n")).unwrap();
    let mut shop = Shop::open_on(utc(2026, 10, 30), US, book);
    let jo = shop.banked(NewAccount::express(US));
    let midnight = StartOfDay::new(-300, 0, 0).unwrap();
    shop.platform.payouts().set_start_of_day("new york", jo, midnight).unwrap();
    let monday = nov(2).at(5, 0);
    let mut last = monday;
    for (moment, friday) in [
        (monday, nov(6).at(5, 0)),
        (nov(3).at(4, 59), nov(6).at(5, 0)),
        // The Tuesday there has begun: the next group, after the weekend.
        (nov(3).at(5, 0), nov(9).at(5, 0)),
    ] {
        shop.until(moment);
        shop.sell_as(jo, NewPayment::card(usd(100_00)));
        assert_eq!(shop.platform.pending(jo, USD).last().unwrap().0, friday);
        last = friday;
    }
    shop.until(last.checked_add(days(2)).unwrap());
    let payouts = shop.payouts(jo);
    let sent: Vec<_> = payouts.iter().map(|payout| (payout.created(), payout.arrival_date())).collect();
    assert_eq!(sent, [(nov(6).at(5, 0), nov(6).at(5, 0)), (nov(9).at(5, 0), nov(9).at(5, 0))]);
    assert_eq!(payouts[0].amount().minor(), 2 * payouts[1].amount().minor());
    shop.sound();
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
    charged(NZ, nov(4).at(9, 0)).is(nov(9).at(12, 0), "2026-11-10", "2026-11-10");
}

#[test]
fn date_s8_a_monday_in_new_zealand() {
    charged(NZ, nov(2).at(9, 0)).is(nov(5).at(12, 0), "2026-11-06", "2026-11-06");
}

#[test]
fn date_s9_a_tuesday_and_a_friday_in_australia() {
    charged(AU, nov(3).at(9, 0)).is(nov(4).at(14, 0), "2026-11-05", "2026-11-05");
    charged(AU, nov(6).at(9, 0)).is(nov(9).at(14, 0), "2026-11-10", "2026-11-10");
}

#[test]
fn date_s10_a_monday_in_the_united_states() {
    charged(US, nov(2).at(9, 0)).is(nov(4), "2026-11-04", "2026-11-04");
}

/// At seven in the morning somebody chooses midnight, both in Singapore: that counts seventeen hours later, and for what is paid from
/// then on. The account is older than local midnight as a rule.
#[test]
fn date_s11_another_start_of_day_counts_from_when_it_is_reached() {
    let sgd = Currency::SGD;
    let free = Price::new(SG, PaymentMethod::Card, sgd, Rate::ZERO, 0);
    let march = |day| utc(2022, 3, day);
    let mut shop = Shop::open_on(march(14), SG, rules().with_price(free).unwrap());
    let mei = shop.seller(NewAccount::express(SG));
    assert_eq!(shop.platform.balance_settings(mei).unwrap().starts_of_day().chosen(), (StartOfDay::UTC, None));
    shop.until(march(20).at(23, 0));
    let midnight = StartOfDay::new(480, 0, 0).unwrap();
    shop.platform.payouts().set_start_of_day("midnight", mei, midnight).unwrap();
    let reached = shop.platform.now().checked_add(hours(17)).unwrap();
    assert_eq!(shop.platform.balance_settings(mei).unwrap().starts_of_day().chosen(), (midnight, Some(reached)));
    let mut before = shop.clone();
    for (moment, available) in [
        (march(20).at(23, 0), march(27)),
        (march(21).at(15, 59), march(28)),
        (march(21).at(16, 0), march(28).at(16, 0)),
    ] {
        shop.until(moment);
        shop.sell_as(mei, NewPayment::card(Money::new(10_00, sgd)));
        assert_eq!(shop.platform.pending(mei, sgd).last().unwrap().0, available, "{moment}");
        if moment < reached {
            before = shop.clone();
        }
    }
    shop.sound();
    // What was paid before, and is told of after, keeps the day that it belonged to.
    let early = before.order_as(mei, NewPayment::card(Money::new(10_00, sgd)));
    let charge = before.charge_of(early);
    before.platform.advance_to(reached).unwrap();
    let amount = Money::new(10_00, sgd);
    before.platform.payments().record_succeeded("late", march(21).at(15, 59), charge, amount).unwrap();
    assert_eq!(before.platform.pending(mei, sgd), [(march(27), 10_00), (march(28), 20_00)]);
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

/// Half past five on a Sunday morning in Singapore, where the account's days begin at six: it is still Saturday.
#[test]
fn date_d9_half_an_hour_before_the_day_begins() {
    let six = StartOfDay::new(480, 6, 0).unwrap();
    charged(SG, nov(7).at(21, 30)).starting(six).is(nov(13).at(22, 0), "2026-11-16", "2026-11-16");
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
    charged(SG, nov(2)).waiting(14).is(nov(15).at(16, 0), "2026-11-16", "2026-11-16");
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
    charged(JP, nov(9)).weekly(&[Weekday::Fri]).is(nov(12).at(15, 0), "2026-11-13", "2026-11-13");
    charged(JP, nov(10)).weekly(&[Weekday::Fri]).is(nov(15).at(15, 0), "2026-11-20", "2026-11-20");
}

#[test]
fn date_d19_a_debit_over_ach() {
    charged(US, nov(2)).by(PaymentMethod::UsBankAccount).is(nov(6), "2026-11-06", "2026-11-06");
}

/// Half past four in the afternoon in London is before the cut-off, half past five is not.
#[test]
fn date_d20_asked_for_before_and_after_the_cut_off() {
    let mut shop = Shop::open_on(october(), GB, cut_off());
    let jo = shop.funded(GB, gbp(500_00));
    for (asked, arrives) in
        [(nov(4).at(16, 30), nov(4).at(16, 30)), (nov(4).at(16, 59), nov(4).at(16, 59)), (nov(4).at(17, 0), nov(6))]
    {
        shop.until(asked);
        let payout = shop.pay_out(jo, gbp(10_00)).unwrap();
        assert_eq!(shop.platform.payout(payout).unwrap().arrival_date(), arrives);
    }
    shop.until(nov(4).at(17, 30));
    let payout = shop.pay_out(jo, gbp(10_00)).unwrap();
    assert_eq!(shop.platform.payout(payout).unwrap().arrival_date(), nov(6));
    shop.sound();
}

/// docs.stripe.com/connect/service-agreement-types (2024): a transfer to an account under the recipient agreement is there a day later, to
/// the minute, and leaves with the next run.
#[test]
fn date_d21_a_transfer_under_the_recipient_agreement() {
    let (country, aed) = (Country::AE, Currency::AED);
    let free = Price::new(country, PaymentMethod::Card, aed, Rate::ZERO, 0);
    let mut book = rules().with_price(free).unwrap();
    let head = "era,platform,account,agreement,lane,fee,flows,source";
    book.read(Table::CrossBorder, &format!("{head}\nself_serve,AE,AE,recipient,recipient,0%,separate,us\n")).unwrap();
    let mut shop = Shop::open_on(utc(2026, 10, 20), country, book);
    let transfers = || NewAccount::custom(country).request(Capability::Transfers);
    let (jo, al) = (shop.banked(transfers().recipient()), shop.banked(transfers()));
    shop.sell(NewPayment::card(Money::new(500_00, aed)));
    shop.until(nov(4).at(10, 0));
    for (account, available) in [(jo, Some(nov(5).at(10, 0))), (al, None)] {
        shop.transfer(NewTransfer::to(account, Money::new(100_00, aed))).unwrap();
        let pending: Vec<_> = shop.platform.pending(account, aed).iter().map(|(date, _)| *date).collect();
        assert_eq!(pending, available.into_iter().collect::<Vec<_>>());
    }
    shop.wait(5);
    assert_eq!(shop.payout_list(jo), ["10000 paid 2026-11-06 2026-11-06"]);
    assert_eq!(shop.payout_list(al), ["10000 paid 2026-11-05 2026-11-05"]);
    shop.sound();
}
