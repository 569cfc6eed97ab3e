//! What disputes take and bring back.

use std::collections::BTreeSet;

use fundroute::ids::DisputeId;
use fundroute::journal::Record;
use fundroute::payments::{DisputeCase, DisputeChange, DisputeOpened, NamedDispute, SubmitEvidence};

use super::*;
use crate::stage::disputes::number_of;
use crate::ways::{Becomes, between};

/// What happened, in the order in which it counts where it was at one moment; and the date or the amount that goes with it.
type Happened = (Timestamp, u8, Option<i64>);

const ESCALATED: u8 = 0;
const WITHDRAWN: u8 = 1;
const ANSWERED: u8 = 2;
const REFUNDED: u8 = 3;
const CLOSED: u8 = 4;
const COUNTERED: u8 = 5;
const ACCEPTED: u8 = 6;
const PREVENTED: u8 = 7;
const LOST: u8 = 8;
const PARTLY: u8 = 9;
const WON: u8 = 10;
const REINSTATED: u8 = 11;
const APPEALED: u8 = 12;
const APPEAL_COUNTERED: u8 = 13;

#[derive(Clone, Debug)]
pub(crate) struct Quarrel {
    pub(crate) payment: PaymentId,
    fact: DisputeOpened,
    opened: Timestamp,
    is_final: bool,
    /// How what it takes is booked.
    way: Way,
    payer: AccountId,
    fees: [i128; 3],
    told: BTreeSet<Happened>,
    by_hand: bool,
    acknowledged: bool,
    /// What is taken, what of it the payer has, and the three fees.
    booked: [i128; 5],
    /// What it keeps from being refunded.
    pub(crate) blocked: i128,
    is_filed: bool,
    is_claimed: bool,
}

/// Where a dispute stands: in which word, until when, what is back, and whether it is won.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Standing {
    pub(crate) word: &'static str,
    pub(crate) due: Option<i64>,
    back: i128,
    won: bool,
}

impl Quarrel {
    /// Of each thing the first telling counts or the last, or both.
    fn happened(&self) -> Vec<Happened> {
        let mut all = Vec::new();
        for kind in 0..=APPEAL_COUNTERED {
            let of_kind: Vec<Happened> = self.told.iter().copied().filter(|(_, known, _)| *known == kind).collect();
            let ends = [of_kind.first(), of_kind.last()];
            let ends = match kind {
                ESCALATED | WITHDRAWN | CLOSED | PREVENTED | REFUNDED => &ends[..1],
                REINSTATED | ANSWERED | COUNTERED | APPEAL_COUNTERED => &ends[1..],
                _ => &ends[..],
            };
            all.extend(ends.iter().copied().flatten());
        }
        all.sort_by_key(|(at, kind, data)| (*at, *kind, *data));
        all
    }

    pub(crate) fn standing(&self, now: Timestamp) -> Standing {
        let amount = i128::from(self.fact.amount.minor());
        let due = self.fact.respond_by.map(Timestamp::micros).filter(|_| !self.is_final);
        let closes = self.opened.plus_days(120).unwrap_or(Timestamp::MAX).micros();
        let (word, due) = match (self.fact.case, due) {
            (DisputeCase::Inquiry, _) => ("inquiry", Some(closes)),
            (DisputeCase::Block | DisputeCase::Resolution, _) => ("prevented", None),
            (_, Some(due)) => ("open", Some(due)),
            (_, None) => ("lost", None),
        };
        let mut standing = Standing { word, due, back: 0, won: false };
        for (at, kind, data) in self.happened() {
            standing.pass(at.max(self.opened).micros());
            standing.turn(kind, data, amount);
        }
        standing.pass(now.micros());
        standing
    }
}

impl Standing {
    fn pass(&mut self, now: i64) {
        if self.due.is_some_and(|due| due <= now) {
            let word = if matches!(self.word, "inquiry" | "answered") { "closed" } else { "lost" };
            *self = Self { word, due: None, back: 0, won: false };
        }
    }

    fn becomes(&mut self, word: &'static str, due: Option<i64>) {
        (self.word, self.due) = (word, due);
    }

