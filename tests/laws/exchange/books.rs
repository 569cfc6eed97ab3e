//! The second computation: integers, and nothing of the crate's but ids and [`Money`].

use std::collections::BTreeMap;

use super::*;
use crate::ways::{Becomes, Way, both, rounded, through};

/// What was ordered.
#[derive(Clone, Copy, Debug)]
pub(super) struct Order {
    pub(super) owner: AccountId,
    pub(super) coin: Currency,
    amount: i128,
    pub(super) fee: i128,
    pub(super) recipient: Option<AccountId>,
    part: Option<i128>,
    merchant: AccountId,
}

impl Order {
    pub(super) fn of(owner: AccountId, order: &NewPayment) -> Self {
        let minor = |amount: Option<Money>| amount.map(|amount| i128::from(amount.minor()));
        Self {
            owner,
            coin: order.amount.currency(),
            amount: order.amount.minor().into(),
            fee: minor(order.application_fee).unwrap_or(0),
            recipient: order.destination,
            part: minor(order.transfer_amount),
            merchant: order.on_behalf_of.unwrap_or(owner),
        }
    }
}

#[derive(Clone, Debug)]
struct Sale {
    order: Order,
    booked: Way,
    /// From there to the recipient.
    onward: Way,
    /// The commission, as the account pays it and as the platform gets it.
    paid: Way,
    kept: Way,
    is_paid: bool,
    refunded: i128,
    sent: i128,
    sent_back: i128,
    pulled: (i128, i128),
    fee_back: i128,
    returned: (i128, i128),
    /// What a dispute took, and of which amount.
    disputed: Option<(i128, bool)>,
}

struct Sent {
    from: AccountId,
    to: AccountId,
    coin: Currency,
    way: Way,
}

struct Back {
    sale: PaymentId,
    amount: i128,
    takes: (bool, bool),
    debited: Option<i128>,
}

#[derive(Default)]
struct Outside {
    payers: i128,
    fees: i128,
    disputes: i128,
    exchange: i128,
}

pub(super) struct Books {
    house: AccountId,
    homes: BTreeMap<AccountId, Currency>,
    with_euros: Option<AccountId>,
    rates: BTreeMap<(Currency, Currency), i128>,
    pots: BTreeMap<(AccountId, Currency), i128>,
    outside: BTreeMap<Currency, Outside>,
    sales: BTreeMap<PaymentId, Sale>,
    sent: BTreeMap<TransferId, Sent>,
    backs: BTreeMap<RefundId, Back>,
}

impl Books {
    pub(super) fn new(house: AccountId) -> Self {
        Self {
            house,
            homes: BTreeMap::from([(house, USD)]),
            with_euros: None,
            rates: BTreeMap::new(),
            pots: BTreeMap::new(),
            outside: BTreeMap::new(),
            sales: BTreeMap::new(),
            sent: BTreeMap::new(),
            backs: BTreeMap::new(),
        }
    }

    pub(super) fn knows(&mut self, account: AccountId, home: Currency) {
        self.homes.insert(account, home);
    }

    pub(super) const fn holds_euros(&mut self, account: AccountId) {
        self.with_euros = Some(account);
    }

    pub(super) fn quoted(&mut self, pair: (Currency, Currency), parts: i128) {
        self.rates.insert(pair, parts);
    }

    pub(super) fn sales(&self) -> Vec<PaymentId> {
        self.sales.iter().filter(|(_, sale)| sale.is_paid).map(|(id, _)| *id).collect()
    }

    pub(super) fn transfers(&self) -> Vec<(TransferId, Currency)> {
        self.sent.iter().map(|(id, sent)| (*id, sent.coin)).collect()
    }

    /// What was ordered with a sale, and what of it was not given back.
    pub(super) fn left(&self, sale: PaymentId) -> (Order, i64) {
        let sale = &self.sales[&sale];
        (sale.order, i64::try_from((sale.order.amount - sale.refunded).max(1)).unwrap())
    }

    pub(super) fn held(&self, account: AccountId, coin: Currency) -> i128 {
        self.pots.get(&(account, coin)).copied().unwrap_or(0)
    }

    /// Payers, fees, disputes and exchange, as the ledger has them.
    pub(super) fn outside(&self, coin: Currency) -> [i128; 4] {
        self.outside
            .get(&coin)
            .map_or([0; 4], |outside| [-outside.payers, outside.fees, outside.disputes, outside.exchange])
    }

    fn at(&mut self, coin: Currency) -> &mut Outside {
        self.outside.entry(coin).or_default()
    }

    fn put(&mut self, account: AccountId, coin: Currency, amount: i128) {
        *self.pots.entry((account, coin)).or_default() += amount;
    }

