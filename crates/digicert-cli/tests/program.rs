//! Running the program on files of a folder of its own.

use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use serde_json::Value;
use tempfile::TempDir;

/// Nothing is wrong with it.
pub(crate) const GOOD: &str = r#"{"products": [{"product_name_id": "ssl_plus",
  "prices": [{"lifetime": 1, "cost": 218}]}]}"#;

/// One error: a list without products.
pub(crate) const WITH_ERROR: &str = r#"{"products": []}"#;

/// One warning: a product of another time.
pub(crate) const WITH_WARNING: &str = r#"{"products": [{"product_name_id": "ssl_of_tomorrow",
  "prices": [{"lifetime": 1, "cost": 218}]}]}"#;

/// One note: a product without prices.
pub(crate) const WITH_NOTE: &str = r#"{"products": [{"product_name_id": "ssl_plus"}]}"#;

/// How the program ended, and what it wrote.
#[derive(Debug)]
pub(crate) struct Run {
    pub(crate) code: i32,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Run {
    pub(crate) fn of(output: Output) -> Self {
        Self {
            code: output.status.code().unwrap(),
            stdout: String::from_utf8(output.stdout).unwrap(),
            stderr: String::from_utf8(output.stderr).unwrap(),
        }
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.stdout)
            .unwrap_or_else(|error| panic!("{error} in {}, with {}", self.stdout, self.stderr))
    }

    /// The names of the rules of all findings, in the order of the output.
    pub(crate) fn rules(&self) -> Vec<String> {
        let json = self.json();
        let files = json["files"].as_array().unwrap().iter();
        let findings = files.flat_map(|file| file["findings"].as_array().unwrap());
        findings
            .map(|finding| finding["rule"].as_str().unwrap().to_owned())
            .collect()
    }

    /// The paths of the files, in the order of the output.
    pub(crate) fn paths(&self) -> Vec<String> {
        let json = self.json();
        let files = json["files"].as_array().unwrap().iter();
        files
            .map(|file| file["path"].as_str().unwrap().to_owned())
            .collect()
    }
}

/// What a developer may have set for daily work.
const OWN_VARIABLES: [&str; 11] = [
    "DIGICERT_API_KEY",
    "DIGICERT_CONFIG",
    "DIGICERT_LEDGER",
    "DIGICERT_ORIGIN",
    "DIGICERT_PARTNER_API_KEY",
    "DIGICERT_PROFILE",
    "HOME",
    "NO_COLOR",
    "TERM",
    "XDG_CONFIG_HOME",
    "XDG_STATE_HOME",
];

/// The program, without what a developer's environment would change.
pub(crate) fn program() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_digicert"));
    for variable in OWN_VARIABLES {
        command.env_remove(variable);
    }
    command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    command
}

pub(crate) fn run(command: &mut Command) -> Run {
    Run::of(command.output().unwrap())
}

/// Runs it with a text on standard input.
pub(crate) fn run_with_input(command: &mut Command, input: impl AsRef<[u8]>) -> Run {
    let mut child = command.stdin(Stdio::piped()).spawn().unwrap();
    // The program may stop reading before the end of the input.
    let _ = child.stdin.take().unwrap().write_all(input.as_ref());
    Run::of(child.wait_with_output().unwrap())
}

/// A folder with files, in which the program runs.
pub(crate) struct Folder(TempDir);

impl Folder {
    pub(crate) fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    /// With these files, each given as name and text.
    pub(crate) fn with(files: &[(&str, &str)]) -> Self {
        let folder = Self::new();
        for (name, text) in files {
            folder.write(name, text);
        }
        folder
    }

    pub(crate) fn path(&self) -> &Path {
        self.0.path()
    }

    pub(crate) fn write(&self, name: &str, content: impl AsRef<[u8]>) -> PathBuf {
        let path = self.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, content).unwrap();
        path
    }

    pub(crate) fn program(&self, arguments: &[&str]) -> Command {
        let mut command = program();
        let home = self.path().join("home");
        command
            .args(arguments)
            .current_dir(self.path())
            .env("HOME", &home)
            // The same on Windows.
            .env("USERPROFILE", home);
        command
    }

    pub(crate) fn run(&self, arguments: &[&str]) -> Run {
        run(&mut self.program(arguments))
    }

    /// `digicert validate` with these arguments.
    pub(crate) fn validate(&self, arguments: &[&str]) -> Run {
        self.run(&[&["validate"], arguments].concat())
    }

    /// The same, with a text on standard input.
    pub(crate) fn validate_input(&self, arguments: &[&str], input: impl AsRef<[u8]>) -> Run {
        let mut command = self.program(&[&["validate"], arguments].concat());
        run_with_input(&mut command, input)
    }
}
