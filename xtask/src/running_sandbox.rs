//! The program `digicert-sandbox`, built from this repository and run for those who check it from
//! outside.

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail, ensure};
use serde_json::Value;

use crate::strangers::run;

/// The program `digicert-sandbox`, as long as it is asked.
pub(crate) struct RunningSandbox {
    process: Child,
    /// What it says of itself: where it listens, and its keys.
    ready: Value,
    complaints: PathBuf,
}

impl RunningSandbox {
    /// Builds the program.
    pub(crate) fn build(root: &Path) -> Result<()> {
        run(Command::new("cargo")
            .args(["build", "--quiet", "--locked", "-p", "digicert-sandbox"])
            .current_dir(root))
    }

    /// Starts what was built, and waits until it listens.
    pub(crate) fn start(root: &Path, folder: &Path) -> Result<Self> {
        let program = root
            .join("target/debug/digicert-sandbox")
            .with_extension(std::env::consts::EXE_EXTENSION);
        let (ready_file, complaints) = (folder.join("ready.json"), folder.join("stderr.txt"));
        let _ = std::fs::remove_file(&ready_file);
        let process = Command::new(&program)
            .args(["--listen", ":0", "--ready-file"])
            .arg(&ready_file)
            .env_remove("DIGICERT_API_KEY")
            .env_remove("DIGICERT_PARTNER_API_KEY")
            .stdout(Stdio::null())
            .stderr(std::fs::File::create(&complaints)?)
            .spawn()
            .with_context(|| format!("cannot start {}", program.display()))?;
        let mut sandbox = Self {
            process,
            ready: Value::Null,
            complaints,
        };
        let begun = Instant::now();
        while sandbox.ready.is_null() {
            ensure!(
                begun.elapsed() < Duration::from_secs(60) && sandbox.process.try_wait()?.is_none(),
                "the sandbox did not start: {}",
                std::fs::read_to_string(&sandbox.complaints)?
            );
            // The file appears as a whole.
            match std::fs::read(&ready_file) {
                Ok(bytes) => sandbox.ready = serde_json::from_slice(&bytes)?,
                Err(_) => std::thread::sleep(Duration::from_millis(5)),
            }
        }
        Ok(sandbox)
    }

    /// What its ready file says under a name.
    pub(crate) fn text(&self, name: &str) -> Result<String> {
        let text = self.ready[name].as_str();
        Ok(text
            .with_context(|| format!("the ready file has no {name}"))?
            .to_owned())
    }

    /// Gives a stranger the keys, by variables because everybody can read arguments.
    pub(crate) fn known_to<'c>(&self, stranger: &'c mut Command) -> Result<&'c mut Command> {
        Ok(stranger
            .env("DIGICERT_API_KEY", self.text("certcentral_key")?)
            .env("DIGICERT_PARTNER_API_KEY", self.text("partner_key")?))
    }

    /// It must still run, and have complained of nothing: a panic that only ended a connection is
    /// a failure as well.
    pub(crate) fn end(mut self) -> Result<()> {
        if let Some(status) = self.process.try_wait()? {
            bail!("the sandbox ended by itself: {status}");
        }
        let complaints = std::fs::read_to_string(&self.complaints)?;
        ensure!(complaints.is_empty(), "the sandbox printed:\n{complaints}");
        Ok(())
    }
}

impl Drop for RunningSandbox {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
