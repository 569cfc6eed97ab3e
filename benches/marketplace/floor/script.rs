//! The workload as a host hands it over: outside names only.

use crate::workload::{Op, Outcome, Step, Workload, currency_of, request_key};

use super::{Floor, Ident, Instruction, Text};

/// An operation by outside names.
enum Call<I> {
    Charge { request: Text, charge: I, account: I, currency: usize, amount: i64, fee: i64 },
    Refund { request: Text, charge: I, amount: i64 },
    PayoutTooLarge { request: Text, account: I, currency: usize },
    Night { day: u32 },
}

/// The calls with their expected answers, and the names of the facts that charges succeeded, in order.
pub(crate) struct Script<I> {
    calls: Vec<(Call<I>, Outcome)>,
    successes: Vec<I>,
}

impl<I: Ident> Script<I> {
    /// Names everything in a workload.
    pub(crate) fn of(workload: &Workload) -> Self {
        let named = |step: &Step| (Call::of(step.op), step.expected);
        Self {
            calls: workload.steps.iter().map(named).collect(),
            successes: (0..workload.params.charges).map(I::success).collect(),
        }
    }
}

impl<I: Ident> Call<I> {
    fn of(op: Op) -> Self {
        let key = |request| Text::new(&request_key(request));
        match op {
            Op::Charge { request, charge, account, amount, fee } => Self::Charge {
                request: key(request),
                charge: I::charge(charge),
                account: I::account(account),
                currency: currency_of(account),
                amount,
                fee,
            },
            Op::Refund { request, charge, amount } => {
                Self::Refund { request: key(request), charge: I::charge(charge), amount }
            }
            Op::PayoutTooLarge { request, account } => Self::PayoutTooLarge {
                request: key(request),
                account: I::account(account),
                currency: currency_of(account),
            },
            Op::Night { day } => Self::Night { day },
        }
    }
}

impl<I: Ident, const TWO_STEPS: bool, const JOURNAL: bool> Floor<I, TWO_STEPS, JOURNAL> {
    /// Plays a whole script.
    ///
    /// # Panics
    ///
    /// When an answer is not the expected one.
    pub(crate) fn run(&mut self, script: &Script<I>) {
        self.play(script, |_, answer, expected| assert_eq!(answer, expected));
    }

    fn play(&mut self, script: &Script<I>, mut heard: impl FnMut(usize, Outcome, Outcome)) {
        let mut facts = script.successes.iter();
        for (place, (call, expected)) in script.calls.iter().enumerate() {
            heard(place, self.apply(call), *expected);
            while let Some(Instruction { charge, amount }) = self.instructions.pop() {
                let fact = facts.next().expect("a fact for every charge");
                let answer = self.charge_succeeded(fact, &charge, amount);
                assert_eq!(answer, Outcome::Accepted);
            }
        }
    }

    fn apply(&mut self, call: &Call<I>) -> Outcome {
        match call {
            Call::Charge { request, charge, account, currency, amount, fee } => {
                self.charge(request, charge, account, *currency, *amount, *fee)
            }
            Call::Refund { request, charge, amount } => self.refund(request, charge, *amount),
            Call::PayoutTooLarge { request, account, currency } => {
                let held = self.balance(account, *currency).unwrap_or_default();
                self.payout(request, account, held.available.max(0) + 1)
            }
            Call::Night { day } => self.night(*day),
        }
    }
}

/// Makes the floor's answers the expected ones, and counts those that were not.
///
/// The workload is drawn without looking at balances, so a refund the platform cannot pay is expected to
/// be accepted until the floor has been asked.
pub(crate) fn ask_the_floor(workload: &mut Workload) -> usize {
    let script = Script::<u128>::of(workload);
    let mut corrected = 0;
    let mut floor = Floor::<u128, false, false>::new(workload.params.accounts);
    floor.play(&script, |place, answer, expected| {
        corrected += usize::from(answer != expected);
        workload.steps[place].expected = answer;
    });
    corrected
}
