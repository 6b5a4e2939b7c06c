import { execFileSync } from 'node:child_process';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll } from 'vitest';
import { CHROMIUM, hasChromium, launchChromium } from '../../scripts/chromium.mjs';
import { watchHand } from '../../scripts/hand.mjs';
import { siteListener } from '../../src/cli/web/answer.js';
import { close, listen } from '../../src/cli/web/listen.js';
import { readSite } from '../../src/cli/web/site.js';

/** The built page in a real browser, served as `cifra web` serves it. */

/** What `describe` is called with, where there is no browser too. */
export const chromium = hasChromium
  ? { name: 'in Chromium', options: {} }
  : { name: `in Chromium (skipped: none at ${CHROMIUM})`, options: { skip: true } };

/** For what has no event to wait for: `expect.poll` looks again and again. */
export const PATIENT = { timeout: 30_000 };

export interface Served {
  /** With a slash at the end. */
  readonly url: string;
  close(): Promise<void>;
}

const root = join(import.meta.dirname, '../..');

/** The folder of the built page, which is built if it is not yet. */
export function builtPage(): string {
  execFileSync(process.execPath, [join(root, 'scripts/build.mjs'), '--page'], { stdio: 'inherit' });
  return join(root, 'web/dist');
}

export interface ServeOptions {
  readonly isolated?: boolean;
  /** `/`, or a folder of a host, with a slash at the end. */
  readonly path?: string;
  /** 0: any that is free. */
  readonly port?: number;
  /** Of the built page. */
  readonly folder?: string;
}

export async function servePage(options: ServeOptions = {}): Promise<Served> {
  const { isolated = true, path = '/', port = 0, folder = builtPage() } = options;
  const answer = siteListener(await readSite(folder), isolated);
  const server = await listen(
    (request, response) => {
      const { url = '' } = request;
      request.url = url.startsWith(path) ? url.slice(path.length - 1) : '/not-there';
      answer(request, response);
    },
    { host: '127.0.0.1', port, firstPort: 0 },
  );
  const { port: found } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${found}${path}`, close: () => close(server) };
}

let launched: Promise<Browser> | undefined;
/** One for all tests of a file. */
const browser = (): Promise<Browser> => (launched ??= launchChromium());
afterAll(async () => (await launched)?.close());

export interface OpenOptions extends BrowserContextOptions {
  /** What is asked for, such as `?view=train`. */
  readonly search?: string;
  /** What is done to the browser before it goes there. */
  readonly before?: (page: Page) => Promise<unknown>;
}

/** A visitor: a browser's storage of their own, and a page. What goes wrong in it fails the test. */
export class Visit implements AsyncDisposable {
  #problems: string[] = [];
  #closing = false;

  private constructor(
    readonly context: BrowserContext,
    readonly page: Page,
  ) {}

  static async open(url: string, { search = '', before, ...options }: OpenOptions = {}): Promise<Visit> {
    const context = await (await browser()).newContext({ viewport: { width: 1280, height: 900 }, ...options });
    const visit = new Visit(context, await context.newPage());
    visit.#watch(visit.page);
    await watchHand(visit.page);
    await before?.(visit.page);
    await visit.page.goto(url + search);
    return visit;
  }

  /** Another tab of the same visitor. */
  async another(url: string): Promise<Page> {
    const page = await this.context.newPage();
    this.#watch(page);
    await watchHand(page);
    await page.goto(url);
    return page;
  }

  /** Problems that a test has brought about itself. @throws Error where there are none such */
  expectProblems(like: RegExp): void {
    const others = this.#problems.filter((problem) => !like.test(problem));
    if (others.length === this.#problems.length) throw new Error(`There is no problem like ${like}.`);
    this.#problems = others;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closing = true;
    await this.context.close();
    if (this.#problems.length > 0) throw new Error(`The page has problems:\n${this.#problems.join('\n')}`);
  }

  #watch(page: Page): void {
    const problem = (text: string): void => {
      if (!this.#closing) this.#problems.push(text);
    };
    page.on('pageerror', (error) => problem(`error: ${error.stack ?? error.message}`));
    page.on('console', (message) => {
      if (['error', 'warning'].includes(message.type()))
        problem(`console: ${message.text()} (${message.location().url})`);
    });
    page.on('requestfailed', (request) => {
      const why = request.failure()?.errorText ?? '';
      // By who asked: a page that is left, a worker that is ended.
      if (why !== 'net::ERR_ABORTED') problem(`request: ${request.url()} ${why}`);
    });
    page.on('response', (response) => {
      if (response.status() >= 400) problem(`response: ${response.url()} ${response.status()}`);
    });
    page.on('crash', () => problem('the page crashed'));
  }
}
