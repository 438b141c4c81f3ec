//! `digicert plan`: what it shows, and what it refuses, on a sandbox.

use digicert_client::types::certcentral::SubaccountType;
use digicert_sandbox::Operation;
use serde_json::Value;

use crate::apply::count;
use crate::on_sandbox::{OnSandbox, request};
use crate::program::{GOOD, Run};

/// Prices of all subaccounts.
pub(crate) const BOOK: &str = "\
format_version: 1
price_books:
  partners:
    currency: USD
    products:
      - product_name_id: ssl_plus
        prices: [{lifetime: 1, cost: 218}]
      - product_name_id: code_signing
        prices: [{lifetime: 1, cost: 474}]
";

/// The same as what the service has of it.
pub(crate) const LIVE: &str = r#"{"currency": "USD", "products": [
    {"product_name_id": "ssl_plus", "prices": [{"lifetime": 1, "cost": "218.00"}]},
    {"product_name_id": "code_signing", "prices": [{"lifetime": 1, "cost": 474}]}]}"#;

pub(crate) const CREATE: &str = "      account_type: managed
      bill_parent: true
      allowed_grandchildren: []
      user: {first_name: Rita, last_name: Example, email: rita@example.com}
      organization: {name: New Example, address: 1 Example Street, zip: '43604', city: Toledo, state: OH, country: US}
";

/// Subaccounts of the price book, by their IDs.
pub(crate) fn subaccounts(ids: &[i64]) -> String {
    let lines = ids
        .iter()
        .map(|id| format!("  - {{id: {id}, price_book: partners}}\n"));
    format!(
        "format_version: 1\nsubaccounts:\n{}",
        lines.collect::<String>()
    )
}

/// A subaccount that is billed to its parent.
pub(crate) fn subaccount(on: &OnSandbox, organization: &str) -> i64 {
    let mut request = request(organization, SubaccountType::Retail);
    request.bill_parent = Some(true);
    let created = on.block_on(on.client().create_subaccount(&request));
    created.unwrap().id.unwrap()
}

/// A sandbox with so many subaccounts that have what the price book says, and their manifests.
pub(crate) fn with_subaccounts(count: usize) -> (OnSandbox, Vec<i64>) {
    let on = OnSandbox::new();
    let ids: Vec<_> = (0..count)
        .map(|number| {
            let id = subaccount(&on, &format!("Example {number}"));
            on.set_products(id, LIVE);
            id
        })
        .collect();
    on.folder.write("prices/books.yaml", BOOK);
    on.folder
        .write("prices/subaccounts.yaml", subaccounts(&ids));
    (on, ids)
}

fn codes(run: &Run) -> (i32, &str) {
    (run.code, run.stderr.as_str())
}

#[test]
fn nothing_to_do_is_exit_code_0() {
    let (on, _) = with_subaccounts(3);
    let run = on.run(&["plan", "prices"]);
    assert_eq!(codes(&run), (0, ""));
    let first = format!(
        "Account 1122331 (Sandbox parent account) at {}",
        on.sandbox.origin()
    );
    assert_eq!(
        run.stdout,
        format!("{first}\n\nPlan: nothing to do, 3 unchanged.\n")
    );
}

/// One subaccount is repriced and loses a product, one is new to the service, one is created.
fn with_changes() -> OnSandbox {
    let (on, ids) = with_subaccounts(2);
    on.set_products(
        ids[0],
        r#"{"currency": "USD", "products": [
            {"product_name_id": "ssl_plus", "prices": [{"lifetime": 1, "cost": 200}]},
            {"product_name_id": "code_signing", "prices": [{"lifetime": 1, "cost": 474}]},
            {"product_name_id": "secure_site_pro_ev_ssl"}]}"#,
    );
    on.set_products(ids[1], r#"{"products": []}"#);
    let creation = format!(
        "format_version: 1\nsubaccounts:\n  - create:\n{CREATE}    key_out: keys/new.key\n    \
         price_book: partners\n    without: [code_signing]\nbilling_links:\n  \
         - partner_api_key_file: keys/partner.key\n    api_key_file: keys/new.key\n"
    );
    on.folder.write("prices/new.yaml", creation);
    on
}

#[test]
fn changes_for_people() {
    let on = with_changes();
    let run = on.run(&["plan", "prices"]);
    assert_eq!(codes(&run), (1, ""));
    insta::assert_snapshot!(crate::on_sandbox::settled(&run.stdout));
}

