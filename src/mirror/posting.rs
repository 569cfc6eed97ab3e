//! The only place in this folder that makes balance transactions.

use super::{ProviderLineKind, ProviderTransaction};
use crate::calendar::Timestamp;
use crate::ids::{AccountId, ApplicationFeeId};
use crate::ledger::{FeeKind, LedgerAccount, Line, LineKind};
use crate::money::Money;

/// A commission that was told apart from the charge that it was taken of.
pub(crate) struct FeeCollected {
    pub(crate) platform: AccountId,
    pub(crate) payer: AccountId,
    pub(crate) fee: ApplicationFeeId,
    pub(crate) amount: Money,
    pub(crate) paid_on: Timestamp,
    pub(crate) received_on: Timestamp,
    pub(crate) now: Timestamp,
}

impl FeeCollected {
    /// A `payment` of nothing, less the commission, on the account; `application_fee` on the platform.
    // RULE: the account sees a commission among the fees of its payment, the platform as a line of its own
    // (docs.stripe.com/connect/direct-charges, 2026). That it comes as a line of nothing where the two are told apart is our own choice:
    // so gross amounts and fees come to what the provider's report says.
    pub(crate) fn lines(&self) -> [Line; 2] {
        let (amount, currency) = (self.amount.minor(), self.amount.currency());
        let paid =
            Line::new(self.payer, LineKind::Payment, self.fee, currency, 0).less(FeeKind::ApplicationFee, amount);
        let received = Line::new(self.platform, LineKind::ApplicationFee, self.fee, currency, amount);
        [paid.available(self.paid_on, self.now), received.available(self.received_on, self.now)]
    }
}

impl ProviderTransaction {
    /// The line as the provider has it, and where its money comes from or goes to.
    // RULE: docs.stripe.com/reports/balance-transaction-types (2024).
    pub(crate) fn line(&self, now: Timestamp) -> (Line, LedgerAccount) {
        let (kind, other) = match self.kind {
            ProviderLineKind::Adjustment => (LineKind::Adjustment, LedgerAccount::Fees),
            ProviderLineKind::Fee => (LineKind::ProcessorFee, LedgerAccount::Fees),
            ProviderLineKind::Tax => (LineKind::CommissionTax, LedgerAccount::Fees),
            ProviderLineKind::TopUp => (LineKind::TopUp, LedgerAccount::Banks),
        };
        let line = Line::new(self.account, kind, self.id, self.amount.currency(), self.amount.minor());
        (line.available(self.available_on, now), other)
    }
}
