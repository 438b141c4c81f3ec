//! Reading the manifests of a command: their faults are said each with its place.

use std::path::Path;

use serde::Serialize;

use crate::failure::Failure;
use crate::manifest::{Fault, Faults, Manifest, Unusable};

/// Reads manifests; faults are said on standard error, each with its place.
pub(crate) fn read_manifest(path: &Path) -> Result<Manifest, Failure> {
    let unusable = match Manifest::read(path) {
        Ok(manifest) => return Ok(manifest),
        Err(unusable) => unusable,
    };
    let (mut failures, last) = match unusable {
        Unusable::Faulty(faults) => faults_as_failures(&faults),
        Unusable::Unreadable(mut failures) => {
            let last = failures.pop();
            let last = last.unwrap_or_else(|| Failure::new("the manifests cannot be used"));
            let others = failures.iter().map(Failure::message).collect();
            let last = last.with_details(&Unreadable { others });
            (failures, last)
        }
    };
    for failure in failures.drain(..) {
        failure.report();
    }
    Err(last)
}

/// Each fault for people, and a last failure, which has all of them for programs.
fn faults_as_failures(faults: &Faults) -> (Vec<Failure>, Failure) {
    let shown = faults.shown.iter();
    let failures = shown.map(|fault| Failure::new(fault.to_string())).collect();
    let more = match faults.left_out {
        0 => String::new(),
        more => format!(", {more} of them not shown"),
    };
    let count = faults.shown.len() + faults.left_out;
    let s = if count == 1 { "" } else { "s" };
    let last = Failure::new(format!(
        "{count} fault{s} in the manifests{more}; `digicert schema manifest` describes their format"
    ));
    let last = last.with_result("faults").with_details(&Faulty {
        faults: &faults.shown,
        faults_not_shown: faults.left_out,
    });
    (failures, last)
}

/// What programs are told of manifests with faults.
#[derive(Serialize)]
struct Faulty<'a> {
    faults: &'a [Fault],
    faults_not_shown: usize,
}

/// What programs are told if there are more reasons than the one in the message.
#[derive(Serialize)]
struct Unreadable<'a> {
    #[serde(rename = "other_messages", skip_serializing_if = "Vec::is_empty")]
    others: Vec<&'a str>,
}
