//! A platform with sellers who can do everything, and short words to move it on.

use fundroute::accounts::{
    CloseAccount, InquiryChanged, InquiryState, PayoutsAction, RejectAccount, RejectReason, RejectedByProcessor,
    Review, ReviewClosed, ReviewOpened, ReviewOutcome, SetPause, UnrejectAccount,
};
use fundroute::calendar::{Timestamp, days, utc};
use fundroute::ids::AccountId;
use fundroute::journal::{Answer, Fact, FactOutcome, Report};
use fundroute::money::usd;
use fundroute::payments::NewPayment;
use fundroute::payouts::{PayoutSchedule, SetPayoutSchedule};
use fundroute::platform::{Command, Error, NewPlatform, Platform, Request};
use fundroute::prelude::US;
use fundroute::routing::NewTransfer;
use fundroute::rulebook::{Impact, Rulebook};
use fundroute::simulator::World;

use fundroute::accounts::NewAccount;

/// Noon of a Monday without holidays around it.
pub(crate) fn noon() -> Timestamp {
    utc(2026, 11, 2).at(12, 0)
}

#[derive(Clone)]
pub(crate) struct Shop {
    pub(crate) platform: Platform,
    pub(crate) world: World,
    pub(crate) jo: AccountId,
    pub(crate) keys: u32,
}

impl Shop {
    /// A platform in test mode, with an express seller who has given everything and has a bank account.
    pub(crate) fn open() -> Self {
        Self::of(NewPlatform::in_country(US), Rulebook::standard(), NewAccount::express(US))
    }

    pub(crate) fn of(new: NewPlatform, book: Rulebook, seller: NewAccount) -> Self {
        let mut platform = Platform::new(new, book, noon()).unwrap();
        let mut world = World::new();
        // The numbers of test mode are refused where real money moves.
        let jo = match platform.livemode() {
            true => world.onboard_with_bank(&mut platform, seller, "55779911"),
            false => world.onboard(&mut platform, seller),
        };
        let jo = jo.unwrap();
        Self { platform, world, jo, keys: 0 }
    }

    pub(crate) fn key(&mut self) -> String {
        self.keys += 1;
        format!("key-{}", self.keys)
    }

    pub(crate) fn ask(&mut self, command: Command) -> Result<Answer, Error> {
        let key = self.key();
        self.platform.handle(Request::new(key, command)).map(|decided| decided.answer)
    }

    pub(crate) fn ask_as(&mut self, account: AccountId, command: Command) -> Result<Answer, Error> {
        let key = self.key();
        self.platform.handle(Request::new(key, command).acting_as(account)).map(|decided| decided.answer)
    }

    pub(crate) fn tell(&mut self, fact: Fact) -> FactOutcome {
        let at = self.platform.now();
        self.tell_at(at, fact)
    }

    pub(crate) fn tell_at(&mut self, at: Timestamp, fact: Fact) -> FactOutcome {
        let key = self.key();
        self.platform.record(&Report::new(key, at, fact)).unwrap().answer
    }

    /// Lets days pass, for the platform and the world.
    pub(crate) fn wait(&mut self, number: i64) {
        self.world.advance(&mut self.platform, days(number)).unwrap();
    }

    /// The platform has money that it can move.
    pub(crate) fn fund(&mut self) {
        let (account, schedule) = (self.platform.id(), PayoutSchedule::Manual);
        self.ask(Command::SetPayoutSchedule(SetPayoutSchedule { account, schedule })).unwrap();
        let key = self.key();
        self.platform.payments().create(&key, NewPayment::card(usd(5_000_00))).unwrap();
        self.wait(3);
    }

    /// The seller is paid out only when asked to.
    pub(crate) fn by_hand(&mut self) {
        let (account, schedule) = (self.jo, PayoutSchedule::Manual);
        self.ask(Command::SetPayoutSchedule(SetPayoutSchedule { account, schedule })).unwrap();
    }

    /// The seller has 200.00 that it can be paid.
    pub(crate) fn fund_seller(&mut self) {
        self.fund();
        self.ask(Command::CreateTransfer(NewTransfer::to(self.jo, usd(200_00)))).unwrap();
    }
}

pub(crate) fn reject(account: AccountId, payouts: PayoutsAction) -> Command {
    Command::RejectAccount(RejectAccount { account, reason: RejectReason::FraudOther, payouts })
}

pub(crate) fn unreject(account: AccountId) -> Command {
    Command::UnrejectAccount(UnrejectAccount { account })
}

pub(crate) fn pause_payments(account: AccountId, paused: bool) -> Command {
    Command::SetPause(SetPause::payments(account, paused))
}

pub(crate) fn pause_payouts(account: AccountId, paused: bool) -> Command {
    Command::SetPause(SetPause::payouts(account, paused))
}

pub(crate) fn close(account: AccountId) -> Command {
    Command::CloseAccount(CloseAccount { account })
}

pub(crate) fn opened(account: AccountId, review: Review) -> Fact {
    Fact::ReviewOpened(ReviewOpened { account, review })
}

pub(crate) fn cleared(account: AccountId) -> Fact {
    Fact::ReviewClosed(ReviewClosed { account, outcome: ReviewOutcome::Cleared })
}

pub(crate) fn confirmed(account: AccountId, reason: RejectReason) -> Fact {
    Fact::ReviewClosed(ReviewClosed { account, outcome: ReviewOutcome::Rejected(reason) })
}

pub(crate) fn turned_away(account: AccountId, reason: RejectReason) -> Fact {
    Fact::RejectedByProcessor(RejectedByProcessor { account, reason })
}

/// That the processor wants to know something about a business, at once.
pub(crate) fn asked(account: AccountId, impact: Impact, state: InquiryState) -> Fact {
    let inquiry = "interv_1a.business_model_verification.form".parse().unwrap();
    Fact::InquiryChanged(InquiryChanged { account, inquiry, state, impact, deadline: None })
}

/// The code and the name of a refusal.
pub(crate) fn name(error: &Error) -> String {
    let text = format!("{error:?}");
    let inner = text.split_once('(').map_or(text.as_str(), |(_, inner)| inner);
    inner.chars().take_while(|c| c.is_alphanumeric()).collect()
}
