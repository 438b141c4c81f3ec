//! `--format human|json`, for the commands that have no other formats.

use clap::ValueEnum;
use serde::Serialize;

use crate::failure::Failure;
use crate::standard_error;
use crate::standard_output::StandardOutput;

/// How a result is printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum OutputFormat {
    /// For people
    Human,
    /// One JSON object, with its `format_version`
    Json,
}

impl OutputFormat {
    /// Shows what comes before the result: on standard output for people, else on standard error,
    /// because standard output is for the one JSON object.
    pub(crate) fn show(self, text: &str) -> Result<(), Failure> {
        match self {
            Self::Human => StandardOutput::print(text),
            Self::Json => {
                standard_error::show(text);
                Ok(())
            }
        }
    }
}

/// A result as JSON, with the version of its shape. A shape only grows; what a reader would
/// misunderstand gets another version.
#[derive(Debug, Serialize)]
pub(crate) struct Versioned<T> {
    format_version: u32,
    #[serde(flatten)]
    content: T,
}

impl<T: Serialize> Versioned<T> {
    /// Version 1 of a shape.
    pub(crate) fn first(content: T) -> Self {
        Self {
            format_version: 1,
            content,
        }
    }

    /// The text, which ends with a line break.
    pub(crate) fn text(&self) -> Result<String, Failure> {
        json_text(self)
    }
}

/// What a command prints as JSON.
pub(crate) fn json_text(value: &impl Serialize) -> Result<String, Failure> {
    let text = serde_json::to_string_pretty(value);
    let text = text.map_err(|error| Failure::new(format!("cannot be written as JSON: {error}")))?;
    Ok(text + "\n")
}
