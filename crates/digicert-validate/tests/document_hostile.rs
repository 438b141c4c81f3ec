//! I10: whatever the bytes are, the answer is a report, in bounded time and memory.

#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a test may fail")]

mod survival;

use std::fmt::Write as _;
use std::path::Path;

use digicert_validate::{Context, DocumentReport, Format, Kind, Validator};
use proptest::prelude::*;
use proptest::sample::{Index, select};
use survival::{consider, survive};

const FORMATS: [Format; 2] = [Format::Json, Format::Yaml];

/// Long enough for every limit on depth, names and texts, short enough for a build without
/// optimization. With optimization 4 MB of each take half a second at most.
const LONG: usize = 10_000;

fn check(bytes: &[u8], format: Format) -> DocumentReport {
    Validator::new().check(bytes, format, Some(Kind::SetProducts), &Context::default())
}

/// The places and the words of the findings of the file itself, one a line.
fn shown(bytes: &[u8], format: Format) -> String {
    let report = check(bytes, format);
    let mut text = String::new();
    for finding in report.report.findings() {
        let place = finding.place.unwrap();
        if finding.rule.code.starts_with("DC0") {
            let (line, column, pointer) = (place.line, place.column, &finding.pointer);
            writeln!(
                text,
                "{line}:{column} {pointer} {}; {}",
                finding.message, finding.help
            )
            .unwrap();
        }
    }
    text
}

/// A piece of text as often as it takes, between a beginning and an end.
fn long(start: &str, piece: &str, end: &str) -> Vec<u8> {
    let middle = piece.repeat(LONG / piece.len());
    format!("{start}{middle}{end}").into_bytes()
}

#[test]
fn i10_every_file_of_the_corpus_is_survived() {
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fuzz/corpus");
    let mut count = 0;
    for target in ["validate_json", "validate_yaml"] {
        for file in std::fs::read_dir(corpus.join(target)).unwrap() {
            let bytes = std::fs::read(file.unwrap().path()).unwrap();
            for format in FORMATS {
                survive(&bytes, format);
            }
            count += 1;
        }
    }
    assert!(count >= 20, "{count}");
}

#[test]
fn i10_a_file_that_is_too_long_is_refused_unread() {
    // Nobody touches the pages, so they are never there.
    let one_line_of_a_gigabyte = vec![0; 1 << 30];
    for format in FORMATS {
        insta::allow_duplicates! {
            insta::assert_snapshot!(
                shown(&one_line_of_a_gigabyte, format),
                @"1:1  the file is 1073741824 bytes long, at most 67108864 are read; no request is that long; check that this is the right file"
            );
        }
    }
}

#[test]
fn i10_nesting_is_limited() {
    let deep = |depth: usize| [vec![b'['; depth], vec![b']'; depth]].concat();
    for format in FORMATS {
        let in_products = |depth| [b"{\"products\": ", &*deep(depth), b"}"].concat();
        assert!(!shown(&in_products(127), format).contains("nested"));
        let too_deep = shown(&in_products(128), format);
        let expected = format!(
            "1:141 /products{} lists and objects are nested",
            "/0".repeat(127)
        );
        assert!(too_deep.contains(&expected), "{too_deep}");
        // What comes after is read.
        let after = [b"{\"colour\": ", &*deep(200), b", \"products\": 5}"].concat();
        assert!(shown(&after, format).contains("/products expected a list"));
    }
}

#[test]
fn i10_hostile_documents_are_survived() {
    let pieces = [
        " ", "\n", "\r", "\t", "\r\n", "\0", "a", "ä", "😀", "1", "-", "+", ".", ",", ":", ";",
        "[", "]", "{", "}", "\"", "\\", "'", "/", "//", "/*", "#", "&", "*", "!", "%", "@", "`",
        "|", ">", "?", "~", "=", "<", "e", "[[]", "[{", "{[", "[]", "{}", "[],", "{},", "{\"a\":",
        "{\"a\":[", "[1,", "\"a\",", "\"a\"", "\\\"", "\\u", "\\ud800", "\\n", "\"\\x\",", "1 ",
        "1\n", "a: ", "a:\n", "- ", "-\n", "? ", ": ", "?\n", "a: b\n", "- a\n", "[a", "{a",
        "[a: ", "{a: ", "&a ", "*a ", "&a [", "!a ", "!!str ", "! ", "'a' ", "\"a\" ", "''",
        "\"\"", "|\n", ">\n", "%a\n", "---\n", "...\n", "--- a\n", "#\n", " #", "a b ", "a\n\n",
        " a\n", "\u{feff}", "\u{85}", "\u{2028}", "}]", "]}", "},", "],", "\",\n", "1e9", "1e",
        "[-", "true,", "nul", "a\t", "\t- ",
    ];
    for piece in pieces {
        for start in [
            "",
            "{\"products\": [",
            "products:\n- ",
            "{\"a\": \"",
            "a: |\n ",
        ] {
            let document = long(start, piece, "");
            for format in FORMATS {
                consider(&document, &check(&document, format));
            }
        }
    }
}

