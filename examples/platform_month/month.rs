//! November on a marketplace for things that people make: four sellers in three countries, and what goes wrong.

use fundroute::ids::{AccountId, PaymentId, TaxFormId};
use fundroute::money::{Currency, Money, eur, usd};
use fundroute::prelude::*;
use fundroute::routing::SetExchangeRate;
use fundroute::rulebook::{Capability, PaymentMethod, Price, TaxFormType, UsState};
use fundroute::simulator::{DISPUTED, INQUIRED, WARNED, World};
use fundroute::tools::tax::{NewTaxForm, TaxDetails, TaxMethod};

pub(crate) type Told<T = ()> = Result<T, Box<dyn std::error::Error>>;

/// A bank account in the United States that has been closed, and one that takes everything.
// RULE: docs.stripe.com/connect/testing (2026).
const CLOSED_BANK: &str = "000111111113";
const GOOD_BANK: &str = "000123456789";

/// How somebody sells.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Way {
    /// The marketplace charges the buyer, and the seller gets all but a commission of 12 %.
    Destination,
    /// The seller charges the buyer, and the marketplace gets a commission of 5 %.
    Direct,
    /// The marketplace charges the buyer of a cart, and sends each seller in it 88 % of their part.
    Cart,
}

/// Somebody who sells.
pub(crate) struct Seller {
    pub(crate) name: &'static str,
    pub(crate) account: AccountId,
    way: Way,
}

/// The month as it was.
pub(crate) struct Month {
    pub(crate) platform: Platform,
    pub(crate) world: World,
    pub(crate) sellers: Vec<Seller>,
    /// What is reported of the year so far.
    pub(crate) forms: Vec<TaxFormId>,
    keys: u32,
}

impl Month {
    /// The first moment of the month, and the first one after it.
    pub(crate) fn period() -> std::ops::Range<Timestamp> {
        utc(2026, 11, 1)..utc(2026, 12, 1)
    }

    /// Plays it, day by day.
    pub(crate) fn play() -> Told<Self> {
        let mut month = Self::open()?;
        for day in 1..=30 {
            month.world.advance_to(&mut month.platform, utc(2026, 11, day).at(9, 0))?;
            month.sell(day)?;
            month.suffer(day)?;
        }
        month.world.advance_to(&mut month.platform, utc(2026, 12, 1).at(9, 0))?;
        month.report()?;
        Ok(month)
    }

    /// Makes tax forms for those who live in the United States and pay the processor nothing themselves.
    fn report(&mut self) -> Told {
        let accounts: Vec<AccountId> = [Way::Destination, Way::Cart].into_iter().flat_map(|way| self.of(way)).collect();
        for account in accounts {
            if self.platform.account(account)?.country() != US {
                continue;
            }
            let totals = self.platform.tax_totals(account, TaxMethod::PaymentsIncludingFees, 2026, USD, |_, _| None)?;
            let details = TaxDetails::new().name("a seller").tin("000-12-3456");
            let details = details.address("1 Main St", "Arlington", UsState::Va, "22201");
            let form = NewTaxForm::of(TaxFormType::Us1099K, 2026, account, totals.figures()?).details(details);
            let key = self.key();
            self.forms.push(self.platform.tax_forms().create(&key, form)?.answer);
        }
        Ok(())
    }

