//! What somebody says that a creation made, held against what the service says of it.

use digicert_client::Error;
use digicert_types::certcentral::{SubaccountDetails, SubaccountSummary};

use crate::advised_command;
use crate::earlier_creation;
use crate::failure::Failure;
use crate::ledger::{Entry, Ledger};
use crate::printable::printable;
use crate::service::Service;

/// Whether the service was asked.
#[derive(Debug)]
pub(super) enum Claim {
    /// It knows such a subaccount, and nothing speaks against it.
    MayBe(Box<SubaccountDetails>),
    /// Nothing is said to have been made, and these may have been.
    MadeNone(Vec<SubaccountSummary>),
    /// It was not asked, and why.
    Unchecked(String),
}

impl Claim {
    /// What speaks against a creation that made nothing. It is no proof: another one may look alike.
    pub(super) async fn that_none_was_made(
        service: &Service,
        ledger: &Ledger,
        entry: &Entry,
    ) -> Self {
        if let Some(why) = not_asked(service, entry) {
            return Self::Unchecked(why);
        }
        let candidates = match service.certcentral() {
            Ok(client) => earlier_creation::candidates(&client, ledger, entry).await,
            Err(failure) => Err(failure),
        };
        candidates.map_or_else(
            |failure| Self::Unchecked(failure.to_string()),
            Self::MadeNone,
        )
    }

    /// Refuses what cannot be.
    pub(super) async fn check(
        service: &Service,
        ledger: &Ledger,
        entry: &Entry,
        id: i64,
    ) -> Result<Self, Failure> {
        if let Some(why) = not_asked(service, entry) {
            return Ok(Self::Unchecked(why));
        }
        let found = match service.certcentral()?.get_subaccount(id).await {
            Ok(found) => found,
            Err(error) if is_not_found(&error) => {
                return Err(cannot_be(entry, id, "the service has no such subaccount"));
            }
            Err(error) => return Err(Failure::from(error).with_end(INSIST)),
        };
        match earlier_creation::speaks_against(ledger, entry, &found)? {
            Some(why) => Err(cannot_be(entry, id, &why)),
            None => Ok(Self::MayBe(Box::new(found))),
        }
    }

    /// In lines of text.
    pub(super) fn told(&self, entry: &Entry) -> String {
        match self {
            Self::MayBe(found) => {
                let kind = found.account_type.as_ref().map(ToString::to_string);
                let organization = found.organization_name.as_deref();
                let created = found.date_created.as_deref();
                let parts = [kind.as_deref(), organization, found.child_name.as_deref()];
                let mut parts: Vec<_> = parts.into_iter().flatten().map(str::to_owned).collect();
                parts.extend(created.map(|time| format!("created {time}")));
                format!("The service has it as: {}.\n", printable(&parts.join(", ")))
            }
            Self::MadeNone(candidates) if candidates.is_empty() => {
                "The service lists no subaccount that it could have made.\n".to_owned()
            }
            Self::MadeNone(candidates) => {
                format!(
                    "But the service lists what it may have made:\n\n{}\nIf it is one of these, \
                     `{}` corrects that.\n",
                    earlier_creation::table(candidates, false),
                    earlier_creation::settled_as_created(entry.id, Some(candidates))
                )
            }
            Self::Unchecked(why) => format!(
                "That was not checked: {}. `{}` shows what there is.\n",
                printable(why),
                advised_command::on_service("subaccount list")
            ),
        }
    }
}

/// Why the service is not asked.
fn not_asked(service: &Service, entry: &Entry) -> Option<String> {
    let key = service.certcentral_source();
    if key.is_missing() {
        return Some(format!("there is no {}", key.name()));
    }
    (entry.origin != service.origin()).then(|| {
        format!(
            "it is an entry of {}, and {} is asked now",
            entry.origin,
            service.origin()
        )
    })
}

const INSIST: &str =
    "; nothing was written down, and with `--unchecked` it is written down all the same";

fn is_not_found(error: &Error) -> bool {
    error.status().is_some_and(|status| status == 404)
}

fn cannot_be(entry: &Entry, id: i64, why: &str) -> Failure {
    Failure::unsafe_to_go_on(format!(
        "entry {} cannot have created the subaccount {id}: {why}{INSIST}",
        entry.id
    ))
}
