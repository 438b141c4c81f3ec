//! How much a plan may do before it is refused as a whole. Thresholds count absolutely as well as
//! relatively: most subaccounts have so few products that a share alone protects none of them.

use clap::Args;
use digicert_types::Amount;
use serde::{Deserialize, Serialize};

use super::Summary;
use super::render::counted;
use crate::price_change::{Counts, PriceChange};
use crate::service::PlanThresholds;

/// What a plan may do, unless it is told otherwise.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(clippy::struct_field_names, reason = "the names of the options")]
pub(crate) struct Thresholds {
    /// Subaccounts that are changed or created.
    pub(crate) max_subaccounts: usize,
    /// Subaccounts that are created, which nobody can undo; a plan of before there was such a threshold
    /// has the careful one.
    #[serde(default = "careful_creations")]
    pub(crate) max_creations: usize,
    /// Products that are switched off, over all subaccounts.
    pub(crate) max_disabled: usize,
    /// The share of its products that one subaccount loses, in percent.
    pub(crate) max_disabled_share: u8,
    /// By how much a price is multiplied or divided. Prices of 0, and those that nobody knows,
    /// have no factor: they need `--allow-price-jump` in any case.
    pub(crate) max_price_factor: Amount,
    /// Billing links that are made; a plan of before there was such a threshold has the careful one.
    #[serde(default = "careful_billing_links")]
    pub(crate) max_billing_links: usize,
}

const fn careful_creations() -> usize {
    10
}

const fn careful_billing_links() -> usize {
    20
}

impl Default for Thresholds {
    fn default() -> Self {
        Self {
            max_subaccounts: 100,
            max_creations: careful_creations(),
            max_disabled: 10,
            max_disabled_share: 50,
            max_price_factor: Amount::from_integer(3),
            max_billing_links: careful_billing_links(),
        }
    }
}

/// Other thresholds than the careful ones. To be flattened into a command's options.
#[derive(Clone, Debug, Default, PartialEq, Eq, Args)]
#[command(next_help_heading = "Thresholds")]
#[expect(clippy::struct_field_names, reason = "the names of the options")]
pub(crate) struct ThresholdOptions {
    /// How many subaccounts may be changed or created [default: 100, unless the profile says otherwise]
    #[arg(long, value_name = "N")]
    max_subaccounts: Option<usize>,

    /// How many subaccounts may be created, which cannot be undone [default: 10, unless the profile says otherwise]
    #[arg(long, value_name = "N")]
    max_creations: Option<usize>,

    /// How many products may be switched off, over all subaccounts [default: 10, unless the profile says otherwise]
    #[arg(long, value_name = "N")]
    max_disabled: Option<usize>,

    /// Which share of its products a subaccount may lose [default: 50, unless the profile says otherwise]
    #[arg(long, value_name = "PERCENT", value_parser = clap::value_parser!(u8).range(..=100))]
    max_disabled_share: Option<u8>,

    /// By how much a price may be multiplied or divided [default: 3, unless the profile says otherwise]
    #[arg(long, value_name = "FACTOR", value_parser = factor)]
    max_price_factor: Option<Amount>,

    /// How many billing links may be made [default: 20, unless the profile says otherwise]
    #[arg(long, value_name = "N")]
    max_billing_links: Option<usize>,
}

fn factor(text: &str) -> Result<Amount, String> {
    let amount = text.parse::<Amount>().ok();
    let amount = amount.filter(|amount| *amount >= Amount::from_integer(1));
    amount.ok_or_else(|| "a factor is a number from 1 up, such as 3 or 1.5".to_owned())
}

impl ThresholdOptions {
    /// Whether any of them is there.
    pub(crate) fn are_given(&self) -> bool {
        *self != Self::default()
    }

