/** Journeys of an organisation that disputes what is on record about it: an objection that is upheld, a shield while a plan is carried out. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { account, anybody, fill, inOrder, publicly as readBy, records, send, shot, signIn, text } from "./people.js";
import { open } from "./province.js";

let province;
/** Who works in the journeys, each signed in by the page. */
const people = {};
/** Anybody, who is not signed in, and the page of the organisation that the representative speaks for. */
let seen, organisation;
/** A public penalty of that organisation by the unit in which the clerk and the approver work, as the API tells it. */
let penalty;

before(async () => {
  province = await open();
  const roles = ["organisation", "office", "clerk", "approver"];
  await Promise.all(roles.map(async (role) => (people[role] = await signIn(province, role))));
  seen = await anybody(province);
  const [uscc] = (await account(province, people.organisation)).organisations;
  organisation = `${province.base}/organisations/${uscc}`;
  const { unit } = await account(province, people.clerk);
  penalty = (await records(province, uscc)).find(({ item, authority }) => item === "penalty" && authority === unit);
  assert.ok(penalty, "the organisation has a public penalty by the unit of the clerk");
});
after(() => province?.close());

/** What anybody reads beside the record today; nothing where it is not shown. */
const publicly = () => readBy(seen, organisation, penalty.id);

test("an objection is filed, marked, checked and upheld, and the record says the right thing the same moment", async () => {
  const { organisation: party, office, clerk, approver } = people;
  const wrong = penalty.content.CF_SY;
  const right = "经查，当事人生产的一个批次产品不合格，已全部召回（示例）。";
  assert.ok((await publicly()).includes(wrong));

  // The representative comes from his own record, which the form then names already.
  await party.goto(`${province.base}/workbench/own`);
  await party.getByRole("link", { name: new RegExp(`提出异议或者申辩.*${penalty.id}`) }).click();
  const form = await fill(party, "提出异议、投诉或者申辩", {
    种类: "异议：记录有误、不属于本主体或者不应公示",
    对什么有异议: "内容",
    "有误的字段代码（内容异议，可不填）": "CF_SY",
    应为: right,
    理由: "决定书认定的是一个批次的产品，记录没有写明（示例）",
  });
  assert.equal(await form.getByLabel("记录编号").inputValue(), penalty.id);
  await inOrder(party);
  await shot(party, "objections/1-filed", form);
  const decision = Buffer.from("%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n");
  await form.getByLabel(/^证明材料/).setInputFiles([{ name: "决定书.pdf", mimeType: "application/pdf", buffer: decision }]);
  await form.getByRole("button", { name: "提交" }).click();
  const place = party.url();
  assert.match(place, /workbench\/objections\/\S+$/);
  const evidence = await party.getByRole("link", { name: "决定书.pdf" }).getAttribute("href");
  const opened = await party.request.get(province.base + evidence);
  assert.deepEqual([opened.status(), await opened.body()], [200, decision], "whoever handed it in reads it");
  assert.match(await text(party, ".marks"), /已收到.*异议处理中/s);

  // Anybody sees the mark, the record as it was, and nothing of the case.
  const marked = await publicly();
  assert.match(marked, /异议处理中/);
  assert.ok(marked.includes(wrong) && !marked.includes(right));
  assert.ok(!(await text(seen)).includes(place.split("/").at(-1)));
  await inOrder(seen);
  await shot(seen, "objections/2-marked", seen.locator(`#record-${penalty.id}`));

  await office.goto(place);
  assert.equal(await office.getByRole("form", { name: "答复" }).count(), 0, "nothing is answered before the owner has checked");
  await send(office, "转提供单位核查", {});
  await clerk.goto(place);
  await send(clerk, "受理", {});
  await inOrder(clerk);
  const check = await fill(clerk, "核查情况", { 核查结论: "属实", 核查情况: "经核对决定书原件，录入时遗漏批次（示例）" });
  await shot(clerk, "objections/3-check");
  await check.getByRole("button", { name: "反馈核查情况" }).click();
  assert.match(await text(clerk, ".marks"), /已核查，待答复/);
  await approver.goto(place);
  assert.equal(await approver.getByRole("form", { name: "答复" }).count(), 0, "the unit that checked does not answer");

  await office.goto(place);
  await inOrder(office);
  await send(office, "答复", { 结果: "成立", 更正的字段代码: "CF_SY", 更正为: right, 理由: "经提供单位核查属实（示例）" });
  assert.match(await text(office, ".marks"), /已办结/);
  assert.ok((await text(office)).includes(`由“${wrong}”更正为“${right}”`));
  await shot(office, "objections/4-upheld");

  // Whoever decided serves the letter; before that the organisation reads that no period runs.
  await party.goto(place);
  assert.match(await text(party), /尚未登记送达，救济期限尚未起算/);
  assert.equal(await party.getByRole("form", { name: "登记决定文书的送达" }).count(), 0, "nobody serves himself");
  const today = new Date(Date.now() + 8 * 3_600_000).toISOString().slice(0, 10);
  await send(office, "登记决定文书的送达", { 送达方式: "直接送达", "送达（公告）日期": today, 送达凭证: "送达回证（示例）" }, "登记送达");
  assert.match(await text(office), new RegExp(`${today}（直接送达，送达回证（示例））`));
  assert.equal(await office.getByRole("form", { name: "登记决定文书的送达" }).count(), 0, "a letter is served once");
  await inOrder(office);

  const corrected = await publicly();
  assert.ok(corrected.includes(right) && !corrected.includes(wrong), "the old value is gone from the page");
  assert.doesNotMatch(corrected, /异议处理中/);
  assert.match(corrected, /第2版，共2版/);
  await shot(seen, "objections/5-corrected", seen.locator(`#record-${penalty.id}`));

  // The organisation reads the result and its letter, with the office in the place of its staff.
  await party.goto(place);
  await party.getByText(/异议处理结果告知书/).click();
  assert.match(await text(party, "details"), /异议成立/);
  assert.doesNotMatch(await text(party), /demo-office/);
  assert.equal(await party.getByRole("form").count(), 0, "nothing is left to appeal against or to withdraw");
  await inOrder(party);
  await shot(party, "objections/6-letter");
  await party.goto(`${province.base}/workbench/own`);
  assert.match(await text(party), /异议处理结果告知书/);
});

