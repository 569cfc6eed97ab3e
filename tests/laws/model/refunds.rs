//! Refunds: what they move, which of them wait, and what becomes of them.

use super::shares::next_part;
use super::*;

/// What was asked for, and what became of it.
#[derive(Clone, Debug)]
pub(super) struct Back {
    payment: PaymentId,
    amount: i128,
    pulls: bool,
    returns: bool,
    is_booked: bool,
    /// What the account was debited for it.
    debited: i128,
    /// Whether it came to nothing.
    is_over: bool,
    /// When it is given up: while it waits for money, or for the payer.
    until: Option<Timestamp>,
}

/// The refunds that wait for a balance, with those among them that came to nothing.
#[derive(Clone, Debug, Default)]
pub(super) struct Queue {
    waiting: Vec<RefundId>,
    /// What has to be there for somebody to look.
    needs: i128,
    /// When somebody looks.
    due: Option<Timestamp>,
}

/// So much of one currency for so much of another.
type Exchanged = ((i128, Currency), (i128, Currency));

/// What a refund moves: what the account is debited, what is pulled back, what is returned, and what each owner gets.
struct Moves {
    debited: i128,
    /// Of each transfer, with what went back of the parts then.
    pulled: Vec<(TransferId, i128)>,
    parts_back: Vec<i128>,
    returned: Option<(ApplicationFeeId, i128)>,
    nets: BTreeMap<Purse, i128>,
    exchanged: Vec<Exchanged>,
    /// Of what is held back how much is claimed, and how much of it let go.
    claimed: Vec<(ReserveHoldId, i128, i128)>,
}

impl Model {
    /// What goes back goes at the rates of now, but for a commission, which goes at its own.
    fn moves(&self, back: &Back) -> Moves {
        let sale = &self.sales[&back.payment];
        let (total, coin, purse) = (sale.total, sale.ways().coin, self.purse_of(back));
        let debited = through(self.middle(coin, purse.1), back.amount);
        let mut nets = BTreeMap::new();
        let mut exchanged = vec![((debited, purse.1), (back.amount, coin))];
        let mut add = |purse: Purse, amount: i128| *nets.entry(purse).or_default() += amount;
        add(purse, -debited);
        let mut claims = vec![(purse, sale.hold, debited)];
        let (pulled, parts_back) = if back.pulls { self.pulls(sale, back.amount) } else { Default::default() };
        for (id, part) in &pulled {
            let (share, part) = (&self.transfers[id], *part);
            let theirs = share.purse();
            let taken = through(self.middle(purse.1, theirs.1), part);
            add(theirs, -taken);
            add((self.platform, purse.1), part);
            exchanged.push(((taken, theirs.1), (part, purse.1)));
            claims.push((theirs, share.hold, taken));
        }
        let mut returned = None;
        if let (true, Some(id)) = (back.returns, sale.fee) {
            let share = &self.fees[&id];
            let part = next_part(sale.returned, back.amount, total, share);
            let (given, given_in) = (through(share.ours, part), coin_of(share.ours, coin));
            let (got, theirs) = (through(share.theirs, part), share.purse());
            returned = Some((id, part));
            add((self.platform, given_in), -given);
            add(theirs, got);
            exchanged.push(((given, given_in), (got, theirs.1)));
        }
        let mut claimed = Vec::new();
        for (claimed_of, hold, amount) in claims {
            let covered = self.covered(hold, amount, sale.goes_on());
            *nets.entry(claimed_of).or_default() += covered;
            claimed.extend(hold.map(|hold| (hold, amount, covered)));
        }
        Moves { debited, pulled, parts_back, returned, nets, exchanged, claimed }
    }

    /// What is pulled back of each transfer with a refund of so much; and what went back of each part of a plan then.
    fn pulls(&self, sale: &Sale, amount: i128) -> (Vec<(TransferId, i128)>, Vec<i128>) {
        if let Some(id) = sale.transfer {
            let part = next_part(sale.pulled, amount, sale.total, &self.transfers[&id]);
            return (vec![(id, part)], Vec::new());
        }
        let (each, parts_back) = sale.asked_of_each(amount);
        let asked = each.into_iter().filter_map(|(account, part)| {
            let id = *sale.shared.transfers.get(&account)?;
            let share = &self.transfers[&id];
            Some((id, part.min(share.amount - share.back)))
        });
        (asked.filter(|(_, part)| *part > 0).collect(), parts_back)
    }