    /// What the options say, else the profile, else the careful ones.
    pub(crate) fn over(&self, profile: &PlanThresholds) -> Thresholds {
        let careful = Thresholds::default();
        Thresholds {
            max_subaccounts: self
                .max_subaccounts
                .or(profile.max_subaccounts)
                .unwrap_or(careful.max_subaccounts),
            max_creations: self
                .max_creations
                .or(profile.max_creations)
                .unwrap_or(careful.max_creations),
            max_disabled: self
                .max_disabled
                .or(profile.max_disabled)
                .unwrap_or(careful.max_disabled),
            max_disabled_share: self
                .max_disabled_share
                .or(profile.max_disabled_share)
                .unwrap_or(careful.max_disabled_share),
            max_price_factor: self
                .max_price_factor
                .or(profile.max_price_factor)
                .unwrap_or(careful.max_price_factor),
            max_billing_links: self
                .max_billing_links
                .or(profile.max_billing_links)
                .unwrap_or(careful.max_billing_links),
        }
    }
}

impl Thresholds {
    /// Why the change of one subaccount is too much.
    pub(super) fn of_subaccount(&self, subaccount: &str, change: &PriceChange) -> Vec<String> {
        let Counts { live, disabled, .. } = change.counts();
        let mut refusals = Vec::new();
        if disabled * 100 > live * usize::from(self.max_disabled_share) {
            let share = (disabled * 100).div_ceil(live.max(1));
            refusals.push(format!(
                "{subaccount} loses {disabled} of its {live} products, more than {} %; \
                 --max-disabled-share {share} lets it",
                self.max_disabled_share
            ));
        }
        refusals
    }

    /// Whether a price has moved too far between these two.
    pub(super) fn is_exceeded(&self, low: Amount, high: Amount) -> bool {
        let zero = Amount::ZERO;
        low > zero && high > zero && is_above(high, low, self.max_price_factor)
    }

    /// Why the plan as a whole is too much.
    pub(super) fn of_plan(&self, summary: &Summary) -> Vec<String> {
        let mut refusals = Vec::new();
        let touched = summary.changed + summary.created;
        if touched > self.max_subaccounts {
            refusals.push(format!(
                "the plan changes {}, more than {}; --max-subaccounts {touched} lets it",
                counted(touched, "subaccount"),
                self.max_subaccounts
            ));
        }
        let created = summary.created;
        if created > self.max_creations {
            refusals.push(format!(
                "the plan creates {}, more than {}; --max-creations {created} lets it",
                counted(created, "subaccount"),
                self.max_creations
            ));
        }
        let disabled = summary.products.disabled;
        if disabled > self.max_disabled {
            refusals.push(format!(
                "the plan switches off {}, more than {}; --max-disabled {disabled} lets it",
                counted(disabled, "product"),
                self.max_disabled
            ));
        }
        let links = summary.billing_links;
        if links > self.max_billing_links {
            refusals.push(format!(
                "the plan makes {}, more than {}; --max-billing-links {links} lets it",
                counted(links, "billing link"),
                self.max_billing_links
            ));
        }
        refusals
    }
}

/// Whether `high` is above `factor` times `low`, exactly.
fn is_above(high: Amount, low: Amount, factor: Amount) -> bool {
    // At most 15 digits each: both sides have at most 60 digits, which is more than `i128` has, so
    // powers that are on both sides are left out.
    let scale = i32::from(low.scale()) + i32::from(factor.scale()) - i32::from(high.scale());
    let left = i128::from(high.mantissa());
    let right = i128::from(low.mantissa()) * i128::from(factor.mantissa());
    let power = |exponent: i32| {
        u32::try_from(exponent)
            .ok()
            .and_then(|e| 10_i128.checked_pow(e))
    };
    if scale >= 0 {
        // What has no room is above everything.
        power(scale)
            .and_then(|power| left.checked_mul(power))
            .is_none_or(|left| left > right)
    } else {
        power(-scale)
            .and_then(|power| right.checked_mul(power))
            .is_some_and(|right| left > right)
    }
}

#[cfg(test)]
mod tests {
    use digicert_types::certcentral::SetSubaccountProductsRequest;
    use serde_json::{Value, json};

    use super::*;
    use crate::plan::TooFar;
    use crate::price_change::samples;

