//! Where documents come from: files, folders, standard input.

use crate::program::{Folder, GOOD, WITH_ERROR};

#[test]
fn standard_input_is_json_or_yaml() {
    let folder = Folder::new();
    for input in [WITH_ERROR, "products: []\n", "\u{feff} [1]", "- 1\n"] {
        let run = folder.validate_input(&["--format", "json", "-"], input);
        assert_eq!(run.code, 1, "{input:?} gave {run:?}");
        assert_eq!(run.paths(), ["-"]);
    }
    let run = folder.validate_input(&["-"], WITH_ERROR);
    assert!(run.stdout.contains(" --> <stdin>:1:14\n"), "{run:?}");
    assert_eq!(folder.validate_input(&["-"], GOOD).code, 0);
}

#[test]
fn standard_input_stands_where_it_was_named() {
    let folder = Folder::with(&[("a.json", GOOD), ("b.json", GOOD)]);
    let run = folder.validate_input(&["--format", "json", "b.json", "-", "a.json"], GOOD);
    assert_eq!(run.paths(), ["b.json", "-", "a.json"]);
}

#[test]
fn folders_are_searched_in_the_order_of_names() {
    let folder = Folder::with(&[
        ("in/b.yaml", "products: []"),
        ("in/a/z.yml", "products: []"),
        ("in/a/deep/er/x.JSON", WITH_ERROR),
        ("in/c.json", WITH_ERROR),
        ("in/.hidden/d.json", WITH_ERROR),
        ("in/readme.md", "not a document"),
        ("in/no_extension", "{}"),
        ("other.json", GOOD),
    ]);
    let run = folder.validate(&["--format", "json", "other.json", "in"]);
    let expected = [
        "other.json",
        "in/a/deep/er/x.JSON",
        "in/a/z.yml",
        "in/b.yaml",
        "in/c.json",
    ];
    let expected = expected.map(|path| path.replace('/', std::path::MAIN_SEPARATOR_STR));
    assert_eq!(run.paths(), expected);
    assert_eq!(run.json()["summary"]["errors"], 4, "{run:?}");
}

#[test]
fn a_hidden_folder_that_is_named_is_searched() {
    let folder = Folder::with(&[(".github/a.json", WITH_ERROR)]);
    assert_eq!(folder.validate(&[".github"]).code, 1);
}

#[test]
fn a_file_with_any_name_is_checked_if_it_is_named() {
    let folder = Folder::with(&[("body.txt", WITH_ERROR), ("prices", "products: []\n")]);
    let run = folder.validate(&["--format", "json", "body.txt", "prices"]);
    assert_eq!(run.rules(), ["products-empty", "products-empty"]);
}

#[cfg(unix)]
#[test]
fn links_cannot_lead_in_a_circle() {
    use std::os::unix::fs::symlink;

    let folder = Folder::with(&[("in/a.json", GOOD)]);
    let inside = folder.path().join("in");
    symlink("..", inside.join("up")).unwrap();
    symlink(".", inside.join("self.json")).unwrap();
    symlink("a.json", inside.join("linked.json")).unwrap();
    symlink("circle.json", inside.join("circle.json")).unwrap();
    let run = folder.validate(&["--format", "json", "in"]);
    assert_eq!(run.paths(), ["in/a.json", "in/linked.json"]);
    assert!(
        run.stderr
            .starts_with("error: cannot read in/circle.json: "),
        "{run:?}"
    );
    assert_eq!(run.stderr.lines().count(), 1, "{run:?}");
    assert_eq!(run.code, 2);
}
