//! Whether the same command does what is left of a plan.

use super::item_result::ItemResult;

/// What it takes until the same command does the rest of a part.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum GoesOn {
    /// Nothing.
    AtOnce,
    /// Something has to be put right before; the report says what.
    OncePutRight,
    /// Something else: a new plan, or what the part says itself.
    Otherwise,
}

impl GoesOn {
    /// What it takes after a part that ended in this way at least.
    pub(super) fn after(ended: ItemResult) -> Self {
        match ended {
            ItemResult::Left | ItemResult::NotSent | ItemResult::PartlyDone => Self::AtOnce,
            _ => Self::Otherwise,
        }
    }

    /// To people.
    pub(crate) fn hint(self) -> Option<&'static str> {
        match self {
            Self::AtOnce => Some("The same command again does the rest, and nothing twice."),
            Self::OncePutRight => {
                Some("Once that is put right, the same command does the rest, and nothing twice.")
            }
            Self::Otherwise => None,
        }
    }
}