    /// A change from products at these prices to those.
    fn change(live: &[(&str, &str)], wanted: &[(&str, &str)]) -> PriceChange {
        let products = |list: &[(&str, &str)]| -> Value {
            let product = |(name, cost): &(&str, &str)| json!({"product_name_id": name, "prices": [{"lifetime": 1, "cost": cost}]});
            list.iter().map(product).collect()
        };
        let live = samples::live(json!({"products": products(live)}));
        let wanted: SetSubaccountProductsRequest =
            serde_json::from_value(json!({"products": products(wanted)})).unwrap();
        PriceChange::of(&live, &wanted, None)
    }

    fn too_far(change: &PriceChange) -> Vec<String> {
        let thresholds = Thresholds::default();
        let mut too_far = TooFar::default();
        too_far.add(&thresholds, "x", change);
        too_far.refusals(&thresholds)
    }

    #[test]
    fn i8_the_share_counts_in_small_sets_too() {
        let abc = [("a", "1"), ("b", "1"), ("c", "1")];
        for (live, kept, refused) in [(2, 1, false), (1, 0, true), (3, 2, false), (3, 1, true)] {
            let refusals = Thresholds::default()
                .of_subaccount("subaccount 1", &change(&abc[..live], &abc[..kept]));
            assert_eq!(
                refusals.len(),
                usize::from(refused),
                "{live} to {kept}: {refusals:?}"
            );
        }
        let refusals =
            Thresholds::default().of_subaccount("subaccount 1", &change(&abc, &abc[..1]));
        assert_eq!(
            refusals,
            [
                "subaccount 1 loses 2 of its 3 products, more than 50 %; --max-disabled-share 67 lets it"
            ]
        );
    }

    #[test]
    fn i8_a_price_beyond_the_factor_is_refused_and_one_at_it_is_not() {
        for (from, to, refused) in [
            ("100", "300", false),
            ("100", "300.01", true),
            ("300", "100", false),
            ("300.01", "100", true),
            ("412", "4.12", true),
            ("0", "412", false),
            ("412", "0", false),
            ("0.000000000000001", "999999999999999", true),
            ("333333333333333", "999999999999999", false),
        ] {
            let refusals = too_far(&change(&[("a", from)], &[("a", to)]));
            assert_eq!(
                refusals.len(),
                usize::from(refused),
                "{from} to {to}: {refusals:?}"
            );
        }
    }

    #[test]
    fn i8_a_currency_that_was_not_reported_hides_no_price() {
        for (from, refused) in [(None, true), (Some("EUR"), false)] {
            let products = |cost: &str| json!([{"product_name_id": "a", "prices": [{"lifetime": 1, "cost": cost}]}]);
            let live = samples::live(json!({"currency": from, "products": products("100")}));
            let wanted = json!({"currency": "USD", "products": products("999")});
            let change = PriceChange::of(&live, &serde_json::from_value(wanted).unwrap(), None);
            let refusals = too_far(&change);
            assert_eq!(
                refusals.len(),
                usize::from(refused),
                "{from:?}: {refusals:?}"
            );
        }
    }

    #[test]
    fn the_plan_as_a_whole_counts() {
        let thresholds = Thresholds {
            max_subaccounts: 2,
            max_creations: 1,
            max_disabled: 3,
            max_billing_links: 4,
            ..Thresholds::default()
        };
        let mut summary = Summary {
            changed: 1,
            created: 1,
            billing_links: 4,
            ..Summary::default()
        };
        summary.products.disabled = 3;
        assert_eq!(thresholds.of_plan(&summary), Vec::<String>::new());
        summary.created = 2;
        summary.products.disabled = 4;
        summary.billing_links = 5;
        let refusals = thresholds.of_plan(&summary);
        assert_eq!(refusals.len(), 4);
        assert!(refusals[1].contains("--max-creations 2"), "{refusals:?}");
        assert!(
            refusals[3].contains("--max-billing-links 5"),
            "{refusals:?}"
        );
    }

    #[test]
    fn a_plan_of_before_a_threshold_has_the_careful_one() {
        let mut text = serde_json::to_value(Thresholds::default()).unwrap();
        for later in ["max_billing_links", "max_creations"] {
            text.as_object_mut().unwrap().remove(later).unwrap();
        }
        let read: Thresholds = serde_json::from_value(text).unwrap();
        assert_eq!(read, Thresholds::default());
    }
}
