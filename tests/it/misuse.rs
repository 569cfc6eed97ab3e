//! What a host, a holder or the world may do wrong about an account, one by one: nothing is lost, and nobody gets at what is not
//! theirs.

#![expect(clippy::panic, reason = "an answer of another kind ends the story")]

mod answers;
mod changes;
mod grace;
mod keys;
mod shapes;
mod who_may;

use fundroute::accounts::*;
use fundroute::calendar::Timestamp;
use fundroute::ids::*;
use fundroute::journal::*;
use fundroute::payments::*;
use fundroute::payouts::*;
use fundroute::prelude::*;
use fundroute::rulebook::*;
use fundroute::simulator::World;

/// A platform, its outside world, and keys that are never the same.
struct Lab {
    p: Platform,
    w: World,
    n: u32,
}

impl Lab {
    fn new() -> Self {
        Self::by(Rulebook::standard())
    }
    fn by(book: Rulebook) -> Self {
        Self { p: Platform::new(NewPlatform::in_country(US), book, noon()).unwrap(), w: World::new(), n: 0 }
    }
    fn live() -> Self {
        let p = Platform::new(NewPlatform::in_country(US).live(), Rulebook::standard(), noon()).unwrap();
        Self { p, w: World::new(), n: 0 }
    }
    fn key(&mut self) -> String {
        self.n += 1;
        format!("k{}", self.n)
    }
    fn create(&mut self, new: NewAccount) -> AccountId {
        let key = self.key();
        self.p.accounts().create(&key, new).unwrap().answer
    }
    fn ready(&mut self, new: NewAccount) -> AccountId {
        self.w.onboard(&mut self.p, new).unwrap()
    }
    fn ask(&mut self, command: Command) -> Result<Answer, Error> {
        let key = self.key();
        self.p.handle(Request::new(key, command)).map(|d| d.answer)
    }
    fn ask_as(&mut self, account: AccountId, command: Command) -> Result<Answer, Error> {
        let key = self.key();
        self.p.handle(Request::new(key, command).acting_as(account)).map(|d| d.answer)
    }
    fn ask_by(&mut self, actor: Actor, account: AccountId, command: Command) -> Result<Answer, Error> {
        let key = self.key();
        self.p.handle(Request::new(key, command).by(actor, account)).map(|d| d.answer)
    }
    fn tell_at(&mut self, at: Timestamp, fact: Fact) -> FactOutcome {
        let key = self.key();
        self.p.record(&Report::new(key, at, fact)).unwrap().answer
    }
    fn give(&mut self, told: Information) -> Result<Answer, Error> {
        self.ask(Command::ProvideInformation(told))
    }
    fn person(&mut self, account: AccountId, r: Relationship) -> PersonId {
        let Answer::Person(id) = self.ask(Command::CreatePerson(NewPerson::new(account, r))).unwrap() else { panic!() };
        id
    }
    fn wait(&mut self, d: i64) {
        let until = self.p.now().plus_days(d).unwrap();
        self.p.advance_to(until).unwrap();
    }
    fn world_wait(&mut self, d: i64) {
        self.w.advance(&mut self.p, days(d)).unwrap();
    }
    /// Gives everything that an account is asked for.
    fn answer(&mut self, account: AccountId) {
        for _ in 0..4 {
            for request in self.w.answers(&self.p, account).unwrap() {
                self.p.handle(request).unwrap();
            }
        }
    }
    /// A company that has given everything and has a bank account; of all checks one kind was never answered.
    fn unchecked(&mut self, unchecked: Check) -> AccountId {
        let oak = self.create(custom(US).business_type(BusinessType::Company));
        self.answer(oak);
        self.w.add_bank(&mut self.p, oak, US, USD, "000123456789").unwrap();
        for instruction in self.p.instructions() {
            let is_left = matches!(&instruction, Instruction::Account(AccountInstruction::Verify { check, .. }) if *check == unchecked);
            if !is_left {
                self.w.answer(&self.p, &instruction);
            }
        }
        while let Some(report) = self.w.tell(self.p.now()) {
            self.p.record(&report).unwrap();
        }
        oak
    }
    fn revision(&self, account: AccountId, person: Option<PersonId>, check: Check) -> u32 {
        let given = match person {
            Some(p) => self.p.person(p).unwrap().given().clone(),
            None => self.p.profile(self.p.account(account).unwrap().profile()).unwrap().given().clone(),
        };
        given.check(check).unwrap().revision
    }
    fn fails(&mut self, account: AccountId, person: Option<PersonId>, check: Check, fields: &[&str]) {
        let revision = self.revision(account, person, check);
        let fields = fields.iter().map(|f| Box::from(*f)).collect();
        let outcome = CheckOutcome::Failed { code: RequirementErrorCode::VerificationFailedOther, fields };
        let at = self.p.now();
        self.tell_at(at, Fact::InformationChecked(InformationChecked { account, person, check, revision, outcome }));
    }
    fn funded(&mut self) {
        let account = self.p.id();
        self.ask(Command::SetPayoutSchedule(SetPayoutSchedule { account, schedule: PayoutSchedule::Manual })).unwrap();
        self.ask(Command::CreatePayment(NewPayment::card(usd(50_000_00)))).unwrap();
        self.world_wait(4);
    }
    fn due(&self, a: AccountId) -> Vec<String> {
        self.p.requirements(a).unwrap().eventually_due.iter().map(|p| p.as_str().to_owned()).collect()
    }
}

fn noon() -> Timestamp {
    utc(2026, 11, 2).at(12, 0)
}

fn custom(country: Country) -> NewAccount {
    NewAccount::custom(country).request(Capability::CardPayments).request(Capability::Transfers)
}
