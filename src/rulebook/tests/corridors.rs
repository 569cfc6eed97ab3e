//! From where to where a platform's money may go.

use super::super::*;
use crate::calendar::hours;
use crate::money::{Currency, Rate};

use Country::{AE, AU, BR, CA, CH, CZ, DE, FR, GB, GE, GI, IN, IS, JP, KE, KP, LI, MY, NE, SG, TH, US};
use FundsFlow::{Destination, DestinationOnBehalfOf, Direct, Separate, TopUp};
use ServiceAgreement::{Full, Recipient};

/// A lane in a few words.
fn said(lane: Lane<'_>) -> String {
    let flows = |corridor: &Corridor| corridor.flows().iter().map(|flow| flow.as_str()).collect::<Vec<_>>().join(" ");
    match lane {
        Lane::SameRegion(corridor) if corridor.flows() == FundsFlow::ALL => "same region".to_owned(),
        Lane::SameRegion(corridor) => format!("same region: {}", flows(corridor)),
        Lane::CrossBorder(corridor) => format!("{}: {}", corridor.fee(), flows(corridor)),
        Lane::Recipient(corridor) => format!("recipient, {}: {}", corridor.fee(), flows(corridor)),
        Lane::Closed(reason) => reason.to_string(),
    }
}

#[test]
fn words_are_their_names() {
    fn check<
        T: std::fmt::Display + std::str::FromStr<Err = UnknownWord> + PartialEq + std::fmt::Debug + serde::Serialize,
    >(
        words: impl IntoIterator<Item = T>,
    ) {
        for word in words {
            assert_eq!(serde_json::to_string(&word).unwrap(), format!("\"{word}\""));
            assert_eq!(word.to_string().parse(), Ok(word));
        }
    }
    check(CrossBorderEra::ALL);
    check(FundsFlow::ALL);
    check(OnboardingEra::ALL);
    check(BankField::ALL);
}

#[test]
fn from_2025_on_five_regions_pay_each_other_under_the_full_agreement() {
    let book = Rulebook::standard();
    let across = "0.25 %: destination separate top_up";
    let free = "0 %: destination separate top_up";
    let table = [
        (US, US, "same region"),
        (FR, DE, "same region"),
        (DE, LI, "same region"),
        (SG, SG, "same region"),
        (TH, TH, "same region"),
        (AE, AE, "same region: destination separate"),
        (US, CA, across),
        (US, DE, across),
        (CA, US, across),
        (CH, GB, across),
        (GB, CH, across),
        (GB, DE, free),
        (LI, GB, free),
        (FR, US, across),
        (US, AU, "`US` and `AU` are in different regions, between which no money goes"),
        (AU, Country::NZ, "`AU` and `NZ` are in different regions, between which no money goes"),
        (AE, US, "`AE` and `US` are in different regions, between which no money goes"),
        (BR, US, "`BR` and `US` are in different regions, between which no money goes"),
        (FR, GI, "it is not known whether money may go from `FR` to `GI`"),
        (FR, IS, "accounts in `IS` cannot have the service agreement `full`"),
        (KE, KE, "accounts in `KE` cannot have the service agreement `full`"),
        (US, KP, "the rulebook has no country `KP`"),
        (Country::Unspecified, US, "the rulebook has no country `Unspecified`"),
    ];
    for (platform, account, expected) in table {
        assert_eq!(said(book.lane(platform, account, Full)), expected, "{platform} to {account}");
    }
    // Every pair of the five regions, and no other.
    let regions = [Region::Us, Region::Uk, Region::Eea, Region::Ca, Region::Ch];
    let inside = |rule: &CountryRule| regions.contains(&rule.region()) && rule.offers(Full);
    for platform in book.countries().filter(|rule| rule.offers(Full)) {
        for account in book.countries() {
            let lane = book.lane(platform.country(), account.country(), Full);
            let one_region = platform.region() == Region::Eea && account.region() == Region::Eea;
            let open = account.offers(Full)
                && (platform.country() == account.country() || inside(platform) && inside(account));
            assert_eq!(lane.corridor().is_some(), open, "{platform:?} {account:?}");
            assert_eq!(matches!(lane, Lane::CrossBorder(_)), open && !one_region && platform != account);
        }
    }
}

