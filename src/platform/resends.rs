//! Payouts that have failed and are sent again.

use super::{Error, Transaction};
use crate::accounts::{Account, Action, ExternalAccount, PayoutMethod};
use crate::ids::{AccountId, PayoutId};
use crate::journal::Key;
use crate::payouts::{NewPayout, Payout, PayoutError, PayoutEvent, ResendPayout, ResendTo};

impl Transaction<'_> {
    // RULE: money that came back waits on the balance, and the next payout takes it (docs.stripe.com/payouts, 2026). That a person can have the
    // same payout made again is our own addition: a payout by hand, with all that is asked of one.
    pub(super) fn resend_payout(&mut self, on: Option<AccountId>, command: ResendPayout) -> Result<PayoutId, Error> {
        let payout = self.get::<Payout>(command.payout)?.into_owned();
        let (id, owner, amount) = (payout.id(), payout.account(), payout.amount());
        if owner != on.unwrap_or(self.platform) {
            return Err(PayoutError::NotOnAccount(id).into());
        }
        let earlier = payout.resent_as();
        let mut keys = vec![Key::Family(owner.family()), Key::Balance(owner, amount.currency())];
        keys.extend(earlier.map(|earlier| Key::Family(earlier.family())));
        self.want(&keys)?;
        let account = self.get::<Account>(owner)?;
        self.permit(&account, Action::CreatePayout)?;
        let earlier = earlier.map(|earlier| self.get::<Payout>(earlier)).transpose()?;
        let original = payout.resend(PayoutId::of(self.new_family(None)?, 0), earlier.as_deref())?;
        let destination = match command.to {
            ResendTo::Default => None,
            ResendTo::Same => {
                let bank = self.get::<ExternalAccount>(payout.destination())?;
                if !bank.is_there() {
                    return Err(PayoutError::DestinationRemoved(bank.id()).into());
                }
                Some(bank.id())
            }
        };
        self.put(original);
        self.event(PayoutEvent::Updated, id, Some(owner));
        let again = NewPayout { amount, method: PayoutMethod::Standard, destination, statement_descriptor: None };
        self.pay_by_hand(on, &again, Some(&payout))
    }
}
