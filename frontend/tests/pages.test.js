/** Journeys through the public pages in a real browser: with and without JavaScript, on a phone, by keyboard, with axe. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { after, before, test } from "node:test";
import { open } from "./province.js";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const PHONE = { viewport: { width: 360, height: 740 }, isMobile: true, hasTouch: true };

let province;
/** An organisation with a public penalty and a grade, as the API tells it. */
let known;

before(async () => {
  province = await open();
  known = await organisationWithPenalty();
});
after(() => province?.close());

async function ask(path) {
  const answer = await fetch(province.base + path);
  assert.equal(answer.status, 200, path);
  return answer.json();
}

async function organisationWithPenalty() {
  for (let cursor = ""; cursor !== null; ) {
    const page = await ask(`/api/v1/organisations?limit=100&cursor=${cursor}`);
    for (const item of page.items.filter((item) => item.registered)) {
      const { items } = await ask(`/api/v1/organisations/${item.uscc}/records?limit=100`);
      const evaluation = await ask(`/api/v1/organisations/${item.uscc}/evaluation`);
      if (evaluation.grade && items.some((record) => record.item === "penalty")) return { ...item, evaluation };
    }
    cursor = page.next;
  }
  throw new Error("nobody in the province has a public penalty");
}

/** A part of a name from its middle, as somebody would type who remembers no more. */
const fragment = () => [...known.name].slice(2, 6).join("");

const everyPage = () => [
  "/",
  `/search?q=${encodeURIComponent(fragment())}`,
  "/search?q=",
  "/search?q=%E4%BA%91",
  "/search?q=91379900MA0TE5T16H&kind=91",
  `/organisations/${known.uscc}`,
  "/organisations/nobody",
  "/search?limit=1000",
  "/search?q=%E6%9C%89%E9%99%90&kind=Y1",
  "/lists",
  "/lists?item=penalty",
  "/lists?item=penalty&area=nowhere",
  "/lists?item=penalty&from=2026-13-01",
  "/data-list",
  "/data-list/penalty",
  "/lists/definitions",
  "/lists/definitions/market_regulation",
  "/measures",
  "/repairs",
  "/measures/bidding_bar",
  "/behaviours",
  "/units",
  "/areas/379920",
  "/areas/nowhere",
  "/method",
  "/about",
  "/open-data",
  "/log",
  "/accessibility",
  "/design",
];

/** A page that fails the test when the console says an error; a refused document itself is one line there. */
async function look(options = {}) {
  const context = await province.browser.newContext({ locale: "zh-CN", ...options });
  const page = await context.newPage();
  const errors = [];
  page.on("pageerror", (error) => errors.push(String(error)));
  page.on("console", (message) => {
    if (message.type() === "error" && message.location().url !== page.url()) errors.push(message.text());
  });
  return { page, errors, close: () => context.close() };
}

for (const javaScriptEnabled of [true, false]) {
  test(`from home by a fragment of the name to the organisation, ${javaScriptEnabled ? "with" : "without"} JavaScript`, async () => {
    const { page, errors, close } = await look({ javaScriptEnabled });
    await page.goto(province.base);
    await page.getByLabel("名称或统一社会信用代码").fill(fragment());
    await page.getByRole("button", { name: "查询" }).click();
    for (;;) {
      const link = page.locator(`a[href="/organisations/${known.uscc}"]`);
      if (await link.count()) {
        await link.click();
        break;
      }
      await page.getByRole("link", { name: "下一页" }).click();
    }
    assert.equal(await page.getByRole("heading", { level: 1 }).innerText(), known.name);
    const shown = page.locator("[data-grade]");
    assert.equal(await shown.getAttribute("data-grade"), known.evaluation.grade);
    assert.equal(await shown.getAttribute("data-points"), String(known.evaluation.points));
    assert.ok(await page.getByText("最早可申请修复").count());
    assert.deepEqual(errors, []);
    await close();
  });
}

test("every page passes axe, has one main heading, logs no error and keeps no cookie", async () => {
  for (const size of [{}, PHONE]) {
    const { page, errors, close } = await look(size);
    for (const path of everyPage()) {
      await page.goto(province.base + path);
      assert.equal(await page.locator("h1").count(), 1, path);
      // Through the debugger, which the content security policy does not bind.
      await page.evaluate(axe);
      const { violations } = await page.evaluate(() => axe.run());
      const found = violations.map((one) => `${one.id}: ${one.nodes.map((node) => node.html).join(" | ")}`);
      assert.deepEqual(found, [], path);
      assert.deepEqual(errors, [], path);
    }
    assert.deepEqual(await page.context().cookies(), []);
    await close();
  }
});

