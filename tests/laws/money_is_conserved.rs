//! In every currency, what came in is what owners hold, what went out, and what the processor kept; and all of it is what a
//! model that knows nothing but the accepted commands and the facts computes.

use std::collections::BTreeMap;

use fundroute::ErrorKind;
use fundroute::ids::{AccountId, ObjectId};
use fundroute::journal::{Changes, Fact, ParkedState, Record};
use fundroute::ledger::{EntryKind, LedgerAccount, LineKind};
use fundroute::money::Currency;
use fundroute::payments::{PaymentStatus, Refund, RefundFailure};
use fundroute::payouts::{CanceledBy, Payout, PayoutState, PayoutTrigger, TopUpFact};
use fundroute::prelude::*;
use proptest::prelude::*;

use crate::model::{Model, Pot, Run};
use crate::stage::{Act, Came, Stage};
use crate::story::{COINS, Story, story};

/// What the platform says an owner holds.
fn pot(platform: &Platform, account: AccountId, currency: Currency) -> Pot {
    let held = platform.balance(account, currency).unwrap();
    let pending: BTreeMap<_, _> = platform.pending(account, currency).into_iter().collect();
    assert_eq!(held.pending, pending.values().sum::<i128>() + held.submitted);
    Pot { pending, available: held.available, in_transit: held.in_transit, reserved: held.risk_reserved }
}

pub(crate) fn check(stage: &Stage, model: &Model) {
    let ((submitted, on_their_way), from_banks) = (model.on_its_way(), model.asked_of_banks());
    for (account, currency) in stage.platform.balances() {
        let [on_its_way, asked] =
            [&submitted, &from_banks].map(|sums| sums.get(&(account, currency)).copied().unwrap_or(0));
        let on_its_way = on_its_way + asked;
        let held = stage.platform.balance(account, currency).unwrap();
        assert_eq!(held.submitted, on_its_way, "on its way to {account} in {currency}");
        let aside = if account == model.platform() { model.set_aside(currency) } else { 0 };
        assert_eq!(held.connect_reserved, aside, "set aside of {account} in {currency}");
    }
    for (account, currency) in stage.platform.balances().into_iter().chain(model.pots.keys().copied()) {
        let mut computed = model.pots.get(&(account, currency)).cloned().unwrap_or_default();
        computed.available = model.available(account, currency);
        assert_eq!(pot(&stage.platform, account, currency), computed, "{account} in {currency}");
    }
    for payout in
        stage.platform.records().filter_map(|record| if let Record::Payout(it) = record { Some(it) } else { None })
    {
        let told = (payout.arrival_date(), payout.is_overdue());
        assert_eq!(told, model.arrival(payout.id()), "when {payout:?} is expected");
    }
    let below = model.below();
    for (account, currency) in stage.platform.balances() {
        let told = stage.platform.overdraft(account, currency).unwrap();
        let computed =
            below.get(&(account, currency)).map(|since| (*since, model.collected_at((account, currency), *since)));
        assert_eq!(told.map(|known| (known.since, known.collect_at)), computed, "since when {account} is below zero");
    }
    for (account, currency) in model.pots.keys().copied() {
        let reserved = model.pots[&(account, currency)].reserved;
        assert_eq!(reserved, model.held_back((account, currency)), "held back of {account} in {currency}");
    }
    for currency in COINS {
        let computed = model.outside.get(&currency).copied().unwrap_or_default();
        let told = |account| stage.platform.outside(account, currency);
        let submitted = on_their_way.get(&currency).copied().unwrap_or_default();
        assert_eq!(-told(LedgerAccount::Payers), computed.payers + submitted.payers, "from payers in {currency}");
        let exchanged = computed.exchange + submitted.exchange;
        assert_eq!(told(LedgerAccount::Exchange), exchanged, "exchanged in {currency}");
        assert_eq!(told(LedgerAccount::Fees), computed.fees, "processor fees in {currency}");
        assert_eq!(told(LedgerAccount::Banks), computed.banks, "to banks in {currency}");
        assert_eq!(told(LedgerAccount::Disputes), computed.disputes, "withheld for disputes in {currency}");
        let pots = model.pots.iter().filter(|((_, coin), _)| *coin == currency).map(|(_, pot)| pot);
        let all = |pot: &Pot| pot.pending.values().sum::<i128>() + pot.available + pot.in_transit + pot.reserved;
        let asked = from_banks.iter().filter(|((_, coin), _)| *coin == currency).map(|(_, sum)| *sum);
        let held: i128 = pots.map(all).chain(asked).sum();
        let kept = computed.fees + computed.disputes + computed.exchange;
        assert_eq!(computed.payers, held + kept + computed.banks, "the model has lost money");
    }
}

