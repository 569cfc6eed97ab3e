use serde::{Deserialize, Serialize};
use smallvec::SmallVec;

use super::{LedgerAccount, LedgerError, Line};
use crate::calendar::Timestamp;
use crate::ids::ObjectId;
use crate::money::{Currency, Money};

/// What an entry records.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EntryKind {
    /// A commission that the provider has told of apart from its charge.
    ApplicationFee,
    /// A commission given back on its own.
    ApplicationFeeRefund,
    /// A payment received, with the fees, the transfer and the commission that go with it.
    Charge,
    /// The platform has covered what one of its accounts owed for too long; the cause is the account.
    Collection,
    /// What the processor takes from the platform for a month's payouts of one account; the cause says for what.
    ConnectFees,
    /// Funds of the platform set aside because one of its accounts owes more than before, or given free again; the cause is the
    /// account, and the line's source is what moved its balance.
    ConnectReserve,
    /// Money taken for a dispute, with its fee.
    Dispute,
    /// What the processor takes, or gives back, for a dispute.
    DisputeFee,
    /// The money of a dispute went to the payer.
    DisputeLost,
    /// Money that was taken for a dispute came back.
    DisputeReversal,
    /// What the processor takes because a debit failed, or gives back where it had not.
    FailureFee,
    /// A debit on its way failed.
    PaymentFailure,
    /// A payer's bank pulled a payment back that had succeeded, or a dispute takes the same money instead.
    PaymentReversal,
    /// A payout left the balance.
    Payout,
    /// A payout was called off.
    PayoutCanceled,
    /// A payout came back.
    PayoutFailed,
    /// A payout reached the bank.
    PayoutPaid,
    /// A balance transaction of the provider's that no other object stands for.
    Provider,
    /// A payment given back, with the shares pulled back for it.
    Refund,
    /// A refund came back, or was called off.
    RefundReturned,
    /// Money was held back by itself. What a plan holds back is part of the entry of the charge or the transfer.
    ReserveHold,
    /// Money that was held back was let go by itself. What a claim lets go is part of the claim's entry.
    ReserveRelease,
    /// The processor keeps money of an account in a reserve of its own, or lets it go.
    ReservedFunds,
    /// Pending funds became available.
    Settlement,
    /// A debit is on its way, or waits for its payer again.
    Submission,
    /// A top-up came from the platform's bank.
    TopUp,
    /// The bank has pulled a top-up back.
    TopUpReversal,
    /// Money sent to a connected account.
    Transfer,
    /// Money taken back from a connected account.
    TransferReversal,
    /// The processor has absorbed what an account owed; the cause is the account.
    WriteOff,
}

/// One side of an entry that no owner reads as a balance transaction.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Posting {
    /// The ledger account that changes.
    pub account: LedgerAccount,
    /// By how much.
    pub amount: Money,
}

pub(crate) type Lines = SmallVec<[Line; 4]>;
pub(crate) type Postings = SmallVec<[Posting; 2]>;

/// One balanced movement of money.
///
/// ```
/// use fundroute::ids::{AccountId, PaymentId};
/// use fundroute::ledger::{Entry, EntryKind, LedgerAccount, Posting};
/// use fundroute::money::usd;
/// use fundroute::calendar::utc;
///
/// let jo = AccountId::from_host([1; 14]);
/// let arrived = Posting { account: LedgerAccount::Available { owner: jo }, amount: usd(5_00) };
/// let one_sided = Entry::balanced(EntryKind::Settlement, jo.into(), utc(2026, 11, 2), [], [arrived]);
/// assert_eq!(one_sided.unwrap_err().to_string(), "an entry is off balance by `500` minor units of USD");
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Unchecked")]
pub struct Entry {
    kind: EntryKind,
    cause: ObjectId,
    at: Timestamp,
    lines: Lines,
    postings: Postings,
}

impl Entry {
    /// The entry, if every currency in it sums to zero.
    ///
    /// # Errors
    /// [`LedgerError::Unbalanced`] where a currency does not sum to zero; [`LedgerError::Overflow`] where a
    /// line's net is out of range.
    pub fn balanced(
        kind: EntryKind,
        cause: ObjectId,
        at: Timestamp,
        lines: impl IntoIterator<Item = Line>,
        postings: impl IntoIterator<Item = Posting>,
    ) -> Result<Self, LedgerError> {
        let (lines, postings): (Lines, Postings) = (lines.into_iter().collect(), postings.into_iter().collect());
        check(&lines, &postings)?;
        Ok(Self { kind, cause, at, lines, postings })
    }

