//! What is held back of converted money: in the currency in which it is booked on the account, and claimed in that one.

use fundroute::ids::ObjectId;
use fundroute::journal::{Fact, FactOutcome, Record};
use fundroute::ledger::{Entry, EntryKind};
use fundroute::payments::{ChargeReversed, DisputeChange};
use fundroute::payouts::{NewReserveHold, NewReservePlan, NewReserveRelease, ReserveHold, ReserveHoldStatus};
use fundroute::routing::NewTransferReturn;

use super::*;

impl Desk {
    /// A quarter of what a seller is paid is held back for thirty days.
    fn quarter(&mut self, seller: AccountId) {
        let key = self.key();
        let plan = NewReservePlan::rolling(seller, "25 %".parse().unwrap(), 30);
        self.platform.reserves().create_plan(&key, plan).unwrap();
    }

    /// The one hold that there is.
    fn held(&self) -> &ReserveHold {
        let mut holds = self.platform.records().filter_map(|record| {
            let Record::ReserveHold(hold) = record else { return None };
            Some(hold)
        });
        let first = holds.next().unwrap();
        assert_eq!(holds.next(), None);
        first
    }

    /// The one claim that has let something go, and how much.
    fn claimed(&self) -> Option<(ObjectId, Money)> {
        self.platform.records().find_map(|record| {
            let Record::ReserveRelease(release) = record else { return None };
            Some((release.source_transaction()?, release.amount()))
        })
    }

    /// What an account has in a currency, pending, available and in reserve.
    fn purse(&self, account: AccountId, currency: Currency) -> (i128, i128, i128) {
        let balance = self.platform.balance(account, currency).unwrap();
        assert_eq!(balance.held(), balance.pending + balance.available, "what is in reserve is out of it");
        (balance.pending, balance.available, balance.risk_reserved)
    }

    fn newest(&self) -> Entry {
        self.platform.entries().last().unwrap()
    }
}

/// A direct charge of 10.00 dollars for an account in Canada: 13.56 there, of which 3.39 are held back.
fn direct() -> (Desk, AccountId, PaymentId) {
    let mut desk = Desk::open();
    let jo = desk.seller(NewAccount::express(CA));
    desk.quarter(jo);
    desk.rate(USD, CAD, "1.38343");
    let sale = desk.sell_as(jo, NewPayment::card(usd(10_00)));
    (desk, jo, sale)
}

#[test]
fn a_hold_is_a_share_of_what_is_booked_and_one_entry_with_it() {
    let (desk, jo, sale) = direct();
    assert_eq!(desk.lines(jo), ["charge 1356 - 69 = 1287 CAD @ 1.35576", "reserve_hold -339 - 0 = -339 CAD"]);
    assert_eq!(desk.purse(jo, CAD), (12_87 - 3_39, 0, 3_39));
    assert_eq!(desk.purse(jo, USD), (0, 0, 0));
    let charge = desk.platform.charge_of(sale).unwrap();
    assert_eq!((charge.hold(), desk.held().amount()), (Some(desk.held().id()), cad(3_39)));
    let entry = desk.newest();
    assert_eq!((entry.kind(), entry.lines().len()), (EntryKind::Charge, 2));
    let of = |wanted: LedgerAccount, currency| {
        let ours = entry.movements().filter(|(account, coin, _)| (*account, *coin) == (wanted, currency));
        ours.map(|(.., amount)| amount).sum::<i128>()
    };
    assert_eq!(of(LedgerAccount::RiskReserved { owner: jo }, CAD), 3_39);
    assert_eq!((of(LedgerAccount::Exchange, USD), of(LedgerAccount::Exchange, CAD)), (10_00, -13_56));
    assert_eq!((of(LedgerAccount::Payers, USD), of(LedgerAccount::Fees, CAD)), (-10_00, 69));
    desk.sound();
}

/// A plan for the currency of the payer is none for an account that does not get it.
#[test]
fn the_plan_is_the_one_for_the_currency_in_which_it_is_booked() {
    let mut desk = Desk::open();
    let jo = desk.seller(NewAccount::express(CA));
    desk.rate(USD, CAD, "1.38343");
    let tenth = |desk: &mut Desk, currency| {
        let key = desk.key();
        let plan = NewReservePlan::rolling(jo, "10 %".parse().unwrap(), 30).in_currency(currency);
        desk.platform.reserves().create_plan(&key, plan)
    };
    assert!(tenth(&mut desk, USD).is_err(), "the account holds no dollars");
    desk.sell_as(jo, NewPayment::card(usd(10_00)));
    assert_eq!(desk.purse(jo, CAD).2, 0);
    tenth(&mut desk, CAD).unwrap();
    desk.sell_as(jo, NewPayment::card(usd(10_00)));
    assert_eq!(desk.purse(jo, CAD).2, 1_36);
    desk.sound();
}

