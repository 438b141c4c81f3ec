//! DC221 `longer-term-cheaper`.

use digicert_types::certcentral::PriceToSet;

use crate::context::Context;
use crate::findings::Findings;
use crate::products::{FEW, ProductAt, is_above, years};
use crate::rule::{CheckProduct, Rule as _, declare_rule};

declare_rule! {
    /// ## What it checks
    ///
    /// No term of a product costs less than a shorter one. Equal costs pass. One finding for each
    /// term that is too cheap; it names the most expensive shorter one.
    ///
    /// ## Why it matters
    ///
    /// A cost is for the whole term. Whoever enters it for each year of the term sells three years
    /// for less than one, and nobody will order one year again.
    ///
    /// ## Examples
    ///
    /// ```json,rejected
    /// {"products": [{"product_name_id": "ssl_plus", "prices": [
    ///   {"lifetime": 1, "cost": 412},
    ///   {"lifetime": 2, "cost": 391}
    /// ]}]}
    /// ```
    ///
    /// ```json,accepted
    /// {"products": [{"product_name_id": "ssl_plus", "prices": [
    ///   {"lifetime": 1, "cost": 412},
    ///   {"lifetime": 2, "cost": 782}
    /// ]}]}
    /// ```
    pub LongerTermCheaper {
        code: "DC221",
        name: "longer-term-cheaper",
        severity: Warning,
        source: "our conclusion; in the samples a longer term always costs more",
    }
}

impl CheckProduct for LongerTermCheaper {
    fn check(product: &ProductAt<'_>, _: &Context, findings: &mut Findings<'_>) {
        let prices = product.prices();
        let is_shorter = |a: &PriceToSet, b: &PriceToSet| a.lifetime < b.lifetime;
        let costs_more = |a: &PriceToSet, b: &PriceToSet| is_above(a.cost, b.cost);
        if is_fine(prices, is_shorter, costs_more) {
            return;
        }
        too_cheap(
            prices.len(),
            |index| (prices[index].lifetime, prices[index].cost),
            |index, shorter| report(product, index, &prices[shorter], findings),
        );
    }
}

/// Whether no term is too cheap, as far as that can be told without sorting.
fn is_fine<T>(
    prices: &[T],
    is_shorter: impl Fn(&T, &T) -> bool,
    costs_more: impl Fn(&T, &T) -> bool,
) -> bool {
    // Nearly every list has its terms in order, and rising costs.
    if prices.is_sorted_by(|a, b| !is_shorter(b, a) && !costs_more(a, b)) {
        return true;
    }
    let is_too_cheap = |longer| {
        let mut others = prices.iter();
        others.any(|other| is_shorter(other, longer) && costs_more(other, longer))
    };
    prices.len() <= FEW && !prices.iter().any(is_too_cheap)
}

fn report(
    product: &ProductAt<'_>,
    index: usize,
    shorter: &PriceToSet,
    findings: &mut Findings<'_>,
) {
    let longer = &product.prices()[index];
    findings.add(
        LongerTermCheaper::INFO,
        product.at(&format!("prices/{index}/cost")),
        format!(
            "{} of {} cost {}, less than {} at {}",
            years(longer.lifetime),
            product.name(),
            longer.cost,
            years(shorter.lifetime),
            shorter.cost,
        ),
        "check both: a cost is for the whole term, not for one year of it",
    );
}

