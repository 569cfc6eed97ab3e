//! What the world tells of converted charges: disputes, captures, debits.

use fundroute::journal::{AnomalyReason, Fact, FactOutcome, Record, Report};
use fundroute::payments::{
    CapturePayment, ChargeReversed, DisputeCase, DisputeChange, DisputeChanged, DisputeOpened, DisputeReason,
    ManualCapture, NamedDispute, PaymentError,
};
use fundroute::rulebook::{CardBrand, DisputeFee, DisputeFeeKind};

use super::*;

impl Desk {
    pub(crate) fn told(&mut self, fact: Fact) -> FactOutcome {
        let (id, at) = (self.key(), self.platform.now());
        self.platform.record(&Report::new(id, at, fact)).unwrap().answer
    }

    pub(crate) fn opened(&self, sale: PaymentId, amount: Money, settled: Option<Money>) -> Fact {
        Fact::DisputeOpened(DisputeOpened {
            charge: self.platform.charge_of(sale).unwrap().id().into(),
            reference: "du_1".to_owned(),
            amount,
            reason: DisputeReason::Fraudulent,
            case: DisputeCase::Chargeback,
            network: Some(CardBrand::Visa),
            respond_by: Some(self.platform.now().plus_days(9).unwrap()),
            settled,
        })
    }

    pub(crate) fn happens(&mut self, change: DisputeChange) {
        let dispute = NamedDispute::from("du_1");
        assert_eq!(self.told(Fact::DisputeChanged(DisputeChanged { dispute, change })), FactOutcome::Applied);
    }

    fn anomalies(&self) -> Vec<AnomalyReason> {
        let reason = |record: &Record| if let Record::Anomaly(anomaly) = record { Some(anomaly.reason) } else { None };
        self.platform.records().filter_map(reason).collect()
    }
}

/// docs.stripe.com/disputes/how-disputes-work (2026): a sale of 100.00 euros for 113.74 dollars, disputed, takes 107.86 euros.
#[test]
fn example_w9_a_dispute_takes_what_it_costs_on_its_day() {
    let mut desk = Desk::open_in(DE, free());
    let jo = desk.seller(NewAccount::standard(DE));
    desk.rate(USD, EUR, "0.8792");
    let sale = desk.sell_as(jo, NewPayment::card(usd(113_74)));
    assert_eq!(desk.lines(jo), ["charge 10000 - 0 = 10000 EUR @ 0.8792"]);
    let opened = desk.opened(sale, usd(113_74), Some(eur(107_86)));
    assert_eq!(desk.told(opened), FactOutcome::Applied);
    desk.happens(DisputeChange::FundsWithdrawn);
    assert_eq!(desk.last(jo), "adjustment -10786 - 0 = -10786 EUR @ 0.948303");
    assert_eq!(desk.platform.outside(LedgerAccount::Disputes, USD), 113_74);
    assert_eq!(desk.platform.disputes_of(sale).unwrap()[0].withdrawn(), usd(113_74));
    // Of a part that is won comes back what leaves the rest converted: 63.74 dollars are 60.44 euros.
    desk.happens(DisputeChange::PartlyWon { amount: usd(50_00) });
    assert_eq!(desk.last(jo), "adjustment 4742 - 0 = 4742 EUR @ 0.948303");
    assert_eq!(desk.platform.outside(LedgerAccount::Disputes, USD), 0);
    assert_eq!(desk.platform.outside(LedgerAccount::Payers, USD), -50_00);
    desk.happens(DisputeChange::Won);
    assert_eq!(desk.last(jo), "adjustment 6044 - 0 = 6044 EUR @ 0.948303");
    assert_eq!((desk.holds(jo, EUR), desk.anomalies()), ((100_00, 0), vec![]));
    desk.sound();
}