/// The automatic payouts that happened, as far as they are new.
fn runs(fired: &[Changes]) -> Vec<Run> {
    let writes = fired.iter().flat_map(|changes| &changes.records).filter(|write| write.read_at == 0);
    let mut runs: Vec<Run> = writes
        .filter_map(|write| {
            let Record::Payout(payout) = &write.record else { return None };
            assert!(matches!(payout.trigger(), PayoutTrigger::Automatic(_) | PayoutTrigger::Debt));
            let amount = payout.amount();
            Some((payout.created(), payout.account(), amount.currency(), amount.minor().into()))
        })
        .collect();
    runs.sort_unstable();
    runs
}

/// A refusal is nobody's fault but the caller's, and too little money is only said where there is.
fn check_refusal(model: &Model, act: &Act, error: &Error) {
    assert_ne!(error.kind(), ErrorKind::Bug, "{act:?}: {error}");
    let Act::Ask(request) = act else { return };
    let platform = model.platform();
    if error.kind() != ErrorKind::Insufficient {
        return;
    }
    let (account, amount) = match &request.command {
        Command::CreatePayout(new) => {
            let account = request.account.unwrap_or(platform);
            let (fee, price) = model.fees_of_payout(account, new);
            let needed = i128::from(new.amount.minor()) + fee + price;
            assert!(model.payable(account, new) < needed, "{error}");
            return;
        }
        Command::CreateTransfer(new) if new.destination == platform => {
            let (amount, currency) = (i128::from(new.amount.minor()), new.amount.currency());
            let account = request.account.unwrap_or(platform);
            if model.available(account, currency) >= amount {
                let debit = model.debit_brings(new.amount);
                assert!(model.available(platform, debit.currency) + debit.got < debit.fee, "{error}");
                return;
            }
            (account, new.amount)
        }
        Command::CreateTransfer(new) => (platform, new.amount),
        _ => return,
    };
    assert!(model.available(account, amount.currency()) < i128::from(amount.minor()), "{error}");
}

/// Plays a story, with the model beside it.
pub(crate) fn play(story: &Story, mut look: impl FnMut(&Stage, &Model)) {
    let mut stage = Stage::new(story.rules);
    let mut model = Model::new(story.rules, stage.platform.id(), stage.platform.now());
    for step in &story.steps {
        let act = stage.act(step);
        match stage.play(&act) {
            Ok(came) => {
                let mut expected = model.follow(&act, &came);
                expected.sort_unstable();
                if let Came::Time(fired) = &came {
                    assert_eq!(runs(fired), expected, "automatic payouts");
                }
            }
            Err(error) => check_refusal(&model, &act, &error),
        }
        look(&stage, &model);
    }
}

proptest! {
    #![proptest_config(crate::cases(128))]

    #[test]
    fn every_balance_is_what_the_model_computes_at_every_step(story in story(40..140)) {
        play(&story, check);
    }
}

