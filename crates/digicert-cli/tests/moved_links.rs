//! Billing links that were made otherwise meanwhile: what holds is what was linked last, whichever
//! command did it.

use std::fs;

use digicert_client::types::certcentral::SubaccountType;

use crate::on_sandbox::{OnSandbox, for_the_owner_alone, request};
use crate::program::{Run, run};

const PARENT: i64 = 1_122_331;

/// A link whose partner key is in a file, and two accounts that can pay: the parent in `alpha.key`, and
/// the one whose ID is given in `delta.key`. The parent is linked.
fn linked_to_alpha() -> (OnSandbox, i64) {
    let on = OnSandbox::new();
    let managed = request("Delta Ltd", SubaccountType::Managed);
    let delta = on
        .block_on(on.client().create_subaccount(&managed))
        .unwrap();
    let key = delta.api_key.unwrap();
    for (name, key) in [
        ("prices/keys/partner.key", on.partner_key()),
        ("alpha.key", on.certcentral_key()),
        ("delta.key", key.expose_secret()),
    ] {
        for_the_owner_alone(&on.folder.write(name, key));
    }
    link_in_manifest(&on, "alpha.key");
    assert_eq!(on.run(&["apply", "prices", "--yes"]).code, 0);
    assert_eq!(on.sandbox.billing_account_id(), Some(PARENT));
    (on, delta.id.unwrap())
}

fn link_in_manifest(on: &OnSandbox, payer: &str) {
    on.folder.write(
        "prices/links.yaml",
        format!(
            "format_version: 1\nbilling_links:\n  \
             - {{partner_api_key_file: keys/partner.key, api_key_file: ../{payer}}}\n"
        ),
    );
}

fn link_by_hand(on: &OnSandbox, partner_key_file: Option<&str>) -> Run {
    let link = ["billing", "link", "--yes", "--api-key-file", "delta.key"];
    match partner_key_file {
        Some(file) => on.run(&[&link[..], &["--partner-api-key-file", file]].concat()),
        None => on.run(&link),
    }
}

#[test]
fn i8_a_link_that_was_moved_and_moved_back_is_made() {
    let (on, delta) = linked_to_alpha();
    link_in_manifest(&on, "delta.key");
    let plan = on.run(&["plan", "prices"]);
    assert_eq!(plan.code, 1, "{plan:?}");
    assert!(
        plan.stdout.contains(&format!(
            "; account {delta} (Delta Ltd) with billing account {PARENT} ("
        )) && plan.stdout.contains(&format!("; account {PARENT} ("))
            && plan.stdout.contains(") has paid until now (entry 1)"),
        "{plan:?}"
    );
    let applied = on.run(&["apply", "prices", "--yes"]);
    assert_eq!(applied.code, 0, "{applied:?}");
    assert!(
        applied.stdout.contains("has paid until now (entry 1)"),
        "{applied:?}"
    );
    assert_eq!(on.sandbox.billing_account_id(), Some(delta));

    link_in_manifest(&on, "alpha.key");
    let plan = on.run(&["plan", "prices", "--format", "json"]);
    assert_eq!(plan.code, 1, "{plan:?}");
    let paid = &plan.json()["billing_links"][0]["paid_before"];
    assert_eq!(
        (&paid["pays"]["id"], &paid["entry"]),
        (&delta.into(), &2.into()),
        "{paid}"
    );
    assert_eq!(on.run(&["apply", "prices", "--yes"]).code, 0);
    assert_eq!(on.sandbox.billing_account_id(), Some(PARENT));
    let plan = on.run(&["plan", "prices"]);
    assert_eq!(plan.code, 0, "{plan:?}");
    assert!(plan.stdout.contains("linked before (entry 3)"), "{plan:?}");
}

