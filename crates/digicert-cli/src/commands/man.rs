//! `digicert man`: manual pages, made from what the commands say of themselves.

use std::io;
use std::path::{Path, PathBuf};

use clap::{Arg, Args, Command};
use clap_mangen::Man;
use clap_mangen::roff::{Roff, bold, italic, roman};
use digicert_validate::nearest;

use crate::failure::Failure;
use crate::help_text::{self, Section};
use crate::outcome::Outcome;
use crate::standard_output::StandardOutput;

const MANUAL: &str = "Manual of digicert";

/// What a command with such an option takes from the environment.
const ENVIRONMENT: [(&str, &str, &str); 9] = [
    (
        "api_key_file",
        "DIGICERT_API_KEY",
        "The CertCentral API key itself.",
    ),
    (
        "partner_api_key_file",
        "DIGICERT_PARTNER_API_KEY",
        "The Partner Subscriptions API key itself.",
    ),
    (
        "origin",
        "DIGICERT_ORIGIN",
        "The address of the service, as --origin.",
    ),
    ("profile", "DIGICERT_PROFILE", "The profile, as --profile."),
    ("config", "DIGICERT_CONFIG", "The config file, as --config."),
    ("ledger", "DIGICERT_LEDGER", "The ledger, as --ledger."),
    (
        "origin",
        "HTTPS_PROXY",
        "A proxy on the way to the service; also ALL_PROXY, and NO_PROXY.",
    ),
    (
        "origin",
        "SSL_CERT_FILE",
        "A file with the certificates to trust, where the system has no other store.",
    ),
    ("color", "NO_COLOR", "No colours, if it is set to anything."),
];

/// Files of a command with such an option.
const FILES: [(&str, &str, &str); 4] = [
    (
        "config",
        "~/.config/digicert/config.toml",
        "Profiles; below $XDG_CONFIG_HOME if that is set.",
    ),
    (
        "ledger",
        "~/.local/state/digicert/ledger.sqlite",
        "Who changed what; below $XDG_STATE_HOME if that is set.",
    ),
    (
        "ledger",
        "~/.local/state/digicert/former-states/",
        "What `digicert products set` restores; beside the ledger.",
    ),
    (
        "ledger",
        "~/.local/state/digicert/rescued/",
        "One-time keys that could not go where they were to go; beside the ledger.",
    ),
];

/// Print a manual page
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  Read about a command:
      digicert man products show | man -l -

  Install all pages:
      digicert man --out ~/.local/share/man/man1")]
pub(crate) struct Options {
    /// The command that the page is about; without one it is about the program
    #[arg(value_name = "COMMAND")]
    command: Vec<String>,

    /// Write the pages of all commands into this folder, which is made if need be
    #[arg(long, value_name = "FOLDER", value_hint = clap::ValueHint::DirPath, conflicts_with = "command")]
    out: Option<PathBuf>,
}

impl Options {
    pub(crate) fn run(self) -> Result<Outcome, Failure> {
        let mut program = help_text::command();
        // Gives the commands their whole names, such as digicert-products-show.
        program.build();
        if let Some(folder) = &self.out {
            refuse_pages_of_others(&program, folder)?;
            let written =
                std::fs::create_dir_all(folder).and_then(|()| write(&program, None, folder));
            written.map_err(|error| {
                let folder = folder.display();
                Failure::new(format!("cannot write manual pages into {folder}: {error}"))
            })?;
            return Ok(Outcome::Done);
        }
        let (command, parent) = find(&program, &self.command)?;
        let page = page(command, parent).map_err(Failure::from_display)?;
        StandardOutput::print(&String::from_utf8_lossy(&page))?;
        Ok(Outcome::Done)
    }
}

fn write(command: &Command, parent: Option<&Command>, folder: &Path) -> io::Result<()> {
    for below in shown_below(command) {
        write(below, Some(command), folder)?;
    }
    let path = folder.join(man(command).get_filename());
    std::fs::write(path, page(command, parent)?)
}

