//! The examples of the OpenAPI documents, as JSON text: for tests, demonstrations and the curious.
//! The sample bodies of DigiCert's documentation are among them, as they stand there.
//!
//! ```
//! use digicert_types::certcentral::CreateSubaccountRequest;
//! use digicert_types::examples;
//!
//! let sample = examples::find("create_subaccount", "request", "sample").expect("it is there");
//! let request: CreateSubaccountRequest = serde_json::from_str(sample.json)?;
//! assert_eq!(request.user.first_name, "John");
//! # Ok::<(), serde_json::Error>(())
//! ```

pub use crate::generated::examples::EXAMPLES;

/// One example of a body.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Example {
    /// The module of its types: `certcentral` or `partner`.
    pub document: &'static str,
    /// The operation, such as `create_subaccount`.
    pub operation: &'static str,
    /// `request`, or the status of the answer as the document has it: `201`, `4XX`.
    pub part: &'static str,
    /// The type that it is an example of.
    pub schema: &'static str,
    /// Its name; `sample` is from DigiCert's documentation.
    pub name: &'static str,
    /// What it shows.
    pub summary: &'static str,
    /// The body.
    pub json: &'static str,
}

/// The example of that operation, part and name.
#[must_use]
pub fn find(operation: &str, part: &str, name: &str) -> Option<&'static Example> {
    EXAMPLES
        .iter()
        .find(|example| (example.operation, example.part, example.name) == (operation, part, name))
}
