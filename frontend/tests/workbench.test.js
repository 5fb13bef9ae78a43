/** Journeys of people who work here, in a real browser without JavaScript: each signs in and does the work of his role. */
import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { open } from "./province.js";
import { zip } from "./zip.js";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

let province;

before(async () => {
  province = await open();
});
after(() => province?.close());

const accountOf = (role) => province.accounts.find((account) => account.role === role);

/** A document of one page with a line of text, as small as one can be. */
function pdf(word) {
  const text = `BT /F1 12 Tf 20 50 Td (${Buffer.from(word).toString("hex")}) Tj ET`;
  const objects = [
    "<</Type/Catalog/Pages 2 0 R>>",
    "<</Type/Pages/Kids[3 0 R]/Count 1>>",
    "<</Type/Page/Parent 2 0 R/MediaBox[0 0 400 100]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>",
    `<</Length ${text.length}>>stream\n${text}\nendstream`,
    "<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
  ];
  let body = "%PDF-1.4\n";
  const places = objects.map((object, at) => {
    const place = body.length;
    body += `${at + 1} 0 obj\n${object}\nendobj\n`;
    return String(place).padStart(10, "0");
  });
  const table = `xref\n0 ${objects.length + 1}\n0000000000 65535 f \n${places.map((place) => `${place} 00000 n \n`).join("")}`;
  return Buffer.from(`${body}${table}trailer\n<</Size ${objects.length + 1}/Root 1 0 R>>\nstartxref\n${body.length}\n%%EOF\n`);
}

/** Somebody of a role, signed in by the page. */
async function signIn(role, options = {}) {
  const context = await province.browser.newContext({ locale: "zh-CN", javaScriptEnabled: false, ...options });
  const page = await context.newPage();
  await page.goto(`${province.base}/workbench`);
  const { account, password } = accountOf(role);
  await page.getByLabel("账户", { exact: true }).fill(account);
  await page.getByLabel("密码", { exact: true }).fill(password);
  await page.getByRole("button", { name: "登录", exact: true }).click();
  return { page, close: () => context.close() };
}

/** Waits until a batch has ended: its page looks again by itself. */
async function ended(page) {
  await page.getByText("退回", { exact: true }).first().waitFor();
  for (let looked = 0; looked < 60; looked++) {
    const state = await page.locator(".lead").textContent();
    if (!/等待处理|处理中/.test(state)) return state;
    await page.waitForLoadState();
    await page.reload();
  }
  throw new Error("the batch does not end");
}

test("every page of every role passes axe and has one main heading", async () => {
  const pages = {
    list_decider: ["/workbench", "/workbench/listings", "/workbench/queue?whose=unit"],
    clerk: ["/workbench", "/workbench/unit", "/workbench/queue", "/workbench/queue?whose=unit", "/workbench/queue/calendar?whose=unit", "/workbench/listings", "/workbench/measures", "/workbench/measure-board", "/workbench/repairs", "/workbench/officers", "/workbench/upload", "/workbench/entry?item=penalty", "/workbench/conflicts", "/workbench/file"],
    approver: ["/workbench/unit"],
    system_admin: ["/workbench", "/workbench/accounts", "/workbench/keys"],
    audit_admin: ["/workbench/accounts", "/workbench/incidents"],
    organisation: ["/account", "/account/notices", "/workbench/own", "/workbench/file", "/workbench/repairs"],
    office: ["/workbench", "/workbench/queue?whose=unit", "/workbench/conflicts", "/workbench/repairs", "/workbench/national", "/workbench/editions"],
  };
  for (const [role, paths] of Object.entries(pages)) {
    const { page, close } = await signIn(role, { javaScriptEnabled: true });
    for (const path of paths) {
      const answer = await page.goto(province.base + path);
      assert.equal(answer.status(), 200, `${role} ${path}`);
      assert.equal(await page.locator("h1").count(), 1, path);
      await page.evaluate(axe);
      const { violations } = await page.evaluate(() => globalThis.axe.run());
      assert.deepEqual(violations.map((found) => `${found.id}: ${found.nodes[0].html}`), [], `${role} ${path}`);
    }
    await close();
  }
  const context = await province.browser.newContext({ locale: "zh-CN" });
  const page = await context.newPage();
  for (const path of ["/sign-in", "/invitation"]) {
    await page.goto(province.base + path);
    await page.evaluate(axe);
    const { violations } = await page.evaluate(() => globalThis.axe.run());
    assert.deepEqual(violations.map((found) => `${found.id}: ${found.nodes[0].html}`), [], path);
  }
  await context.close();
});