#[test]
fn i8_a_link_made_by_hand_meanwhile_is_not_the_one_of_the_manifests() {
    let (on, delta) = linked_to_alpha();
    let by_hand = link_by_hand(&on, Some("prices/../prices/keys/partner.key"));
    assert_eq!(by_hand.code, 0, "{by_hand:?}");
    // It says whom it replaces before it asks.
    assert!(
        by_hand.stdout.contains(&format!("account {PARENT} ("))
            && by_hand.stdout.contains("has paid until now (entry 1)"),
        "{by_hand:?}"
    );
    assert_eq!(on.sandbox.billing_account_id(), Some(delta));
    let plan = on.run(&["plan", "prices"]);
    assert_eq!(plan.code, 1, "{plan:?}");
    assert!(
        plan.stdout.contains(&format!(
            "account {delta} (Delta Ltd) with billing account {PARENT} (Sandbox parent account) has \
             paid until now (entry 2)"
        )),
        "{plan:?}"
    );
    assert_eq!(on.run(&["apply", "prices", "--yes"]).code, 0);
    assert_eq!(on.sandbox.billing_account_id(), Some(PARENT));

    // By hand to the same payer is as good as by a manifest.
    link_in_manifest(&on, "delta.key");
    assert_eq!(link_by_hand(&on, Some("prices/keys/partner.key")).code, 0);
    let plan = on.run(&["plan", "prices"]);
    assert!(plan.stdout.contains("linked before (entry 4)"), "{plan:?}");
}

#[cfg(unix)]
#[test]
fn i8_a_link_that_somebody_makes_while_it_asks_is_not_taken_away_unseen() {
    use crate::terminal::AtTerminal;

    let (on, delta) = linked_to_alpha();
    let partner_key = "prices/keys/partner.key";
    let link = ["billing", "link", "--api-key-file", "alpha.key"];
    let link = [&link[..], &["--partner-api-key-file", partner_key]].concat();
    let mut asking = AtTerminal::start(on.program(&link));
    asking.wait_for_question();
    assert_eq!(link_by_hand(&on, Some(partner_key)).code, 0);
    asking.answer("y");
    let run = asking.end();
    assert_eq!(
        (run.code, on.sandbox.billing_account_id()),
        (5, Some(delta))
    );
    let said = format!(
        "nothing was linked: another link was made since that was shown, by which account {delta} \
         (Delta Ltd) with billing account {PARENT} (Sandbox parent account) has paid until now \
         (entry 2); run the command again"
    );
    assert!(run.stderr.contains(&said), "{run:?}");

    // Who is shown it may do it, and it is no matter that the same link was made once more meanwhile.
    let mut asking = AtTerminal::start(on.program(&link));
    asking.wait_for_question();
    assert_eq!(link_by_hand(&on, Some(partner_key)).code, 0);
    asking.answer("y");
    assert_eq!(asking.end().code, 0);
    assert_eq!(on.sandbox.billing_account_id(), Some(PARENT));
}

#[test]
fn i8_a_partner_key_that_nobody_can_name_may_have_been_the_one_of_the_manifests() {
    let (on, delta) = linked_to_alpha();
    assert_eq!(link_by_hand(&on, None).code, 0);
    let plan = on.run(&["plan", "prices"]);
    assert_eq!(plan.code, 1, "{plan:?}");
    assert!(
        plan.stdout.contains(&format!(
            "account {delta} (Delta Ltd) with billing account {PARENT} (Sandbox parent account) may \
             have paid until now (entry 2)"
        )),
        "{plan:?}"
    );
    assert_eq!(on.run(&["apply", "prices", "--yes"]).code, 0);
    assert_eq!(on.sandbox.billing_account_id(), Some(PARENT));
    // Then it is known again.
    assert_eq!(on.run(&["plan", "prices"]).code, 0);
}

#[test]
fn a_link_with_another_partner_key_file_says_nothing_about_this_one() {
    let (on, _) = linked_to_alpha();
    for_the_owner_alone(
        &on.folder
            .write("other/partner.key", "ABCDEFGHIJ_of_nobody_1234567890"),
    );
    let refused = link_by_hand(&on, Some("other/partner.key"));
    assert_eq!(refused.code, 3, "{refused:?}");
    assert!(!refused.stdout.contains("until now"), "{refused:?}");
    let plan = on.run(&["plan", "prices"]);
    assert_eq!(plan.code, 0, "{plan:?}");
    assert!(plan.stdout.contains("linked before (entry 1)"), "{plan:?}");
}

