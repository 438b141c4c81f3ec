//! The command line: the commands, and the options that all of them have. The options of one
//! command stand with it.

use clap::{Parser, Subcommand};

use crate::color::ColorChoice;
use crate::commands::{explain, rules, schema, validate};
use crate::failure::Failure;
use crate::outcome::Outcome;

/// Check documents for DigiCert's subaccount and price calls before they are sent
#[derive(Debug, Parser)]
#[command(
    name = "digicert",
    version,
    subcommand_required = true,
    arg_required_else_help = true,
    disable_help_subcommand = true,
    after_help = "Exit codes: 0 nothing wrong, 1 findings, \
                  2 wrong usage, an unreadable file or a bad configuration."
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
    Validate(validate::Options),
    Rules(rules::Options),
    Explain(explain::Options),
    Schema(schema::Options),
}

impl Arguments {
    /// Runs the command.
    pub(crate) fn run(self) -> Result<Outcome, Failure> {
        let color = self.color.for_standard_output();
        match self.command {
            Command::Validate(options) => options.run(color),
            Command::Rules(options) => options.run(color),
            Command::Explain(options) => options.run(color),
            Command::Schema(options) => options.run(),
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
