//! What a provider made by itself: misuse, wrong orders and contradictions move no money, and stop nothing.

use fundroute::accounts::CloseAccount;
use fundroute::ids::{AccountId, ChargeId, ExternalAccountId, ObjectId};
use fundroute::journal::{AnomalyReason, FactOutcome, Instruction, Record};
use fundroute::ledger::LineKind;
use fundroute::mirror::{
    PayoutFate, ProviderAccount, ProviderCharge, ProviderFact, ProviderFee, ProviderFeeRefund, ProviderLine,
    ProviderLineKind, ProviderPayout, ProviderPayoutNews, ProviderRefund, ProviderRefundFailed, ProviderReversal,
    ProviderTransfer,
};
use fundroute::payments::{Named, PaymentStatus, RefundFailure, RefundStatus};
use fundroute::payouts::{PayoutStatus, PayoutTrigger};
use fundroute::platform::ErrorKind;
use fundroute::prelude::*;
use fundroute::rulebook::Vetting;
use fundroute::simulator::bank_account;

const TODAY: fn() -> Timestamp = || utc(2026, 11, 4).at(12, 0);

struct Books {
    platform: Platform,
    jo: AccountId,
    told: u32,
}

impl Books {
    fn open() -> Self {
        Self::founded(NewPlatform::in_country(US).mirroring())
    }

    fn founded(new: NewPlatform) -> Self {
        let book = Rulebook::standard().with_vetting(Vetting::ByHost);
        let mut platform = Platform::new(new, book, TODAY()).unwrap();
        let jo = platform.accounts().create("jo", NewAccount::express(US)).unwrap().answer;
        for (key, id) in [("of jo", jo), ("ours", platform.id())] {
            let bank = bank_account(platform.rulebook(), id, US, USD);
            platform.accounts().add_external_account(key, bank).unwrap();
        }
        Self { platform, jo, told: 0 }
    }

    fn tell(&mut self, fact: impl Into<ProviderFact>) -> FactOutcome {
        self.told += 1;
        let id = format!("evt_{}", self.told);
        let decided = self.platform.mirror().record(&id, TODAY(), fact).unwrap();
        assert_eq!(self.platform.audit(), []);
        decided.answer
    }

    /// Tells what has to be odd, and moves nothing.
    fn odd(&mut self, fact: impl Into<ProviderFact>) -> AnomalyReason {
        let before = self.platform.trial_balances();
        let outcome = self.tell(fact);
        let id = if let FactOutcome::Anomaly(id) = outcome { Some(id) } else { None };
        assert_eq!(self.platform.trial_balances(), before);
        self.platform.anomaly(id.unwrap()).unwrap().reason
    }

    fn has(&self, account: AccountId) -> (i128, i128) {
        let held = self.platform.balance(account, USD).unwrap();
        (held.available, held.pending)
    }

    fn asks_for_money(&self) -> bool {
        self.platform.instructions().iter().any(|asked| !matches!(asked, Instruction::Account(_)))
    }

    fn us(&self) -> AccountId {
        self.platform.id()
    }

    fn sale(&mut self, reference: &str, minor: i64) -> ChargeId {
        let sale = ProviderCharge::new(reference, self.us(), usd(minor), TODAY());
        assert_eq!(self.tell(sale.clone()), FactOutcome::Applied);
        let made = self.platform.made_by_provider(&sale.into()).unwrap();
        if let Some(ObjectId::Charge(id)) = made { Some(id) } else { None }.unwrap()
    }

    /// Why anything is odd that was told.
    fn oddities(&self) -> Vec<AnomalyReason> {
        let reason = |record: &Record| if let Record::Anomaly(anomaly) = record { Some(anomaly.reason) } else { None };
        self.platform.records().filter_map(reason).collect()
    }
}

fn named(charge: &str) -> Named {
    Named::Reference(charge.to_owned())
}

fn refund(reference: &str, charge: &str, amount: Money) -> ProviderRefund {
    let (reference, charge) = (reference.to_owned(), named(charge));
    ProviderRefund { reference, charge, amount, fee_returned: 0, available_on: TODAY() }
}