/// Where nobody says what it comes to, it is what the charge was, with the fee in the currency in which that is booked.
#[test]
fn a_dispute_is_converted_as_its_charge_was() {
    let fee = DisputeFee::new(DisputeFeeKind::Received, cad(15_00)).in_country(CA);
    let mut desk = Desk::open_in(US, rules().with_dispute_fee(fee).unwrap());
    let jo = desk.seller(NewAccount::express(CA));
    desk.rate(USD, CAD, "1.38343");
    let sale = desk.sell_as(jo, NewPayment::card(usd(10_00)));
    desk.rate(USD, CAD, "1.5");
    for (amount, settled) in [(usd(10_00), Some(usd(10_00))), (usd(10_00), Some(cad(0))), (cad(10_00), None)] {
        let opened = desk.opened(sale, amount, settled);
        assert!(matches!(desk.told(opened), FactOutcome::Anomaly(_)));
    }
    assert_eq!(desk.anomalies(), [AnomalyReason::AmountDiffers; 3]);
    let opened = desk.opened(sale, usd(10_00), None);
    desk.told(opened.clone());
    desk.happens(DisputeChange::FundsWithdrawn);
    assert_eq!(desk.last(jo), "adjustment -1356 - 1500 = -2856 CAD @ 1.35576");
    let dispute = desk.platform.disputes_of(sale).unwrap()[0];
    assert_eq!((dispute.amount(), dispute.fee(DisputeFeeKind::Received)), (usd(10_00), cad(15_00)));
    desk.happens(DisputeChange::Won);
    assert_eq!(desk.last(jo), "adjustment 1356 - 0 = 1356 CAD @ 1.35576");
    // Told again with another figure, it is another dispute under a reference that is taken.
    let Fact::DisputeOpened(opened) = opened else { return };
    desk.told(Fact::DisputeOpened(DisputeOpened { settled: Some(cad(13_00)), ..opened }));
    assert_eq!(desk.anomalies().last(), Some(&AnomalyReason::ReferenceTaken));
    desk.sound();
}

/// Captures in parts come to what one capture of the sum does, whatever their order, and so does what is let go.
#[test]
fn captures_in_parts_come_to_the_whole() {
    let mut desk = Desk::open();
    let jo = desk.seller(NewAccount::express(CA));
    desk.rate(USD, CAD, "1.38343");
    let several = || ManualCapture::new().multicapture();
    let hold = |desk: &mut Desk, how: ManualCapture| {
        desk.sell_as(jo, NewPayment::card(usd(10_00)).application_fee(usd(30)).capture_later(how))
    };
    let capture = |desk: &mut Desk, capture: CapturePayment| {
        let key = desk.key();
        desk.platform.acting_as(jo).unwrap().payments().capture(&key, capture).unwrap();
        desk.world.settle(&mut desk.platform).unwrap();
    };
    let sale = hold(&mut desk, several());
    desk.rate(USD, CAD, "2");
    for (minor, fee, line) in [
        // 333 * 1.3557614 = 451.47, and all of the processor's fixed part; 10 cents are 13.56.
        (3_33, 10, "charge 451 - 57 = 394 CAD @ 1.35576"),
        // 666 -> 902.94; 902 * 2.9 % and 30 are 56.
        (3_33, 20, "charge 452 - 26 = 426 CAD @ 1.35576"),
        (3_34, 30, "charge 453 - 27 = 426 CAD @ 1.35576"),
    ] {
        let part = CapturePayment::of(sale).amount(usd(minor)).application_fee(usd(fee));
        capture(&mut desk, if fee < 30 { part.more_to_come() } else { part });
        assert_eq!(desk.last(jo), line);
    }
    let total: i128 = desk.transactions(jo).iter().map(|line| line.net).sum();
    assert_eq!(total, 13_56 - 69 - 41);
    assert_eq!(desk.platform.charge_of(sale).unwrap().amount_settled(), cad(13_56));
    assert_eq!(desk.holds(desk.house, USD).0, 30);

    let sale = hold(&mut desk, ManualCapture::new());
    capture(&mut desk, CapturePayment::of(sale).amount(usd(5_00)));
    // 1000 * 1.96 are authorized, 980 of them captured.
    let lines = desk.lines(jo);
    assert_eq!(lines[lines.len() - 2], "refund -980 - 0 = -980 CAD @ 1.96");
    assert_eq!(lines[lines.len() - 1], "charge 1960 - 117 = 1843 CAD @ 1.96");
    desk.sound();
}

