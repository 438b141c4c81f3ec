//! Any state to any other and back, on a sandbox.

use std::time::Duration;

use digicert_client::certcentral::Client;
use digicert_client::{RateLimits, RetryPolicy};
use digicert_sandbox::Sandbox;
use digicert_types::certcentral::{
    CreateSubaccountRequest, NewOrganization, NewUser, SubaccountType,
};
use proptest::prelude::*;
use tempfile::TempDir;

use super::{FormerStatePlace, PriceSetting, Seen, Set, SettingEnd};
use crate::ledger::{EndingKind, Filter, Ledger};
use crate::price_change::samples::{live, sound_state};
use crate::price_change::{LiveState, PriceChange, fingerprint, former_state};
use crate::stop::Stop;

struct Test {
    client: Client,
    id: i64,
    ledger: Ledger,
    _folder: TempDir,
    // Stops when it is dropped.
    _sandbox: Sandbox,
}

impl Test {
    async fn start() -> Self {
        let sandbox = Sandbox::start().await.unwrap();
        let client = Client::builder(sandbox.certcentral_key())
            .origin(sandbox.origin())
            .rate_limits(RateLimits::none())
            .retry(RetryPolicy::off())
            .build()
            .unwrap();
        let created = client.create_subaccount(&creation()).await.unwrap();
        let folder = tempfile::tempdir().unwrap();
        Self {
            client,
            id: created.id.unwrap(),
            ledger: Ledger::open(&folder.path().join("ledger.sqlite")).unwrap(),
            _folder: folder,
            _sandbox: sandbox,
        }
    }

    async fn live(&self) -> LiveState {
        let live = self.client.list_subaccount_products(self.id).await;
        live.unwrap().try_into().unwrap()
    }

    /// Sets what makes the subaccount like this state; gives the state that it had.
    async fn set(&self, like: &LiveState) -> (Set, LiveState) {
        let (request, shown) = (former_state(like), self.live().await);
        let setting = PriceSetting {
            origin: "http://127.0.0.1",
            subaccount_id: self.id,
            subaccount_name: None,
            request: &request,
            change: &PriceChange::of(&shown, &request, None),
            shown: &shown,
            former_state: FormerStatePlace::beside(self.ledger.path()),
            part_of: None,
            stop: &Stop::default(),
            patience: Duration::ZERO,
        };
        let set = setting.set(&self.client, &self.ledger).await.unwrap();
        (set, shown)
    }
}

fn creation() -> CreateSubaccountRequest {
    let user = NewUser::builder()
        .first_name("Rita")
        .last_name("Example")
        .email("rita@example.com")
        .build();
    let organization = NewOrganization::builder()
        .name("Example Company")
        .address("1 Example Street")
        .zip("43604")
        .city("Toledo")
        .state("OH")
        .country("us")
        .build();
    CreateSubaccountRequest::builder()
        .account_type(SubaccountType::Retail)
        .allowed_grandchildren(Vec::new())
        .user(user)
        .organization(organization)
        .bill_parent(true)
        .build()
}

/// Runs a future to its end, with what it needs to talk to the network.
fn block_on<T>(future: impl Future<Output = T>) -> T {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build();
    runtime.unwrap().block_on(future)
}

fn is_fulfilled(result: &Set) -> bool {
    match result {
        Set::Sent(sent) => {
            sent.unrecorded.is_none() && matches!(sent.end, SettingEnd::Taken(Seen::Fulfilled(_)))
        }
        Set::Stale(_) => false,
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(16))]

    #[test]
    fn any_state_can_be_set_from_any_other_and_restored(
        first in sound_state(), second in sound_state()
    ) {
        let restored = block_on(async {
            let test = Test::start().await;
            let (result, _) = test.set(&first).await;
            prop_assert!(is_fulfilled(&result), "{result:?}");
            let (result, before) = test.set(&second).await;
            prop_assert!(is_fulfilled(&result), "{result:?}");
            let Set::Sent(sent) = result else { unreachable!("it was sent") };
            let kept = std::fs::read(&sent.former_state).unwrap();
            let request = serde_json::from_slice(&kept).unwrap();
            let restored = test.client.set_subaccount_products(test.id, &request).await;
            restored.unwrap();
            Ok((before, test.live().await))
        });
        let (before, after) = restored?;
        prop_assert_eq!(fingerprint(&before), fingerprint(&after));
    }
}

#[test]
fn i8_a_state_that_was_not_shown_is_not_touched() {
    block_on(async {
        let test = Test::start().await;
        let request = serde_json::from_str(r#"{"products": [{"product_name_id": "ssl_plus"}]}"#);
        let request = request.unwrap();
        let shown = test.live().await;
        // Somebody else comes first.
        let theirs = serde_json::from_str(r#"{"products": [{"product_name_id": "ssl_basic"}]}"#);
        let theirs = test
            .client
            .set_subaccount_products(test.id, &theirs.unwrap())
            .await;
        theirs.unwrap();
        let setting = PriceSetting {
            origin: "http://127.0.0.1",
            subaccount_id: test.id,
            subaccount_name: None,
            request: &request,
            change: &PriceChange::of(&shown, &request, None),
            shown: &shown,
            former_state: FormerStatePlace::beside(test.ledger.path()),
            part_of: Some("plan".to_owned()),
            stop: &Stop::default(),
            patience: Duration::ZERO,
        };
        let set = setting.set(&test.client, &test.ledger).await.unwrap();
        assert!(matches!(set, Set::Stale(_)), "{set:?}");
        let name_id = test.live().await.reported().products.as_ref().unwrap()[0]
            .product_name_id
            .clone();
        assert_eq!(name_id.as_deref(), Some("ssl_basic"));
        let entries = test.ledger.entries(&Filter::default()).unwrap();
        assert_eq!(entries.len(), 1);
        assert_eq!(entries[0].ending(), Some(EndingKind::NotDone));
    });
}

#[test]
fn an_entry_says_what_was_changed_and_where_the_former_state_is() {
    block_on(async {
        let test = Test::start().await;
        let like = r#"{"currency": "USD", "products": [{"product_name_id": "ssl_plus"}]}"#;
        let (result, shown) = test.set(&live(serde_json::from_str(like).unwrap())).await;
        let Set::Sent(sent) = result else {
            unreachable!("it was sent")
        };
        let entry = test.ledger.entry(sent.entry).unwrap().unwrap();
        assert_eq!(entry.ending(), Some(EndingKind::Done));
        assert_eq!(entry.subaccount_id, Some(test.id));
        assert_eq!(entry.summary, "1 product enabled");
        assert_eq!(
            entry.request.as_deref(),
            Some(like.replace(' ', "").as_str())
        );
        assert_eq!(
            entry.detail.text("former_state"),
            sent.former_state.to_str()
        );
        let former = entry.detail.text("former_fingerprint");
        assert_eq!(former, Some(fingerprint(&shown).as_str()));
    });
}
