//! DC002 `field-unknown`.

use crate::rule::declare_rule;

declare_rule! {
    /// ## What it checks
    ///
    /// Every field is one that the documentation knows.
    ///
    /// ## Why it matters
    ///
    /// The service ignores a field that it does not know, so a slip in an optional field changes
    /// nothing and says nothing: the subaccount is billed itself although `bil_parent` is true.
    ///
    /// ## Examples
    ///
    /// ```json,rejected
    /// {"bil_parent": true}
    /// ```
    ///
    /// ```json,accepted
    /// {"bill_parent": true}
    /// ```
    pub FieldUnknown {
        code: "DC002",
        name: "field-unknown",
        severity: Warning,
        source: "our conclusion from the fields of the create page and the set products page",
    }
}
