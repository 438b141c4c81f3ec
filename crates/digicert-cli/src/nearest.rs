//! What was probably meant by the name of a rule that does not exist.

use crate::failure::Failure;

/// There is no such rule; names the one of which it may be a slip.
pub(crate) fn unknown_rule(typed: &str) -> Failure {
    let rules = digicert_validate::rules();
    let names = rules.iter().flat_map(|rule| [rule.name, rule.code]);
    let meant = nearest(typed, names).map(|name| format!("did you mean `{name}`? "));
    let meant = meant.unwrap_or_default();
    Failure::new(format!(
        "there is no rule `{typed}`; {meant}`digicert rules` lists them all"
    ))
}

/// The known name that the typed one is a slip of, if it looks like one.
fn nearest<'a>(typed: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let typed = typed.to_lowercase();
    let slips = |name: &str| strsim::damerau_levenshtein(&typed, &name.to_lowercase());
    let (slips, name) = known.into_iter().map(|name| (slips(name), name)).min()?;
    (slips <= (name.len() / 3).max(1)).then_some(name)
}

#[cfg(test)]
mod tests {
    use super::nearest;

    #[test]
    fn a_slip_is_recognised_and_nonsense_is_not() {
        let known = ["price-jump", "price-defaults", "DC222"];
        assert_eq!(nearest("Price-Jmup", known), Some("price-jump"));
        assert_eq!(nearest("price-default", known), Some("price-defaults"));
        assert_eq!(nearest("dc22", known), Some("DC222"));
        assert_eq!(nearest("billing", known), None);
        assert_eq!(nearest("", known), None);
    }
}
