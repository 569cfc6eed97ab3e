//! A provider: a platform that makes everything by itself, and tells of each of its objects in words of its own.

use fundroute::ids::{AccountId, ChargeId, ObjectId, TransferId};
use fundroute::journal::{Fact, Report};
use fundroute::ledger::{Entry, EntryKind, FeeKind, Line, LineKind};
use fundroute::mirror::{
    NamedAccount, PayoutFate, ProviderAccount, ProviderCharge, ProviderFact, ProviderFee, ProviderFeeRefund,
    ProviderLine, ProviderLineKind, ProviderPayout, ProviderPayoutNews, ProviderRefund, ProviderRefundFailed,
    ProviderReversal, ProviderTransfer,
};
use fundroute::payments::{Flow, Named, RefundFailure};
use fundroute::payouts::{NewPayout, PayoutSchedule, PayoutTrigger};
use fundroute::prelude::*;
use fundroute::routing::{NewApplicationFeeRefund, NewTransferReversal};
use fundroute::rulebook::Vetting;
use fundroute::simulator::{World, bank_account};

pub(super) const SELLERS: [[u8; 14]; 3] = [[1; 14], [2; 14], [3; 14]];

/// What somebody does at the provider.
#[derive(Clone, Debug)]
pub(super) enum Deed {
    Sale { seller: usize, way: u8, amount: i64, fee: i64, by_card: bool },
    Refund { pick: usize, part: i64, reverse: bool, fee: bool },
    RefundFails { pick: usize },
    Transfer { seller: usize, part: i64, tied: Option<usize> },
    Reverse { pick: usize, part: i64 },
    FeeBack { pick: usize, part: i64 },
    Payout { who: usize, part: i64 },
    PayoutNews { pick: usize, fate: u8 },
    Wait { hours: i64 },
}

pub(super) fn book() -> Rulebook {
    Rulebook::standard().with_vetting(Vetting::ByHost)
}

pub(super) fn sellers() -> [NewAccount; 3] {
    let [jo, bo, mo] = SELLERS.map(AccountId::from_host);
    let custom = NewAccount::custom(US)
        .request(fundroute::rulebook::Capability::CardPayments)
        .request(fundroute::rulebook::Capability::Transfers);
    [
        NewAccount { id: Some(jo), ..NewAccount::express(US) },
        NewAccount { id: Some(bo), ..NewAccount::standard(US) },
        NewAccount { id: Some(mo), ..custom },
    ]
}

/// A platform that makes everything by itself.
pub(super) struct Provider {
    pub(super) platform: Platform,
    world: World,
    told: usize,
    count: u64,
}

impl Provider {
    pub(super) fn open() -> Self {
        let new = NewPlatform::in_country(US).named("provider");
        // A debit of a bank is nothing that can be told yet.
        let book = book().without_bank_debits(US, USD);
        let mut platform = Platform::new(new, book, utc(2026, 11, 2).at(9, 0)).unwrap();
        let mut world = World::new();
        for account in sellers() {
            world.onboard(&mut platform, account).unwrap();
        }
        let bank = bank_account(platform.rulebook(), platform.id(), US, USD);
        platform.accounts().add_external_account("bank", bank).unwrap();
        let by_hand = AccountId::from_host(SELLERS[0]);
        platform.payouts().set_schedule("by hand", by_hand, PayoutSchedule::Manual).unwrap();
        Self { platform, world, told: 0, count: 0 }
    }

    fn key(&mut self) -> String {
        self.count += 1;
        format!("deed-{}", self.count)
    }

    fn picked<T>(&self, pick: usize, of: impl Fn(ObjectId) -> Option<T>) -> Option<T> {
        let mut known: Vec<T> = self.platform.records().filter_map(|record| of(record.id())).collect();
        (!known.is_empty()).then(|| known.swap_remove(pick % known.len()))
    }

