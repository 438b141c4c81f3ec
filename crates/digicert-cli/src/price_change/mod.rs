//! What setting the products of a subaccount would change: comparing a live state with a request
//! by what both mean, and what of that is dangerous.
//!
//! Everything here is pure. Asking is for the commands, reading the live state and sending for
//! `price_setting`.
//!
//! By meaning is: in whatever order, with `412`, `412.0` and `"412"` as one price, an additional
//! cost that is absent as one of 0, letter case of codes left aside, and names of products too,
//! which DigiCert changes. What a request leaves out of currency, pricing method and limit stays
//! as it is; what it leaves out of the products goes.

mod caution;
mod cost_change;
mod danger;
mod fingerprint;
mod former_state;
mod live_state;
mod meaning;
mod product_change;
pub(crate) mod render;

#[cfg(test)]
pub(crate) mod samples;
#[cfg(test)]
mod tests;

use digicert_types::certcentral::SetSubaccountProductsRequest;
use serde::{Deserialize, Serialize, Serializer};

pub(crate) use caution::Caution;
pub(crate) use cost_change::CostChange;
pub(crate) use danger::{Danger, Word};
pub(crate) use fingerprint::fingerprint;
pub(crate) use former_state::{former_state, with_unknown_prices};
pub(crate) use live_state::LiveState;
pub(crate) use product_change::{IgnoredCost, Kind, ProductChange};

use meaning::Meaning;

/// What a request would change. It is read back from plans, which have more of it: what follows from
/// the rest.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub(crate) struct PriceChange {
    /// Whether the subaccount is known to pay for itself, so that the service ignores currency and
    /// prices.
    pub(crate) self_billed: bool,
    /// Whether the subaccount is still to be created: nothing of it was there before.
    #[serde(default)]
    pub(crate) is_new: bool,
    pub(crate) currency: Option<SettingChange<String>>,
    /// Plans of an earlier version do not say.
    #[serde(default)]
    pub(crate) currency_of_prices: CurrencyOfPrices,
    pub(crate) pricing_method: Option<SettingChange<String>>,
    pub(crate) balance_negative_limit: Option<SettingChange<i64>>,
    /// Every product of either side, in the order of the identifiers.
    pub(crate) products: Vec<ProductChange>,
}

/// What the amounts are in, whether that changes or not; `None` where nobody says.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct CurrencyOfPrices {
    /// As the service reports it.
    pub(crate) from: Option<String>,
    /// What the request says, else what stays.
    pub(crate) to: Option<String>,
}

/// A value beside the products that changes; `from` is `None` if the service reports none.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct SettingChange<T> {
    pub(crate) from: Option<T>,
    pub(crate) to: T,
}

/// How much changes, for summaries and thresholds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub(crate) struct Counts {
    /// Products that are enabled now.
    pub(crate) live: usize,
    pub(crate) enabled: usize,
    pub(crate) disabled: usize,
    pub(crate) repriced: usize,
    pub(crate) unchanged: usize,
    /// Single prices that move by a factor of ten or more, or to where nobody here knows.
    pub(crate) price_jumps: usize,
}

impl PriceChange {
    /// What a subaccount that is still to be created gets. It pays for itself unless the parent is to.
    pub(crate) fn of_new(wanted: &SetSubaccountProductsRequest, bill_parent: Option<bool>) -> Self {
        let parent_pays = bill_parent.unwrap_or(false);
        let mut change = Self::of(&LiveState::nothing(), wanted, Some(parent_pays));
        change.is_new = true;
        if parent_pays {
            let unless_given = || danger::DEFAULT_CURRENCY.to_owned();
            change
                .currency_of_prices
                .to
                .get_or_insert_with(unless_given);
        }
        change
    }

    /// Compares. For a subaccount that is known to pay for itself a change of prices or currency is
    /// none, because the service ignores both.
    pub(crate) fn of(
        live: &LiveState,
        wanted: &SetSubaccountProductsRequest,
        bill_parent: Option<bool>,
    ) -> Self {
        let self_billed = is_self_billed(bill_parent);
        let live = Meaning::of_live(live);
        let wanted = Meaning::of_request(wanted);
        let currency_of_prices = CurrencyOfPrices {
            from: live.currency.clone(),
            to: if self_billed {
                live.currency.clone()
            } else {
                wanted.currency.clone().or_else(|| live.currency.clone())
            },
        };
        let currency = setting(live.currency, wanted.currency);
        let compare = product_change::Comparison {
            self_billed,
            currency_changes: currency.is_some(),
        };
        Self {
            self_billed,
            is_new: false,
            currency,
            currency_of_prices,
            pricing_method: setting(live.pricing_method, wanted.pricing_method),
            balance_negative_limit: setting(
                live.balance_negative_limit,
                wanted.balance_negative_limit,
            ),
            products: compare.all(&live.products, &wanted.products),
        }
    }