#[test]
fn iceland_stays_unknown_even_where_it_had_the_full_agreement() {
    let mut book = Rulebook::standard();
    let row = "IS,Iceland,ga,eur,eur,eea,full,us";
    let head = "code,name,availability,default_currency,settlement_currencies,region,agreements,source";
    book.read(Table::Countries, &format!("{head}\n{row}\n")).unwrap();
    for platform in [US, CA, GB, CH, DE] {
        let lane = book.lane(platform, IS, Full);
        assert_eq!(lane, Lane::Closed(LaneClosed::NotKnown { platform, account: IS }));
    }
}

#[test]
fn recipients_only_receive_and_today_at_home_only() {
    let book = Rulebook::standard();
    let home = "recipient, 0 %: destination separate top_up";
    let table = [
        (US, US, home),
        (DE, FR, home),
        (SG, SG, home),
        (AE, AE, "recipient, 0 %: destination separate"),
        (US, KE, "money does not go from `US` to `KE` under this service agreement"),
        (GB, DE, "money does not go from `GB` to `DE` under this service agreement"),
        (SG, KE, "`SG` and `KE` are in different regions, between which no money goes"),
        (KE, KE, "accounts in `KE` cannot have the service agreement `full`"),
        (US, GE, "accounts in `GE` cannot have the service agreement `recipient`"),
    ];
    for (platform, account, expected) in table {
        assert_eq!(said(book.lane(platform, account, Recipient)), expected, "{platform} to {account}");
    }
}

#[test]
fn until_2024_platforms_in_the_united_states_paid_recipients_abroad() {
    let book = Rulebook::standard().with_cross_border_era(CrossBorderEra::Recipient);
    let paid = "recipient, 0.25 %: destination separate top_up";
    let no_destination = "recipient, 0.25 %: separate top_up";
    let table = [
        (US, KE, Recipient, paid),
        (US, DE, Recipient, paid),
        (US, MY, Recipient, paid),
        (US, CZ, Recipient, paid),
        (US, IN, Recipient, no_destination),
        (US, TH, Recipient, no_destination),
        (US, BR, Recipient, "accounts in `BR` cannot have the service agreement `recipient`"),
        (GB, KE, Recipient, "`GB` and `KE` are in different regions, between which no money goes"),
        (GB, US, Recipient, "`GB` and `US` are in different regions, between which no money goes"),
        (US, US, Recipient, "recipient, 0 %: destination separate top_up"),
        (US, US, Full, "same region"),
        (FR, DE, Full, "same region"),
        (AE, AE, Full, "same region: destination separate"),
        (US, DE, Full, "money does not go from `US` to `DE` under this service agreement"),
        (GB, DE, Full, "`GB` and `DE` are in different regions, between which no money goes"),
    ];
    for (platform, account, agreement, expected) in table {
        assert_eq!(said(book.lane(platform, account, agreement)), expected, "{platform} to {account}");
    }
    let corridors: Vec<(Country, &Corridor)> = book
        .countries()
        .filter(|rule| rule.country() != US)
        .filter_map(|rule| Some((rule.country(), book.lane(US, rule.country(), Recipient).corridor()?)))
        .collect();
    assert_eq!(corridors.len(), 118);
    let in_euro = corridors.iter().filter(|(_, corridor)| corridor.only_currency() == Some(Currency::EUR));
    assert_eq!(in_euro.map(|(country, _)| *country).collect::<Vec<_>>(), [Country::HR, CZ, IS, LI, CH]);
    let preview = corridors.iter().filter(|(_, corridor)| corridor.availability() == Availability::Preview);
    assert_eq!(preview.count(), 11);
    assert_eq!(book.lane_source(US, NE, Recipient).map(Source::note), Some("paused in April 2024"));
}

