//! What happens to one product.

use std::cmp::Ordering;

use digicert_types::Amount;
use digicert_validate::product;
use serde::{Deserialize, Serialize};

use super::cost_change::{Cost, CostChange, Jump, Percent};
use super::meaning::{Price, Product};

/// What happens to a product, and to its prices.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct ProductChange {
    /// Empty for a product that has none.
    pub(crate) product_name_id: String,
    /// As the service names it, else as the request does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) product_name: Option<String>,
    #[serde(rename = "change")]
    pub(crate) kind: Kind,
    /// Every amount of a product that is enabled or disabled, but additional costs of 0; the
    /// amounts that change of one that is repriced.
    pub(crate) prices: Vec<CostChange>,
    /// Terms for which the service lists more than one price of a product that is repriced. Which one
    /// holds is not documented.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) terms_priced_twice: Vec<i64>,
    /// What the request says and the service does not listen to.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) ignored: Vec<IgnoredCost>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Kind {
    /// It is enabled now and not in the request.
    Disabled,
    /// It is enabled in both, at other prices.
    Repriced,
    /// It is not enabled now.
    Enabled,
    Unchanged,
}

/// An additional cost that the service ignores, because the product does not support it or the
/// subaccount pays for itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct IgnoredCost {
    /// The term, in years.
    pub(crate) lifetime: Option<i64>,
    pub(crate) field: Cost,
    pub(crate) amount: Amount,
}

impl ProductChange {
    pub(crate) fn is_unchanged(&self) -> bool {
        self.kind == Kind::Unchanged
    }

    /// Whether nothing changes but prices that the request leaves to DigiCert.
    pub(crate) fn is_fulfilled(&self) -> bool {
        match self.kind {
            Kind::Unchanged => true,
            Kind::Repriced => self.prices.iter().all(|price| price.to.is_none()),
            Kind::Enabled | Kind::Disabled => false,
        }
    }

    /// The amounts that jump.
    pub(crate) fn jumps(&self) -> impl Iterator<Item = (&CostChange, Jump)> {
        self.prices
            .iter()
            .filter_map(|price| Some((price, price.jump?)))
    }
}

/// How products are compared.
#[derive(Clone, Copy, Debug)]
pub(super) struct Comparison {
    pub(super) self_billed: bool,
    pub(super) currency_changes: bool,
}

impl Comparison {
    /// Every product of either list. Both are in the order of the identifiers.
    pub(super) fn all(self, live: &[Product<'_>], wanted: &[Product<'_>]) -> Vec<ProductChange> {
        let mut changes = Vec::with_capacity(live.len().max(wanted.len()));
        let (mut live, mut wanted) = (live.iter().peekable(), wanted.iter().peekable());
        loop {
            let order = match (live.peek(), wanted.peek()) {
                (Some(old), Some(new)) => old.name_id.cmp(new.name_id),
                (Some(_), None) => Ordering::Less,
                (None, Some(_)) => Ordering::Greater,
                (None, None) => return changes,
            };
            let old = live.next_if(|_| order != Ordering::Greater);
            let new = wanted.next_if(|_| order != Ordering::Less);
            changes.extend(self.product(old, new));
        }
    }

    fn product(
        self,
        old: Option<&Product<'_>>,
        new: Option<&Product<'_>>,
    ) -> Option<ProductChange> {
        let named = old.or(new)?;
        let name = old
            .and_then(|old| old.name)
            .or(new.and_then(|new| new.name));
        let old_prices = old.map_or(&[][..], |old| &old.prices);
        let (new_prices, ignored) = self.counting(old_prices, new);
        let unpriced = new.is_some_and(|new| new.unpriced);
        let (kind, prices) = match (old, new) {
            (Some(_), None) => (Kind::Disabled, listed(old_prices, CostChange::gone)),
            (None, _) => (Kind::Enabled, listed(&new_prices, CostChange::enabled)),
            (Some(_), Some(_)) => {
                let prices = self.prices(old_prices, &new_prices, unpriced);
                let unchanged = prices.is_empty();
                let kind = if unchanged {
                    Kind::Unchanged
                } else {
                    Kind::Repriced
                };
                (kind, prices)
            }
        };
        Some(ProductChange {
            product_name_id: named.name_id.to_owned(),
            product_name: name.map(str::to_owned),
            kind,
            prices,
            terms_priced_twice: match kind {
                Kind::Repriced => priced_twice(old_prices),
                Kind::Disabled | Kind::Enabled | Kind::Unchanged => Vec::new(),
            },
            ignored,
        })
    }

    /// The prices of the request that count, and what does not.
    ///
    /// That a product does not support a cost is only believed as long as the service reports
    /// none: it may know a product better than our table.
    fn counting(self, old: &[Price], new: Option<&Product<'_>>) -> (Vec<Price>, Vec<IgnoredCost>) {
        let Some(new) = new else {
            return (Vec::new(), Vec::new());
        };
        let (fqdn, wildcard) =
            product(new.name_id).map_or((true, true), |known| (known.fqdn, known.wildcard));
        let mut ignored = Vec::new();
        let mut prices = new.prices.clone();
        for price in &mut prices {
            let was = |cost| {
                let mut old = old.iter().filter_map(|old| amount(old, cost));
                old.any(|amount| !amount.is_zero())
            };
            let lifetime = price.lifetime;
            let mut ignore = |field, amount: &mut Amount| {
                if !amount.is_zero() {
                    let amount = std::mem::take(amount);
                    ignored.push(IgnoredCost {
                        lifetime,
                        field,
                        amount,
                    });
                }
            };
            if let Some(cost) = price.cost.as_mut().filter(|_| self.self_billed) {
                ignore(Cost::Base, cost);
            }
            if self.self_billed || !(fqdn || was(Cost::Fqdn)) {
                ignore(Cost::Fqdn, &mut price.fqdn);
            }
            if self.self_billed || !(wildcard || was(Cost::Wildcard)) {
                ignore(Cost::Wildcard, &mut price.wildcard);
            }
        }
        if self.self_billed {
            prices.clear();
        }
        // What became equal without its ignored costs is one price.
        prices.sort_unstable();
        prices.dedup();
        (prices, ignored)
    }

