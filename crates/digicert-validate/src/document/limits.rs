//! How much of a document is read. A document that anybody means is far below every limit; they
//! keep time and memory bounded whatever the bytes are.

/// The longest document, in bytes.
pub(crate) const MAX_BYTES: usize = 64 * 1024 * 1024;

/// How many objects and lists may stand in one another.
pub(crate) const MAX_DEPTH: usize = 128;

/// How many values a document may have, fields and list entries together.
pub(crate) const MAX_VALUES: usize = 100_000;

/// How many fields one object may have.
pub(crate) const MAX_FIELDS: usize = 1_000;

/// The longest name of a field, in bytes. Names are part of every pointer below them.
pub(crate) const MAX_NAME_BYTES: usize = 256;

/// How many findings of a document are reported.
pub(crate) const MAX_FINDINGS: usize = 1_000;

/// How many findings the rules may make before those without a cause in the document are sorted
/// out.
pub(crate) const MAX_RULE_FINDINGS: usize = 10_000;

/// How many values the aliases of a YAML document may repeat, all together.
pub(crate) const MAX_ALIASED_VALUES: usize = 10_000;

/// How many bytes of text the aliases of a YAML document may repeat, all together.
pub(crate) const MAX_ALIASED_BYTES: usize = 1024 * 1024;

/// How many punctuation marks that structure YAML a document may have. The YAML parser reads a
/// collection in brackets whole before it says anything about it.
pub(crate) const MAX_YAML_MARKS: usize = 500_000;

/// The longest document that is read without building a tree first. It is too short to reach
/// `MAX_VALUES`, so it need not be counted.
pub(crate) const MAX_FAST_BYTES: usize = 256 * 1024;