/// Every way of each era: what crosses a border costs 0.25 % unless it stays between the United Kingdom and the EEA, and only what goes to
/// recipients takes a day longer.
#[test]
fn fees_and_delays_follow_the_way_and_the_years() {
    let european =
        |country: Country, book: &Rulebook| matches!(book.country(country).unwrap().region(), Region::Eea | Region::Uk);
    let quarter: Rate = "0.25 %".parse().unwrap();
    let mut seen = [0; 3];
    for era in CrossBorderEra::ALL {
        let book = Rulebook::standard().with_cross_border_era(era);
        for platform in [US, GB, DE, FR, Country::CA, CH, SG, AE, JP] {
            for account in book.countries().map(CountryRule::country) {
                for agreement in ServiceAgreement::ALL {
                    let lane = book.lane(platform, account, agreement);
                    let is_within = european(platform, &book) && european(account, &book);
                    let fee = match lane {
                        Lane::CrossBorder(_) | Lane::Recipient(_) if platform != account && !is_within => quarter,
                        Lane::CrossBorder(_) | Lane::Recipient(_) | Lane::SameRegion(_) | Lane::Closed(_) => Rate::ZERO,
                    };
                    let later = if matches!(lane, Lane::Recipient(_)) { hours(24) } else { hours(0) };
                    let said = format!("{era}: {platform} to {account}, {agreement}");
                    assert_eq!(book.cross_border_fee(platform, account, agreement), fee, "{said}");
                    assert_eq!(book.transfer_delay(platform, account, agreement), later, "{said}");
                    seen[0] += usize::from(fee == quarter);
                    seen[1] += usize::from(later == hours(24));
                    seen[2] += usize::from(matches!(lane, Lane::CrossBorder(_)) && fee == Rate::ZERO);
                }
            }
        }
    }
    assert_eq!(seen, [223, 252, 31]);
    let book = Rulebook::standard().with_recipient_delay(hours(48));
    assert_eq!(book.transfer_delay(US, US, Recipient), hours(48));
    assert_eq!(book.transfer_delay(US, US, Full), hours(0));
}

#[test]
fn a_host_may_keep_the_corridors_of_recipients() {
    let book = Rulebook::standard();
    assert_eq!((book.cross_border_era(), book.recipient_corridors()), (CrossBorderEra::SelfServe, false));
    let kept = book.clone().with_recipient_corridors(true);
    let then = book.clone().with_cross_border_era(CrossBorderEra::Recipient);
    for rule in book.countries() {
        let to = rule.country();
        for from in [US, GB, SG] {
            assert_eq!(kept.lane(from, to, Full), book.lane(from, to, Full), "{to}");
            assert_eq!(kept.lane(from, to, Recipient), then.lane(from, to, Recipient), "{to}");
        }
    }
    assert!(kept.lane(US, KE, Recipient).allows(Destination) && !book.lane(US, KE, Recipient).allows(Destination));
}

#[test]
fn nothing_under_the_recipient_agreement_settles_with_the_account() {
    for era in CrossBorderEra::ALL {
        let book = Rulebook::standard().with_cross_border_era(era).with_recipient_corridors(true);
        for platform in book.countries() {
            for account in book.countries() {
                let lane = book.lane(platform.country(), account.country(), Recipient);
                assert!(!matches!(lane, Lane::SameRegion(_) | Lane::CrossBorder(_)));
                for flow in FundsFlow::ALL.into_iter().filter(|flow| flow.settles_with_the_account()) {
                    assert!(!lane.allows(flow));
                }
            }
        }
    }
    assert!(Direct.settles_with_the_account() && DestinationOnBehalfOf.settles_with_the_account());
    assert!(!Separate.settles_with_the_account() && !TopUp.settles_with_the_account());
}