    /// Does it, unless the provider refuses.
    pub(super) fn act(&mut self, deed: &Deed) -> Option<()> {
        let key = self.key();
        match *deed {
            Deed::Sale { seller, way, amount, fee, by_card } => {
                let method = if by_card { PaymentMethod::Card } else { PaymentMethod::Cashapp };
                self.sell(&key, (AccountId::from_host(SELLERS[seller]), way), NewPayment::by(method, usd(amount)), fee)
            }
            Deed::Refund { pick, part, reverse, fee } => {
                let payment = self.picked(pick, |id| if let ObjectId::Payment(id) = id { Some(id) } else { None })?;
                let mut refund = NewRefund::of(payment);
                if part < 100 {
                    let whole = self.platform.payment(payment).ok()?.amount().minor();
                    refund = refund.amount(usd((whole * part / 100).max(1)));
                }
                refund = if reverse { refund.reverse_transfer() } else { refund };
                self.give_back(&key, if fee { refund.refund_application_fee() } else { refund })
            }
            Deed::RefundFails { pick } => {
                let refund = self.picked(pick, |id| if let ObjectId::Refund(id) = id { Some(id) } else { None })?;
                let (now, reason) = (self.platform.now(), RefundFailure::ExpiredOrCanceledCard);
                self.platform.refunds().record_failed(&key, now, refund, reason).ok().map(drop)
            }
            Deed::Transfer { seller, part, tied } => {
                let has = self.platform.balance(self.platform.id(), USD).ok()?.available;
                let (mut whole, mut source) = (i64::try_from(has).ok()?, None);
                if let Some(pick) = tied {
                    let charge = self.picked(pick, |id| if let ObjectId::Charge(id) = id { Some(id) } else { None })?;
                    let charge = self.platform.charge(charge).ok()?;
                    (whole, source) = (charge.amount().minor(), Some(charge.payment()));
                }
                let to = AccountId::from_host(SELLERS[seller]);
                let transfer = NewTransfer { source, ..NewTransfer::to(to, usd(whole * part / 100)) };
                self.platform.transfers().create(&key, transfer).ok().map(drop)
            }
            Deed::Reverse { pick, part } => {
                let transfer = self.picked(pick, |id| if let ObjectId::Transfer(id) = id { Some(id) } else { None })?;
                let part = usd(self.platform.transfer(transfer).ok()?.amount().minor() * part / 100);
                let part = NewTransferReversal::of(transfer).amount(part);
                self.platform.transfers().reverse_part(&key, part).ok().map(drop)
            }
            Deed::FeeBack { pick, part } => {
                let fee =
                    self.picked(pick, |id| if let ObjectId::ApplicationFee(id) = id { Some(id) } else { None })?;
                let part = usd(self.platform.application_fee(fee).ok()?.amount().minor() * part / 100);
                let part = NewApplicationFeeRefund::of(fee).amount(part);
                self.platform.transfers().refund_fee_part(&key, part).ok().map(drop)
            }
            Deed::Payout { who, part } => self.pay_out(&key, who, part),
            Deed::PayoutNews { pick, fate } => self.payout_news(&key, pick, fate),
            Deed::Wait { hours } => self.world.advance(&mut self.platform, fundroute::prelude::hours(hours)).ok(),
        }
    }

    fn sell(&mut self, key: &str, (seller, way): (AccountId, u8), sale: NewPayment, fee: i64) -> Option<()> {
        let fee = usd(fee.min(sale.amount.minor()));
        match way {
            0 => self.platform.payments().create(key, sale).ok()?,
            1 => self.platform.payments().create(key, sale.destination(seller)).ok()?,
            2 => self.platform.payments().create(key, sale.destination(seller).application_fee(fee)).ok()?,
            3 => self.platform.acting_as(seller).ok()?.payments().create(key, sale).ok()?,
            _ => self.platform.acting_as(seller).ok()?.payments().create(key, sale.application_fee(fee)).ok()?,
        };
        self.world.settle(&mut self.platform).ok()
    }

    fn give_back(&mut self, key: &str, refund: NewRefund) -> Option<()> {
        let flow = *self.platform.payment(refund.payment).ok()?.flow();
        match flow {
            Flow::Direct { account, .. } => {
                self.platform.acting_as(account).ok()?.refunds().create(key, refund).ok().map(drop)
            }
            Flow::Destination { .. } | Flow::Separate => self.platform.refunds().create(key, refund).ok().map(drop),
        }
    }

    fn pay_out(&mut self, key: &str, who: usize, part: i64) -> Option<()> {
        let account = SELLERS.get(who).map(|bytes| AccountId::from_host(*bytes));
        let id = account.unwrap_or(self.platform.id());
        let has = i64::try_from(self.platform.balance(id, USD).ok()?.available).ok()?;
        let payout = NewPayout::of(usd(has * part / 100));
        match account {
            Some(account) => self.platform.acting_as(account).ok()?.payouts().request(key, payout).ok().map(drop),
            None => self.platform.payouts().request(key, payout).ok().map(drop),
        }
    }

