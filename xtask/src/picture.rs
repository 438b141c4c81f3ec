//! The picture of a terminal in the README of `digicert-cli`: the real program, run against the
//! sandbox on the example manifests, what it prints as an SVG.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context as _, Result, ensure};

use crate::running_sandbox::RunningSandbox;
use crate::strangers::run;

/// Where the picture is.
const PICTURE: &str = "crates/digicert-cli/examples/manifests.svg";
const EXAMPLE: &str = "crates/digicert-cli/examples/manifests";

/// What is typed.
const TYPED: [&[&str]; 2] = [
    &["plan", "prices", "--out", "plan.json"],
    &["apply", "plan.json", "--allow-disable", "--yes"],
];

/// The subaccount of the example, which the sandbox gives the ID that the example has.
const SUBACCOUNT: &str = r#"{"account_type": "retail", "allowed_grandchildren": [], "bill_parent": true,
  "user": {"first_name": "Rita", "last_name": "Example", "email": "rita@example.com"},
  "organization": {"name": "First Example", "address": "1 Example Street", "zip": "43604",
    "city": "Toledo", "state": "OH", "country": "US"}}"#;
const PRODUCTS: &str = r#"{"currency": "USD", "products": [
  {"product_name_id": "ssl_plus", "prices": [{"lifetime": 1, "cost": 218}]},
  {"product_name_id": "code_signing", "prices": [{"lifetime": 1, "cost": 474}]}]}"#;

const COLUMNS: usize = 104;
const LINE_HEIGHT: usize = 18;
const MARGIN: usize = 16;
/// Of the font at its size, in tenths of a pixel.
const CHARACTER_WIDTH: usize = 78;

/// Draws the picture anew.
pub fn draw(root: &Path) -> Result<()> {
    RunningSandbox::build(root)?;
    run(Command::new("cargo")
        .args(["build", "--quiet", "--locked", "-p", "digicert-cli"])
        .current_dir(root))?;
    let folder = tempfile::tempdir()?;
    let sandbox = RunningSandbox::start(root, folder.path())?;
    let digicert = |arguments: &[&str]| -> Result<Command> {
        let program = root.join("target/debug/digicert");
        let mut command = Command::new(program.with_extension(std::env::consts::EXE_EXTENSION));
        command
            .args(arguments)
            .current_dir(folder.path())
            .env("HOME", folder.path())
            .env_remove("XDG_STATE_HOME")
            .env_remove("XDG_CONFIG_HOME")
            .env("DIGICERT_ORIGIN", sandbox.text("origin")?);
        sandbox.known_to(&mut command)?;
        Ok(command)
    };
    prepare(root, folder.path(), &sandbox)?;
    for arguments in [
        &["subaccount", "create", "-f", "subaccount.json", "--yes"][..],
        &["products", "set", "1122334", "-f", "products.json", "--yes"],
    ] {
        let output = digicert(arguments)?.output()?;
        ensure!(output.status.success(), "{output:?}");
    }
    let mut text = String::new();
    for typed in TYPED {
        writeln!(text, "\x1b[1m$ digicert {}\x1b[0m", typed.join(" "))?;
        let output = digicert(typed)?.args(["--color", "always"]).output()?;
        ensure!(output.stderr.is_empty(), "{output:?}");
        text += &String::from_utf8(output.stdout)?;
        text.push('\n');
    }
    // The port is another one each time; this is where the README has a sandbox.
    let text = text.replace(sandbox.text("origin")?.as_str(), "http://127.0.0.1:8700");
    sandbox.end()?;
    let here = folder.path().canonicalize()?;
    let text = text.replace(here.to_str().context("a path in UTF-8")?, "~");
    fs::write(root.join(PICTURE), svg(&text))?;
    Ok(())
}

