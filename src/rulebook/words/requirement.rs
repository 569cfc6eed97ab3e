//! What is asked of accounts, of whom, and what was wrong with the answer.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::UnknownWord;

words! {
    /// What kind of being an account is for.
    BusinessType, "a business type":
    "company" Company "a company, or a partnership",
    "government_entity" GovernmentEntity "a public body",
    "individual" Individual "a person, who may trade under a name",
    "non_profit" NonProfit "a charity or another body that makes no profit",
}

words! {
    /// How a field is verified by the outside world.
    Check, "a kind of check":
    "address" Address "that the person lives, or the company works, at the address",
    "address_document" AddressDocument "that a document shows the address",
    "bank_ownership" BankOwnership "that the bank account belongs to the account's owner",
    "company_document" CompanyDocument "that a document shows what the company says about itself",
    "document" Document "that a document shows who the person is",
    "identity" Identity "that there is such a person",
    "registry" Registry "that the public register says the same",
    "tax_id" TaxId "that the tax office knows the number under that name",
}

words! {
    /// What kind of legal entity a business is.
    CompanyStructure, "a company structure":
    "free_zone_establishment" FreeZoneEstablishment,
    "free_zone_llc" FreeZoneLlc,
    "government_instrumentality" GovernmentInstrumentality,
    "governmental_unit" GovernmentalUnit,
    "incorporated_non_profit" IncorporatedNonProfit,
    "incorporated_partnership" IncorporatedPartnership,
    "limited_liability_partnership" LimitedLiabilityPartnership,
    "llc" Llc,
    "multi_member_llc" MultiMemberLlc,
    "private_company" PrivateCompany,
    "private_corporation" PrivateCorporation,
    "private_partnership" PrivatePartnership,
    "public_company" PublicCompany,
    "public_corporation" PublicCorporation,
    "public_partnership" PublicPartnership,
    "registered_charity" RegisteredCharity,
    "single_member_llc" SingleMemberLlc,
    "sole_establishment" SoleEstablishment,
    "sole_proprietorship" SoleProprietorship,
    "tax_exempt_government_instrumentality" TaxExemptGovernmentInstrumentality,
    "trust" Trust,
    "unincorporated_association" UnincorporatedAssociation,
    "unincorporated_non_profit" UnincorporatedNonProfit,
    "unincorporated_partnership" UnincorporatedPartnership,
}

words! {
    /// How sure it is that a rule says what the field asks; the surer, the greater.
    Confidence, "a degree of confidence":
    "low" Low "read from the code of others, or inferred",
    "medium" Medium "from official prose",
    "high" High "from an official list or a recorded object",
}

words! {
    /// What the value of a field looks like.
    FieldFormat, "a format of a field":
    "amount" Amount "a whole number of minor units",
    "attestation" Attestation "`true`, and nothing else",
    "bank_account" BankAccount "what stands for a bank account or a debit card",
    "business_name" BusinessName "a name with a letter or a digit in it",
    "business_type" BusinessType "the word of a [`BusinessType`](crate::rulebook::BusinessType)",
    "city" City "a place",
    "company_structure" CompanyStructure "the word of a [`CompanyStructure`](crate::rulebook::CompanyStructure)",
    "country" Country "two letters of ISO 3166",
    "date_of_birth" DateOfBirth "`YYYY-MM-DD`, thirteen to 120 years ago",
    "description" Description "ten characters or more",
    "descriptor" Descriptor "what card statements show: 5 to 22 characters with a letter among them",
    "email" Email "an e-mail address",
    "file" File "`file_` and a name",
    "id_number" IdNumber "the number of a person with the state, by country",
    "ip_address" IpAddress "an address of the internet, of version 4 or 6",
    "last_4" Last4 "four digits",
    "mcc" Mcc "the four digits of a merchant category",
    "percent" Percent "0 to 100",
    "person" Person "what stands for a person",
    "phone" Phone "`+` and 7 to 15 digits, or the digits alone",
    "political_exposure" PoliticalExposure "`existing` or `none`",
    "postal_code" PostalCode "a postal code, by country",
    "registration_number" RegistrationNumber "the number in a register, by country",
    "state" State "a part of a country, by its letters where they are known",
    "street" Street "a street and a number",
    "tax_id" TaxId "the number of a business with the state, by country",
    "text" Text "up to 200 characters",
    "timestamp" Timestamp "seconds since 1970, not after tomorrow",
    "url" Url "a web address, with or without its scheme",
}

