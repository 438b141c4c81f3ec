//! Files and folders of this machine.

use std::fs::{self, OpenOptions};
use std::io;
use std::path::Path;

use super::Check;
use crate::advised_command;
use crate::earlier_creation::{self, LeftBehind};
use crate::failure::Failure;
use crate::ledger::{Ledger, LedgerError};
use crate::rights::{READ_BY_OTHERS, WRITTEN_BY_OTHERS, folder_open_to_all, open_to_others};
use crate::service::Service;
use crate::shell_word::word;

const CONFIGURATION: &str = "configuration";
const LEDGER: &str = "ledger";
const RESCUED_KEY: &str = "rescued key";
const ORIGIN: &str = "origin";

/// That it can be read has been seen already; who can write it decides where keys are sent.
pub(super) fn configuration(service: &Service) -> Check {
    let Some(file) = service.config_file() else {
        return Check::ok(CONFIGURATION, "there is no config file, and none is needed");
    };
    let shown = file.display();
    if let Some(mode) = open_to_others(file, WRITTEN_BY_OTHERS) {
        let message = format!(
            "others can write {shown} (mode {mode:04o}), and so change where your keys are sent"
        );
        return Check::warning(CONFIGURATION, message).with_remedy(format!(
            "`chmod go-w {}` ends that",
            word(&shown.to_string())
        ));
    }
    match service.profile_name() {
        Some(name) => Check::ok(CONFIGURATION, format!("the profile `{name}` of {shown}")),
        None => Check::ok(CONFIGURATION, format!("no profile of {shown}")),
    }
}

/// Where keys are sent, and who says so.
pub(super) fn origin(service: &Service) -> Check {
    let keys = [service.certcentral_source(), service.partner_source()];
    if let Some(mixture) = keys.into_iter().find_map(|key| service.mixture(key)) {
        return Check::warning(ORIGIN, mixture.message).with_remedy(mixture.remedy);
    }
    let from = service.address_from();
    Check::ok(ORIGIN, format!("{} comes from {from}", service.origin()))
}

/// Without it, no command that talks to the service works.
pub(super) fn config_file_unusable(why: &Failure) -> Check {
    Check::failed(CONFIGURATION, why.to_string())
        .with_remedy("put it right, or name another file with `--config`")
}

/// Options or environment contradict themselves; the message says what to do.
pub(super) fn settings_unusable(why: &Failure) -> Check {
    Check::failed(CONFIGURATION, why.to_string())
}

/// Nothing is left behind: a ledger is made when there is something to write into it.
pub(super) fn ledger(path: Result<&Path, &LedgerError>) -> Check {
    let path = match path {
        Ok(path) => path,
        Err(error) => return Check::failed(LEDGER, error.to_string()),
    };
    let shown = path.display();
    if !path.exists() {
        if let Err(error) = try_to_make_a_file(path) {
            return Check::failed(LEDGER, format!("{shown} cannot be written: {error}"))
                .with_remedy("without it nothing is changed; give another one with `--ledger`");
        }
    } else if let Err(error) = Ledger::check(path) {
        return Check::failed(LEDGER, error.to_string());
    }
    let others = others_at_the_ledger(path);
    others.unwrap_or_else(|| Check::ok(LEDGER, format!("{shown} can be written")))
}

/// Keys, and answers that may hold one, that the ledger knows to lie where they were rescued to.
pub(super) fn rescued_keys(path: Result<&Path, &LedgerError>) -> Vec<Check> {
    let Some(path) = path.ok().filter(|path| has_entries(path)) else {
        return Vec::new();
    };
    let found = Ledger::open_existing(path).and_then(|ledger| match ledger {
        Some(ledger) => earlier_creation::left_behind(&ledger),
        None => Ok(Vec::new()),
    });
    match found {
        Ok(found) => found.iter().map(rescued_key).collect(),
        Err(error) => vec![Check::failed(RESCUED_KEY, error.to_string())],
    }
}

/// What is wrong with the ledger is said by its own check, and an empty file stays empty.
fn has_entries(path: &Path) -> bool {
    let is_filled = fs::metadata(path).is_ok_and(|file| file.is_file() && file.len() > 0);
    is_filled && Ledger::check(path).is_ok()
}

fn rescued_key(left: &LeftBehind) -> Check {
    let LeftBehind {
        entry,
        path,
        is_key,
    } = left;
    let holds = if *is_key {
        "holds the key"
    } else {
        "holds an answer that may have the key"
    };
    let message = format!(
        "{} {holds} of the creation of entry {} ({}), which is not where it was to go",
        path.display(),
        entry.id,
        entry.summary
    );
    let history = advised_command::on_ledger("history --unfinished");
    let remedy = format!("move it to a safe place; `{history}` names it until then");
    Check::warning(RESCUED_KEY, message).with_remedy(remedy)
}

/// Whoever can write it decides what is taken for done; who reads it, reads names and addresses.
fn others_at_the_ledger(path: &Path) -> Option<Check> {
    let shown = path.display();
    if let Some(mode) = open_to_others(path, WRITTEN_BY_OTHERS | READ_BY_OTHERS) {
        let may = if mode & WRITTEN_BY_OTHERS == 0 {
            "read"
        } else {
            "write"
        };
        let message = format!("others can {may} {shown} (mode {mode:04o})");
        let remedy = format!("`chmod 600 {}` ends that", word(&shown.to_string()));
        return Some(Check::warning(LEDGER, message).with_remedy(remedy));
    }
    let folder = path.parent()?;
    let mode = folder_open_to_all(folder)?;
    let shown = folder.display();
    let message = format!(
        "everybody can write to {shown} (mode {mode:04o}), and so put another ledger there"
    );
    let remedy = format!(
        "`chmod o-w {}` ends that; for a folder that is for everybody, give another ledger with \
         `--ledger`",
        word(&shown.to_string())
    );
    Some(Check::warning(LEDGER, message).with_remedy(remedy))
}

/// Makes a file in the folder, or in the one in which the folder would be made, and removes it.
fn try_to_make_a_file(path: &Path) -> io::Result<()> {
    let mut folders = path.ancestors().skip(1);
    let folder = folders.find(|folder| folder.exists());
    let folder = folder.unwrap_or(Path::new("."));
    let name = format!(".digicert-doctor-{}", std::process::id());
    let file = folder.join(name);
    OpenOptions::new()
        .write(true)
        .create_new(true)
        .open(&file)?;
    fs::remove_file(file)
}
