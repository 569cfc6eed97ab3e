//! What happens, told as it happens.

use std::fmt::Write as _;

use fundroute::accounts::{
    Authorize, Exchange, Information, NewAccountLink, NewApplication, NewExternalAccount, NewPerson, Readiness,
    Relationship, RequirementPath, Visit,
};
use fundroute::ids::{AccountId, PersonId};
use fundroute::prelude::*;
use fundroute::rulebook::{BusinessType, Capability, PersonRole};
use fundroute::simulator::{UNKNOWN_NUMBER, UNREADABLE_DOCUMENT, World};

type Told = Result<(), Box<dyn std::error::Error>>;

/// A platform with its world, and what has been told of it so far.
struct Story {
    platform: Platform,
    world: World,
    text: String,
    keys: u32,
    /// What to call people whose ids would be read by nobody.
    names: Vec<(String, &'static str)>,
}

/// Tells everything.
pub(crate) fn tell() -> Result<String, Box<dyn std::error::Error>> {
    let platform = Platform::new(NewPlatform::in_country(US), Rulebook::standard(), utc(2026, 11, 2).at(9, 0))?;
    let mut story = Story { platform, world: World::new(), text: String::new(), keys: 0, names: Vec::new() };
    story.express_seller()?;
    story.custom_company()?;
    story.standard_account()?;
    Ok(story.text)
}

impl Story {
    fn key(&mut self) -> String {
        self.keys = self.keys.saturating_add(1);
        format!("step-{}", self.keys)
    }

    fn say(&mut self, line: &str) -> Told {
        writeln!(self.text, "{} {line}", self.platform.now().date())?;
        Ok(())
    }

    /// What an account can do at this moment, and what is asked of it.
    fn show(&mut self, account: AccountId) -> Told {
        let Readiness { phase, charges_enabled, payouts_enabled, disabled_reason, waiting_for, requirements, .. } =
            self.platform.readiness(account)?;
        let word = |on| if on { "on" } else { "off" };
        let why = disabled_reason.map(|reason| format!(", because {}", reason.as_str())).unwrap_or_default();
        let (charges, payouts) = (word(charges_enabled), word(payouts_enabled));
        writeln!(self.text, "           {phase:?}: charges {charges}, payouts {payouts}{why}")?;
        self.list("due now", &requirements.currently_due)?;
        self.list("being checked", &waiting_for)?;
        if let Some(deadline) = requirements.current_deadline {
            writeln!(self.text, "           the next deadline is {}", deadline.date())?;
        }
        for error in &requirements.errors {
            let path = self.call(&error.requirement);
            writeln!(self.text, "           {path} was not accepted: {}", error.code)?;
        }
        for alternative in &requirements.alternatives {
            self.list("would do instead", &alternative.alternative_fields_due)?;
        }
        Ok(())
    }

    fn list(&mut self, what: &str, paths: &[RequirementPath]) -> Told {
        let (some, rest) = paths.split_at_checked(6).unwrap_or((paths, &[]));
        if some.is_empty() {
            return Ok(());
        }
        let some: Vec<String> = some.iter().map(|path| self.call(path)).collect();
        let more = if rest.is_empty() { String::new() } else { format!(" and {} more", rest.len()) };
        writeln!(self.text, "           {what}: {}{more}", some.join(", "))?;
        Ok(())
    }

    /// A path with the name of the person that it is about.
    fn call(&self, path: &RequirementPath) -> String {
        let of = self.names.iter().find_map(|(id, name)| Some((name, path.as_str().strip_prefix(id)?)));
        of.map_or_else(|| path.to_string(), |(name, field)| format!("{name}{field}"))
    }

