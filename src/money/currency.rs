//! The currencies that the payments API knows, and how many digits it counts for each.

use std::fmt;
use std::str::FromStr;

use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::MoneyError;

/// Writes the closed list of codes once, and from it the constants and the look-ups that must agree
/// with it.
macro_rules! currencies {
    ($($code:ident $exponent:literal $name:literal;)+) => {
        /// One variant per code, in alphabetical order, so that the derived order is the order of
        /// the codes.
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        #[expect(clippy::upper_case_acronyms, reason = "the codes are written so everywhere")]
        enum Code {
            $($code,)+
        }

        /// One constant for each currency.
        impl Currency {
            $(
                #[doc = concat!($name, ".")]
                pub const $code: Currency = Currency(Code::$code);
            )+

            const KNOWN: &[Currency] = &[$(Currency::$code,)+];

            /// The ISO 4217 code, in upper case.
            ///
            /// ```
            /// use fundroute::money::Currency;
            ///
            /// assert_eq!(Currency::BRL.code(), "BRL");
            /// ```
            pub const fn code(self) -> &'static str {
                match self.0 {
                    $(Code::$code => stringify!($code),)+
                }
            }

            /// The letters of its code.
            const fn letters(self) -> [u8; 3] {
                match self.0 {
                    $(Code::$code => letters(stringify!($code)),)+
                }
            }

            /// How many decimal digits an amount has: 2 where the minor unit is a hundredth, 0
            /// where there is none.
            ///
            /// This is the count of the payments API, which for a few currencies (`ISK`, `UGX`,
            /// `MGA`) is not that of ISO 4217 or of daily life.
            ///
            /// ```
            /// use fundroute::money::Currency;
            ///
            /// assert_eq!(Currency::USD.exponent(), 2);
            /// assert_eq!(Currency::JPY.exponent(), 0);
            /// assert_eq!(Currency::KWD.exponent(), 3);
            /// ```
            pub const fn exponent(self) -> u32 {
                match self.0 {
                    $(Code::$code => $exponent,)+
                }
            }
        }
    };
}

const fn letters(code: &str) -> [u8; 3] {
    match code.as_bytes() {
        [first, second, third] => [*first, *second, *third],
        // INVARIANT: every code has three letters; a test sees to it.
        _ => [0; 3],
    }
}

/// A currency in which money can be charged, held or paid out.
///
/// A value is always one of the known currencies: text enters through [`FromStr`], which takes a
/// code in any case and refuses all others. Currencies order by code.
///
/// With serde a currency is its code: in a human-readable format the lower-case text that the field
/// sends over the wire (`"usd"`), in a compact one three upper-case bytes. Neither changes when a
/// later release knows more currencies.
///
/// ```
/// use fundroute::money::Currency;
///
/// let currency: Currency = "eur".parse()?;
/// assert_eq!(currency, Currency::EUR);
/// assert_eq!(currency.to_string(), "EUR");
/// assert!("EURO".parse::<Currency>().is_err());
/// # Ok::<(), fundroute::money::MoneyError>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Currency(Code);

