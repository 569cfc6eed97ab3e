//! Money that is converted: every balance, and the processor's position in every currency, is what a second computation gives that knows
//! nothing but the accepted commands and the facts. Each currency sums to zero by itself, a worker that knows a part decides as the whole
//! does, and the order in which the world answers is no matter.

mod books;

use fundroute::ids::{AccountId, ChargeId, ObjectId, PaymentId, RefundId, TransferId};
use fundroute::journal::{Answer, Changes, Fact, Record, Report};
use fundroute::ledger::LedgerAccount;
use fundroute::money::{Currency, Rate};
use fundroute::payments::{
    ChargeSucceeded, DisputeCase, DisputeChange, DisputeChanged, DisputeOpened, DisputeReason, NamedDispute,
    RefundFailed, RefundFailure,
};
use fundroute::payouts::{
    DisableReservePlan, NewReserveHold, NewReservePlan, NewReserveRelease, PayoutSchedule, ReserveCommand, ReserveHold,
    ReserveHoldStatus, SetPayoutSchedule,
};
use fundroute::prelude::*;
use fundroute::routing::{NewApplicationFeeRefund, NewTransferReversal, SetExchangeRate};
use fundroute::rulebook::{Price, Table, Vetting};
use fundroute::simulator::{World, bank_account};
use proptest::prelude::*;
use rust_decimal::Decimal;

use crate::everything::{Draw, by_worker};
use crate::ways::HUNDRED_THOUSANDTHS;
use books::{Books, Order};

const CA: Country = Country::CA;
const CAD: Currency = Currency::CAD;
const COINS: [Currency; 4] = [USD, EUR, GBP, CAD];

/// A platform in the United States with sellers in four countries, one of whom has a bank account for euros in Britain.
struct Scene {
    platform: Platform,
    books: Books,
    sellers: Vec<AccountId>,
    keys: u32,
    /// What the world was asked for and has not answered.
    open: Vec<(ChargeId, Money)>,
    given: Vec<RefundId>,
    disputes: Vec<(PaymentId, String)>,
}

fn rules() -> Rulebook {
    let percent = Rate::from_basis_points(290);
    let prices = [US, CA, DE, GB].into_iter().flat_map(|country| COINS.map(|coin| (country, coin)));
    let mut book = prices.fold(Rulebook::standard().with_vetting(Vetting::ByHost), |book, (country, coin)| {
        book.with_price(Price::new(country, PaymentMethod::Card, coin, percent, 30)).unwrap()
    });
    let flows = "destination destination_on_behalf_of separate separate_on_behalf_of top_up";
    let row = |country| format!("self_serve,US,{country},full,cross_border,0%,{flows},us\n");
    let rows = ["CA", "DE", "GB"].map(row).concat();
    book.read(Table::CrossBorder, &format!("era,platform,account,agreement,lane,fee,flows,source\n{rows}")).unwrap();
    let book = book.with_settlement_across_regions(true);
    [CA, GB].into_iter().fold(book, |book, country| book.with_debit_region(country, "us").unwrap())
}

impl Scene {
    fn open() -> Self {
        let now = utc(2026, 11, 2).at(12, 0);
        let mut platform = Platform::new(NewPlatform::in_country(US), rules(), now).unwrap();
        let (mut world, house) = (World::new(), platform.id());
        let manual =
            |account| Command::SetPayoutSchedule(SetPayoutSchedule { account, schedule: PayoutSchedule::Manual });
        platform.handle(Request::new("by hand", manual(house))).unwrap();
        let mut books = Books::new(house);
        let kinds =
            [NewAccount::express(US), NewAccount::express(CA), NewAccount::standard(DE), NewAccount::express(GB)];
        let mut sellers = Vec::new();
        for (number, (new, home)) in kinds.into_iter().zip([USD, CAD, EUR, GBP]).enumerate() {
            let id = platform.accounts().create(&format!("open-{number}"), new).unwrap().answer;
            world.settle(&mut platform).unwrap();
            books.knows(id, home);
            sellers.push(id);
        }
        let bob = sellers[3];
        let bank = bank_account(platform.rulebook(), bob, DE, EUR);
        let by_hand = Request::new("bob by hand", manual(bob)).acting_as(bob);
        platform.handle(by_hand).unwrap();
        platform.accounts().add_external_account("bank", bank).unwrap();
        books.holds_euros(bob);
        let scene = Self { platform, books, sellers, keys: 0, open: vec![], given: vec![], disputes: vec![] };
        scene.funded()
    }

