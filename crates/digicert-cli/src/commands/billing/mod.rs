//! `digicert billing`: who pays.

mod link;

use clap::{Args, Subcommand};

use crate::failure::Failure;
use crate::outcome::Outcome;

/// Which billing account pays for a Partner Subscriptions account
#[derive(Debug, Args)]
#[command(subcommand_required = true, arg_required_else_help = true)]
pub(crate) struct Options {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    Link(link::Options),
}

impl Options {
    pub(crate) fn run(self, color: bool) -> Result<Outcome, Failure> {
        match self.command {
            Command::Link(options) => options.run(color),
        }
    }
}
