//! What stands around every page: addresses of the assets, the banner of a demonstration, the search box of the header,
//! where the reader is, and large type for whoever asked for it.

use crate::AppState;
use crate::asset::{self, Addresses};
use axum::http::{HeaderMap, header};
use credence_domain::access::Role;
use jiff::civil::Date;

/// The one cookie there is, set only when a reader chooses large type.
pub(crate) const LARGE_TYPE: &str = "type=large";

/// A room of the portal, as the navigation names it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Place {
    /// Home and search.
    Search,
    /// Lists.
    Lists,
    /// The data list.
    DataList,
    /// Method of the evaluation.
    Method,
    /// About.
    About,
    /// None of them.
    #[default]
    Elsewhere,
}

/// The frame of a page.
#[derive(Default)]
pub(crate) struct Frame {
    pub(crate) assets: Addresses,
    /// A synthetic province: says so on every page.
    pub(crate) demonstration: bool,
    /// Reads were moved to this day.
    pub(crate) moved_to: Option<Date>,
    /// The search box stands in the page itself and not in the header.
    pub(crate) own_search: bool,
    /// Large type was chosen.
    pub(crate) large: bool,
    /// Where the reader is.
    pub(crate) place: Place,
    /// The reader speaks for organisations: his way back leads to their space, for the workbench is not his.
    pub(crate) party: bool,
}

impl Frame {
    /// The frame of an ordinary page on this day.
    pub(crate) fn of(state: &AppState, today: Date, asked: &HeaderMap, place: Place) -> Self {
        let moved_to = state.is_moved().then_some(today);
        Self { demonstration: state.is_demonstration(), moved_to, large: is_large(asked), place, ..Self::bare() }
    }

    /// The frame of a page of the workbench, for whoever is signed in.
    pub(crate) fn at_work(state: &AppState, asked: &HeaderMap, role: Role) -> Self {
        let party = role == Role::Organisation;
        Self { party, ..Self::of(state, state.view().today, asked, Place::Elsewhere) }
    }

    /// Address and name of the room from which the reader came.
    pub(crate) fn home(&self) -> (&'static str, &'static str) {
        if self.party { ("/workbench/own", "我的空间") } else { ("/workbench", "工作台") }
    }

    /// The frame where nothing can be asked: pages about errors.
    pub(crate) fn bare() -> Self {
        Self { assets: asset::addresses(), ..Self::default() }
    }

    /// The same with the search box in the page itself.
    pub(crate) fn with_own_search(self) -> Self {
        Self { own_search: true, ..self }
    }

    /// `aria-current` of a link in the navigation.
    fn current(&self, place: Place) -> &'static str {
        if self.place == place { " aria-current=\"page\"" } else { "" }
    }

    /// The navigation: address, name, mark of the current place.
    pub(crate) fn navigation(&self) -> [(&'static str, &'static str, &'static str); 5] {
        [
            ("/", "查询", self.current(Place::Search)),
            ("/lists", "公示名单", self.current(Place::Lists)),
            ("/data-list", "数据清单", self.current(Place::DataList)),
            ("/method", "评价方法", self.current(Place::Method)),
            ("/about", "关于", self.current(Place::About)),
        ]
    }
}

/// Whether the reader's cookie asks for large type.
fn is_large(asked: &HeaderMap) -> bool {
    let cookies = asked.get_all(header::COOKIE).iter().filter_map(|value| value.to_str().ok());
    cookies.flat_map(|value| value.split(';')).any(|pair| pair.trim() == LARGE_TYPE)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn large_type_is_for_whoever_chose_it() {
        let with = |value: &'static str| HeaderMap::from_iter([(header::COOKIE, value.parse().unwrap())]);
        assert!(is_large(&with("a=b; type=large")));
        assert!(!is_large(&with("type=standard")) && !is_large(&HeaderMap::new()));
    }
}
