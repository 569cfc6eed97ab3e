//! The files that documents come in.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::UnknownWord;

words! {
    /// What a file was uploaded for.
    FilePurpose, "a purpose of a file":
    "account_requirement" AccountRequirement "whatever else is asked of an account",
    "additional_verification" AdditionalVerification "what a company, or an address, is shown by",
    "identity_document" IdentityDocument "what a person is shown by",
}

words! {
    /// What sort of file it is.
    FileType, "a type of file":
    "jpeg" Jpeg,
    "pdf" Pdf,
    "png" Png,
}
