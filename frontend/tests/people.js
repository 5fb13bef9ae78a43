/** People in the journeys: signed in by the page, without JavaScript, filling in forms by their labels; and what anybody sees of it. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** Somebody of a role, signed in by the page. */
export async function signIn(province, role) {
  const page = await (await province.browser.newContext({ locale: "zh-CN", javaScriptEnabled: false })).newPage();
  await page.goto(`${province.base}/workbench`);
  const { account, password } = province.accounts.find((one) => one.role === role);
  await page.getByLabel("账户", { exact: true }).fill(account);
  await page.getByLabel("密码", { exact: true }).fill(password);
  await page.getByRole("button", { name: "登录", exact: true }).click();
  return page;
}

/** Anybody, who is not signed in. */
export async function anybody(province) {
  return (await province.browser.newContext({ locale: "zh-CN", viewport: { width: 1280, height: 1000 } })).newPage();
}

/** Who is signed in, as the API tells it. */
export async function account(province, page) {
  return (await page.request.get(`${province.base}/api/v1/account`)).json();
}

/** The public records of an organisation, as the API tells them. */
export async function records(province, uscc) {
  return (await (await fetch(`${province.base}/api/v1/organisations/${uscc}/records?limit=100`)).json()).items;
}

/** What anybody reads of a record on the page of its organisation; nothing where it is not shown. */
export async function publicly(seen, organisation, record) {
  await seen.goto(organisation);
  const card = seen.locator(`#record-${record}`);
  return (await card.count()) === 0 ? undefined : card.textContent();
}

/** Fills in a form by its labels and sends it. */
export async function send(page, title, fields, button = title) {
  const form = await fill(page, title, fields);
  await form.getByRole("button", { name: button, exact: true }).click();
}

export async function fill(page, title, fields) {
  const form = page.getByRole("form", { name: title, exact: true });
  for (const [label, value] of Object.entries(fields)) {
    const field = form.getByLabel(label, { exact: true });
    if (await field.evaluate((element) => element.tagName === "SELECT")) await field.selectOption({ label: value });
    else await field.fill(value);
  }
  return form;
}

/** A page in order: one main heading, and nothing that axe finds, which needs the JavaScript that the journeys do without. */
export async function inOrder(page) {
  const [of, state] = [page.context().browser(), await page.context().storageState()];
  const context = await of.newContext({ locale: "zh-CN", storageState: state });
  const same = await context.newPage();
  const answer = await same.goto(page.url());
  assert.equal(answer.status(), 200, page.url());
  assert.equal(await same.locator("h1").count(), 1, page.url());
  await same.evaluate(axe);
  const { violations } = await same.evaluate(() => globalThis.axe.run());
  assert.deepEqual(violations.map((found) => `${found.id}: ${found.nodes[0].html}`), [], page.url());
  await context.close();
}

/** A picture for the documents, where SCREENSHOTS names their folder (docs). */
export async function shot(page, name, part = page.locator("main")) {
  if (process.env.SCREENSHOTS) await part.screenshot({ path: join(process.env.SCREENSHOTS, `${name}.png`) });
}

export const text = (page, part = "main") => page.locator(part).first().textContent();
