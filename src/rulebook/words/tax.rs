//! The words of tax forms.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::UnknownWord;

words! {
    /// Which form a year's income is reported on.
    // RULE: `us_1099_k` and `eu_dac7` are the field's own words (docs.stripe.com/api/tax/forms, 2026, in preview); the others are our own,
    // by analogy.
    TaxFormType, "a type of tax form":
    "us_1099_k" Us1099K "payments by card and over networks of third parties, in the United States",
    "us_1099_misc" Us1099Misc "other income, in the United States",
    "us_1099_nec" Us1099Nec "pay of those who are not employed, in the United States",
    "eu_dac7" EuDac7 "sellers on platforms, in the European Union",
    "gb_mrdp" GbMrdp "sellers on platforms, in the United Kingdom",
    "ca_mrdp" CaMrdp "sellers on platforms, in Canada",
    "au_serr" AuSerr "sellers on platforms, in Australia",
    "nz_mrdp" NzMrdp "sellers on platforms, in New Zealand",
}

words! {
    /// What a limit counts.
    TaxIncome, "a kind of income":
    "payments" Payments "everything that no other word is for",
    "royalties" Royalties,
    "dividends_in_lieu" DividendsInLieu "what is paid in place of dividends",
    "fishing_proceeds" FishingProceeds,
    "golden_parachute" GoldenParachute "what executives are paid as they leave",
}

words! {
    /// How a state gets its forms.
    StateFilingWay, "a way to file with a state":
    "portal" Portal "on a page of the state's own",
    "combined" Combined "the federal authority hands them on",
}

words! {
    /// A state of the United States, or its capital's district.
    UsState, "a state of the United States":
    "AL" Al, "AK" Ak, "AZ" Az, "AR" Ar, "CA" Ca, "CO" Co, "CT" Ct, "DE" De, "DC" Dc, "FL" Fl, "GA" Ga, "HI" Hi, "ID" Id,
    "IL" Il, "IN" In, "IA" Ia, "KS" Ks, "KY" Ky, "LA" La, "ME" Me, "MD" Md, "MA" Ma, "MI" Mi, "MN" Mn, "MS" Ms, "MO" Mo,
    "MT" Mt, "NE" Ne, "NV" Nv, "NH" Nh, "NJ" Nj, "NM" Nm, "NY" Ny, "NC" Nc, "ND" Nd, "OH" Oh, "OK" Ok, "OR" Or, "PA" Pa,
    "RI" Ri, "SC" Sc, "SD" Sd, "TN" Tn, "TX" Tx, "UT" Ut, "VT" Vt, "VA" Va, "WA" Wa, "WV" Wv, "WI" Wi, "WY" Wy,
}

impl TaxFormType {
    /// Whether it goes to the authorities of the United States, and perhaps of one of its states.
    #[must_use]
    pub const fn is_us(self) -> bool {
        match self {
            Self::Us1099K | Self::Us1099Misc | Self::Us1099Nec => true,
            Self::EuDac7 | Self::GbMrdp | Self::CaMrdp | Self::AuSerr | Self::NzMrdp => false,
        }
    }
}
