//! What help, manual pages and completions are made from: the commands, with the texts below their options
//! laid out for whoever prints them.

use clap::builder::Resettable;
use clap::{Arg, Args as _, Command, CommandFactory as _};

use crate::arguments::{ALSO_IN_FRONT, Arguments};
use crate::ledger::LedgerOptions;
use crate::service::ServiceOptions;

/// A part of the text below the options.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Section {
    /// Without its colon; `None` of what needs none.
    pub(crate) title: Option<String>,
    pub(crate) lines: Vec<String>,
}

/// The program with all its commands, as it is shown to people.
pub(crate) fn command() -> Command {
    flowing(Arguments::command()).args(in_front())
}

/// They are put behind the command before anything is parsed, so that here they are only shown.
fn in_front() -> impl Iterator<Item = Arg> {
    let options = ServiceOptions::augment_args(Command::new("digicert"));
    let options = LedgerOptions::augment_args(options);
    let own: Vec<_> = options.get_arguments().cloned().collect();
    let is_in_front = |argument: &Arg| {
        let long = argument.get_long().unwrap_or_default();
        ALSO_IN_FRONT
            .iter()
            .any(|option| option.strip_prefix("--") == Some(long))
    };
    own.into_iter().filter(is_in_front).map(|argument| {
        argument
            .env(Resettable::Reset)
            .help_heading("Before or behind a command that has them")
    })
}

/// Lines that are broken by hand become one, which is broken where the terminal ends.
fn flowing(command: Command) -> Command {
    let short = command.get_after_help().map(|text| flow(&text.to_string()));
    let long = command
        .get_after_long_help()
        .map(|text| flow(&text.to_string()));
    let mut command = command.mut_subcommands(flowing);
    if let Some(text) = short {
        command = command.after_help(text);
    }
    if let Some(text) = long {
        command = command.after_long_help(text);
    }
    command
}

/// What is indented stays as it is.
fn flow(text: &str) -> String {
    let mut flowing = String::new();
    let mut is_open = false;
    for line in text.lines() {
        let is_prose = !line.is_empty() && !line.starts_with(' ');
        if !flowing.is_empty() {
            flowing.push(if is_open && is_prose { ' ' } else { '\n' });
        }
        flowing += line;
        is_open = is_prose;
    }
    flowing
}

/// The text below the options of a command, in its parts.
pub(crate) fn sections(command: &Command) -> Vec<Section> {
    let text = command.get_after_long_help().or(command.get_after_help());
    text.map_or_else(Vec::new, |text| in_parts(&text.to_string()))
}

fn in_parts(text: &str) -> Vec<Section> {
    let mut parts: Vec<Section> = Vec::new();
    for line in flow(text).lines() {
        let is_indented = line.is_empty() || line.starts_with(' ');
        match parts.last_mut() {
            Some(part) if is_indented => part.lines.push(line.to_owned()),
            _ if line.starts_with("Exit codes") || line.starts_with("Example") => {
                parts.push(Section {
                    title: Some(line.trim_end_matches(':').to_owned()),
                    lines: Vec::new(),
                });
            }
            _ => parts.push(Section {
                title: None,
                lines: vec![line.to_owned()],
            }),
        }
    }
    for part in &mut parts {
        while part.lines.last().is_some_and(String::is_empty) {
            part.lines.pop();
        }
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_not_indented_flows() {
        let text = "One line\nand its end.\n\nExamples:\n  Do:\n      x\n\n  Again:\n      y";
        let flowing = "One line and its end.\n\nExamples:\n  Do:\n      x\n\n  Again:\n      y";
        assert_eq!(flow(text), flowing);
        let section = |title: Option<&str>, lines: &[&str]| Section {
            title: title.map(str::to_owned),
            lines: lines.iter().map(|&line| line.to_owned()).collect(),
        };
        let expected = [
            section(None, &["One line and its end."]),
            section(
                Some("Examples"),
                &["  Do:", "      x", "", "  Again:", "      y"],
            ),
        ];
        assert_eq!(in_parts(text), expected);
    }
}
