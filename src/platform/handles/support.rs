use super::{
    Accounts, ActingAs, Anomalies, Attributed, Caller, Disputes, Payments, Payouts, Refunds, Reserves, TopUps,
    Transfers, pick,
};
use crate::ids::{AccountId, PayoutId};
use crate::payouts::ResendPayout;
use crate::platform::{Command, Decided, Error, Platform};
use crate::tools::Attribution;

impl Platform {
    /// Does what follows with somebody behind it, and a reason, that go into the journal: who refunded this, and why, is found again by
    /// [`support_actions`](Self::support_actions). Any other call is carried out so as a [`Request`](crate::platform::Request).
    ///
    /// It lets nobody do more than without. A call that is refused leaves nothing, and one that is sent again under its key is answered as
    /// before, whoever sends it: the first one's name and reason stay.
    ///
    /// ```
    /// use fundroute::prelude::*;
    /// use fundroute::simulator::World;
    /// use fundroute::tools::Attribution;
    ///
    /// let (mut platform, mut world) =
    ///     (Platform::new(NewPlatform::in_country(US), Rulebook::standard(), utc(2026, 11, 2))?, World::new());
    /// let jo = world.onboard(&mut platform, NewAccount::express(US))?;
    /// let sale = platform.payments().create("order", NewPayment::card(usd(100_00)).destination(jo))?.answer;
    /// world.settle(&mut platform)?;
    ///
    /// let sam = Attribution::staff("s-17", "the parcel never came, ticket 4711");
    /// let back = NewRefund::of(sale).reverse_transfer();
    /// let refund = platform.attributed_to(&sam).refunds().create("back", back)?.answer;
    ///
    /// let known = platform.support_actions(refund)?;
    /// assert_eq!(known[0].to_string(), format!("2026-11-02  create_refund {refund}, by {sam}"));
    /// assert_eq!(platform.support_actions(jo)?, known);
    /// # Ok::<(), fundroute::Error>(())
    /// ```
    pub const fn attributed_to<'a>(&'a mut self, attribution: &'a Attribution) -> Attributed<'a> {
        Attributed(Caller { attribution: Some(attribution), ..self.caller() })
    }
}

impl Attributed<'_> {
    /// Acts for a connected account: see [`Platform::acting_as`].
    ///
    /// # Errors
    /// [`Error::NotFound`]; on a partial platform [`Error::NotLoaded`].
    pub fn acting_as(&mut self, account: AccountId) -> Result<ActingAs<'_>, Error> {
        self.0.platform.account(account)?;
        Ok(ActingAs(Caller { account: Some(account), ..self.0.lend() }))
    }

    /// Pauses, closes and changes accounts: see [`Platform::accounts`].
    pub const fn accounts(&mut self) -> Accounts<'_> {
        Accounts(self.0.lend())
    }

    /// Puts aside what no rule could take up: see [`Platform::anomalies`].
    pub const fn anomalies(&mut self) -> Anomalies<'_> {
        Anomalies(self.0.lend())
    }

    /// Answers disputes: see [`Platform::disputes`].
    pub const fn disputes(&mut self) -> Disputes<'_> {
        Disputes(self.0.lend())
    }

    /// Collects payments, captures and cancels them: see [`Platform::payments`].
    pub const fn payments(&mut self) -> Payments<'_> {
        Payments(self.0.lend())
    }

    /// Pays the platform out, and changes schedules: see [`Platform::payouts`].
    pub const fn payouts(&mut self) -> Payouts<'_> {
        Payouts(self.0.lend())
    }

    /// Gives payments back: see [`Platform::refunds`].
    pub const fn refunds(&mut self) -> Refunds<'_> {
        Refunds(self.0.lend())
    }

    /// Holds money of accounts back, and lets it go: see [`Platform::reserves`].
    pub const fn reserves(&mut self) -> Reserves<'_> {
        Reserves(self.0.lend())
    }

    /// Pulls money from the platform's own bank account: see [`Platform::top_ups`].
    pub const fn top_ups(&mut self) -> TopUps<'_> {
        TopUps(self.0.lend())
    }

    /// Moves money between the platform and its accounts: see [`Platform::transfers`].
    pub const fn transfers(&mut self) -> Transfers<'_> {
        Transfers(self.0.lend())
    }
}

impl Payouts<'_> {
    /// Sends a payout again that has failed, once its money is back: as much, to the same bank account or card or to where payouts go now.
    /// The answer is the new payout. What can be sent again is in the [page on payouts](crate::payouts#sent-again).
    ///
    /// ```
    /// use fundroute::journal::Record;
    /// use fundroute::payouts::{PayoutSchedule, ResendPayout};
    /// use fundroute::prelude::*;
    /// use fundroute::simulator::World;
    /// use fundroute::tools::Attribution;
    ///
    /// let mut world = World::new();
    /// let mut platform = Platform::new(NewPlatform::in_country(US), Rulebook::standard(), utc(2026, 11, 2))?;
    /// let jo = world.onboard(&mut platform, NewAccount::express(US))?;
    /// platform.payments().create("sale", NewPayment::card(usd(50_00)).destination(jo))?;
    /// world.advance(&mut platform, days(3))?; // jo is paid out
    /// platform.payouts().set_schedule("by hand", jo, PayoutSchedule::Manual)?;
    /// let payout = |record: &Record| if let Record::Payout(payout) = record { Some(payout.id()) } else { None };
    /// let sent = platform.records().find_map(payout).unwrap();
    /// let now = platform.now();
    /// platform.payouts().record_failed("back", now, sent, "insufficient_funds")?; // the bank account is as good as before
    ///
    /// let sam = Attribution::staff("s-17", "jo asked for it by telephone");
    /// let again = platform.attributed_to(&sam).acting_as(jo)?.payouts().resend("again", ResendPayout::of(sent))?.answer;
    /// assert_eq!(platform.payout(again)?.amount(), usd(50_00));
    /// assert_eq!((platform.payout(again)?.resend_of(), platform.payout(sent)?.resent_as()), (Some(sent), Some(again)));
    /// // Nobody sends it twice.
    /// assert!(platform.acting_as(jo)?.payouts().resend("and again", ResendPayout::of(sent)).is_err());
    /// # Ok::<(), fundroute::Error>(())
    /// ```
    ///
    /// # Errors
    /// [`PayoutError`](crate::payouts::PayoutError): where the payout has not failed, was sent again before, or is the debit of a bank; where
    /// the bank account or card was removed or takes nothing; where the money is not there, or the account is not paid for now.
    pub fn resend(&mut self, key: &str, command: ResendPayout) -> Result<Decided<PayoutId>, Error> {
        self.0.run(key, Command::ResendPayout(command), pick!(Payout))
    }
}
