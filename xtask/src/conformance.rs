//! `cargo xtask conformance`: strangers talk to the sandbox. schemathesis makes up requests from
//! both documents and runs all its checks on the answers; a Python client that openapi-generator
//! makes of them onboards a subaccount.
//!
//! What each is told stands in `xtask/strangers/`. That the documents themselves are sound is for
//! `cargo xtask documents`.

use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail, ensure};
use serde_json::Value;

use crate::codegen::DOCUMENTS;
use crate::strangers::{Tools, run};
use crate::system_packages;

const SCHEMATHESIS: &str = "schemathesis==4.32.5";

const CONFIGURATION: &str = "xtask/strangers/schemathesis.toml";
const ONBOARDING: &str = "xtask/strangers/onboard.py";

/// Where the library below schemathesis keeps what it would otherwise put beside our files.
const HYPOTHESIS: &str = "target/tools/hypothesis";

/// One run of schemathesis.
struct Campaign {
    seed: u32,
    /// Of each operation; more are made up for scenarios of several calls.
    examples: u32,
}

const SHORT: [Campaign; 1] = [Campaign {
    seed: 1,
    examples: 25,
}];

const LONG: [Campaign; 4] = [
    Campaign {
        seed: 1,
        examples: 25,
    },
    Campaign {
        seed: 2,
        examples: 100,
    },
    Campaign {
        seed: 3,
        examples: 100,
    },
    Campaign {
        seed: 4,
        examples: 200,
    },
];

/// Has strangers talk to the sandbox. The short form needs Python alone, and makes up fewer
/// requests; the whole one needs Java as well, for openapi-generator.
///
/// # Errors
///
/// When a tool is missing, when the sandbox does not start, or when a stranger finds something.
pub fn conformance(root: &Path, short: bool) -> Result<()> {
    if !short {
        system_packages::ensure(system_packages::JAVA)?;
    }
    let tools = Tools::new(root);
    let python = tools.python()?;
    tools.pip(&python, SCHEMATHESIS)?;
    run(Command::new("cargo")
        .args(["build", "--quiet", "--locked", "-p", "digicert-sandbox"])
        .current_dir(root))?;
    let campaigns: &[Campaign] = if short { &SHORT } else { &LONG };
    for campaign in campaigns {
        for document in DOCUMENTS {
            // From the same state each time, so that a seed repeats all of a run.
            let sandbox = Sandbox::start(root, tools.folder())?;
            campaign.run(&python, root, document, &sandbox)?;
            sandbox.end()?;
        }
    }
    if short {
        return Ok(());
    }
    tools.python_clients(&python, root)?;
    let sandbox = Sandbox::start(root, tools.folder())?;
    run(sandbox.known_to(
        Command::new(&python)
            .arg(ONBOARDING)
            .env("CERTCENTRAL_URL", sandbox.text("certcentral_url")?)
            .env("PARTNER_URL", sandbox.text("partner_url")?)
            .current_dir(root),
    )?)?;
    sandbox.end()
}

impl Campaign {
    fn run(&self, python: &Path, root: &Path, document: &str, sandbox: &Sandbox) -> Result<()> {
        let url = if document.contains("partner") {
            "partner_url"
        } else {
            "certcentral_url"
        };
        run(sandbox.known_to(
            Command::new(python.with_file_name("schemathesis"))
                .args(["--config-file", CONFIGURATION, "run", document])
                .args(["--url", &sandbox.text(url)?])
                .args(["--seed", &self.seed.to_string()])
                .args(["--max-examples", &self.examples.to_string()])
                .env("HYPOTHESIS_STORAGE_DIRECTORY", root.join(HYPOTHESIS))
                .current_dir(root),
        )?)
    }
}

/// The program `digicert-sandbox`, as long as it is asked.
struct Sandbox {
    process: Child,
    /// What it says of itself: where it listens, and its keys.
    ready: Value,
    complaints: PathBuf,
}

impl Sandbox {
    fn start(root: &Path, folder: &Path) -> Result<Self> {
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
                begun.elapsed() < Duration::from_secs(10) && sandbox.process.try_wait()?.is_none(),
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

    fn text(&self, name: &str) -> Result<String> {
        let text = self.ready[name].as_str();
        Ok(text
            .with_context(|| format!("the ready file has no {name}"))?
            .to_owned())
    }

    /// Gives a stranger the keys, by variables because everybody can read arguments.
    fn known_to<'c>(&self, stranger: &'c mut Command) -> Result<&'c mut Command> {
        Ok(stranger
            .env("DIGICERT_API_KEY", self.text("certcentral_key")?)
            .env("DIGICERT_PARTNER_API_KEY", self.text("partner_key")?))
    }

    /// It must still run, and have complained of nothing: a panic that only ended a connection is
    /// a failure as well.
    fn end(mut self) -> Result<()> {
        if let Some(status) = self.process.try_wait()? {
            bail!("the sandbox ended by itself: {status}");
        }
        let complaints = std::fs::read_to_string(&self.complaints)?;
        ensure!(complaints.is_empty(), "the sandbox printed:\n{complaints}");
        Ok(())
    }
}

impl Drop for Sandbox {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