/// What the stories have to come to, more than once.
const REACHED: [&str; 139] = [
    "ApplicationFeeRefund",
    "ConnectReserve",
    "Collection",
    "CapturedInPart",
    "CapturedInParts",
    "CapturedMore",
    "OnBehalfOf",
    "Planned",
    "Planned and paid",
    "RequiresConfirmation",
    "RequiresAction",
    "Raised",
    "Released",
    "Charge",
    "Debit",
    "DebitReversed",
    "Payout",
    "PayoutCanceled",
    "PayoutFailed",
    "PayoutPaid",
    "Refund",
    "Settlement",
    "Transfer",
    "TransferReversal",
    "AlreadySucceeded",
    "AmountDiffers",
    "PaymentCanceled",
    "RefundNotAsked",
    "RefundReturned",
    "a refund of a moment later",
    "refund failed",
    "refund failed for want of money",
    "refund canceled",
    "refund pending: insufficient_funds",
    "refund pending: processing",
    "refund succeeded",
    "ReferenceTaken",
    "UnknownReference",
    "Waiting",
    "TakenUp",
    "GivenUp",
    "Dispute",
    "DisputeFee",
    "DisputeLost",
    "DisputeReversal",
    "DisputeFinal",
    "FailureFee",
    "InquiryClosed",
    "NotAnInquiry",
    "appeal_needs_response",
    "appeal_under_review",
    "lost",
    "needs_response",
    "prevented",
    "under_review",
    "warning_closed",
    "warning_needs_response",
    "warning_under_review",
    "won",
    "a failure fee given back",
    "a recipient's share of a sale",
    "a recipient's share pulled back",
    "a recipient's wait",
    "NotReversible",
    "PaymentReversal",
    "a reversal that a dispute has taken",
    "a payment pulled back before its success",
    "a payment pulled back in part",
    "a payment pulled back of which something was refunded",
    "a payment pulled back of which something was sent",
    "PaymentFailure",
    "Submission",
    "a debit off its way: Charge",
    "a debit off its way: Submission",
    "paid by bacs_debit",
    "paid by boleto",
    "paid by cashapp",
    "paid by ideal",
    "paid by klarna",
    "paid by sepa_debit",
    "paid by us_bank_account",
    "ReserveHold",
    "ReservedFunds",
    "ReserveRelease",
    "a plan active",
    "a plan disabled",
    "a plan expired",
    "a hold consumed",
    "a hold held",
    "a hold partly_released",
    "a hold released",
    "let go: hold_expired",
    "let go: hold_reversed",
    "TopUp",
    "TopUpCanceled",
    "TopUpReversal",
    "a payout taken back: canceled",
    "a payout taken back: failed",
    "a payout taken back: paid",
    "called off by the processor: a debit",
    "called off by the processor: a payout",
    "called off by the processor: what takes a payout back",
    "a top-up canceled",
    "a top-up failed",
    "a top-up pulled back before it came",
    "a top-up told by reference",
    "converted: a charge",
    "converted: a charge captured in parts",
    "converted: a charge pulled back",
    "converted: a commission returned",
    "converted: a commission that an account pays",
    "converted: a commission that the platform gets",
    "converted: a debit",
    "converted: a debit on its way",
    "converted: a debit taken back",
    "converted: a dispute",
    "converted: a dispute at a rate of its own",
    "converted: a hold",
    "converted: a refund",
    "converted: a refund that came back",
    "converted: a transfer",
    "converted: a transfer taken back",
    "a debit of a bank failed",
    "a debit of a bank in_transit",
    "a debit of a bank paid",
    "a debit of a bank pending",
    "a bank that has not paid",
    "what a bank has paid is not trusted yet",
    "planned: a commission",
    "planned: a commission on several captures",
    "planned: a commission that is converted",
    "planned: a tax",
    "planned: a tax that went back",
    "planned: a tax that went back in part",
    "planned: parts",
    "planned: parts of several captures",
    "planned: parts that are converted",
    "planned: parts that went back in part",
    "planned: a part that is held back",
];

/// The state of a refund in words.
fn refund_word(refund: &Refund) -> String {
    let is_later = refund.booked_at().is_some_and(|booked| booked > refund.created());
    match (refund.pending_reason(), refund.failure_reason()) {
        _ if is_later => "a refund of a moment later".to_owned(),
        (Some(reason), _) => format!("refund pending: {reason}"),
        (None, Some(RefundFailure::InsufficientFunds)) => "refund failed for want of money".to_owned(),
        (None, _) => format!("refund {}", refund.status()),
    }
}

