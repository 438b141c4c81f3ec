//! The changes of a plan that is a file, shown as they were when it was made: one after the other, so
//! that a plan of any size takes no memory.

use std::fmt;
use std::fs::File;
use std::io;
use std::path::Path;

use serde::Deserialize;
use serde::de::{
    DeserializeSeed, Deserializer, Error as _, IgnoredAny, MapAccess, SeqAccess, Visitor,
};

use super::file::{NoPlan, changed_since, sealed, unusable};
use super::making::not_written;
use super::{Listener, Plan, PlannedChange, WholeChange};
use crate::failure::Failure;
use crate::manifest::ManifestFinding;
use crate::price_change::PriceChange;

/// Lets a listener hear of every change of a plan that was read from this file. What is shown is what
/// was read, or it is a failure: the file may have been replaced since.
pub(crate) fn tell_changes(
    path: &Path,
    plan: &Plan,
    listener: &mut dyn Listener,
) -> Result<(), Failure> {
    let file = File::open(path).map_err(|error| unusable(path, &error.to_string()))?;
    let mut failed = None;
    let told = sealed(
        file,
        Members(Telling {
            listener,
            failed: &mut failed,
        }),
    );
    if let Some(error) = failed {
        return Err(not_written(error));
    }
    match told {
        Ok(((), sha256)) if sha256 == plan.sha256 => Ok(()),
        Ok(_) | Err(NoPlan::Changed) => Err(changed_since(path)),
        Err(NoPlan::Unusable(why)) => Err(unusable(path, &why)),
    }
}

/// A change with all that the file has of it.
#[derive(Deserialize)]
struct WrittenChange {
    #[serde(flatten)]
    planned: PlannedChange,
    change: PriceChange,
    #[serde(default)]
    findings: Vec<ManifestFinding>,
}

struct Telling<'a> {
    listener: &'a mut dyn Listener,
    failed: &'a mut Option<io::Error>,
}

/// The members of the whole file, of which the changes are told.
struct Members<'a>(Telling<'a>);

/// The list of changes.
struct Changes<'a, 'b>(&'b mut Telling<'a>);

impl<'de> DeserializeSeed<'de> for Members<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for Members<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a plan")
    }

    fn visit_map<A: MapAccess<'de>>(mut self, mut map: A) -> Result<(), A::Error> {
        while let Some(name) = map.next_key::<String>()? {
            if name == "changes" {
                map.next_value_seed(Changes(&mut self.0))?;
            } else {
                map.next_value::<IgnoredAny>()?;
            }
        }
        Ok(())
    }
}

impl<'de> DeserializeSeed<'de> for Changes<'_, '_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_seq(self)
    }
}

impl<'de> Visitor<'de> for Changes<'_, '_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("changes")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut changes: A) -> Result<(), A::Error> {
        while let Some(written) = changes.next_element::<WrittenChange>()? {
            let whole = WholeChange {
                planned: &written.planned,
                change: &written.change,
                findings: &written.findings,
            };
            if let Err(error) = self.0.listener.change(&whole) {
                *self.0.failed = Some(error);
                return Err(A::Error::custom("it cannot be shown"));
            }
        }
        Ok(())
    }
}