    fn turn(&mut self, kind: u8, data: Option<i64>, amount: i128) {
        let inquiry = matches!(self.word, "inquiry" | "answered");
        let filed = !inquiry && self.word != "closed";
        let undecided = matches!(self.word, "open" | "countered" | "appeal" | "appeal countered");
        match kind {
            ESCALATED if inquiry || (self.word == "open" && self.due.is_none()) => {
                self.becomes(if data.is_some() { "open" } else { "lost" }, data);
            }
            WITHDRAWN if inquiry => self.becomes("open", None),
            ANSWERED if self.word == "inquiry" => self.word = "answered",
            REFUNDED | CLOSED if inquiry => self.becomes("closed", None),
            COUNTERED if self.word == "open" => self.becomes("countered", None),
            APPEAL_COUNTERED if self.word == "appeal" => self.becomes("appeal countered", None),
            PREVENTED if inquiry || matches!(self.word, "open" | "countered") => {
                *self = Self { word: "prevented", due: None, back: 0, won: false };
            }
            ACCEPTED if matches!(self.word, "open" | "appeal") => {
                *self = Self { word: "lost", due: None, back: 0, won: false };
            }
            LOST if undecided => *self = Self { word: "lost", due: None, back: 0, won: false },
            PARTLY if undecided || self.word == "lost" => {
                *self = Self { word: "lost", due: None, back: data.unwrap().into(), won: false };
            }
            WON if undecided || self.word == "lost" => {
                *self = Self { word: "won", due: None, back: amount, won: true };
            }
            REINSTATED if filed => self.back = amount,
            APPEALED if matches!(self.word, "open" | "countered" | "won" | "lost") => self.becomes("appeal", data),
            _ => {}
        }
    }
}

/// How what a dispute takes is booked: as the world says, and else as the sale was; nothing where that is absurd.
fn way_of(sale: &Sale, fact: &DisputeOpened) -> Option<Way> {
    const MOST: i128 = 1_000_000_000_000_000_000;

    let amount = i128::from(fact.amount.minor());
    let way = match (sale.ways().booked, fact.settled) {
        (way, None) => way,
        (Some(way), Some(settled)) if settled.currency() == way.coin && settled.is_positive() => {
            Some(Becomes { coin: way.coin, over: settled.minor().into(), under: amount })
        }
        _ => return None,
    };
    (amount <= MOST && through(way, amount) <= MOST).then_some(way)
}

impl Model {
    fn news_of_dispute(&mut self, reference: &str, kind: u8, at: Timestamp, data: Option<i64>) {
        let now = self.now;
        let Some(quarrel) = self.quarrels.get_mut(reference) else { return };
        let inquiry = quarrel.fact.case == DisputeCase::Inquiry;
        if (matches!(kind, ESCALATED | CLOSED) && !inquiry) || (kind == APPEALED && quarrel.is_final) {
            return;
        }
        let before = quarrel.told.clone();
        quarrel.told.insert((at, kind, data));
        if matches!(kind, ESCALATED | WITHDRAWN) && quarrel.standing(now).word == "closed" {
            quarrel.told = before;
            return;
        }
        self.settle_quarrel(reference);
    }

    /// Puts the money of a dispute where it has to be now.
    pub(super) fn settle_quarrel(&mut self, reference: &str) {
        let quarrel = &self.quarrels[reference];
        let standing = quarrel.standing(self.now);
        let amount = i128::from(quarrel.fact.amount.minor());
        let filed = !matches!(standing.word, "inquiry" | "answered" | "closed");
        let withdrawn = filed && quarrel.told.iter().any(|(_, kind, _)| *kind == WITHDRAWN);
        let taken = if withdrawn { amount - standing.back } else { 0 };
        let over = matches!(standing.word, "lost" | "prevented");
        let [received, countered, compliance] = quarrel.fees;
        let compliance_due = quarrel.acknowledged && quarrel.fact.case == DisputeCase::Compliance;
        let target = [
            taken,
            if over { taken } else { 0 },
            // That of receiving it is kept, whoever wins.
            if withdrawn && standing.word != "prevented" { received } else { 0 },
            if quarrel.by_hand && !standing.won { countered } else { 0 },
            if compliance_due && !standing.won { compliance } else { 0 },
        ];
        let blocked = match standing.word {
            "open" | "countered" | "appeal" | "appeal countered" => amount,
            "lost" | "prevented" => amount - standing.back,
            _ => 0,
        };
        let (booked, payment, payer) = (quarrel.booked, quarrel.payment, quarrel.payer);
        let (coin, way) = (quarrel.fact.amount.currency(), quarrel.way);
        let currency = coin_of(way, coin);
        let (owner, date) = (self.sales[&payment].owner, self.sales[&payment].first.expect("a dispute of nothing"));
        let change = |place: usize| target[place] - booked[place];
        let fees = change(2) + change(3) + change(4);
        let taken_here = between(way, booked[0], target[0]);
        self.put(owner, currency, date, -taken_here);
        self.put(payer, currency, date, -fees);
        self.outside.entry(currency).or_default().fees += fees;
        self.exchange((taken_here, currency), (change(0), coin));
        let outside = self.outside.entry(coin).or_default();
        outside.payers -= change(1);
        outside.disputes += change(0) - change(1);
        let quarrel = self.quarrels.get_mut(reference).unwrap();
        (quarrel.booked, quarrel.blocked) = (target, blocked);
        // What is back already was taken all the same.
        if withdrawn && (!std::mem::replace(&mut quarrel.is_claimed, true) || taken > booked[0]) {
            self.claim_sale(payment, through(way, amount));
        }
        self.settle_pulled_back(payment);
        let quarrel = self.quarrels.get_mut(reference).unwrap();
        if filed && !std::mem::replace(&mut quarrel.is_filed, true) {
            self.end_waiting(payment);
        }
        self.see_funds();
    }

