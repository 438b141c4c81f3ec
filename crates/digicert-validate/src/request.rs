//! What can be validated: the two requests with a body, and the pair of keys of a billing link.

use digicert_types::certcentral::{CreateSubaccountRequest, SetSubaccountProductsRequest};
use digicert_types::{CertCentralApiKey, PartnerApiKey};

use crate::context::Context;
use crate::findings::Findings;
use crate::generated::shapes;
use crate::order;
use crate::products;
use crate::registry;
use crate::report::Finding;

/// The two keys of a billing link, which has no body.
///
/// Pointers of its findings are `/partner_key` and `/certcentral_key`.
#[derive(Clone, Copy, Debug)]
pub struct BillingLink<'a> {
    /// The key in `X-PARTNER-APIKEY`: which Partner Subscriptions account gets the link.
    pub partner_key: &'a PartnerApiKey,
    /// The key in `X-DC-DEVKEY`: which billing account is linked.
    pub certcentral_key: &'a CertCentralApiKey,
}

/// A request that there are rules for.
pub trait Request: sealed::Sealed {}

impl Request for CreateSubaccountRequest {}
impl Request for SetSubaccountProductsRequest {}
impl Request for BillingLink<'_> {}

pub(crate) mod sealed {
    use super::{Context, Findings};
    use crate::report::Finding;

    pub trait Sealed {
        /// Puts findings into the order of the request's fields.
        fn sort(findings: &mut [Finding]);

        #[allow(private_interfaces, reason = "the trait is sealed")]
        fn run(&self, context: &Context, findings: &mut Findings<'_>);
    }
}

impl sealed::Sealed for CreateSubaccountRequest {
    fn sort(findings: &mut [Finding]) {
        order::by_fields(findings, &shapes::CREATE_SUBACCOUNT_REQUEST);
    }

    #[allow(private_interfaces, reason = "the trait is sealed")]
    fn run(&self, context: &Context, findings: &mut Findings<'_>) {
        for (_, check) in registry::CREATION {
            check(self, context, findings);
        }
    }
}

impl sealed::Sealed for SetSubaccountProductsRequest {
    fn sort(findings: &mut [Finding]) {
        order::by_fields(findings, &shapes::SET_SUBACCOUNT_PRODUCTS_REQUEST);
    }

    #[allow(private_interfaces, reason = "the trait is sealed")]
    fn run(&self, context: &Context, findings: &mut Findings<'_>) {
        for (_, check) in registry::PRODUCTS {
            check(self, context, findings);
        }
        products::walk(self, context, findings);
    }
}

impl sealed::Sealed for BillingLink<'_> {
    fn sort(findings: &mut [Finding]) {
        findings.sort_by_key(|finding| finding.pointer != "/partner_key");
    }

    #[allow(private_interfaces, reason = "the trait is sealed")]
    fn run(&self, _: &Context, findings: &mut Findings<'_>) {
        for (_, check) in registry::LINK {
            check(self, findings);
        }
    }
}
