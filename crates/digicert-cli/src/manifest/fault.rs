//! What is wrong with manifests: collected, sorted, and shown with its place.

use std::fmt;
use std::path::{Path, PathBuf};

use serde::Serialize;

use super::Location;

/// How many faults are shown; more of them are of one cause.
const MAX_SHOWN: usize = 100;

/// A fault while files are still being read.
#[derive(Debug)]
pub(super) struct Located {
    pub(super) at: Location,
    pub(super) message: String,
}

impl Located {
    pub(super) fn new(at: Location, message: impl Into<String>) -> Self {
        Self {
            at,
            message: message.into(),
        }
    }
}

/// One fault.
#[derive(Debug, Serialize)]
pub(crate) struct Fault {
    pub(crate) path: String,
    pub(crate) line: u32,
    pub(crate) column: u32,
    pub(crate) message: String,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            path,
            line,
            column,
            message,
        } = self;
        write!(f, "{path}:{line}:{column}: {message}")
    }
}

/// All faults, in the order of files and places.
#[derive(Debug)]
pub(crate) struct Faults {
    pub(crate) shown: Vec<Fault>,
    pub(crate) left_out: usize,
}

impl Faults {
    pub(super) fn new(mut located: Vec<Located>, files: &[PathBuf]) -> Self {
        located.sort_by(|one, other| (one.at, &one.message).cmp(&(other.at, &other.message)));
        let left_out = located.len().saturating_sub(MAX_SHOWN);
        located.truncate(MAX_SHOWN);
        let shown = located.into_iter().map(|fault| {
            let index = usize::try_from(fault.at.file).unwrap_or(usize::MAX);
            let path = files.get(index).map_or(Path::new(""), PathBuf::as_path);
            Fault {
                path: path.display().to_string(),
                line: fault.at.place.line,
                column: fault.at.place.column,
                message: fault.message,
            }
        });
        Self {
            shown: shown.collect(),
            left_out,
        }
    }
}
