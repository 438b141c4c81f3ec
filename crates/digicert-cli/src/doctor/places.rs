//! Files and folders of this machine.

use std::fs::{self, OpenOptions};
use std::io;
use std::path::Path;

use super::Check;
use crate::rights::{WRITTEN_BY_OTHERS, open_to_others};
use crate::service::Service;

const CONFIGURATION: &str = "configuration";
const LEDGER: &str = "ledger";

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
        return Check::warning(CONFIGURATION, message)
            .with_remedy(format!("`chmod go-w {shown}` ends that"));
    }
    match service.profile_name() {
        Some(name) => Check::ok(CONFIGURATION, format!("the profile `{name}` of {shown}")),
        None => Check::ok(CONFIGURATION, format!("no profile of {shown}")),
    }
}

/// Nothing is left behind: a ledger is made when there is something to write into it.
pub(super) fn ledger(path: &Path) -> Check {
    let shown = path.display();
    let tried = if path.exists() {
        OpenOptions::new().append(true).open(path).map(drop)
    } else {
        try_to_make_a_file(path)
    };
    match tried {
        Ok(()) => Check::ok(LEDGER, format!("{shown} can be written")),
        Err(error) => Check::failed(LEDGER, format!("{shown} cannot be written: {error}"))
            .with_remedy("without it nothing is changed; give another one with `--ledger`"),
    }
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