/// Calls `found` with every term that costs less than a shorter one, and with the most expensive
/// shorter one. `term` gives the lifetime and the cost of each of `count` terms.
fn too_cheap<L: Ord, C: Ord>(
    count: usize,
    term: impl Fn(usize) -> (L, C),
    mut found: impl FnMut(usize, usize),
) {
    let mut order: Vec<usize> = (0..count).collect();
    order.sort_unstable_by_key(|index| (term(*index).0, *index));
    // The most expensive of all shorter terms, and of those that are as long as the last.
    let mut shorter: Option<usize> = None;
    let mut so_far: Option<usize> = None;
    let mut last: Option<usize> = None;
    for index in order {
        let (lifetime, cost) = term(index);
        if last.is_none_or(|last| term(last).0 != lifetime) {
            shorter = so_far;
        }
        if let Some(shorter) = shorter.filter(|shorter| term(*shorter).1 > cost) {
            found(index, shorter);
        }
        if so_far.is_none_or(|most| term(most).1 < cost) {
            so_far = Some(index);
        }
        last = Some(index);
    }
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use super::*;

    fn found(terms: &[(usize, usize)]) -> Vec<(usize, usize)> {
        let mut found = Vec::new();
        too_cheap(
            terms.len(),
            |index| terms[index],
            |longer, shorter| found.push((longer, shorter)),
        );
        found.sort_unstable();
        found
    }

    #[test]
    fn the_most_expensive_shorter_term_is_named() {
        assert_eq!(found(&[(1, 5), (2, 9), (3, 4)]), [(2, 1)]);
        assert_eq!(found(&[(3, 4), (1, 5), (2, 9)]), [(0, 2)]);
        assert_eq!(found(&[(1, 9), (2, 5), (3, 7)]), [(1, 0), (2, 0)]);
        assert_eq!(found(&[(1, 9), (2, 9), (3, 8)]), [(2, 0)]);
        assert_eq!(found(&[(1, 5), (2, 5)]), []);
        assert_eq!(found(&[]), []);
    }

    #[test]
    fn terms_of_the_same_length_are_not_compared() {
        assert_eq!(found(&[(1, 9), (1, 5)]), []);
        assert_eq!(found(&[(1, 5), (1, 9), (2, 6), (2, 10)]), [(2, 1)]);
        assert_eq!(found(&[(2, 1), (2, 0), (1, 1)]), [(1, 2)]);
    }

    #[test]
    fn many_terms_give_what_comparing_all_pairs_gives() {
        for count in [2, 15, 200] {
            let terms: Vec<(usize, usize)> = (0..count)
                .map(|index| (index * 37 % 61, index * 53 % 97))
                .collect();
            let cheap = |longer: &usize| {
                let (lifetime, cost) = terms[*longer];
                terms
                    .iter()
                    .any(|(shorter, more)| *shorter < lifetime && *more > cost)
            };
            let expected: Vec<usize> = (0..count).filter(cheap).collect();
            let longer: Vec<usize> = found(&terms).iter().map(|(longer, _)| *longer).collect();
            assert_eq!(longer, expected, "{count} terms");
        }
    }

    #[test]
    fn few_terms_in_any_order_need_no_sorting() {
        let is_fine = |terms: &[(usize, usize)]| is_fine(terms, |a, b| a.0 < b.0, |a, b| a.1 > b.1);
        assert!(is_fine(&[(2, 5), (3, 9), (1, 4)]));
        assert!(is_fine(&[(3, 5), (2, 5), (1, 5), (1, 4)]));
        assert!(!is_fine(&[(2, 5), (3, 9), (1, 6)]));
    }

    #[test]
    fn i10_many_terms_are_not_compared_in_pairs() {
        const MANY: usize = 1_000;
        let comparisons = Cell::new(0);
        let falling: Vec<usize> = (0..MANY).rev().collect();
        let is_shorter = |a: &usize, b: &usize| {
            comparisons.set(comparisons.get() + 1);
            a < b
        };
        assert!(!is_fine(&falling, is_shorter, |_, _| false));
        assert!(comparisons.get() <= MANY, "{comparisons:?}");
    }

    #[test]
    fn i10_many_terms_take_a_few_looks_each() {
        const MANY: usize = 100_000;
        let looks = Cell::new(0);
        let mut cheap = 0;
        too_cheap(
            MANY,
            |index| {
                looks.set(looks.get() + 1);
                (index * 7919 % MANY, MANY - index)
            },
            |_, _| cheap += 1,
        );
        assert!(cheap > MANY / 2, "{cheap} of {MANY} are too cheap");
        let each = looks.get() / MANY;
        assert!(each < 64, "{each} looks at each term");
    }
}
