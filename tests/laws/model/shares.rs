//! What is sent to others, and taken back: transfers, debits and commissions.

use super::*;

/// `part` of `whole` applied to `to`, to the nearest unit, ties up.
pub(super) fn in_proportion(to: i128, part: i128, whole: i128) -> i128 {
    (2 * to * part + whole) / (2 * whole)
}

/// The part of a share that goes with one more refund: of all that asked for it, less what was given, and what is left.
pub(super) fn next_part((asked, given): (i128, i128), amount: i128, total: i128, share: &Share) -> i128 {
    (in_proportion(share.amount, asked + amount, total) - given).clamp(0, share.amount - share.back)
}

/// What a debit brings to the platform, in which currency, and what it costs.
pub(crate) struct Debit {
    pub(crate) currency: Currency,
    pub(crate) got: i128,
    pub(crate) fee: i128,
}

impl Share {
    /// So much of a commission goes back, with the tax of all that went back so far; tells how much of it is tax.
    fn give_back(&mut self, amount: i128) -> i128 {
        let before = self.tax.1;
        if amount == 0 {
            return 0;
        }
        self.back += amount;
        self.tax.1 = before.max(in_proportion(self.tax.0, self.back, self.amount));
        self.tax.1 - before
    }
}

impl Model {
    pub(super) fn transfer(&mut self, new: &NewTransfer, id: TransferId, changes: &Changes) {
        let (amount, currency) = (i128::from(new.amount.minor()), new.amount.currency());
        let mut date = self.now;
        if let Some(source) = new.source {
            let kept_back = self.kept_back(source);
            let sale = self.sales.get_mut(&source).unwrap();
            let left = through(sale.ways().booked, sale.total - sale.refunded - kept_back) - sale.transferred;
            assert!(amount <= left, "a transfer of money that was given back, or sent elsewhere");
            sale.transferred += amount;
            date = sale.taken.expect("a transfer out of nothing");
            assert_eq!(sale.owner, self.platform, "a transfer out of somebody else's money");
            assert_eq!(sale.ways().booked_in(), currency);
        }
        assert!(rules::is_reached(self.holders[&new.destination].country), "money crossed a closed border");
        if date <= self.now {
            assert!(amount <= self.available(self.platform, currency), "a transfer of more than there is");
        }
        let (account, source, theirs) = (new.destination, new.source, self.inbound(new.destination, currency));
        let share = Share { amount, source, ..Share::new((account, currency), date, (theirs, None)) };
        let (got, purse) = (through(theirs, amount), share.purse());
        assert!(got > 0, "a transfer of nothing");
        self.transfers.insert(id, share);
        self.put(self.platform, currency, date, -amount);
        self.put(account, purse.1, self.reached(account, date), got);
        self.exchange((amount, currency), (got, purse.1));
        let (source, date) = (id.into(), self.reached(account, date));
        let incoming = reserves::Incoming { source, purse, gross: got, net: got, charged: self.now, date };
        let hold = self.keep(None, &incoming, changes);
        self.transfers.get_mut(&id).unwrap().hold = hold;
    }

    /// What is taken from an account is there, is the platform's at once, and costs what the rules say.
    pub(super) fn debit(&mut self, account: AccountId, new: &NewTransfer, id: TransferId) {
        let (amount, currency) = (i128::from(new.amount.minor()), new.amount.currency());
        let ours = self.holders[&self.platform].banks.get(&currency);
        let may_owe = ours.is_some_and(|bank| !self.broken_banks.contains(bank));
        assert!(may_owe || amount <= self.available(account, currency), "a debit of more than there is");
        let holder = &self.holders[&account];
        assert!(holder.is_borne, "a debit of an account whose losses are the processor's");
        let most = rules::debits_from(holder.country).expect("a debit of an account in another region");
        assert!(new.source.is_none() && most.is_none_or(|most| amount <= most), "a debit of too much");
        let theirs = self.inbound(self.platform, currency);
        let share = Share { amount, ..Share::new((self.platform, currency), self.now, (theirs, None)) };
        self.transfers.insert(id, share);
        self.debits.insert(id, account);
        let Debit { currency: to, got, fee } = self.debit_brings(new.amount);
        assert!(got > 0, "a debit of nothing");
        self.put(account, currency, self.now, -amount);
        self.put(self.platform, to, self.now, got - fee);
        self.exchange((amount, currency), (got, to));
        self.outside.entry(to).or_default().fees += fee;
    }