fn transfer(reference: &str, to: AccountId, charge: Option<&str>, amount: Money) -> ProviderTransfer {
    let (charge, on) = (charge.map(named), TODAY());
    ProviderTransfer {
        reference: reference.to_owned(),
        destination: to.into(),
        charge,
        amount,
        sent_on: on,
        received_on: on,
    }
}

fn reversal(reference: &str, transfer: &str, amount: Money) -> ProviderReversal {
    let (reference, transfer, on) = (reference.to_owned(), transfer.to_owned(), TODAY());
    ProviderReversal { reference, transfer, amount, taken_on: on, returned_on: on }
}

fn fee(reference: &str, charge: &str, payer: AccountId, amount: Money) -> ProviderFee {
    let (reference, charge, on) = (reference.to_owned(), named(charge), TODAY());
    ProviderFee { reference, charge, account: payer.into(), amount, paid_on: on, received_on: on }
}

fn fee_refund(reference: &str, fee: &str, amount: Money) -> ProviderFeeRefund {
    let (reference, fee, on) = (reference.to_owned(), fee.to_owned(), TODAY());
    ProviderFeeRefund { reference, fee, amount, given_on: on, returned_on: on }
}

fn payout(reference: &str, account: AccountId, amount: Money) -> ProviderPayout {
    ProviderPayout {
        reference: reference.to_owned(),
        account: account.into(),
        amount,
        arrival_date: utc(2026, 11, 6),
        automatic: true,
        destination: None,
    }
}

fn news(payout: &str, fate: PayoutFate) -> ProviderPayoutNews {
    ProviderPayoutNews { payout: payout.to_owned(), fate }
}

fn sent_back() -> PayoutFate {
    PayoutFate::Failed { failure_code: "could_not_process".to_owned() }
}

fn line(reference: &str, account: AccountId, kind: ProviderLineKind, amount: Money) -> ProviderLine {
    ProviderLine { reference: reference.to_owned(), account: account.into(), kind, amount, available_on: TODAY() }
}

#[test]
fn a_destination_charge_is_what_the_crate_would_have_made() {
    let mut books = Books::open();
    let (us, jo) = (books.us(), books.jo);
    let on = utc(2026, 11, 6);
    let sale = ProviderCharge::new("ch_1", us, usd(100_00), on).fee(3_20).destination(jo);
    let sent = ProviderTransfer { sent_on: on, received_on: on, ..transfer("tr_1", jo, Some("ch_1"), usd(100_00)) };
    let kept = ProviderFee { paid_on: on, received_on: on, ..fee("fee_1", "ch_1", jo, usd(10_00)) };
    assert!(matches!(books.tell(kept.clone()), FactOutcome::Parked(_)));
    assert!(matches!(books.tell(sent), FactOutcome::Parked(_)));
    assert_eq!(books.tell(sale.clone()), FactOutcome::Applied);
    assert_eq!((books.has(us), books.has(jo)), ((0, 6_80), (0, 90_00)));

    let Some(ObjectId::Charge(charge)) = books.platform.made_by_provider(&sale.into()).unwrap() else { panic!() };
    let charge = books.platform.charge(charge).unwrap();
    assert_eq!(books.platform.payment(charge.payment()).unwrap().status(), PaymentStatus::Succeeded);
    let made = books.platform.transfer(charge.transfer().unwrap()).unwrap();
    assert_eq!((made.amount(), made.destination(), made.source()), (usd(100_00), jo, Some(charge.id())));
    let made = books.platform.application_fee(charge.application_fee().unwrap()).unwrap();
    assert_eq!((made.amount(), made.account()), (usd(10_00), jo));
    let why = books.platform.explain(jo, USD).unwrap();
    assert!(why.iter().all(|step| step.because.last() == Some(&charge.payment().into())), "{why:?}");

    books.platform.advance_to(utc(2026, 11, 20)).unwrap();
    assert_eq!((books.has(us), books.has(jo)), ((6_80, 0), (90_00, 0)), "nothing is paid out by itself");
}