    /// The platform has dollars, available.
    fn funded(mut self) -> Self {
        let order = NewPayment::card(usd(10_000_00));
        let seller = self.platform.id();
        self.charge(seller, order);
        self.answer();
        self.platform.advance_to(utc(2026, 11, 10)).unwrap();
        self
    }

    fn key(&mut self) -> String {
        self.keys += 1;
        format!("key-{}", self.keys)
    }

    /// Asks, as a worker that knows a part would have it; what is refused leaves no trace.
    fn ask(&mut self, on: Option<AccountId>, command: Command) -> Option<(Answer, Changes)> {
        let request = Request::new(self.key(), command);
        let request = if let Some(account) = on { request.acting_as(account) } else { request };
        let whole = self.platform.decide(&request);
        let part = by_worker(&self.platform, self.platform.now(), |worker| worker.decide(&request));
        assert_eq!(part, whole, "{request:?}");
        let before = whole.is_err().then(|| self.platform.snapshot());
        let came = self.platform.handle(request).ok().map(|decided| (decided.answer, decided.changes));
        if let Some(before) = before {
            assert_eq!(before, self.platform.snapshot());
        }
        came
    }

    fn tell(&mut self, fact: Fact) {
        let report = Report::new(self.key(), self.platform.now(), fact);
        let part = by_worker(&self.platform, self.platform.now(), |worker| worker.decide_fact(&report));
        assert_eq!(part, self.platform.decide_fact(&report), "{report:?}");
        let changes = self.platform.record(&report).unwrap().changes;
        self.booked(&changes);
    }

    /// Refunds that were booked, at once or in their turn.
    fn booked(&mut self, changes: &Changes) {
        for write in &changes.records {
            if let Record::Refund(refund) = &write.record
                && refund.booked_at() == Some(changes.at)
                && self.books.refund_booked(refund.id())
            {
                self.given.push(refund.id());
            }
        }
    }

    fn charge(&mut self, owner: AccountId, order: NewPayment) {
        let on = Some(owner).filter(|owner| *owner != self.platform.id());
        let Some((Answer::Payment(id), _)) = self.ask(on, Command::CreatePayment(order.clone())) else { return };
        let charge = self.platform.charge_of(id).unwrap().id();
        self.books.ordered(id, Order::of(owner, &order));
        self.open.push((charge, order.amount));
    }

    /// The world answers everything, in one order and in the other.
    fn answer(&mut self) {
        let open = std::mem::take(&mut self.open);
        let (mut reversed, now) = (self.platform.clone(), self.platform.now());
        for (charge, amount) in open.iter().rev() {
            reversed.payments().record_succeeded(&format!("paid-{charge}"), now, *charge, *amount).unwrap();
        }
        for (charge, amount) in open {
            let id = format!("paid-{charge}");
            let fact = Fact::ChargeSucceeded(ChargeSucceeded::of(charge, amount));
            let report = Report::new(id, self.platform.now(), fact);
            self.platform.record(&report).unwrap();
            self.books.paid(self.platform.charge(charge).unwrap().payment());
        }
        assert_eq!(crate::everything::difference(&self.platform, &reversed), None);
    }

    fn some_sale(&self, draw: &mut Draw) -> Option<PaymentId> {
        draw.one_of(&self.books.sales())
    }