/// What came up of debits that banks pulled back.
fn count_reversal(record: &Record, kinds: &mut BTreeMap<String, u32>) {
    let mut count = |what: &str, is: bool| *kinds.entry(what.to_owned()).or_default() += u32::from(is);
    if let Record::Charge(charge) = record
        && let (Some(reversal), Some(captured)) = (charge.reversal(), charge.captured())
    {
        count("a reversal that a dispute has taken", charge.reversed().minor() < reversal.amount());
        count("a payment pulled back in part", reversal.amount() < charge.amount().minor());
        count("a payment pulled back of which something was refunded", captured.refunded() > 0);
        count("a payment pulled back of which something was sent", captured.transferred() > 0);
    }
    if let Record::ParkedFact(parked) = record
        && matches!(parked.report.fact, Fact::ChargeReversed(_))
    {
        count("a payment pulled back before its success", parked.state == ParkedState::TakenUp);
    }
}

/// What came up of money that the platform pulled from its bank.
fn count_top_up(record: &Record, kinds: &mut BTreeMap<String, u32>) {
    let mut count = |what: String, is: bool| *kinds.entry(what).or_default() += u32::from(is);
    if let Record::TopUp(top_up) = record {
        count(format!("a top-up {}", top_up.status()), true);
    }
    if let Record::ParkedFact(parked) = record
        && let Fact::TopUp(fact) = &parked.report.fact
    {
        let (is_over, is_reversal) = (parked.state == ParkedState::TakenUp, matches!(fact, TopUpFact::Reversed(_)));
        count("a top-up pulled back before it came".to_owned(), is_over && is_reversal);
        count("a top-up told by reference".to_owned(), is_over && !is_reversal);
    }
}

/// Which payout the processor has called off, if it is one.
fn called_off(payout: &Payout) -> Option<&'static str> {
    let PayoutState::Canceled { by: CanceledBy::Processor, .. } = payout.state() else { return None };
    Some(match (payout.is_debit(), payout.original_payout()) {
        (false, _) => "a payout",
        (true, None) => "a debit",
        (true, Some(_)) => "what takes a payout back",
    })
}

/// What came up of banks that were asked for what accounts owe, and of what the processor called off.
fn count_bank_debit(record: &Record, kinds: &mut BTreeMap<String, u32>) {
    let mut count = |what: String, is: bool| *kinds.entry(what).or_default() += u32::from(is);
    if let Record::Payout(payout) = record
        && let Some(what) = called_off(payout)
    {
        count(format!("called off by the processor: {what}"), true);
    }
    if let Record::Payout(payout) = record
        && payout.is_debit()
    {
        count(format!("a debit of a bank {}", payout.status()), true);
        count("what a bank has paid is not trusted yet".to_owned(), payout.covered().is_some());
        count(format!("a payout taken back: {}", payout.status()), payout.original_payout().is_some());
    }
    if let Record::ExternalAccount(bank) = record {
        count("a bank that has not paid".to_owned(), bank.failed_debits() > 0);
    }
}

/// What came up of money that was held back.
fn count_reserve(record: &Record, kinds: &mut BTreeMap<String, u32>) {
    let word = match record {
        Record::ReservePlan(plan) => format!("a plan {}", plan.status()),
        Record::ReserveHold(hold) => format!("a hold {}", hold.status()),
        Record::ReserveRelease(release) => format!("let go: {}", release.reason()),
        _ => return,
    };
    *kinds.entry(word).or_default() += 1;
}

