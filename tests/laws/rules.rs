//! The rules that the stories are played by: the standard ones, with more prices and currencies.

use fundroute::calendar::Delay;
use fundroute::money::{Currency, Rate};
use fundroute::payouts::PayoutSchedule;
use fundroute::prelude::*;
use fundroute::routing::Fee;
use fundroute::rulebook::{
    CardBrand, DebitTerms, DisputeFeePayer, DisputePolicy, PayoutLimits, Price, Table, TopUpTerms, Vetting,
};

/// What differs from story to story.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Rules {
    /// Whether vouchers can be refunded, to a bank account that the payer names.
    pub(crate) boleto_refundable: bool,
    /// Whether euros leave Germany in whole euros only, five at least.
    pub(crate) whole_euros: bool,
    /// Whether accounts are asked for what the rulebook wants to know, and not vetted by the host.
    pub(crate) vetted: bool,
    /// Whether the platform pays for the disputes of direct charges.
    pub(crate) platform_pays: bool,
    /// Whether Custom accounts in Germany are under the recipient agreement, and may be sent money.
    pub(crate) recipients: bool,
    /// Whether the platform covers what an account has owed for days, and not only after half a year.
    pub(crate) impatient: bool,
    /// Whether further currencies need a bank account, without which they are converted.
    pub(crate) banked: bool,
    /// Whether the day on which a payout is expected counts for its arrival.
    pub(crate) by_date: bool,
}

impl Rules {
    pub(crate) const PLAIN: Self = Self {
        boleto_refundable: false,
        whole_euros: false,
        vetted: false,
        platform_pays: false,
        recipients: false,
        impatient: false,
        banked: false,
        by_date: false,
    };

    /// Whether the platform is billed for its accounts and their payouts.
    pub(crate) const fn is_billed(self) -> bool {
        self.platform_pays != self.banked
    }

    /// After how many days the platform covers what an account owes.
    pub(crate) const fn collection_days(self) -> i64 {
        if self.impatient { 4 } else { 180 }
    }

    pub(crate) fn book(self) -> Rulebook {
        let mut book = Rulebook::standard()
            .with_unbanked_settlement(!self.banked)
            .with_arrival_as_paid(self.by_date)
            .with_connect_prices(self.is_billed())
            .with_settlement_currencies(US, &[USD, EUR, GBP])
            .unwrap()
            .with_vetting(if self.vetted { Vetting::ByRequirements } else { Vetting::ByHost });
        if self.boleto_refundable {
            book = book.with_refund_details(PaymentMethod::Boleto);
        }
        for (country, method, currency, per_million, fixed, bounds) in PRICES {
            let percent = Rate::from_basis_points(per_million / 100);
            let mut price = Price::new(country, method, currency, percent, fixed);
            if let Some((min, max)) = bounds {
                price = price.at_least(min).at_most(max);
            }
            book = book.with_price(price).unwrap();
        }
        // What nobody says of iDEAL, these houses know: it waits three business days, and is given back within thirty.
        let ideal = book.payment_method(PaymentMethod::Ideal).clone().open_to(&[DE, US]).refundable_for(Some(30));
        let ideal = ideal.settling_after(Some(Delay::Business(3)));
        book = book.with_payment_method(ideal).unwrap();
        // Debits reach Germany too, and cost something in dollars.
        let terms = DebitTerms::new(USD).at_most(150_00).fee(Rate::from_basis_points(100), 7);
        book = book.with_debit_terms(terms).and_then(|book| book.with_debit_region(DE, "us")).unwrap();
        // Those of Brazil, whose money the platform cannot have, cost something in reais. Pounds it may have with a bank account.
        let terms = DebitTerms::new(BRL).fee(Rate::from_basis_points(200), 3);
        book = book.with_debit_terms(terms).and_then(|book| book.with_debit_region(BR, "us")).unwrap();
        book = book.with_debit_region(GB, "us").unwrap();
        // Euros come from the bank as well, whenever they do, but never many at once.
        book = book.with_top_up_terms(TopUpTerms::new(US, EUR).at_most(150_00)).unwrap();
        if self.impatient {
            book = book.with_collection_wait(Some(days(self.collection_days())));
        }
        if self.platform_pays {
            let policy = DisputePolicy { fee_payer: DisputeFeePayer::Platform, ..book.dispute_policy() };
            book = book.with_dispute_policy(policy);
        }
        if self.recipients {
            let head = "era,platform,account,agreement,lane,fee,flows,source";
            let row = "self_serve,US,DE,recipient,recipient,0%,destination separate top_up,us";
            book.read(Table::CrossBorder, &format!("{head}\n{row}\n")).unwrap();
        }
        if self.whole_euros {
            book = book.with_payout_limits(DE, EUR, PayoutLimits::new(500, 100).unwrap()).unwrap();
        }
        book
    }

