//! The program `digicert`. Here are only its beginning and its end: a command is a file in
//! `commands/`, and `outcome.rs` has the exit codes.

mod arguments;
mod check;
mod color;
mod commands;
mod context_file;
mod failure;
mod files;
mod format;
mod in_order;
mod ledger;
mod outcome;
mod progress;
mod read;
mod standard_output;
mod yaml_to_json;

use std::process::ExitCode;

use clap::Parser as _;

use crate::arguments::Arguments;
use crate::outcome::Outcome;

fn main() -> ExitCode {
    let outcome = match Arguments::parse().run() {
        Ok(outcome) => outcome,
        Err(failure) => {
            failure.report();
            Outcome::Unusable
        }
    };
    outcome.into()
}