/// What came up of money that was converted, and shared out by plans.
fn count_converted(platform: &Platform, record: &Record, kinds: &mut BTreeMap<String, u32>) {
    count_planned(platform, record, kinds);
    let mut count = |what: &str, is: bool| *kinds.entry(format!("converted: {what}")).or_default() += u32::from(is);
    match record {
        Record::Charge(charge) if charge.conversion().is_some() => {
            count("a charge", charge.captured().is_some());
            count("a charge captured in parts", charge.authorization().is_some_and(|held| held.captures() > 1));
            count("a charge pulled back", charge.reversal().is_some());
            count("a debit on its way", !charge.submitted().is_zero());
        }
        Record::Transfer(transfer) if transfer.conversion().is_some() => {
            let (is_debit, is_back) = (transfer.debited().is_some(), !transfer.amount_reversed().is_zero());
            count(if is_debit { "a debit" } else { "a transfer" }, true);
            count(if is_debit { "a debit taken back" } else { "a transfer taken back" }, is_back);
        }
        Record::Refund(refund) if refund.conversion().is_some() => {
            count("a refund", true);
            count("a refund that came back", refund.booked_at().is_some() && refund.is_over());
        }
        Record::Dispute(dispute) if dispute.conversion().is_some() => {
            let charge = platform.charge(dispute.charge()).unwrap();
            count("a dispute", true);
            count("a dispute at a rate of its own", dispute.conversion() != charge.conversion());
        }
        Record::ApplicationFee(fee) => {
            count("a commission that an account pays", fee.conversion_paid().is_some());
            count("a commission that the platform gets", fee.conversion_received().is_some());
            let is_converted = fee.conversion_paid().or(fee.conversion_received()).is_some();
            count("a commission returned", is_converted && !fee.amount_refunded().is_zero());
        }
        Record::ReserveHold(hold) => {
            let is_converted = match hold.source() {
                Some(ObjectId::Charge(id)) => platform.charge(id).unwrap().conversion().is_some(),
                Some(ObjectId::Transfer(id)) => platform.transfer(id).unwrap().conversion().is_some(),
                _ => false,
            };
            count("a hold", is_converted);
        }
        _ => {}
    }
}

/// What came up of payments that carry a plan.
pub(crate) fn count_planned(platform: &Platform, record: &Record, kinds: &mut BTreeMap<String, u32>) {
    let mut count = |what: &str, is: bool| *kinds.entry(format!("planned: {what}")).or_default() += u32::from(is);
    let Record::Charge(charge) = record else { return };
    let is_several = charge.authorization().is_some_and(|held| held.captures() > 1);
    if let Some(commission) = charge.commission() {
        count("a commission", commission.collected().is_positive());
        count("a commission on several captures", is_several);
    }
    if let Some(fee) = charge.application_fee().map(|id| platform.application_fee(id).unwrap()) {
        let is_planned = charge.commission().is_some();
        let is_converted = fee.conversion_paid().or(fee.conversion_received()).is_some();
        count("a commission that is converted", is_planned && is_converted);
        count("a tax", !fee.tax().is_zero());
        count("a part named later", !fee.tax().is_zero() && !is_planned);
        count("a tax that went back", !fee.tax().is_zero() && fee.tax() == fee.tax_refunded());
        count("a tax that went back in part", !fee.tax_refunded().is_zero() && fee.tax() != fee.tax_refunded());
    }
    if let Some((split, parts)) = charge.split().and_then(|split| Some((split, split.parts()?))) {
        let back = split.returned().map_or(0, |back| back.whole().minor());
        count("parts", true);
        count("parts of several captures", is_several);
        count("parts that went back", back > 0 && back == parts.whole().minor());
        count("parts that went back in part", 0 < back && back < parts.whole().minor());
        let transfers = charge.split_transfers().filter_map(|(_, id)| platform.transfer(id).ok());
        let transfers: Vec<_> = transfers.collect();
        let refunds = platform.family(charge.id()).filter_map(|record| match record {
            Record::Refund(refund) => Some(refund.is_over() && refund.transfer_reversals().next().is_some()),
            _ => None,
        });
        count("parts of which a refund came back", refunds.into_iter().any(|is| is));
        count("parts that are converted", transfers.iter().any(|transfer| transfer.conversion().is_some()));
        count("a part that is held back", transfers.iter().any(|transfer| transfer.hold().is_some()));
    }
}