    fn exchange(&mut self, (given, of): (i128, Currency), (got, to): (i128, Currency)) {
        if of != to {
            self.at(of).exchange += given;
            self.at(to).exchange -= got;
        }
    }

    fn can_hold(&self, account: AccountId, coin: Currency) -> bool {
        self.homes[&account] == coin || (coin == EUR && self.with_euros == Some(account))
    }

    /// What comes in: two per cent less, one in the United States.
    fn inbound(&self, account: AccountId, coin: Currency) -> Way {
        if self.can_hold(account, coin) {
            return None;
        }
        let home = self.homes[&account];
        let keeps = if home == USD { 99 } else { 98 };
        Some(Becomes::at(self.rates[&(coin, home)], keeps, home))
    }

    fn middle(&self, from: Currency, to: Currency) -> Way {
        (from != to).then(|| Becomes::at(self.rates[&(from, to)], 100, to))
    }

    pub(super) fn ordered(&mut self, id: PaymentId, order: Order) {
        let booked = self.inbound(order.merchant, order.coin);
        let booked_in = booked.map_or(order.coin, |way| way.coin);
        let onward = order.recipient.and_then(|recipient| self.inbound(recipient, booked_in));
        let paid = both(booked, onward);
        let kept = match order.recipient {
            _ if order.fee == 0 => None,
            Some(_) => paid.filter(|_| !self.can_hold(self.house, order.coin)),
            // What the account pays in the platform's currency is not converted again.
            None if booked_in == self.homes[&self.house] => booked,
            None => self.inbound(self.house, order.coin),
        };
        let sale = Sale {
            order,
            booked,
            onward,
            paid,
            kept,
            is_paid: false,
            refunded: 0,
            sent: 0,
            sent_back: 0,
            pulled: (0, 0),
            fee_back: 0,
            returned: (0, 0),
            disputed: None,
        };
        self.sales.insert(id, sale);
    }

    pub(super) fn paid(&mut self, id: PaymentId) {
        let mut sale = self.sales[&id].clone();
        sale.is_paid = true;
        let Order { owner, coin, amount, fee, recipient, part, .. } = sale.order;
        let booked_in = sale.booked.map_or(coin, |way| way.coin);
        let came = through(sale.booked, amount);
        let processor = rounded(came * 29, 1_000) + 30;
        self.at(coin).payers += amount;
        self.at(booked_in).fees += processor;
        self.exchange((amount, coin), (came, booked_in));
        self.put(owner, booked_in, came - processor);
        if let Some(recipient) = recipient {
            sale.sent = through(sale.booked, part.unwrap_or(amount));
            let (got, to) = (through(sale.onward, sale.sent), sale.onward.map_or(booked_in, |way| way.coin));
            self.put(self.house, booked_in, -sale.sent);
            self.put(recipient, to, got);
            self.exchange((sale.sent, booked_in), (got, to));
        }
        if fee > 0 {
            self.commission(&sale, fee);
        }
        self.sales.insert(id, sale);
    }

    /// A commission goes to the platform; what is negative goes back.
    fn commission(&mut self, sale: &Sale, fee: i128) {
        let payer = sale.order.recipient.unwrap_or(sale.order.owner);
        let in_coin = |way: Way| way.map_or(sale.order.coin, |way| way.coin);
        let (paid, kept) = (through(sale.paid, fee), through(sale.kept, fee));
        self.put(payer, in_coin(sale.paid), -paid);
        self.put(self.house, in_coin(sale.kept), kept);
        self.exchange((paid, in_coin(sale.paid)), (kept, in_coin(sale.kept)));
    }

    pub(super) fn sent(&mut self, id: TransferId, from: AccountId, transfer: &NewTransfer) {
        let (to, coin, amount) =
            (transfer.destination, transfer.amount.currency(), i128::from(transfer.amount.minor()));
        let way = self.inbound(to, coin);
        self.put(from, coin, -amount);
        self.put(to, way.map_or(coin, |way| way.coin), through(way, amount));
        self.exchange((amount, coin), (through(way, amount), way.map_or(coin, |way| way.coin)));
        self.sent.insert(id, Sent { from, to, coin, way });
    }

    /// The account that a transfer was taken from, unless it is the platform.
    pub(super) fn debited(&self, id: TransferId) -> Option<AccountId> {
        Some(self.sent[&id].from).filter(|from| *from != self.house)
    }

    pub(super) fn reversed(&mut self, id: TransferId, amount: i128) {
        let Sent { from, to, coin, way } = self.sent[&id];
        self.take_back((to, way.map_or(coin, |way| way.coin)), from, (amount, coin));
    }

    fn take_back(&mut self, (from, theirs): (AccountId, Currency), to: AccountId, (amount, coin): (i128, Currency)) {
        let taken = through(self.middle(coin, theirs), amount);
        self.put(from, theirs, -taken);
        self.put(to, coin, amount);
        self.exchange((taken, theirs), (amount, coin));
    }

