//! What stays behind, how fast money becomes available, until when it has to leave, and when it arrives.

mod ahead;
mod cut_offs;
mod minimum;
mod settings;
mod who;

use fundroute::ids::AccountId;
use fundroute::money::{Currency, Rate};
use fundroute::payouts::{PayoutError, PayoutSchedule};
use fundroute::prelude::*;
use fundroute::rulebook::{Price, Vetting};

use crate::shop::Shop;

/// The rules of the field with cut-offs for payouts of the same day, and pounds and kronor that cost nothing.
pub(crate) fn cut_off() -> Rulebook {
    let free = |country, currency| Price::new(country, PaymentMethod::Card, currency, Rate::ZERO, 0);
    Rulebook::standard()
        .with_vetting(Vetting::ByHost)
        .with_unbanked_settlement(true)
        .with_price(free(Country::GB, Currency::GBP))
        .and_then(|book| book.with_price(free(DE, EUR)))
        .and_then(|book| book.with_price(free(BR, BRL)))
        .and_then(|book| book.with_price(free(Country::HU, Currency::HUF)))
        .and_then(|book| book.with_price(free(Country::TH, Currency::THB)))
        .unwrap()
}

impl Shop {
    /// A seller that is paid out by hand, with what is left of a sale two weeks ago.
    pub(crate) fn funded(&mut self, country: Country, sale: Money) -> AccountId {
        let jo = self.banked(NewAccount::express(country));
        let key = self.key();
        self.platform.payouts().set_schedule(&key, jo, PayoutSchedule::Manual).unwrap();
        self.sell_as(jo, NewPayment::card(sale));
        self.wait(14);
        jo
    }
}

/// The first day of stories whose sellers have money on the second Monday of November at the latest.
pub(crate) fn october() -> Timestamp {
    utc(2026, 10, 20)
}

/// What a refused call was refused for.
fn refused<T: std::fmt::Debug>(call: Result<T, Error>) -> PayoutError {
    let error = call.unwrap_err();
    let known = if let Error::Payout(known) = &error { Some(known.clone()) } else { None };
    assert!(known.is_some(), "{error}");
    known.unwrap()
}
