//! Where the two API keys come from: a file or standard input, the environment, or the file of a
//! profile. Never from an argument (I2); what looks like one is refused in `key_in_argument.rs`.

use std::env::VarError;
use std::fmt;
use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use zeroize::{Zeroize as _, Zeroizing};

use crate::failure::Failure;
use crate::read;
use crate::rights::{READ_BY_OTHERS, open_to_others};
use crate::service::mixture::SaidBy;
use crate::shell_word::word;
use crate::standard_error;

/// Far more than any key has. Read into a buffer of this size at once, so that no copy is left
/// behind by growing.
const MAX_BYTES: usize = 8 * 1024;

/// One of the two kinds of key.
#[derive(Debug)]
pub(crate) struct Kind {
    name: &'static str,
    variable: &'static str,
    option: &'static str,
}

pub(crate) const CERTCENTRAL: Kind = Kind {
    name: "CertCentral API key",
    variable: "DIGICERT_API_KEY",
    option: "--api-key-file",
};

pub(crate) const PARTNER: Kind = Kind {
    name: "Partner Subscriptions API key",
    variable: "DIGICERT_PARTNER_API_KEY",
    option: "--partner-api-key-file",
};

/// Where a key is to be read from. Holds no key.
#[derive(Debug)]
pub(crate) struct KeySource {
    kind: &'static Kind,
    place: KeyOrigin,
    said_by: SaidBy,
    /// The profile names a file, whether it is this one or not.
    is_in_profile: bool,
}

/// Where a key is.
#[derive(Debug)]
pub(crate) enum KeyOrigin {
    StandardInput,
    File(PathBuf),
    /// The variable, whether it is set or not.
    Environment(&'static str),
}

/// In words, and never the key itself.
impl fmt::Display for KeyOrigin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::StandardInput => f.write_str("standard input"),
            Self::File(path) => write!(f, "the file {}", place_of(path)),
            Self::Environment(variable) => write!(f, "the environment variable {variable}"),
        }
    }
}

impl KeySource {
    /// What the option says, else the environment, else the profile. A profile that an option
    /// names comes before the environment.
    pub(crate) fn settle(
        kind: &'static Kind,
        option: Option<PathBuf>,
        profile: Option<PathBuf>,
        profile_by_option: bool,
    ) -> Self {
        let is_in_profile = profile.is_some();
        let profile = profile.filter(|_| profile_by_option || !is_set(kind.variable));
        let (place, said_by) = match (option, profile) {
            (Some(path), _) if path == Path::new("-") => (KeyOrigin::StandardInput, SaidBy::Option),
            (Some(path), _) => (KeyOrigin::File(path), SaidBy::Option),
            (None, Some(path)) => (KeyOrigin::File(path), SaidBy::Profile),
            (None, None) => (KeyOrigin::Environment(kind.variable), SaidBy::Environment),
        };
        Self {
            kind,
            place,
            said_by,
            is_in_profile,
        }
    }

    /// A file, whatever options and environment say.
    pub(crate) fn file(kind: &'static Kind, path: &Path) -> Self {
        Self {
            kind,
            place: KeyOrigin::File(path.to_owned()),
            said_by: SaidBy::Option,
            is_in_profile: false,
        }
    }

