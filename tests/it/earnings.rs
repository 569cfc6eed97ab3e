//! What a platform has earned and paid, by the field's own examples.

use fundroute::ErrorKind;
use fundroute::ids::AccountId;
use fundroute::payments::DisputeChange;
use fundroute::platform::Identity;
use fundroute::prelude::*;
use fundroute::routing::Fee;
use fundroute::rulebook::{Capability, ConnectItem};
use fundroute::tools::{Earnings, EarningsTotal, csv};

use crate::disputes::Contested;
use crate::shop::{Shop, monday, rules};

fn earned(shop: &Shop) -> Earnings {
    let end = shop.platform.now().plus_days(1).unwrap();
    shop.platform.earnings(monday()..end).unwrap()
}

/// Heading, way to pay, account and amount of each row in dollars.
fn rows(shop: &Shop) -> Vec<(&'static str, Option<PaymentMethod>, Option<AccountId>, i128)> {
    let rows = earned(shop).rows.into_iter().filter(|row| row.currency == USD);
    rows.map(|row| (row.heading.as_str(), row.method, row.account, row.amount)).collect()
}

/// What is left in dollars, in all.
fn left(shop: &Shop) -> i128 {
    let totals = earned(shop).totals();
    totals.iter().find(|total| total.currency == USD).map_or(0, EarningsTotal::left)
}

const CARD: Option<PaymentMethod> = Some(PaymentMethod::Card);

/// Docs: 10.00 direct with a commission of 1.23 earn the platform 1.23, and 0.64 as a destination charge, however the part is said.
#[test]
fn examples_w1_to_w3_one_sale_of_ten_dollars() {
    let mut shop = Shop::open();
    let own = shop.seller(NewAccount::standard(US));
    shop.sell_as(own, NewPayment::card(usd(10_00)).application_fee(usd(1_23)));
    assert_eq!(rows(&shop), [("commission", CARD, Some(own), 1_23)]);

    let mut shop = Shop::open();
    let jo = shop.seller(NewAccount::express(US));
    shop.sell(NewPayment::card(usd(10_00)).destination(jo).application_fee(usd(1_23)));
    let expected = [
        ("commission", CARD, Some(jo), 1_23),
        ("payment", CARD, Some(jo), 10_00),
        ("transfer", CARD, Some(jo), -10_00),
        ("processing_fee", CARD, Some(jo), -59),
    ];
    assert_eq!((rows(&shop), left(&shop)), (expected.to_vec(), 64));

    let mut shop = Shop::open();
    let jo = shop.seller(NewAccount::express(US));
    shop.sell(NewPayment::card(usd(10_00)).destination(jo).transfer_amount(usd(8_77)));
    let expected = [
        ("payment", CARD, Some(jo), 10_00),
        ("transfer", CARD, Some(jo), -8_77),
        ("processing_fee", CARD, Some(jo), -59),
    ];
    assert_eq!((rows(&shop), left(&shop)), (expected.to_vec(), 64));
}

/// Docs: 100.00 of which 70.00 and 20.00 go on, less 3.20 for the processor, leave 6.80. A payment for two is nobody's.
#[test]
fn example_w4_a_sale_for_two() {
    let mut shop = Shop::open();
    let (jo, bo) = (shop.seller(NewAccount::express(US)), shop.seller(NewAccount::express(US)));
    let sale = shop.sell(NewPayment::card(usd(100_00)));
    shop.transfer(NewTransfer::to(jo, usd(70_00)).from_payment(sale)).unwrap();
    shop.transfer(NewTransfer::to(bo, usd(20_00)).from_payment(sale)).unwrap();
    let earnings = earned(&shop);
    assert_eq!(left(&shop), 6_80);
    let by_account = earnings.by_account().into_iter().map(|(account, total)| (account, total.earned, total.paid));
    let mut by_account: Vec<_> = by_account.collect();
    by_account.sort_unstable();
    let mut expected = vec![(None, 100_00, -3_20), (Some(jo), -70_00, 0), (Some(bo), -20_00, 0)];
    expected.sort_unstable();
    assert_eq!(by_account, expected);
    let total = EarningsTotal { currency: USD, earned: 10_00, paid: -3_20, moved: 0 };
    assert_eq!(earnings.by_method(), [(CARD, total)]);
    let printed = csv(earnings.rows).unwrap();
    assert!(printed.starts_with("part,heading,currency,method,country,account,count,amount\n"), "{printed}");
    assert!(printed.contains("earned,payment,usd,card,none,none,1,100.00\n"), "{printed}");
    assert!(printed.contains("paid,processing_fee,usd,card,none,none,1,-3.20\n"), "{printed}");
}