    /// The least that a bank takes, and in steps of what.
    pub(crate) fn payout_limits(self, country: Country, currency: Currency) -> (i128, i128) {
        match (country, currency) {
            (DE, EUR) if self.whole_euros => (500, 100),
            (DE, EUR) | (GB, GBP) | (BR, BRL) => (100, 1),
            _ => (1, 1),
        }
    }
}

/// The most that a debit takes of an account in that country, if it is bounded; nothing where accounts cannot be debited.
pub(crate) fn debits_from(country: Country) -> Option<Option<i128>> {
    match country {
        US => Some(Some(150_00)),
        BR | DE | GB => Some(None),
        _ => None,
    }
}

/// The most that a platform in the United States pulls from its bank at once, if that is bounded, and when the money is expected, if that
/// is known; nothing where it pulls none.
pub(crate) fn top_ups_in(currency: Currency, now: Timestamp) -> Option<(Option<i64>, Option<Timestamp>)> {
    match currency {
        USD => Some((None, Some(after(6, USD, now)))),
        EUR => Some((Some(150_00), None)),
        _ => None,
    }
}

/// What the processor takes for a debit.
pub(crate) fn debit_fee(amount: i64, currency: Currency) -> i128 {
    match currency {
        USD => 7 + (i128::from(amount) * 10_000 + 500_000) / 1_000_000,
        BRL => 3 + (i128::from(amount) * 20_000 + 500_000) / 1_000_000,
        _ => 0,
    }
}

/// Which currencies accounts in a country may have, beside its own, of those that the stories know.
pub(crate) const fn settles_in(country: Country) -> &'static [Currency] {
    match country {
        US => &[USD, EUR, GBP],
        DE => &[EUR],
        GB => &[GBP, EUR, USD],
        _ => &[],
    }
}

/// How many hundredths are left of what comes in that is converted.
pub(crate) const fn kept_of_conversions(country: Country) -> i128 {
    if matches!(country, US) { 99 } else { 98 }
}

/// Whether the platform's money comes to accounts in that country.
pub(crate) fn is_reached(country: Country) -> bool {
    matches!(country, US | DE | GB)
}

type PriceRow = (Country, PaymentMethod, Currency, u32, i64, Option<(i64, i64)>);

