//! DC108 `country-unknown`.

use digicert_types::certcentral::CreateSubaccountRequest;

use super::country_codes::COUNTRY_CODES;
use crate::context::Context;
use crate::findings::Findings;
use crate::rule::{CheckCreation, Rule as _, declare_rule};

/// What is often written, and what was meant.
const COMMON_SLIPS: [(&str, &str); 3] = [("UK", "GB"), ("EL", "GR"), ("USA", "US")];

/// A longer text is not quoted in a message.
const MAX_QUOTED_BYTES: usize = 60;

declare_rule! {
    /// ## What it checks
    ///
    /// `organization.country` is one of the 249 assigned country codes of two letters, ISO 3166-1
    /// alpha-2, in upper or lower case.
    ///
    /// An empty country is the business of `required-text-empty`.
    ///
    /// ## Why it matters
    ///
    /// The documentation gives no format, so this is a warning. But every sample has such a code
    /// (`US` in the request, `us` in the answer), and the organization is validated later, by
    /// people, against public records of that country.
    ///
    /// ## Examples
    ///
    /// ```json,rejected
    /// {"organization": {"country": "USA"}}
    /// ```
    ///
    /// ```json,rejected
    /// {"organization": {"country": "UK"}}
    /// ```
    ///
    /// ```json,accepted
    /// {"organization": {"country": "us"}}
    /// ```
    pub CountryUnknown {
        code: "DC108",
        name: "country-unknown",
        severity: Warning,
        source: "create samples; ISO 3166-1 for the codes; that nothing else is meant is our conclusion",
    }
}

impl CheckCreation for CountryUnknown {
    fn check(request: &CreateSubaccountRequest, _: &Context, findings: &mut Findings<'_>) {
        let country = request.organization.country.as_str();
        if is_assigned(country) || country.trim().is_empty() {
            return;
        }
        let message = if country.len() > MAX_QUOTED_BYTES {
            format!(
                "a text of {} bytes is not an ISO 3166-1 code of two letters",
                country.len()
            )
        } else {
            format!("{country:?} is not an ISO 3166-1 code of two letters")
        };
        let help = match meant(country.trim()) {
            Some(code) => format!("write `{code}`"),
            None => "write the two letters of the country, such as `US`".to_owned(),
        };
        findings.add(Self::INFO, "/organization/country", message, help);
    }
}

fn is_assigned(country: &str) -> bool {
    let [first, second] = country.as_bytes() else {
        return false;
    };
    let code = [first.to_ascii_uppercase(), second.to_ascii_uppercase()];
    COUNTRY_CODES
        .binary_search_by(|assigned| assigned.as_bytes().cmp(&code))
        .is_ok()
}

/// The code that was probably meant.
fn meant(trimmed: &str) -> Option<String> {
    if is_assigned(trimmed) {
        return Some(trimmed.to_ascii_uppercase());
    }
    let slip = COMMON_SLIPS
        .iter()
        .find(|(written, _)| written.eq_ignore_ascii_case(trimmed));
    slip.map(|(_, code)| (*code).to_owned())
}