#[test]
fn a_mirror_makes_nothing_by_itself_and_moves_nothing_on_command() {
    let mut books = Books::open();
    let sale = books.sale("ch_1", 50_00);
    let payment = books.platform.charge(sale).unwrap().payment();
    books.tell(payout("po_1", books.jo, usd(70_00)));
    assert_eq!(books.has(books.jo), (-70_00, 0));
    assert!(!books.asks_for_money());
    let jo = books.jo;
    let refused = [
        books.platform.payments().create("a", NewPayment::card(usd(10_00))).unwrap_err(),
        books.platform.refunds().create("b", NewRefund::of(payment)).unwrap_err(),
        books.platform.transfers().create("c", NewTransfer::to(jo, usd(1_00))).unwrap_err(),
        books.platform.payouts().create("d", usd(1_00)).unwrap_err(),
    ];
    for error in refused {
        assert_eq!((error.kind(), &error), (ErrorKind::Refused, &Error::OnlyMirrors));
    }
    // A debt of two hundred days: no bank is debited for it, and nothing is collected.
    books.platform.advance_to(utc(2027, 6, 1)).unwrap();
    assert_eq!(books.has(jo), (-70_00, 0));
    assert_eq!(books.platform.balance(books.us(), USD).unwrap().connect_reserved, 70_00);
    assert_eq!(books.platform.balance(jo, USD).unwrap().submitted, 0);
    assert!(!books.asks_for_money());
    assert_eq!(books.platform.audit(), []);
}

#[test]
fn each_side_has_the_money_on_a_date_of_its_own() {
    let mut books = Books::open();
    let (us, jo) = (books.us(), books.jo);
    let (soon, late) = (utc(2026, 11, 6), utc(2026, 11, 9));
    let pending = |books: &Books| {
        let rows = books.platform.snapshot().balances.into_iter();
        rows.map(|row| (row.account, row.pending)).collect::<std::collections::BTreeMap<_, _>>()
    };
    books.tell(ProviderCharge::new("ch_1", us, usd(100_00), soon).destination(jo));
    books.tell(ProviderTransfer { sent_on: soon, received_on: late, ..transfer("tr_1", jo, Some("ch_1"), usd(60_00)) });
    books.tell(ProviderFee { paid_on: late, received_on: soon, ..fee("fee_1", "ch_1", jo, usd(10_00)) });
    assert_eq!(pending(&books), [(us, vec![(soon, 50_00)]), (jo, vec![(late, 50_00)])].into());
    books.tell(ProviderReversal { taken_on: late, returned_on: soon, ..reversal("trr_1", "tr_1", usd(6_00)) });
    books.tell(ProviderFeeRefund { given_on: soon, returned_on: late, ..fee_refund("fr_1", "fee_1", usd(1_00)) });
    books.tell(ProviderRefund { available_on: soon, ..refund("re_1", "ch_1", usd(20_00)) });
    assert_eq!(pending(&books), [(us, vec![(soon, 35_00)]), (jo, vec![(late, 45_00)])].into());
    books.platform.advance_to(soon).unwrap();
    assert_eq!((books.has(us), books.has(jo)), ((35_00, 0), (0, 45_00)));
    // What came too late for its date is there at once.
    books.told += 100;
    let back = ProviderRefund { available_on: soon, ..refund("re_2", "ch_1", usd(5_00)) };
    assert_eq!(books.tell(back), FactOutcome::Applied);
    assert_eq!(books.has(us), (30_00, 0));
}

#[test]
fn an_ordinary_platform_goes_on_from_what_a_provider_made() {
    let mut books = Books::founded(NewPlatform::in_country(US));
    let (us, jo) = (books.us(), books.jo);
    let sale = ProviderCharge::new("ch_1", us, usd(100_00), TODAY()).destination(jo);
    books.tell(sale.clone());
    books.tell(transfer("tr_1", jo, Some("ch_1"), usd(100_00)));
    let Some(ObjectId::Charge(charge)) = books.platform.made_by_provider(&sale.into()).unwrap() else { panic!() };
    let payment = books.platform.charge(charge).unwrap().payment();
    let half = NewRefund::of(payment).amount(usd(50_00)).reverse_transfer();
    books.platform.refunds().create("half", half).unwrap();
    assert_eq!((books.has(us), books.has(jo)), ((0, 0), (50_00, 0)));
    assert_eq!(books.platform.audit(), []);
}