#[test]
fn i8_the_same_partner_key_in_another_file_is_the_same_partner_account() {
    use std::path::Path;

    let copied = |from: &Path, to: &Path| assert!(fs::copy(from, to).is_ok());
    #[cfg(unix)]
    let linked = |from: &Path, to: &Path| std::os::unix::fs::symlink(from, to).unwrap();
    #[cfg(not(unix))]
    let linked = copied;
    for make in [&copied as &dyn Fn(&Path, &Path), &linked] {
        let (on, delta) = linked_to_alpha();
        let path = |name| on.folder.path().join(name);
        make(&path("prices/keys/partner.key"), &path("acme-partner.key"));
        let by_hand = link_by_hand(&on, Some("acme-partner.key"));
        assert_eq!(by_hand.code, 0, "{by_hand:?}");
        assert!(
            by_hand.stdout.contains("has paid until now (entry 1)"),
            "{by_hand:?}"
        );
        assert_eq!(on.sandbox.billing_account_id(), Some(delta));
        let plan = on.run(&["plan", "prices"]);
        assert_eq!(plan.code, 1, "{plan:?}");
        assert!(
            plan.stdout.contains("has paid until now (entry 2)"),
            "{plan:?}"
        );
        assert_eq!(on.run(&["apply", "prices", "--yes"]).code, 0);
        assert_eq!(on.sandbox.billing_account_id(), Some(PARENT));
        assert_eq!(on.run(&["plan", "prices"]).code, 0);
        // Neither is a key that comes from elsewhere another one.
        let by_hand = link_by_hand(&on, None);
        assert!(
            by_hand.stdout.contains("has paid until now (entry 3)"),
            "{by_hand:?}"
        );
        no_file_but_these_has_the_key(&on);
    }
}

/// It is compared, and written nowhere.
fn no_file_but_these_has_the_key(on: &OnSandbox) {
    let ledger = "home/.local/state/digicert/ledger.sqlite";
    for file in [ledger.to_owned(), format!("{ledger}-wal")] {
        let content = fs::read(on.folder.path().join(file)).unwrap_or_default();
        let key = on.partner_key().as_bytes();
        assert!(!content.windows(key.len()).any(|window| window == key));
    }
}

#[test]
fn i8_a_checkout_in_another_folder_may_have_the_same_partner_key() {
    let (on, delta) = linked_to_alpha();
    fs::create_dir_all(on.folder.path().join("checkout")).unwrap();
    let copy = on.folder.path().join("checkout/partner.key");
    fs::copy(on.folder.path().join("prices/keys/partner.key"), &copy).unwrap();
    assert_eq!(link_by_hand(&on, Some("checkout/partner.key")).code, 0);
    fs::remove_file(copy).unwrap();
    let plan = on.run(&["plan", "prices"]);
    assert!(
        plan.stdout.contains(&format!(
            "account {delta} (Delta Ltd) with billing account {PARENT} (Sandbox parent account) may \
             have paid until now (entry 2)"
        )),
        "{plan:?}"
    );
}

#[test]
fn billing_link_twice_from_one_place_says_who_may_have_paid() {
    let on = OnSandbox::new();
    on.key_file("alpha.key");
    let managed = request("Delta Ltd", SubaccountType::Managed);
    let delta = on
        .block_on(on.client().create_subaccount(&managed))
        .unwrap();
    let key = delta.api_key.unwrap();
    for_the_owner_alone(&on.folder.write("delta.key", key.expose_secret()));
    let link = ["billing", "link", "--yes", "--format", "json"];
    let first = on.run(&[&link[..], &["--api-key-file", "alpha.key"]].concat());
    assert_eq!(first.json()["paid_before"], serde_json::Value::Null);
    let second = run(&mut on.program(&[&link[..], &["--api-key-file", "delta.key"]].concat()));
    let paid = &second.json()["paid_before"];
    assert_eq!(
        (&paid["pays"]["id"], &paid["is_known"]),
        (&PARENT.into(), &false.into()),
        "{second:?}"
    );
    assert!(
        second.stderr.contains("may have paid until now (entry 1)"),
        "{second:?}"
    );
}
