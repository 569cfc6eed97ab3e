//! The story of one cart, and what it leaves on everybody's account.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use fundroute::ids::{AccountId, PaymentId, TransferId};
use fundroute::money::{Money, Rate, eur};
use fundroute::payments::{DisputeCase, DisputeChange, DisputeOpened, DisputeReason};
use fundroute::prelude::*;
use fundroute::routing::{Allotment, Excess, NewTransferReversal, SplitPlan};
use fundroute::rulebook::{CardBrand, Price};
use fundroute::simulator::World;

type Told = Result<(), Box<dyn std::error::Error>>;

/// What the cards of our buyers cost us: the standard rulebook knows no price in euros, so we bring the one of our contract.
fn our_rules() -> Result<Rulebook, Box<dyn std::error::Error>> {
    let price = Price::new(DE, PaymentMethod::Card, EUR, "1.5 %".parse()?, 25);
    Ok(Rulebook::standard().with_price(price)?)
}

/// A line of the cart: what it is, what it costs, and who gets what of that.
struct Line {
    what: &'static str,
    parts: Allotment,
}

/// Everybody who gets a part.
struct Parties {
    house: AccountId,
    potter: AccountId,
    soap: AccountId,
    bakery: AccountId,
    courier: AccountId,
    charity: AccountId,
    affiliate: AccountId,
}

impl Parties {
    const fn named(&self) -> [(&'static str, AccountId); 7] {
        [
            ("the platform, in Berlin", self.house),
            ("the potter, in Berlin", self.potter),
            ("the soap maker, in Lyon", self.soap),
            ("the bakery, in Potsdam", self.bakery),
            ("the courier", self.courier),
            ("the charity, in Paris", self.charity),
            ("who sent us the buyer", self.affiliate),
        ]
    }

    /// Of what a seller sells, 1 % goes to the charity and 12 % to us, of which whoever sent the buyer gets a quarter.
    fn plan(&self, seller: AccountId) -> Result<SplitPlan, Box<dyn std::error::Error>> {
        let percent = |text: &str| text.parse::<Rate>();
        let ours =
            SplitPlan::builder(Excess::Refuse).share(self.affiliate, percent("25 %")?).rest(self.house).build()?;
        let plan = SplitPlan::builder(Excess::Refuse)
            .share(self.charity, percent("1 %")?)
            .share_among(percent("12 %")?, ours)
            .rest(seller);
        Ok(plan.build()?)
    }

    /// What is delivered is the courier's alone.
    fn cart(&self) -> Result<Vec<Line>, Box<dyn std::error::Error>> {
        let delivery = SplitPlan::builder(Excess::Refuse).rest(self.courier).build()?;
        Ok(vec![
            Line { what: "two bowls", parts: self.plan(self.potter)?.allot(eur(64_90))? },
            Line { what: "a box of soap", parts: self.plan(self.soap)?.allot(eur(22_45))? },
            Line { what: "three loaves", parts: self.plan(self.bakery)?.allot(eur(18_10))? },
            Line { what: "delivery", parts: delivery.allot(eur(6_90))? },
        ])
    }
}

/// The cart on its way, and what was told of it.
struct Story {
    platform: Platform,
    world: World,
    parties: Parties,
    transfers: BTreeMap<AccountId, TransferId>,
    text: String,
}

/// Tells everything.
pub(crate) fn tell() -> Result<String, Box<dyn std::error::Error>> {
    let mut story = Story::begin()?;
    let cart = story.parties.cart()?;
    let sale = story.sell(&cart)?;
    story.give_a_line_back(sale, cart.iter().find(|line| line.what == "a box of soap"))?;
    story.lose_a_dispute(sale, &cart)?;
    story.statements()?;
    story.explain(story.parties.potter)?;
    Ok(story.text)
}

impl Story {
    fn begin() -> Result<Self, Box<dyn std::error::Error>> {
        let mut platform = Platform::new(NewPlatform::in_country(DE), our_rules()?, utc(2026, 11, 2).at(9, 0))?;
        let mut world = World::new();
        let mut join = |country| world.onboard(&mut platform, NewAccount::express(country));
        let (potter, soap, bakery) = (join(DE)?, join(Country::FR)?, join(DE)?);
        let (courier, charity, affiliate) = (join(DE)?, join(Country::FR)?, join(DE)?);
        let house = platform.id();
        let parties = Parties { house, potter, soap, bakery, courier, charity, affiliate };
        Ok(Self { platform, world, parties, transfers: BTreeMap::new(), text: String::new() })
    }