    /// The first refund that waits may need less than it did.
    pub(super) fn wake(&mut self, purse: Purse) {
        if let Some(queue) = self.queues.get_mut(&purse).filter(|queue| !queue.waiting.is_empty()) {
            (queue.needs, queue.due) = (i128::MIN, None);
        }
    }

    fn purse_of(&self, back: &Back) -> Purse {
        let sale = &self.sales[&back.payment];
        (sale.owner, sale.ways().booked_in())
    }

    pub(super) fn refund(&mut self, refund: &NewRefund, id: RefundId) {
        let kept_back = self.kept_back(refund.payment);
        let sale = self.sales.get_mut(&refund.payment).unwrap();
        let total = sale.total;
        let amount = refund.amount.map_or(total - sale.refunded - kept_back, |amount| amount.minor().into());
        sale.refunded += amount;
        assert!(amount > 0 && sale.refunded <= total, "more refunded than was paid");
        assert!(sale.refunded + kept_back <= total, "what is disputed or was pulled back was refunded as well");
        let date = sale.first.expect("a refund of nothing");
        let takes = |bears: Option<WhoBears>| bears == Some(WhoBears::Recipient);
        let back = Back {
            payment: refund.payment,
            amount,
            pulls: takes(refund.transfer) && (sale.transfer.is_some() || sale.is_shared()),
            returns: takes(refund.application_fee) && sale.fee.is_some(),
            is_booked: false,
            debited: 0,
            is_over: false,
            until: None,
        };
        let is_open = sale.held.as_ref().is_some_and(|held| held.is_open);
        assert!(!(is_open && (back.pulls || back.returns)), "shares of what goes on");
        let (purse, moves) = (self.purse_of(&back), self.moves(&back));
        let needed = -moves.nets[&purse];
        let queue = self.queues.entry(purse).or_default();
        let is_first = queue.waiting.is_empty();
        if date > self.now || needed <= 0 || (is_first && needed <= self.available(purse.0, purse.1)) {
            self.back(id, back);
            return;
        }
        let until = Some(self.now.plus_days(30).unwrap());
        let queue = self.queues.get_mut(&purse).unwrap();
        queue.waiting.push(id);
        queue.due = None;
        if is_first {
            queue.needs = needed;
        }
        self.backs.insert(id, Back { until, ..back });
    }

    /// The money leaves.
    fn back(&mut self, id: RefundId, mut back: Back) {
        let moves = self.moves(&back);
        for (hold, amount, covered) in moves.claimed {
            self.is_claimed(hold, amount, (covered, self.sales[&back.payment].goes_on()));
        }
        let sale = self.sales.get_mut(&back.payment).unwrap();
        let (date, coin) = (sale.first.unwrap(), sale.ways().coin);
        if back.pulls {
            let part: i128 = moves.pulled.iter().map(|(_, part)| part).sum();
            sale.pulled = (sale.pulled.0 + back.amount, sale.pulled.1 + part);
            sale.transferred -= part;
            sale.shared.asked += back.amount;
            sale.shared.returned = moves.parts_back;
        }
        for (transfer, part) in moves.pulled {
            self.transfers.get_mut(&transfer).unwrap().back += part;
        }
        if let Some((fee, part)) = moves.returned {
            sale.returned = (sale.returned.0 + back.amount, sale.returned.1 + part);
            self.give_fee_back(fee, part);
        }
        let sale = &self.sales[&back.payment];
        let names_account = sale.attempts.last().unwrap().method == PaymentMethod::Boleto;
        back.until = names_account.then(|| self.now.plus_days(45).unwrap());
        (back.is_booked, back.debited) = (true, moves.debited);
        self.outside.entry(coin).or_default().payers -= back.amount;
        for ((account, currency), amount) in moves.nets {
            self.put(account, currency, self.reached(account, date), amount);
        }
        for (given, got) in moves.exchanged {
            self.exchange(given, got);
        }
        let payment = back.payment;
        self.backs.insert(id, back);
        self.refunded_in_full(payment);
    }

    /// The charge is contested: what waits for money comes to nothing.
    pub(super) fn end_waiting(&mut self, payment: PaymentId) {
        let waits = |back: &Back| back.payment == payment && !back.is_booked && !back.is_over;
        let ids: Vec<RefundId> = self.backs.iter().filter(|(_, back)| waits(back)).map(|(id, _)| *id).collect();
        for id in ids {
            self.back_again(id);
        }
    }

