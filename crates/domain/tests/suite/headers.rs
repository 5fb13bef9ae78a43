//! Headers as departments send them, of every generation, and what they map to.

use crate::files::shipped;
use credence_domain::catalog::mapping::{Generation, map_header, map_header_to};
use credence_domain::rulebook::Rulebook;
use jiff::civil::{Date, date};
use proptest::prelude::*;
use std::sync::LazyLock;

static RULEBOOK: LazyLock<Rulebook> = LazyLock::new(shipped);
const DAY: Date = date(2026, 4, 10);

fn header(text: &str) -> Vec<String> {
    text.split([',', '·']).map(|cell| cell.trim().to_owned()).collect()
}

fn fields(item: &str, columns: &[Option<usize>]) -> Vec<String> {
    let version = RULEBOOK.items[item].version_on(DAY).unwrap();
    columns.iter().map(|at| at.map_or(String::new(), |at| version.fields[at].code.clone())).collect()
}

const PENALTY_CHINESE: &str = "行政相对人名称 · 行政相对人类别 · 行政相对人代码_1(统一社会信用代码) · 行政相对人代码_2(工商注册号) · \
行政相对人代码_3(组织机构代码) · 行政相对人代码_4(税务登记号) · 行政相对人代码_5(事业单位证书号) · \
行政相对人代码_6(社会组织登记证号) · 法定代表人 · 法定代表人证件类型 · 法定代表人证件号码 · 证件类型 · 证件号码 · 行政处罚决定书文号 · \
违法行为类型 · 违法事实 · 处罚依据 · 处罚类别 · 处罚内容 · 罚款金额(万元) · 没收违法所得、没收非法财物的金额(万元) · \
暂扣或吊销证照名称及编号 · 处罚决定日期 · 处罚有效期 · 公示截止期 · 处罚机关 · 处罚机关统一社会信用代码 · 数据来源单位 · \
数据来源单位统一社会信用代码 · 备注";
const PERMIT_CHINESE: &str = "行政相对人名称 · 行政相对人类别 · 行政相对人代码_1(统一社会信用代码) · 行政相对人代码_2(工商注册号) · \
行政相对人代码_3(组织机构代码) · 行政相对人代码_4(税务登记号) · 行政相对人代码_5(事业单位证书号) · \
行政相对人代码_6(社会组织登记证号) · 法定代表人 · 法定代表人证件类型 · 法定代表人证件号码 · 证件类型 · 证件号码 · \
行政许可决定文书名称 · 行政许可决定文书号 · 许可类别 · 许可证书名称 · 许可编号 · 许可内容 · 许可决定日期 · 有效期自 · 有效期至 · \
许可机关 · 许可机关统一社会信用代码 · 当前状态 · 数据来源单位 · 数据来源单位统一社会信用代码 · 备注";
const PENALTY_2015: &str = "CF_WSH,CF_CFMC,CF_CFLB1,CF_CFLB2,CF_SY,CF_YJ,CF_XDR_MC,CF_XDR_SHXYM,CF_XDR_ZDM,CF_XDR_GSDJ,\
CF_XDR_SWDJ,CF_XDR_SFZ,CF_FR,CF_JG,CF_JDRQ,CF_XZJG,CF_ZT,DFBM,SJC,BZ,GSQX";
const PERMIT_2015: &str = "XK_WSH,XK_XMMC,XK_SPLB,XK_NR,XK_XDR,XK_XDR_SHXYM,XK_XDR_ZDM,XK_XDR_GSDJ,XK_XDR_SWDJ,XK_XDR_SFZ,\
XK_FR,XK_JDRQ,XK_JZQ,XK_XZJG,XK_ZT,DFBM,SJC,BZ";

#[test]
fn chinese_headers_of_2018_map_column_by_column() {
    for (item, text) in [("penalty", PENALTY_CHINESE), ("permit", PERMIT_CHINESE)] {
        let mapping = map_header(&RULEBOOK.items, DAY, &header(text)).unwrap();
        assert_eq!((mapping.item.as_str(), mapping.generation), (item, Generation::Names));
        let official = (0..mapping.columns.len()).map(Some).collect::<Vec<_>>();
        assert_eq!(mapping.columns, official, "{item}");
        assert!(mapping.missing_required.is_empty() && mapping.unknown.is_empty());
    }
}