test("on a phone nothing is wider than the screen and targets can be hit, in large type too", async () => {
  for (const [width, cookie] of [[360, ""], [360, "large"], [320, ""]]) {
    const { page, close } = await look({ ...PHONE, viewport: { width, height: 740 } });
    if (cookie) await page.goto(`${province.base}/accessibility?type=${cookie}`);
    for (const path of everyPage()) {
      await page.goto(province.base + path);
      const wide = await page.evaluate(() => document.documentElement.scrollWidth);
      assert.ok(wide <= width, `${path} is ${wide} wide on ${width} ${cookie}`);
      const low = await page.evaluate(() => {
        const targets = [...document.querySelectorAll("button, input, select, .site-nav a")];
        return targets.filter((one) => one.checkVisibility() && one.getBoundingClientRect().height < 44).map((one) => one.outerHTML);
      });
      assert.deepEqual(low, [], path);
    }
    await close();
  }
});

for (const javaScriptEnabled of [true, false]) {
  test(`from the lists to a record and back to its organ, ${javaScriptEnabled ? "with" : "without"} JavaScript`, async () => {
    const { page, errors, close } = await look({ javaScriptEnabled });
    await page.goto(province.base);
    await page.getByRole("navigation", { name: "主导航" }).getByRole("link", { name: "公示名单" }).click();
    assert.equal(await page.getByRole("link", { name: "公示名单", exact: true }).getAttribute("aria-current"), "page");
    await page.getByRole("link", { name: "行政处罚", exact: true }).click();
    const first = page.locator(".entry").first();
    const [name, organ] = [await first.getByRole("heading").locator("a").innerText(), await first.locator(".entry-facts a").innerText()];
    await first.locator(".entry-facts a").click();
    assert.ok(new URL(page.url()).searchParams.get("authority"));
    for (const one of await page.locator(".entry-facts a").allInnerTexts()) assert.equal(one, organ);
    assert.ok((await page.locator(".result-line").innerText()).includes(organ));
    await page.locator(".entry").first().getByRole("heading").locator("a").click();
    assert.equal(await page.getByRole("heading", { level: 1 }).innerText(), name);
    const id = new URL(page.url()).hash.slice(1);
    assert.ok(await page.locator(`article[id="${id}"]`).isVisible(), id);
    assert.deepEqual(errors, []);
    await close();
  });
}

test("a list is followed to its end and the pages join", async () => {
  const { page, close } = await look();
  const seen = [];
  await page.goto(`${province.base}/lists?item=penalty&limit=40`);
  for (;;) {
    seen.push(...(await page.locator(".entry .result-name a").evaluateAll((links) => links.map((link) => link.hash))));
    const next = page.getByRole("link", { name: "下一页" });
    if (!(await next.count())) break;
    await next.click();
  }
  const { items } = await ask("/api/v1/counters");
  assert.equal(seen.length, items.find((one) => one.item === "penalty").count);
  assert.equal(new Set(seen).size, seen.length);
  await close();
});

test("a newcomer finds out what is kept, how a grade comes about and how an error is put right", async () => {
  const { page, errors, close } = await look(PHONE);
  await page.goto(province.base);
  await page.getByRole("link", { name: "看收哪些信息" }).click();
  await page.getByRole("link", { name: "行政处罚", exact: true }).click();
  assert.ok(await page.getByRole("rowheader", { name: "行政处罚决定书文号" }).count());
  await page.getByRole("link", { name: "评价方法" }).click();
  assert.ok(await page.getByText("非国家公共信用综合评价").count());
  await page.getByRole("link", { name: "记录有误怎么办" }).click();
  assert.equal(new URL(page.url()).hash, "#correct");
  assert.deepEqual(errors, []);
  await close();
});