    pub(super) fn refund_asked(&mut self, id: RefundId, sale: PaymentId, (amount, takes): (i128, (bool, bool))) {
        self.sales.get_mut(&sale).unwrap().refunded += amount;
        self.backs.insert(id, Back { sale, amount, takes, debited: None });
    }

    /// Tells whether it was not booked before.
    pub(super) fn refund_booked(&mut self, id: RefundId) -> bool {
        let Back { sale: of, amount, takes, debited: None } = self.backs[&id] else { return false };
        let mut sale = self.sales[&of].clone();
        let Order { owner, coin, amount: whole, recipient, .. } = sale.order;
        let booked_in = sale.booked.map_or(coin, |way| way.coin);
        let debited = through(self.middle(coin, booked_in), amount);
        self.put(owner, booked_in, -debited);
        self.at(coin).payers -= amount;
        self.exchange((debited, booked_in), (amount, coin));
        if let Some(recipient) = recipient.filter(|_| takes.0) {
            sale.pulled.0 += amount;
            let part = rounded(sale.sent * sale.pulled.0, whole) - sale.pulled.1;
            let part = part.clamp(0, sale.sent - sale.sent_back);
            (sale.pulled.1, sale.sent_back) = (sale.pulled.1 + part, sale.sent_back + part);
            let theirs = sale.onward.map_or(booked_in, |way| way.coin);
            self.take_back((recipient, theirs), self.house, (part, booked_in));
        }
        if takes.1 {
            sale.returned.0 += amount;
            let part = rounded(sale.order.fee * sale.returned.0, whole) - sale.returned.1;
            let part = part.clamp(0, sale.order.fee - sale.fee_back);
            (sale.returned.1, sale.fee_back) = (sale.returned.1 + part, sale.fee_back + part);
            self.commission(&sale, -part);
        }
        self.sales.insert(of, sale);
        self.backs.get_mut(&id).unwrap().debited = Some(debited);
        true
    }

    pub(super) fn refund_failed(&mut self, id: RefundId) {
        let Back { sale: of, amount, takes, debited } = self.backs[&id];
        let mut sale = self.sales[&of].clone();
        sale.refunded -= amount;
        let Some(debited) = debited else { return };
        sale.pulled.0 -= if takes.0 { amount } else { 0 };
        sale.returned.0 -= if takes.1 { amount } else { 0 };
        let (coin, booked_in) = (sale.order.coin, sale.booked.map_or(sale.order.coin, |way| way.coin));
        self.put(sale.order.owner, booked_in, debited);
        self.at(coin).payers += amount;
        self.exchange((amount, coin), (debited, booked_in));
        self.sales.insert(of, sale);
    }

    pub(super) fn fee_returned(&mut self, id: PaymentId, amount: i128) {
        let mut sale = self.sales[&id].clone();
        sale.fee_back += amount;
        self.commission(&sale, -amount);
        self.sales.insert(id, sale);
    }

    pub(super) fn is_disputed(&self, id: PaymentId) -> bool {
        self.sales[&id].disputed.is_some()
    }

    pub(super) fn disputed(&mut self, id: PaymentId, settled: Option<Money>) {
        let sale = self.sales[&id].clone();
        let Order { owner, coin, amount, merchant, .. } = sale.order;
        let booked_in = sale.booked.map_or(coin, |way| way.coin);
        let taken = settled.map_or(through(sale.booked, amount), |settled| settled.minor().into());
        let business = if sale.booked.is_some() { merchant } else { owner };
        let fee = match (self.homes[&business], booked_in) {
            (USD, USD) => 15_00,
            (GBP, GBP) => 20_00,
            _ => 0,
        };
        self.put(owner, booked_in, -taken - fee);
        self.at(booked_in).fees += fee;
        self.at(coin).disputes += amount;
        self.exchange((taken, booked_in), (amount, coin));
        self.sales.get_mut(&id).unwrap().disputed = Some((taken, true));
    }

    pub(super) fn dispute_over(&mut self, id: PaymentId, is_won: bool) {
        let sale = self.sales[&id].clone();
        let (Some((taken, true)), coin, amount) = (sale.disputed, sale.order.coin, sale.order.amount) else { return };
        self.at(coin).disputes -= amount;
        if is_won {
            let booked_in = sale.booked.map_or(coin, |way| way.coin);
            self.put(sale.order.owner, booked_in, taken);
            self.exchange((amount, coin), (taken, booked_in));
        } else {
            self.at(coin).payers -= amount;
        }
        self.sales.get_mut(&id).unwrap().disputed = Some((taken, false));
    }
}
