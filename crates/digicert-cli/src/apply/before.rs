//! What earlier runs of the same plan have written down of its products. It says how an interrupted
//! run ended, and never that nothing is left to do: somebody may have undone it since.

use std::collections::HashMap;

use crate::failure::Failure;
use crate::ledger::{Action, AsRead, EndingKind, Filter, Ledger};
use crate::plan::Plan;

/// The last entry for each subaccount.
pub(super) struct Before(HashMap<i64, EarlierEntry>);

/// An entry of an earlier run.
#[derive(Clone, Copy)]
pub(super) struct EarlierEntry {
    pub(super) as_read: AsRead,
    pub(super) ending: Option<EndingKind>,
    pub(super) is_unfinished: bool,
}

impl EarlierEntry {
    /// Whether it may be what has made the live state what it is. One that the service has refused, or that
    /// was found not to be done, is not.
    pub(super) fn may_be_done(self) -> bool {
        self.is_unfinished || self.ending == Some(EndingKind::Done)
    }
}

impl Before {
    pub(super) fn of(ledger: &Ledger, plan: &Plan) -> Result<Self, Failure> {
        let of_plan = Filter {
            part_of: Some(plan.sha256.clone()),
            origin: Some(plan.head.origin.clone()),
            action: Some(Action::SetProducts),
            ..Filter::default()
        };
        let mut last = HashMap::new();
        ledger.each(&of_plan, |entry| {
            if let Some(subaccount_id) = entry.subaccount_id {
                let former = EarlierEntry {
                    as_read: entry.as_read(),
                    ending: entry.ending(),
                    is_unfinished: entry.is_unfinished(),
                };
                last.insert(subaccount_id, former);
            }
        })?;
        Ok(Self(last))
    }

    pub(super) fn of_subaccount(&self, subaccount_id: i64) -> Option<EarlierEntry> {
        self.0.get(&subaccount_id).copied()
    }
}