    /// The name of whoever has an account.
    pub(crate) fn name_of(&self, account: AccountId) -> &'static str {
        self.sellers.iter().find(|seller| seller.account == account).map_or("the platform", |seller| seller.name)
    }

    fn open() -> Told<Self> {
        // What the processor takes of Hans, as his contract has it: no public page says what it is in Germany.
        let price = Price::new(Country::DE, PaymentMethod::Card, Currency::EUR, "1.5 %".parse()?, 25);
        let book = Rulebook::standard().with_price(price)?.with_connect_prices(true);
        let mut platform = Platform::new(NewPlatform::in_country(US), book, utc(2026, 10, 30).at(9, 0))?;
        let mut world = World::new();
        // The middle of the market, as the marketplace's treasurer reads it.
        for (key, from, to, mid) in [
            ("eur", Currency::EUR, USD, "1.1571"),
            ("gbp", USD, Currency::GBP, "0.7581"),
            ("gbp back", Currency::GBP, USD, "1.3191"),
        ] {
            platform.exchange_rates().set(key, SetExchangeRate::new(from, to, mid.parse()?))?;
        }
        let house = platform.id();
        world.add_bank(&mut platform, house, US, USD, GOOD_BANK)?;
        let mut sellers = Vec::new();
        for (name, account, way, bank) in [
            ("Jo, who turns bowls", NewAccount::express(US), Way::Destination, Some(GOOD_BANK)),
            ("Kim, who prints", NewAccount::custom(US).request(Capability::Transfers), Way::Cart, Some(CLOSED_BANK)),
            ("Ada, who binds books", NewAccount::express(Country::GB), Way::Cart, None),
            ("Hans, who builds chairs", NewAccount::standard(Country::DE), Way::Direct, None),
        ] {
            let account = match bank {
                Some(number) => world.onboard_with_bank(&mut platform, account, number)?,
                None => world.onboard(&mut platform, account)?,
            };
            sellers.push(Seller { name, account, way });
        }
        Ok(Self { platform, world, sellers, forms: Vec::new(), keys: 0 })
    }

    fn key(&mut self) -> String {
        self.keys = self.keys.saturating_add(1);
        format!("order {}", self.keys)
    }

    fn of(&self, way: Way) -> Vec<AccountId> {
        self.sellers.iter().filter(|seller| seller.way == way).map(|seller| seller.account).collect()
    }

    /// What is sold on a day. Every fifth order is paid by a bank debit.
    fn sell(&mut self, day: u32) -> Told {
        let price = |seller: u32| {
            let spread = day.wrapping_mul(37).wrapping_add(seller.wrapping_mul(53)).checked_rem(90).unwrap_or(0);
            i64::from(spread).saturating_mul(100).saturating_add(20_00)
        };
        let is_debit = day.is_multiple_of(5);
        let way_to_pay = if is_debit { PaymentMethod::UsBankAccount } else { PaymentMethod::Card };
        for account in self.of(Way::Destination) {
            let amount = usd(price(0));
            let order =
                NewPayment::by(way_to_pay, amount).destination(account).application_fee(hundredths(amount, 12)?);
            self.charge(order)?;
        }
        for account in self.of(Way::Direct) {
            let amount = eur(price(1));
            let order = NewPayment::card(amount).application_fee(hundredths(amount, 5)?);
            let key = self.key();
            self.platform.acting_as(account)?.payments().create(&key, order)?;
            self.world.settle(&mut self.platform)?;
        }
        if day.is_multiple_of(2) {
            self.sell_cart(price(2), price(3))?;
        }
        Ok(())
    }

    /// One cart with something of each of those who sell that way.
    fn sell_cart(&mut self, first: i64, second: i64) -> Told {
        let parts = [usd(first), usd(second)];
        let sale = self.charge(NewPayment::card(parts[0].checked_add(parts[1])?))?;
        for (account, part) in self.of(Way::Cart).into_iter().zip(parts) {
            let key = self.key();
            let share = NewTransfer::to(account, hundredths(part, 88)?).from_payment(sale);
            self.platform.transfers().create(&key, share)?;
        }
        Ok(())
    }

    fn charge(&mut self, order: NewPayment) -> Told<PaymentId> {
        let key = self.key();
        let sale = self.platform.payments().create(&key, order)?.answer;
        self.world.settle(&mut self.platform)?;
        Ok(sale)
    }

    /// What goes wrong on a day.
    fn suffer(&mut self, day: u32) -> Told {
        let [jo, kim] = [Way::Destination, Way::Cart].map(|way| self.of(way).first().copied());
        let (Some(jo), Some(kim)) = (jo, kim) else { return Ok(()) };
        let bowl = |amount| -> Told<NewPayment> {
            Ok(NewPayment::card(amount).destination(jo).application_fee(hundredths(amount, 12)?))
        };
        match day {
            // A bowl is cracked: half of the price goes back, out of everybody's share.
            4 => {
                let sale = self.charge(bowl(usd(80_00))?)?;
                let key = self.key();
                let half = NewRefund::of(sale).amount(usd(40_00)).reverse_transfer().refund_application_fee();
                self.platform.refunds().create(&key, half)?;
            }
            // Somebody did not buy this, and gets it back; the marketplace takes Jo's share back by hand.
            9 => {
                let sale = self.charge(bowl(usd(240_00))?.token(DISPUTED))?;
                let transfer = self.platform.charge_of(sale)?.transfer().ok_or("a sale without its transfer")?;
                let key = self.key();
                self.platform.transfers().reverse(&key, transfer)?;
            }
            // The payer's bank warns of fraud, and the marketplace gives the money back before it is disputed.
            12 => {
                let sale = self.charge(bowl(usd(60_00))?.token(WARNED))?;
                let key = self.key();
                let all = NewRefund::of(sale).reverse_transfer().refund_application_fee();
                self.platform.refunds().create(&key, all)?;
            }
            // Kim's bank account was closed; there is another one.
            17 => {
                self.world.add_bank(&mut self.platform, kim, US, USD, GOOD_BANK)?;
            }
            // Nothing came, says the buyer of a bowl, and the bank asks; that is not settled when the month is over.
            24 => {
                self.charge(bowl(usd(130_00))?.token(INQUIRED))?;
            }
            _ => {}
        }
        self.world.settle(&mut self.platform)?;
        Ok(())
    }
}

/// So many hundredths of an amount, to the nearest minor unit.
fn hundredths(amount: Money, percent: u32) -> Told<Money> {
    use fundroute::money::{Rate, Rounding};

    let rate: Rate = format!("{percent} %").parse()?;
    Ok(rate.of(amount, Rounding::NearestTiesAway)?)
}
