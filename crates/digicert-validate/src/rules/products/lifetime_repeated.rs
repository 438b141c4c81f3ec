//! DC214 `lifetime-repeated`.

use std::hash::Hash;

use crate::context::Context;
use crate::findings::Findings;
use crate::products::{FEW, FirstSeen, ProductAt, years};
use crate::rule::{CheckProduct, Rule as _, declare_rule};

declare_rule! {
    /// ## What it checks
    ///
    /// No two prices of a product have the same `lifetime`.
    ///
    /// ## Why it matters
    ///
    /// Which of the two would hold is not documented.
    ///
    /// ## Examples
    ///
    /// ```json,rejected
    /// {"products": [{"product_name_id": "ssl_plus", "prices": [
    ///   {"lifetime": 1, "cost": 412},
    ///   {"lifetime": 1, "cost": 782}
    /// ]}]}
    /// ```
    ///
    /// ```json,accepted
    /// {"products": [{"product_name_id": "ssl_plus", "prices": [
    ///   {"lifetime": 1, "cost": 412},
    ///   {"lifetime": 2, "cost": 782}
    /// ]}]}
    /// ```
    pub LifetimeRepeated {
        code: "DC214",
        name: "lifetime-repeated",
        severity: Error,
        source: "our conclusion: the set products page has one price for each term",
    }
}

impl CheckProduct for LifetimeRepeated {
    fn check(product: &ProductAt<'_>, _: &Context, findings: &mut Findings<'_>) {
        let prices = product.prices();
        repeated(
            prices.len(),
            |index| prices[index].lifetime,
            |index, first| report(product, index, first, findings),
        );
    }
}

fn report(product: &ProductAt<'_>, index: usize, first: usize, findings: &mut Findings<'_>) {
    let at = product.at("prices");
    findings.add(
        LifetimeRepeated::INFO,
        format_args!("{at}/{index}/lifetime"),
        format!(
            "{} of {} is priced before, at {at}/{first}",
            years(product.prices()[index].lifetime),
            product.name()
        ),
        "keep one of the two prices: which one would hold is not documented",
    );
}

/// Calls `found` with every one of `count` prices whose lifetime stands before, and with the first
/// that has it.
fn repeated<L: Copy + Eq + Hash>(
    count: usize,
    lifetime: impl Fn(usize) -> L,
    mut found: impl FnMut(usize, usize),
) {
    let mut many = (count > FEW).then(FirstSeen::new);
    for index in 0..count {
        let this = lifetime(index);
        let first = match &mut many {
            Some(seen) => seen.insert(this, index),
            None => (0..index).find(|earlier| lifetime(*earlier) == this),
        };
        if let Some(first) = first {
            found(index, first);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use super::*;

    #[test]
    fn few_and_many_are_found_alike() {
        for half in [1, FEW / 2, FEW / 2 + 1, 500] {
            let lifetimes: Vec<usize> = (0..half).chain((0..half).rev()).collect();
            let mut found = Vec::new();
            repeated(
                lifetimes.len(),
                |index| lifetimes[index],
                |index, first| {
                    found.push((index, first));
                },
            );
            let expected: Vec<_> = (0..half).map(|n| (half + n, half - 1 - n)).collect();
            assert_eq!(found, expected);
        }
    }

    #[test]
    fn i10_many_prices_are_looked_at_once() {
        const MANY: usize = 100_000;
        let looks = Cell::new(0);
        let mut count = 0;
        repeated(
            MANY,
            |index| {
                looks.set(looks.get() + 1);
                index % (MANY / 2)
            },
            |_, _| count += 1,
        );
        assert_eq!((count, looks.get()), (MANY / 2, MANY));
    }
}
