//! What must hold for the check of any bytes whatever. For the tests and for the fuzz targets.

use digicert_validate::{Context, DocumentReport, Finding, Format, Kind, Severity, Validator};

/// More findings are not listed, but for the one that says so.
const MAX_FINDINGS: usize = 1_001;

/// However long the values are, what is said of them can be read, in bytes.
const MAX_WORDS: usize = 4_100;

/// Checks the bytes in every way there is, and panics if an answer cannot be right.
pub(crate) fn survive(bytes: &[u8], format: Format) {
    let validator = Validator::new();
    for kind in [None, Some(Kind::CreateSubaccount), Some(Kind::SetProducts)] {
        let report = validator.check(bytes, format, kind, &Context::default());
        consider(bytes, &report);
        if let Some(kind) = kind {
            assert_eq!(report.kind, Some(kind));
        }
    }
}

/// Panics if the report cannot be right.
pub(crate) fn consider(bytes: &[u8], report: &DocumentReport) {
    let findings = report.report.findings();
    assert!(findings.len() <= MAX_FINDINGS);
    assert!(report.kind.is_some() || report.report.count(Severity::Error) > 0);
    let mut counter = Counter::new(bytes);
    let mut before = (0, "");
    for (number, finding) in findings.iter().enumerate() {
        let place = finding.place.expect("every finding has a place");
        assert!(place.offset + place.length <= bytes.len());
        assert_eq!(
            (place.line, place.column),
            counter.locate(place.offset),
            "{finding}"
        );
        let is_last_of_many = number + 1 == MAX_FINDINGS;
        assert!(
            is_last_of_many || before <= (place.offset, finding.rule.code),
            "{finding}"
        );
        before = (place.offset, finding.rule.code);
        consider_words(finding);
    }
}

fn consider_words(finding: &Finding) {
    assert!(
        finding.pointer.is_empty() || finding.pointer.starts_with('/'),
        "{finding}"
    );
    for words in [&finding.message, &finding.help] {
        assert!(!words.is_empty(), "{finding}");
        assert!(words.len() < MAX_WORDS, "{}", words.len());
        assert!(!words.ends_with('.'), "{finding}");
        assert!(!words.chars().any(char::is_control), "{finding}");
    }
}

/// Counts lines and columns in another way than the crate does.
struct Counter<'a> {
    bytes: &'a [u8],
    at: usize,
    line: usize,
    column: usize,
}

impl<'a> Counter<'a> {
    fn new(bytes: &'a [u8]) -> Self {
        let at = if bytes.starts_with("\u{feff}".as_bytes()) {
            3
        } else {
            0
        };
        Self {
            bytes,
            at,
            line: 1,
            column: 1,
        }
    }

    fn locate(&mut self, offset: usize) -> (usize, usize) {
        let passed = &self.bytes[self.at.min(offset)..offset];
        self.at = offset;
        for chunk in passed.utf8_chunks() {
            for character in chunk.valid().chars() {
                self.column += 1;
                if character == '\n' {
                    self.line += 1;
                    self.column = 1;
                }
            }
            // A byte that is no text is a character.
            self.column += chunk.invalid().len();
        }
        (self.line, self.column)
    }
}
