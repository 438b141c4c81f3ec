//! What the runtime knows of an operation. The constants are generated from the documents.

/// One operation of an API: its name, method and path as the OpenAPI document has them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct Operation {
    /// The `operationId`, such as `create_subaccount`.
    pub id: &'static str,
    /// The HTTP method, in capitals.
    pub method: &'static str,
    /// The path below the base URL, with parameters in braces.
    pub path: &'static str,
    /// The documented status of success. Any other 2xx is taken as success as well, because the
    /// documentation shows no status for some calls.
    pub success: u16,
}

impl Operation {
    pub(crate) const fn new(
        id: &'static str,
        method: &'static str,
        path: &'static str,
        success: u16,
    ) -> Self {
        Self {
            id,
            method,
            path,
            success,
        }
    }

    /// Whether sending the operation twice does the same as sending it once. Of HTTP's methods, all
    /// but `POST` promise that.
    #[must_use]
    pub fn is_idempotent(&self) -> bool {
        self.method != "POST"
    }

    /// Whether the operation only reads, so that nothing can have been changed by it.
    #[must_use]
    pub fn is_read(&self) -> bool {
        self.method == "GET"
    }
}
