//! The command line: the commands, and the options that all of them have. The options of one
//! command stand with it.

use std::ffi::OsString;

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
    max_term_width = 100,
    after_help = "\
Exit codes:
  0  done, nothing wrong
  1  findings, or differences
  2  wrong usage, an unreadable file, a bad configuration, or a service that cannot be reached
  3  the service refused
  4  the outcome is unknown: the request may have been carried out
  5  refused by a safety check; what it refused was not changed

`digicert help COMMAND` shows the help of a command, `digicert man COMMAND` its manual page."
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

/// Options that most commands have and that say where it is done. They may stand before the command as
/// well, where one puts them who has several services; which commands have them is for the commands.
pub(crate) const ALSO_IN_FRONT: [&str; 7] = [
    "--profile",
    "--config",
    "--origin",
    "--region",
    "--api-key-file",
    "--partner-api-key-file",
    "--ledger",
];

/// The arguments with such options behind the command.
pub(crate) fn in_place(arguments: impl IntoIterator<Item = OsString>) -> Vec<OsString> {
    let mut rest = arguments.into_iter();
    let mut first: Vec<_> = rest.next().into_iter().collect();
    let mut moved = Vec::new();
    while let Some(argument) = rest.next() {
        let text = argument.to_string_lossy();
        let name = text.split('=').next().unwrap_or_default();
        if ALSO_IN_FRONT.contains(&name) {
            let has_value = text.contains('=');
            moved.push(argument);
            if !has_value {
                moved.extend(rest.next());
            }
        } else if text == "--color" {
            first.push(argument);
            first.extend(rest.next());
        } else {
            let is_other_option = text.starts_with('-');
            first.push(argument);
            if !is_other_option {
                break;
            }
        }
    }
    // `help` is no command of its own, which would be listed with all the others below it.
    if first.last().is_some_and(|last| last == "help") && first.len() > 1 {
        first.pop();
        moved.push("--help".into());
    }
    let mut behind: Vec<_> = rest.collect();
    let end = behind.iter().position(|argument| argument == "--");
    let end = end.unwrap_or(behind.len());
    behind.splice(end..end, moved);
    first.extend(behind);
    first
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

    use super::*;

    #[test]
    fn arguments_are_consistent() {
        Arguments::command().debug_assert();
    }

    #[test]
    fn where_something_is_done_may_be_said_in_front() {
        for (given, expected) in [
            (
                "digicert --profile a account show",
                "digicert account show --profile a",
            ),
            (
                "digicert --color never --profile=a --ledger - plan x -- -y",
                "digicert --color never plan x --profile=a --ledger - -- -y",
            ),
            ("digicert --help --profile", "digicert --help --profile"),
            ("digicert plan --profile a x", "digicert plan --profile a x"),
            ("digicert", "digicert"),
            ("digicert help", "digicert --help"),
            (
                "digicert --color never help products set",
                "digicert --color never products set --help",
            ),
            ("digicert man help", "digicert man help"),
        ] {
            let arguments = given.split(' ').map(OsString::from);
            let placed = in_place(arguments).join(std::ffi::OsStr::new(" "));
            assert_eq!(placed, expected);
        }
    }
}
