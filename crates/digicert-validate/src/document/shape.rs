//! The shape of a request: its fields, in the order of the documentation. The tables themselves
//! are generated from the OpenAPI documents.

/// An object of a request.
#[derive(Debug)]
pub(crate) struct Object {
    /// The name of its schema.
    #[expect(dead_code, reason = "for the reader of the generated tables")]
    pub(crate) name: &'static str,
    /// Its fields.
    pub(crate) fields: &'static [Field],
}

/// One field of an object.
#[derive(Debug)]
pub(crate) struct Field {
    pub(crate) name: &'static str,
    pub(crate) required: bool,
    pub(crate) kind: Kind,
}

/// What a field holds.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Kind {
    /// A text of any content.
    Text,
    /// A text out of a closed set.
    OneOf(&'static [&'static str]),
    /// A whole number.
    Integer,
    /// A whole number, possibly in quotes.
    QuotableInteger,
    /// True or false.
    Flag,
    /// An amount of money.
    Money,
    /// An object.
    Object(&'static Object),
    /// A list, all of one kind.
    List(&'static Kind),
}
