//! `digicert billing link`: who would pay is shown before anything is linked.

use digicert_sandbox::{Fault, Operation};

use crate::apply::count;
use crate::in_between::{InBetween, Play};
use crate::on_sandbox::{OnSandbox, for_the_owner_alone, settled};
use crate::program::run;

const LINK: [&str; 3] = ["billing", "link", "--yes"];

#[test]
fn billing_link_shows_which_accounts_the_keys_belong_to() {
    let test = OnSandbox::new();
    test.key_file("certcentral.key");
    let run = test.run(&[
        "billing",
        "link",
        "--yes",
        "--api-key-file",
        "certcentral.key",
    ]);
    insta::assert_snapshot!("billing_link", settled(&run.stdout));
    assert_eq!((run.code, run.stderr.as_str()), (0, ""));
    assert_eq!(test.sandbox.billing_account_id(), Some(1_122_331));
    let history = test.run(&["history", "--format", "json"]).json();
    let entry = &history["entries"][0];
    assert_eq!(
        (&entry["action"], &entry["state"]),
        (&"link-billing-account".into(), &"done".into())
    );
    assert_eq!(entry["account_id"], 1_122_331);
    assert_eq!(
        entry["detail"]["partner_key_from"],
        "the environment variable DIGICERT_PARTNER_API_KEY"
    );
}

#[test]
fn billing_link_as_json() {
    let test = OnSandbox::new();
    let run = test.run(&[&LINK[..], &["--format", "json"]].concat());
    let json = run.json();
    assert_eq!(
        (&json["format_version"], &json["result"]),
        (&1.into(), &"linked".into())
    );
    assert_eq!(json["certcentral_account"]["id"], 1_122_331);
    assert_eq!(
        json["partner_account"]["key_from"],
        "the environment variable DIGICERT_PARTNER_API_KEY"
    );
    assert!(run.stderr.contains("no call tells which it is"), "{run:?}");
    for key in [test.certcentral_key(), test.partner_key()] {
        assert!(!run.stdout.contains(key) && !run.stderr.contains(key));
    }
}

#[test]
fn i8_nothing_is_linked_without_an_answer() {
    let test = OnSandbox::new();
    let run = test.run(&["billing", "link"]);
    assert_eq!(run.code, 5, "{run:?}");
    assert!(
        run.stdout.contains("CertCentral account 1122331"),
        "{run:?}"
    );
    assert_eq!(test.sandbox.billing_account_id(), None);
    assert_eq!(test.run(&["history"]).stdout, "No entries.\n");
}

#[test]
fn keys_that_are_the_same_are_refused_before_anything_is_sent() {
    let test = OnSandbox::new();
    let mut command = test.program(&LINK);
    let run = run(command
        .env("DIGICERT_PARTNER_API_KEY", test.certcentral_key())
        .env("DIGICERT_ORIGIN", "http://127.0.0.1:1"));
    assert_eq!(run.code, 5, "{run:?}");
    assert!(run.stderr.contains("DC303 keys-identical"), "{run:?}");
    assert!(!run.stderr.contains(test.certcentral_key()));
}

#[test]
fn keys_that_are_swapped_are_refused_and_said_to_be() {
    let test = OnSandbox::new();
    let swapped = [
        ("certcentral", test.partner_key()),
        ("partner", test.certcentral_key()),
    ];
    for (name, key) in swapped {
        for_the_owner_alone(&test.folder.write(name, key));
    }
    let run = test.run(
        &[
            &LINK[..],
            &[
                "--api-key-file",
                "certcentral",
                "--partner-api-key-file",
                "partner",
            ],
        ]
        .concat(),
    );
    assert_eq!(run.code, 3, "{run:?}");
    assert!(run.stderr.contains("Were the two keys swapped?"), "{run:?}");
    assert_eq!(test.sandbox.billing_account_id(), None);
}

#[test]
fn a_refusal_of_the_link_is_3_and_in_the_ledger() {
    let test = OnSandbox::new();
    let run = run(test
        .program(&LINK)
        .env("DIGICERT_PARTNER_API_KEY", "another-key"));
    assert_eq!(run.code, 3, "{run:?}");
    for part in ["X-PARTNER-APIKEY", "; nothing was linked\n"] {
        assert!(run.stderr.contains(part), "{run:?}");
    }
    let history = test.run(&["history", "--format", "json"]).json();
    assert_eq!(history["entries"][0]["state"], "refused");
}

