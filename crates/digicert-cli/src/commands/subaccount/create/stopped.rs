//! What is said when it went no further, or nobody here knows how far: the message that every
//! format has, and one object for programs.

use serde::Serialize;

use super::Creation;
use crate::failure::Failure;
use crate::former_creation::Facts;
use crate::ledger::{Entry, EntryId, Filter};
use crate::outcome::Outcome;
use crate::output_format::{OutputFormat, Versioned};
use crate::standard_output::StandardOutput;

/// The shape in JSON; part of what others script against.
#[derive(Debug, Serialize)]
pub(super) struct Stopped {
    result: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    entry: Option<EntryId>,
    origin: String,
    account_type: String,
    organization_name: String,
    /// Those that the service has already.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    subaccount_ids: Vec<i64>,
    message: String,
}

impl Creation {
    /// Prints the object, and gives the failure back.
    pub(super) fn stopped(&self, result: &'static str, failure: Failure) -> Failure {
        self.tell(self.as_stopped(result, &failure));
        failure
    }

    /// The service has some of that organization and `child_name`.
    pub(super) fn exists(&self, ids: Vec<i64>) -> Failure {
        let named: Vec<_> = ids.iter().map(ToString::to_string).collect();
        let failure = Failure::unsafe_to_go_on(format!(
            "the service has a subaccount of this organization and child_name already ({}), and \
             nothing was sent; `--another` creates one more",
            named.join(", ")
        ));
        let mut stopped = self.as_stopped("exists", &failure);
        stopped.subaccount_ids = ids;
        self.tell(stopped);
        failure
    }

    /// The custodian has sent nothing, or is on its own.
    pub(super) fn without_an_end(&self, failure: Failure) -> Failure {
        let entry = self.begun();
        let is_under_way = |entry| Facts::of(self.ledger.path(), entry).is_under_way;
        let result = match failure.outcome() {
            Outcome::Unsafe => "taken",
            Outcome::Unknown if entry.as_ref().is_some_and(is_under_way) => "under-way",
            Outcome::Unknown => "unknown",
            _ => "not-begun",
        };
        let mut stopped = self.as_stopped(result, &failure);
        stopped.entry = entry.map(|entry| entry.id);
        self.tell(stopped);
        failure
    }

    /// The entry of this run, as far as the ledger can be read.
    fn begun(&self) -> Option<Entry> {
        let entries = self.ledger.entries(&Filter {
            fingerprint: Some(self.fingerprint.clone()),
            ..Filter::default()
        });
        let mut entries = entries.ok()?.into_iter();
        entries.rfind(|entry| entry.run == self.ledger.run())
    }

    fn as_stopped(&self, result: &'static str, failure: &Failure) -> Stopped {
        Stopped {
            result,
            entry: None,
            origin: self.service.origin(),
            account_type: self.request.account_type.to_string(),
            organization_name: self.request.organization.name.clone(),
            subaccount_ids: Vec::new(),
            message: failure.to_string(),
        }
    }

    fn tell(&self, stopped: Stopped) {
        match self.format {
            OutputFormat::Human => {}
            OutputFormat::Json => {
                StandardOutput::print_or_say(Versioned::first(stopped).text(), "");
            }
        }
    }
}
