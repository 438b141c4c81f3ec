//! What was promised in numbers, held against what was measured. A benchmark that shows a broken promise
//! ends with 1, so that nobody has to compare by eye.

use std::process::ExitCode;

/// The promises that were not kept.
#[derive(Debug, Default)]
pub(crate) struct Promises(Vec<String>);

impl Promises {
    /// What stands beside the measured number.
    pub(crate) fn check(&mut self, what: impl Into<String>, is_met: bool) -> &'static str {
        if is_met {
            return "met";
        }
        self.0.push(what.into());
        "NOT MET"
    }

    /// Names what was not met, for the end of the program.
    pub(crate) fn end(&self) -> ExitCode {
        for what in &self.0 {
            println!("NOT MET: {what}");
        }
        if self.0.is_empty() {
            ExitCode::SUCCESS
        } else {
            ExitCode::FAILURE
        }
    }
}
