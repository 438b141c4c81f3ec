//! Creations that the ledger has as made for another account or at another service: where most of a
//! plan is of them, the key or the address is likely to be a wrong one. That a plan was rehearsed on a
//! sandbox looks the same, so it is a caution.

use std::collections::HashMap;
use std::fmt;

use serde::{Deserialize, Serialize};

use super::{Head, PlannedCreation};
use crate::ledger::{Action, EndingKind, Filter, Ledger, LedgerError};

/// How many creations of a plan were made elsewhere, and where.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct MadeElsewhere {
    pub(crate) creations: usize,
    /// How many there are in the plan.
    pub(crate) of: usize,
    pub(crate) origin: String,
    pub(crate) account_id: Option<i64>,
}

/// Where the ledger has creations, by what they sent.
#[derive(Debug, Default)]
pub(crate) struct CreationsMade(HashMap<String, Vec<Where>>);

/// A service, and an account there.
type Where = (String, Option<i64>);

impl CreationsMade {
    /// What was carried out, at all services.
    pub(crate) fn read(ledger: &Ledger) -> Result<Self, LedgerError> {
        let creations = Filter {
            action: Some(Action::CreateSubaccount),
            ..Filter::default()
        };
        let mut made: HashMap<String, Vec<Where>> = HashMap::new();
        ledger.each(&creations, |entry| {
            let is_done = entry.ending() == Some(EndingKind::Done);
            if let (true, Some(sent)) = (is_done, entry.fingerprint) {
                let there = made.entry(sent).or_default();
                let place = (entry.origin, entry.account_id);
                if !there.contains(&place) {
                    there.push(place);
                }
            }
        })?;
        Ok(Self(made))
    }

    /// The other account that most of the planned creations were made for, if it is half of them or
    /// more.
    pub(super) fn elsewhere(
        &self,
        head: &Head,
        planned: &[PlannedCreation],
    ) -> Option<MadeElsewhere> {
        let is_other = |(origin, account_id): &&Where| {
            // An entry that does not say for which account tells nothing at the same service.
            *origin != head.origin || account_id.is_some() && *account_id != head.account_id
        };
        let made = planned
            .iter()
            .filter_map(|creation| self.0.get(&creation.request_sha256));
        let mut counts: HashMap<&Where, usize> = HashMap::new();
        for place in made.flatten().filter(is_other) {
            *counts.entry(place).or_default() += 1;
        }
        let most = counts
            .into_iter()
            .max_by_key(|(place, count)| (*count, *place));
        let ((origin, account_id), creations) = most?;
        (creations * 2 >= planned.len()).then(|| MadeElsewhere {
            creations,
            of: planned.len(),
            origin: origin.clone(),
            account_id: *account_id,
        })
    }
}

/// In one line: begins in lower case, has no full stop.
impl fmt::Display for MadeElsewhere {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            creations,
            of,
            origin,
            account_id,
        } = self;
        let were = if *creations == 1 { "was" } else { "were" };
        write!(
            f,
            "{creations} of {} to create {were} created before, ",
            super::render::counted(*of, "subaccount")
        )?;
        match account_id {
            Some(id) => write!(f, "for account {id} at {origin}")?,
            None => write!(f, "at {origin}")?,
        }
        f.write_str(
            "; make sure that the key and the service are the ones that are meant, and name the \
             account in `account_id` of a manifest or of the profile",
        )
    }
}
