/** The documentation site in a browser: search, colours, narrow windows. What it looks like is left in build/site-screenshots. */
import assert from "node:assert/strict";
import { mkdirSync, readdirSync, readFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { extname, join, normalize } from "node:path";
import { after, before, describe, test } from "node:test";
import { type Browser, chromium, type Page } from "playwright-core";
import { root, runToEnd, skipUnless } from "../helpers/peers.js";

const site = join(root, "build/site");
const screenshots = join(root, "build/site-screenshots");
const kinds: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".css": "text/css",
  ".js": "text/javascript",
  ".svg": "image/svg+xml",
};

/** Serves the site, as a web server would. */
async function serve(): Promise<Server> {
  const server = createServer(({ url = "/" }, response) => {
    const path = normalize(decodeURIComponent(new URL(url, "http://localhost").pathname));
    try {
      const body = readFileSync(join(site, path === "/" ? "index.html" : path));
      response.setHeader("content-type", kinds[extname(path === "/" ? ".html" : path)] ?? "application/octet-stream");
      response.end(body);
    } catch {
      response.statusCode = path === "/favicon.ico" ? 204 : 404;
      response.end();
    }
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return server;
}

/** Runs in the page: what is cut off at the right, or an empty text. */
const tooWide = `(() => {
  const scrolls = (element) =>
    element !== null && (/auto|scroll/.test(getComputedStyle(element).overflowX) || scrolls(element.parentElement));
  const cut = [...document.querySelectorAll(".col-content *")].find(
    (element) => element.getBoundingClientRect().right > innerWidth + 1 && !scrolls(element),
  );
  const width = document.documentElement.scrollWidth;
  return width > innerWidth || cut !== undefined ? width + " " + (cut?.outerHTML ?? "") : "";
})()`;

const pages = (): string[] =>
  readdirSync(site, { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".html"))
    .sort();

const skip = skipUnless("chromium", "chromium", ["--version"]);
describe("the documentation site", { skip: skip && `${skip}; scripts/setup --with-browser installs it` }, () => {
  let server: Server;
  let browser: Browser;
  let address: string;
  const complaints: string[] = [];

  before(async () => {
    const { status, stdout, stderr } = runToEnd(join(root, "scripts/check-site"), []);
    assert.equal(status, 0, stdout + stderr);
    mkdirSync(screenshots, { recursive: true });
    server = await serve();
    address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    // Root gets no sandbox from Chromium; the pages are our own.
    browser = await chromium.launch({
      executablePath: "/usr/bin/chromium",
      args: process.getuid?.() === 0 ? ["--no-sandbox"] : [],
    });
  });
  after(async () => {
    await browser.close();
    server.close();
  });

  async function open(path: string, width: number, colorScheme: "light" | "dark" = "light"): Promise<Page> {
    const page = await browser.newPage({ viewport: { width, height: 900 }, colorScheme });
    page.on("console", (message) => {
      if (["error", "warning"].includes(message.type())) complaints.push(`${path}: ${message.text()}`);
    });
    page.on("pageerror", (error) => complaints.push(`${path}: ${error.message}`));
    await page.goto(`${address}/${path}`);
    return page;
  }

  for (const [words, title] of [
    ["tryReceive", "tryReceive"],
    ["EMFILE", "Errors"],
    ["umask", "Permissions"],
    ["doctor", "The hostmq command"],
    ["RLIMIT_MSGQUEUE", "Limits"],
  ] as const) {
    test(`a search for ${words} leads to ${title}`, async () => {
      const page = await open("index.html", 1280);
      await page.click("#tsd-search-trigger");
      await page.keyboard.type(words);
      const result = page.locator("#tsd-search-results a").filter({ hasText: title }).first();
      await result.waitFor();
      await page.screenshot({ path: join(screenshots, `search-${words}.png`) });
      await result.click();
      await page.waitForLoadState("load");
      assert.notEqual(new URL(page.url()).pathname, "/index.html");
      const text = await page.locator(".col-content").innerText();
      assert.ok(text.includes(words), `${page.url()} has no ${words}`);
      await page.close();
    });
  }

  test("the sidebar leads from the start page to a page of the guide and of the reference", async () => {
    const page = await open("index.html", 1280);
    await page.locator(".site-menu summary").filter({ hasText: "Queues" }).first().click();
    await page.locator(".site-menu a").filter({ hasText: "System V queues" }).click();
    await page.waitForURL("**/guide/sysv.html");
    await page.locator(".site-menu summary").filter({ hasText: "API reference" }).first().click();
    await page.locator(".site-menu a").filter({ hasText: "hostmq/trigger" }).first().click();
    await page.waitForURL("**/hostmq/trigger.html");
    await page.close();
  });

  test("dark and light are the reader's choice", async () => {
    const colours: string[] = [];
    for (const scheme of ["light", "dark"] as const) {
      const page = await open("guide/posix.html", 1280, scheme);
      colours.push(await page.evaluate<string>("getComputedStyle(document.body).backgroundColor"));
      await page.screenshot({ path: join(screenshots, `${scheme}.png`) });
      await page.close();
    }
    assert.notEqual(colours[0], colours[1]);
  });

  test("no page is wider than a window of 400 pixels, and what is wider scrolls by itself", async () => {
    const page = await open("index.html", 400);
    const all = pages();
    assert.ok(all.length > 100);
    const wide: string[] = [];
    for (const path of all) {
      await page.goto(`${address}/${path}`);
      const found = await page.evaluate<string>(tooWide);
      if (found !== "") wide.push(`${path}: ${found.slice(0, 200)}`);
      if (path.startsWith("guide/")) {
        await page.screenshot({ path: join(screenshots, `narrow-${path.replace("/", "-")}.png`) });
      }
    }
    assert.deepEqual(wide, []);
    await page.close();
  });

  test("no page had anything to complain of in the console", () => {
    assert.deepEqual(complaints, []);
  });
});