    pub(crate) fn disputed(&self, payment: PaymentId) -> i128 {
        self.quarrels.values().filter(|quarrel| quarrel.payment == payment).map(|quarrel| quarrel.blocked).sum()
    }

    /// What disputes of a sale have taken, and not given back.
    pub(super) fn taken_by_disputes(&self, payment: PaymentId) -> i128 {
        self.quarrels.values().filter(|quarrel| quarrel.payment == payment).map(|quarrel| quarrel.booked[0]).sum()
    }

    pub(super) fn refunded_in_full(&mut self, payment: PaymentId) {
        let sale = &self.sales[&payment];
        if sale.total == 0 || sale.refunded < sale.total || sale.held.as_ref().is_some_and(|held| held.is_open) {
            return;
        }
        let ours = self.quarrels.iter().filter(|(_, quarrel)| quarrel.payment == payment);
        let open = ours.filter(|(_, quarrel)| matches!(quarrel.standing(self.now).word, "inquiry" | "answered"));
        for reference in open.map(|(reference, _)| reference.clone()).collect::<Vec<_>>() {
            let now = self.now;
            self.quarrels.get_mut(&reference).unwrap().told.insert((now, REFUNDED, None));
            self.settle_quarrel(&reference);
        }
    }

    pub(super) fn dispute_opened(&mut self, report: &Report, fact: &DisputeOpened, changes: &Changes) {
        let Some(charge) = self.charge(&fact.charge) else { return self.park(&fact.charge, report) };
        let sold = self.sales.iter().find(|(id, _)| id.family() == charge.family());
        let (payment, sale) = sold.map(|(id, sale)| (*id, sale.clone())).unwrap();
        if sale.paid_by != Some(charge) {
            return self.wait_for(format!("success {charge}"), report);
        }
        let whole = sale.order.amount;
        if let Some(known) = self.quarrels.get_mut(&fact.reference) {
            // Told again it changes nothing, unless it is told to have been earlier.
            let named = DisputeOpened { charge: known.fact.charge.clone(), ..fact.clone() };
            if known.payment == payment && known.fact == named && report.at < known.opened {
                known.opened = report.at;
                self.settle_quarrel(&fact.reference.clone());
            }
            return;
        }
        if fact.amount.currency() != whole.currency() || !fact.amount.is_positive() {
            return;
        }
        let Some(way) = way_of(&sale, fact) else { return };
        let method = sale.attempts.last().unwrap().method;
        let is_final = rules::disputes_are_final(method);
        if is_final && fact.case == DisputeCase::Inquiry {
            return;
        }
        // Of what is converted it is the business whose payment it is.
        let business = sale.order.on_behalf_of.filter(|_| sale.ways().booked.is_some());
        let country = self.holders[&business.unwrap_or(sale.owner)].country;
        let payer = if self.rules.platform_pays { self.platform } else { sale.owner };
        let quarrel = Quarrel {
            payment,
            fact: fact.clone(),
            opened: report.at,
            is_final,
            way,
            payer,
            fees: rules::dispute_fees(country, (method, sale.ways().booked_in()), fact.network),
            told: BTreeSet::new(),
            by_hand: false,
            acknowledged: false,
            booked: [0; 5],
            blocked: 0,
            is_filed: false,
            is_claimed: false,
        };
        self.quarrels.insert(fact.reference.clone(), quarrel);
        self.settle_quarrel(&fact.reference);
        self.take_up(&format!("dispute {}", fact.reference), changes);
    }