/// What the processor takes: millionths of the amount, a fixed part, and bounds.
pub(crate) const PRICES: [PriceRow; 24] = [
    (US, PaymentMethod::Card, USD, 29_000, 30, None),
    (US, PaymentMethod::Card, EUR, 39_000, 30, None),
    (US, PaymentMethod::Card, GBP, 39_000, 25, None),
    (US, PaymentMethod::UsBankAccount, USD, 8_000, 0, Some((1, 5_00))),
    (US, PaymentMethod::SepaDebit, EUR, 8_000, 30, Some((30, 6_00))),
    (DE, PaymentMethod::Card, EUR, 15_000, 25, None),
    (DE, PaymentMethod::SepaDebit, EUR, 0, 35, None),
    (GB, PaymentMethod::Card, GBP, 15_000, 20, None),
    (GB, PaymentMethod::Card, EUR, 25_000, 20, None),
    (GB, PaymentMethod::Card, USD, 32_500, 20, None),
    (GB, PaymentMethod::SepaDebit, EUR, 8_000, 30, Some((30, 6_00))),
    (BR, PaymentMethod::Card, BRL, 39_900, 39, None),
    (BR, PaymentMethod::Boleto, BRL, 39_900, 39, None),
    (US, PaymentMethod::BacsDebit, GBP, 10_000, 20, Some((20, 4_00))),
    (US, PaymentMethod::Cashapp, USD, 29_000, 30, None),
    (DE, PaymentMethod::Ideal, EUR, 0, 29, None),
    (US, PaymentMethod::Ideal, EUR, 0, 80, None),
    (US, PaymentMethod::Klarna, USD, 59_900, 30, None),
    (US, PaymentMethod::Klarna, EUR, 59_900, 30, None),
    (DE, PaymentMethod::Klarna, EUR, 29_900, 35, None),
    (GB, PaymentMethod::Klarna, GBP, 49_900, 35, None),
    // Of what is converted.
    (US, PaymentMethod::SepaDebit, USD, 8_000, 30, Some((30, 6_00))),
    (GB, PaymentMethod::SepaDebit, GBP, 8_000, 20, Some((20, 5_00))),
    (US, PaymentMethod::BacsDebit, USD, 10_000, 20, Some((20, 4_00))),
];

/// What a business pays for a payout within minutes, by hand: 1.5 percent in the United States, 1 percent elsewhere, to the
/// nearest cent, ties up.
pub(crate) fn instant_fee(country: Country, amount: i128) -> i128 {
    let per_mille = if country == Country::US { 15 } else { 10 };
    (amount * per_mille + 500) / 1_000
}

/// The prices of payouts within minutes that platforms set here: so many percent, and so many cents besides.
pub(crate) const INSTANT_PRICES: [(u32, i64); 3] = [(2, 0), (0, 50), (3, 25)];

pub(crate) fn instant_price(currency: Currency, (percent, fixed): (u32, i64)) -> Fee {
    Fee::percent(Rate::from_basis_points(percent * 100)).plus(Money::new(fixed, currency))
}

/// Which of them one is.
pub(crate) fn price_of(currency: Currency, price: &Fee) -> (i128, i128) {
    let known = INSTANT_PRICES.into_iter().find(|known| instant_price(currency, *known) == *price);
    let (percent, fixed) = known.expect("a price that nobody sets here");
    (percent.into(), fixed.into())
}

/// Before when pending money has to become available to be paid out within minutes: within six business days.
pub(crate) fn instant_through(currency: Currency, now: Timestamp) -> Timestamp {
    midnight(day(after(6, currency, now)) + 1)
}

/// The processor's price, by hand: to the nearest cent, ties up.
pub(crate) fn processor_fee(country: Country, method: PaymentMethod, amount: i64, currency: Currency) -> i128 {
    let row = PRICES.iter().find(|row| (row.0, row.1, row.2) == (country, method, currency));
    let (_, _, _, per_million, fixed, bounds) = row.expect("a charge without a price");
    let fee = i128::from(*fixed) + (i128::from(amount) * i128::from(*per_million) + 500_000) / 1_000_000;
    bounds.map_or(fee, |(min, max)| fee.clamp(min.into(), max.into()))
}

const DAY: i64 = 86_400_000_000;

/// The day of a moment, counted from 1970-01-01, a Thursday.
pub(crate) fn day(at: Timestamp) -> i64 {
    at.micros() / DAY
}

pub(crate) fn midnight(day: i64) -> Timestamp {
    Timestamp::from_micros(day * DAY).unwrap()
}