test("on a phone no page of the workbench is wider than the screen, and every way back leads somewhere", async () => {
  const rooms = ["repairs", "objections", "claims", "measures", "measure-board", "officers", "listings"].map((room) => `/workbench/${room}`);
  const pages = {
    organisation: ["/account", "/account/notices", "/workbench/own", "/workbench/file", ...rooms],
    office: ["/account", "/workbench", "/workbench/queue", "/workbench/queue/calendar", "/workbench/reviews", "/workbench/national", "/workbench/editions", "/workbench/conflicts", "/workbench/file", ...rooms],
    clerk: ["/workbench", "/workbench/upload", "/workbench/unit", "/workbench/entry?item=penalty", "/workbench/queue?whose=unit"],
    approver: ["/workbench/unit"],
    system_admin: ["/workbench/accounts", "/workbench/keys"],
    audit_admin: ["/workbench/incidents"],
  };
  for (const [role, paths] of Object.entries(pages)) {
    const { page, close } = await signIn(role, { viewport: { width: 360, height: 740 }, isMobile: true, hasTouch: true });
    // One case of every room that lists some, with its forms.
    const looked = [...paths];
    for (const path of paths.filter((path) => rooms.includes(path))) {
      await page.goto(province.base + path);
      const one = await page.locator(".card-title a").first().getAttribute("href", { timeout: 500 }).catch(() => null);
      if (one) looked.push(one);
    }
    for (const path of looked) {
      const answer = await page.goto(province.base + path);
      assert.equal(answer.status(), 200, `${role} ${path}`);
      const wide = await page.evaluate(() => document.documentElement.scrollWidth);
      assert.ok(wide <= 360, `${path} is ${wide} wide for ${role}`);
      for (const back of await page.locator("nav.crumbs a").evaluateAll((links) => links.map((link) => link.href))) {
        assert.equal((await page.request.get(back)).status(), 200, `${role}: ${path} leads back to ${back}`);
      }
    }
    await close();
  }
});

test("a wrong password is refused in words, and signing out ends the session", async () => {
  const { page, close } = await signIn("window");
  assert.match(await page.locator("h1").textContent(), /工作台/);
  await page.goto(`${province.base}/account`);
  await page.getByRole("button", { name: "退出登录" }).click();
  await page.goto(`${province.base}/workbench`);
  assert.match(await page.locator("h1").textContent(), /登录/);
  await page.getByLabel("账户", { exact: true }).fill(accountOf("window").account);
  await page.getByLabel("密码", { exact: true }).fill("Not-the-password-1");
  await page.getByRole("button", { name: "登录", exact: true }).click();
  assert.match(await page.getByRole("alert").textContent(), /不正确/);
  await close();
});

test("a clerk uploads a file with a wrong row, sees the mapping, and mends the row in place", async () => {
  const { page, close } = await signIn("clerk");
  const unit = await unitOf("clerk");
  const header = "CF_XDR_MC,CF_XDR_LB,CF_XDR_SHXYM,CF_WSH,CF_WFXW,CF_SY,CF_YJ,CF_CFLB,CF_NR,CF_NR_FK,CF_JDRQ,CF_CFJG,CF_CFJGDM,CF_SJLY,CF_SJLYDM";
  const known = (await (await fetch(`${province.base}/api/v1/organisations?limit=1&q=91379900`)).json()).items[0];
  const day = new Date(Date.now() - 3 * 86_400_000).toISOString().slice(0, 10);
  const row = (number, decided) =>
    `${known.name},法人及非法人组织,${known.uscc},浏览〔2026〕${number}号,未标注日期,事实,依据,罚款,罚款五万元,5,${decided},${unit.name},${unit.uscc},${unit.name},${unit.uscc}`;
  const path = join(province.folder, "处罚.csv");
  writeFileSync(path, `${header}\n${row(1, day)}\n${row(2, "2026-13-01")}\n`);
  await page.goto(`${province.base}/workbench/upload`);
  await page.getByLabel("保密审查人").fill("审查员（示例）");
  await page.getByLabel("文件", { exact: true }).setInputFiles(path);
  await page.getByRole("button", { name: "报送", exact: true }).click();
  await ended(page);
  assert.match(await page.locator("main").textContent(), /各列的对应关系/);
  const row2 = page.getByRole("form", { name: "更正第3行" });
  const date = row2.getByLabel("CF_JDRQ");
  assert.equal(await date.inputValue(), "2026-13-01");
  await date.fill(day);
  await row2.getByRole("button", { name: "重新报送本行" }).click();
  await ended(page);
  assert.match(await page.locator("main").textContent(), /接受1行/);
  await close();
});

/** The unit in which somebody of a role works. */
async function unitOf(role) {
  const { account, password } = accountOf(role);
  const headers = { "content-type": "application/json" };
  const session = await fetch(`${province.base}/api/v1/sessions`, { method: "POST", headers, body: JSON.stringify({ account, password }) });
  const { token } = await session.json();
  const own = await (await fetch(`${province.base}/api/v1/account`, { headers: { authorization: `Bearer ${token}` } })).json();
  return { uscc: own.unit, name: own.unit_name };
}

