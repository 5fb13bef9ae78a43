/**
 * A synthetic province, served by the real program, and a browser to look at it.
 *
 * CREDENCE_BIN names the program (default: target/release/credence, else target/debug/credence); CHROMIUM the browser.
 */
import { chromium } from "playwright-core";
import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const ORGANISATIONS = "300";
const READY_WITHIN_MS = 120_000;
const FLAGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

function program() {
  const built = (profile) => fileURLToPath(new URL(`../../target/${profile}/credence`, import.meta.url));
  const candidates = [process.env.CREDENCE_BIN, built("release"), built("debug")];
  const found = candidates.find((path) => path && existsSync(path));
  if (!found) throw new Error("no credence to test: build it (cargo build --bin credence) or name it in CREDENCE_BIN");
  return found;
}

function browserPath() {
  const candidates = [process.env.CHROMIUM, "/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];
  const found = candidates.find((path) => path && existsSync(path));
  if (!found) throw new Error("no Chromium: apt-get install chromium, or name it in CHROMIUM");
  return found;
}

/** Makes the province, serves it, and opens a browser; `close` ends all of it. */
export async function open() {
  const folder = mkdtempSync(join(tmpdir(), "credence-browser-"));
  const command = ["demo", "--organisations", ORGANISATIONS, "--dir", join(folder, "demo"), "--listen", "127.0.0.1:0"];
  const server = spawn(program(), command, { stdio: ["ignore", "pipe", "pipe"] });
  const ended = new Promise((resolve) => server.once("exit", resolve));
  let base;
  let browser;
  let accounts;
  const close = async () => {
    await browser?.close();
    server.kill("SIGTERM");
    await ended;
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    base = await address(server);
    // One account for every role: a demonstration alone has any whose passwords are known.
    accounts = JSON.parse(readFileSync(join(folder, "demo", "accounts.json"), "utf8"));
    browser = await chromium.launch({ executablePath: browserPath(), args: FLAGS });
  } catch (error) {
    await close();
    throw error;
  }
  return { base, browser, accounts, folder, close };
}

function address(server) {
  return new Promise((resolve, reject) => {
    let said = "";
    const late = setTimeout(() => reject(new Error(`not ready in time: ${said}`)), READY_WITHIN_MS);
    server.stderr.on("data", (text) => (said += text));
    server.stdout.on("data", (text) => {
      said += text;
      const found = /listening on (http:\/\/\S+)/.exec(said);
      if (found) {
        clearTimeout(late);
        resolve(found[1]);
      }
    });
    server.once("exit", (code) => reject(new Error(`credence ended with ${code}: ${said}`)));
  });
}