/// Monday is 0.
pub(crate) fn weekday(day: i64) -> i64 {
    (day + 3).rem_euclid(7)
}

/// On which days of the week no money of a currency moves, as month and day, for the years that the stories reach: as printed by the
/// Federal Reserve, the European Central Bank and the British government.
fn holidays(currency: Currency, year: i32) -> &'static [u32] {
    match (currency, year) {
        (Currency::EUR, 2026) => &[1225],
        (Currency::EUR, 2027) => &[101, 326, 329],
        (Currency::EUR, 2028) => &[414, 417, 501, 1225, 1226],
        (Currency::GBP, 2026) => &[1225, 1228],
        (Currency::GBP, 2027) => &[101, 326, 329, 503, 531, 830, 1227, 1228],
        (Currency::GBP, 2028) => &[103, 414, 417, 501, 529, 828, 1225, 1226],
        (Currency::USD, 2026) => &[1111, 1126, 1225],
        (Currency::USD, 2027) => &[101, 118, 215, 531, 705, 906, 1011, 1111, 1125],
        (Currency::USD, 2028) => &[117, 221, 529, 619, 704, 904, 1009, 1123, 1225],
        _ => &[],
    }
}

fn is_business_day(currency: Currency, day: i64) -> bool {
    use chrono::Datelike;

    let date = midnight(day).date();
    weekday(day) < 5 && !holidays(currency, date.year()).contains(&(date.month() * 100 + date.day()))
}

/// The money of a country.
pub(crate) fn currency_of(country: Country) -> Currency {
    match country {
        BR => BRL,
        DE => EUR,
        Country::GB => Currency::GBP,
        _ => USD,
    }
}

/// When money taken at a moment becomes available, day by day.
pub(crate) fn available_on(country: Country, method: PaymentMethod, at: Timestamp) -> Timestamp {
    let business = match (method, country) {
        (PaymentMethod::Boleto, _) => 2,
        (PaymentMethod::UsBankAccount, _) => 4,
        (PaymentMethod::SepaDebit, _) => 6,
        (PaymentMethod::BacsDebit, _) => 4,
        (PaymentMethod::Ideal, _) => 3,
        (_, US) => 2,
        (_, BR) => return midnight(day(at) + 30),
        (_, _) => return midnight(day(at) + 7),
    };
    after(business, currency_of(country), at)
}

/// So many business days later, of the banks that move a currency.
pub(crate) fn after(business: i64, currency: Currency, at: Timestamp) -> Timestamp {
    let mut date = day(at);
    while !is_business_day(currency, date) {
        date += 1;
    }
    for _ in 0..business {
        date += 1;
        while !is_business_day(currency, date) {
            date += 1;
        }
    }
    midnight(date)
}

/// Until when what was authorized at a moment can be captured: a week, but by Klarna until the 28th day is over.
pub(crate) fn capture_before(method: PaymentMethod, at: Timestamp) -> Option<Timestamp> {
    match method {
        PaymentMethod::Klarna => Some(midnight(day(at) + 29)),
        _ => at.plus_days(7).ok(),
    }
}

/// Whether a schedule pays out on a day.
pub(crate) fn runs_on(schedule: PayoutSchedule, currency: Currency, date: i64) -> bool {
    use chrono::Datelike;
    use fundroute::calendar::Recurrence;

    match schedule {
        PayoutSchedule::Manual => false,
        PayoutSchedule::Automatic(Recurrence::Daily) => is_business_day(currency, date),
        PayoutSchedule::Automatic(Recurrence::EachWeekend(day)) => {
            weekday(date) == if day == fundroute::calendar::WeekendDay::Saturday { 5 } else { 6 }
        }
        PayoutSchedule::Automatic(Recurrence::Weekly(days)) => {
            days.iter().any(|day| i64::from(day.num_days_from_monday()) == weekday(date))
        }
        PayoutSchedule::Automatic(Recurrence::Monthly(days)) => {
            let (today, tomorrow) = (midnight(date).date(), midnight(date + 1).date());
            let is_last = tomorrow.day() == 1;
            days.iter().any(|day| u32::from(day) == today.day() || (is_last && u32::from(day) > today.day()))
        }
    }
}

