//! What accounts may be allowed to do.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::UnknownWord;

words! {
    /// What a capability is about.
    CapabilityFamily, "a family of capabilities":
    "bank_debit" BankDebit "taking debits of bank accounts",
    "bank_transfer" BankTransfer "taking bank transfers",
    "core" Core "being paid at all",
    "money" Money "holding and spending money",
    "other" Other "taking every other kind of payment, by its own capability",
    "regional" Regional "taking cards in ways that one region knows",
    "tax" Tax "having forms filed with the tax office",
}

/// Gives every capability to a macro: its word, its name as a field, its variant, and what it allows.
///
/// They are stored by their place in this list, so a new one comes last: the first five were there first, those down to Zip by name,
/// then the rest by name.
macro_rules! each_capability {
    ($then:ident) => {
        $then! {
            "boleto_payments" boleto_payments BoletoPayments "take boletos, as the business that settles them",
            "card_payments" card_payments CardPayments "take cards, as the business that settles them",
            "sepa_debit_payments" sepa_debit_payments SepaDebitPayments "take SEPA direct debits, as the business that settles them",
            "transfers" transfers Transfers "receive transfers from the platform" was "platform_payments",
            "us_bank_account_ach_payments" us_bank_account_ach_payments UsBankAccountAchPayments "take US bank debits, as the business that settles them",
            "acss_debit_payments" acss_debit_payments AcssDebitPayments "take pre-authorized debits in Canada",
            "affirm_payments" affirm_payments AffirmPayments "take payments by Affirm",
            "afterpay_clearpay_payments" afterpay_clearpay_payments AfterpayClearpayPayments "take payments by Afterpay, or Clearpay",
            "amazon_pay_payments" amazon_pay_payments AmazonPayPayments "take payments by Amazon Pay",
            "app_distribution" app_distribution AppDistribution "sell through an app of the platform",
            "au_becs_debit_payments" au_becs_debit_payments AuBecsDebitPayments "take BECS direct debits in Australia",
            "bacs_debit_payments" bacs_debit_payments BacsDebitPayments "take Bacs direct debits",
            "bancontact_payments" bancontact_payments BancontactPayments "take payments by Bancontact",
            "bank_transfer_payments" bank_transfer_payments BankTransferPayments "take bank transfers",
            "blik_payments" blik_payments BlikPayments "take payments by BLIK",
            "card_issuing" card_issuing CardIssuing "give out cards",
            "cartes_bancaires_payments" cartes_bancaires_payments CartesBancairesPayments "take cards of Cartes Bancaires",
            "cashapp_payments" cashapp_payments CashappPayments "take payments by Cash App",
            "crypto_payments" crypto_payments CryptoPayments "take payments in stablecoins",
            "crypto_transfers" crypto_transfers CryptoTransfers "receive transfers as stablecoins",
            "eps_payments" eps_payments EpsPayments "take payments by EPS",
            "fpx_payments" fpx_payments FpxPayments "take payments by FPX",
            "gb_bank_transfer_payments" gb_bank_transfer_payments GbBankTransferPayments "take bank transfers in the United Kingdom",
            "grabpay_payments" grabpay_payments GrabpayPayments "take payments by GrabPay",
            "ideal_payments" ideal_payments IdealPayments "take payments by iDEAL",
            "india_international_payments" india_international_payments IndiaInternationalPayments "take payments from outside India",
            "jcb_payments" jcb_payments JcbPayments "take cards of JCB",
            "jp_bank_transfer_payments" jp_bank_transfer_payments JpBankTransferPayments "take bank transfers in Japan",
            "klarna_payments" klarna_payments KlarnaPayments "take payments by Klarna",
            "konbini_payments" konbini_payments KonbiniPayments "take payments at convenience stores in Japan",
            "legacy_payments" legacy_payments LegacyPayments "take payments and receive transfers, as of old",
            "link_payments" link_payments LinkPayments "take payments by Link",
            "mobilepay_payments" mobilepay_payments MobilepayPayments "take payments by MobilePay",
            "multibanco_payments" multibanco_payments MultibancoPayments "take payments by Multibanco",
            "mx_bank_transfer_payments" mx_bank_transfer_payments MxBankTransferPayments "take bank transfers in Mexico",
            "nz_bank_account_becs_debit_payments" nz_bank_account_becs_debit_payments NzBankAccountBecsDebitPayments "take BECS direct debits in New Zealand",
            "oxxo_payments" oxxo_payments OxxoPayments "take payments at OXXO",
            "p24_payments" p24_payments P24Payments "take payments by Przelewy24",
            "paynow_payments" paynow_payments PaynowPayments "take payments by PayNow",
            "paypay_payments" paypay_payments PaypayPayments "take payments by PayPay",
            "pix_payments" pix_payments PixPayments "take payments by Pix",
            "promptpay_payments" promptpay_payments PromptpayPayments "take payments by PromptPay",
            "revolut_pay_payments" revolut_pay_payments RevolutPayPayments "take payments by Revolut Pay",
            "sepa_bank_transfer_payments" sepa_bank_transfer_payments SepaBankTransferPayments "take bank transfers within SEPA",
            "swish_payments" swish_payments SwishPayments "take payments by Swish",
            "tax_reporting_us_1099_k" tax_reporting_us_1099_k TaxReportingUs1099K "have the US form 1099-K filed",
            "tax_reporting_us_1099_misc" tax_reporting_us_1099_misc TaxReportingUs1099Misc "have the US form 1099-MISC filed",
            "treasury" treasury Treasury "hold money in a financial account",
            "twint_payments" twint_payments TwintPayments "take payments by TWINT",
            "upi_payments" upi_payments UpiPayments "take payments by UPI",
            "us_bank_transfer_payments" us_bank_transfer_payments UsBankTransferPayments "take bank transfers in the United States",
            "zip_payments" zip_payments ZipPayments "take payments by Zip",
            "alma_payments" alma_payments AlmaPayments "take payments by Alma",
            "billie_payments" billie_payments BilliePayments "take payments by Billie",
            "bizum_payments" bizum_payments BizumPayments "take payments by Bizum",
            "giropay_payments" giropay_payments GiropayPayments "take payments by giropay",
            "kakao_pay_payments" kakao_pay_payments KakaoPayPayments "take payments by Kakao Pay",
            "kr_card_payments" kr_card_payments KrCardPayments "take cards of Korea",
            "mb_way_payments" mb_way_payments MbWayPayments "take payments by MB WAY",
            "naver_pay_payments" naver_pay_payments NaverPayPayments "take payments by Naver Pay",
            "pay_by_bank_payments" pay_by_bank_payments PayByBankPayments "take payments by bank, asked for at once",
            "payco_payments" payco_payments PaycoPayments "take payments by PAYCO",
            "payto_payments" payto_payments PaytoPayments "take debits by PayTo in Australia",
            "samsung_pay_payments" samsung_pay_payments SamsungPayPayments "take payments by Samsung Pay in Korea",
            "satispay_payments" satispay_payments SatispayPayments "take payments by Satispay",
            "scalapay_payments" scalapay_payments ScalapayPayments "take payments by Scalapay",
            "sofort_payments" sofort_payments SofortPayments "take payments by Sofort",
            "sunbit_payments" sunbit_payments SunbitPayments "take payments by Sunbit",
        }
    };
}

macro_rules! declare {
    ($($wire:literal $field:ident $variant:ident $what:literal $(was $old:literal)?,)+) => {
        words! {
            /// Something that an account may be allowed to do once its requirements are met.
            // RULE: until August 2019 `transfers` was called `platform_payments` (docs.stripe.com/changelog, 2019-08-14).
            Capability, "a capability":
            $($wire $variant $what $(was $old)?,)+
        }
    };
}

each_capability!(declare);

pub(in crate::rulebook) use each_capability;
