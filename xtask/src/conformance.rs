//! `cargo xtask conformance`: strangers talk to the sandbox. schemathesis makes up requests from
//! both documents and runs all its checks on the answers; a Python client that openapi-generator
//! makes of them onboards a subaccount.
//!
//! What each is told stands in `xtask/strangers/`. That the documents themselves are sound is for
//! `cargo xtask documents`.

use std::path::Path;
use std::process::Command;

use anyhow::Result;

use crate::codegen::DOCUMENTS;
use crate::running_sandbox::RunningSandbox;
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
    RunningSandbox::build(root)?;
    let campaigns: &[Campaign] = if short { &SHORT } else { &LONG };
    for campaign in campaigns {
        for document in DOCUMENTS {
            // From the same state each time, so that a seed repeats all of a run.
            let sandbox = RunningSandbox::start(root, tools.folder())?;
            campaign.run(&python, root, document, &sandbox)?;
            sandbox.end()?;
        }
    }
    if short {
        return Ok(());
    }
    tools.python_clients(&python, root)?;
    let sandbox = RunningSandbox::start(root, tools.folder())?;
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
    fn run(
        &self,
        python: &Path,
        root: &Path,
        document: &str,
        sandbox: &RunningSandbox,
    ) -> Result<()> {
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
