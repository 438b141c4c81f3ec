//! The working tree: comparing what is checked in with what was rendered, and writing it.

use std::fs;
use std::io;
use std::path::Path;

use anyhow::{Context as _, Result};
use similar::TextDiff;

use crate::print::Output;

/// One way in which the tree differs from what was rendered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Drift {
    /// The path below the repository.
    pub path: String,
    /// What is checked in; `None` if the file is missing.
    pub found: Option<String>,
    /// What was rendered; `None` if the file is left over.
    pub expected: Option<String>,
}

impl Drift {
    /// A unified diff from what is checked in to what `codegen` writes.
    #[must_use]
    pub fn diff(&self) -> String {
        let (found, expected) = (self.found.as_deref(), self.expected.as_deref());
        let name = |present: bool, side: &str| {
            if present {
                format!("{side}/{}", self.path)
            } else {
                "/dev/null".into()
            }
        };
        TextDiff::from_lines(found.unwrap_or_default(), expected.unwrap_or_default())
            .unified_diff()
            .context_radius(3)
            .header(&name(found.is_some(), "a"), &name(expected.is_some(), "b"))
            .to_string()
    }
}

/// Compares without writing anything. `folders` hold generated files only.
///
/// # Errors
///
/// When a file or folder cannot be read.
pub fn compare(root: &Path, outputs: &[Output], folders: &[&str]) -> Result<Vec<Drift>> {
    let mut drifts = Vec::new();
    for output in outputs {
        let found = read(&root.join(&output.path)).with_context(|| output.path.clone())?;
        if found.as_deref() != Some(&*output.text) {
            drifts.push(Drift {
                path: output.path.clone(),
                found,
                expected: Some(output.text.clone()),
            });
        }
    }
    for path in left_over(root, outputs, folders)? {
        let found = read(&root.join(&path)).with_context(|| path.clone())?;
        drifts.push(Drift {
            path,
            found,
            expected: None,
        });
    }
    Ok(drifts)
}

/// Makes the tree what was rendered: each file is replaced at once, left-overs are removed.
///
/// # Errors
///
/// When a file cannot be written; files already replaced stay replaced.
pub fn write(root: &Path, drifts: &[Drift]) -> Result<()> {
    for drift in drifts {
        let path = root.join(&drift.path);
        match &drift.expected {
            Some(text) => replace(&path, text),
            None => fs::remove_file(&path),
        }
        .with_context(|| format!("cannot write {}", drift.path))?;
    }
    Ok(())
}

fn replace(path: &Path, text: &str) -> io::Result<()> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    let beside = path.with_extension("new");
    fs::write(&beside, text)?;
    fs::rename(&beside, path)
}

/// Lossy on purpose: a file that is not UTF-8 is drift, not an error.
fn read(path: &Path) -> io::Result<Option<String>> {
    match fs::read(path) {
        Ok(bytes) => Ok(Some(String::from_utf8_lossy(&bytes).into_owned())),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

fn left_over(root: &Path, outputs: &[Output], folders: &[&str]) -> Result<Vec<String>> {
    let mut found = Vec::new();
    for folder in folders {
        let entries = match fs::read_dir(root.join(folder)) {
            Ok(entries) => entries,
            Err(error) if error.kind() == io::ErrorKind::NotFound => continue,
            Err(error) => return Err(error).with_context(|| (*folder).to_owned()),
        };
        for entry in entries {
            let path = format!("{folder}/{}", entry?.file_name().to_string_lossy());
            let is_listed = folders.contains(&path.as_str())
                || outputs.iter().any(|output| output.path == path);
            if !is_listed {
                found.push(path);
            }
        }
    }
    found.sort();
    Ok(found)
}