#[test]
fn what_was_told_is_told_again_without_effect_and_otherwise_is_odd() {
    let mut books = Books::open();
    let sale = ProviderCharge::new("ch_1", books.us(), usd(50_00), TODAY());
    assert_eq!(books.tell(sale.clone()), FactOutcome::Applied);
    assert_eq!(books.tell(sale.clone()), FactOutcome::Stale);
    assert_eq!(books.odd(sale.fee(1)), AnomalyReason::ReferenceTaken);
    // References are of one kind: the same word stands for another object elsewhere.
    assert_eq!(books.tell(payout("ch_1", books.us(), usd(20_00))), FactOutcome::Applied);
    assert_eq!(books.tell(refund("ch_1", "ch_1", usd(5_00))), FactOutcome::Applied);
    assert_eq!(books.has(books.us()), (25_00, 0));
    let stranger = AccountId::from_host([7; 14]);
    let known = ProviderAccount { account: books.jo, reference: "acct_x".to_owned() };
    assert_eq!(books.tell(known), FactOutcome::Applied);
    let other = ProviderAccount { account: books.us(), reference: "acct_x".to_owned() };
    assert_eq!(books.odd(other), AnomalyReason::ReferenceTaken);
    let nobody = ProviderAccount { account: stranger, reference: "acct_y".to_owned() };
    assert!(matches!(books.platform.mirror().record("evt", TODAY(), nobody), Err(Error::NotFound(_))));
}

#[test]
fn unknown_ids_are_refused_before_anything_waits_and_unknown_references_wait() {
    let mut books = Books::open();
    let stranger = AccountId::from_host([7; 14]);
    let unknown: [ProviderFact; 7] = [
        ProviderCharge::new("ch_9", stranger, usd(1_00), TODAY()).into(),
        ProviderCharge::new("ch_9", "acct_later", usd(1_00), TODAY()).destination(stranger).into(),
        transfer("tr_9", stranger, Some("ch_later"), usd(1_00)).into(),
        payout("po_9", stranger, usd(1_00)).into(),
        ProviderPayout {
            account: "acct_later".into(),
            destination: Some(ExternalAccountId::from_host([7; 14])),
            ..payout("po_9", stranger, usd(1_00))
        }
        .into(),
        line("txn_9", stranger, ProviderLineKind::Fee, usd(-1)).into(),
        ProviderRefund { charge: ChargeId::from_host([7; 14]).into(), ..refund("re_9", "", usd(1_00)) }.into(),
    ];
    let before = books.platform.snapshot();
    for fact in unknown {
        let error = books.platform.mirror().record("evt", TODAY(), fact).unwrap_err();
        assert!(matches!(error, Error::NotFound(_)), "{error}");
    }
    assert_eq!(books.platform.snapshot(), before);
    let waiting: [ProviderFact; 6] = [
        ProviderCharge::new("ch_1", "acct_jo", usd(30_00), TODAY()).into(),
        refund("re_1", "ch_1", usd(10_00)).into(),
        ProviderRefundFailed { refund: "re_1".to_owned(), reason: RefundFailure::LostOrStolenCard }.into(),
        fee("fee_1", "ch_1", books.jo, usd(3_00)).into(),
        fee_refund("fr_1", "fee_1", usd(1_00)).into(),
        news("po_1", PayoutFate::Paid).into(),
    ];
    for fact in waiting {
        assert!(matches!(books.tell(fact), FactOutcome::Parked(_)));
    }
    assert_eq!(
        books.tell(ProviderAccount { account: books.jo, reference: "acct_jo".to_owned() }),
        FactOutcome::Applied
    );
    assert_eq!((books.has(books.jo), books.has(books.us())), ((28_00, 0), (2_00, 0)));
    // What never comes is given up, and told of once.
    books.platform.advance_to(utc(2027, 11, 4)).unwrap();
    assert_eq!(books.oddities(), [AnomalyReason::UnknownReference]);
}

