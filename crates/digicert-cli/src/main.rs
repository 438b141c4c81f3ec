//! The program `digicert`. Here are only its beginning and its end: a command is a file in
//! `commands/`, and `outcome.rs` has the exit codes.

mod apply;
mod arguments;
mod asynchronous;
mod check;
mod color;
mod commands;
mod confirm;
mod context_file;
mod custodian;
mod doctor;
mod existing_subaccount;
mod failure;
mod files;
mod format;
mod former_creation;
mod in_order;
mod ledger;
mod manifest;
mod outcome;
mod output_format;
mod pace;
mod plan;
mod price_change;
mod price_setting;
mod printable;
mod progress;
mod read;
mod request_file;
mod rights;
mod service;
mod sheet;
mod standard_output;
mod table;
mod yaml_to_json;
mod yaml_tree;

use std::process::ExitCode;

use clap::Parser as _;

use crate::arguments::Arguments;
use crate::failure::Failure;
use crate::outcome::Outcome;
use crate::service::key_in_argument;

fn main() -> ExitCode {
    let outcome = match run() {
        Ok(outcome) => outcome,
        Err(failure) => {
            failure.report();
            failure.outcome()
        }
    };
    outcome.into()
}

fn run() -> Result<Outcome, Failure> {
    if custodian::is_asked_for(std::env::args_os()) {
        return custodian::run();
    }
    // Before clap, whose messages quote what they do not know.
    key_in_argument::refuse(std::env::args_os())?;
    Arguments::parse().run()
}
