//! Creations of manifests that are there already, while the process that sends the request is still at
//! work: what is to be done about them, and where their keys are, is known once it has ended.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::Spot;
use crate::ledger::EntryId;

/// A creation that has not ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct UnderWay {
    pub(crate) at: Spot,
    pub(crate) name: String,
    pub(crate) subaccount_id: i64,
    pub(crate) entry: EntryId,
}

impl fmt::Display for UnderWay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            name,
            subaccount_id,
            entry,
            ..
        } = self;
        write!(
            f,
            "{name} is there as subaccount {subaccount_id}, and its creation is still under way (entry \
             {entry}): the process that sends the request is at work, and will write down how it ended"
        )
    }
}