#[test]
fn amounts_that_cannot_be_are_odd() {
    let mut books = Books::open();
    let (us, jo) = (books.us(), books.jo);
    books.sale("ch_1", 50_00);
    books.tell(ProviderCharge::new("ch_2", us, usd(50_00), TODAY()).destination(jo));
    books.tell(transfer("tr_1", jo, Some("ch_2"), usd(40_00)));
    books.tell(fee("fee_1", "ch_2", jo, usd(4_00)));
    let differing: Vec<ProviderFact> = vec![
        ProviderCharge::new("x", us, usd(0), TODAY()).into(),
        ProviderCharge::new("x", us, usd(-1), TODAY()).into(),
        ProviderCharge::new("x", us, usd(1), TODAY()).fee(-1).into(),
        refund("x", "ch_1", usd(50_01)).into(),
        refund("x", "ch_1", usd(0)).into(),
        refund("x", "ch_1", usd(i64::MIN)).into(),
        refund("x", "ch_1", eur(1_00)).into(),
        ProviderRefund { fee_returned: -1, ..refund("x", "ch_1", usd(1_00)) }.into(),
        transfer("x", jo, None, usd(-5)).into(),
        transfer("x", jo, Some("ch_1"), usd(50_01)).into(),
        transfer("x", jo, Some("ch_1"), eur(1_00)).into(),
        reversal("x", "tr_1", usd(40_01)).into(),
        reversal("x", "tr_1", eur(1_00)).into(),
        fee("x", "ch_2", jo, usd(50_01)).into(),
        fee_refund("x", "fee_1", usd(4_01)).into(),
        fee_refund("x", "fee_1", usd(0)).into(),
        payout("x", jo, usd(0)).into(),
        line("x", us, ProviderLineKind::Fee, usd(0)).into(),
    ];
    for fact in differing {
        assert_eq!(books.odd(fact.clone()), AnomalyReason::AmountDiffers, "{fact:?}");
    }
    let huge: Vec<ProviderFact> = vec![
        ProviderCharge::new("x", us, usd(i64::MAX), TODAY()).into(),
        ProviderCharge::new("x", us, usd(1), TODAY()).fee(i64::MAX).into(),
        transfer("x", jo, None, usd(i64::MAX)).into(),
        payout("x", jo, usd(i64::MAX)).into(),
        line("x", us, ProviderLineKind::Adjustment, usd(i64::MIN)).into(),
    ];
    for fact in huge {
        assert_eq!(books.odd(fact.clone()), AnomalyReason::OutOfRange, "{fact:?}");
    }
    // The reference is free for what can be.
    assert_eq!(books.tell(reversal("x", "tr_1", usd(40_00))), FactOutcome::Applied);
    assert_eq!(books.odd(reversal("y", "tr_1", usd(1))), AnomalyReason::AmountDiffers);
}

#[test]
fn who_has_no_part_in_it_gets_none() {
    let mut books = Books::open();
    let (us, jo) = (books.us(), books.jo);
    let bo = books.platform.accounts().create("bo", NewAccount::express(US)).unwrap().answer;
    books.sale("ch_1", 50_00);
    books.tell(ProviderCharge::new("ch_2", jo, usd(50_00), TODAY()));
    let wrong: [ProviderFact; 6] = [
        ProviderCharge::new("x", jo, usd(1_00), TODAY()).destination(bo).into(),
        ProviderCharge::new("x", us, usd(1_00), TODAY()).destination(us).into(),
        transfer("x", us, None, usd(1_00)).into(),
        transfer("x", jo, Some("ch_2"), usd(1_00)).into(),
        fee("x", "ch_1", jo, usd(1_00)).into(),
        fee("x", "ch_2", bo, usd(1_00)).into(),
    ];
    for fact in wrong {
        assert_eq!(books.odd(fact.clone()), AnomalyReason::WrongParty, "{fact:?}");
    }
    assert_eq!(books.tell(fee("fee_1", "ch_2", jo, usd(5_00))), FactOutcome::Applied);
    assert_eq!(books.odd(fee("fee_2", "ch_2", jo, usd(5_00))), AnomalyReason::CommissionKnown);
    assert_eq!(books.odd(payout("po_1", bo, usd(1_00))), AnomalyReason::BankUnknown);
    assert_eq!(books.odd(payout("po_1", jo, eur(1_00))), AnomalyReason::BankUnknown);
    let theirs = books.platform.account(jo).unwrap().bank_for(USD);
    let stolen = ProviderPayout { destination: theirs, ..payout("po_1", bo, usd(1_00)) };
    assert_eq!(books.odd(stolen), AnomalyReason::BankUnknown);
}