/// The sections in the order that manual pages have them in.
fn page(command: &Command, parent: Option<&Command>) -> io::Result<Vec<u8>> {
    let man = man(command);
    let mut page = Vec::new();
    man.render_title(&mut page)?;
    man.render_name_section(&mut page)?;
    man.render_synopsis_section(&mut page)?;
    man.render_description_section(&mut page)?;
    let sections = help_text::sections(command);
    let (told, named): (Vec<_>, Vec<_>) = sections.iter().partition(|s| s.title.is_none());
    let mut rest = Roff::new();
    for section in told {
        rest.control("PP", []);
        text(&mut rest, section);
    }
    rest.to_writer(&mut page)?;
    if command.get_arguments().next().is_some() {
        man.render_options_section(&mut page)?;
    }
    if shown_below(command).next().is_some() {
        let mut commands = Roff::new();
        commands.control("SH", ["COMMANDS"]);
        for below in shown_below(command) {
            let about = below.get_about().map(ToString::to_string);
            item(&mut commands, &page_name(below), &about.unwrap_or_default());
        }
        commands.to_writer(&mut page)?;
    }
    let mut rest = Roff::new();
    for section in named {
        let title = section.title.as_deref().unwrap_or_default();
        rest.control("SH", [heading(title).as_str()]);
        text(&mut rest, section);
    }
    table(&mut rest, command, "ENVIRONMENT", &ENVIRONMENT);
    table(&mut rest, command, "FILES", &FILES);
    see_also(&mut rest, command, parent);
    rest.to_writer(&mut page)?;
    Ok(page)
}

/// As manual pages call it.
fn heading(title: &str) -> String {
    let is_of = |word| title.starts_with(word);
    if is_of("Exit codes") {
        "EXIT STATUS".to_owned()
    } else if is_of("Example") {
        "EXAMPLES".to_owned()
    } else {
        title.to_uppercase()
    }
}

/// Lines with an indentation stay what they are.
fn text(roff: &mut Roff, section: &Section) {
    let is_prose = |line: &&String| !line.starts_with(' ');
    let (prose, as_it_is) = match section.lines.split_first() {
        Some((first, rest)) if is_prose(&first) => (Some(first.as_str()), rest),
        _ => (None, section.lines.as_slice()),
    };
    let of_title = section
        .title
        .as_deref()
        .and_then(|title| title.split_once(", "));
    if let Some(prose) = prose.or(of_title.map(|(_, addition)| addition)) {
        roff.text([roman(prose)]);
    }
    roff.control("nf", []);
    for line in as_it_is {
        if line.is_empty() {
            roff.control("sp", []);
        } else {
            roff.text([roman(line.as_str())]);
        }
    }
    roff.control("fi", []);
}

fn table(roff: &mut Roff, command: &Command, title: &str, rows: &[(&str, &str, &str)]) {
    let has = |option: &str| {
        command
            .get_arguments()
            .any(|argument| argument.get_id() == option)
    };
    let mut own = rows.iter().filter(|(option, ..)| has(option)).peekable();
    if own.peek().is_some() {
        roff.control("SH", [title]);
    }
    for (_, name, meaning) in own {
        item(roff, name, meaning);
    }
}

fn item(roff: &mut Roff, name: &str, meaning: &str) {
    roff.control("TP", []);
    roff.text([bold(name)]);
    roff.text([roman(meaning)]);
}

fn see_also(roff: &mut Roff, command: &Command, parent: Option<&Command>) {
    let beside = parent.into_iter().flat_map(shown_below);
    let beside = beside.filter(|other| other.get_name() != command.get_name());
    let pages: Vec<_> = parent
        .into_iter()
        .chain(shown_below(command))
        .chain(beside)
        .map(page_name)
        .collect();
    roff.control("SH", ["SEE ALSO"]);
    roff.text([italic(pages.join(", "))]);
}