#[test]
fn changes_for_a_pull_request() {
    let on = with_changes();
    let run = on.run(&["plan", "prices", "--format", "markdown"]);
    assert_eq!(codes(&run), (1, ""));
    insta::assert_snapshot!(on.without_port(&run.stdout));
}

#[test]
fn changes_as_json_are_the_plan_itself() {
    let on = with_changes();
    let run = on.run(&["plan", "prices", "--format", "json", "--out", "plan.json"]);
    assert_eq!(run.code, 1, "{run:?}");
    let file = std::fs::read_to_string(on.folder.path().join("plan.json")).unwrap();
    assert_eq!(run.stdout, file);
    let plan: Value = serde_json::from_str(&file).unwrap();
    // They differ from run to run, because the port does.
    let sha256 = plan["plan_sha256"].as_str().unwrap();
    let text = crate::on_sandbox::settled(&file).replace(sha256, "SHA256");
    insta::assert_snapshot!(text);
}

#[test]
fn the_same_plan_is_made_from_the_same_state() {
    let on = with_changes();
    let first = on.run(&["plan", "prices", "--format", "json"]);
    let second = on.run(&["plan", "prices", "--format", "json"]);
    assert_eq!(first.stdout, second.stdout);
}

#[test]
fn i8_thresholds_refuse_and_say_what_lets_it() {
    let (on, ids) = with_subaccounts(2);
    on.set_products(
        ids[0],
        r#"{"currency": "USD", "products": [
            {"product_name_id": "ssl_plus", "prices": [{"lifetime": 1, "cost": 40}]},
            {"product_name_id": "a"}, {"product_name_id": "b"}, {"product_name_id": "c"}]}"#,
    );
    let run = on.run(&["plan", "prices", "--max-subaccounts", "0"]);
    assert_eq!(run.code, 5);
    insta::assert_snapshot!(crate::on_sandbox::settled(&run.stdout));
    let allowed = on.run(&[
        "plan",
        "prices",
        "--max-disabled-share",
        "75",
        "--max-price-factor",
        "5.5",
    ]);
    assert_eq!(codes(&allowed), (1, ""));
}

#[test]
fn i8_a_price_of_a_book_is_refused_once_with_the_factor_that_lets_it() {
    let (on, ids) = with_subaccounts(5);
    for id in &ids[..4] {
        on.set_products(
            *id,
            r#"{"currency": "USD", "products": [
                {"product_name_id": "ssl_plus", "prices": [{"lifetime": 1, "cost": 40}]}]}"#,
        );
    }
    let run = on.run(&["plan", "prices"]);
    assert_eq!(run.code, 5);
    let refused = "It is refused:\n  `cost` of `ssl_plus` for 1 year goes from 40 to 218 in 4 \
                   subaccounts, more than 3 times; --max-price-factor 5.5 lets it\n";
    assert!(run.stdout.ends_with(refused), "{run:?}");
    let run = on.run(&["plan", "prices", "--max-price-factor", "5.5"]);
    assert_eq!(run.code, 1, "{run:?}");
    let run = on.run(&["plan", "prices", "--max-price-factor", "5.4"]);
    assert_eq!(run.code, 5, "{run:?}");
}

/// So many subaccounts to create, without keys.
fn creations(organizations: impl IntoIterator<Item = String>) -> String {
    let create = CREATE.replace("managed", "retail");
    let each = organizations.into_iter().map(|name| {
        let create = create.replace("New Example", &name);
        format!("  - create:\n{create}    price_book: partners\n")
    });
    let each: String = each.collect();
    format!("format_version: 1\nsubaccounts:\n{each}")
}

/// With the key of another account every subaccount is missing, and a creation cannot be undone.
#[test]
fn i8_more_than_a_handful_of_creations_needs_a_number() {
    let on = OnSandbox::new();
    on.folder.write("prices/books.yaml", BOOK);
    let names = |count: usize| creations((0..count).map(|number| format!("New {number}")));
    on.folder.write("prices/new.yaml", names(10));
    assert_eq!(on.run(&["plan", "prices"]).code, 1);
    on.folder.write("prices/new.yaml", names(11));
    let refusal = "the plan creates 11 subaccounts, more than 10; --max-creations 11 lets it";
    let run = on.run(&["plan", "prices"]);
    assert_eq!(run.code, 5, "{run:?}");
    assert!(run.stdout.contains(refusal), "{run:?}");
    on.sandbox.clear_requests();
    let run = on.run(&["apply", "prices", "--yes"]);
    assert_eq!(run.code, 5, "{run:?}");
    assert_eq!(count(&on, Operation::CreateSubaccount), 0);
    let run = on.run(&["apply", "prices", "--yes", "--max-creations", "11"]);
    assert_eq!(run.code, 0, "{run:?}");
    assert_eq!(count(&on, Operation::CreateSubaccount), 11);
}