#[test]
fn a_refund_waits_for_room_and_for_its_own_failure() {
    let all: [ProviderFact; 4] = [
        refund("re_1", "ch_1", usd(60_00)).into(),
        ProviderRefundFailed { refund: "re_1".to_owned(), reason: RefundFailure::ExpiredOrCanceledCard }.into(),
        refund("re_2", "ch_1", usd(60_00)).into(),
        ProviderCharge::new("ch_1", "us", usd(100_00), TODAY()).into(),
    ];
    let orders = (0..24_usize).map(|draw| {
        let mut left: Vec<usize> = (0..4).collect();
        let mut draw = draw;
        (1..=4).rev().map(|many| (left.remove(draw % many), draw /= many).0).collect::<Vec<usize>>()
    });
    for order in orders {
        let mut books = Books::open();
        let us = books.us();
        books.tell(ProviderAccount { account: us, reference: "us".to_owned() });
        for place in &order {
            books.tell(all[*place].clone());
        }
        assert_eq!(books.has(us), (40_00, 0), "{order:?}");
        let status = |record: &Record| if let Record::Refund(refund) = record { Some(refund.status()) } else { None };
        let given: Vec<RefundStatus> = books.platform.records().filter_map(status).collect();
        assert_eq!(books.oddities(), [], "{order:?}");
        assert_eq!(given.len(), 2, "{order:?}");
        assert!(given.contains(&RefundStatus::Failed) && given.contains(&RefundStatus::Succeeded), "{given:?}");
    }
    // One that nothing makes room for is given up.
    let mut books = Books::open();
    books.sale("ch_1", 100_00);
    books.tell(refund("re_1", "ch_1", usd(60_00)));
    assert!(matches!(books.tell(refund("re_2", "ch_1", usd(60_00))), FactOutcome::Parked(_)));
    books.platform.advance_to(utc(2027, 11, 4)).unwrap();
    assert_eq!(books.has(books.us()), (40_00, 0));
    assert_eq!(books.oddities(), [AnomalyReason::UnknownReference]);
}

#[test]
fn what_contradicts_itself_of_a_payout_ends_alike_in_every_order() {
    let fates = [PayoutFate::Paid, PayoutFate::Canceled, sent_back()];
    let sets: [&[usize]; 7] = [&[0, 1], &[1, 0], &[0, 2], &[2, 0], &[1, 2], &[2, 1], &[2, 0, 1]];
    for set in sets {
        let mut books = Books::open();
        let jo = books.jo;
        assert!(matches!(books.tell(news("po_1", fates[set[0]].clone())), FactOutcome::Parked(_)));
        let sent = payout("po_1", jo, usd(30_00));
        assert_eq!(books.tell(sent.clone()), FactOutcome::Applied);
        for fate in &set[1..] {
            books.tell(news("po_1", fates[*fate].clone()));
        }
        assert_eq!(books.has(jo), (0, 0), "{set:?}");
        let Some(ObjectId::Payout(id)) = books.platform.made_by_provider(&sent.into()).unwrap() else { panic!() };
        let known = books.platform.payout(id).unwrap();
        let expected = if set.contains(&2) { PayoutStatus::Failed } else { PayoutStatus::Canceled };
        assert_eq!((known.status(), known.trigger()), (expected, PayoutTrigger::Provider { automatic: true }));
        assert_eq!(books.oddities(), []);
        assert!(!books.asks_for_money());
    }
}