    pub(super) fn dispute_changed(&mut self, report: &Report, dispute: &NamedDispute, change: DisputeChange) {
        let reference = match dispute {
            NamedDispute::Id(id) => self.reference_of(*id),
            NamedDispute::Reference(reference) if self.quarrels.contains_key(reference) => reference.clone(),
            NamedDispute::Reference(reference) => return self.wait_for(format!("dispute {reference}"), report),
        };
        let fact = &self.quarrels[&reference].fact;
        let (kind, data) = match change {
            DisputeChange::Escalated { respond_by } => (ESCALATED, respond_by.map(Timestamp::micros)),
            DisputeChange::FundsWithdrawn => (WITHDRAWN, None),
            DisputeChange::FundsReinstated => (REINSTATED, None),
            DisputeChange::InquiryClosed => (CLOSED, None),
            DisputeChange::Prevented => (PREVENTED, None),
            DisputeChange::Lost => (LOST, None),
            DisputeChange::Won => (WON, None),
            DisputeChange::Appealed { respond_by } => (APPEALED, Some(respond_by.micros())),
            DisputeChange::PartlyWon { amount } => {
                let is_part = amount.is_positive() && amount.minor() < fact.amount.minor();
                if !is_part || amount.currency() != fact.amount.currency() {
                    return;
                }
                (PARTLY, Some(amount.minor()))
            }
        };
        self.news_of_dispute(&reference, kind, report.at, data);
    }

    fn reference_of(&self, id: DisputeId) -> String {
        self.dispute_ids[&id].clone()
    }

    /// Which reference stands for which dispute, told by its reason.
    pub(super) fn name_disputes(&mut self, changes: &Changes) {
        for write in &changes.records {
            if let Record::Dispute(dispute) = &write.record {
                let reference = format!("dispute-{}", number_of(dispute.reason()));
                self.dispute_ids.insert(dispute.id(), reference);
            }
        }
    }

    pub(super) fn answered(&mut self, evidence: &SubmitEvidence) {
        let (reference, now) = (self.reference_of(evidence.dispute), self.now);
        let quarrel = self.quarrels.get_mut(&reference).unwrap();
        let kind = match quarrel.standing(now).word {
            "inquiry" => ANSWERED,
            "open" => COUNTERED,
            "appeal" => APPEAL_COUNTERED,
            other => panic!("evidence was taken for what is {other}"),
        };
        quarrel.told.insert((now, kind, None));
        quarrel.acknowledged |= evidence.fee_acknowledged;
        if kind == COUNTERED {
            quarrel.by_hand = !evidence.automated;
        }
        self.settle_quarrel(&reference);
    }

    pub(super) fn gave_in(&mut self, dispute: DisputeId) {
        let (reference, now) = (self.reference_of(dispute), self.now);
        self.quarrels.get_mut(&reference).unwrap().told.insert((now, ACCEPTED, None));
        self.settle_quarrel(&reference);
    }

    /// When the time of a dispute is over next, by `until`.
    pub(super) fn next_lapse(&self, until: Timestamp) -> Option<Timestamp> {
        let due = self.quarrels.values().filter_map(|quarrel| quarrel.standing(self.now).due);
        due.filter(|due| *due <= until.micros()).min().map(|due| Timestamp::from_micros(due).unwrap())
    }

    /// What the time does to disputes now.
    pub(super) fn quarrels_lapse(&mut self) {
        let before = Timestamp::from_micros(self.now.micros() - 1).unwrap();
        let is_due = |quarrel: &Quarrel| quarrel.standing(before).due == Some(self.now.micros());
        let due: Vec<String> = self
            .quarrels
            .iter()
            .filter(|(_, quarrel)| is_due(quarrel))
            .map(|(reference, _)| reference.clone())
            .collect();
        for reference in due {
            self.settle_quarrel(&reference);
        }
    }
}