    fn step(&mut self, draw: &mut Draw) {
        let coin = draw.one_of(&COINS).unwrap();
        let seller = draw.one_of(&self.sellers).unwrap();
        let minor = |draw: &mut Draw, most: usize| i64::try_from(1 + draw.below(most)).unwrap();
        match draw.below(17) {
            0 | 1 => self.quote(coin, draw),
            2..=4 => self.sell(seller, coin, draw),
            5 => self.answer(),
            6 => {
                let amount = Money::new(minor(draw, 900), coin);
                self.transfer(&NewTransfer::to(seller, amount));
            }
            7 => {
                let Some(sale) = self.some_sale(draw) else { return };
                let coin = self.platform.charge_of(sale).unwrap().settlement_currency();
                self.transfer(&NewTransfer::to(seller, Money::new(minor(draw, 5_000), coin)).from_payment(sale));
            }
            8 => {
                let Some((transfer, coin)) = draw.one_of(&self.books.transfers()) else { return };
                let amount = Money::new(minor(draw, 2_000), coin);
                let command = Command::ReverseTransfer(NewTransferReversal::of(transfer).amount(amount));
                if self.ask(self.books.debited(transfer), command).is_some() {
                    self.books.reversed(transfer, amount.minor().into());
                }
            }
            9 | 10 => self.refund(draw),
            11 => self.refund_fee(draw),
            12 => self.trouble(draw),
            13 | 14 => self.reserve(seller, coin, draw),
            15 => self.debit(seller, minor(draw, 900)),
            _ => {
                let days = i64::try_from(draw.below(4)).unwrap();
                let until = self.platform.now().plus_days(days).unwrap();
                for changes in self.platform.advance_to(until).unwrap() {
                    self.booked(&changes);
                }
            }
        }
    }

    fn quote(&mut self, from: Currency, draw: &mut Draw) {
        let to = draw.one_of(&COINS).unwrap();
        let parts = i64::try_from(40_000 + draw.below(200_000)).unwrap();
        let mid = Decimal::new(parts, HUNDRED_THOUSANDTHS).to_string().parse().unwrap();
        if self.ask(None, Command::SetExchangeRate(SetExchangeRate::new(from, to, mid))).is_some() {
            self.books.quoted((from, to), parts.into());
        }
    }

    fn sell(&mut self, seller: AccountId, coin: Currency, draw: &mut Draw) {
        let amount = i64::try_from(100 + draw.below(20_000)).unwrap();
        let part = Money::new(i64::try_from(1 + draw.below(100)).unwrap(), coin);
        let order = NewPayment::card(Money::new(amount, coin));
        let house = self.platform.id();
        let (owner, order) = match draw.below(5) {
            0 => (seller, order),
            1 => (house, order),
            2 => (house, order.on_behalf_of(seller)),
            3 => (house, order.destination(seller)),
            _ => (house, order.destination(seller).on_behalf_of(seller)),
        };
        let order = match draw.below(3) {
            0 if owner != house || order.destination.is_some() => order.application_fee(part),
            1 if order.destination.is_some() => order.transfer_amount(Money::new(part.minor() * 2, coin)),
            _ => order,
        };
        self.charge(owner, order);
    }

    fn transfer(&mut self, transfer: &NewTransfer) {
        let came = self.ask(None, Command::CreateTransfer(transfer.clone()));
        if let Some((Answer::Transfer(id), _)) = came {
            self.books.sent(id, self.platform.id(), transfer);
        }
    }

    /// The platform takes something of what a seller has, in the seller's own currency.
    fn debit(&mut self, seller: AccountId, minor: i64) {
        let home = self.platform.account(seller).unwrap().default_currency();
        let debit = NewTransfer::to(self.platform.id(), Money::new(minor, home));
        let came = self.ask(Some(seller), Command::CreateTransfer(debit.clone()));
        if let Some((Answer::Transfer(id), _)) = came {
            self.books.sent(id, seller, &debit);
        }
    }

    /// A part of what a seller is paid is held back, or let go.
    fn reserve(&mut self, seller: AccountId, coin: Currency, draw: &mut Draw) {
        let plans = |record: &Record| if let Record::ReservePlan(plan) = record { Some(plan.id()) } else { None };
        let holds = |record: &Record| if let Record::ReserveHold(hold) = record { Some(hold.id()) } else { None };
        let plans: Vec<_> = self.platform.records().filter_map(plans).collect();
        let holds: Vec<_> = self.platform.records().filter_map(holds).collect();
        let command = match draw.below(6) {
            0..=2 => {
                let percent = Rate::from_basis_points(u32::try_from(100 + draw.below(60_00)).unwrap());
                let plan = NewReservePlan::rolling(seller, percent, u16::try_from(1 + draw.below(20)).unwrap());
                ReserveCommand::CreatePlan(if draw.toss() { plan.in_currency(coin) } else { plan })
            }
            3 => {
                let Some(plan) = draw.one_of(&plans) else { return };
                ReserveCommand::DisablePlan(DisableReservePlan { plan })
            }
            4 => {
                let amount = Money::new(i64::try_from(1 + draw.below(2_000)).unwrap(), coin);
                ReserveCommand::Hold(NewReserveHold::of(seller, amount))
            }
            _ => {
                let Some(hold) = draw.one_of(&holds) else { return };
                ReserveCommand::Release(NewReserveRelease::of(hold))
            }
        };
        let _refused = self.ask(None, Command::Reserve(command));
    }