    /// Who pays, as far as it is known.
    pub(crate) fn bill_parent(&self) -> Option<bool> {
        self.self_billed.then_some(false)
    }

    /// Whether the live state already is what the request asks for.
    pub(crate) fn is_empty(&self) -> bool {
        (self.currency.is_none() || self.self_billed)
            && self.pricing_method.is_none()
            && self.balance_negative_limit.is_none()
            && self.products.iter().all(ProductChange::is_unchanged)
    }

    /// Whether the live state may be what the request has made of it, to be asked after it was
    /// sent: prices that the request leaves to DigiCert may be anything. It says nothing of whether
    /// the request arrived: a state from before may fulfil it as well.
    pub(crate) fn is_fulfilled(&self) -> bool {
        (self.currency.is_none() || self.self_billed)
            && self.pricing_method.is_none()
            && self.balance_negative_limit.is_none()
            && self.products.iter().all(ProductChange::is_fulfilled)
    }

    /// The products that change in this way.
    pub(crate) fn of_kind(&self, kind: Kind) -> impl Iterator<Item = &ProductChange> {
        self.products
            .iter()
            .filter(move |product| product.kind == kind)
    }

    pub(crate) fn counts(&self) -> Counts {
        let mut counts = Counts::default();
        for product in &self.products {
            match product.kind {
                Kind::Enabled => counts.enabled += 1,
                Kind::Disabled => counts.disabled += 1,
                Kind::Repriced => counts.repriced += 1,
                Kind::Unchanged => counts.unchanged += 1,
            }
            counts.price_jumps += product.jumps().count();
        }
        counts.live = counts.disabled + counts.repriced + counts.unchanged;
        counts
    }

    /// What to look at twice if the subaccount is new.
    pub(crate) fn cautions_of_new(&self) -> Vec<Caution> {
        caution::of_new(self)
    }

    /// What must not be done unless the user has said its word, one entry for each word. A new
    /// subaccount has nothing that can be lost.
    pub(crate) fn dangers(&self) -> Vec<Danger> {
        if self.is_new {
            return Vec::new();
        }
        danger::of(self)
    }
}

/// Whether a subaccount is known to pay for itself.
pub(crate) fn is_self_billed(bill_parent: Option<bool>) -> bool {
    bill_parent == Some(false)
}

/// How a setting changes. A request that does not have it leaves it alone.
fn setting<T: PartialEq>(live: Option<T>, wanted: Option<T>) -> Option<SettingChange<T>> {
    let to = wanted?;
    let changes = live.as_ref() != Some(&to);
    changes.then_some(SettingChange { from: live, to })
}

/// The shape in JSON; part of what others script against.
impl Serialize for PriceChange {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        #[derive(Serialize)]
        struct Shape<'a> {
            is_empty: bool,
            self_billed: bool,
            #[serde(skip_serializing_if = "std::ops::Not::not")]
            is_new: bool,
            currency: &'a Option<SettingChange<String>>,
            currency_of_prices: &'a CurrencyOfPrices,
            pricing_method: &'a Option<SettingChange<String>>,
            balance_negative_limit: &'a Option<SettingChange<i64>>,
            products: &'a [ProductChange],
            counts: Counts,
            dangers: Vec<DangerShape>,
        }
        /// The word that allows it, and what it is.
        #[derive(Serialize)]
        struct DangerShape {
            word: Word,
            #[serde(flatten)]
            danger: Danger,
        }
        Shape {
            is_empty: self.is_empty(),
            self_billed: self.self_billed,
            is_new: self.is_new,
            currency: &self.currency,
            currency_of_prices: &self.currency_of_prices,
            pricing_method: &self.pricing_method,
            balance_negative_limit: &self.balance_negative_limit,
            products: &self.products,
            counts: self.counts(),
            dangers: self
                .dangers()
                .into_iter()
                .map(|danger| DangerShape {
                    word: danger.word(),
                    danger,
                })
                .collect(),
        }
        .serialize(serializer)
    }
}
