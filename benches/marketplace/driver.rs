//! The workload through the crate's own facade.

use fundroute::Platform;
use fundroute::accounts::{CapabilityStatus, NewExternalAccount};
use fundroute::calendar::{BankCalendar, Delay};
use fundroute::ids::{AccountId, PaymentId, PayoutId};
use fundroute::journal::{Changes, Instruction, Outcome as Applied, RequestError};
use fundroute::ledger::LedgerAccount;
use fundroute::money::Currency;
use fundroute::payments::{PaymentError, PaymentInstruction};
use fundroute::payouts::{PayoutError, PayoutInstruction};
use fundroute::prelude::*;
use fundroute::rulebook::{Capability, PayoutLimits, Price, Vetting};

use crate::floor::{Floor, Ident, Owner};
use crate::workload::{
    CURRENCIES, MIN_PAYOUT, Op, Outcome, Reason, Step, Workload, currency_of, request_key, success_key,
};

const HELD: [Currency; CURRENCIES.len()] = [Currency::USD, Currency::EUR, Currency::GBP];

/// A rulebook that says what the workload says: three currencies held as they are, one price, money available the next
/// midnight, every day a business day, no bank debited.
fn rulebook() -> Rulebook {
    let rate: fundroute::money::Rate = "2.9%".parse().expect("a rate");
    let mut book = Rulebook::standard()
        .with_vetting(Vetting::ByHost)
        .with_unbanked_settlement(true)
        .with_settlement_currencies(US, &HELD)
        .and_then(|book| book.with_settlement_delay(US, Some(PaymentMethod::Card), Delay::Calendar(1)))
        .and_then(|book| book.with_calendar(US, BankCalendar::with_weekend([]).expect("a calendar")))
        .expect("rules for a known country");
    for currency in HELD {
        let limits = PayoutLimits::new(MIN_PAYOUT, 1).expect("limits");
        book = book
            .with_price(Price::new(US, PaymentMethod::Card, currency, rate, 30))
            .and_then(|book| book.with_payout_limits(US, currency, limits))
            .expect("rules for a known currency")
            .without_bank_debits(US, currency);
    }
    book
}

/// What the workload says, as a host would say it.
pub(crate) struct Script {
    calls: Vec<(Call, Outcome)>,
    successes: Vec<String>,
}

enum Call {
    Charge { key: String, charge: usize, account: usize, amount: Money, fee: Money },
    Refund { key: String, charge: usize, amount: Money },
    PayoutTooLarge { key: String, account: usize, currency: Currency },
    Night { day: u32 },
}

impl Script {
    /// Spells everything out beforehand, so that it is not timed.
    pub(crate) fn of(workload: &Workload) -> Self {
        let mut currencies = vec![0; workload.params.charges as usize];
        for step in &workload.steps {
            if let Op::Charge { charge, account, .. } = step.op {
                currencies[charge as usize] = currency_of(account);
            }
        }
        let money = |minor, charge: u32| Money::new(minor, HELD[currencies[charge as usize]]);
        let call = |step: &Step| match step.op {
            Op::Charge { request, charge, account, amount, fee } => Call::Charge {
                key: request_key(request),
                charge: charge as usize,
                account: account as usize,
                amount: money(amount, charge),
                fee: money(fee, charge),
            },
            Op::Refund { request, charge, amount } => {
                Call::Refund { key: request_key(request), charge: charge as usize, amount: money(amount, charge) }
            }
            Op::PayoutTooLarge { request, account } => Call::PayoutTooLarge {
                key: request_key(request),
                account: account as usize,
                currency: HELD[currency_of(account)],
            },
            Op::Night { day } => Call::Night { day },
        };
        Self {
            calls: workload.steps.iter().map(|step| (call(step), step.expected)).collect(),
            successes: (0..workload.params.charges).map(success_key).collect(),
        }
    }
}

/// What is done with the changes of each transaction before their buffers are used again.
pub(crate) trait Sink {
    fn take(&mut self, changes: &Changes);
}

/// Nothing.
pub(crate) struct Dropped;

impl Sink for Dropped {
    fn take(&mut self, _: &Changes) {}
}

/// Encoded one after the other, as an event log would hold them.
#[derive(Default)]
pub(crate) struct Encoded {
    pub(crate) bytes: u64,
    pub(crate) count: u64,
    buffer: Vec<u8>,
}

impl Sink for Encoded {
    fn take(&mut self, changes: &Changes) {
        self.buffer.resize(64 << 10, 0);
        let encoded = postcard::to_slice(changes, &mut self.buffer).expect("changes of ordinary size");
        self.bytes += encoded.len() as u64;
        self.count += 1;
    }
}

/// Kept, to be replayed.
#[derive(Default)]
pub(crate) struct Kept(pub(crate) Vec<Changes>);