#[test]
fn every_way_names_its_source() {
    let book = Rulebook::standard();
    for era in CrossBorderEra::ALL {
        let book = book.clone().with_cross_border_era(era);
        for (from, to) in [(US, US), (US, DE), (JP, KE), (GB, GI), (US, KE), (AE, AE)] {
            for agreement in ServiceAgreement::ALL {
                let source = book.lane_source(from, to, agreement).unwrap();
                assert!(source.page().starts_with("docs.stripe.com/connect/") && source.year().is_some(), "{source}");
            }
        }
    }
}

#[test]
fn rows_that_make_no_sense_are_refused() {
    let head = "era,platform,account,agreement,lane,fee,flows,only_currency,availability,closed,source";
    for (row, expected) in [
        ("self_serve,same,*,full,closed,,,,,other_region,us", "a platform is in"),
        ("self_serve,recipients,*,full,closed,,,,,other_region,us", "a platform is in"),
        ("self_serve,moon,*,full,closed,,,,,other_region,us", "`moon`"),
        ("self_serve,US,KP,full,closed,,,,,other_region,us", "no country `KP`"),
        ("self_serve,US,*,full,closed,,,,,,us", "reason"),
        ("self_serve,US,*,full,closed,1%,,,,other_region,us", "neither fee"),
        ("self_serve,US,*,full,cross_border,1%,*,,,other_region,us", "no reason"),
        ("self_serve,US,*,full,cross_border,,*,,,,us", "fee"),
        ("self_serve,US,*,full,cross_border,x,*,,,,us", "`x`"),
        ("self_serve,US,*,full,cross_border,1%,,,,,us", "flows"),
        ("self_serve,US,*,full,cross_border,1%,smuggle,,,,us", "`smuggle` is not a flow of funds"),
        ("self_serve,US,*,full,cross_border,1%,*,zzz,,,us", "`zzz`"),
        ("self_serve,US,*,recipient,recipient,1%,*,,,,us", "no charge settles"),
        ("last_year,US,*,full,closed,,,,,other_region,us", "`last_year` is not a cross-border era"),
        ("self_serve,US,*,full,cross_border,100%,*,,,,us", "less than what crosses it"),
    ] {
        let error = Rulebook::standard().read(Table::CrossBorder, &format!("{head}\n{row}\n")).unwrap_err();
        assert!(error.to_string().contains(expected), "{row}: {error}");
    }
    let head = "era,platform,account,agreement,lane,fee,delay_hours,flows,closed,source";
    for (row, expected) in [
        ("self_serve,US,*,full,closed,,24,,other_region,us", "nor delay"),
        ("self_serve,US,*,full,cross_border,1%,soon,*,,us", "delay_hours"),
    ] {
        let error = Rulebook::standard().read(Table::CrossBorder, &format!("{head}\n{row}\n")).unwrap_err();
        assert!(error.to_string().contains(expected), "{row}: {error}");
    }
}

#[test]
fn a_country_is_added_by_data_alone() {
    let (zw, zar) = (Country::ZW, Currency::ZAR);
    let mut book = Rulebook::standard();
    book.read(
        Table::Countries,
        "code,name,availability,default_currency,settlement_currencies,region,agreements,cross_border_recipient,source\n\
         ZW,Zimbabwe,preview,usd,usd zar,africa,recipient,yes,our contract\n",
    )
    .unwrap();
    book.read(
        Table::BankFormats,
        "country,currency,fields,routing,account,test_routing,test_account,source\n\
         ZW,usd,swift_or_bank_code account_number,4a 'ZW' 2-5an,9-14n,AAAAZWHX,000123456789,our contract\n",
    )
    .unwrap();
    book.read(
        Table::CrossBorder,
        "era,platform,account,agreement,lane,fee,flows,source\n\
         self_serve,DE,ZW,recipient,recipient,0.5%,separate,our contract\n",
    )
    .unwrap();

    assert_eq!(book.may_onboard(DE, zw, AccountKind::Express), Ok(()));
    assert_eq!(said(book.lane(DE, zw, Recipient)), "recipient, 0.5 %: separate");
    assert_eq!(said(book.lane(FR, zw, Recipient)), "money does not go from `FR` to `ZW` under this service agreement");
    let then = book.clone().with_cross_border_era(CrossBorderEra::Recipient);
    assert_eq!(said(then.lane(US, zw, Recipient)), "recipient, 0.25 %: destination separate top_up");
    for currency in [Currency::USD, zar] {
        let format = book.bank_format(zw, currency).unwrap();
        assert_eq!(format.source().page(), "our contract");
        assert_eq!(format.check(Some("aaaazwhx"), "0001 2345 6789"), Ok(()));
        assert!(format.check(Some("AAAADEHX"), "000123456789").is_err());
    }
    assert!(book.bank_format(zw, Currency::EUR).is_none());
}

