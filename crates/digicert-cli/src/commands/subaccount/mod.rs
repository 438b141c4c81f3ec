//! `digicert subaccount`: the accounts below the own one.

mod create;
mod list;
mod show;

use clap::{Args, Subcommand};

use crate::failure::Failure;
use crate::outcome::Outcome;

pub(crate) use list::SORTABLE;

/// Subaccounts: list them, show one, create one
#[derive(Debug, Args)]
#[command(subcommand_required = true, arg_required_else_help = true)]
pub(crate) struct Options {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    List(list::Options),
    Create(create::Options),
    Show(show::Options),
}

impl Options {
    pub(crate) fn run(self, color: bool) -> Result<Outcome, Failure> {
        match self.command {
            Command::List(options) => options.run(color),
            Command::Create(options) => options.run(color),
            Command::Show(options) => options.run(color),
        }
    }
}