    /// What a debit of so much brings to the platform, and costs it.
    pub(crate) fn debit_brings(&self, amount: Money) -> Debit {
        let (minor, currency) = (i128::from(amount.minor()), amount.currency());
        let way = self.inbound(self.platform, currency);
        let to = coin_of(way, currency);
        let fee = through(self.middle(currency, to), rules::debit_fee(amount.minor(), currency));
        Debit { currency: to, got: through(way, minor), fee }
    }

    pub(super) fn reverse(&mut self, reversal: &NewTransferReversal) {
        let share = self.transfers.get_mut(&reversal.transfer).unwrap();
        let amount = reversal.amount.map_or(share.amount - share.back, |amount| amount.minor().into());
        share.back += amount;
        assert!(amount > 0 && share.back <= share.amount, "more reversed than was sent");
        let (currency, source, date, hold, purse) =
            (share.currency, share.source, share.date, share.hold, share.purse());
        let taken = through(self.middle(currency, purse.1), amount);
        assert!(taken > 0, "a reversal of nothing");
        let is_open = source.is_some_and(|source| self.sales[&source].goes_on());
        if let Some(sale) = source.and_then(|source| self.sales.get_mut(&source)) {
            sale.transferred -= amount;
        }
        let sender = self.debits.get(&reversal.transfer).copied().unwrap_or(self.platform);
        if sender != self.platform {
            assert!(taken <= self.available(purse.0, purse.1), "a debit given back out of nothing");
        }
        self.put(purse.0, purse.1, self.reached(purse.0, date), -taken);
        self.put(sender, currency, date, amount);
        self.exchange((taken, purse.1), (amount, currency));
        self.claim(hold, taken, (self.reached(purse.0, date), is_open));
    }

    /// The recipient of a transfer sends it back, out of what it has.
    pub(super) fn send_back(&mut self, account: Option<AccountId>, back: &NewTransferReturn) {
        let share = &self.transfers[&back.transfer];
        assert!(account == Some(share.account) && !self.debits.contains_key(&back.transfer), "somebody else's money");
        let amount = back.amount.map_or(share.amount - share.back, |amount| amount.minor().into());
        let is_open = share.source.is_some_and(|source| self.sales[&source].goes_on());
        let purse = share.purse();
        let taken = through(self.middle(share.currency, purse.1), amount);
        let has_it = self.reached(share.account, share.date) > self.now
            || taken - self.covered(share.hold, taken, is_open) <= self.available(purse.0, purse.1);
        assert!(has_it, "more sent back than there is");
        self.reverse(&NewTransferReversal { transfer: back.transfer, amount: back.amount });
    }

    /// So much of a commission counts as given back, and its tax has lines of its own.
    pub(super) fn give_fee_back(&mut self, fee: ApplicationFeeId, amount: i128) {
        let share = self.fees.get_mut(&fee).unwrap();
        let tax = share.give_back(amount);
        let ((payer, currency), ours) = (share.purse(), share.ours);
        let (kept, paid) = (through(ours, tax), through(share.theirs, tax));
        let kept_in = coin_of(ours, share.currency);
        *self.taxes.entry((self.platform, kept_in)).or_default() -= kept;
        *self.taxes.entry((payer, currency)).or_default() += paid;
    }

    pub(super) fn refund_fee(&mut self, refund: &NewApplicationFeeRefund) {
        let share = &self.fees[&refund.fee];
        let amount = refund.amount.map_or(share.amount - share.back, |amount| amount.minor().into());
        self.give_fee_back(refund.fee, amount);
        let share = &self.fees[&refund.fee];
        assert!(amount > 0 && share.back <= share.amount, "more of a commission returned than was taken");
        let (currency, date, purse, ours) = (share.currency, share.date, share.purse(), share.ours);
        let (given, back) = (through(ours, amount), through(share.theirs, amount));
        self.put(self.platform, coin_of(ours, currency), date, -given);
        self.put(purse.0, purse.1, self.reached(purse.0, date), back);
        self.exchange((given, coin_of(ours, currency)), (back, purse.1));
    }
}
