//! What happens to tax forms.

use super::*;

fn about_tax_forms() -> impl Strategy<Value = Step> {
    let amount = || prop_oneof![9 => 0..30_000_00_i64, 1 => absurd()];
    prop_oneof![
        3 => (pick(), pick(), any::<u8>(), any::<u8>(), amount(), on())
            .prop_map(|(form, who, what, roll, amount, on)| Step::Tax { form, who, what, roll, amount, on }),
        2 => (pick(), any::<u8>(), ago()).prop_map(|(form, what, ago)| Step::AboutTax { form, what, ago }),
    ]
}

/// Years of tax forms and nothing else.
pub(crate) fn tax_forms() -> impl Strategy<Value = Vec<Step>> {
    proptest::collection::vec(prop_oneof![12 => about_tax_forms().boxed(), 1 => clock().boxed()], 30..150)
}
