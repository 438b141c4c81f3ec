//! What checks need of the operating system and cargo cannot bring: Debian's packages, installed
//! where that is possible without asking, and named where it is not.

use std::process::{Command, Stdio};

use anyhow::{Result, bail};

/// A package, and the command that succeeds once it is there.
#[derive(Debug)]
pub struct Package {
    /// Its name at Debian.
    pub name: &'static str,
    /// What it is needed for.
    pub purpose: &'static str,
    /// Program and arguments.
    pub probe: &'static [&'static str],
}

/// For the client with the feature `native-tls`, which is OpenSSL on Linux.
pub const NATIVE_TLS: &[Package] = &[
    Package {
        name: "pkg-config",
        purpose: "finds the headers of OpenSSL",
        probe: &["pkg-config", "--version"],
    },
    Package {
        name: "libssl-dev",
        purpose: "the headers of OpenSSL, for the feature native-tls of the client",
        probe: &["pkg-config", "--exists", "openssl"],
    },
];

/// For openapi-generator, which makes clients in other languages.
pub const JAVA: &[Package] = &[Package {
    name: "openjdk-17-jre-headless",
    purpose: "runs openapi-generator",
    probe: &["java", "-version"],
}];

/// For the checks of the page.
pub const CHROMIUM: &[Package] = &[
    Package {
        name: "chromium",
        purpose: "shows the page of the sandbox",
        probe: &["chromium", "--version"],
    },
    Package {
        name: "chromium-driver",
        purpose: "lets a test use the browser",
        probe: &["chromedriver", "--version"],
    },
];

/// Installs what is missing. Elsewhere than on Linux the platform's own TLS needs nothing.
///
/// # Errors
///
/// When a package is missing and cannot be installed: it says which, and what for.
pub fn ensure(packages: &[Package]) -> Result<()> {
    if !cfg!(target_os = "linux") {
        return Ok(());
    }
    for package in packages {
        if succeeds(package.probe) {
            continue;
        }
        let name = package.name;
        // On an old list of packages the second attempt finds what the first one does not.
        let install = [
            "apt-get",
            "install",
            "--yes",
            "--no-install-recommends",
            name,
        ];
        let installed =
            succeeds(&install) || succeeds(&["apt-get", "update"]) && succeeds(&install);
        if !installed || !succeeds(package.probe) {
            bail!(
                "the package {name} is missing and could not be installed ({}); install it and \
                 repeat the command",
                package.purpose
            );
        }
    }
    Ok(())
}

fn succeeds(words: &[&str]) -> bool {
    let [program, arguments @ ..] = words else {
        return false;
    };
    let quiet = Command::new(program)
        .args(arguments)
        .env("DEBIAN_FRONTEND", "noninteractive")
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status();
    quiet.is_ok_and(|status| status.success())
}
