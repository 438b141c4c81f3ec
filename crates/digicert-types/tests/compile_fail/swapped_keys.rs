use digicert_types::{CertCentralApiKey, PartnerApiKey};

fn link(_partner: &PartnerApiKey, _billing: &CertCentralApiKey) {}

fn main() {
    let partner = PartnerApiKey::new("not-a-real-partner-key");
    let billing = CertCentralApiKey::new("not-a-real-key");
    link(&billing, &partner);
}
