//! A magazine pays those who wrote it, out of money that it sends itself.

use std::fmt::Write as _;

use fundroute::ids::{AccountId, TopUpId};
use fundroute::journal::TrialBalance;
use fundroute::money::{Currency, Money, usd};
use fundroute::payouts::{NewTopUp, PayoutSchedule, TopUpStatus};
use fundroute::prelude::*;
use fundroute::routing::{RoutingError, SetExchangeRate};
use fundroute::rulebook::Capability;
use fundroute::simulator::{TOP_UP_PAID, TOP_UP_PULLED_BACK, World};

type Told<T = ()> = Result<T, Box<dyn std::error::Error>>;

/// Somebody who is paid, where, and how much.
struct Writer {
    name: &'static str,
    country: Country,
    fee: Money,
    account: AccountId,
}

struct Story {
    platform: Platform,
    world: World,
    writers: Vec<Writer>,
    text: String,
}

/// Tells everything.
pub(crate) fn tell() -> Told<String> {
    let mut story = Story::begin()?;
    story.say("A magazine in New York owes four people 2,800.00 USD, and takes no payments.")?;
    // The bank pays this one, and takes it back two days later.
    let first = story.top_up("first", TOP_UP_PULLED_BACK, usd(3_000_00))?;
    story.wait_for(first)?;
    story.set_rates()?;
    for writer in [0, 1, 2] {
        story.pay(writer)?;
    }
    while story.status(first)? != TopUpStatus::Reversed {
        story.world.advance(&mut story.platform, days(1))?;
    }
    story.say("the bank pulls the top-up back")?;
    story.pay(3)?;
    let second = story.top_up("second", TOP_UP_PAID, usd(3_000_00))?;
    story.wait_for(second)?;
    story.pay(3)?;
    story.world.advance(&mut story.platform, days(7))?;
    story.statements()?;
    Ok(story.text)
}

impl Story {
    fn begin() -> Told<Self> {
        let mut platform = Platform::new(NewPlatform::in_country(US), Rulebook::standard(), utc(2026, 11, 2).at(9, 0))?;
        let mut world = World::new();
        let mut writers = Vec::new();
        for (name, country, fee) in [
            ("the reporter, in Austin", US, usd(900_00)),
            ("the translator, in Lyon", Country::FR, usd(750_00)),
            ("the illustrator, in London", Country::GB, usd(650_00)),
            ("the editor, in Toronto", Country::CA, usd(500_00)),
        ] {
            let account = world.onboard(&mut platform, NewAccount::custom(country).request(Capability::Transfers))?;
            writers.push(Writer { name, country, fee, account });
        }
        // What is topped up is there to be sent: nothing goes back to the magazine's bank by itself.
        let house = platform.id();
        platform.payouts().set_schedule("keep", house, PayoutSchedule::Manual)?;
        // Nor is it debited by itself for what the magazine owes: that is topped up as well.
        platform.payouts().debit_negative_balances("ask nobody", house, false)?;
        Ok(Self { platform, world, writers, text: String::new() })
    }

    fn say(&mut self, what: &str) -> Told {
        writeln!(self.text, "{}  {what}", self.platform.now().date())?;
        Ok(())
    }

    /// Pulls money from a bank account of the magazine's, which takes the place of the one before.
    fn top_up(&mut self, key: &str, bank: &str, amount: Money) -> Told<TopUpId> {
        let house = self.platform.id();
        self.world.add_bank(&mut self.platform, house, US, Currency::USD, bank)?;
        let id =
            self.platform.top_ups().create(key, NewTopUp::of(amount).statement_descriptor("November 2026"))?.answer;
        let expected = self.platform.top_up(id)?.expected_availability_date();
        let expected = expected.map(|date| date.date().to_string()).unwrap_or_default();
        self.say(&format!("pulls {amount} from its bank, to be there on {expected}"))?;
        self.world.settle(&mut self.platform)?;
        Ok(id)
    }

    fn status(&self, id: TopUpId) -> Told<TopUpStatus> {
        Ok(self.platform.top_up(id)?.status())
    }

    fn wait_for(&mut self, id: TopUpId) -> Told {
        while self.status(id)? == TopUpStatus::Pending {
            self.world.advance(&mut self.platform, days(1))?;
        }
        let there = self.platform.balance(self.platform.id(), USD)?.available;
        self.say(&format!("has {} to pay from", Money::new(i64::try_from(there)?, USD)))
    }

    /// What one dollar is worth, as the magazine's treasurer reads it: the middle of the market. What the processor takes of it is in the
    /// rulebook.
    fn set_rates(&mut self) -> Told {
        for (key, to, mid) in
            [("eur", Currency::EUR, "0.8642"), ("gbp", Currency::GBP, "0.7581"), ("cad", Currency::CAD, "1.3958")]
        {
            self.platform.exchange_rates().set(key, SetExchangeRate::new(USD, to, mid.parse()?))?;
        }
        Ok(())
    }

    /// Sends somebody what they are owed. One that is refused is not tried again by itself.
    fn pay(&mut self, writer: usize) -> Told {
        let Some(Writer { name, fee, account, .. }) = self.writers.get(writer) else { return Ok(()) };
        let (name, fee, account) = (*name, *fee, *account);
        let transfer = NewTransfer::to(account, fee).group("november");
        match self.platform.transfers().create(&format!("fee of {name}"), transfer) {
            Ok(decided) => {
                let received = self.platform.transfer(decided.answer)?.amount_received();
                let converted = if received == fee { String::new() } else { format!(", which become {received}") };
                self.say(&format!("sends {name}, {fee}{converted}"))
            }
            Err(Error::Routing(RoutingError::InsufficientFunds { available, .. })) => {
                let available = Money::new(i64::try_from(available)?, USD);
                self.say(&format!("cannot send {name}, {fee}: {available} are there"))
            }
            Err(other) => Err(other.into()),
        }
    }

    fn statements(&mut self) -> Told {
        let house = ("the magazine, in New York", US, self.platform.id());
        let writers = self.writers.iter().map(|writer| (writer.name, writer.country, writer.account));
        for (name, _, account) in std::iter::once(house).chain(writers).collect::<Vec<_>>() {
            let report = self.platform.balance_report(account, utc(2026, 11, 1)..utc(2026, 12, 1))?.to_string();
            writeln!(self.text, "\n{name}")?;
            for line in report.lines().skip(1) {
                writeln!(self.text, "{line}")?;
            }
        }
        let balanced =
            self.platform.audit().is_empty() && self.platform.trial_balances().iter().all(TrialBalance::balances);
        let verdict = if balanced { "The books balance, in each currency." } else { "The books do not balance." };
        writeln!(self.text, "\n{verdict}")?;
        Ok(())
    }
}
