//! DC215 `lifetime-out-of-range`.

use crate::context::Context;
use crate::findings::Findings;
use crate::products::{PriceAt, years};
use crate::rule::{CheckPrice, Rule as _, declare_rule};

declare_rule! {
    /// ## What it checks
    ///
    /// `lifetime` is 1 or more.
    ///
    /// ## Why it matters
    ///
    /// It is a term in whole years. A price for a term that nobody can order never holds.
    ///
    /// ## Examples
    ///
    /// ```json,rejected
    /// {"products": [{"product_name_id": "ssl_plus", "prices": [{"lifetime": 0, "cost": 412}]}]}
    /// ```
    ///
    /// ```json,accepted
    /// {"products": [{"product_name_id": "ssl_plus", "prices": [{"lifetime": 1, "cost": 412}]}]}
    /// ```
    pub LifetimeOutOfRange {
        code: "DC215",
        name: "lifetime-out-of-range",
        severity: Error,
        source: "set products page, `lifetime`: a term in years; that it is at least 1 is our conclusion",
    }
}

impl CheckPrice for LifetimeOutOfRange {
    #[inline]
    fn check(price: &PriceAt<'_>, _: &Context, findings: &mut Findings<'_>) {
        if price.price.lifetime < 1 {
            report(price, findings);
        }
    }
}

#[cold]
fn report(price: &PriceAt<'_>, findings: &mut Findings<'_>) {
    let term = years(price.price.lifetime);
    findings.add(
        LifetimeOutOfRange::INFO,
        price.at("lifetime"),
        format!("the term is {term}, at least 1 year is needed"),
        "write the term in whole years",
    );
}
