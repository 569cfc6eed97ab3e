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

/// How to read the rest.
const INTRODUCTION: &str = "\
Three sellers on their way to being paid. Each of them fails once, and mends it. Below every step stands what the account can do, why no
more, and what is asked of it: what is due now, what was given and is still being checked, and until when there is time. Fields go by
the names that the field's API has for them.
";

/// How far the lines below a step are set in, how much room the words before a list have, and how long a line of a list may get.
const INDENT: usize = 12;
const LABEL: usize = 15;
const WIDTH: usize = 96;

/// Tells everything.
pub(crate) fn tell() -> Result<String, Box<dyn std::error::Error>> {
    let platform = Platform::new(NewPlatform::in_country(US), Rulebook::standard(), utc(2026, 11, 2).at(9, 0))?;
    let text = INTRODUCTION.to_owned();
    let mut story = Story { platform, world: World::new(), text, keys: 0, names: Vec::new() };
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

    fn head(&mut self, line: &str) -> Told {
        writeln!(self.text, "\n{line}")?;
        Ok(())
    }

    fn say(&mut self, line: &str) -> Told {
        writeln!(self.text, "{}  {line}", self.platform.now().date())?;
        Ok(())
    }

    fn below(&mut self, line: &str) -> Told {
        writeln!(self.text, "{:INDENT$}{line}", "")?;
        Ok(())
    }

    /// What an account can do at this moment, and what is asked of it.
    fn show(&mut self, account: AccountId) -> Told {
        let Readiness { phase, charges_enabled, payouts_enabled, disabled_reason, waiting_for, requirements, .. } =
            self.platform.readiness(account)?;
        let word = |on| if on { "on" } else { "off" };
        let why = disabled_reason.map(|reason| format!(", because {}", reason.as_str())).unwrap_or_default();
        let (charges, payouts) = (word(charges_enabled), word(payouts_enabled));
        self.below(&format!("{phase:?}: charges {charges}, payouts {payouts}{why}"))?;
        self.list("due now", &requirements.currently_due)?;
        self.list("being checked", &waiting_for)?;
        for error in &requirements.errors {
            let path = self.call(&error.requirement);
            self.below(&format!("{path} was not accepted: {}", error.code))?;
        }
        for alternative in &requirements.alternatives {
            self.list("would do, too", &alternative.alternative_fields_due)?;
        }
        if let Some(deadline) = requirements.current_deadline {
            self.below(&format!("there is time until {}", deadline.date()))?;
        }
        Ok(())
    }

    /// Fields, those of one thing or person together.
    fn list(&mut self, what: &str, paths: &[RequirementPath]) -> Told {
        let mut groups: Vec<(String, Vec<String>)> = Vec::new();
        for path in paths.iter().map(|path| self.call(path)) {
            let (of, field) = path.split_once('.').unwrap_or((&path, ""));
            let known = groups.iter_mut().find(|(known, _)| known == of);
            match known {
                Some((_, fields)) => fields.push(field.to_owned()),
                None => groups.push((of.to_owned(), vec![field.to_owned()])),
            }
        }
        let mut label = what;
        for (of, fields) in groups {
            let text = if fields.concat().is_empty() { of } else { format!("{of}: {}", fields.join(", ")) };
            for line in wrapped(&text) {
                self.below(&format!("{label:<LABEL$}{line}"))?;
                label = "";
            }
        }
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
        self.head("1. Jo, in the United States: an Express account. The processor's pages ask for everything.")?;
        let new = NewAccount::express(US).business_type(BusinessType::Individual);
        let jo = self.platform.accounts().create("jo", new)?.answer;
        self.say("Jo wants to sell, and has given nothing yet.")?;
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
        self.show(jo)?;
        let sale = NewPayment::card(usd(20_00)).destination(jo).application_fee(usd(2_00));
        self.platform.payments().create("jo-sale", sale)?;
        self.world.settle(&mut self.platform)?;
        self.say("A first sale, as a destination charge of the platform's: 18.00 USD of it are Jo's.")
    }

    /// A company in Germany without a dashboard: the platform asks for everything itself.
    fn custom_company(&mut self) -> Told {
        self.head("2. Oak GmbH, in Germany: a Custom account. The platform asks for everything itself, of the company and three persons.")?;
        let new = NewAccount::custom(DE).request(Capability::CardPayments).request(Capability::Transfers);
        let oak = self.platform.accounts().create("oak", new.business_type(BusinessType::Company))?.answer;
        self.say("The company wants to sell.")?;
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
        self.head("3. Al, in the United States: a Standard account, which he connects by himself (OAuth).")?;
        let application = NewApplication::platform("https://shop.example/connected");
        self.platform.connections().register("shop", application)?;
        let wish = Authorize::new_account(US);
        let late = self.platform.connections().authorize("al-1", wish.clone())?.answer;
        let code = self.platform.connection(late)?.code();
        self.platform.advance_to(self.platform.now().checked_add(hours(1))?)?;
        let refusal = self.platform.connections().exchange("al-late", &code).err();
        let code_of = refusal.and_then(|error| error.code()).unwrap_or_default();
        self.say(&format!("Al lets the platform in, and the platform takes an hour to use the code: {code_of}."))?;
        let again = self.platform.connections().authorize("al-2", wish)?.answer;
        let code = self.platform.connection(again)?.code();
        let Exchange::Connected { account: al, .. } = self.platform.connections().exchange("al-code", &code)?.answer
        else {
            return Err("a fresh code connects".into());
        };
        self.answer_all_but(al, &[])?;
        self.bank(al)?;
        self.world.settle(&mut self.platform)?;
        self.say("The second time it is quicker, and Al gives what he is asked for in his own dashboard.")?;
        self.show(al)?;
        let sale = NewPayment::card(usd(20_00)).application_fee(usd(2_00));
        self.platform.acting_as(al)?.payments().create("al-sale", sale.clone())?;
        self.world.settle(&mut self.platform)?;
        self.say("A first sale, as a direct charge on his own account.")?;
        self.platform.connections().deauthorize("al-end", al)?;
        let refused = self.platform.acting_as(al)?.payments().create("al-more", sale).err();
        let refused = refused.map(|error| error.to_string()).unwrap_or_default();
        self.say(&format!("Al ends the connection, and another sale is refused: {}.", without_id(&refused)))?;
        self.show(al)
    }
}

/// A text in lines that are not too long, all but the first set in a little.
fn wrapped(text: &str) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in text.split(' ') {
        let is_first = lines.is_empty();
        match lines.last_mut().filter(|line| line.len().saturating_add(word.len()) < WIDTH) {
            Some(line) => {
                line.push(' ');
                line.push_str(word);
            }
            None if is_first => lines.push(word.to_owned()),
            None => lines.push(format!("  {word}")),
        }
    }
    lines
}

/// A story needs no ids.
fn without_id(text: &str) -> String {
    text.split(' ').filter(|word| !word.contains("acct_")).collect::<Vec<_>>().join(" ")
}
