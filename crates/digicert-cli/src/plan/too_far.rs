//! Prices that move by more than a plan lets pass: each once, however many subaccounts share its book,
//! with the factor that would let it.

use std::collections::HashMap;

use digicert_types::Amount;

use super::render::counted;
use super::thresholds::Thresholds;
use crate::price_change::PriceChange;
use crate::price_change::render::{shown, years};

/// What has been seen so far.
#[derive(Debug, Default)]
pub(super) struct TooFar {
    moves: Vec<Move>,
    /// Where a move stands among them.
    known: HashMap<String, usize>,
}

/// One price, from what to what.
#[derive(Debug)]
struct Move {
    sentence: String,
    /// In tenths, rounded up; `None` if it has no room.
    tenths: Option<i128>,
    first: String,
    subaccounts: usize,
}

impl TooFar {
    /// Looks at the change of a subaccount.
    pub(super) fn add(&mut self, thresholds: &Thresholds, subaccount: &str, change: &PriceChange) {
        let currency = change.currency.as_ref();
        if currency.is_some_and(|currency| currency.from.is_some()) {
            // Amounts of two currencies cannot be compared. One that is not reported until now says
            // nothing of another one.
            return;
        }
        for product in &change.products {
            for price in &product.prices {
                let (Some(from), Some(to)) = (price.from, price.to) else {
                    continue;
                };
                let (low, high) = if from < to { (from, to) } else { (to, from) };
                if !thresholds.is_exceeded(low, high) {
                    continue;
                }
                let sentence = format!(
                    "`{}` of `{}` for {} goes from {from} to {to}",
                    price.field.field(),
                    shown(&product.product_name_id),
                    years(price.lifetime),
                );
                self.count(sentence, subaccount, tenths(low, high));
            }
        }
    }

    fn count(&mut self, sentence: String, subaccount: &str, tenths: Option<i128>) {
        if let Some(seen) = self
            .known
            .get(&sentence)
            .and_then(|at| self.moves.get_mut(*at))
        {
            seen.subaccounts += 1;
            return;
        }
        self.known.insert(sentence.clone(), self.moves.len());
        self.moves.push(Move {
            sentence,
            tenths,
            first: subaccount.to_owned(),
            subaccounts: 1,
        });
    }

    /// Why they refuse the plan, the widest first: its factor lets the others, too.
    pub(super) fn refusals(mut self, thresholds: &Thresholds) -> Vec<String> {
        self.moves
            .sort_by_key(|price| std::cmp::Reverse(price.tenths.unwrap_or(i128::MAX)));
        let most = thresholds.max_price_factor;
        let refusal = |price: &Move| {
            let sentence = &price.sentence;
            let what = match price.subaccounts {
                1 => format!("{}: {sentence}", price.first),
                many => format!("{sentence} in {}", counted(many, "subaccount")),
            };
            let factor = match price.tenths {
                Some(tenths) if tenths % 10 == 0 => format!("--max-price-factor {}", tenths / 10),
                Some(tenths) => format!("--max-price-factor {}.{}", tenths / 10, tenths % 10),
                None => "a higher --max-price-factor".to_owned(),
            };
            format!("{what}, more than {most} times; {factor} lets it")
        };
        self.moves.iter().map(refusal).collect()
    }
}

/// The factor between two amounts in tenths, rounded up. Nothing overflows: an amount has at most 15
/// digits.
fn tenths(low: Amount, high: Amount) -> Option<i128> {
    let power = |scale: u8| 10_i128.checked_pow(u32::from(scale));
    let above = i128::from(high.mantissa())
        .checked_mul(power(low.scale())?)?
        .checked_mul(10)?;
    let below = i128::from(low.mantissa()).checked_mul(power(high.scale())?)?;
    let factor = above.checked_add(below - 1)?.checked_div(below)?;
    // What an option can be given.
    (factor < 10_000_000_000).then_some(factor)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_factor_is_the_least_with_one_decimal_that_lets_it() {
        for (low, high, expected) in [
            ("488.22", "1900", Some(39)),
            ("100", "400", Some(40)),
            ("100", "300.01", Some(31)),
            ("0.000000000000001", "999999999999999", None),
        ] {
            let amount = |text: &str| text.parse::<Amount>().unwrap();
            assert_eq!(tenths(amount(low), amount(high)), expected, "{low} {high}");
        }
    }
}