/// So do the transfer and the commission that grow with them.
#[test]
fn what_is_sent_with_captures_in_parts_comes_to_the_whole() {
    let mut desk = Desk::open_in(US, free());
    let jo = desk.seller(NewAccount::express(CA));
    desk.rate(EUR, USD, "1.1");
    desk.rate(USD, CAD, "1.25");
    let order = NewPayment::card(eur(10_00)).destination(jo).application_fee(eur(1_00));
    let sale = desk.sell(order.capture_later(ManualCapture::new().multicapture()));
    desk.rate(EUR, USD, "2");
    desk.rate(USD, CAD, "2");
    for (minor, fee, line) in [
        // 3.33 are 3.66, and those 4.575; 0.33 are 0.45375.
        (3_33, 33, "payment 458 - 45 = 413 CAD @ 1.25"),
        // 6.66 are 7.33, and those 9.1625; 0.66 are 0.9075.
        (3_33, 66, "payment 458 - 46 = 412 CAD @ 1.25"),
        (3_34, 1_00, "payment 459 - 47 = 412 CAD @ 1.25"),
    ] {
        let part = CapturePayment::of(sale).amount(eur(minor)).application_fee(eur(fee));
        let key = desk.key();
        let part = if fee == 1_00 { part } else { part.more_to_come() };
        desk.platform.payments().capture(&key, part).unwrap();
        desk.world.settle(&mut desk.platform).unwrap();
        assert_eq!(desk.last(jo), line);
    }
    let charge = desk.platform.charge_of(sale).unwrap();
    let transfer = desk.platform.transfer(charge.transfer().unwrap()).unwrap();
    assert_eq!((transfer.amount(), transfer.amount_received()), (usd(11_00), cad(13_75)));
    // 1.00 at 1.375.
    assert_eq!(desk.holds(desk.house, CAD).0, 1_38);
    desk.sound();
}

/// What the recipient got of the captures before cannot become less, in the currency in which it got it: a tenth of what was named before
/// is less, however many units of the payment's currency that is.
#[test]
fn no_later_capture_names_less_than_was_sent() {
    let mut desk = Desk::open_in(US, free());
    let jo = desk.seller(NewAccount::express(US));
    desk.rate(BRL, USD, "0.2");
    let order = NewPayment::card(brl(100_00)).destination(jo).transfer_amount(brl(40_00));
    let sale = desk.sell(order.capture_later(ManualCapture::new().multicapture()));
    let capture = |desk: &mut Desk, part: CapturePayment| {
        let key = desk.key();
        desk.platform.payments().capture(&key, part)?;
        desk.world.settle(&mut desk.platform)
    };
    capture(&mut desk, CapturePayment::of(sale).amount(brl(50_00)).more_to_come()).unwrap();
    let sent = desk.holds(jo, USD).0;
    assert_eq!(sent, 8_00);
    // 10.00 reais are 2.00 dollars, and 39.97 are a cent less than what was sent.
    for (named, asked) in [(10_00, usd(2_00)), (39_97, usd(7_99))] {
        let less = CapturePayment::of(sale).transfer_amount(brl(named));
        let refused = PaymentError::ShareBelowGiven { payment: sale, asked, given: usd(8_00) };
        assert_eq!(capture(&mut desk, less), Err(refused.into()));
    }
    capture(&mut desk, CapturePayment::of(sale).transfer_amount(brl(40_00))).unwrap();
    assert_eq!(desk.holds(jo, USD).0, sent);
    desk.sound();
}

