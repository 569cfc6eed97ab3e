use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Serialize};

use super::{AccessError, Controller, LossBearer, RequirementCollector};

/// Declares words whose description is their wire name.
macro_rules! words {
    ($(#[$about:meta])* $word:ident: $($wire:literal $variant:ident,)+) => {
        $(#[$about])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub enum $word {
            $(#[doc = concat!("`", $wire, "`")] #[serde(rename = $wire)] $variant,)+
        }

        impl $word {
            /// Every one, in order.
            pub const ALL: [Self; [$($wire),+].len()] = [$(Self::$variant),+];

            /// The word on the wire.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $wire,)+ }
            }
        }

        impl fmt::Display for $word {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad(self.as_str())
            }
        }
    };
}

words! {
    /// A part of an account that a holder can see inside the platform's own pages.
    // RULE: the names of docs.stripe.com/api/account_sessions/create (2026).
    Component:
    "account_onboarding" AccountOnboarding,
    "account_management" AccountManagement,
    "notification_banner" NotificationBanner,
    "payments" Payments,
    "payment_details" PaymentDetails,
    "payment_disputes" PaymentDisputes,
    "disputes_list" DisputesList,
    "payment_method_settings" PaymentMethodSettings,
    "payouts" Payouts,
    "payouts_list" PayoutsList,
    "payout_details" PayoutDetails,
    "balances" Balances,
    "instant_payouts_promotion" InstantPayoutsPromotion,
    "balance_report" BalanceReport,
    "payout_reconciliation_report" PayoutReconciliationReport,
    "reporting_chart" ReportingChart,
    "documents" Documents,
    "tax_settings" TaxSettings,
    "tax_registrations" TaxRegistrations,
    "financial_account" FinancialAccount,
    "financial_account_transactions" FinancialAccountTransactions,
    "issuing_card" IssuingCard,
    "issuing_cards_list" IssuingCardsList,
    "terminal_hardware_orders" TerminalHardwareOrders,
    "terminal_hardware_shop" TerminalHardwareShop,
}

words! {
    /// What a component lets its holder do.
    // RULE: the names of docs.stripe.com/api/account_sessions/create (2026).
    Feature:
    "external_account_collection" ExternalAccountCollection,
    "disable_stripe_user_authentication" DisableUserAuthentication,
    "edit_payout_schedule" EditPayoutSchedule,
    "standard_payouts" StandardPayouts,
    "instant_payouts" InstantPayouts,
    "refund_management" RefundManagement,
    "dispute_management" DisputeManagement,
    "capture_payments" CapturePayments,
    "destination_on_behalf_of_charge_management" DestinationOnBehalfOfChargeManagement,
    "send_money" SendMoney,
    "transfer_balance" TransferBalance,
    "card_management" CardManagement,
    "card_spend_dispute_management" CardSpendDisputeManagement,
    "cardholder_management" CardholderManagement,
    "spend_control_management" SpendControlManagement,
}

impl Component {
    /// The features that it has.
    // RULE: docs.stripe.com/api/account_sessions/create (2026).
    pub const fn features(self) -> &'static [Feature] {
        use Feature as F;
        match self {
            Self::AccountOnboarding | Self::AccountManagement | Self::NotificationBanner => {
                &[F::ExternalAccountCollection, F::DisableUserAuthentication]
            }
            Self::Payments | Self::PaymentDetails | Self::DisputesList => &[
                F::RefundManagement,
                F::DisputeManagement,
                F::CapturePayments,
                F::DestinationOnBehalfOfChargeManagement,
            ],
            Self::PaymentDisputes => {
                &[F::RefundManagement, F::DisputeManagement, F::DestinationOnBehalfOfChargeManagement]
            }
            Self::PaymentMethodSettings => &[F::DisableUserAuthentication],
            Self::Payouts | Self::Balances => &[
                F::ExternalAccountCollection,
                F::DisableUserAuthentication,
                F::EditPayoutSchedule,
                F::StandardPayouts,
                F::InstantPayouts,
            ],
            Self::InstantPayoutsPromotion => {
                &[F::ExternalAccountCollection, F::DisableUserAuthentication, F::InstantPayouts]
            }
            Self::FinancialAccount => {
                &[F::ExternalAccountCollection, F::DisableUserAuthentication, F::SendMoney, F::TransferBalance]
            }
            Self::FinancialAccountTransactions => &[F::CardSpendDisputeManagement],
            Self::IssuingCard => {
                &[F::CardManagement, F::CardSpendDisputeManagement, F::CardholderManagement, F::SpendControlManagement]
            }
            Self::IssuingCardsList => &[
                F::DisableUserAuthentication,
                F::CardManagement,
                F::CardSpendDisputeManagement,
                F::CardholderManagement,
                F::SpendControlManagement,
            ],
            Self::PayoutsList
            | Self::PayoutDetails
            | Self::BalanceReport
            | Self::PayoutReconciliationReport
            | Self::ReportingChart
            | Self::Documents
            | Self::TaxSettings
            | Self::TaxRegistrations
            | Self::TerminalHardwareOrders
            | Self::TerminalHardwareShop => &[],
        }
    }

    /// Every feature of the component on an account of this controller, with the wishes that it allows.
    ///
    /// ```
    /// use std::collections::BTreeMap;
    ///
    /// use fundroute::accounts::{Component, Controller, Feature};
    /// use fundroute::rulebook::AccountKind;
    ///
    /// let nothing = BTreeMap::new();
    /// let standard = Component::Payouts.resolve(&Controller::of(AccountKind::Standard), &nothing)?;
    /// assert_eq!(standard.get(&Feature::StandardPayouts), Some(&true));
    /// let custom = Controller::of(AccountKind::Custom);
    /// assert_eq!(Component::Payouts.resolve(&custom, &nothing)?.get(&Feature::StandardPayouts), Some(&false));
    /// # Ok::<(), fundroute::accounts::AccessError>(())
    /// ```
    ///
    /// # Errors
    /// [`AccessError::FeatureUnknown`], [`AccessError::FeatureFixed`].
    pub fn resolve(
        self,
        controller: &Controller,
        asked: &BTreeMap<Feature, bool>,
    ) -> Result<BTreeMap<Feature, bool>, AccessError> {
        if let Some(feature) = asked.keys().copied().find(|feature| !self.features().contains(feature)) {
            return Err(AccessError::FeatureUnknown { component: self, feature });
        }
        let is_platforms = controller.requirements == RequirementCollector::Application;
        let mut resolved = BTreeMap::new();
        for &feature in self.features() {
            let default = feature.default(controller, &resolved);
            let value = asked.get(&feature).copied().unwrap_or(default);
            match feature.only_value().filter(|only| *only != value && !is_platforms) {
                Some(only) => return Err(AccessError::FeatureFixed { component: self, feature, only }),
                None => resolved.insert(feature, value),
            };
        }
        Ok(resolved)
    }
}

