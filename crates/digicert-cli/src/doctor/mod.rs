//! What stands between this machine and a service that does what it is asked: a check for each
//! thing that can be wrong, in the order in which one would look. How they are printed is for
//! `commands/doctor.rs`.

mod account;
mod network;
mod places;

use std::path::Path;

use serde::Serialize;

use crate::failure::Failure;
use crate::rights::{READ_BY_OTHERS, open_to_others};
use crate::service::{KeyPlace, KeySource, Service};

/// What was looked at, and what was found.
#[derive(Debug, Serialize)]
pub(crate) struct Check {
    #[serde(rename = "check")]
    pub(crate) name: &'static str,
    pub(crate) status: Status,
    pub(crate) message: String,
    /// What to do, where something is to be done.
    pub(crate) remedy: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Status {
    /// As it should be.
    Ok,
    /// It could not be looked at, or need not be.
    Skipped,
    /// Commands work, but something should be changed.
    Warning,
    /// Commands do not work.
    Failed,
}

impl Status {
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Skipped => "skipped",
            Self::Warning => "warning",
            Self::Failed => "failed",
        }
    }
}

impl Check {
    fn new(name: &'static str, status: Status, message: impl Into<String>) -> Self {
        Self {
            name,
            status,
            message: message.into(),
            remedy: None,
        }
    }

    fn ok(check: &'static str, message: impl Into<String>) -> Self {
        Self::new(check, Status::Ok, message)
    }

    fn skipped(check: &'static str, message: impl Into<String>) -> Self {
        Self::new(check, Status::Skipped, message)
    }

    fn warning(check: &'static str, message: impl Into<String>) -> Self {
        Self::new(check, Status::Warning, message)
    }

    fn failed(check: &'static str, message: impl Into<String>) -> Self {
        Self::new(check, Status::Failed, message)
    }

    fn with_remedy(mut self, remedy: impl Into<String>) -> Self {
        self.remedy = Some(remedy.into());
        self
    }
}

/// Checks everything that can be checked without changing anything.
pub(crate) async fn examine(service: &Service, ledger: &Path) -> Vec<Check> {
    let mut checks = vec![places::configuration(service)];
    checks.push(key(
        "key",
        service.certcentral_source(),
        service.certcentral_key().err(),
    ));
    let reached = network::examine(service, &mut checks).await;
    account::examine(service, reached, &mut checks).await;
    checks.push(partner_key(service));
    checks.push(places::ledger(ledger));
    checks
}

/// Only the service knows whether it is the right key; here is whether there is one, and who else
/// can read it.
fn key(check: &'static str, source: &KeySource, failure: Option<Failure>) -> Check {
    if let Some(failure) = failure {
        return Check::failed(check, failure.to_string());
    }
    let name = source.name();
    match source.place() {
        KeyPlace::StandardInput => Check::ok(check, format!("the {name} is on standard input")),
        KeyPlace::Environment(variable) => Check::ok(check, format!("the {name} is in {variable}")),
        KeyPlace::File(path) => {
            let shown = path.display();
            match open_to_others(path, READ_BY_OTHERS) {
                Some(mode) => Check::warning(
                    check,
                    format!("the {name} is in {shown}, which others can read (mode {mode:04o})"),
                )
                .with_remedy(format!("`chmod 600 {shown}` ends that")),
                None => Check::ok(check, format!("the {name} is in {shown}")),
            }
        }
    }
}

fn partner_key(service: &Service) -> Check {
    let check = "partner key";
    let source = service.partner_source();
    if source.is_missing() {
        return Check::skipped(
            check,
            "there is none; only `digicert billing link` needs one",
        );
    }
    let mut key = key(check, source, service.partner_key().err());
    if key.status == Status::Ok {
        key.message += "; whether it is accepted only a link would tell, as no call with it reads";
    }
    key
}
