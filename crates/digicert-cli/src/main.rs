//! The program `digicert`. Here are only its beginning and its end: a command is a file in
//! `commands/`, and `outcome.rs` has the exit codes.

mod advised_command;
mod apply;
mod arguments;
mod asynchronous;
mod billing_link;
mod check;
mod color;
mod commands;
mod confirm;
mod connection_trouble;
mod context_file;
mod creation_sheet;
mod custodian;
mod doctor;
mod durable_file;
mod earlier_creation;
mod existing_subaccount;
mod failure;
mod failure_in_json;
mod files;
mod format;
mod former_setting;
mod help_text;
mod in_order;
mod ledger;
mod manifest;
mod meant_account;
mod mistaken_file;
mod outcome;
mod output_format;
mod pace;
mod patient_reads;
mod plan;
mod price_change;
mod price_setting;
mod printable;
mod progress;
mod read;
mod request_file;
mod requested_wait;
mod rights;
mod sent_again;
mod service;
mod sheet;
mod shell_word;
mod standard_error;
mod standard_output;
mod stop;
mod subaccount_id;
mod subaccount_name;
mod table;
mod usage_tip;
mod yaml_to_json;
mod yaml_tree;

use std::process::ExitCode;

use clap::FromArgMatches as _;

use crate::arguments::Arguments;
use crate::failure::Failure;
use crate::outcome::Outcome;
use crate::service::key_in_argument;

fn main() -> ExitCode {
    let outcome = match run() {
        Ok(outcome) => outcome,
        Err(failure) => {
            failure.report();
            failure_in_json::print_if_asked_for(&failure);
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
    match parse() {
        Ok(arguments) => arguments.run(),
        Err(error) => {
            if error.use_stderr() {
                failure_in_json::print_if_asked_for(&wrong_usage(&error));
            }
            // Help and complaints are printed as clap does it.
            error.exit()
        }
    }
}

fn parse() -> Result<Arguments, clap::Error> {
    let mut command = help_text::command();
    let given = arguments::in_place(std::env::args_os());
    let matches = command.try_get_matches_from_mut(given);
    let mut matches = matches.map_err(usage_tip::in_place_of_a_guess)?;
    Arguments::from_arg_matches_mut(&mut matches).map_err(|error| error.format(&mut command))
}

/// What clap complains of, without the usage and the advice that it prints below.
fn wrong_usage(error: &clap::Error) -> Failure {
    let text = error.render().to_string();
    let text = text.strip_prefix("error: ").unwrap_or(&text);
    let below = ["\n\nUsage:", "\n\nFor more information"].map(|title| text.find(title));
    let end = below.into_iter().flatten().min().unwrap_or(text.len());
    let complaint = text.get(..end).unwrap_or(text);
    Failure::new(complaint.trim_end())
}
