//! The program `digicert-sandbox`.

mod program;

use std::process::ExitCode;

fn main() -> ExitCode {
    program::run()
}
