//! The file of `--context`: what is known besides the documents.

use std::path::Path;

use digicert_validate::{Context, Format};

use crate::failure::Failure;
use crate::yaml_to_json::{self, Fault};
use crate::{format, read};

/// Reads a context in JSON or YAML.
pub(crate) fn read(path: &Path) -> Result<Context, Failure> {
    let mut text = Vec::new();
    read::file(path, &mut text)?;
    parse(format::of(Some(path), &text), &text).map_err(|fault| {
        let Fault { line, column, message } = fault;
        Failure::new(format!(
            "the context {}:{line}:{column}: {message}; `digicert schema context` prints its schema",
            path.display()
        ))
    })
}

fn parse(format: Format, text: &[u8]) -> Result<Context, Fault> {
    let text = text.strip_prefix(b"\xef\xbb\xbf").unwrap_or(text);
    match format {
        Format::Yaml => {
            let json = yaml_to_json::convert(text)?;
            serde_json::from_str(&json.text).map_err(|error| {
                let (line, column) = json.place(error.column());
                Fault {
                    line,
                    column,
                    message: message(&error),
                }
            })
        }
        _ => serde_json::from_slice(text).map_err(|error| Fault {
            line: error.line(),
            column: error.column(),
            message: message(&error),
        }),
    }
}

/// The message without the place, which stands before it.
fn message(error: &serde_json::Error) -> String {
    let message = error.to_string();
    let place = format!(" at line {} column {}", error.line(), error.column());
    message
        .strip_suffix(&place)
        .map(str::to_owned)
        .unwrap_or(message)
}

#[cfg(test)]
mod tests {
    use super::*;

    const JSON: &str = r#"{
        "parent": {"contract": "flat-fee", "max_allowed_multi_year_plan_length": 3},
        "subaccount": {"bill_parent": true, "products": {"currency": "USD", "products": [
            {"product_name_id": "ssl_plus", "prices": [{"lifetime": 1, "cost": 99999999.99}]}]}}
    }"#;

    const YAML: &str = "# known on the first\nparent:\n  contract: flat-fee\n  max_allowed_multi_year_plan_length: 3\nsubaccount:\n  bill_parent: true\n  products:\n    currency: USD\n    products:\n      - product_name_id: ssl_plus\n        prices: [{lifetime: 1, cost: 99999999.99}]\n";

    #[test]
    fn json_and_yaml_say_the_same() {
        let json = parse(Format::Json, JSON.as_bytes()).unwrap();
        assert_eq!(parse(Format::Yaml, YAML.as_bytes()).unwrap(), json);
        assert_eq!(
            json.parent.unwrap().max_allowed_multi_year_plan_length,
            Some(3)
        );
    }

    #[test]
    fn a_fault_has_its_place() {
        for (format, text, place, message) in [
            (
                Format::Json,
                "{\n \"parnet\": 1}",
                (2, 9),
                "unknown field `parnet`, expected one of",
            ),
            (
                Format::Yaml,
                "# why\nparnet: {}\n",
                (2, 1),
                "unknown field `parnet`, expected one of",
            ),
            (
                Format::Yaml,
                "acknowledged:\n  currency_change: 1\n",
                (2, 20),
                "invalid type: integer `1`",
            ),
            (
                Format::Yaml,
                "parent: {contract: gold}",
                (1, 20),
                "unknown variant `gold`",
            ),
            (Format::Yaml, "", (1, 1), "invalid type: null"),
            (Format::Json, "", (1, 0), "EOF"),
        ] {
            let fault = parse(format, text.as_bytes()).unwrap_err();
            assert!(
                fault.message.starts_with(message),
                "{text:?} gave {fault:?}"
            );
            assert!(!fault.message.contains("at line"), "{fault:?}");
            assert_eq!((fault.line, fault.column), place, "{text:?} gave {fault:?}");
        }
    }
}