fn prepare(root: &Path, folder: &Path, sandbox: &RunningSandbox) -> Result<()> {
    fs::write(folder.join("subaccount.json"), SUBACCOUNT)?;
    fs::write(folder.join("products.json"), PRODUCTS)?;
    fs::create_dir_all(folder.join("prices/keys"))?;
    for name in ["price-books.yaml", "customers.yaml"] {
        let to = folder.join("prices").join(name);
        fs::copy(root.join(EXAMPLE).join(name), to)?;
    }
    let key = folder.join("prices/keys/partner.key");
    fs::write(&key, sandbox.text("partner_key")?)?;
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;

        fs::set_permissions(&key, fs::Permissions::from_mode(0o600))?;
    }
    Ok(())
}

/// The colours that the program uses, by their parameters.
fn style(parameters: &str) -> &'static str {
    match parameters {
        "1" => "font-weight=\"bold\"",
        "1;31" => "fill=\"#ff7b72\" font-weight=\"bold\"",
        "32" => "fill=\"#7ee787\"",
        "33" => "fill=\"#e3b341\"",
        "36" => "fill=\"#76e3ea\"",
        _ => "",
    }
}

fn svg(text: &str) -> String {
    let lines: Vec<_> = text.trim_end().lines().flat_map(wrapped).collect();
    let width = COLUMNS * CHARACTER_WIDTH / 10 + 2 * MARGIN;
    let height = lines.len() * LINE_HEIGHT + 2 * MARGIN;
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" \
         role=\"img\" aria-label=\"digicert plan and apply in a terminal\">\n\
         <rect width=\"100%\" height=\"100%\" rx=\"8\" fill=\"#0d1117\"/>\n\
         <g font-family=\"ui-monospace, SFMono-Regular, Menlo, Consolas, monospace\" \
         font-size=\"13\" fill=\"#e6edf3\">\n"
    );
    for (number, line) in lines.iter().enumerate() {
        let y = MARGIN + (number + 1) * LINE_HEIGHT - 5;
        // Writing to a string does not fail.
        let _ = writeln!(svg, "<text x=\"{MARGIN}\" y=\"{y}\">{}</text>", spans(line));
    }
    svg + "</g>\n</svg>\n"
}

/// A line with its colours. Each begins and ends within a line.
fn spans(line: &str) -> String {
    let mut spans = String::new();
    for (index, piece) in line.split("\x1b[").enumerate() {
        let (parameters, text) = match piece.split_once('m') {
            Some(split) if index > 0 => split,
            _ => ("0", piece),
        };
        // Ordinary spaces in a row would be drawn as one.
        let escaped = text
            .replace('&', "&amp;")
            .replace('<', "&lt;")
            .replace(' ', "\u{a0}");
        if !escaped.is_empty() {
            let _ = write!(spans, "<tspan {}>{escaped}</tspan>", style(parameters));
        }
    }
    spans.replace("<tspan >", "<tspan>")
}

/// As a terminal of so many columns has it, broken between words.
fn wrapped(line: &str) -> Vec<String> {
    let mut lines = vec![String::new()];
    let (mut column, mut style) = (0, "0");
    for word in line.split_inclusive(' ') {
        let width = visible(word);
        if column > 0 && column + width > COLUMNS {
            lines.push(format!("\x1b[{style}m    "));
            column = 4;
        }
        column += width;
        // What a line begins with goes on in the next one.
        let begun = word.rsplit_once("\x1b[");
        if let Some((parameters, _)) = begun.and_then(|(_, rest)| rest.split_once('m')) {
            style = parameters;
        }
        if let Some(last) = lines.last_mut() {
            last.push_str(word);
        }
    }
    lines
}

/// How many characters of a word are seen.
fn visible(word: &str) -> usize {
    let pieces = word.split("\x1b[").enumerate();
    pieces
        .map(|(index, piece)| {
            let text = piece.split_once('m').filter(|_| index > 0);
            text.map_or(piece, |(_, text)| text).chars().count()
        })
        .sum()
}
