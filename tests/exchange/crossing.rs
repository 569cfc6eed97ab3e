//! Payouts that cross a border: what they cost the platform, counted with each and billed by the month
//! (docs.stripe.com/connect/cross-border-payouts, 2024 and 2025).

use fundroute::accounts::AccountError;
use fundroute::calendar::Recurrence;
use fundroute::ids::PayoutId;
use fundroute::journal::Record;
use fundroute::ledger::EntryKind;
use fundroute::payouts::{CancelPayout, NewPayout, PayoutSchedule, SetPayoutSchedule};
use fundroute::rulebook::{Capability, ConnectItem, CrossBorderEra};
use fundroute::simulator::bank_account;

use super::*;

const KE: Country = Country::KE;
const KES: Currency = Currency::KES;

/// A platform, and a seller with a bank account and plenty of its own currency, who is paid out by hand.
pub(super) fn funded(home: Country, book: Rulebook, new: NewAccount, currency: Currency) -> (Desk, AccountId) {
    let mut desk = Desk::open_in(home, book);
    let own = desk.platform.account(desk.house).unwrap().default_currency();
    let seller = desk.seller(new);
    if own != currency {
        desk.rate(own, currency, "1");
    }
    let country = desk.platform.account(seller).unwrap().country();
    let bank = bank_account(desk.platform.rulebook(), seller, country, currency);
    desk.ask(Command::SetPayoutSchedule(SetPayoutSchedule { account: seller, schedule: PayoutSchedule::Manual }))
        .unwrap();
    desk.ask(Command::AddExternalAccount(bank)).unwrap();
    desk.fund(Money::new(90_000_00, own));
    desk.transfer(NewTransfer::to(seller, Money::new(80_000_00, own))).unwrap();
    desk.wait(1);
    (desk, seller)
}

/// The same, in euros, of a platform in the United States.
fn german() -> (Desk, AccountId) {
    funded(US, free(), NewAccount::express(DE), EUR)
}

impl Desk {
    pub(super) fn pay_out(&mut self, seller: AccountId, amount: Money) -> PayoutId {
        let key = self.key();
        let made = self.platform.acting_as(seller).unwrap().payouts().create(&key, amount).unwrap();
        made.answer
    }

    /// What was counted in the month of now for crossing borders, and what was billed of it.
    fn counted(&self, currency: Currency) -> Option<(i64, i128, Option<Money>)> {
        self.counted_at(currency, self.platform.now())
    }

    fn counted_at(&self, currency: Currency, at: Timestamp) -> Option<(i64, i128, Option<Money>)> {
        let account = |record: &Record| if let Record::Account(account) = record { Some(account.id()) } else { None };
        let accounts = self.platform.records().filter_map(account);
        let item = ConnectItem::CrossBorderPayout;
        let mut known = accounts.filter_map(|seller| self.platform.connect_fees(seller, item, currency, at).unwrap());
        let fees = known.next()?;
        Some((fees.payouts(), fees.fees(), fees.billed()))
    }

    /// What the platform was billed: the lines of its own for which no payment is the reason.
    pub(super) fn bills(&self) -> Vec<Money> {
        let bills = self.platform.entries().filter(|entry| entry.kind() == EntryKind::ConnectFees);
        let lines = bills.flat_map(|entry| entry.lines().to_vec());
        let bill = |line: fundroute::ledger::Line| {
            assert_eq!((line.owner(), line.kind().name()), (self.house, "stripe_fee"));
            assert_eq!(line.kind().reporting_category(line.amount()).as_str(), "fee");
            Money::new(line.net().try_into().unwrap(), line.currency())
        };
        lines.map(bill).collect()
    }
}

