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
    /// What was left out; of many it is not said.
    pub(super) path: Option<String>,
    pub(super) message: String,
}

impl Unchecked {
    pub(super) fn add(&mut self, path: String, message: String) {
        if self.told.len() < MAX_TOLD {
            let path = Some(path);
            self.told.push(Reason { path, message });
        } else {
            self.more += 1;
        }
    }

    /// The reasons; the last one says how many more there are.
    pub(super) fn reasons(mut self) -> Vec<Reason> {
        if self.more > 0 {
            let message = format!("and {} more that could not be checked", self.more);
            self.told.push(Reason {
                path: None,
                message,
            });
        }
        self.told
    }
}