/// 2.45 dollars cost 3.39 Canadian ones, which is what is held back; 2.44 cost 3.38.
#[test]
fn a_refund_claims_what_the_account_is_debited() {
    let (mut desk, jo, sale) = direct();
    let mut smaller = desk.clone();
    smaller.refund_as(jo, NewRefund::of(sale).amount(usd(2_44))).unwrap();
    assert_eq!(smaller.lines(jo)[2..], ["refund -338 - 0 = -338 CAD @ 1.38343"]);
    assert_eq!((smaller.held().status(), smaller.claimed()), (ReserveHoldStatus::Held, None));
    smaller.sound();

    let refund = desk.refund_as(jo, NewRefund::of(sale).amount(usd(2_45))).unwrap();
    assert_eq!(desk.lines(jo)[2..], ["refund -339 - 0 = -339 CAD @ 1.38343", "reserve_release 339 - 0 = 339 CAD"]);
    assert_eq!((desk.newest().kind(), desk.newest().lines().len()), (EntryKind::Refund, 2));
    assert_eq!((desk.held().status(), desk.claimed()), (ReserveHoldStatus::Consumed, Some((refund.into(), cad(3_39)))));
    assert_eq!(desk.purse(jo, CAD), (12_87 - 3_39, 0, 0));
    desk.sound();
}

/// What is held back stays what it was; what a refund costs is of its day.
#[test]
fn the_rate_of_the_day_says_whether_a_refund_is_covered() {
    let (mut desk, jo, sale) = direct();
    desk.wait(7);
    let available = desk.purse(jo, CAD).1;
    assert_eq!(available, 12_87 - 3_39);
    let key = desk.key();
    let all = cad(i64::try_from(available).unwrap());
    desk.platform.reserves().hold(&key, NewReserveHold::of(jo, all)).unwrap();
    desk.rate(USD, CAD, "1.5");
    // There is nothing else: the hold alone pays it, once it is as large.
    desk.refund_as(jo, NewRefund::of(sale).amount(usd(2_26))).unwrap();
    assert_eq!((desk.purse(jo, CAD), desk.claimed().unwrap().1), ((0, 0, 9_48), cad(3_39)));
    desk.sound();
}

/// A destination charge in dollars: its recipient in Canada gets 11.76, of which 2.94 are held back.
#[test]
fn what_a_refund_pulls_back_claims_the_recipients_hold() {
    let mut desk = Desk::open();
    let jo = desk.seller(NewAccount::express(CA));
    desk.quarter(jo);
    desk.rate(USD, CAD, "1.36314");
    let sale = desk.sell(NewPayment::card(usd(12_00)).destination(jo).transfer_amount(usd(8_80)));
    assert_eq!(desk.lines(jo), ["payment 1176 - 0 = 1176 CAD @ 1.33588", "reserve_hold -294 - 0 = -294 CAD"]);
    let charge = desk.platform.charge_of(sale).unwrap();
    let transfer = charge.transfer().unwrap();
    assert_eq!(desk.held().source(), Some(transfer.into()));
    assert_eq!(desk.platform.transfer(transfer).unwrap().hold(), charge.hold());
    // The part of 2.93 dollars in what was sent is 2.15, which costs 2.93; that of 2.94 is 2.16, which costs 2.94.
    let share = |minor| NewRefund::of(sale).amount(usd(minor)).reverse_transfer();
    let mut smaller = desk.clone();
    smaller.refund(share(2_93)).unwrap();
    assert_eq!(smaller.last(jo), "payment_refund -293 - 0 = -293 CAD @ 1.36314");
    assert_eq!(smaller.held().status(), ReserveHoldStatus::Held);
    let refund = desk.refund(share(2_94)).unwrap();
    assert_eq!(
        desk.lines(jo)[2..],
        ["payment_refund -294 - 0 = -294 CAD @ 1.36314", "reserve_release 294 - 0 = 294 CAD"]
    );
    assert_eq!(desk.claimed(), Some((refund.into(), cad(2_94))));
    assert_eq!(desk.purse(jo, CAD), (11_76 - 2_94, 0, 0));
    desk.sound();
}

/// 10.00 dollars sent to Canada arrive as 13.36, of which 3.34 are held back.
fn sent() -> (Desk, AccountId, TransferId) {
    let mut desk = Desk::open();
    let jo = desk.seller(NewAccount::express(CA));
    desk.fund(usd(100_00));
    desk.quarter(jo);
    desk.rate(USD, CAD, "1.36314");
    let transfer = desk.transfer(NewTransfer::to(jo, usd(10_00))).unwrap();
    assert_eq!(desk.lines(jo), ["payment 1336 - 0 = 1336 CAD @ 1.33588", "reserve_hold -334 - 0 = -334 CAD"]);
    assert_eq!(desk.newest().lines().len(), 3);
    (desk, jo, transfer)
}

/// 2.44 dollars cost 3.33, and 2.45 cost 3.34.
#[test]
fn a_transfer_that_is_taken_back_claims_what_its_recipient_gives() {
    let (mut desk, jo, transfer) = sent();
    let mut smaller = desk.clone();
    smaller.reverse(NewTransferReversal::of(transfer).amount(usd(2_44))).unwrap();
    assert_eq!((smaller.purse(jo, CAD), smaller.claimed()), ((0, 13_36 - 3_34 - 3_33, 3_34), None));
    smaller.sound();
    let reversal = desk.reverse(NewTransferReversal::of(transfer).amount(usd(2_45))).unwrap();
    assert_eq!((desk.purse(jo, CAD), desk.claimed()), ((0, 13_36 - 3_34, 0), Some((reversal.into(), cad(3_34)))));
    assert_eq!((desk.newest().kind(), desk.newest().lines().len()), (EntryKind::TransferReversal, 3));
    desk.sound();
}

