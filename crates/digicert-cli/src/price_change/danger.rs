//! The changes that need a word of their own (I8). A word says one thing: there is none that allows
//! everything, and `--yes` allows none of them.

use std::fmt;

use serde::{Serialize, Serializer};

use super::render::{name, shown};
use super::{Kind, PriceChange, SettingChange};

/// Something that must not be done unless the user has said its word.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "danger", rename_all = "snake_case")]
pub(crate) enum Danger {
    /// Products are switched off.
    Disable {
        products: Vec<String>,
        /// How many are enabled now.
        live: usize,
    },
    /// The balance is set to 0 for good.
    CurrencyChange {
        #[serde(flatten)]
        change: SettingChange<String>,
        /// The service documents that it ignores the currency of a subaccount that pays for itself.
        self_billed: bool,
    },
    /// Prices move by a factor of ten or more, from or to 0, or from or to where nobody
    /// here knows.
    PriceJump {
        /// How many amounts do.
        prices: usize,
        /// Of which products.
        products: Vec<String>,
        /// Another method decides which prices hold at all.
        pricing_method: Option<SettingChange<String>>,
    },
}

/// The word that allows a danger.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Word {
    Disable,
    CurrencyChange,
    PriceJump,
}

impl Word {
    /// As an option of the command line.
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Disable => "--allow-disable",
            Self::CurrencyChange => "--allow-currency-change",
            Self::PriceJump => "--allow-price-jump",
        }
    }
}

impl fmt::Display for Word {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl Serialize for Word {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

/// What a subaccount has unless it is given another.
pub(super) const DEFAULT_CURRENCY: &str = "USD";

pub(super) fn of(change: &PriceChange) -> Vec<Danger> {
    [disable(change), currency_change(change), price_jump(change)]
        .into_iter()
        .flatten()
        .collect()
}

fn disable(change: &PriceChange) -> Option<Danger> {
    let disabled = change.of_kind(Kind::Disabled);
    let products: Vec<_> = disabled
        .map(|product| product.product_name_id.clone())
        .collect();
    let live = change.counts().live;
    (!products.is_empty()).then_some(Danger::Disable { products, live })
}

/// A subaccount without a currency has the one that the service documents as the default. A
/// self-billed subaccount keeps its own, if the service does what it documents; what cannot be
/// undone is not left to that.
fn currency_change(change: &PriceChange) -> Option<Danger> {
    let currency = change.currency.as_ref()?;
    let stays = currency.from.is_none() && currency.to == DEFAULT_CURRENCY;
    (!stays).then(|| Danger::CurrencyChange {
        change: currency.clone(),
        self_billed: change.self_billed,
    })
}

fn price_jump(change: &PriceChange) -> Option<Danger> {
    let jumping = change.products.iter();
    let jumping = jumping.filter(|product| product.jumps().next().is_some());
    let products: Vec<_> = jumping
        .map(|product| product.product_name_id.clone())
        .collect();
    let counts = change.counts();
    let stays_priced = counts.live > counts.disabled;
    let pricing_method = change.pricing_method.clone();
    let pricing_method = pricing_method.filter(|method| method.from.is_some() && stays_priced);
    if products.is_empty() && pricing_method.is_none() {
        return None;
    }
    Some(Danger::PriceJump {
        prices: counts.price_jumps,
        products,
        pricing_method,
    })
}

impl Danger {
    /// The word that allows it.
    pub(crate) fn word(&self) -> Word {
        match self {
            Self::Disable { .. } => Word::Disable,
            Self::CurrencyChange { .. } => Word::CurrencyChange,
            Self::PriceJump { .. } => Word::PriceJump,
        }
    }
}

/// What happens, in one line: begins in lower case, has no full stop.
impl fmt::Display for Danger {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Disable { products, live } if products.len() == *live => {
                write!(f, "every product is disabled: {}", list(products))
            }
            Self::Disable { products, live } => write!(
                f,
                "{} of {live} products {} disabled: {}",
                products.len(),
                are(products.len()),
                list(products)
            ),
            Self::CurrencyChange {
                change,
                self_billed,
            } => currency_in_words(change, *self_billed, f),
            Self::PriceJump {
                prices,
                products,
                pricing_method,
            } => {
                if let Some(SettingChange { from, to }) = pricing_method {
                    write!(
                        f,
                        "the pricing method changes from {} to {}, and with it which prices hold",
                        shown(from.as_deref().unwrap_or_default()),
                        shown(to)
                    )?;
                    if products.is_empty() {
                        return Ok(());
                    }
                    f.write_str("; ")?;
                }
                let (s, moves) = if *prices == 1 {
                    ("", "moves")
                } else {
                    ("s", "move")
                };
                write!(
                    f,
                    "{prices} price{s} {moves} by a factor of ten or more, from or to 0, or from \
                     or to a price that is not known: {}",
                    list(products)
                )
            }
        }
    }
}

fn currency_in_words(
    change: &SettingChange<String>,
    self_billed: bool,
    f: &mut fmt::Formatter<'_>,
) -> fmt::Result {
    let from = change.from.as_deref();
    let from = from.map_or("one that is not reported".into(), shown);
    let to = shown(&change.to);
    if self_billed {
        return write!(
            f,
            "the file asks for {to} in place of {from}; DigiCert documents that this is ignored for \
             a subaccount that pays for itself, and that it sets the balance of others to 0; \
             without `currency` in the file there is nothing to allow"
        );
    }
    write!(
        f,
        "the currency changes from {from} to {to}, which sets the balance to 0 and cannot be undone"
    )
}

fn are(count: usize) -> &'static str {
    if count == 1 { "is" } else { "are" }
}

/// The first few, and how many more.
pub(super) fn list(products: &[String]) -> String {
    const SHOWN: usize = 5;
    let names: Vec<_> = products.iter().take(SHOWN).map(|id| name(id)).collect();
    let names = names.join(", ");
    match products.len().saturating_sub(SHOWN) {
        0 => names,
        more => format!("{names} and {more} more"),
    }
}
