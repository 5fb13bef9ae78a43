//! Notices: every kind has its words, in which nothing of a case has a place, and the clocks of cases are told to those who must act.

use crate::files::shipped;
use credence_domain::notice::{Audience, Facts, Kind, Matter, letter, words};
use credence_domain::rulebook::notice::{MAIL_PLACES, NO_SERVICE};
use jiff::civil::date;

#[test]
fn every_kind_has_words_that_say_what_it_is_and_what_it_is_not() {
    let rulebook = shipped();
    let facts =
        Facts {
            organisation: "云海示例有限公司", matter: Matter::Listing, number: "甲-1", due_on: "2026年5月13日"
        };
    for kind in Kind::ALL {
        let rule = rulebook.notices.get(kind.code()).and_then(|rule| rule.version_on(date(2026, 5, 6))).unwrap();
        let told = words(rule, &facts);
        assert!(told.title.contains("甲-1") && told.text.contains(NO_SERVICE), "{kind:?}");
        assert!(!told.title.contains('{') && !told.text.contains('{'), "{kind:?}");
        assert_eq!(told.title.contains("5月13日"), kind.has_day(), "{kind:?}");
        assert_eq!(rule.lead_working_days, kind.has_lead().then_some(2));
        assert!(rule.unverified, "that people are told is a setting of ours");
        let mail = letter(rule, "甲-1", "https://credit.example/account/notices");
        assert!(mail.subject.contains("甲-1") && mail.text.contains(NO_SERVICE), "{kind:?}");
        assert!(mail.text.contains("https://credit.example/account/notices"), "{kind:?}");
        let whole = format!("{}{}", mail.subject, mail.text);
        assert!(Matter::ALL.iter().all(|matter| !whole.contains(matter.name())), "{whole}");
    }
    assert_eq!(MAIL_PLACES, ["number", "page"]);
    assert_eq!(Kind::ALL.iter().filter(|kind| kind.audience() == Audience::Unit).count(), 2);
}
