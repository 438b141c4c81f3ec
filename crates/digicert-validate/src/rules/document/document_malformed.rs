//! DC001 `document-malformed`.

use crate::rule::declare_rule;

declare_rule! {
    /// ## What it checks
    ///
    /// The file is JSON or YAML; every value has the type that its field is documented with; every
    /// required field is there; a field with a fixed set of values has one of them; no field
    /// stands twice.
    ///
    /// ## Why it matters
    ///
    /// The service answers such a body with 400, sometimes with no more than
    /// `bad_request_format`. Here every fault of the file is named at once, with its place.
    ///
    /// ## Examples
    ///
    /// ```json,rejected
    /// {"account_type": "wholesale", "allowed_grandchildren": "retail"}
    /// ```
    ///
    /// ```json,accepted
    /// {"account_type": "retail", "allowed_grandchildren": ["retail"]}
    /// ```
    pub DocumentMalformed {
        code: "DC001",
        name: "document-malformed",
        severity: Error,
        source: "create page, set products page, errors page: `bad_request_format`",
    }
}
