//! Payments that are captured later: what is asked for, and what the world tells of them.

use fundroute::payments::{
    Asked, Authorization, AuthorizationIncremented, CaptureFailed, CapturePayment, ChargeAuthorized, ChargeCaptured,
    IncrementAuthorization, IncrementDeclined, ManualCapture, Raise,
};
use fundroute::rulebook::Trade;

use super::*;
use crate::story::Sum;

impl Stage {
    pub(super) const fn later(bits: u8) -> ManualCapture {
        ManualCapture {
            multicapture: bits & 3 != 0,
            overcapture: if bits & 12 != 0 { Some(Trade::Restaurant) } else { None },
            incremental: bits & 48 != 0,
            extended: bits & 64 != 0,
            off_session: bits & 128 != 0,
        }
    }

    pub(super) fn capture(&self, step: &Step) -> (Command, Option<AccountId>) {
        let Step::Capture { payment, amount, more, fee, part, on } = step else { panic!("{step:?} captures nothing") };
        let ready = |payment: &PaymentIntent| payment.status() == PaymentStatus::RequiresCapture;
        let id = self.payment(*payment, ready);
        let known = self.platform.payment(id).ok();
        let left = known.map_or(usd(10_00), PaymentIntent::amount_capturable);
        let whole = known.map_or(usd(10_00), PaymentIntent::amount);
        let money = |sum: Sum, whole: Money| Money::new(sum.of(whole.minor().into()), whole.currency());
        let mut capture = CapturePayment::of(id);
        capture.amount = amount.map(|sum| money(sum, left));
        capture.is_final = !more || (!known.is_some_and(Self::in_parts) && payment.0 % 8 != 0);
        if !capture.is_final {
            // Something has to be left for the next one.
            let part = left.minor().min(capture.amount.map_or(i64::MAX, |amount| amount.minor()));
            capture.amount = Some(Money::new(part / 2, left.currency()));
        }
        // What there is nobody to get is left unsaid, unless the step insists.
        let flow = known.map(|known| *known.flow());
        let insists = payment.0.is_multiple_of(8);
        let takes_fee = matches!(flow, Some(Flow::Direct { .. } | Flow::Destination { .. }));
        let takes_part = matches!(flow, Some(Flow::Destination { .. }));
        capture.application_fee = fee.filter(|_| takes_fee || insists).map(|sum| money(sum, whole));
        capture.transfer_amount = part.filter(|_| takes_part || insists).map(|sum| money(sum, whole));
        (Command::CapturePayment(capture), self.on(*on, self.owner(id)))
    }

    fn in_parts(payment: &PaymentIntent) -> bool {
        matches!(payment.capture(), fundroute::payments::Capture::Manual(how) if how.multicapture)
    }

    pub(super) fn raise(&self, step: &Step) -> (Command, Option<AccountId>) {
        let Step::Raise { payment, amount, fee, on } = step else { panic!("{step:?} raises nothing") };
        let can = |payment: &PaymentIntent| {
            matches!(payment.capture(), fundroute::payments::Capture::Manual(how) if how.incremental)
                && payment.status() == PaymentStatus::RequiresCapture
        };
        let id = self.payment(*payment, can);
        let known = self.platform.payment(id).ok();
        let whole = known.map_or(usd(10_00), PaymentIntent::amount);
        let mut raise = IncrementAuthorization::to(id, Money::new(amount.of(whole.minor().into()), whole.currency()));
        let shared = known.is_some_and(|known| !matches!(known.flow(), Flow::Separate));
        raise.application_fee =
            fee.filter(|_| shared).map(|sum| Money::new(sum.of(whole.minor().into()), whole.currency()));
        (Command::IncrementAuthorization(raise), self.on(*on, self.owner(id)))
    }

    pub(super) fn is_later(&self, charge: &Charge) -> bool {
        let payment = self.platform.payment(charge.payment());
        payment.is_ok_and(|payment| matches!(payment.capture(), fundroute::payments::Capture::Manual(_)))
    }

