// SPDX-License-Identifier: MIT
/* A tablet of the gym: one browser context with the page. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { chromium, type Browser, type Page } from 'playwright-core';
import type { Hop } from './hops';
import { DEADLINE_MS } from './world';

const ARGS = ['--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking',
  '--disable-component-update', '--disable-sync'];
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

export const launch = (): Promise<Browser> => chromium.launch({ executablePath: process.env['CHROMIUM'] ?? '/usr/bin/chromium', args: ARGS });

export interface Options {
  width?: number;
  height?: number;
  language?: string;
  scheme?: 'dark' | 'light';
  /** runs in the page before its own script */
  watch?: () => void;
}
interface Finding {
  id: string;
  nodes: { target: unknown[]; failureSummary?: string }[];
}

/* In the page: notes when each topic arrives at its socket. */
function noteArrivals(): void {
  const arrivals: { at: number; topic: string }[] = [];
  const Plain = WebSocket;
  Object.assign(window, {
    arrivals,
    WebSocket: class extends Plain {
      constructor(...how: ConstructorParameters<typeof WebSocket>) {
        super(...how);
        this.addEventListener('message', ({ data }) => {
          for (const [topic] of new TextDecoder('latin1').decode(data as ArrayBuffer).matchAll(/coxa\/v1\/[-\w/]+/g)) arrivals.push({ at: Date.now(), topic });
          arrivals.splice(0, arrivals.length - 2000);
        });
      }
    },
  });
}

export class Tablet {
  /** what went wrong in the page, and requests to anywhere but the gym */
  readonly faults: string[] = [];

  private constructor(readonly page: Page) {}

  static async open(browser: Browser, address: string, { width = 1280, height = 720, language = 'en-GB', scheme = 'dark', watch = noteArrivals }: Options = {}): Promise<Tablet> {
    const context = await browser.newContext({ viewport: { width, height }, locale: language, colorScheme: scheme, timezoneId: 'Europe/Berlin' });
    const page = await context.newPage();
    await page.addInitScript(watch);
    page.setDefaultTimeout(DEADLINE_MS);
    const tablet = new Tablet(page);
    page.on('pageerror', (error) => tablet.faults.push(error.message));
    page.on('console', (told) => { if (told.type() === 'error' && !/WebSocket (connection|is already in CLOSING)/.test(told.text())) tablet.faults.push(told.text()); });
    page.on('request', (request) => { if (!request.url().startsWith(address) && !/^(data|blob):/.test(request.url())) tablet.faults.push(`asked for ${request.url()}`); });
    await page.goto(address);
    return tablet;
  }

  async logIn(user: string, password: string): Promise<void> {
    await this.page.fill('input[name=user]', user);
    await this.page.fill('input[name=password]', password);
    await this.page.click('dialog button[type=submit]');
  }

  async name(name: string): Promise<void> {
    await this.page.click('#who');
    await this.sayName(name);
  }

  async sayName(name: string): Promise<void> {
    await this.page.fill('input[name=name]', name);
    await this.page.click('dialog button[type=submit]');
  }

  card = (kit: string): string => `article[data-mat="${kit}"]`;
  wait = (selector: string) => this.page.waitForSelector(selector);
  close = (): Promise<void> => this.page.keyboard.press('Escape').then(() => this.page.waitForSelector('dialog', { state: 'detached' })).then(() => undefined);

  arrivals = (): Promise<Hop[]> => this.page.evaluate(() => (window as unknown as { arrivals: Hop[] }).arrivals);

  /** The instant (ms since 1970) at which selector is first there. Begin before, await after. */
  when(selector: string): Promise<number> {
    return this.page.evaluate(([wanted, deadline]) => new Promise<number>((resolve, reject) => {
      const look = () => document.querySelector(wanted as string) && (observer.disconnect(), resolve(Date.now()));
      const observer = new MutationObserver(look);
      observer.observe(document, { subtree: true, childList: true, attributes: true });
      setTimeout(() => reject(new Error(`no ${wanted}`)), deadline as number);
      look();
    }), [selector, DEADLINE_MS]);
  }

  /** Clicks and gives the instant at which the page got the click. */
  async click(selector: string): Promise<number> {
    const at = this.page.evaluate(() => new Promise<number>((resolve) => addEventListener('click', () => resolve(Date.now()), { capture: true, once: true })));
    await this.page.click(selector);
    return at;
  }

  /** The grounds of what selector finds, while a STOP is lit and while it is not. */
  grounds(selector: string): Promise<string[]> {
    return this.page.evaluate(([wanted, deadline]) => new Promise<string[]>((resolve, reject) => {
      const grounds = new Map<boolean, string>();
      const look = () => {
        grounds.set(document.documentElement.classList.contains('is-lit'), getComputedStyle(document.querySelector(wanted as string)!).backgroundColor);
        if (grounds.size === 2) resolve([...grounds.values()]);
      };
      new MutationObserver(look).observe(document.documentElement, { attributes: true });
      setTimeout(() => reject(new Error('no flash')), deadline as number);
      look();
    }), [selector, DEADLINE_MS]);
  }

  /** What axe objects to. */
  async audit(): Promise<string[]> {
    await this.page.evaluate(axe);
    const found = await this.page.evaluate(() => (window as unknown as { axe: { run: () => Promise<{ violations: Finding[] }> } }).axe.run());
    return found.violations.map((each) => `${each.id}: ${each.nodes.slice(0, 3).map((node) => `${node.target.join(' ')} ${node.failureSummary?.split('\n')[1]?.trim() ?? ''}`).join('; ')}`);
  }

  /** Buttons smaller than a finger. */
  smallTargets(): Promise<string[]> {
    return this.page.evaluate(() => [...document.querySelectorAll<HTMLElement>('button, [role=button], input, select')].flatMap((each) => {
      const { width, height } = each.getBoundingClientRect();
      return width && (width < 43.5 || height < 43.5) ? [`${each.textContent || each.getAttribute('aria-label')} ${width.toFixed(0)}x${height.toFixed(0)}`] : [];
    }));
  }
}