/// What came up in a story, by the kinds of entries, anomalies and whatever else makes the world interesting.
fn count(stage: &Stage, kinds: &mut BTreeMap<String, u32>) {
    for entry in stage.platform.entries() {
        *kinds.entry(format!("{:?}", entry.kind())).or_default() += 1;
        if entry.kind() == EntryKind::FailureFee && entry.lines().iter().any(|line| line.net() > 0) {
            *kinds.entry("a failure fee given back".to_owned()).or_default() += 1;
        }
        if entry.lines().iter().any(|line| line.kind() == LineKind::PaymentSubmitted && line.net() < 0) {
            *kinds.entry(format!("a debit off its way: {:?}", entry.kind())).or_default() += 1;
        }
    }
    for record in stage.platform.records() {
        if let Record::Transfer(transfer) = record {
            let (is_debit, is_late) = (transfer.debited().is_some(), transfer.sent_on() < transfer.available_on());
            let is_reversed = !transfer.amount_reversed().is_zero();
            let mut count = |what: &str, is: bool| *kinds.entry(what.to_owned()).or_default() += u32::from(is);
            count("Debit", is_debit);
            count("DebitReversed", is_debit && is_reversed);
            count("a recipient's wait", is_late);
            count("a recipient's share of a sale", is_late && transfer.source().is_some());
            count("a recipient's share pulled back", is_late && is_reversed);
        }
        if let Record::Refund(refund) = record {
            *kinds.entry(refund_word(refund)).or_default() += 1;
        }
        if let Record::Anomaly(anomaly) = record {
            *kinds.entry(format!("{:?}", anomaly.reason)).or_default() += 1;
        }
        if let Record::Dispute(dispute) = record {
            *kinds.entry(dispute.status().to_string()).or_default() += 1;
        }
        if let Record::Payment(payment) = record {
            let is_theirs = payment.on_behalf_of().is_some() && !payment.amount_received().is_zero();
            *kinds.entry("OnBehalfOf".to_owned()).or_default() += u32::from(is_theirs);
            let mut count = |what: &str, is: bool| *kinds.entry(what.to_owned()).or_default() += u32::from(is);
            // An attempt that came after the payment was planned is younger than it.
            let charge = stage.platform.charge_of(payment.id()).ok();
            let is_later =
                charge.is_some_and(|charge| charge.id().ordinal() == 1 && charge.created() > payment.created());
            count("Planned", charge.is_none());
            count("Planned and paid", is_later && !payment.amount_received().is_zero());
            count("RequiresConfirmation", payment.status() == PaymentStatus::RequiresConfirmation && charge.is_some());
            count("RequiresAction", payment.status() == PaymentStatus::RequiresAction);
        }
        if let Record::Charge(charge) = record
            && charge.captured().is_some()
        {
            *kinds.entry(format!("paid by {}", charge.method())).or_default() += 1;
        }
        if let Record::Charge(charge) = record
            && let Some(held) = charge.authorization()
        {
            let captured = charge.amount_captured();
            let mut count = |what: &str, is: bool| *kinds.entry(what.to_owned()).or_default() += u32::from(is);
            count("CapturedInParts", held.captures() > 1);
            count("CapturedInPart", captured.is_positive() && captured.minor() < held.amount());
            count("CapturedMore", captured.minor() > held.amount());
            count("Raised", held.increments() > 0);
            count("Released", captured.is_zero() && !held.is_open());
        }
        count_reversal(record, kinds);
        count_top_up(record, kinds);
        count_reserve(record, kinds);
        count_converted(&stage.platform, record, kinds);
        count_bank_debit(record, kinds);
        if let Record::ParkedFact(parked) = record {
            let state = format!("{:?}", parked.state);
            *kinds.entry(state.split(' ').next().unwrap_or_default().to_owned()).or_default() += 1;
        }
    }
}

/// The stories do reach what they are about: without this, the laws could hold because nothing ever happens.
#[test]
fn the_stories_reach_everything_they_are_about() {
    use proptest::strategy::ValueTree;
    use proptest::test_runner::TestRunner;

    let mut runner = TestRunner::deterministic();
    let (mut accepted, mut refused) = (0_u32, 0_u32);
    let mut kinds: BTreeMap<String, u32> = BTreeMap::new();
    for _ in 0..2_400 {
        let story = story(64..170).new_tree(&mut runner).unwrap().current();
        let mut stage = Stage::new(story.rules);
        for step in &story.steps {
            let act = stage.act(step);
            match stage.play(&act) {
                Ok(_) => accepted += 1,
                Err(_) => refused += 1,
            }
        }
        count(&stage, &mut kinds);
    }
    println!("{accepted} accepted, {refused} refused: {kinds:#?}");
    assert!(refused > 200 && accepted > refused, "{accepted} accepted, {refused} refused");
    let rare: Vec<&str> = REACHED.into_iter().filter(|kind| kinds.get(*kind).is_none_or(|count| *count < 2)).collect();
    assert!(rare.is_empty(), "{rare:?} hardly happen: {kinds:?}");
}
