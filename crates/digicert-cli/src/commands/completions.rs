//! `digicert completions`: what makes a shell complete commands and options.

use clap::builder::PossibleValuesParser;
use clap::{Arg, Args, Command, ValueHint};
use clap_complete::Shell;

use super::subaccount::SORTABLE;
use crate::failure::Failure;
use crate::help_text;
use crate::outcome::Outcome;
use crate::standard_output::StandardOutput;

/// Print what makes a shell complete commands and options
#[derive(Debug, Args)]
#[command(after_help = "\
Where shells look for it (the folder has to be there; `mkdir -p FOLDER` makes it):
  bash        digicert completions bash > ~/.local/share/bash-completion/completions/digicert
  zsh         digicert completions zsh > _digicert          # in a folder of $fpath
  fish        digicert completions fish > ~/.config/fish/completions/digicert.fish
  powershell  digicert completions powershell >> $PROFILE
  elvish      digicert completions elvish >> ~/.config/elvish/rc.elv")]
pub(crate) struct Options {
    /// The shell
    #[arg(value_name = "SHELL")]
    shell: Shell,
}

impl Options {
    pub(crate) fn run(self) -> Result<Outcome, Failure> {
        let mut script = Vec::new();
        let mut program = with_hints(with_values(help_text::command()));
        clap_complete::generate(self.shell, &mut program, "digicert", &mut script);
        let mut script = String::from_utf8_lossy(&script).into_owned();
        if self.shell == Shell::Bash {
            let takers = takers_of_files(&program, "digicert");
            script = with_files_where_they_belong(&script, &takers);
        }
        StandardOutput::print(&script)?;
        Ok(Outcome::Done)
    }
}

/// What some arguments can be, where the program itself takes more than can be listed, or says more of
/// what is wrong with the rest.
fn with_values(program: Command) -> Command {
    let commands = program
        .get_subcommands()
        .filter(|command| !command.is_hide_set());
    let commands: Vec<_> = commands
        .map(|command| command.get_name().to_owned())
        .collect();
    let rules = digicert_validate::rules();
    let rules: Vec<_> = rules.iter().map(|rule| rule.name).collect();
    program
        .mut_subcommand("explain", |explain| {
            explain.mut_arg("rule", |rule| {
                rule.value_parser(PossibleValuesParser::new(rules))
            })
        })
        .mut_subcommand("man", |man| {
            man.mut_arg("command", |name| {
                name.value_parser(PossibleValuesParser::new(commands))
            })
        })
        .mut_subcommand("subaccount", |subaccount| {
            subaccount.mut_subcommand("list", |list| {
                list.mut_arg("sort", |sort| {
                    sort.value_parser(PossibleValuesParser::new(SORTABLE))
                })
            })
        })
}

/// A shell offers files unless it is told what an argument is.
fn with_hints(command: Command) -> Command {
    let hinted = |argument: Arg| {
        let value = argument.get_value_names().unwrap_or_default().first();
        let hint = match value.map(clap::builder::Str::as_str) {
            Some("PATH" | "FILE" | "PLAN") => ValueHint::AnyPath,
            Some("FOLDER") => ValueHint::DirPath,
            Some("URL") => ValueHint::Url,
            Some("COMMAND") => ValueHint::CommandName,
            _ => ValueHint::Other,
        };
        // What is known by its type, or by its values, needs none.
        match argument.get_value_hint() {
            ValueHint::Unknown if argument.get_possible_values().is_empty() => {
                argument.value_hint(hint)
            }
            _ => argument,
        }
    };
    command.mut_args(hinted).mut_subcommands(with_hints)
}

/// Right behind a command, the script for bash offers its options and nothing else. Where a file belongs,
/// it is to offer files, and options to who has begun to type one.
fn with_files_where_they_belong(script: &str, takers: &[String]) -> String {
    let is_block_of_taker = |line: &str| {
        let block = line.trim().strip_suffix(')').unwrap_or_default();
        takers.iter().any(|taker| taker == block)
    };
    let mut whole = String::new();
    let mut takes_files = false;
    for line in script.lines() {
        let is_block = line.starts_with("        digicert") && line.ends_with(')');
        if is_block {
            takes_files = is_block_of_taker(line);
        }
        if takes_files && line.trim_start().starts_with("opts=") {
            whole += "            [[ -z ${cur} && ${prev} != -* ]] && return 0\n";
        }
        whole += line;
        whole.push('\n');
    }
    whole
}

/// The names that the script has for commands with a file that is no option's.
fn takers_of_files(command: &Command, name: &str) -> Vec<String> {
    let is_path = |argument: &Arg| matches!(argument.get_value_hint(), ValueHint::AnyPath);
    let mut takers = Vec::new();
    if command.get_positionals().any(is_path) {
        takers.push(name.to_owned());
    }
    for below in command.get_subcommands() {
        let name = format!("{name}__subcmd__{}", below.get_name());
        takers.extend(takers_of_files(below, &name));
    }
    takers
}
