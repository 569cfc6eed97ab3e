//! Payments that are captured later.

use fundroute::payments::{
    AuthorizationIncremented, Capture, CaptureFailed, CapturePayment, ChargeAuthorized, ChargeCaptured,
    IncrementAuthorization,
};

use super::*;

/// Parts of others that a command names: a commission, or what is transferred.
type Named2 = (Option<Money>, Option<Money>);

/// What is held ready of a sale.
#[derive(Clone, Debug)]
pub(crate) struct Held {
    at: Timestamp,
    /// What several tellings of it come to.
    told: ChargeAuthorized,
    amount: i128,
    most: i128,
    capture_before: Timestamp,
    /// When it is let go, unless a capture is under way.
    due: Timestamp,
    pub(crate) is_open: bool,
    /// What is known of its captures: whether each took money.
    known: BTreeMap<u8, bool>,
    asked: Option<u8>,
    /// What the host named last for captures.
    named: Option<Named2>,
    raise: Option<(u8, i128, Named2)>,
    /// The raise that was declined, as long as nothing was asked for since.
    declined: Option<(u8, i128, Named2)>,
    attempts: u8,
}

impl Held {
    /// Another telling: what it adds counts, and where both say something, that which allows less.
    fn hear(&mut self, at: Timestamp, fact: &ChargeAuthorized) -> bool {
        fn less<T: Ord + Copy>(known: &mut Option<T>, told: Option<T>) -> bool {
            let is_news = told.is_some_and(|told| known.is_none_or(|known| told < known));
            *known = if is_news { told } else { *known };
            is_news
        }
        let is_earlier = at < self.at;
        self.at = self.at.min(at);
        let news = [
            is_earlier,
            less(&mut self.told.card, fact.card),
            less(&mut self.told.capture_before, fact.capture_before),
            less(&mut self.told.most_capturable, fact.most_capturable),
            less(&mut self.told.multicapture, fact.multicapture),
            less(&mut self.told.incremental, fact.incremental),
            less(&mut self.told.extended, fact.extended),
        ];
        news.contains(&true)
    }
}

pub(super) fn with_parts(order: &mut NewPayment, (fee, part): Named2) {
    if let Some(fee) = fee {
        order.application_fee = Some(fee);
    }
    if let Some(part) = part {
        order.transfer_amount = Some(part);
    }
    if fee.is_some() || part.is_some() {
        order.plan = None;
    }
}

impl Model {
    pub(super) fn let_go(&mut self, payment: PaymentId) {
        let sale = self.sales.get_mut(&payment).unwrap();
        if let Some(held) = &mut sale.held {
            assert!(held.asked.is_none(), "a payment called off while a capture was under way");
            held.is_open = false;
        }
        sale.called_off = sale.total == 0;
        self.closed(payment);
    }

    pub(super) fn ask_capture(&mut self, capture: &CapturePayment) {
        let sale = self.sales.get_mut(&capture.payment).unwrap();
        let held = sale.held.as_mut().expect("a capture of nothing");
        assert!(held.is_open && held.asked.is_none() && held.raise.is_none() && self.now < held.due);
        // Nothing is left of what was captured for more.
        let left = (held.amount - sale.total).max(0);
        let amount = capture.amount.map_or(left, |amount| amount.minor().into());
        assert!(amount >= 0 && sale.total + amount <= held.most, "more captured than can be");
        let number = held.known.keys().last().copied().unwrap_or(0) + 1;
        (held.asked, held.declined) = (Some(number), None);
        held.named = Some((capture.application_fee, capture.transfer_amount));
        let total = sale.total + amount;
        self.first_commission(capture.payment, capture.application_fee, total);
    }

    pub(super) fn ask_raise(&mut self, raise: &IncrementAuthorization) {
        let sale = self.sales.get_mut(&raise.payment).unwrap();
        let held = sale.held.as_mut().expect("a raise of nothing");
        assert!(held.is_open && held.asked.is_none() && held.raise.is_none() && sale.total == 0);
        let amount = i128::from(raise.amount.minor());
        assert!(amount > held.amount && held.attempts < 10);
        held.raise = Some((held.attempts + 1, amount, (raise.application_fee, raise.transfer_amount)));
        held.declined = None;
        self.first_commission(raise.payment, raise.application_fee, amount);
    }

