//! `digicert products`: what a subaccount may order, and at what price.

mod comparison;
mod diff;
mod set;
mod show;
mod whose;

use clap::{Args, Subcommand};

use crate::failure::Failure;
use crate::outcome::Outcome;

/// What a subaccount may order, and at what price
#[derive(Debug, Args)]
#[command(subcommand_required = true, arg_required_else_help = true)]
pub(crate) struct Options {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    Show(show::Options),
    Diff(diff::Options),
    Set(set::Options),
}

impl Options {
    pub(crate) fn run(self, color: bool) -> Result<Outcome, Failure> {
        match self.command {
            Command::Show(options) => options.run(color),
            Command::Diff(options) => options.run(color),
            Command::Set(options) => options.run(color),
        }
    }
}
