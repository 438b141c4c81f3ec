//! The table of products against the documentation: every row of "Product-specific parameter
//! support" on the set products page, written down here a second time.

use digicert_validate::{Product, product, products};
use proptest::prelude::*;

const YES: bool = true;
const NO: bool = false;

/// Product name ID, whether it supports `additional_fqdn_cost`, whether it supports
/// `additional_wildcard_cost`.
const TABLE: [(&str, bool, bool); 65] = [
    ("ssl_cloud_wildcard", NO, YES),
    ("ssl_plus", NO, NO),
    ("ssl_multi_domain", YES, NO),
    ("ssl_wildcard", NO, YES),
    ("ssl_ev_plus", NO, NO),
    ("ssl_ev_multi_domain", YES, NO),
    ("private_ssl_multi_domain", YES, NO),
    ("private_ssl_plus", NO, NO),
    ("private_ssl_wildcard", NO, YES),
    ("client_digital_signature_plus", NO, NO),
    ("client_digital_signature_plus_ad", NO, NO),
    ("client_digital_signature_plus_sha2", NO, NO),
    ("client_email_security_plus", NO, NO),
    ("client_email_security_plus_ad", NO, NO),
    ("client_email_security_plus_sha2", NO, NO),
    ("client_authentication_plus", NO, NO),
    ("client_authentication_plus_ad", NO, NO),
    ("client_premium", NO, NO),
    ("client_premium_ad", NO, NO),
    ("client_premium_sha2", NO, NO),
    ("client_ltans_adobe_signing", NO, NO),
    ("client_timestamp_authority", NO, NO),
    ("private_client_premium", NO, NO),
    ("client_authentication_only", NO, NO),
    ("client_grid_premium", NO, NO),
    ("client_grid_robot_email", NO, NO),
    ("client_grid_robot_fqdn", NO, NO),
    ("client_grid_robot_name", NO, NO),
    ("grid_host_ssl", NO, NO),
    ("client_multi_name", NO, NO),
    ("grid_host_ssl_multi_domain", YES, NO),
    ("code_signing", NO, NO),
    ("code_signing_ev", NO, NO),
    ("document_signing_org_1", NO, NO),
    ("document_signing_org_2", NO, NO),
    ("document_signing_individual_1", NO, NO),
    ("document_signing_individual_2", NO, NO),
    ("client_authentication_only_non_repudiation", NO, NO),
    ("class1_smime", NO, NO),
    ("ssl_dv_geotrust", YES, NO),
    ("ssl_dv_rapidssl", NO, NO),
    ("ssl_ev_geotrust_truebizid", YES, NO),
    ("ssl_ev_thawte_webserver", YES, NO),
    ("ssl_geotrust_truebizid", YES, YES),
    ("client_premium_data_encipherment", NO, NO),
    ("client_premium_non_repudiation", NO, NO),
    ("ssl_thawte_webserver", YES, YES),
    ("wildcard_dv_geotrust", NO, YES),
    ("wildcard_dv_rapidssl", NO, NO),
    ("cloud_dv_geotrust", NO, YES),
    ("ssl_ev_securesite", NO, NO),
    ("ssl_ev_securesite_multi_domain", YES, NO),
    ("ssl_ev_securesite_pro", YES, NO),
    ("ssl_securesite", NO, NO),
    ("ssl_securesite_multi_domain", YES, NO),
    ("ssl_securesite_pro", YES, YES),
    ("ssl_securesite_wildcard", NO, YES),
    ("ssl_basic", YES, YES),
    ("ssl_ev_basic", YES, NO),
    ("ssl_securesite_flex", YES, YES),
    ("ssl_ev_securesite_flex", YES, NO),
    ("ssl_dv_thawte", YES, YES),
    ("ssl_dv_geotrust_flex", YES, YES),
    ("private_ssl_flex", YES, YES),
    ("ssl_dv_ee", YES, YES),
];

fn row(product: &Product) -> (&str, bool, bool) {
    (product.name_id, product.fqdn, product.wildcard)
}

#[test]
fn the_products_are_those_of_the_page_in_its_order() {
    let products: Vec<_> = products().iter().map(row).collect();
    assert_eq!(products, TABLE);
}

#[test]
fn every_product_is_found_by_its_identifier() {
    for expected in TABLE {
        assert_eq!(product(expected.0).map(row), Some(expected));
    }
}

#[test]
fn what_is_nearly_an_identifier_is_not_found() {
    for (name_id, ..) in TABLE {
        for near in [
            name_id.to_ascii_uppercase(),
            format!("{name_id} "),
            format!(" {name_id}"),
            format!("{name_id}_"),
            format!("{name_id}\0"),
            name_id[1..].to_owned(),
            name_id.replace('_', "-"),
        ] {
            assert_eq!(product(&near), None, "{near:?}");
        }
    }
    assert_eq!(product(""), None);
}

/// Any text, and texts made of pieces of identifiers, which are more likely to be taken for one.
fn identifiers() -> impl Strategy<Value = String> {
    let pieces: Vec<&str> = TABLE.iter().flat_map(|row| row.0.split('_')).collect();
    let joined = proptest::collection::vec(proptest::sample::select(pieces), 1..6);
    let known = proptest::sample::select(TABLE.map(|row| row.0.to_owned()).to_vec());
    prop_oneof![
        any::<String>(),
        joined.prop_map(|pieces| pieces.join("_")),
        known
    ]
}

proptest! {
    #[test]
    fn a_product_is_found_exactly_if_the_page_has_it(name_id in identifiers()) {
        let expected = TABLE.into_iter().find(|row| row.0 == name_id);
        prop_assert_eq!(product(&name_id).map(row), expected);
    }
}