#[test]
fn i10_long_documents_are_survived() {
    let numbered =
        |format: fn(usize) -> String| (0..5_000).map(format).collect::<Vec<_>>().concat();
    let documents = [
        // Bombs of aliases, wide and deep, and with text.
        (0..30).fold("a0: &a0 x\n".to_owned(), |text, n| {
            let next = n + 1;
            text + &format!("a{next}: &a{next} [*a{n}, *a{n}, *a{n}]\n")
        }),
        (0..10_000).fold("- &a0 x\n".to_owned(), |text, n| {
            text + &format!("- &a{} [*a{n}]\n", n + 1)
        }),
        format!("- &a {}\n{}", "x".repeat(100_000), "- *a\n".repeat(50_000)),
        format!(
            "- &a '{}'\n{}",
            "x ''".repeat(10_000),
            "- *a\n".repeat(50_000)
        ),
        format!("- &a [{}]\n{}", "x,".repeat(9_000), "- *a\n".repeat(50_000)),
        format!(
            "products:\n- &a {{product_name_id: a}}\n{}",
            "- *a\n".repeat(9_000)
        ),
        // Many anchors, one in another.
        numbered(|n| format!("&a{n} [")),
        numbered(|n| format!("- &a{n} x\n")),
        // Many fields, many of them the same.
        format!("{{{}}}", numbered(|n| format!("\"a{n}\": 1,"))),
        format!("{{{}}}", "\"a\": 1,".repeat(5_000)),
        format!(
            "{{\"products\": [{}]}}",
            "{\"a\": 1, \"a\": 1},".repeat(5_000)
        ),
        format!(
            "{{\"products\": [{}]}}",
            numbered(|n| format!("{{\"product_name_id\": \"p{n}\"}},"))
        ),
        format!("{{\"products\": [{}{{}}]}}", "{},".repeat(120_000)),
        format!(
            "{{\"products\": [{{\"prices\": [{}]}}]}}",
            numbered(|n| format!("{{\"lifetime\": {n}, \"cost\": {n}}},"))
        ),
        // A long name, with faults below it.
        format!("{{\"{}\": [{}]}}", "a".repeat(200_000), "@,".repeat(2_000)),
        format!("{{\"{}\": [{}]}}", "a~/".repeat(80), "@,".repeat(2_000)),
        // Long texts where something short is expected.
        format!(
            "{{\"currency\": \"{0}\", \"products\": [{{\"product_name_id\": \"{0}\"}}]}}",
            "a".repeat(LONG)
        ),
        format!("{{\"user\": {{\"email\": \"{}\"}}}}", "a@".repeat(LONG)),
        format!("{{\"account_type\": \"{}\"}}", "retail".repeat(LONG)),
        format!(
            "{{\"products\": [{{\"prices\": [{{\"lifetime\": 1{0}, \"cost\": 1{0}}}]}}]}}",
            "0".repeat(LONG)
        ),
        format!(
            "{{\"products\": [{{\"prices\": [{{\"lifetime\": 1e{0}, \"cost\": 1e{0}}}]}}]}}",
            "9".repeat(LONG)
        ),
    ];
    for document in documents {
        let bytes = document.as_bytes();
        for format in FORMATS {
            consider(bytes, &check(bytes, format));
        }
    }
}

#[test]
fn i10_a_bomb_of_aliases_is_refused_in_words() {
    let text = (0..9).fold("a0: &a0 x\n".to_owned(), |text, n| {
        let next = n + 1;
        text + &format!("a{next}: &a{next} [*a{n}, *a{n}, *a{n}, *a{n}, *a{n}, *a{n}, *a{n}]\n")
    });
    let shown = shown(text.as_bytes(), Format::Yaml);
    let refusals: Vec<_> = shown
        .lines()
        .filter(|line| line.contains("aliases"))
        .collect();
    assert_eq!(
        refusals,
        [
            "6:20 /a5/2 the aliases repeat more than 10000 values or 1048576 bytes of text; write out \
          what it stands for"
        ]
    );
}

