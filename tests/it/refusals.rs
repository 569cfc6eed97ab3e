//! What is refused, with the error and the wire code (docs.stripe.com/error-codes, 2024), and that nothing is moved by it.

mod accounts;
mod payments;
mod payouts;
mod requests;
mod transfers;

use fundroute::ids::AccountId;
use fundroute::prelude::*;

use crate::shop::Shop;

/// A request that must be refused: its name, who it is made for, what it asks, and what it gets.
struct Refused {
    name: &'static str,
    account: Option<AccountId>,
    command: Command,
    error: Error,
    code: Option<&'static str>,
}

/// A table of requests that must be refused.
#[derive(Default)]
struct Table(Vec<Refused>);

impl Table {
    /// A request of the platform itself.
    fn row(&mut self, name: &'static str, command: Command, error: impl Into<Error>, code: Option<&'static str>) {
        self.0.push(Refused { name, account: None, command, error: error.into(), code });
    }

    /// A request of the platform for an account.
    fn for_account(
        &mut self,
        name: &'static str,
        account: AccountId,
        command: Command,
        error: impl Into<Error>,
        code: Option<&'static str>,
    ) {
        self.0.push(Refused { name, account: Some(account), command, error: error.into(), code });
    }

    /// Checks that each is refused, that nothing is different afterwards, and that its key is free.
    fn check(self, shop: &mut Shop) {
        let (before, due) = (shop.platform.snapshot(), shop.platform.next_deadline());
        for Refused { name, account, command, error, code } in self.0 {
            let request = Request::new("refused", command);
            let request = Request { account, ..request };
            let answer = shop.platform.decide(&request).map(|decided| decided.answer);
            assert_eq!(answer, Err(error.clone()), "{name}, in a dry run");
            let answer = shop.platform.handle(request).map(|decided| decided.answer);
            assert_eq!(answer, Err(error.clone()), "{name}");
            assert_eq!(error.code(), code, "{name}");
            assert_eq!(shop.platform.snapshot(), before, "{name}");
            assert_eq!(shop.platform.next_deadline(), due, "{name}");
        }
        shop.sound();
    }
}
