//! What each embedded component lets a holder do, by controller.

use std::collections::BTreeMap;

use fundroute::accounts::{
    AccessError, Component, Controller, Dashboard, Feature, FeePayer, LossBearer, RequirementCollector,
};
use fundroute::rulebook::AccountKind;

use crate::golden;

/// What can be wished, and what holds without a wish.
fn cell(component: Component, feature: Feature, controller: &Controller) -> String {
    let usual = component.resolve(controller, &BTreeMap::new()).unwrap().get(&feature).copied().unwrap();
    let wished = [true, false].map(|value| component.resolve(controller, &BTreeMap::from([(feature, value)])));
    let word = if usual { "on" } else { "off" };
    match wished {
        [Ok(on), Ok(off)] => {
            assert_eq!((on.get(&feature), off.get(&feature)), (Some(&true), Some(&false)), "{component} {feature}");
            word.to_owned()
        }
        [Err(AccessError::FeatureFixed { only: false, .. }), Ok(_)]
        | [Ok(_), Err(AccessError::FeatureFixed { only: true, .. })] => format!("always {word}"),
        other => panic!("{component} {feature}: {other:?}"),
    }
}

#[test]
fn features() {
    let embedded = |fees| Controller {
        fees,
        losses: LossBearer::Processor,
        requirements: RequirementCollector::Processor,
        dashboard: Dashboard::None,
    };
    let controllers = [
        ("standard", Controller::of(AccountKind::Standard)),
        ("express", Controller::of(AccountKind::Express)),
        ("custom", Controller::of(AccountKind::Custom)),
        ("no dashboard, processor's losses", embedded(FeePayer::Account)),
        ("the same, platform's fees", embedded(FeePayer::Application)),
    ];
    assert!(controllers.iter().all(|(_, controller)| controller.check(false).is_ok()));
    let names: Vec<&str> = controllers.iter().map(|(name, _)| *name).collect();
    let about = "Features where nothing is wished; `always` where no wish helps. Of these, in this order:";
    let mut text = format!("{about}\n{}.\n", names.join("; "));
    for component in Component::ALL {
        text.push_str(&format!("\n{component}\n"));
        for feature in component.features() {
            let cells = controllers.iter().map(|(_, controller)| cell(component, *feature, controller));
            text.push_str(&format!("  {feature}: {}\n", cells.collect::<Vec<_>>().join(", ")));
        }
    }
    golden::check("components.txt", &text);
}

#[test]
fn who_collects_bank_accounts_authenticates_their_holders() {
    let custom = Controller::of(AccountKind::Custom);
    let wish = BTreeMap::from([(Feature::ExternalAccountCollection, false)]);
    let features = Component::AccountOnboarding.resolve(&custom, &wish).unwrap();
    assert_eq!(features.get(&Feature::DisableUserAuthentication), Some(&true));
    let unknown = Component::Documents.resolve(&custom, &wish).unwrap_err();
    let (component, feature) = (Component::Documents, Feature::ExternalAccountCollection);
    assert_eq!(unknown, AccessError::FeatureUnknown { component, feature });
}