#[test]
fn field_codes_map_to_the_same_fields_as_chinese_headers() {
    for (item, chinese) in [("penalty", PENALTY_CHINESE), ("permit", PERMIT_CHINESE)] {
        let names = map_header(&RULEBOOK.items, DAY, &header(chinese)).unwrap();
        let codes = fields(item, &names.columns);
        let mapping = map_header(&RULEBOOK.items, DAY, &codes).unwrap();
        assert_eq!((mapping.columns, mapping.generation), (names.columns, Generation::Codes));
    }
}

#[test]
fn the_forms_of_2015_map_whole_and_are_told_apart() {
    for (item, text) in [("penalty", PENALTY_2015), ("permit", PERMIT_2015)] {
        let mapping = map_header(&RULEBOOK.items, DAY, &header(text)).unwrap();
        assert_eq!((mapping.item.as_str(), mapping.generation), (item, Generation::Older));
        assert!(mapping.columns.iter().all(Option::is_some), "{:?}", mapping.unknown);
        assert!(!mapping.missing_required.is_empty());
    }
    let permit = map_header(&RULEBOOK.items, DAY, &header(PERMIT_2015)).unwrap();
    let codes = fields("permit", &permit.columns);
    assert!(codes.contains(&"XK_ZT_2015".to_owned()), "the old digits of the state mean other things");
    assert!(codes.contains(&"XK_YXQZI".to_owned()) && codes.contains(&"XK_XKJG".to_owned()));
}

#[test]
fn every_item_maps_from_its_own_template_in_codes_and_in_chinese() {
    for item in RULEBOOK.items.values() {
        let version = item.version_on(DAY).unwrap();
        for header in [
            version.fields.iter().map(|field| field.code.clone()).collect::<Vec<_>>(),
            version.fields.iter().map(|field| field.name.clone()).collect(),
            version.fields.iter().filter(|f| !f.extension).map(|field| field.name.clone()).collect(),
        ] {
            let mapping = map_header(&RULEBOOK.items, DAY, &header);
            assert_eq!(mapping.map(|m| m.item).as_deref(), Ok(item.code.as_str()));
        }
    }
}

#[test]
fn a_registry_extract_with_english_headers_is_registration() {
    let text = "\u{feff}name,uscc,established,type,capital,scope,city";
    let mapping = map_header(&RULEBOOK.items, DAY, &header(text)).unwrap();
    assert_eq!(mapping.item, "registration");
    assert!(mapping.columns.iter().all(Option::is_some));
    let least = map_header(&RULEBOOK.items, DAY, &header("企业名称,统一社会信用代码")).unwrap();
    assert_eq!(least.item, "registration");
}

#[test]
fn the_first_code_is_known_with_and_without_its_words_and_brackets() {
    for form in [
        "行政相对人代码_1(统一社会信用代码)",
        "行政相对人代码＿1（统一社会信用代码）",
        "行政相对人代码_1",
        "代码_1",
        " 代码_1 （统一社会信用代码）",
    ] {
        let text = format!("行政相对人名称,{form},行政处罚决定书文号,违法事实,处罚决定日期");
        let mapping = map_header(&RULEBOOK.items, DAY, &header(&text)).unwrap();
        assert_eq!(fields("penalty", &mapping.columns)[1], "CF_XDR_SHXYM", "{form}");
    }
}

#[test]
fn an_amount_in_another_unit_is_not_taken_for_one_in_10000_yuan() {
    let text = PENALTY_CHINESE.replace("罚款金额(万元)", "罚款金额(元)");
    let mapping = map_header(&RULEBOOK.items, DAY, &header(&text)).unwrap();
    assert_eq!(mapping.unknown, ["罚款金额(元)"]);
}

#[test]
fn a_header_without_its_key_column_is_refused_with_the_nearest_item_and_what_it_lacks() {
    let text = PENALTY_CHINESE.replace("处罚决定日期 · ", "").replace("违法事实 · ", "");
    let refused = map_header(&RULEBOOK.items, DAY, &header(&text)).unwrap_err();
    assert_eq!(refused.nearest.as_ref().map(|(code, _)| code.as_str()), Some("penalty"));
    assert_eq!(refused.missing, ["违法事实", "处罚决定日期"]);
    assert_eq!(refused.columns_known, 28);
    let said = "表头不符合任何事项；最接近的是行政处罚（penalty），认出28列，缺少：违法事实、处罚决定日期";
    assert_eq!(refused.to_string(), said);
}