    /// Whether what is held back was converted on its way.
    fn is_converted(&self, hold: &ReserveHold) -> bool {
        match hold.source() {
            Some(ObjectId::Charge(id)) => self.platform.charge(id).unwrap().conversion().is_some(),
            Some(ObjectId::Transfer(id)) => self.platform.transfer(id).unwrap().conversion().is_some(),
            _ => false,
        }
    }

    fn refund(&mut self, draw: &mut Draw) {
        let Some(sale) = self.some_sale(draw) else { return };
        let (order, left) = self.books.left(sale);
        let amount = if draw.toss() { left } else { i64::try_from(1 + draw.below(5_000)).unwrap() };
        let mut refund = NewRefund::of(sale).amount(Money::new(amount, order.coin));
        let (pulls, returns) = (draw.toss(), draw.toss());
        if order.recipient.is_some() {
            refund = if pulls { refund.reverse_transfer() } else { refund.keep_transfer() };
        }
        if order.fee > 0 {
            refund = if returns { refund.refund_application_fee() } else { refund.keep_application_fee() };
        }
        let on = Some(order.owner).filter(|owner| *owner != self.platform.id());
        let came = self.ask(on, Command::CreateRefund(refund));
        if let Some((Answer::Refund(id), changes)) = came {
            let takes = (pulls && order.recipient.is_some(), returns && order.fee > 0);
            self.books.refund_asked(id, sale, (amount.into(), takes));
            self.booked(&changes);
        }
    }

    fn refund_fee(&mut self, draw: &mut Draw) {
        let Some(sale) = self.some_sale(draw) else { return };
        let Some(fee) = self.platform.charge_of(sale).unwrap().application_fee() else { return };
        let amount = Money::new(i64::try_from(1 + draw.below(50)).unwrap(), self.books.left(sale).0.coin);
        let command = Command::RefundApplicationFee(NewApplicationFeeRefund::of(fee).amount(amount));
        if self.ask(None, command).is_some() {
            self.books.fee_returned(sale, amount.minor().into());
        }
    }

    /// A refund comes back, a sale is disputed, or a dispute ends.
    fn trouble(&mut self, draw: &mut Draw) {
        if let Some(refund) = draw.one_of(&self.given).filter(|_| draw.toss()) {
            self.given.retain(|known| *known != refund);
            self.books.refund_failed(refund);
            return self.tell(Fact::RefundFailed(RefundFailed { refund, reason: RefundFailure::Unknown }));
        }
        if draw.toss() && !self.disputes.is_empty() {
            let (sale, reference) = self.disputes.remove(draw.below(self.disputes.len()));
            let is_won = draw.toss();
            self.books.dispute_over(sale, is_won);
            let change = if is_won { DisputeChange::Won } else { DisputeChange::Lost };
            return self
                .tell(Fact::DisputeChanged(DisputeChanged { dispute: NamedDispute::Reference(reference), change }));
        }
        let Some(sale) = self.some_sale(draw).filter(|sale| !self.books.is_disputed(*sale)) else { return };
        let charge = self.platform.charge_of(sale).unwrap();
        let told = Money::new(i64::try_from(1 + draw.below(30_000)).unwrap(), charge.settlement_currency());
        let settled = charge.conversion().and(draw.toss().then_some(told));
        let (reference, amount) = (format!("du_{sale}"), charge.amount());
        self.books.disputed(sale, settled);
        let fact = DisputeOpened {
            charge: charge.id().into(),
            reference: reference.clone(),
            amount,
            reason: DisputeReason::General,
            case: DisputeCase::Chargeback,
            network: None,
            respond_by: Some(utc(2030, 1, 1)),
            settled,
        };
        self.disputes.push((sale, reference.clone()));
        let withdrawn = DisputeChange::FundsWithdrawn;
        self.tell(Fact::DisputeOpened(fact));
        self.tell(Fact::DisputeChanged(DisputeChanged {
            dispute: NamedDispute::Reference(reference),
            change: withdrawn,
        }));
    }