/// Whether a bank account is not used any more after this reason.
pub(crate) fn breaks_bank(failure_code: &str) -> bool {
    !matches!(
        failure_code,
        "insufficient_funds" | "exceeds_amount_limit" | "exceeds_count_limit" | "issuer_unavailable"
    )
}

/// How many bank days what comes in has to pay a debt before the bank is debited, where it is.
pub(crate) fn debit_wait(country: Country, currency: Currency) -> Option<i64> {
    match (country, currency) {
        (US, USD) => Some(1),
        (GB, GBP) | (DE, EUR) => Some(3),
        _ => None,
    }
}

/// How many bank days a bank takes that is debited.
pub(crate) fn debit_takes(currency: Currency) -> i64 {
    match currency {
        USD | GBP => 4,
        _ => 6,
    }
}

/// Until when what somebody asks for is there on the same day.
pub(crate) struct Hours {
    /// How many minutes ahead of Greenwich the place is in winter.
    pub(crate) zone: i64,
    /// In minutes past midnight.
    pub(crate) until: i64,
    /// How many bank days later what is asked for too late is there.
    pub(crate) otherwise: i64,
}

/// The hours for accounts in a country and a currency, where there are any: dollars in New York, pounds in London, euros in Copenhagen.
pub(crate) fn same_day(country: Country, currency: Currency) -> Option<Hours> {
    match (country, currency) {
        (US, USD) => Some(Hours { zone: -300, until: 17 * 60, otherwise: 1 }),
        (GB, GBP) => Some(Hours { zone: 0, until: 17 * 60, otherwise: 2 }),
        (DE | GB, EUR) => Some(Hours { zone: 60, until: 16 * 60, otherwise: 1 }),
        _ => None,
    }
}

/// Whether a dispute of what was paid like that is decided as soon as it is there.
pub(crate) fn disputes_are_final(method: PaymentMethod) -> bool {
    matches!(method, PaymentMethod::SepaDebit | PaymentMethod::UsBankAccount)
}

/// Whether a bank takes days to say that it has paid.
pub(crate) fn is_known_later(method: PaymentMethod) -> bool {
    matches!(method, PaymentMethod::SepaDebit | PaymentMethod::UsBankAccount | PaymentMethod::BacsDebit)
}

/// What the processor takes for a debit that failed.
pub(crate) fn failure_fee(method: PaymentMethod, currency: Currency) -> i128 {
    match (method, currency) {
        (PaymentMethod::SepaDebit, EUR) => 3_50,
        (PaymentMethod::SepaDebit, GBP) => 3_00,
        (PaymentMethod::SepaDebit, USD) => 5_00,
        (PaymentMethod::UsBankAccount, USD) => 4_00,
        _ => 0,
    }
}

/// What the processor takes for receiving a dispute, for countering it, and for a compliance case, of charges booked in a country.
pub(crate) fn dispute_fees(
    country: Country,
    (method, currency): (PaymentMethod, Currency),
    network: Option<CardBrand>,
) -> [i128; 3] {
    let received = match (method, country, currency) {
        (PaymentMethod::SepaDebit, _, GBP) => 13_00,
        (PaymentMethod::SepaDebit, _, EUR | USD) | (_, US, USD) => 15_00,
        (_, GB, GBP) => 20_00,
        _ => 0,
    };
    let countered = if (country, currency) == (US, USD) { 15_00 } else { 0 };
    let of_network = matches!(network, Some(CardBrand::Visa | CardBrand::Mastercard));
    [received, countered, if of_network && currency == USD { 500_00 } else { 0 }]
}
