//! What could not be checked, such as a file that cannot be read. Its readers take a report without
//! it for a complete one.

use serde::Serialize;

/// So many are told; more of them have one cause, and memory is not to grow with their number.
const MAX_TOLD: usize = 100;

/// What was left out of a run, in the order in which it was found out.
#[derive(Debug, Default)]
pub(super) struct Unchecked {
    told: Vec<Reason>,
    more: usize,
}

/// Why one was left out.
#[derive(Debug, Serialize)]
pub(super) struct Reason {
    pub(super) message: String,
}

impl Unchecked {
    pub(super) fn add(&mut self, message: String) {
        if self.told.len() < MAX_TOLD {
            self.told.push(Reason { message });
        } else {
            self.more += 1;
        }
    }

    /// The reasons; the last one says how many more there are.
    pub(super) fn reasons(mut self) -> Vec<Reason> {
        if self.more > 0 {
            let message = format!("and {} more that could not be checked", self.more);
            self.told.push(Reason { message });
        }
        self.told
    }
}
