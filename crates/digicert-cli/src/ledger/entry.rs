//! What the ledger holds: entries, and how they ended. The words are those of `schema.sql`.

use std::fmt;
use std::str::FromStr;

use rusqlite::types::{FromSql, FromSqlError, FromSqlResult, ValueRef};
use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::{Map, Value};

/// The number of an entry, which people use to name it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub(crate) struct EntryId(pub(super) i64);

/// Where the detail of a billing link has the file of the partner key, by its absolute path.
pub(crate) const PARTNER_KEY_FILE: &str = "partner_api_key_file";

/// What kind of change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Action {
    CreateSubaccount,
    SetProducts,
    LinkBillingAccount,
}

/// A change that is about to be requested.
#[derive(Clone, Debug)]
pub(crate) struct NewEntry {
    pub(crate) action: Action,
    /// Scheme and host of the service.
    pub(crate) origin: String,
    /// The account of the key that is used, if it is known.
    pub(crate) account_id: Option<i64>,
    /// `None` while a subaccount is being created.
    pub(crate) subaccount_id: Option<i64>,
    /// What is changed, in words.
    pub(crate) summary: String,
    /// The body of the request, as JSON.
    pub(crate) request: Option<String>,
    /// SHA-256 of what the request means, in hexadecimal.
    pub(crate) fingerprint: Option<String>,
    /// What the entry is a part of, such as the ID of a plan.
    pub(crate) part_of: Option<String>,
    pub(crate) detail: Detail,
}

impl NewEntry {
    pub(crate) fn new(
        action: Action,
        origin: impl Into<String>,
        summary: impl Into<String>,
    ) -> Self {
        Self {
            action,
            origin: origin.into(),
            account_id: None,
            subaccount_id: None,
            summary: summary.into(),
            request: None,
            fingerprint: None,
            part_of: None,
            detail: Detail::default(),
        }
    }
}

/// How a change ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum EndingKind {
    /// Carried out.
    Done,
    /// Found later not to have been carried out.
    NotDone,
    /// The service said no.
    Refused,
    /// Nothing reached the service.
    NotSent,
    /// Sent, and no answer says whether it was carried out.
    Unknown,
}

/// How an ending is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum KnownFrom {
    /// The program saw the answer, or that none came.
    Answer,
    /// It was found out later, by asking the service.
    Lookup,
    /// Somebody said so.
    User,
}

/// An ending to write down.
#[derive(Clone, Debug)]
pub(crate) struct Ending {
    pub(super) kind: EndingKind,
    pub(super) known_from: KnownFrom,
    pub(super) subaccount_id: Option<i64>,
    pub(super) message: Option<String>,
    pub(super) detail: Detail,
}

impl Ending {
    pub(crate) fn new(kind: EndingKind) -> Self {
        Self {
            kind,
            known_from: KnownFrom::Answer,
            subaccount_id: None,
            message: None,
            detail: Detail::default(),
        }
    }

    pub(crate) fn done() -> Self {
        Self::new(EndingKind::Done)
    }

    pub(crate) fn refused(message: impl Into<String>) -> Self {
        Self::new(EndingKind::Refused).because(message)
    }

    pub(crate) fn not_sent(message: impl Into<String>) -> Self {
        Self::new(EndingKind::NotSent).because(message)
    }

    pub(crate) fn unknown(message: impl Into<String>) -> Self {
        Self::new(EndingKind::Unknown).because(message)
    }

    pub(crate) fn because(self, message: impl Into<String>) -> Self {
        self.saying(Some(message.into()))
    }

    pub(crate) fn saying(mut self, message: Option<String>) -> Self {
        self.message = message;
        self
    }

    pub(crate) fn known_from(mut self, known_from: KnownFrom) -> Self {
        self.known_from = known_from;
        self
    }

    pub(crate) fn subaccount(mut self, id: Option<i64>) -> Self {
        self.subaccount_id = id;
        self
    }

    pub(crate) fn detail(mut self, detail: Detail) -> Self {
        self.detail = detail;
        self
    }
}

/// An entry as it stands in the ledger.
#[derive(Clone, Debug)]
pub(crate) struct Entry {
    pub(crate) id: EntryId,
    pub(crate) run: String,
    pub(crate) begun_at: String,
    /// The day a month earlier. The service's times name no zone, and the clock of this machine may
    /// be wrong, though hardly by so much: nothing that began with this entry is older.
    pub(crate) month_before: String,
    pub(crate) who: String,
    pub(crate) program: String,
    pub(crate) action: Action,
    pub(crate) origin: String,
    pub(crate) account_id: Option<i64>,
    /// The one that was changed or, if it is known, created.
    pub(crate) subaccount_id: Option<i64>,
    pub(crate) summary: String,
    pub(crate) request: Option<String>,
    pub(crate) fingerprint: Option<String>,
    pub(crate) part_of: Option<String>,
    pub(crate) detail: Detail,
    /// The ending that counts, which is the last one.
    pub(crate) ended: Option<WrittenEnding>,
}

