//! Subaccounts that the organization of a planned creation has already, of its type, under other names. One
//! of them may be the one that is meant: a name was corrected in the manifest, or at the service.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::PlannedCreation;
use crate::existing_subaccount::Sibling;

/// How many of them are named; a program is told all.
const MAX_NAMED: usize = 5;

/// One of them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Existing {
    pub(crate) subaccount_id: i64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) child_name: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) date_created: Option<String>,
}

impl From<&Sibling> for Existing {
    fn from(sibling: &Sibling) -> Self {
        Self {
            subaccount_id: sibling.id,
            child_name: sibling.details.child_name.clone(),
            date_created: sibling.details.date_created.clone(),
        }
    }
}

/// `1122335 (north, created 2026-01-02 03:04:05)`.
impl fmt::Display for Existing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.subaccount_id)?;
        let created = self.date_created.as_ref();
        let created = created.map(|time| format!("created {time}"));
        let known: Vec<_> = self.child_name.clone().into_iter().chain(created).collect();
        if known.is_empty() {
            return Ok(());
        }
        write!(f, " ({})", known.join(", "))
    }
}

impl PlannedCreation {
    /// What to look at twice: begins in lower case, has no full stop.
    pub(crate) fn warnings(&self) -> Vec<String> {
        let cautions = self.cautions.iter().map(ToString::to_string);
        self.beside().into_iter().chain(cautions).collect()
    }

    fn beside(&self) -> Option<String> {
        if self.existing.is_empty() {
            return None;
        }
        let named = self.existing.iter().take(MAX_NAMED);
        let mut named: Vec<_> = named.map(ToString::to_string).collect();
        let more = self.existing.len() - named.len();
        if more > 0 {
            named.push(format!("and {more} more"));
        }
        Some(format!(
            "the organization has subaccounts of this type already: {}; if one of them is meant, write \
             its `id` in place of `create`",
            named.join(", ")
        ))
    }
}
