//! Money taken back: debits of accounts, and transfers of either direction that are reversed.

use super::*;

impl Stage {
    /// A debit; mostly of an account whose losses are the platform's, and that has something.
    pub(super) fn debit(&self, step: &Step) -> (Command, Option<AccountId>) {
        let Step::Debit { who, amount, coin, source, on } = step else { panic!("{step:?} is no debit") };
        let bears = |account: &AccountId| {
            let known = self.platform.account(*account).ok();
            let controller = known.and_then(|account| account.controller());
            controller.is_some_and(|controller| controller.losses == LossBearer::Application)
        };
        let available = |account: AccountId, currency| {
            self.platform.balance(account, currency).map_or(0, |balance| balance.available)
        };
        let everyone = self.accounts();
        let good = |account: &AccountId| bears(account) && available(*account, self.coin(Coin::Home, *account)) > 0;
        let good: Vec<AccountId> = everyone.iter().copied().filter(good).collect();
        let account = who.likely(&good, &everyone).unwrap_or(AccountId::from_host(NOBODY));
        let currency = self.coin(*coin, account);
        let amount = Money::new(amount.of(available(account, currency)), currency);
        let source = source.map(|pick| self.payment(pick, Self::is_paid));
        let command = NewTransfer { destination: self.platform.id(), amount, source, transfer_group: None };
        (Command::CreateTransfer(command), self.on(*on, Some(account)))
    }

    /// A reversal; now and then rather of a debit, of which there are few.
    pub(super) fn reverse(&self, step: &Step) -> (Command, Option<AccountId>) {
        let Step::Reverse { transfer, amount, on } = step else { panic!("{step:?} reverses nothing") };
        let known = self.ids(|id| if let ObjectId::Transfer(id) = id { Some(id) } else { None });
        let rather = transfer.0.is_multiple_of(3);
        let open = |id: &TransferId| self.platform.transfer(*id).is_ok_and(|transfer| !transfer.is_reversed());
        let is_debit = |id: &TransferId| self.platform.transfer(*id).is_ok_and(|transfer| transfer.debited().is_some());
        let open: Vec<TransferId> = known.iter().copied().filter(open).collect();
        let debits: Vec<TransferId> = open.iter().copied().filter(is_debit).collect();
        let is_converted = |id: &TransferId| self.platform.transfer(*id).unwrap().conversion().is_some();
        let converted: Vec<TransferId> = debits.iter().copied().filter(is_converted).collect();
        let good = match (rather, converted.is_empty(), debits.is_empty()) {
            (true, false, _) => converted,
            (true, true, false) => debits,
            _ => open,
        };
        let transfer = transfer.likely(&good, &known).unwrap_or(TransferId::from_host(NOBODY));
        let known = self.platform.transfer(transfer);
        let whole = known.as_ref().map_or(usd(1_00), |transfer| transfer.amount());
        let amount = amount.map(|sum| Money::new(sum.of(whole.minor().into()), whole.currency()));
        let on = self.on(*on, known.ok().and_then(|transfer| transfer.debited()));
        (Command::ReverseTransfer(NewTransferReversal { transfer, amount }), on)
    }

    /// A transfer that its recipient sends back.
    pub(super) fn send_back(&self, step: &Step) -> (Command, Option<AccountId>) {
        let Step::SendBack { transfer, amount, on } = step else { panic!("{step:?} sends nothing back") };
        let known = self.ids(|id| if let ObjectId::Transfer(id) = id { Some(id) } else { None });
        let open = |id: &TransferId| self.platform.transfer(*id).is_ok_and(|transfer| !transfer.is_reversed());
        let open: Vec<TransferId> = known.iter().copied().filter(open).collect();
        let transfer = transfer.likely(&open, &known).unwrap_or(TransferId::from_host(NOBODY));
        let known = self.platform.transfer(transfer);
        let whole = known.as_ref().map_or(usd(1_00), |transfer| transfer.amount());
        let amount = amount.map(|sum| Money::new(sum.of(whole.minor().into()), whole.currency()));
        let on = self.on(*on, known.ok().map(|transfer| transfer.destination()));
        (Command::ReturnTransfer(NewTransferReturn { transfer, amount }), on)
    }
}