words! {
    /// What stops when the limit of a requirement is passed.
    Impact, "an impact":
    "both" Both "charges and payouts",
    "charges" Charges "new charges",
    "payouts" Payouts "payouts to the bank",
}

impl Impact {
    /// Whether new charges stop.
    #[must_use]
    pub const fn stops_charges(self) -> bool {
        matches!(self, Self::Both | Self::Charges)
    }

    /// Whether payouts stop.
    #[must_use]
    pub const fn stops_payouts(self) -> bool {
        matches!(self, Self::Both | Self::Payouts)
    }
}

words! {
    /// Whose field a requirement is about.
    ///
    /// ```
    /// use fundroute::rulebook::{Party, PersonRole, Subject};
    ///
    /// assert_eq!((Party::Owner.subject(), Party::Owner.role()), (Subject::Person, Some(PersonRole::Owner)));
    /// assert_eq!((Party::Individual.subject(), Party::Individual.role()), (Subject::Person, None));
    /// ```
    Party, "a party":
    "account" Account "the account itself",
    "company" Company "the legal entity",
    "director" Director "every director",
    "executive" Executive "every executive",
    "individual" Individual "the person that the account is for",
    "legal_guardian" LegalGuardian "the guardian of a representative who is a minor",
    "owner" Owner "every owner",
    "representative" Representative "the person who opens the account for a company",
}

impl Party {
    /// Which fields the party has.
    #[must_use]
    pub const fn subject(self) -> Subject {
        match self {
            Self::Account => Subject::Account,
            Self::Company => Subject::Company,
            Self::Director
            | Self::Executive
            | Self::Individual
            | Self::LegalGuardian
            | Self::Owner
            | Self::Representative => Subject::Person,
        }
    }

    /// The role in which a person of a company is meant. `None` for the account, the company, and the person that an account
    /// is for.
    #[must_use]
    pub const fn role(self) -> Option<PersonRole> {
        match self {
            Self::Director => Some(PersonRole::Director),
            Self::Executive => Some(PersonRole::Executive),
            Self::LegalGuardian => Some(PersonRole::LegalGuardian),
            Self::Owner => Some(PersonRole::Owner),
            Self::Representative => Some(PersonRole::Representative),
            Self::Account | Self::Company | Self::Individual => None,
        }
    }
}

words! {
    /// What a person is to the company. One person may be several of them.
    PersonRole, "a role of a person":
    "authorizer" Authorizer "allows the representative to act",
    "director" Director "sits on the board",
    "executive" Executive "has significant control",
    "legal_guardian" LegalGuardian "answers for a minor",
    "owner" Owner "owns a part that counts",
    "representative" Representative "opens the account and answers for it",
}

