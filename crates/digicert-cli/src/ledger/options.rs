//! Where the ledger is.

use std::path::PathBuf;

use clap::Args;

use super::Ledger;
use super::file::LedgerError;

/// Which ledger. To be flattened into a command's options.
#[derive(Clone, Debug, Args)]
#[command(next_help_heading = "Ledger")]
pub(crate) struct LedgerOptions {
    /// The file that keeps who changed what; `~/.local/state/digicert/ledger.sqlite` unless told
    /// otherwise
    #[arg(
        long,
        value_name = "PATH",
        env = "DIGICERT_LEDGER",
        hide_env_values = true
    )]
    ledger: Option<PathBuf>,
}

impl LedgerOptions {
    /// The ledger, to read from; `None` if there is none yet. One that was named is to be there.
    pub(crate) fn existing(&self) -> Result<Option<Ledger>, LedgerError> {
        let path = self.path()?;
        match Ledger::open_existing(&path)? {
            None if self.ledger.is_some() => Err(LedgerError::Missing(path.display().to_string())),
            ledger => Ok(ledger),
        }
    }

    /// The file, with its whole path.
    pub(crate) fn path(&self) -> Result<PathBuf, LedgerError> {
        match &self.ledger {
            Some(path) => std::path::absolute(path).map_err(|error| LedgerError::io(path, error)),
            None => default_path(),
        }
    }
}

/// `$XDG_STATE_HOME/digicert/ledger.sqlite`, or below `~/.local/state`.
fn default_path() -> Result<PathBuf, LedgerError> {
    let state = std::env::var_os("XDG_STATE_HOME").map(PathBuf::from);
    // A relative path is to be ignored, as the specification has it.
    let state = state.filter(|path| path.is_absolute());
    let state = state.or_else(|| Some(std::env::home_dir()?.join(".local/state")));
    let state = state.filter(|path| path.is_absolute());
    let state = state.ok_or(LedgerError::NoHome)?;
    Ok(state.join("digicert/ledger.sqlite"))
}