test("two administrators open an account, and its holder takes it up with both halves", async () => {
  const system = await signIn("system_admin");
  await system.page.goto(`${province.base}/workbench/accounts`);
  const form = system.page.getByRole("form", { name: "开户" });
  await form.getByLabel("账户名").fill("browser.clerk");
  await form.getByLabel("姓名").fill("某报送员");
  await form.getByLabel("工号").fill("B-1");
  await form.getByLabel("理由").fill("新到岗");
  await form.getByRole("button", { name: "登记" }).click();
  const first = await system.page.locator("#first-half").textContent();
  const security = await signIn("security_admin");
  await security.page.getByRole("button", { name: "同意" }).click();
  const second = await security.page.locator("#second-half").textContent();
  const context = await province.browser.newContext({ locale: "zh-CN", javaScriptEnabled: false });
  const page = await context.newPage();
  await page.goto(`${province.base}/invitation`);
  await page.getByLabel("第一部分").fill(first);
  await page.getByLabel("第二部分").fill(second);
  await page.getByLabel("新密码").fill("Liulanqi-Shiyong-3");
  await page.getByRole("button", { name: "启用" }).click();
  assert.match(await page.getByRole("status").textContent(), /已启用/);
  await Promise.all([system.close(), security.close(), context.close()]);
});

test("two administrators issue a key for one item, and one takes it back", async () => {
  const system = await signIn("system_admin");
  await system.page.getByRole("link", { name: "报送密钥" }).click();
  const form = system.page.getByRole("form", { name: "提请签发密钥" });
  const { uscc } = await unitOf("clerk");
  await form.getByLabel("单位").selectOption(uscc);
  await form.getByLabel("理由").fill("业务系统对接");
  await form.getByLabel("行政许可", { exact: true }).check();
  await form.getByLabel("报送数据").check();
  await form.getByRole("button", { name: "提请" }).click();
  const security = await signIn("security_admin");
  await security.page.getByRole("button", { name: "同意" }).click();
  const key = await security.page.locator("#key").textContent();
  const ask = async (path) => (await fetch(province.base + path, { headers: { authorization: `Bearer ${key}` } })).status;
  assert.equal(await ask("/api/v1/batches"), 403, "it was issued to send, and to nothing else");
  await system.page.goto(`${province.base}/workbench/keys`);
  const row = system.page.locator("tbody tr").filter({ hasText: "报送数据" });
  assert.match(await row.textContent(), /行政许可.*有效/s);
  await row.locator("summary").click();
  await row.getByLabel("理由").fill("系统下线");
  await row.getByRole("button", { name: "吊销" }).click();
  assert.match(await system.page.locator("tbody tr").filter({ hasText: "报送数据" }).textContent(), /已吊销/);
  assert.equal(await ask("/api/v1/batches"), 401);
  await Promise.all([system.close(), security.close()]);
});

/** Another person of a role and unit: entered and granted by two administrators, who takes the invitation up and signs in. */
async function another(role, account) {
  const tell = async (path, body, token, method = "POST") => {
    const headers = { "content-type": "application/json", ...(token ? { authorization: `Bearer ${token}` } : {}) };
    const answer = await fetch(province.base + path, { method, headers, body: body && JSON.stringify(body) });
    assert.ok(answer.ok, `${path}: ${answer.status}`);
    return answer.json();
  };
  const tokenOf = async (of) => {
    const { account, password } = accountOf(of);
    return (await tell("/api/v1/sessions", { account, password })).token;
  };
  const { unit } = await tell("/api/v1/account", undefined, await tokenOf(role), "GET");
  const entered = await tell("/api/v1/accounts", { account, role, holder: "示例", staff_number: `N-${account}`, unit, reason: "到岗" }, await tokenOf("system_admin"));
  const granted = await tell(`/api/v1/proposals/${entered.proposal}/answer`, { approve: true }, await tokenOf("security_admin"));
  const password = "Qiuye-Manting-58-Fang";
  await tell("/api/v1/invitations", { first_half: entered.first_half, code: granted.second_half, password });
  return { account, password };
}

test("one person of the office proposes an edition of the rulebook, another sees what differs and puts it in force", async () => {
  const { page, close } = await signIn("office");
  await page.getByRole("link", { name: "规则版本" }).click();
  const standing = readFileSync(new URL("../../rulebook/codes.toml", import.meta.url), "utf8");
  const changed = standing.replace("重复的表头行（请删除）", "重复的表头行（请予删除）");
  assert.notEqual(changed, standing);
  const form = page.getByRole("form", { name: "提请启用规则版本" });
  const propose = async (files) => {
    await form.getByLabel("压缩包（ZIP）").setInputFiles({ name: "rulebook.zip", mimeType: "application/zip", buffer: zip(files) });
    await form.getByLabel("理由").fill("用语统一");
    await form.getByLabel(/只有改动的文件/).check();
    await form.getByRole("button", { name: "提请" }).click();
  };
  await propose({ "codes.toml": "= 1" });
  assert.match(await page.getByRole("alert").textContent(), /未通过检查.*codes\.toml:1/s);
  await propose({ "codes.toml": changed });
  assert.match(await page.locator("main").textContent(), /待复核.*由另一人复核.*请予删除/s);
  const address = page.url();
  const second = await another("office", "demo-office-second");
  const context = await province.browser.newContext({ locale: "zh-CN", javaScriptEnabled: false });
  const other = await context.newPage();
  await other.goto(`${province.base}/workbench`);
  await other.getByLabel("账户", { exact: true }).fill(second.account);
  await other.getByLabel("密码", { exact: true }).fill(second.password);
  await other.getByRole("button", { name: "登录", exact: true }).click();
  await other.getByRole("link", { name: /查看差异/ }).click();
  assert.equal(other.url(), address);
  assert.match(await other.locator("tbody").textContent(), /codes\.toml.*请删除.*请予删除/s);
  await other.getByRole("button", { name: "同意并启用" }).click();
  await other.goto(address);
  assert.match(await other.locator("main").textContent(), /现行.*没有差异/s);
  await Promise.all([close(), context.close()]);
});