    fn payout_news(&mut self, key: &str, pick: usize, fate: u8) -> Option<()> {
        let payout = self.picked(pick, |id| if let ObjectId::Payout(id) = id { Some(id) } else { None })?;
        let (account, now) = (self.platform.payout(payout).ok()?.account(), self.platform.now());
        match fate {
            0 => self.platform.payouts().record_paid(key, now, payout).ok().map(drop),
            1 => self.platform.payouts().record_failed(key, now, payout, "could_not_process").ok().map(drop),
            _ if account == self.platform.id() => self.platform.payouts().cancel(key, payout).ok().map(drop),
            _ => self.platform.acting_as(account).ok()?.payouts().cancel(key, payout).ok().map(drop),
        }
    }

    /// What has happened since it was asked last, as facts about the objects of the provider; `us` is the platform that follows.
    pub(super) fn tell(&mut self, us: AccountId) -> Vec<Report> {
        let entries = self.platform.snapshot().entries;
        let mut facts = Vec::new();
        for entry in entries.iter().skip(self.told) {
            let mut told = Teller { platform: &self.platform, us, facts: Vec::new() };
            told.entry(entry);
            facts.extend(told.facts.into_iter().map(|fact| (entry.at(), fact)));
        }
        let first = self.told;
        self.told = entries.len();
        let report = |(place, (at, fact)): (usize, (Timestamp, ProviderFact))| {
            Report::new(format!("evt-{first}-{place}"), at, Fact::Provider(Box::new(fact)))
        };
        facts.into_iter().enumerate().map(report).collect()
    }
}

/// The provider's name for an object: nothing that the crate could have made.
pub(super) fn foreign(object: impl Into<ObjectId>) -> String {
    object.into().to_string().chars().rev().collect()
}

struct Teller<'a> {
    platform: &'a Platform,
    us: AccountId,
    facts: Vec<ProviderFact>,
}

