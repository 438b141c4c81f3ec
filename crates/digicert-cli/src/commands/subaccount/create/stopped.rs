//! What programs are told when it went no further, or nobody here knows how far.

use serde::Serialize;

use super::{Beside, CreateRun};
use crate::earlier_creation;
use crate::existing_subaccount::{EXISTS, Sibling, Siblings, UNTOLD};
use crate::failure::Failure;
use crate::ledger::EntryId;
use crate::outcome::Outcome;

/// The shape in JSON, besides what every failure has; part of what others script against.
#[derive(Debug, Serialize)]
struct Stopped<'a> {
    origin: String,
    account_type: String,
    organization_name: &'a str,
}

/// Those that the service has already.
#[derive(Debug, Serialize)]
struct Existing {
    subaccount_ids: Vec<i64>,
}

/// Under which number it was begun.
#[derive(Debug, Serialize)]
struct Begun {
    entry: EntryId,
}

fn joined(found: &[Sibling]) -> String {
    let named: Vec<_> = found.iter().map(ToString::to_string).collect();
    named.join("; ")
}

fn exists(message: String, found: &[Sibling]) -> Failure {
    Failure::unsafe_to_go_on(message)
        .with_result(EXISTS)
        .with_details(&Existing {
            subaccount_ids: found.iter().map(|one| one.id).collect(),
        })
}

impl CreateRun {
    /// The failure with what it is about.
    pub(super) fn stopped(&self, failure: Failure) -> Failure {
        failure.with_details(&Stopped {
            origin: self.service.origin(),
            account_type: self.request.account_type.to_string(),
            organization_name: &self.request.organization.name,
        })
    }

    /// Refuses what the service may have already: one of that organization and `child_name`, or, for
    /// a document without one, any that it could not be told from.
    pub(super) fn refuse(&self, found: &Siblings) -> Result<(), Failure> {
        let Siblings { of_name, .. } = found;
        let indistinct = found.indistinct();
        if !of_name.is_empty() {
            let message = format!(
                "the service has a subaccount of this organization and child_name already ({}), and \
                 nothing was sent; `--another` creates one more",
                joined(of_name)
            );
            return Err(exists(message, of_name));
        }
        if self.beside == Beside::Named || indistinct.is_empty() {
            return Ok(());
        }
        let message = format!(
            "the organization has subaccounts of this type already ({}), and the document has no \
             child_name to be told from them by; nothing was sent; give it one, or say \
             `--allow-nameless`",
            joined(indistinct)
        );
        Err(exists(message, indistinct))
    }

    /// The custodian has sent nothing, or is on its own.
    pub(super) fn without_an_end(&self, failure: Failure) -> Failure {
        let entry = earlier_creation::of_this_run(&self.ledger, &self.fingerprint);
        let is_under_way = |entry| self.ledger.is_under_way(entry).unwrap_or_default();
        let result = match failure.outcome() {
            Outcome::Unsafe | Outcome::Refused => failure.result(),
            Outcome::Unknown if entry.as_ref().is_some_and(is_under_way) => "under-way",
            Outcome::Unknown => "unknown",
            _ if entry.is_some() => "not-sent",
            _ => "not-begun",
        };
        let failure = match result {
            EXISTS | UNTOLD => failure.with_end("; `--another` creates one more"),
            _ => failure,
        };
        let failure = failure.with_result(result);
        match entry {
            Some(entry) => failure.with_details(&Begun { entry: entry.id }),
            None => failure,
        }
    }
}
