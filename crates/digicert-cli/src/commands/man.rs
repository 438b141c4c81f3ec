//! `digicert man`: manual pages, made from what the commands say of themselves.

use std::io;
use std::path::{Path, PathBuf};

use clap::{Args, Command, CommandFactory as _};
use clap_mangen::Man;
use digicert_validate::nearest;

use crate::arguments::Arguments;
use crate::failure::Failure;
use crate::outcome::Outcome;
use crate::standard_output::StandardOutput;

const MANUAL: &str = "Manual of digicert";

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
    #[arg(long, value_name = "FOLDER", conflicts_with = "command")]
    out: Option<PathBuf>,
}

impl Options {
    pub(crate) fn run(self) -> Result<Outcome, Failure> {
        let mut program = Arguments::command();
        // Gives the commands their whole names, such as digicert-products-show.
        program.build();
        if let Some(folder) = &self.out {
            refuse_pages_of_others(&program, folder)?;
            let written = std::fs::create_dir_all(folder).and_then(|()| write(&program, folder));
            written.map_err(|error| {
                let folder = folder.display();
                Failure::new(format!("cannot write manual pages into {folder}: {error}"))
            })?;
            return Ok(Outcome::Done);
        }
        let mut page = Vec::new();
        let rendered = man(find(&program, &self.command)?).render(&mut page);
        rendered.map_err(Failure::from_display)?;
        StandardOutput::print(&String::from_utf8_lossy(&page))?;
        Ok(Outcome::Done)
    }
}

fn write(command: &Command, folder: &Path) -> io::Result<()> {
    for command in shown_below(command) {
        write(command, folder)?;
    }
    man(command).generate_to(folder)?;
    Ok(())
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
    Man::new(command.clone())
        .source(concat!("digicert ", env!("CARGO_PKG_VERSION")))
        .manual(MANUAL)
}

fn find<'a>(program: &'a Command, path: &[String]) -> Result<&'a Command, Failure> {
    let mut found = program;
    for name in path {
        found = found
            .find_subcommand(name)
            .ok_or_else(|| no_command(found, name))?;
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
