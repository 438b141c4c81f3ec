//! `digicert completions`: what makes a shell complete commands and options.

use clap::{Args, CommandFactory as _};
use clap_complete::Shell;

use crate::arguments::Arguments;
use crate::failure::Failure;
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
        clap_complete::generate(
            self.shell,
            &mut Arguments::command(),
            "digicert",
            &mut script,
        );
        StandardOutput::print(&String::from_utf8_lossy(&script))?;
        Ok(Outcome::Done)
    }
}
