//! The two API keys: their text comes out where it is asked for, and nowhere else (I2).

#![expect(clippy::unwrap_used, reason = "the helpers of tests are tests")]

use std::error::Error;
use std::fmt::Debug;
use std::panic::catch_unwind;

use digicert_types::{CertCentralApiKey, PartnerApiKey};
use serde::de::value::{
    Error as ValueError, I128Deserializer, StringDeserializer, U128Deserializer,
};
use serde::de::{DeserializeOwned, IntoDeserializer};
use serde::{Deserialize, Serialize};

/// Also a number, for the places where a number would be repeated.
const CANARY: &str = "31415926535";

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Keys {
    certcentral: CertCentralApiKey,
    partner: Option<PartnerApiKey>,
}

fn keys() -> Keys {
    Keys {
        certcentral: CertCentralApiKey::new(CANARY),
        partner: Some(PartnerApiKey::new(String::from(CANARY))),
    }
}

fn assert_hidden(text: &str) {
    assert!(!text.contains(CANARY), "found the key in: {text}");
}

#[test]
fn i2_debug_hides_the_text_and_its_length() {
    assert_eq!(
        format!("{:?}", keys().certcentral),
        "CertCentralApiKey(REDACTED)"
    );
    assert_eq!(
        format!("{:?}", keys().partner),
        "Some(PartnerApiKey(REDACTED))"
    );
    assert_hidden(&format!("{:#?}", keys()));
    assert_eq!(
        format!("{:?}", CertCentralApiKey::new("")),
        format!("{:#?}", CertCentralApiKey::new(CANARY)),
    );
}

#[test]
fn i2_panics_hide_the_text() {
    let panic = catch_unwind(|| {
        assert_eq!(
            keys(),
            Keys {
                partner: None,
                ..keys()
            }
        );
    });
    let payload = panic.unwrap_err();
    let message = payload.downcast_ref::<String>().unwrap();
    assert!(message.contains("CertCentralApiKey(REDACTED)"), "{message}");
    assert_hidden(message);
}

fn i2_errors_hide_the_text<T: Debug + DeserializeOwned>() {
    let wrong = [
        CANARY.to_owned(),
        format!("-{CANARY}"),
        format!("{CANARY}.5"),
        format!("{CANARY}{CANARY}{CANARY}"),
        format!("{CANARY}e400"),
        format!("[\"{CANARY}\"]"),
        format!("{{\"{CANARY}\":\"{CANARY}\"}}"),
        "true".to_owned(),
        "null".to_owned(),
        format!("\"{CANARY}"),
        format!("\"{CANARY}\\x\""),
        format!("\"{CANARY}\" {CANARY}"),
    ];
    for json in wrong {
        let text = serde_json::from_str::<T>(&json).unwrap_err();
        let reader = serde_json::from_reader::<_, T>(json.as_bytes()).unwrap_err();
        let tree = serde_json::from_str(&json).map(serde_json::from_value::<T>);
        for error in [text, reader]
            .into_iter()
            .chain(tree.ok().map(Result::unwrap_err))
        {
            assert_hidden(&format!("{error} {error:?} {:?}", error.source()));
        }
    }
    for wide in [
        T::deserialize(I128Deserializer::<ValueError>::new(CANARY.parse().unwrap())),
        T::deserialize(U128Deserializer::<ValueError>::new(CANARY.parse().unwrap())),
    ] {
        assert_hidden(&wide.unwrap_err().to_string());
    }
}

#[test]
fn i2_errors_hide_the_text_of_a_certcentral_key() {
    i2_errors_hide_the_text::<CertCentralApiKey>();
}

#[test]
fn i2_errors_hide_the_text_of_a_partner_key() {
    i2_errors_hide_the_text::<PartnerApiKey>();
}

#[test]
fn errors_say_what_was_found() {
    for (json, found) in [
        ("12", "integer"),
        ("-12", "integer"),
        ("1.5", "floating point number"),
        ("true", "boolean"),
        ("[]", "sequence"),
        ("{}", "map"),
        ("null", "null"),
    ] {
        let error = serde_json::from_str::<PartnerApiKey>(json)
            .unwrap_err()
            .to_string();
        let expected = format!("invalid type: {found}, expected the text of an API key");
        assert!(error.starts_with(&expected), "{json}: {error}");
    }
}

#[test]
fn the_text_is_kept_to_the_byte() {
    for text in ["", " ", CANARY, "with \"quotes\" and \\u0000 \u{0} é\n"] {
        let key = CertCentralApiKey::new(text);
        assert_eq!(key.expose_secret(), text);
        assert_eq!(key.is_empty(), text.is_empty());
        let json = serde_json::to_string(&key).unwrap();
        assert_eq!(json, serde_json::to_string(text).unwrap());
        assert_eq!(
            serde_json::from_str::<CertCentralApiKey>(&json).unwrap(),
            key
        );
        let value = serde_json::to_value(&key).unwrap();
        assert_eq!(
            serde_json::from_value::<CertCentralApiKey>(value).unwrap(),
            key
        );
        assert_eq!(
            PartnerApiKey::from(text),
            PartnerApiKey::from(text.to_owned())
        );
    }
}

#[test]
fn equality_is_by_the_whole_text() {
    let key = CertCentralApiKey::new(CANARY);
    assert_eq!(key, key.clone());
    for other in [
        "",
        "3",
        "31415926536",
        "41415926535",
        "314159265355",
        "3141592653",
    ] {
        assert_ne!(key, CertCentralApiKey::new(other));
    }
}

#[test]
fn i2_a_string_is_taken_over_without_a_copy() {
    let text = String::from(CANARY);
    let address = text.as_ptr();
    assert_eq!(
        CertCentralApiKey::new(text).expose_secret().as_ptr(),
        address
    );

    let text = String::from(CANARY);
    let address = text.as_ptr();
    let deserializer: StringDeserializer<ValueError> = text.into_deserializer();
    let key = PartnerApiKey::deserialize(deserializer).unwrap();
    assert_eq!(key.expose_secret().as_ptr(), address);
}

/// Reads its own memory as a file, since looking at memory that was given back takes `unsafe`.
#[cfg(target_os = "linux")]
#[test]
fn i2_memory_is_wiped_on_drop() {
    use std::os::unix::fs::FileExt;

    const KEY: &str = "wiped-when-dropped,";
    // Some containers hide it.
    let Ok(memory) = std::fs::File::open("/proc/self/mem") else {
        return;
    };
    let mut found = vec![0; KEY.len() * 20];
    let mut holds_key = |address: usize| {
        memory.read_exact_at(&mut found, address as u64).unwrap();
        found
            .windows(KEY.len())
            .any(|window| window == KEY.as_bytes())
    };
    let key = CertCentralApiKey::new(KEY.repeat(20));
    let address = key.expose_secret().as_ptr().addr();
    assert!(holds_key(address));
    drop(key);
    assert!(!holds_key(address));
}

#[cfg(feature = "schemars")]
#[test]
fn the_schema_is_a_password() {
    for schema in [
        schemars::schema_for!(CertCentralApiKey),
        schemars::schema_for!(PartnerApiKey),
    ] {
        assert_eq!(schema.get("type"), Some(&"string".into()));
        assert_eq!(schema.get("format"), Some(&"password".into()));
    }
}