impl Sink for Kept {
    fn take(&mut self, changes: &Changes) {
        self.0.push(changes.clone());
    }
}

/// A marketplace on the crate.
pub(crate) struct Shop {
    pub(crate) platform: Platform,
    accounts: Vec<AccountId>,
    payments: Vec<Option<PaymentId>>,
    unpaid: Vec<PayoutId>,
    next_success: usize,
    confirmations: u64,
}

impl Shop {
    /// Connects the accounts, each with a bank account in its currency.
    pub(crate) fn open(workload: &Workload) -> Self {
        let start = utc(2026, 11, 2);
        let mut platform = Platform::new(NewPlatform::in_country(US), rulebook(), start).expect("a platform");
        let mut accounts = Vec::new();
        for number in 0..workload.params.accounts {
            let key = format!("account-{number}");
            let id = platform.accounts().create(&key, NewAccount::express(US)).expect("an account").answer;
            for (place, capability) in [Capability::CardPayments, Capability::Transfers].into_iter().enumerate() {
                let review = format!("review-{number}-{place}");
                platform
                    .accounts()
                    .record_reviewed(&review, start, id, capability, CapabilityStatus::Active)
                    .expect("a review");
            }
            let bank = NewExternalAccount::bank(id, US, HELD[currency_of(number)], "000123456789");
            platform.accounts().add_external_account(&format!("bank-{number}"), bank).expect("a bank account");
            accounts.push(id);
        }
        let payments = vec![None; workload.params.charges as usize];
        Self { platform, accounts, payments, unpaid: Vec::new(), next_success: 0, confirmations: 0 }
    }

    /// Plays a whole script; stops at an answer that is not the expected one.
    pub(crate) fn run(&mut self, script: &Script, sink: &mut impl Sink) {
        for (call, expected) in &script.calls {
            let answer = self.call(call, script, sink);
            assert_eq!(answer, *expected);
        }
    }

    /// Plays a whole script and tells the longest that one transaction took, in nanoseconds. Nights, which are many
    /// transactions, are taken one transaction at a time.
    pub(crate) fn worst(&mut self, script: &Script) -> u128 {
        let mut worst = 0;
        for (call, _) in &script.calls {
            if let Call::Night { day } = call {
                worst = worst.max(self.slow_night(*day));
                continue;
            }
            let start = std::time::Instant::now();
            self.call(call, script, &mut Dropped);
            worst = worst.max(start.elapsed().as_nanos());
        }
        worst
    }

    fn call(&mut self, call: &Call, script: &Script, sink: &mut impl Sink) -> Outcome {
        match call {
            Call::Charge { key, charge, account, amount, fee } => {
                let order = NewPayment::card(*amount).destination(self.accounts[*account]).application_fee(*fee);
                match self.platform.payments().create(key, order) {
                    Ok(decided) => {
                        sink.take(&decided.changes);
                        let outcome = decided.outcome;
                        if outcome == Applied::Applied {
                            self.payments[*charge] = Some(decided.answer);
                            self.succeed(&decided.changes, &script.successes, sink);
                        }
                        self.platform.recycle(decided.changes);
                        if outcome == Applied::Applied { Outcome::Accepted } else { Outcome::Replayed }
                    }
                    Err(error) => refusal(&error),
                }
            }
            Call::Refund { key, charge, amount } => {
                let Some(payment) = self.payments[*charge] else { return Outcome::Refused(Reason::Invalid) };
                let back = NewRefund::of(payment).amount(*amount).reverse_transfer().refund_application_fee();
                match self.platform.refunds().create(key, back) {
                    Ok(decided) => {
                        sink.take(&decided.changes);
                        self.platform.recycle(decided.changes);
                        Outcome::Accepted
                    }
                    Err(error) => refusal(&error),
                }
            }
            Call::PayoutTooLarge { key, account, currency } => {
                let account = self.accounts[*account];
                let available = self.platform.balance(account, *currency).expect("a balance").available;
                let asked = i64::try_from(available.max(i128::from(MIN_PAYOUT))).expect("an amount") + 1;
                let mut acting = self.platform.acting_as(account).expect("an account");
                match acting.payouts().create(key, Money::new(asked, *currency)) {
                    Ok(_) => Outcome::Accepted,
                    Err(error) => refusal(&error),
                }
            }
            Call::Night { day } => {
                self.night(*day, sink);
                Outcome::Accepted
            }
        }
    }

    /// The world answers the instruction to charge: the money was taken.
    fn succeed(&mut self, created: &Changes, successes: &[String], sink: &mut impl Sink) {
        let now = self.platform.now();
        for instruction in &created.instructions {
            if let Instruction::Payment(PaymentInstruction::Charge { charge, amount, .. }) = instruction {
                let fact = &successes[self.next_success];
                self.next_success += 1;
                let told = self.platform.payments().record_succeeded(fact, now, *charge, *amount).expect("a success");
                sink.take(&told.changes);
                self.platform.recycle(told.changes);
            }
        }
    }