words! {
    /// Why an item has to be given again.
    RequirementErrorCode, "an error code of a requirement":
    "external_request" ExternalRequest,
    "information_missing" InformationMissing,
    "invalid_address_city_state_postal_code" InvalidAddressCityStatePostalCode,
    "invalid_address_cmra_address" InvalidAddressCmraAddress,
    "invalid_address_highway_contract_box" InvalidAddressHighwayContractBox,
    "invalid_address_private_mailbox" InvalidAddressPrivateMailbox,
    "invalid_address_registered_agent_address" InvalidAddressRegisteredAgentAddress,
    "invalid_business_profile_name" InvalidBusinessProfileName,
    "invalid_business_profile_name_denylisted" InvalidBusinessProfileNameDenylisted,
    "invalid_company_name_denylisted" InvalidCompanyNameDenylisted,
    "invalid_dob_age_over_maximum" InvalidDobAgeOverMaximum,
    "invalid_dob_age_under_18" InvalidDobAgeUnder18,
    "invalid_dob_age_under_minimum" InvalidDobAgeUnderMinimum,
    "invalid_product_description_length" InvalidProductDescriptionLength,
    "invalid_product_description_url_match" InvalidProductDescriptionUrlMatch,
    "invalid_representative_country" InvalidRepresentativeCountry,
    "invalid_signator" InvalidSignator,
    "invalid_statement_descriptor_business_mismatch" InvalidStatementDescriptorBusinessMismatch,
    "invalid_statement_descriptor_denylisted" InvalidStatementDescriptorDenylisted,
    "invalid_statement_descriptor_length" InvalidStatementDescriptorLength,
    "invalid_statement_descriptor_prefix_denylisted" InvalidStatementDescriptorPrefixDenylisted,
    "invalid_statement_descriptor_prefix_mismatch" InvalidStatementDescriptorPrefixMismatch,
    "invalid_street_address" InvalidStreetAddress,
    "invalid_tax_id" InvalidTaxId,
    "invalid_tax_id_format" InvalidTaxIdFormat,
    "invalid_tos_acceptance" InvalidTosAcceptance,
    "invalid_url_denylisted" InvalidUrlDenylisted,
    "invalid_url_format" InvalidUrlFormat,
    "invalid_url_length" InvalidUrlLength,
    "invalid_url_web_presence_detected" InvalidUrlWebPresenceDetected,
    "invalid_url_website_business_information_mismatch" InvalidUrlWebsiteBusinessInformationMismatch,
    "invalid_url_website_empty" InvalidUrlWebsiteEmpty,
    "invalid_url_website_inaccessible" InvalidUrlWebsiteInaccessible,
    "invalid_url_website_inaccessible_geoblocked" InvalidUrlWebsiteInaccessibleGeoblocked,
    "invalid_url_website_inaccessible_password_protected" InvalidUrlWebsiteInaccessiblePasswordProtected,
    "invalid_url_website_incomplete" InvalidUrlWebsiteIncomplete,
    "invalid_url_website_incomplete_cancellation_policy" InvalidUrlWebsiteIncompleteCancellationPolicy,
    "invalid_url_website_incomplete_customer_service_details" InvalidUrlWebsiteIncompleteCustomerServiceDetails,
    "invalid_url_website_incomplete_legal_restrictions" InvalidUrlWebsiteIncompleteLegalRestrictions,
    "invalid_url_website_incomplete_refund_policy" InvalidUrlWebsiteIncompleteRefundPolicy,
    "invalid_url_website_incomplete_return_policy" InvalidUrlWebsiteIncompleteReturnPolicy,
    "invalid_url_website_incomplete_terms_and_conditions" InvalidUrlWebsiteIncompleteTermsAndConditions,
    "invalid_url_website_incomplete_under_construction" InvalidUrlWebsiteIncompleteUnderConstruction,
    "invalid_url_website_other" InvalidUrlWebsiteOther,
    "invalid_value_other" InvalidValueOther,
    "unsupported_business_type" UnsupportedBusinessType,
    "verification_directors_mismatch" VerificationDirectorsMismatch,
    "verification_document_address_mismatch" VerificationDocumentAddressMismatch,
    "verification_document_address_missing" VerificationDocumentAddressMissing,
    "verification_document_corrupt" VerificationDocumentCorrupt,
    "verification_document_country_not_supported" VerificationDocumentCountryNotSupported,
    "verification_document_directors_mismatch" VerificationDocumentDirectorsMismatch,
    "verification_document_dob_mismatch" VerificationDocumentDobMismatch,
    "verification_document_duplicate_type" VerificationDocumentDuplicateType,
    "verification_document_expired" VerificationDocumentExpired,
    "verification_document_failed_copy" VerificationDocumentFailedCopy,
    "verification_document_failed_greyscale" VerificationDocumentFailedGreyscale,
    "verification_document_failed_other" VerificationDocumentFailedOther,
    "verification_document_failed_test_mode" VerificationDocumentFailedTestMode,
    "verification_document_fraudulent" VerificationDocumentFraudulent,
    "verification_document_id_number_mismatch" VerificationDocumentIdNumberMismatch,
    "verification_document_id_number_missing" VerificationDocumentIdNumberMissing,
    "verification_document_incomplete" VerificationDocumentIncomplete,
    "verification_document_invalid" VerificationDocumentInvalid,
    "verification_document_issue_or_expiry_date_missing" VerificationDocumentIssueOrExpiryDateMissing,
    "verification_document_manipulated" VerificationDocumentManipulated,
    "verification_document_missing_back" VerificationDocumentMissingBack,
    "verification_document_missing_front" VerificationDocumentMissingFront,
    "verification_document_name_mismatch" VerificationDocumentNameMismatch,
    "verification_document_name_missing" VerificationDocumentNameMissing,
    "verification_document_nationality_mismatch" VerificationDocumentNationalityMismatch,
    "verification_document_not_readable" VerificationDocumentNotReadable,
    "verification_document_not_signed" VerificationDocumentNotSigned,
    "verification_document_not_uploaded" VerificationDocumentNotUploaded,
    "verification_document_photo_mismatch" VerificationDocumentPhotoMismatch,
    "verification_document_too_large" VerificationDocumentTooLarge,
    "verification_document_type_not_supported" VerificationDocumentTypeNotSupported,
    "verification_extraneous_directors" VerificationExtraneousDirectors,
    "verification_failed_address_match" VerificationFailedAddressMatch,
    "verification_failed_authorizer_authority" VerificationFailedAuthorizerAuthority,
    "verification_failed_business_iec_number" VerificationFailedBusinessIecNumber,
    "verification_failed_document_match" VerificationFailedDocumentMatch,
    "verification_failed_id_number_match" VerificationFailedIdNumberMatch,
    "verification_failed_keyed_identity" VerificationFailedKeyedIdentity,
    "verification_failed_keyed_match" VerificationFailedKeyedMatch,
    "verification_failed_name_match" VerificationFailedNameMatch,
    "verification_failed_other" VerificationFailedOther,
    "verification_failed_representative_authority" VerificationFailedRepresentativeAuthority,
    "verification_failed_residential_address" VerificationFailedResidentialAddress,
    "verification_failed_tax_id_match" VerificationFailedTaxIdMatch,
    "verification_failed_tax_id_not_issued" VerificationFailedTaxIdNotIssued,
    "verification_legal_entity_structure_mismatch" VerificationLegalEntityStructureMismatch,
    "verification_missing_directors" VerificationMissingDirectors,
    "verification_missing_executives" VerificationMissingExecutives,
    "verification_missing_owners" VerificationMissingOwners,
    "verification_rejected_ownership_exemption_reason" VerificationRejectedOwnershipExemptionReason,
    "verification_requires_additional_memorandum_of_associations" VerificationRequiresAdditionalMemorandumOfAssociations,
    "verification_requires_additional_proof_of_registration" VerificationRequiresAdditionalProofOfRegistration,
    "verification_supportability" VerificationSupportability,
}

words! {
    /// From when on the days of a limit count.
    Since, "a beginning":
    "created" Created "the account was created",
    "first_charge" FirstCharge "its first charge succeeded",
    "unverified" Unverified "whoever or whatever it is about is there and not verified, or no longer",
}

words! {
    /// Which days a limit counts.
    DayUnit, "a unit of days":
    "business_days" BusinessDays "days on which the banks of the account's country are open",
    "days" Days "every day",
}

#[expect(clippy::derivable_impls, reason = "the words take no attributes of their own")]
impl Default for DayUnit {
    fn default() -> Self {
        Self::Days
    }
}

words! {
    /// What the limit of a requirement is about.
    Stage, "a stage of a requirement":
    "unprovided" Unprovided "the field is not given",
    "unverified" Unverified "the field is given, and not verified",
}

words! {
    /// Whose fields there are.
    Subject, "a subject":
    "account" Account,
    "company" Company,
    "person" Person,
}
