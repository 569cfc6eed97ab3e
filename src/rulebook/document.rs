//! What the files of documents have to be like.

use chrono::{Months, NaiveDate};
use serde::{Deserialize, Serialize};

use super::{Check, FilePurpose, FileType, RequirementErrorCode, Rulebook, RulebookError, Source, Table, table};

/// What a host knows of a file that is given as a document. What is left out is not looked at.
///
/// ```
/// use fundroute::rulebook::{Check, DocumentFile, FilePurpose, FileType, RequirementErrorCode, Rulebook};
///
/// let book = Rulebook::standard();
/// let today = "2026-11-22".parse()?;
/// let passport = DocumentFile::new(FilePurpose::IdentityDocument, FileType::Jpeg, 2_400_000);
/// assert_eq!(book.check_document(Check::Document, &passport.pixels(3_000, 2_000), today), Ok(()));
/// let scan = DocumentFile { file_type: FileType::Pdf, ..passport };
/// let refused = Err(RequirementErrorCode::VerificationDocumentTypeNotSupported);
/// assert_eq!(book.check_document(Check::Document, &scan, today), refused);
/// assert_eq!(book.check_document(Check::AddressDocument, &scan, today), Ok(()));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct DocumentFile {
    /// What it was uploaded for.
    pub purpose: FilePurpose,
    /// What sort of file it is.
    pub file_type: FileType,
    /// How large it is, in bytes.
    pub bytes: u64,
    /// How wide and how high a picture is, in pixels.
    pub pixels: Option<(u32, u32)>,
    /// Whether it is without colour.
    pub greyscale: bool,
    /// Whether it takes a password to open it.
    pub password_protected: bool,
    /// The day on which the document was issued.
    pub issued: Option<NaiveDate>,
}

impl DocumentFile {
    /// A file in colour that everybody can open.
    #[must_use]
    pub const fn new(purpose: FilePurpose, file_type: FileType, bytes: u64) -> Self {
        Self { purpose, file_type, bytes, pixels: None, greyscale: false, password_protected: false, issued: None }
    }

    /// The same, a picture of that width and height.
    #[must_use]
    pub const fn pixels(mut self, width: u32, height: u32) -> Self {
        self.pixels = Some((width, height));
        self
    }

    /// The same, of a document that was issued on that day.
    #[must_use]
    pub const fn issued(mut self, day: NaiveDate) -> Self {
        self.issued = Some(day);
        self
    }
}

/// What the files of one sort of document have to be like.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DocumentRule {
    purposes: Box<[FilePurpose]>,
    types: Box<[FileType]>,
    max_bytes: u64,
    max_pixels: u32,
    months: Option<u8>,
    source: Source,
}

impl DocumentRule {
    /// For what such files are uploaded.
    #[must_use]
    pub fn purposes(&self) -> &[FilePurpose] {
        &self.purposes
    }

    /// Which sorts of files there are.
    #[must_use]
    pub fn types(&self) -> &[FileType] {
        &self.types
    }

    /// How large a file can be, in bytes.
    #[must_use]
    pub const fn max_bytes(&self) -> u64 {
        self.max_bytes
    }

    /// How wide, and how high, a picture can be, in pixels.
    #[must_use]
    pub const fn max_pixels(&self) -> u32 {
        self.max_pixels
    }

    /// How many months ago the document was issued at the most.
    #[must_use]
    pub const fn months(&self) -> Option<u8> {
        self.months
    }

    /// Where the rule comes from.
    #[must_use]
    pub const fn source(&self) -> &Source {
        &self.source
    }

    // RULE: in colour, at most 8,000 by 8,000 pixels and 10 MB, JPEG or PNG and of addresses and companies PDF too, without a password, of
    // addresses no older than six months (docs.stripe.com/connect/handling-api-verification, 2024). Which code each has, and that of
    // several the first one counts, is our own reading: the page names the rules alone.
    fn check(&self, file: &DocumentFile, today: NaiveDate) -> Result<(), RequirementErrorCode> {
        use RequirementErrorCode as Code;
        let is_large = |(width, height): (u32, u32)| width.max(height) > self.max_pixels;
        let since = self.months.and_then(|months| today.checked_sub_months(Months::new(months.into())));
        let is_old = |issued: NaiveDate| since.is_some_and(|since| issued < since);
        if !self.purposes.contains(&file.purpose) {
            Err(Code::VerificationDocumentInvalid)
        } else if !self.types.contains(&file.file_type) {
            Err(Code::VerificationDocumentTypeNotSupported)
        } else if file.bytes > self.max_bytes || file.pixels.is_some_and(is_large) {
            Err(Code::VerificationDocumentTooLarge)
        } else if file.bytes == 0 {
            Err(Code::VerificationDocumentCorrupt)
        } else if file.password_protected {
            Err(Code::VerificationDocumentNotReadable)
        } else if file.greyscale {
            Err(Code::VerificationDocumentFailedGreyscale)
        } else if file.issued.is_some_and(is_old) {
            Err(Code::VerificationDocumentExpired)
        } else {
            Ok(())
        }
    }
}

/// Files of documents.
impl Rulebook {
    /// What the files of documents have to be like that a check is about. `None` for checks that look at no document.
    #[must_use]
    pub fn document_rule(&self, check: Check) -> Option<&DocumentRule> {
        self.0.documents.get(&check)
    }

    /// Whether a file can be a document that a check is about.
    ///
    /// # Errors
    ///
    /// What is wrong with it, as the field names it; [`RequirementErrorCode::VerificationDocumentInvalid`] too where the check looks at no
    /// document.
    pub fn check_document(
        &self,
        check: Check,
        file: &DocumentFile,
        today: NaiveDate,
    ) -> Result<(), RequirementErrorCode> {
        match self.document_rule(check) {
            Some(rule) => rule.check(file, today),
            None => Err(RequirementErrorCode::VerificationDocumentInvalid),
        }
    }

    pub(super) fn read_document_files(&mut self, csv: &str) -> Result<(), RulebookError> {
        let rules = table::read(Table::DocumentFiles, csv, Row::check)?;
        self.book_mut().documents.extend(rules);
        Ok(())
    }
}

/// A row of `document_files.csv`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Row {
    #[serde(deserialize_with = "table::parsed")]
    check: Check,
    purposes: String,
    types: String,
    max_bytes: u64,
    max_pixels: u32,
    months: Option<u8>,
    source: String,
    year: Option<u16>,
    note: Option<String>,
}

impl Row {
    fn check(self) -> Result<(Check, DocumentRule), String> {
        let (purposes, types) = (table::words(&self.purposes)?, table::words(&self.types)?);
        if purposes.is_empty() || types.is_empty() || self.max_bytes == 0 || self.max_pixels == 0 {
            return Err("no file could ever be like this".to_owned());
        }
        let rule = DocumentRule {
            purposes,
            types,
            max_bytes: self.max_bytes,
            max_pixels: self.max_pixels,
            months: self.months,
            source: Source::new(self.source, self.year, self.note),
        };
        Ok((self.check, rule))
    }
}