// RULE: digits as the payments API counts them (docs.stripe.com/currencies, 2024): ISK and
// UGX keep two although they have no minor unit any more, and MGA has none although ISO 4217 gives
// it a fifth.
// BTN and GHS are paid out but not on that list: their digits are those of ISO 4217.
// BGN (euro since 2026) and ANG (XCG since 2025) stay, because past payments are in them.
currencies! {
    AED 2 "UAE dirham";
    AFN 2 "Afghan afghani";
    ALL 2 "Albanian lek";
    AMD 2 "Armenian dram";
    ANG 2 "Netherlands Antillean guilder";
    AOA 2 "Angolan kwanza";
    ARS 2 "Argentine peso";
    AUD 2 "Australian dollar";
    AWG 2 "Aruban florin";
    AZN 2 "Azerbaijani manat";
    BAM 2 "Bosnia and Herzegovina convertible mark";
    BBD 2 "Barbados dollar";
    BDT 2 "Bangladeshi taka";
    BGN 2 "Bulgarian lev";
    BHD 3 "Bahraini dinar";
    BIF 0 "Burundian franc";
    BMD 2 "Bermudian dollar";
    BND 2 "Brunei dollar";
    BOB 2 "Bolivian boliviano";
    BRL 2 "Brazilian real";
    BSD 2 "Bahamian dollar";
    BTN 2 "Bhutanese ngultrum";
    BWP 2 "Botswana pula";
    BYN 2 "Belarusian ruble";
    BZD 2 "Belize dollar";
    CAD 2 "Canadian dollar";
    CDF 2 "Congolese franc";
    CHF 2 "Swiss franc";
    CLP 0 "Chilean peso";
    CNY 2 "Chinese yuan";
    COP 2 "Colombian peso";
    CRC 2 "Costa Rican colon";
    CVE 2 "Cape Verdean escudo";
    CZK 2 "Czech koruna";
    DJF 0 "Djiboutian franc";
    DKK 2 "Danish krone";
    DOP 2 "Dominican peso";
    DZD 2 "Algerian dinar";
    EGP 2 "Egyptian pound";
    ETB 2 "Ethiopian birr";
    EUR 2 "Euro";
    FJD 2 "Fijian dollar";
    FKP 2 "Falkland Islands pound";
    GBP 2 "Pound sterling";
    GEL 2 "Georgian lari";
    GHS 2 "Ghanaian cedi";
    GIP 2 "Gibraltar pound";
    GMD 2 "Gambian dalasi";
    GNF 0 "Guinean franc";
    GTQ 2 "Guatemalan quetzal";
    GYD 2 "Guyanese dollar";
    HKD 2 "Hong Kong dollar";
    HNL 2 "Honduran lempira";
    HTG 2 "Haitian gourde";
    HUF 2 "Hungarian forint";
    IDR 2 "Indonesian rupiah";
    ILS 2 "Israeli new shekel";
    INR 2 "Indian rupee";
    ISK 2 "Icelandic krona";
    JMD 2 "Jamaican dollar";
    JOD 3 "Jordanian dinar";
    JPY 0 "Japanese yen";
    KES 2 "Kenyan shilling";
    KGS 2 "Kyrgyz som";
    KHR 2 "Cambodian riel";
    KMF 0 "Comorian franc";
    KRW 0 "South Korean won";
    KWD 3 "Kuwaiti dinar";
    KYD 2 "Cayman Islands dollar";
    KZT 2 "Kazakh tenge";
    LAK 2 "Lao kip";
    LBP 2 "Lebanese pound";
    LKR 2 "Sri Lankan rupee";
    LRD 2 "Liberian dollar";
    LSL 2 "Lesotho loti";
    MAD 2 "Moroccan dirham";
    MDL 2 "Moldovan leu";
    MGA 0 "Malagasy ariary";
    MKD 2 "Macedonian denar";
    MMK 2 "Myanmar kyat";
    MNT 2 "Mongolian tugrik";
    MOP 2 "Macanese pataca";
    MUR 2 "Mauritian rupee";
    MVR 2 "Maldivian rufiyaa";
    MWK 2 "Malawian kwacha";
    MXN 2 "Mexican peso";
    MYR 2 "Malaysian ringgit";
    MZN 2 "Mozambican metical";
    NAD 2 "Namibian dollar";
    NGN 2 "Nigerian naira";
    NIO 2 "Nicaraguan cordoba";
    NOK 2 "Norwegian krone";
    NPR 2 "Nepalese rupee";
    NZD 2 "New Zealand dollar";
    OMR 3 "Omani rial";
    PAB 2 "Panamanian balboa";
    PEN 2 "Peruvian sol";
    PGK 2 "Papua New Guinean kina";
    PHP 2 "Philippine peso";
    PKR 2 "Pakistani rupee";
    PLN 2 "Polish zloty";
    PYG 0 "Paraguayan guarani";
    QAR 2 "Qatari riyal";
    RON 2 "Romanian leu";
    RSD 2 "Serbian dinar";
    RUB 2 "Russian ruble";
    RWF 0 "Rwandan franc";
    SAR 2 "Saudi riyal";
    SBD 2 "Solomon Islands dollar";
    SCR 2 "Seychellois rupee";
    SEK 2 "Swedish krona";
    SGD 2 "Singapore dollar";
    SHP 2 "Saint Helena pound";
    SLE 2 "Sierra Leonean leone";
    SOS 2 "Somali shilling";
    SRD 2 "Surinamese dollar";
    STD 2 "Sao Tome and Principe dobra, as coded until 2017";
    SZL 2 "Swazi lilangeni";
    THB 2 "Thai baht";
    TJS 2 "Tajikistani somoni";
    TND 3 "Tunisian dinar";
    TOP 2 "Tongan paanga";
    TRY 2 "Turkish lira";
    TTD 2 "Trinidad and Tobago dollar";
    TWD 2 "New Taiwan dollar";
    TZS 2 "Tanzanian shilling";
    UAH 2 "Ukrainian hryvnia";
    UGX 2 "Ugandan shilling";
    USD 2 "United States dollar";
    UYU 2 "Uruguayan peso";
    UZS 2 "Uzbekistani sum";
    VND 0 "Vietnamese dong";
    VUV 0 "Vanuatu vatu";
    WST 2 "Samoan tala";
    XAF 0 "Central African CFA franc";
    XCD 2 "East Caribbean dollar";
    XCG 2 "Caribbean guilder";
    XOF 0 "West African CFA franc";
    XPF 0 "CFP franc";
    YER 2 "Yemeni rial";
    ZAR 2 "South African rand";
    ZMW 2 "Zambian kwacha";
}

