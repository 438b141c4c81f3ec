//! The rules: a folder a document, a file a rule.

pub(crate) mod billing_link;
pub(crate) mod create_subaccount;
pub(crate) mod document;
pub(crate) mod products;
