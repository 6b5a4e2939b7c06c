import type { BrowserMachine } from '../../../src/recording/record.js';

/** What a record says of this browser and its machine, of which it tells little. */
export function browserMachine(): BrowserMachine {
  const { userAgent, hardwareConcurrency, platform } = navigator;
  return { formatVersion: 2, browser: userAgent, hardware: { cores: hardwareConcurrency, platform } };
}
