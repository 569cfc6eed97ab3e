//! What requests and facts are recognized by.

use crate::journal::{Digest, RequestError};

/// The room for the content of an ordinary request or fact; what is longer gets room of its own.
const SHORT: usize = 192;

pub(super) fn fingerprint(content: &impl serde::Serialize) -> Result<Digest, RequestError> {
    encoded(content, Digest::of_content)
}

/// A digest of what a content is encoded as.
pub(super) fn encoded(
    content: &impl serde::Serialize,
    digest: impl Fn(&[u8]) -> Digest,
) -> Result<Digest, RequestError> {
    let mut short = [0; SHORT];
    if let Ok(bytes) = postcard::to_slice(content, &mut short) {
        return Ok(digest(bytes));
    }
    let long = postcard::to_stdvec(content).map_err(|_| RequestError::Unencodable)?;
    Ok(digest(&long))
}