#[test]
fn errors_of_the_rules_refuse_before_anything_is_read() {
    let on = OnSandbox::new();
    on.folder
        .write("prices/books.yaml", BOOK.replace("474", "-1"));
    on.folder
        .write("prices/subaccounts.yaml", subaccounts(&[1]));
    let run = on.run(&["plan", "prices"]);
    assert_eq!(run.code, 5);
    insta::assert_snapshot!(crate::on_sandbox::settled(&run.stdout));
}

#[test]
fn a_fault_in_a_manifest_is_exit_code_2_and_nothing_is_asked() {
    let on = OnSandbox::new();
    on.folder
        .write("prices/a.yaml", "format_version: 1\nsubaccount: []\n");
    let mut program = on.without_keys(&["plan", "prices"]);
    let run = crate::program::run(&mut program);
    assert_eq!(run.code, 2);
    assert_eq!(
        run.stderr,
        "error: prices/a.yaml:2:1: a manifest has no field `subaccount`; did you mean `subaccounts`?\n\
         error: 1 fault in the manifests; `digicert schema manifest` describes their format\n"
    );
}

#[test]
fn one_that_cannot_be_read_does_not_stop_the_others() {
    let (on, ids) = with_subaccounts(2);
    on.set_products(ids[1], r#"{"products": []}"#);
    on.folder.write(
        "prices/subaccounts.yaml",
        subaccounts(&[ids[0], 99, ids[1]]),
    );
    let run = on.run(&["plan", "prices"]);
    assert_eq!(run.code, 3);
    assert!(
        run.stdout
            .contains("subaccount 99 (prices/subaccounts.yaml:4): "),
        "{run:?}"
    );
    assert!(
        run.stdout.contains(
            "Plan: 1 subaccount to change (2 products enabled), 1 unchanged, \
             1 that could not be read."
        ),
        "{run:?}"
    );
}

#[test]
fn a_creation_that_is_there_already_is_no_creation() {
    let on = OnSandbox::new();
    let create = |organization: &str| {
        let mut managed = request(organization, SubaccountType::Managed);
        managed.bill_parent = Some(true);
        let created = on.block_on(on.client().create_subaccount(&managed));
        created.unwrap().id.unwrap()
    };
    let id = create("new example");
    on.folder.write("prices/books.yaml", BOOK);
    let creation = format!(
        "format_version: 1\nsubaccounts:\n  - create:\n{CREATE}    key_out: new.key\n    \
         price_book: partners\n"
    );
    on.folder.write("prices/new.yaml", creation);
    let run = on.run(&["plan", "prices"]);
    assert_eq!(codes(&run), (1, ""));
    assert!(
        run.stdout.contains(&format!(
            "Subaccount {id} (new example), price book partners"
        )),
        "{run:?}"
    );
    on.set_products(id, LIVE);
    assert_eq!(on.run(&["plan", "prices"]).code, 0);
    create("NEW EXAMPLE");
    let run = on.run(&["plan", "prices"]);
    assert_eq!(run.code, 2);
    assert!(
        run.stdout
            .contains("there are 2 subaccounts of that organization"),
        "{run:?}"
    );
    assert!(
        run.stdout
            .contains("0 unchanged, 1 that clashes with another subaccount."),
        "{run:?}"
    );
}

/// One subaccount to create, which is managed, and a billing link with its key.
fn with_creation() -> OnSandbox {
    let on = OnSandbox::new();
    on.folder.write("prices/books.yaml", BOOK);
    let creation = format!(
        "format_version: 1\nsubaccounts:\n  - create:\n{CREATE}    key_out: keys/new.key\n    \
         price_book: partners\nbilling_links:\n  \
         - {{partner_api_key_file: keys/partner.key, api_key_file: ./keys/new.key}}\n"
    );
    on.folder.write("prices/new.yaml", creation);
    on
}

#[test]
fn i1_a_subaccount_of_another_type_is_neither_taken_for_the_creation_nor_passed_over() {
    let on = with_creation();
    let id = subaccount(&on, "New Example");
    for arguments in [
        &["plan", "prices"][..],
        &["plan", "prices", "--format", "markdown"],
        &["apply", "prices", "--yes"],
    ] {
        let run = on.run(arguments);
        assert!(run.stdout.contains(&id.to_string()), "{run:?}");
        assert!(run.stdout.contains("of the type retail"), "{run:?}");
        let clash = "1 that clashes with another subaccount";
        assert!(run.stdout.contains(clash), "{run:?}");
    }
    let run = on.run(&["plan", "prices", "--format", "json"]);
    assert_eq!(run.code, 2, "{run:?}");
    let plan = run.json();
    assert_eq!(plan["summary"]["clashes"], 1);
    assert_eq!(plan["failures"][0]["is_clash"], true);
    assert_eq!(count(&on, Operation::CreateSubaccount), 1);

    // Once there is one of its own type, that is the one.
    let managed = request("New Example", SubaccountType::Managed);
    on.block_on(on.client().create_subaccount(&managed))
        .unwrap();
    let run = on.run(&["plan", "prices"]);
    assert_eq!(run.code, 1, "{run:?}");
    assert!(run.stdout.contains("1 subaccount to change"), "{run:?}");
}

#[test]
fn what_this_machine_does_not_have_is_shown_and_is_no_part_of_the_plan() {
    let on = with_creation();
    let human = on.run(&["plan", "prices"]);
    assert_eq!(codes(&human), (1, ""));
    let (_, missing) = human.stdout.split_once("Not ready to be applied").unwrap();
    insta::assert_snapshot!(missing);
    let markdown = on.run(&["plan", "prices", "--format", "markdown"]);
    assert!(
        markdown.stdout.contains("#### Not ready to be applied"),
        "{markdown:?}"
    );
    let without = on.run(&["plan", "prices", "--format", "json"]);
    let warnings = without.stderr.lines();
    assert!(
        warnings
            .clone()
            .all(|line| line.starts_with("warning: not ready to be applied here: "))
            && warnings.count() == 2,
        "{without:?}"
    );

    // The key of the creation cannot be there before it, and another one is not overwritten.
    for name in ["partner", "new"] {
        let key = on
            .folder
            .write(&format!("prices/keys/{name}.key"), on.partner_key());
        crate::on_sandbox::for_the_owner_alone(&key);
    }
    let with = on.run(&["plan", "prices", "--format", "json"]);
    assert_eq!(with.stdout, without.stdout);
    assert!(
        with.stderr
            .contains("keys/new.key is there already and is never overwritten"),
        "{with:?}"
    );
    std::fs::remove_file(on.folder.path().join("prices/keys/new.key")).unwrap();
    assert_eq!(
        codes(&on.run(&["plan", "prices", "--format", "json"])),
        (1, "")
    );
}

#[test]
fn a_link_whose_payer_nobody_can_tell_is_left_out_and_the_others_are_planned() {
    let (on, ids) = with_subaccounts(1);
    on.set_products(ids[0], r#"{"products": []}"#);
    on.folder.write(
        "prices/links.yaml",
        "format_version: 1\nbilling_links:\n  \
         - {partner_api_key_file: one.key, api_key_file: missing.key}\n  \
         - {partner_api_key_file: two.key, api_key_file: folder}\n",
    );
    std::fs::create_dir(on.folder.path().join("prices/folder")).unwrap();
    let run = on.run(&["plan", "prices"]);
    assert_eq!(run.code, 2, "{run:?}");
    for part in [
        "1 subaccount to change (2 products enabled), 0 unchanged, 2 that could not be read.",
        "billing link of prices/one.key (prices/links.yaml:3): the key file prices/missing.key is \
         not there",
        "billing link of prices/two.key (prices/links.yaml:4): cannot read the CertCentral API key",
    ] {
        assert!(run.stdout.contains(part), "{part}: {run:?}");
    }
}

#[test]
fn the_key_of_a_creation_that_was_done_may_be_on_another_machine() {
    let on = with_creation();
    let managed = request("New Example", SubaccountType::Managed);
    let created = on.block_on(on.client().create_subaccount(&managed));
    let created = created.unwrap();
    let (id, key) = (created.id.unwrap(), created.api_key.unwrap());
    on.set_products(id, LIVE);
    let here = on.run(&["plan", "prices", "--format", "json"]);
    assert_eq!(here.code, 1, "{here:?}");
    let pays = &here.json()["billing_links"][0]["pays"];
    assert_eq!(pays["id"].as_i64(), Some(id));
    let path = on.folder.write("prices/keys/new.key", key.expose_secret());
    crate::on_sandbox::for_the_owner_alone(&path);
    let there = on.run(&["plan", "prices", "--format", "json"]);
    assert_eq!(here.stdout, there.stdout);
}

#[test]
fn a_plan_does_not_stand_among_the_manifests() {
    let (on, _) = with_subaccounts(1);
    let run = on.run(&["plan", "prices", "--out", "prices/plan.json"]);
    assert_eq!(run.code, 2);
    assert!(
        run.stderr.contains("would stand among the manifests"),
        "{run:?}"
    );
}

#[cfg(unix)]
#[test]
fn a_plan_replaces_no_device_and_no_folder() {
    let (on, _) = with_subaccounts(1);
    let device = on.folder.path().join("device");
    std::os::unix::fs::symlink("/dev/null", &device).unwrap();
    for out in ["device", "prices", "-"] {
        let run = on.run(&["plan", "prices", "--out", out]);
        assert_eq!(run.code, 2, "{run:?}");
        let why = format!("{out} is no file to keep a plan in; `--format json` prints it");
        assert!(run.stderr.contains(&why), "{run:?}");
    }
    assert!(device.is_symlink() && !on.folder.path().join("-").exists());
}

#[cfg(unix)]
#[test]
fn a_plan_replaces_no_pipe() {
    use std::os::unix::fs::FileTypeExt as _;

    let (on, _) = with_subaccounts(1);
    let pipe = on.folder.path().join("pipe");
    let mode = rustix::fs::Mode::RWXU;
    rustix::fs::mknodat(rustix::fs::CWD, &pipe, rustix::fs::FileType::Fifo, mode, 0).unwrap();
    let run = on.run(&["plan", "prices", "--out", "pipe"]);
    assert_eq!(run.code, 2, "{run:?}");
    assert!(run.stderr.contains("pipe is no file"), "{run:?}");
    let there = std::fs::symlink_metadata(&pipe).unwrap();
    assert!(there.file_type().is_fifo());
}

/// The file may be the only copy of a key that the service shows once.
#[test]
fn i3_a_plan_replaces_nothing_but_an_empty_file_and_a_plan() {
    let (on, _) = with_subaccounts(1);
    let folder = on.folder.path();
    on.folder.write("only.key", "a-key-that-is-shown-once");
    on.folder.write("former-state.json", GOOD);
    on.folder.write("more.yaml", BOOK);
    on.folder
        .write("half.json", "{\n  \"format_version\": 1,\n  \"origin\"");
    let ledger = on.folder.write("ledger.sqlite", b"SQLite format 3\0");
    for out in [
        "only.key",
        "former-state.json",
        "more.yaml",
        "half.json",
        "ledger.sqlite",
    ] {
        let before = std::fs::read(folder.join(out)).unwrap();
        let run = on.run(&["plan", "prices", "--out", out]);
        assert_eq!(run.code, 2, "{run:?}");
        let why = format!("{out} is there already and is no plan, so it is not overwritten; name");
        assert!(run.stderr.contains(&why), "{run:?}");
        assert_eq!(std::fs::read(folder.join(out)).unwrap(), before);
    }
    assert!(ledger.is_file());
    // Neither is what stands where the plan is written until it is complete.
    on.folder.write("new.json.part", "a download");
    let run = on.run(&["plan", "prices", "--out", "new.json"]);
    assert_eq!(run.code, 2, "{run:?}");
    assert!(
        run.stderr.contains("new.json.part is there already"),
        "{run:?}"
    );
    assert_eq!(read(folder, "new.json.part"), "a download");

    // What a killed run has left, and plans however they are spaced.
    on.folder.write("empty.json", "");
    on.folder.write(
        "empty.json.part",
        "{\n  \"format_version\": 1,\n  \"origin\"",
    );
    for _ in 0..2 {
        let run = on.run(&["plan", "prices", "--out", "empty.json"]);
        assert_eq!(run.code, 0, "{run:?}");
        assert!(read(folder, "empty.json").contains("plan_sha256"));
        let plan: serde_json::Value = serde_json::from_str(&read(folder, "empty.json")).unwrap();
        on.folder.write("empty.json", plan.to_string());
    }
}

fn read(folder: &std::path::Path, name: &str) -> String {
    std::fs::read_to_string(folder.join(name)).unwrap()
}

#[cfg(unix)]
#[test]
fn a_plan_goes_where_a_link_leads_and_replaces_neither_link_nor_rights() {
    use std::os::unix::fs::{PermissionsExt as _, symlink};

    let (on, _) = with_subaccounts(1);
    let folder = on.folder.path();
    assert_eq!(on.run(&["plan", "prices", "--out", "plans.json"]).code, 0);
    let former = on
        .folder
        .write("plans/former.json", read(folder, "plans.json"));
    crate::on_sandbox::for_the_owner_alone(&former);
    symlink("plans/former.json", folder.join("old")).unwrap();
    symlink("plans/new.json", folder.join("between")).unwrap();
    symlink("between", folder.join("new")).unwrap();
    // What a killed run has left may be a link to something that is needed.
    let needed = on.folder.write("needed", "needed");
    symlink(&needed, folder.join("plans/former.json.part")).unwrap();
    for (link, target) in [("old", "former.json"), ("new", "new.json")] {
        let run = on.run(&["plan", "prices", "--out", link]);
        assert_eq!(run.code, 0, "{run:?}");
        assert!(folder.join(link).is_symlink());
        let plan = std::fs::read_to_string(folder.join("plans").join(target)).unwrap();
        assert!(plan.contains("plan_sha256"), "{plan}");
    }
    let mode = std::fs::metadata(&former).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    assert_eq!(std::fs::read_to_string(&needed).unwrap(), "needed");
    assert_eq!(std::fs::read_dir(folder.join("plans")).unwrap().count(), 2);

    symlink("circle", folder.join("circle")).unwrap();
    let run = on.run(&["plan", "prices", "--out", "circle"]);
    assert_eq!(run.code, 2, "{run:?}");
    assert!(run.stderr.contains("lead in a circle"), "{run:?}");
}

#[test]
fn a_subaccount_that_pays_for_itself_has_no_other_prices_to_get() {
    let on = OnSandbox::new();
    let mut request = request("Self", SubaccountType::Retail);
    request.bill_parent = Some(false);
    let created = on
        .block_on(on.client().create_subaccount(&request))
        .unwrap();
    let id = created.id.unwrap();
    on.set_products(id, &LIVE.replace("218.00", "1"));
    on.folder.write("prices/books.yaml", BOOK);
    on.folder
        .write("prices/subaccounts.yaml", subaccounts(&[id]));
    let run = on.run(&["plan", "prices"]);
    assert_eq!(codes(&run), (0, ""), "{run:?}");
    let said = format!(
        "warning[DC207 self-billed-ignored] prices/subaccounts.yaml:3:5: subaccount {id} pays for \
         itself, so the service ignores the currency and prices given here; "
    );
    assert!(run.stdout.contains(&said), "{run:?}");

    // What changes besides is not said to reset what cannot be reset.
    on.folder.write(
        "prices/books.yaml",
        BOOK.replace("USD", "EUR")
            .replace("code_signing", "ssl_ev_plus"),
    );
    let run = on.run(&["plan", "prices"]);
    assert!(
        run.stdout.contains("currency: USD → EUR (ignored)"),
        "{run:?}"
    );
    assert!(
        run.stdout.contains("the file asks for EUR in place of USD"),
        "{run:?}"
    );
    assert!(!run.stdout.contains("cannot be undone"), "{run:?}");
}

#[test]
fn prices_of_a_new_subaccount_that_will_pay_for_itself_are_said_to_be_ignored() {
    let on = OnSandbox::new();
    on.folder.write("prices/books.yaml", BOOK);
    for (line, is_said) in [
        ("", true),
        ("bill_parent: false", true),
        ("bill_parent: true", false),
    ] {
        let create = CREATE.replace("bill_parent: true", line);
        on.folder.write(
            "prices/new.yaml",
            format!(
                "format_version: 1\nsubaccounts:\n  - create:\n{create}    key_out: keys/new.key\n    \
                 price_book: partners\n"
            ),
        );
        let run = on.run(&["plan", "prices", "--format", "json"]);
        let findings = run.json()["findings"].as_array().unwrap().clone();
        let said = findings.iter().filter(|finding| finding["code"] == "DC207");
        assert_eq!(said.count(), usize::from(is_said), "{run:?}");
    }
}