fn page_name(command: &Command) -> String {
    let name = command.get_display_name();
    format!("{}(1)", name.unwrap_or_else(|| command.get_name()))
}

/// Looks at all of them before one is written.
fn refuse_pages_of_others(command: &Command, folder: &Path) -> Result<(), Failure> {
    for command in shown_below(command) {
        refuse_pages_of_others(command, folder)?;
    }
    let path = folder.join(man(command).get_filename());
    if is_nothing_or_own_page(&path) {
        return Ok(());
    }
    Err(Failure::new(format!(
        "{} is there already and is no page of digicert, so it is not overwritten; name another \
         folder",
        path.display()
    )))
}

/// A page says in its title which manual it belongs to.
fn is_nothing_or_own_page(path: &Path) -> bool {
    match std::fs::read(path) {
        Ok(there) => there.is_empty() || String::from_utf8_lossy(&there).contains(MANUAL),
        Err(error) if error.kind() == io::ErrorKind::NotFound => true,
        // Writing will say what is the matter with the folder, and changes no other file.
        Err(_) => !path.is_file(),
    }
}

fn shown_below(command: &Command) -> impl Iterator<Item = &Command> {
    let commands = command.get_subcommands();
    commands.filter(|command| !command.is_hide_set())
}

fn man(command: &Command) -> Man {
    Man::new(command.clone().override_usage(usage(command)))
        .source(concat!("digicert ", env!("CARGO_PKG_VERSION")))
        .manual(MANUAL)
}

/// The usage with all options and their values.
fn usage(command: &Command) -> String {
    let shown = command
        .get_arguments()
        .filter(|argument| !argument.is_hide_set());
    let (positional, options): (Vec<_>, Vec<_>) =
        shown.partition(|argument| argument.is_positional());
    let name = command.get_bin_name().unwrap_or_else(|| command.get_name());
    let mut words = vec![name.to_owned()];
    words.extend(options.iter().chain(&positional).map(|argument| {
        let required = argument.is_required_set();
        let word = argument_word(argument);
        if required { word } else { format!("[{word}]") }
    }));
    if shown_below(command).next().is_some() {
        let required = command.is_subcommand_required_set();
        words.push(if required { "COMMAND" } else { "[COMMAND]" }.to_owned());
    }
    words.join(" ")
}

fn argument_word(argument: &Arg) -> String {
    let takes_value = argument.get_action().takes_values();
    let names = argument.get_value_names().unwrap_or_default();
    let value = names.join(" ");
    let many = argument
        .get_num_args()
        .is_some_and(|number| number.max_values() > 1);
    let dots = if many { "..." } else { "" };
    let flag = match (argument.get_short(), argument.get_long()) {
        (_, Some(long)) => format!("--{long}"),
        (Some(short), None) => format!("-{short}"),
        (None, None) => return format!("{value}{dots}"),
    };
    if takes_value {
        format!("{flag} {value}")
    } else {
        flag
    }
}

/// A command, and the one that it is a command of.
fn find<'a>(
    program: &'a Command,
    path: &[String],
) -> Result<(&'a Command, Option<&'a Command>), Failure> {
    let mut found = (program, None);
    for name in path {
        let (above, _) = found;
        let below = above
            .find_subcommand(name)
            .ok_or_else(|| no_command(above, name))?;
        found = (below, Some(above));
    }
    Ok(found)
}

fn no_command(parent: &Command, name: &str) -> Failure {
    let names: Vec<_> = parent.get_subcommands().map(Command::get_name).collect();
    let hint = match nearest(name, names.iter().copied()) {
        Some(meant) => format!("did you mean `{meant}`?"),
        None if names.is_empty() => "it has no commands of its own".to_owned(),
        None => format!("it has {}", names.join(", ")),
    };
    let parent = parent.get_bin_name().unwrap_or("digicert");
    Failure::new(format!("`{parent}` has no command `{name}`; {hint}"))
}
