//! Where findings stand in the document: from a pointer to bytes, from bytes to line and column.

use super::faults::unlocated;
use super::limits::MAX_FINDINGS;
use super::shape::{Kind, Object as Shape};
use super::source::Source;
use super::tree::{Node, Span, Value};
use crate::findings::LeftOut;
use crate::report::{Finding, Place};
use crate::rule::Rule as _;
use crate::rules::document::DocumentMalformed;

/// What a pointer points at.
#[derive(Clone, Copy, Debug)]
struct Target {
    /// The value; if there is none, the value around it.
    span: Span,
    /// The value, or one around it, has been reported, or was never there to be read.
    reported: bool,
}

/// Gives findings of the rules their places, and drops those about what has been reported.
pub(crate) fn place(findings: &mut Vec<Finding>, root: &Node<'_>, shape: &'static Shape) {
    findings.retain_mut(|finding| {
        let target = target(root, shape, &finding.pointer);
        finding.place = Some(unlocated(target.span));
        !target.reported
    });
}

fn target(root: &Node<'_>, shape: &'static Shape, pointer: &str) -> Target {
    let mut node = root;
    let mut kind = Some(Kind::Object(shape));
    let mut reported = root.faulty;
    for step in pointer.split('/').skip(1) {
        let inner = inner_kind(kind, step);
        let Some(next) = child(node, step) else {
            let is_required = inner.is_some_and(|(_, is_required)| is_required);
            return Target {
                span: node.span,
                reported: reported || is_required || is_damaged(node),
            };
        };
        node = next;
        kind = inner.map(|(kind, _)| kind);
        reported |= node.faulty;
    }
    reported |= node.repeated || (pointer == "/products" && are_products_unclear(node));
    Target {
        span: node.span,
        reported,
    }
}

fn child<'t, 'a>(node: &'t Node<'a>, step: &str) -> Option<&'t Node<'a>> {
    match &node.value {
        Value::Object(object) if step.contains('~') => {
            object.get(&step.replace("~1", "/").replace("~0", "~"))
        }
        Value::Object(object) => object.get(step),
        Value::List(list) => list.items.get(step.parse::<usize>().ok()?),
        _ => None,
    }
}

/// What kind of value stands at a step, and whether it must.
fn inner_kind(kind: Option<Kind>, step: &str) -> Option<(Kind, bool)> {
    match kind? {
        Kind::Object(shape) => {
            let field = shape.fields.iter().find(|field| field.name == step)?;
            Some((field.kind, field.required))
        }
        Kind::List(kind) => Some((*kind, false)),
        _ => None,
    }
}

fn is_damaged(node: &Node<'_>) -> bool {
    match &node.value {
        Value::List(list) => list.damaged,
        Value::Object(object) => object.damaged,
        _ => false,
    }
}

/// Whether it cannot be said which products the list has, and hence which it has not.
fn are_products_unclear(node: &Node<'_>) -> bool {
    let Some(list) = node.as_list() else {
        return true;
    };
    let is_unclear = |item: &Node<'_>| {
        let name = item
            .as_object()
            .and_then(|product| product.get("product_name_id"));
        item.faulty || is_damaged(item) || name.is_some_and(|name| name.faulty)
    };
    list.damaged || list.items.iter().any(is_unclear)
}

/// Puts findings into the order of the document, and counts their lines and columns.
pub(crate) fn arrange(
    mut findings: Vec<Finding>,
    mut left_out: LeftOut,
    source: &Source<'_>,
) -> Vec<Finding> {
    let text = &source.text;
    findings.sort_by_key(|finding| (offset(finding), finding.rule.code));
    for finding in findings.drain(MAX_FINDINGS.min(findings.len())..) {
        left_out.add(finding.severity);
    }
    findings.extend(left_out_finding(left_out, text));
    let mut counter = Counter {
        text,
        offset: 0,
        line: 1,
        column: 1,
    };
    for finding in &mut findings {
        finding.place = finding
            .place
            .map(|place| counter.locate(place, source.skipped));
    }
    findings
}

fn offset(finding: &Finding) -> usize {
    finding.place.map_or(0, |place| place.offset)
}

/// Says that there were more findings, and is as bad as the worst of them.
fn left_out_finding(left_out: LeftOut, text: &str) -> Option<Finding> {
    let message = match left_out.count {
        1 => "1 more finding is not listed".to_owned(),
        count => format!("{count} more findings are not listed"),
    };
    Some(Finding {
        rule: DocumentMalformed::INFO,
        severity: left_out.severity?,
        pointer: String::new(),
        place: Some(unlocated(Span::at(text.len()))),
        message,
        help: "correct those that are listed, then check again".to_owned(),
    })
}

/// Counts lines and columns, forwards only.
struct Counter<'a> {
    text: &'a str,
    offset: usize,
    line: usize,
    column: usize,
}

impl Counter<'_> {
    fn locate(&mut self, place: Place, skipped: usize) -> Place {
        let passed = self.text.get(self.offset..place.offset).unwrap_or_default();
        self.offset += passed.len();
        self.line += passed.bytes().filter(|byte| *byte == b'\n').count();
        self.column = match passed.rfind('\n') {
            Some(at) => 1 + passed[at + 1..].chars().count(),
            None => self.column + passed.chars().count(),
        };
        Place::new(self.line, self.column, place.offset + skipped, place.length)
    }
}
