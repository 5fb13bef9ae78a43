//! Verification (核验): what is stored is read again and judged again.

use crate::{Address, Result};
use credence_domain::canonical::hex;

/// The digest of everything stored, in hexadecimal.
///
/// # Errors
/// When there is no register or something stored cannot be read.
pub fn state_digest(address: &Address) -> Result<String> {
    Ok(hex(&credence_store::digest::state(address.reader()?.connection())?))
}