    /// Every balance and every position is what the books come to, and every currency sums to zero.
    fn check(&self) {
        for coin in COINS {
            for account in self.sellers.iter().copied().chain([self.platform.id()]) {
                let held = self.platform.balance(account, coin).unwrap().total();
                assert_eq!(held, self.books.held(account, coin), "{account} in {coin}");
            }
            let told = [LedgerAccount::Payers, LedgerAccount::Fees, LedgerAccount::Disputes, LedgerAccount::Exchange];
            let told = told.map(|account| self.platform.outside(account, coin));
            assert_eq!(told, self.books.outside(coin), "payers, fees, disputes and exchange in {coin}");
        }
        assert!(self.platform.trial_balances().iter().all(fundroute::journal::TrialBalance::balances));
        assert_eq!(self.platform.audit(), []);
    }

    /// Every currency of every entry sums to zero by itself.
    fn every_entry_balances(&self) {
        for entry in self.platform.entries() {
            let mut sums = std::collections::BTreeMap::<Currency, i128>::new();
            entry.movements().for_each(|(_, coin, amount)| *sums.entry(coin).or_default() += amount);
            assert!(sums.values().all(|sum| *sum == 0), "{entry:?}");
        }
    }
}

proptest! {
    #![proptest_config(crate::cases(40))]

    #[test]
    fn every_balance_and_every_position_is_what_a_second_computation_gives(
        steps in proptest::collection::vec(any::<u64>(), 10..150),
    ) {
        let mut scene = Scene::open();
        for (number, step) in steps.into_iter().enumerate() {
            scene.step(&mut Draw::of(step));
            if number % 8 == 0 {
                scene.check();
            }
        }
        scene.answer();
        scene.check();
        scene.every_entry_balances();
        let restored = Platform::restore(rules(), scene.platform.snapshot(), scene.platform.now());
        prop_assert_eq!(restored.snapshot(), scene.platform.snapshot());
    }
}

/// The stories reach what they are about: otherwise they would prove nothing.
#[test]
fn the_stories_reach_every_conversion() {
    let mut reached = std::collections::BTreeMap::<&str, usize>::new();
    for seed in 0..110_u64 {
        let (mut scene, mut dice) = (Scene::open(), Draw::of(seed));
        for _ in 0..120 {
            let step = dice.below(usize::MAX);
            scene.step(&mut Draw::of(u64::try_from(step).unwrap()));
        }
        scene.answer();
        for record in scene.platform.records() {
            let what = match record {
                Record::Charge(charge) if charge.conversion().is_some() => "charge",
                Record::Transfer(transfer) if transfer.conversion().is_some() => {
                    if transfer.debited().is_some() {
                        "debit"
                    } else {
                        "transfer"
                    }
                }
                Record::TransferReversal(reversal) if reversal.conversion().is_some() => "reversal",
                Record::ApplicationFee(fee) if fee.conversion_received().is_some() => "commission of the platform",
                Record::ApplicationFee(fee) if fee.conversion_paid().is_some() => "commission of an account",
                Record::ApplicationFeeRefund(refund) if refund.conversion_paid().is_some() => "commission returned",
                Record::Dispute(dispute) if dispute.conversion().is_some() => "dispute",
                Record::Refund(refund) if refund.conversion().is_some() && refund.is_over() => "refund that failed",
                Record::Refund(refund) if refund.conversion().is_some() => "refund",
                Record::Refund(refund) if refund.is_waiting() => "refund that waits",
                Record::ReserveHold(hold) if scene.is_converted(hold) => match hold.status() {
                    ReserveHoldStatus::Consumed => "hold that was claimed",
                    ReserveHoldStatus::Held => "hold",
                    ReserveHoldStatus::PartlyReleased | ReserveHoldStatus::Released => "hold that was let go",
                },
                _ => continue,
            };
            *reached.entry(what).or_default() += 1;
        }
    }
    assert!(reached.len() == 14 && reached.values().all(|count| *count > 3), "{reached:?}");
}