#[test]
fn example_x1_a_quarter_of_a_percent_is_billed_at_the_end_of_the_month() {
    let (mut desk, hans) = german();
    desk.rate(EUR, USD, "1.1");
    let payout = desk.pay_out(hans, eur(1_000_00));
    assert_eq!(desk.platform.payout(payout).unwrap().cross_border_fee(), eur(2_50));
    let (before, held) = (desk.holds(desk.house, USD), desk.holds(hans, EUR));
    desk.pay_out(hans, eur(400_00));
    assert_eq!(desk.holds(hans, EUR), (held.0, held.1 - 400_00), "the account pays nothing of it");
    assert_eq!((desk.counted(EUR), desk.holds(desk.house, USD)), (Some((2, 3_50, None)), before));
    desk.world.advance_to(&mut desk.platform, utc(2026, 11, 30).at(23, 59)).unwrap();
    assert_eq!(desk.bills(), []);
    desk.world.advance_to(&mut desk.platform, utc(2026, 12, 1)).unwrap();
    assert_eq!(desk.bills(), [usd(-3_85)]);
    assert_eq!(desk.holds(desk.house, USD), (before.0, before.1 - 3_85));
    let november = desk.counted_at(EUR, utc(2026, 11, 2));
    assert_eq!(november, Some((2, 3_50, Some(usd(3_85)))));
    let (item, at) = (ConnectItem::CrossBorderPayout, utc(2026, 11, 30));
    let known = desk.platform.connect_fees(hans, item, EUR, at).unwrap().unwrap();
    assert_eq!((known.account(), known.item(), known.currency()), (hans, item, EUR));
    assert_eq!((known.month(), known.billed_on()), (utc(2026, 11, 1), utc(2026, 12, 1)));
    assert_eq!(desk.counted(EUR), None);
    desk.wait(90);
    assert_eq!(desk.bills().len(), 1);
    desk.sound();
}

/// Of two euros a quarter of a percent is half a cent.
#[test]
fn each_payout_is_rounded_by_itself_and_ties_go_up() {
    let (mut desk, hans) = german();
    for (amount, fee) in [(2_00, 1), (1_99, 0), (6_00, 2), (5_99, 1), (4_00, 1)] {
        let payout = desk.pay_out(hans, eur(amount));
        assert_eq!(desk.platform.payout(payout).unwrap().cross_border_fee(), eur(fee), "{amount}");
    }
    // One that costs nothing is not counted.
    assert_eq!(desk.counted(EUR), Some((4, 5, None)));
}

#[test]
fn by_lane_agreement_and_who_pays_the_processor() {
    let payee = |country| NewAccount::custom(country).request(Capability::Transfers).recipient();
    let legacy = || free().with_cross_border_era(CrossBorderEra::Recipient);
    let rows = [
        (US, free(), NewAccount::express(DE), EUR, 25),
        (GB, free(), NewAccount::express(DE), EUR, 0),
        (DE, free(), NewAccount::express(GB), GBP, 0),
        (DE, free(), NewAccount::express(Country::FR), EUR, 0),
        (DE, free(), NewAccount::express(US), USD, 25),
        (US, free(), NewAccount::express(US), USD, 0),
        (US, free(), NewAccount::standard(DE).platform_controls(), EUR, 0),
        (US, legacy(), payee(KE), KES, 25),
        (US, free().with_recipient_corridors(true), payee(KE), KES, 25),
        (US, legacy(), payee(US), USD, 0),
    ];
    for (home, book, new, currency, fee) in rows {
        let said = format!("{home} {new:?}");
        let (mut desk, seller) = funded(home, book, new, currency);
        let payout = desk.pay_out(seller, Money::new(100_00, currency));
        let known = desk.platform.payout(payout).unwrap().cross_border_fee();
        assert_eq!((known, desk.counted(currency).is_some()), (Money::new(fee, currency), fee > 0), "{said}");
        desk.sound();
    }
}