    /// The sale that a fact is about, unless it cannot be taken up.
    fn news_of(&mut self, charge: ChargeId) -> Option<(PaymentId, &mut Sale)> {
        let (id, sale) = self.sales.iter_mut().find(|(id, _)| id.family() == charge.family()).unwrap();
        let later = matches!(sale.order.capture, Capture::Manual(_));
        let latest = *sale.attempts.last().unwrap();
        (later && latest.charge == charge && !latest.is_void && !sale.called_off).then_some((*id, sale))
    }

    pub(super) fn authorized(&mut self, charge: ChargeId, report: &Report, fact: &ChargeAuthorized, changes: &Changes) {
        let now = self.now;
        let Some((_, sale)) = self.news_of(charge) else { return };
        let Capture::Manual(how) = sale.order.capture else { return };
        let Attempt { method, at: asked_at, .. } = *sale.attempts.last().unwrap();
        let at = report.at.max(asked_at);
        let mut next = if let Some(known) = sale.held.clone() {
            let mut next = known;
            if fact.amount != next.told.amount || !next.hear(at, fact) {
                return;
            }
            next
        } else {
            if fact.amount != sale.order.amount || fact.amount != sale.attempts.last().unwrap().amount {
                return;
            }
            let amount = i128::from(fact.amount.minor());
            let (known, told, due) = (BTreeMap::new(), fact.clone(), now);
            let (asked, named, raise, declined, attempts) = (None, None, None, None, 0);
            let (most, capture_before, is_open) = (amount, now, true);
            Held {
                at,
                told,
                amount,
                most,
                capture_before,
                due,
                is_open,
                known,
                asked,
                named,
                raise,
                declined,
                attempts,
            }
        };
        let usual = || rules::capture_before(method, next.at);
        let Some(capture_before) = next.told.capture_before.or_else(usual) else { return };
        let first = i128::from(fact.amount.minor());
        let told = next.told.most_capturable.filter(|_| how.overcapture.is_some());
        next.most = told.map_or(first, |most| first.max(most.into())).max(next.amount);
        (next.capture_before, next.due) = (capture_before, capture_before.max(soon(now)));
        sale.held = Some(next);
        self.take_up(&waiting_for(charge), changes);
    }

    pub(super) fn captured(&mut self, charge: ChargeId, report: &Report, fact: &ChargeCaptured, changes: &Changes) {
        let now = self.now;
        let Some((id, sale)) = self.news_of(charge) else { return };
        if fact.capture == 0 || fact.capture > 50 {
            return;
        }
        let Some(held) = sale.held.as_mut() else { return self.wait(&waiting_for(charge), report) };
        let seemed_lost = held.known.get(&fact.capture) == Some(&false);
        if held.known.get(&fact.capture) == Some(&true) {
            return;
        }
        let currency = fact.amount.currency();
        let is_mine = currency == sale.order.amount.currency();
        let builds_on = fact.capture > 1 && fact.is_final && fact.amount.is_zero() && is_mine && sale.total == 0;
        let is_next = fact.capture == 1 || held.known.contains_key(&(fact.capture - 1));
        if !is_next || builds_on || held.raise.is_some() {
            return self.wait(&waiting_for(charge), report);
        }
        let amount = i128::from(fact.amount.minor());
        let closes = fact.is_final && sale.total > 0;
        let fits = amount > 0 || (amount == 0 && closes);
        let is_over = !held.is_open && !seemed_lost && held.asked != Some(fact.capture);
        if is_over || !is_mine || !fits || sale.total + amount > held.most {
            return;
        }
        held.known.insert(fact.capture, true);
        held.asked = held.asked.filter(|asked| *asked != fact.capture);
        if let Some(parts) = held.named {
            with_parts(&mut sale.order, parts);
        }
        if fact.is_final {
            held.is_open = false;
        }
        held.due = held.capture_before.max(soon(now));
        let at = report.at.max(held.at);
        let total = sale.total + amount;
        if total > i128::from(sale.order.amount.minor()) {
            sale.order.amount = Money::new(i64::try_from(total).unwrap(), currency);
        }
        if amount > 0 {
            self.book(id, (at, total), changes);
        }
        self.take_up(&waiting_for(charge), changes);
        self.closed(id);
    }