    /// A charge that is captured later, if there is one that is `fit` and it shall be.
    pub(super) fn held(&self, pick: Pick, open: bool, fit: impl Fn(&Charge) -> bool) -> ChargeId {
        let all = || {
            self.platform
                .records()
                .filter_map(|record| if let Record::Charge(charge) = record { Some(charge) } else { None })
        };
        let later: Vec<&Charge> = all().filter(|charge| self.is_later(charge)).collect();
        let good: Vec<ChargeId> = later.iter().filter(|charge| fit(charge)).map(|charge| charge.id()).collect();
        let later: Vec<ChargeId> = later.into_iter().map(Charge::id).collect();
        let any: Vec<ChargeId> = all().map(Charge::id).collect();
        // Where there is none that is fit, mostly nothing happens: what comes too early only waits.
        let early = if pick.0.is_multiple_of(4) { later } else { Vec::new() };
        let from = match (open, good.is_empty()) {
            (false, _) => &any,
            (true, true) => &early,
            (true, false) => &good,
        };
        pick.of(from).unwrap_or(ChargeId::from_host(NOBODY))
    }

    fn asked(charge: &Charge) -> Option<&Asked> {
        charge.authorization().and_then(Authorization::asked)
    }

    pub(super) fn about_captures(&self, step: &Step) -> Option<(Fact, i64)> {
        Some(match step {
            Step::Authorized { charge, open, by, more, ago } => {
                let id = self.held(*charge, *open, |charge| matches!(charge.state(), ChargeState::Pending { .. }));
                let amount = self.platform.charge(id).map_or(usd(10_00), Charge::amount);
                let mut told = ChargeAuthorized::of(self.named(id, *by), amount);
                told.multicapture = (more & 3 != 0).then_some(true);
                told.most_capturable = (more & 12 != 0).then(|| amount.minor().saturating_add(amount.minor() / 5));
                told.incremental = (more & 112 == 112).then_some(false);
                let soon = self.platform.now().checked_add(TimeDelta::days(i64::from(more % 5))).ok();
                told.capture_before = soon.filter(|_| more & 48 == 48);
                (Fact::ChargeAuthorized(told), *ago)
            }
            Step::Captured { charge, open, by, which, amount, ends, ago } => {
                let id = self.held(*charge, *open, |charge| matches!(Self::asked(charge), Some(Asked::Capture { .. })));
                let known = self.platform.charge(id).ok();
                let currency = known.map_or(USD, |charge| charge.amount().currency());
                let (number, asked, is_final) = match known.and_then(Self::asked) {
                    Some(Asked::Capture { capture, amount, is_final, .. }) => (*capture, *amount, *is_final),
                    _ => (1, known.map_or(10_00, |charge| charge.amount().minor()), true),
                };
                let capture = number.saturating_add_signed(*which);
                let amount = Money::new(amount.map_or(asked, |sum| sum.of(asked.into())), currency);
                let is_final = ends.unwrap_or(is_final);
                let charge = self.named(id, *by);
                (Fact::ChargeCaptured(ChargeCaptured { charge, capture, amount, is_final }), *ago)
            }
            Step::CaptureFailed { charge, open, by, which, ago } => {
                let id = self.held(*charge, *open, |charge| matches!(Self::asked(charge), Some(Asked::Capture { .. })));
                let number = match self.platform.charge(id).ok().and_then(Self::asked) {
                    Some(Asked::Capture { capture, .. }) => *capture,
                    _ => 1,
                };
                let (capture, failure) = (number.saturating_add_signed(*which), DeclineCode::ProcessingError.into());
                (Fact::CaptureFailed(CaptureFailed { charge: self.named(id, *by), capture, failure }), *ago)
            }
            Step::Raised { charge, by, granted, ago } => {
                let id = self.held(*charge, true, |charge| matches!(Self::asked(charge), Some(Asked::Increment(_))));
                let known = self.platform.charge(id).ok();
                let currency = known.map_or(USD, |charge| charge.amount().currency());
                let (attempt, amount) = match known.and_then(Self::asked) {
                    Some(Asked::Increment(Raise { attempt, amount, .. })) => (*attempt, *amount),
                    _ => (1, 11_00),
                };
                let (charge, failure) = (self.named(id, *by), DeclineCode::InsufficientFunds.into());
                let amount = Money::new(amount, currency);
                let fact = if *granted {
                    Fact::AuthorizationIncremented(AuthorizationIncremented { charge, attempt, amount })
                } else {
                    Fact::IncrementDeclined(IncrementDeclined { charge, attempt, failure })
                };
                (fact, *ago)
            }
            _ => return None,
        })
    }
}
