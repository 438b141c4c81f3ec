//! The commands, a file each: its options, and what it does.

pub(crate) mod explain;
pub(crate) mod rules;
pub(crate) mod schema;
pub(crate) mod validate;

use serde::Serialize;

use crate::failure::Failure;

/// What a command prints as JSON.
fn json_text(value: &impl Serialize) -> Result<String, Failure> {
    let text = serde_json::to_string_pretty(value);
    let text = text.map_err(|error| Failure::new(format!("cannot be written as JSON: {error}")))?;
    Ok(text + "\n")
}
