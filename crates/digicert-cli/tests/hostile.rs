//! I10: whatever the bytes are, the program answers and ends.

use std::fs::File;

use crate::program::{Folder, GOOD};

#[test]
fn i10_any_bytes_are_answered_in_every_format() {
    let folder = Folder::new();
    let bytes: Vec<u8> = (0..=255).cycle().take(10_000).collect();
    for (name, content) in [
        ("bytes.json", bytes.clone()),
        ("bytes.yaml", bytes),
        ("empty.json", Vec::new()),
        ("empty.yaml", Vec::new()),
        ("nul.json", vec![0; 5000]),
        ("deep.json", b"[".repeat(100_000)),
        ("deep.yaml", b"[".repeat(100_000)),
        ("latin1.json", b"{\"child_name\": \"Caf\xe9\"}".to_vec()),
        (
            "half.json",
            b"{\"products\": [{\"product_name_id\": \"ssl_pl".to_vec(),
        ),
        (
            "line.json",
            [
                b"{\"products\": [".to_vec(),
                b"7,".repeat(5_000),
                b"7]}".to_vec(),
            ]
            .concat(),
        ),
        ("bomb.yaml", alias_bomb().into_bytes()),
    ] {
        folder.write(name, content);
        for format in ["human", "json", "sarif", "github"] {
            let run = folder.validate(&["--format", format, name]);
            assert_eq!(run.code, 1, "{name} as {format}: {}", run.stderr);
            assert_eq!(run.stderr, "", "{name} as {format}");
            if matches!(format, "json" | "sarif") {
                assert!(run.json().is_object(), "{name} as {format}");
            }
        }
    }
}

/// Twenty levels of lists, each of which repeats the one before ten times.
fn alias_bomb() -> String {
    let level = |number: usize| {
        let before = format!("*a{}", number - 1);
        format!(
            "a{number}: &a{number} [{}]\n",
            [before.as_str(); 10].join(", ")
        )
    };
    "a0: &a0 x\n".to_owned() + &(1..20).map(level).collect::<String>()
}

#[test]
fn i10_control_characters_do_not_reach_the_terminal() {
    let folder = Folder::new();
    folder.write(
        "evil.json",
        "{\"products\": [{\"\x1b[2J\u{9b}evil\u{202e}\": \"\\u001b[31m\"}]}",
    );
    folder.write("evil.yaml", "products: []\n\"\\e]0;evil\\a\": 1\n");
    for name in ["evil.json", "evil.yaml"] {
        let run = folder.validate(&[name]);
        assert_eq!(run.code, 1);
        let obeyed = |character: &char| {
            (character.is_control() && *character != '\n') || *character == '\u{202e}'
        };
        assert_eq!(run.stdout.chars().find(obeyed), None, "{run:?}");
    }
}

#[test]
fn a_file_over_the_limit_is_refused_and_the_others_are_checked() {
    let folder = Folder::with(&[("good.json", GOOD)]);
    let large = File::create(folder.path().join("large.json")).unwrap();
    // It takes no space, and would take a while to read.
    large.set_len(1 << 40).unwrap();
    let run = folder.validate(&["large.json", "good.json"]);
    assert_eq!(run.code, 2);
    assert!(
        run.stderr
            .starts_with("error: cannot read large.json: it is larger than 16 MiB"),
        "{run:?}"
    );
    assert_eq!(run.stdout, "0 errors, 0 warnings, 0 notes in 1 file\n");
}

#[cfg(unix)]
#[test]
fn a_device_without_end_is_refused() {
    let run = Folder::new().validate(&["/dev/zero"]);
    assert_eq!(run.code, 2);
    assert!(run.stderr.contains("larger than 16 MiB"), "{run:?}");
}

#[test]
fn input_without_end_is_refused() {
    let run = Folder::new().validate_input(&["-"], vec![b' '; 17 << 20]);
    assert_eq!(run.code, 2);
    assert!(
        run.stderr
            .starts_with("error: cannot read standard input: it is larger"),
        "{run:?}"
    );
}

#[cfg(all(unix, not(target_os = "macos")))]
#[test]
fn a_name_that_is_no_text_is_shown_as_far_as_it_is() {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt as _;

    let folder = Folder::new();
    let name = OsStr::from_bytes(b"caf\xe9\n.json");
    std::fs::write(folder.path().join(name), "{\"products\": []}").unwrap();
    let run = folder.validate(&["--format", "json", "."]);
    assert_eq!(run.paths(), ["./caf\u{fffd}\n.json"]);
    let run = folder.validate(&["."]);
    assert!(
        run.stdout.contains(" --> ./caf\u{fffd}␊.json:1:14\n"),
        "{run:?}"
    );
}