#[test]
fn nothing_comes_to_a_closed_account_and_everything_leaves_it() {
    let mut books = Books::open();
    let (us, jo) = (books.us(), books.jo);
    books.tell(transfer("tr_1", jo, None, usd(10_00)));
    books.tell(reversal("trr_1", "tr_1", usd(10_00)));
    let close = CloseAccount { account: jo };
    books.platform.handle(Request::new("close", Command::CloseAccount(close))).unwrap();
    let closed: [ProviderFact; 3] = [
        ProviderCharge::new("ch_1", jo, usd(1_00), TODAY()).into(),
        transfer("tr_2", jo, None, usd(1_00)).into(),
        line("txn_1", jo, ProviderLineKind::Adjustment, usd(1_00)).into(),
    ];
    for fact in closed {
        assert_eq!(books.odd(fact.clone()), AnomalyReason::AccountClosed, "{fact:?}");
    }
    assert_eq!(books.tell(line("txn_2", jo, ProviderLineKind::Fee, usd(-25))), FactOutcome::Applied);
    assert_eq!((books.has(jo), books.has(us).0), ((-25, 0), -25));
}

#[test]
fn facts_of_years_ago_are_booked_now_under_their_own_dates() {
    let mut books = Books::open();
    let (us, long_ago) = (books.us(), utc(1995, 1, 1));
    let sale = ProviderCharge::new("ch_1", us, usd(50_00), long_ago);
    books.platform.mirror().record("old", long_ago, sale.clone()).unwrap();
    assert_eq!(books.has(us), (50_00, 0));
    let Some(ObjectId::Charge(id)) = books.platform.made_by_provider(&sale.into()).unwrap() else { panic!() };
    assert_eq!(books.platform.charge(id).unwrap().created(), long_ago);
    let ever = ProviderCharge::new("ch_2", us, usd(1_00), Timestamp::MAX);
    assert_eq!(books.tell(ever), FactOutcome::Applied);
    let never = ProviderCharge::new("ch_3", us, usd(1_00), Timestamp::MIN);
    assert_eq!(books.tell(never), FactOutcome::Applied);
    assert_eq!(books.has(us), (51_00, 1_00));
    let late = ProviderPayout { arrival_date: Timestamp::MAX, ..payout("po_1", us, usd(1_00)) };
    assert_eq!(books.tell(late), FactOutcome::Applied);
    let ahead = books.platform.mirror().record("ahead", utc(2027, 1, 1), refund("re_1", "ch_1", usd(1_00)));
    assert!(matches!(ahead, Err(Error::FactAheadOfClock { .. })));
}

#[test]
fn bare_lines_show_as_what_they_are() {
    let mut books = Books::open();
    let us = books.us();
    for (place, (kind, minor)) in [
        (ProviderLineKind::TopUp, 100_00),
        (ProviderLineKind::Fee, -2_00),
        (ProviderLineKind::Tax, -40),
        (ProviderLineKind::Adjustment, 15),
    ]
    .into_iter()
    .enumerate()
    {
        let told = line(&format!("txn_{place}"), us, kind, usd(minor));
        assert_eq!(books.tell(told.clone()), FactOutcome::Applied);
        assert_eq!(books.tell(told), FactOutcome::Stale);
    }
    assert_eq!(books.has(us), (97_75, 0));
    let kinds: Vec<LineKind> = books.platform.statement(us).unwrap().lines.iter().map(|line| line.kind).collect();
    let expected = [LineKind::TopUp, LineKind::ProcessorFee, LineKind::CommissionTax, LineKind::Adjustment];
    assert_eq!(kinds, expected);
    let sheet = books.platform.trial_balances();
    assert_eq!((sheet[0].to_banks, sheet[0].processor_fees, sheet[0].held), (-100_00, 2_25, 97_75));
}

#[test]
fn disputes_find_what_a_provider_made_by_its_reference() {
    use fundroute::payments::{DisputeCase, DisputeOpened, DisputeReason};

    let mut books = Books::open();
    let opened = DisputeOpened {
        charge: named("ch_1"),
        reference: "dp_1".to_owned(),
        amount: usd(50_00),
        reason: DisputeReason::Fraudulent,
        case: DisputeCase::Chargeback,
        network: None,
        respond_by: Some(utc(2026, 11, 20)),
        settled: None,
    };
    let decided = books.platform.disputes().record_opened("evt_dp", TODAY(), opened).unwrap();
    assert!(matches!(decided.answer, FactOutcome::Parked(_)));
    let sale = books.sale("ch_1", 50_00);
    assert!(books.platform.charge(sale).unwrap().first_dispute().is_some());
    assert_eq!(books.platform.audit(), []);
}
