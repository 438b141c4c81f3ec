//! The plan as a file: written while it is made, so that a plan of any size takes no memory, and
//! read back with a check that nothing of it was changed.

use std::fs::File;
use std::io::{self, BufReader, Read, Write};
use std::marker::PhantomData;
use std::path::Path;

use serde::de::{DeserializeSeed, Error as _, IgnoredAny};
use serde::{Deserialize, Deserializer, Serialize};

use super::significant::SignificantHash;
use super::{
    Drift, Head, KeyInDoubt, LinkedBefore, MadeElsewhere, Manifests, PlannedChange,
    PlannedCreation, PlannedFailure, PlannedLink, Summary, Tail, Thresholds, UnderWay, WholeChange,
};
use crate::failure::Failure;
use crate::manifest::ManifestFinding;

/// The version of the shape.
const FORMAT_VERSION: u32 = 1;
/// How it begins.
const OPENING: &str = "{\n  \"format_version\": ";
/// The last member, which the hash does not cover: `,"plan_sha256":"` and 64 digits and `"}`.
const SEAL: &str = r#","plan_sha256":""#;
const SEAL_LENGTH: usize = SEAL.len() + 64 + r#""}"#.len();

/// A plan, as applying needs it.
#[derive(Debug)]
pub(crate) struct Plan {
    pub(crate) head: Head,
    pub(crate) changes: Vec<PlannedChange>,
    pub(crate) tail: Tail,
    /// What tells it from every other plan.
    pub(crate) sha256: String,
}

/// Writes a plan. What it holds and nothing else decides on its bytes: no time, no machine.
#[derive(Debug)]
pub(crate) struct PlanWriter<W> {
    out: W,
    hash: SignificantHash,
    changes: usize,
}

impl<W: Write> PlanWriter<W> {
    pub(crate) fn begin(out: W, head: &Head) -> io::Result<Self> {
        let mut writer = Self {
            out,
            hash: SignificantHash::holding_back(0),
            changes: 0,
        };
        writer.write(&format!("{OPENING}{FORMAT_VERSION}"))?;
        writer.members(head)?;
        writer.write(",\n  \"changes\": [")?;
        Ok(writer)
    }

    pub(crate) fn change(&mut self, change: &WholeChange<'_>) -> io::Result<()> {
        let comma = if self.changes == 0 { "" } else { "," };
        self.changes += 1;
        let text = serde_json::to_string(change)?;
        self.write(&format!("{comma}\n    {text}"))
    }

    /// Ends it and says its hash.
    pub(crate) fn finish(mut self, tail: &Tail) -> io::Result<(W, String)> {
        self.write(if self.changes == 0 { "]" } else { "\n  ]" })?;
        self.members(tail)?;
        let (sha256, _) = self.hash.finish();
        write!(self.out, ",\n  \"plan_sha256\": \"{sha256}\"\n}}\n")?;
        self.out.flush()?;
        Ok((self.out, sha256))
    }

    /// The members of an object, as members of this one.
    fn members(&mut self, object: &impl Serialize) -> io::Result<()> {
        let text = serde_json::to_string_pretty(object)?;
        let inner = text.trim_start_matches('{').trim_end_matches('}');
        self.write(",")?;
        self.write(inner.trim_end())
    }

    fn write(&mut self, text: &str) -> io::Result<()> {
        self.hash.update(text.as_bytes());
        self.out.write_all(text.as_bytes())
    }
}

/// The shape of the file. `format_version` stands first and is looked at first.
#[derive(Deserialize)]
struct Shape {
    #[serde(rename = "format_version", deserialize_with = "known_version")]
    _format_version: u32,
    origin: String,
    account_id: Option<i64>,
    manifests: Manifests,
    thresholds: Thresholds,
    changes: Vec<PlannedChange>,
    creations: Vec<PlannedCreation>,
    #[serde(default)]
    made_elsewhere: Option<MadeElsewhere>,
    billing_links: Vec<PlannedLink>,
    #[serde(default)]
    linked_before: Vec<LinkedBefore>,
    #[serde(default)]
    keys_in_doubt: Vec<KeyInDoubt>,
    #[serde(default)]
    under_way: Vec<UnderWay>,
    #[serde(default)]
    drift: Vec<Drift>,
    failures: Vec<PlannedFailure>,
    findings: Vec<ManifestFinding>,
    summary: Summary,
    refusals: Vec<String>,
}