test("large type is chosen without JavaScript, kept from page to page, and given up again", async () => {
  const { page, close } = await look({ javaScriptEnabled: false });
  const size = () => page.locator("h1").evaluate((one) => parseFloat(getComputedStyle(one).fontSize));
  await page.goto(`${province.base}/lists`);
  const standard = await size();
  await page.getByRole("link", { name: "大字版" }).click();
  await page.getByRole("link", { name: "回到刚才的页面" }).click();
  assert.equal(new URL(page.url()).pathname, "/lists");
  assert.ok((await size()) > standard * 1.2);
  await page.getByRole("link", { name: "标准字号" }).click();
  await page.goto(`${province.base}/lists`);
  assert.equal(await size(), standard);
  await close();
});

test("on paper stands what matters: no navigation, every basis", async () => {
  const { page, close } = await look();
  await page.goto(`${province.base}/organisations/${known.uscc}`);
  await page.emulateMedia({ media: "print" });
  assert.equal(await page.locator(".site-nav, .header-search, .contents").filter({ visible: true }).count(), 0);
  assert.ok(await page.getByText("公示的依据").first().isVisible());
  assert.ok((await page.pdf()).length > 10_000);
  await close();
});

test("nothing is asked of anybody else", async () => {
  const { page, close } = await look();
  const hosts = new Set();
  page.on("request", (request) => hosts.add(new URL(request.url()).origin));
  for (const path of everyPage()) await page.goto(province.base + path);
  assert.deepEqual([...hosts], [province.base]);
  await close();
});

test("by keyboard alone: skip link, search box, suggestion, organisation", async () => {
  const { page, errors, close } = await look();
  await page.goto(province.base);
  await page.keyboard.press("Tab");
  assert.equal(await page.evaluate(() => document.activeElement.textContent), "跳到正文");
  await page.keyboard.press("Enter");
  await page.keyboard.press("Tab");
  assert.equal(await page.evaluate(() => document.activeElement.id), "q");
  await page.keyboard.type(known.uscc);
  const option = page.getByRole("option").first();
  await option.waitFor();
  await page.keyboard.press("ArrowDown");
  assert.equal(await option.getAttribute("aria-selected"), "true");
  await page.evaluate(axe);
  const { violations } = await page.evaluate(() => axe.run());
  assert.deepEqual(violations.map((one) => one.id), []);
  await page.keyboard.press("Escape");
  assert.equal(await page.locator("#q").getAttribute("aria-expanded"), "false");
  await page.keyboard.type(" ");
  await option.waitFor();
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Enter");
  await page.waitForURL(`**/organisations/${known.uscc}`);
  assert.equal(await page.getByRole("heading", { level: 1 }).innerText(), known.name);
  assert.deepEqual(errors, []);
  await close();
});

test("a search keeps its filters in its address and can be saved as a file", async () => {
  const { page, close } = await look();
  await page.goto(`${province.base}/search?q=`);
  await page.getByText("筛选", { exact: true }).click();
  await page.getByLabel("主体种类").selectOption("91");
  await page.getByRole("button", { name: "应用筛选" }).click();
  assert.equal(new URL(page.url()).searchParams.get("kind"), "91");
  for (const code of await page.locator(".result .code").allInnerTexts()) assert.ok(code.startsWith("91"), code);
  const saving = page.waitForEvent("download");
  await page.getByRole("link", { name: "本页存为 CSV" }).click();
  const text = readFileSync(await (await saving).path(), "utf8");
  assert.ok(text.startsWith("\ufeff统一社会信用代码,名称,"), text.slice(0, 60));
  await close();
});

test("each city and county has its own start page, reached from home, with its units and what was published last", async () => {
  const areas = (await ask("/api/v1/areas")).items.filter((area) => area.level !== "province");
  assert.equal(areas.length, 3);
  const { page, errors, close } = await look({ javaScriptEnabled: false });
  for (const area of areas) {
    await page.goto(province.base + "/");
    await page.getByRole("link", { name: area.name, exact: true }).click();
    assert.equal(await page.locator("h1").innerText(), area.name);
    const told = await ask(`/api/v1/areas/${area.code}`);
    assert.ok(told.organisations > 0 && told.units.length > 0 && told.latest.length > 0, area.name);
    assert.equal(await page.locator("ol.results > li").count(), told.latest.length);
    await page.getByRole("link", { name: told.units[0].name, exact: true }).click();
    assert.match(page.url(), /\/lists\?authority=/);
  }
  assert.deepEqual(errors, []);
  await close();
});