    /// A refund comes to nothing; once.
    pub(super) fn back_again(&mut self, id: RefundId) {
        let back = self.backs.get_mut(&id).unwrap();
        if back.is_over {
            return;
        }
        (back.is_over, back.until) = (true, None);
        let back = back.clone();
        let purse = self.purse_of(&back);
        let sale = self.sales.get_mut(&back.payment).unwrap();
        sale.refunded -= back.amount;
        let (date, coin) = (sale.first.unwrap(), sale.ways().coin);
        if back.is_booked {
            let asked = if back.pulls { back.amount } else { 0 };
            sale.pulled.0 -= asked;
            sale.shared.asked -= asked;
            sale.returned.0 -= if back.returns { back.amount } else { 0 };
            self.outside.entry(coin).or_default().payers += back.amount;
            self.put(purse.0, purse.1, date, back.debited);
            self.exchange((back.amount, coin), (back.debited, purse.1));
        } else if let Some(queue) = self.queues.get_mut(&purse).filter(|queue| queue.waiting.first() == Some(&id)) {
            (queue.needs, queue.due) = (i128::MIN, None);
        }
    }

    /// The world works on it, or is done.
    pub(super) fn taken_up(&mut self, id: RefundId) {
        let back = self.backs.get_mut(&id).unwrap();
        if back.is_booked {
            back.until = None;
        }
    }

    /// Where there is enough, somebody will look.
    pub(super) fn see_funds(&mut self) {
        if self.is_asleep {
            self.note_falls();
        }
        let soon = self.now.checked_add(chrono::TimeDelta::microseconds(1)).unwrap();
        let purses: Vec<Purse> = self.queues.keys().copied().collect();
        for purse in purses {
            let available = self.available(purse.0, purse.1);
            let queue = self.queues.get_mut(&purse).unwrap();
            if !queue.waiting.is_empty() && queue.due.is_none() && available >= queue.needs {
                queue.due = Some(soon);
            }
        }
    }

    pub(super) fn is_waited_for(&self, purse: Purse) -> bool {
        self.queues.get(&purse).is_some_and(|queue| !queue.waiting.is_empty())
    }

    /// What happens next to refunds, by `until`.
    pub(super) fn next_about_refunds(&self, until: Timestamp) -> Option<Timestamp> {
        let given_up = self.backs.values().filter_map(|back| back.until);
        let looked_at = self.queues.values().filter_map(|queue| queue.due);
        given_up.chain(looked_at).filter(|at| *at <= until).min()
    }

    /// Gives up what nobody can wait for any longer, and then books what has come to be covered.
    pub(super) fn time_for_refunds(&mut self) {
        let over = |back: &Back, now| back.until == Some(now);
        let ids: Vec<RefundId> =
            self.backs.iter().filter(|(_, back)| over(back, self.now)).map(|(id, _)| *id).collect();
        for id in ids {
            self.back_again(id);
            self.see_funds();
        }
        let purses: Vec<Purse> =
            self.queues.iter().filter(|(_, queue)| queue.due == Some(self.now)).map(|(purse, _)| *purse).collect();
        for purse in purses {
            self.look(purse);
            self.see_funds();
        }
    }

    fn look(&mut self, purse: Purse) {
        let ids = self.queues[&purse].waiting.clone();
        let mut turns = 0;
        for id in ids {
            let back = self.backs[&id].clone();
            if !back.is_over {
                let nets = self.moves(&back).nets;
                let is_short = |purse: &Purse, net: i128| -net > 0.max(self.available(purse.0, purse.1));
                let others = nets.iter().filter(|(other, _)| **other != purse);
                let mut others = others.filter(|((account, _), _)| !self.holders[account].is_borne);
                if others.any(|(other, net)| is_short(other, *net)) {
                    self.back_again(id);
                } else if is_short(&purse, nets[&purse]) {
                    self.queues.get_mut(&purse).unwrap().needs = -nets[&purse];
                    break;
                } else {
                    self.back(id, back);
                }
            }
            turns += 1;
        }
        let queue = self.queues.get_mut(&purse).unwrap();
        queue.waiting.drain(..turns);
        queue.due = None;
    }
}