#[test]
fn i10_limits_are_explained() {
    let values = format!("[{}]", "1,".repeat(100_000));
    let fields: Vec<_> = (0..1001)
        .map(|number| format!("\"a{number}\": 1"))
        .collect();
    let fields = fields.join(",");
    let cases: [(Vec<u8>, &[Format]); 8] = [
        (values.clone().into(), &FORMATS),
        (
            format!("[{}]", "a: b, ".repeat(200_000)).into(),
            &[Format::Yaml],
        ),
        (
            format!("{{\"a\": {{{fields}, \"b\": 1}}, \"products\": 1}}").into(),
            &FORMATS,
        ),
        (
            format!("{{\"{}\": 1, \"products\": []}}", "a".repeat(257)).into(),
            &FORMATS,
        ),
        (
            b"{\"products\": [], \"a\": \"\xe4\xf6\"}".to_vec(),
            &FORMATS,
        ),
        (b"\xff\xfe{\0}\0".to_vec(), &FORMATS),
        (b"{\0}\0".to_vec(), &FORMATS),
        (vec![0xe4; 20_000], &FORMATS),
    ];
    let mut text = String::new();
    for (document, formats) in cases {
        for format in formats {
            let words = shown(&document, *format);
            let last: Vec<_> = words
                .lines()
                .filter(|line| !line.contains("` is not documented"))
                .collect();
            writeln!(text, "{format:?}: {}", last.join("\n  ")).unwrap();
        }
    }
    insta::assert_snapshot!(text);
}

#[test]
fn i10_latin_1_is_reported_at_its_first_byte_and_read_on() {
    let text =
        b"{\"currency\": \"\xe4\xf6\",\n \"products\": [{\"product_name_id\": \"\xfc\"}, 5]}";
    for format in FORMATS {
        insta::allow_duplicates! { insta::assert_snapshot!(shown(text, format)); }
        // What a rule says of such a text would be about a text that nobody wrote.
        let report = check(text, format);
        assert!(
            !report
                .report
                .findings()
                .iter()
                .any(|finding| finding.pointer == "/currency")
        );
    }
}

/// What mutations are made of.
const PIECES: &[&str] = &[
    "",
    " ",
    "\n",
    "\r\n",
    "\t",
    ",",
    ":",
    "{",
    "}",
    "[",
    "]",
    "\"",
    "'",
    "\\",
    "/",
    "#",
    "&a",
    "*a",
    "!",
    "!!int",
    "|",
    ">",
    "?",
    "-",
    "- ",
    "~",
    "%",
    "@",
    "<<",
    "---",
    "...",
    "null",
    "1e9",
    ".5",
    ".inf",
    "é",
    "\u{feff}",
    "\0",
    "\\ud800",
    "/*",
    "*/",
    "\"products\":",
    "products:",
];

fn mutated() -> impl Strategy<Value = Vec<u8>> {
    let seeds = vec![
        include_bytes!("../../../fuzz/corpus/validate_json/products.json").to_vec(),
        include_bytes!("../../../fuzz/corpus/validate_json/creation.json").to_vec(),
        include_bytes!("../../../fuzz/corpus/validate_yaml/products.yaml").to_vec(),
        include_bytes!("../../../fuzz/corpus/validate_yaml/creation.yaml").to_vec(),
    ];
    let piece = select(PIECES).prop_map(|piece| piece.as_bytes().to_vec());
    let piece = prop_oneof![6 => piece, 1 => prop::collection::vec(any::<u8>(), 0..3)];
    let changes = prop::collection::vec((any::<Index>(), 0usize..30, piece), 0..12);
    (select(seeds), changes).prop_map(|(mut bytes, changes)| {
        for (at, removed, piece) in changes {
            let start = at.index(bytes.len() + 1);
            let end = (start + removed).min(bytes.len());
            bytes.splice(start..end, piece);
        }
        bytes
    })
}

proptest! {
    #[test]
    fn i10_mutated_documents_are_survived(bytes in mutated()) {
        for format in FORMATS {
 survive(&bytes, format);
 }
    }

    #[test]
    fn i10_any_bytes_are_survived(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        for format in FORMATS {
 survive(&bytes, format);
 }
    }

    #[test]
    fn i10_any_text_is_survived(text in "\\PC{0,200}") {
        for format in FORMATS {
 survive(text.as_bytes(), format);
 }
    }

    /// Every fault of syntax is found: what `serde_json` does not read has an error.
    #[test]
    fn what_is_not_json_has_an_error(bytes in mutated()) {
        let errors = |kind| {
            let validator = Validator::new();
            let report = validator.check(&bytes, Format::Json, Some(kind), &Context::default());
            report.report.count(digicert_validate::Severity::Error)
        };
        let bytes = bytes.strip_prefix("\u{feff}".as_bytes()).unwrap_or(&bytes);
        if serde_json::from_slice::<serde_json::Value>(bytes).is_err() {
            prop_assert!(errors(Kind::SetProducts) > 0 && errors(Kind::CreateSubaccount) > 0);
        }
    }
}