impl Teller<'_> {
    fn say(&mut self, fact: impl Into<ProviderFact>) {
        self.facts.push(fact.into());
    }

    /// One account is known by the provider's name for it, the others by their ids.
    fn whose(&self, account: AccountId) -> NamedAccount {
        if account == self.platform.id() {
            self.us.into()
        } else if account == AccountId::from_host(SELLERS[2]) {
            foreign(account).as_str().into()
        } else {
            account.into()
        }
    }

    fn entry(&mut self, entry: &Entry) {
        match (entry.kind(), entry.cause()) {
            // These follow from the rest.
            (EntryKind::Settlement | EntryKind::ConnectReserve, _) => {}
            (EntryKind::Payout, ObjectId::Payout(id)) => {
                let payout = self.platform.payout(id).unwrap();
                let automatic = matches!(payout.trigger(), PayoutTrigger::Automatic(_));
                self.say(ProviderPayout {
                    reference: foreign(id),
                    account: self.whose(payout.account()),
                    amount: payout.amount(),
                    arrival_date: payout.arrival_date(),
                    automatic,
                    destination: None,
                });
            }
            (EntryKind::PayoutPaid, ObjectId::Payout(id)) => self.fate(foreign(id), PayoutFate::Paid),
            (EntryKind::PayoutCanceled, ObjectId::Payout(id)) => self.fate(foreign(id), PayoutFate::Canceled),
            (EntryKind::PayoutFailed, ObjectId::Payout(id)) => {
                self.fate(foreign(id), PayoutFate::Failed { failure_code: "could_not_process".to_owned() });
            }
            (EntryKind::RefundReturned, ObjectId::Refund(id)) => {
                self.say(ProviderRefundFailed { refund: foreign(id), reason: RefundFailure::ExpiredOrCanceledCard });
            }
            (
                EntryKind::Charge
                | EntryKind::Refund
                | EntryKind::Transfer
                | EntryKind::TransferReversal
                | EntryKind::ApplicationFeeRefund,
                _,
            ) => self.lines(entry),
            (other, cause) => panic!("no fact tells of {other:?} by {cause}"),
        }
    }

    fn fate(&mut self, payout: String, fate: PayoutFate) {
        self.say(ProviderPayoutNews { payout, fate });
    }

    fn lines(&mut self, entry: &Entry) {
        let of = |source: ObjectId, kinds: &[LineKind]| {
            entry.lines().iter().find(|line| line.source() == source && kinds.contains(&line.kind())).copied()
        };
        for line in entry.lines() {
            let (id, amount, on) = (line.source(), usd(line.amount()), line.available_on());
            match (id, line.kind()) {
                (_, LineKind::ProcessorFee) => self.say(ProviderLine {
                    reference: format!("nxt_{}", foreign(id)),
                    account: self.whose(line.owner()),
                    kind: ProviderLineKind::Fee,
                    amount,
                    available_on: on,
                }),
                (ObjectId::Charge(id), _) => self.charge(id, line),
                (ObjectId::Transfer(id), LineKind::Transfer) => {
                    let received = of(id.into(), &[LineKind::Payment]).unwrap();
                    self.transfer(id, (line, &received));
                }
                (ObjectId::ApplicationFee(id), _) => {
                    let fee = self.platform.application_fee(id).unwrap();
                    let takes = |line: &&Line| line.fees().any(|fee| fee.kind == FeeKind::ApplicationFee);
                    self.say(ProviderFee {
                        reference: foreign(id),
                        charge: Named::Reference(foreign(fee.charge().unwrap())),
                        account: self.whose(fee.account()),
                        amount,
                        paid_on: entry.lines().iter().find(takes).unwrap().available_on(),
                        received_on: on,
                    });
                }
                (ObjectId::Refund(id), _) => {
                    let charge = self.platform.refund(id).unwrap().charge();
                    self.say(ProviderRefund {
                        reference: foreign(id),
                        charge: Named::Reference(foreign(charge)),
                        amount: usd(-line.amount()),
                        fee_returned: -i64::try_from(line.fee()).unwrap(),
                        available_on: on,
                    });
                }
                (ObjectId::TransferReversal(id), LineKind::TransferRefund) => {
                    let reversal = self.platform.transfer_reversal(id).unwrap();
                    self.say(ProviderReversal {
                        reference: foreign(id),
                        transfer: foreign(reversal.transfer()),
                        amount,
                        taken_on: of(id.into(), &[LineKind::PaymentRefund]).unwrap().available_on(),
                        returned_on: on,
                    });
                }
                (ObjectId::ApplicationFeeRefund(id), _) if line.amount() < 0 => {
                    let refund = self.platform.application_fee_refund(id).unwrap();
                    let back = entry.lines().iter().find(|back| back.source() == id.into() && back.amount() > 0);
                    self.say(ProviderFeeRefund {
                        reference: foreign(id),
                        fee: foreign(refund.fee()),
                        amount: usd(-line.amount()),
                        given_on: on,
                        returned_on: back.unwrap().available_on(),
                    });
                }
                // The other side of what is told already.
                (ObjectId::Transfer(_) | ObjectId::TransferReversal(_) | ObjectId::ApplicationFeeRefund(_), _) => {}
                (other, kind) => panic!("no fact tells of {kind:?} by {other}"),
            }
        }
    }

    fn transfer(&mut self, id: TransferId, (sent, received): (&Line, &Line)) {
        let transfer = self.platform.transfer(id).unwrap();
        self.say(ProviderTransfer {
            reference: foreign(id),
            destination: self.whose(transfer.destination()),
            charge: transfer.source().map(|charge| Named::Reference(foreign(charge))),
            amount: usd(-sent.amount()),
            sent_on: sent.available_on(),
            received_on: received.available_on(),
        });
    }

    fn charge(&mut self, id: ChargeId, line: &Line) {
        let charge = self.platform.charge(id).unwrap();
        let fee = line.fees().find(|fee| fee.kind == FeeKind::ProcessorFee).map_or(0, |fee| fee.amount);
        let told = ProviderCharge::new(foreign(id), self.whose(line.owner()), usd(line.amount()), line.available_on())
            .by(charge.method())
            .fee(fee);
        match self.platform.payment(charge.payment()).unwrap().flow() {
            Flow::Destination { account, .. } => self.say(told.destination(self.whose(*account))),
            Flow::Direct { .. } | Flow::Separate => self.say(told),
        }
    }
}

/// The facts that name the seller whom facts know by the provider's name.
pub(super) fn introduction() -> ProviderFact {
    let account = AccountId::from_host(SELLERS[2]);
    ProviderAccount { account, reference: foreign(account) }.into()
}