/// A commission that a capture names first is converted for the platform at the rate of when it was named.
#[test]
fn a_commission_that_is_named_with_the_capture() {
    let mut desk = Desk::open_in(US, free());
    let hans = desk.seller(NewAccount::standard(DE));
    let sale = desk.sell_as(hans, NewPayment::card(eur(10_00)).manual_capture());
    let capture = |desk: &mut Desk| {
        let key = desk.key();
        let part = CapturePayment::of(sale).application_fee(eur(1_00));
        desk.platform.acting_as(hans).unwrap().payments().capture(&key, part).map(drop)
    };
    let unset = fundroute::routing::RoutingError::NoExchangeRate { from: EUR, to: USD };
    assert_eq!(capture(&mut desk), Err(unset.into()));
    desk.rate(EUR, USD, "1.1");
    capture(&mut desk).unwrap();
    desk.rate(EUR, USD, "2");
    desk.world.settle(&mut desk.platform).unwrap();
    assert_eq!(desk.lines(desk.house), ["application_fee 110 - 0 = 110 USD @ 1.1"]);
    assert_eq!(desk.lines(hans), ["charge 1000 - 100 = 900 EUR"]);
    desk.sound();
}

/// A debit on its way is on the balance in the currency in which it will be booked, and so is what its bank pulls back.
#[test]
fn debits_are_converted_on_their_way_and_back() {
    let rules = free().with_unbanked_settlement(false);
    let mut desk = Desk::open_in(US, rules);
    let asks = NewAccount::express(US).request(fundroute::rulebook::Capability::SepaDebitPayments);
    let jo = desk.seller(asks);
    desk.rate(EUR, USD, "1.1111");
    let sale = desk.sell_as(jo, NewPayment::by(PaymentMethod::SepaDebit, eur(20_00)));
    assert_eq!(desk.platform.balance(jo, USD).unwrap().submitted, 22_22);
    assert_eq!(desk.platform.balance(jo, EUR).unwrap().submitted, 0);
    desk.rate(EUR, USD, "1.2");
    desk.wait(30);
    assert_eq!(desk.lines(jo), ["payment 2222 - 35 = 2187 USD @ 1.1111"]);
    assert_eq!(desk.holds(jo, USD), (0, 21_87));
    let charge = desk.platform.charge_of(sale).unwrap().id();
    for (minor, line) in [
        (7_77, "payment_reversal -863 - 0 = -863 USD @ 1.1111"),
        // An earlier report holds: 20.00 is 22.22 in all.
        (20_00, "payment_reversal -1359 - 0 = -1359 USD @ 1.1111"),
    ] {
        let at = desk.platform.now().plus_days(if minor == 20_00 { -1 } else { 0 }).unwrap();
        let fact = Fact::ChargeReversed(ChargeReversed::of(charge, eur(minor)));
        let key = desk.key();
        assert_eq!(desk.platform.record(&Report::new(key, at, fact)).unwrap().answer, FactOutcome::Applied);
        assert_eq!(desk.last(jo), line);
    }
    assert_eq!((desk.holds(jo, USD), desk.platform.outside(LedgerAccount::Payers, EUR)), ((0, -35), 0));
    assert_eq!((desk.position(EUR), desk.position(USD)), (0, 0));
    desk.sound();

    // One that fails is off again, and costs what it does in the currency in which it would have been booked.
    let sale = NewPayment::by(PaymentMethod::SepaDebit, eur(20_00)).token(fundroute::simulator::DEBIT_REFUSED);
    desk.sell_as(jo, sale);
    assert_eq!(desk.platform.balance(jo, USD).unwrap().submitted, 24_00);
    desk.wait(30);
    assert_eq!(desk.platform.balance(jo, USD).unwrap().submitted, 0);
    let lines = desk.lines(jo);
    assert!(lines.contains(&"payment_failure_refund -2400 - 0 = -2400 USD @ 1.2".to_owned()), "{lines:#?}");
    assert_eq!(desk.last(jo), "stripe_fee -500 - 0 = -500 USD");
    desk.sound();
}