/// A recipient needs no more than it has: what is held back, in its own currency, counts.
#[test]
fn a_transfer_that_is_sent_back_claims_what_its_recipient_gives() {
    let (mut desk, jo, transfer) = sent();
    let key = desk.key();
    desk.platform.reserves().hold(&key, NewReserveHold::of(jo, cad(10_02))).unwrap();
    assert_eq!(desk.purse(jo, CAD), (0, 0, 13_36));
    let back = |desk: &mut Desk, minor| {
        let (key, amount) = (desk.key(), Some(usd(minor)));
        desk.platform.acting_as(jo).unwrap().transfers().send_back(&key, NewTransferReturn { transfer, amount })
    };
    let refused = back(&mut desk, 2_44).unwrap_err();
    assert_eq!(refused.code(), Some("balance_insufficient"));
    let returned = back(&mut desk, 2_45).unwrap().answer;
    assert_eq!((desk.purse(jo, CAD), desk.claimed()), ((0, 0, 10_02), Some((returned.into(), cad(3_34)))));
    desk.sound();
}

/// The world says what a dispute of 2.40 dollars takes on its day.
#[test]
fn a_dispute_claims_what_it_takes() {
    for (settled, status) in [(cad(3_38), ReserveHoldStatus::Held), (cad(3_39), ReserveHoldStatus::Consumed)] {
        let (mut desk, jo, sale) = direct();
        let opened = desk.opened(sale, usd(2_40), Some(settled));
        assert_eq!(desk.told(opened), FactOutcome::Applied);
        desk.happens(DisputeChange::FundsWithdrawn);
        assert_eq!(desk.held().status(), status);
        let left = if status == ReserveHoldStatus::Held { 3_39 } else { 0 };
        assert_eq!(desk.purse(jo, CAD).2, left);
        desk.sound();
    }
}

/// What a bank pulls back of a debit is compared at the rate of the charge: 20.00 euros were 22.22 dollars, of which 5.56 are held back.
#[test]
fn a_debit_that_is_pulled_back_claims_what_it_had_brought() {
    for (minor, status) in [(4_99, ReserveHoldStatus::Held), (5_00, ReserveHoldStatus::Consumed)] {
        let mut desk = Desk::open_in(US, free().with_unbanked_settlement(false));
        let asks = NewAccount::express(US).request(fundroute::rulebook::Capability::SepaDebitPayments);
        let jo = desk.seller(asks);
        desk.quarter(jo);
        desk.rate(EUR, USD, "1.1111");
        let sale = desk.sell_as(jo, NewPayment::by(PaymentMethod::SepaDebit, eur(20_00)));
        assert_eq!(desk.purse(jo, USD).2, 0, "what is on its way is not held back");
        desk.wait(20);
        assert_eq!(desk.purse(jo, USD), (0, 22_22 - 35 - 5_56, 5_56));
        desk.rate(EUR, USD, "2");
        let charge = desk.platform.charge_of(sale).unwrap().id();
        desk.told(Fact::ChargeReversed(ChargeReversed::of(charge, eur(minor))));
        assert_eq!(desk.held().status(), status);
        desk.sound();
    }
}

/// An account that owes in its own currency has money let go: as much less is set aside, until it owes nothing.
#[test]
fn what_is_let_go_below_zero_gives_free_what_is_set_aside() {
    let (mut desk, jo, sale) = direct();
    desk.wait(7);
    let key = desk.key();
    let alone = desk.platform.reserves().hold(&key, NewReserveHold::of(jo, cad(9_00))).unwrap().answer;
    assert_eq!(desk.purse(jo, CAD), (0, 48, 12_39));
    let opened = desk.opened(sale, usd(10_00), Some(cad(15_00)));
    desk.told(opened);
    desk.happens(DisputeChange::FundsWithdrawn);
    // What is held back of the charge covers its part; the fee of the dispute is not known in this currency.
    let owed = 15_00 - 48 - 3_39;
    assert_eq!(desk.purse(jo, CAD), (0, -owed, 9_00));
    let aside = |desk: &Desk| desk.platform.balance(desk.house, CAD).unwrap().connect_reserved;
    assert_eq!((aside(&desk), desk.holds(desk.house, CAD)), (owed, (0, -owed)));
    let mut release = |minor| {
        let key = desk.key();
        desk.platform.reserves().release(&key, NewReserveRelease::of(alone).amount(cad(minor))).unwrap();
        desk.sound();
        (desk.purse(jo, CAD), aside(&desk), desk.platform.who_owes(jo).unwrap().len())
    };
    assert_eq!(release(4_00), ((0, 4_00 - owed, 5_00), owed - 4_00, 1));
    assert_eq!(release(5_00), ((0, 9_00 - owed, 0), owed - 9_00, 1));
}
