//! The config file: where it is, what is wrong with it, and which of its profiles is meant.

use std::collections::BTreeMap;
use std::ops::Range;
use std::path::{Path, PathBuf};

use digicert_validate::nearest;
use serde::Deserialize;

use crate::failure::Failure;
use crate::read;
use crate::service::profile::{Profile, REFUSED};

const PATH_VARIABLE: &str = "DIGICERT_CONFIG";
const PROFILE_VARIABLE: &str = "DIGICERT_PROFILE";
/// The profile that is meant when nothing says otherwise.
const DEFAULT: &str = "default";

/// The profile of a command. Without a config file it is empty.
#[derive(Debug, Default)]
pub(crate) struct Chosen {
    pub(crate) name: Option<String>,
    pub(crate) profile: Profile,
    /// By `--profile`: then it wins over the environment, as other options do.
    pub(crate) by_option: bool,
    /// The file that was read.
    pub(crate) file: Option<PathBuf>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct ConfigFile {
    default_profile: Option<String>,
    #[serde(default)]
    profiles: BTreeMap<String, Profile>,
}

impl Chosen {
    /// Finds, reads and checks the file, and chooses a profile of it.
    pub(crate) fn settle(file: Option<PathBuf>, profile: Option<String>) -> Result<Self, Failure> {
        let by_option = profile.is_some();
        let wanted = profile.or_else(|| variable(PROFILE_VARIABLE)?.into_string().ok());
        let given = file.or_else(|| variable(PATH_VARIABLE).map(PathBuf::from));
        let path = match given {
            Some(path) => path,
            None => match default_path().filter(|path| path.exists()) {
                Some(path) => path,
                None => return without_file(wanted),
            },
        };
        let config = ConfigFile::read(&path)?;
        let (name, mut profile) = config.choose(wanted, &path)?;
        let folder = path.parent().unwrap_or(Path::new(""));
        for file in [&mut profile.api_key_file, &mut profile.partner_api_key_file] {
            *file = file.take().map(|file| beside(folder, file));
        }
        Ok(Self {
            name,
            profile,
            by_option,
            file: Some(path),
        })
    }
}

fn without_file(wanted: Option<String>) -> Result<Chosen, Failure> {
    match wanted {
        None => Ok(Chosen::default()),
        Some(name) => {
            let place = default_path().unwrap_or_else(|| "the config file".into());
            Err(Failure::new(format!(
                "there is no profile `{name}`: {} does not exist; write it, or name another file \
                 with `--config`",
                place.display()
            )))
        }
    }
}

/// Where the file is unless somebody says otherwise.
pub(crate) fn default_path() -> Option<PathBuf> {
    let config = variable("XDG_CONFIG_HOME").map(PathBuf::from);
    // A relative path is to be ignored, as the specification has it.
    let config = config.filter(|path| path.is_absolute());
    let config = config.or_else(|| Some(std::env::home_dir()?.join(".config")))?;
    config
        .is_absolute()
        .then(|| config.join("digicert/config.toml"))
}

fn variable(name: &str) -> Option<std::ffi::OsString> {
    std::env::var_os(name).filter(|value| !value.is_empty())
}

/// A path in the file is meant from its folder, or from the home folder.
fn beside(folder: &Path, file: PathBuf) -> PathBuf {
    match (file.strip_prefix("~"), std::env::home_dir()) {
        (Ok(rest), Some(home)) => home.join(rest),
        _ => folder.join(file),
    }
}

impl ConfigFile {
    fn read(path: &Path) -> Result<Self, Failure> {
        let mut bytes = Vec::new();
        read::file(path, &mut bytes)?;
        let fault = |range: Range<usize>, message: String| {
            let (line, column) = place(&bytes, range.start);
            let path = path.display();
            Failure::new(format!(
                "the configuration {path}:{line}:{column}: {message}"
            ))
        };
        let text = match std::str::from_utf8(&bytes) {
            Ok(text) => text,
            Err(error) => {
                let place = error.valid_up_to();
                return Err(fault(place..place, "it is not UTF-8".to_owned()));
            }
        };
        let config: Self = toml::from_str(text).map_err(|error| {
            // Only the message: as a whole the error shows the line, and there may be a key in it.
            fault(error.span().unwrap_or(0..0), message(error.message()))
        })?;
        config.check(path)?;
        Ok(config)
    }

    fn check(&self, path: &Path) -> Result<(), Failure> {
        let both = |profile: &Profile| profile.region.is_some() && profile.origin.is_some();
        match self.profiles.iter().find(|(_, profile)| both(profile)) {
            Some((name, _)) => Err(Failure::new(format!(
                "the configuration {}: the profile `{name}` has both a region and an origin; leave \
                 out one of them",
                path.display()
            ))),
            None => Ok(()),
        }
    }

    fn choose(
        mut self,
        wanted: Option<String>,
        path: &Path,
    ) -> Result<(Option<String>, Profile), Failure> {
        let Some(name) = wanted.or(self.default_profile.take()) else {
            return Ok(match self.profiles.remove(DEFAULT) {
                Some(profile) => (Some(DEFAULT.to_owned()), profile),
                None => (None, Profile::default()),
            });
        };
        match self.profiles.remove(&name) {
            Some(profile) => Ok((Some(name), profile)),
            None => Err(self.no_profile(&name, path)),
        }
    }

    fn no_profile(&self, name: &str, path: &Path) -> Failure {
        let names: Vec<_> = self.profiles.keys().map(String::as_str).collect();
        let hint = match nearest(name, names.iter().copied()) {
            Some(meant) => format!("did you mean `{meant}`?"),
            None if names.is_empty() => format!("add it as `[profiles.{name}]`"),
            None => format!("it has {}", quoted(&names)),
        };
        let path = path.display();
        Failure::new(format!("there is no profile `{name}` in {path}; {hint}"))
    }
}

/// What serde says, without any value, and with what was probably meant.
fn message(said: &str) -> String {
    let said = said.trim_end();
    if let Some(rest) = said.strip_prefix("unknown field `") {
        return unknown_field(rest);
    }
    match (
        said.starts_with("invalid type: string"),
        said.rsplit_once(", expected "),
    ) {
        (true, Some((_, expected))) if expected.starts_with("struct ") => {
            "a text stands where a table is expected".to_owned()
        }
        (true, Some((_, expected))) => format!("a text stands where {expected} is expected"),
        _ => said.replace('\n', ", "),
    }
}

/// From ``name`, expected one of `a`, `b` `` on.
fn unknown_field(rest: &str) -> String {
    let (name, expected) = rest.split_once('`').unwrap_or((rest, ""));
    let known: Vec<_> = expected.split('`').skip(1).step_by(2).collect();
    let known: Vec<_> = known
        .into_iter()
        .filter(|name| !REFUSED.contains(name))
        .collect();
    match nearest(name, known.iter().copied()) {
        Some(meant) => format!("unknown field `{name}`; did you mean `{meant}`?"),
        None => format!("unknown field `{name}`; known are {}", quoted(&known)),
    }
}

fn quoted(names: &[&str]) -> String {
    let names: Vec<_> = names.iter().map(|name| format!("`{name}`")).collect();
    names.join(", ")
}

/// Line and column, both from 1.
fn place(text: &[u8], offset: usize) -> (usize, usize) {
    let before = String::from_utf8_lossy(&text[..offset.min(text.len())]);
    let line = before.matches('\n').count() + 1;
    let column = before
        .rsplit('\n')
        .next()
        .unwrap_or_default()
        .chars()
        .count()
        + 1;
    (line, column)
}