impl Currency {
    /// Every known currency, in order of code.
    ///
    /// ```
    /// use fundroute::money::Currency;
    ///
    /// assert_eq!(Currency::all().filter(|currency| currency.exponent() == 3).count(), 5);
    /// ```
    pub fn all() -> impl Iterator<Item = Currency> {
        Self::KNOWN.iter().copied()
    }

    fn from_upper_case(code: &[u8]) -> Option<Currency> {
        let place = Self::KNOWN.binary_search_by(|known| known.code().as_bytes().cmp(code)).ok()?;
        Self::KNOWN.get(place).copied()
    }
}

impl fmt::Debug for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl fmt::Display for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.code())
    }
}

impl FromStr for Currency {
    type Err = MoneyError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Self::from_upper_case(text.to_ascii_uppercase().as_bytes())
            .ok_or_else(|| MoneyError::UnknownCurrency(text.to_owned()))
    }
}

impl Serialize for Currency {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if serializer.is_human_readable() {
            return serializer.serialize_str(&self.code().to_ascii_lowercase());
        }
        self.letters().serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Currency {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        if deserializer.is_human_readable() {
            return String::deserialize(deserializer)?.parse().map_err(D::Error::custom);
        }
        let letters = <[u8; 3]>::deserialize(deserializer)?;
        Self::from_upper_case(&letters).ok_or_else(|| {
            let code = String::from_utf8_lossy(&letters).into_owned();
            D::Error::custom(MoneyError::UnknownCurrency(code))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with_exponent(exponent: u32) -> String {
        let codes: Vec<&str> =
            Currency::all().filter(|currency| currency.exponent() == exponent).map(Currency::code).collect();
        codes.join(" ")
    }

    #[test]
    fn the_list_is_complete_sorted_and_of_three_letters() {
        let all: Vec<Currency> = Currency::all().collect();
        assert_eq!(all.len(), 142);
        assert!(all.is_sorted_by(|a, b| a < b && a.code() < b.code()));
        assert!(all.iter().all(|c| c.code().len() == 3 && c.code().bytes().all(|b| b.is_ascii_uppercase())));
    }

    #[test]
    fn digits_are_those_of_the_payments_api() {
        assert_eq!(with_exponent(0), "BIF CLP DJF GNF JPY KMF KRW MGA PYG RWF VND VUV XAF XOF XPF");
        assert_eq!(with_exponent(3), "BHD JOD KWD OMR TND");
        assert_eq!(Currency::all().filter(|c| c.exponent() == 2).count(), 122);
    }

    #[test]
    fn codes_parse_in_any_case_and_nothing_else_does() {
        for currency in Currency::all() {
            assert_eq!(currency.to_string().parse(), Ok(currency));
            assert_eq!(currency.code().to_lowercase().parse(), Ok(currency));
            assert_eq!(format!("{currency:?}"), currency.code());
        }
        assert_eq!("uSd".parse(), Ok(Currency::USD));
        for text in ["", "US", "USDT", " USD", "XXX", "ÜSD", "\u{131}sk"] {
            let refused = text.parse::<Currency>();
            assert_eq!(refused, Err(MoneyError::UnknownCurrency(text.to_owned())), "{text}");
        }
    }

    #[test]
    fn text_pads_like_any_other() {
        assert_eq!(format!("[{:>5}]", Currency::EUR), "[  EUR]");
    }

    #[test]
    fn stored_form_is_the_code() {
        for currency in Currency::all() {
            let text = serde_json::to_string(&currency).unwrap();
            assert_eq!(text, format!("\"{}\"", currency.code().to_lowercase()));
            assert_eq!(serde_json::from_str::<Currency>(&text).unwrap(), currency);

            let bytes = postcard::to_stdvec(&currency).unwrap();
            assert_eq!(bytes, currency.code().as_bytes());
            assert_eq!(postcard::from_bytes::<Currency>(&bytes).unwrap(), currency);
        }
    }

    #[test]
    fn stored_nonsense_is_refused() {
        let error = serde_json::from_str::<Currency>("\"zzz\"").unwrap_err();
        assert!(error.to_string().contains("`zzz`"), "{error}");
        assert!(postcard::from_bytes::<Currency>(b"usd").is_err());
        assert!(postcard::from_bytes::<Currency>(&[0xff, 0, 1]).is_err());
        assert!(postcard::from_bytes::<Currency>(b"US").is_err());
    }
}
