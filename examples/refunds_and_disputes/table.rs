//! The story of one payment, told once for each charge type, as a table.

use std::fmt::Write as _;

use fundroute::ids::{AccountId, PaymentId};
use fundroute::ledger::LedgerAccount;
use fundroute::payments::{
    CapturePayment, DisputeCase, DisputeOpened, DisputeReason, FraudType, RefundFailure, SubmitEvidence,
};
use fundroute::prelude::*;
use fundroute::routing::NewTransferReversal;
use fundroute::rulebook::CardBrand;
use fundroute::simulator::World;

type Told = Result<(), Box<dyn std::error::Error>>;

/// On whose balance the payment is booked, and how the seller gets a part of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Direct,
    Destination,
    OnBehalfOf,
    Separate,
}

/// One payment, and who holds what of it.
struct Story {
    platform: Platform,
    world: World,
    jo: AccountId,
    kind: Kind,
    text: String,
    keys: u32,
}

/// Tells everything.
pub(crate) fn tell() -> Result<String, Box<dyn std::error::Error>> {
    let mut text =
        "Who holds what of one payment of 100.00, in dollars, after each event. The buyer's column is what was paid.\n"
            .to_owned();
    for (kind, name) in [
        (Kind::Direct, "A direct charge on the seller, with a commission of 10.00"),
        (Kind::Destination, "A destination charge, with a commission of 10.00"),
        (Kind::OnBehalfOf, "The same on behalf of the seller"),
        (Kind::Separate, "A charge of the platform, and a transfer of 90.00"),
    ] {
        writeln!(text, "\n{name}")?;
        writeln!(
            text,
            "{:<46}{:>9}{:>9}{:>11}{:>10}{:>9}",
            "", "seller", "platform", "processor", "disputed", "buyer"
        )?;
        let mut story = Story::of(kind)?;
        story.paid()?;
        story.refunded()?;
        story.disputed()?;
        text.push_str(&story.text);
    }
    Ok(text)
}

impl Story {
    fn of(kind: Kind) -> Result<Self, Box<dyn std::error::Error>> {
        let mut platform = Platform::new(NewPlatform::in_country(US), Rulebook::standard(), utc(2026, 11, 2).at(9, 0))?;
        let mut world = World::new();
        let jo = world.onboard(&mut platform, NewAccount::express(US))?;
        Ok(Self { platform, world, jo, kind, text: String::new(), keys: 0 })
    }

    fn key(&mut self) -> String {
        self.keys = self.keys.saturating_add(1);
        format!("step-{}", self.keys)
    }

    /// A line of the table: what everyone holds now.
    fn line(&mut self, what: &str) -> Told {
        let held = |platform: &Platform, account| -> Result<i128, Error> {
            let balance = platform.balance(account, USD)?;
            Ok(balance.pending.saturating_add(balance.available))
        };
        let (seller, house) = (held(&self.platform, self.jo)?, held(&self.platform, self.platform.id())?);
        let outside = |account| self.platform.outside(account, USD);
        let (fees, disputed) = (outside(LedgerAccount::Fees), outside(LedgerAccount::Disputes));
        let paid = outside(LedgerAccount::Payers).saturating_neg();
        let [seller, house, fees, disputed, paid] = [seller, house, fees, disputed, paid].map(dollars);
        writeln!(self.text, "{what:<46}{seller:>9}{house:>9}{fees:>11}{disputed:>10}{paid:>9}")?;
        Ok(())
    }

    /// The account that the payment is made on.
    fn on(&self) -> Option<AccountId> {
        match self.kind {
            Kind::Direct => Some(self.jo),
            Kind::Destination | Kind::OnBehalfOf | Kind::Separate => None,
        }
    }

    fn ask(&mut self, command: Command) -> Result<fundroute::journal::Answer, Error> {
        let request = Request::new(self.key(), command);
        let request = match self.on() {
            Some(account) => request.acting_as(account),
            None => request,
        };
        self.platform.handle(request).map(|decided| decided.answer)
    }