/// D1, D2: what a full refund leaves, with the seller's part and without.
#[test]
fn examples_d1_and_d2_what_refunds_take_back() {
    for (both, expected) in [(true, -59), (false, 64 - 10_00)] {
        let mut shop = Shop::open();
        let jo = shop.seller(NewAccount::express(US));
        let sale = shop.sell(NewPayment::card(usd(10_00)).destination(jo).application_fee(usd(1_23)));
        shop.sell(NewPayment::card(usd(50_00)));
        shop.wait(7);
        let before = left(&shop);
        let refund = NewRefund::of(sale);
        let refund = if both {
            refund.reverse_transfer().refund_application_fee()
        } else {
            refund.keep_transfer().keep_application_fee()
        };
        shop.refund(refund).unwrap();
        assert_eq!(left(&shop) - before, expected - 64);
        let of_jo = earned(&shop).by_account().into_iter().find(|(account, _)| *account == Some(jo));
        assert_eq!(of_jo.map(|(_, total)| total.left()), Some(expected));
    }
}

#[test]
fn disputes_and_their_fees_are_paid() {
    let mut shop = Shop::open();
    let sale = shop.sell(NewPayment::card(usd(10_00)));
    shop.chargeback(sale, "du_1", usd(10_00));
    shop.happens("du_1", DisputeChange::Lost);
    let expected = [
        ("payment", CARD, None, 10_00),
        ("dispute", CARD, None, -10_00),
        ("dispute_fee", CARD, None, -15_00),
        ("processing_fee", CARD, None, -59),
    ];
    assert_eq!(rows(&shop), expected);
}

/// M15: a debit of 33 dollars is the platform's; D9: a debt that lasts is, too, and what was set aside for it is neither.
#[test]
fn debits_are_earned_and_debts_paid() {
    let mut shop = Shop::open();
    let jo = shop.seller(NewAccount::express(US));
    let sale = shop.sell(NewPayment::card(usd(100_00)).destination(jo));
    shop.wait(14);
    let key = shop.key();
    let debit = NewTransfer::to(shop.house, usd(33_00));
    shop.platform.acting_as(jo).unwrap().transfers().create(&key, debit).unwrap();
    assert!(rows(&shop).contains(&("account_debit", None, Some(jo), 33_00)));
    shop.spare_bank(jo);
    shop.refund(NewRefund::of(sale).reverse_transfer()).unwrap();
    assert!(rows(&shop).contains(&("set_aside", None, None, -33_00)));
    shop.wait(181);
    let rows = rows(&shop);
    assert!(rows.contains(&("debt_covered", None, Some(jo), -33_00)), "{rows:?}");
    assert!(rows.contains(&("set_aside", None, None, 0)), "{rows:?}");
}

