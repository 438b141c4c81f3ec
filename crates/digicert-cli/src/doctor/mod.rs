//! What stands between this machine and a service that does what it is asked: a check for each
//! thing that can be wrong, in the order in which one would look. How they are printed is for
//! `commands/doctor.rs`.

mod account;
mod network;
mod places;

use std::path::Path;

use serde::Serialize;

use crate::failure::Failure;
use crate::ledger::LedgerError;
use crate::rights::{READ_BY_OTHERS, open_to_others};
use crate::service::{KeyOrigin, KeySource, Service, ServiceOptions};
use crate::shell_word::word;

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

const KEY: &str = "key";

/// What options, environment and config file come to.
#[derive(Debug)]
pub(crate) enum Settings {
    Whole(Service),
    /// The config file cannot be used, and why; what there is without it.
    WithoutConfigFile {
        why: Failure,
        rest: Service,
        /// Whether where the service is does not depend on the file.
        says_where: bool,
    },
    /// Options or environment cannot be used.
    Unusable(Failure),
}

impl Settings {
    pub(crate) fn of(options: ServiceOptions) -> Self {
        let says_where = options.say_where();
        let why = match options.clone().service() {
            Ok(service) => return Self::Whole(service.without_warnings()),
            Err(why) => why,
        };
        match options.without_config_file() {
            Ok(rest) => Self::WithoutConfigFile {
                why,
                rest: rest.without_warnings(),
                says_where,
            },
            Err(_) => Self::Unusable(why),
        }
    }

    /// Where the service is, as far as that is known.
    pub(crate) fn origin(&self) -> Option<String> {
        match self {
            Self::Whole(service) => Some(service.origin()),
            Self::WithoutConfigFile {
                rest, says_where, ..
            } => says_where.then(|| rest.origin()),
            Self::Unusable(_) => None,
        }
    }
}

/// Checks everything that can be checked without changing anything.
pub(crate) async fn examine(
    settings: &Settings,
    ledger: Result<&Path, &LedgerError>,
) -> Vec<Check> {
    let mut checks = Vec::new();
    match settings {
        Settings::Whole(service) => {
            checks.extend([
                places::configuration(service),
                places::origin(service),
                certcentral_key(service),
            ]);
            let reached = network::examine(service, &mut checks).await;
            account::examine(service, reached, &mut checks).await;
            checks.push(partner_key(service));
        }
        Settings::WithoutConfigFile {
            why,
            rest,
            says_where,
        } => {
            checks.push(places::config_file_unusable(why));
            checks.push(if rest.certcentral_source().is_missing() {
                Check::skipped(KEY, "where it is may stand in the config file")
            } else {
                certcentral_key(rest)
            });
            if *says_where {
                checks.push(places::origin(rest));
                network::examine(rest, &mut checks).await;
            } else {
                network::skip(
                    "where the service is may stand in the config file",
                    &mut checks,
                );
            }
            account::skip(
                "no key is sent before the config file can be read",
                &mut checks,
            );
            checks.push(partner_key(rest));
        }
        Settings::Unusable(why) => checks.push(places::settings_unusable(why)),
    }
    checks.push(places::ledger(ledger));
    checks.extend(places::rescued_keys(ledger));
    checks
}

fn certcentral_key(service: &Service) -> Check {
    let failure = service.certcentral_key().err();
    key(KEY, service.certcentral_source(), failure)
}

/// Only the service knows whether it is the right key; here is whether there is one, and who else
/// can read it.
fn key(check: &'static str, source: &KeySource, failure: Option<Failure>) -> Check {
    if let Some(failure) = failure {
        return Check::failed(check, failure.to_string());
    }
    let name = source.name();
    match source.place() {
        KeyOrigin::StandardInput => Check::ok(check, format!("the {name} is on standard input")),
        KeyOrigin::Environment(variable) => {
            Check::ok(check, format!("the {name} is in {variable}"))
        }
        KeyOrigin::File(path) => {
            let shown = path.display();
            match open_to_others(path, READ_BY_OTHERS) {
                Some(mode) => Check::warning(
                    check,
                    format!("the {name} is in {shown}, which others can read (mode {mode:04o})"),
                )
                .with_remedy(format!(
                    "`chmod 600 {}` ends that",
                    word(&shown.to_string())
                )),
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