/// An ending as it stands in the ledger.
#[derive(Clone, Debug)]
pub(crate) struct WrittenEnding {
    pub(super) id: i64,
    pub(crate) at: String,
    pub(crate) who: String,
    pub(crate) kind: EndingKind,
    pub(crate) known_from: KnownFrom,
    pub(crate) message: Option<String>,
    pub(crate) detail: Detail,
}

/// An entry with the ending that it had when it was read.
#[derive(Clone, Copy, Debug)]
pub(crate) struct AsRead {
    pub(crate) id: EntryId,
    pub(super) ending: Option<i64>,
}

impl Entry {
    pub(crate) fn as_read(&self) -> AsRead {
        AsRead {
            id: self.id,
            ending: self.ended.as_ref().map(|ended| ended.id),
        }
    }

    /// How it ended; `None` if it was interrupted, or is still going on.
    pub(crate) fn ending(&self) -> Option<EndingKind> {
        self.ended.as_ref().map(|ended| ended.kind)
    }

    /// When it began, in UTC: `2026-01-31 23:59:59`.
    pub(crate) fn begun(&self) -> String {
        let time = self.begun_at.get(..19).unwrap_or(&self.begun_at);
        time.replace('T', " ")
    }

    /// Whether it is open if it was carried out, or what it created.
    pub(crate) fn is_unfinished(&self) -> bool {
        match self.ending() {
            None | Some(EndingKind::Unknown) => true,
            Some(EndingKind::Done) => self.is_nameless(),
            Some(_) => false,
        }
    }

    /// Whether it created a subaccount of which nobody knows the ID.
    pub(crate) fn is_nameless(&self) -> bool {
        self.action == Action::CreateSubaccount
            && self.ending() == Some(EndingKind::Done)
            && self.subaccount_id.is_none()
    }
}

/// What else is worth knowing: names and texts. Never a key.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub(crate) struct Detail(Map<String, Value>);

impl Detail {
    pub(crate) fn with(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.0.insert(name.to_owned(), value.into());
        self
    }

    pub(crate) fn text(&self, name: &str) -> Option<&str> {
        self.0.get(name).and_then(Value::as_str)
    }

    pub(crate) fn is_true(&self, name: &str) -> bool {
        self.0.get(name).and_then(Value::as_bool) == Some(true)
    }

    pub(crate) fn integer(&self, name: &str) -> Option<i64> {
        self.0.get(name).and_then(Value::as_i64)
    }

    pub(super) fn to_json(&self) -> Option<String> {
        (!self.0.is_empty()).then(|| Value::from(self.0.clone()).to_string())
    }
}

/// The words of an enum in the ledger and in JSON.
macro_rules! words {
    ($name:ident: $($variant:ident = $word:literal),+) => {
        impl $name {
            pub(crate) const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $word),+ }
            }
        }

        impl FromSql for $name {
            fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
                match value.as_str()? {
                    $($word => Ok(Self::$variant),)+
                    other => Err(FromSqlError::Other(format!("`{other}` is not known").into())),
                }
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                match String::deserialize(deserializer)?.as_str() {
                    $($word => Ok(Self::$variant),)+
                    other => Err(D::Error::custom(format!("`{other}` is not known"))),
                }
            }
        }
    };
}

words!(Action:
    CreateSubaccount = "create-subaccount",
    SetProducts = "set-products",
    LinkBillingAccount = "link-billing-account");
words!(EndingKind:
    Done = "done",
    NotDone = "not-done",
    Refused = "refused",
    NotSent = "not-sent",
    Unknown = "unknown");
words!(KnownFrom: Answer = "answer", Lookup = "lookup", User = "user");

impl FromSql for Detail {
    fn column_result(value: ValueRef<'_>) -> FromSqlResult<Self> {
        if value == ValueRef::Null {
            return Ok(Self::default());
        }
        let map = serde_json::from_str(value.as_str()?);
        map.map(Self)
            .map_err(|error| FromSqlError::Other(error.into()))
    }
}

impl fmt::Display for EntryId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl FromStr for EntryId {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let id = text.parse().ok().filter(|id| *id > 0);
        id.map(Self)
            .ok_or_else(|| "an entry has a number, which `digicert history` shows".to_owned())
    }
}