    /// Adds the entry to those of a draft, of lines and postings that are gathered already.
    pub(crate) fn draft(
        entries: &mut Vec<Self>,
        (kind, cause, at): (EntryKind, ObjectId, Timestamp),
        lines: &[Line],
        postings: &[Posting],
    ) -> Result<(), LedgerError> {
        check(lines, postings)?;
        entries.push(Self { kind, cause, at, lines: Lines::new(), postings: Postings::new() });
        if let Some(entry) = entries.last_mut() {
            entry.lines.extend(lines.iter().copied());
            entry.postings.extend(postings.iter().copied());
        }
        Ok(())
    }

    /// What it records.
    pub const fn kind(&self) -> EntryKind {
        self.kind
    }

    /// The object that caused it; for a settlement, the owner.
    pub const fn cause(&self) -> ObjectId {
        self.cause
    }

    /// When it was booked.
    pub const fn at(&self) -> Timestamp {
        self.at
    }

    /// The balance transactions in it.
    pub fn lines(&self) -> &[Line] {
        &self.lines
    }

    /// Everything in it that is not a balance transaction.
    pub fn postings(&self) -> &[Posting] {
        &self.postings
    }

    /// Every movement in it, lines by their net: the ledger account, the currency, and minor units.
    pub fn movements(&self) -> impl Iterator<Item = (LedgerAccount, Currency, i128)> + '_ {
        movements(&self.lines, &self.postings)
    }
}

// INVARIANT: an entry sums to zero in each of its currencies; every way to make one passes here.
fn check(lines: &[Line], postings: &[Posting]) -> Result<(), LedgerError> {
    let line = lines.first().map(Line::currency);
    let Some(currency) = line.or_else(|| postings.first().map(|posting| posting.amount.currency())) else {
        return Ok(());
    };
    // Nearly every entry is of one currency, so that is summed without looking for its place.
    let (mut sum, mut is_mixed) = (0_i128, false);
    for line in lines {
        let net = line.checked_net()?;
        if line.currency() == currency {
            sum = sum.checked_add(net.into()).ok_or(LedgerError::Overflow)?;
        } else {
            is_mixed = true;
        }
    }
    for posting in postings {
        if posting.amount.currency() == currency {
            sum = sum.checked_add(posting.amount.minor().into()).ok_or(LedgerError::Overflow)?;
        } else {
            is_mixed = true;
        }
    }
    match sum {
        0 if is_mixed => check_each_currency(lines, postings),
        0 => Ok(()),
        off_by => Err(LedgerError::Unbalanced { currency, off_by }),
    }
}

fn check_each_currency(lines: &[Line], postings: &[Posting]) -> Result<(), LedgerError> {
    let mut sums: SmallVec<[(Currency, i128); 2]> = SmallVec::new();
    for (_, currency, amount) in movements(lines, postings) {
        match sums.iter_mut().find(|(known, _)| *known == currency) {
            Some((_, sum)) => *sum = sum.checked_add(amount).ok_or(LedgerError::Overflow)?,
            None => sums.push((currency, amount)),
        }
    }
    match sums.into_iter().find(|(_, sum)| *sum != 0) {
        Some((currency, off_by)) => Err(LedgerError::Unbalanced { currency, off_by }),
        None => Ok(()),
    }
}

fn movements(lines: &[Line], postings: &[Posting]) -> impl Iterator<Item = (LedgerAccount, Currency, i128)> {
    let lines = lines.iter().map(|line| (line.account(), line.currency(), line.net()));
    let postings =
        postings.iter().map(|posting| (posting.account, posting.amount.currency(), i128::from(posting.amount.minor())));
    lines.chain(postings)
}

#[derive(Deserialize)]
struct Unchecked {
    kind: EntryKind,
    cause: ObjectId,
    at: Timestamp,
    lines: Lines,
    postings: Postings,
}

impl TryFrom<Unchecked> for Entry {
    type Error = LedgerError;

    fn try_from(parts: Unchecked) -> Result<Self, LedgerError> {
        let Unchecked { kind, cause, at, lines, postings } = parts;
        check(&lines, &postings)?;
        Ok(Self { kind, cause, at, lines, postings })
    }
}