test("a record is shielded while a plan is carried out, and is public again when the plan has failed", async () => {
  const { organisation: party, office, clerk, approver } = people;
  const made = penalty.decided_on;
  await party.goto(`${province.base}/workbench/repairs?record=${penalty.id}`);
  const form = await fill(party, "申请临时屏蔽", {
    执行的是: "重整计划",
    申请人: "企业",
    批准重整计划或者认可和解协议的人民法院: "云海市中级人民法院（示例）",
    裁定书案号: "（2026）示破1号",
    裁定日期: made,
  });
  assert.equal(await form.getByLabel("要求屏蔽的记录编号").inputValue(), penalty.id);
  await inOrder(party);
  await shot(party, "repair/7-shield-application", form);
  await form.getByRole("button", { name: "提交临时屏蔽申请" }).click();
  const place = party.url();
  assert.match(place, /workbench\/repairs\/\S+$/);

  await office.goto(place);
  await send(office, "审查并推送", { 审查意见: "裁定书齐全（示例）" }, "推送给作出决定的机关");
  assert.ok(await publicly(), "an application hides nothing");
  await clerk.goto(place);
  assert.equal(await clerk.getByRole("form", { name: "临时屏蔽" }).count(), 0, "a clerk shields nothing");

  await approver.goto(place);
  await inOrder(approver);
  await send(approver, "临时屏蔽", { "核查情况（裁定是否属实，为何属于最小必要）": "裁定属实，该记录影响重整融资（示例）" });
  assert.match(await text(approver, ".marks"), /临时屏蔽/);
  await inOrder(approver);
  await shot(approver, "repair/8-shielded");
  assert.equal(await publicly(), undefined, "the record is gone the same moment");
  assert.ok(!(await text(seen)).includes(penalty.document_number), "from the timeline too");
  await seen.goto(place.replace("/workbench", ""));
  await inOrder(seen);

  await send(approver, "结束临时屏蔽", {
    结果: "未执行成功：恢复公示和措施",
    作出裁定的人民法院: "云海市中级人民法院（示例）",
    裁定书案号: "（2026）示破1号之二",
    裁定日期: made,
  });
  await shot(approver, "repair/9-restored");
  assert.match(await publicly(), /公示起止/, "and is shown again with its term");
});
