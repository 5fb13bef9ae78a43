//! Names that are plainly made up.

use super::Chance;

const WORDS: [&str; 40] = [
    "海岳",
    "云帆",
    "青禾",
    "石泉",
    "远澜",
    "嘉穗",
    "恒朴",
    "明澈",
    "博野",
    "瑞松",
    "启宸",
    "和筑",
    "盛麓",
    "安沐",
    "华堇",
    "金穗",
    "长汀",
    "新垣",
    "广陌",
    "東旭",
    "德邻",
    "正樾",
    "宏砚",
    "永禾",
    "泰岑",
    "润川",
    "康蔓",
    "凯栎",
    "鑫芮",
    "诚筠",
    "信朗",
    "达屿",
    "兴葭",
    "隆峤",
    "昌黍",
    "亿杭",
    "鼎蘅",
    "同舟",
    "三棵树下",
    "九里",
];
const TRADES: [(&str, &str); 16] = [
    ("机械制造", "机械设备制造、销售；金属制品加工。"),
    ("食品", "食品生产；食品销售。（依法须经批准的项目，经相关部门批准后方可开展经营活动）"),
    ("建筑工程", "房屋建筑工程、市政工程施工；建筑材料销售。"),
    ("化工", "化工产品（不含危险品）生产、销售。"),
    ("物流", "道路普通货物运输；仓储服务。"),
    ("环保科技", "环保设备研发、销售；污水处理服务。"),
    ("餐饮管理", "餐饮管理；餐饮服务。"),
    ("纺织", "针纺织品、服装生产、销售。"),
    ("医药", "药品批发；医疗器械销售。"),
    ("电子商务", "互联网销售；日用百货、电子产品销售。"),
    ("农业发展", "农产品种植、收购、销售；农业技术服务。"),
    ("房地产开发", "房地产开发经营；物业管理。"),
    ("信息技术", "软件开发；信息系统集成服务。"),
    ("教育咨询", "教育信息咨询；文化艺术交流活动策划。"),
    ("矿业", "非金属矿石开采、加工、销售。"),
    ("供热", "热力生产和供应；供热设施维护。"),
];
const SURNAMES: [&str; 20] = [
    "王", "李", "张", "刘", "陈", "杨", "赵", "黄", "周", "吴", "徐", "孙", "胡", "朱", "高", "林", "何", "郭", "马",
    "罗",
];
const GIVEN: [&str; 20] = [
    "示一", "示二", "例山", "例海", "拟云", "拟川", "虚舟", "虚谷", "样青", "样禾", "试远", "试明", "构石", "构泉",
    "仿松", "仿竹", "模安", "模宁", "演和", "演平",
];

/// A trade: its word in a name and its scope.
pub fn trade(chance: &mut Chance) -> (&'static str, &'static str) {
    TRADES.get(chance.below(TRADES.len())).copied().unwrap_or_default()
}

/// A fancy word for a name.
pub fn word(chance: &mut Chance) -> String {
    let first = chance.pick(&WORDS);
    if chance.percent(35) { format!("{first}{}", chance.pick(&WORDS)) } else { first.to_owned() }
}

/// A person's name, plainly made up.
pub fn person(chance: &mut Chance) -> String {
    format!("{}{}", chance.pick(&SURNAMES), chance.pick(&GIVEN))
}
