//! The command line: the commands, and the options that all of them have. The options of one
//! command stand with it.

use clap::{Parser, Subcommand};

use crate::color::ColorChoice;
use crate::commands::{
    account, apply, billing, completions, doctor, explain, history, man, plan, products, rules,
    schema, subaccount, validate,
};
use crate::failure::Failure;
use crate::outcome::Outcome;

/// Change DigiCert subaccounts and their prices only in ways that were shown first
#[derive(Debug, Parser)]
#[command(
    name = "digicert",
    version,
    subcommand_required = true,
    arg_required_else_help = true,
    disable_help_subcommand = true,
    after_help = "\
Exit codes:
  0  done, nothing wrong
  1  findings, or differences
  2  wrong usage, an unreadable file, a bad configuration, or a service that cannot be reached
  3  the service refused
  4  the outcome is unknown: the request may have been carried out
  5  refused by a safety check; nothing was changed"
)]
pub(crate) struct Arguments {
    /// When to use colours; `auto`: on a terminal, unless `NO_COLOR` is set
    #[arg(
        long,
        global = true,
        value_name = "WHEN",
        default_value = "auto",
        display_order = 100
    )]
    color: ColorChoice,

    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    Account(account::Options),
    Subaccount(subaccount::Options),
    Products(products::Options),
    Billing(billing::Options),
    Plan(plan::Options),
    Apply(apply::Options),
    History(history::Options),
    Validate(validate::Options),
    Rules(rules::Options),
    Explain(explain::Options),
    Schema(schema::Options),
    Doctor(doctor::Options),
    Completions(completions::Options),
    Man(man::Options),
}

impl Arguments {
    /// Runs the command.
    pub(crate) fn run(self) -> Result<Outcome, Failure> {
        let color = self.color.for_standard_output();
        match self.command {
            Command::Account(options) => options.run(color),
            Command::Subaccount(options) => options.run(color),
            Command::Products(options) => options.run(color),
            Command::Billing(options) => options.run(color),
            Command::Plan(options) => options.run(color),
            Command::Apply(options) => options.run(color),
            Command::History(options) => options.run(color),
            Command::Validate(options) => options.run(color),
            Command::Rules(options) => options.run(color),
            Command::Explain(options) => options.run(color),
            Command::Schema(options) => options.run(),
            Command::Doctor(options) => options.run(color),
            Command::Completions(options) => options.run(),
            Command::Man(options) => options.run(),
        }
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    use super::Arguments;

    #[test]
    fn arguments_are_consistent() {
        Arguments::command().debug_assert();
    }
}