    fn sale(&self) -> Result<PaymentId, &'static str> {
        use fundroute::journal::Record;
        let payment = |record: &Record| if let Record::Payment(payment) = record { Some(payment.id()) } else { None };
        self.platform.records().find_map(payment).ok_or("there is no payment")
    }

    fn paid(&mut self) -> Told {
        let order = NewPayment::card(usd(100_00)).manual_capture();
        let order = match self.kind {
            Kind::Direct => order.application_fee(usd(10_00)),
            Kind::Destination => order.destination(self.jo).application_fee(usd(10_00)),
            Kind::OnBehalfOf => order.destination(self.jo).on_behalf_of(self.jo).application_fee(usd(10_00)),
            Kind::Separate => order,
        };
        self.ask(Command::CreatePayment(order))?;
        self.world.settle(&mut self.platform)?;
        self.line("authorized")?;
        let sale = self.sale()?;
        self.ask(Command::CapturePayment(CapturePayment::of(sale)))?;
        self.world.settle(&mut self.platform)?;
        self.line("captured")?;
        if self.kind == Kind::Separate {
            let transfer = NewTransfer::to(self.jo, usd(90_00)).from_payment(sale);
            self.ask(Command::CreateTransfer(transfer))?;
            self.line("90.00 transferred")?;
        }
        Ok(())
    }

    /// Takes part of the seller's share back, where no refund does that.
    fn pull_back(&mut self, amount: Money) -> Told {
        use fundroute::journal::Record;
        let transfer =
            |record: &Record| if let Record::Transfer(transfer) = record { Some(transfer.id()) } else { None };
        let transfer = self.platform.family(self.sale()?).find_map(transfer).ok_or("there is no transfer")?;
        let key = self.key();
        self.platform.transfers().reverse_part(&key, NewTransferReversal::of(transfer).amount(amount))?;
        Ok(())
    }

    /// A refund with all shares pulled back, that the buyer's bank then sends back.
    fn refunded(&mut self) -> Told {
        let refund = NewRefund::of(self.sale()?).amount(usd(25_00));
        let refund = match self.kind {
            Kind::Direct => refund.refund_application_fee(),
            Kind::Destination | Kind::OnBehalfOf => refund.reverse_transfer().refund_application_fee(),
            Kind::Separate => refund,
        };
        let fundroute::journal::Answer::Refund(refund) = self.ask(Command::CreateRefund(refund))? else {
            return Err("a refund is answered with its id".into());
        };
        if self.kind == Kind::Separate {
            self.line("25.00 refunded")?;
            self.pull_back(usd(22_50))?;
        }
        self.line("25.00 refunded, shares pulled back")?;
        let (key, now) = (self.key(), self.platform.now());
        self.platform.refunds().record_failed(&key, now, refund, RefundFailure::ExpiredOrCanceledCard)?;
        self.line("the buyer's bank sends it back")
    }

    /// A dispute of everything, which is countered and won, and then lost in an appeal; whoever bears it takes the share back.
    fn disputed(&mut self) -> Told {
        let sale = self.sale()?;
        let (charge, now) = (self.platform.charge_of(sale)?.id(), self.platform.now());
        let (key, fraud) = (self.key(), FraudType::MadeWithStolenCard);
        self.platform.disputes().record_fraud_warning(&key, now, charge, "issfr_1", fraud)?;
        self.line("the bank warns of fraud")?;
        let opened = DisputeOpened {
            charge: charge.into(),
            reference: "du_1".to_owned(),
            amount: usd(100_00),
            reason: DisputeReason::Fraudulent,
            case: DisputeCase::Chargeback,
            network: Some(CardBrand::Visa),
            respond_by: Some(now.plus_days(9)?),
            settled: None,
        };
        let (key, other) = (self.key(), self.key());
        self.platform.disputes().record_opened(&key, now, opened)?;
        self.platform.disputes().record_funds_withdrawn(&other, now, "du_1")?;
        self.line("disputed, and withdrawn")?;
        let dispute = self.platform.disputes_of(sale)?.first().map(|dispute| dispute.id()).ok_or("no dispute")?;
        self.ask(Command::SubmitEvidence(SubmitEvidence::new(dispute, "delivery-note-17")))?;
        self.line("countered")?;
        let key = self.key();
        self.platform.disputes().record_won(&key, now, "du_1")?;
        self.line("won")?;
        self.world.advance(&mut self.platform, hours(1))?;
        let (key, now) = (self.key(), self.platform.now());
        self.platform.disputes().record_appealed(&key, now, "du_1", now.plus_days(7)?)?;
        self.line("the buyer's bank appeals")?;
        self.world.advance(&mut self.platform, hours(1))?;
        let (key, now) = (self.key(), self.platform.now());
        self.platform.disputes().record_lost(&key, now, "du_1")?;
        self.line("the appeal is lost")?;
        match self.kind {
            Kind::Direct => Ok(()),
            Kind::Destination | Kind::OnBehalfOf | Kind::Separate => {
                self.pull_back(usd(67_50))?;
                self.line("the platform takes what is left of the share")
            }
        }
    }
}

/// Minor units as people write them.
fn dollars(minor: i128) -> String {
    let sign = if minor < 0 { "-" } else { "" };
    let (whole, part) = (minor.unsigned_abs().wrapping_div(100), minor.unsigned_abs().wrapping_rem(100));
    format!("{sign}{whole}.{part:02}")
}
