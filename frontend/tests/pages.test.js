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

test("on a phone nothing is wider than the screen and targets can be hit", async () => {
  const { page, close } = await look(PHONE);
  for (const path of everyPage()) {
    await page.goto(province.base + path);
    const [wide, screen] = await page.evaluate(() => [document.documentElement.scrollWidth, innerWidth]);
    assert.ok(wide <= screen, `${path} is ${wide} wide on ${screen}`);
    for (const button of await page.locator("button:visible, input:visible, select:visible").all()) {
      assert.ok((await button.boundingBox()).height >= 44, path);
    }
  }
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
