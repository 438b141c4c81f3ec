//! A key where a document belongs: nothing of it is shown (I2).

use crate::on_sandbox::OnSandbox;
use crate::program::run_with_input;

const KEY: &str = "canary-0123456789abcdef0123456789abcdef";

#[test]
fn i2_a_key_file_that_is_given_as_a_document_is_not_shown() {
    let test = OnSandbox::new();
    test.folder.write("prod.key", format!("{KEY}\n"));
    test.folder.write("doc.json", r#"{"products": []}"#);
    for arguments in [
        &["validate", "prod.key"][..],
        &["validate", "prod.key", "--format", "json"],
        &["validate", "doc.json", "--context", "prod.key"],
        &["products", "diff", "1", "-f", "prod.key"],
        &[
            "products", "set", "1", "-f", "prod.key", "--yes", "--format", "json",
        ],
        &["subaccount", "create", "-f", "prod.key", "--yes"],
        &["plan", "prod.key"],
    ] {
        let run = test.run(arguments);
        assert_eq!(run.code, 2, "{arguments:?}: {run:?}");
        let shown = run.stdout + &run.stderr;
        assert!(
            !shown.contains("0123456789abcdef"),
            "{arguments:?}: {shown}"
        );
    }
}

#[test]
fn i2_a_key_on_standard_input_is_not_taken_for_a_document() {
    let test = OnSandbox::new();
    for arguments in [
        &[
            "products",
            "set",
            "1",
            "-f",
            "-",
            "--api-key-file",
            "-",
            "--yes",
        ][..],
        &[
            "subaccount",
            "create",
            "-f",
            "-",
            "--api-key-file",
            "-",
            "--yes",
        ],
        &["validate", "-"],
    ] {
        let mut command = test.without_keys(arguments);
        let run = run_with_input(&mut command, KEY);
        assert_eq!(run.code, 2, "{arguments:?}: {run:?}");
        assert!(run.stderr.contains("looks like an API key"), "{run:?}");
        let shown = run.stdout + &run.stderr;
        assert!(
            !shown.contains("0123456789abcdef"),
            "{arguments:?}: {shown}"
        );
    }
}