    fn prices(self, old: &[Price], new: &[Price], unpriced: bool) -> Vec<CostChange> {
        let mut changes = Vec::new();
        if self.self_billed {
            return changes;
        }
        // A product that is listed once has either prices or none.
        if unpriced {
            changes.extend(listed(old, CostChange::left_open));
        }
        if new.is_empty() {
            return changes;
        }
        for (old, new) in by_lifetime(old, new) {
            match (old, new) {
                (old, []) => changes.extend(listed(old, CostChange::left_open)),
                ([], new) => changes.extend(listed(new, CostChange::first)),
                (old, new) if old == new && !self.currency_changes => {}
                (old, new) => changes.extend(self.each_with_each(old, new)),
            }
        }
        changes
    }

    /// There is one price of a term on each side, unless a term is listed twice.
    fn each_with_each(self, old: &[Price], new: &[Price]) -> Vec<CostChange> {
        let mut changes = Vec::new();
        for (old, new) in old
            .iter()
            .flat_map(|old| new.iter().map(move |new| (old, new)))
        {
            for cost in [Cost::Base, Cost::Fqdn, Cost::Wildcard] {
                let (from, to) = (amount(old, cost), amount(new, cost));
                let is_some = from.is_some_and(|from| !from.is_zero());
                if from != to || (self.currency_changes && is_some) {
                    changes.push(self.moved(new.lifetime, cost, from, to));
                }
            }
        }
        changes
    }

    fn moved(
        self,
        lifetime: Option<i64>,
        field: Cost,
        from: Option<Amount>,
        to: Option<Amount>,
    ) -> CostChange {
        let (Some(before), Some(after)) = (from, to) else {
            return CostChange::first(lifetime, field, to);
        };
        CostChange {
            lifetime,
            field,
            from,
            to,
            percent: Percent::between(before, after).filter(|_| !self.currency_changes),
            jump: Jump::between(before, after),
        }
    }
}

/// Terms with more than one price. The prices are in order, each once.
fn priced_twice(prices: &[Price]) -> Vec<i64> {
    let terms = prices.chunk_by(|one, other| one.lifetime == other.lifetime);
    let twice = terms.filter(|prices| prices.len() > 1);
    twice
        .filter_map(|prices| prices.first()?.lifetime)
        .collect()
}

/// `None` if nobody knows it.
fn amount(price: &Price, cost: Cost) -> Option<Amount> {
    match cost {
        Cost::Base => price.cost,
        Cost::Fqdn => Some(price.fqdn),
        Cost::Wildcard => Some(price.wildcard),
    }
}

/// Every amount of these prices, but additional costs of 0.
fn listed(
    prices: &[Price],
    change: fn(Option<i64>, Cost, Option<Amount>) -> CostChange,
) -> Vec<CostChange> {
    let mut changes = Vec::with_capacity(prices.len());
    for price in prices {
        for cost in [Cost::Base, Cost::Fqdn, Cost::Wildcard] {
            let amount = amount(price, cost);
            if cost == Cost::Base || amount.is_some_and(|amount| !amount.is_zero()) {
                changes.push(change(price.lifetime, cost, amount));
            }
        }
    }
    changes
}

/// The prices of each term of either side. Both are in the order of terms.
fn by_lifetime<'a>(
    mut old: &'a [Price],
    mut new: &'a [Price],
) -> impl Iterator<Item = (&'a [Price], &'a [Price])> {
    std::iter::from_fn(move || {
        let next = [old.first(), new.first()].into_iter().flatten();
        let lifetime = next.map(|price| price.lifetime).min()?;
        let of_term = |prices: &mut &'a [Price]| {
            let end = prices.partition_point(|price| price.lifetime <= lifetime);
            let (term, rest) = prices.split_at(end);
            *prices = rest;
            term
        };
        Some((of_term(&mut old), of_term(&mut new)))
    })
}

impl CostChange {
    /// With a product that was not enabled. Nothing moves, but nobody pays 0 by himself.
    fn enabled(lifetime: Option<i64>, field: Cost, amount: Option<Amount>) -> Self {
        let is_free = field == Cost::Base && amount.is_some_and(|amount| amount <= Amount::ZERO);
        Self {
            lifetime,
            field,
            from: None,
            to: amount,
            percent: None,
            jump: is_free.then_some(Jump::ToZero),
        }
    }

    /// Of a product that was enabled without a price that is known.
    fn first(lifetime: Option<i64>, field: Cost, amount: Option<Amount>) -> Self {
        Self {
            jump: Some(Jump::FromUnknown),
            ..Self::enabled(lifetime, field, amount)
        }
    }

    fn gone(lifetime: Option<i64>, field: Cost, amount: Option<Amount>) -> Self {
        Self {
            lifetime,
            field,
            from: amount,
            to: None,
            percent: None,
            jump: None,
        }
    }

    fn left_open(lifetime: Option<i64>, field: Cost, amount: Option<Amount>) -> Self {
        Self {
            jump: Some(Jump::ToUnknown),
            ..Self::gone(lifetime, field, amount)
        }
    }
}