/// What `lane_allows` looks up at home is what `lane` finds, whatever was edited, and in whichever order.
#[test]
fn what_is_looked_up_at_home_is_what_the_lanes_say() {
    let check = |book: &Rulebook, name: &str| {
        for account in book.countries().map(CountryRule::country).chain([KP, Country::Unspecified]) {
            for platform in [account, US] {
                for agreement in ServiceAgreement::ALL {
                    let lane = book.lane(platform, account, agreement);
                    for flow in FundsFlow::ALL {
                        let allowed = book.lane_allows(platform, account, agreement, flow);
                        assert_eq!(allowed, lane.allows(flow), "{name}: {platform} to {account}, {agreement}, {flow}");
                    }
                    let known = lane.corridor();
                    let fee = book.cross_border_fee(platform, account, agreement);
                    assert_eq!(fee, known.map_or(Rate::ZERO, Corridor::fee), "{name}: {platform} to {account}");
                    let delay = book.transfer_delay(platform, account, agreement);
                    assert_eq!(delay, known.map_or(hours(0), Corridor::delay), "{name}: {platform} to {account}");
                }
            }
        }
    };
    let book = Rulebook::standard();
    check(&book, "standard");
    check(&book.clone().with_cross_border_era(CrossBorderEra::Recipient), "older era");
    check(&book.clone().with_recipient_corridors(true), "recipients");
    let mut closed = book.clone();
    let head = "era,platform,account,agreement,lane,fee,flows,closed,source";
    let row = |row: &str| format!("{head}\n{row}\n");
    closed.read(Table::CrossBorder, &row("self_serve,US,US,full,closed,,,not_known,us")).unwrap();
    assert!(!closed.lane_allows(US, US, Full, Separate) && closed.lane_allows(FR, FR, Full, Separate));
    check(&closed, "closed");
    let mut one = book.clone().with_recipient_corridors(true);
    one.read(Table::CrossBorder, &row("recipient,DE,DE,recipient,recipient,0%,top_up,,us")).unwrap();
    one.read(Table::CrossBorder, &row("self_serve,DE,DE,recipient,closed,,,agreement,us")).unwrap();
    assert!(one.lane_allows(DE, DE, Recipient, TopUp) && !one.lane_allows(DE, DE, Recipient, Separate));
    check(&one, "only from top-ups");
    check(&one.clone().with_recipient_corridors(false), "and closed again");
    // A country that is read again, without the agreement that it had.
    let mut lost = book.clone();
    let head = "code,name,availability,default_currency,settlement_currencies,region,agreements,source";
    lost.read(Table::Countries, &format!("{head}\nFR,France,ga,eur,eur,eea,recipient,us\n")).unwrap();
    assert!(!lost.lane_allows(FR, FR, Full, Destination) && book.lane_allows(FR, FR, Full, Destination));
    check(&lost, "without the full agreement");
    let mut new = book;
    new.read(Table::Countries, &format!("{head}\nZW,Zimbabwe,ga,usd,usd,africa,full,us\n")).unwrap();
    assert!(new.lane_allows(Country::ZW, Country::ZW, Full, Destination));
    check(&new, "a new country");
}
