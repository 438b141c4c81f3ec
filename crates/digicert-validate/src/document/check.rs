//! Checking a document: at once when nothing is wrong with it, thoroughly when something is.

use std::collections::HashSet;

use super::check_shape::check_shape;
use super::faults::Faults;
use super::limits::{MAX_FAST_BYTES, MAX_RULE_FINDINGS};
use super::source::Source;
use super::tree::{Node, Value};
use super::typed::{Invention, Typed};
use super::{DocumentReport, Format, Kind, detect, fast, json, places, yaml};
use crate::context::Context;
use crate::findings::{Findings, LeftOut};
use crate::report::{Finding, Report};
use crate::request::sealed::Sealed as _;
use crate::validator::{Levels, Validator};

/// Checks a document. Whatever the bytes are, the answer is a report.
pub(crate) fn check(
    bytes: &[u8],
    format: Format,
    kind: Option<Kind>,
    context: &Context,
    _: &Validator,
    levels: &Levels,
) -> DocumentReport {
    if format == Format::Json
        && bytes.len() <= MAX_FAST_BYTES
        && let Some(report) = check_sound_json(bytes, kind, context, levels)
    {
        return report;
    }
    check_thoroughly(bytes, format, kind, context, levels)
}

/// Checks a document of which nothing is missing or wrong but what the rules may say; `None` if
/// it is not one.
fn check_sound_json(
    bytes: &[u8],
    kind: Option<Kind>,
    context: &Context,
    levels: &Levels,
) -> Option<DocumentReport> {
    let source = Source::clean(bytes)?;
    let document = fast::read(&source.text, kind)?;
    let mut findings = Findings::limited(levels, MAX_RULE_FINDINGS);
    let kind = match &document {
        fast::Document::Creation(request) => {
            request.run(context, &mut findings);
            Kind::CreateSubaccount
        }
        fast::Document::Products(request) => {
            request.run(context, &mut findings);
            Kind::SetProducts
        }
    };
    if findings.is_empty() {
        return Some(DocumentReport {
            kind: Some(kind),
            report: Report::default(),
        });
    }
    // What is left is to find the places, for which it takes a tree.
    let mut faults = Faults::new(levels);
    let root = json::read(&source.text, &mut faults).filter(|_| faults.malformed_count() == 0)?;
    let mut found = Found::of(findings);
    places::place(&mut found.list, &root, kind.shape());
    Some(found.report(Some(kind), &source))
}

pub(crate) fn check_thoroughly(
    bytes: &[u8],
    format: Format,
    kind: Option<Kind>,
    context: &Context,
    levels: &Levels,
) -> DocumentReport {
    let mut faults = Faults::new(levels);
    let Some(source) = Source::read(bytes, &mut faults) else {
        return Found::of(faults.into_findings()).report(kind, &Source::default());
    };
    let mut root = match format {
        Format::Json => json::read(&source.text, &mut faults),
        Format::Yaml => yaml::read(&source.text, &mut faults),
    };
    source.report_bad_bytes(bytes, root.as_mut(), &mut faults);
    let kind = kind.or_else(|| detect::kind_of_document(root.as_ref()?));
    let mut of_rules = Found::default();
    match (root, kind) {
        (Some(mut root), Some(kind)) => {
            check_shape(&mut root, kind.shape(), &mut faults);
            of_rules = run_rules(&root, kind, context, levels);
        }
        (Some(root), None) => report_unknown_kind(&root, &mut faults),
        (None, _) => {}
    }
    let mut found = Found::of(faults.into_findings());
    found.add(of_rules);
    found.report(kind, &source)
}

/// What the rules find, as far as it does not follow from what has been reported.
fn run_rules(root: &Node<'_>, kind: Kind, context: &Context, levels: &Levels) -> Found {
    let run = |invention| {
        let mut typed = Typed::new(invention);
        let mut findings = Findings::limited(levels, MAX_RULE_FINDINGS);
        match kind {
            Kind::CreateSubaccount => typed.creation(root).run(context, &mut findings),
            Kind::SetProducts => typed.products(root).run(context, &mut findings),
        }
        (Found::of(findings), typed.invented)
    };
    let (mut found, invented) = run(Invention::Little);
    if invented {
        let (others, _) = run(Invention::Much);
        let others: HashSet<_> = others.list.iter().map(content).collect();
        found
            .list
            .retain(|finding| others.contains(&content(finding)));
    }
    places::place(&mut found.list, root, kind.shape());
    found
}

fn content(finding: &Finding) -> (&str, &str, &str) {
    (finding.rule.code, &finding.pointer, &finding.message)
}

/// What only manifests have.
const MANIFEST_FIELDS: [&str; 3] = ["price_books", "subaccounts", "billing_links"];

fn report_unknown_kind(root: &Node<'_>, faults: &mut Faults<'_>) {
    let (message, help) = match &root.value {
        Value::Unreadable => return,
        // The fields that would tell may be among those that could not be read.
        Value::Object(object) if object.damaged => return,
        Value::Object(object)
            if MANIFEST_FIELDS
                .iter()
                .any(|name| object.get(name).is_some()) =>
        {
            (
                "this is a manifest for many subaccounts, and no request".to_owned(),
                "check it with `digicert plan`, which changes nothing",
            )
        }
        Value::Object(_) => (
            "none of the fields tells what the document is for".to_owned(),
            "name the kind: --kind create-subaccount or --kind set-products",
        ),
        value => (
            format!("expected an object, found {value}"),
            "write a request, and name its kind: --kind create-subaccount or --kind set-products",
        ),
    };
    faults.malformed("", root.span, message, help);
}

/// Findings, and how many there was no room for.
#[derive(Default)]
struct Found {
    list: Vec<Finding>,
    left_out: LeftOut,
}

impl Found {
    fn of(findings: Findings<'_>) -> Self {
        let left_out = findings.left_out();
        Self {
            list: findings.into_list(),
            left_out,
        }
    }

    fn add(&mut self, others: Self) {
        self.list.extend(others.list);
        self.left_out.count += others.left_out.count;
        self.left_out.severity = self.left_out.severity.max(others.left_out.severity);
    }

    fn report(self, kind: Option<Kind>, source: &Source<'_>) -> DocumentReport {
        let findings = places::arrange(self.list, self.left_out, source);
        DocumentReport {
            kind,
            report: Report::new(findings),
        }
    }
}
