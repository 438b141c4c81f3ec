//! The order of findings: that of the document.

use crate::document::shape::{Kind, Object};
use crate::report::Finding;

/// Sorts findings of a request that came from no file: by the order in which the documentation
/// lists the fields, list entries by number.
pub(crate) fn by_fields(findings: &mut [Finding], shape: &'static Object) {
    if findings.len() > 1 {
        findings.sort_by_cached_key(|finding| key(&finding.pointer, shape));
    }
}

fn key(pointer: &str, shape: &'static Object) -> Vec<usize> {
    let mut at = Some(Kind::Object(shape));
    let steps = pointer.split('/').skip(1);
    steps
        .map(|step| match at {
            Some(Kind::Object(object)) => {
                let position = object.fields.iter().position(|field| field.name == step);
                at = position.map(|position| object.fields[position].kind);
                position.unwrap_or(usize::MAX)
            }
            Some(Kind::List(item)) => {
                at = Some(*item);
                step.parse().unwrap_or(usize::MAX)
            }
            _ => usize::MAX,
        })
        .collect()
}