    fn confirm_payouts(&mut self, day: u32, sink: &mut impl Sink) {
        let midnight = utc(2026, 11, 2).plus_days(i64::from(day) + 1).expect("a day");
        let eve = midnight.checked_add(-hours(1)).expect("an hour before");
        self.platform.advance_with(eve, |_| None).expect("nothing is due before midnight");
        let mut unpaid = std::mem::take(&mut self.unpaid);
        for payout in unpaid.drain(..) {
            self.confirmations += 1;
            let fact = format!("bank-{}", self.confirmations);
            let told = self.platform.payouts().record_paid(&fact, eve, payout).expect("a confirmation");
            sink.take(&told.changes);
            self.platform.recycle(told.changes);
        }
        self.unpaid = unpaid;
    }

    fn night(&mut self, day: u32, sink: &mut impl Sink) {
        self.confirm_payouts(day, sink);
        let midnight = utc(2026, 11, 2).plus_days(i64::from(day) + 1).expect("a day");
        let unpaid = &mut self.unpaid;
        let fired = self.platform.advance_with(midnight, |changes| {
            sink.take(&changes);
            unpaid.extend(sent(&changes));
            Some(changes)
        });
        fired.expect("a night");
    }

    fn slow_night(&mut self, day: u32) -> u128 {
        self.confirm_payouts(day, &mut Dropped);
        let midnight = utc(2026, 11, 2).plus_days(i64::from(day) + 1).expect("a day");
        let (unpaid, mut worst, mut start) = (&mut self.unpaid, 0, std::time::Instant::now());
        let fired = self.platform.advance_with(midnight, |changes| {
            worst = worst.max(start.elapsed().as_nanos());
            unpaid.extend(sent(&changes));
            start = std::time::Instant::now();
            Some(changes)
        });
        fired.expect("a night");
        worst
    }

    /// That the crate and the floor hold the same, account by account. What the platform has set aside for accounts below zero counts
    /// as available: the floor sets nothing aside.
    pub(crate) fn assert_equal<I: Ident, const T: bool, const J: bool>(&self, floor: &Floor<I, T, J>) {
        let ours = |account: AccountId, currency: Currency| {
            let held = self.platform.balance(account, currency).expect("a balance");
            (held.pending, held.available + held.connect_reserved, held.in_transit)
        };
        let theirs = |owner: Owner| {
            let held = floor.holding(owner);
            (i128::from(held.pending), i128::from(held.available), i128::from(held.in_transit))
        };
        for (number, account) in self.accounts.iter().enumerate() {
            let number = u32::try_from(number).expect("an account number");
            assert_eq!(ours(*account, HELD[currency_of(number)]), theirs(Owner::Seller(number)), "account {number}");
        }
        for (place, currency) in HELD.into_iter().enumerate() {
            assert_eq!(ours(self.platform.id(), currency), theirs(Owner::Platform(place)));
            let outside = |account| self.platform.outside(account, currency);
            assert_eq!(outside(LedgerAccount::Payers), i128::from(floor.payers(place)));
            assert_eq!(outside(LedgerAccount::Fees), i128::from(floor.processor_fees(place)));
            assert_eq!(outside(LedgerAccount::Banks), i128::from(floor.banks(place)));
        }
    }

    /// A stretch of balance queries, spread over the accounts; the sum keeps them from being skipped.
    pub(crate) fn query(&self, count: usize) -> i128 {
        let mut sum = 0;
        for number in (0..count).map(|turn| turn.wrapping_mul(7919) % self.accounts.len()) {
            let currency = HELD[currency_of(u32::try_from(number).expect("an account number"))];
            let held = self.platform.balance(self.accounts[number], currency).expect("a balance");
            sum += held.pending + held.available;
        }
        sum
    }

    pub(crate) fn rulebook(&self) -> Rulebook {
        self.platform.rulebook().clone()
    }
}

fn sent(changes: &Changes) -> impl Iterator<Item = PayoutId> + '_ {
    changes.instructions.iter().filter_map(|instruction| match instruction {
        Instruction::Payout(PayoutInstruction::Send { payout, .. }) => Some(*payout),
        _ => None,
    })
}

fn refusal(error: &Error) -> Outcome {
    match error {
        Error::Request(RequestError::KeyReused(_)) => Outcome::Conflict,
        Error::Payment(PaymentError::RefundTooLarge { .. }) => Outcome::Refused(Reason::ExceedsRemaining),
        Error::Payment(PaymentError::InsufficientFunds { .. })
        | Error::Payout(PayoutError::InsufficientFunds { .. }) => Outcome::Refused(Reason::InsufficientFunds),
        _ => Outcome::Refused(Reason::Invalid),
    }
}