    /// The buyer pays the cart at once, and everybody's part of all lines becomes one transfer.
    fn sell(&mut self, cart: &[Line]) -> Result<PaymentId, Box<dyn std::error::Error>> {
        let mut total = eur(0);
        for line in cart {
            total = total.checked_add(line.parts.whole())?;
        }
        writeln!(self.text, "A cart of {total}")?;
        let sale = self.platform.payments().create("cart", NewPayment::card(total))?.answer;
        self.world.settle(&mut self.platform)?;
        for line in cart {
            writeln!(self.text, "  {:<16}{:>12}", line.what, line.parts.whole().to_string())?;
            for (account, part) in line.parts.parts() {
                writeln!(self.text, "    {:<26}{:>12}", self.name_of(account), part.to_string())?;
            }
        }
        for (account, amount) in self.sums(cart)? {
            let key = format!("share of {account}");
            let transfer = NewTransfer::to(account, amount).from_payment(sale);
            self.transfers.insert(account, self.platform.transfers().create(&key, transfer)?.answer);
        }
        Ok(sale)
    }

    /// What everybody but the platform gets of some lines.
    fn sums(&self, lines: &[Line]) -> Result<BTreeMap<AccountId, Money>, Box<dyn std::error::Error>> {
        let mut sums: BTreeMap<AccountId, Money> = BTreeMap::new();
        let parts = lines.iter().flat_map(|line| line.parts.parts());
        for (account, part) in parts.filter(|(account, _)| *account != self.parties.house) {
            let sum = sums.entry(account).or_insert(eur(0));
            *sum = sum.checked_add(part)?;
        }
        Ok(sums)
    }

    /// The buyer returns one line: its price goes back, and everybody gives back what that line had brought.
    fn give_a_line_back(&mut self, sale: PaymentId, line: Option<&Line>) -> Told {
        let line = line.ok_or("the line is not in the cart")?;
        let price = line.parts.whole();
        self.platform.refunds().create("return", NewRefund::of(sale).amount(price))?;
        self.take_back(line, "returned")?;
        writeln!(self.text, "\n{} is returned: {price} goes back to the buyer", line.what)?;
        Ok(())
    }

    /// The buyer's bank takes the rest back, and nobody has anything to say against it. What was sold is the sellers' loss; the courier has
    /// done its work and keeps what it got for it.
    fn lose_a_dispute(&mut self, sale: PaymentId, cart: &[Line]) -> Told {
        self.world.advance(&mut self.platform, days(3))?;
        let charge = self.platform.charge_of(sale)?;
        let (id, rest) = (charge.id(), charge.refundable());
        let now = self.platform.now();
        let opened = DisputeOpened {
            charge: id.into(),
            reference: "dp_1".to_owned(),
            amount: rest,
            reason: DisputeReason::ProductNotReceived,
            case: DisputeCase::Chargeback,
            network: Some(CardBrand::Mastercard),
            respond_by: Some(now.plus_days(9)?),
            settled: None,
        };
        self.platform.disputes().record_opened("opened", now, opened)?;
        self.platform.disputes().record_changed("withdrawn", now, "dp_1", DisputeChange::FundsWithdrawn)?;
        self.platform.disputes().record_changed("lost", now, "dp_1", DisputeChange::Lost)?;
        for line in cart.iter().filter(|line| ["two bowls", "three loaves"].contains(&line.what)) {
            self.take_back(line, "lost")?;
        }
        writeln!(self.text, "the rest, {rest}, is disputed and lost; the courier keeps its part, at our expense")?;
        self.world.advance(&mut self.platform, days(14))?;
        Ok(())
    }

    fn take_back(&mut self, line: &Line, why: &str) -> Told {
        for (account, part) in line.parts.parts() {
            let Some(transfer) = self.transfers.get(&account) else { continue };
            let key = format!("{} {why}, {account}", line.what);
            self.platform.transfers().reverse_part(&key, NewTransferReversal::of(*transfer).amount(part))?;
        }
        Ok(())
    }

    fn statements(&mut self) -> Told {
        for (name, account) in self.parties.named() {
            let report = self.platform.balance_report(account, utc(2026, 11, 1)..utc(2026, 12, 1))?;
            let text = report.to_string();
            writeln!(self.text, "\n{name}")?;
            for line in text.lines().skip(1) {
                writeln!(self.text, "{line}")?;
            }
        }
        Ok(())
    }

    /// Every movement that made one balance, and what each goes back to.
    fn explain(&mut self, account: AccountId) -> Told {
        writeln!(self.text, "\n{}, cent by cent", self.name_of(account))?;
        for step in self.platform.explain(account, EUR)? {
            let because: Vec<String> = step.because.iter().map(ToString::to_string).collect();
            let moved = [("pending", step.pending), ("available", step.available), ("on its way", step.in_transit)];
            let moved: Vec<String> = moved
                .iter()
                .filter(|(_, minor)| *minor != 0)
                .map(|(what, minor)| format!("{minor:+} {what}"))
                .collect();
            writeln!(self.text, "  {}  {:<34} {}", step.at.date(), moved.join(", "), because.join(" < "))?;
        }
        Ok(())
    }

    fn name_of(&self, account: AccountId) -> &'static str {
        let named = self.parties.named();
        named.into_iter().find(|(_, known)| *known == account).map_or("nobody", |(name, _)| name)
    }
}
