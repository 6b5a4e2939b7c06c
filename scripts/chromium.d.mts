import type { Browser, Page } from 'playwright-core';

export const CHROMIUM: string;
export const hasChromium: boolean;
export function launchChromium(): Promise<Browser>;
export function buildSite(module: URL): Promise<string>;
export function openSite(
  folder: string,
  isolated: boolean,
): Promise<{ page: Page; version: string; close: () => Promise<void> }>;
export function removeSite(folder: string): Promise<void>;