    pub(super) fn capture_failed(
        &mut self,
        charge: ChargeId,
        report: &Report,
        fact: &CaptureFailed,
        changes: &Changes,
    ) {
        let now = self.now;
        let Some((_, sale)) = self.news_of(charge) else { return };
        if fact.capture == 0 || fact.capture > 50 {
            return;
        }
        let is_known = |held: &Held, number: u8| number == 0 || held.known.contains_key(&number);
        let Some(held) = sale.held.as_mut().filter(|held| is_known(held, fact.capture - 1)) else {
            return self.wait(&waiting_for(charge), report);
        };
        if held.known.contains_key(&fact.capture) {
            return;
        }
        held.known.insert(fact.capture, false);
        if held.asked == Some(fact.capture) {
            held.asked = None;
            held.due = held.capture_before.max(soon(now));
        }
        self.take_up(&waiting_for(charge), changes);
    }

    pub(super) fn raised(&mut self, charge: ChargeId, fact: &AuthorizationIncremented, changes: &Changes) {
        let Some((_, sale)) = self.news_of(charge) else { return };
        let Some(held) = &mut sale.held else { return };
        let Some((attempt, amount, parts)) = held.raise.or(held.declined.filter(|_| held.is_open)) else { return };
        let told = i128::from(fact.amount.minor());
        if attempt != fact.attempt || told != amount || fact.amount.currency() != sale.order.amount.currency() {
            return;
        }
        (held.raise, held.declined, held.named) = (None, None, None);
        (held.attempts, held.amount) = (attempt, amount);
        held.most = held.most.max(amount);
        sale.order.amount = fact.amount;
        with_parts(&mut sale.order, parts);
        self.take_up(&waiting_for(charge), changes);
    }

    pub(super) fn not_raised(&mut self, charge: ChargeId, attempt: u8, changes: &Changes) {
        let Some((_, sale)) = self.news_of(charge) else { return };
        let Some(held) = &mut sale.held else { return };
        if let Some(raise) = held.raise.filter(|(asked, ..)| *asked == attempt) {
            (held.raise, held.declined, held.attempts) = (None, Some(raise), attempt);
            self.take_up(&waiting_for(charge), changes);
        }
    }

    /// When the next authorization runs out, by `until`.
    pub(super) fn next_expiry(&self, until: Timestamp) -> Option<Timestamp> {
        let held = self.sales.values().filter_map(|sale| sale.held.as_ref());
        let due = held.filter(|held| held.is_open && held.asked.is_none()).map(|held| held.due);
        due.filter(|due| *due <= until).min()
    }

    /// What nobody captured in time is let go.
    pub(super) fn expire(&mut self) {
        let now = self.now;
        let mut over = Vec::new();
        for (id, sale) in &mut self.sales {
            let Some(held) = &mut sale.held else { continue };
            if held.is_open && held.asked.is_none() && held.due <= now {
                held.is_open = false;
                held.raise = None;
                sale.called_off = sale.total == 0;
                over.push(*id);
            }
        }
        for id in over {
            self.closed(id);
            self.see_funds();
        }
    }

    fn wait(&mut self, reference: &str, report: &Report) {
        self.wait_for(reference.to_owned(), report);
    }
}

fn soon(now: Timestamp) -> Timestamp {
    now.checked_add(chrono::TimeDelta::microseconds(1)).unwrap_or(Timestamp::MAX)
}

fn waiting_for(charge: ChargeId) -> String {
    format!("capture/{charge}")
}
