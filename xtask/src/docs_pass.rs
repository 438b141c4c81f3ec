//! Doc comments of generated code: one `///` a line, wrapped, without what the generator adds.
//! Both halves of the output go through it.

use syn::visit_mut::VisitMut;
use syn::{Attribute, Expr, ExprLit, File, Lit, Meta, parse_quote};

const WIDTH: usize = 92;

/// Rewrites every doc comment of a file.
pub fn apply(file: &mut File) {
    Docs.visit_file_mut(file);
}

struct Docs;

impl VisitMut for Docs {
    fn visit_attributes_mut(&mut self, attributes: &mut Vec<Attribute>) {
        rewrite(attributes);
    }
}

fn rewrite(attributes: &mut Vec<Attribute>) {
    let text: Vec<_> = attributes.iter().filter_map(doc_text).collect();
    if text.is_empty() {
        return;
    }
    let style = attributes
        .iter()
        .find(|attribute| doc_text(attribute).is_some())
        .map(|attribute| attribute.style);
    attributes.retain(|attribute| doc_text(attribute).is_none());
    let mut docs = attributes_of(&text.join("\n"));
    for doc in &mut docs {
        doc.style = style.unwrap_or(doc.style);
    }
    attributes.splice(0..0, docs);
}

/// The `#[doc]` attributes that print a text as `///` lines.
#[must_use]
pub fn attributes_of(text: &str) -> Vec<Attribute> {
    lines_of(text)
        .iter()
        .map(|line| {
            let line = if line.is_empty() {
                String::new()
            } else {
                format!(" {line}")
            };
            parse_quote!(#[doc = #line])
        })
        .collect()
}

/// A description as wrapped lines of Markdown.
#[must_use]
pub fn lines_of(text: &str) -> Vec<String> {
    text.trim()
        .lines()
        .flat_map(|line| wrap(line.trim_end()))
        .collect()
}

fn wrap(line: &str) -> Vec<String> {
    let indent = line.len() - line.trim_start().len();
    let hanging = indent
        + if line.trim_start().starts_with("- ") {
            2
        } else {
            0
        };
    let mut lines = vec![" ".repeat(indent)];
    for word in line.split_whitespace().map(linked) {
        let fresh = lines.len() == 1 && lines[0].trim().is_empty();
        let Some(last) = lines.last_mut() else {
            continue;
        };
        if !fresh && last.chars().count() + 1 + word.chars().count() > WIDTH {
            lines.push(format!("{}{word}", " ".repeat(hanging)));
        } else {
            if !fresh {
                last.push(' ');
            }
            last.push_str(&word);
        }
    }
    if line.trim().is_empty() {
        lines[0].clear();
    }
    lines
}

/// rustdoc makes a link of an address in angle brackets only.
fn linked(word: &str) -> String {
    let address = word.trim_end_matches(['.', ',', ';', ')']);
    if word.starts_with("https://") {
        format!("<{address}>{}", &word[address.len()..])
    } else {
        word.to_owned()
    }
}

fn doc_text(attribute: &Attribute) -> Option<String> {
    let Meta::NameValue(meta) = &attribute.meta else {
        return None;
    };
    let Expr::Lit(ExprLit {
        lit: Lit::Str(text),
        ..
    }) = &meta.value
    else {
        return None;
    };
    meta.path.is_ident("doc").then(|| text.value())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_lines_are_wrapped_and_list_items_hang() {
        let word = "word ".repeat(30);
        let lines = lines_of(&format!("{word}\n\n- {word}"));
        assert!(
            lines.iter().all(|line| line.chars().count() <= WIDTH),
            "{lines:?}"
        );
        assert_eq!(lines[2], "");
        assert!(lines[3].starts_with("- word"));
        assert!(lines[4].starts_with("  word"));
        let joined = lines.join(" ");
        assert_eq!(joined.matches("word").count(), 60, "no word is lost");
    }
}