    /// The holder gives everything that is asked for but these fields, and the world checks it.
    fn answer_all_but(&mut self, account: AccountId, left_out: &[&str]) -> Told {
        for _ in 0..4 {
            for mut request in self.world.answers(&self.platform, account)? {
                if let Command::ProvideInformation(told) = &mut request.command {
                    told.fields.retain(|field, _| !left_out.contains(&&**field));
                    if told.fields.is_empty() && told.relationship.is_none() {
                        continue;
                    }
                }
                self.platform.handle(request)?;
            }
            self.world.settle(&mut self.platform)?;
        }
        Ok(())
    }

    fn bank(&mut self, account: AccountId) -> Told {
        let key = self.key();
        let owner = self.platform.account(account)?;
        let (country, currency) = (owner.country(), owner.default_currency());
        let format = self.platform.rulebook().bank_format(country, currency).cloned();
        let number = format.as_ref().and_then(|format| format.test_account()).unwrap_or_default();
        let mut bank = NewExternalAccount::bank(account, country, currency, number);
        if let Some(routing) = format.as_ref().and_then(|format| format.test_routing()) {
            bank = bank.routing(routing);
        }
        self.platform.holder_of(account)?.accounts().add_external_account(&key, bank)?;
        Ok(())
    }

    /// An Express seller in the United States, on the page that the platform sends her to.
    fn express_seller(&mut self) -> Told {
        let new = NewAccount::express(US).business_type(BusinessType::Individual);
        let jo = self.platform.accounts().create("jo", new)?.answer;
        self.say("Jo wants to sell, and has an Express account.")?;
        self.show(jo)?;

        let link = NewAccountLink::onboarding(jo, "https://shop.example/again", "https://shop.example/done");
        let link = self.platform.accounts().create_link("jo-link", link)?.answer;
        self.platform.advance_to(self.platform.now().checked_add(hours(1))?)?;
        if let Visit::SentToRefresh { url } = self.platform.accounts().visit_link("jo-late", link)?.answer {
            self.say(&format!("She opens the link an hour later: it has expired, and she is sent to {url}."))?;
        }
        let link = NewAccountLink::onboarding(jo, "https://shop.example/again", "https://shop.example/done");
        let link = self.platform.accounts().create_link("jo-link-2", link)?.answer;
        self.platform.accounts().visit_link("jo-visit", link)?;
        let number =
            Information::about(jo).set("individual.ssn_last_4", "1111").set("individual.id_number", UNKNOWN_NUMBER);
        self.answer_all_but(jo, &["individual.ssn_last_4", "individual.id_number"])?;
        self.platform.holder_of(jo)?.accounts().provide("jo-number", number)?;
        self.world.settle(&mut self.platform)?;
        self.bank(jo)?;
        self.platform.accounts().leave_link("jo-done", link)?;
        self.say("With a new link she gives everything, but a number that nobody knows.")?;
        self.show(jo)?;

        let document = |name: &str| Information::about(jo).set("individual.verification.document", name);
        self.platform.holder_of(jo)?.accounts().provide("jo-blurred", document(UNREADABLE_DOCUMENT))?;
        self.world.settle(&mut self.platform)?;
        self.say("Her first picture of a passport cannot be read.")?;
        self.show(jo)?;
        let good = document("file_identity_document_success");
        self.platform.holder_of(jo)?.accounts().provide("jo-sharp", good)?;
        self.world.settle(&mut self.platform)?;
        self.say("The second one can.")?;
        self.show(jo)
    }