impl Feature {
    /// The only value where the platform does not collect the account's requirements.
    // RULE: bank accounts are collected, and holders authenticated, unless the platform collects what the account is asked for
    // (docs.stripe.com/api/account_sessions/create, 2026).
    const fn only_value(self) -> Option<bool> {
        match self {
            Self::ExternalAccountCollection => Some(true),
            Self::DisableUserAuthentication => Some(false),
            Self::EditPayoutSchedule
            | Self::StandardPayouts
            | Self::InstantPayouts
            | Self::RefundManagement
            | Self::DisputeManagement
            | Self::CapturePayments
            | Self::DestinationOnBehalfOfChargeManagement
            | Self::SendMoney
            | Self::TransferBalance
            | Self::CardManagement
            | Self::CardSpendDisputeManagement
            | Self::CardholderManagement
            | Self::SpendControlManagement => None,
        }
    }

    /// What holds if nobody says otherwise; `before` are the component's features that come first.
    // RULE: authentication is off where the collection of bank accounts is off; payouts and their schedule are the holder's where
    // the processor bears the losses (docs.stripe.com/api/account_sessions/create, 2026). Instant payouts then follow the
    // platform's own settings elsewhere, which this crate does not have, so they are off.
    fn default(self, controller: &Controller, before: &BTreeMap<Self, bool>) -> bool {
        match self {
            Self::ExternalAccountCollection
            | Self::RefundManagement
            | Self::DisputeManagement
            | Self::CapturePayments => true,
            Self::DisableUserAuthentication => before.get(&Self::ExternalAccountCollection) == Some(&false),
            Self::EditPayoutSchedule | Self::StandardPayouts | Self::InstantPayouts => match controller.losses {
                LossBearer::Processor => true,
                LossBearer::Application => false,
            },
            // No default is published for what moves money out of financial accounts and for cards; this crate keeps it off.
            Self::DestinationOnBehalfOfChargeManagement
            | Self::SendMoney
            | Self::TransferBalance
            | Self::CardManagement
            | Self::CardSpendDisputeManagement
            | Self::CardholderManagement
            | Self::SpendControlManagement => false,
        }
    }
}

impl Controller {
    /// Whether the platform may collect what the account is asked for on pages of its own. Where it may not, onboarding is hosted
    /// or embedded.
    // RULE: where the processor bears the losses, onboarding is hosted or embedded (docs.stripe.com/connect/risk-management,
    // 2024); requirements go through the API only where the platform collects them (docs.stripe.com/connect/custom-accounts, 2024).
    pub const fn may_onboard_itself(&self) -> bool {
        matches!((self.requirements, self.losses), (RequirementCollector::Application, LossBearer::Application))
    }

    /// The components that a platform has to show, because its holders have no dashboard while the processor bears their losses.
    /// Nothing is refused for it: it is a lint.
    // RULE: docs.stripe.com/connect/risk-management (2024).
    pub const fn must_show(&self) -> &'static [Component] {
        match (self.losses, self.has_dashboard()) {
            (LossBearer::Processor, false) => &[Component::NotificationBanner, Component::AccountManagement],
            (LossBearer::Processor, true) | (LossBearer::Application, _) => &[],
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::accounts::{Dashboard, FeePayer};
    use crate::rulebook::AccountKind;

    #[test]
    fn there_are_25_components_with_distinct_names_that_survive_json() {
        let mut names: Vec<&str> = Component::ALL.iter().map(|component| component.as_str()).collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), 25);
        for component in Component::ALL {
            let json = serde_json::to_string(&component).unwrap();
            assert_eq!(json, format!("\"{component}\""));
            assert_eq!(serde_json::from_str::<Component>(&json).unwrap(), component);
            let mut features = component.features().to_vec();
            features.sort_unstable();
            features.dedup();
            // The order of declaration is the order in which defaults build on one another.
            assert_eq!(features, component.features(), "{component}");
        }
    }

    #[test]
    fn a_holder_without_dashboard_whose_losses_are_the_processors_is_shown_two_components() {
        let embedded = Controller {
            fees: FeePayer::Account,
            losses: LossBearer::Processor,
            requirements: RequirementCollector::Processor,
            dashboard: Dashboard::None,
        };
        assert_eq!(embedded.must_show(), [Component::NotificationBanner, Component::AccountManagement]);
        assert!(!embedded.may_onboard_itself());
        for kind in AccountKind::ALL {
            assert_eq!(Controller::of(kind).must_show(), []);
            assert_eq!(Controller::of(kind).may_onboard_itself(), kind == AccountKind::Custom);
        }
    }
}
