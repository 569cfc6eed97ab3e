//! The three kinds of account, from their first day to their first payment.

use fundroute::accounts::{
    AccountError, CapabilityStatus, Dashboard, LossBearer, NewExternalAccount, RequirementCollector,
};
use fundroute::payouts::{PayoutError, PayoutSchedule};
use fundroute::prelude::*;
use fundroute::rulebook::{AccountKind, Capability};

use crate::shop::{Shop, every_kind, monday};

/// docs.stripe.com/connect/account-capabilities (2024): nothing goes to an account before its capabilities are active.
#[test]
fn every_kind_is_made_ready_and_paid() {
    for (name, account) in every_kind(US) {
        let mut shop = Shop::open();
        let jo = shop.platform.accounts().create("jo", account).unwrap().answer;
        let order = NewPayment::card(usd(10_00)).destination(jo);
        let early = shop.platform.payments().create("early", order.clone());
        let error = AccountError::CapabilityNotActive { account: jo, capability: Capability::Transfers };
        assert_eq!(early.map(|decided| decided.answer), Err(error.into()), "{name}");
        assert!(!shop.platform.account(jo).unwrap().payouts_enabled(), "{name}");

        shop.settle();
        let account = shop.platform.account(jo).unwrap();
        assert_eq!(account.kind().map(AccountKind::as_str), Some(name));
        assert!(account.can(Capability::CardPayments) && account.can(Capability::Transfers), "{name}");
        assert!(account.payouts_enabled() && account.charges_enabled(), "{name}");

        let bank = NewExternalAccount::bank(jo, US, USD, "000123456789").routing("110000000");
        let bank = shop.platform.accounts().add_external_account("bank", bank).unwrap().answer;
        assert_eq!(shop.platform.account(jo).unwrap().bank_for(USD), Some(bank), "{name}");
        assert_eq!(shop.platform.external_account(bank).unwrap().last4(), "6789", "{name}");
        shop.sell(order);
        shop.wait(2);
        assert_eq!(shop.paid_out(jo), 10_00, "{name}");
        shop.sound();
    }
}

/// docs.stripe.com/connect/migrate-to-controller-properties (2025): what the three kinds stand for.
#[test]
fn the_kinds_are_presets_of_who_answers_for_what() {
    let expected = [
        (LossBearer::Processor, RequirementCollector::Processor, Dashboard::Full),
        (LossBearer::Application, RequirementCollector::Processor, Dashboard::Express),
        (LossBearer::Application, RequirementCollector::Application, Dashboard::None),
    ];
    let mut shop = Shop::open();
    for ((name, account), expected) in every_kind(US).into_iter().zip(expected) {
        let id = shop.seller(account);
        let controller = shop.platform.account(id).unwrap().controller().unwrap();
        assert_eq!((controller.losses, controller.requirements, controller.dashboard), expected, "{name}");
    }
    assert_eq!(shop.platform.account(shop.house).unwrap().controller(), None);
}

/// docs.stripe.com/payouts (2026): daily where nothing else is the rule, by hand in Japan.
#[test]
fn an_account_starts_with_its_countrys_currency_and_schedule() {
    let mut shop = Shop::open();
    for (country, currency, by_hand) in [(US, USD, false), (DE, EUR, false), (BR, BRL, false), (GB, GBP, false)] {
        let jo = shop.seller(NewAccount::express(country));
        assert_eq!(shop.platform.account(jo).unwrap().default_currency(), currency);
        let schedule = shop.platform.balance_settings(jo).unwrap().schedule();
        assert_eq!(schedule == PayoutSchedule::Manual, by_hand, "{country:?}");
    }
    let yuki = shop.seller(NewAccount::express(Country::JP));
    assert_eq!(shop.platform.balance_settings(yuki).unwrap().schedule(), PayoutSchedule::Manual);
}

/// A review can take back what it gave, and the latest word counts.
#[test]
fn a_capability_that_is_withdrawn_stops_payments_and_payouts() {
    let mut shop = Shop::open();
    let jo = shop.banked(NewAccount::custom(US).request(Capability::Transfers));
    shop.sell(NewPayment::card(usd(10_00)).destination(jo));
    let (capability, noon) = (Capability::Transfers, monday().at(12, 0));
    shop.until(noon);
    let mut review = |id: &str, at, status| {
        shop.platform.accounts().record_reviewed(id, at, jo, capability, status).unwrap();
        shop.platform.account(jo).unwrap().can(capability)
    };
    assert!(!review("withdrawn", noon, CapabilityStatus::Inactive));
    assert!(!review("overtaken", monday().at(11, 0), CapabilityStatus::Active));
    let order = NewPayment::card(usd(10_00)).destination(jo);
    let error = AccountError::CapabilityNotActive { account: jo, capability };
    let key = shop.key();
    let refused = shop.platform.payments().create(&key, order).map(|decided| decided.answer);
    assert_eq!(refused, Err(error.into()));
    shop.wait(7);
    assert_eq!((shop.available(jo), shop.paid_out(jo)), (10_00, 0));
    assert_eq!(shop.pay_out(jo, usd(10_00)), Err(PayoutError::PayoutsNotEnabled(jo).into()));

    // Given back, what waited is paid out with the next run.
    let now = shop.platform.now();
    let status = CapabilityStatus::Active;
    shop.platform.accounts().record_reviewed("given back", now, jo, capability, status).unwrap();
    shop.wait(1);
    assert_eq!((shop.available(jo), shop.paid_out(jo)), (0, 10_00));
}