fn known_version<'de, D: Deserializer<'de>>(deserializer: D) -> Result<u32, D::Error> {
    let version = u32::deserialize(deserializer)?;
    if version == FORMAT_VERSION {
        return Ok(version);
    }
    Err(D::Error::custom(format!(
        "it has format_version {version}, and this program reads {FORMAT_VERSION}"
    )))
}

/// Reads a plan and makes sure that it is as it was written.
pub(crate) fn read(path: &Path) -> Result<Plan, Failure> {
    let file = File::open(path).map_err(|error| {
        let name = path.display();
        Failure::new(format!("cannot read the plan {name}: {error}"))
    })?;
    read_from(file).map_err(|why| match why {
        NoPlan::Unusable(why) => unusable(path, &why),
        NoPlan::Changed => changed_since(path),
    })
}

pub(super) fn unusable(path: &Path, why: &str) -> Failure {
    let name = path.display();
    Failure::new(format!("the plan {name} cannot be used: {why}"))
}

pub(super) fn changed_since(path: &Path) -> Failure {
    Failure::unsafe_to_go_on(format!(
        "nothing was changed: the plan {} was changed after it was made; make it anew with \
         `digicert plan`",
        path.display()
    ))
    .with_result("stale")
}

/// Why a file is no plan to go by.
#[derive(Debug)]
pub(super) enum NoPlan {
    /// It cannot be read as one.
    Unusable(String),
    /// It is not what was written.
    Changed,
}

fn read_from(file: impl Read) -> Result<Plan, NoPlan> {
    let (shape, sha256) = sealed(file, PhantomData::<Shape>)?;
    Ok(shape.plan(sha256))
}

/// What a seed makes of a plan, and its hash, unless the plan is not as it was written.
pub(super) fn sealed<S: DeserializeSeed<'static>>(
    file: impl Read,
    seed: S,
) -> Result<(S::Value, String), NoPlan> {
    let mut reader = Hashing {
        inner: file,
        hash: SignificantHash::holding_back(SEAL_LENGTH),
    };
    let mut json = serde_json::Deserializer::from_reader(BufReader::new(&mut reader));
    let value = seed.deserialize(&mut json);
    let value = value.and_then(|value| json.end().map(|()| value));
    let value = value.map_err(|error| NoPlan::Unusable(error.to_string()))?;
    drop(json);
    let (sha256, seal) = reader.hash.finish();
    if seal != format!("{SEAL}{sha256}\"}}").as_bytes() {
        return Err(NoPlan::Changed);
    }
    Ok((value, sha256))
}

impl Shape {
    fn plan(self, sha256: String) -> Plan {
        Plan {
            head: Head {
                origin: self.origin,
                account_id: self.account_id,
                manifests: self.manifests,
                thresholds: self.thresholds,
            },
            changes: self.changes,
            tail: Tail {
                creations: self.creations,
                made_elsewhere: self.made_elsewhere,
                billing_links: self.billing_links,
                linked_before: self.linked_before,
                keys_in_doubt: self.keys_in_doubt,
                under_way: self.under_way,
                drift: self.drift,
                failures: self.failures,
                findings: self.findings,
                summary: self.summary,
                refusals: self.refusals,
            },
            sha256,
        }
    }
}

/// What tells a plan of any version from other files.
#[derive(Deserialize)]
struct AnyPlan {
    #[serde(rename = "format_version")]
    _format_version: IgnoredAny,
    #[serde(rename = "manifests")]
    _manifests: IgnoredAny,
    #[serde(rename = "plan_sha256")]
    _plan_sha256: IgnoredAny,
}

/// Whether a file is a plan, be it one that was edited or is of another version.
pub(super) fn is_plan(file: File) -> io::Result<bool> {
    match serde_json::from_reader::<_, AnyPlan>(BufReader::new(file)) {
        Ok(_) => Ok(true),
        Err(error) if error.is_io() => Err(error.into()),
        Err(_) => Ok(false),
    }
}

/// Whether a file begins as the program writes plans: one that was not written to its end.
pub(super) fn is_begun_as_plan(mut file: File) -> io::Result<bool> {
    let mut start = vec![0; OPENING.len()];
    match file.read_exact(&mut start) {
        Ok(()) => Ok(start == OPENING.as_bytes()),
        Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => Ok(false),
        Err(error) => Err(error),
    }
}

/// Hashes what is read.
struct Hashing<R> {
    inner: R,
    hash: SignificantHash,
}