    /// A company in Germany without a dashboard: the platform asks for everything itself.
    fn custom_company(&mut self) -> Told {
        let new = NewAccount::custom(DE).request(Capability::CardPayments).request(Capability::Transfers);
        let oak = self.platform.accounts().create("oak", new.business_type(BusinessType::Company))?.answer;
        self.say("Oak GmbH has a Custom account in Germany.")?;
        self.show(oak)?;
        let leads = [PersonRole::Representative, PersonRole::Executive, PersonRole::Director];
        let ada = self.person(oak, "Ada", &leads, 0)?;
        self.person(oak, "Bea", &[PersonRole::Owner], 60)?;
        self.person(oak, "Cay", &[PersonRole::Owner], 40)?;
        let born = Information::about_person(ada).set("dob", "1910-10-10");
        self.answer_all_but(oak, &["dob"])?;
        self.platform.accounts().provide("ada-born", born)?;
        self.answer_all_but(oak, &["dob"])?;
        let everybody = self.platform.persons(oak)?.into_iter().map(fundroute::accounts::Person::id);
        for (number, person) in everybody.filter(|id| *id != ada).collect::<Vec<_>>().into_iter().enumerate() {
            let born = Information::about_person(person).set("dob", "1980-05-01");
            self.platform.accounts().provide(&format!("owner-born-{number}"), born)?;
        }
        self.world.settle(&mut self.platform)?;
        self.bank(oak)?;
        self.say(
            "Its owners Bea and Cay are named, and Ada, who represents it; nobody knows of an Ada born on that day.",
        )?;
        self.show(oak)?;

        let deadline = self.platform.requirements(oak)?.current_deadline;
        let missed = deadline.ok_or("nothing has a deadline")?;
        self.world.advance_to(&mut self.platform, missed)?;
        self.say("Nobody answers in time.")?;
        self.show(oak)?;
        let born = Information::about_person(ada).set("dob", "1979-05-01");
        self.platform.accounts().provide("ada-born-again", born)?;
        self.world.settle(&mut self.platform)?;
        self.say("It was a slip of the pen: the right date is given.")?;
        self.show(oak)
    }

    fn person(
        &mut self,
        account: AccountId,
        name: &'static str,
        roles: &[PersonRole],
        percent: u16,
    ) -> Result<PersonId, Box<dyn std::error::Error>> {
        let key = self.key();
        let relationship = Relationship::of(roles.iter().copied());
        let relationship = if percent > 0 { relationship.owning(percent) } else { relationship };
        let person = self.platform.accounts().add_person(&key, NewPerson::new(account, relationship))?.answer;
        self.names.push((person.to_string(), name));
        Ok(person)
    }

    /// A business that has an account already, and lets the platform in.
    fn standard_account(&mut self) -> Told {
        let application = NewApplication::platform("https://shop.example/connected");
        self.platform.connections().register("shop", application)?;
        let wish = Authorize::new_account(US);
        let late = self.platform.connections().authorize("al-1", wish.clone())?.answer;
        let code = self.platform.connection(late)?.code();
        self.platform.advance_to(self.platform.now().checked_add(hours(1))?)?;
        let refusal = self.platform.connections().exchange("al-late", &code).err();
        let code_of = refusal.and_then(|error| error.code()).unwrap_or_default();
        self.say(&format!("Al lets the platform in, which takes an hour to use the code: {code_of}."))?;
        let again = self.platform.connections().authorize("al-2", wish)?.answer;
        let code = self.platform.connection(again)?.code();
        let Exchange::Connected { account: al, .. } = self.platform.connections().exchange("al-code", &code)?.answer
        else {
            return Err("a fresh code connects".into());
        };
        self.answer_all_but(al, &[])?;
        self.bank(al)?;
        self.world.settle(&mut self.platform)?;
        self.say("The second time it is quicker.")?;
        self.show(al)?;
        let sale = NewPayment::card(usd(20_00)).application_fee(usd(2_00));
        self.platform.acting_as(al)?.payments().create("al-sale", sale.clone())?;
        self.world.settle(&mut self.platform)?;
        self.say("A first sale, as a direct charge.")?;
        self.platform.connections().deauthorize("al-end", al)?;
        let refused = self.platform.acting_as(al)?.payments().create("al-more", sale).err();
        let refused = refused.map(|error| error.to_string()).unwrap_or_default();
        self.say(&format!("Al ends the connection, and another sale is refused: {}.", without_id(&refused)))?;
        self.show(al)
    }
}

/// A story needs no ids.
fn without_id(text: &str) -> String {
    text.split(' ').filter(|word| !word.contains("acct_")).collect::<Vec<_>>().join(" ")
}
