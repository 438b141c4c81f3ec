//! DC110 `grandchild-type-repeated`.

use digicert_types::certcentral::{CreateSubaccountRequest, GrandchildType};

use crate::context::Context;
use crate::findings::Findings;
use crate::rule::{CheckCreation, Rule as _, declare_rule};

declare_rule! {
    /// ## What it checks
    ///
    /// `allowed_grandchildren` lists no type twice. Every entry after the first of its type is
    /// reported.
    ///
    /// ## Why it matters
    ///
    /// A type is allowed or it is not, so the second entry does nothing. Where three types exist
    /// and one stands there twice, another was probably meant and is not allowed now.
    ///
    /// ## Examples
    ///
    /// ```json,rejected
    /// {"allowed_grandchildren": ["retail", "enterprise", "retail"]}
    /// ```
    ///
    /// ```json,accepted
    /// {"allowed_grandchildren": ["retail", "enterprise", "reseller"]}
    /// ```
    pub GrandchildTypeRepeated {
        code: "DC110",
        name: "grandchild-type-repeated",
        severity: Warning,
        source: "create page, `allowed_grandchildren`; that a repetition is a slip is our conclusion",
    }
}

impl CheckCreation for GrandchildTypeRepeated {
    fn check(request: &CreateSubaccountRequest, _: &Context, findings: &mut Findings<'_>) {
        // Not a look back at the entries before: a list of any length is to be read once.
        let mut seen = Seen::default();
        for (index, kind) in request.allowed_grandchildren.iter().enumerate() {
            if seen.insert(*kind) {
                continue;
            }
            findings.add(
                Self::INFO,
                format_args!("/allowed_grandchildren/{index}"),
                format!("`{kind}` is in the list already"),
                "remove it, or replace it by the type that was meant",
            );
        }
    }
}

/// The types met so far.
#[derive(Default)]
struct Seen {
    retail: bool,
    enterprise: bool,
    reseller: bool,
}

impl Seen {
    /// Whether the type is new.
    fn insert(&mut self, kind: GrandchildType) -> bool {
        let seen = match kind {
            GrandchildType::Retail => &mut self.retail,
            GrandchildType::Enterprise => &mut self.enterprise,
            GrandchildType::Reseller => &mut self.reseller,
        };
        !std::mem::replace(seen, true)
    }
}
