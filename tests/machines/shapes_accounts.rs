//! How further requests and reports about accounts look when they are written down.

use fundroute::accounts::{
    AccountToken, Authorize, CapabilityDisabledReason, CapabilityStopped, Information, InquiryChanged, InquiryState,
    Landing, NewAccount, NewPerson, RejectReason, RejectedByProcessor, Relationship, Review, ReviewClosed,
    ReviewOpened, ReviewOutcome,
};
use fundroute::ids::{AccountId, ApplicationId};
use fundroute::journal::{Fact, Report};
use fundroute::platform::{Command, Request};
use fundroute::rulebook::{AccountKind, Capability, Country, DocumentFile, FilePurpose, FileType, Impact, PersonRole};

use crate::scene::noon;
use crate::shapes::{check, variant};

#[test]
fn requests_and_reports_about_accounts() {
    let account = AccountId::from_host([1; 14]);
    let token = |text: &str| text.parse::<AccountToken>().unwrap();
    let file = DocumentFile::new(FilePurpose::IdentityDocument, FileType::Jpeg, 2_000_000).pixels(3_000, 2_000);
    let owner = Relationship::of([PersonRole::Owner]).owning(25);
    let commands = [
        Command::CreateAccount(NewAccount::at_home(AccountKind::Express)),
        Command::ProvideInformation(
            Information::about(account)
                .attach("individual.verification.document", "file_1", file)
                .sealed(token("ct_1"), ["individual.first_name", "tos_acceptance.date"]),
        ),
        Command::CreatePerson(NewPerson::new(account, owner).sealed(token("cpt_1"), ["first_name"])),
        Command::Authorize(
            Authorize::new_account(Country::US)
                .client_id(ApplicationId::from_host([9; 14]))
                .landing(Landing::Login)
                .always_prompt(),
        ),
    ];
    check("requests_accounts", &commands.map(|command| (variant(&command), Request::new("key-1", command))));
    let inquiry = "interv_1a2b.business_model_verification.form".parse().unwrap();
    let (capability, reason) = (Capability::CardPayments, CapabilityDisabledReason::PausedInactivity);
    let facts = [
        Fact::InquiryChanged(InquiryChanged {
            account,
            inquiry,
            state: InquiryState::Open,
            impact: Impact::Payouts,
            deadline: Some(noon()),
        }),
        Fact::CapabilityStopped(CapabilityStopped { account, capability, reason }),
        Fact::ReviewOpened(ReviewOpened { account, review: Review::Listed }),
        Fact::ReviewClosed(ReviewClosed { account, outcome: ReviewOutcome::Rejected(RejectReason::Credit) }),
        Fact::RejectedByProcessor(RejectedByProcessor { account, reason: RejectReason::IncompleteVerification }),
    ];
    check("reports_accounts", &facts.map(|fact| (variant(&fact), Report::new("evt_1", noon(), fact))));
}