    /// What the key is called.
    pub(crate) fn name(&self) -> &'static str {
        self.kind.name
    }

    pub(crate) fn place(&self) -> &KeyOrigin {
        &self.place
    }

    pub(super) fn said_by(&self) -> SaidBy {
        self.said_by
    }

    pub(super) fn is_in_profile(&self) -> bool {
        self.is_in_profile
    }

    /// The variable that may hold it.
    pub(super) fn variable(&self) -> &'static str {
        self.kind.variable
    }

    /// Whether nothing says where the key is.
    pub(crate) fn is_missing(&self) -> bool {
        matches!(self.place, KeyOrigin::Environment(variable) if !is_set(variable))
    }

    /// Says so when a key file is open to others. It is used all the same: where secrets are mounted
    /// into a container, one cannot always choose.
    pub(crate) fn warn_of_others(&self) {
        let KeyOrigin::File(path) = &self.place else {
            return;
        };
        if let Some(mode) = open_to_others(path, READ_BY_OTHERS) {
            let (path, argument) = (path.display(), word(&path.display().to_string()));
            standard_error::say(&format!(
                "warning: others can read the key file {path} (mode {mode:04o}); `chmod 600 \
                 {argument}` ends that"
            ));
        }
    }

    /// Reads the key. Whether it can stand in a header is for the client to say.
    pub(crate) fn read(&self) -> Result<String, Failure> {
        let mut key = match &self.place {
            KeyOrigin::StandardInput => {
                read::take_standard_input(self.kind.name)?;
                self.text_of(io::stdin().lock(), "standard input")
            }
            KeyOrigin::File(path) => {
                let place = place_of(path);
                let file = File::open(path).map_err(|error| self.unreadable(&place, &error))?;
                self.text_of(file, &place)
            }
            KeyOrigin::Environment(_) => self.environment(),
        }?;
        if let Some(what) = beside_a_key(&key) {
            key.zeroize();
            return Err(self.failure(&self.place.to_string(), what));
        }
        Ok(key)
    }

    fn text_of(&self, source: impl Read, place: &str) -> Result<String, Failure> {
        let mut bytes = Zeroizing::new(Vec::with_capacity(MAX_BYTES + 1));
        source
            .take(MAX_BYTES as u64 + 1)
            .read_to_end(&mut bytes)
            .map_err(|error| self.unreadable(place, &error))?;
        if bytes.len() > MAX_BYTES {
            return Err(self.failure(place, "holds more than a key; give it the key alone"));
        }
        while bytes
            .last()
            .is_some_and(|byte| matches!(byte, b'\n' | b'\r'))
        {
            bytes.pop();
        }
        if bytes.is_empty() {
            return Err(self.failure(place, "is empty; put the key into it, as DigiCert shows it"));
        }
        String::from_utf8(std::mem::take(&mut *bytes)).map_err(|error| {
            error.into_bytes().zeroize();
            self.failure(place, "is not UTF-8; put the key into it as plain text")
        })
    }

    fn environment(&self) -> Result<String, Failure> {
        let Kind {
            name,
            variable,
            option,
        } = self.kind;
        match std::env::var(variable) {
            Ok(key) if !key.is_empty() => Ok(key),
            Ok(_) | Err(VarError::NotPresent) => Err(Failure::new(format!(
                "there is no {name}; put it into a file and give `{option} PATH` \
                 (`-` for standard input), or set {variable}"
            ))),
            // The value stays out of the message: it may be a key.
            Err(VarError::NotUnicode(_)) => Err(Failure::new(format!(
                "the environment variable {variable} is not UTF-8"
            ))),
        }
    }

    fn unreadable(&self, place: &str, error: &io::Error) -> Failure {
        let Kind { name, .. } = self.kind;
        Failure::new(format!("cannot read the {name} from {place}: {error}"))
    }

    fn failure(&self, place: &str, what: &str) -> Failure {
        Failure::new(format!(
            "the {} cannot be used: {place} {what}",
            self.kind.name
        ))
    }
}

/// What was copied together with a key, or instead of one. The service would only say that the key is
/// wrong, and warnings would speak of a file that holds none.
fn beside_a_key(text: &str) -> Option<&'static str> {
    let what = if text.starts_with(['{', '[', '<']) {
        "is a document and no key; put the key into it and nothing else"
    } else if text.contains(['"', '\'', '`']) {
        "has quotes in it; put the key into it without them"
    } else if text.contains(char::is_whitespace) {
        "has more than one word in it, or a blank; look for a blank or a line break, and put the key into \
         it and nothing else"
    } else if text.trim_end_matches('=').contains('=') {
        "has an equals sign in it; put into it what stands behind that, the key alone"
    } else {
        return None;
    };
    Some(what)
}

/// How a file is named in a message. Who gives a key instead of a file shall not read it there.
fn place_of(path: &Path) -> String {
    let text = path.to_string_lossy();
    let may_be_key = text.len() >= 20 && !text.contains(['/', '\\', '.']) && !path.exists();
    if may_be_key {
        return "a file whose name is not repeated here, because it looks like a key; give the \
                path of a file that holds the key"
            .to_owned();
    }
    text.into_owned()
}

/// Standard input holds one key.
pub(crate) fn refuse_one_input_for_two_keys(
    one: &KeySource,
    other: &KeySource,
) -> Result<(), Failure> {
    match (&one.place, &other.place) {
        (KeyOrigin::StandardInput, KeyOrigin::StandardInput) => Err(Failure::new(format!(
            "{} and {} cannot both be standard input; give one of the two a file",
            one.kind.option, other.kind.option
        ))),
        _ => Ok(()),
    }
}

fn is_set(variable: &str) -> bool {
    std::env::var_os(variable).is_some_and(|key| !key.is_empty())
}