#[test]
fn the_europe_that_the_partner_api_does_not_have_is_refused() {
    let test = OnSandbox::new();
    let run = run(test
        .program(&[&LINK[..], &["--region", "eu"]].concat())
        .env_remove("DIGICERT_ORIGIN"));
    assert_eq!(run.code, 2, "{run:?}");
    assert!(run.stderr.contains("region us only"), "{run:?}");
}

#[test]
fn a_link_is_tried_again_and_what_may_have_been_made_is_not_said_to_be_refused() {
    let once = |status| Fault::status(status).on(Operation::LinkBillingAccount);
    for (then, code, result) in [(None, 0, "linked"), (Some(400), 4, "unknown")] {
        let test = OnSandbox::new();
        test.sandbox.faults().add(once(503).nth(1)).unwrap();
        if let Some(status) = then {
            test.sandbox.faults().add(once(status).nth(2)).unwrap();
        }
        let run = test.run(&[&LINK[..], &["--format", "json"]].concat());
        assert_eq!(
            (run.code, &run.json()["result"]),
            (code, &result.into()),
            "{run:?}"
        );
        assert_eq!(count(&test, Operation::LinkBillingAccount), 2);
        let message = run.json()["message"].to_string();
        assert_eq!(
            message.contains("when it was sent again"),
            code == 4,
            "{message}"
        );
    }
}

#[test]
fn more_than_a_minute_is_not_waited_for() {
    let test = OnSandbox::new();
    let busy = Fault::status(429).retry_after(61);
    test.sandbox
        .faults()
        .add(busy.on(Operation::LinkBillingAccount))
        .unwrap();
    let run = test.run(&LINK);
    assert_eq!(run.code, 3, "{run:?}");
    let said = "more than a minute is not waited, so it was not sent again; nothing was linked\n";
    assert!(run.stderr.contains(said), "{run:?}");
    assert_eq!(count(&test, Operation::LinkBillingAccount), 1);
}

#[test]
fn i8_who_is_billed_by_now_is_looked_at_right_before_the_link() {
    let test = OnSandbox::new();
    let service = InBetween::before(test.sandbox.origin(), Play::BilledTo(vec![5, 666]));
    let link = [&LINK[..], &["--format", "json"]].concat();
    let run = run(&mut test.program_past(&service, &link));
    let json = run.json();
    assert_eq!(
        (run.code, &json["result"], &json["entry"]),
        (5, &"stale".into(), &1.into()),
        "{run:?}"
    );
    let message = json["message"].as_str().unwrap();
    assert!(
        message.contains("billing account 666 (Payer 666) would pay")
            && message.contains("billing account 5 (Payer 5)"),
        "{message}"
    );
    assert_eq!(count(&test, Operation::LinkBillingAccount), 0);
    let history = test.run(&["history", "--format", "json"]).json();
    assert_eq!(history["entries"][0]["state"], "not-sent", "{history}");
}

#[test]
fn i8_a_plan_links_nobody_who_is_billed_to_another_account_than_it_shows() {
    let test = OnSandbox::new();
    for (name, key) in [
        ("a.key", test.certcentral_key()),
        ("partner.key", test.partner_key()),
    ] {
        for_the_owner_alone(&test.folder.write(name, key));
    }
    test.folder.write(
        "prices/links.yaml",
        "format_version: 1\nbilling_links:\n  \
         - {partner_api_key_file: ../partner.key, api_key_file: ../a.key}\n",
    );
    let service = InBetween::before(test.sandbox.origin(), Play::BilledTo(vec![5]));
    let past = |arguments: &[&str]| run(&mut test.program_past(&service, arguments));
    let plan = ["plan", "prices", "--out", "plan.json"];
    assert_eq!(past(&plan).code, 1);
    // Before it is begun, and right before it is linked. `apply` reads the account of the plan first.
    for billed in [vec![666], vec![5, 5, 666]] {
        service.play(Play::BilledTo(billed));
        let applied = past(&["apply", "plan.json", "--yes"]);
        assert_eq!(applied.code, 5, "{applied:?}");
        assert!(
            applied.stdout.contains("billing account 666"),
            "{applied:?}"
        );
        assert_eq!(count(&test, Operation::LinkBillingAccount), 0);
    }
    service.play(Play::BilledTo(vec![5]));
    assert_eq!(past(&["apply", "plan.json", "--yes"]).code, 0);
    assert_eq!(past(&plan).code, 0);
    // What was linked was that of the other payer.
    service.play(Play::BilledTo(vec![777]));
    let plan = past(&plan);
    assert_eq!(plan.code, 1, "{plan:?}");
    assert!(
        plan.stdout.contains("billing account 5 (Payer 5) has paid"),
        "{plan:?}"
    );
}