test("an approving officer lets another unit act in his unit's name, and ends it", async () => {
  const { page, close } = await signIn("approver");
  await page.getByRole("link", { name: "本单位的授权和订阅" }).click();
  const form = page.getByRole("form", { name: "授权其他单位" });
  await form.getByLabel("事项").selectOption("permit");
  await form.getByLabel("理由").fill("合署办公");
  await form.getByRole("button", { name: "授权" }).click();
  const row = page.locator("tbody tr").filter({ hasText: "合署办公" });
  assert.match(await row.textContent(), /行政许可/);
  await row.locator("summary").click();
  await row.getByLabel("理由").fill("合署结束");
  await row.getByRole("button", { name: "终止" }).click();
  assert.match(await page.locator("tbody tr").filter({ hasText: "合署办公" }).textContent(), /终止/);
  await close();
});

test("a representative finds what there is to look at, goes to the case, and marks it as read", async () => {
  const { page, close } = await signIn("organisation");
  // The server makes notices by itself, soon after its start.
  for (let looked = 0; looked < 60; looked++) {
    await page.goto(`${province.base}/account/notices`);
    if ((await page.locator("article").count()) > 0) break;
    await page.waitForTimeout(500);
  }
  assert.match(await page.locator("main").textContent(), /不是送达，不起算任何期限/);
  const first = page.locator("article").first();
  assert.match(await first.textContent(), /未读/);
  const number = await first.locator("input[name=number]").getAttribute("value");
  await page.getByRole("form", { name: `标为已读 ${number}` }).getByRole("button").click();
  assert.equal(await page.getByRole("form", { name: `标为已读 ${number}` }).count(), 0);
  await page.locator("article a").first().click();
  assert.equal(await page.locator("h1").count(), 1);
  assert.match(page.url(), /\/workbench\//);
  await close();
});

test("a representative reads his own organisation's file whole and sees who looked", async () => {
  const { page, close } = await signIn("organisation");
  await page.goto(`${province.base}/account`);
  await page.getByRole("link", { name: /我代表的主体/ }).click();
  await page.getByRole("button", { name: "查询", exact: true }).last().click();
  assert.ok((await page.locator("article.card").count()) > 0);
  assert.match(await page.locator("main").textContent(), /查询记录/);
  await close();
});

test("a clerk finds his tasks by light in words, takes one by the form, and sees the month", async () => {
  const { page, close } = await signIn("clerk");
  const start = page.getByRole("region", { name: "待办", exact: true });
  assert.match(await start.textContent(), /已逾期 \d+/);
  await page.getByRole("link", { name: "全部待办和分派" }).click();
  await page.getByLabel("范围").selectOption({ label: "本单位全部" });
  await page.getByRole("button", { name: "筛选" }).click();
  assert.ok((await page.locator("tbody tr").count()) > 0);
  const form = page.getByRole("form", { name: "分派待办" });
  const tasks = await form.getByLabel("待办").locator("option").allTextContents();
  const mine = tasks.find((task) => /送达/.test(task));
  assert.ok(mine, tasks.join("\n"));
  await form.getByLabel("待办").selectOption({ label: mine });
  await form.getByLabel("承办人账户").selectOption({ label: accountOf("clerk").account });
  await form.getByLabel("理由").fill("轮值");
  await form.getByRole("button", { name: "分派" }).click();
  assert.match(await page.locator("table").textContent(), new RegExp(accountOf("clerk").account));
  await page.getByRole("link", { name: "按日历查看" }).click();
  assert.match(await page.locator("h1").textContent(), /待办日历/);
  assert.match(await page.locator("table.month").textContent(), /今天/);
  await page.getByRole("link", { name: /下一月/ }).click();
  assert.match(await page.locator("table.month").textContent(), /休息日|待定/);
  await close();
});

test("a representative finds all about his organisation in one place and prints a letter", async () => {
  const { page, close } = await signIn("organisation");
  await page.goto(`${province.base}/account`);
  await page.getByRole("link", { name: /我的空间/ }).click();
  for (const name of ["期限", "我的记录", "案件和申请的进展", "文书和通知", "对我实施的措施", "我说过的"])
    assert.equal(await page.getByRole("heading", { level: 2, name: new RegExp(`^${name}`) }).count(), 1, name);
  await page.locator("#letters ~ ul a").first().click();
  assert.match(await page.locator("main").textContent(), /案件编号/);
  await close();
});

/** A picture for the documents, where SCREENSHOTS names a folder. */
async function shot(page, name, part) {
  if (process.env.SCREENSHOTS) await (part ?? page).screenshot({ path: join(process.env.SCREENSHOTS, `${name}.png`) });
}

/** Opens the form of a step, fills it in by its labels, and sends it. */
async function step(page, title, fields, files) {
  const panel = page.locator("details").filter({ has: page.getByRole("form", { name: title, exact: true, includeHidden: true }) });
  await panel.locator("summary").first().click();
  const form = page.getByRole("form", { name: title, exact: true });
  for (const [label, value] of Object.entries(fields)) {
    const field = form.getByLabel(label, { exact: true });
    if (value === true) await field.check();
    else if (await field.evaluate((element) => element.tagName === "SELECT")) await field.selectOption({ label: value });
    else await field.fill(value);
  }
  if (files) await form.getByLabel(/^材料/).setInputFiles(files);
  await form.getByRole("button", { name: title, exact: true }).click();
}

/** A document of one page, as a body would send it. */
function paper(name) {
  return { name: `${name}.pdf`, mimeType: "application/pdf", buffer: pdf(name) };
}

const MEASURE = "不适用告知承诺制（市场监督管理部门）";

test("a hearing that the party asked for is called by a letter, seven working days before", async () => {
  const clerk = await signIn("clerk");
  const api = `${province.base}/api/v1/listings`;
  const { items } = await (await clerk.page.request.get(`${api}?state=notified`)).json();
  const cases = await Promise.all(items.map(async ({ number }) => (await clerk.page.request.get(`${api}/${number}`)).json()));
  const asked = cases.find(({ steps }) => steps.some(({ kind }) => kind === "hearing_asked"));
  assert.ok(asked, "the demonstration has a case in which a hearing was asked for");
  await clerk.page.goto(`${province.base}/workbench/listings/${asked.number}`);
  const today = new Date(Date.now() + 8 * 3_600_000).toISOString().slice(0, 10);
  const later = (days) => new Date(Date.parse(`${today}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10);
  const call = { 地点: "三楼会议室", 时间: "09:30", 主持人: "听证主持人（示例）" };
  await step(clerk.page, "通知听证", { 举行日期: later(2), ...call });
  assert.match(await clerk.page.locator("main").textContent(), /七个工作日前/);
  await clerk.page.goto(`${province.base}/workbench/listings/${asked.number}`);
  await step(clerk.page, "通知听证", { 举行日期: later(25), ...call });
  await clerk.page.getByText(/列入听证通知书（/).click();
  assert.match(await clerk.page.locator("main").textContent(), /有权申请回避/);
  await shot(clerk.page, "3-hearing", clerk.page.locator("main"));
  await step(clerk.page, "登记听证通知书送达", { 送达方式: "直接送达", 送达或者公告日期: today, 凭证: "送达回证" });
  assert.match(await clerk.page.locator("ol").first().textContent(), /送达听证通知书/);
  await clerk.close();
});

test("the party reads its own case, with the unit in the place of its staff, and speaks in it", async () => {
  const party = await signIn("organisation");
  await party.page.goto(`${province.base}/workbench/listings`);
  await party.page.locator("article.card a").first().click();
  const text = await party.page.locator("main").textContent();
  assert.match(text, /云海市市场监督管理局/);
  assert.doesNotMatch(text, /demo-proposer/);
  assert.equal(await party.page.getByText("登记送达", { exact: true }).count(), 0, "the party serves nothing");
  await shot(party.page, "7-party", party.page.locator("main"));
  await party.close();
});

test("a listing is proposed, served, answered, decided by another person, and stayed", async () => {
  const clerk = await signIn("clerk");
  const unit = (await (await clerk.page.request.get(`${province.base}/api/v1/account`)).json()).unit;
  const asked = `${province.base}/api/v1/lists?item=penalty&authority=${unit}&limit=100`;
  const { items } = await (await clerk.page.request.get(asked)).json();
  let proposed;
  const refusals = new Set();
  const listed = await (await clerk.page.request.get(`${province.base}/api/v1/lists?item=serious_dishonesty&limit=100`)).json();
  const taken = new Set(listed.items.map(({ uscc }) => uscc));
  for (const uscc of new Set(items.map((one) => one.uscc).filter((one) => !taken.has(one)))) {
    await clerk.page.goto(`${province.base}/workbench/listings`);
    const choice = clerk.page.getByRole("form", { name: "选择名单和主体" });
    await choice.getByLabel("名单", { exact: true }).selectOption({ label: "市场监督管理严重违法失信名单" });
    await choice.getByLabel("统一社会信用代码").fill(uscc);
    await choice.getByRole("button", { name: "查看可以作为依据的文书" }).click();
    const form = clerk.page.getByRole("form", { name: "提出列入建议" });
    const offered = form.getByRole("checkbox").filter({ visible: true });
    if ((await form.getByText(/云海市市场监督管理局/).count()) === 0 || (await offered.count()) === 0) {
      refusals.add(await form.textContent());
      continue;
    }
    await offered.first().check();
    await form.getByLabel("列入标准").selectOption({ index: 2 });
    await form.getByLabel("事实").fill("产品质量严重不合格（示例）");
    await shot(clerk.page, "1-proposal", form);
    await form.getByRole("button", { name: "提出并制作事先告知书" }).click();
    if (/listings\/\S+$/.test(clerk.page.url())) {
      proposed = { uscc, page: clerk.page.url() };
      break;
    }
  }
  assert.ok(proposed, `no penalty of ${items.length} carries a listing`);
  // What was too light is shown with its reason and cannot be chosen.
  assert.ok([...refusals].every((text) => /轻微|较重|文书/.test(text)), [...refusals].join());
  assert.match(await clerk.page.locator(".marks").textContent(), /已提出|建议/);

  const decider = await signIn("list_decider");
  await decider.page.goto(proposed.page);
  assert.equal(await decider.page.getByText("决定列入", { exact: true }).count(), 0, "nothing is decided before the notice is served");

  const today = (await clerk.page.locator("ol li").first().textContent()).trim().slice(0, 10);
  await step(clerk.page, "登记送达", { 送达方式: "直接送达", 送达或者公告日期: today, 凭证: "送达回证" });
  await step(clerk.page, "登记陈述、申辩", { 提出日期: today, 内容: "已经停止生产并召回" });
  assert.match(await clerk.page.locator("ol").first().textContent(), /已经停止生产并召回/);
  await step(clerk.page, "复核陈述、申辩", { 第几次陈述: "1", 理由: "不影响性质的认定" });
  await shot(clerk.page, "2-answered", clerk.page.locator("main"));
  await step(clerk.page, "登记明确放弃陈述、申辩", { 日期: today, 凭证: "书面声明" }, paper("放弃声明（示例）"));
  assert.match(await clerk.page.locator("main").textContent(), /提出建议的人不得登记当事人放弃/);
  await clerk.page.goto(proposed.page);
  assert.equal(await clerk.page.getByText("决定列入", { exact: true }).count(), 0, "a clerk decides nothing");

  await decider.page.goto(proposed.page);
  await step(decider.page, "登记明确放弃陈述、申辩", { 日期: today, 凭证: "书面声明" }, paper("放弃声明（示例）"));
  await step(decider.page, "决定列入", { 行为性质: "明知故犯", 情节: "持续半年", 危害后果: "多人受害", 上级同意的文书号: "同意〔2026〕1号", [MEASURE]: true });
  assert.match(await decider.page.locator(".facts").textContent(), /公示至/);
  await decider.page.locator("details", { hasText: "决定书" }).filter({ hasNot: decider.page.locator("form") }).last().locator("summary").click();
  await shot(decider.page, "4-decision", decider.page.locator("main"));

  const visitor = await province.browser.newContext({ locale: "zh-CN" });
  const seen = await visitor.newPage();
  const address = `${province.base}/organisations/${proposed.uscc}`;
  await seen.goto(address);
  assert.match(await seen.locator("main").textContent(), /市场监督管理严重违法失信名单/);

  // The measure went out with the decision: the unit takes note and says what it did.
  await clerk.page.goto(`${province.base}/workbench/measures`);
  await clerk.page.locator("article.card", { hasText: proposed.uscc }).getByRole("link").first().click();
  await clerk.page.getByRole("form", { name: "签收" }).getByRole("button").click();
  const report = clerk.page.getByRole("form", { name: "反馈实施情况" });
  await report.getByLabel("实施日期").fill(today);
  await report.getByLabel("实施情况和效果").fill("已不适用告知承诺制（示例）");
  await report.getByRole("button").click();
  assert.match(await clerk.page.getByRole("region", { name: "实施单位" }).textContent(), /已反馈.*已不适用告知承诺制/);
  const measure = clerk.page.url();
  await shot(clerk.page, "8-measure", clerk.page.locator("main"));

  await clerk.page.goto(proposed.page);
  await step(clerk.page, "登记复议、诉讼", { 种类: "行政复议", 案号: "复〔2026〕1号", 受理机关: "云海市人民政府", 日期: today });
  await seen.goto(address);
  assert.match(await seen.locator("main").textContent(), /复〔2026〕1号/);
  await shot(seen, "5-public", seen.locator("article.card", { hasText: "复〔2026〕1号" }).first());
  assert.equal(await clerk.page.getByText("登记停止执行", { exact: true }).count(), 0, "a clerk enters no ruling");
  await decider.page.goto(proposed.page);
  await step(decider.page, "登记停止执行", { 案号: "复〔2026〕1号", 日期: today }, paper("停止执行通知书（示例）"));
  await seen.goto(address);
  assert.doesNotMatch(await seen.locator("main").textContent(), /市场监督管理严重违法失信名单/);
  await clerk.page.goto(proposed.page);
  await shot(clerk.page, "6-stayed", clerk.page.locator("main"));
  await clerk.page.goto(measure);
  assert.match(await clerk.page.locator(".marks").textContent(), /停止执行/, "a stay is of the measures too");
  // A ruling that changes takes the measures away and brings the end forward; the entry is public again.
  const sooner = new Date(Date.parse(`${today}T00:00:00Z`) + 200 * 86_400_000).toISOString().slice(0, 10);
  await step(decider.page, "登记复议、诉讼结果", { 案号: "复〔2026〕1号", 日期: today, 结果: "变更", 变更后的公示截止日期: sooner }, paper("行政复议决定书（示例）"));
  await clerk.page.goto(proposed.page);
  assert.match(await clerk.page.locator(".facts").textContent(), new RegExp(sooner));
  await clerk.page.goto(measure);
  // The ruling left the measure and brought its end forward with that of the entry.
  assert.match(await clerk.page.locator(".marks").textContent(), /实施中/);
  assert.match(await clerk.page.locator(".facts").first().textContent(), new RegExp(sooner));
  await seen.goto(address);
  assert.match(await seen.locator("main").textContent(), /市场监督管理严重违法失信名单/);
  await visitor.close();
  await clerk.close();
  await decider.close();
});

test("a repair is applied for on paper, passed on, accepted, granted by another person, and the record is gone", async () => {
  const office = await signIn("office");
  const clerk = await signIn("clerk");
  const unit = (await (await clerk.page.request.get(`${province.base}/api/v1/account`)).json()).unit;
  const asked = `${province.base}/api/v1/lists?item=penalty&authority=${unit}&limit=100`;
  const { items } = await (await clerk.page.request.get(asked)).json();
  let found;
  for (const uscc of new Set(items.map((one) => one.uscc))) {
    const { items: records } = await (await clerk.page.request.get(`${province.base}/api/v1/organisations/${uscc}/records`)).json();
    for (const record of records.filter(({ item, authority }) => item === "penalty" && authority === unit)) {
      const notice = await (await clerk.page.request.get(`${province.base}/api/v1/repair-notices/${record.id}`)).json();
      if (notice.eligible) found ??= { uscc, record };
    }
  }
  assert.ok(found, "the unit has a public penalty that may be repaired");
  const organisation = `${province.base}/organisations/${found.uscc}`;
  const number = found.record.document_number;

  // Anybody reads the notice from the record itself.
  const visitor = await province.browser.newContext({ locale: "zh-CN" });
  const seen = await visitor.newPage();
  await seen.goto(organisation);
  await seen.locator(`#record-${found.record.id}`).getByRole("link", { name: /信用修复告知/ }).click();
  assert.match(await seen.locator("main").textContent(), /今天就可以申请/);
  await shot(seen, "1-notice", seen.locator("main"));

  await office.page.goto(`${province.base}/workbench/repairs?record=${found.record.id}`);
  const form = office.page.getByRole("form", { name: "申请信用修复" });
  const file = { name: "缴款凭证.pdf", mimeType: "application/pdf", buffer: pdf("缴款凭证（示例）") };
  const fill = async () => {
    await form.getByLabel("纸质申请编号或者全国窗口编号").fill("窗〔2026〕示1号");
    await form.getByLabel("如何纠正失信行为、履行义务").fill("罚款已缴清，已整改（示例）");
    await form.getByLabel("材料编号或者名称").fill("缴款书（示例）");
    await form.getByLabel(/^材料文件/).setInputFiles(file);
  };
  await fill();
  const clauses = form.getByRole("checkbox");
  const all = await clauses.count();
  assert.equal(all, 5);
  for (let at = 0; at < all - 1; at++) await clauses.nth(at).check();
  await shot(office.page, "2-application", form);
  await form.getByRole("button", { name: "提交申请" }).click();
  assert.match(await office.page.locator("main").textContent(), /承诺书缺少必备条款/, "a letter without a clause is no letter");
  // A PDF that calls itself a picture is none.
  await office.page.goto(`${province.base}/workbench/repairs?record=${found.record.id}`);
  await fill();
  for (let at = 0; at < all; at++) await clauses.nth(at).check();
  await form.getByLabel(/^材料文件/).setInputFiles({ ...file, name: "缴款凭证.png", mimeType: "image/png" });
  await form.getByRole("button", { name: "提交申请" }).click();
  assert.match(await office.page.locator("main").textContent(), /文件内容与所声明的类型或者扩展名不符/);
  await office.page.goto(`${province.base}/workbench/repairs?record=${found.record.id}`);
  await fill();
  for (let at = 0; at < all; at++) await clauses.nth(at).check();
  await form.getByRole("button", { name: "提交申请" }).click();
  assert.match(office.page.url(), /workbench\/repairs\/\S+$/);
  const place = office.page.url();
  await office.page.getByLabel("审查意见").fill("材料齐全（示例）");
  await office.page.getByRole("button", { name: "推送给作出决定的机关" }).click();
  assert.match(await office.page.locator(".marks").textContent(), /待受理/);

  await clerk.page.goto(place);
  await clerk.page.getByRole("form", { name: "受理" }).getByRole("button").click();
  assert.equal(await clerk.page.getByRole("form", { name: "准予修复" }).count(), 0, "a clerk decides nothing");
  await shot(clerk.page, "3-accepted", clerk.page.locator("main"));
  await seen.goto(organisation);
  assert.match(await seen.locator("main").textContent(), new RegExp(number.replace(/[〔〕]/g, ".")), "an application changes nothing");

  // Whoever decides opens what was handed in; nobody else does, whatever he knows of it.
  const approver = await signIn("approver");
  await approver.page.goto(place);
  const paper = approver.page.getByRole("link", { name: "缴款凭证.pdf" });
  const [download] = await Promise.all([approver.page.waitForEvent("download"), paper.click()]);
  assert.equal(download.suggestedFilename(), "缴款凭证.pdf");
  assert.deepEqual(readFileSync(await download.path()), file.buffer, "to the byte");
  const address = province.base + (await paper.getAttribute("href"));
  const saved = await approver.page.request.get(address);
  assert.equal(saved.headers()["content-security-policy"], "sandbox; default-src 'none'");
  assert.equal(saved.headers()["x-content-type-options"], "nosniff");
  assert.match(saved.headers()["content-disposition"], /^attachment/);
  assert.equal((await seen.request.get(address)).status(), 401);
  // Whoever decides on lists reads papers of listings, and does not learn that there is one of a repair.
  const decider = await signIn("list_decider");
  assert.equal((await decider.page.request.get(address)).status(), 404);
  await decider.close();
  const grant = approver.page.getByRole("form", { name: "准予修复" });
  const conditions = grant.getByRole("checkbox");
  assert.ok((await conditions.count()) >= 6);
  for (let at = 1; at < (await conditions.count()); at++) await conditions.nth(at).check();
  await grant.getByLabel("核查情况").fill("罚款已缴清，现场核查已整改（示例）");
  await grant.getByRole("button").click();
  assert.match(await approver.page.locator("main").textContent(), /最短公示期已经届满/, "the condition that nobody ticked is named");
  await approver.page.goto(place);
  for (let at = 0; at < (await conditions.count()); at++) await conditions.nth(at).check();
  await grant.getByLabel("核查情况").fill("罚款已缴清，现场核查已整改（示例）");
  await grant.getByRole("button").click();
  assert.match(await approver.page.locator(".marks").textContent(), /已修复/);
  await approver.page.locator("details summary").first().click();
  assert.match(await approver.page.locator("details").first().textContent(), /停止公示/);
  await shot(approver.page, "4-granted", approver.page.locator("main"));

  // The clerk records how the decision reached the organisation.
  await clerk.page.goto(place);
  const serve = clerk.page.getByRole("form", { name: "登记决定文书的送达" });
  await serve.getByLabel("送达方式").selectOption({ label: "邮寄送达" });
  await serve.getByLabel("送达（公告）日期").fill(new Date(Date.now() + 8 * 3_600_000).toISOString().slice(0, 10));
  await serve.getByLabel("送达凭证").fill("邮件回执（示例）");
  await serve.getByRole("button", { name: "登记送达" }).click();
  assert.match(await clerk.page.getByRole("region", { name: "决定文书的送达" }).textContent(), /邮寄送达，邮件回执/);
  assert.equal(await serve.count(), 0, "a letter is served once");

  await seen.goto(organisation);
  const text = await seen.locator("main").textContent();
  assert.doesNotMatch(text, new RegExp(number.replace(/[〔〕]/g, ".")), "the record is gone the same moment");
  assert.match(text, /信用修复承诺书/, "and the commitment is public");
  await shot(seen, "5-commitment", seen.locator("article.card", { hasText: "信用修复承诺书" }).first());
  await seen.goto(place.replace("/workbench", ""));
  assert.match(await seen.locator("main").textContent(), /已修复/);
  assert.doesNotMatch(await seen.locator("main").textContent(), new RegExp(found.uscc), "nobody is named");
  await seen.evaluate(axe);
  assert.deepEqual((await seen.evaluate(() => globalThis.axe.run())).violations.map(({ id }) => id), []);
  await shot(seen, "6-progress", seen.locator("main"));
  await visitor.close();
  await Promise.all([office, clerk, approver].map(({ close }) => close()));
});

test("the office sees what national platforms refused and settles what differs", async () => {
  const office = await signIn("office");
  await office.page.goto(`${province.base}/workbench/national`);
  const main = office.page.locator("main");
  assert.match(await main.textContent(), /信用中国/);
  assert.match(await main.textContent(), /字段不符合填报要求/);
  await shot(office.page, "national", main);
  const refused = office.page.getByRole("form", { name: /^重发/ });
  const before = await refused.count();
  await refused.first().getByRole("button", { name: "原样重发" }).click();
  assert.equal(await office.page.getByRole("form", { name: /^重发/ }).count(), before - 1);
  const hidden = office.page.getByRole("form", { name: /^核对/ }).filter({ hasText: "国家平台已终止公示" }).first();
  const label = await hidden.getAttribute("aria-label");
  const record = label.split(" ").at(-1);
  const organisation = await hidden.getByRole("link").getAttribute("href");
  const visitor = await province.browser.newContext({ locale: "zh-CN" });
  const seen = await visitor.newPage();
  await seen.goto(province.base + organisation);
  assert.equal(await seen.locator(`#record-${record}`).count(), 0, "what has ended there is not shown here");
  await hidden.getByLabel("核对结果和依据的文书").fill("对方误撤，经电话核实（示例）");
  await hidden.getByRole("button", { name: "以本平台为准" }).click();
  assert.equal(await office.page.getByRole("form", { name: label }).count(), 0);
  await seen.goto(province.base + organisation);
  assert.equal(await seen.locator(`#record-${record}`).count(), 1, "and is again once a person has settled it");
  await visitor.close();
  await office.close();
});
