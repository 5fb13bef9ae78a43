/** Journeys of a reviewer: a record that waits is released with the words that its reason asks for, a claim of commercial secrecy is upheld. */
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { account, anybody, fill, inOrder, publicly, records, send, shot, signIn, text } from "./people.js";
import { open } from "./province.js";

/** Why the record of the first journey waits. */
const HOLD = "maybe_simple_procedure";

let province;
/** Who works in the journeys, each signed in by the page, and anybody, who is not. */
let reviewer, party, seen;

before(async () => {
  province = await open();
  [reviewer, party, seen] = await Promise.all([
    signIn(province, "reviewer"),
    signIn(province, "organisation"),
    anybody(province),
  ]);
});
after(() => province?.close());

const pageOf = (uscc) => `${province.base}/organisations/${uscc}`;

/** What waits for one reason, as the API tells the reviewer. */
async function waiting(hold) {
  return (await (await reviewer.request.get(`${province.base}/api/v1/reviews?hold=${hold}&limit=100`)).json()).items;
}

test("a penalty that may be of simple procedure is public only with the words that the ordinary one was applied", async () => {
  // One that has a day on which it should be public; the one that was decided last has the most of its public days before it.
  const held = (await waiting(HOLD)).filter(({ due_on }) => due_on).sort((a, b) => b.decided_on.localeCompare(a.decided_on))[0];
  assert.ok(held, "a penalty waits because it may be of simple procedure, and would be public otherwise");
  assert.equal(await publicly(seen, pageOf(held.uscc), held.id), undefined, "what waits is not public");

  await reviewer.goto(`${province.base}/workbench`);
  await reviewer.getByRole("link", { name: "暂缓公示的审核", exact: true }).click();
  await inOrder(reviewer);
  await send(reviewer, "按原因筛选", { 原因: held.hold_text }, "筛选");
  await inOrder(reviewer);
  const title = `审核 ${held.id}`;
  const card = reviewer.getByRole("form", { name: title, exact: true });
  assert.match(await card.textContent(), /可能适用简易程序/);
  await card.getByText("将公示的内容").click();
  assert.ok(await card.getByText("违法事实").first().isVisible(), "the reviewer sees what he lets go");
  await shot(reviewer, "review/1-held", card);

  await send(reviewer, title, { 核实情况和理由: "材料齐全（示例）" }, "放行");
  const refusal = await reviewer.getByRole("alert").textContent();
  assert.match(refusal, /须写明经核实适用普通程序/);
  assert.doesNotMatch(refusal, /[a-z]+_[a-z]+|--[a-z]/, "in words, not in codes or options of a command");
  assert.ok((await waiting(HOLD)).some(({ id }) => id === held.id), "it waits as before");
  assert.equal(await publicly(seen, pageOf(held.uscc), held.id), undefined);

  const typed = reviewer.getByRole("form", { name: title, exact: true }).getByLabel("核实情况和理由");
  assert.equal(await typed.inputValue(), "材料齐全（示例）", "what was typed is there again");

  await send(reviewer, title, { 核实情况和理由: "经核实适用普通程序" }, "放行");
  assert.match(await reviewer.getByRole("status").textContent(), /已放行，自今日起公示/);
  assert.equal(await reviewer.getByRole("form", { name: title, exact: true }).count(), 0, "it waits no more");
  assert.ok(!(await waiting(HOLD)).some(({ id }) => id === held.id));
  await inOrder(reviewer);

  const shown = await publicly(seen, pageOf(held.uscc), held.id);
  assert.ok(shown?.includes(held.document_number), "it is public the same moment");
  assert.ok((await records(province, held.uscc)).some(({ id }) => id === held.id));
  await inOrder(seen);
  await shot(seen, "review/2-released", seen.locator(`#record-${held.id}`));
});

test("a claim of commercial secrecy is filed, a third party is heard, and the field leaves what is public", async () => {
  const [uscc] = (await account(province, party)).organisations;
  const penalty = (await records(province, uscc)).find(({ item, content }) => item === "penalty" && content.CF_SY);
  assert.ok(penalty, "the organisation has a public penalty with its facts");
  const secret = penalty.content.CF_SY;
  assert.ok((await publicly(seen, pageOf(uscc), penalty.id)).includes(secret));

  // The representative comes from his own record, which the form then names already.
  await party.goto(`${province.base}/workbench/own`);
  await party.getByRole("link", { name: new RegExp(`主张商业秘密.*${penalty.id}`) }).click();
  await inOrder(party);
  const form = await fill(party, "提出商业秘密主张", {
    字段代码: "CF_SY",
    为什么是商业秘密: "案由写明了未公开的工艺参数（示例）",
  });
  assert.equal(await form.getByLabel("记录编号").inputValue(), penalty.id);
  await shot(party, "review/3-claim", form);
  await form.getByRole("button", { name: "提交" }).click();
  await inOrder(party);
  assert.match(await text(party, ".marks"), /待征求第三方意见/);
  const number = await text(party, "article .card-title");
  assert.equal(await party.getByRole("form", { name: `办理 ${number}` }).count(), 0, "who claims does not decide");
  assert.ok((await publicly(seen, pageOf(uscc), penalty.id)).includes(secret), "a claim hides nothing");

  await reviewer.goto(`${province.base}/workbench`);
  await reviewer.getByRole("link", { name: "商业秘密主张", exact: true }).click();
  await inOrder(reviewer);
  const work = (fields, button) => send(reviewer, `办理 ${number}`, fields, button);
  await work({ 向谁征求意见: "云海市某设备厂（示例）", 说明和理由: "工艺由其许可（示例）" }, "征求意见");
  assert.match(await text(reviewer, ".marks"), /等待第三方意见/);
  await work({ 第三方意见: "不同意公开", 说明和理由: "函复不同意公开（示例）" }, "登记意见");
  assert.match(await text(reviewer, ".marks"), /待作出决定/);
  await inOrder(reviewer);
  assert.ok((await publicly(seen, pageOf(uscc), penalty.id)).includes(secret), "nor does an opinion");

  const clause = "政府信息公开条例 十五";
  const decision = { [`成立时依据的条款（例如“${clause}”）`]: clause, 说明和理由: "属于技术信息，未为公众所知悉（示例）" };
  await work(decision, "主张成立");
  const decided = reviewer.locator("article", { hasText: number });
  assert.match(await decided.textContent(), /成立，字段不予公开/);
  await inOrder(reviewer);
  await shot(reviewer, "review/4-decided", decided);

  const shown = await publicly(seen, pageOf(uscc), penalty.id);
  assert.ok(shown && !shown.includes(secret), "the field is gone from the page, and the record is not");
  assert.ok(!(await text(seen)).includes(secret), "from every part of it");
  const left = (await records(province, uscc)).find(({ id }) => id === penalty.id);
  assert.equal(left.content.CF_SY, undefined);
  await inOrder(seen);
  await party.goto(`${province.base}/workbench/claims`);
  assert.match(await text(party, ".marks"), /成立，字段不予公开/);
  assert.match(await text(party), /属于技术信息/, "the organisation reads why");
});
