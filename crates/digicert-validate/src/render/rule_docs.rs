//! The documentation of a rule, taken apart for those who show it piece by piece.

use crate::rule::RuleInfo;

/// What the documentation of a rule says.
///
/// ```
/// use digicert_validate::render::RuleDocs;
///
/// let rule = digicert_validate::rule("child-name-too-long").expect("there is such a rule");
/// let docs = RuleDocs::of(rule);
/// assert_eq!(docs.summary, "`child_name` has at most 64 characters.");
/// assert!(docs.rejected[0].starts_with(r#"{"child_name": "#));
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct RuleDocs {
    /// The whole text, in Markdown.
    pub markdown: String,
    /// What the rule checks, in a sentence.
    pub summary: String,
    /// What it checks, in Markdown.
    pub checks: String,
    /// Why that matters, in Markdown.
    pub reason: String,
    /// Examples on which it has a finding. One that needs a context is an object of `request` and
    /// `context`.
    pub rejected: Vec<String>,
    /// Examples on which it is silent.
    pub accepted: Vec<String>,
}

impl RuleDocs {
    /// Takes the documentation of a rule apart.
    #[must_use]
    pub fn of(rule: &RuleInfo) -> Self {
        let markdown = unindented(rule.docs);
        let checks = section(&markdown, "What it checks");
        let examples = section(&markdown, "Examples");
        Self {
            summary: first_sentence(&checks),
            reason: section(&markdown, "Why it matters"),
            rejected: blocks(&examples, "json,rejected"),
            accepted: blocks(&examples, "json,accepted"),
            checks,
            markdown,
        }
    }
}

/// Doc comments have a space before each line.
fn unindented(docs: &str) -> String {
    let lines = docs
        .lines()
        .map(|line| line.strip_prefix(' ').unwrap_or(line));
    lines.collect::<Vec<_>>().join("\n").trim().to_owned()
}

fn section(markdown: &str, title: &str) -> String {
    let mut sections = markdown.split("## ");
    let body = sections.find_map(|section| section.strip_prefix(title)?.strip_prefix('\n'));
    body.unwrap_or_default().trim().to_owned()
}

fn blocks(markdown: &str, language: &str) -> Vec<String> {
    let fences = markdown.split("```");
    let block = |text: &str| {
        Some(
            text.strip_prefix(language)?
                .strip_prefix('\n')?
                .trim_end()
                .to_owned(),
        )
    };
    fences.filter_map(block).collect()
}

fn first_sentence(markdown: &str) -> String {
    let paragraph = markdown
        .split("\n\n")
        .next()
        .unwrap_or_default()
        .replace('\n', " ");
    let end = paragraph.find(". ").map_or(paragraph.len(), |end| end + 1);
    paragraph[..end].to_owned()
}

#[cfg(test)]
mod tests {
    use super::RuleDocs;

    #[test]
    fn every_rule_has_every_part() {
        for rule in crate::rules() {
            let docs = RuleDocs::of(rule);
            assert!(
                docs.summary.ends_with('.'),
                "{}: {}",
                rule.name,
                docs.summary
            );
            assert!(
                docs.checks.starts_with(&docs.summary[..10]),
                "{}",
                rule.name
            );
            assert!(docs.reason.ends_with('.'), "{}: {}", rule.name, docs.reason);
            assert!(
                !docs.rejected.is_empty() && !docs.accepted.is_empty(),
                "{}",
                rule.name
            );
            for text in docs.rejected.iter().chain(&docs.accepted) {
                assert!(
                    !text.is_empty() && !text.contains("```"),
                    "{}: {text}",
                    rule.name
                );
            }
        }
    }
}