#[test]
fn a_header_that_knows_nothing_of_the_list_names_no_item() {
    let refused = map_header(&RULEBOOK.items, DAY, &header("投诉编号,投诉内容,气温")).unwrap_err();
    assert_eq!((refused.nearest, refused.columns_known), (None, 0));
}

#[test]
fn an_item_outside_the_list_of_the_day_is_not_mapped_to() {
    let header = header(PENALTY_CHINESE);
    assert!(map_header(&RULEBOOK.items, date(2020, 9, 30), &header).is_err());
    let refused = map_header_to(&RULEBOOK.items, "complaint", DAY, &header).unwrap_err();
    assert_eq!(refused.to_string(), "数据清单中没有事项complaint");
}

#[test]
fn a_named_item_still_needs_its_key_columns() {
    let header = header(PERMIT_CHINESE);
    assert_eq!(map_header_to(&RULEBOOK.items, "permit", DAY, &header).map(|m| m.item).as_deref(), Ok("permit"));
    let refused = map_header_to(&RULEBOOK.items, "penalty", DAY, &header).unwrap_err();
    assert_eq!(refused.missing, ["行政处罚决定书文号", "违法事实", "处罚决定日期"]);
}

#[test]
fn our_own_reject_columns_are_ignored_and_foreign_ones_reported() {
    let text = format!("{PENALTY_CHINESE}·原行号·字段·错误代码·错误原因·承办人·处罚机关");
    let mapping = map_header(&RULEBOOK.items, DAY, &header(&text)).unwrap();
    assert_eq!(mapping.unknown, ["承办人"]);
    assert_eq!(mapping.repeated, ["处罚机关"]);
    assert_eq!(mapping.columns.len(), 36);
}

#[test]
fn a_header_that_fits_two_items_equally_names_both() {
    let mut items = RULEBOOK.items.clone();
    let mut twin = items["levy"].clone();
    twin.code = "levy_twin".to_owned();
    items.insert(twin.code.clone(), twin);
    let version = items["levy"].version_on(DAY).unwrap();
    let header: Vec<String> = version.fields.iter().map(|field| field.name.clone()).collect();
    let refused = map_header(&items, DAY, &header).unwrap_err();
    let tied: Vec<&str> = refused.tied.iter().map(|(code, _)| code.as_str()).collect();
    assert_eq!(tied, ["levy", "levy_twin"]);
    assert!(refused.to_string().contains("--item"));
}

/// A header cell as some department's tool might have written it.
fn written(cell: String, how: u8) -> String {
    match how {
        0 => cell,
        1 => cell.replace('(', "（").replace(')', "）"),
        2 => format!(" {cell}\t"),
        3 => cell.to_lowercase(),
        4 => format!("\u{feff}{cell}"),
        _ => cell
            .chars()
            .map(|c| if c.is_ascii_alphanumeric() { char::from_u32(c as u32 + 0xfee0).unwrap() } else { c })
            .collect(),
    }
}

proptest! {
    #[test]
    fn columns_in_any_order_and_any_spelling_map_to_the_same_fields(
        order in Just((0..30usize).collect::<Vec<_>>()).prop_shuffle(),
        spelling in prop::collection::vec(0u8..6, 30),
        by_code in any::<bool>(),
    ) {
        let version = RULEBOOK.items["penalty"].version_on(DAY).unwrap();
        let cells: Vec<String> = order.iter().zip(spelling).map(|(at, how)| {
            let field = &version.fields[*at];
            written(if by_code { field.code.clone() } else { field.name.clone() }, how)
        }).collect();
        let mapping = map_header(&RULEBOOK.items, DAY, &cells).unwrap();
        prop_assert_eq!(mapping.item, "penalty");
        prop_assert_eq!(mapping.columns, order.into_iter().map(Some).collect::<Vec<_>>());
    }

    #[test]
    fn no_header_makes_the_mapping_panic(cells in prop::collection::vec(".{0,12}", 0..40)) {
        if let Ok(mapping) = map_header(&RULEBOOK.items, DAY, &cells) {
            prop_assert_eq!(mapping.columns.len(), cells.len());
        }
    }
}