#[test]
fn what_is_called_off_costs_nothing_and_what_comes_back_does() {
    let (mut desk, hans) = german();
    let call_off = |desk: &mut Desk, payout| {
        let request = Request::new(desk.key(), Command::CancelPayout(CancelPayout { payout })).acting_as(hans);
        desk.platform.handle(request).unwrap();
    };
    let first = desk.pay_out(hans, eur(1_000_00));
    call_off(&mut desk, first);
    assert_eq!(desk.counted(EUR), Some((0, 0, None)));
    let failed = desk.pay_out(hans, eur(1_000_00));
    let now = desk.platform.now();
    desk.platform.payouts().record_failed("no", now, failed, "could_not_process").unwrap();
    assert_eq!(desk.counted(EUR), Some((1, 2_50, None)));
    // What was billed in one month is given back in the one in which it was called off.
    let bank = desk.platform.account(hans).unwrap().bank_for(EUR).unwrap();
    let again = fundroute::accounts::UpdateExternalAccount::new(bank);
    desk.ask(Command::UpdateExternalAccount(again)).unwrap();
    desk.platform.advance_to(utc(2026, 11, 30).at(12, 0)).unwrap();
    let late = desk.pay_out(hans, eur(2_000_00));
    desk.platform.advance_to(utc(2026, 12, 1)).unwrap();
    assert_eq!(desk.bills(), [eur(-7_50)]);
    call_off(&mut desk, late);
    assert_eq!(desk.counted(EUR), Some((-1, -5_00, None)));
    desk.platform.advance_to(utc(2027, 1, 1)).unwrap();
    assert_eq!(desk.bills(), [eur(-7_50), eur(5_00)]);
    desk.sound();
}

/// What the processor calls off by itself was sent: it stays counted, as what a bank sends back does.
#[test]
fn what_the_processor_calls_off_stays_counted() {
    let (mut desk, hans) = german();
    let payout = desk.pay_out(hans, eur(1_000_00));
    let (before, now) = (desk.holds(hans, EUR), desk.platform.now());
    desk.platform.payouts().record_canceled("off", now, payout).unwrap();
    assert_eq!(desk.holds(hans, EUR), (before.0, before.1 + 1_000_00));
    assert_eq!(desk.counted(EUR), Some((1, 2_50, None)));
    desk.platform.payouts().record_failed("back", now, payout, "account_closed").unwrap();
    assert_eq!((desk.counted(EUR), desk.holds(hans, EUR).1), (Some((1, 2_50, None)), before.1 + 1_000_00));
    desk.sound();
}

/// A payout at the first moment of a month belongs to it; what the schedule makes counts like what is asked for.
#[test]
fn a_month_begins_at_midnight() {
    let (mut desk, hans) = german();
    desk.platform.advance_to(Timestamp::from_micros(utc(2026, 12, 1).micros() - 1).unwrap()).unwrap();
    desk.pay_out(hans, eur(100_00));
    desk.platform.advance_to(utc(2026, 12, 1)).unwrap();
    desk.pay_out(hans, eur(200_00));
    let daily = SetPayoutSchedule { account: hans, schedule: PayoutSchedule::Automatic(Recurrence::Daily) };
    desk.ask(Command::SetPayoutSchedule(daily)).unwrap();
    assert_eq!(desk.counted_at(EUR, utc(2026, 11, 2)), Some((1, 25, Some(eur(25)))));
    assert_eq!(desk.counted(EUR), Some((1, 50, None)));
    let rest = desk.holds(hans, EUR).1;
    desk.wait(3);
    assert_eq!((rest, desk.counted(EUR)), (79_700_00, Some((2, 50 + 199_25, None))));
    desk.sound();
}