impl<R: Read> Read for Hashing<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.inner.read(buffer)?;
        self.hash.update(buffer.get(..count).unwrap_or_default());
        Ok(count)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::plan::Spot;
    use crate::price_change::PriceChange;
    use crate::price_change::samples::live;

    fn head() -> Head {
        Head {
            origin: "http://127.0.0.1:8700".to_owned(),
            account_id: Some(1_122_331),
            manifests: Manifests {
                path: "prices".into(),
                sha256: "00".to_owned(),
            },
            thresholds: Thresholds::default(),
        }
    }

    fn planned(subaccount_id: i64) -> PlannedChange {
        PlannedChange {
            subaccount_id,
            organization_name: None,
            child_name: None,
            at: Spot {
                path: "a \"b\".yaml".to_owned(),
                line: 3,
                column: 5,
            },
            price_book: "partners".to_owned(),
            live_fingerprint: "sha256:00".to_owned(),
            request_sha256: "11".to_owned(),
            self_billed: false,
            summary: "1 product repriced".to_owned(),
            words: vec!["--allow-disable".to_owned()],
        }
    }

    fn written(changes: &[PlannedChange]) -> (String, String) {
        let live = live(json!({"products": [
            {"product_name_id": "ssl_plus", "prices": [{"lifetime": 1, "cost": 412.10}]}]}));
        let wanted = serde_json::from_value(json!({"products": []}));
        let change = PriceChange::of(&live, &wanted.unwrap(), None);
        let mut writer = PlanWriter::begin(Vec::new(), &head()).unwrap();
        for planned in changes {
            let whole = WholeChange {
                planned,
                change: &change,
                findings: &[],
            };
            writer.change(&whole).unwrap();
        }
        let (bytes, sha256) = writer.finish(&Tail::default()).unwrap();
        (String::from_utf8(bytes).unwrap(), sha256)
    }

    #[test]
    fn a_plan_comes_back_as_it_was_written() {
        for changes in [vec![], vec![planned(1)], vec![planned(1), planned(2)]] {
            let (text, sha256) = written(&changes);
            let plan = read_from(text.as_bytes()).unwrap();
            assert_eq!(plan.head, head());
            assert_eq!(plan.changes, changes);
            assert_eq!(plan.tail, Tail::default());
            assert_eq!(plan.sha256, sha256);
        }
    }

    #[test]
    fn another_indentation_is_the_same_plan() {
        let (text, sha256) = written(&[planned(1)]);
        let compact: String = text.lines().map(str::trim_start).collect();
        assert_eq!(read_from(compact.as_bytes()).unwrap().sha256, sha256);
        let windows = text.replace('\n', "\r\n");
        assert_eq!(read_from(windows.as_bytes()).unwrap().sha256, sha256);
    }

    #[test]
    fn i8_a_plan_that_was_changed_is_refused() {
        let (text, _) = written(&[planned(1)]);
        for (from, to) in [
            ("\"subaccount_id\":1", "\"subaccount_id\":2"),
            ("412.1", "412.2"),
            ("\"refusals\": []", "\"refusals\": [], \"more\": 1"),
            ("sha256:00", "sha256:01"),
        ] {
            let changed = text.replace(from, to);
            assert_ne!(changed, text, "{from}");
            let why = read_from(changed.as_bytes()).unwrap_err();
            assert!(matches!(why, NoPlan::Changed), "{why:?}");
        }
        let sealed_twice =
            text.trim_end().trim_end_matches('}').to_owned() + ", \"plan_sha256\": \"00\"}";
        assert!(read_from(sealed_twice.as_bytes()).is_err());
    }

    #[test]
    fn what_is_no_plan_is_refused_with_the_reason() {
        for (text, why) in [
            ("", "EOF"),
            ("{}", "missing field"),
            (
                "{\"format_version\": 2, \"plan\": []}",
                "it has format_version 2, and this program reads 1",
            ),
            ("[1]", ""),
        ] {
            match read_from(text.as_bytes()) {
                Err(NoPlan::Unusable(reason)) => {
                    assert!(reason.starts_with(why), "{text}: {reason}");
                }
                other => panic!("{text}: {other:?}"),
            }
        }
        let (text, _) = written(&[planned(1)]);
        for length in 0..text.trim_end().len() {
            assert!(read_from(&text.as_bytes()[..length]).is_err(), "{length}");
        }
    }
}