/// W12: 2 percent of 5.00, of which the seller gets 4.90; and what the payout costs the platform at the end of the month.
#[test]
fn example_w12_a_payout_within_minutes_and_its_bill() {
    let mut shop = Shop::open_by(US, rules().with_connect_prices(true));
    let new = NewAccount::custom(US).request(Capability::CardPayments).request(Capability::Transfers);
    let jo = shop.banked(new);
    shop.platform.payouts().set_instant_price("price", USD, Some(Fee::percent("2 %".parse().unwrap()))).unwrap();
    shop.sell(NewPayment::card(usd(5_00)).destination(jo));
    shop.platform.acting_as(jo).unwrap().payouts().create_instant("now", usd(4_90)).unwrap();
    assert!(rows(&shop).contains(&("payout_price", None, Some(jo), 10)));
    shop.until(utc(2026, 12, 1));
    // 1 % of 4.90 are 0.05; 0.25 % are 0.01, and 0.25; and 2.00 because there was one.
    let bill = shop.platform.monthly_bill(monday()).unwrap();
    let bill: Vec<_> = bill.iter().map(|row| (row.item, row.fees)).collect();
    let expected = [(ConnectItem::ActiveAccount, 2_00), (ConnectItem::InstantPayout, 5), (ConnectItem::Payout, 26)];
    assert_eq!(bill, expected);
    assert!(rows(&shop).contains(&("connect_fee", None, Some(jo), -2_31)), "{:?}", rows(&shop));
    shop.sound();
}

/// Currencies are never set off against each other, and each account counts where it is.
#[test]
fn by_currency_and_country() {
    let mut shop = Shop::open_by(US, rules().with_settlement_currencies(US, &[USD, EUR]).unwrap());
    let (jo, hans) = (shop.seller(NewAccount::express(US)), shop.seller(NewAccount::express(DE)));
    let bank = fundroute::simulator::bank_account(shop.platform.rulebook(), shop.house, US, USD);
    shop.platform.accounts().add_external_account("bank", bank).unwrap();
    shop.sell(NewPayment::card(usd(10_00)).destination(jo).application_fee(usd(1_00)));
    shop.sell_as(hans, NewPayment::card(eur(60_00)).application_fee(eur(6_00)));
    let earnings = earned(&shop);
    let totals: Vec<_> = earnings.totals().iter().map(|total| (total.currency, total.left())).collect();
    assert_eq!(totals, [(EUR, 6_00), (USD, 1_00 - 59)]);
    let by_country: Vec<_> =
        earnings.by_country().iter().map(|(country, total)| (*country, total.currency, total.left())).collect();
    assert_eq!(by_country, [(Some(DE), EUR, 6_00), (Some(US), USD, 41)]);
    // What leaves for the platform's own bank is neither earned nor paid.
    shop.wait(7);
    let dollars = earned(&shop).totals().into_iter().find(|total| total.currency == USD).unwrap();
    assert_eq!((dollars.left(), dollars.moved, dollars.change()), (41, -41, 0));
}

#[test]
fn periods_without_anything_and_platforms_without_history() {
    let mut shop = Shop::open();
    shop.sell(NewPayment::card(usd(10_00)));
    for period in
        [monday()..monday(), Timestamp::MAX..Timestamp::MIN, Timestamp::MIN..monday(), utc(2030, 1, 1)..Timestamp::MAX]
    {
        assert_eq!(shop.platform.earnings(period).unwrap().rows, []);
    }
    assert_eq!(shop.platform.earnings(Timestamp::MIN..Timestamp::MAX).unwrap().rows.len(), 2);
    let who = Identity { platform: shop.platform.id(), livemode: false };
    let worker = Platform::partial(who, rules(), shop.platform.now());
    let refused = [
        worker.earnings(monday()..Timestamp::MAX).map(|_| ()).unwrap_err(),
        worker.monthly_bill(monday()).map(|_| ()).unwrap_err(),
    ];
    assert!(refused.iter().all(|error| error.kind() == ErrorKind::Invalid || *error == Error::HistoryNotKept));
    assert_eq!(shop.platform.monthly_bill(Timestamp::MAX).unwrap(), []);
    assert_eq!(shop.platform.monthly_bill(Timestamp::MIN).unwrap(), []);
}