/// Whatever it knows, a worker counts and bills the same.
#[test]
fn a_worker_that_knows_a_part_bills_the_same() {
    use fundroute::platform::Identity;

    let (mut desk, hans) = german();
    desk.rate(EUR, USD, "1.1");
    fn in_part<T>(platform: &Platform, at: Timestamp, ask: impl Fn(&Platform) -> Result<T, Error>) -> T {
        let who = Identity { platform: platform.id(), livemode: false };
        let mut worker = Platform::partial(who, platform.rulebook().clone(), at);
        for _ in 0..9 {
            match ask(&worker) {
                Err(Error::NotLoaded(keys)) => worker.load(keys.into_iter().map(|key| platform.look_up(key))),
                came => return came.unwrap(),
            }
        }
        panic!("a worker that asks for ever")
    }
    let ask = Request::new("out", Command::CreatePayout(NewPayout::of(eur(1_000_00)))).acting_as(hans);
    let theirs = in_part(&desk.platform, desk.platform.now(), |worker| worker.decide(&ask)).changes;
    assert_eq!(theirs, desk.platform.handle(ask.clone()).unwrap().changes);
    let bill = *desk.platform.deadlines().find(|deadline| deadline.due == utc(2026, 12, 1)).unwrap();
    desk.platform.advance_to(Timestamp::from_micros(bill.due.micros() - 1).unwrap()).unwrap();
    let theirs = in_part(&desk.platform, bill.due, |worker| worker.decide_due(bill));
    assert!(desk.platform.advance_to(bill.due).unwrap().contains(&theirs));
    assert_eq!(desk.bills(), [usd(-2_75)]);
}

/// Banks in five countries were paid from abroad in euros alone (docs.stripe.com/connect/cross-border-payouts, 2024).
#[test]
fn some_banks_are_paid_from_abroad_in_one_currency_only() {
    let chf = Currency::CHF;
    let payee = NewAccount::custom(Country::CH).request(Capability::Transfers).recipient();
    let mut desk = Desk::open_in(US, rules().with_cross_border_era(CrossBorderEra::Recipient));
    let reto = desk.seller(payee.clone());
    assert_eq!(desk.platform.account(reto).unwrap().default_currency(), EUR);
    let bank = |desk: &Desk, currency| bank_account(desk.platform.rulebook(), reto, Country::CH, currency);
    let before = desk.platform.snapshot();
    let refused = Command::AddExternalAccount(bank(&desk, chf));
    let error = AccountError::BankPaidInOneCurrency { country: Country::CH, only: EUR, currency: chf };
    assert_eq!(desk.ask(refused), Err(error.into()));
    assert_eq!(desk.platform.snapshot(), before);
    let good = Command::AddExternalAccount(bank(&desk, EUR));
    desk.ask(good).unwrap();
    // Under the full agreement they are paid in what they settle in.
    let mut desk = Desk::open();
    let full = desk.seller(NewAccount::express(Country::CH));
    assert_eq!(desk.platform.account(full).unwrap().default_currency(), chf);
}

/// The bill of the month is part of what the clock does with the platform's money, and of what is told of that beforehand.
#[test]
fn the_bill_is_told_beforehand_to_who_pays_it() {
    let (mut desk, hans) = german();
    desk.rate(EUR, USD, "1.1");
    desk.pay_out(hans, eur(40_000_00));
    let house = desk.house;
    let bank = bank_account(desk.platform.rulebook(), house, US, USD);
    desk.ask(Command::AddExternalAccount(bank)).unwrap();
    let daily = SetPayoutSchedule { account: house, schedule: PayoutSchedule::Automatic(Recurrence::Daily) };
    desk.ask(Command::SetPayoutSchedule(daily)).unwrap();
    desk.platform.advance_to(utc(2026, 11, 30).at(12, 0)).unwrap();
    desk.sell(NewPayment::card(usd(500_00)));
    let told: Vec<_> =
        desk.platform.upcoming(house).unwrap().iter().map(|payout| (payout.created(), payout.amount())).collect();
    let fired = desk.platform.advance_to(utc(2026, 12, 31)).unwrap();
    let new = fired.iter().flat_map(|changes| &changes.records).filter(|write| write.read_at == 0);
    let payout =
        |record: &Record| if let Record::Payout(payout) = record { Some(payout.as_ref().clone()) } else { None };
    let made = new.filter_map(|write| payout(&write.record)).filter(|payout| payout.account() == house);
    let made: Vec<_> = made.map(|payout| (payout.created(), payout.amount())).collect();
    assert_eq!(told, made);
    assert_eq!(made.last(), Some(&(utc(2026, 12, 2), usd(375_20))));
}
