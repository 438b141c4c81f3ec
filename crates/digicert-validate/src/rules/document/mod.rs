//! Rules on the file itself, `DC0xx`. The reader of documents in `crate::document` finds what they
//! are about; here stands what they mean.

mod document_malformed;
mod field_unknown;

pub(crate) use document_malformed::DocumentMalformed;
pub(crate) use field_unknown::FieldUnknown;
