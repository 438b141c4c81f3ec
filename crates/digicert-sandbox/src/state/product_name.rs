//! Display names of products, where a page of DigiCert shows one.
//!
//! Names change, identifiers do not; a product that is missing here is as good as any other.

/// The name that the service shows for a product.
///
/// From the samples of the set products page and the list products page, from the product list
/// page, and from the titles of the order pages.
pub(crate) fn documented(product_name_id: &str) -> Option<&'static str> {
    Some(match product_name_id {
        "cloud_dv_geotrust" => "GeoTrust Cloud DV",
        "code_signing" => "Code Signing",
        "code_signing_ev" => "EV Code Signing",
        "ssl_dv_geotrust" => "GeoTrust Standard DV SSL Certificate",
        "ssl_dv_geotrust_flex" => "GeoTrust DV SSL",
        "ssl_dv_rapidssl" => "RapidSSL Standard DV SSL Certificate",
        "ssl_ev_multi_domain" => "EV Multi-Domain",
        "ssl_ev_plus" => "EV SSL",
        "ssl_ev_securesite_flex" => "Secure Site EV",
        "ssl_ev_securesite_pro" => "Secure Site Pro EV SSL",
        "ssl_multi_domain" => "Multi-Domain SSL",
        "ssl_plus" => "Standard SSL",
        "ssl_securesite_flex" => "Secure Site OV",
        "ssl_securesite_pro" => "Secure Site Pro SSL",
        "ssl_wildcard" => "WildCard",
        "wildcard_dv_geotrust" => "GeoTrust Wildcard DV SSL Certificate",
        "wildcard_dv_rapidssl" => "RapidSSL Wildcard DV SSL Certificate",
        _ => return None,
    })
}
